/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/sysmacros.h>

#include "fu-scsi-wb-node.h"

static gint
fu_scsi_wb_node_compare_cb(gconstpointer a, gconstpointer b)
{
	return g_strcmp0(*(const gchar *const *)a, *(const gchar *const *)b);
}

/* names of the entries of a folder as nodes, in their order, e.g. `/dev/sda, /dev/sdb` */
static gchar *
fu_scsi_wb_node_join(const gchar *dir_path)
{
	const gchar *name;
	g_autoptr(GDir) dir = g_dir_open(dir_path, 0, NULL);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		g_ptr_array_add(names, g_strdup_printf("/dev/%s", name));
	if (names->len == 0)
		return NULL;
	g_ptr_array_sort(names, fu_scsi_wb_node_compare_cb);
	g_ptr_array_add(names, NULL);
	return g_strjoinv(", ", (gchar **)names->pdata);
}

/* the UUID that multipath-tools gives its maps begins with this; kpartx puts another word before it
 */
static gboolean
fu_scsi_wb_node_is_multipath(const gchar *node_dir)
{
	g_autofree gchar *path = g_build_filename(node_dir, "dm", "uuid", NULL);
	g_autofree gchar *uuid = NULL;

	return g_file_get_contents(path, &uuid, NULL, NULL) && g_str_has_prefix(uuid, "mpath-");
}

/* a disk of several disks has no firmware of its own, and a part of a disk does not either */
static gboolean
fu_scsi_wb_node_check_whole(const gchar *path, const gchar *node_dir, GError **error)
{
	g_autofree gchar *partition = g_build_filename(node_dir, "partition", NULL);
	g_autofree gchar *slaves_dir = g_build_filename(node_dir, "slaves", NULL);
	g_autofree gchar *slaves = fu_scsi_wb_node_join(slaves_dir);

	if (g_file_test(partition, G_FILE_TEST_EXISTS)) {
		g_autofree gchar *disk_dir = g_path_get_dirname(node_dir);
		g_autofree gchar *disk = g_path_get_basename(disk_dir);
		g_set_error(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_NOT_SUPPORTED,
			    "%s is a partition: name its disk, /dev/%s",
			    path,
			    disk);
		return FALSE;
	}
	if (slaves != NULL) {
		g_set_error(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_NOT_SUPPORTED,
			    "%s is %s, %s",
			    path,
			    fu_scsi_wb_node_is_multipath(node_dir)
				? "a multipath device: name one of its paths"
				: "made of other devices: name one of them",
			    slaves);
		return FALSE;
	}
	return TRUE;
}

static gchar *
fu_scsi_wb_node_get_first(const gchar *dir_path)
{
	g_autoptr(GDir) dir = g_dir_open(dir_path, 0, NULL);
	const gchar *name = dir != NULL ? g_dir_read_name(dir) : NULL;

	return name != NULL ? g_build_filename(dir_path, name, NULL) : NULL;
}

/**
 * fu_scsi_wb_node_find_in:
 * @path: a device node, for messages
 * @node_dir: its folder in /sys, without links
 * @error: (nullable): optional return location for an error
 *
 * Finds the SCSI generic node of the same logical unit.
 *
 * Returns: (transfer full): the node's folder in /sys, or %NULL with %FWUPD_ERROR_NOT_SUPPORTED and
 * what to use instead
 **/
gchar *
fu_scsi_wb_node_find_in(const gchar *path, const gchar *node_dir, GError **error)
{
	g_autofree gchar *class_dir = g_path_get_dirname(node_dir);
	g_autofree gchar *class_name = g_path_get_basename(class_dir);
	g_autofree gchar *generic_dir = NULL;
	g_autofree gchar *generic = NULL;
	g_autofree gchar *generic_real = NULL;
	g_autofree gchar *level = NULL;

	if (g_strcmp0(class_name, "scsi_generic") == 0)
		return g_strdup(node_dir);
	if (!fu_scsi_wb_node_check_whole(path, node_dir, error))
		return NULL;
	generic_dir = g_build_filename(node_dir, "device", "scsi_generic", NULL);
	generic = fu_scsi_wb_node_get_first(generic_dir);
	if (generic != NULL)
		generic_real = fu_path_make_absolute(generic, NULL);
	if (generic_real != NULL)
		return g_steal_pointer(&generic_real);
	level = g_build_filename(node_dir, "device", "scsi_level", NULL);
	if (g_file_test(level, G_FILE_TEST_EXISTS)) {
		g_set_error(
		    error,
		    FWUPD_ERROR,
		    FWUPD_ERROR_NOT_SUPPORTED,
		    "%s has no SCSI generic node: load the kernel module sg, then try again",
		    path);
		return NULL;
	}
	g_set_error(error,
		    FWUPD_ERROR,
		    FWUPD_ERROR_NOT_SUPPORTED,
		    "%s is no SCSI device: name a SCSI generic node, /dev/sgN, or a disk, tape or "
		    "library; lsscsi -g shows them",
		    path);
	return NULL;
}

/**
 * fu_scsi_wb_node_find:
 * @path: a device node, or a link to one
 * @sys_dir: usually `/sys`
 * @error: (nullable): optional return location for an error
 *
 * Finds the SCSI generic node of a device that was named by any of its nodes.
 *
 * Returns: (transfer full): the node's folder in /sys, or %NULL: %FWUPD_ERROR_NOT_FOUND if @path
 * does not exist, else as fu_scsi_wb_node_find_in()
 **/
gchar *
fu_scsi_wb_node_find(const gchar *path, const gchar *sys_dir, GError **error)
{
	GStatBuf st = {0};
	g_autofree gchar *number = NULL;
	g_autofree gchar *link = NULL;
	g_autofree gchar *node_dir = NULL;

	if (g_stat(path, &st) != 0) {
		g_set_error(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_NOT_FOUND,
			    "%s: %s",
			    path,
			    fwupd_strerror(errno));
		return NULL;
	}
	if (!S_ISBLK(st.st_mode) && !S_ISCHR(st.st_mode)) {
		g_set_error(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_NOT_SUPPORTED,
			    "%s is no device node: name one, e.g. /dev/sg0",
			    path);
		return NULL;
	}
	number = g_strdup_printf("%u:%u", major(st.st_rdev), minor(st.st_rdev));
	link =
	    g_build_filename(sys_dir, "dev", S_ISBLK(st.st_mode) ? "block" : "char", number, NULL);
	node_dir = fu_path_make_absolute(link, error);
	if (node_dir == NULL) {
		g_prefix_error(error, "%s is not in %s: ", path, sys_dir);
		return NULL;
	}
	return fu_scsi_wb_node_find_in(path, node_dir, error);
}
