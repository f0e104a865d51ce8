/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-install.h"
#include "fu-scsi-wb-pending.h"
#include "fu-scsi-wb-settle.h"

/**
 * fu_scsi_wb_install_write:
 * @self: a #FuScsiWbInstall
 * @update: a #FuScsiWbUpdate of an open device, with a firmware
 * @image: what the device is sent of that firmware
 * @flags: what the user allows
 * @progress_func: (nullable): told of every accepted segment
 * @user_data: for @progress_func
 * @error: (nullable): optional return location for an error
 *
 * Sends the image, unless the device has it already by another logical unit.
 *
 * Returns: %TRUE if the device has the whole image, else as fu_scsi_wb_update_download()
 **/
gboolean
fu_scsi_wb_install_write(FuScsiWbInstall *self,
			 const FuScsiWbUpdate *update,
			 GBytes *image,
			 FwupdInstallFlags flags,
			 FuScsiWbDownloadProgressFunc progress_func,
			 gpointer user_data,
			 GError **error)
{
	self->is_downloaded = FALSE;
	self->may_keep_revision =
	    (flags & (FWUPD_INSTALL_FLAG_ALLOW_REINSTALL | FWUPD_INSTALL_FLAG_FORCE)) > 0;
	if (fu_scsi_wb_share_take(&self->share, image, &self->result)) {
		self->is_downloaded = TRUE;
		self->may_keep_revision = TRUE;
		return TRUE;
	}
	if (!fu_scsi_wb_update_download(update,
					image,
					progress_func,
					user_data,
					&self->result,
					error))
		return FALSE;
	self->is_downloaded = TRUE;
	fu_scsi_wb_share_set_sent(&self->share, image, &self->result);
	return TRUE;
}

/**
 * fu_scsi_wb_install_wait:
 * @self: a #FuScsiWbInstall
 * @update: a #FuScsiWbUpdate of an open device
 * @error: (nullable): optional return location for an error
 *
 * Waits until a device that takes its new firmware into use at once is back. The daemon also gets
 * here after a failure, when there is nothing to wait for.
 *
 * Returns: %TRUE for success, else as fu_scsi_wb_settle_wait()
 **/
gboolean
fu_scsi_wb_install_wait(FuScsiWbInstall *self, const FuScsiWbUpdate *update, GError **error)
{
	if (!self->is_downloaded || self->result.activation != FU_SCSI_WB_ACTIVATION_IMMEDIATE)
		return TRUE;
	return fu_scsi_wb_settle_wait(update, &self->result, error);
}

/**
 * fu_scsi_wb_install_finish:
 * @self: a #FuScsiWbInstall
 * @update: a #FuScsiWbUpdate of an open device
 * @revision: (out) (transfer full) (nullable): what the device runs now, %NULL if that has not
 * changed yet
 * @error: (nullable): optional return location for an error
 *
 * Ends the installation: the new firmware is in use, or the device is marked as waiting for what
 * brings it into use.
 *
 * Returns: %TRUE for success, else as fu_scsi_wb_update_verify()
 **/
gboolean
fu_scsi_wb_install_finish(FuScsiWbInstall *self,
			  const FuScsiWbUpdate *update,
			  gchar **revision,
			  GError **error)
{
	*revision = NULL;
	if (!self->is_downloaded)
		return TRUE;
	self->is_downloaded = FALSE;
	fu_scsi_wb_pending_mark(self->result.activation, FU_DEVICE(update->udev_device));
	self->is_proven = TRUE;
	if (self->result.activation != FU_SCSI_WB_ACTIVATION_IMMEDIATE)
		return TRUE;
	*revision = fu_scsi_wb_update_verify(update, error);
	if (*revision != NULL)
		return TRUE;
	self->is_proven = FALSE;
	fu_scsi_wb_share_clear(&self->share);
	return FALSE;
}
