// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

/* nonvolatile state in a folder: what survives a machine that is killed */

#include <glib/gstdio.h>
#include <string.h>

#include "test-bed.h"
#include "wbt-store.h"

static void
clear_dir(char *dir)
{
	static const char *const files[] = {"committed.bin", "deferred.bin", "events", "revision"};

	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = g_build_filename(dir, files[i], NULL);

		g_unlink(path);
	}
	g_assert_cmpint(g_rmdir(dir), ==, 0); /* nothing else was left there */
	g_free(dir);
}

static void
save(const char *dir, TestBed *bed)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(wbt_store_save(dir, bed->target, &error));
	g_assert_no_error(error);
}

/* the next life of the same device */
static void
load(const char *dir, TestBed *bed, const char *model)
{
	g_autoptr(GError) error = NULL;

	test_bed_init(bed, model);
	g_assert_true(wbt_store_load(dir, bed->target, "F000", false, &error));
	g_assert_no_error(error);
}

static void
test_committed(void)
{
	char *dir = g_dir_make_tmp("wbt-XXXXXX", NULL);
	TestBed bed;

	load(dir, &bed, "seagate-sas");
	test_bed_assert_factory(&bed, "F000");
	test_bed_opcode(&bed, 0x00);
	test_bed_download(&bed, 0x07, 0x07, 2048);
	save(dir, &bed);
	test_bed_clear(&bed);

	load(dir, &bed, "seagate-sas");
	g_assert_cmpstr(wbt_target_get_revision(bed.target), ==, TEST_REVISION);
	g_assert_cmpmem(g_bytes_get_data(wbt_target_get_committed(bed.target), NULL),
			g_bytes_get_size(wbt_target_get_committed(bed.target)),
			bed.image->data,
			bed.image->len);
	test_bed_clear(&bed);
	clear_dir(dir);
}

static void
test_deferred(void)
{
	char *dir = g_dir_make_tmp("wbt-XXXXXX", NULL);
	TestBed bed;

	test_bed_init(&bed, "deferred-disk");
	test_bed_download(&bed, 0x0E, 0x0E, 2048);
	save(dir, &bed);
	test_bed_clear(&bed);

	load(dir, &bed, "deferred-disk"); /* power on activates it */
	test_bed_assert_updated(&bed);
	save(dir, &bed);
	test_bed_clear(&bed);

	load(dir, &bed, "deferred-disk");
	g_assert_null(wbt_target_get_deferred(bed.target));
	g_assert_cmpuint(wbt_target_get_activations(bed.target), ==, 0);
	g_assert_cmpstr(wbt_target_get_revision(bed.target), ==, TEST_REVISION);
	test_bed_clear(&bed);
	clear_dir(dir);
}

/* only a hard reset may activate it, in every life */
static void
test_events(void)
{
	char *dir = g_dir_make_tmp("wbt-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "events", NULL);
	g_autoptr(GError) error = NULL;
	TestBed bed;

	test_bed_init(&bed, "std-events");
	test_bed_download(&bed, 0x4D, 0x4D, 2048);
	save(dir, &bed);
	test_bed_clear(&bed);

	load(dir, &bed, "std-events");
	test_bed_assert_factory(&bed, "F000");
	g_assert_nonnull(wbt_target_get_deferred(bed.target));
	save(dir, &bed);
	test_bed_clear(&bed);

	load(dir, &bed, "std-events");
	wbt_target_hard_reset(bed.target);
	test_bed_assert_updated(&bed);
	save(dir, &bed);
	g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));

	g_assert_true(g_file_set_contents(path, "8", -1, NULL));
	g_assert_false(wbt_store_load(dir, bed.target, NULL, false, &error));
	g_assert_nonnull(strstr(error->message, "events"));
	test_bed_clear(&bed);
	clear_dir(dir);
}

/* the machine was started again, and the device kept its power */
static void
test_has_power(void)
{
	char *dir = g_dir_make_tmp("wbt-XXXXXX", NULL);
	g_autoptr(GError) error = NULL;
	TestBed bed;

	test_bed_init(&bed, "std-power-on");
	test_bed_download(&bed, 0x0E, 0x0E, 2048);
	save(dir, &bed);
	test_bed_clear(&bed);

	test_bed_init(&bed, "std-power-on");
	g_assert_true(wbt_store_load(dir, bed.target, "F000", true, &error));
	g_assert_no_error(error);
	test_bed_assert_factory(&bed, "F000");
	g_assert_nonnull(wbt_target_get_deferred(bed.target));
	test_bed_opcode(&bed, 0x00);
	assert_sense(&bed, 0x06, 0x29, 0x02);
	save(dir, &bed);
	test_bed_clear(&bed);

	load(dir, &bed, "std-power-on");
	test_bed_assert_updated(&bed);
	test_bed_clear(&bed);
	clear_dir(dir);
}

static void
test_foreign(void)
{
	char *dir = g_dir_make_tmp("wbt-XXXXXX", NULL);
	g_autoptr(GError) error = NULL;
	TestBed bed;

	test_bed_init(&bed, "seagate-sas");
	test_bed_download(&bed, 0x07, 0x07, 2048);
	save(dir, &bed);
	test_bed_clear(&bed);

	test_bed_init(&bed, "sl500");
	g_assert_false(wbt_store_load(dir, bed.target, NULL, false, &error));
	g_assert_nonnull(strstr(error->message, "sl500"));
	g_clear_error(&error);
	g_assert_false(wbt_store_save("/nonexistent", bed.target, &error));
	g_assert_nonnull(strstr(error->message, "/nonexistent"));
	test_bed_clear(&bed);
	clear_dir(dir);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/target/store/committed", test_committed);
	g_test_add_func("/target/store/deferred", test_deferred);
	g_test_add_func("/target/store/events", test_events);
	g_test_add_func("/target/store/has-power", test_has_power);
	g_test_add_func("/target/store/foreign", test_foreign);
	return g_test_run();
}
