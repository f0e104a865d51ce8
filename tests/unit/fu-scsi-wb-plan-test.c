/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-plan.h"
#include "fu-scsi-wb-unit.h"

typedef struct {
	const gchar *name;
	FuScsiWbProfile profile;
	gsize image_bytes;
	const gchar *want; /* for each segment: MODE/specific#ID@OFFSET image offset+length */
} FuScsiWbPlanTestRow;

static gchar *
fu_test_scsi_wb_plan_to_golden(const FuScsiWbPlan *plan)
{
	GString *str = g_string_new(NULL);

	for (guint i = 0; i < plan->segments->len; i++) {
		const FuScsiWbSegment *segment = &g_array_index(plan->segments, FuScsiWbSegment, i);
		g_string_append_printf(str,
				       "%s%02x/%u#%u@%u %" G_GSIZE_FORMAT "+%" G_GSIZE_FORMAT,
				       i > 0 ? ", " : "",
				       segment->mode,
				       segment->mode_specific,
				       segment->buffer_id,
				       segment->buffer_offset,
				       segment->image_offset_bytes,
				       segment->length_bytes);
	}
	return g_string_free(str, FALSE);
}

static FuScsiWbPlan *
fu_test_scsi_wb_plan_make(const FuScsiWbProfile *profile, gsize image_bytes)
{
	g_autoptr(FuScsiWbPlan) plan = NULL;
	g_autoptr(GError) error = NULL;

	plan = fu_scsi_wb_unit_new_plan(profile, image_bytes, &error);
	g_assert_no_error(error);
	g_assert_nonnull(plan);
	g_assert_cmpuint(plan->image_bytes, ==, image_bytes);
	return g_steal_pointer(&plan);
}

static void
fu_test_scsi_wb_plan_check_rows(const FuScsiWbPlanTestRow *rows, guint rows_len)
{
	for (guint i = 0; i < rows_len; i++) {
		g_autoptr(FuScsiWbPlan) plan = NULL;
		g_autofree gchar *golden = NULL;

		fu_scsi_wb_unit_row(rows[i].name);
		plan = fu_test_scsi_wb_plan_make(&rows[i].profile, rows[i].image_bytes);
		golden = fu_test_scsi_wb_plan_to_golden(plan);
		g_assert_cmpstr(golden, ==, rows[i].want);
		g_assert_null(plan->fallback);
	}
}

static void
fu_test_scsi_wb_plan_chunk_loop_func(void)
{
	const FuScsiWbProfile profile = {.mode = 0x07, .chunk_bytes = 8};
	const FuScsiWbProfile one = {.mode = 0x07, .chunk_bytes = 1};
	const FuScsiWbProfile plain = {.mode = 0x07};
	const FuScsiWbPlanTestRow rows[] = {
	    {"1", profile, 1, "07/0#0@0 0+1"},
	    {"chunk - 1", profile, 7, "07/0#0@0 0+7"},
	    {"chunk", profile, 8, "07/0#0@0 0+8"},
	    {"chunk + 1", profile, 9, "07/0#0@0 0+8, 07/0#0@8 8+1"},
	    {"prime", profile, 23, "07/0#0@0 0+8, 07/0#0@8 8+8, 07/0#0@16 16+7"},
	    {"3 chunks", profile, 24, "07/0#0@0 0+8, 07/0#0@8 8+8, 07/0#0@16 16+8"},
	    {"chunk of 1", one, 3, "07/0#0@0 0+1, 07/0#0@1 1+1, 07/0#0@2 2+1"},
	    {"default chunk", plain, 32768, "07/0#0@0 0+32768"},
	    {"default chunk + 1", plain, 32769, "07/0#0@0 0+32768, 07/0#0@32768 32768+1"},
	};
	fu_test_scsi_wb_plan_check_rows(rows, G_N_ELEMENTS(rows));
}

static void
fu_test_scsi_wb_plan_mode_last_func(void)
{
	const FuScsiWbProfile profile = {.mode = 0x06, .mode_last = 0x07, .chunk_bytes = 8};
	const FuScsiWbProfile events = {.mode = 0x0d, .mode_specific = 5, .chunk_bytes = 8};
	const FuScsiWbPlanTestRow rows[] = {
	    {"one segment is the last", profile, 1, "07/0#0@0 0+1"},
	    {"chunk", profile, 8, "07/0#0@0 0+8"},
	    {"chunk + 1", profile, 9, "06/0#0@0 0+8, 07/0#0@8 8+1"},
	    {"3 chunks", profile, 24, "06/0#0@0 0+8, 06/0#0@8 8+8, 07/0#0@16 16+8"},
	    {"events in each", events, 17, "0d/5#0@0 0+8, 0d/5#0@8 8+8, 0d/5#0@16 16+1"},
	};
	fu_test_scsi_wb_plan_check_rows(rows, G_N_ELEMENTS(rows));
}

static void
fu_test_scsi_wb_plan_single_command_func(void)
{
	const FuScsiWbProfile profile = {
	    .mode = 0x05,
	    .buffer_id = 1,
	    .flags = FU_SCSI_WB_FLAG_SINGLE_COMMAND,
	};
	const FuScsiWbPlanTestRow rows[] = {
	    {"1", profile, 1, "05/0#1@0 0+1"},
	    {"more than a default chunk", profile, 32769, "05/0#1@0 0+32769"},
	    {"1 MiB", profile, 1048576, "05/0#1@0 0+1048576"},
	};
	fu_test_scsi_wb_plan_check_rows(rows, G_N_ELEMENTS(rows));
}

static void
fu_test_scsi_wb_plan_exact_chunk_func(void)
{
	const FuScsiWbProfile profile = {
	    .mode = 0x06,
	    .mode_last = 0x07,
	    .chunk_bytes = 262144,
	    .flags = FU_SCSI_WB_FLAG_EXACT_CHUNK,
	};
	const FuScsiWbPlanTestRow rows[] = {
	    {"chunk - 1", profile, 262143, "07/0#0@0 0+262143"},
	    {"chunk", profile, 262144, "07/0#0@0 0+262144"},
	    {"chunk + 1", profile, 262145, "06/0#0@0 0+262144, 07/0#0@262144 262144+1"},
	};
	fu_test_scsi_wb_plan_check_rows(rows, G_N_ELEMENTS(rows));
}

static void
fu_test_scsi_wb_plan_increment_buffer_id_func(void)
{
	const FuScsiWbProfile zero = {
	    .mode = 0x07,
	    .chunk_bytes = 8,
	    .flags = FU_SCSI_WB_FLAG_INCREMENT_BUFFER_ID,
	};
	const FuScsiWbProfile two = {
	    .mode = 0x05,
	    .chunk_bytes = 8,
	    .buffer_id = 2,
	    .flags = FU_SCSI_WB_FLAG_INCREMENT_BUFFER_ID | FU_SCSI_WB_FLAG_FIXED_OFFSET,
	};
	const FuScsiWbPlanTestRow rows[] = {
	    {"one", zero, 8, "07/0#0@0 0+8"},
	    {"from 0", zero, 17, "07/0#0@0 0+8, 07/0#1@0 8+8, 07/0#2@0 16+1"},
	    {"from 2", two, 24, "05/0#2@0 0+8, 05/0#3@0 8+8, 05/0#4@0 16+8"},
	};
	fu_test_scsi_wb_plan_check_rows(rows, G_N_ELEMENTS(rows));
}

static void
fu_test_scsi_wb_plan_offsets_func(void)
{
	const FuScsiWbProfile fixed = {
	    .mode = 0x05,
	    .chunk_bytes = 8,
	    .flags = FU_SCSI_WB_FLAG_FIXED_OFFSET,
	};
	const FuScsiWbProfile unit = {.mode = 0x07, .chunk_bytes = 8, .offset_unit_bytes = 4};
	const FuScsiWbProfile mega = {
	    .mode = 0x05,
	    .chunk_bytes = 0x100000,
	    .offset_unit_bytes = 0x100000,
	};
	const FuScsiWbPlanTestRow rows[] = {
	    {"fixed", fixed, 17, "05/0#0@0 0+8, 05/0#0@0 8+8, 05/0#0@0 16+1"},
	    {"unit half a chunk", unit, 17, "07/0#0@0 0+8, 07/0#0@2 8+8, 07/0#0@4 16+1"},
	    {"unit of 1 MiB",
	     mega,
	     0x200005,
	     "05/0#0@0 0+1048576, 05/0#0@1 1048576+1048576, 05/0#0@2 2097152+5"},
	};
	fu_test_scsi_wb_plan_check_rows(rows, G_N_ELEMENTS(rows));
}

/* the command without data is the last one, so every other one keeps the first mode */
static void
fu_test_scsi_wb_plan_commit_zero_length_func(void)
{
	const FuScsiWbProfile profile = {
	    .mode = 0x04,
	    .mode_last = 0x05,
	    .chunk_bytes = 8,
	    .buffer_id = 3,
	    .flags = FU_SCSI_WB_FLAG_COMMIT_ZERO_LENGTH,
	};
	const FuScsiWbProfile events = {
	    .mode = 0x0d,
	    .mode_specific = 4,
	    .chunk_bytes = 8,
	    .flags = FU_SCSI_WB_FLAG_COMMIT_ZERO_LENGTH,
	};
	const FuScsiWbPlanTestRow rows[] = {
	    {"1", profile, 1, "04/0#3@0 0+1, 05/0#3@0 1+0"},
	    {"chunk", profile, 8, "04/0#3@0 0+8, 05/0#3@0 8+0"},
	    {"chunk + 1", profile, 9, "04/0#3@0 0+8, 04/0#3@8 8+1, 05/0#3@0 9+0"},
	    {"events", events, 8, "0d/4#0@0 0+8, 0d/4#0@0 8+0"},
	};
	fu_test_scsi_wb_plan_check_rows(rows, G_N_ELEMENTS(rows));
}

static void
fu_test_scsi_wb_plan_align_func(void)
{
	const FuScsiWbProfile frame = {.mode = 0x05, .align_bytes = 1030};
	const FuScsiWbProfile large = {.mode = 0x05, .align_bytes = 40000};
	const FuScsiWbProfile both = {.mode = 0x05, .align_bytes = 4, .chunk_bytes = 12};
	const FuScsiWbPlanTestRow rows[] = {
	    {"default chunk cut to fit", frame, 32960, "05/0#0@0 0+31930, 05/0#0@31930 31930+1030"},
	    {"larger than the default chunk",
	     large,
	     80000,
	     "05/0#0@0 0+40000, 05/0#0@40000 40000+40000"},
	    {"short last segment", both, 16, "05/0#0@0 0+12, 05/0#0@12 12+4"},
	};
	fu_test_scsi_wb_plan_check_rows(rows, G_N_ELEMENTS(rows));
}

static void
fu_test_scsi_wb_plan_timeout_func(void)
{
	const struct {
		const gchar *name;
		guint32 timeout_s;
		guint32 timeout_last_s;
		guint want_ms;
		guint want_last_ms;
	} rows[] = {
	    {"defaults", 0, 0, 300000, 300000},
	    {"short, so the last one stays long", 60, 0, 60000, 300000},
	    {"long, so the last one is too", 600, 0, 600000, 600000},
	    {"both", 60, 30, 60000, 30000},
	    {"last alone", 0, 30, 300000, 30000},
	    {"a day", 86400, 86400, 86400000, 86400000},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		const FuScsiWbProfile profile = {
		    .mode = 0x0e,
		    .chunk_bytes = 8,
		    .timeout_s = rows[i].timeout_s,
		    .timeout_last_s = rows[i].timeout_last_s,
		};
		const FuScsiWbSegment *segments;
		g_autoptr(FuScsiWbPlan) plan = NULL;

		fu_scsi_wb_unit_row(rows[i].name);
		plan = fu_test_scsi_wb_plan_make(&profile, 24);
		segments = &g_array_index(plan->segments, FuScsiWbSegment, 0);
		g_assert_cmpuint(segments[0].timeout_ms, ==, rows[i].want_ms);
		g_assert_cmpuint(segments[1].timeout_ms, ==, rows[i].want_ms);
		g_assert_cmpuint(segments[2].timeout_ms, ==, rows[i].want_last_ms);
		g_assert_cmpuint(plan->activate.timeout_ms, ==, rows[i].want_last_ms);
		g_assert_cmpuint(plan->wait_ms, ==, rows[i].want_last_ms);
	}
}

static void
fu_test_scsi_wb_plan_activation_func(void)
{
	const FuScsiWbFlags reboot = FU_SCSI_WB_FLAG_ACTIVATE_ON_REBOOT;
	const FuScsiWbFlags power = FU_SCSI_WB_FLAG_ACTIVATE_ON_POWER_CYCLE;
	const struct {
		const gchar *name;
		FuScsiWbProfile profile;
		FuScsiWbActivation want;
	} rows[] = {
	    {"04", {.mode = 0x04}, FU_SCSI_WB_ACTIVATION_IMMEDIATE},
	    {"05", {.mode = 0x05}, FU_SCSI_WB_ACTIVATION_IMMEDIATE},
	    {"06", {.mode = 0x06}, FU_SCSI_WB_ACTIVATION_IMMEDIATE},
	    {"07", {.mode = 0x07}, FU_SCSI_WB_ACTIVATION_IMMEDIATE},
	    {"0d", {.mode = 0x0d}, FU_SCSI_WB_ACTIVATION_COMMAND},
	    {"0e", {.mode = 0x0e}, FU_SCSI_WB_ACTIVATION_COMMAND},
	    {"the last mode decides",
	     {.mode = 0x06, .mode_last = 0x0e},
	     FU_SCSI_WB_ACTIVATION_COMMAND},
	    {"and not the first",
	     {.mode = 0x0e, .mode_last = 0x07},
	     FU_SCSI_WB_ACTIVATION_IMMEDIATE},
	    {"07, reboot", {.mode = 0x07, .flags = reboot}, FU_SCSI_WB_ACTIVATION_REBOOT},
	    {"0e, reboot", {.mode = 0x0e, .flags = reboot}, FU_SCSI_WB_ACTIVATION_REBOOT},
	    {"0e, power", {.mode = 0x0e, .flags = power}, FU_SCSI_WB_ACTIVATION_POWER_CYCLE},
	    {"05, power", {.mode = 0x05, .flags = power}, FU_SCSI_WB_ACTIVATION_POWER_CYCLE},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(FuScsiWbPlan) plan = NULL;

		fu_scsi_wb_unit_row(rows[i].name);
		plan = fu_test_scsi_wb_plan_make(&rows[i].profile, 32769);
		g_assert_cmpstr(fu_scsi_wb_activation_to_string(plan->activation),
				==,
				fu_scsi_wb_activation_to_string(rows[i].want));
	}
}

static void
fu_test_scsi_wb_plan_string_func(void)
{
	const FuScsiWbProfile profile = {.mode = 0x06, .mode_last = 0x07, .chunk_bytes = 8};
	g_autoptr(FuScsiWbPlan) plan = fu_test_scsi_wb_plan_make(&profile, 9);
	g_autofree gchar *str = fu_scsi_wb_plan_to_string(plan);

	g_assert_cmpstr(str,
			==,
			"9 bytes in 2 segments of up to 8 bytes, MODE 0x06, last 0x07, "
			"activation immediate");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/plan/chunk/loop", fu_test_scsi_wb_plan_chunk_loop_func);
	g_test_add_func("/scsi-wb/plan/mode/last", fu_test_scsi_wb_plan_mode_last_func);
	g_test_add_func("/scsi-wb/plan/single/command", fu_test_scsi_wb_plan_single_command_func);
	g_test_add_func("/scsi-wb/plan/exact/chunk", fu_test_scsi_wb_plan_exact_chunk_func);
	g_test_add_func("/scsi-wb/plan/increment/buffer-id",
			fu_test_scsi_wb_plan_increment_buffer_id_func);
	g_test_add_func("/scsi-wb/plan/offsets", fu_test_scsi_wb_plan_offsets_func);
	g_test_add_func("/scsi-wb/plan/commit/zero-length",
			fu_test_scsi_wb_plan_commit_zero_length_func);
	g_test_add_func("/scsi-wb/plan/align", fu_test_scsi_wb_plan_align_func);
	g_test_add_func("/scsi-wb/plan/timeout", fu_test_scsi_wb_plan_timeout_func);
	g_test_add_func("/scsi-wb/plan/activation", fu_test_scsi_wb_plan_activation_func);
	g_test_add_func("/scsi-wb/plan/string", fu_test_scsi_wb_plan_string_func);
	return g_test_run();
}
