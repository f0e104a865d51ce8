/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <glib/gstdio.h>
#include <scsi/sg.h>

#include "flow-bed.h"

/* how large the segments are: what the disk's queue shows in /sys, and what the kernel refuses all
 * the same */

/**
 * FlowLimitsRow:
 * @rows: (nullable): a user's quirk rows
 * @max_hw_sectors_kb: (nullable): of the disk's queue
 * @max_segments: (nullable): of the disk's queue
 * @faults: (nullable): what goes wrong
 * @segment_bytes: the size of the segments, 100000 bytes in all, that go through in the end
 * @segments: how many commands that took
 **/
typedef struct {
	const gchar *name;
	const gchar *rows;
	const gchar *max_hw_sectors_kb;
	const gchar *max_segments;
	const gchar *faults;
	guint segment_bytes;
	guint segments;
} FlowLimitsRow;

#define LARGE "[SCSI\\VEN_SEAGATE&TYPE_00]\nScsiWbMode = 0x07\nScsiWbChunkSize = 65536\n"

static const FlowLimitsRow limits_rows[] = {
    {.name = "none", .segment_bytes = 32768, .segments = 4},
    {.name = "wide",
     .rows = LARGE,
     .max_hw_sectors_kb = "16383\n",
     .max_segments = "128\n",
     .segment_bytes = 65536,
     .segments = 2},
    {.name = "narrow", .max_hw_sectors_kb = "16\n", .segment_bytes = 16384, .segments = 7},
    {.name = "short-scatter-list",
     .rows = LARGE,
     .max_hw_sectors_kb = "512\n",
     .max_segments = "4\n",
     .segment_bytes = 16384,
     .segments = 7},
    {.name = "einval", .faults = "segment 1 errno 22", .segment_bytes = 16384, .segments = 8},
    {.name = "enomem", .faults = "segment 1 errno 12", .segment_bytes = 16384, .segments = 8},
    {.name = "eio", .faults = "segment 1 errno 5", .segment_bytes = 16384, .segments = 8},
    {.name = "three-times",
     .faults = "segment 1 errno 22\nsegment 2 errno 5\nsegment 3 errno 12",
     .segment_bytes = 4096,
     .segments = 28},
    {.name = "from-the-queue-on",
     .max_hw_sectors_kb = "16\n",
     .faults = "segment 1 errno 22",
     .segment_bytes = 8192,
     .segments = 14},
};

static void
fu_test_scsi_wb_flow_write_queue(FlowBed *bed, const gchar *name, const gchar *value)
{
	g_autofree gchar *dir = g_build_filename(bed->unit_dir, "block", "sda", "queue", NULL);
	g_autofree gchar *attr = g_build_filename("block", "sda", "queue", name, NULL);

	if (value == NULL)
		return;
	g_assert_cmpint(g_mkdir_with_parents(dir, 0755), ==, 0);
	flow_bed_write_attr(bed, attr, value, -1);
}

/* the size of the last segment but one */
static gsize
fu_test_scsi_wb_flow_get_segment_bytes(FlowBed *bed)
{
	gsize data_bytes[2] = {0};

	for (gsize i = bed->mark; i < wbt_target_log_count(bed->target); i++) {
		const WbtLogEntry *entry = wbt_target_log_get(bed->target, i);
		if (!flow_bed_is_segment(entry))
			continue;
		data_bytes[0] = data_bytes[1];
		data_bytes[1] = entry->data_out_bytes;
	}
	return data_bytes[0];
}

static void
fu_test_scsi_wb_flow_limits_func(gconstpointer user_data)
{
	const FlowLimitsRow *row = user_data;
	g_autoptr(FlowBed) bed = flow_bed_new("seagate-sas", row->rows);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 100000);

	fu_test_scsi_wb_flow_write_queue(bed, "max_hw_sectors_kb", row->max_hw_sectors_kb);
	fu_test_scsi_wb_flow_write_queue(bed, "max_segments", row->max_segments);
	flow_bed_assert_enumerated(bed);
	flow_bed_set_faults(bed, row->faults);
	flow_bed_mark(bed);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	flow_bed_assert_uninterrupted(bed);
	flow_bed_assert_updated(bed, image, "0002");
	g_assert_cmpuint(flow_bed_count_segments(bed), ==, row->segments);
	g_assert_cmpuint(fu_test_scsi_wb_flow_get_segment_bytes(bed), ==, row->segment_bytes);
}

/* an ioctl of which the kernel's answer was recorded */
static void
fu_test_scsi_wb_flow_add_ioctl(FlowBed *bed, gulong request, gint value_in, gint value_out)
{
	g_autofree gchar *data = g_base64_encode((const guchar *)&value_in, sizeof(value_in));
	g_autofree gchar *id = g_strdup_printf("Ioctl:Request=0x%04x,Data=%s,Length=0x%x",
					       (guint)request,
					       data,
					       (guint)sizeof(value_in));
	FuDeviceEvent *event = fu_device_save_event(bed->device, id);

	fu_device_event_set_data(event, "DataOut", (const guint8 *)&value_out, sizeof(value_out));
}

/* a host that has no 64 KiB in one piece: segments that may be smaller are made to fit what it has,
 * others are tried all the same */
static void
fu_test_scsi_wb_flow_limits_memory_func(void)
{
	const struct {
		const gchar *rows;
		guint segments;
	} rows[] = {
	    {LARGE, 7},
	    {LARGE "Flags = exact-chunk\n", 2},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(FlowBed) bed = flow_bed_new("seagate-sas", rows[i].rows);
		g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 100000);

		g_test_message("row: %s", rows[i].rows);
		flow_bed_assert_enumerated(bed);
		fu_device_add_flag(bed->device, FWUPD_DEVICE_FLAG_EMULATED);
		fu_test_scsi_wb_flow_add_ioctl(bed, SG_SET_RESERVED_SIZE, 65536, 65536);
		fu_test_scsi_wb_flow_add_ioctl(bed, SG_GET_RESERVED_SIZE, 0, 16384);
		flow_bed_mark(bed);
		flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
		g_assert_cmpuint(flow_bed_count_segments(bed), ==, rows[i].segments);
		flow_bed_assert_updated(bed, image, "0002");
	}
}

/**
 * FlowLimitsErrorRow:
 * @rows: a user's quirk rows
 * @faults: (nullable): what goes wrong
 * @segments: how many commands are sent before the update gives up
 **/
static const struct {
	const gchar *name;
	const gchar *model;
	const gchar *rows;
	const gchar *max_hw_sectors_kb;
	const gchar *faults;
	guint segments;
	FwupdError code;
	const gchar *message;
} error_rows[] = {
    {"exact-chunk",
     "seagate-sas",
     "[SCSI\\VEN_SEAGATE&TYPE_00]\nScsiWbMode = 0x07\nScsiWbChunkSize = 65536\n"
     "Flags = exact-chunk\n",
     "32\n",
     NULL,
     0,
     FWUPD_ERROR_NOT_SUPPORTED,
     "the device takes segments of 65536 bytes, but only 32768 bytes fit into one command (host "
     "adapter, max_hw_sectors_kb): use another host adapter"},

    /* what the kernel refused is told, not that there are no smaller segments */
    {"exact-chunk-refused",
     "seagate-sas",
     "[SCSI\\VEN_SEAGATE&TYPE_00]\nScsiWbMode = 0x07\nScsiWbChunkSize = 65536\n"
     "Flags = exact-chunk\n",
     NULL,
     "opcode 3b errno 22",
     1,
     FWUPD_ERROR_NOT_SUPPORTED,
     "segment 1 of 2, MODE 0x07, 65536 bytes at 0x0: the kernel or the host adapter refused the "
     "transfer (Invalid argument on /dev/sg0): it may be too large for the adapter: set a smaller "
     "ScsiWbChunkSize"},
    {"single-command-refused",
     "std-offset0",
     "[SCSI\\VEN_WBSTD]\nScsiWbMode = auto\n",
     NULL,
     "segment 1 errno 5",
     1,
     FWUPD_ERROR_NOT_SUPPORTED,
     "segment 1 of 1, MODE 0x05, 100000 bytes at 0x0: the kernel or the host adapter refused the "
     "transfer (Input/output error on /dev/sg0): it may be too large for the adapter: set a "
     "smaller ScsiWbChunkSize"},
    {"last-of-several-ways",
     "std-silent",
     "[SCSI\\VEN_WBSTD]\nScsiWbMode = auto\n",
     NULL,
     "segment 1 sense 5/24/00\nsegment 2 sense 5/24/00\nsegment 3 errno 22",
     3,
     FWUPD_ERROR_NOT_SUPPORTED,
     "segment 1 of 1, MODE 0x05, 100000 bytes at 0x0: the kernel or the host adapter refused the "
     "transfer (Invalid argument on /dev/sg0): it may be too large for the adapter: set a smaller "
     "ScsiWbChunkSize"},
    {"not-after-the-first",
     "seagate-sas",
     NULL,
     NULL,
     "segment 2 errno 5",
     2,
     FWUPD_ERROR_NOT_SUPPORTED,
     "segment 2 of 4, MODE 0x07, 32768 bytes at 0x8000: the kernel or the host adapter refused the "
     "transfer (Input/output error on /dev/sg0): it may be too large for the adapter: set a "
     "smaller ScsiWbChunkSize"},

    /* segment 2 has reset the device, and segment 3 is the first one again: the device has
     * accepted something before */
    {"not-after-starting-over",
     "seagate-sas",
     NULL,
     NULL,
     "segment 2 reset\nsegment 3 errno 12",
     3,
     FWUPD_ERROR_BUSY,
     "segment 1 of 4, MODE 0x07, 32768 bytes at 0x0: the kernel has no memory for the transfer "
     "(Cannot allocate memory on /dev/sg0): update again later, or set a smaller "
     "ScsiWbChunkSize"},
};

static void
fu_test_scsi_wb_flow_limits_error_func(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(error_rows); i++) {
		gboolean ret;
		g_autoptr(FlowBed) bed = flow_bed_new(error_rows[i].model, error_rows[i].rows);
		g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 100000);
		g_autoptr(GError) error = NULL;

		g_test_message("row: %s", error_rows[i].name);
		fu_test_scsi_wb_flow_write_queue(bed,
						 "max_hw_sectors_kb",
						 error_rows[i].max_hw_sectors_kb);
		flow_bed_assert_enumerated(bed);
		flow_bed_set_faults(bed, error_rows[i].faults);
		flow_bed_mark(bed);
		ret = flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error);
		g_assert_error(error, FWUPD_ERROR, (gint)error_rows[i].code);
		g_assert_cmpstr(error->message, ==, error_rows[i].message);
		g_assert_false(ret);
		g_assert_cmpuint(flow_bed_count_segments(bed), ==, error_rows[i].segments);
		flow_bed_assert_untouched(bed);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/limits", limits_rows, fu_test_scsi_wb_flow_limits_func);
	g_test_add_func("/scsi-wb/flow/limits/memory", fu_test_scsi_wb_flow_limits_memory_func);
	g_test_add_func("/scsi-wb/flow/limits/error", fu_test_scsi_wb_flow_limits_error_func);
	return g_test_run();
}
