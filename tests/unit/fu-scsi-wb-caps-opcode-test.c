/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-unit-caps.h"

static void
fu_test_scsi_wb_caps_mode_func(void)
{
	const FuScsiWbUnitCapsRow rows[] = {
	    {"standard", {ONE(3, 7, 0, 0, 0)}, 14, 7, .want = {MODES(M07, M07, RSOC)}},
	    {"vendor's way", {ONE(5, 7, 0, 0, 0)}, 14, 7, .want = {MODES(M07, M07, RSOC)}},
	    {"not supported", {0, 1, 0, 10}, 4, 7, .want = {MODES(M07, 0, RSOC)}},
	    {"not supported, no size", {0, 1}, 64, 7, .want = {MODES(M07, 0, RSOC)}},
	    {"unavailable", {ONE(0, 7, 0, 0, 0)}, 14, 7, .want = {0}},
	    {"reserved 2", {ONE(2, 7, 0, 0, 0)}, 14, 7, .want = {0}},
	    {"reserved 4", {ONE(4, 7, 0, 0, 0)}, 14, 7, .want = {0}},
	    {"reserved 6", {ONE(6, 7, 0, 0, 0)}, 14, 7, .want = {0}},
	    {"reserved 7", {ONE(7, 7, 0, 0, 0)}, 14, 7, .want = {0}},
	    {"0Fh", {ONE(3, 15, 0, 0, 0)}, 14, 15, .want = {MODES(M0F, M0F, RSOC)}},
	    {"a second mode",
	     {ONE(3, 14, 0, 0, 0)},
	     14,
	     14,
	     {MODES(M07, 0, RSOC)},
	     {MODES(M07 | M0E, M0E, RSOC)}},
	    {"VPD knew that it has it",
	     {0, 1},
	     4,
	     7,
	     {MODES(M07, M07, VPD)},
	     {MODES(M07, M07, VPD)}},
	    {"VPD knew that it lacks it",
	     {ONE(3, 7, 0, 0, 0)},
	     14,
	     7,
	     {MODES(M07, 0, VPD)},
	     {MODES(M07, 0, VPD)}},
	    {"another command", {0, 3, 0, 10, 0x2a, 7}, 14, 7, .want = {0}},
	    {"size of another CDB", {0, 3, 0, 16, 0x3b, 7}, 64, 7, .want = {0}},
	    {"size of no CDB", {0, 3, 0xff, 0xff, 0x3b, 7}, 64, 7, .want = {0}},
	    {"affects all units",
	     {ONE(0x63, 7, 0, 0, 0)},
	     14,
	     7,
	     .want = {MODES(M07, M07, RSOC), .affects_all_units = TRUE}},
	    {"affects some units", {ONE(0x43, 7, 0, 0, 0)}, 14, 7, .want = {MODES(M07, M07, RSOC)}},
	    {"affects one unit", {ONE(0x23, 7, 0, 0, 0)}, 14, 7, .want = {MODES(M07, M07, RSOC)}},
	};
	fu_scsi_wb_unit_caps_check(fu_scsi_wb_unit_caps_opcode_cb, rows, G_N_ELEMENTS(rows));
}

#define BOTH  (M05 | M07)
#define NO_0E (BOTH | M0E)

/* the usage bits only let one guess */
#define GUESS(known, has) MODES(known, has, RSOC), .modes_guessed = BOTH

static void
fu_test_scsi_wb_caps_usage_func(void)
{
	const FuScsiWbUnitCapsRow rows[] = {
	    {"bits 2:0", {ONE(3, 0x07, 0, 0, 0)}, 14, .want = {GUESS(NO_0E, BOTH)}},
	    {"bits 3:0", {ONE(3, 0x0f, 0, 0, 0)}, 14, .want = {GUESS(BOTH, BOTH)}},
	    {"all bits", {ONE(3, 0xff, 0, 0, 0)}, 14, .want = {GUESS(BOTH, BOTH)}},
	    {"bits 2 and 0", {ONE(3, 0x05, 0, 0, 0)}, 14, .want = {GUESS(NO_0E, M05)}},
	    {"bits 2 and 1", {ONE(3, 0x06, 0, 0, 0)}, 14, .want = {GUESS(NO_0E, M05)}},
	    {"bit 2", {ONE(3, 0x04, 0, 0, 0)}, 14, .want = {GUESS(NO_0E, M05)}},
	    {"bits 1:0", {ONE(3, 0x03, 0, 0, 0)}, 14, .want = {0}},
	    {"MODE SPECIFIC alone", {ONE(3, 0xe0, 0, 0, 0)}, 14, .want = {0}},
	    {"not supported", {ONE(1, 0x07, 0, 0, 0)}, 14, .want = {0}},
	    {"known is kept",
	     {ONE(3, 0x07, 0, 0, 0)},
	     14,
	     0,
	     {MODES(M07, 0, VPD)},
	     {MODES(NO_0E, M05, VPD), .modes_guessed = M05}},
	    {"known 0Eh is kept",
	     {ONE(3, 0x07, 0, 0, 0)},
	     14,
	     0,
	     {MODES(M0E, M0E, VPD)},
	     {MODES(NO_0E, BOTH | M0E, VPD), .modes_guessed = BOTH}},
	};
	fu_scsi_wb_unit_caps_check(fu_scsi_wb_unit_caps_opcode_cb, rows, G_N_ELEMENTS(rows));
}

#define LENGTH(max, align)                                                                         \
	MODES(M07, M07, RSOC), .length_max_bytes = max, .length_align_bytes = align

static void
fu_test_scsi_wb_caps_length_func(void)
{
	const FuScsiWbUnitCapsRow rows[] = {
	    {"no bit", {ONE(3, 7, 0, 0, 0)}, 14, 7, .want = {LENGTH(0, 0)}},
	    {"all bits", {ONE(3, 7, 255, 255, 255)}, 14, 7, .want = {LENGTH(0, 1)}},
	    {"64 KiB", {ONE(3, 7, 0, 255, 255)}, 14, 7, .want = {LENGTH(65535, 1)}},
	    {"blocks", {ONE(3, 7, 0, 254, 0)}, 14, 7, .want = {LENGTH(65024, 512)}},
	    {"one length", {ONE(3, 7, 0, 128, 0)}, 14, 7, .want = {LENGTH(32768, 32768)}},
	    {"multiples of 4", {ONE(3, 7, 255, 255, 252)}, 14, 7, .want = {LENGTH(0xfffffc, 4)}},
	    {"highest bit", {ONE(3, 7, 128, 0, 0)}, 14, 7, .want = {LENGTH(0x800000, 0x800000)}},
	    {"no limit after a limit",
	     {ONE(3, 7, 255, 255, 255)},
	     14,
	     7,
	     {LENGTH(4096, 4)},
	     {LENGTH(4096, 4)}},
	    {"narrower", {ONE(3, 7, 0, 15, 248)}, 14, 7, {LENGTH(8192, 4)}, {LENGTH(4088, 8)}},
	    {"wider", {ONE(3, 7, 0, 255, 254)}, 14, 7, {LENGTH(8192, 4)}, {LENGTH(8192, 4)}},
	};
	fu_scsi_wb_unit_caps_check(fu_scsi_wb_unit_caps_opcode_cb, rows, G_N_ELEMENTS(rows));
}

#define SECONDS(nominal, recommended, specific)                                                    \
	MODES(M07, M07, RSOC), .timeout_nominal_s = nominal, .timeout_recommended_s = recommended, \
			       .timeout_limited_s = specific

static void
fu_test_scsi_wb_caps_timeouts_func(void)
{
	const FuScsiWbUnitCapsRow rows[] = {
	    {"all",
	     {ONE(0x83, 7, 0, 0, 0), TIMEOUTS(9, 5, 60)},
	     26,
	     7,
	     .want = {SECONDS(5, 60, 9)}},
	    {"more data",
	     {ONE(0x83, 7, 0, 0, 0), TIMEOUTS(9, 5, 60)},
	     64,
	     7,
	     .want = {SECONDS(5, 60, 9)}},
	    {"none given",
	     {ONE(0x83, 7, 0, 0, 0), TIMEOUTS(0, 0, 0)},
	     26,
	     7,
	     .want = {SECONDS(0, 0, 0)}},
	    {"CTDP 0",
	     {ONE(0x03, 7, 0, 0, 0), TIMEOUTS(9, 5, 60)},
	     26,
	     7,
	     .want = {SECONDS(0, 0, 0)}},
	    {"cut off",
	     {ONE(0x83, 7, 0, 0, 0), TIMEOUTS(9, 5, 60)},
	     25,
	     7,
	     .want = {SECONDS(0, 0, 0)}},
	    {"length 9", {ONE(0x83, 7, 0, 0, 0), 0, 9, 0, 9}, 26, 7, .want = {SECONDS(0, 0, 0)}},
	    {"length 11", {ONE(0x83, 7, 0, 0, 0), 0, 11, 0, 9}, 64, 7, .want = {SECONDS(0, 0, 0)}},
	    {"length 0", {ONE(0x83, 7, 0, 0, 0), 0, 0, 0, 9}, 64, 7, .want = {SECONDS(0, 0, 0)}},
	    {"length of nonsense",
	     {ONE(0x83, 7, 0, 0, 0), 255, 255, 0, 9},
	     64,
	     7,
	     .want = {SECONDS(0, 0, 0)}},
	    {"largest",
	     {ONE(0x83, 7, 0, 0, 0), 0, 10, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255},
	     26,
	     7,
	     .want = {SECONDS(G_MAXUINT32, G_MAXUINT32, 255)}},
	    {"not supported",
	     {ONE(0x81, 7, 0, 0, 0), TIMEOUTS(9, 5, 60)},
	     26,
	     7,
	     .want = {MODES(M07, 0, RSOC)}},
	    {"longer ones count",
	     {ONE(0x83, 7, 0, 0, 0), TIMEOUTS(9, 5, 60)},
	     26,
	     7,
	     {SECONDS(3, 99, 10)},
	     {SECONDS(5, 99, 10)}},
	    {"without a mode",
	     {ONE(0x83, 3, 0, 0, 0), TIMEOUTS(9, 5, 60)},
	     26,
	     0,
	     {MODES(M07, M07, RSOC)},
	     {SECONDS(5, 60, 9)}},
	};
	fu_scsi_wb_unit_caps_check(fu_scsi_wb_unit_caps_opcode_cb, rows, G_N_ELEMENTS(rows));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/caps/opcode/mode", fu_test_scsi_wb_caps_mode_func);
	g_test_add_func("/scsi-wb/caps/opcode/usage", fu_test_scsi_wb_caps_usage_func);
	g_test_add_func("/scsi-wb/caps/opcode/length", fu_test_scsi_wb_caps_length_func);
	g_test_add_func("/scsi-wb/caps/opcode/timeouts", fu_test_scsi_wb_caps_timeouts_func);
	return g_test_run();
}
