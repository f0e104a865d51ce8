/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-plan.h"

/* one way to download: a profile says which, `auto` tries several */
typedef struct {
	guint8 mode;
	guint8 mode_last;
	gboolean is_single;
} FuScsiWbPlanWay;

static guint
fu_scsi_wb_plan_get_timeout_s(const FuScsiWbProfile *profile)
{
	return profile->timeout_s != 0 ? profile->timeout_s : FU_SCSI_WB_PLAN_TIMEOUT_DEFAULT_S;
}

static guint
fu_scsi_wb_plan_get_timeout_last_s(const FuScsiWbProfile *profile)
{
	if (profile->timeout_last_s != 0)
		return profile->timeout_last_s;
	return MAX(fu_scsi_wb_plan_get_timeout_s(profile), FU_SCSI_WB_PLAN_TIMEOUT_DEFAULT_S);
}

/* the largest segment: what the row says, else the default made to fit the alignment */
static gsize
fu_scsi_wb_plan_get_chunk_bytes(const FuScsiWbProfile *profile,
				const FuScsiWbPlanWay *way,
				gsize image_bytes)
{
	gsize align_bytes = MAX(profile->align_bytes, 1);
	gsize chunk_bytes = FU_SCSI_WB_PLAN_CHUNK_DEFAULT_BYTES;

	if (way->is_single)
		return image_bytes;
	if (profile->chunk_bytes != 0)
		return profile->chunk_bytes;
	return MAX(chunk_bytes - chunk_bytes % align_bytes, align_bytes);
}

static gboolean
fu_scsi_wb_plan_check_image(const FuScsiWbProfile *profile, gsize image_bytes, GError **error)
{
	if (image_bytes == 0) {
		g_set_error_literal(error,
				    FWUPD_ERROR,
				    FWUPD_ERROR_INVALID_FILE,
				    "the image is empty");
		return FALSE;
	}
	if (profile->align_bytes > 1 && image_bytes % profile->align_bytes != 0) {
		g_set_error(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_INVALID_FILE,
			    "the image size of %" G_GSIZE_FORMAT " bytes is not a multiple of %u, "
			    "as this device wants it: the image is damaged, or made for another "
			    "device",
			    image_bytes,
			    profile->align_bytes);
		return FALSE;
	}
	return TRUE;
}

static gboolean
fu_scsi_wb_plan_check_field(guint64 value, guint64 max, const gchar *field, GError **error)
{
	if (value <= max)
		return TRUE;
	g_set_error(
	    error,
	    FWUPD_ERROR,
	    FWUPD_ERROR_INVALID_FILE,
	    "the image is too large for this device: %s would have to be 0x%" G_GINT64_MODIFIER
	    "x, and 0x%" G_GINT64_MODIFIER "x is the most it can be",
	    field,
	    value,
	    max);
	return FALSE;
}

static gboolean
fu_scsi_wb_plan_add_segment(FuScsiWbPlan *self,
			    const FuScsiWbProfile *profile,
			    const FuScsiWbPlanWay *way,
			    gsize offset_bytes,
			    gsize length_bytes,
			    GError **error)
{
	guint64 buffer_id = profile->buffer_id;
	guint64 buffer_offset = offset_bytes / MAX(profile->offset_unit_bytes, 1);
	FuScsiWbSegment segment = {
	    .mode = way->mode,
	    .mode_specific = profile->mode_specific,
	    .image_offset_bytes = offset_bytes,
	    .length_bytes = length_bytes,
	    .timeout_ms = fu_scsi_wb_plan_get_timeout_s(profile) * 1000,
	};

	/* a maker that counts buffers does not count offsets */
	if (profile->flags & FU_SCSI_WB_FLAG_INCREMENT_BUFFER_ID) {
		buffer_id += self->segments->len;
		buffer_offset = 0;
	}
	if (profile->flags & FU_SCSI_WB_FLAG_FIXED_OFFSET)
		buffer_offset = 0;
	if (!fu_scsi_wb_plan_check_field(buffer_id, G_MAXUINT8, "BUFFER ID", error))
		return FALSE;
	if (!fu_scsi_wb_plan_check_field(buffer_offset,
					 FU_SCSI_WB_PLAN_FIELD_MAX,
					 "BUFFER OFFSET",
					 error))
		return FALSE;
	if (!fu_scsi_wb_plan_check_field(length_bytes,
					 FU_SCSI_WB_PLAN_FIELD_MAX,
					 "PARAMETER LIST LENGTH",
					 error))
		return FALSE;
	segment.buffer_id = buffer_id;
	segment.buffer_offset = buffer_offset;
	g_array_append_val(self->segments, segment);
	return TRUE;
}

static gboolean
fu_scsi_wb_plan_add_segments(FuScsiWbPlan *self,
			     const FuScsiWbProfile *profile,
			     const FuScsiWbPlanWay *way,
			     GError **error)
{
	gsize chunk_bytes = fu_scsi_wb_plan_get_chunk_bytes(profile, way, self->image_bytes);

	for (gsize offset = 0; offset < self->image_bytes; offset += chunk_bytes) {
		gsize length_bytes = MIN(chunk_bytes, self->image_bytes - offset);
		if (!fu_scsi_wb_plan_add_segment(self, profile, way, offset, length_bytes, error))
			return FALSE;
	}
	return TRUE;
}

/* the last segment differs: it may be empty, have its own mode, and take longer */
static void
fu_scsi_wb_plan_finish_segments(FuScsiWbPlan *self,
				const FuScsiWbProfile *profile,
				const FuScsiWbPlanWay *way)
{
	FuScsiWbSegment *last;

	if (profile->flags & FU_SCSI_WB_FLAG_COMMIT_ZERO_LENGTH) {
		FuScsiWbSegment commit = {
		    .mode_specific = profile->mode_specific,
		    .buffer_id = profile->buffer_id,
		    .image_offset_bytes = self->image_bytes,
		};
		g_array_append_val(self->segments, commit);
	}
	last = &g_array_index(self->segments, FuScsiWbSegment, self->segments->len - 1);
	last->mode = way->mode_last;
	last->timeout_ms = fu_scsi_wb_plan_get_timeout_last_s(profile) * 1000;
}

static FuScsiWbActivation
fu_scsi_wb_plan_get_activation(const FuScsiWbProfile *profile, guint8 mode_last)
{
	if (profile->flags & FU_SCSI_WB_FLAG_ACTIVATE_ON_REBOOT)
		return FU_SCSI_WB_ACTIVATION_REBOOT;
	if (profile->flags & FU_SCSI_WB_FLAG_ACTIVATE_ON_POWER_CYCLE)
		return FU_SCSI_WB_ACTIVATION_POWER_CYCLE;
	if (mode_last == FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_SELECT_DEFER ||
	    mode_last == FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_DEFER)
		return FU_SCSI_WB_ACTIVATION_COMMAND;
	return FU_SCSI_WB_ACTIVATION_IMMEDIATE;
}

static FuScsiWbPlan *
fu_scsi_wb_plan_new_way(const FuScsiWbProfile *profile,
			const FuScsiWbPlanWay *way,
			gsize image_bytes,
			GError **error)
{
	g_autoptr(FuScsiWbPlan) self = g_new0(FuScsiWbPlan, 1);

	self->segments = g_array_new(FALSE, FALSE, sizeof(FuScsiWbSegment));
	self->image_bytes = image_bytes;
	if (!fu_scsi_wb_plan_add_segments(self, profile, way, error))
		return NULL;
	fu_scsi_wb_plan_finish_segments(self, profile, way);
	self->activation = fu_scsi_wb_plan_get_activation(profile, way->mode_last);
	self->activate = fu_scsi_wb_plan_get_activate(profile);
	self->wait_ms = fu_scsi_wb_plan_get_wait_ms(profile);
	return g_steal_pointer(&self);
}

/* the best way first; a way that this image does not fit is left out, and if none is left the
 * error of the best one tells most */
static FuScsiWbPlan *
fu_scsi_wb_plan_new_auto(const FuScsiWbProfile *profile, gsize image_bytes, GError **error)
{
	const FuScsiWbPlanWay ways[] = {
	    {FU_SCSI_WB_MODE_DOWNLOAD_SAVE, FU_SCSI_WB_MODE_DOWNLOAD_SAVE, TRUE},
	    {FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_SAVE, FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_SAVE, FALSE},
	    {FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_DEFER, FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_DEFER, FALSE},
	};
	g_autoptr(FuScsiWbPlan) best = NULL;
	g_autoptr(GError) error_local = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
		FuScsiWbPlan *plan;
		g_clear_error(&error_local);
		plan = fu_scsi_wb_plan_new_way(profile, &ways[i], image_bytes, &error_local);
		if (plan == NULL)
			continue;
		plan->fallback = g_steal_pointer(&best);
		best = plan;
	}
	if (best == NULL) {
		g_propagate_error(error, g_steal_pointer(&error_local));
		return NULL;
	}
	return g_steal_pointer(&best);
}

/**
 * fu_scsi_wb_plan_new:
 * @profile: what the quirk row says
 * @image_bytes: the size of the image
 * @error: (nullable): optional return location for an error
 *
 * Decides what will be sent. There is no I/O.
 *
 * Returns: (transfer full): a plan, or %NULL with %FWUPD_ERROR_INVALID_FILE if no image of that
 * size can be sent to the device, %FWUPD_ERROR_INVALID_DATA if the row cannot work
 **/
FuScsiWbPlan *
fu_scsi_wb_plan_new(const FuScsiWbProfile *profile, gsize image_bytes, GError **error)
{
	FuScsiWbPlanWay way = {
	    .mode = profile->mode,
	    .mode_last = profile->mode_last != 0 ? profile->mode_last : profile->mode,
	    .is_single = (profile->flags & FU_SCSI_WB_FLAG_SINGLE_COMMAND) > 0,
	};

	if (!fu_scsi_wb_profile_validate(profile, error))
		return NULL;
	if (!fu_scsi_wb_plan_check_image(profile, image_bytes, error))
		return NULL;
	if (profile->mode == FU_SCSI_WB_MODE_AUTO)
		return fu_scsi_wb_plan_new_auto(profile, image_bytes, error);
	return fu_scsi_wb_plan_new_way(profile, &way, image_bytes, error);
}

void
fu_scsi_wb_plan_free(FuScsiWbPlan *self)
{
	if (self->fallback != NULL)
		fu_scsi_wb_plan_free(self->fallback);
	g_array_unref(self->segments);
	g_free(self);
}

/**
 * fu_scsi_wb_plan_get_activate:
 * @profile: what the quirk row says
 *
 * Gets the command that activates deferred microcode. It is the same for every image, so that it
 * can be sent long after the download, by another run of the daemon.
 *
 * Returns: a WRITE BUFFER command without data
 **/
FuScsiWbSegment
fu_scsi_wb_plan_get_activate(const FuScsiWbProfile *profile)
{
	return (FuScsiWbSegment){
	    .mode = FU_SCSI_WB_MODE_ACTIVATE,
	    .timeout_ms = fu_scsi_wb_plan_get_timeout_last_s(profile) * 1000,
	};
}

/**
 * fu_scsi_wb_plan_get_wait_ms:
 * @profile: what the quirk row says
 *
 * Gets how long the device may take to be ready again with its new firmware.
 *
 * Returns: a time in ms
 **/
guint
fu_scsi_wb_plan_get_wait_ms(const FuScsiWbProfile *profile)
{
	return fu_scsi_wb_plan_get_timeout_last_s(profile) * 1000;
}

/**
 * fu_scsi_wb_plan_to_string:
 * @self: a #FuScsiWbPlan
 *
 * Says in one line what will be sent.
 *
 * Returns: (transfer full): text for people
 **/
gchar *
fu_scsi_wb_plan_to_string(const FuScsiWbPlan *self)
{
	const FuScsiWbSegment *first = &g_array_index(self->segments, FuScsiWbSegment, 0);
	const FuScsiWbSegment *last =
	    &g_array_index(self->segments, FuScsiWbSegment, self->segments->len - 1);

	return g_strdup_printf("%" G_GSIZE_FORMAT " bytes in %u segments of up to %" G_GSIZE_FORMAT
			       " bytes, MODE 0x%02x, last 0x%02x, activation %s",
			       self->image_bytes,
			       self->segments->len,
			       first->length_bytes,
			       first->mode,
			       last->mode,
			       fu_scsi_wb_activation_to_string(self->activation));
}
