/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-firmware.h"

/**
 * FuScsiWbFirmwarePrivate:
 * @header: (nullable): what stands at the beginning of the file
 **/
typedef struct {
	GBytes *header;
} FuScsiWbFirmwarePrivate;

G_DEFINE_TYPE_WITH_PRIVATE(FuScsiWbFirmware, fu_scsi_wb_firmware, FU_TYPE_FIRMWARE)

#define GET_PRIVATE(o) (fu_scsi_wb_firmware_get_instance_private(o))

/**
 * fu_scsi_wb_firmware_get_header:
 * @self: a #FuScsiWbFirmware
 *
 * Gets what stands at the beginning of the file.
 *
 * Returns: (transfer none) (nullable): the header, %NULL if there is none
 **/
GBytes *
fu_scsi_wb_firmware_get_header(FuScsiWbFirmware *self)
{
	FuScsiWbFirmwarePrivate *priv = GET_PRIVATE(self);
	return priv->header;
}

/**
 * fu_scsi_wb_firmware_take_header:
 * @self: a #FuScsiWbFirmware
 * @header: (transfer full) (nullable): what is to stand at the beginning of the file
 *
 * Sets the header.
 **/
void
fu_scsi_wb_firmware_take_header(FuScsiWbFirmware *self, GBytes *header)
{
	FuScsiWbFirmwarePrivate *priv = GET_PRIVATE(self);
	if (priv->header != NULL)
		g_bytes_unref(priv->header);
	priv->header = header;
}

/**
 * fu_scsi_wb_firmware_get_image:
 * @self: a #FuScsiWbFirmware
 * @error: (nullable): optional return location for an error
 *
 * Gets what the device is sent of the file.
 *
 * Returns: (transfer full): bytes, or %NULL
 **/
GBytes *
fu_scsi_wb_firmware_get_image(FuScsiWbFirmware *self, GError **error)
{
	if (FU_SCSI_WB_FIRMWARE_GET_CLASS(self)->sends_header)
		return fu_firmware_write(FU_FIRMWARE(self), error);
	return fu_firmware_get_bytes(FU_FIRMWARE(self), error);
}

static gboolean
fu_scsi_wb_firmware_parse(FuFirmware *firmware,
			  FuScsiWbStream *stream,
			  FuFirmwareParseFlags flags,
			  GError **error)
{
	FuScsiWbFirmware *self = FU_SCSI_WB_FIRMWARE(firmware);
	FuScsiWbFirmwareClass *klass = FU_SCSI_WB_FIRMWARE_GET_CLASS(self);
	gsize header_bytes = 0;
	gsize image_bytes;
	g_autoptr(FuScsiWbStream) stream_image = NULL;
	g_autoptr(GBytes) blob = NULL;

	blob = fu_input_stream_read_bytes(stream, 0, G_MAXSIZE, NULL, error);
	if (blob == NULL)
		return FALSE;
	image_bytes = g_bytes_get_size(blob);
	header_bytes = klass->get_header_bytes(g_bytes_get_data(blob, NULL), image_bytes);
	if (header_bytes == 0)
		return fu_firmware_set_stream(firmware, stream, error);
	if (header_bytes >= image_bytes) {
		g_set_error(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_INVALID_FILE,
			    "the image ends within its header: it has %" G_GSIZE_FORMAT
			    " bytes, and the header alone %" G_GSIZE_FORMAT,
			    image_bytes,
			    header_bytes);
		return FALSE;
	}
	fu_scsi_wb_firmware_take_header(self, g_bytes_new_from_bytes(blob, 0, header_bytes));
	stream_image =
	    fu_partial_input_stream_new(stream, header_bytes, image_bytes - header_bytes, error);
	if (stream_image == NULL)
		return FALSE;
	return fu_firmware_set_stream(firmware, stream_image, error);
}

static GByteArray *
fu_scsi_wb_firmware_write(FuFirmware *firmware, GError **error)
{
	FuScsiWbFirmwarePrivate *priv = GET_PRIVATE(FU_SCSI_WB_FIRMWARE(firmware));
	g_autoptr(GByteArray) buf = g_byte_array_new();
	g_autoptr(GBytes) blob = fu_firmware_get_bytes(firmware, error);

	if (blob == NULL)
		return NULL;
	if (priv->header != NULL)
		fu_byte_array_append_bytes(buf, priv->header);
	fu_byte_array_append_bytes(buf, blob);
	return g_steal_pointer(&buf);
}

static gboolean
fu_scsi_wb_firmware_build(FuFirmware *firmware, XbNode *n, GError **error)
{
	const gchar *text = xb_node_query_text(n, "header", NULL);
	gsize bufsz = 0;
	guchar *buf;

	if (text == NULL)
		return TRUE;
	buf = g_base64_decode(text, &bufsz);
	fu_scsi_wb_firmware_take_header(FU_SCSI_WB_FIRMWARE(firmware),
					g_bytes_new_take(buf, bufsz));
	return TRUE;
}

static void
fu_scsi_wb_firmware_export(FuFirmware *firmware, FuFirmwareExportFlags flags, XbBuilderNode *bn)
{
	FuScsiWbFirmwarePrivate *priv = GET_PRIVATE(FU_SCSI_WB_FIRMWARE(firmware));
	gconstpointer buf;
	gsize bufsz = 0;
	g_autofree gchar *text = NULL;

	if (priv->header == NULL)
		return;
	buf = g_bytes_get_data(priv->header, &bufsz);
	text = g_base64_encode(buf, bufsz); /* 2.0 has no other: nocheck:blocked */
	fu_xmlb_builder_insert_kv(bn, "header", text);
}

/**
 * fu_scsi_wb_firmware_get_page_code:
 * @self: a #FuScsiWbFirmware
 *
 * Gets the VPD page that says which images the device takes.
 *
 * Returns: a page code, or 0 if the device is not asked
 **/
guint8
fu_scsi_wb_firmware_get_page_code(FuScsiWbFirmware *self)
{
	return FU_SCSI_WB_FIRMWARE_GET_CLASS(self)->page_code;
}

/**
 * fu_scsi_wb_firmware_check_page:
 * @self: a #FuScsiWbFirmware with a page code
 * @page: that VPD page of the device
 * @error: (nullable): optional return location for an error
 *
 * Checks that the image is made for the device.
 *
 * Returns: %TRUE if so; %FWUPD_ERROR_INVALID_FILE with what differs; %FWUPD_ERROR_READ if the page
 * is too short to say it, %FWUPD_ERROR_INVALID_DATA if it is another one
 **/
gboolean
fu_scsi_wb_firmware_check_page(FuScsiWbFirmware *self, GBytes *page, GError **error)
{
	return FU_SCSI_WB_FIRMWARE_GET_CLASS(self)->check_page(self, page, error);
}

static void
fu_scsi_wb_firmware_init(FuScsiWbFirmware *self)
{
}

static void
fu_scsi_wb_firmware_finalize(GObject *object)
{
	fu_scsi_wb_firmware_take_header(FU_SCSI_WB_FIRMWARE(object), NULL);
	G_OBJECT_CLASS(fu_scsi_wb_firmware_parent_class)->finalize(object);
}

static void
fu_scsi_wb_firmware_class_init(FuScsiWbFirmwareClass *klass)
{
	FuFirmwareClass *firmware_class = FU_FIRMWARE_CLASS(klass);
	G_OBJECT_CLASS(klass)->finalize = fu_scsi_wb_firmware_finalize;
	firmware_class->parse = fu_scsi_wb_firmware_parse;
	firmware_class->write = fu_scsi_wb_firmware_write;
	firmware_class->build = fu_scsi_wb_firmware_build;
	firmware_class->export = fu_scsi_wb_firmware_export;

	/* as much as the device takes, which the plan knows */
	fu_scsi_wb_class_init_size_max(firmware_class, 0);
}
