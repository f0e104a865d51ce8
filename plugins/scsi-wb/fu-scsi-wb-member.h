/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-install.h"

/**
 * FuScsiWbOrder:
 * @firmware: the image file; only read
 * @image: what a device is sent of it
 * @flags: what the user allows
 *
 * What all members of a shelf are updated with. Nothing in it is owned.
 **/
typedef struct {
	FuFirmware *firmware;
	GBytes *image;
	FwupdInstallFlags flags;
} FuScsiWbOrder;

typedef struct _FuScsiWbMember FuScsiWbMember;

FuScsiWbMember *
fu_scsi_wb_member_new(const FuScsiWbUpdate *update,
		      const FuScsiWbOrder *order) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
void
fu_scsi_wb_member_free(FuScsiWbMember *self);
const FuScsiWbOrder *
fu_scsi_wb_member_get_order(const FuScsiWbMember *self) G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_member_run(FuScsiWbMember *self) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
void
fu_scsi_wb_member_skip(FuScsiWbMember *self) G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_member_was_skipped(FuScsiWbMember *self) G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_member_join(FuScsiWbMember *self,
		       GBytes *image,
		       FuProgress *progress,
		       FuScsiWbInstall *install,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2, 3, 4);
gboolean
fu_scsi_wb_member_check_back(FuScsiWbMember *self, GError **error) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FuScsiWbMember, fu_scsi_wb_member_free)
