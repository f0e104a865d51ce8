/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-lint.h"

void
fu_scsi_wb_lint_entry_check(FuScsiWbLint *self, const FuScsiWbQuirkRow *row) G_GNUC_NON_NULL(1, 2);
