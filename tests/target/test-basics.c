// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

/* images, INQUIRY, sense formats, attentions, the log */

#include <string.h>

#include "test-bed.h"
#include "wbt-sense.h"

/* one way to spoil an image; the target must refuse it when it is complete */
typedef struct {
	const char *what;
	size_t at;
	uint8_t value;
} Spoiled;

static void
test_image_refused(void)
{
	static const Spoiled rows[] = {
	    {"magic", 0, 'X'},
	    {"vendor", 8, 'X'},
	    {"product", 16, 'X'},
	    {"length, longer than a byte can say", 36, 0x7F},
	    {"length, shorter than what comes", 38, 0x17},
	    {"CRC", 40, 0x55},
	    {"body", TEST_IMAGE_BYTES - 1, 0x55},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		TestBed bed;

		test_bed_init(&bed, "sl500");
		g_assert_cmphex(bed.image->data[rows[i].at], !=, rows[i].value);
		bed.image->data[rows[i].at] = rows[i].value;
		test_bed_segment(&bed, 0x06, 0, 4096);
		assert_good(&bed);
		test_bed_segment(&bed, 0x07, 4096, 2048);
		g_test_message("%s", rows[i].what);
		assert_sense(&bed, 0x05, 0x26, 0x00);
		test_bed_assert_factory(&bed, "1126");
		test_bed_clear(&bed);
	}
}

/* a disk that waits for the header's length: refused by the segment that completes it, or, as
 * without a magic there is no length, by the one that completes the header */
static void
test_image_refused_by_disk(void)
{
	TestBed bed;

	test_bed_init(&bed, "deferred-disk");
	bed.image->data[TEST_IMAGE_BYTES - 1] ^= 1;
	test_bed_segment(&bed, 0x0E, 0, 4096);
	assert_good(&bed);
	test_bed_segment(&bed, 0x0E, 4096, 2048);
	assert_sense(&bed, 0x05, 0x26, 0x00);
	bed.image->data[0] = 0;
	test_bed_segment(&bed, 0x0E, 0, 40);
	assert_good(&bed);
	test_bed_segment(&bed, 0x0E, 40, 4);
	assert_sense(&bed, 0x05, 0x26, 0x00);
	test_bed_clear(&bed);
}

static void
test_image_new(void)
{
	const WbtModel *model = wbt_model_find("sl500");
	g_autoptr(GByteArray) first = wbt_image_new(model, "1", 100, 7);
	g_autoptr(GByteArray) same = wbt_image_new(model, "1", 100, 7);
	g_autoptr(GByteArray) other = wbt_image_new(model, "1", 100, 8);

	g_assert_null(wbt_image_new(model, "1", 43, 7));
	g_assert_cmpmem(first->data, 36, "WBTIMAGESTK     SL500           1   ", 36);
	g_assert_cmpmem(first->data, first->len, same->data, same->len);
	g_assert_cmpint(memcmp(first->data + 44, other->data + 44, 56), !=, 0);
}

static void
test_inquiry(void)
{
	static const uint8_t cdbs[][16] = {
	    {0x12, 0, 0, 0, 36},
	    {0x12, 1, 0x00, 0, 255},
	    {0x12, 1, 0x80, 0, 255},
	    {0x12, 1, 0x83, 0, 255},
	    {0x12, 1, 0x86, 0, 255},
	    {0x12, 1, 0xB0, 0, 255},
	};
	g_autoptr(WbtTarget) target = wbt_target_new(wbt_model_find("deferred-disk"), "S1");
	TestBed bed = {.target = target};

	test_bed_command(&bed, cdbs[0]); /* answered although an attention is pending */
	assert_good(&bed);
	g_assert_cmpuint(bed.reply.data_in_bytes, ==, 36);
	g_assert_cmpmem(bed.data_in + 8, 28, "HGST    HUC156060CSS200 A360", 28);
	test_bed_command(&bed, cdbs[1]);
	g_assert_cmpmem(bed.data_in, bed.reply.data_in_bytes, "\0\0\0\4\x00\x80\x83\x86", 8);
	test_bed_command(&bed, cdbs[2]);
	g_assert_cmpmem(bed.data_in, bed.reply.data_in_bytes, "\0\x80\0\2S1", 6);
	test_bed_command(&bed, cdbs[3]);
	g_assert_cmphex(bed.data_in[8] >> 4, ==, 0x3);
	g_assert_cmpmem(bed.data_in + 20, 26, "HGST    HUC156060CSS200 S1", 26);
	test_bed_command(&bed, cdbs[4]);
	g_assert_cmpuint(bed.reply.data_in_bytes, ==, 64);
	g_assert_cmphex(bed.data_in[4], ==, 0x40);  /* ACTIVATE MICROCODE 01b */
	g_assert_cmphex(bed.data_in[12], ==, 0xD0); /* POA_SUP, HRA_SUP, DMS_VALID */
	g_assert_cmphex(bed.data_in[19], ==, 0x56); /* 05h, 07h, 0Eh, 0Fh */
	test_bed_command(&bed, cdbs[5]);
	assert_invalid_field(&bed, 2);
}

static void
test_sense_formats(void)
{
	static const uint8_t fixed[18] =
	    {0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x24, 0, 0, 0xCC, 0, 1};
	static const uint8_t descriptor[16] =
	    {0x72, 5, 0x24, 0, 0, 0, 0, 8, 2, 6, 0, 0, 0xCC, 0, 1};
	WbtSense sense = wbt_invalid_field_bit(1, 4);
	uint8_t buf[18];
	size_t bytes = wbt_sense_encode(&sense, false, buf);

	g_assert_cmpmem(buf, bytes, fixed, sizeof(fixed));
	bytes = wbt_sense_encode(&sense, true, buf);
	g_assert_cmpmem(buf, bytes, descriptor, sizeof(descriptor));
}

/* REQUEST SENSE returns the attention as data, and that clears it */
static void
test_attention(void)
{
	static const uint8_t request_sense[16] = {0x03, 0, 0, 0, 18};
	g_autoptr(WbtTarget) target = wbt_target_new(wbt_model_find("sl500"), NULL);
	TestBed bed = {.target = target};

	test_bed_opcode(&bed, 0xA0);
	assert_good(&bed);
	test_bed_command(&bed, request_sense);
	assert_good(&bed);
	g_assert_cmphex(bed.data_in[2], ==, 0x06);
	g_assert_cmphex(bed.data_in[12], ==, 0x29);
	test_bed_opcode(&bed, 0x00);
	assert_good(&bed);

	/* the last power on makes all earlier attentions void */
	wbt_target_hard_reset(target);
	wbt_target_power_cycle(target);
	test_bed_opcode(&bed, 0x00);
	assert_sense(&bed, 0x06, 0x29, 0x00);
	test_bed_opcode(&bed, 0x00);
	assert_good(&bed);
}

static void
test_refused_opcodes(void)
{
	static const uint8_t opcodes[] = {0x04, 0x07, 0x2A, 0x5E, 0x8A, 0xA3, 0xB8, 0xFF};
	static const char *const models[] = {"sl500", "seagate-sas", "deferred-disk"};

	for (size_t i = 0; i < G_N_ELEMENTS(models); i++) {
		TestBed bed;

		test_bed_init(&bed, models[i]);
		for (size_t j = 0; j < G_N_ELEMENTS(opcodes); j++) {
			test_bed_opcode(&bed, opcodes[j]);
			assert_sense(&bed, 0x05, 0x20, 0x00);
		}
		test_bed_clear(&bed);
	}
}

static void
test_block(void)
{
	static const uint8_t last[16] = {0x28, 0, 0, 1, 0xFF, 0xFF, 0, 0, 1};
	static const uint8_t beyond[16] = {0x28, 0, 0, 2, 0, 0, 0, 0, 1};
	static const uint8_t capacity_16[16] = {[0] = 0x9E, [1] = 0x10, [13] = 32};
	TestBed bed;

	test_bed_init(&bed, "seagate-sas");
	test_bed_opcode(&bed, 0x25);
	g_assert_cmpmem(bed.data_in, bed.reply.data_in_bytes, "\0\1\xFF\xFF\0\0\2\0", 8);
	test_bed_command(&bed, capacity_16);
	g_assert_cmpuint(bed.reply.data_in_bytes, ==, 32);
	g_assert_cmpmem(bed.data_in, 12, "\0\0\0\0\0\1\xFF\xFF\0\0\2\0", 12);
	test_bed_command(&bed, last);
	g_assert_cmpuint(bed.reply.data_in_bytes, ==, 512);
	test_bed_command(&bed, beyond);
	assert_sense(&bed, 0x05, 0x21, 0x00);
	test_bed_clear(&bed);
}

/* the initiator promises more than it sends */
static void
test_short_data(void)
{
	static const uint8_t cdb[10] = {0x3B, 0x07, 0, 0, 0, 0, 0, 2, 0, 0};
	TestBed bed;

	test_bed_init(&bed, "seagate-sas");
	wbt_target_execute(bed.target, cdb, 10, bed.image->data, 511, NULL, 0, &bed.reply);
	assert_sense(&bed, 0x0B, 0x4B, 0x00);
	g_assert_cmpuint(wbt_target_get_partial_bytes(bed.target), ==, 0);
	test_bed_clear(&bed);
}

static void
test_log(void)
{
	static const char *const expected =
	    "2 3b070000000000080000 out=2048 in=0 GOOD"
	    " WRITE BUFFER mode=07 specific=0 id=0 offset=0 length=2048\n"
	    "3 3b0e0000000000000000 out=0 in=0 CHECK 05/24/00"
	    " WRITE BUFFER mode=0e specific=0 id=0 offset=0 length=0\n"
	    "4 12000000240000000000000000000000 out=0 in=36 GOOD INQUIRY\n"
	    "5 00000000000000000000000000000000 out=0 in=0 HOST=01 TEST UNIT READY\n"
	    "6 ff000000000000000000000000000000 out=0 in=0 BUSY UNKNOWN\n";
	static const uint8_t inquiry[16] = {0x12, 0, 0, 0, 36};
	g_autofree char *sum = NULL;
	g_autofree char *text = NULL;
	TestBed bed;

	test_bed_init(&bed, "seagate-sas");
	g_assert_true(wbt_target_set_faults(bed.target,
					    "command 4 host 01\nopcode ff status 08",
					    WBT_FAULTS_ALL,
					    NULL));
	test_bed_segment(&bed, 0x07, 0, 2048);
	test_bed_write(&bed, 0x0E, 0, 0, NULL, 0);
	test_bed_command(&bed, inquiry);
	test_bed_opcode(&bed, 0x00);
	test_bed_opcode(&bed, 0xFF);
	text = wbt_target_log_to_string(bed.target, 1);
	g_assert_cmpstr(text, ==, expected);
	sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bed.image->data, 2048);
	g_assert_cmpstr(wbt_target_log_get(bed.target, 1)->data_out_sha256, ==, sum);
	g_assert_null(wbt_target_log_get(bed.target, 6));
	test_bed_clear(&bed);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/target/image/refused", test_image_refused);
	g_test_add_func("/target/image/refused-by-disk", test_image_refused_by_disk);
	g_test_add_func("/target/image/new", test_image_new);
	g_test_add_func("/target/inquiry", test_inquiry);
	g_test_add_func("/target/sense-formats", test_sense_formats);
	g_test_add_func("/target/attention", test_attention);
	g_test_add_func("/target/refused-opcodes", test_refused_opcodes);
	g_test_add_func("/target/block", test_block);
	g_test_add_func("/target/short-data", test_short_data);
	g_test_add_func("/target/log", test_log);
	return g_test_run();
}
