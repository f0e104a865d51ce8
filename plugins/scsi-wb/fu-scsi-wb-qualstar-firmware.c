/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-qualstar-firmware.h"

/* FreeBSD 2d614aa2, sbin/camcontrol/fwdownload.c: fw_read_img(): the image is made of frames, and
 * what is too much for them stands before the first one */
#define FU_SCSI_WB_QUALSTAR_FRAME_BYTES 1030

/* image files of Qualstar's tape libraries */
struct _FuScsiWbQualstarFirmware {
	FuScsiWbFirmware parent_instance;
};

G_DEFINE_TYPE(FuScsiWbQualstarFirmware, fu_scsi_wb_qualstar_firmware, FU_TYPE_SCSI_WB_FIRMWARE)

static gsize
fu_scsi_wb_qualstar_firmware_get_header_bytes(const guint8 *buf, gsize bufsz)
{
	return bufsz % FU_SCSI_WB_QUALSTAR_FRAME_BYTES;
}

static void
fu_scsi_wb_qualstar_firmware_init(FuScsiWbQualstarFirmware *self)
{
}

static void
fu_scsi_wb_qualstar_firmware_class_init(FuScsiWbQualstarFirmwareClass *klass)
{
	FU_SCSI_WB_FIRMWARE_CLASS(klass)->get_header_bytes =
	    fu_scsi_wb_qualstar_firmware_get_header_bytes;
}
