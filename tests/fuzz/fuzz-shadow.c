/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>
#include <zlib.h>

#include "fuzz-shadow.h"

/* tests/target/wbt-image.h, read once more: what an image has before its body */
#define FUZZ_SHADOW_MAGIC	 "WBTIMAGE"
#define FUZZ_SHADOW_VENDOR_AT	 8
#define FUZZ_SHADOW_PRODUCT_AT	 16
#define FUZZ_SHADOW_LENGTH_AT	 36
#define FUZZ_SHADOW_CHECKSUM_AT	 40
#define FUZZ_SHADOW_HEADER_BYTES 44

#define FUZZ_SHADOW_WRITE_BUFFER 0x3b
#define FUZZ_SHADOW_NO_KEY	 0xff

/* one command that the device took */
typedef struct {
	const WbtModeRule *rule;
	guint8 id;
	guint32 offset;
	guint32 length_bytes;
	guint begin;
} FuzzShadowSegment;

static guint32
fuzz_shadow_get_be24(const guint8 *buf)
{
	return (guint32)buf[0] << 16 | (guint32)buf[1] << 8 | buf[2];
}

static guint32
fuzz_shadow_get_be32(const guint8 *buf)
{
	return (guint32)buf[0] << 24 | fuzz_shadow_get_be24(buf + 1);
}

static void
fuzz_shadow_drop(FuzzShadow *self)
{
	g_byte_array_set_size(self->bytes, 0);
	g_array_set_size(self->segments, 0);
}

static GBytes *
fuzz_shadow_ref(GBytes *blob)
{
	return blob != NULL ? g_bytes_ref(blob) : NULL;
}

static void
fuzz_shadow_look(FuzzShadow *self)
{
	g_clear_pointer(&self->committed, g_bytes_unref);
	g_clear_pointer(&self->deferred, g_bytes_unref);
	self->committed = fuzz_shadow_ref(wbt_target_get_committed(self->target));
	self->deferred = fuzz_shadow_ref(wbt_target_get_deferred(self->target));
	self->deferred_events = wbt_target_get_deferred_events(self->target);
	self->commits = wbt_target_get_commits(self->target);
}

void
fuzz_shadow_init(FuzzShadow *self, WbtTarget *target)
{
	*self = (FuzzShadow){.target = target};
	self->bytes = g_byte_array_new();
	self->segments = g_array_new(FALSE, TRUE, sizeof(FuzzShadowSegment));
	fuzz_shadow_look(self);
}

void
fuzz_shadow_clear(FuzzShadow *self)
{
	g_byte_array_unref(self->bytes);
	g_array_unref(self->segments);
	g_clear_pointer(&self->committed, g_bytes_unref);
	g_clear_pointer(&self->deferred, g_bytes_unref);
}

void
fuzz_shadow_forget(FuzzShadow *self)
{
	fuzz_shadow_drop(self);
	fuzz_shadow_look(self);
}

/* SPC-5: fixed format of 18 bytes, or descriptor format with its length */
static void
fuzz_shadow_check_sense(const WbtReply *reply)
{
	if (reply->status != WBT_STATUS_CHECK_CONDITION) {
		g_assert_cmpuint(reply->sense_bytes, ==, 0);
		return;
	}
	if (reply->sense[0] == 0x70) {
		g_assert_cmpuint(reply->sense_bytes, ==, 18);
		g_assert_cmpuint(reply->sense[7], ==, 10);
		g_assert_cmphex(reply->sense[2] & 0xf0, ==, 0);
		return;
	}
	g_assert_cmphex(reply->sense[0], ==, 0x72);
	g_assert_cmpuint(reply->sense_bytes, ==, 8 + reply->sense[7]);
	g_assert_cmphex(reply->sense[1] & 0xf0, ==, 0);
}

/* 0 is GOOD, too */
static guint8
fuzz_shadow_get_key(const WbtReply *reply)
{
	if (reply->host_status != 0 || reply->sys_errno != 0)
		return FUZZ_SHADOW_NO_KEY;
	if (reply->status != WBT_STATUS_CHECK_CONDITION)
		return reply->status == WBT_STATUS_GOOD ? 0x00 : FUZZ_SHADOW_NO_KEY;
	return reply->sense[0] == 0x70 ? reply->sense[2] : reply->sense[1];
}

static gboolean
fuzz_shadow_has_code(const WbtReply *reply, guint8 key, guint8 asc)
{
	guint at = reply->sense[0] == 0x70 ? 12 : 2;
	return fuzz_shadow_get_key(reply) == key && reply->sense[at] == asc;
}

/* nothing has reached the device, or it has executed nothing */
static gboolean
fuzz_shadow_is_lost(const WbtReply *reply)
{
	guint8 key = fuzz_shadow_get_key(reply);
	return key == FUZZ_SHADOW_NO_KEY || key == 0x06 || key == 0x02;
}

static gboolean
fuzz_shadow_has_text(const guint8 *buf, gsize bytes, const char *text)
{
	for (gsize i = 0; i < bytes; i++) {
		guint8 want = i < strlen(text) ? (guint8)text[i] : ' ';
		if (buf[i] != want)
			return FALSE;
	}
	return TRUE;
}

/* an image of this model, as its own header says it */
static void
fuzz_shadow_check_image(const WbtModel *model, GBytes *image)
{
	gsize bufsz = 0;
	gsize maker_bytes = model->image_header != NULL ? model->image_header->header_bytes : 0;
	const guint8 *buf = g_bytes_get_data(image, &bufsz);
	const guint8 *own = buf + maker_bytes;
	const guint8 *body = own + FUZZ_SHADOW_HEADER_BYTES;

	g_assert_cmpuint(bufsz, >=, maker_bytes + FUZZ_SHADOW_HEADER_BYTES);
	g_assert_true(memcmp(own, FUZZ_SHADOW_MAGIC, strlen(FUZZ_SHADOW_MAGIC)) == 0);
	g_assert_true(fuzz_shadow_has_text(own + FUZZ_SHADOW_VENDOR_AT, 8, model->vendor));
	g_assert_true(fuzz_shadow_has_text(own + FUZZ_SHADOW_PRODUCT_AT, 16, model->product));
	g_assert_cmpuint(fuzz_shadow_get_be32(own + FUZZ_SHADOW_LENGTH_AT), ==, bufsz);
	g_assert_cmphex(fuzz_shadow_get_be32(own + FUZZ_SHADOW_CHECKSUM_AT),
			==,
			crc32_z(0, body, bufsz - (gsize)(body - buf)));
}

static gboolean
fuzz_shadow_is_single(const WbtModeRule *rule)
{
	return rule->end == WBT_END_THIS_COMMAND && rule->offset == WBT_OFFSET_ZERO;
}

static void
fuzz_shadow_check_place(const WbtModel *model, const FuzzShadowSegment *segment, gsize have_bytes)
{
	guint64 at_bytes = (guint64)segment->offset * model->offset_unit_bytes;

	if (segment->rule->offset == WBT_OFFSET_ZERO)
		g_assert_cmphex(segment->offset, ==, 0);
	if (segment->rule->offset == WBT_OFFSET_CONTIGUOUS && model->id_rule != WBT_ID_INCREMENT)
		g_assert_cmpuint(at_bytes, ==, have_bytes);
	if (segment->rule->offset == WBT_OFFSET_IGNORED)
		return;
	if (model->boundary_exponent == WBT_BOUNDARY_OFFSET_0)
		g_assert_cmphex(segment->offset, ==, 0);
	else
		g_assert_cmpuint(at_bytes % (1ULL << model->boundary_exponent), ==, 0);
}

static void
fuzz_shadow_check_id(const WbtModel *model, const FuzzShadowSegment *segment, guint idx)
{
	guint8 want = model->first_buffer_id;

	if (model->id_rule == WBT_ID_IGNORED || (model->buffer_0_too && segment->id == 0))
		return;
	if (model->id_rule == WBT_ID_INCREMENT)
		want += idx;
	g_assert_cmphex(segment->id, ==, want);
}

static void
fuzz_shadow_check_length(const WbtModel *model, const FuzzShadowSegment *segment, gboolean is_last)
{
	guint32 bytes = segment->length_bytes;

	if (model->max_segment_bytes != 0)
		g_assert_cmpuint(bytes, <=, model->max_segment_bytes);
	if (model->segment_align_bytes != 0)
		g_assert_cmpuint(bytes % model->segment_align_bytes, ==, 0);
	if (model->exact_segment_bytes == 0 || fuzz_shadow_is_single(segment->rule))
		return;

	/* behind it there may be one without data */
	if (is_last)
		g_assert_cmpuint(bytes, <=, model->exact_segment_bytes);
	else
		g_assert_cmpuint(bytes, ==, model->exact_segment_bytes);
}

/* a download that ended well, from its first segment to the command that completed it */
static void
fuzz_shadow_check_download(const FuzzShadow *self, guint first)
{
	const WbtModel *model = wbt_target_get_model(self->target);
	const FuzzShadowSegment *segments = &g_array_index(self->segments, FuzzShadowSegment, 0);
	guint last = self->segments->len - 1;

	for (guint i = first; i <= last; i++) {
		const FuzzShadowSegment *segment = &segments[i];
		gsize have_bytes = segment->begin - segments[first].begin;

		fuzz_shadow_check_place(model, segment, have_bytes);
		fuzz_shadow_check_id(model, segment, i - first);
		fuzz_shadow_check_length(model,
					 segment,
					 segment->begin + segment->length_bytes ==
					     self->bytes->len);
		if (model->capacity_bytes != 0)
			g_assert_cmpuint(have_bytes + segment->length_bytes,
					 <=,
					 model->capacity_bytes);
		if (i == first)
			continue;
		g_assert_true(
		    segment->rule->mode == segments[i - 1].rule->mode ||
		    (segment->rule->continues & WBT_MODE_BIT(segments[i - 1].rule->mode)) != 0);
	}
	g_assert_cmpint(segments[last].rule->end, !=, WBT_END_NEVER);
	g_assert_cmpint(segments[last].rule->end, !=, WBT_END_NO_DOWNLOAD);
}

/* the image has to be the end of what was taken, from the beginning of a segment on */
static void
fuzz_shadow_check_sent(const FuzzShadow *self, GBytes *image)
{
	gsize bufsz = 0;
	const guint8 *buf = g_bytes_get_data(image, &bufsz);

	fuzz_shadow_check_image(wbt_target_get_model(self->target), image);
	g_assert_cmpuint(bufsz, <=, self->bytes->len);
	g_assert_true(memcmp(self->bytes->data + self->bytes->len - bufsz, buf, bufsz) == 0);
	for (guint i = 0; i < self->segments->len; i++) {
		const FuzzShadowSegment *segment =
		    &g_array_index(self->segments, FuzzShadowSegment, i);
		if (segment->begin != self->bytes->len - bufsz || segment->length_bytes == 0)
			continue;
		fuzz_shadow_check_download(self, i);
		return;
	}
	g_assert_not_reached();
}

static gboolean
fuzz_shadow_is_same(GBytes *blob, GBytes *other)
{
	if (blob == NULL || other == NULL)
		return blob == other;
	return g_bytes_equal(blob, other);
}

/* after a WRITE BUFFER that the device took: an image that is new was sent just now */
static void
fuzz_shadow_check_new(const FuzzShadow *self)
{
	GBytes *committed = wbt_target_get_committed(self->target);
	GBytes *deferred = wbt_target_get_deferred(self->target);

	g_assert_cmpuint(wbt_target_get_commits(self->target) - self->commits, <=, 1);
	if (wbt_target_get_commits(self->target) != self->commits)
		fuzz_shadow_check_sent(self, committed);
	else
		g_assert_true(fuzz_shadow_is_same(committed, self->committed));
	if (deferred != NULL && !fuzz_shadow_is_same(deferred, self->deferred))
		fuzz_shadow_check_sent(self, deferred);
}

/* what is not new is what it was; one that waits may be lost to a new download, never replaced */
static void
fuzz_shadow_check_kept(const FuzzShadow *self)
{
	GBytes *deferred = wbt_target_get_deferred(self->target);

	g_assert_cmpuint(wbt_target_get_commits(self->target), ==, self->commits);
	g_assert_true(fuzz_shadow_is_same(wbt_target_get_committed(self->target), self->committed));
	if (deferred != NULL)
		g_assert_true(fuzz_shadow_is_same(deferred, self->deferred));
}

/* what waited has become the device's own */
static void
fuzz_shadow_check_activated(const FuzzShadow *self)
{
	if (wbt_target_get_commits(self->target) == self->commits) {
		fuzz_shadow_check_kept(self);
		return;
	}
	g_assert_cmpuint(wbt_target_get_commits(self->target), ==, self->commits + 1);
	g_assert_nonnull(self->deferred);
	g_assert_true(fuzz_shadow_is_same(wbt_target_get_committed(self->target), self->deferred));
	g_assert_null(wbt_target_get_deferred(self->target));
}

static void
fuzz_shadow_take(FuzzShadow *self, const WbtModeRule *rule, const guint8 *cdb, const guint8 *data)
{
	FuzzShadowSegment segment = {
	    .rule = rule,
	    .id = cdb[2],
	    .offset = fuzz_shadow_get_be24(cdb + 3),
	    .length_bytes = fuzz_shadow_get_be24(cdb + 6),
	    .begin = self->bytes->len,
	};

	if (segment.length_bytes == 0 && rule->zero_length == WBT_ZERO_LENGTH_NOTHING)
		return;
	if (segment.length_bytes > 0)
		g_byte_array_append(self->bytes, data, segment.length_bytes);
	g_array_append_val(self->segments, segment);
}

static void
fuzz_shadow_see_write_buffer(FuzzShadow *self,
			     const guint8 *cdb,
			     const guint8 *data,
			     const WbtReply *reply)
{
	const WbtModel *model = wbt_target_get_model(self->target);
	const WbtModeRule *rule = wbt_model_rule(model, cdb[1] & 0x1f);

	if (fuzz_shadow_get_key(reply) != 0x00) {
		fuzz_shadow_check_kept(self);
		if (fuzz_shadow_has_code(reply, 0x05, 0x2c) ||
		    (model->errors_drop && !fuzz_shadow_is_lost(reply))) {
			fuzz_shadow_drop(self);
			g_assert_cmpuint(wbt_target_get_partial_bytes(self->target), ==, 0);
		}
		return;
	}
	if ((cdb[1] & 0x1f) == WBT_MODE_ECHO) {
		fuzz_shadow_check_kept(self);
		return;
	}
	g_assert_nonnull(rule);
	if (rule->end == WBT_END_NO_DOWNLOAD) {
		fuzz_shadow_drop(self);
		fuzz_shadow_check_activated(self);
		return;
	}
	fuzz_shadow_take(self, rule, cdb, data);
	fuzz_shadow_check_new(self);
	if (wbt_target_get_partial_bytes(self->target) == 0)
		fuzz_shadow_drop(self);
}

void
fuzz_shadow_see_command(FuzzShadow *self,
			const guint8 *cdb,
			const guint8 *data,
			const WbtReply *reply)
{
	const WbtModel *model = wbt_target_get_model(self->target);

	fuzz_shadow_check_sense(reply);
	if (fuzz_shadow_has_code(reply, 0x06, 0x29)) {
		/* it may be of a reset that came instead of the command */
		fuzz_shadow_check_activated(self);
		if (wbt_target_get_partial_bytes(self->target) == 0)
			fuzz_shadow_drop(self);
	} else if (cdb[0] == FUZZ_SHADOW_WRITE_BUFFER) {
		fuzz_shadow_see_write_buffer(self, cdb, data, reply);
	} else {
		fuzz_shadow_check_kept(self);
		if (model->other_commands_abort && !fuzz_shadow_is_lost(reply))
			fuzz_shadow_drop(self);
	}
	fuzz_shadow_look(self);
}

void
fuzz_shadow_see_event(FuzzShadow *self, guint8 event)
{
	gboolean waits = self->deferred != NULL && (self->deferred_events & event) != 0;

	g_assert_cmpuint(wbt_target_get_partial_bytes(self->target), ==, 0);
	g_assert_cmpuint(wbt_target_get_commits(self->target) - self->commits, ==, waits ? 1 : 0);
	fuzz_shadow_check_activated(self);
	fuzz_shadow_forget(self);
}
