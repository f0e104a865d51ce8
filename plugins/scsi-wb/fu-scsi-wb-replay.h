/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

void
fu_scsi_wb_replay_watch(FuPlugin *plugin, FuBackend *backend) G_GNUC_NON_NULL(1, 2);
