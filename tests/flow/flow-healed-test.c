/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-bed.h"

/* what the plugin gets over, so that a user sees nothing but an update that goes well */

/**
 * FlowHealedRow:
 * @model: what is updated
 * @rows: (nullable): a user's quirk rows
 * @faults: (nullable): what the target does wrong, from the start of the update, or of the
 *activation
 * @size_bytes: size of the image
 * @slept_min_ms: how long it has to have waited
 **/
typedef struct {
	const gchar *name;
	const gchar *model;
	const gchar *rows;
	const gchar *faults;
	gsize size_bytes;
	guint slept_min_ms;
} FlowHealedRow;

#define FLOW_AUTO "[SCSI\\VEN_SEAGATE&TYPE_00]\nScsiWbMode = auto\n"

/* each of these costs nothing */
static const FlowHealedRow healed_rows[] = {
    {.name = "attention/first",
     .model = "seagate-sas",
     .faults = "segment 1 sense 6/29/00",
     .size_bytes = 100000},
    {.name = "attention/middle",
     .model = "seagate-sas",
     .faults = "segment 2 sense 6/3f/16",
     .size_bytes = 100000},
    {.name = "attention/last",
     .model = "sl500",
     .faults = "segment 3 sense 6/3f/01",
     .size_bytes = 40000},
    {.name = "attention/every-segment",
     .model = "sl500",
     .faults = "segment 1 sense 6/3f/01\nsegment 3 sense 6/3f/01\nsegment 5 sense 6/3f/01\n"
	       "segment 7 sense 6/3f/01\nsegment 9 sense 6/3f/01\nsegment 11 sense 6/3f/01\n"
	       "segment 13 sense 6/3f/01\nsegment 15 sense 6/3f/01\nsegment 17 sense 6/3f/01\n"
	       "segment 19 sense 6/3f/01",
     .size_bytes = 200000},
    {.name = "attention/eight-times",
     .model = "sl500",
     .faults = "segment 2 sense 6/3f/01\nsegment 3 sense 6/3f/01\nsegment 4 sense 6/3f/01\n"
	       "segment 5 sense 6/3f/01\nsegment 6 sense 6/3f/01\nsegment 7 sense 6/3f/01\n"
	       "segment 8 sense 6/3f/01\nsegment 9 sense 6/3f/01",
     .size_bytes = 40000},
    {.name = "attention/descriptor",
     .model = "deferred-disk",
     .faults = "segment 2 sense 6/2a/01 descriptor",
     .size_bytes = 100000},
    {.name = "reset/middle",
     .model = "seagate-sas",
     .faults = "segment 3 reset",
     .size_bytes = 100000},
    {.name = "reset/last",
     .model = "deferred-disk",
     .faults = "segment 4 reset",
     .size_bytes = 100000},
    {.name = "reset/library", .model = "sl500", .faults = "segment 2 reset", .size_bytes = 40000},
    {.name = "sequence-error/middle",
     .model = "seagate-sas",
     .faults = "segment 2 sense 5/2c/00",
     .size_bytes = 100000},
    {.name = "refused-once/no-offsets",
     .model = "seagate-sas",
     .rows = "[SCSI\\VEN_SEAGATE&TYPE_00]\nFlags = ignores-offset\n",
     .faults = "segment 2 sense 5/26/00",
     .size_bytes = 100000},
    {.name = "stopped",
     .model = "seagate-sas",
     .faults = "opcode 00 1 sense 2/04/02",
     .size_bytes = 100000},
    {.name = "stopped-after-reset",
     .model = "seagate-sas",
     .faults = "segment 1 sense 6/29/00\nsegment 2 sense 2/04/02",
     .size_bytes = 100000},
    {.name = "stopped-again",
     .model = "seagate-sas",
     .faults = "segment 1 sense 2/04/02\nsegment 3 reset\nsegment 4 sense 2/04/02",
     .size_bytes = 100000},
    {.name = "no-cache",
     .model = "seagate-sas",
     .faults = "opcode 35 sense 5/20/00",
     .size_bytes = 100000},
    {.name = "cache-stopped",
     .model = "seagate-sas",
     .faults = "opcode 35 sense 2/04/02",
     .size_bytes = 100000},
    {.name = "link/no-echo",
     .model = "seagate-sas",
     .faults = "opcode 3c sense 5/20/00",
     .size_bytes = 100000},
    {.name = "link/turned-off",
     .model = "seagate-sas",
     .rows = "[SCSI\\VEN_SEAGATE&TYPE_00]\nFlags = no-link-check\n",
     .faults = "opcode 3c corrupt-echo",
     .size_bytes = 100000},
    {.name = "smaller-segments",
     .model = "seagate-sas",
     .faults = "segment 1 errno 22\nsegment 2 errno 12",
     .size_bytes = 100000},
    {.name = "busy",
     .model = "seagate-sas",
     .faults = "segment 2 status 08",
     .size_bytes = 100000,
     .slept_min_ms = 1000},
    {.name = "task-set-full",
     .model = "seagate-sas",
     .faults = "segment 2 status 28",
     .size_bytes = 100000,
     .slept_min_ms = 1000},
    {.name = "becoming-ready",
     .model = "sl500",
     .faults = "segment 2 sense 2/04/01",
     .size_bytes = 40000,
     .slept_min_ms = 1000},
    /* each has its own time, and the second is the 202nd command */
    {.name = "becoming-ready/two-segments",
     .model = "seagate-sas",
     .faults = "segment 1 not-ready 200000\nsegment 202 not-ready 200000",
     .size_bytes = 100000,
     .slept_min_ms = 400000},
    {.name = "slow",
     .model = "seagate-sas",
     .faults = "segment 2 hang 299000",
     .size_bytes = 100000},
    {.name = "auto/falls-back", .model = "seagate-sas", .rows = FLOW_AUTO, .size_bytes = 100000},
};

static void
fu_test_scsi_wb_flow_healed_func(gconstpointer user_data)
{
	const FlowHealedRow *row = user_data;
	g_autoptr(FlowBed) bed = flow_bed_new(row->model, row->rows);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", row->size_bytes);

	flow_bed_assert_enumerated(bed);
	flow_bed_set_faults(bed, row->faults);
	flow_bed_mark(bed);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	flow_bed_assert_uninterrupted(bed);
	if (fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION)) {
		flow_bed_assert_activated(bed);
	}
	flow_bed_assert_updated(bed, image, "0002");
	g_assert_cmpuint(bed->slept_ms, >=, row->slept_min_ms);
}

/* a failed activation leaves the image where it is, and a later one succeeds */
static void
fu_test_scsi_wb_flow_activate_refused_func(void)
{
	gboolean ret;
	g_autoptr(FlowBed) bed = flow_bed_new("deferred-disk", NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 50000);
	g_autoptr(GError) error = NULL;

	flow_bed_assert_enumerated(bed);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	flow_bed_set_faults(bed, "opcode 3b sense 4/44/00");
	ret = flow_bed_activate(bed, &error);
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_WRITE);
	g_assert_cmpstr(
	    error->message,
	    ==,
	    "activation, MODE 0x0f: the device failed (Hardware Error, Internal target "
	    "failure, 04/44/00): do not switch it off; update again, and call its maker if "
	    "that fails");
	g_assert_false(ret);
	g_assert_cmpstr(fu_device_get_version(bed->device), ==, "A360");

	g_clear_error(&error);
	flow_bed_set_faults(bed, NULL);
	flow_bed_assert_activated(bed);
	flow_bed_assert_updated(bed, image, "0002");
}

/* whatever becomes of the command, the device runs its new firmware in the end, and that counts */
static const FlowHealedRow activate_rows[] = {
    {.name = "attention", .faults = "opcode 3b 1 sense 6/3f/01"},
    {.name = "busy", .faults = "opcode 3b 1 status 08"},
    {.name = "reset", .faults = "opcode 3b 1 reset"},
    {.name = "power-loss", .faults = "opcode 3b 1 power-loss"},
    {.name = "hang", .faults = "opcode 3b 1 hang 400000"},
    {.name = "late-ready", .faults = "opcode 00 1 sense 2/04/01\nopcode 00 2 sense 2/04/07"},
};

static void
fu_test_scsi_wb_flow_activate_healed_func(gconstpointer user_data)
{
	const FlowHealedRow *row = user_data;
	g_autoptr(FlowBed) bed = flow_bed_new("deferred-disk", NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 50000);

	flow_bed_assert_enumerated(bed);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	flow_bed_set_faults(bed, row->faults);
	flow_bed_assert_activated(bed);
	flow_bed_assert_updated(bed, image, "0002");
	g_assert_cmpuint(wbt_target_get_activations(bed->target), ==, 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/healed", healed_rows, fu_test_scsi_wb_flow_healed_func);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/activate",
			  activate_rows,
			  fu_test_scsi_wb_flow_activate_healed_func);
	g_test_add_func("/scsi-wb/flow/activate/refused",
			fu_test_scsi_wb_flow_activate_refused_func);
	return g_test_run();
}
