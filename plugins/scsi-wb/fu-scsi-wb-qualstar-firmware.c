/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-qualstar-firmware.h"

/* FreeBSD 2d614aa2, sbin/camcontrol/fwdownload.c: fw_read_img(). No public source says what is in a
 * frame, or in the header, so the size alone tells where the first frame begins: a file that has
 * lost its end looks like one with a header. A cabinet's checksum finds what was lost after it was
 * made, the library what was lost before */
#define FU_SCSI_WB_QUALSTAR_FRAME_BYTES 1030

/* image files of Qualstar's libraries: whole frames, with or without a header that is not theirs */
struct _FuScsiWbQualstarFirmware {
	FuScsiWbFirmware parent_instance;
};

G_DEFINE_TYPE(FuScsiWbQualstarFirmware, fu_scsi_wb_qualstar_firmware, FU_TYPE_SCSI_WB_FIRMWARE)

static gsize
fu_scsi_wb_qualstar_firmware_get_header_bytes(const guint8 *buf, gsize bufsz)
{
	return bufsz % FU_SCSI_WB_QUALSTAR_FRAME_BYTES;
}

static gboolean
fu_scsi_wb_qualstar_firmware_parse(FuFirmware *firmware,
				   FuScsiWbStream *stream,
				   FuFirmwareParseFlags flags,
				   GError **error)
{
	gsize stream_bytes = 0;

	if (!fu_input_stream_size(stream, &stream_bytes, error))
		return FALSE;
	if (stream_bytes < FU_SCSI_WB_QUALSTAR_FRAME_BYTES) {
		g_set_error(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_INVALID_FILE,
			    "the image has %" G_GSIZE_FORMAT " bytes, less than one frame of %u: "
			    "it is damaged, or no image of a Qualstar library",
			    stream_bytes,
			    (guint)FU_SCSI_WB_QUALSTAR_FRAME_BYTES);
		return FALSE;
	}
	return FU_FIRMWARE_CLASS(fu_scsi_wb_qualstar_firmware_parent_class)
	    ->parse(firmware, stream, flags, error);
}

/* any other header or data would be divided in another place when the file is read */
static GByteArray *
fu_scsi_wb_qualstar_firmware_write(FuFirmware *firmware, GError **error)
{
	GBytes *header = fu_scsi_wb_firmware_get_header(FU_SCSI_WB_FIRMWARE(firmware));
	gsize header_bytes = header != NULL ? g_bytes_get_size(header) : 0;
	gsize image_bytes;
	g_autoptr(GBytes) blob = fu_firmware_get_bytes(firmware, error);

	if (blob == NULL)
		return NULL;
	image_bytes = g_bytes_get_size(blob);
	if (header_bytes < FU_SCSI_WB_QUALSTAR_FRAME_BYTES && image_bytes > 0 &&
	    image_bytes % FU_SCSI_WB_QUALSTAR_FRAME_BYTES == 0)
		return FU_FIRMWARE_CLASS(fu_scsi_wb_qualstar_firmware_parent_class)
		    ->write(firmware, error);
	g_set_error(error,
		    FWUPD_ERROR,
		    FWUPD_ERROR_INVALID_DATA,
		    "a header of %" G_GSIZE_FORMAT " bytes and data of %" G_GSIZE_FORMAT
		    ": the data have to be whole frames of %u bytes, and the header less than one",
		    header_bytes,
		    image_bytes,
		    (guint)FU_SCSI_WB_QUALSTAR_FRAME_BYTES);
	return NULL;
}

static void
fu_scsi_wb_qualstar_firmware_init(FuScsiWbQualstarFirmware *self)
{
}

static void
fu_scsi_wb_qualstar_firmware_class_init(FuScsiWbQualstarFirmwareClass *klass)
{
	FuFirmwareClass *firmware_class = FU_FIRMWARE_CLASS(klass);
	firmware_class->parse = fu_scsi_wb_qualstar_firmware_parse;
	firmware_class->write = fu_scsi_wb_qualstar_firmware_write;
	FU_SCSI_WB_FIRMWARE_CLASS(klass)->get_header_bytes =
	    fu_scsi_wb_qualstar_firmware_get_header_bytes;
}
