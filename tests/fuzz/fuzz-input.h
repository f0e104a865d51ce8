/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

/**
 * FuzzInput:
 * @data: what the fuzzer made up
 * @size: size of @data
 * @pos: how much of it was used
 *
 * Bytes that stand for numbers and choices. After the last one everything is 0.
 **/
typedef struct {
	const guint8 *data;
	gsize size;
	gsize pos;
} FuzzInput;

/**
 * fuzz_input_byte:
 * @self: an input
 *
 * Returns: the next byte
 **/
guint8
fuzz_input_byte(FuzzInput *self);

/**
 * fuzz_input_number:
 * @self: an input
 * @max: the largest number that is wanted
 *
 * Takes a number in which borders are as frequent as they matter: by the first byte it is a small
 * one, a power of two, one less than that, or what follows in up to eight bytes.
 *
 * Returns: a number from 0 to @max
 **/
guint64
fuzz_input_number(FuzzInput *self, guint64 max);

/**
 * fuzz_input_take:
 * @self: an input
 * @bytes: in and out: how many bytes are wanted, and how many there are
 *
 * Returns: (transfer none): the next bytes
 **/
const guint8 *
fuzz_input_take(FuzzInput *self, gsize *bytes);
