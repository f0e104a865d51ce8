/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-book.h"

#define FLOW_BOOK_SIZE_BYTES 100001

FlowBed *
flow_book_new_bed(const WbtModel *model)
{
	g_autoptr(FlowBed) bed = flow_bed_new_for_model(model, NULL);

	flow_bed_assert_enumerated(bed);
	g_assert_cmpstr(fu_device_get_update_error(bed->device), ==, NULL);
	g_assert_true(fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_UPDATABLE));
	return g_steal_pointer(&bed);
}

gsize
flow_book_get_size_bytes(const FlowBookRow *row)
{
	return row->size_bytes != 0 ? row->size_bytes : FLOW_BOOK_SIZE_BYTES;
}

/* the segments that the device took are those of its document */
static void
fu_test_scsi_wb_flow_book_assert_segments(FlowBed *bed, const FlowBookRow *row)
{
	const WbtLogEntry *first = NULL;
	const WbtLogEntry *last = NULL;
	gsize max_bytes = 0;
	guint segments = 0;

	for (gsize i = bed->mark; i < wbt_target_log_count(bed->target); i++) {
		const WbtLogEntry *entry = wbt_target_log_get(bed->target, i);
		if (!flow_bed_is_segment(entry) || entry->status != WBT_STATUS_GOOD)
			continue;
		first = first != NULL ? first : entry;
		last = entry;
		max_bytes = MAX(max_bytes, entry->data_out_bytes);
		segments++;
	}
	g_assert_nonnull(first);
	g_assert_cmphex(first->cdb[1], ==, row->mode);
	g_assert_cmphex(first->cdb[2], ==, row->id);
	g_assert_cmphex(last->cdb[1], ==, row->mode_last);
	g_assert_cmphex(last->cdb[2], ==, row->id_last);
	g_assert_cmpuint(max_bytes, ==, row->chunk_bytes);
	g_assert_cmpuint(segments, ==, row->segments);
}

/* brings what waits for it into use */
static void
fu_test_scsi_wb_flow_book_activate(FlowBed *bed, const FlowBookRow *row)
{
	gboolean is_waiting = fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION);

	g_assert_true(is_waiting == row->is_deferred);
	g_assert_false(fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_SHUTDOWN));
	g_assert_true(fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_REBOOT) ==
		      row->needs_reboot);
	if (row->needs_reboot) {
		wbt_target_power_cycle(bed->target);
		flow_bed_restart_daemon(bed);
	}
	if (!is_waiting)
		return;
	flow_bed_assert_activated(bed);
	fu_device_remove_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION);
}

void
flow_book_assert_taken(FlowBed *bed,
		       const FlowBookRow *row,
		       GBytes *file,
		       GBytes *image,
		       const gchar *revision)
{
	flow_bed_mark(bed);
	flow_bed_assert_installed(bed, file, FWUPD_INSTALL_FLAG_NONE);
	flow_bed_assert_uninterrupted(bed);
	fu_test_scsi_wb_flow_book_assert_segments(bed, row);
	fu_test_scsi_wb_flow_book_activate(bed, row);
	flow_bed_assert_updated(bed, image, revision);
}

void
flow_book_assert_update(FlowBed *bed, const FlowBookRow *row, const gchar *revision)
{
	g_autoptr(GBytes) image = flow_bed_new_image(bed, revision, flow_book_get_size_bytes(row));

	flow_book_assert_taken(bed, row, image, image, revision);
}

void
flow_book_assert_next(FlowBed *bed, const FlowBookRow *row, const gchar *revision)
{
	g_autoptr(GBytes) image = flow_bed_new_image(bed, revision, flow_book_get_size_bytes(row));

	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	fu_test_scsi_wb_flow_book_activate(bed, row);
	flow_bed_assert_updated(bed, image, revision);
}

void
flow_book_assert_refused(FlowBed *bed, gsize size_bytes)
{
	gboolean ret;
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", size_bytes);
	g_autoptr(GError) error = NULL;

	flow_bed_mark(bed);
	ret = flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error);
	g_assert_nonnull(error);
	g_assert_false(ret);
	g_test_message("%s", error->message);
	g_assert_cmpuint(flow_bed_count_segments(bed), ==, 0);
	flow_bed_assert_untouched(bed);
}

gboolean
flow_book_is_single(const FlowBookRow *row)
{
	return row->segments == 1;
}

gsize
flow_book_get_chunk_bytes(const FlowBookRow *row)
{
	return flow_book_is_single(row) ? FLOW_BOOK_NOMINAL_BYTES : row->chunk_bytes;
}

gsize
flow_book_get_step_bytes(const FlowBookRow *row)
{
	return MAX(row->size_step_bytes, 1);
}

static guint
fu_test_scsi_wb_flow_book_count_chunks(const FlowBookRow *row, gsize size_bytes)
{
	return flow_book_is_single(row) ? 1
					: (size_bytes + row->chunk_bytes - 1) / row->chunk_bytes;
}

/* a maker that ends a download with an empty segment does so for any size, one that counts buffers
 * goes on counting */
FlowBookRow
flow_book_get_row_for(const FlowBookRow *row, gsize size_bytes)
{
	guint chunks = fu_test_scsi_wb_flow_book_count_chunks(row, flow_book_get_size_bytes(row));
	FlowBookRow other = *row;

	other.size_bytes = size_bytes;
	other.segments = row->segments - chunks;
	other.segments += fu_test_scsi_wb_flow_book_count_chunks(row, size_bytes);
	if (flow_book_is_single(row) || size_bytes < row->chunk_bytes)
		other.chunk_bytes = size_bytes;
	if (row->id_last != row->id)
		other.id_last = row->id + other.segments - 1;
	if (other.segments == 1)
		other.mode = row->mode_last;
	return other;
}
