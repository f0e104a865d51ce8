/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "fu-scsi-wb-node.h"
#include "fu-scsi-wb-unit.h"

/* which SCSI generic node belongs to the node that the user has named */

#define UNIT "devices/0:0:0:0/"

static void
fu_test_scsi_wb_node_make_file(const gchar *root, const gchar *path, const gchar *text)
{
	g_autofree gchar *full = g_build_filename(root, path, NULL);
	g_autofree gchar *dir = g_path_get_dirname(full);
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(g_mkdir_with_parents(dir, 0755), ==, 0);
	g_file_set_contents(full, text, -1, &error);
	g_assert_no_error(error);
}

static void
fu_test_scsi_wb_node_make_link(const gchar *root, const gchar *path, const gchar *target)
{
	g_autofree gchar *full = g_build_filename(root, path, NULL);
	g_autofree gchar *dir = g_path_get_dirname(full);

	g_assert_cmpint(g_mkdir_with_parents(dir, 0755), ==, 0);
	g_assert_cmpint(symlink(target, full), ==, 0);
}

/* a disk with a partition, a tape without a SCSI generic node, a NVMe disk, maps on two paths */
static gchar *
fu_test_scsi_wb_node_make_sys(void)
{
	gchar *root = g_dir_make_tmp("scsi-wb-node-XXXXXX", NULL);

	g_assert_nonnull(root);
	fu_test_scsi_wb_node_make_file(root, UNIT "scsi_generic/sg3/dev", "21:3\n");
	fu_test_scsi_wb_node_make_file(root, UNIT "block/sdb/sdb1/partition", "1\n");
	fu_test_scsi_wb_node_make_file(root, UNIT "scsi_level", "7\n");
	fu_test_scsi_wb_node_make_file(root, UNIT "scsi_tape/nst0/dev", "9:128\n");
	fu_test_scsi_wb_node_make_link(root, UNIT "block/sdb/device", "../..");
	fu_test_scsi_wb_node_make_link(root, UNIT "scsi_tape/nst0/device", "../..");
	fu_test_scsi_wb_node_make_file(root, "devices/bare/scsi_level", "7\n");
	fu_test_scsi_wb_node_make_link(root, "devices/bare/block/sdc/device", "../..");
	fu_test_scsi_wb_node_make_file(root, "devices/nvme0/nvme0n1/size", "8\n");
	fu_test_scsi_wb_node_make_file(root, "devices/virtual/block/dm-0/dm/uuid", "mpath-3600\n");
	fu_test_scsi_wb_node_make_file(root, "devices/virtual/block/dm-0/slaves/sdd", "");
	fu_test_scsi_wb_node_make_file(root, "devices/virtual/block/dm-0/slaves/sdb", "");
	fu_test_scsi_wb_node_make_file(root, "devices/virtual/block/dm-1/dm/uuid", "LVM-abc\n");
	fu_test_scsi_wb_node_make_file(root, "devices/virtual/block/dm-1/slaves/dm-0", "");
	fu_test_scsi_wb_node_make_file(root, "devices/virtual/block/md0/slaves/sda1", "");
	return root;
}

typedef struct {
	const gchar *node_dir;
	const gchar *found; /* below the root, or NULL */
	const gchar *message;
} FuScsiWbNodeTestRow;

static const FuScsiWbNodeTestRow rows[] = {
    {UNIT "scsi_generic/sg3", UNIT "scsi_generic/sg3", NULL},
    {UNIT "block/sdb", UNIT "scsi_generic/sg3", NULL},
    {UNIT "scsi_tape/nst0", UNIT "scsi_generic/sg3", NULL},
    {UNIT "block/sdb/sdb1", NULL, "/dev/x is a partition: name its disk, /dev/sdb"},
    {"devices/bare/block/sdc",
     NULL,
     "/dev/x has no SCSI generic node: load the kernel module sg, then try again"},
    {"devices/nvme0/nvme0n1",
     NULL,
     "/dev/x is no SCSI device: name a SCSI generic node, /dev/sgN, or a disk, tape or library; "
     "lsscsi -g shows them"},
    {"devices/virtual/block/dm-0",
     NULL,
     "/dev/x is a multipath device: name one of its paths, /dev/sdb, /dev/sdd"},
    {"devices/virtual/block/dm-1",
     NULL,
     "/dev/x is made of other devices: name one of them, /dev/dm-0"},
    {"devices/virtual/block/md0",
     NULL,
     "/dev/x is made of other devices: name one of them, /dev/sda1"},
};

static void
fu_test_scsi_wb_node_rows_func(void)
{
	g_autofree gchar *root = fu_test_scsi_wb_node_make_sys();

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree gchar *found = NULL;
		g_autofree gchar *node_dir = g_build_filename(root, rows[i].node_dir, NULL);
		g_autofree gchar *want = NULL;
		g_autoptr(GError) error = NULL;

		fu_scsi_wb_unit_row(rows[i].node_dir);
		found = fu_scsi_wb_node_find_in("/dev/x", node_dir, &error);
		if (rows[i].found == NULL) {
			fu_scsi_wb_unit_assert_error(error,
						     FWUPD_ERROR_NOT_SUPPORTED,
						     rows[i].message);
			g_assert_null(found);
			continue;
		}
		g_assert_no_error(error);
		want = g_build_filename(root, rows[i].found, NULL);
		g_assert_cmpstr(found, ==, want);
	}
	fu_scsi_wb_unit_remove_tree(root);
}

/* the way from a node to its folder; /dev/null is 1:3 in every Linux */
static void
fu_test_scsi_wb_node_number_func(void)
{
	g_autofree gchar *found = NULL;
	g_autofree gchar *root = fu_test_scsi_wb_node_make_sys();
	g_autofree gchar *want = g_build_filename(root, UNIT "scsi_generic/sg3", NULL);
	g_autofree gchar *file = g_build_filename(root, UNIT "scsi_level", NULL);
	g_autofree gchar *message =
	    g_strdup_printf("%s is no device node: name one, e.g. /dev/sg0", file);
	g_autoptr(GError) error = NULL;
	g_autoptr(GError) error_missing = NULL;
	g_autoptr(GError) error_file = NULL;

	fu_test_scsi_wb_node_make_link(root, "dev/char/1:3", "../../" UNIT "scsi_generic/sg3");
	found = fu_scsi_wb_node_find("/dev/null", root, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(found, ==, want);
	g_assert_null(fu_scsi_wb_node_find("/dev/not-there", root, &error_missing));
	fu_scsi_wb_unit_assert_error(error_missing,
				     FWUPD_ERROR_NOT_FOUND,
				     "/dev/not-there: No such file or directory");
	g_assert_null(fu_scsi_wb_node_find(file, root, &error_file));
	fu_scsi_wb_unit_assert_error(error_file, FWUPD_ERROR_NOT_SUPPORTED, message);
	fu_scsi_wb_unit_remove_tree(root);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/node/rows", fu_test_scsi_wb_node_rows_func);
	g_test_add_func("/scsi-wb/node/number", fu_test_scsi_wb_node_number_func);
	return g_test_run();
}
