/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-update.h"

gboolean
fu_scsi_wb_settle_is_new(const FuScsiWbUpdate *update, const gchar *revision) G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_settle_activate(const FuScsiWbUpdate *update,
			   const FuScsiWbSegment *activate,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
gboolean
fu_scsi_wb_settle_doubt(const FuScsiWbUpdate *update, guint wait_ms) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_settle_wait(const FuScsiWbUpdate *update,
		       FuScsiWbUpdateResult *result,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
