/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-bed.h"
#include "flow-dry.h"
#include "wbt-model.h"

/* every way to transfer an image that a quirk row can describe, each against a device that takes it
 * in that way and in no other */

#define FLOW_MODEL(...)                                                                            \
	{                                                                                          \
		.name = "strategy", .vendor = "ACME", .product = "STRATEGY", .revision = "0001",   \
		.peripheral_type = WBT_TYPE_TAPE, .no_medium = true, __VA_ARGS__                   \
	}
#define FLOW_ROW(text) "[SCSI\\VEN_ACME&DEV_STRATEGY]\n" text

static const WbtModeRule rules_07[] = {
    {.mode = 0x07, .end = WBT_END_IMAGE_ARRIVED, .effect = WBT_EFFECT_SAVE_RUN},
};

static const WbtModeRule rules_05_zero_offset[] = {
    {.mode = 0x05,
     .end = WBT_END_IMAGE_ARRIVED,
     .effect = WBT_EFFECT_SAVE_RUN,
     .offset = WBT_OFFSET_ZERO},
};

static const WbtModeRule rules_04_05[] = {
    {.mode = 0x04, .end = WBT_END_NEVER},
    {.mode = 0x05,
     .end = WBT_END_THIS_COMMAND,
     .effect = WBT_EFFECT_SAVE_RUN,
     .continues = WBT_MODE_BIT(0x04)},
};

static const WbtModeRule rules_04_commit_05[] = {
    {.mode = 0x04, .end = WBT_END_NEVER},
    {.mode = 0x05,
     .end = WBT_END_THIS_COMMAND,
     .effect = WBT_EFFECT_SAVE_RUN,
     .offset = WBT_OFFSET_ZERO,
     .zero_length = WBT_ZERO_LENGTH_TAKEN,
     .continues = WBT_MODE_BIT(0x04)},
};

static const WbtModeRule rules_05_whole[] = {
    {.mode = 0x05,
     .end = WBT_END_THIS_COMMAND,
     .effect = WBT_EFFECT_SAVE_RUN,
     .offset = WBT_OFFSET_ZERO},
};

static const WbtModeRule rules_0d[] = {
    {.mode = 0x0d, .end = WBT_END_IMAGE_ARRIVED, .effect = WBT_EFFECT_DEFER, .events = 4},
    {.mode = 0x0f, .end = WBT_END_NO_DOWNLOAD},
};

/**
 * FlowStrategyRow:
 * @rows: the quirk row that fits the model
 * @wrong_rows: one that does not
 * @chunk_bytes: around it the sizes are chosen
 * @align_bytes: what all sizes are a multiple of
 * @min_bytes: smaller images than that the model does not take
 * @cdb: (nullable): CDB of the last WRITE BUFFER of an image of two and a half chunks, but for its
 * PARAMETER LIST LENGTH
 **/
typedef struct {
	const gchar *name;
	WbtModel model;
	const gchar *rows;
	const gchar *wrong_rows;
	gsize chunk_bytes;
	gsize align_bytes;
	gsize min_bytes;
	guint8 cdb[6];
} FlowStrategyRow;

static const FlowStrategyRow rows[] = {
    {.name = "increment-buffer-id",
     .model = FLOW_MODEL(.rules = rules_05_zero_offset,
			 .n_rules = 1,
			 .offset_unit_bytes = 1,
			 .id_rule = WBT_ID_INCREMENT,
			 .first_buffer_id = 2),
     .rows = FLOW_ROW("ScsiWbMode = 0x05\nScsiWbChunkSize = 4096\nScsiWbBufferId = 2\n"
		      "Flags = increment-buffer-id\n"),
     .wrong_rows = FLOW_ROW("ScsiWbMode = 0x05\nScsiWbChunkSize = 4096\nScsiWbBufferId = 2\n"),
     .chunk_bytes = 4096,
     .align_bytes = 1,
     .cdb = {0x3b, 0x05, 0x04, 0x00, 0x00, 0x00}},
    {.name = "fixed-offset",
     .model = FLOW_MODEL(.rules = rules_05_zero_offset, .n_rules = 1, .offset_unit_bytes = 1),
     .rows = FLOW_ROW("ScsiWbMode = 0x05\nScsiWbChunkSize = 8240\nFlags = fixed-offset\n"),
     .wrong_rows = FLOW_ROW("ScsiWbMode = 0x05\nScsiWbChunkSize = 8240\n"),
     .chunk_bytes = 8240,
     .align_bytes = 1,
     .cdb = {0x3b, 0x05, 0x00, 0x00, 0x00, 0x00}},
    {.name = "offset-unit",
     .model = FLOW_MODEL(.rules = rules_07, .n_rules = 1, .offset_unit_bytes = 65536),
     .rows = FLOW_ROW("ScsiWbMode = 0x07\nScsiWbChunkSize = 65536\nScsiWbOffsetUnit = 65536\n"),
     .wrong_rows = FLOW_ROW("ScsiWbMode = 0x07\nScsiWbChunkSize = 65536\n"),
     .chunk_bytes = 65536,
     .align_bytes = 1,
     .cdb = {0x3b, 0x07, 0x00, 0x00, 0x00, 0x02}},
    {.name = "exact-chunk",
     .model = FLOW_MODEL(.rules = rules_07,
			 .n_rules = 1,
			 .offset_unit_bytes = 1,
			 .exact_segment_bytes = 262144),
     .rows = FLOW_ROW("ScsiWbMode = 0x07\nScsiWbChunkSize = 0x40000\nFlags = exact-chunk\n"),
     .wrong_rows = FLOW_ROW("ScsiWbMode = 0x07\n"),
     .chunk_bytes = 262144,
     .align_bytes = 1,
     .min_bytes = 262144,
     .cdb = {0x3b, 0x07, 0x00, 0x08, 0x00, 0x00}},
    {.name = "mode-last",
     .model = FLOW_MODEL(.rules = rules_04_05,
			 .n_rules = 2,
			 .offset_unit_bytes = 1,
			 .segment_align_bytes = 8192),
     .rows = FLOW_ROW("ScsiWbMode = 0x04\nScsiWbModeLast = 0x05\nScsiWbChunkSize = 8192\n"
		      "ScsiWbChunkAlign = 8192\n"),
     .wrong_rows = FLOW_ROW("ScsiWbMode = 0x05\nScsiWbModeLast = 0x07\n"),
     .chunk_bytes = 16384,
     .align_bytes = 8192,
     .cdb = {0x3b, 0x05, 0x00, 0x00, 0x80, 0x00}},
    {.name = "commit-zero-length",
     .model = FLOW_MODEL(.rules = rules_04_commit_05, .n_rules = 2, .offset_unit_bytes = 1),
     .rows = FLOW_ROW("ScsiWbMode = 0x04\nScsiWbModeLast = 0x05\nScsiWbChunkSize = 4096\n"
		      "Flags = commit-zero-length\n"),
     .wrong_rows = FLOW_ROW("ScsiWbMode = 0x04\nScsiWbModeLast = 0x05\nScsiWbChunkSize = 4096\n"),
     .chunk_bytes = 4096,
     .align_bytes = 1,
     .cdb = {0x3b, 0x05, 0x00, 0x00, 0x00, 0x00}},
    {.name = "single-command",
     .model = FLOW_MODEL(.rules = rules_05_whole, .n_rules = 1, .offset_unit_bytes = 1),
     .rows = FLOW_ROW("ScsiWbMode = 0x05\nFlags = single-command\n"),
     .wrong_rows = FLOW_ROW("ScsiWbMode = 0x05\nScsiWbChunkSize = 1024\n"),
     .chunk_bytes = 32768,
     .align_bytes = 1,
     .cdb = {0x3b, 0x05, 0x00, 0x00, 0x00, 0x00}},
    {.name = "buffer-id",
     .model = FLOW_MODEL(.rules = rules_07,
			 .n_rules = 1,
			 .offset_unit_bytes = 1,
			 .first_buffer_id = 0xfa),
     .rows = FLOW_ROW("ScsiWbMode = 0x07\nScsiWbBufferId = 0xfa\n"),
     .wrong_rows = FLOW_ROW("ScsiWbMode = 0x07\n"),
     .chunk_bytes = 32768,
     .align_bytes = 1,
     .cdb = {0x3b, 0x07, 0xfa, 0x01, 0x00, 0x00}},
    {.name = "select-activation-events",
     .model = FLOW_MODEL(.rules = rules_0d,
			 .n_rules = 2,
			 .offset_unit_bytes = 1,
			 .descriptor_sense = true),
     .rows = FLOW_ROW("ScsiWbMode = 0x0d\nScsiWbModeSpecific = 4\n"),
     .wrong_rows = FLOW_ROW("ScsiWbMode = 0x0d\nScsiWbModeSpecific = 2\n"),
     .chunk_bytes = 32768,
     .align_bytes = 1,
     .cdb = {0x3b, 0x8d, 0x00, 0x01, 0x00, 0x00}},
};

static FlowBed *
fu_test_scsi_wb_flow_new_bed(const FlowStrategyRow *row, const gchar *quirk_rows)
{
	g_autoptr(FlowBed) bed = flow_bed_new_for_model(&row->model, quirk_rows);

	flow_bed_assert_enumerated(bed);
	return g_steal_pointer(&bed);
}

static void
fu_test_scsi_wb_flow_update(FlowBed *bed, gsize size_bytes)
{
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", size_bytes);

	g_test_message("%" G_GSIZE_FORMAT " bytes", size_bytes);
	flow_bed_mark(bed);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_ALLOW_REINSTALL);
	flow_bed_assert_uninterrupted(bed);
	if (fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION)) {
		flow_bed_assert_activated(bed);
		fu_device_remove_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION);
	}
	flow_bed_assert_updated(bed, image, "0002");
}

/* sizes at the edges of segments, and one in the middle of one */
static void
fu_test_scsi_wb_flow_sizes_func(gconstpointer user_data)
{
	const FlowStrategyRow *row = user_data;
	const gsize sizes[] = {
	    row->chunk_bytes - row->align_bytes,
	    row->chunk_bytes,
	    row->chunk_bytes + row->align_bytes,
	    row->chunk_bytes * 3,
	    row->chunk_bytes * 2 + row->align_bytes * 1789,
	};
	g_autoptr(FlowBed) bed = fu_test_scsi_wb_flow_new_bed(row, row->rows);

	for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
		if (sizes[i] >= row->min_bytes)
			fu_test_scsi_wb_flow_update(bed, sizes[i]);
	}
}

static void
fu_test_scsi_wb_flow_cdb_func(gconstpointer user_data)
{
	const FlowStrategyRow *row = user_data;
	const WbtLogEntry *last = NULL;
	g_autoptr(FlowBed) bed = fu_test_scsi_wb_flow_new_bed(row, row->rows);

	fu_test_scsi_wb_flow_update(bed, row->chunk_bytes * 5 / 2);
	for (gsize i = bed->mark; i < wbt_target_log_count(bed->target); i++) {
		const WbtLogEntry *entry = wbt_target_log_get(bed->target, i);
		if (entry->cdb[0] == 0x3b && (entry->cdb[1] & 0x1f) != 0x0f)
			last = entry;
	}
	g_assert_nonnull(last);
	g_assert_cmpmem(last->cdb, sizeof(row->cdb), row->cdb, sizeof(row->cdb));
}

/* a dry run knows every way, too */
static void
fu_test_scsi_wb_flow_plan_func(gconstpointer user_data)
{
	const FlowStrategyRow *row = user_data;
	gsize size_bytes = row->chunk_bytes * 5 / 2;
	g_autoptr(FlowBed) bed = flow_bed_new_for_model(&row->model, row->rows);
	g_autoptr(FuScsiWbDryRun) dry_run = NULL;
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", size_bytes);
	g_autoptr(GError) error = NULL;

	dry_run = flow_dry_run(bed, size_bytes, &error);
	g_assert_no_error(error);
	flow_dry_assert_replayed(bed, dry_run);
	flow_bed_mark(bed);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	flow_dry_assert_carried_out(bed, dry_run);
}

/* the device takes it in no other way, and keeps what it had */
static void
fu_test_scsi_wb_flow_wrong_func(gconstpointer user_data)
{
	const FlowStrategyRow *row = user_data;
	gboolean ret;
	g_autoptr(FlowBed) bed = fu_test_scsi_wb_flow_new_bed(row, row->wrong_rows);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", row->chunk_bytes * 5 / 2);
	g_autoptr(GError) error = NULL;

	ret = flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error);
	g_assert_nonnull(error);
	g_assert_false(ret);
	g_test_message("%s", error->message);
	flow_bed_assert_untouched(bed);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/strategy/sizes", rows, fu_test_scsi_wb_flow_sizes_func);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/strategy/cdb", rows, fu_test_scsi_wb_flow_cdb_func);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/strategy/plan", rows, fu_test_scsi_wb_flow_plan_func);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/strategy/wrong", rows, fu_test_scsi_wb_flow_wrong_func);
	return g_test_run();
}
