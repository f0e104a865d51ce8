/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-identity.h"
#include "fu-scsi-wb-unit.h"

#define ROUNDS 20000

typedef struct {
	const gchar *name;
	guint8 page[48];
	gsize page_bytes; /* of @page, the rest of it is noise */
	const gchar *want;
} FuScsiWbVpdTestRow;

/* a page in a buffer of its own size, so that a reader that goes too far is caught */
static GBytes *
fu_test_scsi_wb_vpd_to_bytes(const FuScsiWbVpdTestRow *row)
{
	return g_bytes_new(row->page, row->page_bytes);
}

/* SPC-4 (INCITS 513): Unit Serial Number VPD page */
static void
fu_test_scsi_wb_vpd_serial_func(void)
{
	const FuScsiWbVpdTestRow rows[] = {
	    {"exact", {0, 0x80, 0, 4, 'A', 'B', '1', '2'}, 8, "AB12"},
	    {"blanks around", {0, 0x80, 0, 6, ' ', ' ', 'A', 'B', ' ', ' '}, 10, "AB"},
	    {"blanks within", {0, 0x80, 0, 3, 'A', ' ', 'B'}, 7, "A B"},
	    {"all blanks", {0, 0x80, 0, 3, ' ', ' ', ' '}, 7, NULL},
	    {"all NUL", {0, 0x80, 0, 3, 0, 0, 0}, 7, NULL},
	    {"all 0xff", {0, 0x80, 0, 3, 0xff, 0xff, 0xff}, 7, NULL},
	    {"control characters", {0, 0x80, 0, 3, 'A', 0x1b, 'B'}, 7, "A\\x1bB"},
	    {"a line of its own", {0, 0x80, 0, 3, 'A', '\n', 'B'}, 7, "A\\x0aB"},
	    {"NUL within", {0, 0x80, 0, 3, 'A', 0x00, 'B'}, 7, "A\\x00B"},
	    {"NUL before", {0, 0x80, 0, 3, 0x00, 'A', 'B'}, 7, "AB"},
	    {"NUL behind", {0, 0x80, 0, 4, 'A', 'B', 0x00, 0x00}, 8, "AB"},
	    {"erased behind", {0, 0x80, 0, 4, 'A', 'B', 0xff, 0xff}, 8, "AB"},
	    {"erased within", {0, 0x80, 0, 3, 'A', 0xff, 'B'}, 7, "A\\xffB"},
	    {"UTF-8", {0, 0x80, 0, 4, 0xc3, 0xa4, 'A', 'B'}, 8, "\\xc3\\xa4AB"},
	    {"part of UTF-8", {0, 0x80, 0, 3, 'A', 'B', 0xc3}, 7, "AB\\xc3"},
	    {"from right to left",
	     {0, 0x80, 0, 5, 'A', 0xe2, 0x80, 0xae, 'B'},
	     9,
	     "A\\xe2\\x80\\xaeB"},
	    {"backslash", {0, 0x80, 0, 4, '\\', 'x', '0', '0'}, 8, "\\x5cx00"},
	    {"binary", {0, 0x80, 0, 3, 0x01, 0x02, 0x03}, 7, "\\x01\\x02\\x03"},
	    {"quotes", {0, 0x80, 0, 3, '"', '\'', '`'}, 7, "\"'`"},
	    {"markup", {0, 0x80, 0, 4, '<', 'b', '>', '&'}, 8, "<b>&"},
	    {"conversions", {0, 0x80, 0, 4, '%', 's', '%', 'n'}, 8, "%s%n"},
	    {"header is shorter", {0, 0x80, 0, 2, 'A', 'B', 'C', 'D'}, 8, "AB"},
	    {"header is longer", {0, 0x80, 0, 9, 'A', 'B'}, 6, "AB"},
	    {"header is much longer", {0, 0x80, 0xff, 0xff, 'A', 'B'}, 6, "AB"},
	    {"length 0", {0, 0x80, 0, 0, 'A', 'B'}, 6, NULL},
	    {"header only", {0, 0x80, 0, 4}, 4, NULL},
	    {"part of the header", {0, 0x80, 0, 4}, 3, NULL},
	    {"nothing", {0}, 0, NULL},
	    {"another page", {0, 0x83, 0, 4, 'A', 'B', '1', '2'}, 8, NULL},
	    {"standard INQUIRY instead", {0, 0x00, 6, 2, 'A', 'B', '1', '2'}, 8, NULL},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(FuScsiWbIdentity) self = fu_scsi_wb_identity_new();
		g_autoptr(GBytes) blob = fu_test_scsi_wb_vpd_to_bytes(&rows[i]);

		fu_scsi_wb_unit_row(rows[i].name);
		self->serial = g_strdup("OLDSERIAL");
		fu_scsi_wb_identity_parse_serial(self, blob);
		g_assert_cmpstr(self->serial, ==, rows[i].want);
	}
}

static void
fu_test_scsi_wb_vpd_check_wwid(const FuScsiWbVpdTestRow *rows, guint rows_len)
{
	for (guint i = 0; i < rows_len; i++) {
		g_autoptr(FuScsiWbIdentity) self = fu_scsi_wb_identity_new();
		g_autoptr(GBytes) blob = fu_test_scsi_wb_vpd_to_bytes(&rows[i]);

		fu_scsi_wb_unit_row(rows[i].name);
		self->wwid = g_strdup("naa.01");
		fu_scsi_wb_identity_parse_wwid(self, blob);
		g_assert_cmpstr(self->wwid, ==, rows[i].want);
	}
}

/* SPC-4 (INCITS 513): Device Identification VPD page, designation descriptor; the types are 1 T10
 * vendor ID, 2 EUI-64, 3 NAA, 4 and 5 ports; association in bits 5:4: 0 logical unit, 1 port,
 * 2 target device */
#define NAA  0x01, 0x03, 0, 4, 0x50, 0x00, 0xc5, 0x01
#define EUI  0x01, 0x02, 0, 2, 0xe0, 0x01
#define T10  0x02, 0x01, 0, 3, 'V', '%', 's'
#define PORT 0x61, 0x93, 0, 3, 0x51, 0x02, 0x03
#define UNIT 0x61, 0xa3, 0, 3, 0x52, 0x02, 0x03
#define RELP 0x61, 0x94, 0, 4, 0x00, 0x00, 0x00, 0x01

static void
fu_test_scsi_wb_vpd_wwid_best_func(void)
{
	const FuScsiWbVpdTestRow rows[] = {
	    {"NAA", {0, 0x83, 0, 8, NAA}, 12, "naa.5000c501"},
	    {"EUI", {0, 0x83, 0, 6, EUI}, 10, "eui.e001"},
	    {"T10", {0, 0x83, 0, 7, T10}, 11, "t10.562573"},
	    {"NAA, EUI, T10", {0, 0x83, 0, 21, NAA, EUI, T10}, 25, "naa.5000c501"},
	    {"T10, EUI, NAA", {0, 0x83, 0, 21, T10, EUI, NAA}, 25, "naa.5000c501"},
	    {"EUI, NAA, T10", {0, 0x83, 0, 21, EUI, NAA, T10}, 25, "naa.5000c501"},
	    {"T10, EUI", {0, 0x83, 0, 13, T10, EUI}, 17, "eui.e001"},
	    {"EUI, T10", {0, 0x83, 0, 13, EUI, T10}, 17, "eui.e001"},
	    {"port, then NAA", {0, 0x83, 0, 15, PORT, NAA}, 19, "naa.5000c501"},
	    {"target, then NAA", {0, 0x83, 0, 15, UNIT, NAA}, 19, "naa.5000c501"},
	    {"relative port, then EUI", {0, 0x83, 0, 14, RELP, EUI}, 18, "eui.e001"},
	    {"the first of two NAA",
	     {0, 0x83, 0, 16, 0x01, 0x03, 0, 4, 0x60, 0, 0, 1, NAA},
	     20,
	     "naa.60000001"},
	    {"a type without meaning, then T10",
	     {0, 0x83, 0, 12, 0x01, 0x0f, 0, 1, 0x11, T10},
	     16,
	     "t10.562573"},
	};
	fu_test_scsi_wb_vpd_check_wwid(rows, G_N_ELEMENTS(rows));
}

static void
fu_test_scsi_wb_vpd_wwid_none_func(void)
{
	const FuScsiWbVpdTestRow rows[] = {
	    {"port", {0, 0x83, 0, 7, PORT}, 11, NULL},
	    {"target", {0, 0x83, 0, 7, UNIT}, 11, NULL},
	    {"reserved association", {0, 0x83, 0, 5, 0x01, 0x33, 0, 1, 0x50}, 9, NULL},
	    {"vendor specific type", {0, 0x83, 0, 5, 0x01, 0x00, 0, 1, 0x50}, 9, NULL},
	    {"type 0Bh", {0, 0x83, 0, 5, 0x01, 0x0b, 0, 1, 0x50}, 9, NULL},
	    {"length 0", {0, 0x83, 0, 0, NAA}, 12, NULL},
	    {"header only", {0, 0x83, 0, 8}, 4, NULL},
	    {"part of the header", {0, 0x83, 0}, 3, NULL},
	    {"nothing", {0}, 0, NULL},
	    {"another page", {0, 0x80, 0, 8, NAA}, 12, NULL},
	};
	fu_test_scsi_wb_vpd_check_wwid(rows, G_N_ELEMENTS(rows));
}

static void
fu_test_scsi_wb_vpd_wwid_truncated_func(void)
{
	const FuScsiWbVpdTestRow rows[] = {
	    {"data end in the designator", {0, 0x83, 0, 8, NAA}, 11, NULL},
	    {"data end behind the descriptor's header", {0, 0x83, 0, 8, NAA}, 8, NULL},
	    {"data end in the descriptor's header", {0, 0x83, 0, 8, NAA}, 7, NULL},
	    {"header ends in the designator", {0, 0x83, 0, 7, NAA}, 12, NULL},
	    {"header ends in the descriptor's header", {0, 0x83, 0, 3, NAA}, 12, NULL},
	    {"header is longer than the data", {0, 0x83, 0xff, 0xff, NAA}, 12, "naa.5000c501"},
	    {"header is shorter: EUI", {0, 0x83, 0, 6, EUI, NAA}, 18, "eui.e001"},
	    {"designator of 255 bytes", {0, 0x83, 0, 8, 0x01, 0x03, 0, 255, 1, 2, 3, 4}, 12, NULL},
	    {"whole, then a cut off one", {0, 0x83, 0, 14, EUI, NAA}, 17, "eui.e001"},
	};
	fu_test_scsi_wb_vpd_check_wwid(rows, G_N_ELEMENTS(rows));
}

/* a name without a number is every device's name */
static void
fu_test_scsi_wb_vpd_wwid_empty_func(void)
{
	const FuScsiWbVpdTestRow rows[] = {
	    {"empty NAA, then EUI", {0, 0x83, 0, 10, 0x01, 0x03, 0, 0, EUI}, 14, "eui.e001"},
	    {"empty NAA, then NAA", {0, 0x83, 0, 12, 0x01, 0x03, 0, 0, NAA}, 16, "naa.5000c501"},
	    {"empty port, then NAA", {0, 0x83, 0, 12, 0x61, 0x93, 0, 0, NAA}, 16, "naa.5000c501"},
	    {"empty NAA", {0, 0x83, 0, 4, 0x01, 0x03, 0, 0}, 8, NULL},
	    {"NAA with no byte, then a port", {0, 0x83, 0, 11, 0x01, 0x03, 0, 0, PORT}, 15, NULL},
	};
	fu_test_scsi_wb_vpd_check_wwid(rows, G_N_ELEMENTS(rows));
}

/* whatever a page holds, the names are text, and nothing is read outside of it */
static void
fu_test_scsi_wb_vpd_garbage_func(void)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(0x83);

	for (guint i = 0; i < ROUNDS; i++) {
		guint8 page[64];
		g_autoptr(FuScsiWbIdentity) self = fu_scsi_wb_identity_new();
		g_autoptr(GBytes) blob = NULL;

		/* small numbers make designators that fit */
		for (guint j = 0; j < sizeof(page); j++)
			page[j] = g_rand_int_range(rand, 0, g_rand_boolean(rand) ? 8 : 256);
		page[1] = g_rand_boolean(rand) ? 0x80 : 0x83;
		blob = g_bytes_new(page, g_rand_int_range(rand, 0, sizeof(page) + 1));
		fu_scsi_wb_identity_parse_serial(self, blob);
		fu_scsi_wb_identity_parse_wwid(self, blob);
		g_assert_true(self->serial == NULL || self->wwid == NULL);
		if (self->serial != NULL)
			g_assert_true(g_str_is_ascii(self->serial));
		if (self->wwid != NULL)
			g_assert_cmpuint(strlen(self->wwid) % 2, ==, 0);
	}
}

/* what stands between the padding */
static GBytes *
fu_test_scsi_wb_vpd_strip(const guint8 *buf, gsize bufsz)
{
	while (bufsz > 0 && strchr(" \xff", buf[bufsz - 1]) != NULL)
		bufsz--;
	while (bufsz > 0 && strchr(" \xff", *buf) != NULL) {
		bufsz--;
		buf++;
	}
	return g_bytes_new(buf, bufsz);
}

/* two numbers are one text only if they are the same bytes */
static void
fu_test_scsi_wb_vpd_serial_unique_func(void)
{
	const gchar bytes[] = {'\0', ' ', '\xff', '\x01', '\\', 'x', '0', '1', 'f', '.'};
	g_autoptr(GHashTable) seen =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
	g_autoptr(GRand) rand = g_rand_new_with_seed(0x80);

	for (guint i = 0; i < ROUNDS; i++) {
		guint8 page[4 + 5] = {0, 0x80, 0, 5};
		GBytes *other;
		g_autoptr(FuScsiWbIdentity) self = fu_scsi_wb_identity_new();
		g_autoptr(GBytes) blob = NULL;
		g_autoptr(GBytes) number = NULL;

		for (guint j = 4; j < sizeof(page); j++)
			page[j] = bytes[g_rand_int_range(rand, 0, sizeof(bytes))];
		blob = g_bytes_new(page, sizeof(page));
		number = fu_test_scsi_wb_vpd_strip(page + 4, sizeof(page) - 4);
		fu_scsi_wb_identity_parse_serial(self, blob);
		if (self->serial == NULL) {
			g_assert_cmpuint(g_bytes_get_size(number), ==, 0);
			continue;
		}
		other = g_hash_table_lookup(seen, self->serial);
		if (other != NULL)
			g_assert_true(g_bytes_equal(other, number));
		g_hash_table_insert(seen, g_strdup(self->serial), g_bytes_ref(number));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/identity/vpd/serial", fu_test_scsi_wb_vpd_serial_func);
	g_test_add_func("/scsi-wb/identity/vpd/serial-unique",
			fu_test_scsi_wb_vpd_serial_unique_func);
	g_test_add_func("/scsi-wb/identity/vpd/wwid-best", fu_test_scsi_wb_vpd_wwid_best_func);
	g_test_add_func("/scsi-wb/identity/vpd/wwid-none", fu_test_scsi_wb_vpd_wwid_none_func);
	g_test_add_func("/scsi-wb/identity/vpd/wwid-truncated",
			fu_test_scsi_wb_vpd_wwid_truncated_func);
	g_test_add_func("/scsi-wb/identity/vpd/wwid-empty", fu_test_scsi_wb_vpd_wwid_empty_func);
	g_test_add_func("/scsi-wb/identity/vpd/garbage", fu_test_scsi_wb_vpd_garbage_func);
	return g_test_run();
}
