/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-plan.h"
#include "fu-scsi-wb-unit.h"

/* plans for devices that say something of themselves */

#define DEFERRED                                                                                   \
	{                                                                                          \
		.mode = 0x0e, .mode_last = 0x0e, .activation = FU_SCSI_WB_ACTIVATION_COMMAND,      \
		.activation_source = "page"                                                        \
	}
#define IMMEDIATE                                                                                  \
	{                                                                                          \
		.mode = 0x07, .mode_last = 0x07, .activation = FU_SCSI_WB_ACTIVATION_IMMEDIATE,    \
		.activation_source = "mode"                                                        \
	}

static FuScsiWbTraits
fu_test_scsi_wb_plan_traits_new(gsize chunk_bytes)
{
	return (FuScsiWbTraits){
	    .ways = {DEFERRED, IMMEDIATE},
	    .n_ways = 2,
	    .chunk_bytes = {chunk_bytes, "row"},
	    .chunk_max_bytes = {4096, "adapter"},
	    .capacity_bytes = {0, "descriptor"},
	    .timeout_s = {1, "row"},
	    .timeout_last_s = {2, "row"},
	    .activation_deferred = FU_SCSI_WB_ACTIVATION_REBOOT,
	};
}

#define ONE_COMMAND                                                                                \
	"the device takes an image only in one command (descriptor), and this one is too large "   \
	"for that: use a host adapter that carries more in one command"

static void
fu_test_scsi_wb_plan_traits_size_func(void)
{
	const struct {
		const gchar *name;
		gsize capacity_bytes;
		gboolean only_offset_zero;
		guint32 chunk_bytes; /* of the quirk row */
		gsize image_bytes;
		gsize want_bytes; /* of the first of the segments, 0 if there is no plan */
		guint want_segments;
		FwupdError code; /* with @message */
		const gchar *message;
	} rows[] = {
	    {"fills the buffer", 1000, FALSE, 0, 1000, 512, 2, 0, NULL},
	    {"one byte more",
	     1000,
	     FALSE,
	     0,
	     1001,
	     0,
	     0,
	     FWUPD_ERROR_INVALID_FILE,
	     "the image has 1001 bytes, but the device's buffer only 1000 (descriptor): it is made "
	     "for another device"},
	    {"one command, what fits", 0, TRUE, 0, 4096, 4096, 1, 0, NULL},
	    {"one command, more", 0, TRUE, 0, 4097, 0, 0, FWUPD_ERROR_NOT_SUPPORTED, ONE_COMMAND},
	    {"one command, the row's size", 0, TRUE, 512, 512, 512, 1, 0, NULL},
	    {"one command, more than that",
	     0,
	     TRUE,
	     512,
	     513,
	     0,
	     0,
	     FWUPD_ERROR_NOT_SUPPORTED,
	     ONE_COMMAND},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		const FuScsiWbProfile profile = {.chunk_bytes = rows[i].chunk_bytes};
		FuScsiWbTraits traits = fu_test_scsi_wb_plan_traits_new(512);
		g_autoptr(FuScsiWbPlan) plan = NULL;
		g_autoptr(GError) error = NULL;

		fu_scsi_wb_unit_row(rows[i].name);
		traits.capacity_bytes.value = rows[i].capacity_bytes;
		traits.only_offset_zero = rows[i].only_offset_zero;
		plan = fu_scsi_wb_plan_new(&profile, &traits, rows[i].image_bytes, &error);
		if (rows[i].message != NULL) {
			fu_scsi_wb_unit_assert_error(error, rows[i].code, rows[i].message);
			g_assert_null(plan);
			continue;
		}
		g_assert_no_error(error);
		g_assert_cmpuint(plan->segments->len, ==, rows[i].want_segments);
		g_assert_cmpuint(fu_scsi_wb_plan_get_transfer_bytes(plan), ==, rows[i].want_bytes);
	}
}

static void
fu_test_scsi_wb_plan_traits_copied_func(void)
{
	const struct {
		const gchar *name;
		FuScsiWbFlags flags;
		gboolean want; /* no offset tells where a segment belongs */
	} rows[] = {
	    {"none", 0, FALSE},
	    {"ignored", FU_SCSI_WB_FLAG_IGNORES_OFFSET, TRUE},
	    {"fixed", FU_SCSI_WB_FLAG_FIXED_OFFSET, TRUE},
	    {"both", FU_SCSI_WB_FLAG_IGNORES_OFFSET | FU_SCSI_WB_FLAG_FIXED_OFFSET, TRUE},
	    {"another flag", FU_SCSI_WB_FLAG_COMMIT_ZERO_LENGTH, FALSE},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		const FuScsiWbProfile profile = {.flags = rows[i].flags};
		const FuScsiWbTraits traits = fu_test_scsi_wb_plan_traits_new(512);
		g_autoptr(FuScsiWbPlan) plan = NULL;
		g_autoptr(GError) error = NULL;

		fu_scsi_wb_unit_row(rows[i].name);
		plan = fu_scsi_wb_plan_new(&profile, &traits, 513, &error);
		g_assert_no_error(error);
		g_assert_cmpint(plan->is_unaddressed, ==, rows[i].want);
		g_assert_cmpstr(plan->activation_source, ==, "page");
		g_assert_cmpint(plan->activation_deferred, ==, FU_SCSI_WB_ACTIVATION_REBOOT);
	}
}

/* a disk in use: what activates at once is out of the question, also as the second choice */
static void
fu_test_scsi_wb_plan_traits_in_use_func(void)
{
	const FuScsiWbProfile profile = {0};
	FuScsiWbTraits traits = fu_test_scsi_wb_plan_traits_new(512);
	g_autoptr(FuScsiWbPlan) deferred = fu_scsi_wb_plan_new(&profile, &traits, 1, NULL);
	g_autoptr(FuScsiWbPlan) immediate = NULL;

	g_assert_nonnull(deferred->fallback);
	g_assert_true(fu_scsi_wb_plan_limit_to_in_use(deferred));
	g_assert_null(deferred->fallback);

	traits.ways[0] = traits.ways[1];
	immediate = fu_scsi_wb_plan_new(&profile, &traits, 1, NULL);
	g_assert_false(fu_scsi_wb_plan_limit_to_in_use(immediate));
	g_assert_nonnull(immediate->fallback);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/plan/traits/size", fu_test_scsi_wb_plan_traits_size_func);
	g_test_add_func("/scsi-wb/plan/traits/copied", fu_test_scsi_wb_plan_traits_copied_func);
	g_test_add_func("/scsi-wb/plan/traits/in-use", fu_test_scsi_wb_plan_traits_in_use_func);
	return g_test_run();
}
