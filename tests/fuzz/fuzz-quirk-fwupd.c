/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <glib/gstdio.h>

#include "fu-context-private.h"
#include "fu-scsi-wb-quirk-file.h"

/* what is read of a quirk file, and whether it is read at all, is what fwupd itself makes of it:
 * the linter goes by it */

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* a folder of its own for the one file, and no other quirks */
static gchar *folder;
static gchar *path;
static gboolean has_warned;

static void
fuzz_quirk_fwupd_clean_up(void)
{
	(void)g_unlink(path);
	(void)g_rmdir(folder);
	g_clear_pointer(&path, g_free);
	g_clear_pointer(&folder, g_free);
}

static void
fuzz_quirk_fwupd_ensure_folder(void)
{
	g_autoptr(GError) error = NULL;

	if (folder != NULL)
		return;
	folder = g_dir_make_tmp("scsi-wb-fuzz-XXXXXX", &error);
	g_assert_no_error(error);
	path = g_build_filename(folder, "fuzz.quirk", NULL);
	g_assert_true(g_setenv("FWUPD_DATADIR_QUIRKS", "/nonexistent", TRUE));
	g_assert_true(g_setenv("FWUPD_LOCALSTATEDIR_QUIRKS", folder, TRUE));
	g_assert_cmpint(atexit(fuzz_quirk_fwupd_clean_up), ==, 0);
}

/* what the library complains of more loudly is a finding, and ends the program */
static void
fuzz_quirk_fwupd_log_cb(const gchar *domain,
			GLogLevelFlags level,
			const gchar *message,
			gpointer user_data)
{
	if ((level & G_LOG_LEVEL_WARNING) > 0)
		has_warned = TRUE;
	if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)) > 0)
		g_log_default_handler(domain, level, message, user_data);
}

/* as the daemon does when it starts; NULL if it refuses the file or warns of it */
static FuContext *
fuzz_quirk_fwupd_load(GBytes *blob)
{
	GLogFunc log_func;
	gboolean ret;
	g_autoptr(FuContext) ctx = fu_context_new();
	g_autoptr(GError) error = NULL;

	fuzz_quirk_fwupd_ensure_folder();
	(void)g_unlink(path);
	g_assert_true(g_file_set_contents_full(path,
					       g_bytes_get_data(blob, NULL),
					       (gssize)g_bytes_get_size(blob),
					       G_FILE_SET_CONTENTS_NONE,
					       0600,
					       &error));
	has_warned = FALSE;
	log_func = g_log_set_default_handler(fuzz_quirk_fwupd_log_cb, NULL);
	ret = fu_context_load_quirks(ctx, FU_QUIRKS_LOAD_FLAG_NO_CACHE, &error);
	g_log_set_default_handler(log_func, NULL);
	return ret && !has_warned ? g_steal_pointer(&ctx) : NULL;
}

static guint
fuzz_quirk_fwupd_count_rows(const GPtrArray *rows, const gchar *id)
{
	guint count = 0;

	for (guint i = 0; i < rows->len; i++) {
		const FuScsiWbQuirkRow *row = g_ptr_array_index(rows, i);
		count += g_strcmp0(row->id, id) == 0;
	}
	return count;
}

static guint
fuzz_quirk_fwupd_count_entries(const FuScsiWbQuirkRow *row, const gchar *key)
{
	guint count = 0;

	for (guint i = 0; i < row->entries->len; i++) {
		const FuScsiWbQuirkEntry *entry = g_ptr_array_index(row->entries, i);
		count += g_strcmp0(entry->key, key) == 0;
	}
	return count;
}

/* where only one line can be meant, both see the same there */
static void
fuzz_quirk_fwupd_check_lookup(FuContext *ctx, const FuScsiWbQuirkRow *row)
{
	g_autofree gchar *guid = fwupd_guid_hash_string(row->id);

	for (guint i = 0; guid != NULL && i < row->entries->len; i++) {
		const FuScsiWbQuirkEntry *entry = g_ptr_array_index(row->entries, i);
		const gchar *value;

		if (!g_str_has_prefix(entry->key, "ScsiWb") ||
		    fuzz_quirk_fwupd_count_entries(row, entry->key) != 1)
			continue;
		value = fu_context_lookup_quirk_by_id(ctx, guid, entry->key);
		g_assert_cmpstr(value, ==, entry->value);
	}
}

static void
fuzz_quirk_fwupd_check(const GPtrArray *rows, GBytes *blob, gboolean is_read)
{
	g_autoptr(FuContext) ctx = fuzz_quirk_fwupd_load(blob);

	/* what is not text fwupd takes where it reads over it: in a comment, and behind a NUL byte
	 */
	if (is_read)
		g_assert_nonnull(ctx);
	else if (g_utf8_validate(g_bytes_get_data(blob, NULL), g_bytes_get_size(blob), NULL))
		g_assert_null(ctx);
	for (guint i = 0; ctx != NULL && i < rows->len; i++) {
		const FuScsiWbQuirkRow *row = g_ptr_array_index(rows, i);
		if (g_str_has_prefix(row->id, "SCSI\\") &&
		    fuzz_quirk_fwupd_count_rows(rows, row->id) == 1)
			fuzz_quirk_fwupd_check_lookup(ctx, row);
	}
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	gboolean is_read;
	g_autoptr(GBytes) blob = g_bytes_new(data, size);
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows =
	    g_ptr_array_new_with_free_func((GDestroyNotify)fu_scsi_wb_quirk_row_free);

	/* fwupd aborts when it reads an empty one */
	is_read = fu_scsi_wb_quirk_file_parse("fuzz.quirk", blob, rows, &error);
	if (size > 0)
		fuzz_quirk_fwupd_check(rows, blob, is_read);
	else
		g_assert_false(is_read);
	return 0;
}
