/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-firmware.h"

#define FU_TYPE_SCSI_WB_SEAGATE_FIRMWARE (fu_scsi_wb_seagate_firmware_get_type())
G_DECLARE_FINAL_TYPE(FuScsiWbSeagateFirmware,
		     fu_scsi_wb_seagate_firmware,
		     FU,
		     SCSI_WB_SEAGATE_FIRMWARE,
		     FuScsiWbFirmware)
