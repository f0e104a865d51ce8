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

/* a disk that was stopped to save power takes firmware all the same, but has to be started */
static FuScsiWbVerdict *
fu_scsi_wb_ready_ask_started(FuScsiWbTransport *transport, GError **error)
{
	g_autoptr(FuScsiWbVerdict) verdict = fu_scsi_wb_command_test_unit_ready(transport, error);
	g_autoptr(FuScsiWbVerdict) verdict_start = NULL;

	if (verdict == NULL || verdict->klass != FU_SCSI_WB_CLASS_NEEDS_START)
		return g_steal_pointer(&verdict);
	verdict_start = fu_scsi_wb_command_start_unit(transport, error);
	if (verdict_start == NULL)
		return NULL;
	g_info("started a stopped device: %s", verdict_start->words);
	return fu_scsi_wb_command_test_unit_ready(transport, error);
}

/**
 * fu_scsi_wb_ready_check:
 * @transport: a #FuScsiWbTransport
 * @readiness: what TEST UNIT READY has to say
 * @may_start: a device that is stopped may be started: START STOP UNIT is for disks, the same
 *number moves the media of other devices
 * @error: (nullable): optional return location for an error
 *
 * Checks before the first segment that the device is in the state in which it takes firmware. One
 * that has to be ready and is stopped is started, if it may be.
 *
 * Returns: %TRUE if it is; %FWUPD_ERROR_NEEDS_USER_ACTION if it is ready and must not be, else
 * the error of the judgement
 **/
gboolean
fu_scsi_wb_ready_check(FuScsiWbTransport *transport,
		       FuScsiWbReadiness readiness,
		       gboolean may_start,
		       GError **error)
{
	g_autoptr(FuScsiWbVerdict) verdict = NULL;

	if (readiness == FU_SCSI_WB_READINESS_ANY)
		return TRUE;
	verdict = readiness == FU_SCSI_WB_READINESS_READY && may_start
		      ? fu_scsi_wb_ready_ask_started(transport, error)
		      : fu_scsi_wb_command_test_unit_ready(transport, error);
	if (verdict == NULL)
		return FALSE;

	/* one that has lost its firmware is not ready, but nothing else than an image helps it */
	if (verdict->klass == FU_SCSI_WB_CLASS_NEEDS_IMAGE)
		return TRUE;
	if (readiness == FU_SCSI_WB_READINESS_READY &&
	    verdict->klass != FU_SCSI_WB_CLASS_ACCEPTED) {
		fu_scsi_wb_error_set_verdict(verdict, error);
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

static void
fu_scsi_wb_ready_set_timed_out(const FuScsiWbVerdict *verdict, gint64 waited_ms, GError **error)
{
	g_set_error(error,
		    FWUPD_ERROR,
		    FWUPD_ERROR_TIMED_OUT,
		    "after the update: the device is not back after %" G_GINT64_FORMAT
		    " s (%s): do not switch it off; look at it, then refresh",
		    waited_ms / 1000,
		    verdict->words);
}

/**
 * fu_scsi_wb_ready_wait_for:
 * @transport: a #FuScsiWbTransport
 * @limit_ms: how long to wait at most, the time of the commands included
 * @actions: what else ends the wait, a bit each: 1 << FuScsiWbAction
 * @error: (nullable): optional return location for an error
 *
 * Waits until the device answers again after it has taken its new firmware into use. A drive
 * without a medium, or a stopped disk, answers. One that says how long its activation takes is
 * given that time, counted from the beginning.
 *
 * Returns: %FU_SCSI_WB_ACTION_CONTINUE if it answers, one of @actions if its answer calls for
 * that, or %FU_SCSI_WB_ACTION_FAIL: with %FWUPD_ERROR_TIMED_OUT and the last answer if it does not
 * answer, or with the error of the judgement if there is no use in waiting
 **/
FuScsiWbAction
fu_scsi_wb_ready_wait_for(FuScsiWbTransport *transport,
			  guint limit_ms,
			  guint actions,
			  GError **error)
{
	gint64 begin_ms = fu_scsi_wb_transport_get_time_ms(transport);

	for (;;) {
		FuScsiWbAction action;
		gint64 waited_ms;
		g_autoptr(FuScsiWbVerdict) verdict =
		    fu_scsi_wb_command_test_unit_ready(transport, error);

		if (verdict == NULL)
			return FU_SCSI_WB_ACTION_FAIL;
		action = fu_scsi_wb_policy_next(verdict->klass, FU_SCSI_WB_PLACE_WAITING);
		if (action == FU_SCSI_WB_ACTION_CONTINUE || (actions & (1u << action)) > 0)
			return action;

		/* it was told to activate, and may say until it has done so that it has to */
		if (action != FU_SCSI_WB_ACTION_WAIT && action != FU_SCSI_WB_ACTION_ACTIVATE) {
			fu_scsi_wb_error_set_verdict(verdict, error);
			g_prefix_error_literal(error, "after the update: ");
			return FU_SCSI_WB_ACTION_FAIL;
		}
		limit_ms = MAX(limit_ms, verdict->activation_s * 1000u);
		waited_ms = fu_scsi_wb_transport_get_time_ms(transport) - begin_ms;
		if (waited_ms >= limit_ms) {
			fu_scsi_wb_ready_set_timed_out(verdict, waited_ms, error);
			return FU_SCSI_WB_ACTION_FAIL;
		}
		if (verdict->klass == FU_SCSI_WB_CLASS_GONE)
			fu_scsi_wb_transport_find_again(transport);
		fu_scsi_wb_transport_sleep(transport, FU_SCSI_WB_READY_STEP_MS);
	}
}

/**
 * fu_scsi_wb_ready_wait:
 * @transport: a #FuScsiWbTransport
 * @limit_ms: how long to wait at most
 * @error: (nullable): optional return location for an error
 *
 * Does as fu_scsi_wb_ready_wait_for() where nothing but an answer is good enough.
 *
 * Returns: %TRUE if the device answers
 **/
gboolean
fu_scsi_wb_ready_wait(FuScsiWbTransport *transport, guint limit_ms, GError **error)
{
	return fu_scsi_wb_ready_wait_for(transport, limit_ms, 0, error) ==
	       FU_SCSI_WB_ACTION_CONTINUE;
}

/**
 * fu_scsi_wb_ready_flush:
 * @transport: a #FuScsiWbTransport
 * @error: (nullable): optional return location for an error
 *
 * Has a disk write its cache before it is reset. A disk that does not know the command has nothing
 * to write, and one that is stopped, or has no microcode that works, has nothing left to write.
 *
 * Returns: %TRUE if nothing can get lost, else the error of the judgement
 **/
gboolean
fu_scsi_wb_ready_flush(FuScsiWbTransport *transport, GError **error)
{
	g_autoptr(FuScsiWbVerdict) verdict = fu_scsi_wb_command_synchronize_cache(transport, error);

	if (verdict == NULL)
		return FALSE;
	if (verdict->klass == FU_SCSI_WB_CLASS_ACCEPTED ||
	    verdict->key == FU_SCSI_WB_SENSE_KEY_ILLEGAL_REQUEST ||
	    verdict->key == FU_SCSI_WB_SENSE_KEY_NOT_READY)
		return TRUE;
	fu_scsi_wb_error_set_verdict(verdict, error);
	g_prefix_error_literal(error, "before the update, emptying the disk's cache: ");
	return FALSE;
}
