/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "fu-scsi-wb-sysfs.h"

/**
 * fu_scsi_wb_sysfs_read_text:
 * @udev_device: a SCSI generic node
 * @attr: an attribute, e.g. `device/rev`
 *
 * Reads what the kernel has asked the device already.
 *
 * Returns: (transfer full) (nullable): text that may be shown, without padding
 **/
gchar *
fu_scsi_wb_sysfs_read_text(FuUdevDevice *udev_device, const gchar *attr)
{
	g_autofree gchar *text = fu_udev_device_read_sysfs(udev_device,
							   attr,
							   FU_UDEV_DEVICE_ATTR_READ_TIMEOUT_DEFAULT,
							   NULL);
	if (text == NULL)
		return NULL;
	return fu_scsi_wb_identity_make_text((const guint8 *)text, strlen(text));
}

static GBytes *
fu_scsi_wb_sysfs_read_page(FuUdevDevice *udev_device, const gchar *attr)
{
	return fu_udev_device_read_sysfs_bytes(udev_device,
					       attr,
					       -1,
					       FU_UDEV_DEVICE_ATTR_READ_TIMEOUT_DEFAULT,
					       NULL);
}

/**
 * fu_scsi_wb_sysfs_read_identity:
 * @udev_device: a SCSI generic node
 * @error: (nullable): optional return location for an error
 *
 * Reads who the device was when the kernel found it, without sending a command. The revision is
 * left out: it may be of an earlier firmware.
 *
 * Returns: (transfer full): an identity, or %NULL with %FWUPD_ERROR_NOT_SUPPORTED
 **/
FuScsiWbIdentity *
fu_scsi_wb_sysfs_read_identity(FuUdevDevice *udev_device, GError **error)
{
	g_autofree gchar *type_text = fu_scsi_wb_sysfs_read_text(udev_device, "device/type");
	g_autoptr(FuScsiWbIdentity) identity = fu_scsi_wb_identity_new();
	g_autoptr(GBytes) page_serial = fu_scsi_wb_sysfs_read_page(udev_device, "device/vpd_pg80");
	g_autoptr(GBytes) page_wwid = fu_scsi_wb_sysfs_read_page(udev_device, "device/vpd_pg83");

	identity->vendor = fu_scsi_wb_sysfs_read_text(udev_device, "device/vendor");
	identity->product = fu_scsi_wb_sysfs_read_text(udev_device, "device/model");
	if (identity->vendor == NULL || identity->product == NULL ||
	    !fu_scsi_wb_identity_parse_type(identity, type_text)) {
		g_set_error_literal(error,
				    FWUPD_ERROR,
				    FWUPD_ERROR_NOT_SUPPORTED,
				    "no vendor, model or type in sysfs");
		return NULL;
	}
	if (page_serial != NULL)
		fu_scsi_wb_identity_parse_serial(identity, page_serial);
	if (page_wwid != NULL)
		fu_scsi_wb_identity_parse_wwid(identity, page_wwid);
	return g_steal_pointer(&identity);
}

/**
 * fu_scsi_wb_sysfs_check_ours:
 * @udev_device: a SCSI generic node
 * @identity: who the device is
 * @error: (nullable): optional return location for an error
 *
 * Checks that the device is not one of those that have plugins of their own in fwupd: disks behind
 * a SATA translation layer, which have a page of ATA information, and UFS.
 *
 * Returns: %TRUE if it is ours to look at, else %FWUPD_ERROR_NOT_SUPPORTED
 **/
gboolean
fu_scsi_wb_sysfs_check_ours(FuUdevDevice *udev_device,
			    const FuScsiWbIdentity *identity,
			    GError **error)
{
	g_autoptr(GBytes) page_ata = fu_scsi_wb_sysfs_read_page(udev_device, "device/vpd_pg89");
	g_autofree gchar *ufs_features =
	    fu_scsi_wb_sysfs_read_text(udev_device,
				       "device/../../../device_descriptor/ufs_features");

	if (page_ata == NULL && ufs_features == NULL && g_strcmp0(identity->vendor, "ATA") != 0)
		return TRUE;
	g_set_error_literal(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_NOT_SUPPORTED,
			    "ATA and UFS devices are left to other plugins");
	return FALSE;
}

/**
 * fu_scsi_wb_sysfs_read_location:
 * @udev_device: a SCSI generic node
 * @target_path: (out): path of the target below /sys
 * @lun: (out): logical unit number
 * @error: (nullable): optional return location for an error
 *
 * Takes apart `.../targetH:C:T/H:C:T:L/scsi_generic/sgN`.
 *
 * Returns: %TRUE for success; %FWUPD_ERROR_NOT_SUPPORTED with @target_path and @lun as they were
 * if the node is not where one of SCSI should be
 **/
gboolean
fu_scsi_wb_sysfs_read_location(FuUdevDevice *udev_device,
			       gchar **target_path,
			       guint64 *lun,
			       GError **error)
{
	const gchar *lun_text;
	g_autofree gchar *devpath = fu_udev_device_get_devpath(udev_device);
	g_autofree gchar *class_path = g_path_get_dirname(devpath != NULL ? devpath : "");
	g_autofree gchar *unit_path = g_path_get_dirname(class_path);
	g_autofree gchar *unit = g_path_get_basename(unit_path);

	lun_text = strrchr(unit, ':');
	if (lun_text == NULL ||
	    !fu_strtoull(lun_text + 1, lun, 0, G_MAXUINT64, FU_INTEGER_BASE_10, NULL)) {
		g_set_error(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_NOT_SUPPORTED,
			    "no SCSI address in %s",
			    devpath);
		return FALSE;
	}
	*target_path = g_path_get_dirname(unit_path);
	return TRUE;
}

/**
 * fu_scsi_wb_sysfs_check_node:
 * @udev_device: a SCSI generic node, open unless it is emulated
 * @error: (nullable): optional return location for an error
 *
 * Checks that the open node is the one of the listed device: the kernel gives the name of one that
 * has gone to the next that comes, and not every device has a name of its own to know it by.
 *
 * Returns: %TRUE if it is, else %FWUPD_ERROR_NOT_FOUND
 **/
gboolean
fu_scsi_wb_sysfs_check_node(FuUdevDevice *udev_device, GError **error)
{
	FuIOChannel *io_channel = fu_udev_device_get_io_channel(udev_device);
	struct stat st = {0};
	g_autofree gchar *number = NULL;
	g_autofree gchar *number_open = NULL;

	if (io_channel == NULL)
		return TRUE;
	number = fu_scsi_wb_sysfs_read_text(udev_device, "dev");
	if (fstat(fu_io_channel_unix_get_fd(io_channel), &st) == 0)
		number_open = g_strdup_printf("%u:%u", major(st.st_rdev), minor(st.st_rdev));
	if (number != NULL && g_strcmp0(number, number_open) == 0)
		return TRUE;
	g_set_error(error,
		    FWUPD_ERROR,
		    FWUPD_ERROR_NOT_FOUND,
		    "%s leads elsewhere than to the device that was listed there: run fwupdmgr "
		    "quit, then look at the list again",
		    fu_udev_device_get_device_file(udev_device));
	return FALSE;
}
