/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-plan.h"

/* the offset says nothing: the device ignores it, or it is always the same */
#define FU_SCSI_WB_PLAN_UNADDRESSED (FU_SCSI_WB_FLAG_IGNORES_OFFSET | FU_SCSI_WB_FLAG_FIXED_OFFSET)

static gboolean
fu_scsi_wb_plan_check_image(const FuScsiWbProfile *profile,
			    const FuScsiWbTraits *traits,
			    gsize image_bytes,
			    GError **error)
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
	if (traits->capacity_bytes.value != 0 && image_bytes > traits->capacity_bytes.value) {
		g_set_error(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_INVALID_FILE,
			    "the image has %" G_GSIZE_FORMAT " bytes, but the device's buffer only "
			    "%" G_GUINT64_FORMAT " (%s): it is made for another device",
			    image_bytes,
			    traits->capacity_bytes.value,
			    traits->capacity_bytes.source);
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

/* a device without a way to say where in its buffer a segment belongs takes one, and not in pieces
 */
static gboolean
fu_scsi_wb_plan_check_offset(const FuScsiWbTraits *traits, guint64 buffer_offset, GError **error)
{
	if (buffer_offset == 0 || !traits->only_offset_zero)
		return TRUE;
	g_set_error(error,
		    FWUPD_ERROR,
		    FWUPD_ERROR_NOT_SUPPORTED,
		    "the device takes an image only in one command (%s), and this one is too large "
		    "for that: use a host adapter that carries more in one command",
		    traits->capacity_bytes.source);
	return FALSE;
}

static gboolean
fu_scsi_wb_plan_check_length(const FuScsiWbTraits *traits, guint64 length_bytes, GError **error)
{
	if (length_bytes <= traits->chunk_max_bytes.value)
		return TRUE;
	g_set_error(error,
		    FWUPD_ERROR,
		    FWUPD_ERROR_INVALID_FILE,
		    "the image of %" G_GUINT64_FORMAT
		    " bytes would have to go in one command, which "
		    "can carry %" G_GUINT64_FORMAT
		    " (%s): check that it is for this device, or use another host adapter",
		    length_bytes,
		    traits->chunk_max_bytes.value,
		    traits->chunk_max_bytes.source);
	return FALSE;
}

static gboolean
fu_scsi_wb_plan_add_segment(FuScsiWbPlan *self,
			    const FuScsiWbProfile *profile,
			    const FuScsiWbTraits *traits,
			    FuScsiWbSegment *segment,
			    GError **error)
{
	guint64 buffer_id = profile->buffer_id;
	guint64 buffer_offset = segment->image_offset_bytes / MAX(profile->offset_unit_bytes, 1);

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
					 FU_SCSI_WB_TRAITS_FIELD_MAX,
					 "BUFFER OFFSET",
					 error))
		return FALSE;
	if (!fu_scsi_wb_plan_check_offset(traits, buffer_offset, error))
		return FALSE;
	if (!fu_scsi_wb_plan_check_length(traits, segment->length_bytes, error))
		return FALSE;
	segment->buffer_id = buffer_id;
	segment->buffer_offset = buffer_offset;
	g_array_append_vals(self->segments, segment, 1);
	return TRUE;
}

/* a device that takes offset 0 alone takes all that fits into a command; a row may know better */
static gsize
fu_scsi_wb_plan_get_chunk_bytes(const FuScsiWbPlan *self,
				const FuScsiWbProfile *profile,
				const FuScsiWbTraits *traits,
				const FuScsiWbWay *way)
{
	if (way->is_single)
		return self->image_bytes;
	if (traits->only_offset_zero && profile->chunk_bytes == 0)
		return traits->chunk_max_bytes.value;
	return traits->chunk_bytes.value;
}

static gboolean
fu_scsi_wb_plan_add_segments(FuScsiWbPlan *self,
			     const FuScsiWbProfile *profile,
			     const FuScsiWbTraits *traits,
			     const FuScsiWbWay *way,
			     GError **error)
{
	gsize chunk_bytes = fu_scsi_wb_plan_get_chunk_bytes(self, profile, traits, way);

	for (gsize offset = 0; offset < self->image_bytes; offset += chunk_bytes) {
		FuScsiWbSegment segment = {
		    .mode = way->mode,
		    .mode_specific = profile->mode_specific,
		    .image_offset_bytes = offset,
		    .length_bytes = MIN(chunk_bytes, self->image_bytes - offset),
		    .timeout_ms = traits->timeout_s.value * 1000,
		};
		if (!fu_scsi_wb_plan_add_segment(self, profile, traits, &segment, error))
			return FALSE;
	}
	return TRUE;
}

/* the last segment differs: it may be empty, have its own mode, and take longer */
static void
fu_scsi_wb_plan_finish_segments(FuScsiWbPlan *self,
				const FuScsiWbProfile *profile,
				const FuScsiWbTraits *traits,
				const FuScsiWbWay *way)
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
	last->timeout_ms = traits->timeout_last_s.value * 1000;
}

static FuScsiWbPlan *
fu_scsi_wb_plan_new_way(const FuScsiWbProfile *profile,
			const FuScsiWbTraits *traits,
			const FuScsiWbWay *way,
			gsize image_bytes,
			GError **error)
{
	g_autoptr(FuScsiWbPlan) self = g_new0(FuScsiWbPlan, 1);

	self->segments = g_array_new(FALSE, FALSE, sizeof(FuScsiWbSegment));
	self->image_bytes = image_bytes;
	if (!fu_scsi_wb_plan_add_segments(self, profile, traits, way, error))
		return NULL;
	fu_scsi_wb_plan_finish_segments(self, profile, traits, way);
	self->is_unaddressed = (profile->flags & FU_SCSI_WB_PLAN_UNADDRESSED) > 0;
	self->activation = way->activation;
	self->activation_deferred = traits->activation_deferred;
	self->activation_source = way->activation_source;
	self->activate = fu_scsi_wb_plan_get_activate(traits);
	self->wait_ms = traits->timeout_last_s.value * 1000;
	return g_steal_pointer(&self);
}

/**
 * fu_scsi_wb_plan_new:
 * @profile: what the quirk row says
 * @traits: what holds, as fu_scsi_wb_traits_resolve() made it of @profile
 * @image_bytes: the size of the image
 * @error: (nullable): optional return location for an error
 *
 * Decides what will be sent. There is no I/O. A way that this image does not fit is left out; if
 * none is left, the error of the best one tells most.
 *
 * Returns: (transfer full): a plan, or %NULL with %FWUPD_ERROR_INVALID_FILE if no image of that
 * size can be sent to the device, %FWUPD_ERROR_NOT_SUPPORTED if the device takes it only in one
 * command and that cannot be
 **/
FuScsiWbPlan *
fu_scsi_wb_plan_new(const FuScsiWbProfile *profile,
		    const FuScsiWbTraits *traits,
		    gsize image_bytes,
		    GError **error)
{
	g_autoptr(FuScsiWbPlan) best = NULL;
	g_autoptr(GError) error_local = NULL;

	if (!fu_scsi_wb_plan_check_image(profile, traits, image_bytes, error))
		return NULL;
	for (guint i = traits->n_ways; i > 0; i--) {
		const FuScsiWbWay *way = &traits->ways[i - 1];
		FuScsiWbPlan *plan;
		g_clear_error(&error_local);
		plan = fu_scsi_wb_plan_new_way(profile, traits, way, image_bytes, &error_local);
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

void /* NOLINTNEXTLINE(misc-no-recursion): as deep as the table of ways is long */
fu_scsi_wb_plan_free(FuScsiWbPlan *self)
{
	if (self->fallback != NULL)
		fu_scsi_wb_plan_free(self->fallback);
	g_array_unref(self->segments);
	g_free(self);
}

/**
 * fu_scsi_wb_plan_get_activate:
 * @traits: what holds
 *
 * Gets the command that activates deferred microcode. It is the same for every image, so that it
 * can be sent long after the download, by another run of the daemon.
 *
 * Returns: a WRITE BUFFER command without data
 **/
FuScsiWbSegment
fu_scsi_wb_plan_get_activate(const FuScsiWbTraits *traits)
{
	return (FuScsiWbSegment){
	    .mode = FU_SCSI_WB_MODE_ACTIVATE,
	    .timeout_ms = traits->timeout_last_s.value * 1000,
	};
}

/**
 * fu_scsi_wb_plan_get_transfer_bytes:
 * @self: a #FuScsiWbPlan
 *
 * Gets the size of the largest segment of this plan; its fallbacks do not count.
 *
 * Returns: a size in bytes
 **/
gsize
fu_scsi_wb_plan_get_transfer_bytes(const FuScsiWbPlan *self)
{
	return g_array_index(self->segments, FuScsiWbSegment, 0).length_bytes;
}

/**
 * fu_scsi_wb_plan_limit_to_in_use:
 * @self: a #FuScsiWbPlan
 *
 * Leaves out what a disk in use must not be sent: it may be given new firmware, but not be reset,
 * neither by this plan nor by one that it falls back to.
 *
 * Returns: %TRUE if this plan may be carried out while the disk is in use, and now has no fallback;
 * %FALSE if not, and it is as it was
 **/
gboolean
fu_scsi_wb_plan_limit_to_in_use(FuScsiWbPlan *self)
{
	if (self->activation == FU_SCSI_WB_ACTIVATION_IMMEDIATE)
		return FALSE;
	g_clear_pointer(&self->fallback, fu_scsi_wb_plan_free);
	return TRUE;
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
