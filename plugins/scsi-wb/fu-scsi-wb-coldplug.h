/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

gboolean
fu_scsi_wb_coldplug_is_needed(FuPlugin *plugin) G_GNUC_NON_NULL(1);
void
fu_scsi_wb_coldplug_run(FuPlugin *plugin) G_GNUC_NON_NULL(1);
