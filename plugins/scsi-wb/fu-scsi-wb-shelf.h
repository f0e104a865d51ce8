/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-device.h"

/* more than a shelf has slots */
#define FU_SCSI_WB_SHELF_PARALLEL_MAX 256

typedef struct _FuScsiWbShelf FuScsiWbShelf;

guint
fu_scsi_wb_shelf_parse_parallel(const gchar *value) G_GNUC_WARN_UNUSED_RESULT;
FuScsiWbShelf *
fu_scsi_wb_shelf_new(GPtrArray *devices, guint parallel) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);
void
fu_scsi_wb_shelf_free(FuScsiWbShelf *self);
void
fu_scsi_wb_shelf_see_firmware(FuScsiWbShelf *self,
			      FuDevice *device,
			      FuFirmware *firmware,
			      FwupdInstallFlags flags) G_GNUC_NON_NULL(1, 2, 3);
void
fu_scsi_wb_shelf_walk_on(FuScsiWbShelf *self, FuDevice *device) G_GNUC_NON_NULL(1, 2);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FuScsiWbShelf, fu_scsi_wb_shelf_free)
