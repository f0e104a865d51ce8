/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-wire.h"
#include "fu-device-private.h"
#include "wbt-model.h"

/* devices that say of themselves what a program could stumble over: it must stay text on the bus,
 * in a log and in an error, and must not become the ID of another device */

#define VENDOR_AT   8
#define PRODUCT_AT  16
#define REVISION_AT 32

/**
 * FlowStringsRow:
 * @name: of the test
 * @vendor: bytes of the INQUIRY data, as those of @product and @revision; what is left is NUL
 * @serial: bytes of VPD page 80h
 * @serial_bytes: how many
 * @id: the quirk row that names it, and the ID by which metadata do; %NULL if it is left alone
 * @want_vendor: what fwupd shows, as the following ones
 * @want_name: (nullable): PRODUCT IDENTIFICATION as text unless given
 * @want_version: (nullable): of a device that does not say one
 * @want_serial: (nullable): of a device that has none
 * @want_vendor_id: (nullable): `SCSI:` and @want_vendor unless given
 **/
typedef struct {
	const gchar *name;
	gchar vendor[9];
	gchar product[17];
	gchar revision[5];
	const gchar *serial;
	gsize serial_bytes;
	const gchar *id;
	const gchar *want_vendor;
	const gchar *want_name;
	const gchar *want_version;
	const gchar *want_serial;
	const gchar *want_vendor_id;
} FlowStringsRow;

#define SERIAL(text) .serial = (text), .serial_bytes = sizeof(text) - 1
#define PLAIN_SERIAL SERIAL("S1"), .want_serial = "S1"
#define ID(ven, dev) .id = "SCSI\\VEN_" ven "&DEV_" dev

static const FlowStringsRow rows[] = {
    {"plain", "ACME", "DISK", "0001", PLAIN_SERIAL, ID("ACME", "DISK"), "ACME", "DISK", "0001"},
    {"control",
     "A\x01\x1b[m",
     "D\x07K\x08\x1b]0;x",
     "\x7f"
     "1\x1b",
     SERIAL("\x1b[2J1"),
     ID("A-[m", "D-K-]0;x"),
     "A  [m",
     "D K )0;x",
     "1",
     "\\x1b[2J1"},
    {"lines",
     "A\nB\rC",
     "D\r\nMay 1 x[1]:",
     "1\n2",
     SERIAL("1\nfwupd: ok"),
     ID("A-B-C", "D-May-1-x[1]:"),
     "A B C",
     "D May 1 x(1):",
     "1 2",
     "1\\x0afwupd: ok"},
    {"conversions",
     "%s%n%p",
     "%n%n%s%s%1000d",
     "%s%n",
     SERIAL("%s%n%99999d"),
     ID("%s%n%p", "%n%n%s%s%1000d"),
     "%s%n%p",
     "%n%n%s%s%1000d",
     "%s%n",
     "%s%n%99999d"},
    {"utf-8-part",
     "A\xc3",
     "D\xe2\x82",
     "1\xf0\x9f",
     SERIAL("S\xc3"),
     ID("A", "D"),
     "A",
     "D",
     "1",
     "S\\xc3"},
    {"right-to-left",
     "A\xe2\x80\xae"
     "B",
     "D\xe2\x80\xae"
     "KSI",
     "1",
     SERIAL("1\xe2\x80\xae"
	    "2"),
     ID("A-B", "D-KSI"),
     "A   B",
     "D KSI",
     "1",
     "1\\xe2\\x80\\xae2"},
    {"erased",
     "A\xff\xff\xff\xff\xff\xff\xff",
     "D\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
     "\xff\xff\xff\xff",
     SERIAL("\xff\xff\xff\xff"),
     ID("A", "D"),
     "A",
     "D"},
    {"nul-within",
     "A\0STK",
     "D\0SL500",
     "1\0"
     "9",
     SERIAL("S\0"
	    "2"),
     ID("A", "D"),
     "A",
     "D",
     "1",
     "S\\x002"},
    {"quotes",
     "\"'`$(x)",
     "a\"b'c;d|e>f$(x)",
     "\"'\"",
     SERIAL("\",\"x\":\""),
     ID("\"'`$-x", "a\"b'c;d|e>f$-x"),
     "\"'`$(x)",
     "a\"b'c;d|e>f$(x)",
     "\"'\"",
     "\",\"x\":\""},
    {"backslashes",
     "A\\B\\\\",
     "SCSI\\VEN_STK",
     "\\n",
     SERIAL("\\x41\\n"),
     ID("A-B", "SCSI-VEN-STK"),
     "A\\B\\\\",
     "SCSI\\VEN STK",
     "\\n",
     "\\x5cx41\\x5cn"},
    {"markup",
     "<b>&amp;",
     "</b><a href='x'>",
     "<i>",
     SERIAL("<!--&lt;]]>"),
     ID("<b>-amp;", "<-b><a-href='x'>"),
     "<b>&amp;",
     "</b><a href='x'>",
     "<i>",
     "<!--&lt;]]>"},
    {"id-in-vendor",
     "STK&DEV_",
     "SL500",
     "1126",
     PLAIN_SERIAL,
     ID("STK-DEV", "SL500"),
     "STK&DEV_",
     "SL500",
     "1126"},
    {"id-in-product",
     "A",
     "X&VEN_STK&DEV_SL",
     "&REV",
     PLAIN_SERIAL,
     ID("A", "X-VEN-STK-DEV-SL"),
     "A",
     "X&VEN STK&DEV SL",
     "&REV"},
    {"type-in-vendor",
     "&TYPE_08",
     "SL500",
     "1",
     PLAIN_SERIAL,
     ID("TYPE-08", "SL500"),
     "&TYPE_08",
     "SL500",
     "1"},
    {"vendor-list",
     "|SCSI:HP",
     "D",
     "1",
     PLAIN_SERIAL,
     ID("|SCSI:HP", "D"),
     "|SCSI:HP",
     "D",
     "1",
     .want_vendor_id = "SCSI:-SCSI-HP"},
    {"no-letter-in-revision",
     "ACME",
     "D",
     "----",
     PLAIN_SERIAL,
     ID("ACME", "D"),
     "ACME",
     "D",
     "----"},
    {"blank-revision", "ACME", "D", "    ", PLAIN_SERIAL, ID("ACME", "D"), "ACME", "D"},
    {"blank-serial", "ACME", "D", "1", SERIAL("    "), ID("ACME", "D"), "ACME", "D", "1"},
    {"no-name-left", "ACME", "(R)", "1", PLAIN_SERIAL, ID("ACME", "R"), "ACME", "SCSI disk", "1"},

    /* nothing that a row could name */
    {"blank-vendor", "        ", "D", "1", PLAIN_SERIAL},
    {"blank-product", "ACME", "                ", "1", PLAIN_SERIAL},
    {"no-letter-in-vendor", "&_/\\-()", "D", "1", PLAIN_SERIAL},
    {"no-letter-in-product", "ACME", "____----&&&&", "1", PLAIN_SERIAL},
    {"control-only", "\x01\x02", "\x1b\x1b", "1", PLAIN_SERIAL},
};

/* whom the project's and these rows name, and none of the devices above is */
static const gchar *others[] = {
    "SCSI\\VEN_STK",
    "SCSI\\VEN_STK&DEV_SL500",
    "SCSI\\VEN_STK&DEV_SL500&REV_1126",
    "SCSI\\VEN_STK&TYPE_08",
    "SCSI\\VEN_HP",
    "SCSI\\VEN_HP&DEV_D",
};

typedef struct {
	FlowWire wire; /* has to be the first member: the hook gets no other */
	FlowBed *bed;
	const FlowStringsRow *row;
	const gchar *serial; /* what the device says now */
	gsize serial_bytes;
} FlowStrings;

static GByteArray *
fu_test_scsi_wb_strings_new_page(const gchar *serial, gsize serial_bytes)
{
	const guint8 header[] = {0, 0x80, 0, serial_bytes};
	GByteArray *page = g_byte_array_append(g_byte_array_new(), header, sizeof(header));
	return g_byte_array_append(page, (const guint8 *)serial, serial_bytes);
}

/* the device's answers with the words of the row in them */
static void
fu_test_scsi_wb_strings_hook(FlowWire *wire, const FuScsiWbCommand *command, FuScsiWbResult *result)
{
	FlowStrings *self = (FlowStrings *)wire;
	g_autoptr(GByteArray) page = NULL;

	if (command->cdb[0] != 0x12 || result->status != 0)
		return;
	if ((command->cdb[1] & 0x01) == 0) {
		memcpy(command->buf + VENDOR_AT, self->row->vendor, 8);
		memcpy(command->buf + PRODUCT_AT, self->row->product, 16);
		memcpy(command->buf + REVISION_AT, self->row->revision, 4);
		return;
	}
	if (command->cdb[2] != 0x80)
		return;
	page = fu_test_scsi_wb_strings_new_page(self->serial, self->serial_bytes);
	memcpy(command->buf, page->data, page->len);
	result->resid_bytes = command->buf_bytes - page->len;
}

/* Linux 6.1, drivers/scsi/scsi_scan.c, scsi_sanitize_inquiry_string(): in /sys is a blank for each
 * byte that is not printable, and for all behind a NUL */
static void
fu_test_scsi_wb_strings_write_attr(FlowBed *bed, const gchar *attr, const gchar *buf, gsize bufsz)
{
	gboolean is_over = FALSE;
	g_autoptr(GString) str = g_string_new(NULL);

	for (gsize i = 0; i < bufsz; i++) {
		is_over = is_over || buf[i] == '\0';
		g_string_append_c(str, is_over || buf[i] < 0x20 || buf[i] > 0x7e ? ' ' : buf[i]);
	}
	g_string_append_c(str, '\n');
	flow_bed_write_attr(bed, attr, str->str, str->len);
}

static FlowStrings *
fu_test_scsi_wb_strings_new(const FlowStringsRow *row)
{
	FlowStrings *self = g_new0(FlowStrings, 1);
	g_autofree gchar *quirks = g_strdup_printf("[SCSI\\VEN_STK&TYPE_00]\nScsiWbMode = 0x05\n"
						   "[SCSI\\VEN_HP]\nScsiWbMode = 0x05\n"
						   "[%s]\nScsiWbMode = 0x07\n",
						   row->id != NULL ? row->id : "SCSI\\VEN_ACME");
	g_autoptr(GByteArray) page =
	    fu_test_scsi_wb_strings_new_page(row->serial, row->serial_bytes);

	self->bed = flow_bed_new("std-silent", quirks);
	self->row = row;
	self->serial = row->serial;
	self->serial_bytes = row->serial_bytes;
	fu_test_scsi_wb_strings_write_attr(self->bed, "vendor", row->vendor, 8);
	fu_test_scsi_wb_strings_write_attr(self->bed, "model", row->product, 16);
	flow_bed_write_attr(self->bed, "vpd_pg80", page->data, page->len);
	flow_wire_init(&self->wire, self->bed);
	self->wire.hook = fu_test_scsi_wb_strings_hook;
	return self;
}

static void
fu_test_scsi_wb_strings_free(FlowStrings *self)
{
	flow_bed_free(self->bed);
	g_free(self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FlowStrings, fu_test_scsi_wb_strings_free)

/* it begins no line of its own, and moves no cursor */
static void
fu_test_scsi_wb_strings_assert_text(const gchar *text)
{
	for (const gchar *c = text; c != NULL && *c != '\0'; c++)
		g_assert_true(g_ascii_isprint(*c));
}

static void
fu_test_scsi_wb_strings_assert_shown(const FlowStringsRow *row, FwupdDevice *device)
{
	GPtrArray *vendor_ids = fwupd_device_get_vendor_ids(device);
	g_autofree gchar *vendor_id = g_strdup_printf("SCSI:%s", row->want_vendor);

	g_assert_cmpstr(fwupd_device_get_vendor(device), ==, row->want_vendor);
	g_assert_cmpstr(fwupd_device_get_name(device), ==, row->want_name);
	g_assert_cmpstr(fwupd_device_get_version(device), ==, row->want_version);
	g_assert_cmpstr(fwupd_device_get_serial(device), ==, row->want_serial);
	g_assert_cmpuint(vendor_ids->len, ==, 1);
	g_assert_cmpstr(g_ptr_array_index(vendor_ids, 0),
			==,
			row->want_vendor_id != NULL ? row->want_vendor_id : vendor_id);
}

/* as fwupdmgr gets it: over the bus, and from there into JSON */
static void
fu_test_scsi_wb_strings_assert_carried(const FlowStringsRow *row, FuDevice *device)
{
	gboolean ret;
	g_autofree gchar *json = NULL;
	g_autoptr(FwupdDevice) from_bus = fwupd_device_new();
	g_autoptr(FwupdDevice) from_json = fwupd_device_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) value = g_variant_ref_sink(
	    fwupd_codec_to_variant(FWUPD_CODEC(device), FWUPD_CODEC_FLAG_TRUSTED));

	g_assert_true(g_variant_is_normal_form(value));
	ret = fwupd_codec_from_variant(FWUPD_CODEC(from_bus), value, &error);
	g_assert_no_error(error);
	g_assert_true(ret);
	fu_test_scsi_wb_strings_assert_shown(row, from_bus);
	json = fwupd_codec_to_json_string(FWUPD_CODEC(from_bus), FWUPD_CODEC_FLAG_TRUSTED, &error);
	g_assert_no_error(error);
	g_assert_true(g_str_is_ascii(json));
	ret = fwupd_codec_from_json_string(FWUPD_CODEC(from_json), json, &error);
	g_assert_no_error(error);
	g_assert_true(ret);
	g_assert_cmpstr(fwupd_device_get_name(from_json), ==, row->want_name);
	g_assert_cmpstr(fwupd_device_get_vendor(from_json), ==, row->want_vendor);
}

static void
fu_test_scsi_wb_strings_assert_named(const FlowStringsRow *row, FuDevice *device)
{
	GPtrArray *ids = fu_device_get_instance_ids(device);

	fu_device_convert_instance_ids(device);
	g_assert_true(fu_device_has_guid(device, row->id));
	for (guint i = 0; i < G_N_ELEMENTS(others); i++)
		g_assert_false(fu_device_has_guid(device, others[i]));
	for (guint i = 0; i < ids->len; i++) {
		const gchar *id = g_ptr_array_index(ids, i);

		fu_test_scsi_wb_strings_assert_text(id);
		g_assert_true(g_str_has_prefix(id, row->id));
		g_assert_true(id[strlen(row->id)] == '\0' ||
			      g_str_has_prefix(id + strlen(row->id), "&REV_"));
	}
}

/* what the wire says of the revision does not change: the update has failed, and says so in text */
static void
fu_test_scsi_wb_strings_assert_error(FlowStrings *self)
{
	g_autoptr(GBytes) image = flow_bed_new_image(self->bed, "0002", 50000);
	g_autoptr(GError) error = NULL;

	g_assert_false(flow_bed_install(self->bed, image, FWUPD_INSTALL_FLAG_NONE, &error));
	g_assert_nonnull(error);
	g_test_message("%s", error->message);
	fu_test_scsi_wb_strings_assert_text(error->message);
	if (self->row->want_version == NULL)
		return;
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_WRITE);
	g_assert_nonnull(strstr(error->message, self->row->want_version));
}

/* nor does another device, that says as odd things, pass for it */
static void
fu_test_scsi_wb_strings_assert_swapped(FlowStrings *self)
{
	g_autoptr(GBytes) image = flow_bed_new_image(self->bed, "0003", 50000);
	g_autoptr(GByteArray) serial = g_byte_array_new();
	g_autoptr(GError) error = NULL;

	if (self->row->want_serial == NULL || self->row->want_version == NULL)
		return;
	g_byte_array_append(serial, (const guint8 *)self->serial, self->serial_bytes);
	g_byte_array_append(serial, (const guint8 *)"\0\x1b", 2);
	self->serial = (const gchar *)serial->data;
	self->serial_bytes = serial->len;
	flow_bed_mark(self->bed);
	g_assert_false(flow_bed_install(self->bed, image, FWUPD_INSTALL_FLAG_NONE, &error));
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_NOT_FOUND);
	g_test_message("%s", error->message);
	g_assert_true(g_str_has_prefix(error->message, "another device answers at this node: "));
	fu_test_scsi_wb_strings_assert_text(error->message);
	g_assert_cmpuint(flow_bed_count_opcode(self->bed, 0x3b), ==, 0);
}

static void
fu_test_scsi_wb_flow_strings_func(gconstpointer user_data)
{
	const FlowStringsRow *row = user_data;
	gboolean ret;
	g_autofree gchar *text = NULL;
	g_autoptr(FlowStrings) self = fu_test_scsi_wb_strings_new(row);
	g_autoptr(GError) error = NULL;

	ret = flow_bed_enumerate(self->bed, &error);
	if (row->id == NULL) {
		g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_NOT_SUPPORTED);
		g_assert_false(ret);
		fu_test_scsi_wb_strings_assert_text(error->message);
		g_assert_cmpuint(flow_bed_count_commands(self->bed), ==, 0);
		return;
	}
	g_assert_no_error(error);
	g_assert_true(ret);
	g_assert_true(fu_device_ensure_id(self->bed->device, NULL));
	fu_test_scsi_wb_strings_assert_shown(row, FWUPD_DEVICE(self->bed->device));
	fu_test_scsi_wb_strings_assert_carried(row, self->bed->device);
	fu_test_scsi_wb_strings_assert_named(row, self->bed->device);
	text = fu_device_to_string(self->bed->device);
	g_assert_true(g_utf8_validate(text, -1, NULL));
	fu_test_scsi_wb_strings_assert_error(self);
	fu_test_scsi_wb_strings_assert_swapped(self);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/strings", rows, fu_test_scsi_wb_flow_strings_func);
	return g_test_run();
}
