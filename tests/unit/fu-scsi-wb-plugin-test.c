/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-context-private.h"
#include "fu-plugin-private.h"
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

/* what fwupd has to know before it looks for devices: how ours are found, that ours comes before
 * fwupd's own for the same disk, and which formats of images there are */
static void
fu_test_scsi_wb_plugin_registered_func(void)
{
	FuPluginVfuncs vfuncs = {0};
	GPtrArray *rules;
	g_autoptr(FuContext) ctx = fu_context_new();
	g_autoptr(FuPlugin) plugin = fu_plugin_new(ctx);
	g_autoptr(GPtrArray) formats = NULL;
	g_autoptr(GPtrArray) subsystems = NULL;

	fu_plugin_set_name(plugin, "scsi_wb");
	fu_plugin_init_vfuncs(&vfuncs);
	vfuncs.load(ctx);
	vfuncs.constructed(G_OBJECT(plugin));
	rules = fu_plugin_get_rules(plugin, FU_PLUGIN_RULE_BETTER_THAN);
	g_assert_nonnull(rules);
	g_assert_cmpuint(rules->len, ==, 1);
	g_assert_cmpstr(g_ptr_array_index(rules, 0), ==, "scsi");
	subsystems = fu_context_get_udev_subsystems(ctx);
	g_assert_cmpuint(subsystems->len, ==, 1);
	g_assert_cmpstr(g_ptr_array_index(subsystems, 0), ==, "scsi_generic");
	formats = fu_context_get_firmware_gtype_ids(ctx);
	g_assert_cmpuint(formats->len, ==, 3);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/plugin/version", fu_test_scsi_wb_plugin_version_func);
	if (g_strcmp0(FU_SCSI_WB_FWUPD_VERSION, fwupd_version_string()) == 0) {
		g_test_add_func("/scsi-wb/plugin/registered",
				fu_test_scsi_wb_plugin_registered_func);
	}
	return g_test_run();
}
