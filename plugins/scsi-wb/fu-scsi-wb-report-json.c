/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-json.h"
#include "fu-scsi-wb-link.h"
#include "fu-scsi-wb-report.h"

/* MODE is a field of 5 bits */
#define FU_SCSI_WB_REPORT_JSON_MODES 32

static void
fu_scsi_wb_report_json_add_device(const FuScsiWbReport *self, FuScsiWbJson *json)
{
	const FuScsiWbIdentity *identity = self->identity;
	const gchar *name;
	FuScsiWbFlags flag = FU_SCSI_WB_FLAG_NONE;

	fu_scsi_wb_json_begin(json, "device", '{');
	fu_scsi_wb_json_add_string(json, "node", self->node);
	fu_scsi_wb_json_add_string(json, "vendor", identity->vendor);
	fu_scsi_wb_json_add_string(json, "product", identity->product);
	fu_scsi_wb_json_add_string(json,
				   "revision",
				   g_strcmp0(identity->revision, "") != 0 ? identity->revision
									  : NULL);
	fu_scsi_wb_json_add_string(json, "type", fu_scsi_wb_report_describe_type(self));
	fu_scsi_wb_json_end(json, '}');
	fu_scsi_wb_json_begin(json, "rows", '[');
	for (guint i = 0; self->rows[i] != NULL; i++)
		fu_scsi_wb_json_add_string(json, NULL, self->rows[i]);
	fu_scsi_wb_json_end(json, ']');
	fu_scsi_wb_json_begin(json, "flags", '[');
	for (guint i = 0; (name = fu_scsi_wb_profile_get_flag(i, &flag)) != NULL; i++) {
		if (self->profile->flags & flag)
			fu_scsi_wb_json_add_string(json, NULL, name);
	}
	fu_scsi_wb_json_end(json, ']');
	fu_scsi_wb_json_begin(json, "image", '{');
	fu_scsi_wb_json_add_string(json, "name", self->image_name);
	fu_scsi_wb_json_add_number(json, "bytes", self->plan->image_bytes);
	fu_scsi_wb_json_end(json, '}');
}

static void
fu_scsi_wb_report_json_add_values(const FuScsiWbReport *self, FuScsiWbJson *json)
{
	g_autoptr(GArray) values = fu_scsi_wb_report_get_values(self);

	fu_scsi_wb_json_begin(json, "values", '{');
	for (guint i = 0; i < values->len; i++) {
		const FuScsiWbReportValue *value = &g_array_index(values, FuScsiWbReportValue, i);

		fu_scsi_wb_json_begin(json, value->key, '{');
		if (!value->is_known || value->kind == FU_SCSI_WB_REPORT_KIND_TEXT)
			fu_scsi_wb_json_add_string(json, "value", value->text);
		else if (value->kind == FU_SCSI_WB_REPORT_KIND_BOOLEAN)
			fu_scsi_wb_json_add_boolean(json, "value", value->number != 0);
		else
			fu_scsi_wb_json_add_number(json, "value", value->number);
		fu_scsi_wb_json_add_string(json, "source", value->is_known ? value->source : NULL);
		fu_scsi_wb_json_end(json, '}');
	}
	fu_scsi_wb_json_end(json, '}');
}

static void
fu_scsi_wb_report_json_add_modes(FuScsiWbJson *json, const gchar *name, guint32 modes)
{
	fu_scsi_wb_json_begin(json, name, '[');
	for (guint i = 0; i < FU_SCSI_WB_REPORT_JSON_MODES; i++) {
		if (FU_BIT_IS_SET(modes, i))
			fu_scsi_wb_json_add_number(json, NULL, i);
	}
	fu_scsi_wb_json_end(json, ']');
}

/* all of it, used or not */
static void
fu_scsi_wb_report_json_add_caps(const FuScsiWbReport *self, FuScsiWbJson *json)
{
	const FuScsiWbCaps *caps = self->caps;
	const struct {
		const gchar *name;
		guint64 value;
	} numbers[] = {
	    {"activate_microcode", caps->activate_microcode},
	    {"events", caps->events},
	    {"multi_it_nexus", caps->multi_it_nexus},
	    {"length_max_bytes", caps->length_max_bytes},
	    {"length_align_bytes", caps->length_align_bytes},
	    {"timeout_nominal_s", caps->timeout_nominal_s},
	    {"timeout_recommended_s", caps->timeout_recommended_s},
	    {"timeout_limited_s", caps->timeout_limited_s},
	    {"boundary_bytes", caps->boundary_bytes},
	    {"capacity_bytes", caps->capacity_bytes},
	    {"echo_bytes", caps->echo_bytes},
	};

	fu_scsi_wb_json_begin(json, "device_says", '{');
	fu_scsi_wb_report_json_add_modes(json, "modes_known", caps->modes_known);
	fu_scsi_wb_report_json_add_modes(json, "modes", caps->modes);
	fu_scsi_wb_json_add_string(json, "modes_source", caps->modes_source);
	fu_scsi_wb_json_add_boolean(json, "affects_all_units", caps->affects_all_units);
	fu_scsi_wb_json_add_boolean(json, "has_buffer", caps->has_buffer);
	fu_scsi_wb_json_add_boolean(json, "only_offset_zero", caps->only_offset_zero);
	for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
		fu_scsi_wb_json_add_number(json, numbers[i].name, numbers[i].value);
	fu_scsi_wb_json_end(json, '}');
	fu_scsi_wb_json_begin(json, "host_says", '{');
	fu_scsi_wb_json_add_number(json, "transfer_max_bytes", self->limits->transfer_max_bytes);
	fu_scsi_wb_json_end(json, '}');
}

static void
fu_scsi_wb_report_json_add_before(const FuScsiWbReport *self, FuScsiWbJson *json)
{
	gsize pattern_bytes = 0;
	guint n_patterns = fu_scsi_wb_link_count_patterns(self->caps, &pattern_bytes);
	g_autofree gchar *link = fu_scsi_wb_report_describe_link(self);

	fu_scsi_wb_json_begin(json, "before", '{');
	fu_scsi_wb_json_add_string(json,
				   "readiness",
				   fu_scsi_wb_readiness_to_string(self->profile->readiness));
	fu_scsi_wb_json_begin(json, "link_check", '{');
	fu_scsi_wb_json_add_number(json, "patterns", n_patterns);
	fu_scsi_wb_json_add_number(json, "pattern_bytes", pattern_bytes);
	fu_scsi_wb_json_add_string(json, "reason", link);
	fu_scsi_wb_json_end(json, '}');
	fu_scsi_wb_json_add_boolean(json, "flushes_cache", fu_scsi_wb_report_flushes(self));
	if (self->node != NULL)
		fu_scsi_wb_json_add_boolean(json, "is_in_use", self->usage != NULL);
	else
		fu_scsi_wb_json_add_string(json, "is_in_use", NULL);
	fu_scsi_wb_json_add_string(json, "usage", self->usage);
	fu_scsi_wb_json_end(json, '}');
}

static void
fu_scsi_wb_report_json_add_segment(FuScsiWbJson *json,
				   const gchar *name,
				   const FuScsiWbSegment *segment)
{
	g_autofree gchar *cdb = fu_scsi_wb_report_describe_cdb(segment, "");

	fu_scsi_wb_json_begin(json, name, '{');
	fu_scsi_wb_json_add_string(json, "cdb", cdb);
	fu_scsi_wb_json_add_number(json, "mode", segment->mode);
	fu_scsi_wb_json_add_number(json, "mode_specific", segment->mode_specific);
	fu_scsi_wb_json_add_number(json, "buffer_id", segment->buffer_id);
	fu_scsi_wb_json_add_number(json, "buffer_offset", segment->buffer_offset);
	fu_scsi_wb_json_add_number(json, "image_offset_bytes", segment->image_offset_bytes);
	fu_scsi_wb_json_add_number(json, "length_bytes", segment->length_bytes);
	fu_scsi_wb_json_add_number(json, "timeout_ms", segment->timeout_ms);
	fu_scsi_wb_json_end(json, '}');
}

static void
fu_scsi_wb_report_json_add_plan(FuScsiWbJson *json, const FuScsiWbPlan *plan)
{
	fu_scsi_wb_json_begin(json, NULL, '{');
	fu_scsi_wb_json_begin(json, "segments", '[');
	for (guint i = 0; i < plan->segments->len; i++) {
		fu_scsi_wb_report_json_add_segment(
		    json,
		    NULL,
		    &g_array_index(plan->segments, FuScsiWbSegment, i));
	}
	fu_scsi_wb_json_end(json, ']');
	fu_scsi_wb_json_add_string(json,
				   "activation",
				   fu_scsi_wb_activation_to_string(plan->activation));
	fu_scsi_wb_json_add_string(json, "activation_source", plan->activation_source);
	if (plan->activation == FU_SCSI_WB_ACTIVATION_COMMAND)
		fu_scsi_wb_report_json_add_segment(json, "activate", &plan->activate);
	else
		fu_scsi_wb_json_add_string(json, "activate", NULL);
	fu_scsi_wb_json_add_number(json, "wait_ms", plan->wait_ms);
	fu_scsi_wb_json_end(json, '}');
}

/**
 * fu_scsi_wb_report_json_write:
 * @self: a #FuScsiWbReport
 *
 * Writes the whole report for programs. The first of `plans` is what would be sent, the others are
 * its fallbacks, in their order.
 *
 * Returns: (transfer full): a JSON document
 **/
gchar *
fu_scsi_wb_report_json_write(const FuScsiWbReport *self)
{
	g_autoptr(FuScsiWbJson) json = fu_scsi_wb_json_new();

	fu_scsi_wb_json_begin(json, NULL, '{');
	fu_scsi_wb_json_add_string(json, "version", PACKAGE_VERSION);
	fu_scsi_wb_report_json_add_device(self, json);
	fu_scsi_wb_report_json_add_values(self, json);
	fu_scsi_wb_report_json_add_caps(self, json);
	fu_scsi_wb_report_json_add_before(self, json);
	fu_scsi_wb_json_begin(json, "plans", '[');
	for (const FuScsiWbPlan *plan = self->plan; plan != NULL; plan = plan->fallback)
		fu_scsi_wb_report_json_add_plan(json, plan);
	fu_scsi_wb_json_end(json, ']');
	fu_scsi_wb_json_add_string(json, "refusal", self->refusal);
	if (self->node != NULL)
		fu_scsi_wb_json_add_number(json, "questions_sent", self->n_questions);
	fu_scsi_wb_json_end(json, '}');
	return fu_scsi_wb_json_to_string(json);
}
