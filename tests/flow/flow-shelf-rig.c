/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-shelf-rig.h"
#include "wbt-model.h"

#define FLOW_SHELF_REVISION "0002"
#define FLOW_SHELF_BYTES    200001

/* a machine that is busy with other things may take its time */
#define FLOW_SHELF_MEET_US (30 * G_USEC_PER_SEC)

/**
 * FlowSeat:
 * @shelf: where it stands
 * @bed: whose it is
 * @is_inside: it has had its first segment, and no other command since
 * @has_come: to its first segment, which goes once more if a download begins anew
 * @began: when that was, by the clock of the shelf
 * @ended: when the last one was over
 **/
typedef struct {
	FlowShelf *shelf;
	FlowBed *bed;
	gboolean is_inside;
	gboolean has_come;
	guint began;
	guint ended;
} FlowSeat;

FlowBed *
flow_shelf_get_bed(FlowShelf *self, guint idx)
{
	return g_ptr_array_index(self->beds, idx);
}

static void
flow_shelf_meet(FlowShelf *self)
{
	gint64 end_us = g_get_monotonic_time() + FLOW_SHELF_MEET_US;
	guint wanted = (self->came / self->meet + 1) * self->meet;

	self->came++;
	g_cond_broadcast(&self->cond);
	while (self->came < wanted) {
		if (!g_cond_wait_until(&self->cond, &self->lock, end_us)) {
			self->is_alone = TRUE;
			return;
		}
	}
}

static void
flow_shelf_pass(FlowSeat *seat, const FuScsiWbCommand *command)
{
	FlowShelf *self = seat->shelf;
	gboolean is_segment = command->cdb[0] == 0x3b && (command->cdb[1] & 0x1f) != WBT_MODE_ECHO;
	g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&self->lock);

	if (is_segment == seat->is_inside)
		return;
	seat->is_inside = is_segment;
	self->clock++;
	if (!is_segment) {
		seat->ended = self->clock;
		self->inside--;
		return;
	}
	if (!seat->has_come)
		seat->began = self->clock;
	self->inside++;
	self->inside_max = MAX(self->inside_max, self->inside);
	/* the first device goes alone */
	if (self->meet > 0 && !seat->has_come && seat->bed != flow_shelf_get_bed(self, 0))
		flow_shelf_meet(self);
	seat->has_come = TRUE;
}

static gboolean
flow_shelf_send_cb(gpointer user_data,
		   const FuScsiWbCommand *command,
		   FuScsiWbResult *result,
		   GError **error)
{
	FlowSeat *seat = user_data;

	flow_shelf_pass(seat, command);
	return flow_bed_send_cb(seat->bed, command, result, error);
}

static void
flow_shelf_sleep_cb(gpointer user_data, guint delay_ms)
{
	FlowSeat *seat = user_data;
	flow_bed_sleep_cb(seat->bed, delay_ms);
}

static gint64
flow_shelf_clock_cb(gpointer user_data)
{
	FlowSeat *seat = user_data;
	return flow_bed_clock_cb(seat->bed);
}

static void
flow_shelf_seat(FlowShelf *self, FlowBed *bed)
{
	FlowSeat *seat = g_new0(FlowSeat, 1);
	FuScsiWbTransport *transport =
	    fu_scsi_wb_transport_new_full(flow_shelf_send_cb, flow_shelf_sleep_cb, seat);

	seat->shelf = self;
	seat->bed = bed;
	fu_scsi_wb_transport_set_clock(transport, flow_shelf_clock_cb);
	fu_scsi_wb_device_take_transport(FU_SCSI_WB_DEVICE(bed->device), transport);
	g_ptr_array_add(self->seats, seat);
}

FlowBed *
flow_shelf_add(FlowShelf *self, const gchar *model, const gchar *rows)
{
	FlowBed *bed = flow_bed_new(model, rows);

	flow_shelf_seat(self, bed);
	flow_bed_assert_enumerated(bed);
	flow_bed_mark(bed);
	g_ptr_array_add(self->beds, bed);
	return bed;
}

FlowShelf *
flow_shelf_new(const gchar *model, guint count)
{
	FlowShelf *self = g_new0(FlowShelf, 1);

	g_mutex_init(&self->lock);
	g_cond_init(&self->cond);
	self->beds = g_ptr_array_new_with_free_func((GDestroyNotify)flow_bed_free);
	self->seats = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < count; i++)
		flow_shelf_add(self, model, "[SCSI\\VEN_WBSTD]\nScsiWbMode = auto\n");
	self->image =
	    flow_bed_new_image(flow_shelf_get_bed(self, 0), FLOW_SHELF_REVISION, FLOW_SHELF_BYTES);
	return self;
}

void
flow_shelf_free(FlowShelf *self)
{
	g_ptr_array_unref(self->beds);
	g_ptr_array_unref(self->seats);
	g_bytes_unref(self->image);
	g_mutex_clear(&self->lock);
	g_cond_clear(&self->cond);
	g_free(self);
}

static FuFirmware *
flow_shelf_parse(FlowShelf *self, FuDevice *device, GError **error)
{
	g_autoptr(FuProgress) progress = fu_progress_new(G_STRLOC);
	g_autoptr(FuScsiWbStream) stream = fu_scsi_wb_stream_new(self->image);

	return fu_device_prepare_firmware(device,
					  stream,
					  progress,
					  FU_FIRMWARE_PARSE_FLAG_CACHE_STREAM,
					  error);
}

/* the steps for one device; the device is open in each as it is in the daemon */
static gboolean
flow_shelf_write(FuDevice *device, FuFirmware *firmware, GError **error)
{
	g_autoptr(FuDeviceLocker) locker = fu_device_locker_new(device, error);
	g_autoptr(FuProgress) progress = fu_progress_new(G_STRLOC);

	if (locker == NULL)
		return FALSE;
	return fu_device_write_firmware(device, firmware, progress, FWUPD_INSTALL_FLAG_NONE, error);
}

static gboolean
flow_shelf_attach(FuDevice *device, GError **error)
{
	g_autoptr(FuDeviceLocker) locker = fu_device_locker_new(device, error);
	g_autoptr(FuProgress) progress = fu_progress_new(G_STRLOC);

	if (locker == NULL)
		return FALSE;
	return fu_device_attach_full(device, progress, error);
}

static gboolean
flow_shelf_reload(FuDevice *device, GError **error)
{
	g_autoptr(FuDeviceLocker) locker = fu_device_locker_new(device, error);

	if (locker == NULL)
		return FALSE;
	return fu_device_reload(device, error);
}

static gboolean
flow_shelf_walk(FlowShelf *self, FuScsiWbShelf *shelf, FuDevice *device, GError **error)
{
	g_autoptr(FuFirmware) firmware = flow_shelf_parse(self, device, error);

	if (firmware == NULL)
		return FALSE;
	if (shelf != NULL)
		fu_scsi_wb_shelf_see_firmware(shelf, device, firmware, FWUPD_INSTALL_FLAG_NONE);
	if (!flow_shelf_write(device, firmware, error)) {
		(void)flow_shelf_attach(device, NULL);
		if (shelf != NULL)
			fu_scsi_wb_shelf_walk_on(shelf, device);
		return FALSE;
	}
	if (!flow_shelf_attach(device, error) || !flow_shelf_reload(device, error))
		return FALSE;
	if (shelf != NULL)
		fu_scsi_wb_shelf_walk_on(shelf, device);
	return TRUE;
}

gboolean
flow_shelf_install(FlowShelf *self, guint parallel, GError **error)
{
	g_autofree gboolean *updatable = g_new0(gboolean, self->beds->len);
	g_autoptr(GPtrArray) devices = g_ptr_array_new();
	g_autoptr(FuScsiWbShelf) shelf = NULL;

	for (guint i = 0; i < self->beds->len; i++) {
		FuDevice *device = flow_shelf_get_bed(self, i)->device;
		updatable[i] = fu_device_has_flag(device, FWUPD_DEVICE_FLAG_UPDATABLE);
		g_ptr_array_add(devices, device);
	}
	shelf = fu_scsi_wb_shelf_new(devices, parallel);
	self->walked = 0;
	for (guint i = 0; i < devices->len; i++) {
		FuDevice *device = g_ptr_array_index(devices, i);

		/* fwupd 2.1 does not come to one that is held back */
		g_assert_true(fu_device_has_flag(device, FWUPD_DEVICE_FLAG_UPDATABLE) ==
			      updatable[i]);
		self->walked++;
		if (!flow_shelf_walk(self, shelf, device, error))
			return FALSE;
	}
	return TRUE;
}

void
flow_shelf_assert_true(FlowShelf *self)
{
	for (guint i = 0; i < self->beds->len; i++) {
		FlowBed *bed = flow_shelf_get_bed(self, i);
		const gchar *revision = wbt_target_get_revision(bed->target);

		g_assert_cmpstr(fu_device_get_version(bed->device), ==, revision);
		if (g_strcmp0(revision, FLOW_SHELF_REVISION) == 0)
			flow_bed_assert_updated(bed, self->image, FLOW_SHELF_REVISION);
		else
			flow_bed_assert_untouched(bed);
		g_assert_false(
		    fu_device_has_problem(bed->device, FWUPD_DEVICE_PROBLEM_UPDATE_IN_PROGRESS));
	}
}

guint
flow_shelf_count_updated(FlowShelf *self)
{
	guint count = 0;

	for (guint i = 0; i < self->beds->len; i++) {
		FlowBed *bed = flow_shelf_get_bed(self, i);
		if (g_strcmp0(wbt_target_get_revision(bed->target), FLOW_SHELF_REVISION) == 0)
			count++;
	}
	return count;
}

guint
flow_shelf_count_untouched(FlowShelf *self)
{
	guint count = 0;

	for (guint i = 0; i < self->beds->len; i++) {
		if (flow_bed_count_commands(flow_shelf_get_bed(self, i)) == 0)
			count++;
	}
	return count;
}

gboolean
flow_shelf_went_before(FlowShelf *self, guint idx, guint idx_later)
{
	const FlowSeat *seat = g_ptr_array_index(self->seats, idx);
	const FlowSeat *seat_later = g_ptr_array_index(self->seats, idx_later);

	return seat->ended > 0 && seat->ended < seat_later->began;
}
