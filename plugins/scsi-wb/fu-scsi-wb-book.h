/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

gchar *
fu_scsi_wb_book_write_table(const GPtrArray *rows) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
gchar *
fu_scsi_wb_book_write_summary(const GPtrArray *rows) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
