/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

/**
 * FuScsiWbLimits:
 * @transfer_max_bytes: the most that host adapter and kernel take in one command, 0 if unknown
 *
 * What the way to the device allows. All zero is a way that nothing is known of.
 **/
typedef struct {
	gsize transfer_max_bytes;
} FuScsiWbLimits;

FuScsiWbLimits
fu_scsi_wb_limits_read(FuUdevDevice *udev_device) G_GNUC_NON_NULL(1);
void
fu_scsi_wb_limits_reserve(FuUdevDevice *udev_device, gsize transfer_bytes) G_GNUC_NON_NULL(1);
