/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <glib/gstdio.h>

#include "fu-context-private.h"
#include "fu-device-private.h"
#include "fu-scsi-wb-compat.h"
#include "fu-scsi-wb-lint.h"

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

/* what the library complains of more loudly is a finding; libFuzzer keeps the input of an abort */
static void
fuzz_quirk_fwupd_log_cb(const gchar *domain,
			GLogLevelFlags level,
			const gchar *message,
			gpointer user_data)
{
	if ((level & G_LOG_LEVEL_WARNING) > 0)
		has_warned = TRUE;
	if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)) > 0) {
		g_printerr("%s: %s\n", domain, message);
		abort();
	}
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
	ret = fu_scsi_wb_load_quirks(ctx, &error);
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

/* the linter does not look at rows of other plugins, with which fwupd may find fault, too */
static gboolean
fuzz_quirk_fwupd_is_ours(const GPtrArray *rows)
{
	for (guint i = 0; i < rows->len; i++) {
		const FuScsiWbQuirkRow *row = g_ptr_array_index(rows, i);
		if (!g_str_has_prefix(row->id, "SCSI\\"))
			return FALSE;
	}
	return TRUE;
}

/* what the linter cannot read, fwupd cannot, unless it is no text in a comment, which fwupd reads
 * over, or a carriage return behind flags, which makes the last one a flag of another name; what
 * the linter has nothing against, fwupd takes */
static void
fuzz_quirk_fwupd_check(const FuScsiWbLint *lint, GBytes *blob, gboolean is_read)
{
	gsize bufsz = 0;
	const gchar *buf = g_bytes_get_data(blob, &bufsz);
	gboolean is_text =
	    bufsz == 0 || (g_utf8_validate(buf, bufsz, NULL) && memchr(buf, '\r', bufsz) == NULL);
	g_autoptr(FuContext) ctx = fuzz_quirk_fwupd_load(blob);

	if (!is_read && is_text)
		g_assert_null(ctx);
	if (lint->findings->len == 0 && fuzz_quirk_fwupd_is_ours(lint->rows))
		g_assert_nonnull(ctx);
	for (guint i = 0; ctx != NULL && i < lint->rows->len; i++) {
		const FuScsiWbQuirkRow *row = g_ptr_array_index(lint->rows, i);
		if (g_str_has_prefix(row->id, "SCSI\\") &&
		    fuzz_quirk_fwupd_count_rows(lint->rows, row->id) == 1)
			fuzz_quirk_fwupd_check_lookup(ctx, row);
	}
}

static gboolean
fuzz_quirk_fwupd_apply_cb(const gchar *key, const gchar *value, GError **error)
{
	g_autoptr(FuDevice) device = fu_device_new(NULL);
	return fu_device_set_quirk_kv(device, key, value, FU_CONTEXT_QUIRK_SOURCE_FILE, error);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	gboolean is_read;
	g_autoptr(FuScsiWbLint) lint = fu_scsi_wb_lint_new(fuzz_quirk_fwupd_apply_cb);
	g_autoptr(GBytes) blob = g_bytes_new(data, size);

	fu_scsi_wb_lint_add_file(lint, "fuzz.quirk", blob);
	is_read = lint->findings->len == 0;
	fu_scsi_wb_lint_run(lint);

	/* fwupd aborts when it reads an empty one, or a line that begins with a NUL byte */
	if (size == 0 || memchr(data, 0, size) != NULL)
		g_assert_false(is_read);
	else
		fuzz_quirk_fwupd_check(lint, blob, is_read);
	return 0;
}
