/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <linux/fs.h>
#include <scsi/sg.h>
#include <unistd.h>

#include "fu-scsi-wb-fact.h"
#include "fu-scsi-wb-limits.h"
#include "fu-scsi-wb-sysfs.h"

/* as with all requests that do not wait for the device */
#define FU_SCSI_WB_LIMITS_IOCTL_TIMEOUT_MS 1000

#define FU_SCSI_WB_LIMITS_DISK_EVENT "ScsiWbDisk"

#define FU_SCSI_WB_LIMITS_BY_HW_SECTORS "host adapter, max_hw_sectors_kb"
#define FU_SCSI_WB_LIMITS_BY_SECTORS	"host adapter, BLKSECTGET"
#define FU_SCSI_WB_LIMITS_BY_SEGMENTS	"host adapter, max_segments"
#define FU_SCSI_WB_LIMITS_BY_TABLE	"host adapter, SG_GET_SG_TABLESIZE"

static gboolean
fu_scsi_wb_limits_ioctl(FuUdevDevice *udev_device, gulong request, gint *value)
{
	g_autoptr(FuIoctl) ioctl = NULL;
	g_autoptr(GError) error_local = NULL;

	if (!fu_scsi_wb_fact_is_replayed(udev_device) &&
	    fu_udev_device_get_io_channel(udev_device) == NULL)
		return FALSE;
	ioctl = fu_udev_device_ioctl_new(udev_device);
	if (fu_ioctl_execute(ioctl,
			     request,
			     value,
			     sizeof(*value),
			     NULL,
			     FU_SCSI_WB_LIMITS_IOCTL_TIMEOUT_MS,
			     FU_IOCTL_FLAG_NONE,
			     &error_local))
		return TRUE;
	g_debug("ignoring: %s", error_local->message);
	return FALSE;
}

/* a number of the kernel's, 0 if it does not tell; what it is asked with is always the same, so
 * that a recording finds it */
static gsize
fu_scsi_wb_limits_ask(FuUdevDevice *udev_device, gulong request)
{
	gint value = 0;

	if (!fu_scsi_wb_limits_ioctl(udev_device, request, &value))
		return 0;
	return MAX(value, 0);
}

/* 0 if it is not a number, or too large for one that counts bytes of a transfer */
static guint64
fu_scsi_wb_limits_parse(const gchar *text)
{
	guint64 value = 0;

	if (text == NULL || !fu_strtoull(text, &value, 0, G_MAXINT32, FU_INTEGER_BASE_10, NULL))
		return 0;
	return value;
}

/**
 * fu_scsi_wb_limits_lower:
 * @self: a #FuScsiWbLimits
 * @transfer_bytes: another limit, 0 if it is none
 * @source: what says so, for people; not copied
 *
 * Takes a limit if it is lower than what is known.
 **/
void
fu_scsi_wb_limits_lower(FuScsiWbLimits *self, gsize transfer_bytes, const gchar *source)
{
	if (transfer_bytes == 0)
		return;
	if (self->transfer_max_bytes != 0 && self->transfer_max_bytes <= transfer_bytes)
		return;
	self->transfer_max_bytes = transfer_bytes;
	self->source = source;
}

/**
 * fu_scsi_wb_limits_resolve:
 * @facts: what the kernel says
 *
 * Finds the most that one command can carry, so that nothing above it goes through, and nothing
 * below it is refused for its size.
 *
 * BLKSECTGET tells what the kernel likes to send at once (queue_max_sectors), which an
 * administrator may have lowered, and a disk, too, by its optimal transfer length. Commands that
 * are passed through do not keep to it, but to max_hw_sectors. Only disks show that in /sys; for
 * all others both are the same up to 1280 KiB (Linux 6.1, block/blk-merge.c:
 * blk_rq_get_max_sectors(), drivers/scsi/sg.c: max_sectors_bytes()).
 *
 * Each entry of the adapter's scatter list carries a page. A SCSI generic node copies the data into
 * elements of up to 32 KiB (drivers/scsi/sg.c: sg_build_indirect()), which might count as one entry
 * each, but do not: on Linux 6.1 with 256 entries 1048576 bytes go through, and one page more is
 * EINVAL. SG_IO on a block node needs one entry more, for data that do not begin with a page; the
 * elements of a SCSI generic node do.
 *
 * Returns: limits, all zero if the kernel does not tell
 **/
FuScsiWbLimits
fu_scsi_wb_limits_resolve(const FuScsiWbLimitsFacts *facts)
{
	FuScsiWbLimits limits = {0};
	guint64 hw_sectors_kb = fu_scsi_wb_limits_parse(facts->max_hw_sectors_kb);
	guint64 segments = fu_scsi_wb_limits_parse(facts->max_segments);

	if (hw_sectors_kb != 0)
		fu_scsi_wb_limits_lower(&limits,
					hw_sectors_kb * 1024,
					FU_SCSI_WB_LIMITS_BY_HW_SECTORS);
	else
		fu_scsi_wb_limits_lower(&limits,
					facts->sectors_bytes,
					FU_SCSI_WB_LIMITS_BY_SECTORS);
	if (segments != 0)
		fu_scsi_wb_limits_lower(&limits,
					segments * facts->page_bytes,
					FU_SCSI_WB_LIMITS_BY_SEGMENTS);
	else
		fu_scsi_wb_limits_lower(&limits,
					facts->table_size * facts->page_bytes,
					FU_SCSI_WB_LIMITS_BY_TABLE);
	return limits;
}

/* the disk of a logical unit is the only entry of this folder */
static gchar *
fu_scsi_wb_limits_find_disk(FuUdevDevice *udev_device)
{
	const gchar *name;
	g_autofree gchar *path = NULL;
	g_autoptr(GDir) dir = NULL;

	if (fu_scsi_wb_fact_is_replayed(udev_device))
		return fu_scsi_wb_fact_load(udev_device, FU_SCSI_WB_LIMITS_DISK_EVENT);
	if (fu_udev_device_get_sysfs_path(udev_device) == NULL)
		return NULL;
	path = g_build_filename(fu_udev_device_get_sysfs_path(udev_device), "device/block", NULL);
	dir = g_dir_open(path, 0, NULL);
	name = dir != NULL ? g_dir_read_name(dir) : NULL;
	fu_scsi_wb_fact_save(udev_device, FU_SCSI_WB_LIMITS_DISK_EVENT, name);
	return g_strdup(name);
}

static gchar *
fu_scsi_wb_limits_find_queue(FuUdevDevice *udev_device)
{
	g_autofree gchar *disk = fu_scsi_wb_limits_find_disk(udev_device);
	return disk != NULL ? g_build_filename("device/block", disk, "queue", NULL) : NULL;
}

static gchar *
fu_scsi_wb_limits_read_queue(FuUdevDevice *udev_device, const gchar *queue, const gchar *name)
{
	g_autofree gchar *attr = NULL;

	if (queue == NULL)
		return NULL;
	attr = g_build_filename(queue, name, NULL);
	return fu_scsi_wb_sysfs_read_text(udev_device, attr);
}

/**
 * fu_scsi_wb_limits_read:
 * @udev_device: an open SCSI generic node
 *
 * Asks the kernel how much the host adapter takes in one command, see fu_scsi_wb_limits_resolve().
 *
 * Returns: limits, all zero if the kernel does not tell
 **/
FuScsiWbLimits
fu_scsi_wb_limits_read(FuUdevDevice *udev_device)
{
	FuScsiWbLimitsFacts facts = {
	    .sectors_bytes = fu_scsi_wb_limits_ask(udev_device, BLKSECTGET),
	    .table_size = fu_scsi_wb_limits_ask(udev_device, SG_GET_SG_TABLESIZE),
	    .page_bytes = getpagesize(),
	};
	g_autofree gchar *queue = fu_scsi_wb_limits_find_queue(udev_device);
	g_autofree gchar *max_hw_sectors_kb =
	    fu_scsi_wb_limits_read_queue(udev_device, queue, "max_hw_sectors_kb");
	g_autofree gchar *max_segments =
	    fu_scsi_wb_limits_read_queue(udev_device, queue, "max_segments");

	facts.max_hw_sectors_kb = max_hw_sectors_kb;
	facts.max_segments = max_segments;
	return fu_scsi_wb_limits_resolve(&facts);
}

/**
 * fu_scsi_wb_limits_reserve:
 * @udev_device: an open SCSI generic node
 * @transfer_bytes: size of the largest segment
 *
 * Has the kernel set aside the memory for a segment before the first one is sent: on a host that
 * has been up for long there may be none in one piece in the middle of a download. The kernel
 * takes what it can get, and no more than BLKSECTGET says.
 *
 * Returns: how much was set aside, 0 if that is not known
 **/
gsize
fu_scsi_wb_limits_reserve(FuUdevDevice *udev_device, gsize transfer_bytes)
{
	gint value = MIN(transfer_bytes, G_MAXINT);

	if (!fu_scsi_wb_limits_ioctl(udev_device, SG_SET_RESERVED_SIZE, &value))
		return 0;
	return fu_scsi_wb_limits_ask(udev_device, SG_GET_RESERVED_SIZE);
}
