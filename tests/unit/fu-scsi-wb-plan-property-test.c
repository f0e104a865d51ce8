/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-plan.h"
#include "fu-scsi-wb-unit.h"

#define ROUNDS 4000

/* one draw of a row and an image */
typedef struct {
	FuScsiWbProfile profile;
	gsize image_bytes;
} FuScsiWbPlanTestCase;

static guint32
fu_test_scsi_wb_plan_pick(GRand *rand, const guint32 *values, guint values_len)
{
	return values[g_rand_int_range(rand, 0, values_len)];
}

static void
fu_test_scsi_wb_plan_draw(GRand *rand, FuScsiWbPlanTestCase *self)
{
	const guint32 modes[] = {0x04, 0x05, 0x06, 0x07, 0x0d, 0x0e};
	const guint32 aligns[] = {0, 1, 2, 4, 512, 1030, 4096};
	const guint32 flags[] = {
	    FU_SCSI_WB_FLAG_NONE,
	    FU_SCSI_WB_FLAG_FIXED_OFFSET,
	    FU_SCSI_WB_FLAG_INCREMENT_BUFFER_ID,
	    FU_SCSI_WB_FLAG_COMMIT_ZERO_LENGTH,
	    FU_SCSI_WB_FLAG_EXACT_CHUNK | FU_SCSI_WB_FLAG_COMMIT_ZERO_LENGTH,
	    FU_SCSI_WB_FLAG_INCREMENT_BUFFER_ID | FU_SCSI_WB_FLAG_COMMIT_ZERO_LENGTH,
	};
	guint32 align_bytes = fu_test_scsi_wb_plan_pick(rand, aligns, G_N_ELEMENTS(aligns));
	guint32 unit_bytes = MAX(align_bytes, 1);
	guint32 chunk_bytes = g_rand_int_range(rand, 1, 40) * unit_bytes;

	self->profile = (FuScsiWbProfile){
	    .mode = fu_test_scsi_wb_plan_pick(rand, modes, G_N_ELEMENTS(modes)),
	    .mode_specific = g_rand_int_range(rand, 0, 8),
	    .buffer_id = g_rand_int_range(rand, 0, 256),
	    .align_bytes = align_bytes,
	    .chunk_bytes = chunk_bytes,
	    .flags = fu_test_scsi_wb_plan_pick(rand, flags, G_N_ELEMENTS(flags)),
	};
	if (g_rand_boolean(rand))
		self->profile.mode_last =
		    fu_test_scsi_wb_plan_pick(rand, modes, G_N_ELEMENTS(modes));
	if (g_rand_boolean(rand))
		self->profile.offset_unit_bytes = unit_bytes;

	/* at a border between two segments as often as not */
	self->image_bytes = (gsize)g_rand_int_range(rand, 1, 400) * chunk_bytes;
	if (g_rand_boolean(rand))
		self->image_bytes -=
		    (gsize)g_rand_int_range(rand, 0, chunk_bytes / unit_bytes) * unit_bytes;
}

/* what is wrong with a segment, or NULL */
static const gchar *
fu_test_scsi_wb_plan_find_fault(const FuScsiWbPlanTestCase *self,
				const FuScsiWbSegment *segment,
				guint idx,
				gsize expected_offset)
{
	const FuScsiWbProfile *profile = &self->profile;
	gboolean has_ids = (profile->flags & FU_SCSI_WB_FLAG_INCREMENT_BUFFER_ID) > 0;
	gboolean has_offsets = !has_ids && (profile->flags & FU_SCSI_WB_FLAG_FIXED_OFFSET) == 0;
	gsize unit_bytes = MAX(profile->offset_unit_bytes, 1);
	gsize align_bytes = MAX(profile->align_bytes, 1);

	if (segment->image_offset_bytes != expected_offset)
		return "a hole or an overlap";
	if (segment->length_bytes == 0 || segment->length_bytes > profile->chunk_bytes)
		return "a length out of bounds";
	if (segment->length_bytes % align_bytes != 0 || expected_offset % align_bytes != 0)
		return "no alignment";
	if (segment->buffer_offset > 0xffffff)
		return "an offset of more than 24 bits";
	if (has_offsets && segment->buffer_offset * unit_bytes != expected_offset)
		return "another offset than the image's";
	if (!has_offsets && segment->buffer_offset != 0)
		return "an offset that should be 0";
	if (segment->buffer_id != profile->buffer_id + (has_ids ? idx : 0))
		return "the wrong BUFFER ID";
	if (segment->mode_specific != profile->mode_specific)
		return "the wrong MODE SPECIFIC";
	return NULL;
}

static void
fu_test_scsi_wb_plan_check_plan(const FuScsiWbPlanTestCase *self, const FuScsiWbPlan *plan)
{
	gboolean has_commit = (self->profile.flags & FU_SCSI_WB_FLAG_COMMIT_ZERO_LENGTH) > 0;
	guint32 mode_last = self->profile.mode_last != 0 ? self->profile.mode_last
							 : self->profile.mode;
	guint data_len = plan->segments->len - (has_commit ? 1 : 0);
	const FuScsiWbSegment *segments = &g_array_index(plan->segments, FuScsiWbSegment, 0);
	gsize offset = 0;

	for (guint i = 0; i < data_len; i++) {
		const gchar *fault = fu_test_scsi_wb_plan_find_fault(self, &segments[i], i, offset);
		g_assert_cmpstr(fault, ==, NULL);
		offset += segments[i].length_bytes;
	}
	g_assert_cmpuint(offset, ==, self->image_bytes);
	if (has_commit)
		g_assert_cmpuint(segments[data_len].length_bytes, ==, 0);
	for (guint i = 0; i + 1 < plan->segments->len; i++)
		g_assert_cmphex(segments[i].mode, ==, self->profile.mode);
	g_assert_cmphex(segments[plan->segments->len - 1].mode, ==, mode_last);
}

/* an image is refused only if a field is really too small for it */
static gboolean
fu_test_scsi_wb_plan_is_too_large(const FuScsiWbPlanTestCase *self)
{
	const FuScsiWbProfile *profile = &self->profile;
	gsize last = (self->image_bytes - 1) / profile->chunk_bytes;
	gsize unit_bytes = MAX(profile->offset_unit_bytes, 1);

	if (profile->flags & FU_SCSI_WB_FLAG_INCREMENT_BUFFER_ID)
		return profile->buffer_id + last > 0xff;
	if (profile->flags & FU_SCSI_WB_FLAG_FIXED_OFFSET)
		return FALSE;
	return last * profile->chunk_bytes / unit_bytes > 0xffffff;
}

static void
fu_test_scsi_wb_plan_property_covers_func(void)
{
	guint refused = 0;
	g_autoptr(GRand) rand = g_rand_new_with_seed(0x5c51);

	for (guint i = 0; i < ROUNDS; i++) {
		FuScsiWbPlanTestCase self;
		g_autoptr(FuScsiWbPlan) plan = NULL;
		g_autoptr(GError) error = NULL;
		g_autofree gchar *name = NULL;

		fu_test_scsi_wb_plan_draw(rand, &self);
		name = g_strdup_printf("round %u: chunk %u, align %u, unit %u, flags 0x%x, "
				       "BUFFER ID %u, image %" G_GSIZE_FORMAT,
				       i,
				       self.profile.chunk_bytes,
				       self.profile.align_bytes,
				       self.profile.offset_unit_bytes,
				       (guint)self.profile.flags,
				       self.profile.buffer_id,
				       self.image_bytes);
		fu_scsi_wb_unit_row(name);
		plan = fu_scsi_wb_unit_new_plan(&self.profile, self.image_bytes, &error);
		if (fu_test_scsi_wb_plan_is_too_large(&self)) {
			g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_INVALID_FILE);
			g_assert_null(plan);
			refused++;
			continue;
		}
		g_assert_no_error(error);
		g_assert_nonnull(plan);
		fu_test_scsi_wb_plan_check_plan(&self, plan);
	}

	/* the draw has both kinds */
	g_assert_cmpuint(refused, >, ROUNDS / 100);
	g_assert_cmpuint(refused, <, ROUNDS / 2);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/plan/property/covers", fu_test_scsi_wb_plan_property_covers_func);
	return g_test_run();
}
