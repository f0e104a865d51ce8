/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <json-glib/json-glib.h>

#include "fu-scsi-wb-json.h"
#include "fu-scsi-wb-unit.h"

/* what is written is read again by a library that is not ours */

static JsonObject *
fu_test_scsi_wb_json_load(JsonParser *parser, const gchar *text)
{
	g_autoptr(GError) error = NULL;

	json_parser_load_from_data(parser, text, -1, &error);
	g_assert_no_error(error);
	return json_node_get_object(json_parser_get_root(parser));
}

static void
fu_test_scsi_wb_json_layout_func(void)
{
	g_autofree gchar *text = NULL;
	g_autoptr(FuScsiWbJson) json = fu_scsi_wb_json_new();

	fu_scsi_wb_json_begin(json, NULL, '{');
	fu_scsi_wb_json_add_string(json, "a", "b");
	fu_scsi_wb_json_begin(json, "empty", '[');
	fu_scsi_wb_json_end(json, ']');
	fu_scsi_wb_json_begin(json, "list", '[');
	fu_scsi_wb_json_add_number(json, NULL, 1);
	fu_scsi_wb_json_begin(json, NULL, '{');
	fu_scsi_wb_json_end(json, '}');
	fu_scsi_wb_json_add_boolean(json, NULL, TRUE);
	fu_scsi_wb_json_end(json, ']');
	fu_scsi_wb_json_add_string(json, "none", NULL);
	fu_scsi_wb_json_end(json, '}');
	text = fu_scsi_wb_json_to_string(json);
	g_assert_cmpstr(text,
			==,
			"{\n"
			"  \"a\": \"b\",\n"
			"  \"empty\": [],\n"
			"  \"list\": [\n"
			"    1,\n"
			"    {},\n"
			"    true\n"
			"  ],\n"
			"  \"none\": null\n"
			"}\n");
}

static void
fu_test_scsi_wb_json_strings_func(void)
{
	const gchar *strings[] = {
	    "",
	    "plain",
	    "SCSI\\VEN_\"x\"",
	    "tab\tnewline\nbell\adelete\x7f",
	    "\x01\x1f",
	    "größer …",
	};

	for (guint i = 0; i < G_N_ELEMENTS(strings); i++) {
		JsonObject *object;
		g_autofree gchar *text = NULL;
		g_autoptr(FuScsiWbJson) json = fu_scsi_wb_json_new();
		g_autoptr(JsonParser) parser = json_parser_new();

		fu_scsi_wb_unit_row(strings[i]);
		fu_scsi_wb_json_begin(json, NULL, '{');
		fu_scsi_wb_json_add_string(json, "value", strings[i]);
		fu_scsi_wb_json_end(json, '}');
		text = fu_scsi_wb_json_to_string(json);
		object = fu_test_scsi_wb_json_load(parser, text);
		g_assert_cmpstr(json_object_get_string_member(object, "value"), ==, strings[i]);
	}
}

/* what a device says of itself may be anything: the document stays one */
static void
fu_test_scsi_wb_json_invalid_func(void)
{
	JsonObject *object;
	g_autofree gchar *text = NULL;
	g_autoptr(FuScsiWbJson) json = fu_scsi_wb_json_new();
	g_autoptr(JsonParser) parser = json_parser_new();

	fu_scsi_wb_json_begin(json, NULL, '{');
	fu_scsi_wb_json_add_string(json,
				   "value",
				   "a\xff"
				   "b");
	fu_scsi_wb_json_add_number(json, "number", G_MAXUINT32);
	fu_scsi_wb_json_end(json, '}');
	text = fu_scsi_wb_json_to_string(json);
	object = fu_test_scsi_wb_json_load(parser, text);
	g_assert_cmpstr(json_object_get_string_member(object, "value"),
			==,
			"a\xef\xbf\xbd"
			"b");
	g_assert_cmpuint(json_object_get_int_member(object, "number"), ==, G_MAXUINT32);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/json/layout", fu_test_scsi_wb_json_layout_func);
	g_test_add_func("/scsi-wb/json/strings", fu_test_scsi_wb_json_strings_func);
	g_test_add_func("/scsi-wb/json/invalid", fu_test_scsi_wb_json_invalid_func);
	return g_test_run();
}
