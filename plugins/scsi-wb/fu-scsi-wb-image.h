/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-compat.h"
#include "fu-scsi-wb-profile.h"
#include "fu-scsi-wb-transport.h"

FuFirmware *
fu_scsi_wb_image_parse(const FuScsiWbProfile *profile,
		       FuDevice *device,
		       FuScsiWbStream *stream,
		       FuFirmwareParseFlags flags,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2, 3);
void
fu_scsi_wb_image_ensure_types(void);
GBytes *
fu_scsi_wb_image_get_bytes(FuFirmware *firmware, GError **error) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_image_check_device(FuScsiWbTransport *transport,
			      FuFirmware *firmware,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
