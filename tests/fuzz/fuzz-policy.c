/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-error.h"
#include "fu-scsi-wb-policy.h"
#include "fuzz-check.h"
#include "fuzz-policy.h"

#define CLASS(name) (1ULL << FU_SCSI_WB_CLASS_##name)

/* where the answer, or the command, was lost on the way: only what the device says itself is sure
 */
#define FUZZ_POLICY_LOST                                                                           \
	(CLASS(GONE) | CLASS(TIMED_OUT) | CLASS(BUS_ERROR) | CLASS(HOST_RESET) |                   \
	 CLASS(HOST_ABORTED) | CLASS(HOST_ERROR) | CLASS(INTERRUPTED))

/* "A unit attention means that a command was not executed", and so does a deferred error */
#define FUZZ_POLICY_NOT_EXECUTED                                                                   \
	(CLASS(UA_RESET) | CLASS(UA_MICROCODE) | CLASS(UA_INQUIRY) | CLASS(UA_OTHER) |             \
	 CLASS(DEFERRED_ERROR) | CLASS(DEFERRED_RECOVERED))

/* "While the device is busy or becoming ready the plugin waits", and while it lacks something */
#define FUZZ_POLICY_SOON                                                                           \
	(CLASS(BECOMING_READY) | CLASS(BUSY) | CLASS(NO_POWER) | CLASS(NO_RESOURCES))

/* "After a reset in the middle, or a command sequence error"; a device without firmware has lost
 * what it was sent, and one that does not look at offsets may have begun with another's image */
#define FUZZ_POLICY_DROPPED                                                                        \
	(CLASS(UA_RESET) | CLASS(SEQUENCE) | CLASS(NEEDS_IMAGE) | CLASS(IMAGE_REFUSED))

#define FIRST	    FU_SCSI_WB_PLACE_FIRST
#define MIDDLE	    FU_SCSI_WB_PLACE_MIDDLE
#define LAST	    FU_SCSI_WB_PLACE_LAST
#define FINAL	    FU_SCSI_WB_PLACE_FINAL
#define UNADDRESSED FU_SCSI_WB_PLACE_UNADDRESSED
#define ACTIVATE    FU_SCSI_WB_PLACE_ACTIVATE
#define WAITING	    FU_SCSI_WB_PLACE_WAITING
#define LINK	    FU_SCSI_WB_PLACE_LINK

/* as the download, the activation, the questions and the link check name them */
static const guint places[] = {
    FIRST,
    MIDDLE,
    LAST,
    LAST | FINAL,
    FIRST | LAST,
    FIRST | LAST | FINAL,
    FIRST | UNADDRESSED,
    MIDDLE | UNADDRESSED,
    LAST | UNADDRESSED,
    LAST | FINAL | UNADDRESSED,
    FIRST | LAST | UNADDRESSED,
    FIRST | LAST | FINAL | UNADDRESSED,
    ACTIVATE,
    WAITING,
    LINK,
};

/**
 * FuzzPolicyRule:
 * @action: what may be done next
 * @places: where
 * @classes: after what
 **/
typedef struct {
	FuScsiWbAction action;
	guint places;
	guint64 classes;
} FuzzPolicyRule;

/* all that an update may do; of a single segment what is allowed of a first or of a last one */
static const FuzzPolicyRule allowed[] = {
    {FU_SCSI_WB_ACTION_CONTINUE, FIRST | MIDDLE | LAST | LINK | WAITING, CLASS(ACCEPTED)},
    {FU_SCSI_WB_ACTION_CONTINUE, ACTIVATE, CLASS(ACCEPTED) | CLASS(GONE) | CLASS(HOST_RESET)},
    {FU_SCSI_WB_ACTION_CONTINUE,
     WAITING,
     CLASS(NEEDS_START) | CLASS(NO_MEDIUM) | CLASS(OPCODE_UNSUPPORTED) | CLASS(RESERVED)},
    {FU_SCSI_WB_ACTION_RESEND, FIRST, FUZZ_POLICY_NOT_EXECUTED & ~CLASS(UA_RESET)},
    {FU_SCSI_WB_ACTION_RESEND, WAITING, FUZZ_POLICY_NOT_EXECUTED},
    {FU_SCSI_WB_ACTION_RESEND,
     MIDDLE | LAST,
     FUZZ_POLICY_NOT_EXECUTED & ~(CLASS(UA_RESET) | CLASS(DEFERRED_ERROR))},
    {FU_SCSI_WB_ACTION_RESEND, ACTIVATE, FUZZ_POLICY_NOT_EXECUTED & ~CLASS(DEFERRED_ERROR)},
    {FU_SCSI_WB_ACTION_RESEND, LINK, CLASS(ECHO_OVERWRITTEN) | CLASS(TASK_ABORTED)},
    {FU_SCSI_WB_ACTION_WAIT, FIRST | MIDDLE | LAST | ACTIVATE, FUZZ_POLICY_SOON},
    {FU_SCSI_WB_ACTION_WAIT,
     WAITING,
     G_MAXUINT64 & ~(CLASS(ACCEPTED) | CLASS(RESIDUAL) | FUZZ_POLICY_NOT_EXECUTED)},
    {FU_SCSI_WB_ACTION_IDENTIFY, FIRST, CLASS(UA_INQUIRY) | CLASS(UA_RESET)},
    {FU_SCSI_WB_ACTION_START, FIRST, CLASS(NEEDS_START)},
    {FU_SCSI_WB_ACTION_RESTART, MIDDLE | LAST, FUZZ_POLICY_DROPPED & ~CLASS(IMAGE_REFUSED)},
    {FU_SCSI_WB_ACTION_RESTART, FIRST, CLASS(SEQUENCE)},
    {FU_SCSI_WB_ACTION_RESTART, UNADDRESSED, CLASS(IMAGE_REFUSED)},
    {FU_SCSI_WB_ACTION_FALL_BACK, FIRST, CLASS(OPCODE_UNSUPPORTED) | CLASS(CDB_FIELD)},
    {FU_SCSI_WB_ACTION_FALL_BACK,
     LINK,
     G_MAXUINT64 & ~(CLASS(ACCEPTED) | CLASS(RESIDUAL) | CLASS(TRANSFER_FAILED) |
		     (FUZZ_POLICY_LOST & ~CLASS(INTERRUPTED)))},
    {FU_SCSI_WB_ACTION_SHRINK,
     FIRST,
     CLASS(KERNEL_REFUSED) | CLASS(KERNEL_MEMORY) | CLASS(NO_RESOURCES)},
    {FU_SCSI_WB_ACTION_VERIFY, FINAL, FUZZ_POLICY_LOST},
    {FU_SCSI_WB_ACTION_ACTIVATE, WAITING, CLASS(NEEDS_ACTIVATION)},
    {FU_SCSI_WB_ACTION_AWAIT_RESET, WAITING, CLASS(NEEDS_RESET)},
    {FU_SCSI_WB_ACTION_AWAIT_POWER_CYCLE, WAITING, CLASS(NEEDS_POWER_CYCLE)},
};

static gboolean
fuzz_policy_is_allowed(FuScsiWbAction action, guint place, FuScsiWbClass klass)
{
	for (guint i = 0; i < G_N_ELEMENTS(allowed); i++) {
		if (allowed[i].action == action && (allowed[i].places & place) > 0 &&
		    (allowed[i].classes >> klass & 1) > 0)
			return TRUE;
	}
	return FALSE;
}

/* what is promised the other way round: nothing of this ends an update */
static gboolean
fuzz_policy_must_go_on(guint place, FuScsiWbClass klass)
{
	guint64 classes = CLASS(ACCEPTED) | CLASS(UA_MICROCODE) | CLASS(UA_OTHER) |
			  CLASS(UA_RESET) | CLASS(UA_INQUIRY) | FUZZ_POLICY_SOON;

	return place != LINK && (classes >> klass & 1) > 0;
}

static void
fuzz_policy_check_place(const FuScsiWbVerdict *verdict, guint place)
{
	FuScsiWbAction action = fu_scsi_wb_policy_next(verdict->klass, place);
	g_autoptr(GError) error = NULL;

	if (action != FU_SCSI_WB_ACTION_FAIL)
		g_assert_true(fuzz_policy_is_allowed(action, place, verdict->klass));
	else
		g_assert_false(fuzz_policy_must_go_on(place, verdict->klass));
	if (verdict->klass == FU_SCSI_WB_CLASS_ACCEPTED) {
		g_assert_cmpint(action, ==, FU_SCSI_WB_ACTION_CONTINUE);
		return;
	}
	fu_scsi_wb_error_set_at(verdict, place, &error);
	fuzz_check_error(error);
	fuzz_check_words(error->message);
	g_assert_nonnull(g_strstr_len(error->message, -1, verdict->words));
}

void
fuzz_policy_check(const FuScsiWbVerdict *verdict)
{
	g_assert_cmpint(verdict->klass, <, FU_SCSI_WB_CLASS_LAST);
	G_STATIC_ASSERT(FU_SCSI_WB_CLASS_LAST < 64);
	for (guint i = 0; i < G_N_ELEMENTS(places); i++)
		fuzz_policy_check_place(verdict, places[i]);
}
