/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-seagate-firmware.h"

/* FreeBSD 2d614aa2, sbin/camcontrol/fwdownload.c: fw_read_img(): the header begins so, or is what
 * is left of the file after whole sectors */
#define FU_SCSI_WB_SEAGATE_MAGIC	"SEAGATE,SEAGATE "
#define FU_SCSI_WB_SEAGATE_HEADER_BYTES 80
#define FU_SCSI_WB_SEAGATE_SECTOR_BYTES 512

/* image files of Seagate's disks, with or without the header that only their own tools read */
struct _FuScsiWbSeagateFirmware {
	FuScsiWbFirmware parent_instance;
};

G_DEFINE_TYPE(FuScsiWbSeagateFirmware, fu_scsi_wb_seagate_firmware, FU_TYPE_SCSI_WB_FIRMWARE)

static gsize
fu_scsi_wb_seagate_firmware_get_header_bytes(const guint8 *buf, gsize bufsz)
{
	gsize magic_bytes = strlen(FU_SCSI_WB_SEAGATE_MAGIC);

	if (bufsz >= magic_bytes && memcmp(buf, FU_SCSI_WB_SEAGATE_MAGIC, magic_bytes) == 0)
		return FU_SCSI_WB_SEAGATE_HEADER_BYTES;
	if (bufsz % FU_SCSI_WB_SEAGATE_SECTOR_BYTES == FU_SCSI_WB_SEAGATE_HEADER_BYTES)
		return FU_SCSI_WB_SEAGATE_HEADER_BYTES;
	return 0;
}

static void
fu_scsi_wb_seagate_firmware_init(FuScsiWbSeagateFirmware *self)
{
}

static void
fu_scsi_wb_seagate_firmware_class_init(FuScsiWbSeagateFirmwareClass *klass)
{
	FU_SCSI_WB_FIRMWARE_CLASS(klass)->get_header_bytes =
	    fu_scsi_wb_seagate_firmware_get_header_bytes;
}
