/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-bed.h"
#include "wbt-model.h"

/* devices of which the project knows nothing: a short specification in tests/heldout/, and a quirk
 * file that a user has written from it */

/**
 * FlowHeldoutRow:
 * @model: a device
 * @chunk_bytes: its largest segment
 * @step_bytes: what the size of an image has to be a multiple of
 * @refused_bytes: the size of an image that cannot be for it
 * @has_commit: the image is followed by a segment without data
 * @version_old: what is listed
 * @version_new: what is listed after an update to 0002
 **/
typedef struct {
	const gchar *model;
	gsize chunk_bytes;
	gsize step_bytes;
	gsize refused_bytes;
	gboolean has_commit;
	const gchar *version_old;
	const gchar *version_new;
} FlowHeldoutRow;

static const FlowHeldoutRow rows[] = {
    /* buffers 10h to FFh */
    {"nordwind", 1536, 1, 240 * 1536 + 1, FALSE, "3.11-r0001", "3.11-r0002"},
    {"kestrel", 61440, 64, 10000, FALSE, "0001", "0002"},
    {"orbitek", 2000, 2, 100001, TRUE, "OD1.2026.0001", "OD1.2026.0002"},
};

static FlowBed *
fu_test_scsi_wb_flow_heldout_new_bed(const FlowHeldoutRow *row)
{
	const WbtModel *model = wbt_model_find(row->model);
	g_autofree gchar *quirks = flow_bed_new_heldout_rows(model);
	g_autoptr(FlowBed) bed = NULL;

	g_assert_nonnull(quirks);
	bed = flow_bed_new_for_model(model, quirks);
	flow_bed_assert_enumerated(bed);
	g_assert_cmpstr(fu_device_get_update_error(bed->device), ==, NULL);
	g_assert_cmpstr(fu_device_get_version(bed->device), ==, row->version_old);
	return g_steal_pointer(&bed);
}

static void
fu_test_scsi_wb_flow_heldout_update(const FlowHeldoutRow *row, gsize size_bytes)
{
	guint segments = (size_bytes + row->chunk_bytes - 1) / row->chunk_bytes;
	g_autoptr(FlowBed) bed = fu_test_scsi_wb_flow_heldout_new_bed(row);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", size_bytes);

	g_test_message("%" G_GSIZE_FORMAT " bytes", size_bytes);
	flow_bed_mark(bed);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	flow_bed_assert_uninterrupted(bed);
	g_assert_cmpuint(flow_bed_count_segments(bed), ==, segments + row->has_commit);
	if (fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_SHUTDOWN)) {
		g_assert_cmpstr(fu_device_get_version(bed->device), ==, row->version_old);
		wbt_target_power_cycle(bed->target);
		flow_bed_restart_daemon(bed);
	}
	g_assert_true(g_bytes_equal(wbt_target_get_committed(bed->target), image));
	g_assert_cmpstr(wbt_target_get_revision(bed->target), ==, "0002");
	g_assert_cmpstr(fu_device_get_version(bed->device), ==, row->version_new);
}

static void
fu_test_scsi_wb_flow_heldout_sizes_func(gconstpointer user_data)
{
	const FlowHeldoutRow *row = user_data;
	gsize prime = 100003 / row->step_bytes * row->step_bytes;
	const gsize sizes[] = {
	    prime,
	    row->chunk_bytes,
	    row->chunk_bytes - row->step_bytes,
	    row->chunk_bytes + row->step_bytes,
	    row->chunk_bytes * 3,
	    row->step_bytes * 512,
	};

	for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
		fu_test_scsi_wb_flow_heldout_update(row, sizes[i]);
}

/* without the file the device is not the plugin's */
static void
fu_test_scsi_wb_flow_heldout_unknown_func(gconstpointer user_data)
{
	const FlowHeldoutRow *row = user_data;
	g_autoptr(FlowBed) bed = flow_bed_new(row->model, NULL);
	g_autoptr(GError) error = NULL;

	g_assert_false(flow_bed_enumerate(bed, &error));
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_NOT_SUPPORTED);
	g_assert_cmpuint(flow_bed_count_commands(bed), ==, 0);
}

static void
fu_test_scsi_wb_flow_heldout_size_func(gconstpointer user_data)
{
	const FlowHeldoutRow *row = user_data;
	g_autoptr(FlowBed) bed = fu_test_scsi_wb_flow_heldout_new_bed(row);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", row->refused_bytes);
	g_autoptr(GError) error = NULL;

	flow_bed_mark(bed);
	g_assert_false(flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error));
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_INVALID_FILE);
	g_assert_cmpuint(flow_bed_count_segments(bed), ==, 0);
}

/* each line of the file is needed: without it the update is refused, or the firmware never comes
 * into use */
static void
fu_test_scsi_wb_flow_heldout_lines_func(gconstpointer user_data)
{
	const FlowHeldoutRow *row = user_data;
	const WbtModel *model = wbt_model_find(row->model);
	g_autofree gchar *quirks = flow_bed_new_heldout_rows(model);
	g_auto(GStrv) lines = g_strsplit(quirks, "\n", -1);
	guint n_lines = 0;

	for (guint i = 0; lines[i] != NULL; i++) {
		g_autofree gchar *line = lines[i];
		g_autofree gchar *text = NULL;
		g_autoptr(FlowBed) bed = NULL;
		g_autoptr(GBytes) image = NULL;
		g_autoptr(GError) error = NULL;

		/* these keep wrong images and full drives away, and here are none */
		if (!g_str_has_prefix(line, "ScsiWb") || strstr(line, "Readiness") != NULL ||
		    strstr(line, "ChunkAlign") != NULL) {
			g_steal_pointer(&line);
			continue;
		}
		lines[i] = g_strdup("");
		text = g_strjoinv("\n", lines);
		g_free(lines[i]);
		lines[i] = g_steal_pointer(&line);
		bed = flow_bed_new_for_model(model, text);
		image = flow_bed_new_image(bed, "0002", row->chunk_bytes * 3);
		g_test_message("without %s", lines[i]);
		n_lines++;
		if (!flow_bed_enumerate(bed, &error))
			continue;
		if (flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error))
			wbt_target_power_cycle(bed->target);
		g_assert_cmpstr(wbt_target_get_revision(bed->target), ==, "0001");
	}
	g_assert_cmpuint(n_lines, >=, 5);
}

int
main(int argc, char **argv)
{
	const struct {
		const gchar *name;
		GTestDataFunc func;
	} tests[] = {
	    {"sizes", fu_test_scsi_wb_flow_heldout_sizes_func},
	    {"unknown", fu_test_scsi_wb_flow_heldout_unknown_func},
	    {"size", fu_test_scsi_wb_flow_heldout_size_func},
	    {"lines", fu_test_scsi_wb_flow_heldout_lines_func},
	};

	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		for (guint j = 0; j < G_N_ELEMENTS(tests); j++) {
			g_autofree gchar *path = g_strdup_printf("/scsi-wb/flow/heldout/%s/%s",
								 rows[i].model,
								 tests[j].name);
			g_test_add_data_func(path, &rows[i], tests[j].func);
		}
	}
	return g_test_run();
}
