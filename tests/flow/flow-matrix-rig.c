/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <errno.h>

#include "flow-matrix.h"
#include "fu-device-private.h"
#include "fu-scsi-wb-compat.h"
#include "fu-scsi-wb-struct.h"
#include "wbt-model.h"

#define FLOW_MATRIX_SERIAL_OTHER "SOMEBODY-ELSE"
#define FLOW_MATRIX_UNIT_OTHER	 "host1/target1:0:0/1:0:0:0"

#define FLOW_MATRIX_READY_TRIES	  64
#define FLOW_MATRIX_READY_STEP_MS 1000

/* an error that says where the node is has to name it */
static void
flow_matrix_answer(FuScsiWbResult *result, const FuScsiWbResult *answer)
{
	guint timeout_ms = result->timeout_ms;

	*result = *answer;
	result->node = "/dev/sg0";
	result->timeout_ms = timeout_ms;
}

static void
flow_matrix_put_sense(const FlowMatrixFault *fault, FuScsiWbResult *answer)
{
	answer->status = WBT_STATUS_CHECK_CONDITION;
	answer->driver_status = 0x08;
	if (fault->kind == FLOW_MATRIX_RAW_SENSE) {
		memcpy(answer->sense, fault->raw, fault->raw_bytes);
		answer->sense_bytes = fault->raw_bytes;
		return;
	}
	answer->sense_bytes = fault->is_descriptor ? 8 : 18;
	answer->sense[0] = fault->is_descriptor ? 0x72 : 0x70;
	answer->sense[fault->is_descriptor ? 1 : 2] = fault->key;
	answer->sense[fault->is_descriptor ? 2 : 12] = fault->asc;
	answer->sense[fault->is_descriptor ? 3 : 13] = fault->ascq;
	if (!fault->is_descriptor)
		answer->sense[7] = 0x0a;
}

static void
flow_matrix_rig_change_answer(FlowMatrixRig *self,
			      const FuScsiWbCommand *command,
			      FuScsiWbResult *result)
{
	const FlowMatrixFault *fault = self->fault;
	gint resid_bytes = fault->value;

	if (fault->kind == FLOW_MATRIX_RESIDUAL && result->status == WBT_STATUS_GOOD) {
		if (resid_bytes < 0)
			resid_bytes = command->buf_bytes / (guint)-resid_bytes;
		result->resid_bytes = command->buf_bytes > 0 ? resid_bytes : 0;
	}
	if (fault->kind == FLOW_MATRIX_FILL &&
	    command->direction == FU_SCSI_WB_DIRECTION_FROM_DEVICE)
		memset(command->buf, fault->value, command->buf_bytes);
}

/* what the host sees instead of an answer; FALSE if it sees the answer */
static gboolean
flow_matrix_rig_hide_answer(FlowMatrixRig *self,
			    const FuScsiWbCommand *command,
			    FuScsiWbResult *answer)
{
	const FlowMatrixFault *fault = self->fault;

	switch (fault->kind) {
	case FLOW_MATRIX_SENSE:
	case FLOW_MATRIX_RAW_SENSE:
		flow_matrix_put_sense(fault, answer);
		return TRUE;
	case FLOW_MATRIX_STATUS:
		answer->status = fault->value;
		return TRUE;
	case FLOW_MATRIX_DRIVER:
		answer->driver_status = fault->value;
		return TRUE;
	case FLOW_MATRIX_ERRNO:
		answer->sys_errno = fault->value;
		return TRUE;
	case FLOW_MATRIX_HOST:
		answer->host_status = fault->value;
		return TRUE;
	case FLOW_MATRIX_HANG:
		self->now_ms += command->timeout_ms;
		wbt_target_pass_time(self->bed->target, command->timeout_ms);
		answer->host_status = FU_SCSI_WB_HOST_STATUS_TIME_OUT;
		return TRUE;
	case FLOW_MATRIX_VANISH:
	case FLOW_MATRIX_MOVE:
	case FLOW_MATRIX_SWAP:
		self->is_cut = TRUE;
		answer->host_status = FU_SCSI_WB_HOST_STATUS_NO_CONNECT;
		return TRUE;
	case FLOW_MATRIX_POWER_LOSS:
		wbt_target_power_cycle(self->bed->target);
		answer->host_status = FU_SCSI_WB_HOST_STATUS_NO_CONNECT;
		return TRUE;
	case FLOW_MATRIX_RESET:
		wbt_target_hard_reset(self->bed->target);
		answer->host_status = FU_SCSI_WB_HOST_STATUS_RESET;
		return TRUE;
	default:
		return FALSE;
	}
}

/* nothing fails, and only the unit attention of its power on tells of the other device */
static void
flow_matrix_rig_swap(FlowMatrixRig *self)
{
	self->original = self->bed->target;
	self->bed->target = g_steal_pointer(&self->other);
}

static gboolean
flow_matrix_rig_strike(FlowMatrixRig *self,
		       const FuScsiWbCommand *command,
		       FuScsiWbResult *result,
		       GError **error)
{
	FuScsiWbResult answer = {0};

	if (self->fault->kind == FLOW_MATRIX_STUCK)
		flow_bed_set_faults(self->bed, "command 1 stuck-revision");
	if (self->fault->is_executed && !flow_bed_send_cb(self->bed, command, result, error))
		return FALSE;
	if (flow_matrix_rig_hide_answer(self, command, &answer))
		flow_matrix_answer(result, &answer);
	else
		flow_matrix_rig_change_answer(self, command, result);
	if (self->fault->kind == FLOW_MATRIX_SILENT_SWAP)
		flow_matrix_rig_swap(self);
	return TRUE;
}

/* SPC-5 (INCITS 502), WRITE BUFFER command: the MODEs that download or activate microcode */
gboolean
flow_matrix_is_microcode(const guint8 *cdb)
{
	guint8 mode = cdb[1] & 0x1f;

	return cdb[0] == 0x3b && ((mode >= 0x04 && mode <= 0x07) || (mode >= 0x0d && mode <= 0x0f));
}

/* all of it was taken: GOOD, or sense data that say no more than that it went well */
static gboolean
flow_matrix_is_accepted(const FuScsiWbResult *result)
{
	gboolean is_descriptor = result->sense[0] == 0x72;
	guint8 key = result->sense[is_descriptor ? 1 : 2] & 0x0f;
	guint8 asc = result->sense[is_descriptor ? 2 : 12];

	if (result->sys_errno != 0 || result->host_status != 0 || result->resid_bytes != 0 ||
	    (result->driver_status & ~0x08) != 0)
		return FALSE;
	if (result->status != WBT_STATUS_CHECK_CONDITION)
		return result->status == WBT_STATUS_GOOD;
	return (is_descriptor || result->sense[0] == 0x70) && result->sense_bytes >= 8 &&
	       key <= FU_SCSI_WB_SENSE_KEY_RECOVERED_ERROR && asc != 0x0b;
}

static gboolean
flow_matrix_rig_is_at(const FlowMatrixRig *self, const FuScsiWbCommand *command, gsize offset)
{
	gsize image_bytes = 0;
	const guint8 *image = g_bytes_get_data(self->image, &image_bytes);

	if (command->buf_bytes == 0)
		return offset == image_bytes;
	return command->buf_bytes <= image_bytes - offset &&
	       memcmp(image + offset, command->buf, command->buf_bytes) == 0;
}

/* by their data, as a device without offsets knows them: the segment that is next, or the first one
 * again; what has no data commits or activates, and all has to be there */
static void
flow_matrix_rig_follow(FlowMatrixRig *self,
		       const FuScsiWbCommand *command,
		       const FuScsiWbResult *result)
{
	if (!flow_matrix_is_microcode(command->cdb))
		return;
	if (!flow_matrix_rig_is_at(self, command, self->sent_bytes)) {
		if (!flow_matrix_rig_is_at(self, command, 0))
			self->gaps++;
		self->sent_bytes = 0;
	}
	if (flow_matrix_is_accepted(result))
		self->sent_bytes += command->buf_bytes;
}

static gboolean
flow_matrix_rig_send(FlowMatrixRig *self,
		     const FuScsiWbCommand *command,
		     FuScsiWbResult *result,
		     GError **error)
{
	const FuScsiWbResult gone = {.sys_errno = ENODEV};

	self->commands++;
	if (self->is_cut) {
		flow_matrix_answer(result, &gone);
		return TRUE;
	}
	if (self->fault != NULL && self->commands == self->at)
		return flow_matrix_rig_strike(self, command, result, error);
	return flow_bed_send_cb(self->bed, command, result, error);
}

static gboolean
flow_matrix_rig_send_cb(gpointer user_data,
			const FuScsiWbCommand *command,
			FuScsiWbResult *result,
			GError **error)
{
	FlowMatrixRig *self = user_data;

	if (!flow_matrix_rig_send(self, command, result, error))
		return FALSE;
	flow_matrix_rig_follow(self, command, result);
	return TRUE;
}

static void
flow_matrix_rig_sleep_cb(gpointer user_data, guint delay_ms)
{
	FlowMatrixRig *self = user_data;

	self->now_ms += delay_ms;
	wbt_target_pass_time(self->bed->target, delay_ms);
}

static gint64
flow_matrix_rig_clock_cb(gpointer user_data)
{
	FlowMatrixRig *self = user_data;
	return self->now_ms;
}

static void
flow_matrix_rig_start_daemon(FlowMatrixRig *self)
{
	FuScsiWbTransport *transport =
	    fu_scsi_wb_transport_new_full(flow_matrix_rig_send_cb, flow_matrix_rig_sleep_cb, self);

	fu_scsi_wb_transport_set_clock(transport, flow_matrix_rig_clock_cb);
	g_object_unref(self->bed->device);
	self->bed->device = flow_bed_new_device(self->bed, self->node_dir);
	fu_scsi_wb_device_take_transport(FU_SCSI_WB_DEVICE(self->bed->device), transport);
	g_array_set_size(self->bed->timeouts_ms, 0);
}

FlowMatrixRig *
flow_matrix_rig_new(const WbtModel *model)
{
	FlowMatrixRig *self = g_new0(FlowMatrixRig, 1);
	g_autofree gchar *rows = flow_bed_new_model_rows(model);

	self->model = model;
	self->bed = flow_bed_new_for_model(model, rows);
	self->node_dir = g_build_filename(self->bed->unit_dir, "scsi_generic", "sg0", NULL);
	return self;
}

void
flow_matrix_rig_free(FlowMatrixRig *self)
{
	wbt_target_free(self->other);
	wbt_target_free(self->original);
	g_free(self->node_dir);
	flow_bed_free(self->bed);
	g_free(self);
}

void
flow_matrix_rig_begin(FlowMatrixRig *self, const FlowMatrixFault *fault, guint at)
{
	g_clear_pointer(&self->other, wbt_target_free);
	g_clear_pointer(&self->original, wbt_target_free);
	wbt_target_free(self->bed->target);
	self->bed->target = wbt_target_new(self->model, NULL);
	wbt_target_set_log_checksums(self->bed->target, false);
	self->fault = fault;
	self->at = at;
	self->commands = 0;
	self->is_cut = FALSE;
	self->now_ms = 0;
	flow_matrix_rig_start_daemon(self);
	if (fault != NULL &&
	    (fault->kind == FLOW_MATRIX_SWAP || fault->kind == FLOW_MATRIX_SILENT_SWAP))
		self->other = wbt_target_new(self->model, FLOW_MATRIX_SERIAL_OTHER);
}

/* the daemon closes and opens the node between the phases of an installation */
static void
flow_matrix_rig_reopen(FlowMatrixRig *self)
{
	if (!self->is_cut || self->other == NULL)
		return;
	flow_matrix_rig_swap(self);
	self->is_cut = FALSE;
}

/* a device that is starting is not ready for a while, and says so */
static void
flow_matrix_rig_await_ready(FlowMatrixRig *self)
{
	const guint8 cdb[6] = {0};
	WbtReply reply;

	for (guint i = 0; i < FLOW_MATRIX_READY_TRIES; i++) {
		wbt_target_pass_time(self->bed->target, FLOW_MATRIX_READY_STEP_MS);
		wbt_target_execute(self->bed->target, cdb, sizeof(cdb), NULL, 0, NULL, 0, &reply);
		if (reply.status == WBT_STATUS_GOOD ||
		    wbt_target_get_model(self->bed->target)->no_medium)
			return;
	}
}

void
flow_matrix_rig_repair(FlowMatrixRig *self)
{
	gboolean is_moved = self->fault != NULL && self->fault->kind == FLOW_MATRIX_MOVE;

	if (self->original != NULL) {
		self->other = self->bed->target;
		self->bed->target = g_steal_pointer(&self->original);
	}
	if (wbt_target_is_offline(self->bed->target))
		wbt_target_power_cycle(self->bed->target);
	flow_bed_set_faults(self->bed, "");
	flow_matrix_rig_await_ready(self);
	if (is_moved && !g_str_has_suffix(self->node_dir, "sg1")) {
		g_free(self->node_dir);
		self->node_dir = flow_bed_add_node(self->bed, FLOW_MATRIX_UNIT_OTHER, "sg1");
	}
	self->fault = NULL;
	self->is_cut = FALSE;
	flow_matrix_rig_start_daemon(self);
}

void
flow_matrix_result_clear(FlowMatrixResult *self)
{
	g_clear_error(&self->error);
}

static gboolean
flow_matrix_rig_install(FlowMatrixRig *self, GBytes *image, GError **error)
{
	FuDevice *device = self->bed->device;
	g_autoptr(FuFirmware) firmware = NULL;
	g_autoptr(FuProgress) progress = fu_progress_new(G_STRLOC);
	g_autoptr(FuProgress) progress_attach = fu_progress_new(G_STRLOC);
	g_autoptr(FuScsiWbStream) stream = fu_scsi_wb_stream_new(image);

	firmware = fu_device_prepare_firmware(device,
					      stream,
					      progress,
					      FU_FIRMWARE_PARSE_FLAG_CACHE_STREAM,
					      error);
	if (firmware == NULL)
		return FALSE;
	flow_matrix_rig_reopen(self);
	if (!fu_device_write_firmware(device, firmware, progress, FWUPD_INSTALL_FLAG_NONE, error)) {
		flow_matrix_rig_reopen(self);
		g_assert_true(fu_device_attach_full(device, progress_attach, NULL));
		return FALSE;
	}
	flow_matrix_rig_reopen(self);
	if (!fu_device_attach_full(device, progress_attach, error))
		return FALSE;
	flow_matrix_rig_reopen(self);
	return fu_device_reload(device, error);
}

FlowMatrixResult
flow_matrix_rig_update(FlowMatrixRig *self, GBytes *image)
{
	FuDevice *device = self->bed->device;
	FlowMatrixResult result = {0};

	self->image = image;
	if (self->fault != NULL && self->other != NULL && self->fault->value == 1)
		wbt_target_restore(self->other, image, NULL, NULL);
	self->sent_bytes = 0;
	self->gaps = 0;
	if (!flow_bed_enumerate(self->bed, &result.error))
		return result;
	result.is_listed = TRUE;
	result.is_installed = flow_matrix_rig_install(self, image, &result.error);
	if (result.is_installed && fu_device_has_flag(device, FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION)) {
		flow_matrix_rig_reopen(self);
		result.is_activated = flow_bed_activate(self->bed, &result.error);
	}
	result.is_pending = fu_device_has_flag(device, FWUPD_DEVICE_FLAG_NEEDS_REBOOT) ||
			    fu_device_has_flag(device, FWUPD_DEVICE_FLAG_NEEDS_SHUTDOWN);
	return result;
}
