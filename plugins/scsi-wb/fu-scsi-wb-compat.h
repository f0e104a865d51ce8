/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

/* for programs and tests, which load quirk files and fwupd.conf themselves */
#include "fu-config-private.h"	/* waive-pre-commit */
#include "fu-context-private.h" /* waive-pre-commit */

/*
 * What differs between the fwupd versions that this source builds for, and nothing else. No other
 * file asks which version it is.
 */

#if FWUPD_CHECK_VERSION(2, 1, 7)
typedef FuInputStream FuScsiWbStream;
#define fu_scsi_wb_stream_new(blob) fu_memory_input_stream_new_from_bytes(blob)
#else
typedef GInputStream FuScsiWbStream;
#define fu_scsi_wb_stream_new(blob) g_memory_input_stream_new_from_bytes(blob)
#endif

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FuScsiWbStream, g_object_unref)

/* how large an image may be, in bytes, 0 for any: from 2.1.7 on a class that does not say so takes
 * 100 MB, and is told to say it; before that, it takes any */
#if FWUPD_CHECK_VERSION(2, 1, 7)
#define fu_scsi_wb_class_init_size_max(klass, bytes) fu_firmware_set_size_max(klass, bytes)
#else
#define fu_scsi_wb_class_init_size_max(klass, bytes) ((void)0)
#endif

/* what FuProgress counts in */
#if FWUPD_CHECK_VERSION(2, 1, 3)
typedef gdouble FuScsiWbPercentage;
#else
typedef guint FuScsiWbPercentage;
#endif

/* who tells which flags a quirk row may carry: the class, once, or each device */
#if FWUPD_CHECK_VERSION(2, 1, 7)
typedef FuDeviceClass FuScsiWbFlagOwner;
#define fu_scsi_wb_class_init_flags(klass, register_func)   register_func(klass)
#define fu_scsi_wb_device_init_flags(device, register_func) ((void)0)
#else
typedef FuDevice FuScsiWbFlagOwner;
#define fu_scsi_wb_class_init_flags(klass, register_func)   ((void)0)
#define fu_scsi_wb_device_init_flags(device, register_func) register_func(device)
#endif

#if FWUPD_CHECK_VERSION(2, 1, 1)
#define fu_scsi_wb_plugin_add_device(plugin, device)	fu_plugin_add_device(plugin, device)
#define fu_scsi_wb_plugin_remove_device(plugin, device) fu_plugin_remove_device(plugin, device)
#define fu_scsi_wb_plugin_add_firmware_gtype(plugin, gtype)                                        \
	fu_plugin_add_firmware_gtype(plugin, gtype)
#else
#define fu_scsi_wb_plugin_add_device(plugin, device)                                               \
	fu_plugin_device_add(plugin, device) /* nocheck:name */
#define fu_scsi_wb_plugin_remove_device(plugin, device)                                            \
	fu_plugin_device_remove(plugin, device) /* nocheck:name */
#define fu_scsi_wb_plugin_add_firmware_gtype(plugin, gtype)                                        \
	fu_plugin_add_firmware_gtype(plugin, NULL, gtype)
#endif

/* where /sys is, which is elsewhere where FWUPD_SYSFSDIR says so */
#if FWUPD_CHECK_VERSION(2, 1, 1)
#define fu_scsi_wb_build_sysfs_path(ctx, ...)                                                      \
	fu_context_build_filename(ctx, NULL, FU_PATH_KIND_SYSFSDIR, __VA_ARGS__, NULL)
#else
#define fu_scsi_wb_build_sysfs_path(ctx, ...)                                                      \
	fu_path_build(FU_PATH_KIND_SYSFSDIR, __VA_ARGS__, NULL)
#endif

#if FWUPD_CHECK_VERSION(2, 1, 1)
/* 2.0 has two more variables of single folders, which programs and tests here use */
static inline void
fu_scsi_wb_load_path_store(FuPathStore *store)
{
	const gchar *quirks = g_getenv("FWUPD_LOCALSTATEDIR_QUIRKS");
	const gchar *sysfs = g_getenv("FWUPD_SYSFSDIR");

	fu_path_store_load_defaults(store);
	fu_path_store_load_from_env(store);
	if (quirks != NULL)
		fu_path_store_set_path(store, FU_PATH_KIND_LOCALSTATEDIR_QUIRKS, quirks);
	if (sysfs != NULL)
		fu_path_store_set_path(store, FU_PATH_KIND_SYSFSDIR, sysfs);
}
#endif

/**
 * fu_scsi_wb_load_paths:
 * @ctx: a #FuContext of a program or a test; the daemon has done so for its own
 *
 * Lets it know where fwupd's folders are, by the environment of now.
 **/
static inline void
fu_scsi_wb_load_paths(FuContext *ctx)
{
#if FWUPD_CHECK_VERSION(2, 1, 1)
	fu_scsi_wb_load_path_store(fu_context_get_path_store(ctx));
#endif
}

/**
 * fu_scsi_wb_dup_path:
 * @kind: which folder
 *
 * Finds one of fwupd's folders as a daemon that starts now would, by the environment of now.
 *
 * Returns: (transfer full) (nullable): its path
 **/
static inline gchar *
fu_scsi_wb_dup_path(FuPathKind kind)
{
#if FWUPD_CHECK_VERSION(2, 1, 1)
	g_autoptr(FuPathStore) store = fu_path_store_new();
	fu_scsi_wb_load_path_store(store);
	return g_strdup(fu_path_store_get_path(store, kind, NULL));
#else
	return fu_path_from_kind(kind);
#endif
}

/**
 * fu_scsi_wb_load_quirks:
 * @ctx: a #FuContext that has not loaded any
 * @error: (nullable): optional return location for an error
 *
 * Reads the quirk files as the daemon does when it starts, without writing to its cache.
 *
 * Returns: %FALSE with @error of any domain, on failure; a version that only warns of what it could
 * not read (2.1.5 and later) returns %TRUE all the same
 **/
static inline gboolean
fu_scsi_wb_load_quirks(FuContext *ctx, GError **error)
{
#if FWUPD_CHECK_VERSION(2, 1, 5)
	g_autoptr(FuProgress) progress = fu_progress_new(G_STRLOC);
	fu_scsi_wb_load_paths(ctx);
	fu_context_add_flag(ctx, FU_CONTEXT_FLAG_NO_CACHE);
	return fu_context_load(ctx, progress, FU_CONTEXT_LOAD_FLAG_NONE, error);
#else
	fu_scsi_wb_load_paths(ctx);
	return fu_context_load_quirks(ctx, FU_QUIRKS_LOAD_FLAG_NO_CACHE, error);
#endif
}

/**
 * fu_scsi_wb_load_config:
 * @ctx: a #FuContext that fu_scsi_wb_load_quirks() has read the quirk files for
 * @error: (nullable): optional return location for an error
 *
 * Reads fwupd.conf, which 2.1.5 and later have read with the quirk files, and do not read twice.
 *
 * Returns: %FALSE with @error of any domain, on failure
 **/
static inline gboolean
fu_scsi_wb_load_config(FuContext *ctx, GError **error)
{
#if FWUPD_CHECK_VERSION(2, 1, 5)
	return TRUE;
#else
	return fu_config_load(fu_context_get_config(ctx), FU_CONFIG_LOAD_FLAG_NONE, error);
#endif
}
