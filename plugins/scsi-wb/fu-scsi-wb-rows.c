/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "fu-scsi-wb-compat.h"
#include "fu-scsi-wb-match.h"
#include "fu-scsi-wb-profile.h"
#include "fu-scsi-wb-rows.h"

static gboolean
fu_scsi_wb_rows_write(const gchar *dir, const gchar *name, const gchar *text, GError **error)
{
	g_autofree gchar *path = g_build_filename(dir, name, NULL);

	if (g_file_set_contents(path, text, -1, error))
		return TRUE;
	fwupd_error_convert(error);
	return FALSE;
}

/* the administrator's own rows stay in force */
static gboolean
fu_scsi_wb_rows_link_all(const gchar *dir, const gchar *from_dir, GError **error)
{
	const gchar *name;
	g_autoptr(GDir) from = g_dir_open(from_dir, 0, NULL);

	while (from != NULL && (name = g_dir_read_name(from)) != NULL) {
		g_autofree gchar *old = g_canonicalize_filename(name, from_dir);
		g_autofree gchar *link_name = g_strdup_printf("0-%s", name);
		g_autofree gchar *link = g_build_filename(dir, link_name, NULL);
		if (symlink(old, link) == 0)
			continue;
		g_set_error(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_WRITE,
			    "%s: %s",
			    link,
			    fwupd_strerror(errno));
		return FALSE;
	}
	return TRUE;
}

/* of rows for one device, the one that is read last counts: fwupd reads files in the order of their
 * names */
static gboolean
fu_scsi_wb_rows_add_files(const gchar *dir, const gchar *const *files, GError **error)
{
	for (guint i = 0; files[i] != NULL; i++) {
		g_autofree gchar *base = g_path_get_basename(files[i]);
		g_autofree gchar *name =
		    g_strdup_printf("1-%04u-%s%s",
				    i,
				    base,
				    g_str_has_suffix(base, ".quirk") ? "" : ".quirk");
		g_autofree gchar *text = NULL;

		if (!g_file_get_contents(files[i], &text, NULL, error)) {
			fwupd_error_convert(error);
			return FALSE;
		}
		if (!fu_scsi_wb_rows_write(dir, name, text, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
fu_scsi_wb_rows_add_settings(const gchar *dir,
			     const gchar *const *settings,
			     const FuScsiWbIdentity *identity,
			     GError **error)
{
	g_auto(GStrv) ids = fu_scsi_wb_match_list_ids(identity);
	g_autofree gchar *lines = g_strjoinv("\n", (gchar **)settings);
	g_autofree gchar *text = NULL;

	if (settings[0] == NULL)
		return TRUE;
	if (ids[0] == NULL) {
		g_set_error(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_NOT_SUPPORTED,
			    "no quirk row can name a device of vendor '%s'",
			    identity->vendor != NULL ? identity->vendor : "");
		return FALSE;
	}
	text = g_strdup_printf("[%s]\n%s\n", ids[g_strv_length(ids) - 1], lines);
	return fu_scsi_wb_rows_write(dir, "2-settings.quirk", text, error);
}

/**
 * fu_scsi_wb_rows_new_dir:
 * @files: (array zero-terminated=1): quirk files
 * @settings: (array zero-terminated=1): lines of a quirk row, `KEY=VALUE`
 * @identity: whom @settings are for
 * @error: (nullable): optional return location for an error
 *
 * Makes a folder of quirk files that takes the place of the administrator's: it has those, then
 * @files, then @settings, which correct what stands before them.
 *
 * Returns: (transfer full): a temporary folder for fu_scsi_wb_rows_remove_dir(), or %NULL
 **/
gchar *
fu_scsi_wb_rows_new_dir(const gchar *const *files,
			const gchar *const *settings,
			const FuScsiWbIdentity *identity,
			GError **error)
{
	g_autofree gchar *rows_dir = fu_scsi_wb_dup_path(FU_PATH_KIND_LOCALSTATEDIR_QUIRKS);
	g_autofree gchar *from_dir = g_canonicalize_filename(rows_dir, NULL);
	g_autofree gchar *dir = g_dir_make_tmp("scsi-wb-plan-XXXXXX", error);

	if (dir == NULL) {
		fwupd_error_convert(error);
		return NULL;
	}
	if (!fu_scsi_wb_rows_link_all(dir, from_dir, error) ||
	    !fu_scsi_wb_rows_add_files(dir, files, error) ||
	    !fu_scsi_wb_rows_add_settings(dir, settings, identity, error)) {
		fu_scsi_wb_rows_remove_dir(dir);
		return NULL;
	}
	return g_steal_pointer(&dir);
}

/**
 * fu_scsi_wb_rows_remove_dir:
 * @dir: a folder of fu_scsi_wb_rows_new_dir()
 *
 * Removes it with the files in it.
 **/
void
fu_scsi_wb_rows_remove_dir(const gchar *dir)
{
	const gchar *name;
	g_autoptr(GDir) entries = g_dir_open(dir, 0, NULL);

	while (entries != NULL && (name = g_dir_read_name(entries)) != NULL) {
		g_autofree gchar *path = g_build_filename(dir, name, NULL);
		(void)g_unlink(path);
	}
	(void)g_rmdir(dir);
}

static gboolean
fu_scsi_wb_rows_has_key(FuContext *ctx, const gchar *id)
{
	const gchar *key;
	g_autofree gchar *guid = fwupd_guid_hash_string(id);

	for (guint i = 0; (key = fu_scsi_wb_profile_get_key(i)) != NULL; i++) {
		if (fu_context_lookup_quirk_by_id(ctx, guid, key) != NULL)
			return TRUE;
	}
	return fu_context_lookup_quirk_by_id(ctx, guid, "Flags") != NULL;
}

/**
 * fu_scsi_wb_rows_find:
 * @ctx: a #FuContext with quirk rows
 * @identity: who the device is
 *
 * Finds out which of the rows that could name a device are there.
 *
 * Returns: (transfer full) (array zero-terminated=1): their instance IDs, the most general first
 **/
gchar **
fu_scsi_wb_rows_find(FuContext *ctx, const FuScsiWbIdentity *identity)
{
	g_auto(GStrv) ids = fu_scsi_wb_match_list_ids(identity);
	g_autoptr(GPtrArray) found = g_ptr_array_new();

	for (guint i = 0; ids[i] != NULL; i++) {
		if (fu_scsi_wb_rows_has_key(ctx, ids[i]))
			g_ptr_array_add(found, g_strdup(ids[i]));
	}
	g_ptr_array_add(found, NULL);
	return (gchar **)g_ptr_array_free(g_steal_pointer(&found), FALSE);
}
