/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#include "fu-scsi-wb-lint-owner.h"

/* the daemon, which is root, does as its quirk files say, whoever has written them: fwupd 2.0.20
 * looks neither at owner nor at mode, and follows links */

/* what lies in a folder like /tmp can be taken away only by its owner, who is looked at, too */
static gboolean
fu_scsi_wb_lint_owner_is_writable(const GStatBuf *st)
{
	if (S_ISDIR(st->st_mode) && (st->st_mode & S_ISVTX) > 0)
		return FALSE;
	return (st->st_mode & S_IWOTH) > 0 || ((st->st_mode & S_IWGRP) > 0 && st->st_gid != 0);
}

static gchar *
fu_scsi_wb_lint_owner_describe(const gchar *path, const GStatBuf *st)
{
	if (st->st_uid != 0)
		return g_strdup_printf("%s: belongs to user %u, who could make the daemon do as "
				       "he likes: chown root %s",
				       path,
				       (guint)st->st_uid,
				       path);
	if (fu_scsi_wb_lint_owner_is_writable(st))
		return g_strdup_printf("%s: others than root may write to it, and could make the "
				       "daemon do as they like: chmod go-w %s",
				       path,
				       path);
	return NULL;
}

static void
fu_scsi_wb_lint_owner_check_one(const gchar *path, GPtrArray *findings)
{
	GStatBuf st = {0};
	g_autofree gchar *text = NULL;

	if (g_stat(path, &st) != 0)
		return;
	text = fu_scsi_wb_lint_owner_describe(path, &st);
	if (text != NULL && !g_ptr_array_find_with_equal_func(findings, text, g_str_equal, NULL))
		g_ptr_array_add(findings, g_steal_pointer(&text));
}

/* with every folder above it: who may rename one of them can put another in its place */
static void
fu_scsi_wb_lint_owner_check_way(const gchar *path, GPtrArray *findings)
{
	g_autofree gchar *way = g_strdup(path);

	for (;;) {
		g_autofree gchar *folder = g_path_get_dirname(way);

		fu_scsi_wb_lint_owner_check_one(way, findings);
		if (g_str_equal(folder, way))
			return;
		g_free(way);
		way = g_steal_pointer(&folder);
	}
}

/**
 * fu_scsi_wb_lint_owner_check:
 * @file: a quirk file that the daemon reads
 * @findings: (element-type utf8): where to add what is wrong
 *
 * Looks for others than root who may change the file, or put another in its place; of a link also
 * where it leads.
 **/
void
fu_scsi_wb_lint_owner_check(const gchar *file, GPtrArray *findings)
{
	g_autofree gchar *folder = g_path_get_dirname(file);
	g_autofree gchar *folder_real = fu_path_make_absolute(folder, NULL);
	g_autofree gchar *file_real = fu_path_make_absolute(file, NULL);

	if (file_real != NULL)
		fu_scsi_wb_lint_owner_check_way(file_real, findings);
	if (folder_real != NULL)
		fu_scsi_wb_lint_owner_check_way(folder_real, findings);
}
