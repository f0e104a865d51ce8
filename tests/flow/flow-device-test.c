/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-bed.h"
#include "fu-device-private.h"
#include "fu-progress-private.h"

/* what fwupd asks a device for, without an update */

#define ROW                                                                                        \
	"[SCSI\\VEN_WBSTD]\n"                                                                      \
	"ScsiWbMode = 0x0e\n"                                                                      \
	"ScsiWbChunkSize = 4096\n"                                                                 \
	"ScsiWbTimeout = 77\n"

/* `fwupdtool get-devices --verbose` is what a report of a defect has to have */
static void
fu_test_scsi_wb_flow_device_words_func(void)
{
	const gchar *wanted[] = {
	    "PeripheralType",
	    "Mode",
	    "ChunkSize",
	    "0x1000",
	    "Timeout",
	    "77",
	};
	g_autoptr(FlowBed) bed = flow_bed_new("std-version", ROW);
	g_autofree gchar *text = NULL;

	flow_bed_assert_enumerated(bed);
	text = fu_device_to_string(bed->device);
	for (guint i = 0; i < G_N_ELEMENTS(wanted); i++) {
		g_test_message("wanted: %s", wanted[i]);
		g_assert_nonnull(g_strstr_len(text, -1, wanted[i]));
	}
}

/* every step that fwupd takes has its share, and nearly all of it is the download's */
static void
fu_test_scsi_wb_flow_device_progress_func(void)
{
	const FwupdStatus wanted[] = {
	    FWUPD_STATUS_DECOMPRESSING,
	    FWUPD_STATUS_DEVICE_RESTART,
	    FWUPD_STATUS_DEVICE_WRITE,
	    FWUPD_STATUS_DEVICE_RESTART,
	    FWUPD_STATUS_DEVICE_BUSY,
	};
	g_autoptr(FlowBed) bed = flow_bed_new("std-version", ROW);
	g_autoptr(FuProgress) progress = fu_progress_new(G_STRLOC);

	fu_device_set_progress(bed->device, progress);
	g_assert_cmpuint(fu_progress_get_steps(progress), ==, G_N_ELEMENTS(wanted));
	for (guint i = 0; i < G_N_ELEMENTS(wanted); i++) {
		g_assert_cmpint(fu_progress_get_status(fu_progress_get_child(progress)),
				==,
				wanted[i]);
		g_assert_cmpuint(fu_progress_get_percentage(progress) >= 80, ==, i > 2);
		fu_progress_step_done(progress);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/flow/device/words", fu_test_scsi_wb_flow_device_words_func);
	g_test_add_func("/scsi-wb/flow/device/progress", fu_test_scsi_wb_flow_device_progress_func);
	return g_test_run();
}
