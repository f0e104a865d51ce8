/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

/**
 * fuzz_check_text:
 * @text: what a person may get to see
 *
 * Asserts that it is there, valid UTF-8, and has no control characters, which would go to a
 * terminal, a log and the bus.
 **/
void
fuzz_check_text(const gchar *text);

/**
 * fuzz_check_words:
 * @words: a text in which nothing is quoted
 *
 * Asserts the same, and that no part of it is missing.
 **/
void
fuzz_check_words(const gchar *words);

/**
 * fuzz_check_error:
 * @error: why something was refused
 *
 * Asserts that it is an error of fwupd's with a text for people.
 **/
void
fuzz_check_error(const GError *error);

/**
 * fuzz_check_refusal:
 * @error: why something was refused
 * @code: the code that is documented
 *
 * Asserts both.
 **/
void
fuzz_check_refusal(const GError *error, FwupdError code);
