/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-ibm-tape-firmware.h"
#include "fu-scsi-wb-struct.h"

/* FreeBSD 2d614aa2, sbin/camcontrol/fwdownload.c: SVPD_IBM_FW_DESIGNATION */
#define FU_SCSI_WB_IBM_TAPE_PAGE 0x03

/* image files of IBM's tape drives: the header goes to the drive with the rest, and names the kind
 * of drive that it is for */
struct _FuScsiWbIbmTapeFirmware {
	FuScsiWbFirmware parent_instance;
};

G_DEFINE_TYPE(FuScsiWbIbmTapeFirmware, fu_scsi_wb_ibm_tape_firmware, FU_TYPE_SCSI_WB_FIRMWARE)

static gsize
fu_scsi_wb_ibm_tape_firmware_get_header_bytes(const guint8 *buf, gsize bufsz)
{
	return FU_STRUCT_SCSI_WB_IBM_TAPE_HEADER_SIZE;
}

static FuStructScsiWbIbmTapeHeader *
fu_scsi_wb_ibm_tape_firmware_get_header(FuScsiWbFirmware *self, GError **error)
{
	GBytes *header = fu_scsi_wb_firmware_get_header(self);

	if (header == NULL)
		return fu_struct_scsi_wb_ibm_tape_header_new();
	return fu_struct_scsi_wb_ibm_tape_header_parse(g_bytes_get_data(header, NULL),
						       g_bytes_get_size(header),
						       0x0,
						       error);
}

static gboolean
fu_scsi_wb_ibm_tape_firmware_parse(FuFirmware *firmware,
				   FuScsiWbStream *stream,
				   FuFirmwareParseFlags flags,
				   GError **error)
{
	gsize stream_bytes = 0;
	guint32 length_bytes;
	g_autoptr(FuStructScsiWbIbmTapeHeader) st = NULL;

	if (!FU_FIRMWARE_CLASS(fu_scsi_wb_ibm_tape_firmware_parent_class)
		 ->parse(firmware, stream, flags, error))
		return FALSE;
	st = fu_scsi_wb_ibm_tape_firmware_get_header(FU_SCSI_WB_FIRMWARE(firmware), error);
	if (st == NULL)
		return FALSE;
	if (!fu_input_stream_size(stream, &stream_bytes, error))
		return FALSE;

	/* header and firmware */
	length_bytes = fu_struct_scsi_wb_ibm_tape_header_get_length(st);
	if (length_bytes != stream_bytes) {
		g_set_error(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_INVALID_FILE,
			    "the image has %" G_GSIZE_FORMAT " bytes, and its header says %u: it "
			    "is damaged, or no image of an IBM tape drive",
			    stream_bytes,
			    length_bytes);
		return FALSE;
	}
	return TRUE;
}

/* of the header only; not each fwupd has set the data by now */
static gboolean
fu_scsi_wb_ibm_tape_firmware_build(FuFirmware *firmware, XbNode *n, GError **error)
{
	const gchar *revision = xb_node_query_text(n, "revision", NULL);
	guint64 ru_name = xb_node_query_text_as_uint(n, "ru_name", NULL);
	guint64 load_id = xb_node_query_text_as_uint(n, "load_id", NULL);
	g_autoptr(FuStructScsiWbIbmTapeHeader) st = NULL;

	if (!FU_FIRMWARE_CLASS(fu_scsi_wb_ibm_tape_firmware_parent_class)
		 ->build(firmware, n, error))
		return FALSE;
	st = fu_scsi_wb_ibm_tape_firmware_get_header(FU_SCSI_WB_FIRMWARE(firmware), error);
	if (st == NULL)
		return FALSE;
	if (load_id != G_MAXUINT64)
		fu_struct_scsi_wb_ibm_tape_header_set_load_id(st, load_id);
	if (revision != NULL &&
	    !fu_struct_scsi_wb_ibm_tape_header_set_revision(st, revision, error))
		return FALSE;
	if (ru_name != G_MAXUINT64)
		fu_struct_scsi_wb_ibm_tape_header_set_ru_name(st, ru_name);
	fu_scsi_wb_firmware_take_header(FU_SCSI_WB_FIRMWARE(firmware),
					g_bytes_new(st->buf->data, st->buf->len));
	return TRUE;
}

/* the length is made anew, so that the header always fits what follows */
static GByteArray *
fu_scsi_wb_ibm_tape_firmware_write(FuFirmware *firmware, GError **error)
{
	g_autoptr(FuStructScsiWbIbmTapeHeader) st = NULL;
	g_autoptr(GBytes) blob = fu_firmware_get_bytes(firmware, error);

	if (blob == NULL)
		return NULL;
	st = fu_scsi_wb_ibm_tape_firmware_get_header(FU_SCSI_WB_FIRMWARE(firmware), error);
	if (st == NULL)
		return NULL;
	fu_struct_scsi_wb_ibm_tape_header_set_length(st, st->buf->len + g_bytes_get_size(blob));
	fu_scsi_wb_firmware_take_header(FU_SCSI_WB_FIRMWARE(firmware),
					g_bytes_new(st->buf->data, st->buf->len));
	return FU_FIRMWARE_CLASS(fu_scsi_wb_ibm_tape_firmware_parent_class)->write(firmware, error);
}

/* fwupd writes a dot for what is no text: then only the header as a whole is exported */
static gboolean
fu_scsi_wb_ibm_tape_firmware_is_text(const gchar *revision)
{
	if (revision == NULL || strlen(revision) != FU_STRUCT_SCSI_WB_IBM_TAPE_HEADER_SIZE_REVISION)
		return FALSE;
	for (guint i = 0; revision[i] != '\0'; i++) {
		if (!g_ascii_isalnum(revision[i]))
			return FALSE;
	}
	return TRUE;
}

static void
fu_scsi_wb_ibm_tape_firmware_export(FuFirmware *firmware,
				    FuFirmwareExportFlags flags,
				    XbBuilderNode *bn)
{
	g_autofree gchar *revision = NULL;
	g_autoptr(FuStructScsiWbIbmTapeHeader) st =
	    fu_scsi_wb_ibm_tape_firmware_get_header(FU_SCSI_WB_FIRMWARE(firmware), NULL);

	FU_FIRMWARE_CLASS(fu_scsi_wb_ibm_tape_firmware_parent_class)->export(firmware, flags, bn);
	if (st == NULL)
		return;
	revision = fu_struct_scsi_wb_ibm_tape_header_get_revision(st);
	fu_xmlb_builder_insert_kx(bn, "load_id", fu_struct_scsi_wb_ibm_tape_header_get_load_id(st));
	if (fu_scsi_wb_ibm_tape_firmware_is_text(revision))
		fu_xmlb_builder_insert_kv(bn, "revision", revision);
	fu_xmlb_builder_insert_kx(bn, "ru_name", fu_struct_scsi_wb_ibm_tape_header_get_ru_name(st));
}

static gboolean
fu_scsi_wb_ibm_tape_firmware_check_name(const gchar *name,
					guint64 image,
					guint64 drive,
					GError **error)
{
	if (image == drive)
		return TRUE;
	g_set_error(error,
		    FWUPD_ERROR,
		    FWUPD_ERROR_INVALID_FILE,
		    "the image is made for another kind of drive: its %s is 0x%" G_GINT64_MODIFIER
		    "x, and the drive's is 0x%" G_GINT64_MODIFIER "x",
		    name,
		    image,
		    drive);
	return FALSE;
}

/* the two names that have to be the same, by FreeBSD's fw_validate_ibm() */
static gboolean
fu_scsi_wb_ibm_tape_firmware_check_page(FuScsiWbFirmware *firmware, GBytes *page, GError **error)
{
	g_autoptr(FuStructScsiWbIbmTapeHeader) st = NULL;
	g_autoptr(FuStructScsiWbIbmTapePage) st_page = NULL;
	g_autoptr(GError) error_local = NULL;

	st = fu_scsi_wb_ibm_tape_firmware_get_header(firmware, error);
	if (st == NULL)
		return FALSE;

	/* fwupd's parser has no error for an answer without a single byte */
	if (g_bytes_get_size(page) > 0)
		st_page = fu_struct_scsi_wb_ibm_tape_page_parse(g_bytes_get_data(page, NULL),
								g_bytes_get_size(page),
								0x0,
								&error_local);
	if (st_page == NULL) {
		g_set_error(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_READ,
			    "the drive does not say which images it takes, VPD page 03h: %s: "
			    "update it with its maker's tool",
			    error_local != NULL ? error_local->message : "it is empty");
		return FALSE;
	}
	return fu_scsi_wb_ibm_tape_firmware_check_name(
		   "load ID",
		   fu_struct_scsi_wb_ibm_tape_header_get_load_id(st),
		   fu_struct_scsi_wb_ibm_tape_page_get_load_id(st_page),
		   error) &&
	       fu_scsi_wb_ibm_tape_firmware_check_name(
		   "RU name",
		   fu_struct_scsi_wb_ibm_tape_header_get_ru_name(st),
		   fu_struct_scsi_wb_ibm_tape_page_get_ru_name(st_page),
		   error);
}

static void
fu_scsi_wb_ibm_tape_firmware_init(FuScsiWbIbmTapeFirmware *self)
{
}

static void
fu_scsi_wb_ibm_tape_firmware_class_init(FuScsiWbIbmTapeFirmwareClass *klass)
{
	FuFirmwareClass *firmware_class = FU_FIRMWARE_CLASS(klass);
	firmware_class->parse = fu_scsi_wb_ibm_tape_firmware_parse;
	firmware_class->write = fu_scsi_wb_ibm_tape_firmware_write;
	firmware_class->build = fu_scsi_wb_ibm_tape_firmware_build;
	firmware_class->export = fu_scsi_wb_ibm_tape_firmware_export;
	FU_SCSI_WB_FIRMWARE_CLASS(klass)->get_header_bytes =
	    fu_scsi_wb_ibm_tape_firmware_get_header_bytes;
	FU_SCSI_WB_FIRMWARE_CLASS(klass)->sends_header = TRUE;
	FU_SCSI_WB_FIRMWARE_CLASS(klass)->page_code = FU_SCSI_WB_IBM_TAPE_PAGE;
	FU_SCSI_WB_FIRMWARE_CLASS(klass)->check_page = fu_scsi_wb_ibm_tape_firmware_check_page;
}
