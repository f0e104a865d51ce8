// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include <string.h>

#include "wbt-bytes.h"
#include "wbt-command.h"

/*
 * REPORT SUPPORTED OPERATION CODES: SPC-5, the command, its one_command and all_commands parameter
 * data, and the command time-outs descriptor. Says of WRITE BUFFER what the model's row says, and
 * of every other command that it exists.
 */

/* CDB */
#define CDB_OPTION     2
#define CDB_OPCODE     3
#define CDB_SERVICE    4
#define CDB_ALLOCATION 6
#define FLAG_RCTD      0x80

/* one_command parameter data, byte 1 */
#define SUPPORT_NO	  0x01
#define SUPPORT_STANDARD  0x03
#define ONE_MLU_SHIFT	  5
#define ONE_CTDP	  0x80
#define ONE_HEADER_BYTES  4
#define MAX_CDB_BYTES	  16
#define TIMEOUTS_BYTES	  12
#define SERVICE_MODE_MASK 0x1F

/* all_commands parameter data: a command descriptor, byte 5 */
#define ALL_HEADER_BYTES 4
#define DESCRIPTOR_BYTES 8
#define ALL_MLU_SHIFT	 4
#define ALL_CTDP	 0x02
#define ALL_SERVACTV	 0x01

/* one question: has the device this operation code, with this service action */
typedef struct {
	const WbtModel *model;
	const WbtOpcodeReport *report;
	const WbtCommandRow *row; /* NULL: there is no such operation code */
	uint16_t service;
	bool has_services; /* the operation code has service actions */
	bool with_service; /* the question is about one of them */
	bool rctd;
} WbtQuestion;

/* the group code is bits 7:5: SPC-5, "Operation code" */
static size_t
cdb_bytes_of(uint8_t opcode)
{
	static const uint8_t group_bytes[8] = {6, 10, 10, 0, 16, 12, 0, 0};

	return group_bytes[opcode >> 5];
}

static bool
is_write_buffer(const WbtQuestion *ask)
{
	return ask->row->opcode == WBT_OP_WRITE_BUFFER;
}

static bool
takes_mode(const WbtModel *model, uint16_t mode)
{
	if (mode == WBT_MODE_ECHO)
		return model->echo_bytes > 0;
	return mode <= SERVICE_MODE_MASK && wbt_model_rule(model, (uint8_t)mode) != NULL;
}

static WbtQuestion
ask_for(const WbtCommand *cmd, uint8_t opcode, uint16_t service, bool with_service)
{
	WbtQuestion ask = {
	    .model = cmd->model,
	    .report = cmd->model->opcode_report,
	    .row = wbt_command_find(cmd->model, opcode),
	    .service = service,
	    .with_service = with_service,
	    .rctd = cmd->cdb[CDB_OPTION] & FLAG_RCTD,
	};

	if (ask.row == NULL)
		return ask;
	ask.has_services = is_write_buffer(&ask) ? ask.report->mode_is_service
						 : ask.row->service_action != 0;
	return ask;
}

static bool
is_supported(const WbtQuestion *ask)
{
	if (ask->row == NULL)
		return false;
	if (!ask->with_service)
		return true;
	if (!ask->has_services)
		return ask->service == 0;
	if (is_write_buffer(ask))
		return takes_mode(ask->model, ask->service);
	return ask->service == ask->row->service_action;
}

/* MODE and MODE SPECIFIC of WRITE BUFFER: the bits that matter in any of the modes asked for. Of a
 * service action the usage data are its code. */
static uint8_t
mode_usage(const WbtQuestion *ask)
{
	const WbtModel *model = ask->model;
	uint8_t usage = !ask->with_service && model->echo_bytes > 0 ? WBT_MODE_ECHO : 0;

	for (size_t i = 0; i < model->n_rules; i++) {
		const WbtModeRule *rule = &model->rules[i];

		if (ask->with_service && ask->has_services && rule->mode != ask->service)
			continue;
		usage |= (uint8_t)(rule->mode | rule->events << 5 | rule->clear_specific << 5);
	}
	if (ask->with_service && ask->has_services)
		usage |= (uint8_t)ask->service; /* the echo buffer has no rule */
	return usage;
}

/* every bit matters, but for CONTROL and what is known better */
static size_t
put_usage(const WbtQuestion *ask, uint8_t *buf)
{
	size_t bytes = cdb_bytes_of(ask->row->opcode);

	memset(buf, 0xFF, bytes);
	buf[0] = ask->row->opcode;
	buf[bytes - 1] = 0;
	if (is_write_buffer(ask)) {
		buf[1] = mode_usage(ask);
		wbt_put_be24(buf + 6, ask->report->length_usage);
	} else if (ask->has_services) {
		buf[1] = (uint8_t)ask->service;
	}
	return bytes;
}

static bool
gives_timeouts(const WbtQuestion *ask)
{
	return ask->rctd && ask->report->has_timeouts && is_write_buffer(ask);
}

static size_t
put_timeouts(const WbtQuestion *ask, uint8_t *buf)
{
	memset(buf, 0, TIMEOUTS_BYTES);
	wbt_put_be16(buf, TIMEOUTS_BYTES - 2);
	buf[3] = ask->report->command_specific_s;
	wbt_put_be32(buf + 4, ask->report->nominal_s);
	wbt_put_be32(buf + 8, ask->report->recommended_s);
	return TIMEOUTS_BYTES;
}

static void
answer_one(WbtCommand *cmd, const WbtQuestion *ask)
{
	uint8_t buf[ONE_HEADER_BYTES + MAX_CDB_BYTES + TIMEOUTS_BYTES] = {0, SUPPORT_NO};
	size_t bytes = ONE_HEADER_BYTES;

	if (is_supported(ask)) {
		buf[1] = SUPPORT_STANDARD;
		bytes += put_usage(ask, buf + bytes);
		wbt_put_be16(buf + 2, (uint16_t)(bytes - ONE_HEADER_BYTES));
		if (is_write_buffer(ask))
			buf[1] |= (uint8_t)((ask->report->mlu & 0x03) << ONE_MLU_SHIFT);
	}
	if (is_supported(ask) && gives_timeouts(ask)) {
		buf[1] |= ONE_CTDP;
		bytes += put_timeouts(ask, buf + bytes);
	}
	wbt_command_answer(cmd, buf, bytes, wbt_get_be32(cmd->cdb + CDB_ALLOCATION));
}

static WbtSense
report_one(WbtCommand *cmd, uint8_t option)
{
	uint16_t service = wbt_get_be16(cmd->cdb + CDB_SERVICE);
	WbtQuestion ask = ask_for(cmd, cmd->cdb[CDB_OPCODE], service, option != WBT_REPORT_OPCODE);
	bool lenient = ask.report->opcode_anyway && ask.row != NULL && is_write_buffer(&ask);

	if (option == WBT_REPORT_OPCODE && ask.has_services && !lenient)
		return wbt_invalid_field_bit(CDB_OPTION, 2);
	if (option == WBT_REPORT_SERVICE && ask.row != NULL && !ask.has_services)
		return wbt_invalid_field_bit(CDB_OPTION, 2);
	answer_one(cmd, &ask);
	return WBT_GOOD;
}

static void
append_descriptor(GByteArray *list, const WbtQuestion *ask)
{
	uint8_t buf[DESCRIPTOR_BYTES + TIMEOUTS_BYTES] = {ask->row->opcode};
	size_t bytes = DESCRIPTOR_BYTES;

	wbt_put_be16(buf + 2, ask->service);
	buf[5] = ask->has_services ? ALL_SERVACTV : 0;
	wbt_put_be16(buf + 6, (uint16_t)cdb_bytes_of(ask->row->opcode));
	if (is_write_buffer(ask))
		buf[5] |= (uint8_t)((ask->report->mlu & 0x03) << ALL_MLU_SHIFT);
	if (gives_timeouts(ask)) {
		buf[5] |= ALL_CTDP;
		bytes += put_timeouts(ask, buf + bytes);
	}
	g_byte_array_append(list, buf, (guint)bytes);
}

/* a command, or each of its service actions */
static void
append_command(WbtCommand *cmd, GByteArray *list, uint8_t opcode)
{
	WbtQuestion ask = ask_for(cmd, opcode, 0, true);
	uint16_t last = ask.has_services ? SERVICE_MODE_MASK : 0;

	for (uint16_t service = 0; service <= last; service++) {
		ask.service = service;
		if (is_supported(&ask))
			append_descriptor(list, &ask);
	}
}

static WbtSense
report_all(WbtCommand *cmd)
{
	g_autoptr(GByteArray) list = g_byte_array_new();

	g_byte_array_set_size(list, ALL_HEADER_BYTES);
	for (unsigned int opcode = 0; opcode <= UINT8_MAX; opcode++)
		append_command(cmd, list, (uint8_t)opcode);
	wbt_put_be32(list->data, list->len - ALL_HEADER_BYTES);
	wbt_command_answer(cmd, list->data, list->len, wbt_get_be32(cmd->cdb + CDB_ALLOCATION));
	return WBT_GOOD;
}

WbtSense
wbt_maintenance_in(WbtCommand *cmd)
{
	const WbtOpcodeReport *report = cmd->model->opcode_report;
	uint8_t option = cmd->cdb[CDB_OPTION] & 0x07;

	if (report == NULL)
		return WBT_INVALID_OPCODE;
	if ((cmd->cdb[1] & 0x1F) != WBT_SERVICE_REPORT_OPCODES)
		return wbt_invalid_field_bit(1, 4);
	if ((report->options & WBT_REPORT_BIT(option)) == 0)
		return wbt_invalid_field_bit(CDB_OPTION, 2);
	return option == WBT_REPORT_ALL ? report_all(cmd) : report_one(cmd, option);
}
