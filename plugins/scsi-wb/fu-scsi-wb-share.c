/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-share.h"

/*
 * A target may say that a download changes the microcode of all of its logical units (MLU 11b in
 * SPC-5, INCITS 502: REPORT SUPPORTED OPERATION CODES). One cabinet matches each of them: the first
 * one takes the image, and the others have it then.
 */

static gchar *
fu_scsi_wb_share_compute(GBytes *blob)
{
	return g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, blob);
}

/**
 * fu_scsi_wb_share_clear:
 * @self: a #FuScsiWbShare
 *
 * Forgets what was sent and given.
 **/
void
fu_scsi_wb_share_clear(FuScsiWbShare *self)
{
	g_clear_pointer(&self->sent, g_free);
	g_clear_pointer(&self->given, g_free);
}

/**
 * fu_scsi_wb_share_set_sent:
 * @self: a #FuScsiWbShare
 * @blob: an image that the device has accepted whole
 * @result: what has to follow
 *
 * Remembers the image if it was for all logical units of the target.
 **/
void
fu_scsi_wb_share_set_sent(FuScsiWbShare *self, GBytes *blob, const FuScsiWbUpdateResult *result)
{
	fu_scsi_wb_share_clear(self);
	if (!result->affects_all_units)
		return;
	self->sent = fu_scsi_wb_share_compute(blob);
	self->result = *result;
}

/**
 * fu_scsi_wb_share_give:
 * @self: of a logical unit
 * @other: of another one of the same target
 *
 * Lets another logical unit know what this one has taken for both.
 *
 * Returns: %TRUE if there was anything
 **/
gboolean
fu_scsi_wb_share_give(const FuScsiWbShare *self, FuScsiWbShare *other)
{
	if (self->sent == NULL)
		return FALSE;
	fu_scsi_wb_share_clear(other);
	other->given = g_strdup(self->sent);
	other->result = self->result;
	return TRUE;
}

/**
 * fu_scsi_wb_share_take:
 * @self: a #FuScsiWbShare
 * @blob: an image that is to be sent
 * @result: (out caller-allocates): what has to follow; untouched on failure
 *
 * Finds out that the device has an image already, by another logical unit. It counts once: who
 * installs the same image again wants it to be sent.
 *
 * Returns: %TRUE if there is nothing to send
 **/
gboolean
fu_scsi_wb_share_take(FuScsiWbShare *self, GBytes *blob, FuScsiWbUpdateResult *result)
{
	g_autofree gchar *checksum = NULL;
	g_autofree gchar *given = g_steal_pointer(&self->given);

	if (given == NULL)
		return FALSE;
	checksum = fu_scsi_wb_share_compute(blob);
	if (g_strcmp0(given, checksum) != 0)
		return FALSE;
	*result = self->result;
	return TRUE;
}
