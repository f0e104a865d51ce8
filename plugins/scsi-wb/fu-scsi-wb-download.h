/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-plan.h"
#include "fu-scsi-wb-transport.h"

/**
 * FuScsiWbDownloadProgressFunc:
 * @user_data: as in #FuScsiWbDownloadRequest
 * @done_bytes: how much of the image the device has accepted
 * @total_bytes: the size of the image
 *
 * Called after every accepted segment; never goes back, not even if the download starts over.
 **/
typedef void (*FuScsiWbDownloadProgressFunc)(gpointer user_data,
					     gsize done_bytes,
					     gsize total_bytes);

/**
 * FuScsiWbDownloadRequest:
 * @image: the image, of the size that the plan was made for
 * @progress_func: (nullable): told of every accepted segment
 * @user_data: for @progress_func
 * @may_shrink: (out): the kernel has refused the first segment for its size, and the device has
 * accepted nothing
 * @is_deferred: (out): the device took the last segment and said that its microcode waits
 **/
typedef struct {
	const guint8 *image;
	FuScsiWbDownloadProgressFunc progress_func;
	gpointer user_data;
	gboolean may_shrink;
	gboolean is_deferred;
} FuScsiWbDownloadRequest;

const FuScsiWbPlan *
fu_scsi_wb_download_run(FuScsiWbTransport *transport,
			const FuScsiWbPlan *plan,
			FuScsiWbDownloadRequest *request,
			GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2, 3);
gboolean
fu_scsi_wb_download_activate(FuScsiWbTransport *transport,
			     const FuScsiWbSegment *activate,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
