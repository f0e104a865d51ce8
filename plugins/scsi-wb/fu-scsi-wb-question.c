/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-question.h"

#define FU_SCSI_WB_QUESTION_BYTES 4

/**
 * FuScsiWbQuestion:
 * @cdb_bytes: how long the CDB is
 * @mask: the bits of its first bytes that count
 * @value: what they have to be
 * @name: for people
 * @detail: (nullable): what the byte means that tells which of several things is asked for
 * @detail_offset: where in the CDB that byte is
 *
 * One thing that a device may be asked without any consequence.
 **/
typedef struct {
	gsize cdb_bytes;
	guint8 mask[FU_SCSI_WB_QUESTION_BYTES];
	guint8 value[FU_SCSI_WB_QUESTION_BYTES];
	const gchar *name;
	const gchar *detail;
	gsize detail_offset;
} FuScsiWbQuestion;

/* what is not here is not sent: no WRITE BUFFER, not even to the echo buffer, and no READ BUFFER of
 * data; SPC-4 (INCITS 513) for the commands, SPC-5 (INCITS 502) for MODE as a service action */
static const FuScsiWbQuestion questions[] = {
    {6, {0xff, 0xff, 0xff}, {0x12, 0x00, 0x00}, "INQUIRY", NULL, 0},
    {6, {0xff, 0xff, 0xff}, {0x12, 0x01, 0x86}, "INQUIRY, VPD page 86h", NULL, 0},
    {6, {0xff, 0xff, 0x80}, {0x12, 0x01, 0x00}, "INQUIRY, text of the maker", "VPD page", 2},
    {6, {0xff, 0xff, 0xc0}, {0x12, 0x01, 0xc0}, "INQUIRY, page of the maker", "VPD page", 2},
    {12,
     {0xff, 0xff, 0x07, 0xff},
     {0xa3, 0x0c, 0x01, 0x3b},
     "REPORT SUPPORTED OPERATION CODES, WRITE BUFFER",
     NULL,
     0},
    {12,
     {0xff, 0xff, 0x07, 0xff},
     {0xa3, 0x0c, 0x02, 0x3b},
     "REPORT SUPPORTED OPERATION CODES, WRITE BUFFER",
     "MODE",
     5},
    {10, {0xff, 0xff}, {0x3c, 0x03}, "READ BUFFER, descriptor", "BUFFER ID", 2},
    {10, {0xff, 0xff}, {0x3c, 0x0b}, "READ BUFFER, descriptor of the echo buffer", NULL, 0},
};

static gboolean
fu_scsi_wb_question_matches(const FuScsiWbQuestion *self, const guint8 *cdb, gsize cdb_bytes)
{
	if (cdb_bytes != self->cdb_bytes)
		return FALSE;
	for (guint i = 0; i < FU_SCSI_WB_QUESTION_BYTES; i++) {
		if ((cdb[i] & self->mask[i]) != self->value[i])
			return FALSE;
	}
	return TRUE;
}

/**
 * fu_scsi_wb_question_describe:
 * @cdb: a command descriptor block
 * @cdb_bytes: size of @cdb
 *
 * Says what a command asks for, if it is one that a dry run may send.
 *
 * Returns: (transfer full) (nullable): text for people, or %NULL if it is another command
 **/
gchar *
fu_scsi_wb_question_describe(const guint8 *cdb, gsize cdb_bytes)
{
	for (guint i = 0; i < G_N_ELEMENTS(questions); i++) {
		const FuScsiWbQuestion *question = &questions[i];
		g_autoptr(GString) str = NULL;

		if (!fu_scsi_wb_question_matches(question, cdb, cdb_bytes))
			continue;
		str = g_string_new(question->name);
		if (question->detail != NULL)
			g_string_append_printf(str,
					       ", %s 0x%02x",
					       question->detail,
					       cdb[question->detail_offset]);
		return g_string_free(g_steal_pointer(&str), FALSE);
	}
	return NULL;
}

/**
 * fu_scsi_wb_question_is_allowed:
 * @command: a #FuScsiWbCommand
 *
 * Tells whether a dry run may send a command: it has to be one of a short list, and may bring data
 * from the device only.
 *
 * Returns: %TRUE if it is a question
 **/
gboolean
fu_scsi_wb_question_is_allowed(const FuScsiWbCommand *command)
{
	g_autofree gchar *text = fu_scsi_wb_question_describe(command->cdb, command->cdb_bytes);
	return text != NULL && command->direction == FU_SCSI_WB_DIRECTION_FROM_DEVICE;
}
