/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-plugin.h"

/* this program is built twice: once as for the fwupd that it links, once as for another one */

static void
fu_test_scsi_wb_plugin_version_func(void)
{
	gboolean is_other = g_strcmp0(FU_SCSI_WB_FWUPD_VERSION, fwupd_version_string()) != 0;
	FuPluginVfuncs vfuncs = {0};

	if (is_other) {
		g_test_expect_message("FuPluginScsiWb",
				      G_LOG_LEVEL_WARNING,
				      "scsi_wb was built for fwupd 1.2.3 and this is *: it stays "
				      "out, install the build for this version");
	}
	fu_plugin_init_vfuncs(&vfuncs);
	g_test_assert_expected_messages();
	g_assert_true((vfuncs.load == NULL) == is_other);
	g_assert_true((vfuncs.constructed == NULL) == is_other);
	g_assert_true((vfuncs.coldplug == NULL) == is_other);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/plugin/version", fu_test_scsi_wb_plugin_version_func);
	return g_test_run();
}
