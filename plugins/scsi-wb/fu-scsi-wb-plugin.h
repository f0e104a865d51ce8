/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

/* the type is there only as one of fwupd's own plugins; a module has fu_plugin_init_vfuncs() */
G_DECLARE_FINAL_TYPE(FuScsiWbPlugin, fu_scsi_wb_plugin, FU, SCSI_WB_PLUGIN, FuPlugin)
