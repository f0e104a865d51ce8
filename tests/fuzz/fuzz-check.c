/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fuzz-check.h"

void
fuzz_check_text(const gchar *text)
{
	g_assert_nonnull(text);
	g_assert_cmpint(*text, !=, '\0');
	g_assert_true(g_utf8_validate(text, -1, NULL));
	for (const gchar *c = text; *c != '\0'; c = g_utf8_next_char(c))
		g_assert_false(g_unichar_iscntrl(g_utf8_get_char(c)));
}

void
fuzz_check_words(const gchar *words)
{
	fuzz_check_text(words);

	/* what printf() makes of a string that is not there */
	g_assert_null(g_strstr_len(words, -1, "(null)"));
}

void
fuzz_check_error(const GError *error)
{
	g_assert_nonnull(error);
	g_assert_cmpstr(g_quark_to_string(error->domain), ==, g_quark_to_string(FWUPD_ERROR));
	g_assert_nonnull(fwupd_error_to_string(error->code));
	fuzz_check_text(error->message);
}

void
fuzz_check_refusal(const GError *error, FwupdError code)
{
	fuzz_check_error(error);
	g_assert_cmpstr(fwupd_error_to_string(error->code), ==, fwupd_error_to_string(code));
}
