/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-download.h"
#include "fu-scsi-wb-identity.h"
#include "fu-scsi-wb-obstacles.h"
#include "fu-scsi-wb-paths.h"

/* guess: from the status of the last command to the reset that it leads to */
#define FU_SCSI_WB_UPDATE_SETTLE_MS 10000

/**
 * FuScsiWbUpdate:
 * @transport: where the commands go
 * @udev_device: the open node, asked for the host's limits
 * @profile: what the quirk row says
 * @identity: whom the update is meant for, with the revision that it runs
 * @paths: all ways to it: a disk must not be in use by any of them
 * @obstacles: (nullable): what holds it back from the beginning, for who begins an update
 * @firmware: (nullable): the image file, for a download
 * @may_keep_revision: the same firmware was asked for once more
 *
 * What the steps of an update have in common. Nothing in it is owned.
 **/
typedef struct {
	FuScsiWbTransport *transport;
	FuUdevDevice *udev_device;
	const FuScsiWbProfile *profile;
	const FuScsiWbIdentity *identity;
	FuScsiWbPaths *paths;
	const FuScsiWbObstacles *obstacles;
	FuFirmware *firmware;
	gboolean may_keep_revision;
} FuScsiWbUpdate;

/**
 * FuScsiWbUpdateResult:
 * @activation: how the image that was accepted comes into use
 * @wait_ms: how long the device may take to be back after its last command
 * @affects_all_units: the image is for all logical units of the target, and is activated in all
 **/
typedef struct {
	FuScsiWbActivation activation;
	guint wait_ms;
	gboolean affects_all_units;
} FuScsiWbUpdateResult;

FuScsiWbPlan *
fu_scsi_wb_update_new_plan(const FuScsiWbUpdate *self,
			   const FuScsiWbCaps *caps,
			   FuScsiWbLimits *limits,
			   gsize image_bytes,
			   FuScsiWbTraits *traits,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2, 3, 5);
gboolean
fu_scsi_wb_update_download(const FuScsiWbUpdate *self,
			   GBytes *image,
			   FuScsiWbDownloadProgressFunc progress_func,
			   gpointer user_data,
			   FuScsiWbUpdateResult *result,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2, 5);
gchar *
fu_scsi_wb_update_verify(const FuScsiWbUpdate *self, GError **error) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);
gchar *
fu_scsi_wb_update_activate(const FuScsiWbUpdate *self, GError **error) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);
