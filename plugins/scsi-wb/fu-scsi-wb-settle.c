/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-ready.h"
#include "fu-scsi-wb-settle.h"
#include "fu-scsi-wb-verify.h"

/* what the device may ask for itself, when it has the whole image; each once */
#define FU_SCSI_WB_SETTLE_ACTIONS                                                                  \
	((1u << FU_SCSI_WB_ACTION_ACTIVATE) | (1u << FU_SCSI_WB_ACTION_AWAIT_RESET) |              \
	 (1u << FU_SCSI_WB_ACTION_AWAIT_POWER_CYCLE))

/**
 * fu_scsi_wb_settle_is_new:
 * @update: a #FuScsiWbUpdate
 * @revision: (nullable): what the device runs
 *
 * Tells whether that is another firmware than the one that is listed.
 *
 * Returns: %TRUE if so; a device that does not say it has none
 **/
gboolean
fu_scsi_wb_settle_is_new(const FuScsiWbUpdate *update, const gchar *revision)
{
	return revision != NULL && g_strcmp0(revision, update->identity->revision) != 0;
}

/**
 * fu_scsi_wb_settle_doubt:
 * @update: a #FuScsiWbUpdate whose image went out up to the last segment, which activates at once
 * @wait_ms: how long the device may take to be back
 *
 * Finds out whether the device has an image although the answer to its last segment is lost: it
 * may restart with its new firmware already. Only a new revision of the same device is good
 * enough, even if the user asked for the same firmware once more.
 *
 * Returns: %TRUE if it runs another revision than before
 **/
gboolean
fu_scsi_wb_settle_doubt(const FuScsiWbUpdate *update, guint wait_ms)
{
	g_autofree gchar *revision = NULL;
	g_autoptr(FuScsiWbIdentity) found = NULL;
	g_autoptr(GError) error_local = NULL;

	if (fu_scsi_wb_ready_wait(update->transport, wait_ms, &error_local))
		revision = fu_scsi_wb_verify_revision(update->transport,
						      update->identity,
						      FU_SCSI_WB_UPDATE_SETTLE_MS,
						      &error_local);
	if (fu_scsi_wb_settle_is_new(update, revision))
		found =
		    fu_scsi_wb_verify_identity(update->transport, update->identity, &error_local);
	if (error_local != NULL)
		g_info("no sign of new firmware: %s", error_local->message);
	return found != NULL && fu_scsi_wb_settle_is_new(update, found->revision);
}

/* a reset may activate the new firmware before our command does, or together with it */
static gboolean
fu_scsi_wb_settle_send_activate(const FuScsiWbUpdate *update,
				const FuScsiWbSegment *activate,
				guint *wait_ms,
				GError **error)
{
	g_autofree gchar *revision = NULL;
	g_autoptr(GError) error_local = NULL;

	if (fu_scsi_wb_download_activate(update->transport, activate, wait_ms, &error_local))
		return TRUE;
	revision = fu_scsi_wb_verify_revision(update->transport, update->identity, 0, NULL);
	if (fu_scsi_wb_settle_is_new(update, revision))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&error_local));
	return FALSE;
}

/**
 * fu_scsi_wb_settle_activate:
 * @update: a #FuScsiWbUpdate whose device has a whole image
 * @activate: the command that activates it
 * @error: (nullable): optional return location for an error
 *
 * Brings deferred microcode into use, and waits until the device is back.
 *
 * Returns: %TRUE if it is back, or runs another revision already; else the first error
 **/
gboolean
fu_scsi_wb_settle_activate(const FuScsiWbUpdate *update,
			   const FuScsiWbSegment *activate,
			   GError **error)
{
	guint wait_ms = activate->timeout_ms;

	if (!fu_scsi_wb_settle_send_activate(update, activate, &wait_ms, error))
		return FALSE;
	return fu_scsi_wb_ready_wait(update->transport, wait_ms, error);
}

/**
 * fu_scsi_wb_settle_wait:
 * @update: a #FuScsiWbUpdate whose image was accepted as a whole
 * @result: what has to follow; changed if the device says that it takes a reset or a power
 * cycle to use its new firmware
 * @error: (nullable): optional return location for an error
 *
 * Waits until the device is back from taking its new firmware into use. One that asks for its
 * activation gets it.
 *
 * Returns: %TRUE if it is back, or says what it needs; else the error of
 * fu_scsi_wb_ready_wait_for() or of the activation
 **/
gboolean
fu_scsi_wb_settle_wait(const FuScsiWbUpdate *update, FuScsiWbUpdateResult *result, GError **error)
{
	const FuScsiWbSegment activate = {
	    .mode = FU_SCSI_WB_MODE_ACTIVATE,
	    .timeout_ms = result->wait_ms,
	};

	switch (fu_scsi_wb_ready_wait_for(update->transport,
					  result->wait_ms,
					  FU_SCSI_WB_SETTLE_ACTIONS,
					  error)) {
	case FU_SCSI_WB_ACTION_CONTINUE:
		return TRUE;
	case FU_SCSI_WB_ACTION_ACTIVATE:
		/* SPC-5 (INCITS 502): MICROCODE ACTIVATION REQUIRED; every segment was accepted, so
		 * the image that it is about is whole, and ours */
		g_info("the device asks for its activation");
		return fu_scsi_wb_settle_activate(update, &activate, error);
	case FU_SCSI_WB_ACTION_AWAIT_RESET:
		result->activation = FU_SCSI_WB_ACTIVATION_REBOOT;
		return TRUE;
	case FU_SCSI_WB_ACTION_AWAIT_POWER_CYCLE:
		result->activation = FU_SCSI_WB_ACTIVATION_POWER_CYCLE;
		return TRUE;
	default:
		return FALSE;
	}
}
