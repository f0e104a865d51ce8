/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-wire.h"
#include "fu-scsi-wb-struct.h"

static gboolean
flow_wire_is_segment(const FuScsiWbCommand *command)
{
	return command->cdb[0] == 0x3b && (command->cdb[1] & 0x1f) != 0x0a;
}

/* what comes instead of the target's answer keeps what the transport has put there */
void
flow_wire_replace(FuScsiWbResult *result, const FuScsiWbResult *other)
{
	guint timeout_ms = result->timeout_ms;

	*result = *other;
	result->node = "/dev/sg0";
	result->timeout_ms = timeout_ms;
}

static gboolean
flow_wire_lose(FlowWire *self,
	       const FuScsiWbCommand *command,
	       FuScsiWbResult *result,
	       GError **error)
{
	if (self->lost_arrives && !flow_bed_send_cb(self->bed, command, result, error))
		return FALSE;
	flow_wire_replace(result, &self->lost);
	self->lost_at_ms = self->now_ms;
	self->back_ms = self->away_ms == FLOW_WIRE_FOR_EVER ? G_MAXINT64
							    : self->now_ms + self->away_ms;
	return TRUE;
}

static gboolean
flow_wire_carry(FlowWire *self,
		const FuScsiWbCommand *command,
		FuScsiWbResult *result,
		GError **error)
{
	const FuScsiWbResult gone = {.host_status = FU_SCSI_WB_HOST_STATUS_NO_CONNECT};

	if (self->now_ms < self->back_ms) {
		flow_wire_replace(result, &gone);
		return TRUE;
	}
	if (flow_wire_is_segment(command) && ++self->segments == self->lost_segment)
		return flow_wire_lose(self, command, result, error);
	return flow_bed_send_cb(self->bed, command, result, error);
}

static gboolean
flow_wire_send_cb(gpointer user_data,
		  const FuScsiWbCommand *command,
		  FuScsiWbResult *result,
		  GError **error)
{
	FlowWire *self = user_data;

	self->now_ms += self->command_ms;
	if (!flow_wire_carry(self, command, result, error))
		return FALSE;
	if (self->hook != NULL)
		self->hook(self, command, result);
	return TRUE;
}

static void
flow_wire_sleep_cb(gpointer user_data, guint delay_ms)
{
	FlowWire *self = user_data;

	self->now_ms += delay_ms;
	self->bed->slept_ms += delay_ms;
}

static gint64
flow_wire_clock_cb(gpointer user_data)
{
	FlowWire *self = user_data;
	return self->now_ms;
}

void
flow_wire_init(FlowWire *self, FlowBed *bed)
{
	FuScsiWbTransport *transport;

	*self = (FlowWire){.bed = bed};
	transport = fu_scsi_wb_transport_new_full(flow_wire_send_cb, flow_wire_sleep_cb, self);
	fu_scsi_wb_transport_set_clock(transport, flow_wire_clock_cb);
	fu_scsi_wb_device_take_transport(FU_SCSI_WB_DEVICE(bed->device), transport);
}
