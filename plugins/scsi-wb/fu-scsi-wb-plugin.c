/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-coldplug.h"
#include "fu-scsi-wb-compat.h"
#include "fu-scsi-wb-device.h"
#include "fu-scsi-wb-enumerate.h"
#include "fu-scsi-wb-ibm-tape-firmware.h"
#include "fu-scsi-wb-plugin.h"
#include "fu-scsi-wb-profile.h"
#include "fu-scsi-wb-qualstar-firmware.h"
#include "fu-scsi-wb-seagate-firmware.h"
#include "fu-scsi-wb-shelf.h"

#define FU_SCSI_WB_PLUGIN_SHELF "fu-scsi-wb-shelf"

static void
fu_scsi_wb_plugin_load(FuContext *ctx)
{
	const gchar *key;
	for (guint i = 0; (key = fu_scsi_wb_profile_get_key(i)) != NULL; i++)
		fu_context_add_quirk_key(ctx, key);
}

static void
fu_scsi_wb_plugin_constructed(GObject *obj) /* nocheck:finalize */
{
	FuPlugin *plugin = FU_PLUGIN(obj);
	fu_plugin_add_rule(plugin, FU_PLUGIN_RULE_BETTER_THAN, "scsi");
	fu_plugin_add_device_udev_subsystem(plugin, "scsi_generic");
	fu_plugin_add_device_gtype(plugin, FU_TYPE_SCSI_WB_DEVICE);
	fu_scsi_wb_plugin_add_firmware_gtype(plugin, FU_TYPE_SCSI_WB_IBM_TAPE_FIRMWARE);
	fu_scsi_wb_plugin_add_firmware_gtype(plugin, FU_TYPE_SCSI_WB_QUALSTAR_FIRMWARE);
	fu_scsi_wb_plugin_add_firmware_gtype(plugin, FU_TYPE_SCSI_WB_SEAGATE_FIRMWARE);
	fu_plugin_set_config_default(plugin, "AllowInUse", "false");
	fu_plugin_set_config_default(plugin, "EnumerateUnlisted", "false");
	fu_plugin_set_config_default(plugin, "ParallelDevices", "8");
}

static gboolean
fu_scsi_wb_plugin_coldplug(FuPlugin *plugin, FuProgress *progress, GError **error)
{
	if (fu_scsi_wb_coldplug_is_needed(plugin))
		fu_scsi_wb_coldplug_run(plugin);
	return TRUE;
}

/* a module has no type of its own to keep it in */
static FuScsiWbShelf *
fu_scsi_wb_plugin_get_shelf(FuPlugin *plugin)
{
	return g_object_get_data(G_OBJECT(plugin), FU_SCSI_WB_PLUGIN_SHELF);
}

static void
fu_scsi_wb_plugin_take_shelf(FuPlugin *plugin, FuScsiWbShelf *shelf)
{
	g_object_set_data_full(G_OBJECT(plugin),
			       FU_SCSI_WB_PLUGIN_SHELF,
			       shelf,
			       (GDestroyNotify)fu_scsi_wb_shelf_free);
}

static gboolean
fu_scsi_wb_plugin_composite_prepare(FuPlugin *plugin, GPtrArray *devices, GError **error)
{
	g_autofree gchar *value = fu_plugin_get_config_value(plugin, "ParallelDevices");
	guint parallel = fu_scsi_wb_shelf_parse_parallel(value);

	fu_scsi_wb_plugin_take_shelf(plugin, fu_scsi_wb_shelf_new(devices, parallel));
	return TRUE;
}

static gboolean
fu_scsi_wb_plugin_composite_peek_firmware(FuPlugin *plugin,
					  FuDevice *device,
					  FuFirmware *firmware,
					  FuProgress *progress,
					  FwupdInstallFlags flags,
					  GError **error)
{
	FuScsiWbShelf *shelf = fu_scsi_wb_plugin_get_shelf(plugin);

	if (shelf != NULL)
		fu_scsi_wb_shelf_see_firmware(shelf, device, firmware, flags);
	return TRUE;
}

/* fwupd tells of the devices of all plugins, and of failures, too: those have nothing to share */
static gboolean
fu_scsi_wb_plugin_cleanup(FuPlugin *plugin,
			  FuDevice *device,
			  FuProgress *progress,
			  FwupdInstallFlags flags,
			  GError **error)
{
	GPtrArray *devices = fu_plugin_get_devices(plugin);
	FuScsiWbShelf *shelf = fu_scsi_wb_plugin_get_shelf(plugin);

	if (!FU_IS_SCSI_WB_DEVICE(device))
		return TRUE;
	for (guint i = 0; i < devices->len; i++) {
		fu_scsi_wb_device_share(FU_SCSI_WB_DEVICE(device),
					FU_SCSI_WB_DEVICE(g_ptr_array_index(devices, i)));
	}
	if (shelf != NULL)
		fu_scsi_wb_shelf_walk_on(shelf, device);
	return TRUE;
}

static gboolean
fu_scsi_wb_plugin_composite_cleanup(FuPlugin *plugin, GPtrArray *devices, GError **error)
{
	fu_scsi_wb_plugin_take_shelf(plugin, NULL);
	return TRUE;
}

/* FuPluginVfuncs is another name of this */
static void
fu_scsi_wb_plugin_set_vfuncs(FuPluginClass *plugin_class)
{
	plugin_class->load = fu_scsi_wb_plugin_load;
	plugin_class->constructed = fu_scsi_wb_plugin_constructed;
	plugin_class->backend_device_added = fu_scsi_wb_enumerate_add_donor;
	plugin_class->backend_device_removed = fu_scsi_wb_enumerate_removed;
	plugin_class->composite_prepare = fu_scsi_wb_plugin_composite_prepare;
	plugin_class->composite_peek_firmware = fu_scsi_wb_plugin_composite_peek_firmware;
	plugin_class->cleanup = fu_scsi_wb_plugin_cleanup;
	plugin_class->composite_cleanup = fu_scsi_wb_plugin_composite_cleanup;
	plugin_class->coldplug = fu_scsi_wb_plugin_coldplug;
}

#ifdef FU_SCSI_WB_BUILTIN

/* one of fwupd's own plugins is a type */
struct _FuScsiWbPlugin {
	FuPlugin parent_instance;
};

G_DEFINE_TYPE(FuScsiWbPlugin, fu_scsi_wb_plugin, FU_TYPE_PLUGIN)

static void
fu_scsi_wb_plugin_init(FuScsiWbPlugin *self)
{
}

static void
fu_scsi_wb_plugin_class_init(FuScsiWbPluginClass *klass)
{
	fu_scsi_wb_plugin_set_vfuncs(FU_PLUGIN_CLASS(klass));
}

#else

/**
 * fu_plugin_init_vfuncs:
 * @vfuncs: functions of the plugin
 *
 * Entry point of the module. fwupd has no ABI for plugins: the layout of its class structures
 * differs between versions, so a module of another version must not register a type.
 **/
G_MODULE_EXPORT void
fu_plugin_init_vfuncs(FuPluginVfuncs *vfuncs)
{
	if (g_strcmp0(fwupd_version_string(), FU_SCSI_WB_FWUPD_VERSION) != 0) {
		g_warning(
		    "scsi_wb was built for fwupd %s and this is %s: it stays out, install the "
		    "build for this version",
		    FU_SCSI_WB_FWUPD_VERSION,
		    fwupd_version_string());
		return;
	}
	fu_scsi_wb_plugin_set_vfuncs(vfuncs);
}

#endif
