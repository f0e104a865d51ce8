/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 the scsi-wb developers */

/* A defect for the gates to find: texts that nobody frees, as an error is easily left behind. There
 * are some of them, because the address of the last may still lie on the stack. */

#include <glib.h>
#include <string.h>

#define PLANTED_TEXTS 16

static gsize __attribute__((noinline)) planted_leak(void)
{
	gsize bytes = 0;

	for (guint i = 0; i < PLANTED_TEXTS; i++) {
		gchar *text = g_strdup_printf("segment %u", i);
		bytes += strlen(text);
	}
	return bytes;
}

int
main(void)
{
	g_print("%" G_GSIZE_FORMAT " bytes\n", planted_leak());
	return 0;
}
