/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-profile.h"
#include "fu-scsi-wb-unit.h"

typedef struct {
	const gchar *name;
	FuScsiWbProfile profile;
	const gchar *message; /* NULL if the row makes sense */
} FuScsiWbProfileTestRow;

static void
fu_test_scsi_wb_profile_check_rows(const FuScsiWbProfileTestRow *rows, guint rows_len)
{
	for (guint i = 0; i < rows_len; i++) {
		gboolean ret;
		g_autoptr(GError) error = NULL;
		g_autofree gchar *message = NULL;

		fu_scsi_wb_unit_row(rows[i].name);
		ret = fu_scsi_wb_profile_validate(&rows[i].profile, &error);
		if (rows[i].message == NULL) {
			g_assert_no_error(error);
			g_assert_true(ret);
			continue;
		}
		message = g_strdup_printf("quirk row cannot work: %s", rows[i].message);
		fu_scsi_wb_unit_assert_error(error, FWUPD_ERROR_INVALID_DATA, message);
		g_assert_false(ret);
	}
}

static void
fu_test_scsi_wb_profile_validate_auto_func(void)
{
	const FuScsiWbProfileTestRow rows[] = {
	    {"nothing but auto", {.mode = 0}, NULL},
	    {"auto, chunk", {.mode = 0, .chunk_bytes = 4096}, NULL},
	    {"auto, last",
	     {.mode = 0, .mode_last = 7},
	     "ScsiWbModeLast needs a ScsiWbMode other than auto"},
	    {"mode, last", {.mode = 6, .mode_last = 7}, NULL},
	    {"auto, specific",
	     {.mode = 0, .mode_specific = 1},
	     "ScsiWbModeSpecific needs a ScsiWbMode other than auto"},
	    {"mode, specific", {.mode = 0x0d, .mode_specific = 7}, NULL},
	    {"auto, commit",
	     {.mode = 0, .flags = FU_SCSI_WB_FLAG_COMMIT_ZERO_LENGTH},
	     "commit-zero-length needs a ScsiWbMode other than auto"},
	    {"mode, commit", {.mode = 7, .flags = FU_SCSI_WB_FLAG_COMMIT_ZERO_LENGTH}, NULL},
	};
	fu_test_scsi_wb_profile_check_rows(rows, G_N_ELEMENTS(rows));
}

static void
fu_test_scsi_wb_profile_validate_sizes_func(void)
{
	const gchar *bad_align = "ScsiWbChunkSize is not a multiple of ScsiWbChunkAlign";
	const gchar *bad_unit = "ScsiWbChunkSize is not a multiple of ScsiWbOffsetUnit";
	const FuScsiWbProfileTestRow rows[] = {
	    {"chunk is align", {.mode = 7, .chunk_bytes = 2, .align_bytes = 2}, NULL},
	    {"chunk a multiple", {.mode = 7, .chunk_bytes = 6, .align_bytes = 2}, NULL},
	    {"chunk one more", {.mode = 7, .chunk_bytes = 3, .align_bytes = 2}, bad_align},
	    {"chunk smaller", {.mode = 7, .chunk_bytes = 512, .align_bytes = 1024}, bad_align},
	    {"align alone", {.mode = 7, .align_bytes = 1000}, NULL},
	    {"chunk is unit", {.mode = 7, .chunk_bytes = 512, .offset_unit_bytes = 512}, NULL},
	    {"chunk no multiple of unit",
	     {.mode = 7, .chunk_bytes = 513, .offset_unit_bytes = 512},
	     bad_unit},
	    {"unit of 1 needs nothing", {.mode = 7, .offset_unit_bytes = 1}, NULL},
	    {"unit alone",
	     {.mode = 7, .offset_unit_bytes = 2},
	     "ScsiWbOffsetUnit needs ScsiWbChunkSize"},
	    {"exact-chunk",
	     {.mode = 7, .chunk_bytes = 8, .flags = FU_SCSI_WB_FLAG_EXACT_CHUNK},
	     NULL},
	    {"exact-chunk alone",
	     {.mode = 7, .flags = FU_SCSI_WB_FLAG_EXACT_CHUNK},
	     "exact-chunk needs ScsiWbChunkSize"},
	};
	fu_test_scsi_wb_profile_check_rows(rows, G_N_ELEMENTS(rows));
}

static void
fu_test_scsi_wb_profile_validate_single_func(void)
{
	const FuScsiWbProfileTestRow rows[] = {
	    {"single", {.mode = 5, .flags = FU_SCSI_WB_FLAG_SINGLE_COMMAND}, NULL},
	    {"single, last",
	     {.mode = 5, .mode_last = 5, .flags = FU_SCSI_WB_FLAG_SINGLE_COMMAND},
	     "single-command has no use for ScsiWbModeLast"},
	    {"single, commit",
	     {.mode = 5,
	      .flags = FU_SCSI_WB_FLAG_SINGLE_COMMAND | FU_SCSI_WB_FLAG_COMMIT_ZERO_LENGTH},
	     "single-command and commit-zero-length exclude each other"},
	    {"single, increment",
	     {.mode = 5,
	      .flags = FU_SCSI_WB_FLAG_SINGLE_COMMAND | FU_SCSI_WB_FLAG_INCREMENT_BUFFER_ID},
	     "single-command and increment-buffer-id exclude each other"},
	    {"single, chunk",
	     {.mode = 5, .chunk_bytes = 1, .flags = FU_SCSI_WB_FLAG_SINGLE_COMMAND},
	     NULL},
	    {"single, align",
	     {.mode = 5, .align_bytes = 4, .flags = FU_SCSI_WB_FLAG_SINGLE_COMMAND},
	     NULL},
	};
	fu_test_scsi_wb_profile_check_rows(rows, G_N_ELEMENTS(rows));
}

static void
fu_test_scsi_wb_profile_validate_activation_func(void)
{
	const FuScsiWbProfileTestRow rows[] = {
	    {"reboot", {.mode = 14, .flags = FU_SCSI_WB_FLAG_ACTIVATE_ON_REBOOT}, NULL},
	    {"power cycle", {.mode = 14, .flags = FU_SCSI_WB_FLAG_ACTIVATE_ON_POWER_CYCLE}, NULL},
	    {"both",
	     {.mode = 14,
	      .flags =
		  FU_SCSI_WB_FLAG_ACTIVATE_ON_REBOOT | FU_SCSI_WB_FLAG_ACTIVATE_ON_POWER_CYCLE},
	     "activate-on-reboot and activate-on-power-cycle exclude each other"},
	};
	fu_test_scsi_wb_profile_check_rows(rows, G_N_ELEMENTS(rows));
}

static void
fu_test_scsi_wb_profile_validate_offset_func(void)
{
	const FuScsiWbProfileTestRow rows[] = {
	    {"ignored", {.mode = 6, .flags = FU_SCSI_WB_FLAG_IGNORES_OFFSET}, NULL},
	    {"ignored and fixed",
	     {.mode = 6, .flags = FU_SCSI_WB_FLAG_IGNORES_OFFSET | FU_SCSI_WB_FLAG_FIXED_OFFSET},
	     NULL},
	    {"ignored by one command",
	     {.mode = 5, .flags = FU_SCSI_WB_FLAG_IGNORES_OFFSET | FU_SCSI_WB_FLAG_SINGLE_COMMAND},
	     "single-command and ignores-offset exclude each other"},
	};
	fu_test_scsi_wb_profile_check_rows(rows, G_N_ELEMENTS(rows));
}

static void
fu_test_scsi_wb_profile_validate_version_func(void)
{
	const gchar *bad_pair = "ScsiWbVersionOffset and ScsiWbVersionSize need each other";
	const gchar *bad_end = "the version ends beyond byte 252";
	const FuScsiWbProfileTestRow rows[] = {
	    {"inquiry", {.version_offset = 36, .version_bytes = 20}, NULL},
	    {"page", {.version_page = 0xc0, .version_offset = 4, .version_bytes = 1}, NULL},
	    {"offset alone", {.version_offset = 36}, bad_pair},
	    {"size alone", {.version_bytes = 20}, bad_pair},
	    {"page alone",
	     {.version_page = 0xc0},
	     "ScsiWbVersionPage needs ScsiWbVersionOffset and ScsiWbVersionSize"},
	    {"to the end", {.version_offset = 188, .version_bytes = 64}, NULL},
	    {"beyond the end", {.version_offset = 189, .version_bytes = 64}, bad_end},
	};
	fu_test_scsi_wb_profile_check_rows(rows, G_N_ELEMENTS(rows));
}

/* rows that the makers' manuals ask for */
static void
fu_test_scsi_wb_profile_validate_makers_func(void)
{
	const FuScsiWbProfileTestRow rows[] = {
	    {"StorageTek library",
	     {.mode = 6,
	      .mode_last = 7,
	      .chunk_bytes = 16384,
	      .align_bytes = 2,
	      .flags = FU_SCSI_WB_FLAG_FIXED_OFFSET},
	     NULL},
	    {"IBM library",
	     {.mode = 7, .chunk_bytes = 0x100000, .offset_unit_bytes = 0x100000},
	     NULL},
	    {"HP LTO-5",
	     {.mode = 4,
	      .mode_last = 5,
	      .chunk_bytes = 4096,
	      .flags = FU_SCSI_WB_FLAG_COMMIT_ZERO_LENGTH},
	     NULL},
	    {"HGST disk",
	     {.mode = 7, .chunk_bytes = 4096, .flags = FU_SCSI_WB_FLAG_INCREMENT_BUFFER_ID},
	     NULL},
	    {"T10000",
	     {.mode = 6,
	      .mode_last = 7,
	      .chunk_bytes = 262144,
	      .readiness = FU_SCSI_WB_READINESS_NOT_READY,
	      .flags = FU_SCSI_WB_FLAG_EXACT_CHUNK},
	     NULL},
	};
	fu_test_scsi_wb_profile_check_rows(rows, G_N_ELEMENTS(rows));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/profile/validate/auto",
			fu_test_scsi_wb_profile_validate_auto_func);
	g_test_add_func("/scsi-wb/profile/validate/sizes",
			fu_test_scsi_wb_profile_validate_sizes_func);
	g_test_add_func("/scsi-wb/profile/validate/single",
			fu_test_scsi_wb_profile_validate_single_func);
	g_test_add_func("/scsi-wb/profile/validate/activation",
			fu_test_scsi_wb_profile_validate_activation_func);
	g_test_add_func("/scsi-wb/profile/validate/makers",
			fu_test_scsi_wb_profile_validate_makers_func);
	g_test_add_func("/scsi-wb/profile/validate/offset",
			fu_test_scsi_wb_profile_validate_offset_func);
	g_test_add_func("/scsi-wb/profile/validate/version",
			fu_test_scsi_wb_profile_validate_version_func);
	return g_test_run();
}
