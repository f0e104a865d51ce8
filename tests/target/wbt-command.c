// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include "wbt-command.h"

#include <string.h>

#include "wbt-bytes.h"

/* device types a command exists for; bit n stands for peripheral device type n */
#define TYPE_BIT(type) (1U << (type))
#define TYPES_ALL      0xFFFFFFFFU
#define TYPES_DISK     TYPE_BIT(WBT_TYPE_DISK)
#define TYPES_STARTED                                                                              \
	(TYPE_BIT(WBT_TYPE_DISK) | TYPE_BIT(WBT_TYPE_TAPE) | TYPE_BIT(WBT_TYPE_OPTICAL))

#define SERVICE_REPORT_OPCODES 0x0C /* SPC-5, "REPORT SUPPORTED OPERATION CODES command" */

void
wbt_command_answer(WbtCommand *cmd, const uint8_t *buf, size_t buf_bytes, size_t allocation_bytes)
{
	size_t bytes = MIN(MIN(buf_bytes, allocation_bytes), cmd->data_in_max_bytes);

	if (bytes > 0)
		memcpy(cmd->data_in, buf, bytes);
	cmd->data_in_bytes = bytes;
}

static WbtSense
test_unit_ready(WbtCommand *cmd)
{
	if (cmd->model->no_medium)
		return WBT_SENSE(WBT_KEY_NOT_READY, 0x3A, 0x00);
	return WBT_GOOD;
}

static WbtSense
do_nothing(WbtCommand *cmd)
{
	(void)cmd;
	return WBT_GOOD;
}

/* SPC-5, "MODE SENSE(6) command": a header alone, no block descriptor, no page. A page that does
 * not exist would be refused, yet the kernel asks disks for all pages and warns when it gets
 * nothing at all. */
static WbtSense
mode_sense_6(WbtCommand *cmd)
{
	uint8_t header[4] = {sizeof(header) - 1};

	if (cmd->model->blocks > 0)
		header[2] = 0x80; /* write protected: there is no WRITE command */
	wbt_command_answer(cmd, header, sizeof(header), cmd->cdb[4]);
	return WBT_GOOD;
}

static WbtSense
mode_sense_10(WbtCommand *cmd)
{
	uint8_t header[8] = {0, sizeof(header) - 2};

	if (cmd->model->blocks > 0)
		header[3] = 0x80;
	wbt_command_answer(cmd, header, sizeof(header), wbt_get_be16(cmd->cdb + 7));
	return WBT_GOOD;
}

/* SPC-5, "REPORT LUNS command": LUN 0 alone */
static WbtSense
report_luns(WbtCommand *cmd)
{
	uint8_t list[16] = {0, 0, 0, 8};

	wbt_command_answer(cmd, list, sizeof(list), wbt_get_be32(cmd->cdb + 6));
	return WBT_GOOD;
}

/* SPC-5, "REPORT SUPPORTED OPERATION CODES": one command, WRITE BUFFER, for models that have it */
static WbtSense
maintenance_in(WbtCommand *cmd)
{
	/* CDB usage data: all of MODE, ID, offset and length are looked at */
	static const uint8_t usage[10] =
	    {WBT_OP_WRITE_BUFFER, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00};
	uint8_t answer[4 + sizeof(usage)] = {0, 0x01, 0, sizeof(usage)};

	if (!cmd->model->report_opcodes)
		return WBT_INVALID_OPCODE;
	if ((cmd->cdb[1] & 0x1F) != SERVICE_REPORT_OPCODES)
		return wbt_invalid_field_bit(1, 4);
	if ((cmd->cdb[2] & 0x07) != 1)
		return wbt_invalid_field_bit(2, 2);
	if (cmd->cdb[3] == WBT_OP_WRITE_BUFFER) {
		answer[1] = 0x03; /* supported as the standard says */
		memcpy(answer + 4, usage, sizeof(usage));
	} else {
		answer[3] = 0;
	}
	wbt_command_answer(cmd, answer, 4U + answer[3], wbt_get_be32(cmd->cdb + 6));
	return WBT_GOOD;
}

static const struct {
	uint8_t opcode;
	uint32_t types;
	WbtSense (*run)(WbtCommand *cmd);
} commands[] = {
    {WBT_OP_TEST_UNIT_READY, TYPES_ALL, test_unit_ready},
    {WBT_OP_INQUIRY, TYPES_ALL, wbt_inquiry},
    {WBT_OP_MODE_SENSE_6, TYPES_ALL, mode_sense_6},
    {WBT_OP_START_STOP, TYPES_STARTED, do_nothing},
    {WBT_OP_READ_CAPACITY_10, TYPES_DISK, wbt_read_capacity_10},
    {WBT_OP_READ_10, TYPES_DISK, wbt_read_10},
    {WBT_OP_SYNCHRONIZE_CACHE, TYPES_DISK, do_nothing},
    {WBT_OP_WRITE_BUFFER, TYPES_ALL, wbt_write_buffer},
    {WBT_OP_READ_BUFFER, TYPES_ALL, wbt_read_buffer},
    {WBT_OP_MODE_SENSE_10, TYPES_ALL, mode_sense_10},
    {WBT_OP_READ_16, TYPES_DISK, wbt_read_16},
    {WBT_OP_SERVICE_IN_16, TYPES_DISK, wbt_service_in_16},
    {WBT_OP_REPORT_LUNS, TYPES_ALL, report_luns},
    {WBT_OP_MAINTENANCE_IN, TYPES_ALL, maintenance_in},
};

WbtSense
wbt_command_run(WbtCommand *cmd)
{
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
		if (commands[i].opcode != cmd->cdb[0])
			continue;
		if (commands[i].types & TYPE_BIT(cmd->model->peripheral_type))
			return commands[i].run(cmd);
	}
	return WBT_INVALID_OPCODE;
}
