/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-fact.h"
#include "fu-scsi-wb-kind.h"
#include "fu-scsi-wb-match.h"
#include "fu-scsi-wb-sysfs.h"

/**
 * fu_scsi_wb_match_location:
 * @udev_device: a SCSI generic node
 * @paths: the ways to it, which begin with this node, unless it is a recording
 * @error: (nullable): optional return location for an error
 *
 * Sets physical and logical ID. The builtin scsi plugin takes the target, too, so that a disk that
 * both of us see is one entry. They stay when another path takes over, so that what fwupd knows of
 * the entry is not lost.
 *
 * Returns: %TRUE for success, else %FWUPD_ERROR_NOT_SUPPORTED
 **/
gboolean
fu_scsi_wb_match_location(FuUdevDevice *udev_device, FuScsiWbPaths *paths, GError **error)
{
	guint64 lun = 0;
	g_autofree gchar *physical_id = NULL;
	g_autofree gchar *target_path = NULL;

	if (paths->nodes->len > 0)
		return TRUE;
	if (!fu_scsi_wb_sysfs_read_location(udev_device, &target_path, &lun, error))
		return FALSE;
	physical_id = g_strdup_printf("DEVPATH=%s", target_path);
	fu_device_set_physical_id(FU_DEVICE(udev_device), physical_id);
	if (lun != 0) {
		g_autofree gchar *logical_id = g_strdup_printf("LUN=%" G_GUINT64_FORMAT, lun);
		fu_device_set_logical_id(FU_DEVICE(udev_device), logical_id);
	}
	if (!fu_scsi_wb_fact_is_replayed(udev_device))
		fu_scsi_wb_paths_start(paths, fu_udev_device_get_sysfs_path(udev_device));
	return TRUE;
}

/* of two rows that name a firmware type fwupd keeps the first, which is that of the more general
 * one
 */
static gboolean
fu_scsi_wb_match_add_id(FuUdevDevice *udev_device,
			const gchar *key,
			FuDeviceInstanceFlags flags,
			GError **error)
{
	FuDevice *device = FU_DEVICE(udev_device);
	GType firmware_gtype = fu_device_get_firmware_gtype(device);

	fu_device_set_firmware_gtype(device, G_TYPE_INVALID);
	if (!fu_device_build_instance_id_full(device, flags, error, "SCSI", "VEN", key, NULL))
		return FALSE;
	if (fu_device_get_firmware_gtype(device) == G_TYPE_INVALID)
		fu_device_set_firmware_gtype(device, firmware_gtype);
	return TRUE;
}

/**
 * fu_scsi_wb_match_quirks:
 * @udev_device: a SCSI generic node
 * @identity: who it is
 * @error: (nullable): optional return location for an error
 *
 * Adds the instance IDs by which quirk rows name a device, the most general first so that the
 * others can correct it. The rows are read in here.
 *
 * Returns: %TRUE for success; %FWUPD_ERROR_NOT_SUPPORTED if it has no name that fwupd could use
 **/
gboolean
fu_scsi_wb_match_quirks(FuUdevDevice *udev_device, const FuScsiWbIdentity *identity, GError **error)
{
	FuDevice *device = FU_DEVICE(udev_device);
	const struct {
		const gchar *key;
		FuDeviceInstanceFlags flags;
	} ids[] = {
	    {"TYPE", FU_DEVICE_INSTANCE_FLAG_QUIRKS},
	    {NULL, FU_DEVICE_INSTANCE_FLAG_QUIRKS},
	    {"DEV", FU_DEVICE_INSTANCE_FLAG_QUIRKS | FU_DEVICE_INSTANCE_FLAG_VISIBLE},
	};
	g_autofree gchar *type = g_strdup_printf("%02x", (guint)identity->type);

	fu_device_add_instance_strsafe(device, "VEN", identity->vendor);
	fu_device_add_instance_strsafe(device, "DEV", identity->product);
	fu_device_add_instance_str(device, "TYPE", type);
	if (fu_device_get_instance_str(device, "VEN") == NULL ||
	    fu_device_get_instance_str(device, "DEV") == NULL) {
		g_set_error_literal(error,
				    FWUPD_ERROR,
				    FWUPD_ERROR_NOT_SUPPORTED,
				    "vendor or product has nothing that an ID could be made of");
		return FALSE;
	}
	for (guint i = 0; i < G_N_ELEMENTS(ids); i++) {
		if (!fu_scsi_wb_match_add_id(udev_device, ids[i].key, ids[i].flags, error))
			return FALSE;
	}
	return TRUE;
}

/**
 * fu_scsi_wb_match_version_place:
 * @profile: what the quirk rows say
 *
 * Gets where the device says which firmware it runs.
 *
 * Returns: a place; by default that of PRODUCT REVISION LEVEL
 **/
FuScsiWbVersionPlace
fu_scsi_wb_match_version_place(const FuScsiWbProfile *profile)
{
	return (FuScsiWbVersionPlace){
	    .page_code = profile->version_page,
	    .offset = profile->version_offset,
	    .bytes = profile->version_bytes,
	};
}

/**
 * fu_scsi_wb_match_describe_silence:
 * @identity: who it is, without a revision
 *
 * Says what is wrong with a device that does not say which firmware it runs.
 *
 * Returns: text for people
 **/
const gchar *
fu_scsi_wb_match_describe_silence(const FuScsiWbIdentity *identity)
{
	if (identity->place.bytes == 0)
		return "the device does not say which firmware it runs";
	return "the device does not say which firmware it runs where its quirk row looks for it: "
	       "correct ScsiWbVersionPage, ScsiWbVersionOffset and ScsiWbVersionSize";
}

/**
 * fu_scsi_wb_match_revision:
 * @udev_device: a SCSI generic node whose quirk rows have been read
 * @identity: who it is
 * @error: (nullable): optional return location for an error
 *
 * Adds the instance ID of the firmware that the device runs, and what is known to be wrong with
 * that. A device that does not say its revision gets neither, nor does one of whose revision fwupd
 * leaves nothing, e.g. `----`.
 *
 * Returns: %TRUE for success
 **/
gboolean
fu_scsi_wb_match_revision(FuUdevDevice *udev_device,
			  const FuScsiWbIdentity *identity,
			  GError **error)
{
	FuDevice *device = FU_DEVICE(udev_device);

	fu_scsi_wb_match_issues(udev_device, identity);
	if (identity->level == NULL)
		return TRUE;
	fu_device_add_instance_strsafe(device, "REV", identity->level);
	if (fu_device_get_instance_str(device, "REV") == NULL)
		return TRUE;
	return fu_device_build_instance_id(device, error, "SCSI", "VEN", "DEV", "REV", NULL);
}

/**
 * fu_scsi_wb_match_issues:
 * @udev_device: a SCSI generic node whose quirk rows have been read
 * @identity: who it is, with the revision that it runs now
 *
 * Lists the published defects of the firmware that the device runs, in place of those of an
 * earlier one. `Issue` is the only key that a row for a revision may have: another would no longer
 * hold after an update.
 **/
void
fu_scsi_wb_match_issues(FuUdevDevice *udev_device, const FuScsiWbIdentity *identity)
{
	FuDevice *device = FU_DEVICE(udev_device);
	const gchar *value;
	g_autofree gchar *guid = NULL;
	g_autofree gchar *id = NULL;
	g_auto(GStrv) issues = NULL;
	g_autoptr(FuDevice) device_safe = fu_device_new(NULL);

	g_ptr_array_set_size(fu_device_get_issues(device), 0);
	if (identity->level == NULL)
		return;
	fu_device_add_instance_strsafe(device_safe, "REV", identity->level);
	if (fu_device_get_instance_str(device_safe, "REV") == NULL)
		return;
	id = g_strdup_printf("SCSI\\VEN_%s&DEV_%s&REV_%s",
			     fu_device_get_instance_str(device, "VEN"),
			     fu_device_get_instance_str(device, "DEV"),
			     fu_device_get_instance_str(device_safe, "REV"));
	guid = fwupd_guid_hash_string(id);
	value = fu_context_lookup_quirk_by_id(fu_device_get_context(device), guid, FU_QUIRKS_ISSUE);
	if (value == NULL)
		return;
	issues = g_strsplit(value, ",", -1);
	for (guint i = 0; issues[i] != NULL; i++)
		fu_device_add_issue(device, issues[i]);
}

/**
 * fu_scsi_wb_match_list_ids:
 * @identity: who it is
 *
 * Lists the instance IDs by which quirk rows name a device, as fu_scsi_wb_match_quirks() has them.
 *
 * Returns: (transfer full) (array zero-terminated=1): instance IDs, the most general first; none if
 * nothing is left of its vendor
 **/
gchar **
fu_scsi_wb_match_list_ids(const FuScsiWbIdentity *identity)
{
	g_autoptr(FuDevice) device = fu_device_new(NULL);
	g_autoptr(GPtrArray) ids = g_ptr_array_new();
	const gchar *product;
	const gchar *vendor;

	/* fwupd makes the strings safe, and of some it leaves nothing */
	fu_device_add_instance_strsafe(device, "VEN", identity->vendor);
	fu_device_add_instance_strsafe(device, "DEV", identity->product);
	product = fu_device_get_instance_str(device, "DEV");
	vendor = fu_device_get_instance_str(device, "VEN");
	if (vendor != NULL) {
		g_ptr_array_add(
		    ids,
		    g_strdup_printf("SCSI\\VEN_%s&TYPE_%02x", vendor, (guint)identity->type));
		g_ptr_array_add(ids, g_strdup_printf("SCSI\\VEN_%s", vendor));
	}
	if (vendor != NULL && product != NULL)
		g_ptr_array_add(ids, g_strdup_printf("SCSI\\VEN_%s&DEV_%s", vendor, product));
	g_ptr_array_add(ids, NULL);
	return (gchar **)g_ptr_array_free(g_steal_pointer(&ids), FALSE);
}

/**
 * fu_scsi_wb_match_register_flags:
 * @owner: a SCSI generic node, or its class; whichever of the two this fwupd wants to be told of
 *
 * Tells fwupd which flags a quirk row may carry beside fwupd's own.
 **/
void
fu_scsi_wb_match_register_flags(FuScsiWbFlagOwner *owner)
{
	const gchar *name;
	for (guint i = 0; (name = fu_scsi_wb_profile_get_flag(i, NULL)) != NULL; i++)
		fu_device_register_private_flag(owner, name);
}

/**
 * fu_scsi_wb_match_flags:
 * @udev_device: a SCSI generic node whose quirk rows have been read
 *
 * Collects those flags.
 *
 * Returns: any #FuScsiWbFlags
 **/
FuScsiWbFlags
fu_scsi_wb_match_flags(FuUdevDevice *udev_device)
{
	FuScsiWbFlags flag = FU_SCSI_WB_FLAG_NONE;
	FuScsiWbFlags flags = FU_SCSI_WB_FLAG_NONE;
	const gchar *name;

	for (guint i = 0; (name = fu_scsi_wb_profile_get_flag(i, &flag)) != NULL; i++) {
		if (fu_device_has_private_flag(FU_DEVICE(udev_device), name))
			flags |= flag;
	}
	return flags;
}

/**
 * fu_scsi_wb_match_profile:
 * @udev_device: a SCSI generic node
 * @identity: who it is
 * @profile: what its vfunc for quirk keys fills
 * @error: (nullable): optional return location for an error
 *
 * Reads the quirk rows that name the device, with their flags, and adds what follows from its type.
 * That there may be none is the caller's to judge.
 *
 * Returns: %TRUE for success
 **/
gboolean
fu_scsi_wb_match_profile(FuUdevDevice *udev_device,
			 const FuScsiWbIdentity *identity,
			 FuScsiWbProfile *profile,
			 GError **error)
{
	const FuScsiWbKind *kind = fu_scsi_wb_kind_find(identity->type);

	if (!fu_scsi_wb_match_quirks(udev_device, identity, error))
		return FALSE;
	profile->flags = fu_scsi_wb_match_flags(udev_device);
	if (profile->readiness == FU_SCSI_WB_READINESS_UNKNOWN)
		profile->readiness = kind->readiness;
	fu_scsi_wb_kind_describe(kind, FU_DEVICE(udev_device), identity);
	return TRUE;
}
