/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-ibm-tape-firmware.h"
#include "fu-scsi-wb-qualstar-firmware.h"
#include "fu-scsi-wb-seagate-firmware.h"
#include "fu-scsi-wb-unit.h"

/* image files made of XML, as fwupd makes those that its own tests and fuzzers begin with */

static GType
fu_test_scsi_wb_firmware_xml_get_gtype(const gchar *name)
{
	const struct {
		const gchar *name;
		GType gtype;
	} rows[] = {
	    {"ibm-tape", FU_TYPE_SCSI_WB_IBM_TAPE_FIRMWARE},
	    {"qualstar", FU_TYPE_SCSI_WB_QUALSTAR_FIRMWARE},
	    {"seagate", FU_TYPE_SCSI_WB_SEAGATE_FIRMWARE},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (g_str_equal(rows[i].name, name))
			return rows[i].gtype;
	}
	g_assert_not_reached();
}

static gchar *
fu_test_scsi_wb_firmware_xml_load(const gchar *name)
{
	const gchar *dir = g_getenv("SCSI_WB_BUILDER_DIR");
	g_autofree gchar *basename = g_strdup_printf("%s.builder.xml", name);
	g_autofree gchar *path = NULL;
	gchar *xml = NULL;
	g_autoptr(GError) error = NULL;

	g_assert_nonnull(dir);
	path = g_build_filename(dir, basename, NULL);
	g_file_get_contents(path, &xml, NULL, &error);
	g_assert_no_error(error);
	return xml;
}

static FuFirmware *
fu_test_scsi_wb_firmware_xml_build(GType gtype, const gchar *xml)
{
	gboolean ret;
	g_autoptr(FuFirmware) firmware = g_object_new(gtype, NULL);
	g_autoptr(GError) error = NULL;

	ret = fu_scsi_wb_unit_build_firmware(firmware, xml, &error);
	g_assert_no_error(error);
	g_assert_true(ret);
	return g_steal_pointer(&firmware);
}

static FuFirmware *
fu_test_scsi_wb_firmware_xml_parse(GType gtype, GBytes *file)
{
	gboolean ret;
	g_autoptr(FuFirmware) firmware = g_object_new(gtype, NULL);
	g_autoptr(GBytes) blob = NULL;
	g_autoptr(GError) error = NULL;

	ret = fu_firmware_parse_bytes(firmware, file, 0x0, FU_FIRMWARE_PARSE_FLAG_NONE, &error);
	g_assert_no_error(error);
	g_assert_true(ret);

	/* of a stream fwupd exports no more than 256 bytes */
	blob = fu_firmware_get_bytes(firmware, &error);
	g_assert_no_error(error);
	fu_firmware_set_bytes(firmware, blob);
	return g_steal_pointer(&firmware);
}

static GBytes *
fu_test_scsi_wb_firmware_xml_write(FuFirmware *firmware)
{
	g_autoptr(GBytes) file = NULL;
	g_autoptr(GError) error = NULL;

	file = fu_firmware_write(firmware, &error);
	g_assert_no_error(error);
	return g_steal_pointer(&file);
}

/* without fwupd's own note that a file has been parsed */
static gchar *
fu_test_scsi_wb_firmware_xml_export(FuFirmware *firmware)
{
	g_autofree gchar *xml = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) str = NULL;

	xml = fu_firmware_export_to_xml(firmware, FU_FIRMWARE_EXPORT_FLAG_NONE, &error);
	g_assert_no_error(error);
	str = g_string_new(xml);
	g_string_replace(str, "  <flags>done-parse</flags>\n", "", 1);
	return g_string_free(g_steal_pointer(&str), FALSE);
}

/* what the XML says of the header is in there again, in the same words */
static void
fu_test_scsi_wb_firmware_xml_assert_fields(const gchar *xml, const gchar *xml_source)
{
	guint n_fields = 0;
	g_auto(GStrv) lines = g_strsplit(xml_source, "\n", -1);

	for (guint i = 0; lines[i] != NULL; i++) {
		const gchar *line = g_strstrip(lines[i]);
		if (strstr(line, "</") == NULL || g_str_has_prefix(line, "</") ||
		    g_str_has_prefix(line, "<data"))
			continue;
		g_assert_nonnull(strstr(xml, line));
		n_fields++;
	}
	g_assert_cmpuint(n_fields, >, 0);
}

/* from XML to a file, and from the file to the same XML and the same file */
static void
fu_test_scsi_wb_firmware_xml_round_trip_func(gconstpointer user_data)
{
	const gchar *name = user_data;
	GType gtype = fu_test_scsi_wb_firmware_xml_get_gtype(name);
	g_autofree gchar *xml_source = fu_test_scsi_wb_firmware_xml_load(name);
	g_autofree gchar *xml_built = NULL;
	g_autofree gchar *xml_parsed = NULL;
	g_autoptr(FuFirmware) firmware_built = NULL;
	g_autoptr(FuFirmware) firmware_parsed = NULL;
	g_autoptr(FuFirmware) firmware_again = NULL;
	g_autoptr(GBytes) file = NULL;
	g_autoptr(GBytes) file_again = NULL;

	firmware_built = fu_test_scsi_wb_firmware_xml_build(gtype, xml_source);
	file = fu_test_scsi_wb_firmware_xml_write(firmware_built);
	xml_built = fu_test_scsi_wb_firmware_xml_export(firmware_built);
	fu_test_scsi_wb_firmware_xml_assert_fields(xml_built, xml_source);

	firmware_parsed = fu_test_scsi_wb_firmware_xml_parse(gtype, file);
	xml_parsed = fu_test_scsi_wb_firmware_xml_export(firmware_parsed);
	g_assert_cmpstr(xml_parsed, ==, xml_built);

	firmware_again = fu_test_scsi_wb_firmware_xml_build(gtype, xml_parsed);
	file_again = fu_test_scsi_wb_firmware_xml_write(firmware_again);
	g_assert_true(g_bytes_equal(file_again, file));
}

static void
fu_test_scsi_wb_firmware_xml_ibm_func(void)
{
	const guint8 want[] = {
	    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x2b, 0xa1, 0x70, 0x0d, 0x82, 'K', '9', 'J',
	    '1',  0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 'C',	'A',  'L',  'L', 'I', 'S',
	    'T',  'O',	'h',  'e',  'l',  'l',	'o',  ' ',  'w',  'o',	'r',  'l',  'd',
	};
	g_autofree gchar *xml = fu_test_scsi_wb_firmware_xml_load("ibm-tape");
	g_autoptr(FuFirmware) firmware =
	    fu_test_scsi_wb_firmware_xml_build(FU_TYPE_SCSI_WB_IBM_TAPE_FIRMWARE, xml);
	g_autoptr(GBytes) file = fu_test_scsi_wb_firmware_xml_write(firmware);

	g_assert_cmpmem(g_bytes_get_data(file, NULL), g_bytes_get_size(file), want, sizeof(want));
}

/* a revision that is no text, or text that XML has other words for, comes back as it was */
static void
fu_test_scsi_wb_firmware_xml_revision_func(void)
{
	const gchar revisions[][4] = {
	    {'K', 0x01, 0x7f, 'J'},
	    {'K', (gchar)0xff, 0x00, 'J'},
	    {' ', 'K', '9', ' '},
	    {'<', '&', '>', ';'},
	    {0x00, 0x00, 0x00, 0x00},
	};

	for (guint i = 0; i < G_N_ELEMENTS(revisions); i++) {
		guint8 buf[33] = {[7] = sizeof(buf)};
		g_autofree gchar *xml = NULL;
		g_autoptr(FuFirmware) firmware = NULL;
		g_autoptr(FuFirmware) firmware_again = NULL;
		g_autoptr(GBytes) file = NULL;
		g_autoptr(GBytes) file_again = NULL;

		g_test_message("revision %u", i);
		memcpy(buf + 12, revisions[i], sizeof(revisions[i]));
		file = g_bytes_new(buf, sizeof(buf));
		firmware =
		    fu_test_scsi_wb_firmware_xml_parse(FU_TYPE_SCSI_WB_IBM_TAPE_FIRMWARE, file);
		xml = fu_test_scsi_wb_firmware_xml_export(firmware);
		firmware_again =
		    fu_test_scsi_wb_firmware_xml_build(FU_TYPE_SCSI_WB_IBM_TAPE_FIRMWARE, xml);
		file_again = fu_test_scsi_wb_firmware_xml_write(firmware_again);
		g_assert_true(g_bytes_equal(file_again, file));
	}
}

/* a file of which another header would be cut off again is not made */
static void
fu_test_scsi_wb_firmware_xml_qualstar_func(void)
{
	const struct {
		const gchar *name;
		const gchar *header;
		guint data_bytes;
		const gchar *message;
	} rows[] = {
	    {"no-frame",
	     "<header>AAAA</header>",
	     1029,
	     "a header of 3 bytes and data of 1029: the data have to be whole frames of 1030 "
	     "bytes, "
	     "and the header less than one"},
	    {"part-of-a-frame",
	     "",
	     2059,
	     "a header of 0 bytes and data of 2059: the data have to be whole frames of 1030 "
	     "bytes, "
	     "and the header less than one"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree gchar *xml =
		    g_strdup_printf("<firmware><data size=\"%u\">AAAA</data>%s</firmware>",
				    rows[i].data_bytes,
				    rows[i].header);
		g_autoptr(FuFirmware) firmware =
		    fu_test_scsi_wb_firmware_xml_build(FU_TYPE_SCSI_WB_QUALSTAR_FIRMWARE, xml);
		g_autoptr(GBytes) file = NULL;
		g_autoptr(GError) error = NULL;

		fu_scsi_wb_unit_row(rows[i].name);
		file = fu_firmware_write(firmware, &error);
		g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_INVALID_DATA);
		g_assert_cmpstr(error->message, ==, rows[i].message);
		g_assert_null(file);
	}
}

int
main(int argc, char **argv)
{
	const gchar *const names[] = {"ibm-tape", "qualstar", "seagate"};

	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree gchar *path =
		    g_strdup_printf("/scsi-wb/firmware-xml/round-trip/%s", names[i]);
		g_test_add_data_func(path, names[i], fu_test_scsi_wb_firmware_xml_round_trip_func);
	}
	g_test_add_func("/scsi-wb/firmware-xml/ibm", fu_test_scsi_wb_firmware_xml_ibm_func);
	g_test_add_func("/scsi-wb/firmware-xml/revision",
			fu_test_scsi_wb_firmware_xml_revision_func);
	g_test_add_func("/scsi-wb/firmware-xml/qualstar",
			fu_test_scsi_wb_firmware_xml_qualstar_func);
	return g_test_run();
}
