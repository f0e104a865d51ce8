/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

#include "fu-scsi-wb-identity.h"

/**
 * FuScsiWbPaths:
 * @class_dir: (nullable): folder in /sys with all SCSI generic nodes, %NULL if there is none
 * @nodes: (element-type utf8): folders in /sys of the nodes that lead to the logical unit; the
 * first one is in use
 *
 * The ways to one logical unit.
 **/
typedef struct {
	gchar *class_dir;
	GPtrArray *nodes;
} FuScsiWbPaths;

FuScsiWbPaths *
fu_scsi_wb_paths_new(void) G_GNUC_WARN_UNUSED_RESULT;
FuScsiWbPaths *
fu_scsi_wb_paths_copy(const FuScsiWbPaths *self) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
void
fu_scsi_wb_paths_free(FuScsiWbPaths *self);
FuScsiWbIdentity *
fu_scsi_wb_paths_read_name(const gchar *node_dir) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
void
fu_scsi_wb_paths_start(FuScsiWbPaths *self, const gchar *node_dir) G_GNUC_NON_NULL(1, 2);
void
fu_scsi_wb_paths_add_node(FuScsiWbPaths *self, const gchar *node_dir) G_GNUC_NON_NULL(1, 2);
void
fu_scsi_wb_paths_refresh(FuScsiWbPaths *self, const FuScsiWbIdentity *identity)
    G_GNUC_NON_NULL(1, 2);
const gchar *
fu_scsi_wb_paths_choose(FuScsiWbPaths *self,
			const FuScsiWbIdentity *identity) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1, 2);
gboolean
fu_scsi_wb_paths_move(FuScsiWbPaths *self,
		      const FuScsiWbIdentity *identity,
		      FuUdevDevice *udev_device) G_GNUC_NON_NULL(1, 2, 3);
gboolean
fu_scsi_wb_paths_find_again(FuScsiWbPaths *self,
			    const FuScsiWbIdentity *identity,
			    FuUdevDevice *udev_device) G_GNUC_NON_NULL(1, 2, 3);
gboolean
fu_scsi_wb_paths_open(FuUdevDevice *udev_device, GError **error) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);
void
fu_scsi_wb_paths_reopen(FuScsiWbPaths *self,
			const FuScsiWbIdentity *identity,
			FuUdevDevice *udev_device) G_GNUC_NON_NULL(1, 2, 3);
GPtrArray *
fu_scsi_wb_paths_get_units(const FuScsiWbPaths *self, gboolean all_units) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_paths_share_target(const FuScsiWbPaths *self, const FuScsiWbPaths *other)
    G_GNUC_NON_NULL(1, 2);
guint
fu_scsi_wb_paths_get_rank(const gchar *state, const gchar *access_state);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FuScsiWbPaths, fu_scsi_wb_paths_free)
