// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

/* each model: its rules obeyed, and each one violated */

#include "test-bed.h"

/* one WRITE BUFFER that must be refused because of a field */
typedef struct {
	uint8_t byte1;
	uint8_t id;
	uint32_t offset;
	uint32_t bytes;
	uint8_t field;
} BadField;

static void
check_bad_fields(TestBed *bed, const BadField *rows, size_t n_rows)
{
	g_autofree uint8_t *data = g_malloc0(65536);

	for (size_t i = 0; i < n_rows; i++) {
		const BadField *row = &rows[i];

		g_test_message("row %zu", i);
		test_bed_write(bed, row->byte1, row->id, row->offset, data, row->bytes);
		assert_invalid_field(bed, row->field);
		g_assert_cmpuint(wbt_target_get_partial_bytes(bed->target), ==, 0);
	}
}

static void
test_sl500_fields(void)
{
	static const BadField rows[] = {
	    {0x0E, 0, 0, 512, 1}, /* modes that the library does not have */
	    {0x0F, 0, 0, 0, 1},
	    {0x0D, 0, 0, 512, 1},
	    {0x27, 0, 0, 512, 1}, /* MODE SPECIFIC belongs to 06h */
	    {0x46, 0, 0, 512, 1}, /* and 01b is its only value */
	    {0x06, 1, 0, 512, 2},
	    {0x07, 1, 0, 512, 2},
	    {0x04, 0, 2, 512, 3}, /* single commands begin at 0 */
	    {0x05, 0, 2, 512, 3},
	    {0x06, 0, 0, 513, 6}, /* odd */
	    {0x07, 0, 0, 1, 6},
	    {0x06, 0, 0, 16386, 6}, /* too long */
	    {0x07, 0, 0, 16386, 6},
	    {0x05, 0, 0, 16386, 6},
	    {0x06, 0, 0, 0, 6}, /* nothing is for 07h alone */
	    {0x04, 0, 0, 0, 6},
	    {0x05, 0, 0, 0, 6},
	};
	TestBed bed;

	test_bed_init(&bed, "sl500");
	check_bad_fields(&bed, rows, G_N_ELEMENTS(rows));
	test_bed_assert_factory(&bed, "1126");
	test_bed_clear(&bed);
}

static void
test_sl500_download(void)
{
	TestBed bed;

	test_bed_init(&bed, "sl500");
	test_bed_download(&bed, 0x06, 0x07, 2048);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

static void
test_sl500_offset_ignored(void)
{
	TestBed bed;

	test_bed_init(&bed, "sl500");
	test_bed_write(&bed, 0x06, 0, 0xABCDEF, bed.image->data, 4096);
	assert_good(&bed);
	test_bed_write(&bed, 0x07, 0, 0, bed.image->data + 4096, 2048);
	assert_good(&bed);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

/* all data with 06h, then the end alone */
static void
test_sl500_zero_length_end(void)
{
	TestBed bed;

	test_bed_init(&bed, "sl500");
	test_bed_download(&bed, 0x06, 0x06, 2048);
	test_bed_assert_factory(&bed, "1126");
	g_assert_cmpstr(wbt_target_get_state(bed.target), ==, "downloading");
	test_bed_write(&bed, 0x07, 0, 0, NULL, 0);
	assert_good(&bed);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

static void
test_sl500_end_of_nothing(void)
{
	TestBed bed;

	test_bed_init(&bed, "sl500");
	test_bed_write(&bed, 0x07, 0, 0, NULL, 0);
	assert_sense(&bed, 0x05, 0x2C, 0x00);
	test_bed_clear(&bed);
}

/* an end that comes too early finds half an image */
static void
test_sl500_truncated(void)
{
	TestBed bed;

	test_bed_init(&bed, "sl500");
	test_bed_segment(&bed, 0x06, 0, 2048);
	assert_good(&bed);
	test_bed_segment(&bed, 0x07, 2048, 2048);
	assert_sense(&bed, 0x05, 0x26, 0x00);
	g_assert_cmpuint(wbt_target_get_partial_bytes(bed.target), ==, 0);
	test_bed_assert_factory(&bed, "1126");
	test_bed_clear(&bed);
}

/* what an earlier download left behind spoils the next one, unless it is cleared */
static void
test_sl500_clear_partial(void)
{
	static const uint8_t control_clear[10] = {0x3B, 0x06, 0, 0, 0, 0, 0, 0x08, 0x00, 0x40};
	TestBed bed;

	test_bed_init(&bed, "sl500");
	test_bed_segment(&bed, 0x06, 0, 2048);
	test_bed_download(&bed, 0x06, 0x06, 2048);
	test_bed_write(&bed, 0x07, 0, 0, NULL, 0);
	assert_sense(&bed, 0x05, 0x26, 0x00);

	test_bed_segment(&bed, 0x06, 0, 2048);
	test_bed_segment(&bed, 0x26, 0, 2048);
	assert_good(&bed);
	g_assert_cmpuint(wbt_target_get_partial_bytes(bed.target), ==, 2048);
	wbt_target_execute(bed.target,
			   control_clear,
			   sizeof(control_clear),
			   bed.image->data,
			   2048,
			   NULL,
			   0,
			   &bed.reply);
	assert_good(&bed);
	g_assert_cmpuint(wbt_target_get_partial_bytes(bed.target), ==, 2048);
	test_bed_segment(&bed, 0x07, 2048, 4096);
	assert_good(&bed);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

/* another mode is a new request and ends the download */
static void
test_sl500_mode_change(void)
{
	TestBed bed;

	test_bed_init(&bed, "sl500");
	test_bed_segment(&bed, 0x06, 0, 4096);
	test_bed_write(&bed, 0x05, 0, 0, bed.image->data, bed.image->len);
	assert_good(&bed);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

/* 04h runs the image and does not keep it */
static void
test_sl500_not_saved(void)
{
	TestBed bed;

	test_bed_init(&bed, "sl500");
	test_bed_write(&bed, 0x04, 0, 0, bed.image->data, bed.image->len);
	assert_good(&bed);
	g_assert_cmpstr(wbt_target_get_revision(bed.target), ==, TEST_REVISION);
	g_assert_cmpstr(wbt_target_get_saved_revision(bed.target), ==, "1126");
	wbt_target_power_cycle(bed.target);
	test_bed_assert_factory(&bed, "1126");
	test_bed_clear(&bed);
}

/* the library resets itself after the last command */
static void
test_sl500_resets_itself(void)
{
	TestBed bed;

	test_bed_init(&bed, "sl500");
	test_bed_download(&bed, 0x06, 0x07, 2048);
	test_bed_opcode(&bed, 0x00);
	assert_sense(&bed, 0x06, 0x29, 0x00);
	for (int i = 0; i < 3; i++) {
		g_assert_cmpstr(wbt_target_get_state(bed.target), ==, "busy");
		test_bed_opcode(&bed, 0x00);
		assert_sense(&bed, 0x02, 0x04, 0x01);
	}
	test_bed_opcode(&bed, 0x00);
	assert_good(&bed);
	test_bed_clear(&bed);
}

static void
test_seagate_fields(void)
{
	static const BadField rows[] = {
	    {0x0E, 0, 0, 512, 1},
	    {0x05, 0, 0, 512, 1},
	    {0x27, 0, 0, 512, 1},	 /* MODE SPECIFIC is reserved */
	    {0x07, 1, 0, 512, 2},	 /* only BUFFER ID 0 */
	    {0x07, 0, 256, 512, 3},	 /* off the boundary of 512 */
	    {0x07, 0, 0x400200, 512, 3}, /* beyond the capacity of 4 MiB */
	    {0x07, 0, 0x3FFE00, 513, 6}, /* across it */
	    {0x0A, 0, 0, 516, 6},	 /* more than the echo buffer */
	    {0x0A, 0, 0, 6, 6},		 /* not in fours */
	};
	TestBed bed;

	test_bed_init(&bed, "seagate-sas");
	check_bad_fields(&bed, rows, G_N_ELEMENTS(rows));
	test_bed_assert_factory(&bed, "TT31");
	test_bed_clear(&bed);
}

static void
test_seagate_download(void)
{
	TestBed bed;

	test_bed_init(&bed, "seagate-sas");
	test_bed_download(&bed, 0x07, 0x07, 2048);
	test_bed_assert_updated(&bed);
	wbt_target_power_cycle(bed.target);
	g_assert_cmpstr(wbt_target_get_revision(bed.target), ==, TEST_REVISION);
	test_bed_clear(&bed);
}

static void
test_seagate_not_saved(void)
{
	TestBed bed;

	test_bed_init(&bed, "seagate-sas");
	test_bed_download(&bed, 0x06, 0x06, 2048);
	g_assert_cmpstr(wbt_target_get_revision(bed.target), ==, TEST_REVISION);
	wbt_target_hard_reset(bed.target);
	test_bed_assert_factory(&bed, "TT31");
	test_bed_clear(&bed);
}

/* 05/24/00 loses the segment alone, 05/2C/00 the download */
static void
test_seagate_sequence(void)
{
	TestBed bed;

	test_bed_init(&bed, "seagate-sas");
	test_bed_segment(&bed, 0x07, 512, 512);
	assert_sense(&bed, 0x05, 0x2C, 0x00);
	test_bed_segment(&bed, 0x07, 0, 2048);
	test_bed_segment(&bed, 0x06, 2048, 2048);
	assert_invalid_field(&bed, 1);
	g_assert_cmpuint(wbt_target_get_partial_bytes(bed.target), ==, 2048);
	test_bed_segment(&bed, 0x07, 4096, 2048);
	assert_sense(&bed, 0x05, 0x2C, 0x00);
	g_assert_cmpuint(wbt_target_get_partial_bytes(bed.target), ==, 0);
	test_bed_segment(&bed, 0x07, 0, 2048);
	test_bed_download(&bed, 0x07, 0x07, 2048); /* again from 0 */
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

static void
test_seagate_descriptor(void)
{
	static const uint8_t read_id_0[16] = {0x3C, 0x03, 0, 0, 0, 0, 0, 0, 4};
	static const uint8_t read_id_1[16] = {0x3C, 0x03, 1, 0, 0, 0, 0, 0, 4};
	static const uint8_t id_0[4] = {9, 0x40, 0x00, 0x00};
	static const uint8_t id_1[4] = {0};
	TestBed bed;

	test_bed_init(&bed, "seagate-sas");
	test_bed_command(&bed, read_id_0);
	assert_good(&bed);
	g_assert_cmpmem(bed.data_in, bed.reply.data_in_bytes, id_0, sizeof(id_0));
	test_bed_command(&bed, read_id_1);
	assert_good(&bed);
	g_assert_cmpmem(bed.data_in, bed.reply.data_in_bytes, id_1, sizeof(id_1));
	test_bed_clear(&bed);
}

static void
test_seagate_echo(void)
{
	static const uint8_t read_echo[16] = {0x3C, 0x0A, 0, 0, 0, 0, 0, 2, 0};
	static const uint8_t read_echo_descriptor[16] = {0x3C, 0x0B, 0, 0, 0, 0, 0, 0, 4};
	TestBed bed;

	test_bed_init(&bed, "seagate-sas");
	test_bed_command(&bed, read_echo);
	assert_sense(&bed, 0x05, 0x2C, 0x00);
	test_bed_write(&bed, 0x0A, 7, 99, bed.image->data, 512); /* ID and offset are ignored */
	assert_good(&bed);
	test_bed_command(&bed, read_echo_descriptor);
	g_assert_cmpuint(bed.data_in[2] << 8 | bed.data_in[3], ==, 512);
	test_bed_command(&bed, read_echo);
	assert_good(&bed);
	g_assert_cmpmem(bed.data_in, bed.reply.data_in_bytes, bed.image->data, 512);
	test_bed_opcode(&bed, 0x00); /* any other command ends it */
	test_bed_command(&bed, read_echo);
	assert_sense(&bed, 0x05, 0x2C, 0x00);
	test_bed_assert_factory(&bed, "TT31");
	test_bed_clear(&bed);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/target/sl500/fields", test_sl500_fields);
	g_test_add_func("/target/sl500/download", test_sl500_download);
	g_test_add_func("/target/sl500/offset-ignored", test_sl500_offset_ignored);
	g_test_add_func("/target/sl500/zero-length-end", test_sl500_zero_length_end);
	g_test_add_func("/target/sl500/end-of-nothing", test_sl500_end_of_nothing);
	g_test_add_func("/target/sl500/truncated", test_sl500_truncated);
	g_test_add_func("/target/sl500/clear-partial", test_sl500_clear_partial);
	g_test_add_func("/target/sl500/mode-change", test_sl500_mode_change);
	g_test_add_func("/target/sl500/not-saved", test_sl500_not_saved);
	g_test_add_func("/target/sl500/resets-itself", test_sl500_resets_itself);
	g_test_add_func("/target/seagate-sas/fields", test_seagate_fields);
	g_test_add_func("/target/seagate-sas/download", test_seagate_download);
	g_test_add_func("/target/seagate-sas/not-saved", test_seagate_not_saved);
	g_test_add_func("/target/seagate-sas/sequence", test_seagate_sequence);
	g_test_add_func("/target/seagate-sas/descriptor", test_seagate_descriptor);
	g_test_add_func("/target/seagate-sas/echo", test_seagate_echo);
	return g_test_run();
}
