/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-seagate-firmware.h"

/* FreeBSD 2d614aa2, sbin/camcontrol/fwdownload.c: fw_read_img(). That also takes 80 bytes away from
 * a file of whole sectors and 80 bytes that begins in another way: that is a guess, and the disk
 * itself refuses an image with a header, but could not be told one that has lost its beginning */
#define FU_SCSI_WB_SEAGATE_MAGIC	"SEAGATE,SEAGATE "
#define FU_SCSI_WB_SEAGATE_HEADER_BYTES 80

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
