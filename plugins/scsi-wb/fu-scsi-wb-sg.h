/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-transport.h"

void
fu_scsi_wb_sg_init_node(FuUdevDevice *udev_device) G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_sg_send(gpointer user_data,
		   const FuScsiWbCommand *command,
		   FuScsiWbResult *result,
		   GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2, 3);
void
fu_scsi_wb_sg_sleep(gpointer user_data, guint delay_ms) G_GNUC_NON_NULL(1);
