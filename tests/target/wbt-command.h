// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#pragma once

#include "wbt-microcode.h"

/* Command handlers: what a command does once the screen in wbt-target.c has let it through. */

/* operation codes: SPC-5 and SBC-4, "Operation codes" */
#define WBT_OP_TEST_UNIT_READY	 0x00
#define WBT_OP_REQUEST_SENSE	 0x03
#define WBT_OP_INQUIRY		 0x12
#define WBT_OP_MODE_SENSE_6	 0x1A
#define WBT_OP_START_STOP	 0x1B
#define WBT_OP_READ_CAPACITY_10	 0x25
#define WBT_OP_READ_10		 0x28
#define WBT_OP_SYNCHRONIZE_CACHE 0x35
#define WBT_OP_WRITE_BUFFER	 0x3B
#define WBT_OP_READ_BUFFER	 0x3C
#define WBT_OP_MODE_SENSE_10	 0x5A
#define WBT_OP_READ_16		 0x88
#define WBT_OP_SERVICE_IN_16	 0x9E
#define WBT_OP_REPORT_LUNS	 0xA0
#define WBT_OP_MAINTENANCE_IN	 0xA3

/* service actions: as above */
#define WBT_SERVICE_READ_CAPACITY_16 0x10
#define WBT_SERVICE_REPORT_OPCODES   0x0C

#define WBT_BLOCK_BYTES 512

/* what the echo buffer holds; empty when nothing does */
typedef struct {
	bool valid;
	GByteArray *data;
} WbtEcho;

/**
 * WbtCommand: one command on its way through a handler.
 * @cdb: padded with zeros to 16 bytes
 * @data_out: bytes that the device gets, @data_out_bytes of them
 * @lost_out_bytes: fault: so many bytes at the end get lost and nobody notices
 * @corrupt_echo: fault: one bit of data to or from the echo buffer is turned over
 * @corrupt: fault: one bit of whatever data it carries is turned over
 * @used_out_bytes: (out): how much of it the device took
 * @data_in, @data_in_max_bytes: the initiator's buffer
 * @data_in_bytes: (out): how much of it is filled
 */
typedef struct {
	const WbtModel *model;
	const char *serial;
	WbtMicrocode *microcode;
	WbtEcho *echo;
	uint8_t cdb[WBT_CDB_BYTES];
	const uint8_t *data_out;
	size_t data_out_bytes;
	size_t lost_out_bytes;
	bool corrupt_echo;
	bool corrupt;
	size_t used_out_bytes;
	uint8_t *data_in;
	size_t data_in_max_bytes;
	size_t data_in_bytes;
} WbtCommand;

/* Answers with as much of @buf as ALLOCATION LENGTH and the initiator's buffer allow. */
void
wbt_command_answer(WbtCommand *cmd, const uint8_t *buf, size_t buf_bytes, size_t allocation_bytes);

/* Runs the command of the table in wbt-command.c; 05/20/00 if the model has no such command. */
WbtSense
wbt_command_run(WbtCommand *cmd);

/**
 * WbtCommandRow: one command that the target knows.
 * @types: bit n: it exists for peripheral device type n
 * @service_action: the only one that exists, 0 if the operation code has none
 */
typedef struct {
	uint8_t opcode;
	uint32_t types;
	uint8_t service_action;
	WbtSense (*run)(WbtCommand *cmd);
} WbtCommandRow;

/* The command of @model with @opcode, NULL if it has none. */
const WbtCommandRow *
wbt_command_find(const WbtModel *model, uint8_t opcode);

/* wbt-opcodes.c: REPORT SUPPORTED OPERATION CODES */
WbtSense
wbt_maintenance_in(WbtCommand *cmd);

/* wbt-inquiry.c */
WbtSense
wbt_inquiry(WbtCommand *cmd);

/* wbt-buffer.c: WRITE BUFFER and READ BUFFER, all modes */
WbtSense
wbt_write_buffer(WbtCommand *cmd);
WbtSense
wbt_read_buffer(WbtCommand *cmd);

/* wbt-block.c: capacity, reads */
WbtSense
wbt_read_capacity_10(WbtCommand *cmd);
WbtSense
wbt_service_in_16(WbtCommand *cmd);
WbtSense
wbt_read_10(WbtCommand *cmd);
WbtSense
wbt_read_16(WbtCommand *cmd);
