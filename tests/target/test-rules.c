// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

/* fields of a row that none of the first models uses, each with a row made for it */

#include "test-bed.h"
#include "wbt-model.h"

#define PLAIN PLAIN_UNIT(1)
#define PLAIN_UNIT(unit)                                                                           \
	.name = "plain", .vendor = "WBT", .product = "RULES", .revision = "OLD0",                  \
	.offset_unit_bytes = (unit)

static const WbtModeRule one_07h[] = {{
    .mode = 0x07,
    .end = WBT_END_IMAGE_ARRIVED,
    .effect = WBT_EFFECT_SAVE_RUN,
}};
#define ONE_07H .rules = one_07h, .n_rules = 1

static void
test_increment_id(void)
{
	static const WbtModeRule rules[] = {{
	    .mode = 0x05,
	    .effect = WBT_EFFECT_SAVE_RUN,
	    .offset = WBT_OFFSET_ZERO,
	}};
	static const WbtModel model = {PLAIN,
				       .rules = rules,
				       .n_rules = 1,
				       .id_rule = WBT_ID_INCREMENT,
				       .first_buffer_id = 2};
	TestBed bed;

	test_bed_init_model(&bed, &model);
	test_bed_write(&bed, 0x05, 3, 0, bed.image->data, 2048);
	assert_invalid_field(&bed, 2);
	test_bed_write(&bed, 0x05, 2, 0, bed.image->data, 2048);
	assert_good(&bed);
	test_bed_write(&bed, 0x05, 4, 0, bed.image->data + 2048, 2048);
	assert_invalid_field(&bed, 2);
	test_bed_write(&bed, 0x05, 3, 2048, bed.image->data + 2048, 2048);
	assert_invalid_field(&bed, 3);
	for (uint8_t i = 0; i < 3; i++) {
		test_bed_write(&bed, 0x05, 2 + i, 0, bed.image->data + i * 2048, 2048);
		assert_good(&bed);
	}
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

static void
test_ignored_id(void)
{
	static const WbtModel model = {PLAIN, ONE_07H, .id_rule = WBT_ID_IGNORED};
	TestBed bed;

	test_bed_init_model(&bed, &model);
	test_bed_write(&bed, 0x07, 0xFA, 0, bed.image->data, bed.image->len);
	assert_good(&bed);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

static void
test_offset_unit(void)
{
	static const WbtModel model = {PLAIN_UNIT(1024), ONE_07H, .first_buffer_id = 9};
	TestBed bed;

	test_bed_init_model(&bed, &model);
	test_bed_write(&bed, 0x07, 9, 0, bed.image->data, 4096);
	assert_good(&bed);
	test_bed_write(&bed, 0x07, 9, 4, bed.image->data + 4096, 2048);
	assert_good(&bed);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

/* every block of 2500 bytes but the last one */
static void
test_exact_segment(void)
{
	static const WbtModel model = {PLAIN, ONE_07H, .exact_segment_bytes = 2500};
	TestBed bed;

	test_bed_init_model(&bed, &model);
	test_bed_segment(&bed, 0x07, 0, 2048);
	assert_invalid_field(&bed, 6);
	test_bed_segment(&bed, 0x07, 0, 2500);
	test_bed_segment(&bed, 0x07, 2500, 2501);
	assert_invalid_field(&bed, 6);
	test_bed_segment(&bed, 0x07, 2500, 2500);
	assert_good(&bed);
	test_bed_segment(&bed, 0x07, 5000, 1143);
	assert_invalid_field(&bed, 6);
	test_bed_segment(&bed, 0x07, 5000, 1144);
	assert_good(&bed);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

/* an image of less than one block is the last block */
static void
test_exact_segment_only(void)
{
	static const WbtModel model = {PLAIN, ONE_07H, .exact_segment_bytes = 8192};
	TestBed bed;

	test_bed_init_model(&bed, &model);
	test_bed_segment(&bed, 0x07, 0, 2048);
	assert_invalid_field(&bed, 6);
	test_bed_segment(&bed, 0x07, 0, TEST_IMAGE_BYTES);
	assert_good(&bed);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

static void
test_other_commands_abort(void)
{
	static const WbtModel model = {PLAIN, ONE_07H, .other_commands_abort = true};
	TestBed bed;

	test_bed_init_model(&bed, &model);
	test_bed_segment(&bed, 0x07, 0, 2048);
	test_bed_opcode(&bed, 0x00);
	assert_good(&bed);
	test_bed_segment(&bed, 0x07, 2048, 2048);
	assert_sense(&bed, 0x05, 0x2C, 0x00);
	test_bed_clear(&bed);
}

/* activation events: those that the model has, alone or together, and none beside them */
static void
test_events(void)
{
	static const WbtModeRule rules[] = {{
	    .mode = 0x0D,
	    .end = WBT_END_IMAGE_ARRIVED,
	    .effect = WBT_EFFECT_DEFER,
	    .events = 0x06,
	}};
	static const WbtModel model = {PLAIN, .rules = rules, .n_rules = 1};
	TestBed bed;

	test_bed_init_model(&bed, &model);
	test_bed_write(&bed, 0x2D, 0, 0, bed.image->data, 2048);
	assert_invalid_field(&bed, 1);
	test_bed_write(&bed, 0xED, 0, 0, bed.image->data, 2048);
	assert_invalid_field(&bed, 1);
	test_bed_write(&bed, 0xCD, 0, 0, bed.image->data, 2048);
	assert_good(&bed);
	test_bed_clear(&bed);
}

/* pieces with 04h, which flash nothing, then the end with 05h and no data */
static void
test_commit_by_mode(void)
{
	static const WbtModeRule rules[] = {
	    {
		.mode = 0x04,
		.end = WBT_END_NEVER,
	    },
	    {
		.mode = 0x05,
		.end = WBT_END_THIS_COMMAND,
		.effect = WBT_EFFECT_SAVE,
		.offset = WBT_OFFSET_IGNORED,
		.zero_length = WBT_ZERO_LENGTH_TAKEN,
		.continues = WBT_MODE_BIT(0x04),
	    },
	};
	static const WbtModel model = {PLAIN, .rules = rules, .n_rules = 2};
	TestBed bed;

	test_bed_init_model(&bed, &model);
	test_bed_download(&bed, 0x04, 0x04, 4096);
	test_bed_write(&bed, 0x05, 0, 0, NULL, 0);
	assert_good(&bed);
	/* saved, but it runs only from the next power on */
	g_assert_cmpuint(wbt_target_get_commits(bed.target), ==, 1);
	g_assert_cmpstr(wbt_target_get_revision(bed.target), ==, "OLD0");
	wbt_target_power_cycle(bed.target);
	g_assert_cmpstr(wbt_target_get_revision(bed.target), ==, TEST_REVISION);
	test_bed_clear(&bed);
}

/* a command that takes the whole image is no segment */
static void
test_exact_segment_single(void)
{
	static const WbtModeRule rules[] = {{
	    .mode = 0x05,
	    .end = WBT_END_THIS_COMMAND,
	    .effect = WBT_EFFECT_SAVE_RUN,
	    .offset = WBT_OFFSET_ZERO,
	}};
	static const WbtModel model = {PLAIN,
				       .rules = rules,
				       .n_rules = 1,
				       .exact_segment_bytes = 2500};
	TestBed bed;

	test_bed_init_model(&bed, &model);
	test_bed_write(&bed, 0x05, 0, 0, bed.image->data, bed.image->len);
	assert_good(&bed);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

/* an invalid field alone drops nothing, but for a device that says so */
static void
test_errors_drop(void)
{
	static const WbtModel models[] = {
	    {PLAIN, ONE_07H, .max_segment_bytes = 2048},
	    {PLAIN, ONE_07H, .max_segment_bytes = 2048, .errors_drop = true},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(models); i++) {
		TestBed bed;

		test_bed_init_model(&bed, &models[i]);
		test_bed_segment(&bed, 0x07, 0, 2048);
		test_bed_segment(&bed, 0x07, 2048, 4096);
		assert_invalid_field(&bed, 6);
		g_assert_cmpuint(wbt_target_get_partial_bytes(bed.target), ==, i == 0 ? 2048 : 0);
		test_bed_clear(&bed);
	}
}

/* of an image OLD1 the last two characters, through a power cycle, too */
static void
test_revision_kept(void)
{
	static const WbtModel model = {PLAIN, ONE_07H, .revision_kept_chars = 2};
	TestBed bed;

	test_bed_init_model(&bed, &model);
	test_bed_segment(&bed, 0x07, 0, TEST_IMAGE_BYTES);
	assert_good(&bed);
	g_assert_cmpstr(wbt_target_get_revision(bed.target), ==, "OLW1");
	g_assert_cmpstr(wbt_target_get_saved_revision(bed.target), ==, "OLW1");
	wbt_target_power_cycle(bed.target);
	g_assert_cmpstr(wbt_target_get_revision(bed.target), ==, "OLW1");
	test_bed_clear(&bed);
}

/* the command that ends it takes its time, and two conditions are pending afterwards */
static void
test_after_the_last(void)
{
	static const WbtAttention reset = {0x29, 0x00};
	static const WbtAttention changed = {0x3F, 0x01};
	static const WbtModel model = {PLAIN,
				       ONE_07H,
				       .save_ms = 5000,
				       .own_attention = &reset,
				       .second_attention = &changed};
	TestBed bed;

	test_bed_init_model(&bed, &model);
	test_bed_segment(&bed, 0x07, 0, 2048);
	g_assert_cmpuint(bed.reply.hang_ms, ==, 0);
	test_bed_segment(&bed, 0x07, 2048, 4096);
	assert_good(&bed);
	g_assert_cmpuint(bed.reply.hang_ms, ==, 5000);
	test_bed_opcode(&bed, 0x00);
	assert_sense(&bed, 0x06, 0x29, 0x00);
	test_bed_opcode(&bed, 0x00);
	assert_sense(&bed, 0x06, 0x3F, 0x01);
	test_bed_opcode(&bed, 0x00);
	assert_good(&bed);
	test_bed_clear(&bed);
}

static void
test_answers(void)
{
	static const uint8_t report[16] = {0xA3, 0x0C, 1, 0x3B, 0, 0, 0, 0, 0, 64};
	static const uint8_t report_other[16] = {0xA3, 0x0C, 1, 0x2A, 0, 0, 0, 0, 0, 64};
	static const WbtOpcodeReport opcodes = {.options = WBT_REPORT_BIT(WBT_REPORT_OPCODE)};
	static const WbtModel model = {PLAIN,
				       ONE_07H,
				       .no_medium = true,
				       .descriptor_sense = true,
				       .opcode_report = &opcodes};
	TestBed bed;

	test_bed_init_model(&bed, &model);
	test_bed_opcode(&bed, 0x00);
	g_assert_cmpmem(bed.reply.sense, bed.reply.sense_bytes, "\x72\x02\x3A\0\0\0\0\0", 8);
	test_bed_command(&bed, report);
	assert_good(&bed);
	g_assert_cmpuint(bed.reply.data_in_bytes, ==, 14);
	g_assert_cmphex(bed.data_in[1], ==, 0x03);
	g_assert_cmphex(bed.data_in[4], ==, 0x3B);
	test_bed_command(&bed, report_other);
	g_assert_cmpmem(bed.data_in, bed.reply.data_in_bytes, "\0\1\0\0", 4);
	test_bed_clear(&bed);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/target/rules/increment-id", test_increment_id);
	g_test_add_func("/target/rules/ignored-id", test_ignored_id);
	g_test_add_func("/target/rules/offset-unit", test_offset_unit);
	g_test_add_func("/target/rules/exact-segment", test_exact_segment);
	g_test_add_func("/target/rules/exact-segment-single", test_exact_segment_single);
	g_test_add_func("/target/rules/errors-drop", test_errors_drop);
	g_test_add_func("/target/rules/revision-kept", test_revision_kept);
	g_test_add_func("/target/rules/after-the-last", test_after_the_last);
	g_test_add_func("/target/rules/exact-segment-only", test_exact_segment_only);
	g_test_add_func("/target/rules/other-commands-abort", test_other_commands_abort);
	g_test_add_func("/target/rules/events", test_events);
	g_test_add_func("/target/rules/commit-by-mode", test_commit_by_mode);
	g_test_add_func("/target/rules/answers", test_answers);
	return g_test_run();
}
