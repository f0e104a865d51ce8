/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-crew.h"
#include "fu-scsi-wb-fact.h"
#include "fu-scsi-wb-image.h"
#include "fu-scsi-wb-shelf.h"
#include "fu-scsi-wb-usage.h"

/*
 * What `fwupdmgr local-install` does to all devices that a cabinet matches, or fwupd to those of
 * one composite ID: one transaction, of which fwupd 2.0.20 tells plugins before and after, and
 * which it walks device by device until one fails. The first device of a kind is walked alone. If
 * it is seen to run the new firmware, those of its kind that fwupd has yet to come to are begun by
 * other threads; when fwupd comes to one, it waits for that thread. So each has its own progress,
 * verification, history and error, as if it had been updated just then.
 */

/**
 * FuScsiWbShelfEntry:
 * @device: as it is listed
 * @kind: the same number for devices that get the same firmware
 * @member: (nullable): updates it in another thread
 * @is_walked: fwupd has come to it
 * @acquiesce_ms: how long fwupd waits after it, when nothing is changed about that
 **/
typedef struct {
	FuScsiWbDevice *device;
	guint kind;
	FuScsiWbMember *member;
	gboolean is_walked;
	guint acquiesce_ms;
} FuScsiWbShelfEntry;

struct _FuScsiWbShelf {
	GPtrArray *entries; /* of FuScsiWbShelfEntry, in the order in which fwupd walks them */
	FuScsiWbCrew *crew;
	FuFirmware *firmware;
	FwupdInstallFlags flags;
};

/**
 * fu_scsi_wb_shelf_parse_parallel:
 * @value: (nullable): of `ParallelDevices` in fwupd.conf
 *
 * Reads how many devices may be updated at the same time.
 *
 * Returns: a number, 1 for a value that is none
 **/
guint
fu_scsi_wb_shelf_parse_parallel(const gchar *value)
{
	guint64 parallel = 1;
	g_autoptr(GError) error_local = NULL;

	if (!fu_strtoull(value,
			 &parallel,
			 1,
			 FU_SCSI_WB_SHELF_PARALLEL_MAX,
			 FU_INTEGER_BASE_10,
			 &error_local)) {
		g_warning("ParallelDevices below [scsi_wb] in fwupd.conf is no number from 1 to "
			  "%i, so devices are updated one by one: %s",
			  FU_SCSI_WB_SHELF_PARALLEL_MAX,
			  error_local->message);
		return 1;
	}
	return (guint)parallel;
}

static void
fu_scsi_wb_shelf_entry_free(gpointer data)
{
	FuScsiWbShelfEntry *entry = data;
	g_object_unref(entry->device);
	g_free(entry);
}

static FuScsiWbShelfEntry *
fu_scsi_wb_shelf_find(FuScsiWbShelf *self, FuDevice *device)
{
	for (guint i = 0; i < self->entries->len; i++) {
		FuScsiWbShelfEntry *entry = g_ptr_array_index(self->entries, i);
		if (FU_DEVICE(entry->device) == device)
			return entry;
	}
	return NULL;
}

/* of a device that is updated twice in one transaction nobody knows which image is the first */
static gboolean
fu_scsi_wb_shelf_is_twice(GPtrArray *devices, guint idx)
{
	guint idx_first = 0;

	return g_ptr_array_find(devices, g_ptr_array_index(devices, idx), &idx_first) &&
	       idx_first != idx;
}

/* fwupd chooses the firmware of a device by its IDs */
static gboolean
fu_scsi_wb_shelf_has_same_guids(FuScsiWbDevice *device, FuScsiWbDevice *other)
{
	GPtrArray *guids = fu_device_get_guids(FU_DEVICE(device));

	if (guids->len != fu_device_get_guids(FU_DEVICE(other))->len)
		return FALSE;
	for (guint i = 0; i < guids->len; i++) {
		if (!fu_device_has_guid(FU_DEVICE(other), g_ptr_array_index(guids, i)))
			return FALSE;
	}
	return TRUE;
}

static gboolean
fu_scsi_wb_shelf_is_alike(FuScsiWbDevice *device, FuScsiWbDevice *other)
{
	FuScsiWbUpdate update = fu_scsi_wb_device_get_update(device);
	FuScsiWbUpdate update_other = fu_scsi_wb_device_get_update(other);

	return update.identity->type == update_other.identity->type &&
	       g_strcmp0(update.identity->vendor, update_other.identity->vendor) == 0 &&
	       g_strcmp0(update.identity->product, update_other.identity->product) == 0 &&
	       g_strcmp0(update.identity->revision, update_other.identity->revision) == 0 &&
	       memcmp(update.profile, update_other.profile, sizeof(*update.profile)) == 0 &&
	       fu_device_get_firmware_gtype(FU_DEVICE(device)) ==
		   fu_device_get_firmware_gtype(FU_DEVICE(other)) &&
	       fu_scsi_wb_shelf_has_same_guids(device, other);
}

/* before anything is updated: a device changes with its firmware */
static void
fu_scsi_wb_shelf_add_device(FuScsiWbShelf *self, FuScsiWbDevice *device)
{
	FuScsiWbShelfEntry *entry = g_new0(FuScsiWbShelfEntry, 1);

	entry->device = g_object_ref(device);
	entry->acquiesce_ms = fu_device_get_acquiesce_delay(FU_DEVICE(device));
	entry->kind = self->entries->len;
	for (guint i = 0; i < self->entries->len; i++) {
		FuScsiWbShelfEntry *entry_tmp = g_ptr_array_index(self->entries, i);
		if (fu_scsi_wb_shelf_is_alike(entry_tmp->device, device)) {
			entry->kind = entry_tmp->kind;
			break;
		}
	}
	g_ptr_array_add(self->entries, entry);
}

/**
 * fu_scsi_wb_shelf_new:
 * @devices: (element-type FuDevice): what fwupd is about to update, in its order, of any plugin
 * @parallel: how many may be updated at the same time
 *
 * Begins a transaction.
 *
 * Returns: (transfer full) (nullable): a shelf, %NULL if the devices have to go one by one
 **/
FuScsiWbShelf *
fu_scsi_wb_shelf_new(GPtrArray *devices, guint parallel)
{
	g_autoptr(FuScsiWbShelf) self = g_new0(FuScsiWbShelf, 1);

	self->crew = fu_scsi_wb_crew_new(parallel);
	self->entries = g_ptr_array_new_with_free_func(fu_scsi_wb_shelf_entry_free);
	for (guint i = 0; i < devices->len && parallel > 1; i++) {
		FuDevice *device = g_ptr_array_index(devices, i);

		if (!FU_IS_SCSI_WB_DEVICE(device))
			continue;
		/* what is recorded is recorded in the order in which it is played, fwupd's */
		if (fu_scsi_wb_fact_is_recorded(FU_UDEV_DEVICE(device)) ||
		    fu_scsi_wb_shelf_is_twice(devices, i))
			return NULL;
		fu_scsi_wb_shelf_add_device(self, FU_SCSI_WB_DEVICE(device));
	}
	return self->entries->len > 1 ? g_steal_pointer(&self) : NULL;
}

/**
 * fu_scsi_wb_shelf_see_firmware:
 * @self: a #FuScsiWbShelf
 * @device: what fwupd is about to write to, of any plugin
 * @firmware: what it is about to write
 * @flags: what the user allows
 *
 * Remembers what the device that fwupd has come to is updated with.
 **/
void
fu_scsi_wb_shelf_see_firmware(FuScsiWbShelf *self,
			      FuDevice *device,
			      FuFirmware *firmware,
			      FwupdInstallFlags flags)
{
	if (fu_scsi_wb_shelf_find(self, device) == NULL)
		return;
	g_set_object(&self->firmware, firmware);
	self->flags = flags;
}

static gboolean
fu_scsi_wb_shelf_is_held_back(FuScsiWbShelf *self, FuScsiWbDevice *device)
{
	FuScsiWbUpdate update = fu_scsi_wb_device_get_update(device);
	return !fu_scsi_wb_obstacles_check(update.obstacles, NULL);
}

static gboolean
fu_scsi_wb_shelf_is_pending(FuScsiWbShelf *self, FuScsiWbDevice *device)
{
	return fu_device_has_flag(FU_DEVICE(device), FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION) ||
	       fu_device_has_flag(FU_DEVICE(device), FWUPD_DEVICE_FLAG_NEEDS_REBOOT) ||
	       fu_device_has_flag(FU_DEVICE(device), FWUPD_DEVICE_FLAG_NEEDS_SHUTDOWN);
}

/* also a disk that may be updated in use, so that there are never two of one md, dm or ZFS group */
static gboolean
fu_scsi_wb_shelf_is_used(FuScsiWbShelf *self, FuScsiWbDevice *device)
{
	FuScsiWbUpdate update = fu_scsi_wb_device_get_update(device);
	g_autoptr(GPtrArray) units = fu_scsi_wb_paths_get_units(update.paths, TRUE);
	g_autofree gchar *usage = fu_scsi_wb_usage_describe(units);
	return usage != NULL;
}

/* a reset of a target is one of all its logical units, and they may have their firmware in common
 */
static gboolean
fu_scsi_wb_shelf_shares_target(FuScsiWbShelf *self, FuScsiWbDevice *device)
{
	FuScsiWbUpdate update = fu_scsi_wb_device_get_update(device);

	for (guint i = 0; i < self->entries->len; i++) {
		FuScsiWbShelfEntry *entry = g_ptr_array_index(self->entries, i);
		FuScsiWbUpdate update_tmp = fu_scsi_wb_device_get_update(entry->device);
		if (entry->device != device &&
		    fu_scsi_wb_paths_share_target(update.paths, update_tmp.paths))
			return TRUE;
	}
	return FALSE;
}

static const struct {
	gboolean (*has)(FuScsiWbShelf *self, FuScsiWbDevice *device);
	const gchar *words;
} reasons[] = {
    {fu_scsi_wb_shelf_is_held_back, "it is held back"},
    {fu_scsi_wb_shelf_is_pending, "it waits for what brings other firmware into use"},
    {fu_scsi_wb_shelf_shares_target, "another logical unit of its target is updated, too"},
    {fu_scsi_wb_shelf_is_used, "it is in use"},
};

/* why a device has to wait until fwupd comes to it */
static const gchar *
fu_scsi_wb_shelf_find_reason(FuScsiWbShelf *self, FuScsiWbDevice *device)
{
	for (guint i = 0; i < G_N_ELEMENTS(reasons); i++) {
		if (reasons[i].has(self, device))
			return reasons[i].words;
	}
	return NULL;
}

/* only after the last one does fwupd have to wait until the machine has calmed down. That an update
 * is in progress must not be said of it, for fwupd 2.1 then does not come to it any more */
static void
fu_scsi_wb_shelf_mark(FuScsiWbShelfEntry *entry, FuScsiWbMember *member)
{
	entry->member = member;
	fu_scsi_wb_device_set_member(entry->device, member);
	if (member != NULL)
		fu_device_set_acquiesce_delay(FU_DEVICE(entry->device), 0);
}

static void
fu_scsi_wb_shelf_drop_member(FuScsiWbShelfEntry *entry)
{
	FuScsiWbMember *member = entry->member;

	if (member == NULL)
		return;
	fu_scsi_wb_shelf_mark(entry, NULL);
	fu_scsi_wb_member_free(member);
}

/* those of a kind that fwupd has yet to come to, and that need not wait for that */
static GPtrArray *
fu_scsi_wb_shelf_find_followers(FuScsiWbShelf *self, guint kind)
{
	GPtrArray *followers = g_ptr_array_new();

	for (guint i = 0; i < self->entries->len; i++) {
		FuScsiWbShelfEntry *entry = g_ptr_array_index(self->entries, i);
		const gchar *reason;

		if (entry->kind != kind || entry->is_walked || entry->member != NULL)
			continue;
		reason = fu_scsi_wb_shelf_find_reason(self, entry->device);
		if (reason == NULL) {
			g_ptr_array_add(followers, entry);
			continue;
		}
		g_info("%s is not updated together with others: %s",
		       fu_device_get_id(FU_DEVICE(entry->device)),
		       reason);
	}
	return followers;
}

static gboolean
fu_scsi_wb_shelf_start(FuScsiWbShelf *self,
		       GPtrArray *followers,
		       const FuScsiWbOrder *order,
		       GError **error)
{
	FuScsiWbShelfEntry *last = NULL;
	g_autoptr(GPtrArray) members = g_ptr_array_new();

	for (guint i = 0; i < followers->len; i++) {
		FuScsiWbUpdate update;

		last = g_ptr_array_index(followers, i);
		update = fu_scsi_wb_device_get_update(last->device);
		fu_scsi_wb_shelf_mark(last, fu_scsi_wb_member_new(&update, order));
		g_ptr_array_add(members, last->member);
	}
	if (last != NULL)
		fu_device_set_acquiesce_delay(FU_DEVICE(last->device), last->acquiesce_ms);
	if (fu_scsi_wb_crew_start(self->crew, members, error))
		return TRUE;
	for (guint i = 0; i < followers->len; i++)
		fu_scsi_wb_shelf_drop_member(g_ptr_array_index(followers, i));
	return FALSE;
}

/* a device that has taken an image well stands for all of its kind */
static gboolean
fu_scsi_wb_shelf_follow(FuScsiWbShelf *self, const FuScsiWbShelfEntry *canary, GError **error)
{
	FuScsiWbOrder order = {.firmware = self->firmware, .flags = self->flags};
	g_autoptr(GBytes) image = NULL;
	g_autoptr(GPtrArray) followers = fu_scsi_wb_shelf_find_followers(self, canary->kind);

	if (followers->len == 0)
		return TRUE;
	image = fu_scsi_wb_image_get_bytes(self->firmware, error);
	if (image == NULL)
		return FALSE;
	order.image = image;
	return fu_scsi_wb_shelf_start(self, followers, &order, error);
}

/**
 * fu_scsi_wb_shelf_walk_on:
 * @self: a #FuScsiWbShelf
 * @device: what fwupd has come to and is done with, well or not, of any plugin
 *
 * Begins with the devices of the same kind if all is well, and with none any more if it is not.
 **/
void
fu_scsi_wb_shelf_walk_on(FuScsiWbShelf *self, FuDevice *device)
{
	FuScsiWbShelfEntry *entry = fu_scsi_wb_shelf_find(self, device);
	g_autoptr(GError) error_local = NULL;

	if (entry == NULL)
		return;
	entry->is_walked = TRUE;
	fu_scsi_wb_shelf_drop_member(entry);
	if (!fu_scsi_wb_device_is_proven(entry->device) || self->firmware == NULL) {
		fu_scsi_wb_crew_stop(self->crew);
		return;
	}
	if (!fu_scsi_wb_shelf_follow(self, entry, &error_local))
		g_warning("devices are updated one by one: %s", error_local->message);
}

/* the steps that fwupd would have gone */
static gboolean
fu_scsi_wb_shelf_finish(const FuScsiWbShelfEntry *entry, GError **error)
{
	FuDevice *device = FU_DEVICE(entry->device);
	const FuScsiWbOrder *order = fu_scsi_wb_member_get_order(entry->member);
	g_autoptr(FuDeviceLocker) locker = NULL;
	g_autoptr(FuProgress) progress = fu_progress_new(G_STRLOC);

	if (!fu_device_write_firmware(device, order->firmware, progress, order->flags, error))
		return FALSE;
	locker = fu_device_locker_new(device, error);
	if (locker == NULL)
		return FALSE;
	if (!fu_device_attach_full(device, progress, error))
		return FALSE;
	return fu_device_reload(device, error);
}

/* as fwupd 2.0.20 has it, src/fu-engine.c: fu_engine_install_release() */
static FwupdUpdateState
fu_scsi_wb_shelf_get_state(FuDevice *device) /* nocheck:name */
{
	if (fu_device_has_flag(device, FWUPD_DEVICE_FLAG_NEEDS_REBOOT) ||
	    fu_device_has_flag(device, FWUPD_DEVICE_FLAG_NEEDS_SHUTDOWN))
		return FWUPD_UPDATE_STATE_NEEDS_REBOOT;
	return FWUPD_UPDATE_STATE_SUCCESS;
}

/* fwupd has stopped before it came to the device, whose update was running by then: it has no row
 * in the history, but what it runs, and what has gone wrong with it, is seen in the list */
static void
fu_scsi_wb_shelf_conclude(FuScsiWbShelfEntry *entry)
{
	FuDevice *device = FU_DEVICE(entry->device);
	g_autoptr(GError) error_local = NULL;

	if (fu_scsi_wb_member_was_skipped(entry->member)) {
		g_info("%s was not started", fu_device_get_id(device));
		return;
	}
	if (fu_scsi_wb_shelf_finish(entry, &error_local)) {
		g_info("%s was updated, too", fu_device_get_id(device));
		fu_device_set_update_state(device, fu_scsi_wb_shelf_get_state(device));
		return;
	}
	g_message("%s has failed, too: %s", fu_device_get_id(device), error_local->message);
	fu_device_set_update_state(device, FWUPD_UPDATE_STATE_FAILED);
	fu_device_set_update_error(device, error_local->message);
}

/**
 * fu_scsi_wb_shelf_free:
 * @self: a #FuScsiWbShelf
 *
 * Ends a transaction: what is running is waited for, what is not does not begin.
 **/
void
fu_scsi_wb_shelf_free(FuScsiWbShelf *self)
{
	fu_scsi_wb_crew_stop(self->crew);
	fu_scsi_wb_crew_free(self->crew);
	for (guint i = 0; i < self->entries->len; i++) {
		FuScsiWbShelfEntry *entry = g_ptr_array_index(self->entries, i);
		if (entry->member != NULL)
			fu_scsi_wb_shelf_conclude(entry);
		fu_scsi_wb_shelf_drop_member(entry);
		fu_device_set_acquiesce_delay(FU_DEVICE(entry->device), entry->acquiesce_ms);
	}
	g_ptr_array_unref(self->entries);
	g_clear_object(&self->firmware);
	g_free(self);
}
