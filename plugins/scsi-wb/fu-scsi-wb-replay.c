/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-compat.h"
#include "fu-scsi-wb-enumerate.h"
#include "fu-scsi-wb-fact.h"
#include "fu-scsi-wb-replay.h"

/*
 * fwupd 2.0.20 has each backend make devices of the recordings that are loaded, but listens only to
 * backends that found devices when it started. Where its udev backend has given up (see
 * fu-scsi-wb-coldplug.c) a recording would be loaded, and nothing would come of it: so here is done
 * what fwupd would do with the devices, for those that are emulated.
 */

static void
fu_scsi_wb_replay_added_cb(FuBackend *backend, FuDevice *donor, gpointer user_data)
{
	g_autoptr(GError) error_local = NULL;

	if (!FU_IS_UDEV_DEVICE(donor) || !fu_scsi_wb_fact_is_replayed(FU_UDEV_DEVICE(donor)) ||
	    g_strcmp0(fu_udev_device_get_subsystem(FU_UDEV_DEVICE(donor)), "scsi_generic") != 0)
		return;
	if (!fu_scsi_wb_enumerate_add_donor(FU_PLUGIN(user_data), donor, NULL, &error_local)) {
		g_warning("failed to add %s: %s",
			  fu_device_get_backend_id(donor),
			  error_local->message);
	}
}

/* the emulated entry that was made of a device of the backend, or that device */
static FuDevice *
fu_scsi_wb_replay_find(FuPlugin *plugin, FuDevice *device)
{
	GPtrArray *devices = fu_plugin_get_devices(plugin);

	for (guint i = 0; i < devices->len; i++) {
		FuDevice *device_tmp = g_ptr_array_index(devices, i);
		if (fu_scsi_wb_fact_is_replayed(FU_UDEV_DEVICE(device_tmp)) &&
		    g_strcmp0(fu_device_get_backend_id(device_tmp),
			      fu_device_get_backend_id(device)) == 0)
			return device_tmp;
	}
	return NULL;
}

/* the next phase of the recording */
static void
fu_scsi_wb_replay_changed_cb(FuBackend *backend, FuDevice *donor, gpointer user_data)
{
	FuDevice *device = fu_scsi_wb_replay_find(FU_PLUGIN(user_data), donor);

	if (device != NULL)
		fu_device_incorporate(device, donor, FU_DEVICE_INCORPORATE_FLAG_ALL);
}

static void
fu_scsi_wb_replay_removed_cb(FuBackend *backend, FuDevice *donor, gpointer user_data)
{
	FuDevice *device = fu_scsi_wb_replay_find(FU_PLUGIN(user_data), donor);

	if (device != NULL)
		fu_scsi_wb_plugin_remove_device(FU_PLUGIN(user_data), device);
}

/**
 * fu_scsi_wb_replay_watch:
 * @plugin: a #FuPlugin
 * @backend: a #FuBackend that fwupd does not listen to
 *
 * Lists the emulated devices that the backend makes of recordings, as long as both exist.
 **/
void
fu_scsi_wb_replay_watch(FuPlugin *plugin, FuBackend *backend)
{
	const struct {
		const gchar *signal;
		GCallback callback;
	} handlers[] = {
	    {"device-added", G_CALLBACK(fu_scsi_wb_replay_added_cb)},
	    {"device-changed", G_CALLBACK(fu_scsi_wb_replay_changed_cb)},
	    {"device-removed", G_CALLBACK(fu_scsi_wb_replay_removed_cb)},
	};
	for (guint i = 0; i < G_N_ELEMENTS(handlers); i++) {
		g_signal_connect_object(backend,
					handlers[i].signal,
					handlers[i].callback,
					plugin,
					0);
	}
}
