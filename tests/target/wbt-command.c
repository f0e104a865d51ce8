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

static const WbtCommandRow commands[] = {
    {WBT_OP_TEST_UNIT_READY, TYPES_ALL, 0, test_unit_ready},
    {WBT_OP_INQUIRY, TYPES_ALL, 0, wbt_inquiry},
    {WBT_OP_MODE_SENSE_6, TYPES_ALL, 0, mode_sense_6},
    {WBT_OP_START_STOP, TYPES_STARTED, 0, do_nothing},
    {WBT_OP_READ_CAPACITY_10, TYPES_DISK, 0, wbt_read_capacity_10},
    {WBT_OP_READ_10, TYPES_DISK, 0, wbt_read_10},
    {WBT_OP_SYNCHRONIZE_CACHE, TYPES_DISK, 0, do_nothing},
    {WBT_OP_WRITE_BUFFER, TYPES_ALL, 0, wbt_write_buffer},
    {WBT_OP_READ_BUFFER, TYPES_ALL, 0, wbt_read_buffer},
    {WBT_OP_MODE_SENSE_10, TYPES_ALL, 0, mode_sense_10},
    {WBT_OP_READ_16, TYPES_DISK, 0, wbt_read_16},
    {WBT_OP_SERVICE_IN_16, TYPES_DISK, WBT_SERVICE_READ_CAPACITY_16, wbt_service_in_16},
    {WBT_OP_REPORT_LUNS, TYPES_ALL, 0, report_luns},
    {WBT_OP_MAINTENANCE_IN, TYPES_ALL, WBT_SERVICE_REPORT_OPCODES, wbt_maintenance_in},
};

const WbtCommandRow *
wbt_command_find(const WbtModel *model, uint8_t opcode)
{
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
		if (commands[i].opcode != opcode)
			continue;
		if (commands[i].types & TYPE_BIT(model->peripheral_type))
			return &commands[i];
	}
	return NULL;
}

WbtSense
wbt_command_run(WbtCommand *cmd)
{
	const WbtCommandRow *row = wbt_command_find(cmd->model, cmd->cdb[0]);

	return row != NULL ? row->run(cmd) : WBT_INVALID_OPCODE;
}
