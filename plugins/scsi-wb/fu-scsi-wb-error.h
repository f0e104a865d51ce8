/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-policy.h"
#include "fu-scsi-wb-sense.h"

void
fu_scsi_wb_error_set_verdict(const FuScsiWbVerdict *verdict, GError **error) G_GNUC_NON_NULL(1);
void
fu_scsi_wb_error_set_at(const FuScsiWbVerdict *verdict, FuScsiWbPlace place, GError **error)
    G_GNUC_NON_NULL(1);
