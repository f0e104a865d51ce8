/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-compat.h"
#include "fu-scsi-wb-device.h"
#include "fu-scsi-wb-enumerate.h"
#include "fu-scsi-wb-fact.h"
#include "fu-scsi-wb-named.h"
#include "fu-scsi-wb-usage.h"

/**
 * FuScsiWbEnumerateReturn:
 * @plugin: whose device it is
 * @device: was removed, and has another path
 **/
typedef struct {
	FuPlugin *plugin;
	FuDevice *device;
} FuScsiWbEnumerateReturn;

/* the administrator's word counts as much as a quirk row's */
static FuDevice *
fu_scsi_wb_enumerate_new_device(FuPlugin *plugin, FuDevice *donor)
{
	g_autoptr(FuDevice) device =
	    g_object_new(FU_TYPE_SCSI_WB_DEVICE, "context", fu_plugin_get_context(plugin), NULL);

	fu_device_incorporate(device, donor, FU_DEVICE_INCORPORATE_FLAG_ALL);
	if (fu_plugin_get_config_value_boolean(plugin, "AllowInUse"))
		fu_device_add_private_flag(device, "allow-in-use");
	if (fu_plugin_get_config_value_boolean(plugin, "EnumerateUnlisted"))
		fu_scsi_wb_device_allow_unlisted(FU_SCSI_WB_DEVICE(device));
	return g_steal_pointer(&device);
}

/* the name comes first: nearly all are told apart by it, and there may be thousands of them */
static gboolean
fu_scsi_wb_enumerate_leads_to(FuScsiWbDevice *self, const FuScsiWbIdentity *identity)
{
	const FuScsiWbIdentity *identity_self = fu_scsi_wb_device_get_update(self).identity;

	return g_strcmp0(identity_self->wwid, identity->wwid) == 0 &&
	       !fu_scsi_wb_fact_is_replayed(FU_UDEV_DEVICE(self)) &&
	       fu_scsi_wb_identity_check_same(identity_self, identity, NULL);
}

/* who is one logical unit with the device, reached by another node; a recording is no way to the
 * device that it was made of */
static FuScsiWbDevice *
fu_scsi_wb_enumerate_find_listed(FuPlugin *plugin, FuScsiWbDevice *device)
{
	GPtrArray *devices = fu_plugin_get_devices(plugin);
	const FuScsiWbIdentity *identity = fu_scsi_wb_device_get_update(device).identity;

	if (identity->wwid == NULL || fu_scsi_wb_fact_is_replayed(FU_UDEV_DEVICE(device)))
		return NULL;
	for (guint i = 0; i < devices->len; i++) {
		FuScsiWbDevice *listed = FU_SCSI_WB_DEVICE(g_ptr_array_index(devices, i));
		if (fu_scsi_wb_enumerate_leads_to(listed, identity))
			return listed;
	}
	return NULL;
}

/* one more node may mean one more user */
static void
fu_scsi_wb_enumerate_add_path(FuScsiWbDevice *self, FuScsiWbDevice *other)
{
	FuScsiWbUpdate update = fu_scsi_wb_device_get_update(self);
	g_autoptr(GError) error_local = NULL;

	fu_scsi_wb_paths_add_node(update.paths,
				  fu_udev_device_get_sysfs_path(FU_UDEV_DEVICE(other)));
	if (!fu_device_poll(FU_DEVICE(self), &error_local))
		g_debug("not looked at again: %s", error_local->message);
}

static gboolean
fu_scsi_wb_enumerate_check_new(FuPlugin *plugin, FuDevice *device, GError **error)
{
	FuScsiWbDevice *listed =
	    fu_scsi_wb_enumerate_find_listed(plugin, FU_SCSI_WB_DEVICE(device));

	if (listed == NULL)
		return TRUE;
	fu_scsi_wb_enumerate_add_path(listed, FU_SCSI_WB_DEVICE(device));
	g_set_error(error,
		    FWUPD_ERROR,
		    FWUPD_ERROR_NOT_SUPPORTED,
		    "another path to what is listed already, as %s",
		    fu_device_get_id(FU_DEVICE(listed)));
	return FALSE;
}

/* without this `fwupdmgr update` would not know that a disk was mounted or unmounted since */
static void
fu_scsi_wb_enumerate_start_polling(FuPlugin *plugin, FuDevice *device)
{
	FuScsiWbUpdate update = fu_scsi_wb_device_get_update(FU_SCSI_WB_DEVICE(device));
	guint n_others = fu_plugin_get_devices(plugin)->len;

	if (fu_scsi_wb_profile_is_disruptive(update.profile))
		fu_device_set_poll_interval(device, fu_scsi_wb_usage_get_interval_ms(n_others));
}

/**
 * fu_scsi_wb_enumerate_add_donor:
 * @plugin: a #FuPlugin
 * @donor: a SCSI generic node, as fwupd's udev backend made it
 * @progress: (nullable): unused
 * @error: (nullable): optional return location for an error
 *
 * Lists the device behind a node. As fwupd would do it itself, but for a logical unit that is
 * listed already: that has one path more then, and no command is sent by it.
 *
 * Returns: %TRUE if it is listed now; %FWUPD_ERROR_NOT_SUPPORTED if it is not ours, or is listed by
 * another path
 **/
gboolean
fu_scsi_wb_enumerate_add_donor(FuPlugin *plugin,
			       FuDevice *donor,
			       FuProgress *progress,
			       GError **error)
{
	g_autoptr(FuDevice) device = NULL;
	g_autoptr(FuDeviceLocker) locker = NULL;

	/* the folder in /sys that a recording was made of may be another device's here */
	if (!fu_scsi_wb_fact_is_replayed(FU_UDEV_DEVICE(donor)) &&
	    !fu_scsi_wb_named_check(plugin,
				    fu_udev_device_get_sysfs_path(FU_UDEV_DEVICE(donor)),
				    error))
		return FALSE;
	device = fu_scsi_wb_enumerate_new_device(plugin, donor);
	if (!fu_device_probe(device, error))
		return FALSE;
	if (!fu_scsi_wb_enumerate_check_new(plugin, device, error))
		return FALSE;
	locker = fu_device_locker_new(device, error);
	if (locker == NULL)
		return FALSE;
	fu_scsi_wb_enumerate_start_polling(plugin, device);
	fu_scsi_wb_plugin_add_device(plugin, device);
	return TRUE;
}

static void
fu_scsi_wb_enumerate_return_free(gpointer user_data)
{
	FuScsiWbEnumerateReturn *self = user_data;
	g_object_unref(self->plugin);
	g_object_unref(self->device);
	g_free(self);
}

static gboolean
fu_scsi_wb_enumerate_return_cb(gpointer user_data)
{
	FuScsiWbEnumerateReturn *self = user_data;
	fu_scsi_wb_plugin_add_device(self->plugin, self->device);
	return G_SOURCE_REMOVE;
}

/**
 * fu_scsi_wb_enumerate_removed:
 * @plugin: a #FuPlugin
 * @device: what fwupd takes from its list, of any plugin
 * @error: (nullable): optional return location for an error
 *
 * Puts the entry back, with the same ID, if the node has gone but the logical unit has another
 * path, or is being updated by another thread and may just restart. That is done later: the list is
 * still busy removing it.
 *
 * Returns: %TRUE
 **/
gboolean
fu_scsi_wb_enumerate_removed(FuPlugin *plugin, FuDevice *device, GError **error)
{
	FuScsiWbEnumerateReturn *helper;
	FuScsiWbUpdate update;

	if (!FU_IS_SCSI_WB_DEVICE(device))
		return TRUE;
	update = fu_scsi_wb_device_get_update(FU_SCSI_WB_DEVICE(device));
	if (!fu_scsi_wb_paths_move(update.paths, update.identity, FU_UDEV_DEVICE(device)) &&
	    !fu_scsi_wb_device_is_busy(FU_SCSI_WB_DEVICE(device)))
		return TRUE;
	helper = g_new0(FuScsiWbEnumerateReturn, 1);
	helper->plugin = g_object_ref(plugin);
	helper->device = g_object_ref(device);
	g_idle_add_full(G_PRIORITY_DEFAULT_IDLE,
			fu_scsi_wb_enumerate_return_cb,
			helper,
			fu_scsi_wb_enumerate_return_free);
	return TRUE;
}
