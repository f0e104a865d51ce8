/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "fuzz-input.h"

guint8
fuzz_input_byte(FuzzInput *self)
{
	return self->pos < self->size ? self->data[self->pos++] : 0;
}

guint64
fuzz_input_number(FuzzInput *self, guint64 max)
{
	guint8 first = fuzz_input_byte(self);
	guint8 low = first & 0x3f;
	guint64 value = 0;

	switch (first >> 6) {
	case 0:
		value = low;
		break;
	case 1:
		value = 1ULL << low;
		break;
	case 2:
		value = (1ULL << low) - 1;
		break;
	default:
		for (guint i = 0; i <= (low & 0x07); i++)
			value = value << 8 | fuzz_input_byte(self);
		break;
	}
	return value <= max ? value : value % (max + 1);
}

const guint8 *
fuzz_input_take(FuzzInput *self, gsize *bytes)
{
	const guint8 *taken = self->data + self->pos;

	*bytes = MIN(*bytes, self->size - self->pos);
	self->pos += *bytes;
	return taken;
}
