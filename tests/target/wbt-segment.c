// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include "wbt-segment.h"

#include "wbt-bytes.h"

/* WRITE BUFFER CDB bytes: SPC-5, "WRITE BUFFER command" */
#define CDB_MODE    1
#define CDB_ID	    2
#define CDB_OFFSET  3
#define CDB_LENGTH  6
#define CDB_CONTROL 9

#define MODE_TOP_BIT	      4 /* MODE is bits 4:0 of byte 1 */
#define MODE_SPECIFIC_TOP_BIT 7 /* MODE SPECIFIC is bits 7:5 */

static bool
clears_partial(const WbtModel *model, const WbtSegment *seg)
{
	if (seg->rule->clear_specific == 0)
		return false;
	if (seg->specific == seg->rule->clear_specific)
		return true;
	return model->clear_in_control && seg->control >> 6 == seg->rule->clear_specific;
}

static WbtSense
check_specific(const WbtSegment *seg)
{
	if (seg->specific == 0 || seg->specific == seg->rule->clear_specific)
		return WBT_GOOD;
	/* SPC-5, "WRITE BUFFER command", mode 0Dh: an event that is not supported is an invalid
	 * field */
	if (seg->rule->events != 0 && (seg->specific & ~seg->rule->events) == 0)
		return WBT_GOOD;
	return wbt_invalid_field_bit(CDB_MODE, MODE_SPECIFIC_TOP_BIT);
}

static bool
starts_over(const WbtModel *model, const WbtSegment *seg)
{
	if (model->id_rule == WBT_ID_INCREMENT)
		return seg->id == model->first_buffer_id;
	return seg->rule->offset == WBT_OFFSET_CONTIGUOUS && seg->offset == 0;
}

/* one command that carries a whole image can continue nothing */
static bool
is_single(const WbtModeRule *rule)
{
	return rule->end == WBT_END_THIS_COMMAND && rule->offset == WBT_OFFSET_ZERO &&
	       rule->continues == 0;
}

/* Other activation events in the middle of a download: makers disagree whether that is an error or
 * the last segment counts (T10 reflector, June 2014), and so do they about the mode. */
static WbtSense
check_same_events(const WbtMicrocode *self, const WbtSegment *seg)
{
	if (self->model->mode_change != WBT_MODE_CHANGE_REFUSED || seg->rule->events == 0)
		return WBT_GOOD;
	if (seg->specific == self->deferred_events)
		return WBT_GOOD;
	return wbt_invalid_field_bit(CDB_MODE, MODE_SPECIFIC_TOP_BIT);
}

/* decides whether the segment continues the unfinished download or starts a new one */
static WbtSense
check_mode_change(const WbtMicrocode *self, WbtSegment *seg)
{
	uint32_t accepts = seg->rule->continues | WBT_MODE_BIT(seg->rule->mode);

	seg->continues = false;
	if (!self->downloading || starts_over(self->model, seg))
		return WBT_GOOD;
	if (clears_partial(self->model, seg) || is_single(seg->rule))
		return WBT_GOOD;
	if (accepts & WBT_MODE_BIT(self->partial_mode)) {
		seg->continues = true;
		return check_same_events(self, seg);
	}
	if (self->model->mode_change == WBT_MODE_CHANGE_RESTARTS)
		return WBT_GOOD;
	return wbt_invalid_field_bit(CDB_MODE, MODE_TOP_BIT);
}

static WbtSense
check_id(const WbtMicrocode *self, const WbtSegment *seg)
{
	const WbtModel *model = self->model;
	uint8_t expected = model->first_buffer_id;

	if (model->id_rule == WBT_ID_IGNORED)
		return WBT_GOOD;
	if (model->id_rule == WBT_ID_INCREMENT && seg->continues)
		expected = (uint8_t)(expected + self->segments);
	if (model->buffer_0_too && seg->id == 0)
		return WBT_GOOD;
	return seg->id == expected ? WBT_GOOD : wbt_invalid_field(CDB_ID);
}

/* the last segment of a download whose segments have an exact length may be shorter; so may be the
 * only one */
static bool
may_be_short(const WbtMicrocode *self, const WbtSegment *seg, size_t have_bytes)
{
	size_t total_bytes;
	WbtImageProgress progress;

	if (seg->rule->end == WBT_END_THIS_COMMAND)
		return true;
	if (have_bytes == 0) {
		progress =
		    wbt_image_progress(self->model, seg->data, seg->data_bytes, &total_bytes);
		return progress == WBT_IMAGE_ARRIVED && seg->length_bytes == total_bytes;
	}
	progress = wbt_image_progress(self->model, self->partial->data, have_bytes, &total_bytes);
	return progress == WBT_IMAGE_PARTIAL && have_bytes + seg->length_bytes == total_bytes;
}

static WbtSense
check_length(const WbtMicrocode *self, const WbtSegment *seg)
{
	const WbtModel *model = self->model;
	uint32_t exact_bytes = model->exact_segment_bytes;
	size_t have_bytes = seg->continues ? self->partial->len : 0;

	if (seg->length_bytes == 0 && seg->rule->zero_length == WBT_ZERO_LENGTH_REFUSED)
		return wbt_invalid_field(CDB_LENGTH);
	if (seg->length_bytes == 0)
		return WBT_GOOD;
	if (model->max_segment_bytes != 0 && seg->length_bytes > model->max_segment_bytes)
		return wbt_invalid_field(CDB_LENGTH);
	if (model->segment_align_bytes > 1 && seg->length_bytes % model->segment_align_bytes != 0)
		return wbt_invalid_field(CDB_LENGTH);
	if (exact_bytes == 0 || seg->length_bytes == exact_bytes || is_single(seg->rule))
		return WBT_GOOD;
	if (seg->length_bytes < exact_bytes && may_be_short(self, seg, have_bytes))
		return WBT_GOOD;
	return wbt_invalid_field(CDB_LENGTH);
}

static bool
keeps_boundary(const WbtModel *model, uint64_t at_bytes)
{
	if (model->boundary_exponent == WBT_BOUNDARY_OFFSET_0)
		return at_bytes == 0;
	return (at_bytes & ((1ULL << model->boundary_exponent) - 1)) == 0;
}

static WbtSense
check_offset(const WbtMicrocode *self, const WbtSegment *seg)
{
	const WbtModel *model = self->model;
	uint64_t at_bytes = seg->offset * model->offset_unit_bytes;

	if (seg->rule->offset == WBT_OFFSET_ZERO && seg->offset != 0)
		return wbt_invalid_field(CDB_OFFSET);
	if (seg->rule->offset == WBT_OFFSET_IGNORED)
		at_bytes = seg->continues ? self->partial->len : 0;
	else if (!keeps_boundary(model, at_bytes))
		return wbt_invalid_field(CDB_OFFSET);
	if (model->capacity_bytes == 0 || at_bytes + seg->length_bytes <= model->capacity_bytes)
		return WBT_GOOD;
	return wbt_invalid_field(at_bytes > model->capacity_bytes ? CDB_OFFSET : CDB_LENGTH);
}

WbtSegment
wbt_segment_decode(const WbtModel *model, const uint8_t *cdb)
{
	return (WbtSegment){
	    .rule = wbt_model_rule(model, cdb[CDB_MODE] & 0x1F),
	    .specific = cdb[CDB_MODE] >> 5,
	    .control = cdb[CDB_CONTROL],
	    .id = cdb[CDB_ID],
	    .offset = wbt_get_be24(cdb + CDB_OFFSET),
	    .length_bytes = wbt_get_be24(cdb + CDB_LENGTH),
	};
}

WbtSense
wbt_segment_check(const WbtMicrocode *self, WbtSegment *seg)
{
	WbtSense sense;

	if (seg->rule == NULL)
		return wbt_invalid_field_bit(CDB_MODE, MODE_TOP_BIT);
	sense = check_specific(seg);
	if (sense.key != 0 || seg->rule->end == WBT_END_NO_DOWNLOAD)
		return sense;
	sense = check_mode_change(self, seg);
	if (sense.key == 0)
		sense = check_id(self, seg);
	if (sense.key == 0)
		sense = check_length(self, seg);
	if (sense.key == 0)
		sense = check_offset(self, seg);
	return sense;
}
