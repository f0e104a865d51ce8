/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-command.h"
#include "fu-scsi-wb-unit.h"

typedef struct {
	const gchar *name;
	FuScsiWbProfile profile;
	gsize image_bytes;
	const gchar *want[4]; /* the CDB of each segment, 10 bytes in hex; ends with NULL */
} FuScsiWbPlanTestCdbs;

static void
fu_test_scsi_wb_plan_check_cdb(const FuScsiWbSegment *segment, const gchar *want)
{
	g_autoptr(GByteArray) cdb = fu_scsi_wb_command_encode_write_buffer(segment);
	g_autofree gchar *hex = fu_scsi_wb_unit_hex(cdb->data, cdb->len);

	g_assert_cmpuint(cdb->len, ==, 10);
	g_assert_cmpstr(hex, ==, want);
}

static void
fu_test_scsi_wb_plan_check_cdbs(const FuScsiWbPlanTestCdbs *rows, guint rows_len)
{
	for (guint i = 0; i < rows_len; i++) {
		g_autoptr(FuScsiWbPlan) plan = NULL;
		g_autoptr(GError) error = NULL;

		fu_scsi_wb_unit_row(rows[i].name);
		plan = fu_scsi_wb_unit_new_plan(&rows[i].profile, rows[i].image_bytes, &error);
		g_assert_no_error(error);
		g_assert_nonnull(plan);
		for (guint j = 0; j < plan->segments->len; j++) {
			g_assert_nonnull(rows[i].want[j]);
			fu_test_scsi_wb_plan_check_cdb(
			    &g_array_index(plan->segments, FuScsiWbSegment, j),
			    rows[i].want[j]);
		}
		g_assert_null(rows[i].want[plan->segments->len]);
	}
}

static const FuScsiWbPlanTestCdbs plan_cdb_makers_rows[] = {
    /* StorageTek SL500 Interface Reference Manual 96122, rev. F: 06h but for the last, 07h
     * last, BUFFER ID 0, offset ignored, at most 16,384 bytes, even */
    {"StorageTek SL500",
     {.mode = 0x06,
      .mode_last = 0x07,
      .chunk_bytes = 16384,
      .align_bytes = 2,
      .flags = FU_SCSI_WB_FLAG_FIXED_OFFSET},
     32770,
     {"3b060000000000400000", "3b060000000000400000", "3b070000000000000200", NULL}},
    /* SCSI Commands Reference Manual, Seagate 100293068, Rev. J: offsets and save */
    {"Seagate",
     {.mode = 0x07},
     70000,
     {"3b070000000000800000", "3b070000800000800000", "3b070001000000117000", NULL}},
    {"deferred",
     {.mode = 0x0e, .chunk_bytes = 0x10000},
     0x10001,
     {"3b0e0000000001000000", "3b0e0001000000000100", NULL}},
    {"events: power on in bit 7",
     {.mode = 0x0d, .mode_specific = 4, .chunk_bytes = 0x10000},
     0x10001,
     {"3b8d0000000001000000", "3b8d0001000000000100", NULL}},
    {"HP library interface manager",
     {.mode = 0x06, .mode_last = 0x07, .buffer_id = 0xfa, .chunk_bytes = 0x10000},
     0x10200,
     {"3b06fa00000001000000", "3b07fa01000000020000", NULL}},
    {"IBM library, offsets in MiB",
     {.mode = 0x07, .chunk_bytes = 0x100000, .offset_unit_bytes = 0x100000},
     0x200001,
     {"3b070000000010000000", "3b070000000110000000", "3b070000000200000100", NULL}},
    {"HP LTO-5, then commit",
     {.mode = 0x04,
      .mode_last = 0x05,
      .chunk_bytes = 4096,
      .flags = FU_SCSI_WB_FLAG_COMMIT_ZERO_LENGTH},
     4097,
     {"3b040000000000100000", "3b040000100000000100", "3b050000000000000000", NULL}},
    {"HGST, buffers",
     {.mode = 0x07, .chunk_bytes = 4096, .flags = FU_SCSI_WB_FLAG_INCREMENT_BUFFER_ID},
     8193,
     {"3b070000000000100000", "3b070100000000100000", "3b070200000000000100", NULL}},
    {"all of the length field",
     {.mode = 0x05, .flags = FU_SCSI_WB_FLAG_SINGLE_COMMAND},
     0xffffff,
     {"3b0500000000ffffff00", NULL}},
};

static void
fu_test_scsi_wb_plan_cdb_makers_func(void)
{
	fu_test_scsi_wb_plan_check_cdbs(plan_cdb_makers_rows, G_N_ELEMENTS(plan_cdb_makers_rows));
}

/* no field leaks into its neighbour */
static void
fu_test_scsi_wb_plan_cdb_fields_func(void)
{
	const struct {
		const gchar *name;
		FuScsiWbSegment segment;
		const gchar *want;
	} rows[] = {
	    {"nothing", {.mode = 0}, "3b000000000000000000"},
	    {"mode", {.mode = 0x1f}, "3b1f0000000000000000"},
	    {"specific", {.mode_specific = 7}, "3be00000000000000000"},
	    {"id", {.buffer_id = 0xff}, "3b00ff00000000000000"},
	    {"offset", {.buffer_offset = 0xffffff}, "3b0000ffffff00000000"},
	    {"offset bytes", {.buffer_offset = 0x123456}, "3b000012345600000000"},
	    {"length", {.length_bytes = 0xffffff}, "3b0000000000ffffff00"},
	    {"length bytes", {.length_bytes = 0x123456}, "3b000000000012345600"},
	    {"place in the image stays here", {.image_offset_bytes = 5}, "3b000000000000000000"},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		fu_scsi_wb_unit_row(rows[i].name);
		fu_test_scsi_wb_plan_check_cdb(&rows[i].segment, rows[i].want);
	}
}

/* SPC-4 (INCITS 513): ACTIVATE DEFERRED MICROCODE has only a MODE, whatever the segments had */
static void
fu_test_scsi_wb_plan_cdb_activate_func(void)
{
	const FuScsiWbProfile profile = {
	    .mode = 0x0d,
	    .mode_specific = 5,
	    .buffer_id = 3,
	    .chunk_bytes = 8,
	    .offset_unit_bytes = 8,
	};
	g_autoptr(FuScsiWbPlan) plan = NULL;
	g_autoptr(GError) error = NULL;

	plan = fu_scsi_wb_unit_new_plan(&profile, 17, &error);
	g_assert_no_error(error);
	g_assert_nonnull(plan);
	fu_test_scsi_wb_plan_check_cdb(&plan->activate, "3b0f0000000000000000");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/plan/cdb/makers", fu_test_scsi_wb_plan_cdb_makers_func);
	g_test_add_func("/scsi-wb/plan/cdb/fields", fu_test_scsi_wb_plan_cdb_fields_func);
	g_test_add_func("/scsi-wb/plan/cdb/activate", fu_test_scsi_wb_plan_cdb_activate_func);
	return g_test_run();
}
