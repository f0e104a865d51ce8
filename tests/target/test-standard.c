// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

/* the made up models: what each says of itself, its rules obeyed, and each one violated */

#include "test-bed.h"
#include "wbt-bytes.h"
#include "wbt-model.h"

static const char factory[] = "0001";

/**
 * Words: what a model says of itself; a page or a descriptor that it does not have is -1.
 * @activate: byte 4 of VPD page 86h, ACTIVATE MICROCODE
 * @events: byte 12, POA_SUP, HRA_SUP, VSA_SUP and DMS_VALID
 * @modes: byte 19, DM_MD_x
 */
typedef struct {
	const char *model;
	int activate;
	int events;
	int modes;
	int boundary;
	uint32_t capacity_bytes;
} Words;

static const Words words[] = {
    {"std-deferred", 0x40, 0xD0, 0x56, 9, 0x400000},
    {"std-rsoc", 0x00, 0x00, 0x06, 0, 0x400000},
    {"std-rsoc-plain", -1, -1, -1, 0, 0x400000},
    {"std-silent", -1, -1, -1, -1, 0},
    {"std-boundary9", -1, -1, -1, 9, 0x400000},
    {"std-boundary16", 0x40, 0x10, 0x10, 16, 0},
    {"std-offset0", 0x40, 0x10, 0x40, 0xFF, 0x100000},
    {"std-whole", 0x40, 0x10, 0x10, 0xFF, 0x100000},
    {"std-capacity0", 0x40, 0x10, 0x10, 0, 0},
    {"std-small", 0x40, 0x10, 0x10, 0, 0x10000},
    {"std-events", 0x40, 0xD0, 0x0A, 0, 0x400000},
    {"std-descriptor", 0x40, 0xD0, 0x06, 0, 0x400000},
    {"std-after-event", 0x80, 0x10, 0x10, 0, 0x400000},
    {"std-untold", 0x00, 0x10, 0x10, 0, 0x400000},
    {"std-untold-later", 0x00, 0x10, 0x10, 0, 0x400000},
    {"std-slow", 0x40, 0x10, 0x10, 0, 0x400000},
    {"std-away", 0x40, 0xD0, 0x06, 0, 0x400000},
    {"std-echo", 0x40, 0x10, 0x10, 0, 0x400000},
    {"std-power-on", 0x40, 0x90, 0x04, 0, 0x400000},
    {"std-reset", 0x40, 0xD0, 0x04, 0, 0x400000},
    {"std-version", -1, -1, -1, -1, 0},
    {"std-version-page", -1, -1, -1, -1, 0},
};

static void
check_page(TestBed *bed, const Words *row)
{
	static const uint8_t inquiry[16] = {0x12, 1, 0x86, 0, 255};

	test_bed_command(bed, inquiry);
	if (row->activate < 0) {
		assert_invalid_field(bed, 2);
		return;
	}
	assert_good(bed);
	g_assert_cmpuint(bed->reply.data_in_bytes, ==, 64);
	g_assert_cmphex(bed->data_in[4], ==, row->activate);
	g_assert_cmphex(bed->data_in[12], ==, row->events);
	g_assert_cmphex(bed->data_in[19], ==, row->modes);
}

static void
check_descriptor(TestBed *bed, const Words *row)
{
	static const uint8_t read_id_0[16] = {0x3C, 0x03, 0, 0, 0, 0, 0, 0, 4};
	static const uint8_t read_id_1[16] = {0x3C, 0x03, 1, 0, 0, 0, 0, 0, 4};
	uint8_t expected[4] = {(uint8_t)row->boundary};

	test_bed_command(bed, read_id_0);
	if (row->boundary < 0) {
		assert_sense(bed, 0x05, 0x20, 0x00);
		return;
	}
	wbt_put_be24(expected + 1, row->capacity_bytes);
	assert_good(bed);
	g_assert_cmpmem(bed->data_in, bed->reply.data_in_bytes, expected, sizeof(expected));
	test_bed_command(bed, read_id_1);
	g_assert_cmpmem(bed->data_in, bed->reply.data_in_bytes, "\0\0\0\0", 4);
}

static void
test_words(void)
{
	g_assert_cmpuint(G_N_ELEMENTS(words), ==, wbt_n_standard_models);
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		TestBed bed;

		g_test_message("%s", words[i].model);
		test_bed_init(&bed, words[i].model);
		check_page(&bed, &words[i]);
		check_descriptor(&bed, &words[i]);
		test_bed_clear(&bed);
	}
}

/* every mode that updates at once, on every model that has it */
static void
test_obeyed(void)
{
	static const struct {
		const char *model;
		uint8_t mode;
		uint32_t bytes;
	} rows[] = {
	    {"std-deferred", 0x05, TEST_IMAGE_BYTES},
	    {"std-deferred", 0x07, 512},
	    {"std-rsoc", 0x05, TEST_IMAGE_BYTES},
	    {"std-rsoc", 0x07, 1000},
	    {"std-rsoc-plain", 0x05, TEST_IMAGE_BYTES},
	    {"std-rsoc-plain", 0x07, 1000},
	    {"std-silent", 0x07, 1000},
	    {"std-boundary9", 0x07, 1024},
	    {"std-boundary16", 0x07, TEST_IMAGE_BYTES},
	    {"std-offset0", 0x05, TEST_IMAGE_BYTES},
	    {"std-whole", 0x07, TEST_IMAGE_BYTES},
	    {"std-capacity0", 0x07, 1000},
	    {"std-small", 0x07, 1000},
	    {"std-untold", 0x07, 1000},
	    {"std-slow", 0x07, 1000},
	    {"std-echo", 0x07, 1000},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		TestBed bed;

		g_test_message("%s mode %02x", rows[i].model, rows[i].mode);
		test_bed_init(&bed, rows[i].model);
		test_bed_download(&bed, rows[i].mode, rows[i].mode, rows[i].bytes);
		test_bed_assert_updated(&bed);
		wbt_target_power_cycle(bed.target);
		g_assert_cmpstr(wbt_target_get_revision(bed.target), ==, TEST_REVISION);
		test_bed_clear(&bed);
	}
}

/* one command that must be refused because of a field, and drops nothing */
static const struct {
	const char *model;
	uint8_t byte1;
	uint8_t id;
	uint32_t offset;
	uint32_t bytes;
	uint8_t field;
} bad_fields[] = {
    {"std-deferred", 0x07, 0, 256, 512, 3},
    {"std-deferred", 0x0E, 0, 513, 512, 3},
    {"std-deferred", 0x07, 1, 0, 512, 2},
    {"std-deferred", 0x0D, 0, 0, 512, 1},
    {"std-deferred", 0x8E, 0, 0, 512, 1},
    {"std-deferred", 0x07, 0, 0x400200, 512, 3},
    {"std-rsoc", 0x0E, 0, 0, 512, 1}, /* what the page says without DMS_VALID */
    {"std-rsoc", 0x0F, 0, 0, 0, 1},
    {"std-rsoc", 0x07, 0, 0, 65536, 6},
    {"std-rsoc-plain", 0x06, 0, 0, 512, 1},
    {"std-silent", 0x05, 0, 0, 512, 1},
    {"std-silent", 0x0E, 0, 0, 512, 1},
    {"std-boundary9", 0x07, 0, 256, 512, 3},
    {"std-boundary9", 0x07, 0, 0, 0x4000, 6},
    {"std-boundary16", 0x07, 0, 32768, 512, 3},
    {"std-boundary16", 0x07, 0, 0x420000, 512, 3},
    {"std-offset0", 0x05, 0, 1, 512, 3},
    {"std-offset0", 0x05, 0, 0x10000, 512, 3},
    {"std-offset0", 0x07, 0, 0, 512, 1},
    {"std-whole", 0x07, 0, 512, 512, 3},
    {"std-capacity0", 0x07, 0, 0x400200, 512, 3},
    {"std-small", 0x07, 0, 0, 65537, 6},
    {"std-small", 0x07, 0, 65537, 512, 3},
    {"std-small", 0x07, 0, 65024, 513, 6},
    {"std-events", 0x0E, 0, 0, 512, 1},
    {"std-events", 0x2D, 0, 0, 512, 1}, /* VSE_ACT */
    {"std-events", 0xED, 0, 0, 512, 1},
    {"std-after-event", 0x0F, 0, 0, 0, 1},
};

static void
test_violated(void)
{
	g_autofree uint8_t *data = g_malloc0(131072);

	for (size_t i = 0; i < G_N_ELEMENTS(bad_fields); i++) {
		TestBed bed;

		g_test_message("row %zu, %s", i, bad_fields[i].model);
		test_bed_init(&bed, bad_fields[i].model);
		test_bed_write(&bed,
			       bad_fields[i].byte1,
			       bad_fields[i].id,
			       bad_fields[i].offset,
			       data,
			       bad_fields[i].bytes);
		assert_invalid_field(&bed, bad_fields[i].field);
		g_assert_cmpuint(wbt_target_get_partial_bytes(bed.target), ==, 0);
		test_bed_assert_factory(&bed, factory);
		test_bed_clear(&bed);
	}
}

/* two segments of 64 KiB, and what is left; a step of 32 KiB loses that segment alone */
static void
test_boundary_16(void)
{
	TestBed bed;

	test_bed_init(&bed, "std-boundary16");
	g_byte_array_unref(bed.image);
	bed.image = wbt_image_new(wbt_target_get_model(bed.target), TEST_REVISION, 150000, 3);
	test_bed_segment(&bed, 0x07, 0, 32768);
	assert_good(&bed);
	test_bed_segment(&bed, 0x07, 32768, 32768);
	assert_invalid_field(&bed, 3);
	g_assert_cmpuint(wbt_target_get_partial_bytes(bed.target), ==, 32768);
	test_bed_download(&bed, 0x07, 0x07, 65536);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

/* a boundary of FFh on a mode with offsets, which would take any other */
static void
test_offset_0(void)
{
	static const WbtModeRule rules[] = {{
	    .mode = 0x07,
	    .end = WBT_END_IMAGE_ARRIVED,
	    .effect = WBT_EFFECT_SAVE_RUN,
	}};
	static const WbtModel model = {.name = "zero",
				       .vendor = "WBT",
				       .product = "ZERO",
				       .revision = "0001",
				       .offset_unit_bytes = 1,
				       .boundary_exponent = WBT_BOUNDARY_OFFSET_0,
				       .rules = rules,
				       .n_rules = 1};
	TestBed bed;

	test_bed_init_model(&bed, &model);
	test_bed_segment(&bed, 0x07, 0, 2048);
	assert_good(&bed);
	test_bed_segment(&bed, 0x07, 2048, 2048);
	assert_invalid_field(&bed, 3);
	test_bed_segment(&bed, 0x07, 0, TEST_IMAGE_BYTES);
	assert_good(&bed);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

/* an image that fills the buffer, and one that is larger by a byte */
static void
test_small(void)
{
	TestBed bed;

	test_bed_init(&bed, "std-small");
	g_byte_array_unref(bed.image);
	bed.image = wbt_image_new(wbt_target_get_model(bed.target), TEST_REVISION, 65537, 3);
	test_bed_segment(&bed, 0x07, 0, 65536);
	assert_good(&bed);
	test_bed_segment(&bed, 0x07, 65536, 1);
	assert_invalid_field(&bed, 6);
	test_bed_assert_factory(&bed, factory);
	g_byte_array_unref(bed.image);
	bed.image = wbt_image_new(wbt_target_get_model(bed.target), TEST_REVISION, 65536, 3);
	test_bed_download(&bed, 0x07, 0x07, 32768);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

/* descriptors that do not tell the truth */
static void
test_wrong_descriptor(void)
{
	static const uint8_t garbage[] = {0xDE, 0xAD, 0xBE, 0xEF};
	static const struct {
		const uint8_t *descriptor;
		size_t bytes;
	} rows[] = {{garbage, 0}, {garbage, 2}, {garbage, 4}};
	static const uint8_t read_id_5[16] = {0x3C, 0x03, 5, 0, 0, 0, 0, 0, 4};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		WbtModel model = *wbt_model_find("std-small");
		TestBed bed;

		model.wrong_descriptor = rows[i].descriptor;
		model.wrong_descriptor_bytes = rows[i].bytes;
		test_bed_init_model(&bed, &model);
		test_bed_command(&bed, read_id_5);
		assert_good(&bed);
		g_assert_cmpmem(bed.data_in, bed.reply.data_in_bytes, garbage, rows[i].bytes);
		g_assert_cmpint(bed.reply.resid_bytes,
				==,
				(int)(sizeof(bed.data_in) - rows[i].bytes));
		test_bed_clear(&bed);
	}
}

/* a page of an older standard ends before byte 19 */
static void
test_short_page(void)
{
	static const uint8_t inquiry[16] = {0x12, 1, 0x86, 0, 255};
	WbtModel model = *wbt_model_find("std-deferred");
	TestBed bed;

	model.vpd_bytes = 14;
	test_bed_init_model(&bed, &model);
	test_bed_command(&bed, inquiry);
	assert_good(&bed);
	g_assert_cmpuint(bed.reply.data_in_bytes, ==, 14);
	g_assert_cmpmem(bed.data_in, 5, "\0\x86\0\x0A\x40", 5);
	g_assert_cmphex(bed.data_in[12], ==, 0xD0);
	test_bed_clear(&bed);
}

/* saved at once, and the page does not say that it runs only from the next power on */
static void
test_untold_later(void)
{
	TestBed bed;

	test_bed_init(&bed, "std-untold-later");
	test_bed_download(&bed, 0x07, 0x07, 1000);
	g_assert_cmpuint(wbt_target_get_commits(bed.target), ==, 1);
	g_assert_cmpstr(wbt_target_get_revision(bed.target), ==, factory);
	wbt_target_power_cycle(bed.target);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/target/standard/words", test_words);
	g_test_add_func("/target/standard/obeyed", test_obeyed);
	g_test_add_func("/target/standard/violated", test_violated);
	g_test_add_func("/target/standard/boundary-16", test_boundary_16);
	g_test_add_func("/target/standard/offset-0", test_offset_0);
	g_test_add_func("/target/standard/small", test_small);
	g_test_add_func("/target/standard/wrong-descriptor", test_wrong_descriptor);
	g_test_add_func("/target/standard/short-page", test_short_page);
	g_test_add_func("/target/standard/untold-later", test_untold_later);
	return g_test_run();
}
