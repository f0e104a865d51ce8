/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-book-wrong.h"

/* what a device wants whatever the mode is */

#define FLOW_BOOK_MESSAGE_CAPACITY                                                                 \
	"^(the image has \\d+ bytes), (but the device's buffer only \\d+ \\(.+\\)): "              \
	"(it is made for another device)$"
#define FLOW_BOOK_MESSAGE_ONE_COMMAND                                                              \
	"^(the device takes an image) (only in one command \\(.+\\)), (and this one is too large " \
	"for that)$"
#define FLOW_BOOK_MESSAGE_BOTH_FLAGS                                                               \
	"^(quirk row) (cannot work): (single-command and increment-buffer-id exclude each "        \
	"other)$"
#define FLOW_BOOK_MESSAGE_READY                                                                    \
	"^(before the update): (the device takes firmware only when it is not ready): (.+)$"
#define FLOW_BOOK_MESSAGE_NOT_READY                                                                \
	"^(before the update): (the device has no medium \\(.+\\)): (load one, .+)$"

/* modes in which microcode is sent; those that most devices know come last, as one that says in
 * VPD page 86h that it cannot defer is refused 0Dh by the plugin */
static guint8
fu_test_scsi_wb_flow_book_get_unknown_mode(const WbtModel *model)
{
	const guint8 modes[] = {0x06, 0x07, 0x04, 0x05, 0x0e, 0x0d};

	for (guint i = 0; i < G_N_ELEMENTS(modes); i++) {
		if (wbt_model_rule(model, modes[i]) == NULL)
			return modes[i];
	}
	return 0;
}

/* the project's way, if it is one of several segments, else another, else nothing */
static const WbtModeRule *
fu_test_scsi_wb_flow_book_find_part(FlowBookMaker *maker)
{
	const WbtModeRule *rule = wbt_model_rule(maker->model, maker->book_case->row->mode);

	if (flow_book_rule_is_part(rule))
		return rule;
	for (gsize i = 0; i < maker->model->n_rules; i++) {
		if (flow_book_rule_is_part(&maker->model->rules[i]))
			return &maker->model->rules[i];
	}
	return NULL;
}

static void
fu_test_scsi_wb_flow_book_make_modes(FlowBookMaker *maker)
{
	const WbtModeRule *part = fu_test_scsi_wb_flow_book_find_part(maker);
	guint8 unknown = fu_test_scsi_wb_flow_book_get_unknown_mode(maker->model);
	FlowBookWrong *wrong = flow_book_wrong_new(maker, 0, "rules", "a mode it does not know");

	flow_book_wrong_add_cover(wrong, 0, "n_rules");
	if (unknown == 0) {
		flow_book_wrong_expect_plugin(wrong, FLOW_BOOK_BY_NOBODY, NULL);
		wrong->reason = "it knows all the modes that a row may name";
		return;
	}
	flow_book_wrong_set_modes(maker, wrong, unknown, unknown);
	flow_book_wrong_expect(wrong, 1, FLOW_BOOK_ASC_FIELD, FLOW_BOOK_FIELD_MODE);

	wrong = flow_book_wrong_new(maker, 0, "rules", "a last mode it does not know");
	flow_book_wrong_expect(wrong,
			       FLOW_BOOK_SEGMENT_LAST,
			       FLOW_BOOK_ASC_FIELD,
			       FLOW_BOOK_FIELD_MODE);
	if (part != NULL) {
		flow_book_wrong_set_modes(maker, wrong, part->mode, unknown);
		return;
	}
	/* the only segment is the last one, too */
	flow_book_wrong_set_modes(maker, wrong, maker->book_case->row->mode, unknown);
	wrong->size_bytes = maker->chunk_bytes;
}

static void
fu_test_scsi_wb_flow_book_make_id(FlowBookMaker *maker)
{
	guint8 id = maker->model->first_buffer_id + 1;
	FlowBookWrong *wrong;

	if (maker->model->id_rule == WBT_ID_IGNORED)
		return;
	wrong = flow_book_wrong_new(maker, 0, "first_buffer_id", "another BUFFER ID");
	flow_book_wrong_add_cover(wrong, 0, "id_rule");
	flow_book_wrong_add_number(maker, wrong, "ScsiWbBufferId", id);
	flow_book_wrong_expect(wrong, 1, FLOW_BOOK_ASC_FIELD, FLOW_BOOK_FIELD_ID);
}

/* a device that counts takes a BUFFER ID that is not counted for another beginning */
static void
fu_test_scsi_wb_flow_book_make_id_count(FlowBookMaker *maker)
{
	FlowBookWrong *wrong;

	if (maker->model->id_rule == WBT_ID_IGNORED)
		return;
	if (maker->model->id_rule == WBT_ID_INCREMENT) {
		wrong = flow_book_wrong_new(maker, 0, "id_rule", "BUFFER ID is not counted");
		flow_book_wrong_drop_flag(maker, wrong, "increment-buffer-id");
		flow_book_wrong_add_flag(wrong, "fixed-offset");
		flow_book_wrong_expect(wrong, 2, FLOW_BOOK_ASC_IMAGE, NULL);
		wrong = flow_book_wrong_new(maker, 0, "id_rule", "BUFFER ID skips one");
		flow_book_wrong_expect_plugin(wrong, FLOW_BOOK_BY_NOBODY, NULL);
		wrong->reason = "every row counts by one, or not at all";
		return;
	}
	wrong = flow_book_wrong_new(maker, 0, "id_rule", "BUFFER ID is counted");
	flow_book_wrong_add_flag(wrong, "increment-buffer-id");
	flow_book_wrong_expect(wrong, 2, FLOW_BOOK_ASC_FIELD, FLOW_BOOK_FIELD_ID);
	if (flow_book_is_single(maker->book_case->row))
		flow_book_wrong_expect_plugin(wrong,
					      FLOW_BOOK_BY_PLUGIN,
					      FLOW_BOOK_MESSAGE_BOTH_FLAGS);
}

static void
fu_test_scsi_wb_flow_book_make_max(FlowBookMaker *maker)
{
	const WbtModel *model = maker->model;
	guint32 align_bytes = MAX(model->segment_align_bytes, 1);
	guint32 chunk_bytes =
	    model->max_segment_bytes - model->max_segment_bytes % align_bytes + align_bytes;
	FlowBookWrong *wrong;

	if (model->max_segment_bytes == 0)
		return;
	wrong = flow_book_wrong_new(maker, 0, "max_segment_bytes", "a longer segment");
	flow_book_wrong_add_number(maker, wrong, "ScsiWbChunkSize", chunk_bytes);
	wrong->size_bytes = chunk_bytes + maker->step_bytes;
	flow_book_wrong_expect(wrong, 1, FLOW_BOOK_ASC_FIELD, FLOW_BOOK_FIELD_LENGTH);
}

static void
fu_test_scsi_wb_flow_book_make_exact(FlowBookMaker *maker)
{
	const WbtModel *model = maker->model;
	guint32 align_bytes = MAX(model->segment_align_bytes, 1);
	guint32 chunk_bytes = model->exact_segment_bytes / 2;
	FlowBookWrong *wrong;

	if (model->exact_segment_bytes == 0)
		return;
	chunk_bytes -= chunk_bytes % align_bytes;
	if (chunk_bytes == 0)
		chunk_bytes = model->exact_segment_bytes + align_bytes;
	wrong = flow_book_wrong_new(maker, 0, "exact_segment_bytes", "shorter segments");
	flow_book_wrong_add_number(maker, wrong, "ScsiWbChunkSize", chunk_bytes);
	if (model->offset_unit_bytes > 1)
		flow_book_wrong_add_number(maker, wrong, "ScsiWbOffsetUnit", chunk_bytes);
	flow_book_wrong_expect(wrong, 1, FLOW_BOOK_ASC_FIELD, FLOW_BOOK_FIELD_LENGTH);
}

/* the last segment has what is left of an image that the row does not measure */
static void
fu_test_scsi_wb_flow_book_make_align(FlowBookMaker *maker)
{
	guint32 align_bytes = maker->model->segment_align_bytes;
	FlowBookWrong *wrong;

	if (align_bytes <= 1)
		return;
	wrong = flow_book_wrong_new(maker, 0, "segment_align_bytes", "an odd length");
	flow_book_wrong_add_number(maker, wrong, "ScsiWbChunkAlign", 1);
	if (maker->book_case->row->has_header)
		flow_book_wrong_add_key(maker, wrong, "FirmwareGType", "FuFirmware");
	wrong->size_bytes = maker->chunk_bytes + align_bytes - 1;
	flow_book_wrong_expect(wrong,
			       FLOW_BOOK_SEGMENT_LAST,
			       FLOW_BOOK_ASC_FIELD,
			       FLOW_BOOK_FIELD_LENGTH);
}

/* every segment's, so that no boundary can be missed */
static gboolean
fu_test_scsi_wb_flow_book_offset_is_zero(const WbtModel *model)
{
	for (gsize i = 0; i < model->n_rules; i++) {
		if (model->rules[i].offset != WBT_OFFSET_ZERO)
			return FALSE;
	}
	return TRUE;
}

/* one segment is a step shorter, if that is no multiple of the boundary; else the offset counts
 * something else than bytes */
static void
fu_test_scsi_wb_flow_book_make_boundary(FlowBookMaker *maker)
{
	guint32 chunk_bytes = maker->chunk_bytes;
	guint32 step_bytes = MAX(maker->model->segment_align_bytes, 1);
	guint64 boundary_bytes = 1ull << MIN(maker->model->boundary_exponent, 32);
	guint32 unit = 1;
	FlowBookWrong *wrong;

	if (maker->model->boundary_exponent == 0)
		return;
	wrong = flow_book_wrong_new(maker, 0, "boundary_exponent", "an offset between");
	flow_book_wrong_expect(wrong, 2, FLOW_BOOK_ASC_FIELD, FLOW_BOOK_FIELD_OFFSET);
	if (maker->model->boundary_exponent == WBT_BOUNDARY_OFFSET_0) {
		flow_book_wrong_add_number(maker, wrong, "ScsiWbChunkSize", chunk_bytes);
		flow_book_wrong_expect_plugin(wrong,
					      FLOW_BOOK_BY_PLUGIN,
					      FLOW_BOOK_MESSAGE_ONE_COMMAND);
		return;
	}
	if (fu_test_scsi_wb_flow_book_offset_is_zero(maker->model)) {
		flow_book_wrong_expect_plugin(wrong, FLOW_BOOK_BY_NOBODY, NULL);
		wrong->reason = "an offset that is not 0 is refused for being one";
		return;
	}
	if (step_bytes % boundary_bytes != 0 && maker->model->exact_segment_bytes == 0) {
		chunk_bytes -= step_bytes;
		flow_book_wrong_add_number(maker, wrong, "ScsiWbChunkSize", chunk_bytes);
		if (g_hash_table_contains(maker->section->keys, "ScsiWbChunkAlign"))
			flow_book_wrong_add_number(maker, wrong, "ScsiWbChunkAlign", step_bytes);
		return;
	}
	while (chunk_bytes / unit % boundary_bytes == 0)
		unit *= 2;
	flow_book_wrong_add_number(maker, wrong, "ScsiWbChunkSize", chunk_bytes);
	flow_book_wrong_add_number(maker, wrong, "ScsiWbOffsetUnit", unit);
}

/* the plugin knows the capacity of the buffer that it asks for */
static gboolean
fu_test_scsi_wb_flow_book_says_capacity(const FlowBookMaker *maker)
{
	const WbtModel *model = maker->model;

	return model->read_buffer && !model->capacity_not_given &&
	       model->wrong_descriptor == NULL &&
	       maker->book_case->row->id == model->first_buffer_id;
}

static FlowBookWrong *
fu_test_scsi_wb_flow_book_make_too_large(FlowBookMaker *maker,
					 const gchar *field,
					 const gchar *what)
{
	const WbtModeRule *rule = wbt_model_rule(maker->model, maker->book_case->row->mode);
	guint32 capacity_bytes = maker->model->capacity_bytes;
	FlowBookWrong *wrong = flow_book_wrong_new(maker, 0, field, what);

	/* INVALID FIELD drops nothing, and without offsets nothing else begins anew: the buffer is
	 * full until the device is reset, or told to clear it */
	wrong->needs_power_cycle = rule->offset == WBT_OFFSET_IGNORED;
	wrong->size_bytes = capacity_bytes - capacity_bytes % maker->step_bytes + maker->step_bytes;
	/* the last segment is the one with what is too much */
	flow_book_wrong_drop_flag(maker, wrong, "commit-zero-length");
	flow_book_wrong_expect(wrong,
			       FLOW_BOOK_SEGMENT_LAST,
			       FLOW_BOOK_ASC_FIELD,
			       FLOW_BOOK_FIELD_LENGTH);
	return wrong;
}

static void
fu_test_scsi_wb_flow_book_make_capacity(FlowBookMaker *maker)
{
	gboolean says_capacity = fu_test_scsi_wb_flow_book_says_capacity(maker);
	FlowBookWrong *wrong;

	if (maker->model->capacity_bytes == 0)
		return;
	wrong = fu_test_scsi_wb_flow_book_make_too_large(maker, "capacity_bytes", "a larger image");
	if (says_capacity)
		flow_book_wrong_expect_plugin(wrong,
					      FLOW_BOOK_BY_PLUGIN,
					      FLOW_BOOK_MESSAGE_CAPACITY);
	if (!says_capacity || maker->model->id_rule != WBT_ID_IGNORED)
		return;
	/* nothing but the question depends on the BUFFER ID */
	wrong = fu_test_scsi_wb_flow_book_make_too_large(maker,
							 "first_buffer_id",
							 "the capacity of another buffer");
	flow_book_wrong_add_number(maker,
				   wrong,
				   "ScsiWbBufferId",
				   maker->model->first_buffer_id + 1);
}

static void
fu_test_scsi_wb_flow_book_make_aborts(FlowBookMaker *maker)
{
	FlowBookWrong *wrong;

	if (!maker->model->other_commands_abort)
		return;
	wrong = flow_book_wrong_new(maker, 0, "other_commands_abort", "another command between");
	flow_book_wrong_expect_plugin(wrong, FLOW_BOOK_BY_NOBODY, NULL);
	wrong->reason = "no row makes the plugin send anything between two segments";
}

/* the rule is in force only between modes that exclude each other: see flow-book-wrong-mode.c */
static void
fu_test_scsi_wb_flow_book_make_change(FlowBookMaker *maker)
{
	FlowBookWrong *wrong;

	if (maker->model->mode_change == WBT_MODE_CHANGE_RESTARTS)
		return;
	for (gsize i = 0; i < maker->model->n_rules; i++) {
		if (flow_book_rule_find_stranger(maker->model, &maker->model->rules[i]) != NULL)
			return;
	}
	wrong = flow_book_wrong_new(maker, 0, "mode_change", "another mode");
	flow_book_wrong_expect_plugin(wrong, FLOW_BOOK_BY_NOBODY, NULL);
	wrong->reason = "none of its modes excludes another one, so it says nothing here";
}

/* the device is as it has to be, and the row wants it otherwise */
static void
fu_test_scsi_wb_flow_book_make_ready(FlowBookMaker *maker)
{
	WbtBookReady ready = maker->book_case->family->ready;
	FlowBookWrong *wrong;

	if (ready == WBT_BOOK_READY_ANY)
		return;
	wrong = flow_book_wrong_new(maker, 0, "ready", "the medium in the wrong place");
	flow_book_wrong_add_key(maker,
				wrong,
				"ScsiWbReadiness",
				ready == WBT_BOOK_READY_YES ? "not-ready" : "ready");
	flow_book_wrong_expect_plugin(wrong,
				      FLOW_BOOK_BY_PLUGIN,
				      ready == WBT_BOOK_READY_YES ? FLOW_BOOK_MESSAGE_READY
								  : FLOW_BOOK_MESSAGE_NOT_READY);
}

void
flow_book_make_for_model(FlowBookMaker *maker)
{
	fu_test_scsi_wb_flow_book_make_modes(maker);
	fu_test_scsi_wb_flow_book_make_id(maker);
	fu_test_scsi_wb_flow_book_make_id_count(maker);
	fu_test_scsi_wb_flow_book_make_max(maker);
	fu_test_scsi_wb_flow_book_make_exact(maker);
	fu_test_scsi_wb_flow_book_make_align(maker);
	fu_test_scsi_wb_flow_book_make_boundary(maker);
	fu_test_scsi_wb_flow_book_make_capacity(maker);
	fu_test_scsi_wb_flow_book_make_aborts(maker);
	fu_test_scsi_wb_flow_book_make_change(maker);
	fu_test_scsi_wb_flow_book_make_ready(maker);
}
