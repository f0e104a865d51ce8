/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fuzz-plan-case.h"

/* the widths of the fields of READ BUFFER's descriptor and of MODE SPECIFIC */
#define FUZZ_PLAN_U24 0xffffff
#define FUZZ_PLAN_U3  0x7

/* more than there are BUFFER IDs; more of the same make no other plan, but a slow one */
#define FUZZ_PLAN_SEGMENTS_MAX 300

static const guint8 modes[] = {0x00, 0x04, 0x05, 0x06, 0x07, 0x0d, 0x0e};

static guint8
fuzz_plan_case_take_mode(FuzzInput *input)
{
	return modes[fuzz_input_byte(input) % G_N_ELEMENTS(modes)];
}

static void
fuzz_plan_case_take_profile(FuScsiWbProfile *profile, FuzzInput *input)
{
	guint8 keys = fuzz_input_byte(input);

	profile->flags = fuzz_input_number(input, (FU_SCSI_WB_FLAG_IGNORES_OFFSET << 1) - 1);
	profile->mode = fuzz_plan_case_take_mode(input);
	if (keys & 0x01)
		profile->mode_last = fuzz_plan_case_take_mode(input);
	if (keys & 0x02)
		profile->mode_specific = fuzz_input_number(input, FUZZ_PLAN_U3);
	if (keys & 0x04)
		profile->align_bytes = fuzz_input_number(input, FUZZ_PLAN_U24);
	if (keys & 0x08)
		profile->offset_unit_bytes = fuzz_input_number(input, FUZZ_PLAN_U24);
	if (keys & 0x10)
		profile->chunk_bytes = fuzz_input_number(input, FUZZ_PLAN_U24);
	if (keys & 0x20)
		profile->buffer_id = fuzz_input_byte(input);
	if (keys & 0x40) {
		profile->timeout_s = fuzz_input_number(input, FU_SCSI_WB_PROFILE_TIMEOUT_MAX_S);
		profile->timeout_last_s =
		    fuzz_input_number(input, FU_SCSI_WB_PROFILE_TIMEOUT_MAX_S);
	}
	if (keys & 0x80) {
		profile->version_page = fuzz_input_byte(input);
		profile->version_offset = fuzz_input_number(input, 251);
		profile->version_bytes = fuzz_input_number(input, 64);
	}
}

/* as the parsers of answers leave it: see fuzz-caps.c */
static void
fuzz_plan_case_take_caps(FuScsiWbCaps *caps, FuzzInput *input)
{
	guint8 parts = fuzz_input_byte(input);

	if (parts & 0x01) {
		caps->modes_known = fuzz_input_number(input, G_MAXUINT16);
		caps->modes = caps->modes_known & fuzz_input_number(input, G_MAXUINT16);
		caps->modes_guessed = caps->modes_known & fuzz_input_number(input, G_MAXUINT16);
		caps->modes_source = caps->modes_known != 0 ? "the device" : NULL;
	}
	if (parts & 0x02) {
		caps->activate_microcode = fuzz_input_byte(input) & 0x03;
		caps->events = fuzz_input_byte(input) & FUZZ_PLAN_U3;
		caps->multi_it_nexus = fuzz_input_byte(input) & 0x0f;
	}
	if (parts & 0x04)
		caps->length_max_bytes = fuzz_input_number(input, FUZZ_PLAN_U24 - 1);
	if (parts & 0x08)
		caps->timeout_limited_s = fuzz_input_byte(input);
	if (parts & 0x10) {
		caps->timeout_nominal_s = fuzz_input_number(input, G_MAXUINT32);
		caps->timeout_recommended_s = fuzz_input_number(input, G_MAXUINT32);
	}
	if (parts & 0x20) {
		guint8 exponent = fuzz_input_byte(input);
		caps->has_buffer = TRUE;
		caps->only_offset_zero = exponent >= 0x80;
		caps->boundary_bytes = caps->only_offset_zero ? 1 : 1u << (exponent & 0x1f);
		caps->capacity_bytes = fuzz_input_number(input, FUZZ_PLAN_U24);
	}
	caps->affects_all_units = (parts & 0x40) > 0;
}

/* the largest segment that a way in pieces could have is not known here: any number of the row, of
 * the host and of the default stands for it */
static gsize
fuzz_plan_case_guess_chunk(const FuzzPlanCase *self)
{
	gsize chunk_bytes = self->profile.chunk_bytes != 0 ? self->profile.chunk_bytes : 32768;

	if (self->limits.transfer_max_bytes != 0)
		chunk_bytes = MIN(chunk_bytes, self->limits.transfer_max_bytes);
	if (self->caps.length_max_bytes != 0)
		chunk_bytes = MIN(chunk_bytes, self->caps.length_max_bytes);
	return chunk_bytes;
}

/* next to a border between two segments as often as not */
static void
fuzz_plan_case_take_size(FuzzPlanCase *self, FuzzInput *input)
{
	gsize chunk_bytes = fuzz_plan_case_guess_chunk(self);
	gsize max_bytes = chunk_bytes * FUZZ_PLAN_SEGMENTS_MAX;
	gsize unit_bytes = MAX(self->profile.align_bytes, 1);
	gsize less_bytes;
	guint8 kind = fuzz_input_byte(input);

	if (kind & 0x01)
		unit_bytes = chunk_bytes;
	if (kind & 0x02)
		unit_bytes = 1;
	self->image_bytes = fuzz_input_number(input, MAX(max_bytes / unit_bytes, 1)) * unit_bytes;
	if (kind & 0x04)
		self->image_bytes += fuzz_input_number(input, 64);
	less_bytes = kind & 0x08 ? fuzz_input_number(input, 64) : 0;
	self->image_bytes -= MIN(self->image_bytes, less_bytes);
}

void
fuzz_plan_case_init(FuzzPlanCase *self, FuzzInput *input)
{
	*self = (FuzzPlanCase){0};
	fuzz_plan_case_take_profile(&self->profile, input);
	fuzz_plan_case_take_caps(&self->caps, input);
	if (fuzz_input_byte(input) & 0x01)
		self->limits.transfer_max_bytes = fuzz_input_number(input, G_MAXUINT64);
	fuzz_plan_case_take_size(self, input);
}

gboolean
fuzz_plan_case_has_flag(const FuzzPlanCase *self, FuScsiWbFlags flags)
{
	return (self->profile.flags & flags) == flags;
}

/* "These exclude each other", and what the keys say of `auto` */
static gboolean
fuzz_plan_case_excludes_flags(const FuzzPlanCase *self)
{
	const FuScsiWbProfile *row = &self->profile;
	FuScsiWbFlags with_single = FU_SCSI_WB_FLAG_COMMIT_ZERO_LENGTH |
				    FU_SCSI_WB_FLAG_INCREMENT_BUFFER_ID |
				    FU_SCSI_WB_FLAG_IGNORES_OFFSET;

	if (fuzz_plan_case_has_flag(self, FU_SCSI_WB_FLAG_SINGLE_COMMAND) &&
	    (row->mode == 0x00 || row->mode_last != 0 || (row->flags & with_single) != 0))
		return TRUE;
	if (row->mode == 0x00 && (row->mode_last != 0 || row->mode_specific != 0 ||
				  (row->flags & FU_SCSI_WB_FLAG_COMMIT_ZERO_LENGTH) != 0))
		return TRUE;
	return fuzz_plan_case_has_flag(self,
				       FU_SCSI_WB_FLAG_ACTIVATE_ON_REBOOT |
					   FU_SCSI_WB_FLAG_ACTIVATE_ON_POWER_CYCLE);
}

gboolean
fuzz_plan_case_excludes(const FuzzPlanCase *self)
{
	const FuScsiWbProfile *row = &self->profile;

	if (fuzz_plan_case_excludes_flags(self))
		return TRUE;
	if (row->chunk_bytes == 0 && (row->offset_unit_bytes > 1 ||
				      fuzz_plan_case_has_flag(self, FU_SCSI_WB_FLAG_EXACT_CHUNK)))
		return TRUE;
	if (row->chunk_bytes % MAX(row->align_bytes, 1) != 0 ||
	    row->chunk_bytes % MAX(row->offset_unit_bytes, 1) != 0)
		return TRUE;

	/* the keys of the version come together, and end at byte 252 */
	if ((row->version_offset != 0) != (row->version_bytes != 0))
		return TRUE;
	return (row->version_page != 0 && row->version_bytes == 0) ||
	       row->version_offset + row->version_bytes > 252;
}
