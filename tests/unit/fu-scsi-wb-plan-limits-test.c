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
	guint want_segments;  /* 0 if there is no plan */
	const gchar *message; /* then this is why */
} FuScsiWbPlanTestLimit;

#define TOO_LARGE(field, value, max)                                                               \
	"the image is too large for this device: " field " would have to be " value ", and " max   \
	" is the most it can be"

static void
fu_test_scsi_wb_plan_check_limits(const FuScsiWbPlanTestLimit *rows, guint rows_len)
{
	for (guint i = 0; i < rows_len; i++) {
		g_autoptr(FuScsiWbPlan) plan = NULL;
		g_autoptr(GError) error = NULL;

		fu_scsi_wb_unit_row(rows[i].name);
		plan = fu_scsi_wb_unit_new_plan(&rows[i].profile, rows[i].image_bytes, &error);
		if (rows[i].message == NULL) {
			g_assert_no_error(error);
			g_assert_nonnull(plan);
			g_assert_cmpuint(plan->segments->len, ==, rows[i].want_segments);
			continue;
		}
		fu_scsi_wb_unit_assert_error(error, FWUPD_ERROR_INVALID_FILE, rows[i].message);
		g_assert_null(plan);
	}
}

static void
fu_test_scsi_wb_plan_limit_offset_func(void)
{
	const FuScsiWbProfile plain = {.mode = 0x0e};
	const FuScsiWbProfile commit = {.mode = 0x0e, .flags = FU_SCSI_WB_FLAG_COMMIT_ZERO_LENGTH};
	const FuScsiWbProfile fixed = {.mode = 0x05, .flags = FU_SCSI_WB_FLAG_FIXED_OFFSET};
	const FuScsiWbProfile bytes = {.mode = 0x07, .chunk_bytes = 0xffffff};
	const FuScsiWbProfile unit = {
	    .mode = 0x07,
	    .chunk_bytes = 0x8000,
	    .offset_unit_bytes = 0x8000,
	};
	const FuScsiWbPlanTestLimit rows[] = {
	    {"16 MiB", plain, 0x1000000, 512, NULL},
	    {"16 MiB + 1",
	     plain,
	     0x1000001,
	     0,
	     TOO_LARGE("BUFFER OFFSET", "0x1000000", "0xffffff")},
	    {"1 GiB", plain, 0x40000000, 0, TOO_LARGE("BUFFER OFFSET", "0x1000000", "0xffffff")},
	    {"16 MiB, then a command without data", commit, 0x1000000, 513, NULL},
	    {"the last offset there is", bytes, 0x1fffffe, 2, NULL},
	    {"one chunk more",
	     bytes,
	     0x1ffffff,
	     0,
	     TOO_LARGE("BUFFER OFFSET", "0x1fffffe", "0xffffff")},
	    {"16 MiB + 1 without offsets", fixed, 0x1000001, 513, NULL},
	    {"16 MiB + 1 with an offset unit", unit, 0x1000001, 513, NULL},
	};
	fu_test_scsi_wb_plan_check_limits(rows, G_N_ELEMENTS(rows));
}

static void
fu_test_scsi_wb_plan_limit_length_func(void)
{
	const FuScsiWbProfile single = {.mode = 0x05, .flags = FU_SCSI_WB_FLAG_SINGLE_COMMAND};
	const FuScsiWbPlanTestLimit rows[] = {
	    {"16 MiB - 1", single, 0xffffff, 1, NULL},
	    {"16 MiB",
	     single,
	     0x1000000,
	     0,
	     "the image of 16777216 bytes would have to go in one command, which can carry "
	     "16777215 (width of the CDB's field): check that it is for this device, or use "
	     "another host adapter"},
	    {"more than 32 bits",
	     single,
	     0x100000001,
	     0,
	     "the image of 4294967297 bytes would have to go in one command, which can carry "
	     "16777215 (width of the CDB's field): check that it is for this device, or use "
	     "another host adapter"},
	};
	fu_test_scsi_wb_plan_check_limits(rows, G_N_ELEMENTS(rows));
}

static void
fu_test_scsi_wb_plan_limit_buffer_id_func(void)
{
	const FuScsiWbFlags flags = FU_SCSI_WB_FLAG_INCREMENT_BUFFER_ID;
	const FuScsiWbProfile zero = {.mode = 0x07, .chunk_bytes = 8, .flags = flags};
	const FuScsiWbProfile two = {
	    .mode = 0x07,
	    .chunk_bytes = 8,
	    .buffer_id = 2,
	    .flags = flags,
	};
	const FuScsiWbProfile last = {
	    .mode = 0x07,
	    .chunk_bytes = 8,
	    .buffer_id = 255,
	    .flags = flags,
	};
	const gchar *message = TOO_LARGE("BUFFER ID", "0x100", "0xff");
	const FuScsiWbPlanTestLimit rows[] = {
	    {"256 buffers", zero, 256 * 8, 256, NULL},
	    {"257 buffers", zero, 256 * 8 + 1, 0, message},
	    {"254 buffers from 2", two, 254 * 8, 254, NULL},
	    {"255 buffers from 2", two, 254 * 8 + 1, 0, message},
	    {"1 buffer from 255", last, 8, 1, NULL},
	    {"2 buffers from 255", last, 9, 0, message},
	};
	fu_test_scsi_wb_plan_check_limits(rows, G_N_ELEMENTS(rows));
}

static void
fu_test_scsi_wb_plan_limit_image_func(void)
{
	const FuScsiWbProfile plain = {.mode = 0x07};
	const FuScsiWbProfile automatic = {.mode = FU_SCSI_WB_MODE_AUTO};
	const FuScsiWbProfile commit = {.mode = 0x07, .flags = FU_SCSI_WB_FLAG_COMMIT_ZERO_LENGTH};
	const FuScsiWbProfile even = {.mode = 0x07, .align_bytes = 2};
	const FuScsiWbProfile frame = {
	    .mode = 0x05,
	    .align_bytes = 1030,
	    .flags = FU_SCSI_WB_FLAG_SINGLE_COMMAND,
	};
	const FuScsiWbPlanTestLimit rows[] = {
	    {"empty", plain, 0, 0, "the image is empty"},
	    {"empty, auto", automatic, 0, 0, "the image is empty"},
	    {"empty, commit", commit, 0, 0, "the image is empty"},
	    {"empty, even", even, 0, 0, "the image is empty"},
	    {"even", even, 32770, 2, NULL},
	    {"odd",
	     even,
	     32769,
	     0,
	     "the image size of 32769 bytes is not a multiple of 2, as this device wants it: "
	     "the image is damaged, or made for another device"},
	    {"a frame and a half",
	     frame,
	     1545,
	     0,
	     "the image size of 1545 bytes is not a multiple of 1030, as this device wants "
	     "it: the image is damaged, or made for another device"},
	};
	fu_test_scsi_wb_plan_check_limits(rows, G_N_ELEMENTS(rows));
}

/* a row that cannot work is a fault of the row, not of the image */
static void
fu_test_scsi_wb_plan_limit_profile_func(void)
{
	const FuScsiWbProfile profile = {.mode = 0x07, .mode_last = 0, .offset_unit_bytes = 512};
	g_autoptr(FuScsiWbPlan) plan = NULL;
	g_autoptr(GError) error = NULL;

	plan = fu_scsi_wb_unit_new_plan(&profile, 0, &error);
	fu_scsi_wb_unit_assert_error(
	    error,
	    FWUPD_ERROR_INVALID_DATA,
	    "quirk row cannot work: ScsiWbOffsetUnit needs ScsiWbChunkSize");
	g_assert_null(plan);
}

/* for each way of the chain: MODE*segments, activation */
static gchar *
fu_test_scsi_wb_plan_chain_to_golden(const FuScsiWbPlan *plan)
{
	GString *str = g_string_new(NULL);

	for (; plan != NULL; plan = plan->fallback) {
		const FuScsiWbSegment *segment = &g_array_index(plan->segments, FuScsiWbSegment, 0);
		g_string_append_printf(str,
				       "%02x*%u %s%s",
				       segment->mode,
				       plan->segments->len,
				       fu_scsi_wb_activation_to_string(plan->activation),
				       plan->fallback != NULL ? ", " : "");
	}
	return g_string_free(str, FALSE);
}

static void
fu_test_scsi_wb_plan_auto_chain_func(void)
{
	const FuScsiWbProfile plain = {.mode = FU_SCSI_WB_MODE_AUTO};
	const FuScsiWbProfile chunk = {.mode = FU_SCSI_WB_MODE_AUTO, .chunk_bytes = 8};
	const FuScsiWbProfile fixed = {.flags = FU_SCSI_WB_FLAG_FIXED_OFFSET};
	const FuScsiWbProfile reboot = {.flags = FU_SCSI_WB_FLAG_ACTIVATE_ON_REBOOT};
	const FuScsiWbProfile ids = {
	    .chunk_bytes = 8,
	    .flags = FU_SCSI_WB_FLAG_INCREMENT_BUFFER_ID,
	};
	const struct {
		const gchar *name;
		FuScsiWbProfile profile;
		gsize image_bytes;
		const gchar *want;
	} rows[] = {
	    {"one byte", plain, 1, "0e*1 command, 07*1 immediate, 05*1 immediate"},
	    {"100000", plain, 100000, "0e*4 command, 07*4 immediate, 05*1 immediate"},
	    {"chunk", chunk, 17, "0e*3 command, 07*3 immediate, 05*1 immediate"},
	    {"16 MiB - 1", plain, 0xffffff, "0e*512 command, 07*512 immediate, 05*1 immediate"},
	    {"16 MiB: not in one", plain, 0x1000000, "0e*512 command, 07*512 immediate"},
	    {"more: without offsets", fixed, 0x1000001, "0e*513 command, 07*513 immediate"},
	    {"too many buffers: only in one", ids, 256 * 8 + 1, "05*1 immediate"},
	    {"reboot", reboot, 9, "0e*1 reboot, 07*1 reboot, 05*1 reboot"},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(FuScsiWbPlan) plan = NULL;
		g_autoptr(GError) error = NULL;
		g_autofree gchar *golden = NULL;

		fu_scsi_wb_unit_row(rows[i].name);
		plan = fu_scsi_wb_unit_new_plan(&rows[i].profile, rows[i].image_bytes, &error);
		g_assert_no_error(error);
		g_assert_nonnull(plan);
		golden = fu_test_scsi_wb_plan_chain_to_golden(plan);
		g_assert_cmpstr(golden, ==, rows[i].want);
	}
}

/* no way is left: the error is the one of the best way */
static void
fu_test_scsi_wb_plan_auto_none_func(void)
{
	const FuScsiWbProfile profile = {.mode = FU_SCSI_WB_MODE_AUTO};
	g_autoptr(FuScsiWbPlan) plan = NULL;
	g_autoptr(GError) error = NULL;

	plan = fu_scsi_wb_unit_new_plan(&profile, 0x1000001, &error);
	fu_scsi_wb_unit_assert_error(error,
				     FWUPD_ERROR_INVALID_FILE,
				     TOO_LARGE("BUFFER OFFSET", "0x1000000", "0xffffff"));
	g_assert_null(plan);
}

/* a row that wants one command never gets several, whatever the mode: refusing the row would be
 * as good */
static void
fu_test_scsi_wb_plan_auto_single_command_func(void)
{
	const FuScsiWbProfile profile = {
	    .mode = FU_SCSI_WB_MODE_AUTO,
	    .flags = FU_SCSI_WB_FLAG_SINGLE_COMMAND,
	};
	g_autoptr(FuScsiWbPlan) plan = fu_scsi_wb_unit_new_plan(&profile, 100000, NULL);

	for (const FuScsiWbPlan *way = plan; way != NULL; way = way->fallback)
		g_assert_cmpuint(way->segments->len, ==, 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/plan/limit/offset", fu_test_scsi_wb_plan_limit_offset_func);
	g_test_add_func("/scsi-wb/plan/limit/length", fu_test_scsi_wb_plan_limit_length_func);
	g_test_add_func("/scsi-wb/plan/limit/buffer-id", fu_test_scsi_wb_plan_limit_buffer_id_func);
	g_test_add_func("/scsi-wb/plan/limit/image", fu_test_scsi_wb_plan_limit_image_func);
	g_test_add_func("/scsi-wb/plan/limit/profile", fu_test_scsi_wb_plan_limit_profile_func);
	g_test_add_func("/scsi-wb/plan/auto/chain", fu_test_scsi_wb_plan_auto_chain_func);
	g_test_add_func("/scsi-wb/plan/auto/none", fu_test_scsi_wb_plan_auto_none_func);
	g_test_add_func("/scsi-wb/plan/auto/single-command",
			fu_test_scsi_wb_plan_auto_single_command_func);
	return g_test_run();
}
