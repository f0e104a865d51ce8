// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include <string.h>

#include "wbt-bytes.h"
#include "wbt-command.h"

/* SBC-4, "READ CAPACITY(10) command": last block address and block size */
WbtSense
wbt_read_capacity_10(WbtCommand *cmd)
{
	uint8_t buf[8];

	wbt_put_be32(buf, cmd->model->blocks - 1);
	wbt_put_be32(buf + 4, WBT_BLOCK_BYTES);
	wbt_command_answer(cmd, buf, sizeof(buf), sizeof(buf));
	return WBT_GOOD;
}

WbtSense
wbt_service_in_16(WbtCommand *cmd)
{
	uint8_t buf[32] = {0};

	if ((cmd->cdb[1] & 0x1F) != WBT_SERVICE_READ_CAPACITY_16)
		return wbt_invalid_field_bit(1, 4);
	wbt_put_be64(buf, cmd->model->blocks - 1ULL);
	wbt_put_be32(buf + 8, WBT_BLOCK_BYTES);
	wbt_command_answer(cmd, buf, sizeof(buf), wbt_get_be32(cmd->cdb + 10));
	return WBT_GOOD;
}

/* a blank medium */
static WbtSense
read_zeros(WbtCommand *cmd, uint64_t lba, uint64_t blocks)
{
	uint64_t bytes = blocks * WBT_BLOCK_BYTES;

	if (lba > cmd->model->blocks || blocks > cmd->model->blocks - lba)
		return WBT_LBA_OUT_OF_RANGE;
	cmd->data_in_bytes = (size_t)MIN(bytes, cmd->data_in_max_bytes);
	if (cmd->data_in_bytes > 0)
		memset(cmd->data_in, 0, cmd->data_in_bytes);
	return WBT_GOOD;
}

WbtSense
wbt_read_10(WbtCommand *cmd)
{
	return read_zeros(cmd, wbt_get_be32(cmd->cdb + 2), wbt_get_be16(cmd->cdb + 7));
}

WbtSense
wbt_read_16(WbtCommand *cmd)
{
	return read_zeros(cmd, wbt_get_be64(cmd->cdb + 2), wbt_get_be32(cmd->cdb + 10));
}
