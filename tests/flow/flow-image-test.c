/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-bed.h"
#include "wbt-model.h"

/* image files that are not sent as they are, or not to any device */

#define ROWS(gtype) "[SCSI\\VEN_WBSTD]\nScsiWbMode = auto\nFirmwareGType = " gtype "\n"

/**
 * FlowImageRow:
 * @page_bytes: of the drive's page behind its header, 0 if it has none
 * @page_at: a byte of it that differs from the image's header, 0 for none
 * @lost_bytes: from the end of the file
 * @code: with @message
 * @message: (nullable): NULL if the update is a success
 * @rows: (nullable): of the user
 **/
typedef struct {
	const gchar *name;
	gsize page_bytes;
	gsize page_at;
	gsize lost_bytes;
	FwupdError code;
	const gchar *message;
	const gchar *rows;
} FlowImageRow;

/* by the project's own row; load ID is at 4 of the page, RU name at 20 */
static const FlowImageRow rows[] = {
    {.name = "match", .page_bytes = 33},
    {.name = "load-id",
     .page_bytes = 33,
     .page_at = 7,
     .code = FWUPD_ERROR_INVALID_FILE,
     .message = "the image is made for another kind of drive: its load ID is 0xa1700d82, and the "
		"drive's is 0xa1700d83"},
    {.name = "ru-name",
     .page_bytes = 33,
     .page_at = 27,
     .code = FWUPD_ERROR_INVALID_FILE,
     .message = "the image is made for another kind of drive: its RU name is 0x43414c4c4953544f, "
		"and the drive's is 0x43414c4c4953544e"},
    {.name = "other-revision", .page_bytes = 33, .page_at = 11},
    {.name = "page-just-enough", .page_bytes = 28},
    {.name = "short-page",
     .page_bytes = 27,
     .code = FWUPD_ERROR_READ,
     .message = "the drive does not say which images it takes, VPD page 03h: *"},
    {.name = "no-page",
     .code = FWUPD_ERROR_NOT_SUPPORTED,
     .message = "the device does not say which images it takes: *"},
    {.name = "no-page-by-user",
     .rows = "[SCSI\\VEN_IBM&DEV_ULT3580-TD6]\nFirmwareGType = FuFirmware\n"},
    {.name = "damaged",
     .page_bytes = 33,
     .lost_bytes = 1,
     .code = FWUPD_ERROR_INVALID_FILE,
     .message = "the image has 32767 bytes, and its header says 32768: it is damaged, or no image "
		"of an IBM tape drive"},
};

static GBytes *
fu_test_scsi_wb_flow_image_prepend(const guint8 *header, gsize header_bytes, GBytes *image)
{
	g_autoptr(GByteArray) buf = g_byte_array_new();

	g_byte_array_append(buf, header, header_bytes);
	fu_byte_array_append_bytes(buf, image);
	return g_bytes_new(buf->data, buf->len);
}

/* nothing of an image that is not made for the drive is sent, not even to its echo buffer */
static void
fu_test_scsi_wb_flow_image_ibm_func(gconstpointer user_data)
{
	const FlowImageRow *row = user_data;
	WbtModel model = *wbt_model_find("ibm-tape");
	gboolean ret;
	g_autofree guint8 *page = g_memdup2(model.maker_page, model.maker_page_bytes);
	g_autoptr(FlowBed) bed = NULL;
	g_autoptr(GBytes) file = NULL;
	g_autoptr(GBytes) image = NULL;
	g_autoptr(GError) error = NULL;

	page[row->page_at] ^= row->page_at != 0 ? 1 : 0;
	model.maker_page = page;
	model.maker_page_bytes = row->page_bytes;
	model.maker_page_code = row->page_bytes != 0 ? model.maker_page_code : 0;
	bed = flow_bed_new_for_model(&model, row->rows);
	image = flow_bed_new_image(bed, "0002", 0x8000);
	file = g_bytes_new_from_bytes(image, 0, 0x8000 - row->lost_bytes);
	flow_bed_assert_enumerated(bed);
	flow_bed_mark(bed);
	ret = flow_bed_install(bed, file, FWUPD_INSTALL_FLAG_NONE, &error);
	if (row->message == NULL) {
		g_assert_no_error(error);
		g_assert_true(ret);
		flow_bed_assert_updated(bed, image, "0002");
		return;
	}
	g_assert_error(error, FWUPD_ERROR, (gint)row->code);
	g_assert_true(g_pattern_match_simple(row->message, error->message));
	g_assert_false(ret);
	g_assert_cmpuint(flow_bed_count_opcode(bed, 0x3b), ==, 0);
	flow_bed_assert_untouched(bed);
}

static void
fu_test_scsi_wb_flow_image_seagate_func(void)
{
	const guint8 header[80] = "SEAGATE,SEAGATE ST600MM0088";
	g_autoptr(FlowBed) bed = flow_bed_new("std-silent", ROWS("FuScsiWbSeagateFirmware"));
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 200192);
	g_autoptr(GBytes) file = fu_test_scsi_wb_flow_image_prepend(header, sizeof(header), image);

	flow_bed_assert_enumerated(bed);
	flow_bed_assert_installed(bed, file, FWUPD_INSTALL_FLAG_NONE);
	flow_bed_assert_updated(bed, image, "0002");
}

/* by the project's own row: exactly the frames arrive, whatever stands in front of them */
static void
fu_test_scsi_wb_flow_image_qualstar_func(void)
{
	const gsize rows_header_bytes[] = {80, 1, 1029, 0};
	const guint8 header[1029] = {0};
	g_autoptr(FlowBed) bed = flow_bed_new("qualstar", NULL);

	flow_bed_assert_enumerated(bed);
	for (guint i = 0; i < G_N_ELEMENTS(rows_header_bytes); i++) {
		g_autofree gchar *revision = g_strdup_printf("000%u", i + 2);
		g_autoptr(GBytes) image = flow_bed_new_image(bed, revision, 97 * 1030);
		g_autoptr(GBytes) file =
		    fu_test_scsi_wb_flow_image_prepend(header, rows_header_bytes[i], image);

		flow_bed_mark(bed);
		flow_bed_assert_installed(bed, file, FWUPD_INSTALL_FLAG_NONE);
		g_assert_cmpuint(flow_bed_count_segments(bed), ==, 13);
		flow_bed_assert_updated(bed, image, revision);
	}
}

/* nothing is sent of less than a frame; what has lost its end is sent, from the wrong place on, and
 * it is the device that has to refuse it, as this one does */
static void
fu_test_scsi_wb_flow_image_qualstar_damaged_func(void)
{
	const struct {
		gsize file_bytes;
		const gchar *message;
		guint n_segments;
	} rows_damaged[] = {
	    {1029,
	     "the image has 1029 bytes, less than one frame of 1030: it is damaged, or no image of "
	     "a Qualstar library",
	     0},
	    {97 * 1030 - 1, "segment 1 of *", 2},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows_damaged); i++) {
		gboolean ret;
		g_autoptr(FlowBed) bed = flow_bed_new("qualstar", NULL);
		g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 97 * 1030);
		g_autoptr(GBytes) file =
		    g_bytes_new_from_bytes(image, 0, rows_damaged[i].file_bytes);
		g_autoptr(GError) error = NULL;

		flow_bed_assert_enumerated(bed);
		flow_bed_mark(bed);
		ret = flow_bed_install(bed, file, FWUPD_INSTALL_FLAG_NONE, &error);
		g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_INVALID_FILE);
		g_assert_true(g_pattern_match_simple(rows_damaged[i].message, error->message));
		g_assert_false(ret);
		g_assert_cmpuint(flow_bed_count_segments(bed), ==, rows_damaged[i].n_segments);
		flow_bed_assert_untouched(bed);
	}
}

/* the row for the product counts, and not the one for the vendor's devices of that type */
static void
fu_test_scsi_wb_flow_image_specific_func(void)
{
	const gchar *rows_general = "[SCSI\\VEN_WBSTD&TYPE_00]\n"
				    "ScsiWbMode = auto\n"
				    "FirmwareGType = FuScsiWbIbmTapeFirmware\n";
	const gchar *rows_specific = "[SCSI\\VEN_WBSTD&TYPE_00]\n"
				     "ScsiWbMode = auto\n"
				     "FirmwareGType = FuScsiWbIbmTapeFirmware\n"
				     "[SCSI\\VEN_WBSTD&DEV_STD-SILENT]\n"
				     "FirmwareGType = FuFirmware\n";
	g_autoptr(FlowBed) bed_general = flow_bed_new("std-silent", rows_general);
	g_autoptr(FlowBed) bed_specific = flow_bed_new("std-silent", rows_specific);
	g_autoptr(GBytes) image = flow_bed_new_image(bed_specific, "0002", 0x8000);

	flow_bed_assert_enumerated(bed_general);
	g_assert_cmpstr(g_type_name(fu_device_get_firmware_gtype(bed_general->device)),
			==,
			"FuScsiWbIbmTapeFirmware");
	flow_bed_assert_enumerated(bed_specific);
	g_assert_cmpstr(g_type_name(fu_device_get_firmware_gtype(bed_specific->device)),
			==,
			"FuFirmware");
	flow_bed_assert_installed(bed_specific, image, FWUPD_INSTALL_FLAG_NONE);
	flow_bed_assert_updated(bed_specific, image, "0002");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/image/ibm", rows, fu_test_scsi_wb_flow_image_ibm_func);
	g_test_add_func("/scsi-wb/flow/image/specific", fu_test_scsi_wb_flow_image_specific_func);
	g_test_add_func("/scsi-wb/flow/image/qualstar", fu_test_scsi_wb_flow_image_qualstar_func);
	g_test_add_func("/scsi-wb/flow/image/qualstar-damaged",
			fu_test_scsi_wb_flow_image_qualstar_damaged_func);
	g_test_add_func("/scsi-wb/flow/image/seagate", fu_test_scsi_wb_flow_image_seagate_func);
	return g_test_run();
}
