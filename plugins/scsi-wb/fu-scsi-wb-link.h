/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-caps.h"
#include "fu-scsi-wb-transport.h"

guint
fu_scsi_wb_link_count_patterns(const FuScsiWbCaps *caps, gsize *pattern_bytes) G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_link_check(FuScsiWbTransport *transport,
		      const FuScsiWbCaps *caps,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
