/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-identity.h"
#include "fu-scsi-wb-unit.h"

/* SPC-4 (INCITS 513): standard INQUIRY data, up to PRODUCT REVISION LEVEL */
#define INQUIRY_BYTES 36

/* standard INQUIRY data with the rest left as noise; the texts are padded with blanks */
static GBytes *
fu_test_scsi_wb_identity_inquiry(guint8 peripheral,
				 const gchar *vendor,
				 const gchar *product,
				 const gchar *revision)
{
	guint8 buf[INQUIRY_BYTES];

	memset(buf, FU_SCSI_WB_UNIT_FILL, 8);
	memset(buf + 8, ' ', sizeof(buf) - 8);
	buf[0] = peripheral;
	memcpy(buf + 8, vendor, strlen(vendor));
	memcpy(buf + 16, product, strlen(product));
	memcpy(buf + 32, revision, strlen(revision));
	return g_bytes_new(buf, sizeof(buf));
}

static FuScsiWbIdentity *
fu_test_scsi_wb_identity_new_filled(void)
{
	FuScsiWbIdentity *self = fu_scsi_wb_identity_new();

	self->type = FU_SCSI_WB_PERIPHERAL_TYPE_CHANGER;
	self->is_removable = TRUE;
	self->vendor = g_strdup("OLDVEND");
	self->product = g_strdup("OLDPROD");
	fu_scsi_wb_identity_take_level(self, g_strdup("OLD1"));
	self->serial = g_strdup("OLDSERIAL");
	self->wwid = g_strdup("naa.01");
	return self;
}

static void
fu_test_scsi_wb_identity_new_func(void)
{
	g_autoptr(FuScsiWbIdentity) self = fu_scsi_wb_identity_new();

	g_assert_cmpint(self->type, ==, FU_SCSI_WB_PERIPHERAL_TYPE_UNKNOWN);
	g_assert_false(self->is_removable);
	g_assert_null(self->vendor);
	g_assert_null(self->product);
	g_assert_null(self->level);
	g_assert_null(self->revision);
	g_assert_null(self->serial);
	g_assert_null(self->wwid);
}

static const struct {
	const gchar *name;
	const gchar *vendor;
	const gchar *product;
	const gchar *revision;
	const gchar *want_vendor;
	const gchar *want_product;
	const gchar *want_revision;
} identity_inquiry_good_rows[] = {
    {"padded", "SEAGATE", "ST4000NM", "0004", "SEAGATE", "ST4000NM", "0004"},
    {"full", "VENDOR78", "PRODUCT890123456", "R234", "VENDOR78", "PRODUCT890123456", "R234"},
    {"blanks within", "A B", "VT-9 FH", "1 2", "A B", "VT-9 FH", "1 2"},
    {"blanks before", "  AB", "   P", " 1", "AB", "P", "1"},
    {"all blanks", "", "", "", NULL, NULL, NULL},
    {"no revision", "AB", "P", "", "AB", "P", NULL},
    {"conversions", "%s%n%p", "%s%s%s%s%s%s%s%s", "%n", "%s%n%p", "%s%s%s%s%s%s%s%s", "%n"},
    {"control characters",
     "A\x01"
     "B\x1b[",
     "\x7fP",
     "\x07"
     "1",
     "A B [",
     "P",
     "1"},
    {"lines", "A\nB\rC", "P\tQ\vR\fS", "1\n2", "A B C", "P Q R S", "1 2"},
    {"bytes of 0xff",
     "\xff\xff"
     "AB",
     "\xffP\xff",
     "\xff\xff\xff\xff",
     "AB",
     "P",
     NULL},
    {"UTF-8",
     "\xc3\xa4"
     "B",
     "P\xe2\x82",
     "1",
     "B",
     "P",
     "1"},
    {"from right to left", "A\xe2\x80\xae", "P\xe2\x80\xaeQ", "1", "A", "P   Q", "1"},
    {"other separators", "A\xc2\x85", "P\xe2\x80\xa8Q", "1", "A", "P   Q", "1"},
    {"markup", "<b>&amp;", "</b><a href=\"x\">", "<i>", "<b>&amp;", "</b><a href=\"x\">", "<i>"},
    {"quotes", "\"'`$(x)", "a\\b\"c'd", "'\"'\"", "\"'`$(x)", "a\\b\"c'd", "'\"'\""},
    {"another ID", "STK&DEV_", "SL500&REV_1126", "&REV", "STK&DEV_", "SL500&REV_1126", "&REV"},
};

static void
fu_test_scsi_wb_identity_inquiry_good_func(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(identity_inquiry_good_rows); i++) {
		gboolean ret;
		g_autoptr(FuScsiWbIdentity) self = fu_test_scsi_wb_identity_new_filled();
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) blob =
		    fu_test_scsi_wb_identity_inquiry(0x01,
						     identity_inquiry_good_rows[i].vendor,
						     identity_inquiry_good_rows[i].product,
						     identity_inquiry_good_rows[i].revision);

		fu_scsi_wb_unit_row(identity_inquiry_good_rows[i].name);
		ret = fu_scsi_wb_identity_parse_inquiry(self, blob, &error);
		g_assert_no_error(error);
		g_assert_true(ret);
		g_assert_cmpint(self->type, ==, FU_SCSI_WB_PERIPHERAL_TYPE_TAPE);
		g_assert_cmpstr(self->vendor, ==, identity_inquiry_good_rows[i].want_vendor);
		g_assert_cmpstr(self->product, ==, identity_inquiry_good_rows[i].want_product);
		g_assert_cmpstr(self->revision, ==, identity_inquiry_good_rows[i].want_revision);
		g_assert_cmpstr(self->serial, ==, "OLDSERIAL");
		g_assert_cmpstr(self->wwid, ==, "naa.01");
	}
}

static const struct {
	const gchar *name;
	FuScsiWbVersionPlace place;
	gsize inquiry_bytes;
	const gchar *want; /* NULL if there is none */
} identity_version_rows[] = {
    {"level", {0, 0, 0}, 60, "OLD1"},
    {"behind it", {0, 36, 8}, 60, "12.34-ab"},
    {"over it", {0, 32, 12}, 60, "OLD112.34-ab"},
    {"padded", {0, 36, 12}, 60, "12.34-ab"},
    {"control characters", {0, 48, 4}, 60, "A B"},
    {"up to the last byte", {0, 36, 8}, 44, "12.34-ab"},
    {"not all there", {0, 36, 8}, 43, NULL},
    {"not there", {0, 200, 20}, 60, NULL},
    {"in a page", {0xc0, 8, 8}, 60, NULL},
};

static void
fu_test_scsi_wb_identity_version_func(void)
{
	const gchar more[24] = "12.34-ab    A\nB";

	for (guint i = 0; i < G_N_ELEMENTS(identity_version_rows); i++) {
		gboolean ret;
		g_autoptr(FuScsiWbIdentity) self = fu_test_scsi_wb_identity_new_filled();
		g_autoptr(GByteArray) buf = g_byte_array_new();
		g_autoptr(GBytes) blob = NULL;
		g_autoptr(GBytes) blob_36 =
		    fu_test_scsi_wb_identity_inquiry(0x01, "V", "P", "OLD1");
		g_autoptr(GError) error = NULL;

		fu_scsi_wb_unit_row(identity_version_rows[i].name);
		fu_byte_array_append_bytes(buf, blob_36);
		g_byte_array_append(buf, (const guint8 *)more, sizeof(more));
		blob = g_bytes_new(buf->data, identity_version_rows[i].inquiry_bytes);
		self->place = identity_version_rows[i].place;
		ret = fu_scsi_wb_identity_parse_inquiry(self, blob, &error);
		g_assert_no_error(error);
		g_assert_true(ret);
		g_assert_cmpstr(self->level, ==, "OLD1");
		g_assert_cmpstr(self->revision, ==, identity_version_rows[i].want);
	}
}

/* the texts end up in a log and on a screen: a device cannot begin a line of its own there */
static void
fu_test_scsi_wb_identity_inquiry_lines_func(void)
{
	const gchar *products[] = {"A\nB", "A\rB", "A\tB", "A\vB", "A\fB"};

	for (guint i = 0; i < G_N_ELEMENTS(products); i++) {
		gboolean ret;
		g_autoptr(FuScsiWbIdentity) self = fu_scsi_wb_identity_new();
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) blob =
		    fu_test_scsi_wb_identity_inquiry(0x00, "V", products[i], "1");

		ret = fu_scsi_wb_identity_parse_inquiry(self, blob, &error);
		g_assert_no_error(error);
		g_assert_true(ret);
		for (const gchar *c = self->product; *c != '\0'; c++)
			g_assert_false(g_ascii_iscntrl(*c));
	}
}

/* a text ends at a NUL, what is behind it is not part of it */
static void
fu_test_scsi_wb_identity_inquiry_nul_func(void)
{
	const guint8 buf[INQUIRY_BYTES] = {[0] = 0x05, [8] = 'V', 0, 'X', [16] = 'P', 0, 'X'};
	gboolean ret;
	g_autoptr(FuScsiWbIdentity) self = fu_test_scsi_wb_identity_new_filled();
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) blob = g_bytes_new(buf, sizeof(buf));

	ret = fu_scsi_wb_identity_parse_inquiry(self, blob, &error);
	g_assert_no_error(error);
	g_assert_true(ret);
	g_assert_cmpint(self->type, ==, FU_SCSI_WB_PERIPHERAL_TYPE_OPTICAL);
	g_assert_cmpstr(self->vendor, ==, "V");
	g_assert_cmpstr(self->product, ==, "P");
	g_assert_null(self->revision);
}

static void
fu_test_scsi_wb_identity_inquiry_bits_func(void)
{
	const struct {
		guint8 type;
		guint8 removable;
		gboolean want_removable;
	} rows[] = {
	    {0x00, 0x00, FALSE},
	    {0x08, 0x80, TRUE},
	    {0x0d, 0x7f, FALSE},
	    {0x14, 0xff, TRUE},
	    {0x1f, 0x80, TRUE},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		guint8 buf[INQUIRY_BYTES] = {rows[i].type, rows[i].removable};
		gboolean ret;
		g_autoptr(FuScsiWbIdentity) self = fu_scsi_wb_identity_new();
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) blob = g_bytes_new(buf, sizeof(buf));

		ret = fu_scsi_wb_identity_parse_inquiry(self, blob, &error);
		g_assert_no_error(error);
		g_assert_true(ret);
		g_assert_cmpint(self->type, ==, rows[i].type);
		g_assert_cmpint(self->is_removable, ==, rows[i].want_removable);
	}
}

/* an answer that is no good changes nothing */
static void
fu_test_scsi_wb_identity_check_refused(GBytes *blob, FwupdError code, const gchar *message)
{
	gboolean ret;
	g_autoptr(FuScsiWbIdentity) self = fu_test_scsi_wb_identity_new_filled();
	g_autoptr(GError) error = NULL;

	ret = fu_scsi_wb_identity_parse_inquiry(self, blob, &error);
	fu_scsi_wb_unit_assert_error(error, code, message);
	g_assert_false(ret);
	g_assert_cmpint(self->type, ==, FU_SCSI_WB_PERIPHERAL_TYPE_CHANGER);
	g_assert_true(self->is_removable);
	g_assert_cmpstr(self->vendor, ==, "OLDVEND");
	g_assert_cmpstr(self->product, ==, "OLDPROD");
	g_assert_cmpstr(self->revision, ==, "OLD1");
}

static void
fu_test_scsi_wb_identity_inquiry_short_func(void)
{
	g_autoptr(GBytes) whole = fu_test_scsi_wb_identity_inquiry(0x00, "V", "P", "1");
	g_autoptr(GBytes) empty = g_bytes_new(NULL, 0);

	fu_test_scsi_wb_identity_check_refused(
	    empty,
	    FWUPD_ERROR_INVALID_DATA,
	    "the device gave no INQUIRY data: check power and cable, then "
	    "run fwupdmgr quit, and look at the list again");
	for (gsize bytes = 1; bytes < INQUIRY_BYTES; bytes++) {
		g_autoptr(GBytes) blob = g_bytes_new(g_bytes_get_data(whole, NULL), bytes);
		g_autofree gchar *message =
		    g_strdup_printf("INQUIRY data too short: invalid struct FuStructScsiWbInquiry: "
				    "attempted to read 0x24 bytes from buffer of 0x%02x",
				    (guint)bytes);

		fu_scsi_wb_unit_row(message);
		fu_test_scsi_wb_identity_check_refused(blob, FWUPD_ERROR_READ, message);
	}
}

/* SPC-4 (INCITS 513): PERIPHERAL QUALIFIER, 011b and type 1Fh where there is no device */
static void
fu_test_scsi_wb_identity_inquiry_qualifier_func(void)
{
	const guint8 peripherals[] = {0x20, 0x40, 0x60, 0x7f, 0x80, 0xff};

	for (guint i = 0; i < G_N_ELEMENTS(peripherals); i++) {
		g_autoptr(GBytes) blob =
		    fu_test_scsi_wb_identity_inquiry(peripherals[i], "V", "P", "1");
		g_autofree gchar *name = g_strdup_printf("byte 0 is %02x", peripherals[i]);

		fu_scsi_wb_unit_row(name);
		fu_test_scsi_wb_identity_check_refused(blob,
						       FWUPD_ERROR_NOT_SUPPORTED,
						       "no device behind this logical unit");
	}
}

#define ANOTHER "another device answers at this node: "

static const struct {
	const gchar *name;
	FuScsiWbIdentity meant;
	FuScsiWbIdentity found;
	const gchar *message; /* NULL if both are one */
} identity_same_rows[] = {
    {"all alike",
     {.vendor = (gchar *)"V",
      .product = (gchar *)"P",
      .serial = (gchar *)"S",
      .wwid = (gchar *)"naa.1"},
     {.vendor = (gchar *)"V",
      .product = (gchar *)"P",
      .serial = (gchar *)"S",
      .wwid = (gchar *)"naa.1"},
     NULL},
    {"nothing known", {.vendor = NULL}, {.vendor = (gchar *)"V"}, NULL},
    {"neither knows", {.vendor = NULL}, {.vendor = NULL}, NULL},
    {"revision may differ",
     {.revision = (gchar *)"1", .serial = (gchar *)"S"},
     {.revision = (gchar *)"2", .serial = (gchar *)"S"},
     NULL},
    {"vendor",
     {.vendor = (gchar *)"V"},
     {.vendor = (gchar *)"W"},
     ANOTHER "vendor is 'W' and should be 'V'"},
    {"case counts",
     {.vendor = (gchar *)"V"},
     {.vendor = (gchar *)"v"},
     ANOTHER "vendor is 'v' and should be 'V'"},
    {"product",
     {.product = (gchar *)"P"},
     {.product = (gchar *)"PP"},
     ANOTHER "product is 'PP' and should be 'P'"},
    {"serial",
     {.serial = (gchar *)"S1"},
     {.serial = (gchar *)"S2"},
     ANOTHER "serial number is 'S2' and should be 'S1'"},
    {"serial is gone",
     {.serial = (gchar *)"S1"},
     {.serial = NULL},
     ANOTHER "serial number is '' and should be 'S1'"},
    {"wwid",
     {.wwid = (gchar *)"naa.1"},
     {.wwid = (gchar *)"eui.1"},
     ANOTHER "unique name is 'eui.1' and should be 'naa.1'"},
    {"no format in a name",
     {.product = (gchar *)"%s"},
     {.product = (gchar *)"%n"},
     ANOTHER "product is '%n' and should be '%s'"},
};

static void
fu_test_scsi_wb_identity_same_func(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(identity_same_rows); i++) {
		gboolean ret;
		g_autoptr(GError) error = NULL;

		fu_scsi_wb_unit_row(identity_same_rows[i].name);
		ret = fu_scsi_wb_identity_check_same(&identity_same_rows[i].meant,
						     &identity_same_rows[i].found,
						     &error);
		if (identity_same_rows[i].message == NULL) {
			g_assert_no_error(error);
			g_assert_true(ret);
			continue;
		}
		fu_scsi_wb_unit_assert_error(error,
					     FWUPD_ERROR_NOT_FOUND,
					     identity_same_rows[i].message);
		g_assert_false(ret);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/identity/new", fu_test_scsi_wb_identity_new_func);
	g_test_add_func("/scsi-wb/identity/inquiry/good",
			fu_test_scsi_wb_identity_inquiry_good_func);
	g_test_add_func("/scsi-wb/identity/inquiry/lines",
			fu_test_scsi_wb_identity_inquiry_lines_func);
	g_test_add_func("/scsi-wb/identity/inquiry/nul", fu_test_scsi_wb_identity_inquiry_nul_func);
	g_test_add_func("/scsi-wb/identity/inquiry/bits",
			fu_test_scsi_wb_identity_inquiry_bits_func);
	g_test_add_func("/scsi-wb/identity/inquiry/short",
			fu_test_scsi_wb_identity_inquiry_short_func);
	g_test_add_func("/scsi-wb/identity/inquiry/qualifier",
			fu_test_scsi_wb_identity_inquiry_qualifier_func);
	g_test_add_func("/scsi-wb/identity/same", fu_test_scsi_wb_identity_same_func);
	g_test_add_func("/scsi-wb/identity/version", fu_test_scsi_wb_identity_version_func);
	return g_test_run();
}
