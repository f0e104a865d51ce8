/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-command.h"
#include "fu-scsi-wb-error.h"
#include "fu-scsi-wb-policy.h"
#include "fu-scsi-wb-ready.h"

#define FU_SCSI_WB_READY_STEP_MS 1000

/* a device has a handful of reasons for unit attention, each is reported once */
#define FU_SCSI_WB_READY_RESENDS_MAX 8

/* asks until the device has no unit attention to report */
static FuScsiWbVerdict *
fu_scsi_wb_ready_ask(FuScsiWbTransport *transport, GError **error)
{
	for (guint i = 0;; i++) {
		FuScsiWbResult result;
		FuScsiWbAction action;
		g_autoptr(FuScsiWbVerdict) verdict = NULL;

		if (!fu_scsi_wb_command_test_unit_ready(transport, &result, error))
			return NULL;
		verdict = fu_scsi_wb_sense_judge(&result);
		action = fu_scsi_wb_policy_next(verdict->klass, FU_SCSI_WB_PLACE_WAITING);
		if (action != FU_SCSI_WB_ACTION_RESEND || i >= FU_SCSI_WB_READY_RESENDS_MAX)
			return g_steal_pointer(&verdict);
	}
}

/**
 * fu_scsi_wb_ready_check:
 * @transport: a #FuScsiWbTransport
 * @readiness: what TEST UNIT READY has to say
 * @error: (nullable): optional return location for an error
 *
 * Checks before the first segment that the device is in the state in which it takes firmware.
 *
 * Returns: %TRUE if it is; %FWUPD_ERROR_NEEDS_USER_ACTION if it is ready and must not be, else
 * the error of the judgement
 **/
gboolean
fu_scsi_wb_ready_check(FuScsiWbTransport *transport, FuScsiWbReadiness readiness, GError **error)
{
	g_autoptr(FuScsiWbVerdict) verdict = NULL;

	if (readiness == FU_SCSI_WB_READINESS_ANY)
		return TRUE;
	verdict = fu_scsi_wb_ready_ask(transport, error);
	if (verdict == NULL)
		return FALSE;
	if (readiness == FU_SCSI_WB_READINESS_READY &&
	    verdict->klass != FU_SCSI_WB_CLASS_ACCEPTED) {
		fu_scsi_wb_error_set(verdict, error);
		g_prefix_error_literal(error, "before the update: ");
		return FALSE;
	}
	if (readiness == FU_SCSI_WB_READINESS_NOT_READY &&
	    verdict->klass == FU_SCSI_WB_CLASS_ACCEPTED) {
		g_set_error_literal(error,
				    FWUPD_ERROR,
				    FWUPD_ERROR_NEEDS_USER_ACTION,
				    "before the update: the device takes firmware only when it is "
				    "not ready: unload its medium, then update again");
		return FALSE;
	}
	return TRUE;
}

/**
 * fu_scsi_wb_ready_wait:
 * @transport: a #FuScsiWbTransport
 * @limit_ms: how long to wait at most
 * @error: (nullable): optional return location for an error
 *
 * Waits until the device answers again after it has taken its new firmware into use. A drive
 * without a medium, or a stopped disk, answers.
 *
 * Returns: %TRUE if it does; %FWUPD_ERROR_TIMED_OUT with the last answer if it does not, or the
 * error of the judgement if there is no use in waiting
 **/
gboolean
fu_scsi_wb_ready_wait(FuScsiWbTransport *transport, guint limit_ms, GError **error)
{
	for (guint waited_ms = 0;; waited_ms += FU_SCSI_WB_READY_STEP_MS) {
		FuScsiWbAction action;
		g_autoptr(FuScsiWbVerdict) verdict = fu_scsi_wb_ready_ask(transport, error);

		if (verdict == NULL)
			return FALSE;
		action = fu_scsi_wb_policy_next(verdict->klass, FU_SCSI_WB_PLACE_WAITING);
		if (action == FU_SCSI_WB_ACTION_CONTINUE)
			return TRUE;
		if (action != FU_SCSI_WB_ACTION_WAIT) {
			fu_scsi_wb_error_set(verdict, error);
			g_prefix_error_literal(error, "after the update: ");
			return FALSE;
		}
		if (waited_ms >= limit_ms) {
			g_set_error(error,
				    FWUPD_ERROR,
				    FWUPD_ERROR_TIMED_OUT,
				    "after the update: the device is not back after %u s (%s): do "
				    "not switch it off; look at it, then refresh",
				    limit_ms / 1000,
				    verdict->words);
			return FALSE;
		}
		fu_scsi_wb_transport_sleep(transport, FU_SCSI_WB_READY_STEP_MS);
	}
}
