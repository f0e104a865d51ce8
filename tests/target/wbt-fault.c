// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include "wbt-fault.h"

#include <string.h>

#define OPCODE_WRITE_BUFFER 0x3B /* SPC-5, "WRITE BUFFER command" */
#define MODE_ECHO	    0x0A /* SPC-5, "WRITE BUFFER command", no microcode */

typedef enum { ARG_NONE, ARG_SENSE, ARG_HEX_BYTE, ARG_DECIMAL } WbtArg;

typedef struct {
	const char *word;
	WbtAction action;
	WbtArg arg;
	bool host_only; /* needs a host adapter or a kernel that can be told to fail */
} WbtActionRow;

static const WbtActionRow action_rows[] = {
    {"sense", WBT_FAULT_SENSE, ARG_SENSE, false},
    {"status", WBT_FAULT_STATUS, ARG_HEX_BYTE, false},
    {"hang", WBT_FAULT_HANG, ARG_DECIMAL, false},
    {"vanish", WBT_FAULT_VANISH, ARG_NONE, false},
    {"away", WBT_FAULT_AWAY, ARG_DECIMAL, false},
    {"not-ready", WBT_FAULT_NOT_READY, ARG_DECIMAL, false},
    {"reset", WBT_FAULT_RESET, ARG_NONE, false},
    {"power-loss", WBT_FAULT_POWER_LOSS, ARG_NONE, false},
    {"host", WBT_FAULT_HOST, ARG_HEX_BYTE, true},
    {"errno", WBT_FAULT_ERRNO, ARG_DECIMAL, true},
    {"residual", WBT_FAULT_RESIDUAL, ARG_DECIMAL, true},
    {"stuck-revision", WBT_FAULT_STUCK_REVISION, ARG_NONE, false},
    {"corrupt-echo", WBT_FAULT_CORRUPT_ECHO, ARG_NONE, false},
    {"corrupt", WBT_FAULT_CORRUPT, ARG_NONE, false},
};

/* the words of one line, read from left to right */
typedef struct {
	char **words;
	size_t pos;
	size_t line_no;
	GError **error;
} WbtWords;

static bool
complain(const WbtWords *words, const char *word, const char *wanted)
{
	g_set_error(words->error,
		    WBT_ERROR,
		    0,
		    "fault script line %zu: %s%s%s: expected %s",
		    words->line_no,
		    word != NULL ? "'" : "",
		    word != NULL ? word : "end of line",
		    word != NULL ? "'" : "",
		    wanted);
	return false;
}

/* the next word, NULL at the end */
static const char *
next_word(WbtWords *words)
{
	const char *word;

	while (words->words[words->pos] != NULL && *words->words[words->pos] == '\0')
		words->pos++;
	word = words->words[words->pos];
	if (word != NULL)
		words->pos++;
	return word;
}

static bool
parse_number(const char *word, guint base, guint64 min, guint64 max, uint32_t *value)
{
	guint64 number;

	if (word == NULL || !g_ascii_string_to_unsigned(word, base, min, max, &number, NULL))
		return false;
	*value = (uint32_t)number;
	return true;
}

static bool
parse_count(WbtWords *words, uint32_t *nth)
{
	const char *word = next_word(words);

	if (parse_number(word, 10, 1, G_MAXUINT32, nth))
		return true;
	return complain(words, word, "a count from 1");
}

/* K/ASC/ASCQ, hexadecimal */
static bool
parse_sense(const char *word, WbtFault *fault)
{
	g_auto(GStrv) parts = g_strsplit(word != NULL ? word : "", "/", -1);
	uint32_t values[3];

	if (g_strv_length(parts) != 3)
		return false;
	for (size_t i = 0; i < 3; i++) {
		if (!parse_number(parts[i], 16, 0, i == 0 ? 0x0F : 0xFF, &values[i]))
			return false;
	}
	fault->key = (uint8_t)values[0];
	fault->asc = (uint8_t)values[1];
	fault->ascq = (uint8_t)values[2];
	return true;
}

static bool
parse_opcode(WbtWords *words, WbtFault *fault)
{
	const char *word = next_word(words);
	uint32_t opcode;

	if (!parse_number(word, 16, 0, 0xFF, &opcode))
		return complain(words, word, "an opcode of two hexadecimal digits");
	fault->opcode = (uint8_t)opcode;
	word = words->words[words->pos];
	if (word != NULL && g_ascii_isdigit(*word))
		return parse_count(words, &fault->nth);
	return true;
}

static bool
parse_when(WbtWords *words, WbtFault *fault)
{
	const char *word = next_word(words);

	if (g_strcmp0(word, "command") == 0) {
		fault->when = WBT_WHEN_COMMAND;
		return parse_count(words, &fault->nth);
	}
	if (g_strcmp0(word, "segment") == 0) {
		fault->when = WBT_WHEN_SEGMENT;
		return parse_count(words, &fault->nth);
	}
	if (g_strcmp0(word, "opcode") == 0) {
		fault->when = WBT_WHEN_OPCODE;
		return parse_opcode(words, fault);
	}
	return complain(words, word, "command, segment or opcode");
}

static bool
parse_sense_arg(WbtWords *words, WbtFault *fault)
{
	const char *word = next_word(words);

	if (!parse_sense(word, fault))
		return complain(words, word, "K/ASC/ASCQ in hexadecimal, as 5/24/00");
	if (g_strcmp0(words->words[words->pos], "descriptor") == 0) {
		fault->descriptor = true;
		words->pos++;
	}
	return true;
}

static bool
parse_arg(WbtWords *words, WbtArg arg, WbtFault *fault)
{
	const char *word;

	if (arg == ARG_NONE)
		return true;
	if (arg == ARG_SENSE)
		return parse_sense_arg(words, fault);
	word = next_word(words);
	if (arg == ARG_HEX_BYTE) {
		if (parse_number(word, 16, 0, 0xFF, &fault->value))
			return true;
		return complain(words, word, "two hexadecimal digits");
	}
	if (parse_number(word, 10, 0, G_MAXINT32, &fault->value))
		return true;
	return complain(words, word, "a decimal number");
}

static const WbtActionRow *
find_action(const char *word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(action_rows); i++) {
		if (g_strcmp0(word, action_rows[i].word) == 0)
			return &action_rows[i];
	}
	return NULL;
}

static bool
parse_action(WbtWords *words, WbtFaultScope scope, WbtFault *fault)
{
	const char *word = next_word(words);
	const WbtActionRow *row = find_action(word);

	if (row == NULL)
		return complain(words,
				word,
				"an action: sense, status, hang, vanish, away, not-ready, reset, "
				"power-loss, host, errno, residual, stuck-revision, corrupt-echo "
				"or corrupt");
	if (row->host_only && scope == WBT_FAULTS_DEVICE_ONLY)
		return complain(words,
				word,
				"a fault of the device; host, errno and residual exist only in the "
				"linked target, a real kernel cannot be told to make them");
	fault->action = row->action;
	return parse_arg(words, row->arg, fault);
}

bool
wbt_fault_parse_line(const char *line,
		     size_t line_no,
		     WbtFaultScope scope,
		     WbtFault *fault,
		     GError **error)
{
	g_auto(GStrv) split = g_strsplit_set(line, " \t\r", -1);
	WbtWords words = {.words = split, .line_no = line_no, .error = error};
	const char *rest;

	*fault = (WbtFault){0};
	if (!parse_when(&words, fault) || !parse_action(&words, scope, fault))
		return false;
	rest = next_word(&words);
	return rest == NULL || complain(&words, rest, "nothing more on this line");
}

GArray *
wbt_fault_parse(const char *script, WbtFaultScope scope, GError **error)
{
	g_autoptr(GArray) faults = g_array_new(FALSE, TRUE, sizeof(WbtFault));
	g_auto(GStrv) lines = g_strsplit(script != NULL ? script : "", "\n", -1);

	for (size_t i = 0; lines[i] != NULL; i++) {
		char *comment = strchr(lines[i], '#');
		WbtFault fault;

		if (comment != NULL)
			*comment = '\0';
		if (*g_strstrip(lines[i]) == '\0')
			continue;
		if (!wbt_fault_parse_line(lines[i], i + 1, scope, &fault, error))
			return NULL;
		g_array_append_val(faults, fault);
	}
	return g_steal_pointer(&faults);
}

static bool
is_segment(const uint8_t *cdb, size_t data_out_bytes)
{
	return cdb[0] == OPCODE_WRITE_BUFFER && (cdb[1] & 0x1F) != MODE_ECHO && data_out_bytes > 0;
}

void
wbt_fault_count(WbtFaultCounts *counts, const uint8_t *cdb, size_t data_out_bytes)
{
	counts->commands++;
	counts->opcodes[cdb[0]]++;
	if (is_segment(cdb, data_out_bytes))
		counts->segments++;
}

bool
wbt_fault_strikes(const WbtFault *fault,
		  const WbtFaultCounts *counts,
		  const uint8_t *cdb,
		  size_t data_out_bytes)
{
	if (fault->when == WBT_WHEN_COMMAND)
		return fault->nth == counts->commands;
	if (fault->when == WBT_WHEN_SEGMENT)
		return is_segment(cdb, data_out_bytes) && fault->nth == counts->segments;
	if (fault->opcode != cdb[0])
		return false;
	return fault->nth == 0 || fault->nth == counts->opcodes[cdb[0]];
}
