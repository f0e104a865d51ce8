/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-download.h"
#include "fu-scsi-wb-ready.h"
#include "fu-scsi-wb-update.h"
#include "fu-scsi-wb-verify.h"

/* guess: from the status of the last command to the reset that it leads to */
#define FU_SCSI_WB_UPDATE_SETTLE_MS 10000

/**
 * fu_scsi_wb_update_verify:
 * @transport: a #FuScsiWbTransport
 * @revision_old: what the device ran before
 * @may_keep_revision: the same firmware was asked for once more
 * @error: (nullable): optional return location for an error
 *
 * Finds out whether an update that the device has accepted is in use: success is what the device
 * says of itself now, not what it said of the commands.
 *
 * Returns: (transfer full): the revision that the device runs; %NULL with %FWUPD_ERROR_WRITE if it
 * is the old one, or with the error of the INQUIRY
 **/
gchar *
fu_scsi_wb_update_verify(FuScsiWbTransport *transport,
			 const gchar *revision_old,
			 gboolean may_keep_revision,
			 GError **error)
{
	g_autofree gchar *revision =
	    fu_scsi_wb_verify_revision(transport,
				       revision_old,
				       may_keep_revision ? 0 : FU_SCSI_WB_UPDATE_SETTLE_MS,
				       error);

	if (revision == NULL)
		return NULL;
	if (!may_keep_revision && g_strcmp0(revision, revision_old) == 0) {
		g_set_error(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_WRITE,
			    "the device accepted the whole image, but still runs revision %s: it "
			    "may need a power cycle, or it has silently refused the image",
			    revision);
		return NULL;
	}
	return g_steal_pointer(&revision);
}

static gboolean
fu_scsi_wb_update_is_active(FuScsiWbTransport *transport, const gchar *revision_old)
{
	g_autofree gchar *revision = fu_scsi_wb_verify_revision(transport, revision_old, 0, NULL);
	return revision != NULL && g_strcmp0(revision, revision_old) != 0;
}

/* a reset may activate the new firmware before our command does, or together with it */
static gboolean
fu_scsi_wb_update_send_activate(FuScsiWbTransport *transport,
				const FuScsiWbProfile *profile,
				const gchar *revision_old,
				GError **error)
{
	FuScsiWbSegment activate = fu_scsi_wb_plan_get_activate(profile);
	g_autoptr(GError) error_local = NULL;

	if (fu_scsi_wb_update_is_active(transport, revision_old))
		return TRUE;
	if (fu_scsi_wb_download_activate(transport, &activate, &error_local))
		return TRUE;
	if (fu_scsi_wb_update_is_active(transport, revision_old))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&error_local));
	return FALSE;
}

/**
 * fu_scsi_wb_update_activate:
 * @transport: a #FuScsiWbTransport
 * @profile: what the quirk row says
 * @identity: whom it is meant for, with the revision that it runs
 * @may_keep_revision: the same firmware was asked for once more
 * @error: (nullable): optional return location for an error
 *
 * Brings deferred microcode into use, waits until the device is back, and asks what it runs.
 *
 * Returns: (transfer full): the revision that the device runs; %NULL with the first error if its
 * new firmware is not in use
 **/
gchar *
fu_scsi_wb_update_activate(FuScsiWbTransport *transport,
			   const FuScsiWbProfile *profile,
			   const FuScsiWbIdentity *identity,
			   gboolean may_keep_revision,
			   GError **error)
{
	const gchar *revision_old = identity->revision;

	if (!fu_scsi_wb_verify_identity(transport, identity, error))
		return NULL;
	if (!fu_scsi_wb_update_send_activate(transport, profile, revision_old, error))
		return NULL;
	if (!fu_scsi_wb_ready_wait(transport, fu_scsi_wb_plan_get_wait_ms(profile), error))
		return NULL;
	return fu_scsi_wb_update_verify(transport, revision_old, may_keep_revision, error);
}
