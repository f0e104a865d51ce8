/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

#include "fu-scsi-wb-identity.h"

gchar *
fu_scsi_wb_sysfs_read_text(FuUdevDevice *udev_device, const gchar *attr) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1, 2);
FuScsiWbIdentity *
fu_scsi_wb_sysfs_read_identity(FuUdevDevice *udev_device, GError **error) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_sysfs_check_ours(FuUdevDevice *udev_device,
			    const FuScsiWbIdentity *identity,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
gboolean
fu_scsi_wb_sysfs_read_location(FuUdevDevice *udev_device,
			       gchar **target_path,
			       guint64 *lun,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2, 3);
gboolean
fu_scsi_wb_sysfs_check_node(FuUdevDevice *udev_device, GError **error) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);
