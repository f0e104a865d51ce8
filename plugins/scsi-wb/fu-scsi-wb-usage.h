/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

gchar *
fu_scsi_wb_usage_find(GPtrArray *units, const gchar *proc_dir) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1, 2);
gchar *
fu_scsi_wb_usage_describe(GPtrArray *units) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
gchar *
fu_scsi_wb_usage_explain(const gchar *usage) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_usage_check(const gchar *usage, GError **error) G_GNUC_WARN_UNUSED_RESULT;
guint
fu_scsi_wb_usage_get_interval_ms(guint n_others);
