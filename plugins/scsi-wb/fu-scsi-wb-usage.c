/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>

#include "fu-scsi-wb-usage.h"

#define FU_SCSI_WB_USAGE_INTERVAL_S	  5
#define FU_SCSI_WB_USAGE_LOOKS_PER_SECOND 20

/* Linux 6.1, drivers/md/dm-mpath.c and kpartx of multipath-tools: how they name their maps */
#define FU_SCSI_WB_USAGE_MULTIPATH "mpath-"
#define FU_SCSI_WB_USAGE_PARTITION "part"

static gint
fu_scsi_wb_usage_compare_cb(gconstpointer a, gconstpointer b)
{
	return g_strcmp0(*(const gchar *const *)a, *(const gchar *const *)b);
}

/* what is in a folder, in the order of names, so that a message does not change by itself */
static GPtrArray *
fu_scsi_wb_usage_list(const gchar *path)
{
	const gchar *name;
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		g_ptr_array_add(names, g_strdup(name));
	g_ptr_array_sort(names, fu_scsi_wb_usage_compare_cb);
	return g_steal_pointer(&names);
}

static gchar *
fu_scsi_wb_usage_read(const gchar *dir, const gchar *name)
{
	gchar *text = NULL;
	g_autofree gchar *path = g_build_filename(dir, name, NULL);

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return NULL;
	return g_strchomp(text);
}

/* a multipath map, or a partition on one, is only another way to the disk: who uses it counts */
static gboolean
fu_scsi_wb_usage_is_way(const gchar *node_dir)
{
	g_autofree gchar *uuid = fu_scsi_wb_usage_read(node_dir, "dm/uuid");

	if (uuid == NULL)
		return FALSE;
	return g_str_has_prefix(uuid, FU_SCSI_WB_USAGE_MULTIPATH) ||
	       (g_str_has_prefix(uuid, FU_SCSI_WB_USAGE_PARTITION) &&
		strstr(uuid, "-" FU_SCSI_WB_USAGE_MULTIPATH) != NULL);
}

static gboolean
fu_scsi_wb_usage_is_source(const gchar *source, const gchar *node_dir, const gchar *node)
{
	g_autofree gchar *map = fu_scsi_wb_usage_read(node_dir, "dm/name");
	g_autofree gchar *path_map = g_strdup_printf("/dev/mapper/%s", map);
	g_autofree gchar *path_node = g_strdup_printf("/dev/%s", node);

	return g_strcmp0(source, path_node) == 0 ||
	       (map != NULL && g_strcmp0(source, path_map) == 0);
}

/* Linux 6.1, Documentation/filesystems/proc.rst: mountinfo; a file system over several disks has a
 * device number of its own, and is found by its source */
static gchar *
fu_scsi_wb_usage_find_mount(const gchar *mountinfo, const gchar *node_dir, const gchar *node)
{
	g_autofree gchar *number = fu_scsi_wb_usage_read(node_dir, "dev");
	g_auto(GStrv) lines = g_strsplit(mountinfo, "\n", -1);

	for (guint i = 0; lines[i] != NULL; i++) {
		const gchar *tail = strstr(lines[i], " - ");
		g_auto(GStrv) words = g_strsplit(lines[i], " ", 6);
		g_auto(GStrv) tails = g_strsplit(tail != NULL ? tail + 3 : "", " ", 3);

		if (g_strv_length(words) < 6)
			continue;
		if (g_strcmp0(words[2], number) == 0 ||
		    (g_strv_length(tails) >= 2 &&
		     fu_scsi_wb_usage_is_source(tails[1], node_dir, node)))
			return g_strdup_printf("%s is mounted at %s", node, words[4]);
	}
	return NULL;
}

static gchar *
fu_scsi_wb_usage_find_swap(const gchar *swaps, const gchar *node_dir, const gchar *node)
{
	g_auto(GStrv) lines = g_strsplit(swaps, "\n", -1);

	for (guint i = 0; lines[i] != NULL; i++) {
		g_autofree gchar *source = g_strndup(lines[i], strcspn(lines[i], " \t"));
		if (fu_scsi_wb_usage_is_source(source, node_dir, node))
			return g_strdup_printf("%s is used for swap", node);
	}
	return NULL;
}

static gchar * /* NOLINTNEXTLINE(misc-no-recursion): as deep as the kernel stacks block devices */
fu_scsi_wb_usage_find_node(const gchar *node_dir, const gchar *node, const gchar *proc_dir)
{
	gchar *text = NULL;
	g_autofree gchar *holders_dir = g_build_filename(node_dir, "holders", NULL);
	g_autofree gchar *mountinfo = fu_scsi_wb_usage_read(proc_dir, "self/mountinfo");
	g_autofree gchar *swaps = fu_scsi_wb_usage_read(proc_dir, "swaps");
	g_autoptr(GPtrArray) holders = fu_scsi_wb_usage_list(holders_dir);

	/* md, dm, bcache and the like */
	for (guint i = 0; text == NULL && i < holders->len; i++) {
		const gchar *holder = g_ptr_array_index(holders, i);
		g_autofree gchar *holder_dir = g_build_filename(holders_dir, holder, NULL);
		if (!fu_scsi_wb_usage_is_way(holder_dir))
			return g_strdup_printf("%s is part of %s", node, holder);
		text = fu_scsi_wb_usage_find_node(holder_dir, holder, proc_dir);
	}
	if (text == NULL && mountinfo != NULL)
		text = fu_scsi_wb_usage_find_mount(mountinfo, node_dir, node);
	if (text == NULL && swaps != NULL)
		text = fu_scsi_wb_usage_find_swap(swaps, node_dir, node);
	return text;
}

/* a partition's folder in the disk's folder begins with the disk's name */
static gchar *
fu_scsi_wb_usage_find_disk(const gchar *disk_dir, const gchar *disk, const gchar *proc_dir)
{
	const gchar *name;
	gchar *text = fu_scsi_wb_usage_find_node(disk_dir, disk, proc_dir);
	g_autoptr(GDir) dir = g_dir_open(disk_dir, 0, NULL);

	while (text == NULL && dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree gchar *node_dir = g_build_filename(disk_dir, name, NULL);
		if (g_str_has_prefix(name, disk))
			text = fu_scsi_wb_usage_find_node(node_dir, name, proc_dir);
	}
	return text;
}

static gchar *
fu_scsi_wb_usage_get_disk(const gchar *unit_dir, gchar **disk_dir)
{
	g_autofree gchar *block_dir = g_build_filename(unit_dir, "block", NULL);
	g_autoptr(GPtrArray) disks = fu_scsi_wb_usage_list(block_dir);

	if (disks->len == 0)
		return NULL;
	*disk_dir = g_build_filename(block_dir, g_ptr_array_index(disks, 0), NULL);
	return g_strdup(g_ptr_array_index(disks, 0));
}

/**
 * FuScsiWbUsageFunc:
 *
 * Says what a disk is used for; %NULL for nothing.
 **/
typedef gchar *(*FuScsiWbUsageFunc)(const gchar *disk_dir,
				    const gchar *disk,
				    const gchar *proc_dir);

static gchar *
fu_scsi_wb_usage_find_first(GPtrArray *units, FuScsiWbUsageFunc func, const gchar *proc_dir)
{
	for (guint i = 0; i < units->len; i++) {
		g_autofree gchar *disk_dir = NULL;
		g_autofree gchar *disk =
		    fu_scsi_wb_usage_get_disk(g_ptr_array_index(units, i), &disk_dir);
		gchar *text = disk != NULL ? func(disk_dir, disk, proc_dir) : NULL;

		if (text != NULL)
			return text;
	}
	return NULL;
}

/**
 * fu_scsi_wb_usage_find:
 * @units: (element-type utf8): folders of logical units in /sys
 * @proc_dir: usually `/proc`
 *
 * Finds out what disks, or parts of them, are used for. No command is sent.
 *
 * Returns: (transfer full) (nullable): what the first one in use is used for, in words, or %NULL
 * for nothing
 **/
gchar *
fu_scsi_wb_usage_find(GPtrArray *units, const gchar *proc_dir)
{
	return fu_scsi_wb_usage_find_first(units, fu_scsi_wb_usage_find_disk, proc_dir);
}

/* ZFS and others claim a disk for themselves without a trace in /sys: a second claim fails. A
 * multipath map has claimed its disks, so it is the map's turn */
static gchar * /* NOLINTNEXTLINE(misc-no-recursion): as above */
fu_scsi_wb_usage_find_claim(const gchar *node_dir, const gchar *node)
{
	gint fd;
	g_autofree gchar *holders_dir = g_build_filename(node_dir, "holders", NULL);
	g_autofree gchar *path = g_build_filename("/dev", node, NULL);
	g_autoptr(GPtrArray) holders = fu_scsi_wb_usage_list(holders_dir);

	for (guint i = 0; i < holders->len; i++) {
		const gchar *holder = g_ptr_array_index(holders, i);
		g_autofree gchar *holder_dir = g_build_filename(holders_dir, holder, NULL);
		g_autofree gchar *text = fu_scsi_wb_usage_find_claim(holder_dir, holder);
		if (text != NULL)
			return g_steal_pointer(&text);
	}
	if (holders->len > 0)
		return NULL;
	fd = g_open(path, O_RDONLY | O_EXCL | O_NONBLOCK | O_CLOEXEC, 0);
	if (fd >= 0) {
		(void)g_close(fd, NULL);
		return NULL;
	}
	return errno == EBUSY ? g_strdup_printf("%s is claimed by the system", node) : NULL;
}

static gchar *
fu_scsi_wb_usage_find_disk_claim(const gchar *disk_dir, const gchar *disk, const gchar *proc_dir)
{
	return fu_scsi_wb_usage_find_claim(disk_dir, disk);
}

/**
 * fu_scsi_wb_usage_describe:
 * @units: (element-type utf8): folders in /sys of logical units
 *
 * Finds out what the disks are used for, and tries to claim them as a file system would. No command
 * is sent.
 *
 * Returns: (transfer full) (nullable): what the first one in use is used for, in words, or %NULL
 * for nothing
 **/
gchar *
fu_scsi_wb_usage_describe(GPtrArray *units)
{
	gchar *usage = fu_scsi_wb_usage_find(units, "/proc");

	if (usage != NULL)
		return usage;
	return fu_scsi_wb_usage_find_first(units, fu_scsi_wb_usage_find_disk_claim, NULL);
}

/**
 * fu_scsi_wb_usage_explain:
 * @usage: what a disk that would be reset is used for, see fu_scsi_wb_usage_find()
 *
 * Says why it is not updated, and what to do.
 *
 * Returns: (transfer full): a sentence for people
 **/
gchar *
fu_scsi_wb_usage_explain(const gchar *usage)
{
	return g_strdup_printf(
	    "%s, and the update resets it: stop using it first, or allow that with "
	    "AllowInUse=true below [scsi_wb] in fwupd.conf",
	    usage);
}

/**
 * fu_scsi_wb_usage_check:
 * @usage: (nullable): what a disk that would be reset is used for, see fu_scsi_wb_usage_describe()
 * @error: (nullable): optional return location for an error
 *
 * Checks that nobody uses the disks: an update that resets one would pull it from under its user.
 *
 * Returns: %TRUE if all are free, or none is a disk; %FWUPD_ERROR_BUSY with what one is used for
 **/
gboolean
fu_scsi_wb_usage_check(const gchar *usage, GError **error)
{
	g_autofree gchar *text = NULL;

	if (usage == NULL)
		return TRUE;
	text = fu_scsi_wb_usage_explain(usage);
	g_set_error_literal(error, FWUPD_ERROR, FWUPD_ERROR_BUSY, text);
	return FALSE;
}

/**
 * fu_scsi_wb_usage_get_interval_ms:
 * @n_others: how many devices are looked at beside this one
 *
 * Tells how often to look whether a device is in use. For a shelf of disks that is as soon as
 * somebody who has unmounted one may want to update it; thousands of them must not keep the
 * processor busy.
 *
 * Returns: milliseconds
 **/
guint
fu_scsi_wb_usage_get_interval_ms(guint n_others)
{
	return MAX(FU_SCSI_WB_USAGE_INTERVAL_S, n_others / FU_SCSI_WB_USAGE_LOOKS_PER_SECOND) *
	       1000;
}
