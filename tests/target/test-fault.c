// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

/* the fault script: every action, every condition, every kind of malformed line */

#include <string.h>

#include "test-bed.h"

static void
set_faults(TestBed *bed, const char *script)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(wbt_target_set_faults(bed->target, script, WBT_FAULTS_ALL, &error));
	g_assert_no_error(error);
}

static void
test_sense(void)
{
	TestBed bed;

	test_bed_init(&bed, "seagate-sas");
	set_faults(&bed, "# comment\n\n  segment 2 sense 6/3F/01 # once\n");
	test_bed_segment(&bed, 0x07, 0, 2048);
	assert_good(&bed);
	test_bed_opcode(&bed, 0x00); /* not a segment */
	assert_good(&bed);
	test_bed_segment(&bed, 0x07, 2048, 2048);
	assert_sense(&bed, 0x06, 0x3F, 0x01);
	test_bed_segment(&bed, 0x07, 2048, 2048); /* it was not executed: send it again */
	assert_good(&bed);
	test_bed_segment(&bed, 0x07, 4096, 2048);
	assert_good(&bed);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

static void
test_descriptor_sense(void)
{
	static const uint8_t expected[] = {0x72, 0x0B, 0x47, 0x03, 0, 0, 0, 0};
	TestBed bed;

	test_bed_init(&bed, "seagate-sas");
	set_faults(&bed, "opcode 00 2 sense b/47/3 descriptor");
	test_bed_opcode(&bed, 0x00);
	assert_good(&bed);
	test_bed_opcode(&bed, 0x00);
	g_assert_cmpmem(bed.reply.sense, bed.reply.sense_bytes, expected, sizeof(expected));
	test_bed_opcode(&bed, 0x00);
	assert_good(&bed);
	test_bed_clear(&bed);
}

static void
test_without_execution(void)
{
	TestBed bed;

	test_bed_init(&bed, "deferred-disk");
	set_faults(&bed, "segment 1 status 08\nsegment 2 host 03\nsegment 3 errno 12");
	test_bed_segment(&bed, 0x0E, 0, 2048);
	g_assert_cmphex(bed.reply.status, ==, 0x08);
	test_bed_segment(&bed, 0x0E, 0, 2048);
	g_assert_cmphex(bed.reply.host_status, ==, 0x03);
	test_bed_segment(&bed, 0x0E, 0, 2048);
	g_assert_cmpint(bed.reply.sys_errno, ==, 12);
	g_assert_cmpuint(wbt_target_get_partial_bytes(bed.target), ==, 0);
	test_bed_clear(&bed);
}

static void
test_hang(void)
{
	TestBed bed;

	test_bed_init(&bed, "deferred-disk");
	set_faults(&bed, "command 1 hang 90000");
	test_bed_segment(&bed, 0x0E, 0, 2048);
	assert_good(&bed);
	g_assert_cmpuint(bed.reply.hang_ms, ==, 90000);
	g_assert_cmpuint(wbt_target_get_partial_bytes(bed.target), ==, 2048);
	test_bed_opcode(&bed, 0x00);
	g_assert_cmpuint(bed.reply.hang_ms, ==, 0);
	test_bed_clear(&bed);
}

static void
test_vanish(void)
{
	static const uint8_t inquiry[16] = {0x12, 0, 0, 0, 96};
	TestBed bed;

	test_bed_init(&bed, "deferred-disk");
	set_faults(&bed, "segment 2 vanish");
	test_bed_segment(&bed, 0x0E, 0, 2048);
	test_bed_segment(&bed, 0x0E, 2048, 2048);
	g_assert_cmphex(bed.reply.host_status, ==, 0x01);
	test_bed_command(&bed, inquiry);
	g_assert_cmphex(bed.reply.host_status, ==, 0x01);
	g_assert_cmpstr(wbt_target_get_state(bed.target), ==, "offline");
	wbt_target_power_cycle(bed.target);
	test_bed_assert_factory(&bed, "A360");
	test_bed_clear(&bed);
}

static void
test_power(void)
{
	static const struct {
		const char *script;
		uint8_t ascq;
	} rows[] = {{"segment 2 reset", 0x02}, {"segment 2 power-loss", 0x00}};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		TestBed bed;

		test_bed_init(&bed, "sl500");
		set_faults(&bed, rows[i].script);
		test_bed_segment(&bed, 0x06, 0, 2048);
		test_bed_segment(&bed, 0x06, 2048, 2048);
		assert_sense(&bed, 0x06, 0x29, rows[i].ascq);
		g_assert_cmpuint(wbt_target_get_partial_bytes(bed.target), ==, 0);
		test_bed_download(&bed, 0x06, 0x07, 2048);
		test_bed_assert_updated(&bed);
		test_bed_clear(&bed);
	}
}

static void
test_residual(void)
{
	TestBed bed;

	test_bed_init(&bed, "seagate-sas");
	set_faults(&bed, "segment 1 residual 512");
	test_bed_segment(&bed, 0x07, 0, 2048);
	assert_good(&bed);
	g_assert_cmpint(bed.reply.resid_bytes, ==, 512);
	g_assert_cmpuint(wbt_target_get_partial_bytes(bed.target), ==, 1536);
	test_bed_segment(&bed, 0x07, 2048, 2048);
	assert_sense(&bed, 0x05, 0x2C, 0x00);
	test_bed_clear(&bed);
}

static void
test_stuck_revision(void)
{
	TestBed bed;

	test_bed_init(&bed, "seagate-sas");
	set_faults(&bed, "command 1 stuck-revision");
	test_bed_download(&bed, 0x07, 0x07, 2048);
	g_assert_cmpuint(wbt_target_get_commits(bed.target), ==, 1);
	g_assert_cmpstr(wbt_target_get_revision(bed.target), ==, "TT31");
	wbt_target_power_cycle(bed.target);
	g_assert_cmpstr(wbt_target_get_revision(bed.target), ==, "TT31");
	test_bed_clear(&bed);
}

/* one bit turns over, on the way in or on the way out; without the fault none does */
static void
test_corrupt_echo(void)
{
	static const uint8_t read_echo[16] = {0x3C, 0x0A, 0, 0, 0, 0, 0, 2, 0};
	static const struct {
		const char *script;
		size_t at;
		uint8_t bit;
	} rows[] = {
	    {"opcode 3b 1 corrupt-echo", 0, 0x01},
	    {"opcode 3c corrupt-echo", 511, 0x80},
	    {"segment 2 corrupt-echo", 0, 0x00},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		TestBed bed;

		test_bed_init(&bed, "seagate-sas");
		g_assert_true(wbt_target_set_faults(bed.target,
						    rows[i].script,
						    WBT_FAULTS_DEVICE_ONLY,
						    NULL));
		test_bed_write(&bed, 0x0A, 0, 0, bed.image->data, 512);
		assert_good(&bed);
		test_bed_command(&bed, read_echo);
		assert_good(&bed);
		bed.image->data[rows[i].at] ^= rows[i].bit;
		g_assert_cmpmem(bed.data_in, bed.reply.data_in_bytes, bed.image->data, 512);
		test_bed_clear(&bed);
	}
}

/* microcode takes another way */
static void
test_corrupt_echo_alone(void)
{
	TestBed bed;

	test_bed_init(&bed, "seagate-sas");
	set_faults(&bed, "opcode 3b corrupt-echo");
	test_bed_download(&bed, 0x07, 0x07, 2048);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

/* one bit of any data, on the way in or on the way out */
static void
test_corrupt(void)
{
	static const uint8_t inquiry[16] = {0x12, 0, 0, 0, 96};
	uint8_t answer[96];
	TestBed bed;

	test_bed_init(&bed, "seagate-sas");
	test_bed_command(&bed, inquiry);
	g_assert_cmpuint(bed.reply.data_in_bytes, ==, sizeof(answer));
	memcpy(answer, bed.data_in, sizeof(answer));
	answer[48] ^= 0x80;
	g_assert_true(wbt_target_set_faults(bed.target,
					    "opcode 12 corrupt\nsegment 2 corrupt",
					    WBT_FAULTS_DEVICE_ONLY,
					    NULL));
	test_bed_command(&bed, inquiry);
	g_assert_cmpmem(bed.data_in, bed.reply.data_in_bytes, answer, sizeof(answer));

	/* the device finds out when the image is whole */
	test_bed_segment(&bed, 0x07, 0, 2048);
	assert_good(&bed);
	test_bed_segment(&bed, 0x07, 2048, 2048);
	assert_good(&bed);
	test_bed_segment(&bed, 0x07, 4096, 2048);
	assert_sense(&bed, 0x05, 0x26, 0x00);
	test_bed_assert_factory(&bed, "TT31");
	test_bed_download(&bed, 0x07, 0x07, 2048);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

static void
test_every_opcode(void)
{
	TestBed bed;

	test_bed_init(&bed, "seagate-sas");
	set_faults(&bed, "opcode 3B sense 5/20/0");
	for (int i = 0; i < 3; i++) {
		test_bed_segment(&bed, 0x07, 0, 2048);
		assert_sense(&bed, 0x05, 0x20, 0x00);
	}
	set_faults(&bed, NULL);
	test_bed_segment(&bed, 0x07, 0, 2048);
	assert_good(&bed);
	test_bed_clear(&bed);
}

static void
test_malformed(void)
{
	static const struct {
		const char *script;
		WbtFaultScope scope;
		const char *line;
		const char *word;
	} rows[] = {
	    {"sometimes hang 1", WBT_FAULTS_ALL, "line 1", "'sometimes'"},
	    {"\ncommand 0 hang 1", WBT_FAULTS_ALL, "line 2", "'0'"},
	    {"command hang 1", WBT_FAULTS_ALL, "line 1", "'hang'"},
	    {"segment", WBT_FAULTS_ALL, "line 1", "end of line"},
	    {"opcode xx vanish", WBT_FAULTS_ALL, "line 1", "'xx'"},
	    {"opcode 3b 0 vanish", WBT_FAULTS_ALL, "line 1", "'0'"},
	    {"command 1 explode", WBT_FAULTS_ALL, "line 1", "'explode'"},
	    {"command 1", WBT_FAULTS_ALL, "line 1", "end of line"},
	    {"command 1 sense 5/24", WBT_FAULTS_ALL, "line 1", "'5/24'"},
	    {"command 1 sense 1f/24/00", WBT_FAULTS_ALL, "line 1", "'1f/24/00'"},
	    {"command 1 status 100", WBT_FAULTS_ALL, "line 1", "'100'"},
	    {"command 1 hang soon", WBT_FAULTS_ALL, "line 1", "'soon'"},
	    {"command 1 hang", WBT_FAULTS_ALL, "line 1", "end of line"},
	    {"command 1 away", WBT_FAULTS_ALL, "line 1", "end of line"},
	    {"command 1 not-ready 1s", WBT_FAULTS_ALL, "line 1", "'1s'"},
	    {"command 1 corrupt 5", WBT_FAULTS_ALL, "line 1", "'5'"},
	    {"command 1 vanish now", WBT_FAULTS_ALL, "line 1", "'now'"},
	    {"command 1 host 01", WBT_FAULTS_DEVICE_ONLY, "line 1", "'host'"},
	    {"#\n#\ncommand 1 errno 5", WBT_FAULTS_DEVICE_ONLY, "line 3", "'errno'"},
	    {"command 1 residual 5", WBT_FAULTS_DEVICE_ONLY, "line 1", "'residual'"},
	};
	TestBed bed;

	test_bed_init(&bed, "sl500");
	set_faults(&bed, "opcode 00 status 08");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_false(
		    wbt_target_set_faults(bed.target, rows[i].script, rows[i].scope, &error));
		g_test_message("%s", error->message);
		g_assert_nonnull(strstr(error->message, rows[i].line));
		g_assert_nonnull(strstr(error->message, rows[i].word));
	}
	test_bed_opcode(&bed, 0x00); /* the old script is still there */
	g_assert_cmphex(bed.reply.status, ==, 0x08);
	test_bed_clear(&bed);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/target/fault/sense", test_sense);
	g_test_add_func("/target/fault/descriptor-sense", test_descriptor_sense);
	g_test_add_func("/target/fault/without-execution", test_without_execution);
	g_test_add_func("/target/fault/hang", test_hang);
	g_test_add_func("/target/fault/vanish", test_vanish);
	g_test_add_func("/target/fault/power", test_power);
	g_test_add_func("/target/fault/residual", test_residual);
	g_test_add_func("/target/fault/stuck-revision", test_stuck_revision);
	g_test_add_func("/target/fault/corrupt-echo", test_corrupt_echo);
	g_test_add_func("/target/fault/corrupt-echo-alone", test_corrupt_echo_alone);
	g_test_add_func("/target/fault/corrupt", test_corrupt);
	g_test_add_func("/target/fault/every-opcode", test_every_opcode);
	g_test_add_func("/target/fault/malformed", test_malformed);
	return g_test_run();
}
