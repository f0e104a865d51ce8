/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-identity.h"
#include "fu-scsi-wb-member.h"
#include "fu-scsi-wb-update.h"

#define FU_TYPE_SCSI_WB_DEVICE (fu_scsi_wb_device_get_type())
G_DECLARE_FINAL_TYPE(FuScsiWbDevice, fu_scsi_wb_device, FU, SCSI_WB_DEVICE, FuUdevDevice)

void
fu_scsi_wb_device_allow_unlisted(FuScsiWbDevice *self) G_GNUC_NON_NULL(1);
void
fu_scsi_wb_device_take_transport(FuScsiWbDevice *self, FuScsiWbTransport *transport)
    G_GNUC_NON_NULL(1, 2);
void
fu_scsi_wb_device_set_member(FuScsiWbDevice *self, FuScsiWbMember *member) G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_device_is_busy(FuScsiWbDevice *self) G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_device_is_proven(FuScsiWbDevice *self) G_GNUC_NON_NULL(1);
void
fu_scsi_wb_device_share(FuScsiWbDevice *self, FuScsiWbDevice *other) G_GNUC_NON_NULL(1, 2);
gboolean
fu_scsi_wb_device_match(FuScsiWbDevice *self,
			FuScsiWbIdentity *identity,
			GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
FuScsiWbUpdate
fu_scsi_wb_device_get_update(FuScsiWbDevice *self) G_GNUC_NON_NULL(1);
