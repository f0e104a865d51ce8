/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

gboolean
fu_scsi_wb_fact_is_replayed(FuUdevDevice *udev_device) G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_fact_is_recorded(FuUdevDevice *udev_device) G_GNUC_NON_NULL(1);
void
fu_scsi_wb_fact_save(FuUdevDevice *udev_device, const gchar *id, const gchar *text)
    G_GNUC_NON_NULL(1, 2);
gchar *
fu_scsi_wb_fact_load(FuUdevDevice *udev_device, const gchar *id) G_GNUC_NON_NULL(1, 2);
