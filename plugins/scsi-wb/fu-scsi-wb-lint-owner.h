/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

void
fu_scsi_wb_lint_owner_check(const gchar *file, GPtrArray *findings) G_GNUC_NON_NULL(1, 2);
