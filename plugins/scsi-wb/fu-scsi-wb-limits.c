/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <linux/fs.h>
#include <scsi/sg.h>

#include "fu-scsi-wb-limits.h"

/* as with all requests that do not wait for the device */
#define FU_SCSI_WB_LIMITS_IOCTL_TIMEOUT_MS 1000

static gboolean
fu_scsi_wb_limits_ioctl(FuUdevDevice *udev_device, gulong request, gint *value)
{
	g_autoptr(FuIoctl) ioctl = NULL;
	g_autoptr(GError) error_local = NULL;

	if (!fu_device_has_flag(FU_DEVICE(udev_device), FWUPD_DEVICE_FLAG_EMULATED) &&
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

/**
 * fu_scsi_wb_limits_read:
 * @udev_device: an open SCSI generic node
 *
 * Asks the kernel how much the host adapter takes in one command. On a SCSI generic node the answer
 * is in bytes, and counts what the adapter's scatter list can hold (Linux 6.1,
 * drivers/scsi/sg.c: BLKSECTGET).
 *
 * Returns: limits, all zero if the kernel does not tell
 **/
FuScsiWbLimits
fu_scsi_wb_limits_read(FuUdevDevice *udev_device)
{
	FuScsiWbLimits limits = {0};
	gint transfer_bytes = 0;

	if (fu_scsi_wb_limits_ioctl(udev_device, BLKSECTGET, &transfer_bytes) && transfer_bytes > 0)
		limits.transfer_max_bytes = transfer_bytes;
	return limits;
}

/**
 * fu_scsi_wb_limits_reserve:
 * @udev_device: an open SCSI generic node
 * @transfer_bytes: size of the largest segment
 *
 * Has the kernel set aside the memory for a segment before the first one is sent: on a host that
 * has been up for long there may be none in one piece in the middle of a download. It is no error
 * if that cannot be done.
 **/
void
fu_scsi_wb_limits_reserve(FuUdevDevice *udev_device, gsize transfer_bytes)
{
	gint value = MIN(transfer_bytes, G_MAXINT);
	(void)fu_scsi_wb_limits_ioctl(udev_device, SG_SET_RESERVED_SIZE, &value);
}
