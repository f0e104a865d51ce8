/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-update.h"

/**
 * FuScsiWbShare:
 * @sent: (nullable): checksum of the image that this logical unit has taken for all of its target
 * @given: (nullable): checksum of the image that another one has taken, for this one, too
 * @result: what has to follow after either
 *
 * Firmware that several logical units of a target have in common.
 **/
typedef struct {
	gchar *sent;
	gchar *given;
	FuScsiWbUpdateResult result;
} FuScsiWbShare;

void
fu_scsi_wb_share_clear(FuScsiWbShare *self) G_GNUC_NON_NULL(1);
void
fu_scsi_wb_share_set_sent(FuScsiWbShare *self, GBytes *blob, const FuScsiWbUpdateResult *result)
    G_GNUC_NON_NULL(1, 2, 3);
gboolean
fu_scsi_wb_share_give(const FuScsiWbShare *self, FuScsiWbShare *other) G_GNUC_NON_NULL(1, 2);
gboolean
fu_scsi_wb_share_take(FuScsiWbShare *self,
		      GBytes *blob,
		      FuScsiWbUpdateResult *result) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1, 2, 3);
