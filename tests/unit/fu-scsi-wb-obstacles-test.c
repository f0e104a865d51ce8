/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-obstacles.h"
#include "fu-scsi-wb-unit.h"

static FuDevice *
fu_test_scsi_wb_obstacles_new_device(void)
{
	FuDevice *device = fu_device_new(NULL);
	fu_device_add_flag(device, FWUPD_DEVICE_FLAG_UPDATABLE);
	return device;
}

/* what people see is fwupd's mark, and our words where there is room for them */
static void
fu_test_scsi_wb_obstacles_usage_func(void)
{
	FuScsiWbObstacles obstacles = {0};
	g_autoptr(GError) error = NULL;
	g_autoptr(FuDevice) device = fu_test_scsi_wb_obstacles_new_device();

	fu_scsi_wb_obstacles_set_usage(&obstacles, "sda1 is mounted at /srv", device);
	g_assert_false(fu_device_has_flag(device, FWUPD_DEVICE_FLAG_UPDATABLE));
	g_assert_true(fu_device_has_problem(device, FWUPD_DEVICE_PROBLEM_IN_USE));
	g_assert_true(g_str_has_prefix(fu_device_get_update_error(device),
				       "sda1 is mounted at /srv, and the update resets it: "));

	/* an update asks again, when it knows whether it resets anything */
	g_assert_true(fu_scsi_wb_obstacles_check(&obstacles, &error));
	g_assert_no_error(error);

	fu_scsi_wb_obstacles_set_usage(&obstacles, "sda2 is used for swap", device);
	g_assert_true(
	    g_str_has_prefix(fu_device_get_update_error(device), "sda2 is used for swap, "));
	fu_scsi_wb_obstacles_set_usage(&obstacles, NULL, device);
	g_assert_true(fu_device_has_flag(device, FWUPD_DEVICE_FLAG_UPDATABLE));
	g_assert_false(fu_device_has_problem(device, FWUPD_DEVICE_PROBLEM_IN_USE));
	g_assert_null(fu_device_get_update_error(device));
	fu_scsi_wb_obstacles_clear(&obstacles);
}

static void
fu_test_scsi_wb_obstacles_count_cb(GObject *object, GParamSpec *pspec, guint *count)
{
	(*count)++;
}

/* a look every five seconds must not wake all clients each time */
static void
fu_test_scsi_wb_obstacles_same_func(void)
{
	FuScsiWbObstacles obstacles = {0};
	guint count = 0;
	g_autoptr(FuDevice) device = fu_test_scsi_wb_obstacles_new_device();

	fu_scsi_wb_obstacles_set_usage(&obstacles, "sda1 is mounted at /srv", device);
	g_signal_connect(device, "notify", G_CALLBACK(fu_test_scsi_wb_obstacles_count_cb), &count);
	fu_scsi_wb_obstacles_set_usage(&obstacles, "sda1 is mounted at /srv", device);
	g_assert_cmpuint(count, ==, 0);
	fu_scsi_wb_obstacles_set_usage(&obstacles, NULL, device);
	g_assert_cmpuint(count, >, 0);
	count = 0;
	fu_scsi_wb_obstacles_set_usage(&obstacles, NULL, device);
	g_assert_cmpuint(count, ==, 0);
	fu_scsi_wb_obstacles_clear(&obstacles);
}

/* one obstacle that is gone leaves the other */
static void
fu_test_scsi_wb_obstacles_two_func(void)
{
	FuScsiWbObstacles obstacles = {0};
	g_autoptr(GError) error = NULL;
	g_autoptr(FuDevice) device = fu_test_scsi_wb_obstacles_new_device();

	fu_scsi_wb_obstacles_set_one(&obstacles,
				     FU_SCSI_WB_OBSTACLE_REVISION,
				     "it does not say which firmware it runs",
				     device);
	fu_scsi_wb_obstacles_set_usage(&obstacles, "sda1 is mounted at /srv", device);
	fu_scsi_wb_obstacles_set_usage(&obstacles, NULL, device);
	g_assert_false(fu_device_has_flag(device, FWUPD_DEVICE_FLAG_UPDATABLE));
	g_assert_cmpstr(fu_device_get_update_error(device),
			==,
			"it does not say which firmware it runs");
	g_assert_false(fu_scsi_wb_obstacles_check(&obstacles, &error));
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_NOT_SUPPORTED);
	fu_scsi_wb_obstacles_clear(&obstacles);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/obstacles/usage", fu_test_scsi_wb_obstacles_usage_func);
	g_test_add_func("/scsi-wb/obstacles/same", fu_test_scsi_wb_obstacles_same_func);
	g_test_add_func("/scsi-wb/obstacles/two", fu_test_scsi_wb_obstacles_two_func);
	return g_test_run();
}
