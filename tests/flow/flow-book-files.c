/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-book.h"

static void
fu_test_scsi_wb_flow_book_section_free(FlowBookSection *section)
{
	g_free(section->name);
	g_free(section->file);
	g_free(section->comment);
	g_hash_table_unref(section->keys);
	g_free(section);
}

static FlowBookSection *
fu_test_scsi_wb_flow_book_section_new(const gchar *line, const gchar *file, const gchar *comment)
{
	FlowBookSection *section = g_new0(FlowBookSection, 1);

	section->name = g_strndup(line + 1, strcspn(line + 1, "]"));
	section->file = g_strdup(file);
	section->comment = comment[0] != '\0' ? g_strdup(comment) : NULL;
	section->keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return section;
}

static void
fu_test_scsi_wb_flow_book_section_add_line(FlowBookSection *section, const gchar *line)
{
	g_auto(GStrv) parts = g_strsplit(line, " = ", 2);

	if (section == NULL || g_strv_length(parts) != 2)
		return;
	g_hash_table_insert(section->keys, g_strdup(parts[0]), g_strdup(parts[1]));
}

static void
fu_test_scsi_wb_flow_book_parse(GPtrArray *sections, const gchar *file, const gchar *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_autoptr(GString) comment = g_string_new(NULL);
	FlowBookSection *section = NULL;
	gboolean is_above = FALSE;

	for (guint i = 0; lines[i] != NULL; i++) {
		gboolean is_comment = lines[i][0] == '#';
		if (lines[i][0] == '\0' || (is_comment && !is_above))
			g_string_set_size(comment, 0);
		if (is_comment)
			g_string_append_printf(comment, "%s\n", lines[i]);
		if (lines[i][0] == '[')
			section = NULL;
		/* a row of a revision names no device */
		if (lines[i][0] == '[' && strstr(lines[i], "&REV_") == NULL) {
			section =
			    fu_test_scsi_wb_flow_book_section_new(lines[i], file, comment->str);
			g_ptr_array_add(sections, section);
		}
		if (!is_comment)
			fu_test_scsi_wb_flow_book_section_add_line(section, lines[i]);
		is_above = is_comment;
	}
}

GPtrArray *
flow_book_load_sections(void)
{
	const gchar *dir = g_getenv("FWUPD_DATADIR_QUIRKS");
	const gchar *name;
	g_autoptr(GDir) quirks = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) sections =
	    g_ptr_array_new_with_free_func((GDestroyNotify)fu_test_scsi_wb_flow_book_section_free);

	quirks = g_dir_open(dir, 0, &error);
	g_assert_no_error(error);
	while ((name = g_dir_read_name(quirks)) != NULL) {
		g_autofree gchar *path = g_build_filename(dir, name, NULL);
		g_autofree gchar *text = NULL;
		if (!g_str_has_suffix(name, ".quirk"))
			continue;
		g_file_get_contents(path, &text, NULL, &error);
		g_assert_no_error(error);
		fu_test_scsi_wb_flow_book_parse(sections, name, text);
	}
	return g_steal_pointer(&sections);
}

FlowBookSection *
flow_book_find_section(GPtrArray *sections, const gchar *name)
{
	for (guint i = 0; i < sections->len; i++) {
		FlowBookSection *section = g_ptr_array_index(sections, i);
		if (g_str_equal(section->name, name))
			return section;
	}
	return NULL;
}

gchar *
flow_book_new_source(const FlowBookSection *section)
{
	const gchar *begin = strstr(section->comment, "# Source: ");
	g_auto(GStrv) lines = NULL;
	g_autoptr(GString) source = g_string_new(NULL);

	g_assert_nonnull(begin);
	lines = g_strsplit(begin + strlen("# Source: "), "\n", -1);
	g_string_append(source, lines[0]);
	for (guint i = 1; lines[i] != NULL && g_str_has_prefix(lines[i], "# "); i++)
		g_string_append(source, lines[i] + 1);
	return g_string_free(g_steal_pointer(&source), FALSE);
}
