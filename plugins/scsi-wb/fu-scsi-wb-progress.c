/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-progress.h"

/**
 * fu_scsi_wb_progress_cb:
 * @user_data: a #FuScsiWbProgress
 * @done_bytes: how much of the image the device has accepted
 * @total_bytes: the size of the image
 *
 * Tells of the first segment, of the last one, and of one now and then in between; a
 * #FuScsiWbDownloadProgressFunc.
 **/
void
fu_scsi_wb_progress_cb(gpointer user_data, gsize done_bytes, gsize total_bytes)
{
	FuScsiWbProgress *self = user_data;
	gint64 now_us = g_get_monotonic_time();

	if (done_bytes < total_bytes && now_us < self->next_us)
		return;
	self->next_us = now_us + FU_SCSI_WB_PROGRESS_US;
	fu_progress_set_percentage_full(self->progress, done_bytes, total_bytes);
}
