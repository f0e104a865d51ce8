/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-activation.h"
#include "fu-scsi-wb-unit.h"

/* what brings the new firmware into use: the row's word, the MODE, and the device's bits */

#define PO  0x4
#define HR  0x2
#define VSE 0x1

/* VPD page 86h with DMS_VALID speaks of every mode */
#define ALL_MODES  0xe0f0
#define HAS_0F	   .modes_known = ALL_MODES, .modes = ALL_MODES
#define LACKS_0F   .modes_known = ALL_MODES, .modes = 0x60f0
#define REBOOT	   FU_SCSI_WB_ACTIVATION_REBOOT
#define POWER	   FU_SCSI_WB_ACTIVATION_POWER_CYCLE
#define COMMAND	   FU_SCSI_WB_ACTIVATION_COMMAND
#define IMMEDIATE  FU_SCSI_WB_ACTIVATION_IMMEDIATE
#define NEVER	   FU_SCSI_WB_ACTIVATION_NEVER
#define FLAG_BOOT  FU_SCSI_WB_FLAG_ACTIVATE_ON_REBOOT
#define FLAG_POWER FU_SCSI_WB_FLAG_ACTIVATE_ON_POWER_CYCLE

typedef struct {
	const gchar *name;
	guint8 mode_last;
	FuScsiWbProfile profile;
	FuScsiWbCaps caps;
	FuScsiWbActivation want;
} FuScsiWbActivationTestRow;

static const FuScsiWbActivationTestRow rows[] = {
    /* deferred, chosen by `auto` */
    {"0e silent", 0x0e, {0}, {0}, COMMAND},
    {"0e with 0f", 0x0e, {0}, {HAS_0F}, COMMAND},
    {"0e with 0f and events", 0x0e, {0}, {HAS_0F, .events = PO | HR}, COMMAND},
    {"0e with events, 0f not spoken of", 0x0e, {0}, {.events = PO | HR}, COMMAND},
    {"0e without 0f, power on", 0x0e, {0}, {LACKS_0F, .events = PO}, POWER},
    {"0e without 0f, reset", 0x0e, {0}, {LACKS_0F, .events = HR}, REBOOT},
    {"0e without 0f, power on and reset", 0x0e, {0}, {LACKS_0F, .events = PO | HR}, REBOOT},
    {"0e without 0f, a maker's event", 0x0e, {0}, {LACKS_0F, .events = VSE}, NEVER},
    {"0e without 0f, no event", 0x0e, {0}, {LACKS_0F}, NEVER},
    /* a row that defers is believed, but the device may know better what activates */
    {"row 0e without 0f, no event", 0x0e, {.mode = 0x0e}, {LACKS_0F}, COMMAND},
    {"row 0e without 0f, power on", 0x0e, {.mode = 0x0e}, {LACKS_0F, .events = PO}, POWER},
    /* the events of MODE 0Dh are those that the row selects */
    {"0d silent", 0x0d, {.mode = 0x0d}, {0}, COMMAND},
    {"0d with 0f", 0x0d, {.mode = 0x0d, .mode_specific = PO}, {HAS_0F}, COMMAND},
    {"0d power on", 0x0d, {.mode = 0x0d, .mode_specific = PO}, {LACKS_0F}, POWER},
    {"0d reset", 0x0d, {.mode = 0x0d, .mode_specific = HR}, {LACKS_0F}, REBOOT},
    {"0d both", 0x0d, {.mode = 0x0d, .mode_specific = PO | HR}, {LACKS_0F}, REBOOT},
    {"0d not selected", 0x0d, {.mode = 0x0d}, {LACKS_0F, .events = PO | HR}, NEVER},
    {"0d selected less",
     0x0d,
     {.mode = 0x0d, .mode_specific = PO},
     {LACKS_0F, .events = PO | HR},
     POWER},
    {"0d maker's event", 0x0d, {.mode = 0x0d, .mode_specific = VSE}, {LACKS_0F}, NEVER},
    /* modes that activate at once: ACTIVATE MICROCODE */
    {"07 does not say", 0x07, {0}, {.events = PO | HR}, IMMEDIATE},
    {"07 before the end", 0x07, {0}, {.activate_microcode = 1, .events = PO}, IMMEDIATE},
    {"07 reserved", 0x07, {0}, {.activate_microcode = 3, .events = PO}, IMMEDIATE},
    {"07 after an event", 0x07, {0}, {.activate_microcode = 2}, POWER},
    {"07 after power on", 0x07, {0}, {.activate_microcode = 2, .events = PO}, POWER},
    {"07 after reset", 0x07, {0}, {.activate_microcode = 2, .events = HR | PO}, REBOOT},
    {"05 after an event", 0x05, {0}, {.activate_microcode = 2, HAS_0F}, POWER},
    /* the row has the last word */
    {"row reboot", 0x07, {.mode = 0x07, .flags = FLAG_BOOT}, {.activate_microcode = 1}, REBOOT},
    {"row power", 0x0e, {.mode = 0x0e, .flags = FLAG_POWER}, {HAS_0F, .events = HR}, POWER},
};

static void
fu_test_scsi_wb_activation_find_func(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		const FuScsiWbActivationTestRow *row = &rows[i];
		FuScsiWbActivation got;

		fu_scsi_wb_unit_row(row->name);
		got = fu_scsi_wb_activation_find(&row->profile, &row->caps, row->mode_last);
		g_assert_cmpstr(fu_scsi_wb_activation_to_string(got),
				==,
				fu_scsi_wb_activation_to_string(row->want));
	}
}

/* firmware of which the device says that it waits, whatever its mode was: no way to leave out */
static void
fu_test_scsi_wb_activation_deferred_func(void)
{
	const struct {
		const gchar *name;
		FuScsiWbProfile profile;
		FuScsiWbCaps caps;
		FuScsiWbActivation want;
	} deferred_rows[] = {
	    {"silent", {.mode = 0x07}, {0}, COMMAND},
	    {"with 0f", {.mode = 0x07}, {HAS_0F, .events = HR}, COMMAND},
	    {"power on", {.mode = 0x07}, {LACKS_0F, .events = PO}, POWER},
	    {"reset", {.mode = 0x07}, {LACKS_0F, .events = HR}, REBOOT},
	    {"nothing", {.mode = 0x07}, {LACKS_0F}, NEVER},
	    {"row", {.mode = 0x07, .flags = FLAG_BOOT}, {HAS_0F}, REBOOT},
	};
	for (guint i = 0; i < G_N_ELEMENTS(deferred_rows); i++) {
		FuScsiWbActivation got;

		fu_scsi_wb_unit_row(deferred_rows[i].name);
		got = fu_scsi_wb_activation_find_deferred(&deferred_rows[i].profile,
							  &deferred_rows[i].caps);
		g_assert_cmpstr(fu_scsi_wb_activation_to_string(got),
				==,
				fu_scsi_wb_activation_to_string(deferred_rows[i].want));
	}
}

/* only a device that has spoken of a mode can lack it */
static void
fu_test_scsi_wb_activation_lacks_mode_func(void)
{
	const FuScsiWbCaps caps = {.modes_known = 1u << 0x0f | 1u << 0x0e, .modes = 1u << 0x0e};

	g_assert_true(fu_scsi_wb_activation_lacks_mode(&caps, 0x0f));
	g_assert_false(fu_scsi_wb_activation_lacks_mode(&caps, 0x0e));
	g_assert_false(fu_scsi_wb_activation_lacks_mode(&caps, 0x07));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/activation/find", fu_test_scsi_wb_activation_find_func);
	g_test_add_func("/scsi-wb/activation/deferred", fu_test_scsi_wb_activation_deferred_func);
	g_test_add_func("/scsi-wb/activation/lacks-mode",
			fu_test_scsi_wb_activation_lacks_mode_func);
	return g_test_run();
}
