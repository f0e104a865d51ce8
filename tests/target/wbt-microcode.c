// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include "wbt-microcode.h"

#include "wbt-segment.h"

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

/* of an image, to what INQUIRY shows */
static void
take_revision(const WbtMicrocode *self, char *shown, const char *revision)
{
	if (self->stuck_revision)
		return;
	g_strlcpy(shown, revision, WBT_IMAGE_REVISION_BYTES + 1);
	for (uint8_t i = 0; i < self->model->revision_kept_chars; i++)
		shown[i] = self->model->revision[i];
}

static void
run_revision(WbtMicrocode *self, const char *revision)
{
	self->activations++;
	self->activated = true;
	take_revision(self, self->active_revision, revision);
}

static void
commit(WbtMicrocode *self, GBytes *image, const char *revision)
{
	g_clear_pointer(&self->committed, g_bytes_unref);
	self->committed = g_bytes_ref(image);
	self->waiting = false;
	self->commits++;
	self->saves++;
	take_revision(self, self->saved_revision, revision);
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

/* what was saved begins to run */
static void
run_saved(WbtMicrocode *self)
{
	self->waiting = false;
	run_revision(self, self->saved_revision);
}

void
wbt_microcode_restart(WbtMicrocode *self, uint8_t event)
{
	wbt_microcode_drop_partial(self);
	g_strlcpy(self->active_revision, self->saved_revision, sizeof(self->active_revision));
	if (self->deferred != NULL && (self->deferred_events & event) != 0)
		activate_deferred(self);
	if (self->waiting)
		run_saved(self);
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
	self->deferred_events = wbt_model_events(self->model);
	self->waiting = false;
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
	if (effect != WBT_EFFECT_SAVE) {
		run_revision(self, revision);
		return WBT_GOOD;
	}
	self->waiting = true;
	return self->model->says_pending ? WBT_DEFERRED_PENDING : WBT_GOOD;
}

/* SPC-5, "Extended INQUIRY Data VPD page", ACTIVATE MICROCODE: of the modes that save and do not
 * defer */
static WbtEffect
effect_of(const WbtMicrocode *self, const WbtModeRule *rule)
{
	if (rule->effect != WBT_EFFECT_SAVE_RUN)
		return rule->effect;
	if (self->model->activate_code != WBT_ACTIVATE_AFTER_EVENT)
		return rule->effect;
	return WBT_EFFECT_SAVE;
}

/* 0Fh: ID, offset and length are ignored (Seagate Rev. J, 3.70.12). With nothing whole to activate
 * it is a COMMAND SEQUENCE ERROR, and as that code says an unfinished download is lost. */
static WbtSense
activate(WbtMicrocode *self)
{
	wbt_microcode_drop_partial(self);
	if (self->deferred == NULL && !self->waiting)
		return WBT_SEQUENCE_ERROR;
	if (self->deferred != NULL)
		activate_deferred(self);
	else
		run_saved(self);
	return WBT_GOOD;
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
	self->deferred_events = seg->rule->events != 0 ? seg->specific
						       : wbt_model_events(self->model);
	self->segments++;
	g_byte_array_append(self->partial, data, (guint)data_bytes);
	if (seg->rule->end == WBT_END_THIS_COMMAND)
		return finish(self, effect_of(self, seg->rule));
	if (seg->rule->end == WBT_END_NEVER)
		return WBT_GOOD;
	progress =
	    wbt_image_progress(self->model, self->partial->data, self->partial->len, &total_bytes);
	if (progress == WBT_IMAGE_HEADER_FOREIGN || progress == WBT_IMAGE_ARRIVED)
		return finish(self, effect_of(self, seg->rule));
	return WBT_GOOD;
}

WbtSense
wbt_microcode_write(WbtMicrocode *self, const uint8_t *cdb, const uint8_t *data, size_t data_bytes)
{
	WbtSegment seg = wbt_segment_decode(self->model, cdb);
	WbtSense sense;

	seg.data = data;
	seg.data_bytes = data_bytes;
	sense = wbt_segment_check(self, &seg);
	if (sense.key != 0)
		return sense;
	if (seg.rule->end == WBT_END_NO_DOWNLOAD)
		return activate(self);
	if (seg.length_bytes == 0 && seg.rule->zero_length == WBT_ZERO_LENGTH_NOTHING)
		return WBT_GOOD;
	if (seg.length_bytes == 0 && !seg.continues)
		return WBT_SEQUENCE_ERROR; /* the end of a download that never began */
	sense = check_sequence(self, &seg);
	return sense.key != 0 ? sense : take(self, &seg, data, data_bytes);
}
