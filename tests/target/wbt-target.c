// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include "wbt-target.h"

#include <string.h>

#include "wbt-log.h"
#include "wbt-state.h"

#define HOST_NO_CONNECT	  0x01 /* DID_NO_CONNECT, Linux include/scsi/scsi_status.h */
#define DEFAULT_SERIAL	  "WBT00000001"
#define REQUEST_SENSE_MAX 252

G_DEFINE_QUARK(wbt - error, wbt_error)

WbtTarget *
wbt_target_new(const WbtModel *model, const char *serial)
{
	WbtTarget *self = g_new0(WbtTarget, 1);

	self->model = model;
	self->serial = g_strdup(serial != NULL ? serial : DEFAULT_SERIAL);
	self->echo.data = g_byte_array_new();
	self->faults = g_array_new(FALSE, TRUE, sizeof(WbtFault));
	self->log = g_array_new(FALSE, TRUE, sizeof(WbtLogEntry));
	wbt_microcode_init(&self->microcode, model);
	wbt_target_power_cycle(self);
	return self;
}

void
wbt_target_free(WbtTarget *self)
{
	if (self == NULL)
		return;
	wbt_microcode_clear(&self->microcode);
	g_byte_array_unref(self->echo.data);
	g_array_unref(self->faults);
	g_array_unref(self->log);
	g_free(self->serial);
	g_free(self);
}

void
wbt_target_set_log_checksums(WbtTarget *self, bool wanted)
{
	self->without_checksums = !wanted;
}

bool
wbt_target_set_faults(WbtTarget *self, const char *script, WbtFaultScope scope, GError **error)
{
	GArray *faults = wbt_fault_parse(script, scope, error);

	if (faults == NULL)
		return false;
	g_array_unref(self->faults);
	self->faults = faults;
	self->counts = (WbtFaultCounts){0};
	self->microcode.stuck_revision = false;
	return true;
}

void
wbt_target_restore(WbtTarget *self, GBytes *committed, const char *revision, GBytes *deferred)
{
	wbt_microcode_restore(&self->microcode, committed, revision, deferred);
}

void
wbt_target_restore_events(WbtTarget *self, uint8_t events)
{
	self->microcode.deferred_events = events;
}

static void
reply_sense(const WbtTarget *self, WbtReply *reply, WbtSense sense, bool descriptor)
{
	if (sense.key == WBT_KEY_NO_SENSE && sense.asc == 0 && sense.ascq == 0)
		return;
	reply->status = WBT_STATUS_CHECK_CONDITION;
	reply->sense_bytes = (uint8_t)wbt_sense_encode(&sense,
						       descriptor || self->model->descriptor_sense,
						       reply->sense);
}

/* Faults that let the command run, under other circumstances. */
static void
change_circumstances(WbtTarget *self, const WbtFault *fault, WbtCommand *cmd, WbtReply *reply)
{
	switch (fault->action) {
	case WBT_FAULT_VANISH:
		self->offline = true;
		break;
	case WBT_FAULT_AWAY:
		wbt_power_go_away(self, fault->value);
		break;
	case WBT_FAULT_NOT_READY:
		self->starting_ms = fault->value;
		break;
	case WBT_FAULT_HANG:
		reply->hang_ms = fault->value;
		break;
	case WBT_FAULT_RESIDUAL:
		cmd->lost_out_bytes = fault->value;
		break;
	case WBT_FAULT_STUCK_REVISION:
		self->microcode.stuck_revision = true;
		break;
	case WBT_FAULT_CORRUPT_ECHO:
		cmd->corrupt_echo = true;
		break;
	case WBT_FAULT_CORRUPT:
		cmd->corrupt = true;
		break;
	default:
		break;
	}
}

/* Carries out one fault. Returns whether the command is over with it. */
static bool
strike(WbtTarget *self, const WbtFault *fault, WbtCommand *cmd, WbtReply *reply)
{
	switch (fault->action) {
	case WBT_FAULT_SENSE:
		reply_sense(self,
			    reply,
			    WBT_SENSE(fault->key, fault->asc, fault->ascq),
			    fault->descriptor);
		return true;
	case WBT_FAULT_STATUS:
		reply->status = (uint8_t)fault->value;
		return true;
	case WBT_FAULT_HOST:
		reply->host_status = (uint16_t)fault->value;
		return true;
	case WBT_FAULT_ERRNO:
		reply->sys_errno = (int)fault->value;
		return true;
	case WBT_FAULT_RESET:
		wbt_target_hard_reset(self);
		reply_sense(self, reply, wbt_power_pop_attention(self), false);
		return true;
	case WBT_FAULT_POWER_LOSS:
		wbt_target_power_cycle(self);
		reply_sense(self, reply, wbt_power_pop_attention(self), false);
		return true;
	default:
		change_circumstances(self, fault, cmd, reply);
		return false;
	}
}

/* all faults that strike, in the script's order, until one ends the command */
static bool
run_faults(WbtTarget *self, WbtCommand *cmd, WbtReply *reply)
{
	wbt_fault_count(&self->counts, cmd->cdb, cmd->data_out_bytes);
	for (guint i = 0; i < self->faults->len; i++) {
		const WbtFault *fault = &g_array_index(self->faults, WbtFault, i);

		if (!wbt_fault_strikes(fault, &self->counts, cmd->cdb, cmd->data_out_bytes))
			continue;
		if (strike(self, fault, cmd, reply))
			return true;
	}
	return false;
}

/* SPC-5, "REQUEST SENSE command": a pending unit attention is the answer, and is cleared by it */
static WbtSense
request_sense(WbtTarget *self, WbtCommand *cmd)
{
	bool descriptor = cmd->cdb[1] & 0x01;
	WbtSense sense = wbt_power_pop_attention(self);
	uint8_t buf[WBT_SENSE_FIXED_BYTES];
	size_t bytes;

	if (sense.key == WBT_KEY_NO_SENSE && wbt_power_is_becoming_ready(self))
		sense = WBT_BECOMING_READY;
	bytes = wbt_sense_encode(&sense, descriptor, buf);
	wbt_command_answer(cmd, buf, bytes, MIN(cmd->cdb[4], REQUEST_SENSE_MAX));
	return WBT_GOOD;
}

/* SAM-5, "Unit attention conditions": these three are answered in any state */
static bool
is_exempt(uint8_t opcode)
{
	return opcode == WBT_OP_INQUIRY || opcode == WBT_OP_REPORT_LUNS ||
	       opcode == WBT_OP_REQUEST_SENSE;
}

/* the echo buffer lasts until another command (Seagate Rev. J, 3.70.9) */
static bool
keeps_echo(const WbtCommand *cmd)
{
	uint8_t mode = cmd->cdb[1] & 0x1F;

	return cmd->cdb[0] == WBT_OP_READ_BUFFER && (mode == 0x0A || mode == 0x0B);
}

/* a bit in the middle, another one on the way out than on the way in */
static WbtSense
run_corrupted(WbtCommand *cmd)
{
	g_autofree uint8_t *data_out = NULL;
	WbtSense sense;

	if (cmd->data_out_bytes > 0) {
		data_out = g_memdup2(cmd->data_out, cmd->data_out_bytes);
		data_out[cmd->data_out_bytes / 2] ^= 0x01;
		cmd->data_out = data_out;
	}
	sense = wbt_command_run(cmd);
	if (cmd->data_in_bytes > 0)
		cmd->data_in[cmd->data_in_bytes / 2] ^= 0x80;
	cmd->data_out = NULL;
	return sense;
}

static WbtSense
run_command(WbtTarget *self, WbtCommand *cmd, WbtReply *reply)
{
	WbtSense sense;

	if (!keeps_echo(cmd))
		self->echo.valid = false;
	if (self->model->other_commands_abort && cmd->cdb[0] != WBT_OP_WRITE_BUFFER)
		wbt_microcode_drop_partial(&self->microcode);
	if (cmd->cdb[0] == WBT_OP_REQUEST_SENSE)
		return request_sense(self, cmd);
	sense = cmd->corrupt ? run_corrupted(cmd) : wbt_command_run(cmd);
	if (!self->microcode.activated)
		return sense;
	self->microcode.activated = false;
	reply->hang_ms += self->model->save_ms;
	wbt_power_restart(self);
	return sense;
}

/* the screen: fault script, offline, unit attention, busy, command table */
static void
screen(WbtTarget *self, WbtCommand *cmd, WbtReply *reply)
{
	WbtSense sense = WBT_GOOD;

	if (run_faults(self, cmd, reply))
		return;
	if (self->offline) {
		reply->host_status = HOST_NO_CONNECT;
		return;
	}
	if (!is_exempt(cmd->cdb[0]))
		sense = wbt_power_pop_attention(self);
	if (sense.key == WBT_KEY_NO_SENSE && !is_exempt(cmd->cdb[0]) &&
	    wbt_power_is_becoming_ready(self)) {
		self->busy_left -= MIN(self->busy_left, 1);
		sense = WBT_BECOMING_READY;
	}
	if (sense.key == WBT_KEY_NO_SENSE)
		sense = run_command(self, cmd, reply);
	reply_sense(self, reply, sense, false);
}

void
wbt_target_execute(WbtTarget *self,
		   const uint8_t *cdb,
		   size_t cdb_bytes,
		   const uint8_t *data_out,
		   size_t data_out_bytes,
		   uint8_t *data_in,
		   size_t data_in_bytes,
		   WbtReply *reply)
{
	WbtLogEntry entry;
	WbtCommand cmd = {
	    .model = self->model,
	    .serial = self->serial,
	    .microcode = &self->microcode,
	    .echo = &self->echo,
	    .data_out = data_out,
	    .data_out_bytes = data_out_bytes,
	    .data_in = data_in,
	    .data_in_max_bytes = data_in_bytes,
	};

	*reply = (WbtReply){0};
	wbt_log_entry_init(&entry, self->log->len + 1, cdb, cdb_bytes, data_out_bytes);
	if (!self->without_checksums)
		wbt_log_entry_add_checksum(&entry, data_out, data_out_bytes);
	memcpy(cmd.cdb, entry.cdb, sizeof(cmd.cdb));
	screen(self, &cmd, reply);
	reply->data_in_bytes = cmd.data_in_bytes;
	if (data_in_bytes > 0)
		reply->resid_bytes = (int32_t)(data_in_bytes - cmd.data_in_bytes);
	else
		reply->resid_bytes = (int32_t)(data_out_bytes - cmd.used_out_bytes);
	wbt_log_entry_finish(&entry, reply);
	g_array_append_val(self->log, entry);
}
