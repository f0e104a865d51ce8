// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

/* what takes time: a device that is away, and one that becomes ready; both models and faults */

#include "test-bed.h"

static void
set_faults(TestBed *bed, const char *script)
{
	g_autoptr(GError) error = NULL;

	wbt_target_set_faults(bed->target, script, WBT_FAULTS_DEVICE_ONLY, &error);
	g_assert_no_error(error);
}

/* without power for so long: not executed, and what has arrived is lost */
static void
test_fault_away(void)
{
	TestBed bed;

	test_bed_init(&bed, "seagate-sas");
	set_faults(&bed, "segment 2 away 3000");
	test_bed_segment(&bed, 0x07, 0, 2048);
	test_bed_segment(&bed, 0x07, 2048, 2048);
	g_assert_cmphex(bed.reply.host_status, ==, 0x01);
	g_assert_cmpuint(wbt_target_get_away_ms(bed.target), ==, 3000);
	wbt_target_pass_time(bed.target, 1000);
	g_assert_cmpuint(wbt_target_get_away_ms(bed.target), ==, 2000);
	test_bed_opcode(&bed, 0x00);
	g_assert_cmphex(bed.reply.host_status, ==, 0x01);
	wbt_target_pass_time(bed.target, G_MAXUINT32);
	g_assert_false(wbt_target_is_offline(bed.target));
	test_bed_opcode(&bed, 0x00);
	assert_sense(&bed, 0x06, 0x29, 0x00);
	test_bed_segment(&bed, 0x07, 2048, 2048);
	assert_sense(&bed, 0x05, 0x2C, 0x00);
	test_bed_download(&bed, 0x07, 0x07, 2048);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

/* time alone does not bring back what is gone for good, a power cycle what is away for a while */
static void
test_back(void)
{
	TestBed bed;

	test_bed_init(&bed, "seagate-sas");
	set_faults(&bed, "command 1 vanish\ncommand 2 away 60000");
	test_bed_opcode(&bed, 0x00);
	wbt_target_pass_time(bed.target, G_MAXUINT32);
	g_assert_true(wbt_target_is_offline(bed.target));
	wbt_target_power_cycle(bed.target);
	g_assert_false(wbt_target_is_offline(bed.target));
	test_bed_opcode(&bed, 0x00);
	g_assert_true(wbt_target_is_offline(bed.target));
	wbt_target_power_cycle(bed.target);
	g_assert_false(wbt_target_is_offline(bed.target));
	g_assert_cmpuint(wbt_target_get_away_ms(bed.target), ==, 0);
	test_bed_clear(&bed);
}

/* what has arrived is kept */
static void
test_not_ready(void)
{
	static const uint8_t request_sense[16] = {0x03, 0, 0, 0, 252};
	TestBed bed;

	test_bed_init(&bed, "seagate-sas");
	set_faults(&bed, "segment 2 not-ready 3000");
	test_bed_segment(&bed, 0x07, 0, 2048);
	for (int i = 0; i < 3; i++) {
		test_bed_segment(&bed, 0x07, 2048, 2048);
		assert_sense(&bed, 0x02, 0x04, 0x01);
		test_bed_command(&bed, request_sense);
		assert_good(&bed);
		g_assert_cmphex(bed.data_in[2], ==, 0x02);
		wbt_target_pass_time(bed.target, 1000);
	}
	g_assert_cmpuint(wbt_target_get_partial_bytes(bed.target), ==, 2048);
	test_bed_segment(&bed, 0x07, 2048, 2048);
	assert_good(&bed);
	test_bed_segment(&bed, 0x07, 4096, 2048);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

/* ready again when 40 s are over, and not before; INQUIRY is answered all the time */
static void
test_model_slow(void)
{
	static const uint8_t inquiry[16] = {0x12, 0, 0, 0, 96};
	TestBed bed;

	test_bed_init(&bed, "std-slow");
	test_bed_download(&bed, 0x07, 0x07, 1000);
	for (int i = 0; i < 40; i++) {
		test_bed_opcode(&bed, 0x00);
		assert_sense(&bed, 0x02, 0x04, 0x01);
		test_bed_command(&bed, inquiry);
		assert_good(&bed);
		g_assert_cmpstr(wbt_target_get_state(bed.target), ==, "busy");
		wbt_target_pass_time(bed.target, i < 39 ? 1000 : 999);
	}
	test_bed_opcode(&bed, 0x00);
	assert_sense(&bed, 0x02, 0x04, 0x01);
	wbt_target_pass_time(bed.target, 1);
	test_bed_opcode(&bed, 0x00);
	assert_good(&bed);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

/* the activation is GOOD; then nothing answers for 40 s, and power on is the first that is said */
static void
test_model_away(void)
{
	TestBed bed;

	test_bed_init(&bed, "std-away");
	test_bed_download(&bed, 0x0E, 0x0E, 1000);
	test_bed_write(&bed, 0x0F, 0, 0, NULL, 0);
	assert_good(&bed);
	g_assert_cmpuint(wbt_target_get_away_ms(bed.target), ==, 40000);
	wbt_target_pass_time(bed.target, 39999);
	test_bed_opcode(&bed, 0x00);
	g_assert_cmphex(bed.reply.host_status, ==, 0x01);
	g_assert_cmpstr(wbt_target_get_state(bed.target), ==, "offline");
	wbt_target_pass_time(bed.target, 1);
	test_bed_opcode(&bed, 0x00);
	assert_sense(&bed, 0x06, 0x29, 0x00);
	test_bed_opcode(&bed, 0x00);
	assert_good(&bed);
	test_bed_assert_updated(&bed);
	g_assert_cmpuint(wbt_target_get_activations(bed.target), ==, 1);
	test_bed_clear(&bed);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/target/time/fault/away", test_fault_away);
	g_test_add_func("/target/time/fault/back", test_back);
	g_test_add_func("/target/time/fault/not-ready", test_not_ready);
	g_test_add_func("/target/time/model/slow", test_model_slow);
	g_test_add_func("/target/time/model/away", test_model_away);
	return g_test_run();
}
