/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <glib/gstdio.h>

#include "flow-dry.h"
#include "wbt-model.h"

/* a dry run says what the update will send, and sends none of it: for every model that there is */

/* even, for the library; it ends in the middle of a segment */
#define FLOW_IMAGE_BYTES 200002

static gsize
fu_test_scsi_wb_flow_plan_get_image_bytes(const WbtModel *model)
{
	/* a device that wants just one size of segments knows the last one by those before it */
	gsize image_bytes = MAX(FLOW_IMAGE_BYTES, model->exact_segment_bytes * 2 + 2);

	/* what is left over would be taken for a header, and not be sent */
	if (g_str_equal(model->name, "qualstar"))
		image_bytes -= image_bytes % model->segment_align_bytes;
	return image_bytes;
}

static void
fu_test_scsi_wb_flow_plan_model_func(gconstpointer user_data)
{
	const WbtModel *model = user_data;
	gsize image_bytes = fu_test_scsi_wb_flow_plan_get_image_bytes(model);
	gboolean ret;
	g_autofree gchar *rows = flow_bed_new_model_rows(model);
	g_autoptr(FlowBed) bed = flow_bed_new_for_model(model, rows);
	g_autoptr(FuScsiWbDryRun) dry_run = NULL;
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", image_bytes);
	g_autoptr(GError) error = NULL;
	g_autoptr(GError) error_update = NULL;

	dry_run = flow_dry_run(bed, image_bytes, &error);
	if (dry_run != NULL)
		flow_dry_assert_replayed(bed, dry_run);
	flow_bed_mark(bed);
	ret = flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error_update);

	/* what the dry run refuses, the update refuses in the same words; what the device does with
	 * an image that it has accepted, no plan can tell */
	if (dry_run == NULL) {
		g_assert_false(ret);
		g_assert_cmpstr(error->message, ==, error_update->message);
		return;
	}
	g_assert_true(
	    ret || g_str_has_prefix(error_update->message, "the device accepted the whole image"));
	flow_dry_assert_carried_out(bed, dry_run);
	if (!fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION))
		return;
	flow_bed_mark(bed);
	flow_bed_assert_activated(bed);
	flow_dry_assert_activated(bed, dry_run);
}

/* a dry run changes nothing, and an update after it has nothing left to be told by it: not even the
 * attention of a device that was just switched on costs a segment more than it would have */
static void
fu_test_scsi_wb_flow_plan_twice_func(void)
{
	g_autoptr(FlowBed) bed = flow_bed_new("seagate-sas", NULL);
	g_autoptr(FuScsiWbDryRun) first = flow_dry_run(bed, 1000, NULL);
	g_autoptr(FuScsiWbDryRun) second = flow_dry_run(bed, 1000, NULL);

	g_assert_nonnull(first);
	g_assert_nonnull(second);
	g_assert_cmpstr(wbt_target_get_state(bed->target), ==, "idle");
	g_assert_cmpuint(wbt_target_get_partial_bytes(bed->target), ==, 0);
	g_assert_cmpuint(wbt_target_get_saves(bed->target), ==, 0);
	flow_bed_assert_untouched(bed);
}

/* the device refuses the first mode: the update goes the way that the plan had as its fallback */
static void
fu_test_scsi_wb_flow_plan_fallback_func(void)
{
	g_autoptr(FlowBed) bed =
	    flow_bed_new("std-silent", "[SCSI\\VEN_WBSTD]\nScsiWbMode = auto\n");
	g_autoptr(FuScsiWbDryRun) dry_run = flow_dry_run(bed, FLOW_IMAGE_BYTES, NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", FLOW_IMAGE_BYTES);

	g_assert_nonnull(dry_run);
	g_assert_nonnull(dry_run->plan->fallback);
	flow_bed_mark(bed);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	flow_dry_assert_carried_out(bed, dry_run);
	g_assert_cmphex(wbt_target_log_get(bed->target, bed->mark)->cdb[0], !=, 0x3b);
	g_assert_cmpuint(flow_bed_count_segments(bed), >, dry_run->plan->segments->len);
}

typedef struct {
	const gchar *name;
	const gchar *model;
	const gchar *rows;
	gboolean is_refused;
	gboolean has_fallback;
} FlowPlanUsageRow;

static const FlowPlanUsageRow usage_rows[] = {
    {"resets", "seagate-sas", NULL, TRUE, FALSE},
    {"allowed", "seagate-sas", "[SCSI\\VEN_SEAGATE&TYPE_00]\nFlags = allow-in-use\n", FALSE, FALSE},
    {"deferred", "std-deferred", "[SCSI\\VEN_WBSTD]\nScsiWbMode = auto\n", FALSE, FALSE},
    {"deferred-and-allowed",
     "std-deferred",
     "[SCSI\\VEN_WBSTD]\nScsiWbMode = auto\nFlags = allow-in-use\n",
     FALSE,
     TRUE},
};

/* a disk in use: the dry run shows the plan with the words in which the update refuses it, or the
 * plan without what would reset the disk */
static void
fu_test_scsi_wb_flow_plan_usage_func(gconstpointer user_data)
{
	const FlowPlanUsageRow *row = user_data;
	gboolean ret;
	g_autoptr(FlowBed) bed = flow_bed_new(row->model, row->rows);
	g_autoptr(FuScsiWbDryRun) dry_run = NULL;
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", FLOW_IMAGE_BYTES);
	g_autoptr(GError) error = NULL;
	g_autofree gchar *holder =
	    g_build_filename(bed->unit_dir, "block", "sda", "holders", "dm-0", NULL);

	g_assert_cmpint(g_mkdir_with_parents(holder, 0755), ==, 0);
	dry_run = flow_dry_run(bed, FLOW_IMAGE_BYTES, NULL);
	g_assert_nonnull(dry_run);
	g_assert_cmpstr(dry_run->usage, ==, "sda is part of dm-0");
	g_assert_cmpint(dry_run->refusal != NULL, ==, row->is_refused);
	g_assert_cmpint(dry_run->plan->fallback != NULL, ==, row->has_fallback);
	flow_bed_mark(bed);
	ret = flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error);
	g_assert_cmpint(ret, ==, !row->is_refused);
	if (ret) {
		flow_dry_assert_carried_out(bed, dry_run);
		return;
	}
	g_assert_cmpstr(error->message, ==, dry_run->refusal);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < wbt_model_count(); i++) {
		const WbtModel *model = wbt_model_get(i);
		g_autofree gchar *name =
		    g_strdup_printf("/scsi-wb/flow/plan/model/%s", wbt_model_name(model));
		g_test_add_data_func(name, model, fu_test_scsi_wb_flow_plan_model_func);
	}
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/plan/usage",
			  usage_rows,
			  fu_test_scsi_wb_flow_plan_usage_func);
	g_test_add_func("/scsi-wb/flow/plan/twice", fu_test_scsi_wb_flow_plan_twice_func);
	g_test_add_func("/scsi-wb/flow/plan/fallback", fu_test_scsi_wb_flow_plan_fallback_func);
	return g_test_run();
}
