/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-match.h"
#include "fu-scsi-wb-named.h"
#include "fu-scsi-wb-paths.h"
#include "fu-scsi-wb-unlisted.h"

/*
 * On a large machine most logical units are not ours, and thousands may have one name. So that
 * those do not cost the time it takes to make a device of them, each name is looked up once, as
 * soon as its first node is seen.
 */

/* a module has no type of its own to keep it in */
#define FU_SCSI_WB_NAMED_CACHE "fu-scsi-wb-named"

static GHashTable *
fu_scsi_wb_named_get_cache(FuPlugin *plugin)
{
	GHashTable *cache = g_object_get_data(G_OBJECT(plugin), FU_SCSI_WB_NAMED_CACHE);

	if (cache != NULL)
		return cache;
	cache = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_object_set_data_full(G_OBJECT(plugin),
			       FU_SCSI_WB_NAMED_CACHE,
			       cache,
			       (GDestroyNotify)g_hash_table_unref);
	return cache;
}

static gboolean
fu_scsi_wb_named_find_row(FuContext *ctx, const FuScsiWbIdentity *identity)
{
	g_auto(GStrv) ids = fu_scsi_wb_match_list_ids(identity);

	for (guint i = 0; ids[i] != NULL; i++) {
		g_autofree gchar *guid = fwupd_guid_hash_string(ids[i]);
		if (fu_context_lookup_quirk_by_id(ctx, guid, "ScsiWbMode") != NULL)
			return TRUE;
	}
	return FALSE;
}

static gboolean
fu_scsi_wb_named_lookup(FuPlugin *plugin, const FuScsiWbIdentity *identity)
{
	GHashTable *cache = fu_scsi_wb_named_get_cache(plugin);
	gboolean is_named;
	gpointer value = NULL;
	/* no part of it has a line break, as the text in /sys that it was read from */
	g_autofree gchar *name = g_strdup_printf("%02x\n%s\n%s",
						 (guint)identity->type,
						 identity->vendor,
						 identity->product);

	if (g_hash_table_lookup_extended(cache, name, NULL, &value))
		return GPOINTER_TO_INT(value);
	is_named = fu_scsi_wb_named_find_row(fu_plugin_get_context(plugin), identity);
	g_hash_table_insert(cache, g_steal_pointer(&name), GINT_TO_POINTER(is_named));
	return is_named;
}

/**
 * fu_scsi_wb_named_check:
 * @plugin: a #FuPlugin, which keeps what was looked up
 * @node_dir: folder in /sys of a SCSI generic node
 * @error: (nullable): optional return location for an error
 *
 * Checks whether a node can be one of ours before a device is made of it. No command is sent. One
 * that cannot be told from here, e.g. since it is gone again, is left to who makes the device.
 *
 * Returns: %FALSE with %FWUPD_ERROR_NOT_SUPPORTED if no quirk row has `ScsiWbMode` for the device
 * behind the node, and the administrator has not asked for such devices
 **/
gboolean
fu_scsi_wb_named_check(FuPlugin *plugin, const gchar *node_dir, GError **error)
{
	g_autoptr(FuScsiWbIdentity) identity = NULL;

	if (fu_plugin_get_config_value_boolean(plugin, "EnumerateUnlisted"))
		return TRUE;
	identity = fu_scsi_wb_paths_read_name(node_dir);
	if (identity == NULL || fu_scsi_wb_named_lookup(plugin, identity))
		return TRUE;
	return fu_scsi_wb_unlisted_check_allowed(identity, FALSE, error);
}
