/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-policy.h"

#define FIRST	 FU_SCSI_WB_PLACE_FIRST
#define MIDDLE	 FU_SCSI_WB_PLACE_MIDDLE
#define LAST	 FU_SCSI_WB_PLACE_LAST
#define ACTIVATE FU_SCSI_WB_PLACE_ACTIVATE
#define WAITING	 FU_SCSI_WB_PLACE_WAITING
#define SEGMENT	 (FIRST | MIDDLE | LAST)
#define COMMAND	 (SEGMENT | ACTIVATE)
#define ANYWHERE (COMMAND | WAITING)

typedef struct {
	FuScsiWbClass klass;
	guint places;
	FuScsiWbAction action;
} FuScsiWbPolicyRule;

/*
 * First match wins, what has no row fails.
 *
 * A unit attention means that the command was not executed (SAM-5, INCITS 515: unit attention
 * conditions), so the same one goes again, except where a reset has thrown away what was staged.
 * While waiting, any answer at all is what was waited for, and no answer is no surprise.
 */
static const FuScsiWbPolicyRule rules[] = {
    {FU_SCSI_WB_CLASS_ACCEPTED, ANYWHERE, FU_SCSI_WB_ACTION_CONTINUE},

    {FU_SCSI_WB_CLASS_UA_RESET, FIRST | ACTIVATE | WAITING, FU_SCSI_WB_ACTION_RESEND},
    {FU_SCSI_WB_CLASS_UA_RESET, MIDDLE | LAST, FU_SCSI_WB_ACTION_RESTART},
    {FU_SCSI_WB_CLASS_UA_MICROCODE, ANYWHERE, FU_SCSI_WB_ACTION_RESEND},
    {FU_SCSI_WB_CLASS_UA_OTHER, ANYWHERE, FU_SCSI_WB_ACTION_RESEND},

    /* before the first segment it is about something else, later it may be about our data */
    {FU_SCSI_WB_CLASS_DEFERRED_ERROR, FIRST | WAITING, FU_SCSI_WB_ACTION_RESEND},

    {FU_SCSI_WB_CLASS_BECOMING_READY, ANYWHERE, FU_SCSI_WB_ACTION_WAIT},
    {FU_SCSI_WB_CLASS_BUSY, ANYWHERE, FU_SCSI_WB_ACTION_WAIT},

    /* nothing was accepted yet, so nothing is lost with another mode */
    {FU_SCSI_WB_CLASS_OPCODE_UNSUPPORTED, FIRST, FU_SCSI_WB_ACTION_FALL_BACK},
    {FU_SCSI_WB_CLASS_CDB_FIELD, FIRST, FU_SCSI_WB_ACTION_FALL_BACK},

    /* the device has not seen it, so nothing is lost with smaller segments either */
    {FU_SCSI_WB_CLASS_KERNEL_REFUSED, FIRST, FU_SCSI_WB_ACTION_SHRINK},
    {FU_SCSI_WB_CLASS_KERNEL_MEMORY, FIRST, FU_SCSI_WB_ACTION_SHRINK},

    /* the device has dropped all segments */
    {FU_SCSI_WB_CLASS_SEQUENCE, SEGMENT, FU_SCSI_WB_ACTION_RESTART},

    /* the activation resets the device, its answer may never come: the INQUIRY after it decides */
    {FU_SCSI_WB_CLASS_GONE, ACTIVATE, FU_SCSI_WB_ACTION_CONTINUE},
    {FU_SCSI_WB_CLASS_HOST_RESET, ACTIVATE, FU_SCSI_WB_ACTION_CONTINUE},

    {FU_SCSI_WB_CLASS_GONE, WAITING, FU_SCSI_WB_ACTION_WAIT},
    {FU_SCSI_WB_CLASS_HOST_RESET, WAITING, FU_SCSI_WB_ACTION_WAIT},
    {FU_SCSI_WB_CLASS_HOST_ABORTED, WAITING, FU_SCSI_WB_ACTION_WAIT},
    {FU_SCSI_WB_CLASS_HOST_ERROR, WAITING, FU_SCSI_WB_ACTION_WAIT},
    {FU_SCSI_WB_CLASS_BUS_ERROR, WAITING, FU_SCSI_WB_ACTION_WAIT},
    {FU_SCSI_WB_CLASS_TIMED_OUT, WAITING, FU_SCSI_WB_ACTION_WAIT},
    {FU_SCSI_WB_CLASS_NOT_READY, WAITING, FU_SCSI_WB_ACTION_WAIT},
    {FU_SCSI_WB_CLASS_NEEDS_START, WAITING, FU_SCSI_WB_ACTION_CONTINUE},
    {FU_SCSI_WB_CLASS_NO_MEDIUM, WAITING, FU_SCSI_WB_ACTION_CONTINUE},
    {FU_SCSI_WB_CLASS_OPCODE_UNSUPPORTED, WAITING, FU_SCSI_WB_ACTION_CONTINUE},
    {FU_SCSI_WB_CLASS_RESERVED, WAITING, FU_SCSI_WB_ACTION_CONTINUE},
};

/**
 * fu_scsi_wb_policy_next:
 * @klass: what the result of a command means
 * @place: where the command stands; FIRST and LAST together for a single segment
 *
 * Decides what to do next. Bounds on repeating are the caller's.
 *
 * Returns: an action
 **/
FuScsiWbAction
fu_scsi_wb_policy_next(FuScsiWbClass klass, FuScsiWbPlace place)
{
	for (guint i = 0; i < G_N_ELEMENTS(rules); i++) {
		if (rules[i].klass == klass && (rules[i].places & place) > 0)
			return rules[i].action;
	}
	return FU_SCSI_WB_ACTION_FAIL;
}
