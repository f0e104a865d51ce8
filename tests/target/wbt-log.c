// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include "wbt-log.h"

#include <string.h>

#include "wbt-bytes.h"
#include "wbt-command.h"

static const struct {
	uint8_t opcode;
	const char *name;
} opcode_names[] = {
    {WBT_OP_TEST_UNIT_READY, "TEST UNIT READY"},
    {WBT_OP_REQUEST_SENSE, "REQUEST SENSE"},
    {WBT_OP_INQUIRY, "INQUIRY"},
    {WBT_OP_MODE_SENSE_6, "MODE SENSE(6)"},
    {WBT_OP_START_STOP, "START STOP UNIT"},
    {WBT_OP_READ_CAPACITY_10, "READ CAPACITY(10)"},
    {WBT_OP_READ_10, "READ(10)"},
    {WBT_OP_SYNCHRONIZE_CACHE, "SYNCHRONIZE CACHE(10)"},
    {WBT_OP_WRITE_BUFFER, "WRITE BUFFER"},
    {WBT_OP_READ_BUFFER, "READ BUFFER"},
    {WBT_OP_MODE_SENSE_10, "MODE SENSE(10)"},
    {WBT_OP_READ_16, "READ(16)"},
    {WBT_OP_SERVICE_IN_16, "SERVICE ACTION IN(16)"},
    {WBT_OP_REPORT_LUNS, "REPORT LUNS"},
    {WBT_OP_MAINTENANCE_IN, "MAINTENANCE IN"},
};

/* SAM-5, "Status codes" */
static const struct {
	uint8_t status;
	const char *name;
} status_names[] = {
    {WBT_STATUS_GOOD, "GOOD"},
    {WBT_STATUS_CHECK_CONDITION, "CHECK"},
    {WBT_STATUS_BUSY, "BUSY"},
    {0x18, "RESERVATION"},
    {0x28, "TASK_SET_FULL"},
};

void
wbt_log_entry_init(WbtLogEntry *entry,
		   uint32_t number,
		   const uint8_t *cdb,
		   size_t cdb_bytes,
		   size_t data_out_bytes)
{
	*entry = (WbtLogEntry){.number = number, .data_out_bytes = data_out_bytes};
	entry->cdb_bytes = (uint8_t)MIN(cdb_bytes, sizeof(entry->cdb));
	if (entry->cdb_bytes > 0)
		memcpy(entry->cdb, cdb, entry->cdb_bytes);
}

void
wbt_log_entry_add_checksum(WbtLogEntry *entry, const uint8_t *data_out, size_t data_out_bytes)
{
	g_autofree char *sum = NULL;

	if (data_out_bytes == 0)
		return;
	sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, data_out, data_out_bytes);
	g_strlcpy(entry->data_out_sha256, sum, sizeof(entry->data_out_sha256));
}

void
wbt_log_entry_finish(WbtLogEntry *entry, const WbtReply *reply)
{
	const uint8_t *sense = reply->sense;

	entry->data_in_bytes = reply->data_in_bytes;
	entry->status = reply->status;
	entry->host_status = reply->host_status;
	entry->sys_errno = reply->sys_errno;
	if (reply->sense_bytes < 8)
		return;
	if ((sense[0] & 0x7E) == 0x72) { /* descriptor format, current or deferred */
		entry->key = sense[1] & 0x0F;
		entry->asc = sense[2];
		entry->ascq = sense[3];
		return;
	}
	entry->key = sense[2] & 0x0F;
	entry->asc = sense[12];
	entry->ascq = sense[13];
}

static void
append_status(GString *str, const WbtLogEntry *entry)
{
	const char *name = NULL;

	if (entry->sys_errno != 0) {
		g_string_append_printf(str, " ERRNO=%d", entry->sys_errno);
		return;
	}
	if (entry->host_status != 0) {
		g_string_append_printf(str, " HOST=%02x", entry->host_status);
		return;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(status_names); i++) {
		if (status_names[i].status == entry->status)
			name = status_names[i].name;
	}
	if (name != NULL)
		g_string_append_printf(str, " %s", name);
	else
		g_string_append_printf(str, " STATUS=%02x", entry->status);
	if (entry->status == WBT_STATUS_CHECK_CONDITION)
		g_string_append_printf(str, " %02x/%02x/%02x", entry->key, entry->asc, entry->ascq);
}

static void
append_text(GString *str, const WbtLogEntry *entry)
{
	const char *name = "UNKNOWN";

	for (size_t i = 0; i < G_N_ELEMENTS(opcode_names); i++) {
		if (opcode_names[i].opcode == entry->cdb[0])
			name = opcode_names[i].name;
	}
	g_string_append_printf(str, " %s", name);
	if (entry->cdb[0] != WBT_OP_WRITE_BUFFER && entry->cdb[0] != WBT_OP_READ_BUFFER)
		return;
	g_string_append_printf(str,
			       " mode=%02x specific=%u id=%u offset=%u length=%u",
			       entry->cdb[1] & 0x1F,
			       (unsigned int)entry->cdb[1] >> 5,
			       entry->cdb[2],
			       wbt_get_be24(entry->cdb + 3),
			       wbt_get_be24(entry->cdb + 6));
}

char *
wbt_log_entry_to_string(const WbtLogEntry *entry)
{
	GString *str = g_string_new(NULL);

	g_string_append_printf(str, "%u ", entry->number);
	for (size_t i = 0; i < entry->cdb_bytes; i++)
		g_string_append_printf(str, "%02x", entry->cdb[i]);
	g_string_append_printf(str, " out=%zu in=%zu", entry->data_out_bytes, entry->data_in_bytes);
	append_status(str, entry);
	append_text(str, entry);
	return g_string_free(str, FALSE);
}
