/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 the scsi-wb developers */

/* A defect for the gate to find: what an early return has freed is freed once more. */

#include <stdlib.h>

int
planted(const char *text);

int
planted(const char *text)
{
	char *copy = malloc(16);

	if (copy == NULL)
		return -1;
	copy[0] = text[0];
	if (copy[0] == '#')
		free(copy);
	free(copy);
	return 0;
}
