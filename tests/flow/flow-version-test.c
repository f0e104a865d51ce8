/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-bed.h"
#include "fu-device-private.h"
#include "wbt-model.h"

/* which firmware a device runs, where four characters are not enough to say it; and what is known
 * to be wrong with that firmware */

#define ROW_07                                                                                     \
	"[SCSI\\VEN_WBSTD]\n"                                                                      \
	"ScsiWbMode = 0x07\n"
#define ROW_0E                                                                                     \
	"[SCSI\\VEN_WBSTD]\n"                                                                      \
	"ScsiWbMode = 0x0e\n"
#define PLACE_INQUIRY                                                                              \
	"ScsiWbVersionOffset = 36\n"                                                               \
	"ScsiWbVersionSize = 20\n"
#define PLACE_PAGE                                                                                 \
	"ScsiWbVersionPage = 0xc0\n"                                                               \
	"ScsiWbVersionOffset = 8\n"                                                                \
	"ScsiWbVersionSize = 12\n"

/**
 * FlowVersionRow:
 * @name: of the test
 * @model: its device
 * @quirks: a user's rows
 * @inquiries: how many it takes to list the device
 * @version_old: what is listed
 * @version_new: what is listed after an update to 0002
 * @level_old: PRODUCT REVISION LEVEL of the listed firmware
 **/
typedef struct {
	const gchar *name;
	const gchar *model;
	const gchar *quirks;
	guint inquiries;
	const gchar *version_old;
	const gchar *version_new;
	const gchar *level_old;
} FlowVersionRow;

static const FlowVersionRow rows[] = {
    {"level", "std-version", ROW_07, 1, "0001", "0002", "0001"},
    {"inquiry", "std-version", ROW_07 PLACE_INQUIRY, 1, "7.20-0001", "7.20-0002", "0001"},
    {"page", "std-version-page", ROW_07 PLACE_PAGE, 2, "G9Q1.0001", "G9Q1.0002", "0001"},
    {"page-deferred", "std-version-page", ROW_0E PLACE_PAGE, 2, "G9Q1.0001", "G9Q1.0002", "0001"},
};

static void
fu_test_scsi_wb_flow_version_assert_revision_guid(FlowBed *bed, const gchar *level)
{
	g_autofree gchar *id = g_strdup_printf("SCSI\\VEN_WBSTD&DEV_%s&REV_%s",
					       wbt_target_get_model(bed->target)->product,
					       level);
	fu_device_convert_instance_ids(bed->device);
	g_assert_true(fu_device_has_guid(bed->device, id));
}

/* also after another start of the daemon */
static void
fu_test_scsi_wb_flow_version_update_func(gconstpointer user_data)
{
	const FlowVersionRow *row = user_data;
	g_autoptr(FlowBed) bed = flow_bed_new(row->model, row->quirks);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 100001);

	flow_bed_assert_enumerated(bed);
	g_assert_cmpuint(flow_bed_count_commands(bed), ==, row->inquiries);
	g_assert_cmpstr(fu_device_get_version(bed->device), ==, row->version_old);
	fu_test_scsi_wb_flow_version_assert_revision_guid(bed, row->level_old);
	flow_bed_mark(bed);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	flow_bed_assert_uninterrupted(bed);
	if (fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION)) {
		g_assert_cmpstr(fu_device_get_version(bed->device), ==, row->version_old);
		flow_bed_assert_activated(bed);
	}
	g_assert_true(g_bytes_equal(wbt_target_get_committed(bed->target), image));
	g_assert_cmpstr(fu_device_get_version(bed->device), ==, row->version_new);
	flow_bed_restart_daemon(bed);
	g_assert_cmpstr(fu_device_get_version(bed->device), ==, row->version_new);
}

/* PRODUCT REVISION LEVEL alone would take every update of such a device for a failure */
static void
fu_test_scsi_wb_flow_version_stays_func(void)
{
	g_autoptr(FlowBed) bed = flow_bed_new("std-version-page", ROW_07);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 100001);
	g_autoptr(GError) error = NULL;

	flow_bed_assert_enumerated(bed);
	g_assert_false(flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error));
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_WRITE);
	g_assert_cmpstr(error->message,
			==,
			"the device accepted the whole image, but still runs revision 0001: it may "
			"need a power cycle, or it has silently refused the image");
}

/* an image that the device throws away in silence is no success, however long its version is */
static void
fu_test_scsi_wb_flow_version_stuck_func(void)
{
	g_autoptr(FlowBed) bed = flow_bed_new("std-version-page", ROW_07 PLACE_PAGE);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 100001);
	g_autoptr(GError) error = NULL;

	flow_bed_assert_enumerated(bed);
	flow_bed_set_faults(bed, "command 1 stuck-revision");
	g_assert_false(flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error));
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_WRITE);
	g_assert_cmpstr(error->message,
			==,
			"the device accepted the whole image, but still runs revision G9Q1.0001: "
			"it may need a power cycle, or it has silently refused the image");
}

/* somebody else has updated it: the level alone would not tell */
static void
fu_test_scsi_wb_flow_version_changed_func(void)
{
	g_autoptr(FlowBed) bed = flow_bed_new("std-version-page", ROW_07 PLACE_PAGE);
	FuDevice *device;
	g_autofree gchar *node_dir = g_build_filename(bed->unit_dir, "scsi_generic", "sg0", NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 100001);
	g_autoptr(GBytes) image_other = flow_bed_new_image(bed, "0003", 100001);
	g_autoptr(GError) error = NULL;

	flow_bed_assert_enumerated(bed);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	flow_bed_restart_daemon(bed);
	device = g_steal_pointer(&bed->device);
	bed->device = flow_bed_new_device(bed, node_dir);
	flow_bed_assert_enumerated(bed);
	flow_bed_assert_installed(bed, image_other, FWUPD_INSTALL_FLAG_NONE);
	g_object_unref(bed->device);
	bed->device = device;
	flow_bed_mark(bed);
	g_assert_false(flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error));
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_NEEDS_USER_ACTION);
	g_assert_cmpstr(error->message,
			==,
			"before the update: the device runs revision G9Q1.0003, not G9Q1.0002 as "
			"listed: another program, or an earlier update, has changed it; run "
			"fwupdmgr quit, then look at the list again");
	g_assert_cmpuint(flow_bed_count_segments(bed), ==, 0);
}

typedef struct {
	const gchar *name;
	const gchar *model;
	const gchar *quirks;
} FlowVersionNowhereRow;

static const FlowVersionNowhereRow rows_nowhere[] = {
    {"no-such-page", "std-version", ROW_07 PLACE_PAGE},
    {"page-too-short",
     "std-version-page",
     ROW_07 "ScsiWbVersionPage = 0xc0\nScsiWbVersionOffset = 12\nScsiWbVersionSize = 12\n"},
    {"blank", "std-version", ROW_07 "ScsiWbVersionOffset = 60\nScsiWbVersionSize = 8\n"},
    {"inquiry-too-short",
     "std-version",
     ROW_07 "ScsiWbVersionOffset = 90\nScsiWbVersionSize = 20\n"},
};

/* listed all the same, with what is wrong, and not updated */
static void
fu_test_scsi_wb_flow_version_nowhere_func(gconstpointer user_data)
{
	const FlowVersionNowhereRow *row = user_data;
	g_autoptr(FlowBed) bed = flow_bed_new(row->model, row->quirks);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 100001);
	g_autoptr(GError) error = NULL;

	flow_bed_assert_enumerated(bed);
	g_assert_cmpstr(fu_device_get_version(bed->device), ==, NULL);
	g_assert_cmpstr(fu_device_get_update_error(bed->device),
			==,
			"the device does not say which firmware it runs where its quirk row looks "
			"for it: correct ScsiWbVersionPage, ScsiWbVersionOffset and "
			"ScsiWbVersionSize");
	fu_test_scsi_wb_flow_version_assert_revision_guid(bed, "0001");
	flow_bed_mark(bed);
	g_assert_false(flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error));
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_NOT_SUPPORTED);
	g_assert_cmpuint(flow_bed_count_commands(bed), ==, 0);
}

static void
fu_test_scsi_wb_flow_version_assert_issues(FlowBed *bed, const gchar *issues)
{
	g_autofree gchar *text = fu_strjoin(" ", fu_device_get_issues(bed->device));
	g_assert_cmpstr(text, ==, issues);
}

/* a defect is that of a revision: it is gone with it, and another one may come */
static void
fu_test_scsi_wb_flow_version_issues_func(void)
{
	g_autoptr(FlowBed) bed = flow_bed_new("std-silent",
					      ROW_07 "[SCSI\\VEN_WBSTD&DEV_STD-SILENT&REV_0001]\n"
						     "Issue = CVE-2026-1,https://a.example/b\n"
						     "[SCSI\\VEN_WBSTD&DEV_STD-SILENT&REV_0003]\n"
						     "Issue = CVE-2026-2\n");
	g_autoptr(GBytes) image2 = flow_bed_new_image(bed, "0002", 100001);
	g_autoptr(GBytes) image3 = flow_bed_new_image(bed, "0003", 100001);

	flow_bed_assert_enumerated(bed);
	fu_test_scsi_wb_flow_version_assert_issues(bed, "CVE-2026-1 https://a.example/b");
	flow_bed_assert_installed(bed, image2, FWUPD_INSTALL_FLAG_NONE);
	fu_test_scsi_wb_flow_version_assert_issues(bed, "");
	flow_bed_assert_installed(bed, image3, FWUPD_INSTALL_FLAG_NONE);
	fu_test_scsi_wb_flow_version_assert_issues(bed, "CVE-2026-2");
	flow_bed_restart_daemon(bed);
	fu_test_scsi_wb_flow_version_assert_issues(bed, "CVE-2026-2");
}

/* the project's own rows: each is found by a device that runs that revision, and by no other */
static void
fu_test_scsi_wb_flow_version_published_func(void)
{
	guint n_rows = 0;
	g_autofree gchar *path =
	    g_build_filename(g_getenv("FWUPD_DATADIR_QUIRKS"), "scsi-wb-issues.quirk", NULL);
	g_autofree gchar *text = NULL;
	g_auto(GStrv) lines = NULL;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		WbtModel model = *wbt_model_find("std-silent");
		g_autofree gchar *row = NULL;
		g_autoptr(FlowBed) bed = NULL;
		g_auto(GStrv) parts = NULL;

		if (*lines[i] != '[')
			continue;
		parts = g_strsplit_set(lines[i], "&]", -1);
		row = g_strdup_printf("%s]\nScsiWbMode = 0x07\n", parts[0]);
		model.vendor = parts[0] + strlen("[SCSI\\VEN_");
		model.product = parts[1] + strlen("DEV_");
		model.revision = parts[2] + strlen("REV_");
		g_test_message("%s", lines[i]);
		bed = flow_bed_new_for_model(&model, row);
		flow_bed_assert_enumerated(bed);
		fu_test_scsi_wb_flow_version_assert_issues(bed, lines[i + 1] + strlen("Issue = "));
		n_rows++;
	}
	g_assert_cmpuint(n_rows, >, 0);
}

/* whatever else stands in the row of a revision would no longer hold after an update */
static void
fu_test_scsi_wb_flow_version_revision_row_func(void)
{
	g_autoptr(FlowBed) bed =
	    flow_bed_new("std-silent",
			 "[SCSI\\VEN_WBSTD&DEV_STD-SILENT&REV_0001]\nScsiWbMode = 0x07\n");
	g_autoptr(GError) error = NULL;

	g_assert_false(flow_bed_enumerate(bed, &error));
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_NOT_SUPPORTED);
	g_assert_cmpuint(flow_bed_count_commands(bed), ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/version/update",
			  rows,
			  fu_test_scsi_wb_flow_version_update_func);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/version/nowhere",
			  rows_nowhere,
			  fu_test_scsi_wb_flow_version_nowhere_func);
	g_test_add_func("/scsi-wb/flow/version/stays", fu_test_scsi_wb_flow_version_stays_func);
	g_test_add_func("/scsi-wb/flow/version/stuck", fu_test_scsi_wb_flow_version_stuck_func);
	g_test_add_func("/scsi-wb/flow/version/changed", fu_test_scsi_wb_flow_version_changed_func);
	g_test_add_func("/scsi-wb/flow/version/issues", fu_test_scsi_wb_flow_version_issues_func);
	g_test_add_func("/scsi-wb/flow/version/published",
			fu_test_scsi_wb_flow_version_published_func);
	g_test_add_func("/scsi-wb/flow/version/revision-row",
			fu_test_scsi_wb_flow_version_revision_row_func);
	return g_test_run();
}
