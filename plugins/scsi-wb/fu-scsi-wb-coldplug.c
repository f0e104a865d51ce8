/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-coldplug.h"
#include "fu-scsi-wb-device.h"

/*
 * With a libusb older than 1.0.27, as in Debian 12, libusb takes the netlink address that
 * fwupd 2.0.20 then wants for its udev backend: the backend gives up, and the daemon sees no disk
 * at all (fwupd/fwupd#8083, mended in later versions by fwupd/fwupd#10422). The backend cannot be
 * enabled again, but it can still make devices: so here the nodes are found that it would have
 * found. What is plugged in later is seen only when the daemon starts again, which it does after
 * some idle minutes.
 */

#define FU_SCSI_WB_COLDPLUG_DIR "/sys/class/scsi_generic"

static FuBackend *
fu_scsi_wb_coldplug_get_backend(FuPlugin *plugin)
{
	return fu_context_get_backend_by_name(fu_plugin_get_context(plugin), "udev", NULL);
}

/**
 * fu_scsi_wb_coldplug_is_needed:
 * @plugin: a #FuPlugin
 *
 * Tells whether fwupd's udev backend has given up.
 *
 * Returns: %TRUE if nobody else will find the devices
 **/
gboolean
fu_scsi_wb_coldplug_is_needed(FuPlugin *plugin)
{
	g_autoptr(FuBackend) backend = fu_scsi_wb_coldplug_get_backend(plugin);
	return backend != NULL && !fu_backend_get_enabled(backend);
}

/* as the daemon does with what a backend has found */
static gboolean
fu_scsi_wb_coldplug_add(FuPlugin *plugin,
			const gchar *name,
			FuScsiWbColdplugCreatedFunc created_func,
			GError **error)
{
	FuContext *ctx = fu_plugin_get_context(plugin);
	g_autofree gchar *path = g_build_filename(FU_SCSI_WB_COLDPLUG_DIR, name, NULL);
	g_autofree gchar *path_real = NULL;
	g_autoptr(FuBackend) backend = fu_scsi_wb_coldplug_get_backend(plugin);
	g_autoptr(FuDevice) device = NULL;
	g_autoptr(FuDevice) donor = NULL;
	g_autoptr(FuDeviceLocker) locker = NULL;

	path_real = fu_path_make_absolute(path, error);
	if (path_real == NULL)
		return FALSE;
	donor = fu_backend_create_device(backend, path_real, error);
	if (donor == NULL)
		return FALSE;
	device = g_object_new(FU_TYPE_SCSI_WB_DEVICE, "context", ctx, NULL);
	fu_device_incorporate(device, donor, FU_DEVICE_INCORPORATE_FLAG_ALL);
	if (!created_func(plugin, device, error))
		return FALSE;
	locker = fu_device_locker_new(device, error);
	if (locker == NULL)
		return FALSE;
	fu_plugin_device_add(plugin, device);
	return TRUE;
}

/**
 * fu_scsi_wb_coldplug_run:
 * @plugin: a #FuPlugin
 * @created_func: told of each device
 *
 * Finds and adds all SCSI generic nodes with a device that is ours.
 **/
void
fu_scsi_wb_coldplug_run(FuPlugin *plugin, FuScsiWbColdplugCreatedFunc created_func)
{
	const gchar *name;
	g_autoptr(GDir) dir = g_dir_open(FU_SCSI_WB_COLDPLUG_DIR, 0, NULL);

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autoptr(GError) error_local = NULL;
		if (fu_scsi_wb_coldplug_add(plugin, name, created_func, &error_local))
			continue;
		if (g_error_matches(error_local, FWUPD_ERROR, FWUPD_ERROR_NOT_SUPPORTED)) {
			g_debug("ignoring %s: %s", name, error_local->message);
			continue;
		}
		g_warning("failed to add %s: %s", name, error_local->message);
	}
}
