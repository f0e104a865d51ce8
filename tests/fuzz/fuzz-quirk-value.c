/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fuzz-quirk-value.h"

/**
 * FuzzQuirkKey:
 * @key: as the README has it
 * @min: the smallest number
 * @max: the largest one
 * @only: (nullable): the numbers among these that are good
 * @words: (nullable): with commas, what it may be beside, or instead of, a number
 **/
typedef struct {
	const gchar *key;
	guint64 min;
	guint64 max;
	const guint8 *only;
	const gchar *words;
} FuzzQuirkKey;

static const guint8 modes[] = {0x04, 0x05, 0x06, 0x07, 0x0d, 0x0e, 0};

static const FuzzQuirkKey keys[] = {
    {"ScsiWbMode", 0x04, 0x0e, modes, "auto"},
    {"ScsiWbModeLast", 0x04, 0x0e, modes, NULL},
    {"ScsiWbModeSpecific", 0, 7, NULL, NULL},
    {"ScsiWbChunkSize", 1, 0xffffff, NULL, NULL},
    {"ScsiWbChunkAlign", 1, 0xffffff, NULL, NULL},
    {"ScsiWbBufferId", 0, 255, NULL, NULL},
    {"ScsiWbOffsetUnit", 1, 0xffffff, NULL, NULL},
    {"ScsiWbTimeout", 1, 86400, NULL, NULL},
    {"ScsiWbTimeoutLast", 1, 86400, NULL, NULL},
    {"ScsiWbVersionPage", 0x00, 0xff, NULL, NULL},
    {"ScsiWbVersionOffset", 4, 251, NULL, NULL},
    {"ScsiWbVersionSize", 1, 64, NULL, NULL},
    {"ScsiWbReadiness", 1, 0, NULL, "ready,not-ready,any"},
};

static gboolean
fuzz_quirk_value_has_word(const gchar *words, const gchar *value)
{
	g_auto(GStrv) all = g_strsplit(words != NULL ? words : "", ",", -1);
	return g_strv_contains((const gchar *const *)all, value);
}

/* "Numbers are decimal, or hexadecimal with 0x" */
static gboolean
fuzz_quirk_value_to_number(const gchar *value, guint64 *number)
{
	guint base = g_str_has_prefix(value, "0x") ? 16 : 10;

	*number = 0;
	if (base == 16)
		value += 2;
	if (*value == '\0')
		return FALSE;
	for (; *value != '\0'; value++) {
		gint digit = base == 16 ? g_ascii_xdigit_value(*value)
					: g_ascii_digit_value(*value);
		if (digit < 0)
			return FALSE;
		*number = MIN(*number * base + (guint)digit, G_MAXUINT32);
	}
	return TRUE;
}

gint
fuzz_quirk_value_is_good(const gchar *key, const gchar *value)
{
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		guint64 number;

		if (!g_str_equal(keys[i].key, key))
			continue;
		if (fuzz_quirk_value_has_word(keys[i].words, value))
			return 1;
		if (!fuzz_quirk_value_to_number(value, &number))
			return 0;
		if (number < keys[i].min || number > keys[i].max)
			return 0;
		return keys[i].only == NULL || strchr((const gchar *)keys[i].only, (gint)number);
	}
	return -1;
}
