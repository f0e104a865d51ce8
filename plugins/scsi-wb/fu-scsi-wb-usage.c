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

/* first entry of a folder in the order of names, so that a message does not change by itself */
static gchar *
fu_scsi_wb_usage_get_first(const gchar *path)
{
	const gchar *name;
	g_autofree gchar *first = NULL;
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		if (first != NULL && g_strcmp0(first, name) <= 0)
			continue;
		g_free(first);
		first = g_strdup(name);
	}
	return g_steal_pointer(&first);
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

/* md, dm, bcache and the like */
static gchar *
fu_scsi_wb_usage_find_holder(const gchar *node_dir, const gchar *node)
{
	g_autofree gchar *path = g_build_filename(node_dir, "holders", NULL);
	g_autofree gchar *holder = fu_scsi_wb_usage_get_first(path);

	return holder != NULL ? g_strdup_printf("%s is part of %s", node, holder) : NULL;
}

/* Linux 6.1, Documentation/filesystems/proc.rst: mountinfo; a file system over several disks has a
 * device number of its own, and is found by its source */
static gchar *
fu_scsi_wb_usage_find_mount(const gchar *mountinfo, const gchar *node, const gchar *number)
{
	g_autofree gchar *source = g_strdup_printf("/dev/%s", node);
	g_auto(GStrv) lines = g_strsplit(mountinfo, "\n", -1);

	for (guint i = 0; lines[i] != NULL; i++) {
		const gchar *tail = strstr(lines[i], " - ");
		g_auto(GStrv) words = g_strsplit(lines[i], " ", 6);
		g_auto(GStrv) tails = g_strsplit(tail != NULL ? tail + 3 : "", " ", 3);

		if (g_strv_length(words) < 6)
			continue;
		if (g_strcmp0(words[2], number) == 0 ||
		    (g_strv_length(tails) >= 2 && g_strcmp0(tails[1], source) == 0))
			return g_strdup_printf("%s is mounted at %s", node, words[4]);
	}
	return NULL;
}

static gchar *
fu_scsi_wb_usage_find_swap(const gchar *swaps, const gchar *node)
{
	g_autofree gchar *source = g_strdup_printf("/dev/%s", node);
	g_auto(GStrv) lines = g_strsplit(swaps, "\n", -1);

	for (guint i = 0; lines[i] != NULL; i++) {
		gsize length = strcspn(lines[i], " \t");
		if (length == strlen(source) && g_str_has_prefix(lines[i], source))
			return g_strdup_printf("%s is used for swap", node);
	}
	return NULL;
}

static gchar *
fu_scsi_wb_usage_find_node(const gchar *node_dir, const gchar *node, const gchar *proc_dir)
{
	gchar *text;
	g_autofree gchar *mountinfo = fu_scsi_wb_usage_read(proc_dir, "self/mountinfo");
	g_autofree gchar *number = fu_scsi_wb_usage_read(node_dir, "dev");
	g_autofree gchar *swaps = fu_scsi_wb_usage_read(proc_dir, "swaps");

	text = fu_scsi_wb_usage_find_holder(node_dir, node);
	if (text == NULL && mountinfo != NULL)
		text = fu_scsi_wb_usage_find_mount(mountinfo, node, number);
	if (text == NULL && swaps != NULL)
		text = fu_scsi_wb_usage_find_swap(swaps, node);
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

/**
 * fu_scsi_wb_usage_find:
 * @unit_dir: the logical unit's folder in /sys
 * @proc_dir: usually `/proc`
 *
 * Finds out what a disk, or a part of it, is used for. No command is sent.
 *
 * Returns: (transfer full) (nullable): what it is used for, in words, or %NULL for nothing
 **/
gchar *
fu_scsi_wb_usage_find(const gchar *unit_dir, const gchar *proc_dir)
{
	g_autofree gchar *block_dir = g_build_filename(unit_dir, "block", NULL);
	g_autofree gchar *disk = fu_scsi_wb_usage_get_first(block_dir);
	g_autofree gchar *disk_dir = NULL;

	if (disk == NULL)
		return NULL;
	disk_dir = g_build_filename(block_dir, disk, NULL);
	return fu_scsi_wb_usage_find_disk(disk_dir, disk, proc_dir);
}

/* ZFS and others claim a disk for themselves without a trace in /sys: a second claim fails */
static gchar *
fu_scsi_wb_usage_find_claim(const gchar *unit_dir)
{
	gint fd;
	g_autofree gchar *block_dir = g_build_filename(unit_dir, "block", NULL);
	g_autofree gchar *disk = fu_scsi_wb_usage_get_first(block_dir);
	g_autofree gchar *node = NULL;

	if (disk == NULL)
		return NULL;
	node = g_build_filename("/dev", disk, NULL);
	fd = g_open(node, O_RDONLY | O_EXCL | O_NONBLOCK | O_CLOEXEC, 0);
	if (fd >= 0) {
		(void)g_close(fd, NULL);
		return NULL;
	}
	return errno == EBUSY ? g_strdup_printf("%s is claimed by the system", disk) : NULL;
}

/**
 * fu_scsi_wb_usage_check:
 * @udev_device: a SCSI generic node
 * @error: (nullable): optional return location for an error
 *
 * Checks that nobody uses the disk: an update that resets it would pull it from under its user.
 *
 * Returns: %TRUE if it is free, or no disk; %FWUPD_ERROR_BUSY with what it is used for
 **/
gboolean
fu_scsi_wb_usage_check(FuUdevDevice *udev_device, GError **error)
{
	g_autofree gchar *unit_dir = NULL;
	g_autofree gchar *usage = NULL;

	if (fu_device_has_flag(FU_DEVICE(udev_device), FWUPD_DEVICE_FLAG_EMULATED))
		return TRUE;
	unit_dir = g_build_filename(fu_udev_device_get_sysfs_path(udev_device), "device", NULL);
	usage = fu_scsi_wb_usage_find(unit_dir, "/proc");
	if (usage == NULL)
		usage = fu_scsi_wb_usage_find_claim(unit_dir);
	if (usage == NULL)
		return TRUE;
	g_set_error(error,
		    FWUPD_ERROR,
		    FWUPD_ERROR_BUSY,
		    "%s, and the update resets it: stop using it first, or allow that with "
		    "AllowInUse=true below [scsi_wb] in fwupd.conf",
		    usage);
	return FALSE;
}
