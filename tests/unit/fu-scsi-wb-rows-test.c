/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <glib/gstdio.h>

#include "fu-context-private.h"
#include "fu-scsi-wb-compat.h"
#include "fu-scsi-wb-match.h"
#include "fu-scsi-wb-rows.h"
#include "fu-scsi-wb-unit.h"

/* which rows hold where the system, the administrator and the command line each have some */

#define ID "SCSI\\VEN_ACME&DEV_VT-9-FH"

static gchar *
fu_test_scsi_wb_rows_make(const gchar *root, const gchar *name, const gchar *text)
{
	gchar *path = g_build_filename(root, name, NULL);
	g_autofree gchar *dir = g_path_get_dirname(path);
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(g_mkdir_with_parents(dir, 0755), ==, 0);
	g_file_set_contents(path, text, -1, &error);
	g_assert_no_error(error);
	return path;
}

static FuScsiWbIdentity *
fu_test_scsi_wb_rows_new_identity(void)
{
	FuScsiWbIdentity *identity = fu_scsi_wb_identity_new();

	identity->vendor = g_strdup("ACME");
	identity->product = g_strdup("VT-9 FH");
	identity->type = 0x01;
	return identity;
}

/* the last one counts, as for the plugin's device */
static void
fu_test_scsi_wb_rows_take_cb(FuContext *ctx,
			     const gchar *key,
			     const gchar *value,
			     FuContextQuirkSource source,
			     gpointer user_data)
{
	gchar **found = user_data;
	g_free(*found);
	*found = g_strdup(value);
}

static gchar *
fu_test_scsi_wb_rows_lookup(FuContext *ctx, const gchar *key)
{
	gchar *found = NULL;
	g_autofree gchar *guid = fwupd_guid_hash_string(ID);

	fu_context_lookup_quirk_by_id_iter(ctx, guid, key, fu_test_scsi_wb_rows_take_cb, &found);
	return found;
}

static void
fu_test_scsi_wb_rows_order_func(void)
{
	const gchar *settings[] = {"ScsiWbTimeout = 3", NULL};
	g_autofree gchar *chunk = NULL;
	g_autofree gchar *dir = NULL;
	g_autofree gchar *extra = NULL;
	g_autofree gchar *mode_last = NULL;
	g_autofree gchar *own = NULL;
	g_autofree gchar *own_dir = NULL;
	g_autofree gchar *root = g_dir_make_tmp("scsi-wb-rows-XXXXXX", NULL);
	g_autofree gchar *timeout = NULL;
	g_auto(GStrv) ids = NULL;
	g_autoptr(FuContext) ctx = fu_context_new();
	g_autoptr(FuScsiWbIdentity) identity = fu_test_scsi_wb_rows_new_identity();
	g_autoptr(GError) error = NULL;
	const gchar *files[2] = {NULL, NULL};

	own = fu_test_scsi_wb_rows_make(root,
					"own/zz-own.quirk",
					"[" ID "]\nScsiWbMode = 0x04\nScsiWbChunkSize = 1\n"
					"ScsiWbTimeout = 1\nScsiWbModeLast = 0x05\n");
	extra = fu_test_scsi_wb_rows_make(root,
					  "new.quirk",
					  "[" ID "]\nScsiWbChunkSize = 2\nScsiWbTimeout = 2\n");
	own_dir = g_path_get_dirname(own);
	g_setenv("FWUPD_DATADIR_QUIRKS", root, TRUE);
	g_setenv("FWUPD_LOCALSTATEDIR_QUIRKS", own_dir, TRUE);
	files[0] = extra;
	dir = fu_scsi_wb_rows_new_dir(files, settings, identity, &error);
	g_assert_no_error(error);
	g_setenv("FWUPD_LOCALSTATEDIR_QUIRKS", dir, TRUE);
	g_assert_cmpint(g_unlink(extra), ==, 0);
	g_assert_true(fu_scsi_wb_load_quirks(ctx, NULL));
	mode_last = fu_test_scsi_wb_rows_lookup(ctx, "ScsiWbModeLast");
	chunk = fu_test_scsi_wb_rows_lookup(ctx, "ScsiWbChunkSize");
	timeout = fu_test_scsi_wb_rows_lookup(ctx, "ScsiWbTimeout");
	g_assert_cmpstr(mode_last, ==, "0x05");
	g_assert_cmpstr(chunk, ==, "2");
	g_assert_cmpstr(timeout, ==, "3");
	ids = fu_scsi_wb_rows_find(ctx, identity);
	g_assert_cmpuint(g_strv_length(ids), ==, 1);
	g_assert_cmpstr(ids[0], ==, ID);
	fu_scsi_wb_rows_remove_dir(dir);
	g_assert_false(g_file_test(dir, G_FILE_TEST_EXISTS));

	/* the administrator's file was only lent */
	g_assert_true(g_file_test(own, G_FILE_TEST_EXISTS));
	fu_scsi_wb_unit_remove_tree(root);
}

static void
fu_test_scsi_wb_rows_missing_func(void)
{
	const gchar *files[] = {"/not/there.quirk", NULL};
	const gchar *settings[] = {NULL};
	g_autofree gchar *dir = NULL;
	g_autoptr(FuScsiWbIdentity) identity = fu_test_scsi_wb_rows_new_identity();
	g_autoptr(GError) error = NULL;

	dir = fu_scsi_wb_rows_new_dir(files, settings, identity, &error);
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_INVALID_FILE);
	g_assert_nonnull(strstr(error->message, "/not/there.quirk"));
	g_assert_null(dir);
}

/* the same IDs as the plugin's */
static void
fu_test_scsi_wb_rows_ids_func(void)
{
	g_auto(GStrv) ids = NULL;
	g_autoptr(FuContext) ctx = fu_context_new();
	g_autoptr(FuScsiWbIdentity) identity = fu_test_scsi_wb_rows_new_identity();
	g_autoptr(FuUdevDevice) device = g_object_new(FU_TYPE_UDEV_DEVICE, "context", ctx, NULL);

	g_assert_true(fu_scsi_wb_load_quirks(ctx, NULL));
	g_assert_true(fu_scsi_wb_match_quirks(device, identity, NULL));
	ids = fu_scsi_wb_match_list_ids(identity);
	g_assert_cmpuint(g_strv_length(ids), ==, 3);
	for (guint i = 0; ids[i] != NULL; i++) {
		fu_scsi_wb_unit_row(ids[i]);
		g_assert_true(fu_device_has_instance_id(FU_DEVICE(device),
							ids[i],
							FU_DEVICE_INSTANCE_FLAG_QUIRKS));
	}
	g_assert_cmpstr(ids[0], ==, "SCSI\\VEN_ACME&TYPE_01");
}

/* fwupd makes nothing of a name that has nothing but what it takes for a blank */
static void
fu_test_scsi_wb_rows_ids_of_blanks_func(void)
{
	const gchar *files[] = {NULL};
	const gchar *settings[] = {"ScsiWbMode=0x05", NULL};
	g_autofree gchar *dir = NULL;
	g_autoptr(FuScsiWbIdentity) identity = fu_test_scsi_wb_rows_new_identity();
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) ids = NULL;
	g_auto(GStrv) ids_none = NULL;

	g_free(identity->product);
	identity->product = g_strdup("--- (_)");
	ids = fu_scsi_wb_match_list_ids(identity);
	g_assert_cmpuint(g_strv_length(ids), ==, 2);
	g_assert_cmpstr(ids[0], ==, "SCSI\\VEN_ACME&TYPE_01");
	g_assert_cmpstr(ids[1], ==, "SCSI\\VEN_ACME");

	g_free(identity->vendor);
	identity->vendor = g_strdup("&");
	ids_none = fu_scsi_wb_match_list_ids(identity);
	g_assert_cmpuint(g_strv_length(ids_none), ==, 0);
	dir = fu_scsi_wb_rows_new_dir(files, settings, identity, &error);
	g_assert_null(dir);
	fu_scsi_wb_unit_assert_error(error,
				     FWUPD_ERROR_NOT_SUPPORTED,
				     "no quirk row can name a device of vendor '&'");
}

/* a device does not vanish for what it calls its revision */
static void
fu_test_scsi_wb_rows_revision_of_blanks_func(void)
{
	gboolean ret;
	g_autoptr(FuContext) ctx = fu_context_new();
	g_autoptr(FuScsiWbIdentity) identity = fu_test_scsi_wb_rows_new_identity();
	g_autoptr(FuUdevDevice) device = g_object_new(FU_TYPE_UDEV_DEVICE, "context", ctx, NULL);
	g_autoptr(GError) error = NULL;

	g_assert_true(fu_scsi_wb_load_quirks(ctx, NULL));
	fu_scsi_wb_identity_take_level(identity, g_strdup("----"));
	g_assert_true(fu_scsi_wb_match_quirks(device, identity, NULL));
	ret = fu_scsi_wb_match_revision(device, identity, &error);
	g_assert_no_error(error);
	g_assert_true(ret);
	g_assert_true(
	    fu_device_has_instance_id(FU_DEVICE(device), ID, FU_DEVICE_INSTANCE_FLAG_VISIBLE));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/rows/order", fu_test_scsi_wb_rows_order_func);
	g_test_add_func("/scsi-wb/rows/missing", fu_test_scsi_wb_rows_missing_func);
	g_test_add_func("/scsi-wb/rows/ids", fu_test_scsi_wb_rows_ids_func);
	g_test_add_func("/scsi-wb/rows/ids/of-blanks", fu_test_scsi_wb_rows_ids_of_blanks_func);
	g_test_add_func("/scsi-wb/rows/revision/of-blanks",
			fu_test_scsi_wb_rows_revision_of_blanks_func);
	return g_test_run();
}
