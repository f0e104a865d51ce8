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
    FU_SCSI_WB_PLACE_ACTIVATE,
    FU_SCSI_WB_PLACE_WAITING,
    FU_SCSI_WB_PLACE_FIRST | FU_SCSI_WB_PLACE_LAST,
};

/**
 * FuScsiWbPolicyTestRow:
 * @klass: what a result means
 * @want: a letter for each place: C continue, S send again, W wait, R restart, B fall back to
 * another mode, L smaller segments, - fail
 **/
typedef struct {
	FuScsiWbClass klass;
	const gchar *want;
} FuScsiWbPolicyTestRow;

/* a class that is not here fails everywhere */
static const FuScsiWbPolicyTestRow rows[] = {
    {FU_SCSI_WB_CLASS_ACCEPTED, "CCCCCC"},

    /* SAM-5 (INCITS 515): a command that ends with a unit attention was not executed. SCSI
     * Commands Reference Manual, Seagate 100293068, Rev. J, WRITE BUFFER: a reset in the middle
     * throws away what was sent */
    {FU_SCSI_WB_CLASS_UA_RESET, "SRRSSS"},
    {FU_SCSI_WB_CLASS_UA_MICROCODE, "SSSSSS"},
    {FU_SCSI_WB_CLASS_UA_OTHER, "SSSSSS"},

    /* of an earlier command: harmless before the first segment and after the last */
    {FU_SCSI_WB_CLASS_DEFERRED_ERROR, "S---SS"},

    /* the device says that it will take the command later */
    {FU_SCSI_WB_CLASS_BECOMING_READY, "WWWWWW"},
    {FU_SCSI_WB_CLASS_BUSY, "WWWWWW"},

    /* another mode is tried only while nothing was accepted; INVALID FIELD IN CDB later means
     * that offset, length or BUFFER ID do not fit */
    {FU_SCSI_WB_CLASS_OPCODE_UNSUPPORTED, "B---CB"},
    {FU_SCSI_WB_CLASS_CDB_FIELD, "B----B"},

    /* Linux drivers/scsi/sg.c: what is too large, or finds no memory, never reaches the device; in
     * the middle of a download other segments would not be those of the plan */
    {FU_SCSI_WB_CLASS_KERNEL_REFUSED, "L----L"},
    {FU_SCSI_WB_CLASS_KERNEL_MEMORY, "L----L"},

    /* Seagate 100293068, Rev. J, WRITE BUFFER: COMMAND SEQUENCE ERROR means that all is lost, and
     * for ACTIVATE that there is nothing to activate */
    {FU_SCSI_WB_CLASS_SEQUENCE, "RRR--R"},

    /* a device that is reset by its new firmware is away for a while */
    {FU_SCSI_WB_CLASS_GONE, "---CW-"},
    {FU_SCSI_WB_CLASS_HOST_RESET, "---CW-"},
    {FU_SCSI_WB_CLASS_HOST_ABORTED, "----W-"},
    {FU_SCSI_WB_CLASS_HOST_ERROR, "----W-"},
    {FU_SCSI_WB_CLASS_BUS_ERROR, "----W-"},
    {FU_SCSI_WB_CLASS_TIMED_OUT, "----W-"},
    {FU_SCSI_WB_CLASS_NOT_READY, "----W-"},

    /* it answers, though it has no medium or does not spin */
    {FU_SCSI_WB_CLASS_NEEDS_START, "----C-"},
    {FU_SCSI_WB_CLASS_NO_MEDIUM, "----C-"},
    {FU_SCSI_WB_CLASS_RESERVED, "----C-"},
};

static gchar
fu_test_scsi_wb_policy_to_letter(FuScsiWbAction action)
{
	const gchar letters[] = {
	    [FU_SCSI_WB_ACTION_CONTINUE] = 'C',
	    [FU_SCSI_WB_ACTION_RESEND] = 'S',
	    [FU_SCSI_WB_ACTION_WAIT] = 'W',
	    [FU_SCSI_WB_ACTION_RESTART] = 'R',
	    [FU_SCSI_WB_ACTION_FALL_BACK] = 'B',
	    [FU_SCSI_WB_ACTION_SHRINK] = 'L',
	    [FU_SCSI_WB_ACTION_FAIL] = '-',
	};
	g_assert_cmpuint(action, <, G_N_ELEMENTS(letters));
	return letters[action];
}

static const gchar *
fu_test_scsi_wb_policy_find_want(FuScsiWbClass klass)
{
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (rows[i].klass == klass)
			return rows[i].want;
	}
	return "------";
}

static void
fu_test_scsi_wb_policy_table_golden_func(void)
{
	for (FuScsiWbClass klass = 0; klass < FU_SCSI_WB_CLASS_LAST; klass++) {
		gchar found[G_N_ELEMENTS(places) + 1] = {0};

		fu_scsi_wb_unit_row(fu_scsi_wb_class_to_string(klass));
		for (guint i = 0; i < G_N_ELEMENTS(places); i++)
			found[i] = fu_test_scsi_wb_policy_to_letter(
			    fu_scsi_wb_policy_next(klass, places[i]));
		g_assert_cmpstr(found, ==, fu_test_scsi_wb_policy_find_want(klass));
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
				FU_SCSI_WB_ACTION_FAIL);
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

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/policy/table/golden", fu_test_scsi_wb_policy_table_golden_func);
	g_test_add_func("/scsi-wb/policy/table/unknown", fu_test_scsi_wb_policy_table_unknown_func);
	g_test_add_func("/scsi-wb/policy/segment/continues",
			fu_test_scsi_wb_policy_segment_continues_func);
	return g_test_run();
}
