// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

/* what a device says of itself: REPORT SUPPORTED OPERATION CODES, byte for byte */

#include "test-bed.h"
#include "wbt-model.h"

#define RCTD 0x80

static const WbtModeRule two_rules[] = {
    {
	.mode = 0x05,
	.end = WBT_END_THIS_COMMAND,
	.effect = WBT_EFFECT_SAVE_RUN,
	.offset = WBT_OFFSET_ZERO,
    },
    {
	.mode = 0x0D,
	.end = WBT_END_IMAGE_ARRIVED,
	.effect = WBT_EFFECT_DEFER,
	.events = 0x04,
    },
};
#define TWO_RULES                                                                                  \
	.name = "two", .vendor = "WBT", .product = "OPCODES", .revision = "OLD0",                  \
	.offset_unit_bytes = 1, .rules = two_rules, .n_rules = G_N_ELEMENTS(two_rules)

/* @byte2: RCTD and reporting option */
static void
report(TestBed *bed, uint8_t byte2, uint8_t opcode, uint8_t service)
{
	const uint8_t cdb[16] = {0xA3, 0x0C, byte2, opcode, 0, service, 0, 0, 2, 0};

	test_bed_command(bed, cdb);
}

#define assert_answer(bed, ...)                                                                    \
	do {                                                                                       \
		static const uint8_t expected[] = {__VA_ARGS__};                                   \
                                                                                                   \
		assert_good(bed);                                                                  \
		g_assert_cmpmem((bed)->data_in,                                                    \
				(bed)->reply.data_in_bytes,                                        \
				expected,                                                          \
				sizeof(expected));                                                 \
	} while (0)

#define NOT_SUPPORTED 0, 0x01, 0, 0

static void
test_services(void)
{
	static const uint8_t yes[] = {0x05, 0x07, 0x0E, 0x0F};
	static const uint8_t no[] = {0x00, 0x04, 0x06, 0x0A, 0x0D, 0x1C, 0x25, 0xFF};
	TestBed bed;

	test_bed_init(&bed, "std-deferred");
	for (size_t i = 0; i < G_N_ELEMENTS(yes); i++) {
		uint8_t expected[] =
		    {0, 0x23, 0, 10, 0x3B, yes[i], 255, 255, 255, 255, 255, 255, 255, 0};

		report(&bed, 2, 0x3B, yes[i]);
		assert_good(&bed);
		g_assert_cmpmem(bed.data_in, bed.reply.data_in_bytes, expected, sizeof(expected));
		report(&bed, 3, 0x3B, yes[i]);
		g_assert_cmpmem(bed.data_in, bed.reply.data_in_bytes, expected, sizeof(expected));
	}
	for (size_t i = 0; i < G_N_ELEMENTS(no); i++) {
		report(&bed, RCTD | 2, 0x3B, no[i]);
		assert_answer(&bed, NOT_SUPPORTED);
		report(&bed, 3, 0x3B, no[i]);
		assert_answer(&bed, NOT_SUPPORTED);
	}
	report(&bed, 1, 0x3B, 0); /* it has service actions */
	assert_invalid_field(&bed, 2);
	report(&bed, 2, 0x00, 0); /* and this one has none */
	assert_invalid_field(&bed, 2);
	report(&bed, 4, 0x3B, 7);
	assert_invalid_field(&bed, 2);
	test_bed_clear(&bed);
}

static void
test_timeouts(void)
{
	static const uint8_t short_report[16] = {0xA3, 0x0C, RCTD | 2, 0x3B, 0, 7, 0, 0, 0, 8};
	TestBed bed;

	test_bed_init(&bed, "std-deferred");
	report(&bed, RCTD | 2, 0x3B, 0x07);
	g_assert_cmpuint(bed.reply.data_in_bytes, ==, 4 + 10 + 12);
	g_assert_cmphex(bed.data_in[1], ==, 0xA3); /* CTDP, MLU 01b, supported */
	g_assert_cmpmem(bed.data_in + 14, 12, "\0\x0A\0\x14\0\0\0\x78\0\0\x01\x90", 12);
	report(&bed, RCTD | 1, 0x00, 0); /* of WRITE BUFFER alone */
	assert_answer(&bed, 0, 0x03, 0, 6, 0x00, 255, 255, 255, 255, 0);
	test_bed_command(&bed, short_report);
	g_assert_cmpuint(bed.reply.data_in_bytes, ==, 8);
	test_bed_clear(&bed);

	test_bed_init(&bed, "std-rsoc"); /* it has no time-outs */
	report(&bed, RCTD | 2, 0x3B, 0x07);
	assert_answer(&bed, 0, 0x03, 0, 10, 0x3B, 0x07, 255, 255, 255, 255, 0, 255, 255, 0);
	report(&bed, 2, 0x3B, 0x0E);
	assert_answer(&bed, NOT_SUPPORTED);
	report(&bed, 0, 0, 0);
	assert_invalid_field(&bed, 2);
	test_bed_clear(&bed);
}

static void
test_plain(void)
{
	TestBed bed;

	test_bed_init(&bed, "std-rsoc-plain");
	report(&bed, RCTD | 1, 0x3B, 0); /* MODE: 05h and 07h */
	assert_answer(&bed, 0, 0x03, 0, 10, 0x3B, 0x07, 255, 255, 255, 255, 255, 255, 255, 0);
	report(&bed, 2, 0x3B, 0x07);
	assert_invalid_field(&bed, 2);
	report(&bed, 3, 0x3B, 0x07); /* not every device knows this option */
	assert_invalid_field(&bed, 2);
	report(&bed, 1, 0x2A, 0);
	assert_answer(&bed, NOT_SUPPORTED);
	report(&bed, 2, 0x2A, 0);
	assert_answer(&bed, NOT_SUPPORTED);
	report(&bed, 2, 0x9E, 0x10);
	g_assert_cmpmem(bed.data_in, 6, "\0\x03\0\x10\x9E\x10", 6);
	test_bed_clear(&bed);
}

/* 001b for all modes at once although they are service actions; 011b on a command without any */
static void
test_lenient(void)
{
	static const WbtOpcodeReport opcodes = {
	    .options = WBT_REPORT_BIT(WBT_REPORT_OPCODE) | WBT_REPORT_BIT(WBT_REPORT_EITHER),
	    .mode_is_service = true,
	    .opcode_anyway = true,
	    .mlu = 3,
	    .length_usage = 0x01FE00,
	};
	static const WbtModel model = {TWO_RULES, .opcode_report = &opcodes, .echo_bytes = 512};
	TestBed bed;

	test_bed_init_model(&bed, &model);
	report(&bed, 1, 0x3B, 0); /* 05h, 0Ah, 0Dh, PO_ACT */
	assert_answer(&bed, 0, 0x63, 0, 10, 0x3B, 0x8F, 255, 255, 255, 255, 1, 0xFE, 0, 0);
	report(&bed, 1, 0xA3, 0);
	assert_invalid_field(&bed, 2);
	report(&bed, 3, 0x3B, 0x0D);
	g_assert_cmphex(bed.data_in[5], ==, 0x8D);
	report(&bed, 3, 0x3B, 0x05);
	g_assert_cmphex(bed.data_in[5], ==, 0x05);
	report(&bed, 3, 0x3B, 0x0A); /* the echo buffer */
	g_assert_cmphex(bed.data_in[5], ==, 0x0A);
	report(&bed, 3, 0x00, 0);
	g_assert_cmphex(bed.data_in[1], ==, 0x03);
	report(&bed, 3, 0x00, 1);
	assert_answer(&bed, NOT_SUPPORTED);
	test_bed_clear(&bed);
}

/* the descriptors of one operation code in all_commands data, and that the list is well formed */
static size_t
find_descriptors(const TestBed *bed, uint8_t opcode, const uint8_t *found[8])
{
	size_t n_found = 0;
	size_t at = 4;

	g_assert_cmpuint(bed->data_in[2] << 8 | bed->data_in[3], ==, bed->reply.data_in_bytes - 4);
	while (at < bed->reply.data_in_bytes) {
		const uint8_t *descriptor = bed->data_in + at;

		if (descriptor[0] == opcode && n_found < 8)
			found[n_found++] = descriptor;
		at += descriptor[5] & 0x02 ? 20 : 8;
	}
	g_assert_cmpuint(at, ==, bed->reply.data_in_bytes);
	return n_found;
}

static void
test_all(void)
{
	const uint8_t *found[8];
	TestBed bed;

	test_bed_init(&bed, "std-deferred");
	report(&bed, RCTD | 0, 0, 0);
	assert_good(&bed);
	g_assert_cmpuint(find_descriptors(&bed, 0x3B, found), ==, 4);
	g_assert_cmpmem(found[0], 8, "\x3B\0\0\x05\0\x13\0\x0A", 8); /* MLU, CTDP, SERVACTV */
	g_assert_cmpmem(found[0] + 8, 12, "\0\x0A\0\x14\0\0\0\x78\0\0\x01\x90", 12);
	g_assert_cmphex(found[3][3], ==, 0x0F);
	g_assert_cmpuint(find_descriptors(&bed, 0xA3, found), ==, 1);
	g_assert_cmpmem(found[0], 8, "\xA3\0\0\x0C\0\x01\0\x0C", 8);
	g_assert_cmpuint(find_descriptors(&bed, 0x2A, found), ==, 0);
	test_bed_clear(&bed);

	test_bed_init(&bed, "std-rsoc-plain");
	report(&bed, 0, 0, 0);
	g_assert_cmpuint(find_descriptors(&bed, 0x3B, found), ==, 1);
	g_assert_cmpmem(found[0], 8, "\x3B\0\0\0\0\0\0\x0A", 8);
	test_bed_clear(&bed);
}

static void
test_refused(void)
{
	static const char *const models[] = {"std-silent", "std-boundary16", "std-events"};

	for (size_t i = 0; i < G_N_ELEMENTS(models); i++) {
		TestBed bed;

		test_bed_init(&bed, models[i]);
		report(&bed, 2, 0x3B, 0x07);
		assert_sense(&bed, 0x05, 0x20, 0x00);
		test_bed_clear(&bed);
	}
}

/* another service action of MAINTENANCE IN */
static void
test_other_service(void)
{
	static const uint8_t target_groups[16] = {0xA3, 0x0A, 0, 0, 0, 0, 0, 0, 2, 0};
	TestBed bed;

	test_bed_init(&bed, "std-deferred");
	test_bed_command(&bed, target_groups);
	assert_invalid_field(&bed, 1);
	test_bed_clear(&bed);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/target/opcodes/services", test_services);
	g_test_add_func("/target/opcodes/timeouts", test_timeouts);
	g_test_add_func("/target/opcodes/plain", test_plain);
	g_test_add_func("/target/opcodes/lenient", test_lenient);
	g_test_add_func("/target/opcodes/all", test_all);
	g_test_add_func("/target/opcodes/refused", test_refused);
	g_test_add_func("/target/opcodes/other-service", test_other_service);
	return g_test_run();
}
