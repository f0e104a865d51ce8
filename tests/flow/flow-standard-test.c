/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-bed.h"

/* devices that keep to the standard need no row of their own: one that leaves everything to the
 * device does for all of them */

#define FLOW_AUTO "[SCSI\\VEN_WBSTD]\nScsiWbMode = auto\n"

/**
 * FlowStandardRow:
 * @name: of the model
 * @rows: (nullable): the row, if it is not one that leaves everything to the device
 * @mode: MODE of the accepted segments
 * @segment_max_bytes: the largest of them
 * @flag: what the device is marked with after the download
 * @code: what the update fails with
 * @message: (nullable): the whole text of the error
 **/
typedef struct {
	const gchar *name;
	const gchar *rows;
	guint8 mode;
	gsize segment_max_bytes;
	FwupdDeviceFlags flag;
	FwupdError code;
	const gchar *message;
} FlowStandardRow;

static const FlowStandardRow rows[] = {
    {.name = "std-deferred",
     .mode = 0x0e,
     .segment_max_bytes = 32768,
     .flag = FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION},
    {.name = "std-rsoc", .mode = 0x07, .segment_max_bytes = 32768},
    {.name = "std-rsoc-plain", .mode = 0x07, .segment_max_bytes = 32768},
    {.name = "std-silent", .mode = 0x07, .segment_max_bytes = 32768},
    {.name = "std-boundary16", .mode = 0x07, .segment_max_bytes = 65536},
    {.name = "std-offset0", .mode = 0x05, .segment_max_bytes = 200001},
    {.name = "std-descriptor",
     .mode = 0x0e,
     .segment_max_bytes = 32768,
     .flag = FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION},
    {.name = "std-events",
     .rows = "[SCSI\\VEN_WBSTD]\nScsiWbMode = 0x0d\nScsiWbModeSpecific = 4\n",
     .mode = 0x0d,
     .segment_max_bytes = 32768,
     .flag = FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION},
    {.name = "std-after-event",
     .mode = 0x07,
     .segment_max_bytes = 32768,
     .flag = FWUPD_DEVICE_FLAG_NEEDS_SHUTDOWN},
};

static const FlowStandardRow error_rows[] = {
    {.name = "std-small",
     .code = FWUPD_ERROR_INVALID_FILE,
     .message = "the image has 200001 bytes, but the device's buffer only 65536 (READ BUFFER "
		"descriptor): it is made for another device"},
    {.name = "std-events",
     .code = FWUPD_ERROR_NOT_SUPPORTED,
     .message = "the device has none of the modes 0x0e, 0x07 and 0x05 (VPD page 86h): its "
		"firmware cannot be updated this way"},
    {.name = "std-events",
     .rows = "[SCSI\\VEN_WBSTD]\nScsiWbMode = 0x0d\nScsiWbModeSpecific = 1\n",
     .code = FWUPD_ERROR_NOT_SUPPORTED,
     .message = "segment 1 of 7, MODE 0x0d, 32768 bytes at 0x0: the device refused the mode, "
		"buffer, offset or length (Illegal Request, Invalid field in cdb, 05/24/00, CDB "
		"byte 1 bit 7): its quirk row does not fit it, or the image is larger than its "
		"buffer"},
};

static void
fu_test_scsi_wb_flow_check_segments(FlowBed *bed, const FlowStandardRow *row)
{
	gsize max_bytes = 0;

	for (gsize i = bed->mark; i < wbt_target_log_count(bed->target); i++) {
		const WbtLogEntry *entry = wbt_target_log_get(bed->target, i);
		if (!flow_bed_is_segment(entry) || entry->status != WBT_STATUS_GOOD)
			continue;
		g_assert_cmphex(entry->cdb[1] & 0x1f, ==, row->mode);
		max_bytes = MAX(max_bytes, entry->data_out_bytes);
	}
	g_assert_cmpuint(max_bytes, ==, row->segment_max_bytes);
}

static void
fu_test_scsi_wb_flow_bring_into_use(FlowBed *bed, const FlowStandardRow *row)
{
	g_assert_true(row->flag == 0 || fu_device_has_flag(bed->device, row->flag));
	if (row->flag == FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION)
		flow_bed_assert_activated(bed);
	if (row->flag == FWUPD_DEVICE_FLAG_NEEDS_SHUTDOWN)
		wbt_target_power_cycle(bed->target);
}

static void
fu_test_scsi_wb_flow_standard_func(gconstpointer user_data)
{
	const FlowStandardRow *row = user_data;
	g_autoptr(FlowBed) bed = flow_bed_new(row->name, row->rows != NULL ? row->rows : FLOW_AUTO);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 200001);

	flow_bed_assert_enumerated(bed);
	g_assert_cmpuint(flow_bed_count_commands(bed), ==, 1);
	flow_bed_mark(bed);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	flow_bed_assert_uninterrupted(bed);
	fu_test_scsi_wb_flow_check_segments(bed, row);
	fu_test_scsi_wb_flow_bring_into_use(bed, row);
	g_assert_cmpstr(wbt_target_get_revision(bed->target), ==, "0002");
	g_assert_true(g_bytes_equal(wbt_target_get_committed(bed->target), image));
}

static void
fu_test_scsi_wb_flow_standard_error_func(gconstpointer user_data)
{
	const FlowStandardRow *row = user_data;
	gboolean ret;
	g_autoptr(FlowBed) bed = flow_bed_new(row->name, row->rows != NULL ? row->rows : FLOW_AUTO);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 200001);
	g_autoptr(GError) error = NULL;

	flow_bed_assert_enumerated(bed);
	ret = flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error);
	g_assert_error(error, FWUPD_ERROR, (gint)row->code);
	g_assert_cmpstr(error->message, ==, row->message);
	g_assert_false(ret);
	flow_bed_assert_untouched(bed);
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
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/standard", rows, fu_test_scsi_wb_flow_standard_func);
	for (guint i = 0; i < G_N_ELEMENTS(error_rows); i++) {
		g_autofree gchar *name =
		    g_strdup_printf("/scsi-wb/flow/standard/error/%u-%s", i, error_rows[i].name);
		g_test_add_data_func(name,
				     &error_rows[i],
				     fu_test_scsi_wb_flow_standard_error_func);
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
