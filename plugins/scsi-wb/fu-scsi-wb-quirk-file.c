/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-quirk-file.h"

/* what a comment may begin a line with, to be more than a comment */
#define FU_SCSI_WB_QUIRK_FILE_FAMILY	 "Family: "
#define FU_SCSI_WB_QUIRK_FILE_SOURCE	 "Source: "
#define FU_SCSI_WB_QUIRK_FILE_DISCLAIMER "Does not promise: "

static const gchar *const fields[] = {
    FU_SCSI_WB_QUIRK_FILE_FAMILY,
    FU_SCSI_WB_QUIRK_FILE_SOURCE,
    FU_SCSI_WB_QUIRK_FILE_DISCLAIMER,
};

/**
 * FuScsiWbQuirkFile:
 * @file: its name
 * @rows: (element-type FuScsiWbQuirkRow): where its rows go
 * @row: (nullable): the one that is being read
 * @comment: (element-type utf8): the lines of the comment that holds here
 * @is_comment: the line before was one of it
 *
 * A file that is being read.
 **/
typedef struct {
	const gchar *file;
	GPtrArray *rows;
	FuScsiWbQuirkRow *row;
	GPtrArray *comment;
	gboolean is_comment;
} FuScsiWbQuirkFile;

static void
fu_scsi_wb_quirk_entry_free(FuScsiWbQuirkEntry *self) /* nocheck:name */
{
	g_free(self->key);
	g_free(self->value);
	g_free(self);
}

void
fu_scsi_wb_quirk_row_free(FuScsiWbQuirkRow *self) /* nocheck:name */
{
	g_free(self->file);
	g_free(self->id);
	g_ptr_array_unref(self->entries);
	g_free(self->family);
	g_free(self->source);
	g_free(self->disclaimer);
	g_free(self);
}

/**
 * fu_scsi_wb_quirk_row_find:
 * @self: a #FuScsiWbQuirkRow
 * @key: a quirk key
 *
 * Finds a line of the row; of several with the same key, the last one counts.
 *
 * Returns: (transfer none) (nullable): a line, or %NULL if it has none with that key
 **/
const FuScsiWbQuirkEntry *
fu_scsi_wb_quirk_row_find(const FuScsiWbQuirkRow *self, const gchar *key) /* nocheck:name */
{
	for (guint i = self->entries->len; i > 0; i--) {
		const FuScsiWbQuirkEntry *entry = g_ptr_array_index(self->entries, i - 1);
		if (g_strcmp0(entry->key, key) == 0)
			return entry;
	}
	return NULL;
}

/**
 * fu_scsi_wb_quirk_row_get_part:
 * @self: a #FuScsiWbQuirkRow
 * @name: `VEN`, `DEV`, `TYPE` or `REV`
 *
 * Gets a part of the instance ID that the row is for.
 *
 * Returns: (transfer full) (nullable): text, or %NULL if the ID does not have that part
 **/
gchar *
fu_scsi_wb_quirk_row_get_part(const FuScsiWbQuirkRow *self, const gchar *name) /* nocheck:name */
{
	g_autofree gchar *prefix = g_strdup_printf("%s_", name);
	g_auto(GStrv) parts = NULL;

	if (!g_str_has_prefix(self->id, "SCSI\\"))
		return NULL;
	parts = g_strsplit(self->id + strlen("SCSI\\"), "&", -1);
	for (guint i = 0; parts[i] != NULL; i++) {
		if (g_str_has_prefix(parts[i], prefix))
			return g_strdup(parts[i] + strlen(prefix));
	}
	return NULL;
}

static gboolean
fu_scsi_wb_quirk_file_is_field(const gchar *text)
{
	for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
		if (g_str_has_prefix(text, fields[i]))
			return TRUE;
	}
	return FALSE;
}

/* from its name up to the next field or an empty line of the comment */
static gchar *
fu_scsi_wb_quirk_file_get_field(const FuScsiWbQuirkFile *self, const gchar *field)
{
	g_autoptr(GString) str = NULL;

	for (guint i = 0; i < self->comment->len; i++) {
		const gchar *text = g_ptr_array_index(self->comment, i);
		if (str == NULL && g_str_has_prefix(text, field)) {
			str = g_string_new(text + strlen(field));
			continue;
		}
		if (str == NULL)
			continue;
		if (*text == '\0' || fu_scsi_wb_quirk_file_is_field(text))
			break;
		g_string_append_printf(str, " %s", text);
	}
	return str != NULL ? g_string_free(g_steal_pointer(&str), FALSE) : NULL;
}

static void
fu_scsi_wb_quirk_file_begin_row(FuScsiWbQuirkFile *self, const gchar *text, guint line)
{
	FuScsiWbQuirkRow *row = g_new0(FuScsiWbQuirkRow, 1);

	row->file = g_strdup(self->file);
	row->line = line;
	row->id = g_strndup(text + 1, strlen(text) - 2);
	row->entries = g_ptr_array_new_with_free_func((GDestroyNotify)fu_scsi_wb_quirk_entry_free);
	row->family = fu_scsi_wb_quirk_file_get_field(self, FU_SCSI_WB_QUIRK_FILE_FAMILY);
	row->source = fu_scsi_wb_quirk_file_get_field(self, FU_SCSI_WB_QUIRK_FILE_SOURCE);
	row->disclaimer = fu_scsi_wb_quirk_file_get_field(self, FU_SCSI_WB_QUIRK_FILE_DISCLAIMER);
	g_ptr_array_add(self->rows, row);
	self->row = row;
}

static void
fu_scsi_wb_quirk_file_add_comment(FuScsiWbQuirkFile *self, const gchar *text)
{
	if (!self->is_comment)
		g_ptr_array_set_size(self->comment, 0);
	g_ptr_array_add(self->comment, g_strstrip(g_strdup(text + 1)));
	self->is_comment = TRUE;
}

static gboolean
fu_scsi_wb_quirk_file_fail(const FuScsiWbQuirkFile *self,
			   guint line,
			   const gchar *text,
			   GError **error)
{
	g_set_error(error,
		    FWUPD_ERROR,
		    FWUPD_ERROR_INVALID_FILE,
		    "%s:%u: %s, and so fwupd would ignore the quirk files of all devices",
		    self->file,
		    line,
		    text);
	return FALSE;
}

static gboolean
fu_scsi_wb_quirk_file_add_entry(FuScsiWbQuirkFile *self,
				const gchar *text,
				guint line,
				GError **error)
{
	FuScsiWbQuirkEntry *entry;
	g_auto(GStrv) kv = g_strsplit(text, "=", 2);

	if (self->row == NULL)
		return fu_scsi_wb_quirk_file_fail(self,
						  line,
						  "a line before the first [row]",
						  error);
	if (kv[1] == NULL)
		return fu_scsi_wb_quirk_file_fail(self,
						  line,
						  "neither [row] nor KEY = VALUE",
						  error);
	entry = g_new0(FuScsiWbQuirkEntry, 1);
	entry->key = g_strdup(g_strstrip(kv[0]));
	entry->value = g_strdup(g_strstrip(kv[1]));
	entry->line = line;
	g_ptr_array_add(self->row->entries, entry);
	return TRUE;
}

/* in the order in which fwupd looks at a line; it does not strip lines */
static gboolean
fu_scsi_wb_quirk_file_add_line(FuScsiWbQuirkFile *self,
			       const gchar *text,
			       guint line,
			       GError **error)
{
	if (*text == '\0') {
		g_ptr_array_set_size(self->comment, 0);
		self->is_comment = FALSE;
		return TRUE;
	}
	if (*text == '#') {
		fu_scsi_wb_quirk_file_add_comment(self, text);
		return TRUE;
	}
	self->is_comment = FALSE;
	if (strlen(text) < 3)
		return fu_scsi_wb_quirk_file_fail(self, line, "a line that is too short", error);
	if (strchr(text, '\r') != NULL)
		return fu_scsi_wb_quirk_file_fail(self,
						  line,
						  "a carriage return, as editors of another "
						  "system write it",
						  error);
	if (*text == '[' && g_str_has_suffix(text, "]")) {
		fu_scsi_wb_quirk_file_begin_row(self, text, line);
		return TRUE;
	}
	return fu_scsi_wb_quirk_file_add_entry(self, text, line, error);
}

/**
 * fu_scsi_wb_quirk_file_parse:
 * @file: the name of the file, for people
 * @blob: what is in it
 * @rows: (element-type FuScsiWbQuirkRow): where its rows are added
 * @error: (nullable): optional return location for an error
 *
 * Reads a quirk file line by line, as fwupd's fu-quirks.c does, and keeps what that throws away:
 *the comments, and where everything stands. There is no I/O.
 *
 * Returns: %TRUE for success; %FWUPD_ERROR_INVALID_FILE with the line that fwupd could not read
 **/
gboolean
fu_scsi_wb_quirk_file_parse(const gchar *file, GBytes *blob, GPtrArray *rows, GError **error)
{
	gsize bufsz = 0;
	const gchar *buf = g_bytes_get_data(blob, &bufsz);
	g_autofree gchar *text = NULL;
	g_autoptr(GPtrArray) comment = g_ptr_array_new_with_free_func(g_free);
	FuScsiWbQuirkFile self = {.file = file, .rows = rows, .comment = comment};
	g_auto(GStrv) lines = NULL;

	/* fwupd 2.0.20, fu_quirks_convert_keyfile_to_xml(): an assertion fails */
	if (bufsz == 0) {
		g_set_error(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_INVALID_FILE,
			    "%s:1: it is empty, and fwupd aborts when it reads an empty quirk file",
			    file);
		return FALSE;
	}
	text = g_strndup(buf, bufsz);
	lines = g_strsplit(text, "\n", -1);
	if (!g_utf8_validate(buf, (gssize)bufsz, NULL))
		return fu_scsi_wb_quirk_file_fail(&self, 1, "it is not UTF-8 text", error);
	for (guint i = 0; lines[i] != NULL; i++) {
		if (!fu_scsi_wb_quirk_file_add_line(&self, lines[i], i + 1, error))
			return FALSE;
	}
	return TRUE;
}
