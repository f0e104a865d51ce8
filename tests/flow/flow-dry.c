/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-dry.h"
#include "fu-scsi-wb-command.h"
#include "fu-scsi-wb-discover.h"
#include "fu-scsi-wb-gate.h"
#include "fu-scsi-wb-link.h"
#include "fu-scsi-wb-question.h"
#include "fu-scsi-wb-recording-text.h"

static const gchar *recording_key = "flow-dry-recording";

static void
flow_dry_assert_only_questions(FlowBed *bed, gsize since)
{
	for (gsize i = since; i < wbt_target_log_count(bed->target); i++) {
		const WbtLogEntry *entry = wbt_target_log_get(bed->target, i);
		g_autofree gchar *question =
		    fu_scsi_wb_question_describe(entry->cdb, entry->cdb_bytes);

		g_assert_cmphex(entry->cdb[0], !=, 0x3b);
		g_assert_nonnull(question);
		g_assert_cmpuint(entry->data_out_bytes, ==, 0);
	}
}

FuScsiWbDryRun *
flow_dry_run(FlowBed *bed, gsize image_bytes, GError **error)
{
	const FuScsiWbLimits limits = {0};
	FuScsiWbDevice *device = FU_SCSI_WB_DEVICE(bed->device);
	FuScsiWbDryRun *dry_run = NULL;
	FuScsiWbUpdate update;
	gsize since = wbt_target_log_count(bed->target);
	g_autoptr(FuScsiWbGate) gate = fu_scsi_wb_gate_new(flow_bed_new_transport(bed));

	fu_scsi_wb_device_take_transport(device, fu_scsi_wb_gate_new_transport(gate));
	flow_bed_assert_enumerated(bed);
	dry_run = fu_scsi_wb_dry_run_new(device, &limits, image_bytes, error);
	fu_scsi_wb_dry_run_ask_all(device);
	g_assert_cmpuint(gate->n_questions, >, 1);
	g_assert_cmpuint(gate->n_refused, ==, 0);
	g_assert_cmpuint(gate->n_questions, ==, wbt_target_log_count(bed->target) - since);
	flow_dry_assert_only_questions(bed, since);
	update = fu_scsi_wb_device_get_update(device);
	g_object_set_data_full(G_OBJECT(device),
			       recording_key,
			       fu_scsi_wb_recording_write(gate->recording, update.identity),
			       g_free);
	fu_scsi_wb_device_take_transport(device, flow_bed_new_transport(bed));
	return dry_run;
}

static void
flow_dry_assert_same_segment(const FuScsiWbSegment *segment, const FuScsiWbSegment *other)
{
	g_autoptr(GByteArray) cdb = fu_scsi_wb_command_encode_write_buffer(segment);
	g_autoptr(GByteArray) cdb_other = fu_scsi_wb_command_encode_write_buffer(other);

	g_assert_cmpmem(cdb->data, cdb->len, cdb_other->data, cdb_other->len);
	g_assert_cmpuint(segment->image_offset_bytes, ==, other->image_offset_bytes);
	g_assert_cmpuint(segment->timeout_ms, ==, other->timeout_ms);
}

static void
flow_dry_assert_same_plan(const FuScsiWbPlan *plan, const FuScsiWbPlan *other)
{
	g_assert_cmpint(plan == NULL, ==, other == NULL);
	if (plan == NULL)
		return;
	g_assert_cmpint(plan->activation, ==, other->activation);
	g_assert_cmpstr(plan->activation_source, ==, other->activation_source);
	g_assert_cmpuint(plan->wait_ms, ==, other->wait_ms);
	g_assert_cmpuint(plan->segments->len, ==, other->segments->len);
	for (guint i = 0; i < plan->segments->len; i++) {
		flow_dry_assert_same_segment(&g_array_index(plan->segments, FuScsiWbSegment, i),
					     &g_array_index(other->segments, FuScsiWbSegment, i));
	}
	flow_dry_assert_same_segment(&plan->activate, &other->activate);
	flow_dry_assert_same_plan(plan->fallback, other->fallback);
}

/* whatever row somebody tries on the recording, it was asked what that row asks */
static void
flow_dry_assert_complete(const gchar *text)
{
	const guint8 modes[] = {0x00, 0x04, 0x05, 0x06, 0x07, 0x0d, 0x0e};

	for (guint i = 0; i < G_N_ELEMENTS(modes) * G_N_ELEMENTS(modes); i++) {
		const FuScsiWbProfile profile = {
		    .mode = modes[i % G_N_ELEMENTS(modes)],
		    .mode_last = modes[i / G_N_ELEMENTS(modes)],
		};
		g_autoptr(FuScsiWbRecording) recording =
		    fu_scsi_wb_recording_text_parse(text, NULL);
		g_autoptr(FuScsiWbTransport) transport =
		    fu_scsi_wb_recording_new_transport(recording);

		(void)fu_scsi_wb_discover_run(transport, &profile);
		g_assert_cmpstr(recording->missing, ==, NULL);
	}
}

void
flow_dry_assert_replayed(FlowBed *bed, const FuScsiWbDryRun *dry_run)
{
	const gchar *text = g_object_get_data(G_OBJECT(bed->device), recording_key);
	const FuScsiWbLimits limits = {0};
	FuScsiWbIdentity *identity = fu_scsi_wb_identity_new();
	FuScsiWbUpdate update = fu_scsi_wb_device_get_update(FU_SCSI_WB_DEVICE(bed->device));
	gboolean ret;
	gsize count = wbt_target_log_count(bed->target);
	g_autoptr(FuDevice) device = NULL;
	g_autoptr(FuScsiWbDryRun) replayed = NULL;
	g_autoptr(FuScsiWbRecording) recording = NULL;
	g_autoptr(GError) error = NULL;

	recording = fu_scsi_wb_recording_text_parse(text, &error);
	g_assert_no_error(error);
	identity->type = update.identity->type;
	identity->vendor = g_strdup(update.identity->vendor);
	identity->product = g_strdup(update.identity->product);
	identity->revision = g_strdup(update.identity->revision);
	device = g_object_new(FU_TYPE_SCSI_WB_DEVICE, "context", bed->context, NULL);
	fu_device_add_flag(device, FWUPD_DEVICE_FLAG_EMULATED);
	fu_scsi_wb_device_take_transport(FU_SCSI_WB_DEVICE(device),
					 fu_scsi_wb_recording_new_transport(recording));
	ret = fu_scsi_wb_device_match(FU_SCSI_WB_DEVICE(device), identity, &error);
	g_assert_no_error(error);
	g_assert_true(ret);
	replayed = fu_scsi_wb_dry_run_new(FU_SCSI_WB_DEVICE(device),
					  &limits,
					  dry_run->plan->image_bytes,
					  &error);
	g_assert_no_error(error);
	g_assert_cmpstr(recording->missing, ==, NULL);
	g_assert_cmpmem(&replayed->caps,
			sizeof(replayed->caps),
			&dry_run->caps,
			sizeof(dry_run->caps));
	flow_dry_assert_same_plan(replayed->plan, dry_run->plan);
	g_assert_cmpuint(wbt_target_log_count(bed->target), ==, count);
	flow_dry_assert_complete(text);
}

static void
flow_dry_assert_is_segment(FlowBed *bed, gsize idx, const FuScsiWbSegment *segment)
{
	const WbtLogEntry *entry = wbt_target_log_get(bed->target, idx);
	g_autofree gchar *text = wbt_log_entry_to_string(entry);
	g_autoptr(GByteArray) cdb = fu_scsi_wb_command_encode_write_buffer(segment);

	g_test_message("%s", text);
	g_assert_cmpmem(entry->cdb, entry->cdb_bytes, cdb->data, cdb->len);
	g_assert_cmpuint(entry->data_out_bytes, ==, segment->length_bytes);
	g_assert_cmpuint(g_array_index(bed->timeouts_ms, guint, idx - bed->first),
			 ==,
			 segment->timeout_ms);
}

void
flow_dry_assert_carried_out(FlowBed *bed, const FuScsiWbDryRun *dry_run)
{
	const FuScsiWbPlan *plan = dry_run->plan;
	guint n_echoes = 0;
	guint n_segments = 0;

	for (gsize i = bed->mark; i < wbt_target_log_count(bed->target); i++) {
		const WbtLogEntry *entry = wbt_target_log_get(bed->target, i);

		if (entry->cdb[0] == 0x3b && !flow_bed_is_segment(entry))
			n_echoes++;
		if (!flow_bed_is_segment(entry))
			continue;
		g_assert_cmpuint(n_segments, <, plan->segments->len);
		flow_dry_assert_is_segment(
		    bed,
		    i,
		    &g_array_index(plan->segments, FuScsiWbSegment, n_segments));
		if (entry->status == WBT_STATUS_GOOD) {
			n_segments++;
			continue;
		}
		if (entry->key == 0x06)
			continue;
		g_assert_cmpuint(n_segments, ==, 0);
		g_assert_cmphex(entry->key, ==, 0x05);
		plan = plan->fallback;
		g_assert_nonnull(plan);
	}
	g_assert_cmpuint(n_segments, ==, plan->segments->len);
	g_assert_cmpuint(n_echoes, ==, fu_scsi_wb_link_count_patterns(&dry_run->caps, NULL));
	g_assert_cmpint(plan->activation == FU_SCSI_WB_ACTIVATION_COMMAND,
			==,
			fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION));
}

void
flow_dry_assert_activated(FlowBed *bed, const FuScsiWbDryRun *dry_run)
{
	guint n_activations = 0;

	for (gsize i = bed->mark; i < wbt_target_log_count(bed->target); i++) {
		const WbtLogEntry *entry = wbt_target_log_get(bed->target, i);

		if (!flow_bed_is_segment(entry))
			continue;
		flow_dry_assert_is_segment(bed, i, &dry_run->plan->activate);
		n_activations += entry->status == WBT_STATUS_GOOD ? 1 : 0;
	}
	g_assert_cmpuint(n_activations, ==, 1);
}
