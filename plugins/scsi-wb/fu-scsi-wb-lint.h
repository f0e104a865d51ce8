/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-quirk-file.h"

/**
 * FuScsiWbLintApplyFunc:
 * @key: one of fwupd's own quirk keys
 * @value: its text
 * @error: (nullable): optional return location for an error
 *
 * Lets fwupd itself take a line of a row, for a device that is thrown away.
 *
 * Returns: %TRUE if it does
 **/
typedef gboolean (*FuScsiWbLintApplyFunc)(const gchar *key, const gchar *value, GError **error);

/**
 * FuScsiWbLint:
 * @rows: (element-type FuScsiWbQuirkRow): of all files
 * @findings: (element-type utf8): `FILE:LINE: [ROW]: TEXT`, in the order of @rows
 * @models: (nullable): (element-type utf8): IDs of the rows for which there is a simulated device
 * @apply: lets fwupd take its own keys
 *
 * What quirk files say, and what is wrong with them.
 **/
typedef struct {
	GPtrArray *rows;
	GPtrArray *findings;
	GHashTable *models;
	FuScsiWbLintApplyFunc apply;
} FuScsiWbLint;

FuScsiWbLint *
fu_scsi_wb_lint_new(FuScsiWbLintApplyFunc apply) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
void
fu_scsi_wb_lint_free(FuScsiWbLint *self);
void
fu_scsi_wb_lint_add_file(FuScsiWbLint *self, const gchar *file, GBytes *blob)
    G_GNUC_NON_NULL(1, 2, 3);
void
fu_scsi_wb_lint_add_models(FuScsiWbLint *self, const gchar *text) G_GNUC_NON_NULL(1, 2);
void
fu_scsi_wb_lint_report(FuScsiWbLint *self,
		       const FuScsiWbQuirkRow *row,
		       guint line,
		       const gchar *format,
		       ...) G_GNUC_PRINTF(4, 5);
void
fu_scsi_wb_lint_run(FuScsiWbLint *self) G_GNUC_NON_NULL(1);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FuScsiWbLint, fu_scsi_wb_lint_free)
