/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "fu-scsi-wb-paths.h"
#include "fu-scsi-wb-unit.h"

/* a folder that stands in for /sys: class/ and devices/ with nodes */

#define VENDOR	"ACME"
#define PRODUCT "ROCKETDISK"

typedef struct {
	const gchar *node; /* below devices/, e.g. host0/target0:0:0/0:0:0:0/scsi_generic/sg0 */
	guint8 name;	   /* last byte of its unique name, 0 for no page */
	const gchar *product;
	const gchar *state;
	const gchar *access_state; /* (nullable) */
} FuScsiWbPathsTestNode;

#define SG0 "host0/target0:0:0/0:0:0:0/scsi_generic/sg0"
#define SG1 "host0/target0:0:0/0:0:0:1/scsi_generic/sg1"
#define SG2 "host1/target1:0:0/1:0:0:0/scsi_generic/sg2"
#define SG3 "host2/target2:0:0/2:0:0:0/scsi_generic/sg3"

typedef struct {
	const gchar *name;
	FuScsiWbPathsTestNode nodes[4];
	const gchar *want;   /* chosen, when sg0 was in use */
	guint want_nodes;    /* known afterwards, with the chosen one */
	guint want_anywhere; /* disks that a reset of the target would hit */
} FuScsiWbPathsTestRow;

static const FuScsiWbPathsTestRow rows[] = {
    {"one", {{SG0, 1, PRODUCT, "running", NULL}}, SG0, 1, 1},
    {"two", {{SG0, 1, PRODUCT, "running", NULL}, {SG2, 1, PRODUCT, "running", NULL}}, SG0, 2, 2},
    {"gone", {{SG2, 1, PRODUCT, "running", NULL}}, SG2, 1, 1},
    {"gone-for-good", {{SG2, 2, PRODUCT, "running", NULL}}, SG0, 1, 0},
    {"name-taken-over", {{SG0, 2, PRODUCT, "running", NULL}}, SG0, 1, 1},
    {"name-taken-over-by-its-kind", {{SG0, 0, PRODUCT, "running", NULL}}, SG0, 1, 1},
    {"offline",
     {{SG0, 1, PRODUCT, "transport-offline", NULL}, {SG2, 1, PRODUCT, "running", NULL}},
     SG2,
     2,
     2},
    {"all-offline",
     {{SG0, 1, PRODUCT, "offline", NULL}, {SG2, 1, PRODUCT, "offline", NULL}},
     SG0,
     2,
     2},
    {"changed-hands",
     {{SG0, 2, PRODUCT, "running", NULL}, {SG2, 1, PRODUCT, "running", NULL}},
     SG2,
     1,
     1},
    {"same-name-other-product",
     {{SG0, 1, PRODUCT, "offline", NULL}, {SG2, 1, "OTHERDISK", "running", NULL}},
     SG0,
     1,
     1},
    {"no-page",
     {{SG0, 1, PRODUCT, "offline", NULL}, {SG2, 0, PRODUCT, "running", NULL}},
     SG0,
     1,
     1},
    {"standby",
     {{SG0, 1, PRODUCT, "running", "standby"}, {SG2, 1, PRODUCT, "running", "active/optimized"}},
     SG2,
     2,
     2},
    {"better",
     {{SG0, 1, PRODUCT, "running", "active/non-optimized"},
      {SG2, 1, PRODUCT, "running", "unavailable"},
      {SG3, 1, PRODUCT, "running", "active/optimized"}},
     SG3,
     3,
     3},
    {"as-good",
     {{SG0, 1, PRODUCT, "running", "active/non-optimized"},
      {SG2, 1, PRODUCT, "running", "active/non-optimized"}},
     SG0,
     2,
     2},
    {"other-unit-of-the-target",
     {{SG0, 1, PRODUCT, "running", NULL}, {SG1, 2, PRODUCT, "running", NULL}},
     SG0,
     1,
     2},
};

static void
fu_test_scsi_wb_paths_write(const gchar *dir, const gchar *name, const void *buf, gssize bufsz)
{
	g_autofree gchar *path = g_build_filename(dir, name, NULL);
	g_autoptr(GError) error = NULL;
	g_file_set_contents(path, buf, bufsz, &error);
	g_assert_no_error(error);
}

static gchar *
fu_test_scsi_wb_paths_node_dir(const gchar *dir, const gchar *node)
{
	return g_build_filename(dir, "devices", node, NULL);
}

static void
fu_test_scsi_wb_paths_link(const gchar *target, const gchar *dir, const gchar *name)
{
	g_autofree gchar *link = g_build_filename(dir, name, NULL);
	g_assert_cmpint(symlink(target, link), ==, 0);
}

static void
fu_test_scsi_wb_paths_add_node(const gchar *dir, const FuScsiWbPathsTestNode *node)
{
	/* one NAA designator of the logical unit */
	guint8 page[16] = {0x00, 0x83, 0x00, 0x0c, 0x01, 0x03, 0x00, 0x08, 0x50, 0, 0, 0, 0, 0, 0};
	g_autofree gchar *class_dir = g_build_filename(dir, "class", NULL);
	g_autofree gchar *node_dir = fu_test_scsi_wb_paths_node_dir(dir, node->node);
	g_autofree gchar *generic_dir = g_path_get_dirname(node_dir);
	g_autofree gchar *unit_dir = g_path_get_dirname(generic_dir);
	g_autofree gchar *name = g_path_get_basename(node_dir);

	g_assert_cmpint(g_mkdir_with_parents(node_dir, 0755), ==, 0);
	fu_test_scsi_wb_paths_link(class_dir, node_dir, "subsystem");
	fu_test_scsi_wb_paths_link(node_dir, class_dir, name);
	fu_test_scsi_wb_paths_write(unit_dir, "vendor", VENDOR "    \n", -1);
	fu_test_scsi_wb_paths_write(unit_dir, "model", node->product, -1);
	fu_test_scsi_wb_paths_write(unit_dir, "state", node->state, -1);
	if (node->access_state != NULL)
		fu_test_scsi_wb_paths_write(unit_dir, "access_state", node->access_state, -1);
	page[15] = node->name;
	if (node->name != 0)
		fu_test_scsi_wb_paths_write(unit_dir, "vpd_pg83", page, sizeof(page));
}

static FuScsiWbIdentity *
fu_test_scsi_wb_paths_new_identity(void)
{
	FuScsiWbIdentity *identity = fu_scsi_wb_identity_new();
	identity->vendor = g_strdup(VENDOR);
	identity->product = g_strdup(PRODUCT);
	identity->wwid = g_strdup("naa.5000000000000001");
	return identity;
}

static FuScsiWbPaths *
fu_test_scsi_wb_paths_start(const gchar *dir)
{
	FuScsiWbPaths *paths = fu_scsi_wb_paths_new();
	g_autofree gchar *node_dir = fu_test_scsi_wb_paths_node_dir(dir, SG0);
	g_autofree gchar *class_dir = g_build_filename(dir, "class", NULL);

	fu_scsi_wb_paths_start(paths, node_dir);
	if (paths->class_dir == NULL)
		paths->class_dir = g_steal_pointer(&class_dir); /* known from before it went */
	return paths;
}

static guint
fu_test_scsi_wb_paths_count_existing(GPtrArray *dirs)
{
	guint count = 0;
	for (guint i = 0; i < dirs->len; i++)
		count += g_file_test(g_ptr_array_index(dirs, i), G_FILE_TEST_IS_DIR) ? 1 : 0;
	return count;
}

static void
fu_test_scsi_wb_paths_choose_func(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		const FuScsiWbPathsTestRow *row = &rows[i];
		g_autofree gchar *dir = g_dir_make_tmp("scsi-wb-paths-XXXXXX", NULL);
		g_autofree gchar *class_dir = g_build_filename(dir, "class", NULL);
		g_autofree gchar *want = fu_test_scsi_wb_paths_node_dir(dir, row->want);
		g_autoptr(FuScsiWbIdentity) identity = fu_test_scsi_wb_paths_new_identity();
		g_autoptr(FuScsiWbPaths) paths = NULL;
		g_autoptr(GPtrArray) units = NULL;
		g_autoptr(GPtrArray) units_all = NULL;

		fu_scsi_wb_unit_row(row->name);
		g_assert_cmpint(g_mkdir(class_dir, 0755), ==, 0);
		for (guint j = 0; j < G_N_ELEMENTS(row->nodes) && row->nodes[j].node != NULL; j++)
			fu_test_scsi_wb_paths_add_node(dir, &row->nodes[j]);
		paths = fu_test_scsi_wb_paths_start(dir);
		g_assert_cmpstr(fu_scsi_wb_paths_choose(paths, identity), ==, want);
		g_assert_cmpstr(g_ptr_array_index(paths->nodes, 0), ==, want);
		fu_scsi_wb_paths_refresh(paths, identity);
		g_assert_cmpstr(g_ptr_array_index(paths->nodes, 0), ==, want);
		units = fu_scsi_wb_paths_get_units(paths, FALSE);
		g_assert_cmpuint(units->len, ==, row->want_nodes);
		units_all = fu_scsi_wb_paths_get_units(paths, TRUE);
		g_assert_cmpuint(fu_test_scsi_wb_paths_count_existing(units_all),
				 ==,
				 row->want_anywhere);
		fu_scsi_wb_unit_remove_tree(dir);
	}
}

static FuUdevDevice *
fu_test_scsi_wb_paths_new_device(const gchar *node_dir)
{
	FuUdevDevice *udev_device = g_object_new(FU_TYPE_UDEV_DEVICE, NULL);
	fu_device_set_backend_id(FU_DEVICE(udev_device), node_dir);
	return udev_device;
}

static gboolean
fu_test_scsi_wb_paths_is_there(const FuScsiWbPathsTestRow *row)
{
	for (guint i = 0; row->nodes[i].node != NULL; i++) {
		if (row->nodes[i].name == 1 && g_str_equal(row->nodes[i].product, PRODUCT))
			return TRUE;
	}
	return FALSE;
}

/* forgotten, and perhaps found again: what has taken its place is not opened */
static void
fu_test_scsi_wb_paths_find_again_func(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		const FuScsiWbPathsTestRow *row = &rows[i];
		g_autofree gchar *dir = g_dir_make_tmp("scsi-wb-paths-XXXXXX", NULL);
		g_autofree gchar *class_dir = g_build_filename(dir, "class", NULL);
		g_autofree gchar *before = fu_test_scsi_wb_paths_node_dir(dir, SG0);
		g_autofree gchar *want = fu_test_scsi_wb_paths_node_dir(dir, row->want);
		g_autoptr(FuScsiWbIdentity) identity = fu_test_scsi_wb_paths_new_identity();
		g_autoptr(FuScsiWbPaths) paths = NULL;
		g_autoptr(FuUdevDevice) udev_device = fu_test_scsi_wb_paths_new_device(before);

		fu_scsi_wb_unit_row(row->name);
		g_assert_cmpint(g_mkdir(class_dir, 0755), ==, 0);
		for (guint j = 0; row->nodes[j].node != NULL; j++)
			fu_test_scsi_wb_paths_add_node(dir, &row->nodes[j]);
		paths = fu_test_scsi_wb_paths_start(dir);
		g_assert_cmpint(fu_scsi_wb_paths_find_again(paths, identity, udev_device),
				==,
				fu_test_scsi_wb_paths_is_there(row));
		g_assert_cmpstr(fu_udev_device_get_sysfs_path(udev_device), ==, want);
		fu_scsi_wb_unit_remove_tree(dir);
	}
}

/* a device without a name that is unique in the world is never taken for another one */
static void
fu_test_scsi_wb_paths_no_name_func(void)
{
	const FuScsiWbPathsTestNode node = {SG2, 1, PRODUCT, "running", NULL};
	g_autofree gchar *dir = g_dir_make_tmp("scsi-wb-paths-XXXXXX", NULL);
	g_autofree gchar *class_dir = g_build_filename(dir, "class", NULL);
	g_autofree gchar *node_dir = fu_test_scsi_wb_paths_node_dir(dir, SG0);
	g_autoptr(FuScsiWbIdentity) identity = fu_test_scsi_wb_paths_new_identity();
	g_autoptr(FuScsiWbPaths) paths = NULL;
	g_autoptr(FuUdevDevice) udev_device = fu_test_scsi_wb_paths_new_device(node_dir);

	g_assert_cmpint(g_mkdir(class_dir, 0755), ==, 0);
	fu_test_scsi_wb_paths_add_node(dir, &node);
	paths = fu_test_scsi_wb_paths_start(dir);
	g_clear_pointer(&identity->wwid, g_free);
	g_assert_cmpstr(fu_scsi_wb_paths_choose(paths, identity), ==, node_dir);
	fu_scsi_wb_paths_refresh(paths, identity);
	g_assert_cmpuint(paths->nodes->len, ==, 1);
	g_assert_false(fu_scsi_wb_paths_find_again(paths, identity, udev_device));
	fu_scsi_wb_unit_remove_tree(dir);
}

static void
fu_test_scsi_wb_paths_share_target_func(void)
{
	const struct {
		const gchar *node;
		gboolean want;
	} others[] = {
	    {SG0, TRUE},
	    {SG1, TRUE},
	    {SG2, FALSE},
	};
	g_autoptr(FuScsiWbPaths) paths = fu_scsi_wb_paths_new();

	fu_scsi_wb_paths_add_node(paths, SG3);
	fu_scsi_wb_paths_add_node(paths, SG0);
	for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
		g_autoptr(FuScsiWbPaths) other = fu_scsi_wb_paths_new();
		fu_scsi_wb_paths_add_node(other, others[i].node);
		g_assert_cmpint(fu_scsi_wb_paths_share_target(paths, other), ==, others[i].want);
	}
}

/* the kernel's words, all of them */
static void
fu_test_scsi_wb_paths_rank_func(void)
{
	const gchar *access_states[] = {
	    "active/optimized",
	    "active/non-optimized",
	    "lba-dependent",
	};
	const gchar *access_states_unusable[] = {
	    "standby",
	    "unavailable",
	    "offline",
	    "transitioning",
	    "(unknown)",
	};
	guint rank_last = G_MAXUINT;

	for (guint i = 0; i < G_N_ELEMENTS(access_states); i++) {
		guint rank = fu_scsi_wb_paths_get_rank("running", access_states[i]);
		g_assert_cmpuint(rank, <, rank_last);
		g_assert_cmpuint(rank, >, 0);
		g_assert_cmpuint(fu_scsi_wb_paths_get_rank("offline", access_states[i]), ==, 0);
		rank_last = rank;
	}
	for (guint i = 0; i < G_N_ELEMENTS(access_states_unusable); i++) {
		g_assert_cmpuint(fu_scsi_wb_paths_get_rank("running", access_states_unusable[i]),
				 ==,
				 0);
	}
	g_assert_cmpuint(fu_scsi_wb_paths_get_rank("running", NULL), >, 0);
	g_assert_cmpuint(fu_scsi_wb_paths_get_rank(NULL, NULL), ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/paths/choose", fu_test_scsi_wb_paths_choose_func);
	g_test_add_func("/scsi-wb/paths/find-again", fu_test_scsi_wb_paths_find_again_func);
	g_test_add_func("/scsi-wb/paths/no-name", fu_test_scsi_wb_paths_no_name_func);
	g_test_add_func("/scsi-wb/paths/share-target", fu_test_scsi_wb_paths_share_target_func);
	g_test_add_func("/scsi-wb/paths/rank", fu_test_scsi_wb_paths_rank_func);
	return g_test_run();
}
