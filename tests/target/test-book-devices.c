// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

/* the device book: how single devices take an image, and what follows */

#include "test-bed.h"

/* for a device that takes none of the bed's size */
static void
new_image(TestBed *bed, size_t bytes)
{
	g_byte_array_unref(bed->image);
	bed->image = wbt_image_new(wbt_target_get_model(bed->target), TEST_REVISION, bytes, 1);
}

/* pieces that save, each way that the document names */
static void
test_save(void)
{
	static const struct {
		const char *model;
		uint8_t mode;
		uint32_t bytes;
	} rows[] = {
	    {"seagate-stt8000", 0x05, TEST_IMAGE_BYTES},
	    {"seagate-medalist", 0x05, TEST_IMAGE_BYTES},
	    {"ibm-dcas", 0x05, TEST_IMAGE_BYTES},
	    {"ibm-ddrs", 0x05, TEST_IMAGE_BYTES},
	    {"fujitsu-maa-fc", 0x05, TEST_IMAGE_BYTES},
	    {"fujitsu-maa", 0x05, TEST_IMAGE_BYTES},
	    {"seagate-viper200", 0x05, 2048},
	    {"seagate-viper200", 0x07, 2048},
	    {"ibm-2104", 0x05, TEST_IMAGE_BYTES},
	    {"ibm-146z10", 0x05, TEST_IMAGE_BYTES},
	    {"fujitsu-map", 0x05, TEST_IMAGE_BYTES},
	    {"fujitsu-map", 0x07, 2048},
	    {"fujitsu-mau", 0x05, TEST_IMAGE_BYTES},
	    {"fujitsu-mau", 0x07, 2048},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		TestBed bed;

		g_test_message("%s, %02Xh", rows[i].model, rows[i].mode);
		test_bed_init(&bed, rows[i].model);
		test_bed_download(&bed, rows[i].mode, rows[i].mode, rows[i].bytes);
		test_bed_assert_updated(&bed);
		test_bed_clear(&bed);
	}
}

/* a Viper 200 does not flash what 04h or 06h have brought */
static void
test_viper_not_saved(void)
{
	static const uint8_t modes[] = {0x04, 0x06};

	for (size_t i = 0; i < G_N_ELEMENTS(modes); i++) {
		TestBed bed;

		test_bed_init(&bed, "seagate-viper200");
		test_bed_download(&bed, modes[i], modes[i], 2048);
		test_bed_write(&bed, 0x07, 0, 0, NULL, 0);
		assert_good(&bed);
		test_bed_assert_factory(&bed, "0001");
		test_bed_clear(&bed);
	}
}

/* INQUIRY shows the servo's two characters, and two of the image; an error loses all of it */
static void
test_dlt4000(void)
{
	TestBed bed;

	test_bed_init(&bed, "quantum-dlt4000");
	new_image(&bed, 8192);
	test_bed_segment(&bed, 0x04, 0, 4096);
	test_bed_segment(&bed, 0x04, 4096, 2048);
	assert_invalid_field(&bed, 6);
	test_bed_segment(&bed, 0x05, 4096, 4096);
	assert_sense(&bed, 0x05, 0x2C, 0x00);
	test_bed_download(&bed, 0x04, 0x04, 4096);
	g_assert_cmpuint(wbt_target_get_commits(bed.target), ==, 0);
	test_bed_write(&bed, 0x05, 0, 8192, NULL, 0);
	assert_good(&bed);
	g_assert_cmpuint(wbt_target_get_commits(bed.target), ==, 1);
	g_assert_cmpstr(wbt_target_get_revision(bed.target), ==, "00W1");
	test_bed_clear(&bed);
}

/* a piece that comes twice, or is left out, loses all of it; what is not saved does not run */
static void
test_dlt1(void)
{
	static const uint32_t at_bytes[] = {0, 16384};
	TestBed bed;

	test_bed_init(&bed, "bnchmark-dlt1");
	new_image(&bed, 24576);
	for (size_t i = 0; i < G_N_ELEMENTS(at_bytes); i++) {
		test_bed_segment(&bed, 0x04, 0, 8192);
		test_bed_write(&bed, 0x05, 0, at_bytes[i], bed.image->data, 8192);
		g_assert_cmpuint(bed.reply.status, ==, WBT_STATUS_CHECK_CONDITION);
		g_assert_cmpuint(wbt_target_get_partial_bytes(bed.target), ==, 0);
	}
	test_bed_download(&bed, 0x04, 0x04, 8192);
	test_bed_assert_factory(&bed, "0001");
	test_bed_download(&bed, 0x04, 0x05, 8192);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

/* any size that the field can say, and no boundary */
static void
test_ultrium2_descriptor(void)
{
	static const uint8_t cdb[16] = {0x3C, 0x03, 0x00, 0, 0, 0, 0, 0, 4};
	static const uint8_t wanted[] = {0x00, 0xFF, 0xFF, 0xFF};
	TestBed bed;

	test_bed_init(&bed, "hp-ultrium2");
	test_bed_command(&bed, cdb);
	assert_good(&bed);
	g_assert_cmpmem(bed.data_in, 4, wanted, sizeof(wanted));
	test_bed_clear(&bed);
}

/* power-up reset, then operating code has changed */
static void
test_sdlt600(void)
{
	TestBed bed;

	test_bed_init(&bed, "quantum-sdlt600");
	new_image(&bed, 16384);
	test_bed_download(&bed, 0x04, 0x05, 8192);
	test_bed_opcode(&bed, 0x00);
	assert_sense(&bed, 0x06, 0x29, 0x00);
	test_bed_opcode(&bed, 0x00);
	assert_sense(&bed, 0x06, 0x3F, 0x01);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

/* an expander keeps what has arrived for later, through a power cycle, too */
static void
test_hp_expander(void)
{
	TestBed bed;

	test_bed_init(&bed, "hp-sas-expander");
	test_bed_download(&bed, 0x0E, 0x0E, 4096);
	test_bed_assert_factory(&bed, "0001");
	wbt_target_power_cycle(bed.target);
	test_bed_opcode(&bed, 0x00);
	test_bed_assert_factory(&bed, "0001");
	test_bed_write(&bed, 0x0F, 0, 0, NULL, 0);
	assert_good(&bed);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

/* saved at once, but a reset makes it run */
static void
test_daktari(void)
{
	TestBed bed;

	test_bed_init(&bed, "sun-daktari");
	test_bed_download(&bed, 0x07, 0x07, 256);
	g_assert_cmpuint(wbt_target_get_commits(bed.target), ==, 1);
	g_assert_cmpstr(wbt_target_get_revision(bed.target), ==, "0001");
	wbt_target_hard_reset(bed.target);
	test_bed_opcode(&bed, 0x00);
	assert_sense(&bed, 0x06, 0x29, 0x02);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

/* the version that IBM's tool reads */
static void
test_ibm_2104_page(void)
{
	static const uint8_t cdb[16] = {0x12, 0x01, 0x03, 0, 252};
	TestBed bed;

	test_bed_init(&bed, "ibm-2104");
	test_bed_command(&bed, cdb);
	assert_good(&bed);
	g_assert_cmpmem(bed.data_in + 12, 4, "0001", 4);
	test_bed_segment(&bed, 0x05, 0, TEST_IMAGE_BYTES);
	assert_good(&bed);
	test_bed_command(&bed, cdb);
	g_assert_cmpmem(bed.data_in + 12, 4, TEST_REVISION, 4);
	test_bed_clear(&bed);
}

/* each segment with offset 0, one after the other, and no other command in between */
static void
test_ibm_146z10(void)
{
	TestBed bed;

	test_bed_init(&bed, "ibm-146z10");
	new_image(&bed, 0x14000);
	test_bed_write(&bed, 0x07, 0, 0, bed.image->data, 0x8000);
	assert_good(&bed);
	test_bed_opcode(&bed, 0x00);
	g_assert_cmpuint(wbt_target_get_partial_bytes(bed.target), ==, 0);
	for (uint32_t at = 0; at < bed.image->len; at += 0x8000) {
		g_assert_cmpuint(bed.reply.hang_ms, ==, 0);
		test_bed_write(&bed,
			       0x07,
			       0,
			       0,
			       bed.image->data + at,
			       MIN(0x8000, bed.image->len - at));
		assert_good(&bed);
	}
	g_assert_cmpuint(bed.reply.hang_ms, ==, 30000);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

/* one command, many seconds, and what follows a power on */
static void
test_ibm_single(void)
{
	static const struct {
		const char *model;
		uint32_t save_ms;
	} rows[] = {{"ibm-dcas", 20000}, {"ibm-ddrs", 120000}};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		TestBed bed;

		g_test_message("%s", rows[i].model);
		test_bed_init(&bed, rows[i].model);
		test_bed_segment(&bed, 0x05, 0, TEST_IMAGE_BYTES);
		assert_good(&bed);
		g_assert_cmpuint(bed.reply.hang_ms, ==, rows[i].save_ms);
		test_bed_opcode(&bed, 0x00);
		assert_sense(&bed, 0x06, 0x29, 0x00);
		test_bed_assert_updated(&bed);
		test_bed_clear(&bed);
	}
}

/* what 04h and 06h bring runs until power is lost */
static void
test_fujitsu_not_saved(void)
{
	static const struct {
		const char *model;
		uint8_t mode;
		uint32_t bytes;
	} rows[] = {
	    {"fujitsu-map", 0x04, TEST_IMAGE_BYTES},
	    {"fujitsu-map", 0x06, 2048},
	    {"fujitsu-maa-fc", 0x04, TEST_IMAGE_BYTES},
	    {"fujitsu-maa", 0x04, TEST_IMAGE_BYTES},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		TestBed bed;

		g_test_message("%s, %02Xh", rows[i].model, rows[i].mode);
		test_bed_init(&bed, rows[i].model);
		test_bed_download(&bed, rows[i].mode, rows[i].mode, rows[i].bytes);
		g_assert_cmpstr(wbt_target_get_revision(bed.target), ==, TEST_REVISION);
		wbt_target_power_cycle(bed.target);
		test_bed_assert_factory(&bed, "0001");
		test_bed_clear(&bed);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/target/book-devices/save", test_save);
	g_test_add_func("/target/book-devices/viper-not-saved", test_viper_not_saved);
	g_test_add_func("/target/book-devices/dlt4000", test_dlt4000);
	g_test_add_func("/target/book-devices/dlt1", test_dlt1);
	g_test_add_func("/target/book-devices/ultrium2-descriptor", test_ultrium2_descriptor);
	g_test_add_func("/target/book-devices/sdlt600", test_sdlt600);
	g_test_add_func("/target/book-devices/hp-expander", test_hp_expander);
	g_test_add_func("/target/book-devices/daktari", test_daktari);
	g_test_add_func("/target/book-devices/ibm-2104-page", test_ibm_2104_page);
	g_test_add_func("/target/book-devices/ibm-146z10", test_ibm_146z10);
	g_test_add_func("/target/book-devices/ibm-single", test_ibm_single);
	g_test_add_func("/target/book-devices/fujitsu-not-saved", test_fujitsu_not_saved);
	return g_test_run();
}
