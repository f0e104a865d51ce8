/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-report.h"

/* of a long download these many commands are shown: they differ in their offsets only */
#define FU_SCSI_WB_REPORT_TEXT_HEAD 3
#define FU_SCSI_WB_REPORT_TEXT_TAIL 1

static gchar *
fu_scsi_wb_report_text_value(const FuScsiWbReportValue *value)
{
	if (!value->is_known)
		return g_strdup("not known");
	switch (value->kind) {
	case FU_SCSI_WB_REPORT_KIND_HEX:
		return g_strdup_printf("0x%02" G_GINT64_MODIFIER "x", value->number);
	case FU_SCSI_WB_REPORT_KIND_BYTES:
		return g_strdup_printf("%" G_GUINT64_FORMAT " byte%s",
				       value->number,
				       value->number == 1 ? "" : "s");
	case FU_SCSI_WB_REPORT_KIND_SECONDS:
		return g_strdup_printf("%" G_GUINT64_FORMAT " s", value->number);
	case FU_SCSI_WB_REPORT_KIND_BOOLEAN:
		return g_strdup(value->number != 0 ? "yes" : "no");
	case FU_SCSI_WB_REPORT_KIND_TEXT:
		return g_strdup(value->text);
	default:
		return g_strdup_printf("%" G_GUINT64_FORMAT, value->number);
	}
}

static void
fu_scsi_wb_report_text_add_head(const FuScsiWbReport *self, GString *str)
{
	const FuScsiWbIdentity *identity = self->identity;
	g_autofree gchar *rows = g_strjoinv(", ", (gchar **)self->rows);

	g_string_append_printf(str, "Device:     %s %s", identity->vendor, identity->product);
	if (identity->revision != NULL && *identity->revision != '\0')
		g_string_append_printf(str, ", revision %s", identity->revision);
	g_string_append_printf(str,
			       ", type %s%s%s\n",
			       fu_scsi_wb_report_describe_type(self),
			       self->node != NULL ? ", " : " (as described, no device)",
			       self->node != NULL ? self->node : "");
	g_string_append_printf(str, "Quirk rows: %s\n", rows);
	g_string_append_printf(str,
			       "Image:      %s%s%" G_GSIZE_FORMAT " bytes\n",
			       self->image_name != NULL ? self->image_name : "",
			       self->image_name != NULL ? ", " : "",
			       self->plan->image_bytes);
}

static void
fu_scsi_wb_report_text_add_values(const FuScsiWbReport *self, GString *str)
{
	const gchar *name;
	FuScsiWbFlags flag = FU_SCSI_WB_FLAG_NONE;
	g_autoptr(GArray) values = fu_scsi_wb_report_get_values(self);

	g_string_append(str, "\nWhat holds, and who says so\n");
	for (guint i = 0; i < values->len; i++) {
		const FuScsiWbReportValue *value = &g_array_index(values, FuScsiWbReportValue, i);
		g_autofree gchar *text = fu_scsi_wb_report_text_value(value);
		g_string_append_printf(str,
				       "  %-32s %-16s %s\n",
				       value->label,
				       text,
				       value->is_known ? value->source : "-");
	}
	for (guint i = 0; (name = fu_scsi_wb_profile_get_flag(i, &flag)) != NULL; i++) {
		if (self->profile->flags & flag)
			g_string_append_printf(str, "  %-32s %-16s quirk row\n", name, "yes");
	}
}

static void
fu_scsi_wb_report_text_add_before(const FuScsiWbReport *self, GString *str)
{
	g_autofree gchar *link = fu_scsi_wb_report_describe_link(self);

	g_string_append(str, "\nBefore the first segment\n");
	g_string_append(str,
			"  identity:   asked again; the device must be the same and run the same "
			"revision\n");
	g_string_append_printf(str,
			       "  readiness:  %s\n",
			       self->profile->readiness == FU_SCSI_WB_READINESS_ANY
				   ? "not asked"
				   : fu_scsi_wb_readiness_to_string(self->profile->readiness));
	g_string_append_printf(str, "  link check: %s\n", link);
	g_string_append_printf(
	    str,
	    "  cache:      %s\n",
	    fu_scsi_wb_report_flushes(self) ? "written by the disk (SYNCHRONIZE CACHE)" : "none");
	if (self->node != NULL)
		g_string_append_printf(str,
				       "  in use:     %s\n",
				       self->usage != NULL ? self->usage : "no");
}

static void
fu_scsi_wb_report_text_add_segment(GString *str, const FuScsiWbSegment *segment, guint number)
{
	g_autofree gchar *cdb = fu_scsi_wb_report_describe_cdb(segment, " ");

	g_string_append_printf(str,
			       "  %6u  %s  %02xh  %4u  %10u  %9" G_GSIZE_FORMAT "  %7u s\n",
			       number,
			       cdb,
			       segment->mode,
			       segment->buffer_id,
			       segment->buffer_offset,
			       segment->length_bytes,
			       segment->timeout_ms / 1000);
}

static void
fu_scsi_wb_report_text_add_segments(GString *str, const FuScsiWbPlan *plan, gboolean is_all)
{
	guint n_segments = plan->segments->len;
	guint shown_max = FU_SCSI_WB_REPORT_TEXT_HEAD + FU_SCSI_WB_REPORT_TEXT_TAIL;
	guint n_hidden = !is_all && n_segments > shown_max + 1 ? n_segments - shown_max : 0;

	g_string_append_printf(str,
			       "  %6s  %-29s  %3s  %4s  %10s  %9s  %9s\n",
			       "",
			       "CDB",
			       "MODE",
			       "ID",
			       "offset",
			       "bytes",
			       "time limit");
	for (guint i = 0; i < n_segments; i++) {
		if (n_hidden > 0 && i == FU_SCSI_WB_REPORT_TEXT_HEAD) {
			g_string_append_printf(str, "          … %u more …\n", n_hidden);
			i += n_hidden;
		}
		fu_scsi_wb_report_text_add_segment(
		    str,
		    &g_array_index(plan->segments, FuScsiWbSegment, i),
		    i + 1);
	}
}

static void
fu_scsi_wb_report_text_add_activation(GString *str, const FuScsiWbPlan *plan)
{
	g_autofree gchar *cdb = fu_scsi_wb_report_describe_cdb(&plan->activate, " ");

	switch (plan->activation) {
	case FU_SCSI_WB_ACTIVATION_COMMAND:
		g_string_append_printf(str,
				       "  then: the firmware waits for `fwupdmgr activate`, which "
				       "sends\n          %s  (%u s)\n",
				       cdb,
				       plan->activate.timeout_ms / 1000);
		break;
	case FU_SCSI_WB_ACTIVATION_REBOOT:
		g_string_append(str, "  then: the firmware waits for a reboot\n");
		break;
	case FU_SCSI_WB_ACTIVATION_POWER_CYCLE:
		g_string_append(str, "  then: the firmware waits for a power cycle\n");
		break;
	default:
		g_string_append_printf(str,
				       "  then: the device takes it into use at once; it must be "
				       "back within %u s\n",
				       plan->wait_ms / 1000);
		break;
	}
}

static void
fu_scsi_wb_report_text_add_plan(GString *str, const FuScsiWbPlan *plan, gboolean is_all)
{
	g_string_append_printf(str,
			       "%u command%s, %" G_GSIZE_FORMAT " bytes\n",
			       plan->segments->len,
			       plan->segments->len == 1 ? "" : "s",
			       plan->image_bytes);
	fu_scsi_wb_report_text_add_segments(str, plan, is_all);
	fu_scsi_wb_report_text_add_activation(str, plan);
}

/**
 * fu_scsi_wb_report_text_write:
 * @self: a #FuScsiWbReport
 * @is_all: show each command, even if there are many
 *
 * Writes the report for people.
 *
 * Returns: (transfer full): text in UTF-8 that ends with a newline
 **/
gchar *
fu_scsi_wb_report_text_write(const FuScsiWbReport *self, gboolean is_all)
{
	const FuScsiWbPlan *plan = self->plan;
	GString *str = g_string_new(NULL);

	fu_scsi_wb_report_text_add_head(self, str);
	fu_scsi_wb_report_text_add_values(self, str);
	fu_scsi_wb_report_text_add_before(self, str);
	g_string_append(str, "\nDownload: ");
	fu_scsi_wb_report_text_add_plan(str, plan, is_all);
	for (plan = plan->fallback; plan != NULL; plan = plan->fallback) {
		g_string_append(str, "\nIf the device knows no such command or mode: ");
		fu_scsi_wb_report_text_add_plan(str, plan, is_all);
	}
	if (self->refusal != NULL)
		g_string_append_printf(str, "\nThe update would be refused: %s\n", self->refusal);
	if (self->node != NULL)
		g_string_append_printf(str,
				       "\nSent to %s: %u questions, no WRITE BUFFER.\n",
				       self->node,
				       self->n_questions);
	return g_string_free(str, FALSE);
}
