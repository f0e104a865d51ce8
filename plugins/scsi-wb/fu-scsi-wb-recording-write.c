/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-question.h"
#include "fu-scsi-wb-recording-text.h"

#define FU_SCSI_WB_RECORDING_WRITE_COLUMNS 16

/* lines of bytes, with what can be read of them beside */
static void
fu_scsi_wb_recording_write_hex(GString *str, const gchar *word, const guint8 *buf, gsize bufsz)
{
	for (gsize i = 0; i < bufsz; i += FU_SCSI_WB_RECORDING_WRITE_COLUMNS) {
		gsize length = MIN(bufsz - i, FU_SCSI_WB_RECORDING_WRITE_COLUMNS);

		g_string_append_printf(str, "  %s", word);
		for (gsize j = i; j < i + length; j++)
			g_string_append_printf(str, " %02x", buf[j]);
		g_string_append(str, "  # ");
		for (gsize j = i; j < i + length; j++)
			g_string_append_c(str, g_ascii_isprint(buf[j]) ? (gchar)buf[j] : '.');
		g_string_append_c(str, '\n');
	}
}

static void
fu_scsi_wb_recording_write_answer(GString *str, const FuScsiWbRecordingAnswer *answer)
{
	const FuScsiWbResult *result = &answer->result;
	const gchar *status = fu_scsi_wb_status_to_string(result->status);
	g_autofree gchar *cdb =
	    fu_scsi_wb_transport_describe_cdb(answer->cdb->data, answer->cdb->len, " ");
	g_autofree gchar *question =
	    fu_scsi_wb_question_describe(answer->cdb->data, answer->cdb->len);

	g_string_append_printf(str, "\n# %s\ncdb %s\n", question, cdb);
	if (result->sys_errno != 0) {
		g_string_append_printf(str, "  errno %d\n", result->sys_errno);
		return;
	}
	g_string_append_printf(str,
			       "  status %02x  # %s\n",
			       result->status,
			       status != NULL ? status : "unknown");
	if (result->host_status != 0)
		g_string_append_printf(str, "  host %02x\n", result->host_status);
	if (result->driver_status != 0)
		g_string_append_printf(str, "  driver %02x\n", result->driver_status);
	fu_scsi_wb_recording_write_hex(str, "sense", result->sense, result->sense_bytes);
	fu_scsi_wb_recording_write_hex(str, "data", answer->data->data, answer->data->len);
}

/**
 * fu_scsi_wb_recording_write:
 * @self: a #FuScsiWbRecording
 * @identity: who answered
 *
 * Writes a recording, with comments for people.
 *
 * Returns: (transfer full): text that fu_scsi_wb_recording_text_parse() understands
 **/
gchar *
fu_scsi_wb_recording_write(const FuScsiWbRecording *self, const FuScsiWbIdentity *identity)
{
	GString *str = g_string_new(FU_SCSI_WB_RECORDING_TEXT_HEADER "\n");

	g_string_append_printf(
	    str,
	    "# %s %s, revision %s: what it answers to the questions of "
	    "scsi-wb-plan.\n"
	    "# No serial number, no firmware and no data of a medium is in it.\n",
	    identity->vendor,
	    identity->product,
	    identity->revision != NULL ? identity->revision : "unknown");
	if (self->transfer_max_bytes > 0)
		g_string_append_printf(str,
				       "\n# the most that the host adapter takes in one command, "
				       "bytes\nhost-limit %" G_GSIZE_FORMAT "\n",
				       self->transfer_max_bytes);
	if (self->others_refused)
		g_string_append(str, "\nothers refused\n");
	for (guint i = 0; i < self->answers->len; i++)
		fu_scsi_wb_recording_write_answer(str, g_ptr_array_index(self->answers, i));
	g_string_append_printf(str, "\nend %u\n", self->answers->len);
	return g_string_free(str, FALSE);
}
