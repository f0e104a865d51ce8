/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

/* fwupd tells all its clients of each percent, which takes it longer than a segment takes a fast
 * device: as often as people look is enough */
#define FU_SCSI_WB_PROGRESS_US (G_USEC_PER_SEC / 4)

/**
 * FuScsiWbProgress:
 * @progress: is to be told
 * @next_us: not before then, by the monotonic clock
 *
 * Somebody who wants to know how far a download is, but not at each segment.
 **/
typedef struct {
	FuProgress *progress;
	gint64 next_us;
} FuScsiWbProgress;

void
fu_scsi_wb_progress_cb(gpointer user_data, gsize done_bytes, gsize total_bytes);
