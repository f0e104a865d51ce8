/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <glib/gstdio.h>

#include "fu-scsi-wb-unit.h"
#include "fu-scsi-wb-usage.h"

/* folders that stand in for the logical unit's in /sys and for /proc */

typedef struct {
	const gchar *name;
	const gchar *files[6]; /* pairs: path, content */
	const gchar *want;
} FuScsiWbUsageTestRow;

#define MOUNT(number, source)                                                                      \
	"36 35 " number " / /srv/data rw,noatime shared:1 - ext4 " source " rw\n"

#define MPATH "unit/block/sda/holders/dm-0/"

static const FuScsiWbUsageTestRow rows[] = {
    {"free", {NULL}, NULL},
    {"disk-mounted",
     {"proc/self/mountinfo", MOUNT("8:0", "/dev/root")},
     "sda is mounted at /srv/data"},
    {"partition-mounted",
     {"proc/self/mountinfo", MOUNT("8:1", "/dev/root")},
     "sda1 is mounted at /srv/data"},
    {"mounted-by-source",
     {"proc/self/mountinfo", MOUNT("0:44", "/dev/sda1")},
     "sda1 is mounted at /srv/data"},
    {"other-disk-mounted", {"proc/self/mountinfo", MOUNT("8:10", "/dev/sda10")}, NULL},
    {"swap",
     {"proc/swaps", "Filename Type Size Used Priority\n/dev/sda1 partition 1 0 -2\n"},
     "sda1 is used for swap"},
    {"other-swap", {"proc/swaps", "Filename\n/dev/sda10 partition 1 0 -2\n"}, NULL},
    {"disk-held", {"unit/block/sda/holders/md127", ""}, "sda is part of md127"},
    {"partition-held",
     {"unit/block/sda/sda1/holders/dm-3", "", "unit/block/sda/sda1/holders/dm-1", ""},
     "sda1 is part of dm-1"},
    {"multipath-free", {MPATH "dm/uuid", "mpath-3600140500000001\n"}, NULL},
    {"multipath-mounted",
     {MPATH "dm/uuid", "mpath-3600140500000001\n", "proc/self/mountinfo", MOUNT("253:0", "x")},
     "dm-0 is mounted at /srv/data"},
    {"multipath-swap",
     {MPATH "dm/uuid", "mpath-36001\n", "proc/swaps", "/dev/mapper/mpatha partition 1 0 -2\n"},
     "dm-0 is used for swap"},
    {"multipath-held",
     {MPATH "dm/uuid", "mpath-36001\n", MPATH "holders/md127/md/level", "raid1\n"},
     "dm-0 is part of md127"},
    {"multipath-partition-free",
     {MPATH "dm/uuid", "mpath-36001\n", MPATH "holders/dm-1/dm/uuid", "part1-mpath-36001\n"},
     NULL},
    {"multipath-partition-held",
     {MPATH "dm/uuid",
      "mpath-36001\n",
      MPATH "holders/dm-1/dm/uuid",
      "part1-mpath-36001\n",
      MPATH "holders/dm-1/holders/dm-2/dm/uuid",
      "LVM-x\n"},
     "dm-1 is part of dm-2"},
    {"crypt-held", {MPATH "dm/uuid", "CRYPT-LUKS2-x\n"}, "sda is part of dm-0"},
    {"nonsense", {"proc/self/mountinfo", "36 35\n - \n - -\n", "proc/swaps", "\n\n"}, NULL},
};

static void
fu_test_scsi_wb_usage_write(const gchar *dir, const gchar *name, const gchar *text)
{
	g_autofree gchar *path = g_build_filename(dir, name, NULL);
	g_autofree gchar *folder = g_path_get_dirname(path);
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(g_mkdir_with_parents(folder, 0755), ==, 0);
	g_file_set_contents(path, text, -1, &error);
	g_assert_no_error(error);
}

static void
fu_test_scsi_wb_usage_find_func(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		const FuScsiWbUsageTestRow *row = &rows[i];
		g_autofree gchar *dir = g_dir_make_tmp("scsi-wb-usage-XXXXXX", NULL);
		g_autofree gchar *proc_dir = g_build_filename(dir, "proc", NULL);
		g_autofree gchar *unit_dir = g_build_filename(dir, "unit", NULL);
		g_autofree gchar *usage = NULL;
		g_autoptr(GPtrArray) units = g_ptr_array_new_with_free_func(g_free);

		fu_scsi_wb_unit_row(row->name);
		fu_test_scsi_wb_usage_write(dir, "unit/block/sda/dev", "8:0\n");
		fu_test_scsi_wb_usage_write(dir, "unit/block/sda/sda1/dev", "8:1\n");
		fu_test_scsi_wb_usage_write(dir, "unit/block/sda/size", "1\n");
		if (row->files[0] != NULL && g_str_has_prefix(row->files[0], MPATH)) {
			fu_test_scsi_wb_usage_write(dir, MPATH "dev", "253:0\n");
			fu_test_scsi_wb_usage_write(dir, MPATH "dm/name", "mpatha\n");
		}
		for (guint j = 0; j < G_N_ELEMENTS(row->files) && row->files[j] != NULL; j += 2)
			fu_test_scsi_wb_usage_write(dir, row->files[j], row->files[j + 1]);
		g_ptr_array_add(units, g_strdup("/nonexistent"));
		g_ptr_array_add(units, g_strdup(unit_dir));
		usage = fu_scsi_wb_usage_find(units, proc_dir);
		g_assert_cmpstr(usage, ==, row->want);
		fu_scsi_wb_unit_remove_tree(dir);
	}
}

/* a tape drive has no block device */
static void
fu_test_scsi_wb_usage_no_disk_func(void)
{
	g_autofree gchar *usage = NULL;
	g_autoptr(GPtrArray) units = g_ptr_array_new_with_free_func(g_free);

	g_ptr_array_add(units, g_strdup("/nonexistent"));
	usage = fu_scsi_wb_usage_find(units, "/proc");
	g_assert_null(usage);
}

/* five seconds for a shelf, and some looks a second for all of thousands */
static void
fu_test_scsi_wb_usage_interval_func(void)
{
	gdouble looks_per_second = 0;

	g_assert_cmpuint(fu_scsi_wb_usage_get_interval_ms(0), ==, 5000);
	g_assert_cmpuint(fu_scsi_wb_usage_get_interval_ms(119), ==, 5000);
	g_assert_cmpuint(fu_scsi_wb_usage_get_interval_ms(120), ==, 6000);
	g_assert_cmpuint(fu_scsi_wb_usage_get_interval_ms(2047), ==, 102000);
	for (guint i = 0; i < 2048; i++)
		looks_per_second += 1000.0 / fu_scsi_wb_usage_get_interval_ms(i);
	g_assert_cmpfloat(looks_per_second, <, 100);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/usage/find", fu_test_scsi_wb_usage_find_func);
	g_test_add_func("/scsi-wb/usage/no-disk", fu_test_scsi_wb_usage_no_disk_func);
	g_test_add_func("/scsi-wb/usage/interval", fu_test_scsi_wb_usage_interval_func);
	return g_test_run();
}
