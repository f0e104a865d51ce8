/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-image.h"
#include "fu-scsi-wb-lint-entry.h"
#include "fu-scsi-wb-lint-id.h"
#include "fu-scsi-wb-profile.h"

#define KEY_MODE "ScsiWbMode"

/**
 * FuScsiWbLintCheck:
 *
 * Adds what it finds wrong with a row.
 **/
typedef void (*FuScsiWbLintCheck)(FuScsiWbLint *self, const FuScsiWbQuirkRow *row);

FuScsiWbLint *
fu_scsi_wb_lint_new(FuScsiWbLintApplyFunc apply)
{
	FuScsiWbLint *self = g_new0(FuScsiWbLint, 1);

	fu_scsi_wb_image_ensure_types();
	self->rows = g_ptr_array_new_with_free_func((GDestroyNotify)fu_scsi_wb_quirk_row_free);
	self->findings = g_ptr_array_new_with_free_func(g_free);
	self->apply = apply;
	return self;
}

void
fu_scsi_wb_lint_free(FuScsiWbLint *self)
{
	g_ptr_array_unref(self->rows);
	g_ptr_array_unref(self->findings);
	g_clear_pointer(&self->models, g_hash_table_unref);
	g_free(self);
}

/**
 * fu_scsi_wb_lint_report:
 * @self: a #FuScsiWbLint
 * @row: where something is wrong
 * @line: in which line of its file
 * @format: printf()-style text for people
 * @...: its arguments
 *
 * Adds a finding.
 **/
void
fu_scsi_wb_lint_report(FuScsiWbLint *self,
		       const FuScsiWbQuirkRow *row,
		       guint line,
		       const gchar *format,
		       ...)
{
	g_autofree gchar *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	g_ptr_array_add(self->findings,
			g_strdup_printf("%s:%u: [%s]: %s", row->file, line, row->id, text));
}

/* fwupd leaves it to libxmlb to guess what a file is, from its first bytes, and converts these two
 * alone. With one of another type it reads no quirks at all, of no plugin: libxmlb 0.3.22,
 * xb_builder_source_ctx_get_content_type(); fwupd 2.0.20, fu_quirks_add_quirks_for_path(). */
static void
fu_scsi_wb_lint_check_content_type(FuScsiWbLint *self, const gchar *file, GBytes *blob)
{
	const gsize head_bytes = 4096;
	gsize bufsz = 0;
	const guchar *buf = g_bytes_get_data(blob, &bufsz);
	g_autofree gchar *name = g_path_get_basename(file);
	g_autofree gchar *type = g_content_type_guess(name, buf, MIN(bufsz, head_bytes), NULL);

	if (bufsz == 0 || g_strcmp0(type, "text/plain") == 0 ||
	    g_strcmp0(type, "application/octet-stream") == 0)
		return;
	g_ptr_array_add(self->findings,
			g_strdup_printf("%s:1: its beginning looks like %s, so that fwupd would "
					"read neither this quirk file nor any other",
					file,
					type));
}

/**
 * fu_scsi_wb_lint_add_file:
 * @self: a #FuScsiWbLint
 * @file: the name of a quirk file, for people
 * @blob: what is in it
 *
 * Adds the rows of a file. One that fwupd cannot read is a finding.
 **/
void
fu_scsi_wb_lint_add_file(FuScsiWbLint *self, const gchar *file, GBytes *blob)
{
	g_autoptr(GError) error_local = NULL;

	if (!g_str_has_suffix(file, ".quirk"))
		g_ptr_array_add(self->findings,
				g_strdup_printf("%s:1: fwupd reads only files whose names end with "
						".quirk",
						file));
	fu_scsi_wb_lint_check_content_type(self, file, blob);
	if (!fu_scsi_wb_quirk_file_parse(file, blob, self->rows, &error_local))
		g_ptr_array_add(self->findings, g_strdup(error_local->message));
}

/**
 * fu_scsi_wb_lint_add_models:
 * @self: a #FuScsiWbLint
 * @text: IDs of rows, one a line
 *
 * Holds the rows to the rules of the device book: each one has a family, says what it does not
 * promise, and is for a device that is simulated.
 **/
void
fu_scsi_wb_lint_add_models(FuScsiWbLint *self, const gchar *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	if (self->models == NULL)
		self->models = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; lines[i] != NULL; i++) {
		if (*lines[i] != '\0')
			g_hash_table_add(self->models, g_strdup(lines[i]));
	}
}

/* rows of other plugins may stand in the same file */
static gboolean
fu_scsi_wb_lint_is_ours(const FuScsiWbQuirkRow *row)
{
	return g_str_has_prefix(row->id, "SCSI\\");
}

/* those of this plugin: which a row sets, and which it takes away */
static void
fu_scsi_wb_lint_read_flags(const FuScsiWbQuirkRow *row, FuScsiWbFlags *on, FuScsiWbFlags *off)
{
	FuScsiWbFlags flag = FU_SCSI_WB_FLAG_NONE;
	const FuScsiWbQuirkEntry *flags = fu_scsi_wb_quirk_row_find(row, FU_QUIRKS_FLAGS);
	const gchar *name;
	g_auto(GStrv) names = g_strsplit(flags != NULL ? flags->value : "", ",", -1);

	for (guint i = 0; (name = fu_scsi_wb_profile_get_flag(i, &flag)) != NULL; i++) {
		g_autofree gchar *name_off = g_strdup_printf("~%s", name);
		if (g_strv_contains((const gchar *const *)names, name))
			*on |= flag;
		if (g_strv_contains((const gchar *const *)names, name_off))
			*off |= flag;
	}
}

/* a row that makes or corrects a profile */
static gboolean
fu_scsi_wb_lint_has_profile(const FuScsiWbQuirkRow *row)
{
	FuScsiWbFlags on = FU_SCSI_WB_FLAG_NONE;
	FuScsiWbFlags off = FU_SCSI_WB_FLAG_NONE;

	fu_scsi_wb_lint_read_flags(row, &on, &off);
	if ((on | off) != FU_SCSI_WB_FLAG_NONE)
		return TRUE;
	for (guint i = 0; i < row->entries->len; i++) {
		const FuScsiWbQuirkEntry *entry = g_ptr_array_index(row->entries, i);
		if (g_str_has_prefix(entry->key, "ScsiWb"))
			return TRUE;
	}
	return FALSE;
}

/* fwupd merges rows of the same ID, and of the same key takes either one */
static void
fu_scsi_wb_lint_check_duplicate(FuScsiWbLint *self, const FuScsiWbQuirkRow *row)
{
	for (guint i = 0; i < self->rows->len; i++) {
		const FuScsiWbQuirkRow *other = g_ptr_array_index(self->rows, i);
		if (other == row)
			break;
		if (g_strcmp0(other->id, row->id) != 0)
			continue;
		fu_scsi_wb_lint_report(self,
				       row,
				       row->line,
				       "the same row stands in %s:%u",
				       other->file,
				       other->line);
		return;
	}
	for (guint i = 0; i < row->entries->len; i++) {
		const FuScsiWbQuirkEntry *entry = g_ptr_array_index(row->entries, i);
		const FuScsiWbQuirkEntry *last = fu_scsi_wb_quirk_row_find(row, entry->key);
		if (entry != last)
			fu_scsi_wb_lint_report(self,
					       row,
					       last->line,
					       "%s stands in line %u already",
					       last->key,
					       entry->line);
	}
}

/* only what is published of a firmware is about that firmware alone */
static void
fu_scsi_wb_lint_check_revision(FuScsiWbLint *self, const FuScsiWbQuirkRow *row)
{
	g_autofree gchar *revision = fu_scsi_wb_quirk_row_get_part(row, "REV");

	for (guint i = 0; i < row->entries->len; i++) {
		const FuScsiWbQuirkEntry *entry = g_ptr_array_index(row->entries, i);
		gboolean is_issue = g_strcmp0(entry->key, FU_QUIRKS_ISSUE) == 0;

		if (revision != NULL && !is_issue)
			fu_scsi_wb_lint_report(self,
					       row,
					       entry->line,
					       "a row with REV can have no key but Issue: %s would "
					       "no longer hold after an update",
					       entry->key);
		if (revision == NULL && is_issue)
			fu_scsi_wb_lint_report(self,
					       row,
					       entry->line,
					       "Issue needs a row with REV: it would not end with "
					       "the update that mends it");
	}
}

static void
fu_scsi_wb_lint_apply_row(const FuScsiWbQuirkRow *row, FuScsiWbProfile *profile)
{
	FuScsiWbFlags on = FU_SCSI_WB_FLAG_NONE;
	FuScsiWbFlags off = FU_SCSI_WB_FLAG_NONE;

	for (guint i = 0; i < row->entries->len; i++) {
		const FuScsiWbQuirkEntry *entry = g_ptr_array_index(row->entries, i);
		(void)!fu_scsi_wb_profile_set_kv(profile, entry->key, entry->value, NULL);
	}
	fu_scsi_wb_lint_read_flags(row, &on, &off);
	profile->flags = (profile->flags | on) & ~off;
}

static const FuScsiWbQuirkRow *
fu_scsi_wb_lint_find_row(const FuScsiWbLint *self, const gchar *id)
{
	for (guint i = 0; i < self->rows->len; i++) {
		const FuScsiWbQuirkRow *row = g_ptr_array_index(self->rows, i);
		if (g_strcmp0(row->id, id) == 0)
			return row;
	}
	return NULL;
}

/* a row may leave that to one that is about all devices of its vendor */
static gboolean
fu_scsi_wb_lint_is_named(const FuScsiWbLint *self, const FuScsiWbQuirkRow *row, const gchar *vendor)
{
	if (fu_scsi_wb_quirk_row_find(row, KEY_MODE) != NULL)
		return TRUE;
	for (guint i = 0; i < self->rows->len; i++) {
		const FuScsiWbQuirkRow *other = g_ptr_array_index(self->rows, i);
		g_autofree gchar *product = fu_scsi_wb_quirk_row_get_part(other, "DEV");
		g_autofree gchar *vendor_other = fu_scsi_wb_quirk_row_get_part(other, "VEN");
		if (product == NULL && g_strcmp0(vendor, vendor_other) == 0 &&
		    fu_scsi_wb_quirk_row_find(other, KEY_MODE) != NULL)
			return TRUE;
	}
	return FALSE;
}

/* what the rows make of a device together; whether a product is of the type that a row for its
 * vendor is about is not known here */
static void
fu_scsi_wb_lint_check_together(FuScsiWbLint *self, const FuScsiWbQuirkRow *row)
{
	const FuScsiWbQuirkRow *general = NULL;
	FuScsiWbProfile profile = {0};
	g_autofree gchar *vendor = fu_scsi_wb_quirk_row_get_part(row, "VEN");
	g_autofree gchar *id = g_strdup_printf("SCSI\\VEN_%s", vendor != NULL ? vendor : "");
	g_autoptr(GError) error_local = NULL;

	if (!fu_scsi_wb_lint_has_profile(row))
		return;
	if (g_strcmp0(id, row->id) != 0)
		general = fu_scsi_wb_lint_find_row(self, id);
	if (general != NULL)
		fu_scsi_wb_lint_apply_row(general, &profile);
	fu_scsi_wb_lint_apply_row(row, &profile);
	if (!fu_scsi_wb_profile_validate(&profile, &error_local))
		fu_scsi_wb_lint_report(self, row, row->line, "%s", error_local->message);
	if (!fu_scsi_wb_lint_is_named(self, row, vendor))
		fu_scsi_wb_lint_report(self,
				       row,
				       row->line,
				       "it names no device: " KEY_MODE " is missing");
}

/* a row without a source is a guess */
static void
fu_scsi_wb_lint_check_source(FuScsiWbLint *self, const FuScsiWbQuirkRow *row)
{
	gboolean is_issue = fu_scsi_wb_quirk_row_find(row, FU_QUIRKS_ISSUE) != NULL;

	if (row->source == NULL && (is_issue || fu_scsi_wb_lint_has_profile(row)))
		fu_scsi_wb_lint_report(self,
				       row,
				       row->line,
				       "no source: the comment right above has to have a line "
				       "'# Source: ' with document, revision and page");
}

static void
fu_scsi_wb_lint_check_book(FuScsiWbLint *self, const FuScsiWbQuirkRow *row)
{
	if (self->models == NULL || !fu_scsi_wb_lint_has_profile(row))
		return;
	if (row->family == NULL)
		fu_scsi_wb_lint_report(self, row, row->line, "no line '# Family: ' above it");
	if (row->disclaimer == NULL)
		fu_scsi_wb_lint_report(self,
				       row,
				       row->line,
				       "no line '# Does not promise: ' above it");
	if (!g_hash_table_contains(self->models, row->id))
		fu_scsi_wb_lint_report(self, row, row->line, "no model of such a device");
}

static const FuScsiWbLintCheck checks[] = {
    fu_scsi_wb_lint_id_check,
    fu_scsi_wb_lint_check_duplicate,
    fu_scsi_wb_lint_entry_check,
    fu_scsi_wb_lint_check_revision,
    fu_scsi_wb_lint_check_together,
    fu_scsi_wb_lint_check_source,
    fu_scsi_wb_lint_check_book,
};

/**
 * fu_scsi_wb_lint_run:
 * @self: a #FuScsiWbLint with rows
 *
 * Looks at each row for what fwupd would refuse, or ignore without a word, and for what the plugin
 * would show as an error of the device. There is no I/O.
 **/
void
fu_scsi_wb_lint_run(FuScsiWbLint *self)
{
	for (guint i = 0; i < self->rows->len; i++) {
		const FuScsiWbQuirkRow *row = g_ptr_array_index(self->rows, i);
		for (guint j = 0; fu_scsi_wb_lint_is_ours(row) && j < G_N_ELEMENTS(checks); j++)
			checks[j](self, row);
	}
}
