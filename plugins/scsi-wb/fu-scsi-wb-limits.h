/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

/**
 * FuScsiWbLimits:
 * @transfer_max_bytes: the most that goes in one command, 0 if unknown
 * @source: (nullable): what says so, for people
 *
 * What the way to the device allows. All zero is a way that nothing is known of.
 **/
typedef struct {
	gsize transfer_max_bytes;
	const gchar *source;
} FuScsiWbLimits;

/**
 * FuScsiWbLimitsFacts:
 * @sectors_bytes: what BLKSECTGET says of a SCSI generic node, in bytes, 0 if it does not
 * @table_size: what SG_GET_SG_TABLESIZE says of it, 0 if it does not
 * @max_hw_sectors_kb: (nullable): the attribute of a disk's request queue, as text
 * @max_segments: (nullable): as above
 * @page_bytes: the size of a page of memory
 *
 * What the kernel says of the host adapter.
 **/
typedef struct {
	guint64 sectors_bytes;
	guint64 table_size;
	const gchar *max_hw_sectors_kb;
	const gchar *max_segments;
	guint64 page_bytes;
} FuScsiWbLimitsFacts;

FuScsiWbLimits
fu_scsi_wb_limits_resolve(const FuScsiWbLimitsFacts *facts) G_GNUC_NON_NULL(1);
void
fu_scsi_wb_limits_lower(FuScsiWbLimits *self, gsize transfer_bytes, const gchar *source)
    G_GNUC_NON_NULL(1, 3);
FuScsiWbLimits
fu_scsi_wb_limits_read(FuUdevDevice *udev_device) G_GNUC_NON_NULL(1);
gsize
fu_scsi_wb_limits_reserve(FuUdevDevice *udev_device, gsize transfer_bytes) G_GNUC_NON_NULL(1);
