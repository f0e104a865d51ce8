/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-gate.h"
#include "fu-scsi-wb-question.h"

/**
 * fu_scsi_wb_gate_new:
 * @inner: (transfer full): where questions go
 *
 * Puts a gate in front of a device.
 *
 * Returns: (transfer full): a gate
 **/
FuScsiWbGate *
fu_scsi_wb_gate_new(FuScsiWbTransport *inner)
{
	FuScsiWbGate *self = g_new0(FuScsiWbGate, 1);
	self->inner = inner;
	self->recording = fu_scsi_wb_recording_new();
	return self;
}

void
fu_scsi_wb_gate_free(FuScsiWbGate *self)
{
	fu_scsi_wb_transport_free(self->inner);
	fu_scsi_wb_recording_free(self->recording);
	g_free(self);
}

static gboolean
fu_scsi_wb_gate_send_cb(gpointer user_data,
			const FuScsiWbCommand *command,
			FuScsiWbResult *result,
			GError **error)
{
	FuScsiWbGate *self = user_data;

	if (!fu_scsi_wb_question_is_allowed(command)) {
		self->n_refused++;
		g_set_error(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_INTERNAL,
			    "a dry run does not send operation code 0x%02x",
			    command->cdb[0]);
		return FALSE;
	}
	self->n_questions++;
	if (!fu_scsi_wb_transport_send(self->inner, command, result, error))
		return FALSE;
	fu_scsi_wb_recording_add_answer(self->recording, command, result);

	/* the transport in front of us counts again what the device has filled */
	result->resid_bytes = (gint32)(command->buf_bytes - result->received_bytes);
	return TRUE;
}

static void
fu_scsi_wb_gate_sleep_cb(gpointer user_data, guint delay_ms)
{
	FuScsiWbGate *self = user_data;
	fu_scsi_wb_transport_sleep(self->inner, delay_ms);
}

/**
 * fu_scsi_wb_gate_new_transport:
 * @self: a #FuScsiWbGate, which has to outlive the transport
 *
 * Creates a transport that leads through the gate. A command that is no question fails with
 * %FWUPD_ERROR_INTERNAL and does not reach the device.
 *
 * Returns: (transfer full): a transport
 **/
FuScsiWbTransport *
fu_scsi_wb_gate_new_transport(FuScsiWbGate *self)
{
	return fu_scsi_wb_transport_new_full(fu_scsi_wb_gate_send_cb,
					     fu_scsi_wb_gate_sleep_cb,
					     self);
}
