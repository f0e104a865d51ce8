/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-share.h"
#include "fu-scsi-wb-update.h"

/**
 * FuScsiWbInstall:
 * @is_downloaded: a whole image was accepted and not yet looked after
 * @is_proven: the device is seen to run the last image, or to wait for what brings it into use;
 * whoever begins an installation clears it
 * @may_keep_revision: the user asked for the same version once more
 * @result: what has to follow then
 * @share: firmware that the device has in common with other logical units of its target
 *
 * What is remembered from one phase of an installation to the next; the daemon closes the device
 * in between.
 **/
typedef struct {
	gboolean is_downloaded;
	gboolean is_proven;
	gboolean may_keep_revision;
	FuScsiWbUpdateResult result;
	FuScsiWbShare share;
} FuScsiWbInstall;

gboolean
fu_scsi_wb_install_write(FuScsiWbInstall *self,
			 const FuScsiWbUpdate *update,
			 GBytes *image,
			 FwupdInstallFlags flags,
			 FuScsiWbDownloadProgressFunc progress_func,
			 gpointer user_data,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2, 3);
gboolean
fu_scsi_wb_install_wait(FuScsiWbInstall *self,
			const FuScsiWbUpdate *update,
			GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
gboolean
fu_scsi_wb_install_finish(FuScsiWbInstall *self,
			  const FuScsiWbUpdate *update,
			  gchar **revision,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2, 3);
