/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-question.h"
#include "fu-scsi-wb-recording-text.h"

/*
 * A line holds a word and what belongs to it; what follows a `#` is for people:
 *
 *     scsi-wb-recording 1
 *     host-limit 524288
 *     cdb 12 00 00 00 24 00
 *       status 00
 *       data 00 00 06 02 ...
 *     end 1
 *
 * The last line counts the questions, so that a file that was cut off is told from a whole one.
 */

/* the longest CDB that a host adapter of Linux takes without negotiation */
#define FU_SCSI_WB_RECORDING_TEXT_CDB_MAX 16

/* the longest answer that any question asks for is 252 bytes */
#define FU_SCSI_WB_RECORDING_TEXT_DATA_MAX 4096

/**
 * FuScsiWbRecordingParser:
 * @recording: what was understood up to now
 * @answer: (nullable): what the next lines belong to
 * @has_result: they have said how the command ended
 * @line: number of the line, from 1
 * @is_begun: the first line was right
 * @is_over: the last line was there
 **/
typedef struct {
	FuScsiWbRecording *recording;
	FuScsiWbRecordingAnswer *answer;
	gboolean has_result;
	guint line;
	gboolean is_begun;
	gboolean is_over;
} FuScsiWbRecordingParser;

/**
 * FuScsiWbRecordingTextFunc:
 *
 * Understands what stands after the word of a line.
 **/
typedef gboolean (*FuScsiWbRecordingTextFunc)(FuScsiWbRecordingParser *parser,
					      const gchar *rest,
					      GError **error);

static gboolean
fu_scsi_wb_recording_text_fail(GError **error, const gchar *text)
{
	g_set_error_literal(error, FWUPD_ERROR, FWUPD_ERROR_INVALID_DATA, text);
	return FALSE;
}

static gboolean
fu_scsi_wb_recording_text_parse_hex(const gchar *rest, GByteArray *array, GError **error)
{
	g_auto(GStrv) words = g_strsplit_set(rest, " \t", -1);

	for (guint i = 0; words[i] != NULL; i++) {
		const gchar *word = words[i];
		guint8 byte;

		if (*word == '\0')
			continue;
		if (strlen(word) != 2 || !g_ascii_isxdigit(word[0]) || !g_ascii_isxdigit(word[1])) {
			g_autofree gchar *word_safe = g_strescape(word, NULL);
			g_set_error(error,
				    FWUPD_ERROR,
				    FWUPD_ERROR_INVALID_DATA,
				    "'%s' is no byte in two hexadecimal digits",
				    word_safe);
			return FALSE;
		}
		byte = g_ascii_xdigit_value(word[0]) << 4 | g_ascii_xdigit_value(word[1]);
		g_byte_array_append(array, &byte, sizeof(byte));
	}
	return TRUE;
}

static gboolean
fu_scsi_wb_recording_text_parse_number(const gchar *rest,
				       FuIntegerBase base,
				       guint64 max,
				       guint64 *number,
				       GError **error)
{
	g_autofree gchar *rest_safe = NULL;

	if (g_ascii_isxdigit(*rest) && fu_strtoull(rest, number, 0, max, base, NULL))
		return TRUE;
	rest_safe = g_strescape(rest, NULL);
	g_set_error(error,
		    FWUPD_ERROR,
		    FWUPD_ERROR_INVALID_DATA,
		    "'%s' is no number from 0 to %" G_GUINT64_FORMAT,
		    rest_safe,
		    max);
	return FALSE;
}

/* a question is over when the next one begins: it must have been answered */
static gboolean
fu_scsi_wb_recording_text_finish_answer(FuScsiWbRecordingParser *parser, GError **error)
{
	if (parser->answer == NULL || parser->has_result)
		return TRUE;
	g_set_error(error,
		    FWUPD_ERROR,
		    FWUPD_ERROR_INVALID_DATA,
		    "the question of line %u has no 'status', 'host' or 'errno'",
		    parser->answer->line);
	return FALSE;
}

static gboolean
fu_scsi_wb_recording_text_parse_cdb(FuScsiWbRecordingParser *parser,
				    const gchar *rest,
				    GError **error)
{
	g_autofree gchar *question = NULL;
	g_autoptr(GByteArray) cdb = g_byte_array_new();

	if (!fu_scsi_wb_recording_text_finish_answer(parser, error))
		return FALSE;
	if (!fu_scsi_wb_recording_text_parse_hex(rest, cdb, error))
		return FALSE;
	if (cdb->len == 0 || cdb->len > FU_SCSI_WB_RECORDING_TEXT_CDB_MAX)
		return fu_scsi_wb_recording_text_fail(error, "a CDB has 6 to 16 bytes");
	question = fu_scsi_wb_question_describe(cdb->data, cdb->len);
	if (question == NULL)
		return fu_scsi_wb_recording_text_fail(error,
						      "this CDB is no question that is asked");
	parser->answer = fu_scsi_wb_recording_add_question(parser->recording, cdb->data, cdb->len);
	parser->answer->line = parser->line;
	parser->has_result = FALSE;
	return TRUE;
}

static gboolean
fu_scsi_wb_recording_text_parse_status(FuScsiWbRecordingParser *parser,
				       const gchar *rest,
				       GError **error)
{
	guint64 number = 0;

	if (!fu_scsi_wb_recording_text_parse_number(rest,
						    FU_INTEGER_BASE_16,
						    G_MAXUINT8,
						    &number,
						    error))
		return FALSE;
	parser->answer->result.status = number;
	parser->has_result = TRUE;
	return TRUE;
}

static gboolean
fu_scsi_wb_recording_text_parse_host(FuScsiWbRecordingParser *parser,
				     const gchar *rest,
				     GError **error)
{
	guint64 number = 0;

	if (!fu_scsi_wb_recording_text_parse_number(rest,
						    FU_INTEGER_BASE_16,
						    G_MAXUINT16,
						    &number,
						    error))
		return FALSE;
	parser->answer->result.host_status = number;
	parser->has_result = TRUE;
	return TRUE;
}

static gboolean
fu_scsi_wb_recording_text_parse_driver(FuScsiWbRecordingParser *parser,
				       const gchar *rest,
				       GError **error)
{
	guint64 number = 0;

	if (!fu_scsi_wb_recording_text_parse_number(rest,
						    FU_INTEGER_BASE_16,
						    G_MAXUINT16,
						    &number,
						    error))
		return FALSE;
	parser->answer->result.driver_status = number;
	return TRUE;
}

static gboolean
fu_scsi_wb_recording_text_parse_errno(FuScsiWbRecordingParser *parser,
				      const gchar *rest,
				      GError **error)
{
	guint64 number = 0;

	if (!fu_scsi_wb_recording_text_parse_number(rest,
						    FU_INTEGER_BASE_10,
						    G_MAXUINT8,
						    &number,
						    error))
		return FALSE;
	parser->answer->result.sys_errno = (gint)number;
	parser->has_result = TRUE;
	return TRUE;
}

static gboolean
fu_scsi_wb_recording_text_parse_sense(FuScsiWbRecordingParser *parser,
				      const gchar *rest,
				      GError **error)
{
	FuScsiWbResult *result = &parser->answer->result;
	g_autoptr(GByteArray) sense = g_byte_array_new();

	if (!fu_scsi_wb_recording_text_parse_hex(rest, sense, error))
		return FALSE;
	if (result->sense_bytes + sense->len > sizeof(result->sense))
		return fu_scsi_wb_recording_text_fail(error, "more than 96 bytes of sense data");
	for (guint i = 0; i < sense->len; i++)
		result->sense[result->sense_bytes++] = sense->data[i];
	return TRUE;
}

static gboolean
fu_scsi_wb_recording_text_parse_data(FuScsiWbRecordingParser *parser,
				     const gchar *rest,
				     GError **error)
{
	if (!fu_scsi_wb_recording_text_parse_hex(rest, parser->answer->data, error))
		return FALSE;
	if (parser->answer->data->len > FU_SCSI_WB_RECORDING_TEXT_DATA_MAX)
		return fu_scsi_wb_recording_text_fail(error, "more than 4096 bytes of data");
	return TRUE;
}

static gboolean
fu_scsi_wb_recording_text_parse_host_limit(FuScsiWbRecordingParser *parser,
					   const gchar *rest,
					   GError **error)
{
	guint64 number = 0;

	if (!fu_scsi_wb_recording_text_parse_number(rest,
						    FU_INTEGER_BASE_10,
						    G_MAXUINT32,
						    &number,
						    error))
		return FALSE;
	parser->recording->transfer_max_bytes = number;
	return TRUE;
}

static gboolean
fu_scsi_wb_recording_text_parse_others(FuScsiWbRecordingParser *parser,
				       const gchar *rest,
				       GError **error)
{
	if (g_strcmp0(rest, "refused") != 0)
		return fu_scsi_wb_recording_text_fail(error, "after 'others' stands 'refused'");
	parser->recording->others_refused = TRUE;
	return TRUE;
}

static gboolean
fu_scsi_wb_recording_text_parse_end(FuScsiWbRecordingParser *parser,
				    const gchar *rest,
				    GError **error)
{
	guint64 number = 0;

	if (!fu_scsi_wb_recording_text_finish_answer(parser, error))
		return FALSE;
	if (!fu_scsi_wb_recording_text_parse_number(rest,
						    FU_INTEGER_BASE_10,
						    G_MAXUINT32,
						    &number,
						    error))
		return FALSE;
	if (number != parser->recording->answers->len) {
		g_set_error(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_INVALID_DATA,
			    "%u answers instead of %" G_GUINT64_FORMAT ": some are missing",
			    parser->recording->answers->len,
			    number);
		return FALSE;
	}
	parser->is_over = TRUE;
	return TRUE;
}

static const struct {
	const gchar *word;
	gboolean needs_question;
	FuScsiWbRecordingTextFunc func;
} words[] = {
    {"cdb", FALSE, fu_scsi_wb_recording_text_parse_cdb},
    {"status", TRUE, fu_scsi_wb_recording_text_parse_status},
    {"host", TRUE, fu_scsi_wb_recording_text_parse_host},
    {"driver", TRUE, fu_scsi_wb_recording_text_parse_driver},
    {"errno", TRUE, fu_scsi_wb_recording_text_parse_errno},
    {"sense", TRUE, fu_scsi_wb_recording_text_parse_sense},
    {"data", TRUE, fu_scsi_wb_recording_text_parse_data},
    {"host-limit", FALSE, fu_scsi_wb_recording_text_parse_host_limit},
    {"others", FALSE, fu_scsi_wb_recording_text_parse_others},
    {"end", FALSE, fu_scsi_wb_recording_text_parse_end},
};

static gboolean
fu_scsi_wb_recording_text_parse_word(FuScsiWbRecordingParser *parser,
				     const gchar *word,
				     const gchar *rest,
				     GError **error)
{
	g_autofree gchar *word_safe = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		if (g_strcmp0(words[i].word, word) != 0)
			continue;
		if (words[i].needs_question && parser->answer == NULL)
			return fu_scsi_wb_recording_text_fail(error, "no 'cdb' stands before it");
		return words[i].func(parser, rest, error);
	}
	word_safe = g_strescape(word, NULL);
	g_set_error(error, FWUPD_ERROR, FWUPD_ERROR_INVALID_DATA, "unknown word '%s'", word_safe);
	return FALSE;
}

static gboolean
fu_scsi_wb_recording_text_parse_line(FuScsiWbRecordingParser *parser, gchar *line, GError **error)
{
	gchar *rest;
	gsize length = strcspn(line, "#");

	line[length] = '\0';
	g_strstrip(line);
	if (*line == '\0')
		return TRUE;
	if (parser->is_over)
		return fu_scsi_wb_recording_text_fail(error, "there is something after 'end'");
	if (!parser->is_begun) {
		parser->is_begun = TRUE;
		if (g_strcmp0(line, FU_SCSI_WB_RECORDING_TEXT_HEADER) == 0)
			return TRUE;
		return fu_scsi_wb_recording_text_fail(error,
						      "no recording: it begins "
						      "with '" FU_SCSI_WB_RECORDING_TEXT_HEADER
						      "'");
	}
	length = strcspn(line, " \t");
	rest = line + length + (line[length] != '\0' ? 1 : 0);
	line[length] = '\0';
	return fu_scsi_wb_recording_text_parse_word(parser, line, g_strchug(rest), error);
}

/**
 * fu_scsi_wb_recording_text_parse:
 * @text: a recording as text
 * @error: (nullable): optional return location for an error
 *
 * Reads a recording.
 *
 * Returns: (transfer full): a recording, or %NULL with %FWUPD_ERROR_INVALID_DATA, whose text begins
 * with the number of the line
 **/
FuScsiWbRecording *
fu_scsi_wb_recording_text_parse(const gchar *text, GError **error)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_autoptr(FuScsiWbRecording) recording = fu_scsi_wb_recording_new();
	FuScsiWbRecordingParser parser = {.recording = recording, .line = 1};

	for (guint i = 0; lines[i] != NULL; i++) {
		parser.line = i + 1;
		if (!fu_scsi_wb_recording_text_parse_line(&parser, lines[i], error)) {
			g_prefix_error(error, "line %u: ", parser.line);
			return NULL;
		}
	}
	if (!parser.is_over) {
		g_set_error(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_INVALID_DATA,
			    "line %u: the file is cut off: its last line is 'end' with the number "
			    "of answers",
			    parser.line);
		return NULL;
	}
	return g_steal_pointer(&recording);
}
