/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

/**
 * FuScsiWbQuirkEntry:
 * @key: what stands before the first `=`, without blanks around it
 * @value: what stands behind it, without blanks around it
 * @line: where in the file, from 1
 *
 * One line of a quirk row.
 **/
typedef struct {
	gchar *key;
	gchar *value;
	guint line;
} FuScsiWbQuirkEntry;

/**
 * FuScsiWbQuirkRow:
 * @file: the name of its file
 * @line: where in it the row begins, from 1
 * @id: what stands between the brackets
 * @entries: (element-type FuScsiWbQuirkEntry): its lines, in order
 * @family: (nullable): `Family:` of the comment above it
 * @source: (nullable): `Source:` of that comment
 * @disclaimer: (nullable): `Does not promise:` of that comment
 *
 * One row of a quirk file. Rows without an empty line between them share a comment.
 **/
typedef struct {
	gchar *file;
	guint line;
	gchar *id;
	GPtrArray *entries;
	gchar *family;
	gchar *source;
	gchar *disclaimer;
} FuScsiWbQuirkRow;

void
fu_scsi_wb_quirk_row_free(FuScsiWbQuirkRow *self);
const FuScsiWbQuirkEntry *
fu_scsi_wb_quirk_row_find(const FuScsiWbQuirkRow *self, const gchar *key) G_GNUC_NON_NULL(1, 2);
gchar *
fu_scsi_wb_quirk_row_get_part(const FuScsiWbQuirkRow *self,
			      const gchar *name) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
gboolean
fu_scsi_wb_quirk_file_parse(const gchar *file, GBytes *blob, GPtrArray *rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2, 3);
