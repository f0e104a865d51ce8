/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-identity.h"

gchar *
fu_scsi_wb_rows_new_dir(const gchar *const *files,
			const gchar *const *settings,
			const FuScsiWbIdentity *identity,
			GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2, 3);
void
fu_scsi_wb_rows_remove_dir(const gchar *dir) G_GNUC_NON_NULL(1);
gchar **
fu_scsi_wb_rows_find(FuContext *ctx, const FuScsiWbIdentity *identity) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1, 2);
