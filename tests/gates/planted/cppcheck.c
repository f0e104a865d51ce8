/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 the scsi-wb developers */

/* A defect for the gate to find: one more than the last byte. */

#include <glib.h>

guint8
planted(void);

guint8
planted(void)
{
	guint8 cdb[10] = {0};

	for (guint i = 0; i <= 10; i++)
		cdb[i] = 0x3b;
	return cdb[0];
}
