/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-policy.h"

#define FIRST	    FU_SCSI_WB_PLACE_FIRST
#define MIDDLE	    FU_SCSI_WB_PLACE_MIDDLE
#define LAST	    FU_SCSI_WB_PLACE_LAST
#define ACTIVATE    FU_SCSI_WB_PLACE_ACTIVATE
#define WAITING	    FU_SCSI_WB_PLACE_WAITING
#define FINAL	    FU_SCSI_WB_PLACE_FINAL
#define LINK	    FU_SCSI_WB_PLACE_LINK
#define UNADDRESSED FU_SCSI_WB_PLACE_UNADDRESSED
#define SEGMENT	    (FIRST | MIDDLE | LAST)
#define COMMAND	    (SEGMENT | ACTIVATE)
#define ANYWHERE    (COMMAND | WAITING)

#define ANY_CLASS FU_SCSI_WB_CLASS_LAST

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
 * While waiting, any answer at all is what was waited for, and no answer, or one that a device
 * gives while it starts, is no surprise.
 */
static const FuScsiWbPolicyRule rules[] = {
    {FU_SCSI_WB_CLASS_ACCEPTED, ANYWHERE | LINK, FU_SCSI_WB_ACTION_CONTINUE},

    /* a device that was just put into another one's place says so, too: it may be another one */
    {FU_SCSI_WB_CLASS_UA_RESET, FIRST, FU_SCSI_WB_ACTION_IDENTIFY},
    {FU_SCSI_WB_CLASS_UA_RESET, ACTIVATE | WAITING, FU_SCSI_WB_ACTION_RESEND},
    {FU_SCSI_WB_CLASS_UA_RESET, MIDDLE | LAST, FU_SCSI_WB_ACTION_RESTART},
    {FU_SCSI_WB_CLASS_UA_MICROCODE, ANYWHERE, FU_SCSI_WB_ACTION_RESEND},
    {FU_SCSI_WB_CLASS_UA_OTHER, ANYWHERE, FU_SCSI_WB_ACTION_RESEND},

    /* between the first and the last segment there is no room for the question; the revision is
     * asked for at the end in any case */
    {FU_SCSI_WB_CLASS_UA_INQUIRY, FIRST, FU_SCSI_WB_ACTION_IDENTIFY},
    {FU_SCSI_WB_CLASS_UA_INQUIRY, ANYWHERE, FU_SCSI_WB_ACTION_RESEND},

    /* before the first segment it is about something else, later it may be about our data */
    {FU_SCSI_WB_CLASS_DEFERRED_ERROR, FIRST | WAITING, FU_SCSI_WB_ACTION_RESEND},
    {FU_SCSI_WB_CLASS_DEFERRED_RECOVERED, ANYWHERE, FU_SCSI_WB_ACTION_RESEND},

    {FU_SCSI_WB_CLASS_BECOMING_READY, ANYWHERE, FU_SCSI_WB_ACTION_WAIT},
    {FU_SCSI_WB_CLASS_BUSY, ANYWHERE, FU_SCSI_WB_ACTION_WAIT},
    {FU_SCSI_WB_CLASS_NO_POWER, ANYWHERE, FU_SCSI_WB_ACTION_WAIT},

    /* only where no sequence is interrupted by it */
    {FU_SCSI_WB_CLASS_NEEDS_START, FIRST, FU_SCSI_WB_ACTION_START},

    /* nothing was accepted yet, so nothing is lost with another mode */
    {FU_SCSI_WB_CLASS_OPCODE_UNSUPPORTED, FIRST, FU_SCSI_WB_ACTION_FALL_BACK},
    {FU_SCSI_WB_CLASS_CDB_FIELD, FIRST, FU_SCSI_WB_ACTION_FALL_BACK},

    /* the device has not seen it, or has no room for it, so nothing is lost with smaller segments
     * either; later the device has room again when it has stored what it has */
    {FU_SCSI_WB_CLASS_KERNEL_REFUSED, FIRST, FU_SCSI_WB_ACTION_SHRINK},
    {FU_SCSI_WB_CLASS_KERNEL_MEMORY, FIRST, FU_SCSI_WB_ACTION_SHRINK},
    {FU_SCSI_WB_CLASS_NO_RESOURCES, FIRST, FU_SCSI_WB_ACTION_SHRINK},
    {FU_SCSI_WB_CLASS_NO_RESOURCES, ANYWHERE, FU_SCSI_WB_ACTION_WAIT},

    /* the device has dropped all segments */
    {FU_SCSI_WB_CLASS_SEQUENCE, SEGMENT, FU_SCSI_WB_ACTION_RESTART},
    {FU_SCSI_WB_CLASS_NEEDS_IMAGE, MIDDLE | LAST, FU_SCSI_WB_ACTION_RESTART},

    /* the first of our segments may have continued what an earlier, broken-off download has left,
     * and the device has dropped all of it now; refused once more, the image is to blame */
    {FU_SCSI_WB_CLASS_IMAGE_REFUSED, UNADDRESSED, FU_SCSI_WB_ACTION_RESTART},

    /* the activation resets the device, its answer may never come: the INQUIRY after it decides */
    {FU_SCSI_WB_CLASS_GONE, ACTIVATE, FU_SCSI_WB_ACTION_CONTINUE},
    {FU_SCSI_WB_CLASS_HOST_RESET, ACTIVATE, FU_SCSI_WB_ACTION_CONTINUE},

    /* so does a last segment that activates, and nobody but the device knows whether it got it;
     * what the device itself has refused, and what never left the kernel, is not in doubt */
    {FU_SCSI_WB_CLASS_GONE, FINAL, FU_SCSI_WB_ACTION_VERIFY},
    {FU_SCSI_WB_CLASS_HOST_RESET, FINAL, FU_SCSI_WB_ACTION_VERIFY},
    {FU_SCSI_WB_CLASS_HOST_ABORTED, FINAL, FU_SCSI_WB_ACTION_VERIFY},
    {FU_SCSI_WB_CLASS_HOST_ERROR, FINAL, FU_SCSI_WB_ACTION_VERIFY},
    {FU_SCSI_WB_CLASS_BUS_ERROR, FINAL, FU_SCSI_WB_ACTION_VERIFY},
    {FU_SCSI_WB_CLASS_TIMED_OUT, FINAL, FU_SCSI_WB_ACTION_VERIFY},
    {FU_SCSI_WB_CLASS_INTERRUPTED, FINAL, FU_SCSI_WB_ACTION_VERIFY},

    {FU_SCSI_WB_CLASS_GONE, WAITING, FU_SCSI_WB_ACTION_WAIT},
    {FU_SCSI_WB_CLASS_HOST_RESET, WAITING, FU_SCSI_WB_ACTION_WAIT},
    {FU_SCSI_WB_CLASS_HOST_ABORTED, WAITING, FU_SCSI_WB_ACTION_WAIT},
    {FU_SCSI_WB_CLASS_HOST_ERROR, WAITING, FU_SCSI_WB_ACTION_WAIT},
    {FU_SCSI_WB_CLASS_BUS_ERROR, WAITING, FU_SCSI_WB_ACTION_WAIT},
    {FU_SCSI_WB_CLASS_TIMED_OUT, WAITING, FU_SCSI_WB_ACTION_WAIT},
    {FU_SCSI_WB_CLASS_KERNEL_MEMORY, WAITING, FU_SCSI_WB_ACTION_WAIT},
    {FU_SCSI_WB_CLASS_INTERRUPTED, WAITING, FU_SCSI_WB_ACTION_WAIT},
    {FU_SCSI_WB_CLASS_TASK_ABORTED, WAITING, FU_SCSI_WB_ACTION_WAIT},
    {FU_SCSI_WB_CLASS_ABORTED, WAITING, FU_SCSI_WB_ACTION_WAIT},
    {FU_SCSI_WB_CLASS_TRANSFER_FAILED, WAITING, FU_SCSI_WB_ACTION_WAIT},
    {FU_SCSI_WB_CLASS_OTHER_SENSE, WAITING, FU_SCSI_WB_ACTION_WAIT},
    {FU_SCSI_WB_CLASS_OTHER_STATUS, WAITING, FU_SCSI_WB_ACTION_WAIT},
    {FU_SCSI_WB_CLASS_NOT_READY, WAITING, FU_SCSI_WB_ACTION_WAIT},
    {FU_SCSI_WB_CLASS_NOT_ACCESSIBLE, WAITING, FU_SCSI_WB_ACTION_WAIT},
    {FU_SCSI_WB_CLASS_NEEDS_START, WAITING, FU_SCSI_WB_ACTION_CONTINUE},
    {FU_SCSI_WB_CLASS_NO_MEDIUM, WAITING, FU_SCSI_WB_ACTION_CONTINUE},
    {FU_SCSI_WB_CLASS_OPCODE_UNSUPPORTED, WAITING, FU_SCSI_WB_ACTION_CONTINUE},
    {FU_SCSI_WB_CLASS_RESERVED, WAITING, FU_SCSI_WB_ACTION_CONTINUE},

    /* the device has the whole image, and says what it is waiting for itself */
    {FU_SCSI_WB_CLASS_NEEDS_ACTIVATION, WAITING, FU_SCSI_WB_ACTION_ACTIVATE},
    {FU_SCSI_WB_CLASS_NEEDS_RESET, WAITING, FU_SCSI_WB_ACTION_AWAIT_RESET},
    {FU_SCSI_WB_CLASS_NEEDS_POWER_CYCLE, WAITING, FU_SCSI_WB_ACTION_AWAIT_POWER_CYCLE},

    /* what damages a pattern, or loses it, would do so to the image; a device without an echo
     * buffer has nothing to check, and what else keeps it from answering, the first segment meets,
     * too */
    {FU_SCSI_WB_CLASS_ECHO_OVERWRITTEN, LINK, FU_SCSI_WB_ACTION_RESEND},
    {FU_SCSI_WB_CLASS_TASK_ABORTED, LINK, FU_SCSI_WB_ACTION_RESEND},
    {FU_SCSI_WB_CLASS_TRANSFER_FAILED, LINK, FU_SCSI_WB_ACTION_FAIL},
    {FU_SCSI_WB_CLASS_RESIDUAL, LINK, FU_SCSI_WB_ACTION_FAIL},
    {FU_SCSI_WB_CLASS_GONE, LINK, FU_SCSI_WB_ACTION_FAIL},
    {FU_SCSI_WB_CLASS_TIMED_OUT, LINK, FU_SCSI_WB_ACTION_FAIL},
    {FU_SCSI_WB_CLASS_BUS_ERROR, LINK, FU_SCSI_WB_ACTION_FAIL},
    {FU_SCSI_WB_CLASS_HOST_RESET, LINK, FU_SCSI_WB_ACTION_FAIL},
    {FU_SCSI_WB_CLASS_HOST_ABORTED, LINK, FU_SCSI_WB_ACTION_FAIL},
    {FU_SCSI_WB_CLASS_HOST_ERROR, LINK, FU_SCSI_WB_ACTION_FAIL},
    {FU_SCSI_WB_CLASS_INTERNAL, LINK, FU_SCSI_WB_ACTION_FAIL},
    {FU_SCSI_WB_CLASS_VENDOR_FAILED, LINK, FU_SCSI_WB_ACTION_FAIL},
    {ANY_CLASS, LINK, FU_SCSI_WB_ACTION_FALL_BACK},
};

/**
 * fu_scsi_wb_policy_next:
 * @klass: what the result of a command means
 * @place: where the command stands; FIRST and LAST together for a single segment, LAST and FINAL
 * together for one that activates at once
 *
 * Decides what to do next. Bounds on repeating are the caller's. Of a pattern to the echo buffer,
 * %FU_SCSI_WB_ACTION_FALL_BACK is to do without it.
 *
 * Returns: an action
 **/
FuScsiWbAction
fu_scsi_wb_policy_next(FuScsiWbClass klass, FuScsiWbPlace place)
{
	for (guint i = 0; i < G_N_ELEMENTS(rules); i++) {
		if ((rules[i].places & place) == 0)
			continue;
		if (rules[i].klass == klass || rules[i].klass == ANY_CLASS)
			return rules[i].action;
	}
	return FU_SCSI_WB_ACTION_FAIL;
}
