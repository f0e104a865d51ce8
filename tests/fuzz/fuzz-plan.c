/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-command.h"
#include "fuzz-check.h"
#include "fuzz-plan-case.h"

/* what a plan has to be for any row, device, host and image, as the README of the plugin says it:
 * another reading than that of the code, so it shares none with it */

#define FUZZ_PLAN_FIELD_MAX 0xffffff /* BUFFER OFFSET and PARAMETER LIST LENGTH have 24 bits */
#define FUZZ_PLAN_DAY_MS    86400000

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static gboolean
fuzz_plan_is_auto(const FuzzPlanCase *self)
{
	return self->profile.mode == 0x00;
}

static gboolean
fuzz_plan_has_offsets(const FuzzPlanCase *self)
{
	return !fuzz_plan_case_has_flag(self, FU_SCSI_WB_FLAG_INCREMENT_BUFFER_ID) &&
	       !fuzz_plan_case_has_flag(self, FU_SCSI_WB_FLAG_FIXED_OFFSET);
}

/* "no segment but one at offset 0": the device says so, or names a boundary beyond the field */
static gboolean
fuzz_plan_takes_offset_zero_only(const FuzzPlanCase *self)
{
	return fuzz_plan_has_offsets(self) && self->caps.has_buffer &&
	       (self->caps.only_offset_zero || self->caps.boundary_bytes > FUZZ_PLAN_FIELD_MAX);
}

/* the most that goes in one command */
static gsize
fuzz_plan_get_carry_bytes(const FuzzPlanCase *self)
{
	gsize bytes = FUZZ_PLAN_FIELD_MAX;

	if (self->caps.length_max_bytes != 0)
		bytes = MIN(bytes, self->caps.length_max_bytes);
	if (self->limits.transfer_max_bytes != 0)
		bytes = MIN(bytes, self->limits.transfer_max_bytes);
	return bytes;
}

static gboolean
fuzz_plan_denies(const FuzzPlanCase *self, guint8 mode)
{
	return (self->caps.modes_known >> mode & 1) == 1 && (self->caps.modes >> mode & 1) == 0;
}

static gboolean
fuzz_plan_is_deferred(guint8 mode)
{
	return mode == 0x0d || mode == 0x0e;
}

/* the command as it goes out: the fields of the segment, and nothing beside */
static void
fuzz_plan_check_cdb(const FuScsiWbSegment *segment)
{
	g_autoptr(GByteArray) cdb = fu_scsi_wb_command_encode_write_buffer(segment);

	g_assert_cmpuint(cdb->len, ==, 10);
	g_assert_cmphex(cdb->data[0], ==, 0x3b);
	g_assert_cmphex(cdb->data[1] & 0x1f, ==, segment->mode);
	g_assert_cmphex(cdb->data[1] >> 5, ==, segment->mode_specific);
	g_assert_cmphex(cdb->data[2], ==, segment->buffer_id);
	g_assert_cmphex(cdb->data[3] << 16 | cdb->data[4] << 8 | cdb->data[5],
			==,
			segment->buffer_offset);
	g_assert_cmphex(cdb->data[6] << 16 | cdb->data[7] << 8 | cdb->data[8],
			==,
			segment->length_bytes);
	g_assert_cmphex(cdb->data[9], ==, 0x00);
}

static void
fuzz_plan_check_address(const FuzzPlanCase *self, const FuScsiWbSegment *segment, guint idx)
{
	const FuScsiWbProfile *row = &self->profile;
	gboolean counts = fuzz_plan_case_has_flag(self, FU_SCSI_WB_FLAG_INCREMENT_BUFFER_ID);

	g_assert_cmpuint(segment->buffer_id, ==, row->buffer_id + (counts ? idx : 0));
	g_assert_cmphex(segment->buffer_offset, <=, FUZZ_PLAN_FIELD_MAX);
	if (fuzz_plan_takes_offset_zero_only(self) || !fuzz_plan_has_offsets(self))
		g_assert_cmphex(segment->buffer_offset, ==, 0);
	if (!fuzz_plan_has_offsets(self))
		return;
	g_assert_cmpuint((gsize)segment->buffer_offset * MAX(row->offset_unit_bytes, 1),
			 ==,
			 segment->image_offset_bytes);

	/* without a word of the row, segments begin where the device allows it */
	if (row->align_bytes == 0 && row->chunk_bytes == 0 && self->caps.has_buffer)
		g_assert_cmpuint(segment->image_offset_bytes % self->caps.boundary_bytes, ==, 0);
}

static void
fuzz_plan_check_length(const FuzzPlanCase *self, const FuScsiWbSegment *segment, gboolean is_whole)
{
	const FuScsiWbProfile *row = &self->profile;
	gsize align_bytes = MAX(row->align_bytes, 1);
	gsize end_bytes = segment->image_offset_bytes + segment->length_bytes;

	g_assert_cmpuint(segment->length_bytes, >, 0);
	g_assert_cmpuint(segment->length_bytes, <=, fuzz_plan_get_carry_bytes(self));
	g_assert_cmpuint(segment->length_bytes % align_bytes, ==, 0);
	g_assert_cmpuint(segment->image_offset_bytes % align_bytes, ==, 0);
	if (is_whole)
		return;
	if (row->chunk_bytes != 0)
		g_assert_cmpuint(segment->length_bytes, <=, row->chunk_bytes);
	if (fuzz_plan_case_has_flag(self, FU_SCSI_WB_FLAG_EXACT_CHUNK) &&
	    end_bytes < self->image_bytes)
		g_assert_cmpuint(segment->length_bytes, ==, row->chunk_bytes);

	/* the default, unless the device's own grid is wider or it wants all in one */
	if (row->chunk_bytes == 0 && !fuzz_plan_takes_offset_zero_only(self))
		g_assert_cmpuint(
		    segment->length_bytes,
		    <=,
		    MAX(32768,
			MAX(row->align_bytes,
			    fuzz_plan_has_offsets(self) ? self->caps.boundary_bytes : 0)));
}

static void
fuzz_plan_check_time(const FuzzPlanCase *self, const FuScsiWbSegment *segment, gboolean is_last)
{
	const FuScsiWbProfile *row = &self->profile;
	const FuScsiWbCaps *caps = &self->caps;
	gsize want_s = row->timeout_s;

	if (want_s == 0 && caps->timeout_recommended_s != 0)
		want_s = MIN(MAX(caps->timeout_recommended_s, caps->timeout_nominal_s), 86400);
	if (want_s == 0)
		want_s = 300;
	if (is_last) {
		want_s = row->timeout_last_s != 0 ? row->timeout_last_s : MAX(want_s, 300);
		want_s = MAX(want_s, caps->timeout_limited_s);
	}
	g_assert_cmpuint(segment->timeout_ms, ==, want_s * 1000);
	g_assert_cmpuint(segment->timeout_ms, <=, FUZZ_PLAN_DAY_MS);
}

/* the image from its first to its last byte, each once; then, if the row wants it, an empty one */
static void
fuzz_plan_check_segments(const FuzzPlanCase *self, const FuScsiWbPlan *plan)
{
	const FuScsiWbSegment *segments = &g_array_index(plan->segments, FuScsiWbSegment, 0);
	gboolean has_commit = fuzz_plan_case_has_flag(self, FU_SCSI_WB_FLAG_COMMIT_ZERO_LENGTH);
	guint n_data = plan->segments->len - (has_commit ? 1 : 0);
	gboolean is_whole = n_data == 1;
	gsize offset = 0;
	gsize largest_bytes = 0;

	g_assert_cmpuint(plan->segments->len, >, has_commit ? 1 : 0);
	for (guint i = 0; i < plan->segments->len; i++) {
		const FuScsiWbSegment *segment = &segments[i];
		g_assert_cmpuint(segment->image_offset_bytes, ==, offset);
		g_assert_cmphex(segment->mode_specific, ==, self->profile.mode_specific);
		fuzz_plan_check_cdb(segment);
		fuzz_plan_check_time(self, segment, i + 1 == plan->segments->len);
		offset += segment->length_bytes;
		largest_bytes = MAX(largest_bytes, segment->length_bytes);
		if (i == n_data) {
			g_assert_cmpuint(segment->length_bytes, ==, 0);
			continue;
		}
		fuzz_plan_check_address(self, segment, i);
		fuzz_plan_check_length(self, segment, is_whole);
	}
	g_assert_cmpuint(offset, ==, self->image_bytes);
	g_assert_cmpuint(plan->image_bytes, ==, self->image_bytes);
	g_assert_cmpuint(fu_scsi_wb_plan_get_transfer_bytes(plan), ==, largest_bytes);
	if (fuzz_plan_case_has_flag(self, FU_SCSI_WB_FLAG_SINGLE_COMMAND))
		g_assert_true(is_whole);
}

/* auto: 0x0e, 0x07, and 0x05 with all in one command, none of them if the device denies it */
static void
fuzz_plan_check_modes(const FuzzPlanCase *self, const FuScsiWbPlan *plan)
{
	const FuScsiWbProfile *row = &self->profile;
	const FuScsiWbSegment *segments = &g_array_index(plan->segments, FuScsiWbSegment, 0);
	guint8 mode = fuzz_plan_is_auto(self) ? segments[0].mode : row->mode;
	guint8 mode_last = row->mode_last != 0 ? row->mode_last : mode;

	for (guint i = 0; i + 1 < plan->segments->len; i++)
		g_assert_cmphex(segments[i].mode, ==, mode);
	g_assert_cmphex(segments[plan->segments->len - 1].mode, ==, mode_last);
	if (!fuzz_plan_is_auto(self)) {
		g_assert_null(plan->fallback);
		return;
	}
	g_assert_true(mode == 0x0e || mode == 0x07 || mode == 0x05);
	g_assert_false(fuzz_plan_denies(self, mode));
	if (mode == 0x05)
		g_assert_cmpuint(plan->segments->len, ==, 1);
	if (plan->fallback != NULL) {
		FuScsiWbSegment *first =
		    &g_array_index(plan->fallback->segments, FuScsiWbSegment, 0);
		g_assert_cmphex(first->mode, <, mode);
	}
}

/* by the row's own flag, else by the mode of the last segment and the device's bits */
static FuScsiWbActivation
fuzz_plan_get_activation(const FuzzPlanCase *self, guint8 mode_last)
{
	guint32 events = mode_last == 0x0d ? self->profile.mode_specific : self->caps.events;

	if (fuzz_plan_case_has_flag(self, FU_SCSI_WB_FLAG_ACTIVATE_ON_REBOOT))
		return FU_SCSI_WB_ACTIVATION_REBOOT;
	if (fuzz_plan_case_has_flag(self, FU_SCSI_WB_FLAG_ACTIVATE_ON_POWER_CYCLE))
		return FU_SCSI_WB_ACTIVATION_POWER_CYCLE;
	if (fuzz_plan_is_deferred(mode_last) && !fuzz_plan_denies(self, 0x0f))
		return FU_SCSI_WB_ACTIVATION_COMMAND;
	if (!fuzz_plan_is_deferred(mode_last) && self->caps.activate_microcode != 2)
		return FU_SCSI_WB_ACTIVATION_IMMEDIATE;
	if (events & 2)
		return FU_SCSI_WB_ACTIVATION_REBOOT;
	if ((events & 4) || !fuzz_plan_is_deferred(mode_last))
		return FU_SCSI_WB_ACTIVATION_POWER_CYCLE;
	return FU_SCSI_WB_ACTIVATION_NEVER;
}

static void
fuzz_plan_check_activation(const FuzzPlanCase *self, const FuScsiWbPlan *plan)
{
	const FuScsiWbSegment *last =
	    &g_array_index(plan->segments, FuScsiWbSegment, plan->segments->len - 1);
	FuScsiWbActivation want = fuzz_plan_get_activation(self, last->mode);

	/* a row that defers is believed */
	if (want == FU_SCSI_WB_ACTIVATION_NEVER && !fuzz_plan_is_auto(self) && last->mode == 0x0e)
		want = FU_SCSI_WB_ACTIVATION_COMMAND;
	g_assert_cmpint(want, !=, FU_SCSI_WB_ACTIVATION_NEVER);
	g_assert_cmpint(plan->activation, ==, want);
	g_assert_cmpint(plan->activation_deferred, !=, FU_SCSI_WB_ACTIVATION_NEVER);
	g_assert_cmpint(plan->activation_deferred, !=, FU_SCSI_WB_ACTIVATION_IMMEDIATE);
	fuzz_check_words(plan->activation_source);
	g_assert_cmphex(plan->activate.mode, ==, 0x0f);
	g_assert_cmpuint(plan->activate.length_bytes, ==, 0);
	fuzz_plan_check_cdb(&plan->activate);
	g_assert_cmpuint(plan->activate.timeout_ms, ==, last->timeout_ms);
	g_assert_cmpuint(plan->wait_ms, ==, last->timeout_ms);
	g_assert_true(plan->is_unaddressed ==
		      ((self->profile.flags &
			(FU_SCSI_WB_FLAG_FIXED_OFFSET | FU_SCSI_WB_FLAG_IGNORES_OFFSET)) != 0));
}

/* the last of several segments would need a number that its field does not hold */
static gboolean
fuzz_plan_overflows(const FuzzPlanCase *self, const FuScsiWbTraits *traits)
{
	const FuScsiWbProfile *row = &self->profile;
	gsize last = (self->image_bytes - 1) / traits->chunk_bytes.value;

	if (fuzz_plan_case_has_flag(self, FU_SCSI_WB_FLAG_INCREMENT_BUFFER_ID))
		return row->buffer_id + last > 0xff;
	return fuzz_plan_has_offsets(self) &&
	       last * traits->chunk_bytes.value / MAX(row->offset_unit_bytes, 1) >
		   FUZZ_PLAN_FIELD_MAX;
}

/* refused as damaged or too large only if a rule says so */
static gboolean
fuzz_plan_may_refuse(const FuzzPlanCase *self, const FuScsiWbTraits *traits)
{
	gboolean is_large = self->image_bytes > fuzz_plan_get_carry_bytes(self);

	if (self->image_bytes == 0 || self->image_bytes % MAX(self->profile.align_bytes, 1) != 0)
		return TRUE;
	if (fuzz_plan_has_offsets(self) && self->caps.has_buffer &&
	    self->caps.capacity_bytes != 0 && self->image_bytes > self->caps.capacity_bytes)
		return TRUE;
	if (fuzz_plan_case_has_flag(self, FU_SCSI_WB_FLAG_SINGLE_COMMAND))
		return is_large;
	return fuzz_plan_overflows(self, traits) || (fuzz_plan_is_auto(self) && is_large);
}

static void
fuzz_plan_check_refused(const FuzzPlanCase *self, const FuScsiWbTraits *traits, GError *error)
{
	fuzz_check_error(error);
	fuzz_check_words(error->message);
	if (g_error_matches(error, FWUPD_ERROR, FWUPD_ERROR_INVALID_FILE)) {
		g_assert_true(fuzz_plan_may_refuse(self, traits));
		return;
	}
	fuzz_check_refusal(error, FWUPD_ERROR_NOT_SUPPORTED);
	g_assert_true(fuzz_plan_takes_offset_zero_only(self));
	g_assert_cmpuint(self->image_bytes, >, traits->chunk_bytes.value);
}

/* no row makes sense that the README says does not, and no device is refused without a reason */
static void
fuzz_plan_check_unresolved(const FuzzPlanCase *self, GError *error)
{
	fuzz_check_error(error);
	fuzz_check_words(error->message);
	if (fuzz_plan_case_excludes(self)) {
		fuzz_check_refusal(error, FWUPD_ERROR_INVALID_DATA);
		return;
	}
	fuzz_check_refusal(error, FWUPD_ERROR_NOT_SUPPORTED);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	FuzzInput input = {.data = data, .size = size};
	FuzzPlanCase self;
	FuScsiWbTraits traits;
	g_autofree gchar *text = NULL;
	g_autoptr(FuScsiWbPlan) plan = NULL;
	g_autoptr(GError) error = NULL;

	fuzz_plan_case_init(&self, &input);
	if (!fu_scsi_wb_traits_resolve(&self.profile, &self.caps, &self.limits, &traits, &error)) {
		fuzz_plan_check_unresolved(&self, error);
		return 0;
	}
	g_assert_false(fuzz_plan_case_excludes(&self));
	plan = fu_scsi_wb_plan_new(&self.profile, &traits, self.image_bytes, &error);
	if (plan == NULL) {
		fuzz_plan_check_refused(&self, &traits, error);
		return 0;
	}
	g_assert_no_error(error);
	for (const FuScsiWbPlan *tmp = plan; tmp != NULL; tmp = tmp->fallback) {
		fuzz_plan_check_segments(&self, tmp);
		fuzz_plan_check_modes(&self, tmp);
		fuzz_plan_check_activation(&self, tmp);
	}
	text = fu_scsi_wb_plan_to_string(plan);
	fuzz_check_words(text);
	if (fu_scsi_wb_plan_limit_to_in_use(plan)) {
		g_assert_cmpint(plan->activation, !=, FU_SCSI_WB_ACTIVATION_IMMEDIATE);
		g_assert_null(plan->fallback);
	} else {
		g_assert_cmpint(plan->activation, ==, FU_SCSI_WB_ACTIVATION_IMMEDIATE);
	}
	return 0;
}
