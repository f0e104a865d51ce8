// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include <string.h>

#include "wbt-bytes.h"
#include "wbt-command.h"

/* modes of READ BUFFER: SPC-5, "READ BUFFER(10) command" */
#define READ_MODE_DESCRIPTOR	  0x03
#define READ_MODE_ECHO		  0x0A
#define READ_MODE_ECHO_DESCRIPTOR 0x0B

#define ECHO_ALIGN_BYTES 4 /* Seagate SCSI Commands Reference Manual, Rev. J, 3.70.9 */

/* BUFFER ID and BUFFER OFFSET are ignored: as above */
static WbtSense
write_echo(WbtCommand *cmd, uint32_t length_bytes)
{
	if (length_bytes > cmd->model->echo_bytes || length_bytes % ECHO_ALIGN_BYTES != 0)
		return wbt_invalid_field(6);
	g_byte_array_set_size(cmd->echo->data, 0);
	g_byte_array_append(cmd->echo->data, cmd->data_out, (guint)cmd->used_out_bytes);
	if (cmd->corrupt_echo && cmd->used_out_bytes > 0)
		cmd->echo->data->data[0] ^= 0x01; /* on the way in */
	cmd->echo->valid = true;
	return WBT_GOOD;
}

static WbtSense
write_buffer(WbtCommand *cmd)
{
	uint8_t mode = cmd->cdb[1] & 0x1F;
	uint32_t length_bytes = wbt_get_be24(cmd->cdb + 6);

	if (mode == WBT_MODE_ACTIVATE)
		length_bytes = 0;
	if (length_bytes > cmd->data_out_bytes)
		return WBT_DATA_PHASE_ERROR; /* the initiator stopped sending */
	cmd->used_out_bytes = length_bytes - MIN(length_bytes, cmd->lost_out_bytes);
	if (mode == WBT_MODE_ECHO && cmd->model->echo_bytes > 0)
		return write_echo(cmd, length_bytes);
	return wbt_microcode_write(cmd->microcode, cmd->cdb, cmd->data_out, cmd->used_out_bytes);
}

WbtSense
wbt_write_buffer(WbtCommand *cmd)
{
	WbtSense sense = write_buffer(cmd);

	if (sense.key != 0 && cmd->model->errors_drop)
		wbt_microcode_drop_partial(cmd->microcode);
	return sense;
}

/* SPC-5, "READ BUFFER descriptor": a buffer that does not exist has all zeros */
static WbtSense
read_descriptor(WbtCommand *cmd)
{
	const WbtModel *model = cmd->model;
	uint8_t buf[4] = {0};

	uint32_t allocation_bytes = wbt_get_be24(cmd->cdb + 6);

	if (!model->read_buffer)
		return wbt_invalid_field_bit(1, 4);
	if (model->wrong_descriptor != NULL) {
		wbt_command_answer(cmd,
				   model->wrong_descriptor,
				   model->wrong_descriptor_bytes,
				   allocation_bytes);
		return WBT_GOOD;
	}
	if (cmd->cdb[2] == model->first_buffer_id) {
		buf[0] = model->boundary_exponent;
		if (!model->capacity_not_given)
			wbt_put_be24(buf + 1, MIN(model->capacity_bytes, 0xFFFFFFU));
	} else if (cmd->cdb[2] == 0) {
		wbt_put_be24(buf + 1, model->data_buffer_bytes);
	}
	wbt_command_answer(cmd, buf, sizeof(buf), allocation_bytes);
	return WBT_GOOD;
}

/* SPC-5, "Read data from echo buffer": what was written, or COMMAND SEQUENCE ERROR if nothing was
 */
static WbtSense
read_echo(WbtCommand *cmd)
{
	GByteArray *data = cmd->echo->data;

	if (!cmd->echo->valid)
		return WBT_SEQUENCE_ERROR;
	wbt_command_answer(cmd, data->data, data->len, wbt_get_be24(cmd->cdb + 6));
	if (cmd->corrupt_echo && cmd->data_in_bytes > 0)
		cmd->data_in[cmd->data_in_bytes - 1] ^= 0x80; /* on the way out */
	return WBT_GOOD;
}

/* SPC-5, "Echo buffer descriptor": EBOS 1, the buffer is this I_T nexus's own; 13 bit capacity */
static WbtSense
read_echo_descriptor(WbtCommand *cmd)
{
	uint8_t buf[4] = {0x01};

	wbt_put_be16(buf + 2, cmd->model->echo_bytes & 0x1FFF);
	wbt_command_answer(cmd, buf, sizeof(buf), wbt_get_be24(cmd->cdb + 6));
	return WBT_GOOD;
}

WbtSense
wbt_read_buffer(WbtCommand *cmd)
{
	uint8_t mode = cmd->cdb[1] & 0x1F;

	if (!cmd->model->read_buffer && cmd->model->echo_bytes == 0)
		return WBT_INVALID_OPCODE;
	if (mode == READ_MODE_DESCRIPTOR)
		return read_descriptor(cmd);
	if (mode == READ_MODE_ECHO && cmd->model->echo_bytes > 0)
		return read_echo(cmd);
	if (mode == READ_MODE_ECHO_DESCRIPTOR && cmd->model->echo_bytes > 0)
		return read_echo_descriptor(cmd);
	return wbt_invalid_field_bit(1, 4);
}
