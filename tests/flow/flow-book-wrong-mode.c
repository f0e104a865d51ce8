/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-book-wrong.h"

/* what a device wants of one mode */

#define FLOW_BOOK_MESSAGE_NO_DOWNLOAD                                                              \
	"^(quirk key ScsiWbMode = 0x0f): (is not one of) (auto, 0x04, .+)$"
#define FLOW_BOOK_MESSAGE_NOTHING_DONE                                                             \
	"^(the device accepted the whole image), (but still runs revision \\S+): (it .+)$"

/* the segment of the mode in question: the last one if another mode has to go before it, and then
 * two are enough, else the second */
static guint
fu_test_scsi_wb_flow_book_set_way(FlowBookMaker *maker,
				  FlowBookWrong *wrong,
				  const WbtModeRule *rule)
{
	const WbtModeRule *other;

	if (flow_book_rule_is_part(rule)) {
		other = flow_book_rule_find_end(maker->model, rule);
		flow_book_wrong_set_modes(maker,
					  wrong,
					  rule->mode,
					  other != NULL ? other->mode : rule->mode);
		return 2;
	}
	other = flow_book_rule_find_before(maker->model, rule);
	g_assert_nonnull(other);
	flow_book_wrong_set_modes(maker, wrong, other->mode, rule->mode);
	wrong->size_bytes = maker->chunk_bytes + maker->step_bytes;
	return FLOW_BOOK_SEGMENT_LAST;
}

static void
fu_test_scsi_wb_flow_book_make_unit(FlowBookMaker *maker, const WbtModeRule *rule)
{
	guint32 unit_bytes = maker->model->offset_unit_bytes;
	guint32 unit_wrong_bytes = unit_bytes > 1 ? 1 : 2;
	guint segment;
	FlowBookWrong *wrong =
	    flow_book_wrong_new(maker, rule->mode, "offset", "counted in the wrong unit");

	flow_book_wrong_add_cover(wrong, 0, "offset_unit_bytes");
	segment = fu_test_scsi_wb_flow_book_set_way(maker, wrong, rule);
	flow_book_wrong_add_number(maker, wrong, "ScsiWbChunkSize", maker->chunk_bytes);
	flow_book_wrong_add_number(maker, wrong, "ScsiWbOffsetUnit", unit_wrong_bytes);
	flow_book_wrong_expect_offset(maker,
				      wrong,
				      segment,
				      (guint64)maker->chunk_bytes / unit_wrong_bytes * unit_bytes);
}

/* at offset 0 a download begins, so what comes second is taken for the first piece of an image, if
 * this mode looks at it */
static void
fu_test_scsi_wb_flow_book_make_fixed(FlowBookMaker *maker, const WbtModeRule *rule)
{
	guint segment;
	FlowBookWrong *wrong;

	if (rule->end == WBT_END_NEVER)
		return;
	wrong = flow_book_wrong_new(maker, rule->mode, "offset", "does not move");
	segment = fu_test_scsi_wb_flow_book_set_way(maker, wrong, rule);
	flow_book_wrong_add_flag(wrong, "fixed-offset");
	flow_book_wrong_expect(wrong, segment, FLOW_BOOK_ASC_IMAGE, NULL);
}

static void
fu_test_scsi_wb_flow_book_make_moving(FlowBookMaker *maker, const WbtModeRule *rule)
{
	guint segment;
	FlowBookWrong *wrong = flow_book_wrong_new(maker, rule->mode, "offset", "is not 0");

	if (!flow_book_rule_is_part(rule) &&
	    flow_book_rule_find_before(maker->model, rule) == NULL) {
		flow_book_wrong_expect_plugin(wrong, FLOW_BOOK_BY_NOBODY, NULL);
		wrong->reason = "in every row the first segment is at 0, and no other can follow";
		return;
	}
	segment = fu_test_scsi_wb_flow_book_set_way(maker, wrong, rule);
	flow_book_wrong_drop_flag(maker, wrong, "increment-buffer-id");
	flow_book_wrong_drop_flag(maker, wrong, "fixed-offset");
	flow_book_wrong_expect(wrong, segment, FLOW_BOOK_ASC_FIELD, FLOW_BOOK_FIELD_OFFSET);
}

static void
fu_test_scsi_wb_flow_book_make_offset(FlowBookMaker *maker, const WbtModeRule *rule)
{
	if (rule->offset == WBT_OFFSET_CONTIGUOUS && maker->model->id_rule != WBT_ID_INCREMENT) {
		fu_test_scsi_wb_flow_book_make_unit(maker, rule);
		fu_test_scsi_wb_flow_book_make_fixed(maker, rule);
	}
	if (rule->offset == WBT_OFFSET_ZERO)
		fu_test_scsi_wb_flow_book_make_moving(maker, rule);
}

static void
fu_test_scsi_wb_flow_book_make_never(FlowBookMaker *maker, const WbtModeRule *rule)
{
	FlowBookWrong *wrong = flow_book_wrong_new(maker, rule->mode, "end", "is never ended");

	flow_book_wrong_set_modes(maker, wrong, rule->mode, rule->mode);
	flow_book_wrong_expect_plugin(wrong, FLOW_BOOK_BY_VERIFY, FLOW_BOOK_MESSAGE_NOTHING_DONE);
}

static void
fu_test_scsi_wb_flow_book_make_pieces(FlowBookMaker *maker, const WbtModeRule *rule)
{
	FlowBookWrong *wrong = flow_book_wrong_new(maker, rule->mode, "end", "ends too early");

	flow_book_wrong_set_modes(maker, wrong, rule->mode, rule->mode);
	flow_book_wrong_expect(wrong, 1, FLOW_BOOK_ASC_IMAGE, NULL);
}

static void
fu_test_scsi_wb_flow_book_make_no_download(FlowBookMaker *maker, const WbtModeRule *rule)
{
	FlowBookWrong *wrong = flow_book_wrong_new(maker, rule->mode, "end", "is no download");

	wrong->is_bad_value = TRUE;
	flow_book_wrong_add_number(maker, wrong, "ScsiWbMode", rule->mode);
	flow_book_wrong_expect_plugin(wrong, FLOW_BOOK_BY_PLUGIN, FLOW_BOOK_MESSAGE_NO_DOWNLOAD);
}

static void
fu_test_scsi_wb_flow_book_make_end(FlowBookMaker *maker, const WbtModeRule *rule)
{
	if (rule->end == WBT_END_NEVER)
		fu_test_scsi_wb_flow_book_make_never(maker, rule);
	else if (rule->end == WBT_END_THIS_COMMAND)
		fu_test_scsi_wb_flow_book_make_pieces(maker, rule);
	else if (rule->end == WBT_END_NO_DOWNLOAD)
		fu_test_scsi_wb_flow_book_make_no_download(maker, rule);
}

/* a device that has seen the end of an image needs no commit, and one that refuses it has the image
 * already: so this one has lost its end */
static void
fu_test_scsi_wb_flow_book_make_commit_refused(FlowBookMaker *maker, const WbtModeRule *rule)
{
	const WbtModeRule *part =
	    flow_book_rule_is_part(rule) ? rule : flow_book_rule_find_before(maker->model, rule);
	FlowBookWrong *wrong =
	    flow_book_wrong_new(maker, rule->mode, "zero_length", "an empty commit");

	if (part == NULL) {
		flow_book_wrong_expect_plugin(wrong, FLOW_BOOK_BY_NOBODY, NULL);
		wrong->reason = "in every row it ends with the first segment";
		return;
	}
	flow_book_wrong_set_modes(maker, wrong, part->mode, rule->mode);
	flow_book_wrong_add_flag(wrong, "commit-zero-length");
	wrong->is_cut = part->end == WBT_END_IMAGE_ARRIVED;
	wrong->size_bytes = 2 * maker->chunk_bytes;
	flow_book_wrong_expect(wrong,
			       FLOW_BOOK_SEGMENT_LAST,
			       FLOW_BOOK_ASC_FIELD,
			       FLOW_BOOK_FIELD_LENGTH);
}

static void
fu_test_scsi_wb_flow_book_make_commit_ignored(FlowBookMaker *maker, const WbtModeRule *rule)
{
	const WbtModeRule *part = flow_book_rule_find_before(maker->model, rule);
	FlowBookWrong *wrong;

	if (rule->end != WBT_END_THIS_COMMAND || part == NULL || part->end != WBT_END_NEVER)
		return;
	wrong = flow_book_wrong_new(maker, rule->mode, "zero_length", "an empty commit");
	flow_book_wrong_set_modes(maker, wrong, part->mode, rule->mode);
	flow_book_wrong_add_flag(wrong, "commit-zero-length");
	flow_book_wrong_expect_plugin(wrong, FLOW_BOOK_BY_VERIFY, FLOW_BOOK_MESSAGE_NOTHING_DONE);
}

static void
fu_test_scsi_wb_flow_book_make_zero(FlowBookMaker *maker, const WbtModeRule *rule)
{
	if (rule->zero_length == WBT_ZERO_LENGTH_REFUSED)
		fu_test_scsi_wb_flow_book_make_commit_refused(maker, rule);
	else if (rule->zero_length == WBT_ZERO_LENGTH_NOTHING)
		fu_test_scsi_wb_flow_book_make_commit_ignored(maker, rule);
}

/* a mode that may not go on with what is under way; where it begins anew instead, it has only the
 * end of an image, or an offset that is none of a beginning */
static void
fu_test_scsi_wb_flow_book_make_change(FlowBookMaker *maker, const WbtModeRule *rule)
{
	const WbtModeRule *stranger = flow_book_rule_find_stranger(maker->model, rule);
	FlowBookWrong *wrong;

	if (stranger == NULL)
		return;
	wrong = flow_book_wrong_new(maker, rule->mode, "continues", "goes on with another mode");
	flow_book_wrong_add_cover(wrong, 0, "mode_change");
	flow_book_wrong_set_modes(maker, wrong, stranger->mode, rule->mode);
	if (maker->model->mode_change == WBT_MODE_CHANGE_REFUSED)
		flow_book_wrong_expect(wrong,
				       FLOW_BOOK_SEGMENT_LAST,
				       FLOW_BOOK_ASC_FIELD,
				       FLOW_BOOK_FIELD_MODE);
	else if (rule->offset == WBT_OFFSET_CONTIGUOUS)
		flow_book_wrong_expect(wrong, FLOW_BOOK_SEGMENT_LAST, FLOW_BOOK_ASC_SEQUENCE, NULL);
	else
		flow_book_wrong_expect(wrong, FLOW_BOOK_SEGMENT_LAST, FLOW_BOOK_ASC_IMAGE, NULL);
}

/* the first value that is neither a set of events nor the one that clears */
static guint8
fu_test_scsi_wb_flow_book_get_specific(const WbtModeRule *rule)
{
	for (guint8 specific = 1; specific <= 7; specific++) {
		if (specific != rule->clear_specific &&
		    (rule->events == 0 || (specific & ~rule->events) != 0))
			return specific;
	}
	return 0;
}

static void
fu_test_scsi_wb_flow_book_make_specific(FlowBookMaker *maker, const WbtModeRule *rule)
{
	guint8 specific = fu_test_scsi_wb_flow_book_get_specific(rule);
	FlowBookWrong *wrong;

	wrong = flow_book_wrong_new(maker, rule->mode, "events", "MODE SPECIFIC is not its own");
	if (specific == 0) {
		flow_book_wrong_expect_plugin(wrong, FLOW_BOOK_BY_NOBODY, NULL);
		wrong->reason = "it has all the events that there are";
		return;
	}
	flow_book_wrong_set_modes(maker, wrong, rule->mode, rule->mode);
	flow_book_wrong_add_number(maker, wrong, "ScsiWbModeSpecific", specific);
	flow_book_wrong_expect(wrong, 1, FLOW_BOOK_ASC_FIELD, FLOW_BOOK_FIELD_SPECIFIC);
}

/* a row has one value for all segments: what clears the first of them is not for the last */
static void
fu_test_scsi_wb_flow_book_make_clear(FlowBookMaker *maker, const WbtModeRule *rule)
{
	FlowBookWrong *wrong;

	if (rule->clear_specific == 0)
		return;
	wrong = flow_book_wrong_new(maker, rule->mode, "clear_specific", "each segment clears");
	(void)fu_test_scsi_wb_flow_book_set_way(maker, wrong, rule);
	flow_book_wrong_add_number(maker, wrong, "ScsiWbModeSpecific", rule->clear_specific);
	flow_book_wrong_expect(wrong,
			       FLOW_BOOK_SEGMENT_LAST,
			       FLOW_BOOK_ASC_FIELD,
			       FLOW_BOOK_FIELD_SPECIFIC);
}

void
flow_book_make_for_mode(FlowBookMaker *maker, const WbtModeRule *rule)
{
	fu_test_scsi_wb_flow_book_make_end(maker, rule);
	if (rule->end == WBT_END_NO_DOWNLOAD)
		return;
	fu_test_scsi_wb_flow_book_make_offset(maker, rule);
	fu_test_scsi_wb_flow_book_make_zero(maker, rule);
	fu_test_scsi_wb_flow_book_make_change(maker, rule);
	fu_test_scsi_wb_flow_book_make_specific(maker, rule);
	fu_test_scsi_wb_flow_book_make_clear(maker, rule);
}
