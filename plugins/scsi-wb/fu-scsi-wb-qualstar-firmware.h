/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-firmware.h"

#define FU_TYPE_SCSI_WB_QUALSTAR_FIRMWARE (fu_scsi_wb_qualstar_firmware_get_type())
G_DECLARE_FINAL_TYPE(FuScsiWbQualstarFirmware,
		     fu_scsi_wb_qualstar_firmware,
		     FU,
		     SCSI_WB_QUALSTAR_FIRMWARE,
		     FuScsiWbFirmware)
