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
 * FuScsiWbDownloadHelpFunc:
 * @help_data: as in #FuScsiWbDownloadRequest
 * @action: %FU_SCSI_WB_ACTION_IDENTIFY or %FU_SCSI_WB_ACTION_START
 * @error: (nullable): optional return location for an error
 *
 * Called where the first segment needs another command before it can go again; the device then has
 * nothing of the image, or has dropped what it had. Returns %FALSE with an error if there is no
 * use in going on.
 **/
typedef gboolean (*FuScsiWbDownloadHelpFunc)(gpointer help_data,
					     FuScsiWbAction action,
					     GError **error);

/**
 * FuScsiWbDownloadRequest:
 * @image: the image, of the size that the plan was made for
 * @progress_func: (nullable): told of every accepted segment
 * @user_data: for @progress_func
 * @help_func: (nullable): helps where the first segment needs another command before it
 * @help_data: for @help_func
 * @refused: (out): the first segment, if it was refused for its size and the device has accepted
 * nothing; else all zero
 * @doubted: (out) (nullable): the plan that has failed with its last segment, which activates at
 * once, and whose answer is lost: only an INQUIRY shows whether the device has it
 * @activation_s: (out): how long the device says that its activation takes, 0 if it does not say
 * @is_deferred: (out): the device took the last segment and said that its microcode waits
 **/
typedef struct {
	const guint8 *image;
	FuScsiWbDownloadProgressFunc progress_func;
	gpointer user_data;
	FuScsiWbDownloadHelpFunc help_func;
	gpointer help_data;
	FuScsiWbSegment refused;
	const FuScsiWbPlan *doubted;
	guint activation_s;
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
			     guint *wait_ms,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2, 3);
