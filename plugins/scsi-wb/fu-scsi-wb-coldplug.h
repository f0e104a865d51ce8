/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

/**
 * FuScsiWbColdplugCreatedFunc:
 *
 * Told of a device before it is probed, as fwupd tells plugins.
 **/
typedef gboolean (*FuScsiWbColdplugCreatedFunc)(FuPlugin *plugin,
						FuDevice *device,
						GError **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean
fu_scsi_wb_coldplug_is_needed(FuPlugin *plugin) G_GNUC_NON_NULL(1);
void
fu_scsi_wb_coldplug_run(FuPlugin *plugin, FuScsiWbColdplugCreatedFunc created_func)
    G_GNUC_NON_NULL(1, 2);
