/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 the scsi-wb developers */

/* A defect for the gate to find: what is right only on a machine whose lowest byte comes first. */

#include <glib.h>
#include <string.h>

int
main(void)
{
	const guint8 buf[4] = {0x00, 0x00, 0x02, 0x00};
	guint32 field = 0;

	memcpy(&field, buf, sizeof(field));
	field = GUINT32_SWAP_LE_BE(field);
	g_print("field of 512 is %u\n", field);
	return field == 512 ? 0 : 1;
}
