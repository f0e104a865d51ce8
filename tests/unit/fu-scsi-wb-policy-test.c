/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-policy.h"
#include "fu-scsi-wb-unit.h"

/* the columns of the table, in order */
static const FuScsiWbPlace places[] = {
    FU_SCSI_WB_PLACE_FIRST,
    FU_SCSI_WB_PLACE_MIDDLE,
    FU_SCSI_WB_PLACE_LAST,
    FU_SCSI_WB_PLACE_LAST | FU_SCSI_WB_PLACE_FINAL,
    FU_SCSI_WB_PLACE_ACTIVATE,
    FU_SCSI_WB_PLACE_WAITING,
    FU_SCSI_WB_PLACE_FIRST | FU_SCSI_WB_PLACE_LAST | FU_SCSI_WB_PLACE_FINAL,
    FU_SCSI_WB_PLACE_LINK,
};

/**
 * FuScsiWbPolicyTestRow:
 * @klass: what a result means
 * @want: a letter for each place, as of fu_scsi_wb_unit_action_to_letter()
 **/
typedef struct {
	FuScsiWbClass klass;
	const gchar *want;
} FuScsiWbPolicyTestRow;

/* a class that is not here fails everywhere, and is no reason against the link */
#define NOT_HERE "-------B"

static const FuScsiWbPolicyTestRow rows[] = {
    {FU_SCSI_WB_CLASS_ACCEPTED, "CCCCCCCC"},

    /* SAM-5 (INCITS 515): a command that ends with a unit attention was not executed. SCSI
     * Commands Reference Manual, Seagate 100293068, Rev. J, WRITE BUFFER: a reset in the middle
     * throws away what was sent */
    {FU_SCSI_WB_CLASS_UA_RESET, "IRRRSSIB"},
    {FU_SCSI_WB_CLASS_UA_MICROCODE, "SSSSSSSB"},
    {FU_SCSI_WB_CLASS_UA_INQUIRY, "ISSSSSIB"},
    {FU_SCSI_WB_CLASS_UA_OTHER, "SSSSSSSB"},

    /* of an earlier command: harmless before the first segment and after the last; and anywhere,
     * if the device has recovered from it */
    {FU_SCSI_WB_CLASS_DEFERRED_ERROR, "S----SSB"},
    {FU_SCSI_WB_CLASS_DEFERRED_RECOVERED, "SSSSSSSB"},

    /* the device says that it will take the command later */
    {FU_SCSI_WB_CLASS_BECOMING_READY, "WWWWWWWB"},
    {FU_SCSI_WB_CLASS_BUSY, "WWWWWWWB"},
    {FU_SCSI_WB_CLASS_NO_POWER, "WWWWWWWB"},

    /* another mode is tried only while nothing was accepted; INVALID FIELD IN CDB later means
     * that offset, length or BUFFER ID do not fit */
    {FU_SCSI_WB_CLASS_OPCODE_UNSUPPORTED, "B----CBB"},
    {FU_SCSI_WB_CLASS_CDB_FIELD, "B-----BB"},

    /* Linux drivers/scsi/sg.c: what is too large, or finds no memory, never reaches the device; in
     * the middle of a download other segments would not be those of the plan */
    {FU_SCSI_WB_CLASS_KERNEL_REFUSED, "L-----LB"},
    {FU_SCSI_WB_CLASS_KERNEL_MEMORY, "L----WLB"},
    {FU_SCSI_WB_CLASS_NO_RESOURCES, "LWWWWWLB"},

    /* Seagate 100293068, Rev. J, WRITE BUFFER: COMMAND SEQUENCE ERROR means that all is lost, and
     * for ACTIVATE that there is nothing to activate */
    {FU_SCSI_WB_CLASS_SEQUENCE, "RRRR--RB"},

    /* a device that is reset by its new firmware is away for a while, and its last answer, too */
    {FU_SCSI_WB_CLASS_GONE, "---VCWV-"},
    {FU_SCSI_WB_CLASS_HOST_RESET, "---VCWV-"},
    {FU_SCSI_WB_CLASS_HOST_ABORTED, "---V-WV-"},
    {FU_SCSI_WB_CLASS_HOST_ERROR, "---V-WV-"},
    {FU_SCSI_WB_CLASS_BUS_ERROR, "---V-WV-"},
    {FU_SCSI_WB_CLASS_TIMED_OUT, "---V-WV-"},
    {FU_SCSI_WB_CLASS_INTERRUPTED, "---V-WVB"},
    {FU_SCSI_WB_CLASS_NOT_READY, "-----W-B"},
    {FU_SCSI_WB_CLASS_NOT_ACCESSIBLE, "-----W-B"},
    {FU_SCSI_WB_CLASS_TASK_ABORTED, "-----W-S"},
    {FU_SCSI_WB_CLASS_ABORTED, "-----W-B"},
    {FU_SCSI_WB_CLASS_OTHER_SENSE, "-----W-B"},
    {FU_SCSI_WB_CLASS_OTHER_STATUS, "-----W-B"},

    /* it answers, though it has no medium or does not spin; it is started before the first segment,
     * where nothing is interrupted by that */
    {FU_SCSI_WB_CLASS_NEEDS_START, "T----CTB"},
    {FU_SCSI_WB_CLASS_NO_MEDIUM, "-----C-B"},
    {FU_SCSI_WB_CLASS_RESERVED, "-----C-B"},

    /* SPC-5 (INCITS 502): what a device that has the whole image says it needs; before that it is
     * about another image, which nobody asked us to activate */
    {FU_SCSI_WB_CLASS_NEEDS_ACTIVATION, "-----A-B"},
    {FU_SCSI_WB_CLASS_NEEDS_RESET, "-----Q-B"},
    {FU_SCSI_WB_CLASS_NEEDS_POWER_CYCLE, "-----P-B"},
    {FU_SCSI_WB_CLASS_NEEDS_IMAGE, "-RRR--RB"},

    /* the same would happen to an image */
    {FU_SCSI_WB_CLASS_TRANSFER_FAILED, "-----W--"},
    {FU_SCSI_WB_CLASS_RESIDUAL, "--------"},
    {FU_SCSI_WB_CLASS_INTERNAL, "--------"},
    {FU_SCSI_WB_CLASS_VENDOR_FAILED, "--------"},
    {FU_SCSI_WB_CLASS_ECHO_OVERWRITTEN, "-------S"},
};

static const gchar *
fu_test_scsi_wb_policy_find_want(FuScsiWbClass klass)
{
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (rows[i].klass == klass)
			return rows[i].want;
	}
	return NOT_HERE;
}

static void
fu_test_scsi_wb_policy_table_golden_func(void)
{
	for (FuScsiWbClass klass = 0; klass < FU_SCSI_WB_CLASS_LAST; klass++) {
		gchar found[G_N_ELEMENTS(places) + 1] = {0};

		fu_scsi_wb_unit_row(fu_scsi_wb_class_to_string(klass));
		for (guint i = 0; i < G_N_ELEMENTS(places); i++)
			found[i] = fu_scsi_wb_unit_action_to_letter(
			    fu_scsi_wb_policy_next(klass, places[i]));
		g_assert_cmpstr(found, ==, fu_test_scsi_wb_policy_find_want(klass));
	}
}

/* that the device does not look at offsets changes one row: an image that it refuses goes again */
static void
fu_test_scsi_wb_policy_table_unaddressed_func(void)
{
	const FuScsiWbPlace segments[] = {FU_SCSI_WB_PLACE_FIRST,
					  FU_SCSI_WB_PLACE_MIDDLE,
					  FU_SCSI_WB_PLACE_LAST,
					  FU_SCSI_WB_PLACE_LAST | FU_SCSI_WB_PLACE_FINAL};

	for (FuScsiWbClass klass = 0; klass < FU_SCSI_WB_CLASS_LAST; klass++) {
		fu_scsi_wb_unit_row(fu_scsi_wb_class_to_string(klass));
		for (guint i = 0; i < G_N_ELEMENTS(segments); i++) {
			FuScsiWbAction action =
			    fu_scsi_wb_policy_next(klass,
						   segments[i] | FU_SCSI_WB_PLACE_UNADDRESSED);
			g_assert_cmpint(action,
					==,
					klass == FU_SCSI_WB_CLASS_IMAGE_REFUSED
					    ? FU_SCSI_WB_ACTION_RESTART
					    : fu_scsi_wb_policy_next(klass, segments[i]));
		}
	}
}

/* what nobody has thought of fails */
static void
fu_test_scsi_wb_policy_table_unknown_func(void)
{
	for (FuScsiWbClass klass = 0; klass < FU_SCSI_WB_CLASS_LAST; klass++)
		g_assert_cmpint(fu_scsi_wb_policy_next(klass, 0), ==, FU_SCSI_WB_ACTION_FAIL);
	for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
		g_assert_cmpint(fu_scsi_wb_policy_next(FU_SCSI_WB_CLASS_LAST, places[i]),
				==,
				places[i] == FU_SCSI_WB_PLACE_LINK ? FU_SCSI_WB_ACTION_FALL_BACK
								   : FU_SCSI_WB_ACTION_FAIL);
	}
}

/* only a command that was accepted, or an activation that took the device away, goes on */
static void
fu_test_scsi_wb_policy_segment_continues_func(void)
{
	for (FuScsiWbClass klass = 0; klass < FU_SCSI_WB_CLASS_LAST; klass++) {
		if (klass == FU_SCSI_WB_CLASS_ACCEPTED)
			continue;
		fu_scsi_wb_unit_row(fu_scsi_wb_class_to_string(klass));
		for (guint place = 0; place <= (FU_SCSI_WB_PLACE_FIRST | FU_SCSI_WB_PLACE_MIDDLE |
						FU_SCSI_WB_PLACE_LAST);
		     place++) {
			g_assert_cmpint(fu_scsi_wb_policy_next(klass, place),
					!=,
					FU_SCSI_WB_ACTION_CONTINUE);
		}
	}
}

/* an answer is in doubt only where the device may have acted on it, and nobody activates anything
 * before the device has the whole image */
static void
fu_test_scsi_wb_policy_segment_doubt_func(void)
{
	const FuScsiWbPlace segment =
	    FU_SCSI_WB_PLACE_FIRST | FU_SCSI_WB_PLACE_MIDDLE | FU_SCSI_WB_PLACE_LAST;

	for (FuScsiWbClass klass = 0; klass < FU_SCSI_WB_CLASS_LAST; klass++) {
		fu_scsi_wb_unit_row(fu_scsi_wb_class_to_string(klass));
		for (guint place = 0; place <= segment; place++) {
			FuScsiWbAction action = fu_scsi_wb_policy_next(klass, place);
			g_assert_cmpint(action, !=, FU_SCSI_WB_ACTION_VERIFY);
			g_assert_cmpint(action, !=, FU_SCSI_WB_ACTION_ACTIVATE);
			g_assert_cmpint(action, !=, FU_SCSI_WB_ACTION_AWAIT_RESET);
			g_assert_cmpint(action, !=, FU_SCSI_WB_ACTION_AWAIT_POWER_CYCLE);
		}
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/policy/table/golden", fu_test_scsi_wb_policy_table_golden_func);
	g_test_add_func("/scsi-wb/policy/table/unaddressed",
			fu_test_scsi_wb_policy_table_unaddressed_func);
	g_test_add_func("/scsi-wb/policy/table/unknown", fu_test_scsi_wb_policy_table_unknown_func);
	g_test_add_func("/scsi-wb/policy/segment/continues",
			fu_test_scsi_wb_policy_segment_continues_func);
	g_test_add_func("/scsi-wb/policy/segment/doubt", fu_test_scsi_wb_policy_segment_doubt_func);
	return g_test_run();
}
