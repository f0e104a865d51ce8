// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

/* the device book: what each device refuses, and the way in which it takes an image */

#include "test-bed.h"
#include "wbt-book.h"

/* one first WRITE BUFFER that must be refused because of a field */
typedef struct {
	const char *model;
	uint8_t byte1;
	uint8_t id;
	uint32_t offset;
	uint32_t bytes;
	uint8_t field;
} BadField;

static const BadField bad_fields[] = {
    {"hgst-7k4000", 0x06, 0, 0, 512, 1},
    {"hgst-7k4000", 0x0D, 0, 0, 512, 1},
    {"hgst-7k4000", 0x07, 1, 0, 512, 2},
    {"hgst-7k4000", 0x05, 0, 512, 512, 3},
    {"hitachi-15k147", 0x0E, 0, 0, 512, 1},
    {"hitachi-15k147", 0x05, 1, 0, 512, 2},
    {"hitachi-15k147", 0x05, 0, 512, 512, 3},
    {"samsung-sas", 0x0E, 0, 0, 512, 1},
    {"samsung-sas", 0x07, 0, 0, 0x8001, 6},
    {"ibm-ddys", 0x07, 0, 0, 0x8000, 1},
    {"ibm-ddys", 0x05, 1, 0, 0x8000, 2},
    {"ibm-ddys", 0x05, 0, 0x8000, 0x8000, 3},
    {"ibm-ddys", 0x05, 0, 0, 0x5000, 6},
    {"fujitsu-sas", 0x0E, 0, 0, 512, 1},
    {"fujitsu-sas", 0x07, 1, 0, 512, 2},
    {"fujitsu-sas", 0x07, 0, 2, 512, 3},
    {"fujitsu-sas", 0x07, 0, 0, 510, 6},
    {"ibm-ult3580", 0x0E, 0, 0, 512, 1},
    {"quantum-dlt", 0x07, 0, 0, 8192, 1},
    {"quantum-dlt", 0x04, 1, 0, 8192, 2},
    {"quantum-dlt", 0x04, 0, 2048, 8192, 3},
    {"quantum-dlt", 0x04, 0, 0, 4096, 6},
    {"hp-ultrium", 0x07, 0, 0, 512, 1},
    {"hp-ultrium2", 0x07, 0, 0, 512, 1},
    {"t10000", 0x0E, 0, 0, 262144, 1},
    {"t10000", 0x06, 1, 0, 262144, 2},
    {"t10000", 0x06, 0, 0, 131072, 6},
    {"t10000", 0x06, 0, 0, 0, 6},
    {"ibm-3584", 0x0E, 0, 0, 0x100000, 1},
    {"ibm-3584", 0x07, 1, 0, 0x100000, 2},
    {"ibm-3584", 0x07, 0, 0, 0x80000, 6},
    {"tl2000", 0x07, 0x88, 0, 512, 1},
    {"tl2000", 0x04, 0xAA, 0, 512, 2},
    {"tl2000", 0x04, 0x88, 0, 0x10000, 6},
    {"superloader3", 0x07, 0, 0, 512, 1},
    {"superloader3", 0x04, 1, 0, 512, 2},
    {"slr-autoloader", 0x04, 0, 0, 65536, 1},
    {"slr-autoloader", 0x07, 1, 0, 65536, 2},
    {"slr-autoloader", 0x07, 0, 0, 32768, 6},
    {"qualstar", 0x07, 0, 0, 8240, 1},
    {"qualstar", 0x05, 1, 0, 8240, 2},
    {"qualstar", 0x05, 0, 8240, 8240, 3},
    {"qualstar", 0x05, 0, 0, 8192, 6},
    {"plextor", 0x07, 0, 0, 512, 1},
    {"plextor", 0x04, 1, 0, 512, 2},
    {"plextor", 0x04, 0, 0, 8193, 6},
    {"quantum-dlt4000", 0x07, 0, 0, 4096, 1},
    {"quantum-dlt4000", 0x04, 1, 0, 4096, 2},
    {"quantum-dlt4000", 0x04, 0, 0, 2048, 6},
    {"quantum-dlt4000", 0x05, 0, 0, 6144, 6},
    {"quantum-sdlt600", 0x06, 0, 0, 8192, 1},
    {"quantum-sdlt600", 0x04, 1, 0, 8192, 2},
    {"quantum-sdlt600", 0x04, 0, 0, 4096, 6},
    {"bnchmark-dlt1", 0x07, 0, 0, 8192, 1},
    {"bnchmark-dlt1", 0x04, 1, 0, 8192, 2},
    {"bnchmark-dlt1", 0x04, 0, 2048, 8192, 3},
    {"bnchmark-dlt1", 0x04, 0, 0, 4096, 6},
    {"bnchmark-dlt1", 0x05, 0, 0, 4096, 6},
    {"seagate-stt8000", 0x04, 0, 0, 512, 1},
    {"seagate-stt8000", 0x07, 0, 0, 512, 1},
    {"seagate-stt8000", 0x05, 1, 0, 512, 2},
    {"seagate-stt8000", 0x05, 0, 512, 512, 3},
    {"seagate-medalist", 0x04, 0, 0, 512, 1},
    {"seagate-medalist", 0x07, 0, 0, 512, 1},
    {"ibm-dcas", 0x07, 0, 0, 512, 1},
    {"ibm-dcas", 0x05, 0x83, 0, 512, 2},
    {"ibm-dcas", 0x05, 0, 512, 512, 3},
    {"ibm-ddrs", 0x07, 0, 0, 512, 1},
    {"ibm-ddrs", 0x05, 0x83, 0, 512, 2},
    {"ibm-ddrs", 0x05, 0, 512, 512, 3},
    {"fujitsu-maa-fc", 0x0E, 0, 0, 512, 1},
    {"fujitsu-maa-fc", 0x05, 1, 0, 512, 2},
    {"fujitsu-maa-fc", 0x05, 0, 512, 512, 3},
    {"fujitsu-maa-fc", 0x05, 0, 0, 510, 6},
    {"fujitsu-maa", 0x07, 0, 0, 512, 1},
    {"fujitsu-maa", 0x05, 1, 0, 512, 2},
    {"fujitsu-maa", 0x05, 0, 512, 512, 3},
    {"fujitsu-maa", 0x05, 0, 0, 0x80001, 6},
    {"seagate-viper200", 0x0E, 0, 0, 512, 1},
    {"seagate-viper200", 0x07, 0x54, 0, 512, 2},
    {"plextor-px", 0x07, 0, 0, 512, 1},
    {"plextor-px", 0x04, 1, 0, 512, 2},
    {"plextor-px", 0x04, 0, 0, 4097, 6},
    {"hp-sas-expander", 0x07, 0, 0, 4096, 1},
    {"hp-sas-expander", 0x0E, 1, 0, 4096, 2},
    {"hp-sas-expander", 0x0E, 0, 0, 4097, 6},
    {"sun-daktari", 0x05, 0, 0, 256, 1},
    {"sun-daktari", 0x07, 1, 0, 256, 2},
    {"sun-daktari", 0x07, 0, 0, 257, 6},
    {"ibm-2104", 0x0E, 0, 0, 512, 1},
    {"ibm-2104", 0x05, 1, 0, 512, 2},
    {"ibm-2104", 0x05, 0, 512, 512, 3},
    {"ibm-146z10", 0x0E, 0, 0, 0x8000, 1},
    {"ibm-146z10", 0x07, 0x81, 0, 0x8000, 2},
    {"ibm-146z10", 0x05, 1, 0, 512, 2},
    {"ibm-146z10", 0x07, 0, 0x8000, 0x8000, 3},
    {"ibm-146z10", 0x05, 0, 512, 512, 3},
    {"ibm-146z10", 0x07, 0, 0, 0x4000, 6},
    {"fujitsu-map", 0x0E, 0, 0, 512, 1},
    {"fujitsu-map", 0x07, 1, 0, 512, 2},
    {"fujitsu-map", 0x05, 0, 512, 512, 3},
    {"fujitsu-map", 0x07, 0, 2, 512, 3},
    {"fujitsu-map", 0x07, 0, 0x780004, 512, 3},
    {"fujitsu-map", 0x07, 0, 0x77FFFC, 512, 6},
    {"fujitsu-mau", 0x0E, 0, 0, 512, 1},
    {"fujitsu-mau", 0x07, 1, 0, 512, 2},
    {"fujitsu-mau", 0x05, 0, 512, 512, 3},
    {"fujitsu-mau", 0x07, 0, 2, 512, 3},
    {"fujitsu-mau", 0x07, 0, 0, 510, 6},
    {"fujitsu-mau", 0x07, 0, 0x693664, 512, 3},
    {"fujitsu-mau", 0x07, 0, 0x69365C, 512, 6},
};

static void
test_bad_fields(void)
{
	g_autofree uint8_t *data = g_malloc0(0x100000);

	for (size_t i = 0; i < G_N_ELEMENTS(bad_fields); i++) {
		const BadField *row = &bad_fields[i];
		TestBed bed;

		g_test_message("%zu: %s", i, row->model);
		test_bed_init(&bed, row->model);
		test_bed_write(&bed, row->byte1, row->id, row->offset, data, row->bytes);
		assert_invalid_field(&bed, row->field);
		g_assert_cmpuint(wbt_target_get_partial_bytes(bed.target), ==, 0);
		test_bed_assert_factory(&bed, "0001");
		test_bed_clear(&bed);
	}
}

/* a mode that only stores leaves the factory's firmware, and the one that saves ends it */
static void
test_store_then_save(void)
{
	static const struct {
		const char *model;
		uint8_t mode;
		uint8_t mode_last;
		uint32_t bytes;
	} rows[] = {
	    {"hp-ultrium", 0x04, 0x05, 2048},
	    {"hp-ultrium2", 0x04, 0x05, 2048},
	    {"superloader3", 0x04, 0x05, 2048},
	    {"plextor", 0x04, 0x05, 2048},
	    {"plextor-px", 0x04, 0x05, 4096},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		TestBed bed;

		g_test_message("%s", rows[i].model);
		test_bed_init(&bed, rows[i].model);
		test_bed_download(&bed, rows[i].mode, rows[i].mode, rows[i].bytes);
		test_bed_assert_factory(&bed, "0001");
		test_bed_clear(&bed);
		test_bed_init(&bed, rows[i].model);
		test_bed_download(&bed, rows[i].mode, rows[i].mode_last, rows[i].bytes);
		test_bed_assert_updated(&bed);
		test_bed_clear(&bed);
	}
}

/* READ BUFFER of a TL2000 tells of a buffer that is not the firmware's */
static void
test_tl2000_descriptor(void)
{
	static const uint8_t cdb[16] = {0x3C, 0x03, 0x00, 0, 0, 0, 0, 0, 4};
	static const uint8_t cdb_firmware[16] = {0x3C, 0x03, 0x88, 0, 0, 0, 0, 0, 4};
	static const uint8_t wanted[] = {0x00, 0x00, 0x01, 0x00};
	static const uint8_t wanted_firmware[] = {0x00, 0x00, 0x00, 0x00};
	TestBed bed;

	test_bed_init(&bed, "tl2000");
	test_bed_command(&bed, cdb);
	assert_good(&bed);
	g_assert_cmpmem(bed.data_in, 4, wanted, sizeof(wanted));
	test_bed_command(&bed, cdb_firmware);
	assert_good(&bed);
	g_assert_cmpmem(bed.data_in, 4, wanted_firmware, sizeof(wanted_firmware));
	test_bed_clear(&bed);
}

/* WRITE BUFFER takes either of two names of the firmware's buffer */
static void
test_tl2000_buffer_0(void)
{
	TestBed bed;

	test_bed_init(&bed, "tl2000");
	test_bed_download(&bed, 0x04, 0x05, 2048);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

/* an image says which drives it is for, and the drive says which images those are */
static void
test_ibm_header(void)
{
	static const uint8_t cdb_list[16] = {0x12, 0x01, 0x00, 0, 252};
	static const uint8_t cdb[16] = {0x12, 0x01, 0x03, 0, 252};
	TestBed bed;

	test_bed_init(&bed, "ibm-tape");
	test_bed_command(&bed, cdb_list);
	g_assert_cmpmem(bed.data_in, bed.reply.data_in_bytes, "\1\0\0\4\x00\x03\x80\x83", 8);
	test_bed_command(&bed, cdb);
	assert_good(&bed);
	g_assert_cmpuint(bed.reply.data_in_bytes, ==, 37);
	g_assert_cmpmem(bed.data_in, 4, "\1\3\0\x21", 4);
	g_assert_cmpmem(bed.image->data, 4, "\0\0\0\0", 4);
	g_assert_cmpuint(bed.image->data[6] << 8 | bed.image->data[7], ==, TEST_IMAGE_BYTES);
	g_assert_cmpmem(bed.image->data + 8, 4, bed.data_in + 8, 4);   /* load ID */
	g_assert_cmpmem(bed.image->data + 24, 8, bed.data_in + 24, 8); /* RU name */
	g_assert_cmpmem(bed.image->data + 12, 4, bed.image->data + 32 + 32, 4);
	g_assert_cmpmem(bed.image->data + 32, 8, "WBTIMAGE", 8);
	test_bed_download(&bed, 0x07, 0x07, 2048);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);

	test_bed_init(&bed, "ibm-ult3580");
	test_bed_command(&bed, cdb);
	assert_invalid_field(&bed, 2);
	g_assert_cmpmem(bed.image->data, 8, "WBTIMAGE", 8);
	test_bed_clear(&bed);
}

/* each byte of the header counts, and so does what it says */
static void
test_ibm_header_spoiled(void)
{
	static const size_t at_bytes[] = {0, 7, 8, 11, 12, 23, 24, 31};

	for (size_t i = 0; i < G_N_ELEMENTS(at_bytes); i++) {
		TestBed bed;

		g_test_message("byte %zu", at_bytes[i]);
		test_bed_init(&bed, "ibm-tape");
		bed.image->data[at_bytes[i]] ^= 1;
		test_bed_segment(&bed, 0x07, 0, TEST_IMAGE_BYTES);
		assert_sense(&bed, 0x05, 0x26, 0x00);
		test_bed_assert_factory(&bed, "0001");
		test_bed_clear(&bed);
	}
	g_assert_null(wbt_image_new(wbt_model_find("ibm-tape"), "1", 75, 1));
}

/* each family names a row, and products that INQUIRY can carry */
static void
test_families(void)
{
	for (size_t i = 0; i < wbt_n_book_families; i++) {
		const WbtBookFamily *family = &wbt_book_families[i];
		const WbtModel *model = wbt_model_find(family->model);

		g_assert_nonnull(model);
		g_assert_cmpuint(strlen(model->vendor), <=, WBT_VENDOR_BYTES);
		g_assert_cmpuint(strlen(model->product), <=, WBT_PRODUCT_BYTES);
		for (size_t j = 0; family->products != NULL && family->products[j] != NULL; j++) {
			g_assert_cmpstr(family->products[j], !=, model->product);
			g_assert_cmpuint(strlen(family->products[j]), <=, WBT_PRODUCT_BYTES);
		}
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/target/book/bad-fields", test_bad_fields);
	g_test_add_func("/target/book/store-then-save", test_store_then_save);
	g_test_add_func("/target/book/tl2000-descriptor", test_tl2000_descriptor);
	g_test_add_func("/target/book/tl2000-buffer-0", test_tl2000_buffer_0);
	g_test_add_func("/target/book/ibm-header", test_ibm_header);
	g_test_add_func("/target/book/ibm-header-spoiled", test_ibm_header_spoiled);
	g_test_add_func("/target/book/families", test_families);
	return g_test_run();
}
