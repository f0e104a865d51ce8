/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-match.h"
#include "fuzz-check.h"
#include "fuzz-identity.h"

/* SPC-4 (INCITS 513): standard INQUIRY data up to the revision */
#define FUZZ_IDENTITY_INQUIRY_BYTES 36

/* a text is printable ASCII without blanks around it, or it is not there */
static void
fuzz_identity_check_text(const gchar *text, gsize bytes_max)
{
	if (text == NULL)
		return;
	fuzz_check_text(text);
	g_assert_cmpuint(strlen(text), <=, bytes_max);
	g_assert_true(g_str_is_ascii(text));
	g_assert_false(g_ascii_isspace(text[0]));
	g_assert_false(g_ascii_isspace(text[strlen(text) - 1]));
}

static void
fuzz_identity_check_wwid(const gchar *wwid)
{
	if (wwid != NULL)
		g_assert_true(g_regex_match_simple("^(naa|eui|t10)\\.([0-9a-f]{2})+$", wwid, 0, 0));
}

/* a part of a GUID's string ends another one, or makes a line of a quirk file */
static void
fuzz_identity_check_ids(const FuScsiWbIdentity *self)
{
	g_auto(GStrv) ids = NULL;

	ids = fu_scsi_wb_match_list_ids(self);
	g_assert_cmpuint(g_strv_length(ids), <=, 3);
	for (guint i = 0; ids[i] != NULL; i++) {
		g_auto(GStrv) parts = g_strsplit(ids[i], "&", -1);
		fuzz_check_text(ids[i]);
		g_assert_true(g_str_has_prefix(ids[i], "SCSI\\VEN_"));
		g_assert_cmpuint(g_strv_length(parts), ==, i == 1 ? 1 : 2);
		g_assert_null(strpbrk(ids[i] + strlen("SCSI\\"), "\\ /(),"));
	}
}

static void
fuzz_identity_check(const FuScsiWbIdentity *self)
{
	g_autoptr(GError) error = NULL;

	fuzz_identity_check_text(self->vendor, 8);
	fuzz_identity_check_text(self->product, 16);
	fuzz_identity_check_text(self->level, 4);
	fuzz_identity_check_text(self->revision, self->place.bytes != 0 ? self->place.bytes : 4);
	fuzz_identity_check_text(self->serial, G_MAXUINT16);
	fuzz_identity_check_wwid(self->wwid);
	fuzz_identity_check_ids(self);
	g_assert_true(fu_scsi_wb_identity_check_same(self, self, &error));
	g_assert_no_error(error);
}

/* the bytes of a page that are there and that its header covers; NULL if it is another page */
static GBytes *
fuzz_identity_cut_page(GBytes *blob, guint8 page_code)
{
	gsize bufsz = 0;
	const guint8 *buf = g_bytes_get_data(blob, &bufsz);

	if (bufsz < 4 || buf[1] != page_code)
		return NULL;
	return g_bytes_new(buf, MIN(bufsz, 4 + ((gsize)buf[2] << 8 | buf[3])));
}

static void
fuzz_identity_parse_inquiry(FuScsiWbIdentity *self, GBytes *blob)
{
	gsize bufsz = 0;
	const guint8 *buf = g_bytes_get_data(blob, &bufsz);
	gboolean want = bufsz >= FUZZ_IDENTITY_INQUIRY_BYTES && buf[0] >> 5 == 0;
	gboolean ret;
	g_autoptr(GError) error = NULL;

	ret = fu_scsi_wb_identity_parse_inquiry(self, blob, &error);
	g_assert_true(ret == want);
	if (!ret) {
		fuzz_check_error(error);
		return;
	}
	g_assert_no_error(error);
	g_assert_cmpint(self->type, ==, buf[0] & 0x1f);
	if (self->place.bytes == 0)
		g_assert_cmpstr(self->revision, ==, self->level);
}

static void
fuzz_identity_parse_serial(FuScsiWbIdentity *self, GBytes *blob)
{
	fu_scsi_wb_identity_parse_serial(self, blob);
}

static void
fuzz_identity_parse_wwid(FuScsiWbIdentity *self, GBytes *blob)
{
	fu_scsi_wb_identity_parse_wwid(self, blob);
}

static void
fuzz_identity_parse_version(FuScsiWbIdentity *self, GBytes *blob)
{
	if (self->place.bytes != 0 && self->place.page_code != 0)
		fu_scsi_wb_identity_parse_version(self, blob);
}

static gchar *
fuzz_identity_get_serial(const FuScsiWbIdentity *self)
{
	return g_strdup(self->serial);
}

static gchar *
fuzz_identity_get_wwid(const FuScsiWbIdentity *self)
{
	return g_strdup(self->wwid);
}

static gchar *
fuzz_identity_get_version(const FuScsiWbIdentity *self)
{
	return g_strdup(self->revision);
}

/**
 * FuzzIdentityPage:
 * @page_code: of a VPD page, 0 for the one that has the version
 * @parse: takes it
 * @get: what was taken
 **/
typedef struct {
	guint8 page_code;
	void (*parse)(FuScsiWbIdentity *self, GBytes *blob);
	gchar *(*get)(const FuScsiWbIdentity *self);
} FuzzIdentityPage;

static const FuzzIdentityPage pages[] = {
    {0x80, fuzz_identity_parse_serial, fuzz_identity_get_serial},
    {0x83, fuzz_identity_parse_wwid, fuzz_identity_get_wwid},
    {0x00, fuzz_identity_parse_version, fuzz_identity_get_version},
};

/* what stands behind the page makes no difference, and another page leaves nothing */
static void
fuzz_identity_parse_page(FuScsiWbIdentity *self, const FuzzIdentityPage *page, GBytes *blob)
{
	guint8 page_code = page->page_code != 0 ? page->page_code : self->place.page_code;
	g_autofree gchar *text = NULL;
	g_autofree gchar *text_cut = NULL;
	g_autoptr(GBytes) blob_cut = fuzz_identity_cut_page(blob, page_code);

	if (page->page_code == 0 && (self->place.page_code == 0 || self->place.bytes == 0))
		return;
	page->parse(self, blob);
	text = page->get(self);
	if (blob_cut == NULL) {
		g_assert_null(text);
		return;
	}
	page->parse(self, blob_cut);
	text_cut = page->get(self);
	g_assert_cmpstr(text, ==, text_cut);
}

void
fuzz_identity_parse(FuScsiWbIdentity *self, guint8 kind, GBytes *blob)
{
	guint idx = kind % (G_N_ELEMENTS(pages) + 1);

	if (idx < G_N_ELEMENTS(pages))
		fuzz_identity_parse_page(self, &pages[idx], blob);
	else
		fuzz_identity_parse_inquiry(self, blob);
	fuzz_identity_check(self);
}
