/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-book.h"
#include "fu-scsi-wb-quirk-file.h"

/**
 * FuScsiWbBookLine:
 * @cells: vendor, family, products, mode, chunk and source
 *
 * Rows that are one line of the table: those of a family that are sent in the same way.
 **/
typedef struct {
	gchar *vendor;
	gchar *family;
	GString *products;
	gchar *mode;
	gchar *chunk;
	gchar *source;
} FuScsiWbBookLine;

static void
fu_scsi_wb_book_line_free(FuScsiWbBookLine *self)
{
	g_free(self->vendor);
	g_free(self->family);
	g_string_free(self->products, TRUE);
	g_free(self->mode);
	g_free(self->chunk);
	g_free(self->source);
	g_free(self);
}

static const gchar *
fu_scsi_wb_book_get_value(const FuScsiWbQuirkRow *row, const gchar *key, const gchar *fallback)
{
	const FuScsiWbQuirkEntry *entry = fu_scsi_wb_quirk_row_find(row, key);
	return entry != NULL ? entry->value : fallback;
}

static gchar *
fu_scsi_wb_book_get_mode(const FuScsiWbQuirkRow *row)
{
	const gchar *mode = fu_scsi_wb_book_get_value(row, "ScsiWbMode", "");
	const gchar *mode_last = fu_scsi_wb_book_get_value(row, "ScsiWbModeLast", NULL);

	if (mode_last == NULL)
		return g_strdup(mode);
	return g_strdup_printf("%s, then %s", mode, mode_last);
}

static gchar *
fu_scsi_wb_book_get_chunk(const FuScsiWbQuirkRow *row)
{
	const gchar *chunk = fu_scsi_wb_book_get_value(row, "ScsiWbChunkSize", "default");
	const gchar *flags = fu_scsi_wb_book_get_value(row, "Flags", "");
	g_auto(GStrv) names = g_strsplit(flags, ",", -1);

	if (g_strv_contains((const gchar *const *)names, "single-command"))
		return g_strdup("whole image");
	if (g_strv_contains((const gchar *const *)names, "exact-chunk"))
		return g_strdup_printf("exactly %s", chunk);
	return g_strdup(chunk);
}

static gchar *
fu_scsi_wb_book_get_product(const FuScsiWbQuirkRow *row)
{
	g_autofree gchar *product = fu_scsi_wb_quirk_row_get_part(row, "DEV");
	g_autofree gchar *type = fu_scsi_wb_quirk_row_get_part(row, "TYPE");

	if (product != NULL)
		return g_steal_pointer(&product);
	if (type != NULL)
		return g_strdup_printf("all of type %s", type);
	return g_strdup("all");
}

static gboolean
fu_scsi_wb_book_line_is_same(const FuScsiWbBookLine *self, const FuScsiWbBookLine *other)
{
	return g_strcmp0(self->vendor, other->vendor) == 0 &&
	       g_strcmp0(self->family, other->family) == 0 &&
	       g_strcmp0(self->mode, other->mode) == 0 &&
	       g_strcmp0(self->chunk, other->chunk) == 0 &&
	       g_strcmp0(self->source, other->source) == 0;
}

static FuScsiWbBookLine *
fu_scsi_wb_book_line_new(const FuScsiWbQuirkRow *row)
{
	FuScsiWbBookLine *self = g_new0(FuScsiWbBookLine, 1);
	g_autofree gchar *product = fu_scsi_wb_book_get_product(row);

	self->vendor = fu_scsi_wb_quirk_row_get_part(row, "VEN");
	self->family = g_strdup(row->family != NULL ? row->family : "");
	self->products = g_string_new(product);
	self->mode = fu_scsi_wb_book_get_mode(row);
	self->chunk = fu_scsi_wb_book_get_chunk(row);
	self->source = g_strdup(row->source != NULL ? row->source : "");
	return self;
}

/* a row of a revision names no device, nor does one without a vendor */
static gboolean
fu_scsi_wb_book_has_line(const FuScsiWbQuirkRow *row)
{
	g_autofree gchar *vendor = fu_scsi_wb_quirk_row_get_part(row, "VEN");
	return vendor != NULL && fu_scsi_wb_quirk_row_find(row, "ScsiWbMode") != NULL;
}

/* in the order of the files */
static GPtrArray *
fu_scsi_wb_book_make_lines(const GPtrArray *rows)
{
	g_autoptr(GPtrArray) lines =
	    g_ptr_array_new_with_free_func((GDestroyNotify)fu_scsi_wb_book_line_free);

	for (guint i = 0; i < rows->len; i++) {
		const FuScsiWbQuirkRow *row = g_ptr_array_index(rows, i);
		FuScsiWbBookLine *last = lines->len > 0 ? g_ptr_array_index(lines, lines->len - 1)
							: NULL;
		FuScsiWbBookLine *line;

		if (!fu_scsi_wb_book_has_line(row))
			continue;
		line = fu_scsi_wb_book_line_new(row);
		if (last == NULL || !fu_scsi_wb_book_line_is_same(last, line)) {
			g_ptr_array_add(lines, line);
			continue;
		}
		g_string_append_printf(last->products, ", %s", line->products->str);
		fu_scsi_wb_book_line_free(line);
	}
	return g_steal_pointer(&lines);
}

/**
 * fu_scsi_wb_book_write_table:
 * @rows: (element-type FuScsiWbQuirkRow): of quirk files
 *
 * Writes which devices the rows name, how they are sent firmware and where that is written, as a
 * table in Markdown.
 *
 * Returns: (transfer full): text
 **/
gchar *
fu_scsi_wb_book_write_table(const GPtrArray *rows)
{
	g_autoptr(GPtrArray) lines = fu_scsi_wb_book_make_lines(rows);
	g_autoptr(GString) str =
	    g_string_new("| vendor | family | products | mode | bytes a segment | "
			 "source |\n"
			 "|---|---|---|---|---|---|\n");

	for (guint i = 0; i < lines->len; i++) {
		const FuScsiWbBookLine *line = g_ptr_array_index(lines, i);
		g_string_append_printf(str,
				       "| %s | %s | %s | %s | %s | %s |\n",
				       line->vendor,
				       line->family,
				       line->products->str,
				       line->mode,
				       line->chunk,
				       line->source);
	}
	return g_string_free(g_steal_pointer(&str), FALSE);
}

/* each once, in the order of the files */
static gchar *
fu_scsi_wb_book_join_families(GPtrArray *lines, const gchar *vendor)
{
	const gchar *last = NULL;
	g_autoptr(GString) str = g_string_new(NULL);

	for (guint i = 0; i < lines->len; i++) {
		const FuScsiWbBookLine *line = g_ptr_array_index(lines, i);
		if (g_strcmp0(line->vendor, vendor) != 0 || g_strcmp0(line->family, last) == 0)
			continue;
		g_string_append_printf(str, "%s%s", last != NULL ? "; " : "", line->family);
		last = line->family;
	}
	return g_string_free(g_steal_pointer(&str), FALSE);
}

/**
 * fu_scsi_wb_book_write_summary:
 * @rows: (element-type FuScsiWbQuirkRow): of quirk files
 *
 * Writes which families of devices the rows name, a line for each vendor, as a table in Markdown.
 *
 * Returns: (transfer full): text
 **/
gchar *
fu_scsi_wb_book_write_summary(const GPtrArray *rows)
{
	g_autoptr(GPtrArray) lines = fu_scsi_wb_book_make_lines(rows);
	g_autoptr(GString) str = g_string_new("| INQUIRY vendor | devices |\n|---|---|\n");
	g_autoptr(GHashTable) done = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < lines->len; i++) {
		const FuScsiWbBookLine *line = g_ptr_array_index(lines, i);
		g_autofree gchar *families = NULL;

		if (!g_hash_table_add(done, line->vendor))
			continue;
		families = fu_scsi_wb_book_join_families(lines, line->vendor);
		g_string_append_printf(str, "| %s | %s |\n", line->vendor, families);
	}
	return g_string_free(g_steal_pointer(&str), FALSE);
}
