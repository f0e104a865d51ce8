/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "fuzz-input.h"
#include "fuzz-shadow.h"

/* any model, sent anything in any order, loses power, is reset and has faults: whatever it then
 * keeps as its own was sent whole and in order. The image is a valid one, because no input makes
 * one by chance; what is sent of it, where and how, is the input's */

/* a segment where the model has no size of its own; more of an image makes nothing new */
#define FUZZ_TARGET_SEGMENT_BYTES 512
#define FUZZ_TARGET_SEGMENTS_MAX  4
#define FUZZ_TARGET_HEADER_BYTES  44
#define FUZZ_TARGET_STEPS_MAX	  64
#define FUZZ_TARGET_SPENT_MAX	  0x200000
#define FUZZ_TARGET_ANSWER_MAX	  256
#define FUZZ_TARGET_CDB_BYTES	  16

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/**
 * FuzzTarget:
 * @input: what to do
 * @model: which device
 * @target: the device
 * @shadow: who looks on
 * @image: what it is sent
 * @sent_bytes: how much of it was accepted
 * @sent_segments: in so many commands
 * @segment_bytes: what this model likes
 * @spent_bytes: how much has been sent: some models want megabytes, which takes its time
 **/
typedef struct {
	FuzzInput input;
	const WbtModel *model;
	WbtTarget *target;
	FuzzShadow shadow;
	GByteArray *image;
	gsize sent_bytes;
	guint sent_segments;
	gsize segment_bytes;
	gsize spent_bytes;
} FuzzTarget;

static const char *const faults[] = {
    "",
    "segment 1 reset",
    "segment 2 reset",
    "segment 2 power-loss",
    "segment 3 power-loss",
    "segment 1 hang 1000",
    "segment 2 vanish",
    "segment 2 away 5000",
    "command 3 not-ready 5000",
    "segment 2 host 03",
    "segment 1 errno 22",
    "opcode 3b stuck-revision",
};

static void
fuzz_target_begin_image(FuzzTarget *self)
{
	gsize align_bytes = MAX(self->model->segment_align_bytes, 1);
	gsize bytes = self->model->image_header != NULL ? self->model->image_header->header_bytes
							: 0;

	bytes += FUZZ_TARGET_HEADER_BYTES;
	bytes += fuzz_input_number(&self->input,
				   MIN(FUZZ_TARGET_SEGMENTS_MAX * self->segment_bytes,
				       self->segment_bytes + FUZZ_TARGET_HEADER_BYTES * 1024));
	bytes = (bytes + align_bytes - 1) / align_bytes * align_bytes;
	g_clear_pointer(&self->image, g_byte_array_unref);
	self->image = wbt_image_new(self->model, "NEW1", bytes, fuzz_input_byte(&self->input));
	g_assert_nonnull(self->image);
	self->sent_bytes = 0;
	self->sent_segments = 0;
}

static void
fuzz_target_put_be24(guint8 *buf, guint32 value)
{
	buf[0] = (guint8)(value >> 16);
	buf[1] = (guint8)(value >> 8);
	buf[2] = (guint8)value;
}

/* the buffers are as large as they have to be, so that what goes beyond is seen */
static gboolean
fuzz_target_execute(FuzzTarget *self,
		    const guint8 *cdb,
		    const guint8 *data,
		    gsize data_bytes,
		    gsize answer_bytes)
{
	g_autofree guint8 *answer = g_malloc(MAX(answer_bytes, 1));
	g_autofree guint8 *copy = data_bytes > 0 ? g_memdup2(data, data_bytes) : NULL;
	WbtReply reply;

	self->spent_bytes += data_bytes;
	wbt_target_execute(self->target,
			   cdb,
			   FUZZ_TARGET_CDB_BYTES,
			   copy,
			   data_bytes,
			   answer_bytes > 0 ? answer : NULL,
			   answer_bytes,
			   &reply);
	g_assert_cmpuint(reply.data_in_bytes, <=, answer_bytes);
	g_assert_cmpint(reply.resid_bytes, >=, 0);
	g_assert_cmpuint((gsize)reply.resid_bytes, <=, MAX(data_bytes, answer_bytes));
	fuzz_shadow_see_command(&self->shadow, cdb, copy, &reply);
	return reply.status == WBT_STATUS_GOOD && reply.host_status == 0 && reply.sys_errno == 0;
}

/* as the model wants it, but for what the flags change */
static gboolean
fuzz_target_send(FuzzTarget *self, guint8 flags)
{
	guint8 cdb[FUZZ_TARGET_CDB_BYTES] = {0x3b};
	const WbtModeRule *rule = &self->model->rules[0];
	gsize begin = self->sent_bytes;
	gsize bytes = MIN(self->segment_bytes, self->image->len - begin);
	guint32 offset = (guint32)(begin / MAX(self->model->offset_unit_bytes, 1));

	cdb[2] = self->model->first_buffer_id;
	if (self->model->id_rule == WBT_ID_INCREMENT)
		cdb[2] += (guint8)self->sent_segments;
	if (flags & 0x01)
		rule = &self->model->rules[fuzz_input_byte(&self->input) % self->model->n_rules];
	if (flags & 0x02)
		bytes = fuzz_input_number(&self->input, self->image->len - begin);
	if (flags & 0x04)
		begin = fuzz_input_number(&self->input, self->image->len - bytes);
	if (flags & 0x08)
		offset = (guint32)fuzz_input_number(&self->input, 0xffffff);
	if (flags & 0x10)
		cdb[2] = fuzz_input_byte(&self->input);
	if (flags & 0x20)
		cdb[9] = fuzz_input_byte(&self->input);
	cdb[1] = rule->mode | ((flags & 0x40) ? fuzz_input_byte(&self->input) & 0xe0 : 0);
	if (rule->offset == WBT_OFFSET_ZERO && (flags & 0x08) == 0)
		offset = 0;
	fuzz_target_put_be24(cdb + 3, offset);
	fuzz_target_put_be24(cdb + 6, (guint32)bytes);

	/* the initiator may stop in the middle */
	if (flags & 0x80) {
		gsize sent_bytes = fuzz_input_number(&self->input, bytes);
		return fuzz_target_execute(self, cdb, self->image->data + begin, sent_bytes, 0);
	}
	if (!fuzz_target_execute(self, cdb, self->image->data + begin, bytes, 0))
		return FALSE;
	self->sent_bytes = begin + bytes;
	self->sent_segments++;
	return bytes > 0 && self->sent_bytes < self->image->len;
}

static void
fuzz_target_do_send(FuzzTarget *self)
{
	(void)fuzz_target_send(self, fuzz_input_byte(&self->input));
}

/* a whole download until it is refused; of the modes that it takes one for the last segment */
static void
fuzz_target_do_download(FuzzTarget *self)
{
	guint8 modes = fuzz_input_byte(&self->input);
	FuzzInput input = self->input;
	gboolean goes_on = TRUE;

	self->sent_bytes = 0;
	self->sent_segments = 0;
	for (guint i = 0; goes_on && i <= FUZZ_TARGET_SEGMENTS_MAX; i++) {
		gboolean is_last = self->image->len - self->sent_bytes <= self->segment_bytes;
		guint8 mode = is_last ? modes >> 4 : modes & 0x0f;
		self->input = (FuzzInput){.data = &mode, .size = sizeof(mode)};
		goes_on = fuzz_target_send(self, 0x01);
	}
	self->input = input;
}

static void
fuzz_target_do_begin(FuzzTarget *self)
{
	fuzz_target_begin_image(self);
}

static void
fuzz_target_do_activate(FuzzTarget *self)
{
	guint8 cdb[FUZZ_TARGET_CDB_BYTES] = {0x3b, WBT_MODE_ACTIVATE};

	cdb[1] |= fuzz_input_byte(&self->input) & 0xe0;
	(void)fuzz_target_execute(self, cdb, NULL, 0, 0);
}

/* any command, with the image or an answer */
static void
fuzz_target_do_any(FuzzTarget *self)
{
	guint8 cdb[FUZZ_TARGET_CDB_BYTES] = {0};
	gsize cdb_bytes = fuzz_input_byte(&self->input) % (FUZZ_TARGET_CDB_BYTES + 1);
	const guint8 *taken = fuzz_input_take(&self->input, &cdb_bytes);
	gsize bytes = fuzz_input_number(&self->input, FUZZ_TARGET_ANSWER_MAX);

	if (cdb_bytes > 0)
		memcpy(cdb, taken, cdb_bytes);
	if (cdb[0] == 0x3b)
		(void)fuzz_target_execute(self,
					  cdb,
					  self->image->data,
					  MIN(bytes, self->image->len),
					  0);
	else
		(void)fuzz_target_execute(self, cdb, NULL, 0, bytes);
}

static void
fuzz_target_do_event(FuzzTarget *self)
{
	guint8 kind = fuzz_input_byte(&self->input);
	guint32 away_ms = wbt_target_get_away_ms(self->target);
	guint32 ms;

	switch (kind & 0x03) {
	case 0:
		wbt_target_power_cycle(self->target);
		fuzz_shadow_see_event(&self->shadow, WBT_EVENT_POWER_ON);
		break;
	case 1:
		wbt_target_hard_reset(self->target);
		fuzz_shadow_see_event(&self->shadow, WBT_EVENT_HARD_RESET);
		break;
	default:
		ms = (guint32)fuzz_input_number(&self->input, 100000);
		wbt_target_pass_time(self->target, ms);
		if (away_ms != 0 && ms >= away_ms)
			fuzz_shadow_see_event(&self->shadow, WBT_EVENT_POWER_ON);
		break;
	}
}

static void
fuzz_target_do_faults(FuzzTarget *self)
{
	const char *script = faults[fuzz_input_byte(&self->input) % G_N_ELEMENTS(faults)];
	g_autoptr(GError) error = NULL;

	g_assert_true(wbt_target_set_faults(self->target, script, WBT_FAULTS_ALL, &error));
	g_assert_no_error(error);
}

/* what a device keeps without power goes to another one, as the program does it with its files */
static void
fuzz_target_do_restore(FuzzTarget *self)
{
	WbtTarget *again = wbt_target_new(self->model, NULL);

	wbt_target_restore(again,
			   wbt_target_get_committed(self->target),
			   wbt_target_get_saved_revision(self->target),
			   wbt_target_get_deferred(self->target));
	wbt_target_restore_events(again, wbt_target_get_deferred_events(self->target));
	g_assert_cmpstr(wbt_target_get_saved_revision(again),
			==,
			wbt_target_get_saved_revision(self->target));
	wbt_target_free(self->target);
	self->target = again;
	self->shadow.target = again;
	fuzz_shadow_forget(&self->shadow);
}

static void (*const steps[])(FuzzTarget *self) = {
    fuzz_target_do_send,
    fuzz_target_do_download,
    fuzz_target_do_begin,
    fuzz_target_do_activate,
    fuzz_target_do_any,
    fuzz_target_do_event,
    fuzz_target_do_faults,
    fuzz_target_do_restore,
};

static void
fuzz_target_init(FuzzTarget *self)
{
	guint8 idx = fuzz_input_byte(&self->input);

	self->model = wbt_model_get(idx % wbt_model_count());
	self->target = wbt_target_new(self->model, NULL);
	wbt_target_set_log_checksums(self->target, false);
	self->segment_bytes = FUZZ_TARGET_SEGMENT_BYTES;
	if (self->model->boundary_exponent != WBT_BOUNDARY_OFFSET_0)
		self->segment_bytes =
		    MAX(self->segment_bytes, (gsize)1 << self->model->boundary_exponent);
	self->segment_bytes = MAX(self->segment_bytes, self->model->segment_align_bytes);
	if (self->model->max_segment_bytes != 0)
		self->segment_bytes = MIN(self->segment_bytes, self->model->max_segment_bytes);
	if (self->model->exact_segment_bytes != 0)
		self->segment_bytes = self->model->exact_segment_bytes;
	fuzz_shadow_init(&self->shadow, self->target);
	fuzz_target_begin_image(self);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	FuzzTarget self = {.input = {.data = data, .size = size}};
	g_autofree char *log = NULL;

	fuzz_target_init(&self);
	for (guint i = 0; i < FUZZ_TARGET_STEPS_MAX && self.input.pos < size &&
			  self.spent_bytes < FUZZ_TARGET_SPENT_MAX;
	     i++) {
		steps[fuzz_input_byte(&self.input) % G_N_ELEMENTS(steps)](&self);
		g_assert_cmpuint(strlen(wbt_target_get_revision(self.target)), <=, 4);
		g_assert_nonnull(wbt_target_get_state(self.target));
	}
	log = wbt_target_log_to_string(self.target, 0);
	g_assert_nonnull(log);
	fuzz_shadow_clear(&self.shadow);
	g_byte_array_unref(self.image);
	wbt_target_free(self.target);
	return 0;
}
