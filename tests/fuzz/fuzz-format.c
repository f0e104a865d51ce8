/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include FUZZ_INCLUDE

#include "fu-scsi-wb-unit.h"

/* which files a format of images takes, and what holds for every one of them, whatever is in it: an
 * assertion that fails is a finding. FUZZ_INCLUDE and FUZZ_TYPE say which format it is */

/* of a stream fwupd exports no more */
#define FUZZ_EXPORTED_BYTES 0x100

/* a drive's page is the end of the file, so that one input has both */
#define FUZZ_PAGE_BYTES 37

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/**
 * FuzzFormatRow:
 * @expect: how long the header of a file is, or -1 if the file is refused: what is in README.md of
 * the plugin, read once more
 * @mend: (nullable): changes what almost no input by chance has as the format wants it
 *
 * A format of image files.
 **/
typedef struct {
	const gchar *name;
	gssize (*expect)(const guint8 *data, gsize size);
	void (*mend)(guint8 *data, gsize size);
} FuzzFormatRow;

static gssize
fuzz_format_expect_ibm_tape(const guint8 *data, gsize size)
{
	if (size <= 32)
		return -1;
	return ((gsize)data[4] << 24 | data[5] << 16 | data[6] << 8 | data[7]) == size ? 32 : -1;
}

static gssize
fuzz_format_expect_qualstar(const guint8 *data, gsize size)
{
	return size < 1030 ? -1 : (gssize)(size % 1030);
}

static gssize
fuzz_format_expect_seagate(const guint8 *data, gsize size)
{
	if (size < 16 || memcmp(data, "SEAGATE,SEAGATE ", 16) != 0)
		return size > 0 ? 0 : -1;
	return size > 80 ? 80 : -1;
}

static void
fuzz_format_mend_ibm_tape(guint8 *data, gsize size)
{
	for (guint i = 0; size >= 8 && i < 4; i++)
		data[4 + i] = (guint8)(size >> (24 - 8 * i));
}

static const FuzzFormatRow rows[] = {
    {"FuScsiWbIbmTapeFirmware", fuzz_format_expect_ibm_tape, fuzz_format_mend_ibm_tape},
    {"FuScsiWbQualstarFirmware", fuzz_format_expect_qualstar, NULL},
    {"FuScsiWbSeagateFirmware", fuzz_format_expect_seagate, NULL},
};

static const FuzzFormatRow *
fuzz_format_find_row(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (g_str_equal(rows[i].name, g_type_name(FUZZ_TYPE)))
			return &rows[i];
	}
	g_assert_not_reached();
}

static gsize
fuzz_format_get_header_bytes(FuScsiWbFirmware *firmware)
{
	GBytes *header = fu_scsi_wb_firmware_get_header(firmware);
	return header != NULL ? g_bytes_get_size(header) : 0;
}

/* header and image are the file, no byte more and none in between; the device is sent all of it, or
 * the image */
static void
fuzz_format_assert_parts(FuScsiWbFirmware *firmware, GBytes *file)
{
	gsize file_bytes = g_bytes_get_size(file);
	gsize header_bytes = fuzz_format_get_header_bytes(firmware);
	g_autoptr(GBytes) blob = NULL;
	g_autoptr(GBytes) blob_want = NULL;
	g_autoptr(GBytes) sent = NULL;
	g_autoptr(GError) error = NULL;

	if (header_bytes > 0) {
		g_autoptr(GBytes) header_want = g_bytes_new_from_bytes(file, 0, header_bytes);
		g_assert_true(g_bytes_equal(fu_scsi_wb_firmware_get_header(firmware), header_want));
	}
	blob = fu_firmware_get_bytes(FU_FIRMWARE(firmware), &error);
	g_assert_no_error(error);
	blob_want = g_bytes_new_from_bytes(file, header_bytes, file_bytes - header_bytes);
	g_assert_true(g_bytes_equal(blob, blob_want));
	sent = fu_scsi_wb_firmware_get_image(firmware, &error);
	g_assert_no_error(error);
	g_assert_true(g_bytes_equal(
	    sent,
	    FU_SCSI_WB_FIRMWARE_GET_CLASS(firmware)->sends_header ? file : blob_want));
}

static void
fuzz_format_assert_written(FuFirmware *firmware, GBytes *file)
{
	g_autoptr(GBytes) written = NULL;
	g_autoptr(GError) error = NULL;

	written = fu_firmware_write(firmware, &error);
	g_assert_no_error(error);
	g_assert_true(g_bytes_equal(written, file));
}

/* made again of what it says in XML, it is the same file */
static void
fuzz_format_assert_exported(FuFirmware *firmware, GBytes *file)
{
	gsize file_bytes = g_bytes_get_size(file);
	gsize header_bytes = fuzz_format_get_header_bytes(FU_SCSI_WB_FIRMWARE(firmware));
	gboolean ret;
	g_autofree gchar *xml = NULL;
	g_autoptr(FuFirmware) again = g_object_new(FUZZ_TYPE, NULL);
	g_autoptr(GError) error = NULL;

	xml = fu_firmware_export_to_xml(firmware, FU_FIRMWARE_EXPORT_FLAG_NONE, &error);
	g_assert_no_error(error);
	ret = fu_scsi_wb_unit_build_firmware(again, xml, &error);
	g_assert_no_error(error);
	g_assert_true(ret);
	g_assert_cmpuint(fuzz_format_get_header_bytes(FU_SCSI_WB_FIRMWARE(again)),
			 ==,
			 header_bytes);
	if (header_bytes > 0)
		g_assert_true(
		    g_bytes_equal(fu_scsi_wb_firmware_get_header(FU_SCSI_WB_FIRMWARE(again)),
				  fu_scsi_wb_firmware_get_header(FU_SCSI_WB_FIRMWARE(firmware))));
	if (file_bytes - header_bytes <= FUZZ_EXPORTED_BYTES)
		fuzz_format_assert_written(again, file);
}

/* a page lets an image through if both say the same, and only then */
static void
fuzz_format_assert_compared(FuScsiWbFirmware *firmware, const guint8 *data, gsize size)
{
	gsize page_bytes = MIN(size, FUZZ_PAGE_BYTES);
	const guint8 *page = data + size - page_bytes;
	gboolean is_page = page_bytes >= 32 && page[1] == 0x03;
	gboolean want =
	    is_page && memcmp(page + 8, data + 8, 4) == 0 && memcmp(page + 24, data + 24, 8) == 0;
	gboolean ret;
	g_autoptr(GBytes) blob = g_bytes_new(page, page_bytes);
	g_autoptr(GError) error = NULL;

	ret = fu_scsi_wb_firmware_check_page(firmware, blob, &error);
	g_assert_true(ret == want);
	if (want)
		g_assert_no_error(error);
	else
		g_assert_true(g_error_matches(error, FWUPD_ERROR, FWUPD_ERROR_INVALID_FILE) ==
			      is_page);
}

static void
fuzz_format_run(const guint8 *data, gsize size)
{
	gssize want = fuzz_format_find_row()->expect(data, size);
	gboolean ret;
	g_autoptr(FuFirmware) firmware = g_object_new(FUZZ_TYPE, NULL);
	g_autoptr(GBytes) file = g_bytes_new(data, size);
	g_autoptr(GError) error = NULL;

	ret = fu_firmware_parse_bytes(firmware, file, 0x0, FU_FIRMWARE_PARSE_FLAG_NONE, &error);
	g_assert_true(ret == (want >= 0));
	if (!ret) {
		g_assert_nonnull(error);
		g_assert_true(error->domain == FWUPD_ERROR);
		return;
	}
	g_assert_no_error(error);
	g_assert_cmpint(fuzz_format_get_header_bytes(FU_SCSI_WB_FIRMWARE(firmware)), ==, want);
	fuzz_format_assert_parts(FU_SCSI_WB_FIRMWARE(firmware), file);
	fuzz_format_assert_written(firmware, file);
	fuzz_format_assert_exported(firmware, file);
	if (fu_scsi_wb_firmware_get_page_code(FU_SCSI_WB_FIRMWARE(firmware)) != 0)
		fuzz_format_assert_compared(FU_SCSI_WB_FIRMWARE(firmware), data, size);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	const FuzzFormatRow *row = fuzz_format_find_row();
	g_autofree guint8 *mended = NULL;

	fuzz_format_run(data, size);
	if (row->mend == NULL || size == 0)
		return 0;
	mended = g_memdup2(data, size);
	row->mend(mended, size);
	fuzz_format_run(mended, size);
	return 0;
}
