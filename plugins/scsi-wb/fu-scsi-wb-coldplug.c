/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-coldplug.h"
#include "fu-scsi-wb-compat.h"
#include "fu-scsi-wb-enumerate.h"
#include "fu-scsi-wb-named.h"
#include "fu-scsi-wb-replay.h"

/*
 * With a libusb older than 1.0.27, as in Debian 12, libusb takes the netlink address that
 * fwupd 2.0.20 then wants for its udev backend: the backend gives up, and the daemon sees no disk
 * at all (fwupd/fwupd#8083, mended in later versions by fwupd/fwupd#10422). The backend cannot be
 * enabled again, but it can still make devices: so here the nodes are found that it would have
 * found. What is plugged in later is seen only when the daemon starts again, which it does after
 * some idle minutes.
 */

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

static gboolean
fu_scsi_wb_coldplug_add_path(FuPlugin *plugin, const gchar *path, GError **error)
{
	g_autoptr(FuBackend) backend = fu_scsi_wb_coldplug_get_backend(plugin);
	g_autoptr(FuDevice) donor = NULL;

	if (!fu_scsi_wb_named_check(plugin, path, error))
		return FALSE;
	donor = fu_backend_create_device(backend, path, error);
	if (donor == NULL)
		return FALSE;
	return fu_scsi_wb_enumerate_add_donor(plugin, donor, NULL, error);
}

static gint
fu_scsi_wb_coldplug_compare_cb(gconstpointer a, gconstpointer b)
{
	return g_strcmp0(*(const gchar *const *)a, *(const gchar *const *)b);
}

/* by where they are plugged in, so that of several paths to one device the same one comes first
 * whenever the daemon starts, and the entry keeps its ID */
static GPtrArray *
fu_scsi_wb_coldplug_list(FuContext *ctx)
{
	const gchar *name;
	g_autofree gchar *class_dir = fu_scsi_wb_build_sysfs_path(ctx, "class", "scsi_generic");
	g_autoptr(GDir) dir = NULL;
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);

	if (class_dir != NULL)
		dir = g_dir_open(class_dir, 0, NULL);

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree gchar *link = g_build_filename(class_dir, name, NULL);
		gchar *path = fu_path_make_absolute(link, NULL);
		if (path != NULL)
			g_ptr_array_add(paths, path);
	}
	g_ptr_array_sort(paths, fu_scsi_wb_coldplug_compare_cb);
	return g_steal_pointer(&paths);
}

/**
 * fu_scsi_wb_coldplug_run:
 * @plugin: a #FuPlugin
 *
 * Finds and adds all SCSI generic nodes with a device that is ours, and from then on those that are
 * made of recordings.
 **/
void
fu_scsi_wb_coldplug_run(FuPlugin *plugin)
{
	g_autoptr(FuBackend) backend = fu_scsi_wb_coldplug_get_backend(plugin);
	g_autoptr(GPtrArray) paths = fu_scsi_wb_coldplug_list(fu_plugin_get_context(plugin));

	for (guint i = 0; i < paths->len; i++) {
		const gchar *path = g_ptr_array_index(paths, i);
		g_autoptr(GError) error_local = NULL;
		if (fu_scsi_wb_coldplug_add_path(plugin, path, &error_local))
			continue;
		if (g_error_matches(error_local, FWUPD_ERROR, FWUPD_ERROR_NOT_SUPPORTED)) {
			g_debug("ignoring %s: %s", path, error_local->message);
			continue;
		}
		g_warning("failed to add %s: %s", path, error_local->message);
	}
	fu_scsi_wb_replay_watch(plugin, backend);
}
