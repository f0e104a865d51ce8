/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-kind.h"

/* the last row is for all other types */
static const FuScsiWbKind kinds[] = {
    {FU_SCSI_WB_PERIPHERAL_TYPE_DISK,
     "SCSI disk",
     "drive-harddisk",
     FU_SCSI_WB_READINESS_READY,
     TRUE},
    {FU_SCSI_WB_PERIPHERAL_TYPE_SIMPLIFIED_DISK,
     "SCSI disk",
     "drive-harddisk",
     FU_SCSI_WB_READINESS_READY,
     TRUE},
    {FU_SCSI_WB_PERIPHERAL_TYPE_ZONED_DISK,
     "SCSI zoned disk",
     "drive-harddisk",
     FU_SCSI_WB_READINESS_READY,
     TRUE},
    {FU_SCSI_WB_PERIPHERAL_TYPE_TAPE,
     "SCSI tape drive",
     "media-tape",
     FU_SCSI_WB_READINESS_ANY,
     FALSE},
    {FU_SCSI_WB_PERIPHERAL_TYPE_CHANGER,
     "SCSI tape library",
     "media-tape",
     FU_SCSI_WB_READINESS_ANY,
     FALSE},
    {FU_SCSI_WB_PERIPHERAL_TYPE_OPTICAL,
     "SCSI optical drive",
     "drive-optical",
     FU_SCSI_WB_READINESS_ANY,
     FALSE},
    {FU_SCSI_WB_PERIPHERAL_TYPE_OPTICAL_MEMORY,
     "SCSI optical drive",
     "drive-optical",
     FU_SCSI_WB_READINESS_ANY,
     FALSE},
    {FU_SCSI_WB_PERIPHERAL_TYPE_ENCLOSURE,
     "SCSI enclosure",
     "drive-multidisk",
     FU_SCSI_WB_READINESS_ANY,
     FALSE},
    {FU_SCSI_WB_PERIPHERAL_TYPE_ARRAY,
     "SCSI storage array",
     "drive-multidisk",
     FU_SCSI_WB_READINESS_ANY,
     FALSE},
    {FU_SCSI_WB_PERIPHERAL_TYPE_UNKNOWN,
     "SCSI device",
     "drive-removable-media",
     FU_SCSI_WB_READINESS_ANY,
     FALSE},
};

/**
 * fu_scsi_wb_kind_find:
 * @type: peripheral device type
 *
 * Finds what is common to all devices of a type.
 *
 * Returns: (transfer none): a row, never %NULL
 **/
const FuScsiWbKind *
fu_scsi_wb_kind_find(FuScsiWbPeripheralType type)
{
	guint i = 0;
	while (i < G_N_ELEMENTS(kinds) - 1 && kinds[i].type != type)
		i++;
	return &kinds[i];
}
