/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 the scsi-wb developers */

/* A defect for the gate to find: the NULL case of a pointer is looked at, and then forgotten. */

#include <glib.h>

guint
planted(const guint8 *sense);

guint
planted(const guint8 *sense)
{
	guint key = 0;

	if (sense == NULL)
		key = 1;
	return key + sense[2];
}
