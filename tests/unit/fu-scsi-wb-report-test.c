/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <json-glib/json-glib.h>

#include "fu-scsi-wb-command.h"
#include "fu-scsi-wb-report.h"
#include "fu-scsi-wb-unit.h"

/* a report says what the plan says, all of it, to people and to programs */

typedef struct {
	FuScsiWbProfile profile;
	FuScsiWbCaps caps;
	FuScsiWbLimits limits;
	FuScsiWbTraits traits;
	FuScsiWbIdentity *identity;
	FuScsiWbPlan *plan;
	FuScsiWbReport report;
} FuScsiWbReportTestBed;

static const gchar *const test_ids[] = {"SCSI\\VEN_ACME", "SCSI\\VEN_ACME&DEV_DISK", NULL};

static FuScsiWbReportTestBed *
fu_test_scsi_wb_report_new(const FuScsiWbProfile *profile,
			   const FuScsiWbCaps *caps,
			   gsize image_bytes)
{
	FuScsiWbReportTestBed *bed = g_new0(FuScsiWbReportTestBed, 1);

	bed->profile = *profile;
	bed->caps = *caps;
	bed->limits.transfer_max_bytes = 524288;
	bed->identity = fu_scsi_wb_identity_new();
	bed->identity->type = FU_SCSI_WB_PERIPHERAL_TYPE_DISK;
	bed->identity->vendor = g_strdup("ACME");
	bed->identity->product = g_strdup("DISK");
	bed->identity->revision = g_strdup("0001");
	g_assert_true(
	    fu_scsi_wb_traits_resolve(&bed->profile, &bed->caps, &bed->limits, &bed->traits, NULL));
	bed->plan = fu_scsi_wb_plan_new(&bed->profile, &bed->traits, image_bytes, NULL);
	g_assert_nonnull(bed->plan);
	bed->report = (FuScsiWbReport){
	    .node = "/dev/sg9",
	    .identity = bed->identity,
	    .rows = test_ids,
	    .profile = &bed->profile,
	    .caps = &bed->caps,
	    .limits = &bed->limits,
	    .traits = &bed->traits,
	    .plan = bed->plan,
	    .image_name = "fw.bin",
	    .n_questions = 8,
	};
	return bed;
}

static void
fu_test_scsi_wb_report_free(FuScsiWbReportTestBed *bed)
{
	fu_scsi_wb_plan_free(bed->plan);
	fu_scsi_wb_identity_free(bed->identity);
	g_free(bed);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FuScsiWbReportTestBed, fu_test_scsi_wb_report_free)

static guint
fu_test_scsi_wb_report_count(const gchar *text, const gchar *needle)
{
	guint cnt = 0;

	for (const gchar *p = strstr(text, needle); p != NULL; p = strstr(p + 1, needle))
		cnt++;
	return cnt;
}

static const FuScsiWbProfile profile_auto = {
    .mode = FU_SCSI_WB_MODE_AUTO,
    .readiness = FU_SCSI_WB_READINESS_READY,
    .buffer_id = 2,
};
static const FuScsiWbCaps caps_echo = {
    .has_buffer = TRUE,
    .boundary_bytes = 512,
    .capacity_bytes = 4194304,
    .timeout_recommended_s = 400,
    .echo_bytes = 255,
};

static void
fu_test_scsi_wb_report_text_func(void)
{
	g_autoptr(FuScsiWbReportTestBed) bed =
	    fu_test_scsi_wb_report_new(&profile_auto, &caps_echo, 1000003);
	g_autofree gchar *text = fu_scsi_wb_report_text_write(&bed->report, FALSE);
	g_autofree gchar *text_all = fu_scsi_wb_report_text_write(&bed->report, TRUE);
	const gchar *lines[] = {
	    "Device:     ACME DISK, revision 0001, type disk, /dev/sg9\n",
	    "Quirk rows: SCSI\\VEN_ACME, SCSI\\VEN_ACME&DEV_DISK\n",
	    "Image:      fw.bin, 1000003 bytes\n",
	    "  MODE                             0x0e             default\n",
	    "  BUFFER ID                        0x02             quirk row\n",
	    "  the most one command carries     524288 bytes     host adapter\n",
	    "  segments begin at multiples of   512 bytes        READ BUFFER descriptor\n",
	    "  only offset 0 is possible        no               READ BUFFER descriptor\n",
	    "  size of the device's buffer      4194304 bytes    READ BUFFER descriptor\n",
	    "  time limit of a segment          400 s            REPORT SUPPORTED OPERATION "
	    "CODES\n",
	    "  TEST UNIT READY must say         ready            default for its type\n",
	    "  activation                       command          MODE of the last segment\n",
	    "  link check: 4 patterns of 252 bytes to the echo buffer and back",
	    "  cache:      written by the disk (SYNCHRONIZE CACHE)\n",
	    "  in use:     no\n",
	    "Download: 31 commands, 1000003 bytes\n",
	    "       1  3b 0e 02 00 00 00 00 80 00 00  0eh     2           0      32768      400 "
	    "s\n",
	    "          … 27 more …\n",
	    "      31  3b 0e 02 0f 00 00 00 42 43 00  0eh     2      983040      16963      400 "
	    "s\n",
	    "          3b 0f 00 00 00 00 00 00 00 00  (400 s)\n",
	    "If the device knows no such command or mode: 31 commands, 1000003 bytes\n",
	    "       1  3b 07 02 00 00 00 00 80 00 00  07h     2           0      32768      400 "
	    "s\n",
	    "Sent to /dev/sg9: 8 questions, no WRITE BUFFER.\n",
	};

	for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
		fu_scsi_wb_unit_row(lines[i]);
		g_assert_nonnull(strstr(text, lines[i]));
	}
	g_test_message("%s", text);
	g_assert_cmpuint(fu_test_scsi_wb_report_count(text, "  3b 0e "), ==, 4);
	g_assert_cmpuint(fu_test_scsi_wb_report_count(text_all, "  3b 0e "), ==, 31);
	g_assert_cmpuint(fu_test_scsi_wb_report_count(text_all, "more"), ==, 0);
}

/* nothing is left out where it would save no line */
static void
fu_test_scsi_wb_report_short_func(void)
{
	const FuScsiWbCaps caps = {0};
	const gsize chunk_bytes = 32768;

	for (guint i = 1; i < 9; i++) {
		g_autoptr(FuScsiWbReportTestBed) bed =
		    fu_test_scsi_wb_report_new(&profile_auto, &caps, chunk_bytes * i);
		g_autofree gchar *text = fu_scsi_wb_report_text_write(&bed->report, FALSE);

		g_assert_cmpuint(fu_test_scsi_wb_report_count(text, "  3b 0e "), ==, i > 5 ? 4 : i);
		g_assert_cmpint(strstr(text, "more …") != NULL, ==, i > 5);
		g_assert_nonnull(
		    strstr(text, "link check: none (the device shows no echo buffer)"));
	}
}

static void
fu_test_scsi_wb_report_check_value(JsonObject *values,
				   const gchar *name,
				   gint64 value,
				   const gchar *source)
{
	JsonObject *object = json_object_get_object_member(values, name);

	fu_scsi_wb_unit_row(name);
	g_assert_cmpint(json_object_get_int_member(object, "value"), ==, value);
	g_assert_cmpstr(json_object_get_string_member(object, "source"), ==, source);
}

/* each segment of each plan, byte for byte */
static void
fu_test_scsi_wb_report_check_plan(JsonObject *object, const FuScsiWbPlan *plan)
{
	JsonArray *segments = json_object_get_array_member(object, "segments");

	g_assert_cmpuint(json_array_get_length(segments), ==, plan->segments->len);
	for (guint i = 0; i < plan->segments->len; i++) {
		const FuScsiWbSegment *segment = &g_array_index(plan->segments, FuScsiWbSegment, i);
		JsonObject *found = json_array_get_object_element(segments, i);
		g_autoptr(GByteArray) cdb = fu_scsi_wb_command_encode_write_buffer(segment);
		g_autofree gchar *hex = fu_scsi_wb_unit_hex(cdb->data, cdb->len);

		g_assert_cmpstr(json_object_get_string_member(found, "cdb"), ==, hex);
		g_assert_cmpuint(json_object_get_int_member(found, "image_offset_bytes"),
				 ==,
				 segment->image_offset_bytes);
		g_assert_cmpuint(json_object_get_int_member(found, "length_bytes"),
				 ==,
				 segment->length_bytes);
		g_assert_cmpuint(json_object_get_int_member(found, "timeout_ms"),
				 ==,
				 segment->timeout_ms);
	}
	g_assert_cmpstr(json_object_get_string_member(object, "activation"),
			==,
			fu_scsi_wb_activation_to_string(plan->activation));
}

static void
fu_test_scsi_wb_report_json_func(void)
{
	JsonObject *root;
	JsonObject *values;
	JsonArray *plans;
	guint idx = 0;
	g_autoptr(FuScsiWbReportTestBed) bed =
	    fu_test_scsi_wb_report_new(&profile_auto, &caps_echo, 100001);
	g_autofree gchar *text = fu_scsi_wb_report_json_write(&bed->report);
	g_autoptr(GError) error = NULL;
	g_autoptr(JsonParser) parser = json_parser_new();

	json_parser_load_from_data(parser, text, -1, &error);
	g_assert_no_error(error);
	root = json_node_get_object(json_parser_get_root(parser));
	values = json_object_get_object_member(root, "values");
	fu_test_scsi_wb_report_check_value(values, "mode", 0x0e, "default");
	fu_test_scsi_wb_report_check_value(values, "buffer_id", 2, "quirk row");
	fu_test_scsi_wb_report_check_value(values, "chunk_max_bytes", 524288, "host adapter");
	fu_test_scsi_wb_report_check_value(values, "step_bytes", 512, "READ BUFFER descriptor");
	fu_test_scsi_wb_report_check_value(values,
					   "timeout_s",
					   400,
					   "REPORT SUPPORTED OPERATION CODES");
	plans = json_object_get_array_member(root, "plans");
	for (const FuScsiWbPlan *plan = bed->plan; plan != NULL; plan = plan->fallback)
		fu_test_scsi_wb_report_check_plan(json_array_get_object_element(plans, idx++),
						  plan);
	g_assert_cmpuint(json_array_get_length(plans), ==, idx);
	g_assert_cmpuint(idx, ==, 3);
	g_assert_true(json_object_get_null_member(root, "refusal"));
	g_assert_cmpint(json_object_get_int_member(root, "questions_sent"), ==, 8);
	g_assert_cmpint(
	    json_object_get_int_member(
		json_object_get_object_member(json_object_get_object_member(root, "before"),
					      "link_check"),
		"patterns"),
	    ==,
	    4);
}

static void
fu_test_scsi_wb_report_refusal_func(void)
{
	const FuScsiWbProfile profile = {.mode = 0x07, .flags = FU_SCSI_WB_FLAG_NO_LINK_CHECK};
	const FuScsiWbCaps caps = {0};
	g_autofree gchar *text = NULL;
	g_autofree gchar *json = NULL;
	g_autoptr(FuScsiWbReportTestBed) bed = fu_test_scsi_wb_report_new(&profile, &caps, 1000);

	bed->report.usage = "sda is mounted at /";
	bed->report.refusal = "because";
	text = fu_scsi_wb_report_text_write(&bed->report, FALSE);
	json = fu_scsi_wb_report_json_write(&bed->report);
	g_assert_nonnull(strstr(text, "  in use:     sda is mounted at /\n"));
	g_assert_nonnull(strstr(text, "\nThe update would be refused: because\n"));
	g_assert_nonnull(
	    strstr(text, "  no-link-check                    yes              quirk row\n"));
	g_assert_nonnull(strstr(text, "  link check: none (quirk row: no-link-check)\n"));
	g_assert_nonnull(strstr(json, "\"refusal\": \"because\""));
	g_assert_nonnull(strstr(json, "\"is_in_use\": true"));
	g_assert_nonnull(strstr(json, "\"no-link-check\""));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/report/text", fu_test_scsi_wb_report_text_func);
	g_test_add_func("/scsi-wb/report/short", fu_test_scsi_wb_report_short_func);
	g_test_add_func("/scsi-wb/report/json", fu_test_scsi_wb_report_json_func);
	g_test_add_func("/scsi-wb/report/refusal", fu_test_scsi_wb_report_refusal_func);
	return g_test_run();
}
