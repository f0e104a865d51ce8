/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-ibm-tape-firmware.h"
#include "fu-scsi-wb-qualstar-firmware.h"
#include "fu-scsi-wb-seagate-firmware.h"
#include "fu-scsi-wb-unit.h"

#define MUTATIONS 2000

typedef struct {
	const gchar *name;
	const gchar *magic; /* (nullable): what the file begins with */
	gsize file_bytes;
	gsize want_header_bytes;
	const gchar *want_error; /* (nullable) */
} FuScsiWbFirmwareTestRow;

static const FuScsiWbFirmwareTestRow rows_seagate[] = {
    {"magic", "SEAGATE,SEAGATE ", 80 + 1024, 80, NULL},
    {"magic-odd-size", "SEAGATE,SEAGATE ", 80 + 1, 80, NULL},
    {"other-header", "SOMEBODY", 80 + 512, 0, NULL},
    {"no-header", NULL, 1024, 0, NULL},
    {"no-header-odd-size", NULL, 1025, 0, NULL},
    {"almost-magic", "SEAGATE,SEAGATE", 1024, 0, NULL},
    {"one-byte", NULL, 1, 0, NULL},
    {"header-alone",
     "SEAGATE,SEAGATE ",
     80,
     0,
     "the image ends within its header: it has 80 bytes, and the header alone 80"},
    {"truncated-header",
     "SEAGATE,SEAGATE ",
     16,
     0,
     "the image ends within its header: it has 16 bytes, and the header alone 80"},
};

static const FuScsiWbFirmwareTestRow rows_qualstar[] = {
    {"header", NULL, 80 + 97 * 1030, 80, NULL},
    {"no-header", NULL, 97 * 1030, 0, NULL},
    {"one-frame", NULL, 1030, 0, NULL},
    {"largest-header", NULL, 1029 + 1030, 1029, NULL},
    {"smallest-header", NULL, 1 + 1030, 1, NULL},
    {"less-than-a-frame",
     NULL,
     1029,
     0,
     "the image has 1029 bytes, less than one frame of 1030: it is damaged, or no image of a "
     "Qualstar library"},
    {"one-byte",
     NULL,
     1,
     0,
     "the image has 1 bytes, less than one frame of 1030: it is damaged, or no image of a "
     "Qualstar library"},
};

static GBytes *
fu_test_scsi_wb_firmware_new_file(const FuScsiWbFirmwareTestRow *row)
{
	guint8 *buf = g_malloc(row->file_bytes);

	for (gsize i = 0; i < row->file_bytes; i++)
		buf[i] = i;
	if (row->magic != NULL)
		memcpy(buf, row->magic, strlen(row->magic));
	return g_bytes_new_take(buf, row->file_bytes);
}

static void
fu_test_scsi_wb_firmware_check_row(GType gtype, const FuScsiWbFirmwareTestRow *row)
{
	gboolean ret;
	g_autoptr(FuFirmware) firmware = g_object_new(gtype, NULL);
	g_autoptr(GBytes) blob = NULL;
	g_autoptr(GBytes) blob_want = NULL;
	g_autoptr(GBytes) blob_written = NULL;
	g_autoptr(GBytes) file = fu_test_scsi_wb_firmware_new_file(row);
	g_autoptr(GError) error = NULL;

	fu_scsi_wb_unit_row(row->name);
	ret = fu_firmware_parse_bytes(firmware, file, 0x0, FU_FIRMWARE_PARSE_FLAG_NONE, &error);
	if (row->want_error != NULL) {
		g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_INVALID_FILE);
		g_assert_cmpstr(error->message, ==, row->want_error);
		g_assert_false(ret);
		return;
	}
	g_assert_no_error(error);
	g_assert_true(ret);

	/* the device gets all but the header, and the file can be made again */
	blob = fu_scsi_wb_firmware_get_image(FU_SCSI_WB_FIRMWARE(firmware), &error);
	g_assert_no_error(error);
	blob_want = g_bytes_new_from_bytes(file,
					   row->want_header_bytes,
					   row->file_bytes - row->want_header_bytes);
	g_assert_true(g_bytes_equal(blob, blob_want));
	blob_written = fu_firmware_write(firmware, &error);
	g_assert_no_error(error);
	g_assert_true(g_bytes_equal(blob_written, file));
	g_assert_cmpuint(fu_scsi_wb_firmware_get_page_code(FU_SCSI_WB_FIRMWARE(firmware)), ==, 0);
}

static void
fu_test_scsi_wb_firmware_seagate_func(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(rows_seagate); i++)
		fu_test_scsi_wb_firmware_check_row(FU_TYPE_SCSI_WB_SEAGATE_FIRMWARE,
						   &rows_seagate[i]);
}

static void
fu_test_scsi_wb_firmware_qualstar_func(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(rows_qualstar); i++)
		fu_test_scsi_wb_firmware_check_row(FU_TYPE_SCSI_WB_QUALSTAR_FIRMWARE,
						   &rows_qualstar[i]);
}

/* header of 32 bytes, 4 bytes of firmware */
static const guint8 ibm_file[] = {
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x24, 0xa1, 0x70, 0x0d, 0x82,
    'K',  '9',	'J',  '1',  0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    'C',  'A',	'L',  'L',  'I',  'S',	'T',  'O',  0xde, 0xad, 0xbe, 0xef,
};

/* of a drive that takes it */
static const guint8 ibm_page[] = {
    0x01, 0x03, 0x00, 0x21, 0x1c, 0x00, 0x00, 0x00, 0xa1, 0x70, 0x0d, 0x82, 'J',
    '4',  'D',	'4',  '0',  '0',  '0',	'0',  '0',  '0',  '0',	'0',  'C',  'A',
    'L',  'L',	'I',  'S',  'T',  'O',	'0',  '0',  '0',  '0',	'0',
};

static FuFirmware *
fu_test_scsi_wb_firmware_new_ibm(const guint8 *buf, gsize bufsz, GError **error)
{
	g_autoptr(FuFirmware) firmware = g_object_new(FU_TYPE_SCSI_WB_IBM_TAPE_FIRMWARE, NULL);
	g_autoptr(GBytes) file = g_bytes_new(buf, bufsz);

	if (!fu_firmware_parse_bytes(firmware, file, 0x0, FU_FIRMWARE_PARSE_FLAG_NONE, error))
		return NULL;
	return g_steal_pointer(&firmware);
}

static void
fu_test_scsi_wb_firmware_ibm_func(void)
{
	const struct {
		const gchar *name;
		guint offset; /* of the byte that is changed in the drive's page */
		gsize page_bytes;
		FwupdError code;
		const gchar *message; /* (nullable) */
	} rows[] = {
	    {"match", 12, sizeof(ibm_page), 0, NULL},
	    {"load-id",
	     11,
	     sizeof(ibm_page),
	     FWUPD_ERROR_INVALID_FILE,
	     "the image is made for another kind of drive: its load ID is 0xa1700d82, and the "
	     "drive's is 0xa1700d83"},
	    {"ru-name",
	     31,
	     sizeof(ibm_page),
	     FWUPD_ERROR_INVALID_FILE,
	     "the image is made for another kind of drive: its RU name is 0x43414c4c4953544f, and "
	     "the drive's is 0x43414c4c4953544e"},
	    {"short-page",
	     12,
	     20,
	     FWUPD_ERROR_READ,
	     "the drive does not say which images it takes, VPD page 03h: *"},
	    {"empty-page",
	     12,
	     0,
	     FWUPD_ERROR_READ,
	     "the drive does not say which images it takes, VPD page 03h: it is empty: *"},
	};
	g_autoptr(FuFirmware) firmware = NULL;
	g_autoptr(GBytes) blob = NULL;
	g_autoptr(GBytes) file = g_bytes_new(ibm_file, sizeof(ibm_file));
	g_autoptr(GError) error = NULL;

	firmware = fu_test_scsi_wb_firmware_new_ibm(ibm_file, sizeof(ibm_file), &error);
	g_assert_no_error(error);
	blob = fu_scsi_wb_firmware_get_image(FU_SCSI_WB_FIRMWARE(firmware), NULL);
	g_assert_true(g_bytes_equal(blob, file)); /* header and all */
	g_assert_cmphex(fu_scsi_wb_firmware_get_page_code(FU_SCSI_WB_FIRMWARE(firmware)), ==, 0x03);
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		guint8 buf[sizeof(ibm_page)];
		gboolean ret;
		g_autoptr(GBytes) page = NULL;
		g_autoptr(GError) error_local = NULL;

		fu_scsi_wb_unit_row(rows[i].name);
		memcpy(buf, ibm_page, sizeof(buf));
		buf[rows[i].offset] ^= 1;
		page = g_bytes_new(buf, rows[i].page_bytes);
		ret = fu_scsi_wb_firmware_check_page(FU_SCSI_WB_FIRMWARE(firmware),
						     page,
						     &error_local);
		g_assert_true(ret == (rows[i].message == NULL));
		if (ret)
			continue;
		g_assert_error(error_local, FWUPD_ERROR, (gint)rows[i].code);
		g_assert_true(g_pattern_match_simple(rows[i].message, error_local->message));
	}
}

static void
fu_test_scsi_wb_firmware_ibm_damaged_func(void)
{
	guint8 buf[sizeof(ibm_file)];
	g_autoptr(FuFirmware) firmware = NULL;
	g_autoptr(GError) error = NULL;

	firmware = fu_test_scsi_wb_firmware_new_ibm(ibm_file, sizeof(ibm_file) - 1, &error);
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_INVALID_FILE);
	g_assert_cmpstr(
	    error->message,
	    ==,
	    "the image has 35 bytes, and its header says 36: it is damaged, or no image "
	    "of an IBM tape drive");
	g_assert_null(firmware);
	g_clear_error(&error);
	firmware = fu_test_scsi_wb_firmware_new_ibm(ibm_file, 32, &error);
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_INVALID_FILE);
	g_assert_null(firmware);
	g_clear_error(&error);
	memcpy(buf, ibm_file, sizeof(buf));
	buf[4] = 0xff;
	firmware = fu_test_scsi_wb_firmware_new_ibm(buf, sizeof(buf), &error);
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_INVALID_FILE);
	g_assert_null(firmware);
}

/* damaged files are refused or read, and what is read can be written */
static void
fu_test_scsi_wb_firmware_mutated_func(void)
{
	const GType gtypes[] = {
	    FU_TYPE_SCSI_WB_SEAGATE_FIRMWARE,
	    FU_TYPE_SCSI_WB_IBM_TAPE_FIRMWARE,
	    FU_TYPE_SCSI_WB_QUALSTAR_FIRMWARE,
	};
	g_autoptr(GRand) rand = g_rand_new_with_seed(3);

	for (guint i = 0; i < MUTATIONS; i++) {
		guint8 buf[2400] = "SEAGATE,SEAGATE ";
		gsize bufsz = g_rand_int_range(rand, 1, sizeof(buf));
		g_autoptr(FuFirmware) firmware =
		    g_object_new(gtypes[i % G_N_ELEMENTS(gtypes)], NULL);
		g_autoptr(GBytes) file = NULL;
		g_autoptr(GBytes) written = NULL;
		g_autoptr(GError) error = NULL;

		if (g_rand_boolean(rand))
			memcpy(buf, ibm_file, sizeof(ibm_file));
		buf[6] = bufsz >> 8;
		buf[7] = bufsz;
		for (guint j = 0; j < 4; j++)
			buf[g_rand_int_range(rand, 0, 40)] ^= g_rand_int_range(rand, 0, 4);
		file = g_bytes_new(buf, bufsz);
		if (!fu_firmware_parse_bytes(firmware,
					     file,
					     0x0,
					     FU_FIRMWARE_PARSE_FLAG_NONE,
					     &error)) {
			g_assert_nonnull(error);
			continue;
		}
		written = fu_firmware_write(firmware, &error);
		g_assert_no_error(error);
		g_assert_true(g_bytes_equal(written, file));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/firmware/seagate", fu_test_scsi_wb_firmware_seagate_func);
	g_test_add_func("/scsi-wb/firmware/qualstar", fu_test_scsi_wb_firmware_qualstar_func);
	g_test_add_func("/scsi-wb/firmware/ibm", fu_test_scsi_wb_firmware_ibm_func);
	g_test_add_func("/scsi-wb/firmware/ibm-damaged", fu_test_scsi_wb_firmware_ibm_damaged_func);
	g_test_add_func("/scsi-wb/firmware/mutated", fu_test_scsi_wb_firmware_mutated_func);
	return g_test_run();
}
