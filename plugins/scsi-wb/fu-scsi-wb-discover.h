/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-caps.h"
#include "fu-scsi-wb-profile.h"
#include "fu-scsi-wb-transport.h"

FuScsiWbCaps
fu_scsi_wb_discover_run(FuScsiWbTransport *transport, const FuScsiWbProfile *profile)
    G_GNUC_NON_NULL(1, 2);
FuScsiWbCaps
fu_scsi_wb_discover_modes(FuScsiWbTransport *transport, const FuScsiWbProfile *profile)
    G_GNUC_NON_NULL(1, 2);
