/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-command.h"
#include "fu-scsi-wb-kind.h"
#include "fu-scsi-wb-link.h"
#include "fu-scsi-wb-report.h"

#define FU_SCSI_WB_REPORT_BY_TYPE "default for its type"

#define BOOLEAN FU_SCSI_WB_REPORT_KIND_BOOLEAN
#define BYTES	FU_SCSI_WB_REPORT_KIND_BYTES
#define HEX	FU_SCSI_WB_REPORT_KIND_HEX
#define SECONDS FU_SCSI_WB_REPORT_KIND_SECONDS
#define TEXT	FU_SCSI_WB_REPORT_KIND_TEXT

static void
fu_scsi_wb_report_add_value(GArray *values, const FuScsiWbReportValue *value)
{
	g_array_append_vals(values, value, 1);
}

static void
fu_scsi_wb_report_add_trait(GArray *values,
			    const gchar *key,
			    const gchar *label,
			    FuScsiWbReportKind kind,
			    const FuScsiWbTrait *trait)
{
	const FuScsiWbReportValue value = {
	    .key = key,
	    .label = label,
	    .kind = kind,
	    .number = trait->value,
	    .source = trait->source,
	    .is_known = TRUE,
	};
	fu_scsi_wb_report_add_value(values, &value);
}

static const gchar *
fu_scsi_wb_report_get_key_source(const FuScsiWbReport *self,
				 const gchar *key,
				 const gchar *otherwise)
{
	return fu_scsi_wb_profile_has_key(self->profile, key) ? FU_SCSI_WB_TRAITS_BY_ROW
							      : otherwise;
}

/* of the first plan; each of the others has its own */
static void
fu_scsi_wb_report_add_modes(const FuScsiWbReport *self, GArray *values)
{
	const GArray *segments = self->plan->segments;
	const FuScsiWbSegment *first = &g_array_index(segments, FuScsiWbSegment, 0);
	const FuScsiWbSegment *last = &g_array_index(segments, FuScsiWbSegment, segments->len - 1);
	const FuScsiWbTrait mode = {first->mode, self->traits->ways_source};
	const FuScsiWbTrait mode_last = {last->mode, self->traits->ways_source};
	const FuScsiWbTrait specific = {
	    first->mode_specific,
	    fu_scsi_wb_report_get_key_source(self,
					     "ScsiWbModeSpecific",
					     FU_SCSI_WB_TRAITS_BY_DEFAULT),
	};

	fu_scsi_wb_report_add_trait(values, "mode", "MODE", HEX, &mode);
	fu_scsi_wb_report_add_trait(values,
				    "mode_last",
				    "MODE of the last segment",
				    HEX,
				    &mode_last);
	fu_scsi_wb_report_add_trait(values, "mode_specific", "MODE SPECIFIC", HEX, &specific);
}

static void
fu_scsi_wb_report_add_sizes(const FuScsiWbReport *self, GArray *values)
{
	const FuScsiWbTraits *traits = self->traits;
	const FuScsiWbReportValue capacity = {
	    .key = "capacity_bytes",
	    .label = "size of the device's buffer",
	    .kind = BYTES,
	    .number = traits->capacity_bytes.value,
	    .source = traits->capacity_bytes.source,
	    .is_known = traits->capacity_bytes.value != 0,
	};
	const FuScsiWbTrait only_zero = {
	    traits->only_offset_zero,
	    self->caps->has_buffer ? traits->capacity_bytes.source : FU_SCSI_WB_TRAITS_BY_DEFAULT,
	};
	const struct {
		const gchar *key;
		const gchar *label;
		FuScsiWbReportKind kind;
		const FuScsiWbTrait *trait;
	} rows[] = {
	    {"buffer_id", "BUFFER ID", HEX, &traits->buffer_id},
	    {"offset_unit_bytes", "one count of BUFFER OFFSET", BYTES, &traits->offset_unit_bytes},
	    {"chunk_bytes", "largest segment", BYTES, &traits->chunk_bytes},
	    {"chunk_max_bytes", "the most one command carries", BYTES, &traits->chunk_max_bytes},
	    {"step_bytes", "segments begin at multiples of", BYTES, &traits->step_bytes},
	    {"only_offset_zero", "only offset 0 is possible", BOOLEAN, &only_zero},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
		fu_scsi_wb_report_add_trait(values,
					    rows[i].key,
					    rows[i].label,
					    rows[i].kind,
					    rows[i].trait);
	fu_scsi_wb_report_add_value(values, &capacity);
}

static void
fu_scsi_wb_report_add_rest(const FuScsiWbReport *self, GArray *values)
{
	const FuScsiWbReportValue readiness = {
	    .key = "readiness",
	    .label = "TEST UNIT READY must say",
	    .kind = TEXT,
	    .text = fu_scsi_wb_readiness_to_string(self->profile->readiness),
	    .source = fu_scsi_wb_report_get_key_source(self,
						       "ScsiWbReadiness",
						       FU_SCSI_WB_REPORT_BY_TYPE),
	    .is_known = TRUE,
	};
	const FuScsiWbReportValue activation = {
	    .key = "activation",
	    .label = "activation",
	    .kind = TEXT,
	    .text = fu_scsi_wb_activation_to_string(self->plan->activation),
	    .source = self->plan->activation_source,
	    .is_known = TRUE,
	};

	fu_scsi_wb_report_add_trait(values,
				    "timeout_s",
				    "time limit of a segment",
				    SECONDS,
				    &self->traits->timeout_s);
	fu_scsi_wb_report_add_trait(values,
				    "timeout_last_s",
				    "time limit of the last one",
				    SECONDS,
				    &self->traits->timeout_last_s);
	fu_scsi_wb_report_add_value(values, &readiness);
	fu_scsi_wb_report_add_value(values, &activation);
}

/* most devices have no longer version than the one that everybody expects */
static void
fu_scsi_wb_report_add_version(const FuScsiWbReport *self, GArray *values)
{
	const FuScsiWbProfile *profile = self->profile;
	const FuScsiWbTrait page = {profile->version_page, FU_SCSI_WB_TRAITS_BY_ROW};
	const FuScsiWbTrait offset = {profile->version_offset, FU_SCSI_WB_TRAITS_BY_ROW};
	const FuScsiWbTrait size = {profile->version_bytes, FU_SCSI_WB_TRAITS_BY_ROW};

	if (profile->version_bytes == 0)
		return;
	fu_scsi_wb_report_add_trait(values, "version_page", "version: INQUIRY page", HEX, &page);
	fu_scsi_wb_report_add_trait(values,
				    "version_offset_bytes",
				    "version: begins after",
				    BYTES,
				    &offset);
	fu_scsi_wb_report_add_trait(values, "version_bytes", "version: length", BYTES, &size);
}

/**
 * fu_scsi_wb_report_get_values:
 * @self: a #FuScsiWbReport
 *
 * Lists what holds for the first plan, and where each value comes from.
 *
 * Returns: (transfer full) (element-type FuScsiWbReportValue): values in the order to show them,
 * whose texts belong to @self
 **/
GArray *
fu_scsi_wb_report_get_values(const FuScsiWbReport *self)
{
	GArray *values = g_array_new(FALSE, FALSE, sizeof(FuScsiWbReportValue));

	fu_scsi_wb_report_add_modes(self, values);
	fu_scsi_wb_report_add_sizes(self, values);
	fu_scsi_wb_report_add_rest(self, values);
	fu_scsi_wb_report_add_version(self, values);
	return values;
}

/**
 * fu_scsi_wb_report_describe_link:
 * @self: a #FuScsiWbReport
 *
 * Says how the way to the device would be checked before the first segment.
 *
 * Returns: (transfer full): text for people
 **/
gchar *
fu_scsi_wb_report_describe_link(const FuScsiWbReport *self)
{
	gsize pattern_bytes = 0;
	guint n_patterns = fu_scsi_wb_link_count_patterns(self->caps, &pattern_bytes);

	if (self->profile->flags & FU_SCSI_WB_FLAG_NO_LINK_CHECK)
		return g_strdup("none (quirk row: no-link-check)");
	if (n_patterns == 0)
		return g_strdup("none (the device shows no echo buffer)");
	return g_strdup_printf("%u patterns of %" G_GSIZE_FORMAT
			       " bytes to the echo buffer and back (READ BUFFER echo buffer "
			       "descriptor)",
			       n_patterns,
			       pattern_bytes);
}

/**
 * fu_scsi_wb_report_describe_cdb:
 * @segment: a #FuScsiWbSegment
 * @separator: what stands between two bytes
 *
 * Writes out the command descriptor block that an update would send.
 *
 * Returns: (transfer full): two hexadecimal digits for each byte
 **/
gchar *
fu_scsi_wb_report_describe_cdb(const FuScsiWbSegment *segment, const gchar *separator)
{
	g_autoptr(GByteArray) cdb = fu_scsi_wb_command_encode_write_buffer(segment);
	return fu_scsi_wb_transport_describe_cdb(cdb->data, cdb->len, separator);
}

/**
 * fu_scsi_wb_report_describe_type:
 * @self: a #FuScsiWbReport
 *
 * Says what kind of device it is.
 *
 * Returns: a word
 **/
const gchar *
fu_scsi_wb_report_describe_type(const FuScsiWbReport *self)
{
	const gchar *type = fu_scsi_wb_peripheral_type_to_string(self->identity->type);
	return type != NULL ? type : "unknown";
}

/**
 * fu_scsi_wb_report_flushes:
 * @self: a #FuScsiWbReport
 *
 * Tells whether the device has a cache that it has to write before the first segment.
 *
 * Returns: %TRUE for disks
 **/
gboolean
fu_scsi_wb_report_flushes(const FuScsiWbReport *self)
{
	return fu_scsi_wb_kind_find(self->identity->type)->is_disk;
}
