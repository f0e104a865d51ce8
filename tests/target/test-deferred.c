// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

/* the model with deferred activation, and the sequence that once was sent to such a disk */

#include "test-bed.h"

static const char factory[] = "A360";

static void
test_activate(void)
{
	TestBed bed;

	test_bed_init(&bed, "deferred-disk");
	test_bed_download(&bed, 0x0E, 0x0E, 2048);
	test_bed_assert_factory(&bed, factory);
	g_assert_cmpstr(wbt_target_get_state(bed.target), ==, "deferred");
	g_assert_nonnull(wbt_target_get_deferred(bed.target));
	/* ID, offset and length are ignored: Seagate Rev. J, 3.70.12 */
	test_bed_write(&bed, 0x0F, 3, 77, NULL, 0);
	assert_good(&bed);
	g_assert_null(wbt_target_get_deferred(bed.target));
	test_bed_assert_updated(&bed);
	test_bed_write(&bed, 0x0F, 0, 0, NULL, 0);
	assert_sense(&bed, 0x06, 0x29, 0x00); /* it reset itself */
	test_bed_clear(&bed);
}

/* 0Fh for all segments but the last, 0Eh for the last: never does anything but fail */
static void
test_wrong_sequence(void)
{
	TestBed bed;

	test_bed_init(&bed, "deferred-disk");
	for (uint32_t at = 0; at < 4096; at += 2048) {
		test_bed_segment(&bed, 0x0F, at, 2048);
		assert_sense(&bed, 0x05, 0x2C, 0x00);
	}
	test_bed_segment(&bed, 0x0E, 4096, 2048);
	assert_sense(&bed, 0x05, 0x2C, 0x00);
	test_bed_assert_factory(&bed, factory);
	g_assert_null(wbt_target_get_deferred(bed.target));
	g_assert_cmpuint(wbt_target_get_partial_bytes(bed.target), ==, 0);
	test_bed_clear(&bed);
}

/* 0Fh in the middle: nothing whole to activate, and the download is lost */
static void
test_activate_too_early(void)
{
	TestBed bed;

	test_bed_init(&bed, "deferred-disk");
	test_bed_segment(&bed, 0x0E, 0, 2048);
	test_bed_write(&bed, 0x0F, 0, 0, NULL, 0);
	assert_sense(&bed, 0x05, 0x2C, 0x00);
	test_bed_segment(&bed, 0x0E, 2048, 2048);
	assert_sense(&bed, 0x05, 0x2C, 0x00);
	test_bed_clear(&bed);
}

static void
test_events(void)
{
	static void (*const events[])(WbtTarget *) = {wbt_target_power_cycle,
						      wbt_target_hard_reset};

	for (size_t i = 0; i < G_N_ELEMENTS(events); i++) {
		TestBed bed;

		test_bed_init(&bed, "deferred-disk");
		test_bed_download(&bed, 0x0E, 0x0E, 2048);
		events[i](bed.target);
		test_bed_assert_updated(&bed);
		test_bed_opcode(&bed, 0x00);
		assert_sense(&bed, 0x06, 0x29, i == 0 ? 0x00 : 0x02);
		test_bed_clear(&bed);

		/* a partial one is lost, and cannot be continued */
		test_bed_init(&bed, "deferred-disk");
		test_bed_segment(&bed, 0x0E, 0, 2048);
		events[i](bed.target);
		test_bed_opcode(&bed, 0x00);
		test_bed_segment(&bed, 0x0E, 2048, 2048);
		assert_sense(&bed, 0x05, 0x2C, 0x00);
		test_bed_assert_factory(&bed, factory);
		test_bed_clear(&bed);
	}
}

static void
test_single(void)
{
	TestBed bed;

	test_bed_init(&bed, "deferred-disk");
	test_bed_write(&bed, 0x05, 0, 0, NULL, 0); /* no code is updated: C15K600, 18.59.4 */
	assert_good(&bed);
	test_bed_segment(&bed, 0x05, 2048, 2048);
	assert_invalid_field(&bed, 3);
	test_bed_segment(&bed, 0x05, 0, TEST_IMAGE_BYTES - 2);
	assert_sense(&bed, 0x05, 0x26, 0x00);
	test_bed_segment(&bed, 0x05, 0, TEST_IMAGE_BYTES);
	assert_good(&bed);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

/* another image replaces the one that waits */
static void
test_replaced(void)
{
	TestBed bed;

	test_bed_init(&bed, "deferred-disk");
	test_bed_download(&bed, 0x0E, 0x0E, 2048);
	test_bed_segment(&bed, 0x0E, 0, 2048);
	assert_good(&bed);
	g_assert_null(wbt_target_get_deferred(bed.target));
	test_bed_write(&bed, 0x0F, 0, 0, NULL, 0);
	assert_sense(&bed, 0x05, 0x2C, 0x00);
	test_bed_download(&bed, 0x07, 0x07, 1024);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

static void
test_restored(void)
{
	g_autoptr(GBytes) deferred = NULL;
	TestBed bed;

	test_bed_init(&bed, "deferred-disk");
	deferred = g_bytes_new(bed.image->data, bed.image->len);
	wbt_target_restore(bed.target, NULL, NULL, deferred);
	test_bed_assert_factory(&bed, factory);
	wbt_target_power_cycle(bed.target);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/target/deferred-disk/activate", test_activate);
	g_test_add_func("/target/deferred-disk/wrong-sequence", test_wrong_sequence);
	g_test_add_func("/target/deferred-disk/activate-too-early", test_activate_too_early);
	g_test_add_func("/target/deferred-disk/events", test_events);
	g_test_add_func("/target/deferred-disk/single", test_single);
	g_test_add_func("/target/deferred-disk/replaced", test_replaced);
	g_test_add_func("/target/deferred-disk/restored", test_restored);
	return g_test_run();
}
