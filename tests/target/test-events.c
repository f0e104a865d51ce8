// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

/* when an image that is in the device begins to run: each event that may start it, and those that
 * may not */

#include "test-bed.h"
#include "wbt-model.h"

static const char factory[] = "0001";

typedef void (*Event)(TestBed *bed);

static void
power_on(TestBed *bed)
{
	wbt_target_power_cycle(bed->target);
	test_bed_opcode(bed, 0x00);
}

static void
hard_reset(TestBed *bed)
{
	wbt_target_hard_reset(bed->target);
	test_bed_opcode(bed, 0x00);
}

static void
activate(TestBed *bed)
{
	test_bed_write(bed, 0x0F, 0, 0, NULL, 0);
}

/* the image is complete, then @event comes */
static const struct {
	const char *model;
	uint8_t byte1;
	Event event;
	bool runs;
} deferrals[] = {
    {"std-events", 0x0D, power_on, false},
    {"std-events", 0x0D, hard_reset, false},
    {"std-events", 0x0D, activate, true},
    {"std-events", 0x8D, power_on, true},
    {"std-events", 0x8D, hard_reset, false},
    {"std-events", 0x8D, activate, true},
    {"std-events", 0x4D, power_on, false},
    {"std-events", 0x4D, hard_reset, true},
    {"std-events", 0x4D, activate, true},
    {"std-events", 0xCD, power_on, true},
    {"std-events", 0xCD, hard_reset, true},
    {"std-events", 0xCD, activate, true},
    {"std-deferred", 0x0E, power_on, true},
    {"std-deferred", 0x0E, hard_reset, true},
    {"std-deferred", 0x0E, activate, true},
    {"std-after-event", 0x07, power_on, true},
    {"std-after-event", 0x07, hard_reset, true},
    /* without 0Fh */
    {"std-power-on", 0x0E, power_on, true},
    {"std-reset", 0x0E, power_on, true},
    {"std-reset", 0x0E, hard_reset, true},
};

static void
test_select(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(deferrals); i++) {
		TestBed bed;

		g_test_message("row %zu: %s %02x", i, deferrals[i].model, deferrals[i].byte1);
		test_bed_init(&bed, deferrals[i].model);
		test_bed_download(&bed, deferrals[i].byte1, deferrals[i].byte1, 2048);
		g_assert_cmpstr(wbt_target_get_state(bed.target), ==, "deferred");
		g_assert_cmpuint(wbt_target_get_activations(bed.target), ==, 0);
		g_assert_cmpstr(wbt_target_get_revision(bed.target), ==, factory);
		deferrals[i].event(&bed);
		if (deferrals[i].runs) {
			test_bed_assert_updated(&bed);
		} else {
			test_bed_assert_factory(&bed, factory);
			g_assert_cmpstr(wbt_target_get_state(bed.target), ==, "deferred");
			activate(&bed); /* which it always does */
			assert_good(&bed);
			test_bed_assert_updated(&bed);
		}
		test_bed_clear(&bed);
	}
}

/* other events in the middle: that segment is lost; from the beginning they may change */
static void
test_changed(void)
{
	TestBed bed;

	test_bed_init(&bed, "std-events");
	test_bed_segment(&bed, 0x8D, 0, 2048);
	test_bed_segment(&bed, 0x4D, 2048, 2048);
	assert_invalid_field(&bed, 1);
	g_assert_cmpuint(wbt_target_get_partial_bytes(bed.target), ==, 2048);
	test_bed_segment(&bed, 0x8D, 2048, 4096);
	assert_good(&bed);
	g_assert_cmphex(wbt_target_get_deferred_events(bed.target), ==, WBT_EVENT_POWER_ON);
	test_bed_download(&bed, 0x4D, 0x4D, 2048);
	g_assert_cmphex(wbt_target_get_deferred_events(bed.target), ==, WBT_EVENT_HARD_RESET);
	test_bed_clear(&bed);
}

/* where a changed mode restarts, the events of the last segment count */
static void
test_last_counts(void)
{
	WbtModel model = *wbt_model_find("std-events");
	TestBed bed;

	model.mode_change = WBT_MODE_CHANGE_RESTARTS;
	test_bed_init_model(&bed, &model);
	test_bed_download(&bed, 0x8D, 0x4D, 2048);
	power_on(&bed);
	test_bed_assert_factory(&bed, factory);
	hard_reset(&bed);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

/* VSE_ACT, where it is supported, is an event that never comes */
static void
test_vendor_event(void)
{
	static const uint8_t inquiry[16] = {0x12, 1, 0x86, 0, 255};
	static const WbtModeRule rules[] = {
	    {
		.mode = 0x0D,
		.end = WBT_END_IMAGE_ARRIVED,
		.effect = WBT_EFFECT_DEFER,
		.events = WBT_EVENT_VENDOR,
	    },
	    {
		.mode = 0x0F,
		.end = WBT_END_NO_DOWNLOAD,
	    },
	};
	WbtModel model = *wbt_model_find("std-events");
	TestBed bed;

	model.rules = rules;
	model.power_on_activates = false;
	model.hard_reset_activates = false;
	model.vendor_event_activates = true;
	test_bed_init_model(&bed, &model);
	test_bed_command(&bed, inquiry);
	g_assert_cmphex(bed.data_in[12], ==, 0x30); /* VSA_SUP, DMS_VALID */
	test_bed_write(&bed, 0x8D, 0, 0, bed.image->data, 2048);
	assert_invalid_field(&bed, 1);
	test_bed_download(&bed, 0x2D, 0x2D, 2048);
	power_on(&bed);
	hard_reset(&bed);
	test_bed_assert_factory(&bed, factory);
	activate(&bed);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

/* ACTIVATE MICROCODE 10b: saved with the last segment, whatever happens then; and 0Fh, too, is an
 * event, once */
static void
test_after_event(void)
{
	static const WbtModeRule rules[] = {
	    {
		.mode = 0x05,
		.end = WBT_END_THIS_COMMAND,
		.effect = WBT_EFFECT_SAVE_RUN,
		.offset = WBT_OFFSET_ZERO,
	    },
	    {
		.mode = 0x0F,
		.end = WBT_END_NO_DOWNLOAD,
	    },
	};
	WbtModel model = *wbt_model_find("std-after-event");
	TestBed bed;

	model.rules = rules;
	model.n_rules = G_N_ELEMENTS(rules);
	test_bed_init_model(&bed, &model);
	activate(&bed);
	assert_sense(&bed, 0x05, 0x2C, 0x00);
	test_bed_download(&bed, 0x05, 0x05, TEST_IMAGE_BYTES);
	g_assert_cmpuint(wbt_target_get_commits(bed.target), ==, 1);
	g_assert_cmpstr(wbt_target_get_saved_revision(bed.target), ==, TEST_REVISION);
	g_assert_cmpstr(wbt_target_get_revision(bed.target), ==, factory);
	activate(&bed);
	assert_good(&bed);
	test_bed_assert_updated(&bed);
	activate(&bed);
	assert_sense(&bed, 0x05, 0x2C, 0x00);
	test_bed_clear(&bed);
}

/* saved, and said to wait: only with the last segment */
static void
test_says_pending(void)
{
	WbtModel model = *wbt_model_find("std-after-event");
	TestBed bed;

	model.says_pending = true;
	test_bed_init_model(&bed, &model);
	test_bed_segment(&bed, 0x07, 0, 2048);
	assert_good(&bed);
	test_bed_segment(&bed, 0x07, 2048, bed.image->len - 2048);
	assert_sense(&bed, 0x00, 0x00, 0x22);
	g_assert_cmpint(bed.reply.resid_bytes, ==, 0);
	g_assert_cmpuint(wbt_target_get_commits(bed.target), ==, 1);
	g_assert_cmpuint(wbt_target_get_activations(bed.target), ==, 0);
	g_assert_cmpstr(wbt_target_get_revision(bed.target), ==, factory);
	power_on(&bed);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

/* without 0Fh there is nothing but the event */
static void
test_power_on_alone(void)
{
	TestBed bed;

	test_bed_init(&bed, "std-power-on");
	test_bed_download(&bed, 0x0E, 0x0E, 2048);
	hard_reset(&bed);
	activate(&bed);
	assert_invalid_field(&bed, 1);
	test_bed_assert_factory(&bed, factory);
	g_assert_cmpstr(wbt_target_get_state(bed.target), ==, "deferred");
	power_on(&bed);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

/* 00b, not given: as 01b */
static void
test_not_given(void)
{
	WbtModel model = *wbt_model_find("std-after-event");
	TestBed bed;

	model.activate_code = WBT_ACTIVATE_NOT_GIVEN;
	test_bed_init_model(&bed, &model);
	test_bed_download(&bed, 0x07, 0x07, 2048);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

/* the model with descriptor sense, from the refusal to the activation */
static void
test_descriptor_sense(void)
{
	static const uint8_t off_mode[16] =
	    {0x72, 0x05, 0x24, 0x00, 0, 0, 0, 8, 0x02, 6, 0, 0, 0xCC, 0, 1};
	static const uint8_t sequence[8] = {0x72, 0x05, 0x2C, 0x00};
	TestBed bed;

	test_bed_init(&bed, "std-descriptor");
	test_bed_segment(&bed, 0x07, 0, 2048);
	g_assert_cmpmem(bed.reply.sense, bed.reply.sense_bytes, off_mode, sizeof(off_mode));
	test_bed_segment(&bed, 0x0E, 2048, 2048);
	g_assert_cmpmem(bed.reply.sense, bed.reply.sense_bytes, sequence, sizeof(sequence));
	test_bed_download(&bed, 0x0E, 0x0E, 2048);
	activate(&bed);
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/target/events/select", test_select);
	g_test_add_func("/target/events/changed", test_changed);
	g_test_add_func("/target/events/last-counts", test_last_counts);
	g_test_add_func("/target/events/vendor-event", test_vendor_event);
	g_test_add_func("/target/events/after-event", test_after_event);
	g_test_add_func("/target/events/says-pending", test_says_pending);
	g_test_add_func("/target/events/power-on-alone", test_power_on_alone);
	g_test_add_func("/target/events/not-given", test_not_given);
	g_test_add_func("/target/events/descriptor-sense", test_descriptor_sense);
	return g_test_run();
}
