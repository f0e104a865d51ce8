/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-paths.h"
#include "fu-scsi-wb-profile.h"

/**
 * FuScsiWbObstacle:
 * @FU_SCSI_WB_OBSTACLE_QUIRK: a quirk row that cannot work
 * @FU_SCSI_WB_OBSTACLE_SANDBOX: the daemon may not open the node
 * @FU_SCSI_WB_OBSTACLE_REVISION: the device does not say which firmware it runs
 * @FU_SCSI_WB_OBSTACLE_USAGE: somebody uses a disk that an update is likely to reset; whether one
 * does, its plan says
 * @FU_SCSI_WB_OBSTACLE_LAST: how many there are
 *
 * What holds a device back in the list.
 **/
typedef enum {
	FU_SCSI_WB_OBSTACLE_QUIRK,
	FU_SCSI_WB_OBSTACLE_SANDBOX,
	FU_SCSI_WB_OBSTACLE_REVISION,
	FU_SCSI_WB_OBSTACLE_USAGE,
	FU_SCSI_WB_OBSTACLE_LAST,
} FuScsiWbObstacle;

/**
 * FuScsiWbObstacles:
 * @texts: (nullable): for people, %NULL for what is no obstacle; owned
 **/
typedef struct {
	gchar *texts[FU_SCSI_WB_OBSTACLE_LAST];
} FuScsiWbObstacles;

void
fu_scsi_wb_obstacles_clear(FuScsiWbObstacles *self) G_GNUC_NON_NULL(1);
void
fu_scsi_wb_obstacles_set_one(FuScsiWbObstacles *self,
			     FuScsiWbObstacle obstacle,
			     const gchar *text,
			     FuDevice *device) G_GNUC_NON_NULL(1, 4);
void
fu_scsi_wb_obstacles_set_quirk(FuScsiWbObstacles *self, const gchar *text, FuDevice *device)
    G_GNUC_NON_NULL(1, 2, 3);
void
fu_scsi_wb_obstacles_set_profile(FuScsiWbObstacles *self,
				 const FuScsiWbProfile *profile,
				 FuDevice *device) G_GNUC_NON_NULL(1, 2, 3);
void
fu_scsi_wb_obstacles_set_usage(FuScsiWbObstacles *self, const gchar *usage, FuDevice *device)
    G_GNUC_NON_NULL(1, 3);
void
fu_scsi_wb_obstacles_find_usage(FuScsiWbObstacles *self,
				const FuScsiWbProfile *profile,
				const FuScsiWbPaths *paths,
				FuDevice *device) G_GNUC_NON_NULL(1, 2, 3, 4);
gboolean
fu_scsi_wb_obstacles_open(FuScsiWbObstacles *self,
			  FuUdevDevice *udev_device,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
gboolean
fu_scsi_wb_obstacles_check(const FuScsiWbObstacles *self, GError **error) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);
