/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-wire.h"
#include "fu-scsi-wb-struct.h"
#include "wbt-model.h"

/* how long the plugin waits, and for what */

/* 02/04/01, and the same with the time that the activation takes: 600 s */
static const FuScsiWbResult becoming_ready = {
    .status = 0x02,
    .sense = {0x72, 0x02, 0x04, 0x01},
    .sense_bytes = 8,
};
static const FuScsiWbResult becoming_ready_600 = {
    .status = 0x02,
    .sense = {0x72, 0x02, 0x04, 0x01, 0, 0, 0, 8, 0x0f, 6, 0, 0, 0, 0, 0x02, 0x58},
    .sense_bytes = 16,
};

/* NO SENSE with that time, and a recovered error: both say that the command was carried out */
static const FuScsiWbResult accepted_600 = {
    .status = 0x02,
    .sense = {0x72, 0x00, 0x00, 0x00, 0, 0, 0, 8, 0x0f, 6, 0, 0, 0, 0, 0x02, 0x58},
    .sense_bytes = 16,
};
static const FuScsiWbResult recovered = {
    .status = 0x02,
    .sense = {0x70, 0, 0x01, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x17, 0x01},
    .sense_bytes = 18,
};

/**
 * FlowWaitRow:
 * @segment: (nullable): what the device answers to the last segment, or to the activation
 * @question: what it answers to TEST UNIT READY afterwards
 * @ready_ms: for so long, G_MAXINT64 for ever
 * @max_ms: how long the update may take at most, from then on
 * @command_ms: how long each command takes
 * @message: what the update fails with, %NULL if it succeeds
 **/
typedef struct {
	const gchar *name;
	const FuScsiWbResult *segment;
	const FuScsiWbResult *question;
	gint64 ready_ms;
	gint64 max_ms;
	guint command_ms;
	const gchar *message;
} FlowWaitRow;

static const FlowWaitRow rows[] = {
    {.name = "in-time", .question = &becoming_ready, .ready_ms = 299000, .max_ms = 310000},
    {.name = "too-late",
     .question = &becoming_ready,
     .ready_ms = 400000,
     .max_ms = 301000,
     .message = "after the update: the device is not back after 300 s (Not Ready, Logical unit is "
		"in process of becoming ready, 02/04/01): do not switch it off; look at it, then "
		"refresh"},
    {.name = "device-says-while-waiting",
     .question = &becoming_ready_600,
     .ready_ms = 400000,
     .max_ms = 410000},
    {.name = "device-says-with-last-segment",
     .segment = &accepted_600,
     .question = &becoming_ready,
     .ready_ms = 400000,
     .max_ms = 410000},

    /* each question says 600 s, but that is counted from the beginning */
    {.name = "device-says-for-ever",
     .question = &becoming_ready_600,
     .ready_ms = G_MAXINT64,
     .max_ms = 601000,
     .message = "after the update: the device is not back after 600 s (Not Ready, Logical unit is "
		"in process of becoming ready, 02/04/01, activation takes 600 s): do not switch it "
		"off; look at it, then refresh"},

    /* it is time that counts, not the number of questions */
    {.name = "slow-questions",
     .question = &becoming_ready,
     .ready_ms = G_MAXINT64,
     .max_ms = 321000,
     .command_ms = 20000,
     .message = "after the update: the device is not back after 314 s (Not Ready, Logical unit is "
		"in process of becoming ready, 02/04/01): do not switch it off; look at it, then "
		"refresh"},
    {.name = "recovered", .segment = &recovered, .question = &becoming_ready, .max_ms = 10000},
};

typedef struct {
	FlowWire wire; /* the first, so that a hook finds the rest */
	const FlowWaitRow *row;
	guint segments;
	gboolean has_begun;
	gint64 begin_ms;
} FlowWait;

static void
fu_test_scsi_wb_flow_wait_hook(FlowWire *wire,
			       const FuScsiWbCommand *command,
			       FuScsiWbResult *result)
{
	FlowWait *self = (FlowWait *)wire;

	if (wire->segments < self->segments)
		return;
	if (!self->has_begun) {
		self->has_begun = TRUE;
		self->begin_ms = wire->now_ms;
		if (self->row->segment != NULL)
			flow_wire_replace(result, self->row->segment);
		return;
	}
	if (command->cdb[0] == 0x00 && wire->now_ms - self->begin_ms < self->row->ready_ms)
		flow_wire_replace(result, self->row->question);
}

static void
fu_test_scsi_wb_flow_wait_init(FlowWait *self, FlowBed *bed, const FlowWaitRow *row, guint segments)
{
	flow_wire_init(&self->wire, bed);
	self->wire.hook = fu_test_scsi_wb_flow_wait_hook;
	self->wire.command_ms = row->command_ms;
	self->row = row;
	self->segments = segments;
	self->has_begun = FALSE;
}

static void
fu_test_scsi_wb_flow_wait_check(FlowWait *self, gboolean ret, const GError *error)
{
	g_assert_true(self->has_begun);
	g_assert_cmpint(self->wire.now_ms - self->begin_ms, <=, self->row->max_ms);
	if (self->row->message == NULL) {
		g_assert_no_error(error);
		g_assert_true(ret);
		return;
	}
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_TIMED_OUT);
	g_assert_cmpstr(error->message, ==, self->row->message);
	g_assert_false(ret);
}

static void
fu_test_scsi_wb_flow_wait_func(gconstpointer user_data)
{
	const FlowWaitRow *row = user_data;
	FlowWait wait;
	gboolean ret;
	g_autoptr(FlowBed) bed = flow_bed_new("seagate-sas", NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 50000);
	g_autoptr(GError) error = NULL;

	flow_bed_assert_enumerated(bed);
	fu_test_scsi_wb_flow_wait_init(&wait, bed, row, 2);
	ret = flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error);
	fu_test_scsi_wb_flow_wait_check(&wait, ret, error);
	if (row->message == NULL)
		flow_bed_assert_updated(bed, image, "0002");
}

static void
fu_test_scsi_wb_flow_wait_activate_func(gconstpointer user_data)
{
	const FlowWaitRow *row = user_data;
	FlowWait wait;
	gboolean ret;
	g_autoptr(FlowBed) bed = flow_bed_new("deferred-disk", NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 50000);
	g_autoptr(GError) error = NULL;

	flow_bed_assert_enumerated(bed);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	fu_test_scsi_wb_flow_wait_init(&wait, bed, row, 1);
	ret = flow_bed_activate(bed, &error);
	fu_test_scsi_wb_flow_wait_check(&wait, ret, error);
	if (row->message == NULL)
		flow_bed_assert_updated(bed, image, "0002");
}

/* a device that stays busy, and takes 50 s to say so each time */
static void
fu_test_scsi_wb_flow_wait_busy_func(void)
{
	gboolean ret;
	FlowWire wire;
	g_autoptr(FlowBed) bed = flow_bed_new("seagate-sas", NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 50000);
	g_autoptr(GError) error = NULL;

	flow_bed_assert_enumerated(bed);
	flow_bed_set_faults(bed, "opcode 3b status 08");
	flow_wire_init(&wire, bed);
	wire.command_ms = 50000;
	flow_bed_mark(bed);
	ret = flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error);
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_BUSY);
	g_assert_false(ret);

	/* the first, and one every 51 s until 300 s are over */
	g_assert_cmpuint(flow_bed_count_segments(bed), ==, 7);
	g_assert_cmpuint(bed->slept_ms, ==, 6000);
}

/* MODE 0x07 saves the image, and a device that does not say so wants MODE 0x0f after it */
static void
fu_test_scsi_wb_flow_wait_activation_required_func(void)
{
	const WbtModel *standard = wbt_model_find("std-after-event");
	WbtModel model = *standard;
	WbtModeRule rules[2] = {
	    *wbt_model_rule(standard, WBT_MODE_DOWNLOAD_OFFSETS_SAVE),
	    *wbt_model_rule(wbt_model_find("deferred-disk"), WBT_MODE_ACTIVATE)};
	g_autoptr(FlowBed) bed = NULL;
	g_autoptr(GBytes) image = NULL;

	model.rules = rules;
	model.n_rules = G_N_ELEMENTS(rules);
	model.vpd_extended = FALSE;
	bed = flow_bed_new_for_model(&model, "[SCSI\\VEN_WBSTD]\nScsiWbMode = 0x07\n");
	image = flow_bed_new_image(bed, "0002", 50000);
	flow_bed_assert_enumerated(bed);

	/* the first two questions come before the update */
	flow_bed_set_faults(bed, "opcode 00 3 sense 2/04/1e\nopcode 00 4 sense 2/04/1e");
	flow_bed_mark(bed);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	flow_bed_assert_updated(bed, image, "0002");
	g_assert_cmpuint(flow_bed_count_segments(bed), ==, 3);
	g_assert_cmpuint(wbt_target_get_activations(bed->target), ==, 1);
}

/* SPC-5 (INCITS 502): MICROCODE DOWNLOAD REQUIRED; it is not ready, and waits for just this */
static void
fu_test_scsi_wb_flow_wait_download_required_func(void)
{
	g_autoptr(FlowBed) bed = flow_bed_new("seagate-sas", NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 50000);

	flow_bed_assert_enumerated(bed);
	flow_bed_set_faults(bed,
			    "opcode 00 1 sense 2/04/1f\nopcode 35 sense 2/04/1f\n"
			    "opcode 3c sense 2/04/1f");
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	flow_bed_assert_updated(bed, image, "0002");
}

/* what a device says before the update ends it before anything is sent */
static const struct {
	const gchar *name;
	const gchar *model;
	const gchar *faults;
	FwupdError code;
	const gchar *message;
} before_rows[] = {
    {"activation-required",
     "seagate-sas",
     "opcode 00 sense 2/04/1e",
     FWUPD_ERROR_BUSY,
     "before the update: the device waits for an earlier firmware to be activated (Not Ready, "
     "Logical unit not ready, microcode activation required, 02/04/1E): run fwupdmgr activate, or "
     "reset or power cycle it, then update again"},
    {"reset-required",
     "seagate-sas",
     "opcode 00 sense 2/04/21",
     FWUPD_ERROR_BUSY,
     "before the update: the device needs a reset (Not Ready, Logical unit not ready, hard reset "
     "required, 02/04/21): reset it, for example with sg_reset --device, or reboot, then update "
     "again"},
    {"power-cycle-required",
     "seagate-sas",
     "opcode 00 sense 2/04/22",
     FWUPD_ERROR_BUSY,
     "before the update: the device needs a power cycle (Not Ready, Logical unit not ready, power "
     "cycle required, 02/04/22): switch it off and on, then update again"},
    {"sanitize",
     "seagate-sas",
     "opcode 00 sense 2/04/1b",
     FWUPD_ERROR_BUSY,
     "before the update: the device is erasing all its data (Not Ready, Logical unit not ready, "
     "sanitize in progress, 02/04/1B): wait until its sanitize operation has ended, then update "
     "again"},
    {"standby-path",
     "seagate-sas",
     "opcode 00 sense 2/04/0b",
     FWUPD_ERROR_BUSY,
     "before the update: the device cannot be used by this path now (Not Ready, Logical unit not "
     "accessible, target port in standby state, 02/04/0B): wait, or use the active path, then "
     "update again"},
    {"stopped-library",
     "sl500",
     "opcode 00 sense 2/04/02",
     FWUPD_ERROR_BUSY,
     "before the update: the device is stopped (Not Ready, Logical unit not ready, initializing "
     "command required, 02/04/02): start it, for example with sg_start --start, then update again"},
};

static void
fu_test_scsi_wb_flow_wait_before_func(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(before_rows); i++) {
		gboolean ret;
		g_autoptr(FlowBed) bed =
		    flow_bed_new(before_rows[i].model,
				 "[SCSI\\VEN_STK&DEV_SL500]\nScsiWbReadiness = ready\n");
		g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 50000);
		g_autoptr(GError) error = NULL;

		g_test_message("row: %s", before_rows[i].name);
		flow_bed_assert_enumerated(bed);
		flow_bed_set_faults(bed, before_rows[i].faults);
		flow_bed_mark(bed);
		ret = flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error);
		g_assert_error(error, FWUPD_ERROR, (gint)before_rows[i].code);
		g_assert_cmpstr(error->message, ==, before_rows[i].message);
		g_assert_false(ret);
		g_assert_cmpuint(flow_bed_count_segments(bed), ==, 0);
		g_assert_cmpuint(flow_bed_count_opcode(bed, 0x1b), ==, 0);
	}
}

/* what never changes ends the update: after so many commands, and so much time. START STOP UNIT is
 * for disks: in a library its number opens a door */
static const struct {
	const gchar *model;
	const gchar *sense;
	FwupdError code;
	guint segments;
	guint starts;
	guint slept_ms;
} endless_rows[] = {
    {"seagate-sas", "6/3f/03", FWUPD_ERROR_WRITE, 9, 0, 0},
    {"seagate-sas", "6/2a/01", FWUPD_ERROR_WRITE, 9, 0, 0},
    {"seagate-sas", "6/29/00", FWUPD_ERROR_WRITE, 9, 0, 0},
    {"seagate-sas", "5/2c/00", FWUPD_ERROR_WRITE, 2, 0, 0},
    {"seagate-sas", "5/55/03", FWUPD_ERROR_BUSY, 4, 0, 0},
    {"seagate-sas", "5/55/0b", FWUPD_ERROR_BUSY, 301, 0, 300000},
    {"seagate-sas", "2/04/01", FWUPD_ERROR_BUSY, 301, 0, 300000},
    {"seagate-sas", "2/04/02", FWUPD_ERROR_BUSY, 2, 1, 0},
    {"sl500", "2/04/02", FWUPD_ERROR_BUSY, 2, 0, 0},
    {"sl500", "2/04/1f", FWUPD_ERROR_BROKEN_SYSTEM, 1, 0, 0},
};

static void
fu_test_scsi_wb_flow_wait_endless_func(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(endless_rows); i++) {
		gboolean ret;
		g_autofree gchar *faults =
		    g_strdup_printf("opcode 3b sense %s", endless_rows[i].sense);
		g_autoptr(FlowBed) bed = flow_bed_new(endless_rows[i].model, NULL);
		g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 40000);
		g_autoptr(GError) error = NULL;

		g_test_message("row: %s, %s", endless_rows[i].model, faults);
		flow_bed_assert_enumerated(bed);
		flow_bed_set_faults(bed, faults);
		flow_bed_mark(bed);
		ret = flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error);
		g_assert_error(error, FWUPD_ERROR, (gint)endless_rows[i].code);
		g_assert_false(ret);
		g_assert_cmpuint(flow_bed_count_segments(bed), ==, endless_rows[i].segments);
		g_assert_cmpuint(flow_bed_count_opcode(bed, 0x1b), ==, endless_rows[i].starts);
		g_assert_cmpuint(bed->slept_ms, ==, endless_rows[i].slept_ms);
		flow_bed_assert_untouched(bed);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/wait/update", rows, fu_test_scsi_wb_flow_wait_func);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/wait/activate",
			  rows,
			  fu_test_scsi_wb_flow_wait_activate_func);
	g_test_add_func("/scsi-wb/flow/wait/busy", fu_test_scsi_wb_flow_wait_busy_func);
	g_test_add_func("/scsi-wb/flow/wait/activation-required",
			fu_test_scsi_wb_flow_wait_activation_required_func);
	g_test_add_func("/scsi-wb/flow/wait/download-required",
			fu_test_scsi_wb_flow_wait_download_required_func);
	g_test_add_func("/scsi-wb/flow/wait/before", fu_test_scsi_wb_flow_wait_before_func);
	g_test_add_func("/scsi-wb/flow/wait/endless", fu_test_scsi_wb_flow_wait_endless_func);
	return g_test_run();
}
