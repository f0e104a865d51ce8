/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-standard.h"

/* devices that keep to the standard need no row of their own: one that leaves everything to the
 * device does for all of them */

#define FLOW_AUTO "[SCSI\\VEN_WBSTD]\nScsiWbMode = auto\n"

#define FLOW_SIZE_BYTES	     100001
#define FLOW_SIZE_NEXT_BYTES 50001

/* every row is printed, so that the table can be read with its results */
static void
fu_test_scsi_wb_flow_standard_print(FlowBed *bed, const FlowStandardRow *row, guint commands)
{
	const gchar *ends[] = {
	    [FLOW_END_RUNS] = "runs at once",
	    [FLOW_END_ACTIVATE] = "runs after 0Fh",
	    [FLOW_END_POWER_ON] = "runs after power on",
	    [FLOW_END_RESET] = "runs after reset",
	    [FLOW_END_SHUTDOWN] = "needs shutdown, then runs",
	    [FLOW_END_ERROR] = "old image stays",
	    [FLOW_END_UNSEEN] = "runs after power on, unsaid",
	    [FLOW_END_LATE] = "runs, seen too late",
	};
	g_auto(GStrv) faults = g_strsplit(row->faults != NULL ? row->faults : "-", "\n", -1);
	g_autofree gchar *fault = g_strjoinv("; ", faults);
	const gchar *code = "-";

	if (row->message != NULL)
		code = strrchr(fwupd_error_to_string(row->code), '.') + 1;
	g_test_message("| %s | %s | %s | %s | %u | %u s | %s | %s |",
		       row->name,
		       row->model,
		       fault,
		       ends[row->end],
		       commands,
		       (guint)(bed->slept_ms / 1000),
		       code,
		       row->message != NULL ? row->message : "-");
}

static void
fu_test_scsi_wb_flow_standard_check_segments(FlowBed *bed, const FlowStandardRow *row)
{
	gsize max_bytes = 0;

	for (gsize i = bed->mark; i < wbt_target_log_count(bed->target); i++) {
		const WbtLogEntry *entry = wbt_target_log_get(bed->target, i);
		if (!flow_bed_is_segment(entry) || entry->status != WBT_STATUS_GOOD ||
		    entry->host_status != 0 || entry->data_out_bytes == 0)
			continue;
		g_assert_cmphex(entry->cdb[1] & 0x1f, ==, row->mode);
		max_bytes = MAX(max_bytes, entry->data_out_bytes);
	}
	g_assert_cmpuint(max_bytes, ==, row->chunk_bytes);
	if (row->commands > 0)
		flow_bed_assert_uninterrupted(bed);
}

/* an image that waits does so where the user can see it, and is in use after that */
static void
fu_test_scsi_wb_flow_standard_bring_into_use(FlowBed *bed, FlowEnd end)
{
	gboolean is_waiting = fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION);
	gboolean is_marked = fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_SHUTDOWN);

	g_assert_true(is_marked == (end == FLOW_END_SHUTDOWN));
	g_assert_true(is_waiting == (end == FLOW_END_ACTIVATE || end == FLOW_END_POWER_ON ||
				     end == FLOW_END_RESET));
	if (end == FLOW_END_POWER_ON || end == FLOW_END_SHUTDOWN)
		wbt_target_power_cycle(bed->target);
	if (end == FLOW_END_RESET)
		wbt_target_hard_reset(bed->target);
	if (is_waiting)
		flow_bed_assert_activated(bed);
	if (is_marked)
		flow_bed_restart_daemon(bed);
}

static void
fu_test_scsi_wb_flow_standard_assert_error(FlowBed *bed, const FlowStandardRow *row, GBytes *image)
{
	gboolean ret;
	g_autofree gchar *revision = g_strdup(wbt_target_get_revision(bed->target));
	g_autoptr(GError) error = NULL;

	ret = flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error);
	g_assert_error(error, FWUPD_ERROR, (gint)row->code);
	g_assert_cmpstr(error->message, ==, row->message);
	g_assert_false(ret);
	g_assert_cmpstr(fu_device_get_version(bed->device), ==, revision);
	g_assert_false(fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION));
	g_assert_false(fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_SHUTDOWN));
	g_assert_null(wbt_target_get_deferred(bed->target));
	if (row->end == FLOW_END_ERROR) {
		g_assert_null(wbt_target_get_committed(bed->target));
		g_assert_cmpstr(wbt_target_get_revision(bed->target), ==, revision);
	} else {
		g_assert_true(g_bytes_equal(wbt_target_get_committed(bed->target), image));
	}
}

/* the same again, with another image and nothing in its way; a device that does not tell when it
 * runs an image was seen to run one, and would end in the same error again */
static void
fu_test_scsi_wb_flow_standard_next(FlowBed *bed, const FlowStandardRow *row)
{
	FlowEnd end = row->end;
	gsize size_bytes = row->always ? FLOW_SIZE_BYTES : FLOW_SIZE_NEXT_BYTES;
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0003", size_bytes);

	flow_bed_set_faults(bed, NULL);
	if (row->end == FLOW_END_UNSEEN)
		return;
	if (row->always) {
		fu_test_scsi_wb_flow_standard_assert_error(bed, row, image);
		return;
	}
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	if (row->end == FLOW_END_RUNS || row->end == FLOW_END_ERROR || row->end == FLOW_END_LATE) {
		end = fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION)
			  ? FLOW_END_ACTIVATE
			  : FLOW_END_RUNS;
	}
	fu_test_scsi_wb_flow_standard_bring_into_use(bed, end);
	flow_bed_assert_updated(bed, image, "0003");
}

/* what an error has left behind: nothing, or an image that a power on, or time, brings into use */
static void
fu_test_scsi_wb_flow_standard_settle(FlowBed *bed, const FlowStandardRow *row, GBytes *image)
{
	if (row->end == FLOW_END_UNSEEN)
		wbt_target_power_cycle(bed->target);
	wbt_target_pass_time(bed->target, 400000);
	if (row->end == FLOW_END_ERROR)
		return;
	flow_bed_restart_daemon(bed);
	flow_bed_assert_updated(bed, image, "0002");
}

static void
fu_test_scsi_wb_flow_standard_func(gconstpointer user_data)
{
	const FlowStandardRow *row = user_data;
	guint commands;
	gsize size_bytes = row->size_bytes != 0 ? row->size_bytes : FLOW_SIZE_BYTES;
	g_autoptr(FlowBed) bed =
	    flow_bed_new(row->model, row->rows != NULL ? row->rows : FLOW_AUTO);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", size_bytes);

	flow_bed_assert_enumerated(bed);
	g_assert_cmpuint(flow_bed_count_commands(bed), ==, 1);
	flow_bed_set_faults(bed, row->faults);
	flow_bed_mark(bed);
	if (row->message != NULL) {
		fu_test_scsi_wb_flow_standard_assert_error(bed, row, image);
		fu_test_scsi_wb_flow_standard_check_segments(bed, row);
		commands = flow_bed_count_segments(bed);
		fu_test_scsi_wb_flow_standard_print(bed, row, commands);
		fu_test_scsi_wb_flow_standard_settle(bed, row, image);
	} else {
		flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
		fu_test_scsi_wb_flow_standard_check_segments(bed, row);
		fu_test_scsi_wb_flow_standard_bring_into_use(bed, row->end);
		flow_bed_assert_updated(bed, image, "0002");
		commands = flow_bed_count_segments(bed);
		fu_test_scsi_wb_flow_standard_print(bed, row, commands);
	}
	g_assert_cmpuint(commands, ==, row->commands);
	g_assert_cmpuint(bed->slept_ms, >=, row->slept_s * 1000);
	fu_test_scsi_wb_flow_standard_next(bed, row);
}

/* a device that answers every question with nonsense is treated as one that says nothing */
static void
fu_test_scsi_wb_flow_standard_liar_func(gconstpointer user_data)
{
	const gchar *faults = user_data;
	g_autoptr(FlowBed) bed = flow_bed_new("std-silent", FLOW_AUTO);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 200001);

	flow_bed_assert_enumerated(bed);
	flow_bed_set_faults(bed, faults);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	flow_bed_assert_updated(bed, image, "0002");
}

int
main(int argc, char **argv)
{
	const struct {
		const gchar *name;
		const gchar *faults;
	} liars[] = {
	    {"opcodes-busy", "opcode a3 status 08"},
	    {"opcodes-good-and-empty", "opcode a3 status 00"},
	    {"buffer-hardware-error", "opcode 3c sense 4/44/00"},
	    {"buffer-not-ready", "opcode 3c sense 2/04/01"},
	};

	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < flow_standard_n_rows; i++) {
		g_autofree gchar *name =
		    g_strdup_printf("/scsi-wb/flow/standard/%s", flow_standard_rows[i].name);
		g_test_add_data_func(name,
				     &flow_standard_rows[i],
				     fu_test_scsi_wb_flow_standard_func);
	}
	for (guint i = 0; i < G_N_ELEMENTS(liars); i++) {
		g_autofree gchar *name =
		    g_strdup_printf("/scsi-wb/flow/standard/liar/%s", liars[i].name);
		g_test_add_data_func(name,
				     liars[i].faults,
				     fu_test_scsi_wb_flow_standard_liar_func);
	}
	return g_test_run();
}
