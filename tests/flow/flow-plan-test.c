/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-dry.h"
#include "wbt-model.h"

/* a dry run says what the update will send, and sends none of it: for every model that there is */

/* even, for the library; it ends in the middle of a segment */
#define FLOW_IMAGE_BYTES 200002

/* a model that no row of the project names is left to itself */
static gchar *
fu_test_scsi_wb_flow_plan_get_rows(const WbtModel *model)
{
	if (g_strcmp0(model->name, "std-events") == 0)
		return g_strdup("[SCSI\\VEN_WBSTD]\nScsiWbMode = 0x0d\nScsiWbModeSpecific = 4\n");
	if (g_strcmp0(model->vendor, "WBSTD") == 0)
		return g_strdup("[SCSI\\VEN_WBSTD]\nScsiWbMode = auto\n");
	return NULL;
}

static void
fu_test_scsi_wb_flow_plan_model_func(gconstpointer user_data)
{
	const WbtModel *model = user_data;
	gboolean ret;
	g_autofree gchar *rows = fu_test_scsi_wb_flow_plan_get_rows(model);
	g_autoptr(FlowBed) bed = flow_bed_new_for_model(model, rows);
	g_autoptr(FuScsiWbDryRun) dry_run = NULL;
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", FLOW_IMAGE_BYTES);
	g_autoptr(GError) error = NULL;
	g_autoptr(GError) error_update = NULL;

	dry_run = flow_dry_run(bed, FLOW_IMAGE_BYTES, &error);
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
	g_test_add_func("/scsi-wb/flow/plan/twice", fu_test_scsi_wb_flow_plan_twice_func);
	g_test_add_func("/scsi-wb/flow/plan/fallback", fu_test_scsi_wb_flow_plan_fallback_func);
	return g_test_run();
}
