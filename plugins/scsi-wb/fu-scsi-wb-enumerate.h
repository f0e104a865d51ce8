/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

gboolean
fu_scsi_wb_enumerate_add_donor(FuPlugin *plugin,
			       FuDevice *donor,
			       FuProgress *progress,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
gboolean
fu_scsi_wb_enumerate_removed(FuPlugin *plugin, FuDevice *device, GError **error)
    G_GNUC_NON_NULL(1, 2);
