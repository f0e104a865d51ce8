/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-activation.h"
#include "fu-scsi-wb-traits.h"

/* the best first: nothing is disturbed until the activation; then the one that most devices have;
 * the last one needs a single command for the whole image */
static const struct {
	guint8 mode;
	gboolean is_single;
} modes[] = {
    {FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_DEFER, FALSE},
    {FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_SAVE, FALSE},
    {FU_SCSI_WB_MODE_DOWNLOAD_SAVE, TRUE},
};

/* deferred microcode that nothing activates would wait for ever */
static gboolean
fu_scsi_wb_traits_has_way(const FuScsiWbCaps *caps, const FuScsiWbWay *way)
{
	return !fu_scsi_wb_activation_lacks_mode(caps, way->mode) &&
	       way->activation != FU_SCSI_WB_ACTIVATION_NEVER;
}

static gboolean
fu_scsi_wb_traits_resolve_row_way(const FuScsiWbProfile *profile,
				  const FuScsiWbCaps *caps,
				  FuScsiWbTraits *traits,
				  GError **error)
{
	FuScsiWbWay *way = &traits->ways[0];

	way->mode = profile->mode;
	way->mode_last = profile->mode_last != 0 ? profile->mode_last : profile->mode;
	way->is_single = (profile->flags & FU_SCSI_WB_FLAG_SINGLE_COMMAND) > 0;
	way->activation = fu_scsi_wb_activation_find(profile, caps, way->mode_last);
	way->activation_source = fu_scsi_wb_activation_get_source(profile, caps, way->mode_last);
	traits->n_ways = 1;
	traits->ways_source = FU_SCSI_WB_TRAITS_BY_ROW;
	if (way->activation != FU_SCSI_WB_ACTIVATION_NEVER)
		return TRUE;
	g_set_error(error,
		    FWUPD_ERROR,
		    FWUPD_ERROR_NOT_SUPPORTED,
		    "the device has no command that activates its firmware (%s), and the quirk row "
		    "selects no event that would: set ScsiWbModeSpecific",
		    caps->modes_source);
	return FALSE;
}

static gboolean
fu_scsi_wb_traits_resolve_ways(const FuScsiWbProfile *profile,
			       const FuScsiWbCaps *caps,
			       FuScsiWbTraits *traits,
			       GError **error)
{
	if (profile->mode != FU_SCSI_WB_MODE_AUTO)
		return fu_scsi_wb_traits_resolve_row_way(profile, caps, traits, error);
	for (guint i = 0; i < G_N_ELEMENTS(modes); i++) {
		FuScsiWbWay way = {
		    .mode = modes[i].mode,
		    .mode_last = modes[i].mode,
		    .is_single = modes[i].is_single,
		    .activation = fu_scsi_wb_activation_find(profile, caps, modes[i].mode),
		    .activation_source =
			fu_scsi_wb_activation_get_source(profile, caps, modes[i].mode),
		};
		if (fu_scsi_wb_traits_has_way(caps, &way))
			traits->ways[traits->n_ways++] = way;
	}
	traits->ways_source = caps->modes_source != NULL ? caps->modes_source
							 : FU_SCSI_WB_TRAITS_BY_DEFAULT;
	if (traits->n_ways > 0)
		return TRUE;
	g_set_error(
	    error,
	    FWUPD_ERROR,
	    FWUPD_ERROR_NOT_SUPPORTED,
	    "the device has none of the modes 0x0e, 0x07 and 0x05 (%s): its firmware cannot "
	    "be updated this way",
	    traits->ways_source);
	return FALSE;
}

static void
fu_scsi_wb_traits_lower(FuScsiWbTrait *trait, guint64 value, const gchar *source)
{
	if (value == 0 || value >= trait->value)
		return;
	trait->value = value;
	trait->source = source;
}

static void
fu_scsi_wb_traits_resolve_chunk_max(const FuScsiWbCaps *caps,
				    const FuScsiWbLimits *limits,
				    FuScsiWbTraits *traits)
{
	traits->chunk_max_bytes.value = FU_SCSI_WB_TRAITS_FIELD_MAX;
	traits->chunk_max_bytes.source = FU_SCSI_WB_TRAITS_BY_CDB;
	fu_scsi_wb_traits_lower(&traits->chunk_max_bytes,
				caps->length_max_bytes,
				FU_SCSI_WB_TRAITS_BY_OPCODES);
	fu_scsi_wb_traits_lower(&traits->chunk_max_bytes,
				limits->transfer_max_bytes,
				limits->source != NULL ? limits->source
						       : FU_SCSI_WB_TRAITS_BY_HOST);
}

/* a device that counts buffers, or does not count at all, has no offsets to align */
static gboolean
fu_scsi_wb_traits_has_offsets(const FuScsiWbProfile *profile)
{
	return (profile->flags &
		(FU_SCSI_WB_FLAG_INCREMENT_BUFFER_ID | FU_SCSI_WB_FLAG_FIXED_OFFSET)) == 0;
}

static guint64
fu_scsi_wb_traits_lcm(guint64 value, guint64 other)
{
	guint64 a = value;
	guint64 b = other;

	while (b != 0) {
		guint64 tmp = a % b;
		a = b;
		b = tmp;
	}
	return value / a * other;
}

static void
fu_scsi_wb_traits_raise_step(FuScsiWbTrait *step, guint64 unit_bytes, const gchar *source)
{
	step->value = fu_scsi_wb_traits_lcm(step->value, unit_bytes);
	step->source = source;
}

/* where the next segment may begin is a multiple of this */
static void
fu_scsi_wb_traits_resolve_step(const FuScsiWbProfile *profile,
			       const FuScsiWbCaps *caps,
			       FuScsiWbTraits *traits)
{
	FuScsiWbTrait *step = &traits->step_bytes;

	step->value = 1;
	step->source = FU_SCSI_WB_TRAITS_BY_DEFAULT;
	if (profile->align_bytes != 0)
		fu_scsi_wb_traits_raise_step(step, profile->align_bytes, FU_SCSI_WB_TRAITS_BY_ROW);
	if (!fu_scsi_wb_traits_has_offsets(profile))
		return;
	if (profile->offset_unit_bytes > 1)
		fu_scsi_wb_traits_raise_step(step,
					     profile->offset_unit_bytes,
					     FU_SCSI_WB_TRAITS_BY_ROW);
	if (profile->chunk_bytes == 0 && profile->align_bytes == 0 && caps->has_buffer &&
	    caps->boundary_bytes <= FU_SCSI_WB_TRAITS_FIELD_MAX)
		fu_scsi_wb_traits_raise_step(step,
					     MAX(caps->boundary_bytes, 1),
					     FU_SCSI_WB_TRAITS_BY_BUFFER);
}

static gboolean
fu_scsi_wb_traits_resolve_chunk(const FuScsiWbProfile *profile,
				FuScsiWbTraits *traits,
				GError **error)
{
	guint64 unit_bytes = traits->step_bytes.value;
	FuScsiWbTrait *chunk = &traits->chunk_bytes;

	chunk->value = FU_SCSI_WB_TRAITS_CHUNK_DEFAULT_BYTES;
	chunk->source = FU_SCSI_WB_TRAITS_BY_DEFAULT;
	if (profile->chunk_bytes != 0) {
		chunk->value = profile->chunk_bytes;
		chunk->source = FU_SCSI_WB_TRAITS_BY_ROW;
	} else if (chunk->value < unit_bytes) {
		chunk->value = unit_bytes;
		chunk->source = FU_SCSI_WB_TRAITS_BY_BUFFER;
	}
	if ((profile->flags & FU_SCSI_WB_FLAG_EXACT_CHUNK) == 0)
		fu_scsi_wb_traits_lower(chunk,
					traits->chunk_max_bytes.value,
					traits->chunk_max_bytes.source);
	chunk->value -= chunk->value % unit_bytes;
	if (chunk->value > 0 && chunk->value <= traits->chunk_max_bytes.value)
		return TRUE;
	g_set_error(error,
		    FWUPD_ERROR,
		    FWUPD_ERROR_NOT_SUPPORTED,
		    "the device takes segments of %" G_GUINT64_FORMAT " bytes, but only "
		    "%" G_GUINT64_FORMAT " bytes fit into one command (%s): use another host "
		    "adapter",
		    MAX(chunk->value, unit_bytes),
		    traits->chunk_max_bytes.value,
		    traits->chunk_max_bytes.source);
	return FALSE;
}

static void
fu_scsi_wb_traits_resolve_timeouts(const FuScsiWbProfile *profile,
				   const FuScsiWbCaps *caps,
				   FuScsiWbTraits *traits)
{
	FuScsiWbTrait *last = &traits->timeout_last_s;

	traits->timeout_s.value = FU_SCSI_WB_TRAITS_TIMEOUT_DEFAULT_S;
	traits->timeout_s.source = FU_SCSI_WB_TRAITS_BY_DEFAULT;
	if (profile->timeout_s != 0) {
		traits->timeout_s.value = profile->timeout_s;
		traits->timeout_s.source = FU_SCSI_WB_TRAITS_BY_ROW;
	} else if (caps->timeout_recommended_s != 0) {
		guint32 timeout_s = MAX(caps->timeout_recommended_s, caps->timeout_nominal_s);
		traits->timeout_s.value = MIN(timeout_s, FU_SCSI_WB_PROFILE_TIMEOUT_MAX_S);
		traits->timeout_s.source = FU_SCSI_WB_TRAITS_BY_OPCODES;
	}
	/* the last one writes the flash memory */
	*last = traits->timeout_s;
	if (last->value < FU_SCSI_WB_TRAITS_TIMEOUT_DEFAULT_S) {
		last->value = FU_SCSI_WB_TRAITS_TIMEOUT_DEFAULT_S;
		last->source = FU_SCSI_WB_TRAITS_BY_DEFAULT;
	}
	if (profile->timeout_last_s != 0) {
		last->value = profile->timeout_last_s;
		last->source = FU_SCSI_WB_TRAITS_BY_ROW;
	}

	/* no row makes the kernel reset a device that said it needs longer */
	if (last->value < caps->timeout_limited_s) {
		last->value = MIN(caps->timeout_limited_s, FU_SCSI_WB_PROFILE_TIMEOUT_MAX_S);
		last->source = FU_SCSI_WB_TRAITS_BY_OPCODES;
	}
}

/* nobody but a row says these */
static void
fu_scsi_wb_traits_resolve_fields(const FuScsiWbProfile *profile, FuScsiWbTraits *traits)
{
	traits->buffer_id.value = profile->buffer_id;
	traits->buffer_id.source = FU_SCSI_WB_TRAITS_BY_DEFAULT;
	if (profile->buffer_id != 0 || fu_scsi_wb_profile_has_key(profile, "ScsiWbBufferId"))
		traits->buffer_id.source = FU_SCSI_WB_TRAITS_BY_ROW;
	traits->offset_unit_bytes.value = MAX(profile->offset_unit_bytes, 1);
	traits->offset_unit_bytes.source = profile->offset_unit_bytes != 0
					       ? FU_SCSI_WB_TRAITS_BY_ROW
					       : FU_SCSI_WB_TRAITS_BY_DEFAULT;
}

/**
 * fu_scsi_wb_traits_resolve:
 * @profile: what the quirk row says
 * @caps: what the device says, all zero if it was not asked
 * @limits: what the host allows, all zero if that is unknown
 * @traits: (out caller-allocates): what holds; undefined on failure
 * @error: (nullable): optional return location for an error
 *
 * Decides what holds where row, device and host each have their say. There is no I/O.
 *
 * Returns: %TRUE for success; %FWUPD_ERROR_INVALID_DATA if the row cannot work,
 * %FWUPD_ERROR_NOT_SUPPORTED if the device has no mode that we know, or nothing would activate the
 * new firmware, or the device wants larger segments than the host can send
 **/
gboolean
fu_scsi_wb_traits_resolve(const FuScsiWbProfile *profile,
			  const FuScsiWbCaps *caps,
			  const FuScsiWbLimits *limits,
			  FuScsiWbTraits *traits,
			  GError **error)
{
	*traits = (FuScsiWbTraits){0};
	if (!fu_scsi_wb_profile_validate(profile, error))
		return FALSE;
	if (!fu_scsi_wb_traits_resolve_ways(profile, caps, traits, error))
		return FALSE;
	fu_scsi_wb_traits_resolve_chunk_max(caps, limits, traits);
	fu_scsi_wb_traits_resolve_step(profile, caps, traits);
	if (!fu_scsi_wb_traits_resolve_chunk(profile, traits, error))
		return FALSE;
	fu_scsi_wb_traits_resolve_timeouts(profile, caps, traits);
	fu_scsi_wb_traits_resolve_fields(profile, traits);
	traits->capacity_bytes.source = FU_SCSI_WB_TRAITS_BY_BUFFER;
	if (fu_scsi_wb_traits_has_offsets(profile) && caps->has_buffer) {
		traits->capacity_bytes.value = caps->capacity_bytes;
		/* an offset that does not fit its field is none */
		traits->only_offset_zero =
		    caps->only_offset_zero || caps->boundary_bytes > FU_SCSI_WB_TRAITS_FIELD_MAX;
	}

	/* a device that says its firmware waits does not wait for nothing */
	traits->activation_deferred = fu_scsi_wb_activation_find_deferred(profile, caps);
	if (traits->activation_deferred == FU_SCSI_WB_ACTIVATION_NEVER)
		traits->activation_deferred = FU_SCSI_WB_ACTIVATION_POWER_CYCLE;
	return TRUE;
}
