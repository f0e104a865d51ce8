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

/* behind the page's header: load ID at 4, RU name at 20 */
#define PAGE(load_id, ru_name)                                                                     \
	{                                                                                          \
		0x1c, 0x00, 0x00, 0x00, 0xa1, 0x70, 0x0d, load_id, 'J', '4', 'D', '4', 0, 0, 0, 0, \
		    0, 0, 0, 0, 'C', 'A', 'L', 'L', 'I', 'S', 'T', ru_name,                        \
	}

static const guint8 page_match[] = PAGE(0x82, 'O');
static const guint8 page_load_id[] = PAGE(0x83, 'O');
static const guint8 page_ru_name[] = PAGE(0x82, 'A');

static const guint8 header_ibm[] = {
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80, 0x20, 0xa1, 0x70, 0x0d, 0x82, 'K', '9', 'J', '1',
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 'C',  'A',	'L',  'L',  'I', 'S', 'T', 'O',
};

typedef struct {
	const gchar *name;
	const guint8 *page; /* (nullable): of the drive */
	FwupdError code;    /* with @message */
	const gchar *message;
	gboolean is_sent;
} FlowImageRow;

static const FlowImageRow rows[] = {
    {"load-id",
     page_load_id,
     FWUPD_ERROR_INVALID_FILE,
     "the image is made for another kind of drive: its load ID is 0xa1700d82, and the drive's is "
     "0xa1700d83",
     FALSE},
    {"ru-name",
     page_ru_name,
     FWUPD_ERROR_INVALID_FILE,
     "the image is made for another kind of drive: its RU name is 0x43414c4c4953544f, and the "
     "drive's is 0x43414c4c49535441",
     FALSE},
    {"no-page",
     NULL,
     FWUPD_ERROR_NOT_SUPPORTED,
     "the device does not say which images it takes: *",
     FALSE},

    /* an image that the header lets through; the simulated device does not know the header */
    {"match", page_match, FWUPD_ERROR_INVALID_FILE, "segment *", TRUE},
};

static GBytes *
fu_test_scsi_wb_flow_image_prepend(const guint8 *header, gsize header_bytes, GBytes *image)
{
	g_autoptr(GByteArray) buf = g_byte_array_new();

	g_byte_array_append(buf, header, header_bytes);
	fu_byte_array_append_bytes(buf, image);
	return g_bytes_new(buf->data, buf->len);
}

static void
fu_test_scsi_wb_flow_image_ibm_func(gconstpointer user_data)
{
	const FlowImageRow *row = user_data;
	WbtModel model = *wbt_model_find("std-silent");
	gboolean ret;
	g_autoptr(FlowBed) bed = NULL;
	g_autoptr(GBytes) file = NULL;
	g_autoptr(GBytes) image = NULL;
	g_autoptr(GError) error = NULL;

	model.maker_page_code = row->page != NULL ? 0x03 : 0;
	model.maker_page = row->page;
	model.maker_page_bytes = sizeof(page_match);
	bed = flow_bed_new_for_model(&model, ROWS("FuScsiWbIbmTapeFirmware"));
	image = flow_bed_new_image(bed, "0002", 0x8000);
	file = fu_test_scsi_wb_flow_image_prepend(header_ibm, sizeof(header_ibm), image);
	flow_bed_assert_enumerated(bed);
	flow_bed_mark(bed);
	ret = flow_bed_install(bed, file, FWUPD_INSTALL_FLAG_NONE, &error);
	g_assert_error(error, FWUPD_ERROR, (gint)row->code);
	g_assert_true(g_pattern_match_simple(row->message, error->message));
	g_assert_false(ret);
	g_assert_true((flow_bed_count_segments(bed) > 0) == row->is_sent);
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
	    {97 * 1030 - 1, "segment 1 of *", 1},
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
