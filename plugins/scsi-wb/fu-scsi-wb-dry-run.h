/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-caps.h"
#include "fu-scsi-wb-device.h"
#include "fu-scsi-wb-plan.h"

/**
 * FuScsiWbDryRun:
 * @caps: what the device says
 * @limits: what the host allows
 * @traits: what holds
 * @plan: what an update would send
 * @usage: (nullable): what the disk is used for
 * @refusal: (nullable): why an update would be refused, although there is a plan
 *
 * All that an update decides before it sends the first segment.
 **/
typedef struct {
	FuScsiWbCaps caps;
	FuScsiWbLimits limits;
	FuScsiWbTraits traits;
	FuScsiWbPlan *plan;
	gchar *usage;
	gchar *refusal;
} FuScsiWbDryRun;

FuScsiWbDryRun *
fu_scsi_wb_dry_run_new(FuScsiWbDevice *device,
		       const FuScsiWbLimits *limits,
		       gsize image_bytes,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
void
fu_scsi_wb_dry_run_free(FuScsiWbDryRun *self);
void
fu_scsi_wb_dry_run_ask_all(FuScsiWbDevice *device) G_GNUC_NON_NULL(1);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FuScsiWbDryRun, fu_scsi_wb_dry_run_free)
