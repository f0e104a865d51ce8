/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-pending.h"
#include "fu-scsi-wb-unit.h"

/* firmware that waits for an event: for which one, and what the user is told */

static void
fu_test_scsi_wb_pending_find_func(void)
{
	const struct {
		const gchar *name;
		FuScsiWbTraits traits;
		FuScsiWbActivation want;
	} rows[] = {
	    {"the best way with an event",
	     {.ways = {{.activation = FU_SCSI_WB_ACTIVATION_COMMAND},
		       {.activation = FU_SCSI_WB_ACTIVATION_POWER_CYCLE},
		       {.activation = FU_SCSI_WB_ACTIVATION_REBOOT}},
	      .n_ways = 3},
	     FU_SCSI_WB_ACTIVATION_POWER_CYCLE},
	    {"no more ways than there are",
	     {.ways = {{.activation = FU_SCSI_WB_ACTIVATION_IMMEDIATE},
		       {.activation = FU_SCSI_WB_ACTIVATION_REBOOT}},
	      .n_ways = 1},
	     FU_SCSI_WB_ACTIVATION_NEVER},
	    {"the device said that it waits",
	     {.ways = {{.activation = FU_SCSI_WB_ACTIVATION_IMMEDIATE}},
	      .n_ways = 1,
	      .activation_deferred = FU_SCSI_WB_ACTIVATION_REBOOT},
	     FU_SCSI_WB_ACTIVATION_REBOOT},
	    {"a command is no event",
	     {.ways = {{.activation = FU_SCSI_WB_ACTIVATION_COMMAND}},
	      .n_ways = 1,
	      .activation_deferred = FU_SCSI_WB_ACTIVATION_COMMAND},
	     FU_SCSI_WB_ACTIVATION_NEVER},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		fu_scsi_wb_unit_row(rows[i].name);
		g_assert_cmpstr(
		    fu_scsi_wb_activation_to_string(fu_scsi_wb_pending_find(&rows[i].traits)),
		    ==,
		    fu_scsi_wb_activation_to_string(rows[i].want));
	}
}

static void
fu_test_scsi_wb_pending_describe_func(void)
{
	const struct {
		const gchar *name;
		FuScsiWbActivation activation;
		FuScsiWbPeripheralType type;
		const gchar *node;
		const gchar *want;
	} rows[] = {
	    {"disk, power",
	     FU_SCSI_WB_ACTIVATION_POWER_CYCLE,
	     FU_SCSI_WB_PERIPHERAL_TYPE_DISK,
	     "/dev/sg3",
	     "power cycle the enclosure: the device still runs revision 0001, and the new firmware "
	     "comes into use only when its power has been off, which a reboot of this machine may "
	     "not do; if it has been off since the update, the device has dropped the new "
	     "firmware: install it again"},
	    {"enclosure, reset",
	     FU_SCSI_WB_ACTIVATION_REBOOT,
	     FU_SCSI_WB_PERIPHERAL_TYPE_ENCLOSURE,
	     "/dev/sg3",
	     "reset the device with sg_reset --device /dev/sg3, or power cycle the enclosure: the "
	     "device still runs revision 0001, and the new firmware comes into use only when it "
	     "is reset, which a reboot of this machine may not do; if it has been reset since the "
	     "update, it has dropped the new firmware: install it again"},
	    {"tape, reset, no node",
	     FU_SCSI_WB_ACTIVATION_REBOOT,
	     FU_SCSI_WB_PERIPHERAL_TYPE_TAPE,
	     NULL,
	     "reset the device with sg_reset --device /dev/sgN, or power cycle the device: the "
	     "device still runs revision 0001, and the new firmware comes into use only when it "
	     "is reset, which a reboot of this machine may not do; if it has been reset since the "
	     "update, it has dropped the new firmware: install it again"},
	    {"command",
	     FU_SCSI_WB_ACTIVATION_COMMAND,
	     FU_SCSI_WB_PERIPHERAL_TYPE_DISK,
	     "/dev/sg3",
	     NULL},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		const FuScsiWbIdentity identity = {
		    .type = rows[i].type,
		    .revision = (gchar *)"0001",
		};
		g_autofree gchar *got = NULL;

		fu_scsi_wb_unit_row(rows[i].name);
		got = fu_scsi_wb_pending_describe(rows[i].activation, &identity, rows[i].node);
		g_assert_cmpstr(got, ==, rows[i].want);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/pending/find", fu_test_scsi_wb_pending_find_func);
	g_test_add_func("/scsi-wb/pending/describe", fu_test_scsi_wb_pending_describe_func);
	return g_test_run();
}
