/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-compat.h"
#include "fu-scsi-wb-device.h"
#include "fu-scsi-wb-fact.h"
#include "fu-scsi-wb-identity.h"
#include "fu-scsi-wb-image.h"
#include "fu-scsi-wb-install.h"
#include "fu-scsi-wb-match.h"
#include "fu-scsi-wb-obstacles.h"
#include "fu-scsi-wb-paths.h"
#include "fu-scsi-wb-pending.h"
#include "fu-scsi-wb-progress.h"
#include "fu-scsi-wb-sg.h"
#include "fu-scsi-wb-sysfs.h"
#include "fu-scsi-wb-unlisted.h"
#include "fu-scsi-wb-verify.h"

/**
 * FuScsiWbDevice:
 * @transport: sends the commands
 * @profile: what the quirk rows say
 * @obstacles: what holds it back from the beginning
 * @identity: who the device is: from sysfs at first, then from its INQUIRY data
 * @paths: the ways to it
 * @install: what an installation has reached
 * @member: (nullable): updates it in another thread; not owned
 * @may_be_unlisted: it may be asked what it can do if no quirk row names it
 **/
struct _FuScsiWbDevice {
	FuUdevDevice parent_instance;
	FuScsiWbTransport *transport;
	FuScsiWbProfile profile;
	FuScsiWbObstacles obstacles;
	FuScsiWbIdentity *identity;
	FuScsiWbPaths *paths;
	FuScsiWbInstall install;
	FuScsiWbMember *member;
	gboolean may_be_unlisted;
};

G_DEFINE_TYPE(FuScsiWbDevice, fu_scsi_wb_device, FU_TYPE_UDEV_DEVICE)

static void
fu_scsi_wb_device_to_string(FuDevice *device, guint idt, GString *str)
{
	FuScsiWbDevice *self = FU_SCSI_WB_DEVICE(device);
	fu_scsi_wb_identity_add_string(self->identity, idt, str);
	fu_scsi_wb_profile_add_string(&self->profile, idt, str);
}

static gboolean
fu_scsi_wb_device_set_quirk_kv(FuDevice *device,
			       const gchar *key,
			       const gchar *value,
			       GError **error)
{
	FuScsiWbDevice *self = FU_SCSI_WB_DEVICE(device);
	g_autoptr(GError) error_local = NULL;

	if (fu_scsi_wb_profile_set_kv(&self->profile, key, value, &error_local))
		return TRUE;

	/* keep the first one, for the user to see */
	if (!g_error_matches(error_local, FWUPD_ERROR, FWUPD_ERROR_NOT_SUPPORTED))
		fu_scsi_wb_obstacles_set_quirk(&self->obstacles, error_local->message, device);
	g_propagate_error(error, g_steal_pointer(&error_local));
	return FALSE;
}

static void
fu_scsi_wb_device_take_identity(FuScsiWbDevice *self, FuScsiWbIdentity *identity)
{
	fu_scsi_wb_identity_free(self->identity);
	self->identity = identity;
}

static gboolean
fu_scsi_wb_device_poll(FuDevice *device, GError **error)
{
	FuScsiWbDevice *self = FU_SCSI_WB_DEVICE(device);

	fu_scsi_wb_obstacles_find_usage(&self->obstacles, &self->profile, self->paths, device);
	return TRUE;
}

/**
 * fu_scsi_wb_device_match:
 * @self: a #FuScsiWbDevice
 * @identity: (transfer full): who it is
 * @error: (nullable): optional return location for an error
 *
 * Reads the quirk rows that name the device, and what follows from its type.
 *
 * Returns: %TRUE for success; %FWUPD_ERROR_NOT_SUPPORTED if no row names it
 **/
gboolean
fu_scsi_wb_device_match(FuScsiWbDevice *self, FuScsiWbIdentity *identity, GError **error)
{
	fu_scsi_wb_device_take_identity(self, identity);
	if (!fu_scsi_wb_match_profile(FU_UDEV_DEVICE(self), identity, &self->profile, error))
		return FALSE;
	identity->place = fu_scsi_wb_match_version_place(&self->profile);
	if (!self->profile.named &&
	    !fu_scsi_wb_unlisted_check_allowed(identity, self->may_be_unlisted, error))
		return FALSE;

	/* a row that cannot work must not make the device vanish: the user would look for it */
	fu_device_add_flag(FU_DEVICE(self), FWUPD_DEVICE_FLAG_UPDATABLE);
	fu_scsi_wb_obstacles_set_profile(&self->obstacles, &self->profile, FU_DEVICE(self));
	return TRUE;
}

static gboolean
fu_scsi_wb_device_probe(FuDevice *device, GError **error)
{
	FuScsiWbDevice *self = FU_SCSI_WB_DEVICE(device);
	g_autoptr(FuScsiWbIdentity) identity =
	    fu_scsi_wb_sysfs_read_identity(FU_UDEV_DEVICE(device), error);

	if (identity == NULL)
		return FALSE;

	/* a change event probes again, but does not ask again for the revision */
	fu_scsi_wb_identity_take_level(identity, g_strdup(self->identity->level));
	if (!fu_scsi_wb_sysfs_check_ours(FU_UDEV_DEVICE(device), identity, error))
		return FALSE;
	if (!fu_scsi_wb_match_location(FU_UDEV_DEVICE(device), self->paths, error))
		return FALSE;
	if (!fu_scsi_wb_device_match(self, g_steal_pointer(&identity), error))
		return FALSE;
	return fu_scsi_wb_device_poll(device, error);
}

static void
fu_scsi_wb_device_find_again_cb(gpointer user_data)
{
	FuScsiWbDevice *self = FU_SCSI_WB_DEVICE(user_data);
	fu_scsi_wb_paths_reopen(self->paths, self->identity, FU_UDEV_DEVICE(self));
}

static gboolean
fu_scsi_wb_device_open(FuDevice *device, GError **error)
{
	FuScsiWbDevice *self = FU_SCSI_WB_DEVICE(device);

	/* it may restart just now, and who joins its member sends nothing */
	if (self->member != NULL && !self->install.is_downloaded)
		return TRUE;

	/* its node may be gone, or be another device's by now: who waits for it also finds it */
	if (self->install.is_downloaded && self->identity->wwid != NULL) {
		fu_scsi_wb_device_find_again_cb(self);
		return TRUE;
	}
	(void)fu_scsi_wb_paths_move(self->paths, self->identity, FU_UDEV_DEVICE(self));
	return fu_scsi_wb_obstacles_open(&self->obstacles, FU_UDEV_DEVICE(self), error);
}

/* an INQUIRY: the revision that the kernel remembers may be of an earlier firmware */
static gboolean
fu_scsi_wb_device_ensure_identity(FuScsiWbDevice *self, GError **error)
{
	g_autoptr(FuScsiWbIdentity) identity = NULL;

	if (self->obstacles.texts[FU_SCSI_WB_OBSTACLE_SANDBOX] != NULL) {
		gchar *level = fu_scsi_wb_sysfs_read_text(FU_UDEV_DEVICE(self), "device/rev");
		fu_scsi_wb_identity_take_level(self->identity, level);
		return TRUE;
	}
	identity = fu_scsi_wb_verify_listed(self->transport, self->identity, error);
	if (identity == NULL)
		return FALSE;
	fu_scsi_wb_device_take_identity(self, g_steal_pointer(&identity));
	return TRUE;
}

static gboolean
fu_scsi_wb_device_setup(FuDevice *device, GError **error)
{
	FuScsiWbDevice *self = FU_SCSI_WB_DEVICE(device);

	if (!fu_scsi_wb_device_ensure_identity(self, error))
		return FALSE;
	if (!self->profile.named &&
	    !fu_scsi_wb_unlisted_setup(self->transport, &self->profile, device, error))
		return FALSE;
	if (self->identity->revision == NULL)
		fu_scsi_wb_obstacles_set_one(&self->obstacles,
					     FU_SCSI_WB_OBSTACLE_REVISION,
					     fu_scsi_wb_match_describe_silence(self->identity),
					     device);
	else
		fu_device_set_version(device, self->identity->revision);
	return fu_scsi_wb_match_revision(FU_UDEV_DEVICE(self), self->identity, error);
}

/**
 * fu_scsi_wb_device_get_update:
 * @self: a #FuScsiWbDevice
 *
 * Gets what the steps of an update have in common.
 *
 * Returns: an update, valid as long as the device is and its identity stays the same
 **/
FuScsiWbUpdate
fu_scsi_wb_device_get_update(FuScsiWbDevice *self)
{
	return (FuScsiWbUpdate){
	    .transport = self->transport,
	    .udev_device = FU_UDEV_DEVICE(self),
	    .profile = &self->profile,
	    .identity = self->identity,
	    .paths = self->paths,
	    .obstacles = &self->obstacles,
	    .may_keep_revision = self->install.may_keep_revision,
	};
}

/* an image that cannot be sent is refused before anything happens */
static FuFirmware *
fu_scsi_wb_device_prepare_firmware(FuDevice *device,
				   FuScsiWbStream *stream,
				   FuProgress *progress,
				   FuFirmwareParseFlags flags,
				   GError **error)
{
	FuScsiWbDevice *self = FU_SCSI_WB_DEVICE(device);

	if (!fu_scsi_wb_obstacles_check(&self->obstacles, error))
		return NULL;
	return fu_scsi_wb_image_parse(&self->profile, device, stream, flags, error);
}

static gboolean
fu_scsi_wb_device_write_firmware(FuDevice *device,
				 FuFirmware *firmware,
				 FuProgress *progress,
				 FwupdInstallFlags flags,
				 GError **error)
{
	FuScsiWbDevice *self = FU_SCSI_WB_DEVICE(device);
	FuScsiWbProgress helper = {.progress = progress};
	FuScsiWbUpdate update = fu_scsi_wb_device_get_update(self);
	g_autoptr(GBytes) image = fu_scsi_wb_image_get_bytes(firmware, error);

	self->install.is_proven = FALSE;
	if (image == NULL)
		return FALSE;
	fu_progress_set_id(progress, G_STRLOC);
	fu_progress_set_status(progress, FWUPD_STATUS_DEVICE_WRITE);
	if (self->member != NULL)
		return fu_scsi_wb_member_join(self->member, image, progress, &self->install, error);
	update.firmware = firmware;
	return fu_scsi_wb_install_write(&self->install,
					&update,
					image,
					flags,
					fu_scsi_wb_progress_cb,
					&helper,
					error);
}

static gboolean
fu_scsi_wb_device_attach(FuDevice *device, FuProgress *progress, GError **error)
{
	FuScsiWbDevice *self = FU_SCSI_WB_DEVICE(device);
	FuScsiWbUpdate update = fu_scsi_wb_device_get_update(self);

	if (self->member != NULL)
		return fu_scsi_wb_member_check_back(self->member, error);
	return fu_scsi_wb_install_wait(&self->install, &update, error);
}

static void
fu_scsi_wb_device_take_revision(FuScsiWbDevice *self, gchar *revision)
{
	fu_scsi_wb_identity_take_revision(self->identity, revision);
	fu_device_set_version(FU_DEVICE(self), revision);
	fu_scsi_wb_match_issues(FU_UDEV_DEVICE(self), self->identity);
}

static gboolean
fu_scsi_wb_device_reload(FuDevice *device, GError **error)
{
	FuScsiWbDevice *self = FU_SCSI_WB_DEVICE(device);
	FuScsiWbUpdate update = fu_scsi_wb_device_get_update(self);
	gchar *revision = NULL;

	if (!fu_scsi_wb_install_finish(&self->install, &update, &revision, error))
		return FALSE;
	if (revision != NULL)
		fu_scsi_wb_device_take_revision(self, revision);
	return TRUE;
}

static gboolean
fu_scsi_wb_device_get_results(FuDevice *device, GError **error)
{
	FuScsiWbUpdate update = fu_scsi_wb_device_get_update(FU_SCSI_WB_DEVICE(device));
	return fu_scsi_wb_pending_get_results(&update, error);
}

static void
fu_scsi_wb_device_update_state_cb(FuDevice *device, GParamSpec *pspec, gpointer user_data)
{
	FuScsiWbUpdate update = fu_scsi_wb_device_get_update(FU_SCSI_WB_DEVICE(device));
	fu_scsi_wb_pending_restore(&update);
}

static gboolean
fu_scsi_wb_device_activate(FuDevice *device, FuProgress *progress, GError **error)
{
	FuScsiWbDevice *self = FU_SCSI_WB_DEVICE(device);
	FuScsiWbUpdate update = fu_scsi_wb_device_get_update(self);
	gchar *revision;

	fu_progress_set_id(progress, G_STRLOC);
	fu_progress_set_status(progress, FWUPD_STATUS_DEVICE_RESTART);
	if (!fu_scsi_wb_obstacles_check(&self->obstacles, error))
		return FALSE;
	revision = fu_scsi_wb_update_activate(&update, error);
	if (revision == NULL)
		return FALSE;
	fu_scsi_wb_device_take_revision(self, revision);
	return TRUE;
}

static void
fu_scsi_wb_device_set_progress(FuDevice *device, FuProgress *progress)
{
	fu_progress_set_id(progress, G_STRLOC);
	fu_progress_add_step(progress, FWUPD_STATUS_DECOMPRESSING, 0, "prepare-fw");
	fu_progress_add_step(progress, FWUPD_STATUS_DEVICE_RESTART, 0, "detach");
	fu_progress_add_step(progress, FWUPD_STATUS_DEVICE_WRITE, 80, "write");
	fu_progress_add_step(progress, FWUPD_STATUS_DEVICE_RESTART, 15, "attach");
	fu_progress_add_step(progress, FWUPD_STATUS_DEVICE_BUSY, 5, "reload");
}

/**
 * fu_scsi_wb_device_allow_unlisted:
 * @self: a #FuScsiWbDevice that was not probed yet
 *
 * Lets the device be one that no quirk row names: it is then asked what it can do.
 **/
void
fu_scsi_wb_device_allow_unlisted(FuScsiWbDevice *self)
{
	self->may_be_unlisted = TRUE;
}

/**
 * fu_scsi_wb_device_set_member:
 * @self: a #FuScsiWbDevice that is not open
 * @member: (nullable): what updates it in another thread, and lives until this is called again
 *
 * Lets the steps of an update wait for another thread instead of doing anything themselves.
 **/
void
fu_scsi_wb_device_set_member(FuScsiWbDevice *self, FuScsiWbMember *member)
{
	self->member = member;
}

/**
 * fu_scsi_wb_device_is_busy:
 * @self: a #FuScsiWbDevice
 *
 * Tells whether another thread has to do with the device.
 *
 * Returns: %TRUE if it has, or will have soon
 **/
gboolean
fu_scsi_wb_device_is_busy(FuScsiWbDevice *self)
{
	return self->member != NULL;
}

/**
 * fu_scsi_wb_device_is_proven:
 * @self: a #FuScsiWbDevice
 *
 * Tells whether its last update is seen to have succeeded.
 *
 * Returns: %TRUE if it runs the new firmware, or waits for what brings it into use
 **/
gboolean
fu_scsi_wb_device_is_proven(FuScsiWbDevice *self)
{
	return self->install.is_proven;
}

/**
 * fu_scsi_wb_device_take_transport:
 * @self: a #FuScsiWbDevice
 * @transport: (transfer full): where its commands go from now on
 *
 * Puts the device behind something else than SG_IO.
 **/
void
fu_scsi_wb_device_take_transport(FuScsiWbDevice *self, FuScsiWbTransport *transport)
{
	fu_scsi_wb_transport_free(self->transport);
	self->transport = transport;
	fu_scsi_wb_transport_set_find(transport, fu_scsi_wb_device_find_again_cb, self);
}

/**
 * fu_scsi_wb_device_share:
 * @self: a #FuScsiWbDevice that was updated
 * @other: a #FuScsiWbDevice that may be another logical unit of the same target
 *
 * Lets the other one know of an image that was for all of the target: it is asked what it runs now,
 * and the same image is not sent to it again.
 **/
void
fu_scsi_wb_device_share(FuScsiWbDevice *self, FuScsiWbDevice *other)
{
	g_autoptr(FuDeviceLocker) locker = NULL;
	g_autoptr(FuScsiWbIdentity) found = NULL;

	if (self == other || other->member != NULL ||
	    !fu_scsi_wb_paths_share_target(self->paths, other->paths) ||
	    !fu_scsi_wb_share_give(&self->install.share, &other->install.share))
		return;
	locker = fu_device_locker_new(FU_DEVICE(other), NULL);
	if (locker == NULL)
		return;
	found = fu_scsi_wb_verify_identity(other->transport, other->identity, NULL);
	if (found != NULL && found->revision != NULL)
		fu_scsi_wb_device_take_revision(other, g_steal_pointer(&found->revision));
}

static void
fu_scsi_wb_device_init(FuScsiWbDevice *self)
{
	FuDevice *device = FU_DEVICE(self);

	self->identity = fu_scsi_wb_identity_new();
	self->paths = fu_scsi_wb_paths_new();
	fu_scsi_wb_device_take_transport(self, fu_scsi_wb_transport_new(FU_UDEV_DEVICE(self)));
	fu_scsi_wb_device_init_flags(device, fu_scsi_wb_match_register_flags);
	fu_device_set_version_format(device, FWUPD_VERSION_FORMAT_PLAIN);
	fu_device_add_protocol(device, "org.t10.scsi");
	fu_device_add_flag(device, FWUPD_DEVICE_FLAG_REQUIRE_AC);
	fu_device_add_flag(device, FWUPD_DEVICE_FLAG_CAN_EMULATION_TAG);
	fu_device_add_private_flag(device, FU_DEVICE_PRIVATE_FLAG_MD_SET_SIGNED);
	fu_device_add_private_flag(device, FU_DEVICE_PRIVATE_FLAG_INHERIT_ACTIVATION);
	fu_scsi_wb_sg_init_node(FU_UDEV_DEVICE(self));
	g_signal_connect(device,
			 "notify::update-state",
			 G_CALLBACK(fu_scsi_wb_device_update_state_cb),
			 NULL);
}

static void
fu_scsi_wb_device_finalize(GObject *object)
{
	FuScsiWbDevice *self = FU_SCSI_WB_DEVICE(object);
	fu_scsi_wb_identity_free(self->identity);
	fu_scsi_wb_transport_free(self->transport);
	fu_scsi_wb_paths_free(self->paths);
	fu_scsi_wb_obstacles_clear(&self->obstacles);
	fu_scsi_wb_share_clear(&self->install.share);
	G_OBJECT_CLASS(fu_scsi_wb_device_parent_class)->finalize(object);
}

static void
fu_scsi_wb_device_class_init(FuScsiWbDeviceClass *klass)
{
	GObjectClass *object_class = G_OBJECT_CLASS(klass);
	FuDeviceClass *device_class = FU_DEVICE_CLASS(klass);
	fu_scsi_wb_image_ensure_types();
	fu_scsi_wb_class_init_flags(device_class, fu_scsi_wb_match_register_flags);
	object_class->finalize = fu_scsi_wb_device_finalize;
	device_class->to_string = fu_scsi_wb_device_to_string;
	device_class->set_quirk_kv = fu_scsi_wb_device_set_quirk_kv;
	device_class->probe = fu_scsi_wb_device_probe;
	device_class->open = fu_scsi_wb_device_open;
	device_class->setup = fu_scsi_wb_device_setup;
	device_class->prepare_firmware = fu_scsi_wb_device_prepare_firmware;
	device_class->write_firmware = fu_scsi_wb_device_write_firmware;
	device_class->attach = fu_scsi_wb_device_attach;
	device_class->poll = fu_scsi_wb_device_poll;
	device_class->reload = fu_scsi_wb_device_reload;
	device_class->activate = fu_scsi_wb_device_activate;
	device_class->get_results = fu_scsi_wb_device_get_results;
	device_class->set_progress = fu_scsi_wb_device_set_progress;
}
