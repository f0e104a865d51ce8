// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include "wbt-microcode.h"

#include <string.h>

#include "wbt-bytes.h"

/* WRITE BUFFER CDB bytes: SPC-5, "WRITE BUFFER command" */
#define CDB_MODE    1
#define CDB_ID	    2
#define CDB_OFFSET  3
#define CDB_LENGTH  6
#define CDB_CONTROL 9

#define MODE_TOP_BIT	      4 /* MODE is bits 4:0 of byte 1 */
#define MODE_SPECIFIC_TOP_BIT 7 /* MODE SPECIFIC is bits 7:5 */

/* the fields of one WRITE BUFFER, decoded once */
typedef struct {
	const WbtModeRule *rule;
	uint8_t specific;
	uint8_t control;
	uint8_t id;
	uint64_t offset; /* in BUFFER OFFSET counts */
	uint32_t length_bytes;
	bool continues; /* the unfinished download, else it starts a new one */
} WbtSegment;

void
wbt_microcode_init(WbtMicrocode *self, const WbtModel *model)
{
	*self = (WbtMicrocode){.model = model, .partial = g_byte_array_new()};
	g_strlcpy(self->saved_revision, model->revision, sizeof(self->saved_revision));
	g_strlcpy(self->active_revision, model->revision, sizeof(self->active_revision));
}

void
wbt_microcode_clear(WbtMicrocode *self)
{
	g_byte_array_unref(self->partial);
	g_clear_pointer(&self->committed, g_bytes_unref);
	g_clear_pointer(&self->deferred, g_bytes_unref);
}

void
wbt_microcode_drop_partial(WbtMicrocode *self)
{
	g_byte_array_set_size(self->partial, 0);
	self->downloading = false;
	self->segments = 0;
}

static void
run_revision(WbtMicrocode *self, const char *revision)
{
	self->activations++;
	self->activated = true;
	if (!self->stuck_revision)
		g_strlcpy(self->active_revision, revision, sizeof(self->active_revision));
}

static void
commit(WbtMicrocode *self, GBytes *image, const char *revision)
{
	g_clear_pointer(&self->committed, g_bytes_unref);
	self->committed = g_bytes_ref(image);
	self->commits++;
	self->saves++;
	if (!self->stuck_revision)
		g_strlcpy(self->saved_revision, revision, sizeof(self->saved_revision));
}

/* only ever called with an image that was checked when it arrived */
static void
activate_deferred(WbtMicrocode *self)
{
	g_autoptr(GBytes) image = g_steal_pointer(&self->deferred);
	char revision[WBT_IMAGE_REVISION_BYTES + 1] = "";
	size_t image_bytes;
	const uint8_t *buf = g_bytes_get_data(image, &image_bytes);

	if (!wbt_image_check(self->model, buf, image_bytes, revision))
		return;
	commit(self, image, revision);
	run_revision(self, revision);
}

void
wbt_microcode_restart(WbtMicrocode *self, bool activate_it)
{
	wbt_microcode_drop_partial(self);
	g_strlcpy(self->active_revision, self->saved_revision, sizeof(self->active_revision));
	if (activate_it && self->deferred != NULL)
		activate_deferred(self);
	self->activated = false;
}

void
wbt_microcode_restore(WbtMicrocode *self, GBytes *committed, const char *revision, GBytes *deferred)
{
	g_clear_pointer(&self->committed, g_bytes_unref);
	g_clear_pointer(&self->deferred, g_bytes_unref);
	if (committed != NULL)
		self->committed = g_bytes_ref(committed);
	if (deferred != NULL)
		self->deferred = g_bytes_ref(deferred);
	if (revision != NULL)
		g_strlcpy(self->saved_revision, revision, sizeof(self->saved_revision));
	g_strlcpy(self->active_revision, self->saved_revision, sizeof(self->active_revision));
}

/* a whole image has arrived */
static WbtSense
finish(WbtMicrocode *self, WbtEffect effect)
{
	char revision[WBT_IMAGE_REVISION_BYTES + 1] = "";
	g_autoptr(GBytes) image = NULL;

	if (!wbt_image_check(self->model, self->partial->data, self->partial->len, revision)) {
		wbt_microcode_drop_partial(self);
		return WBT_IMAGE_REFUSED;
	}
	image = g_bytes_new(self->partial->data, self->partial->len);
	wbt_microcode_drop_partial(self);
	if (effect == WBT_EFFECT_DEFER) {
		self->deferred = g_steal_pointer(&image);
		self->saves++;
		return WBT_GOOD;
	}
	if (effect != WBT_EFFECT_RUN)
		commit(self, image, revision);
	if (effect != WBT_EFFECT_SAVE)
		run_revision(self, revision);
	return WBT_GOOD;
}

/* 0Fh: ID, offset and length are ignored (Seagate Rev. J, 3.70.12). With nothing whole to activate
 * it is a COMMAND SEQUENCE ERROR, and as that code says an unfinished download is lost. */
static WbtSense
activate(WbtMicrocode *self)
{
	wbt_microcode_drop_partial(self);
	if (self->deferred == NULL)
		return WBT_SEQUENCE_ERROR;
	activate_deferred(self);
	return WBT_GOOD;
}

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
		return WBT_GOOD;
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
	return seg->id == expected ? WBT_GOOD : wbt_invalid_field(CDB_ID);
}

/* the last segment of a download whose segments have an exact length may be shorter */
static bool
may_be_short(const WbtMicrocode *self, const WbtSegment *seg, size_t have_bytes)
{
	size_t total_bytes;
	WbtImageProgress progress;

	if (seg->rule->end == WBT_END_THIS_COMMAND)
		return true;
	progress = wbt_image_progress(self->partial->data, have_bytes, &total_bytes);
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
	if (exact_bytes == 0 || seg->length_bytes == exact_bytes)
		return WBT_GOOD;
	if (seg->length_bytes < exact_bytes && may_be_short(self, seg, have_bytes))
		return WBT_GOOD;
	return wbt_invalid_field(CDB_LENGTH);
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
	else if (at_bytes & ((1ULL << model->boundary_exponent) - 1))
		return wbt_invalid_field(CDB_OFFSET);
	if (model->capacity_bytes == 0 || at_bytes + seg->length_bytes <= model->capacity_bytes)
		return WBT_GOOD;
	return wbt_invalid_field(at_bytes > model->capacity_bytes ? CDB_OFFSET : CDB_LENGTH);
}

/* A segment that does not follow the previous one: COMMAND SEQUENCE ERROR, and the download must
 * start again. SPC-5 leaves the code to the device; makers agree that 05/24/00 keeps what has
 * arrived and 05/2C/00 does not (T10 reflector, June 2014). After power loss or reset there is
 * nothing to continue, which is the same case. */
static WbtSense
check_sequence(WbtMicrocode *self, const WbtSegment *seg)
{
	uint64_t at_bytes = seg->offset * self->model->offset_unit_bytes;
	size_t have_bytes = seg->continues ? self->partial->len : 0;

	if (self->model->id_rule == WBT_ID_INCREMENT)
		return WBT_GOOD;
	if (seg->rule->offset != WBT_OFFSET_CONTIGUOUS || at_bytes == have_bytes)
		return WBT_GOOD;
	wbt_microcode_drop_partial(self);
	return WBT_SEQUENCE_ERROR;
}

/* SPC-5: a new download replaces deferred microcode that was not activated */
static void
begin(WbtMicrocode *self)
{
	wbt_microcode_drop_partial(self);
	if (self->deferred == NULL)
		return;
	g_clear_pointer(&self->deferred, g_bytes_unref);
	self->saves++;
}

static WbtSense
take(WbtMicrocode *self, const WbtSegment *seg, const uint8_t *data, size_t data_bytes)
{
	WbtImageProgress progress;
	size_t total_bytes;

	if (!seg->continues)
		begin(self);
	self->downloading = true;
	self->partial_mode = seg->rule->mode;
	self->segments++;
	g_byte_array_append(self->partial, data, (guint)data_bytes);
	if (seg->rule->end == WBT_END_THIS_COMMAND)
		return finish(self, seg->rule->effect);
	if (seg->rule->end == WBT_END_NEVER)
		return WBT_GOOD;
	progress = wbt_image_progress(self->partial->data, self->partial->len, &total_bytes);
	if (progress == WBT_IMAGE_HEADER_FOREIGN || progress == WBT_IMAGE_ARRIVED)
		return finish(self, seg->rule->effect);
	return WBT_GOOD;
}

WbtSense
wbt_microcode_write(WbtMicrocode *self, const uint8_t *cdb, const uint8_t *data, size_t data_bytes)
{
	WbtSegment seg = {
	    .rule = wbt_model_rule(self->model, cdb[CDB_MODE] & 0x1F),
	    .specific = cdb[CDB_MODE] >> 5,
	    .control = cdb[CDB_CONTROL],
	    .id = cdb[CDB_ID],
	    .offset = wbt_get_be24(cdb + CDB_OFFSET),
	    .length_bytes = wbt_get_be24(cdb + CDB_LENGTH),
	};
	WbtSense sense;

	if (seg.rule == NULL)
		return wbt_invalid_field_bit(CDB_MODE, MODE_TOP_BIT);
	sense = check_specific(&seg);
	if (sense.key == 0 && seg.rule->end == WBT_END_NO_DOWNLOAD)
		return activate(self);
	if (sense.key == 0)
		sense = check_mode_change(self, &seg);
	if (sense.key == 0)
		sense = check_id(self, &seg);
	if (sense.key == 0)
		sense = check_length(self, &seg);
	if (sense.key == 0)
		sense = check_offset(self, &seg);
	if (sense.key != 0)
		return sense;
	if (seg.length_bytes == 0 && seg.rule->zero_length == WBT_ZERO_LENGTH_NOTHING)
		return WBT_GOOD;
	if (seg.length_bytes == 0 && !seg.continues)
		return WBT_SEQUENCE_ERROR; /* the end of a download that never began */
	sense = check_sequence(self, &seg);
	return sense.key != 0 ? sense : take(self, &seg, data, data_bytes);
}
