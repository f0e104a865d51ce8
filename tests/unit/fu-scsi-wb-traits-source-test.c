/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-unit.h"

/* who said a number, for a report that gives the reason of each */

#define ROW	 "quirk row"
#define DEFAULT	 "default"
#define BUFFER	 "READ BUFFER descriptor"
#define EXTENDED "VPD page 86h"
#define MODE	 "MODE of the last segment"

typedef struct {
	const gchar *name;
	FuScsiWbProfile profile;
	FuScsiWbCaps caps;
	FuScsiWbTrait step_bytes;
	FuScsiWbTrait buffer_id;
	FuScsiWbTrait offset_unit_bytes;
	const gchar *activation;
} FuScsiWbTraitsSourceRow;

static const FuScsiWbTraitsSourceRow rows[] = {
    {"nobody-says-anything", {.mode = 0x07}, {0}, {1, DEFAULT}, {0, DEFAULT}, {1, DEFAULT}, MODE},
    {"device-gives-boundary",
     {.mode = 0x07},
     {.has_buffer = TRUE, .boundary_bytes = 512},
     {512, BUFFER},
     {0, DEFAULT},
     {1, DEFAULT},
     MODE},
    {"row-gives-alignment",
     {.mode = 0x07, .align_bytes = 2},
     {.has_buffer = TRUE, .boundary_bytes = 512},
     {2, ROW},
     {0, DEFAULT},
     {1, DEFAULT},
     MODE},
    {"row-gives-chunk",
     {.mode = 0x07, .chunk_bytes = 4096},
     {.has_buffer = TRUE, .boundary_bytes = 512},
     {1, DEFAULT},
     {0, DEFAULT},
     {1, DEFAULT},
     MODE},
    {"row-gives-unit-and-buffer",
     {.mode = 0x07, .chunk_bytes = 8192, .offset_unit_bytes = 4096, .buffer_id = 2},
     {0},
     {4096, ROW},
     {2, ROW},
     {4096, ROW},
     MODE},
    {"row-counts-buffers",
     {.mode = 0x05, .flags = FU_SCSI_WB_FLAG_INCREMENT_BUFFER_ID},
     {.has_buffer = TRUE, .boundary_bytes = 512},
     {1, DEFAULT},
     {0, DEFAULT},
     {1, DEFAULT},
     MODE},
    {"row-says-reboot",
     {.mode = 0x07, .flags = FU_SCSI_WB_FLAG_ACTIVATE_ON_REBOOT},
     {.activate_microcode = 2},
     {1, DEFAULT},
     {0, DEFAULT},
     {1, DEFAULT},
     ROW},
    {"device-says-after-event",
     {.mode = 0x07},
     {.activate_microcode = 2},
     {1, DEFAULT},
     {0, DEFAULT},
     {1, DEFAULT},
     EXTENDED},
    {"mode-defers",
     {.mode = 0x0e},
     {.activate_microcode = 2},
     {1, DEFAULT},
     {0, DEFAULT},
     {1, DEFAULT},
     MODE},
};

static void
fu_test_scsi_wb_traits_source_check(const FuScsiWbTrait *trait, const FuScsiWbTrait *want)
{
	g_assert_cmpuint(trait->value, ==, want->value);
	g_assert_cmpstr(trait->source, ==, want->source);
}

static void
fu_test_scsi_wb_traits_source_rows_func(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		const FuScsiWbLimits limits = {0};
		FuScsiWbTraits traits;
		gboolean ret;
		g_autoptr(FuScsiWbPlan) plan = NULL;
		g_autoptr(GError) error = NULL;

		fu_scsi_wb_unit_row(rows[i].name);
		ret = fu_scsi_wb_traits_resolve(&rows[i].profile,
						&rows[i].caps,
						&limits,
						&traits,
						&error);
		g_assert_no_error(error);
		g_assert_true(ret);
		fu_test_scsi_wb_traits_source_check(&traits.step_bytes, &rows[i].step_bytes);
		fu_test_scsi_wb_traits_source_check(&traits.buffer_id, &rows[i].buffer_id);
		fu_test_scsi_wb_traits_source_check(&traits.offset_unit_bytes,
						    &rows[i].offset_unit_bytes);
		plan = fu_scsi_wb_plan_new(&rows[i].profile, &traits, 40000, &error);
		g_assert_no_error(error);
		g_assert_cmpstr(plan->activation_source, ==, rows[i].activation);
	}
}

/* a row may say what would be the default: then it is the row that says so */
static void
fu_test_scsi_wb_traits_source_zero_func(void)
{
	FuScsiWbProfile profile = {.mode = 0x07};
	const FuScsiWbCaps caps = {0};
	const FuScsiWbLimits limits = {0};
	const FuScsiWbTrait want = {0, ROW};
	FuScsiWbTraits traits;

	g_assert_true(fu_scsi_wb_profile_set_kv(&profile, "ScsiWbBufferId", "0", NULL));
	g_assert_true(fu_scsi_wb_traits_resolve(&profile, &caps, &limits, &traits, NULL));
	fu_test_scsi_wb_traits_source_check(&traits.buffer_id, &want);
}

/* a disk in use gets nothing that resets it, not even when it refuses the mode that does not */
static void
fu_test_scsi_wb_traits_source_in_use_func(void)
{
	const FuScsiWbProfile automatic = {.mode = FU_SCSI_WB_MODE_AUTO};
	const FuScsiWbProfile plain = {.mode = 0x07};
	g_autoptr(FuScsiWbPlan) deferred = fu_scsi_wb_unit_new_plan(&automatic, 1000, NULL);
	g_autoptr(FuScsiWbPlan) immediate = fu_scsi_wb_unit_new_plan(&plain, 1000, NULL);

	g_assert_nonnull(deferred->fallback);
	g_assert_true(fu_scsi_wb_plan_limit_to_in_use(deferred));
	g_assert_null(deferred->fallback);
	g_assert_false(fu_scsi_wb_plan_limit_to_in_use(immediate));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/traits-source/rows", fu_test_scsi_wb_traits_source_rows_func);
	g_test_add_func("/scsi-wb/traits-source/zero", fu_test_scsi_wb_traits_source_zero_func);
	g_test_add_func("/scsi-wb/traits-source/in-use", fu_test_scsi_wb_traits_source_in_use_func);
	return g_test_run();
}
