/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-update.h"

void
fu_scsi_wb_pending_mark(FuScsiWbActivation activation, FuDevice *device) G_GNUC_NON_NULL(2);
FuScsiWbActivation
fu_scsi_wb_pending_find(const FuScsiWbTraits *traits) G_GNUC_NON_NULL(1);
gchar *
fu_scsi_wb_pending_describe(FuScsiWbActivation activation,
			    const FuScsiWbIdentity *identity,
			    const gchar *node) G_GNUC_NON_NULL(2);
void
fu_scsi_wb_pending_restore(const FuScsiWbUpdate *update) G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_pending_get_results(const FuScsiWbUpdate *update,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
