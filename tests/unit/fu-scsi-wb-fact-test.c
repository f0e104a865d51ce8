/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <errno.h>
#include <fu-context-private.h>

#include "fu-scsi-wb-fact.h"
#include "fu-scsi-wb-transport.h"
#include "fu-scsi-wb-unit.h"

static const guint8 test_unit_ready[6] = {0x00};
static const guint8 start_stop_unit[6] = {0x1b, 0, 0, 0, 0x01, 0};

/* an open node that is no SCSI device: the kernel refuses SG_IO with ENOTTY */
static FuDevice *
fu_test_scsi_wb_fact_new_device(FuContext *ctx)
{
	gboolean ret;
	FuDevice *device = g_object_new(FU_TYPE_UDEV_DEVICE, "context", ctx, NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(FuIOChannel) io_channel =
	    fu_io_channel_new_file("/dev/null", FU_IO_CHANNEL_OPEN_FLAG_READ, &error);

	g_assert_no_error(error);
	ret = io_channel != NULL;
	g_assert_true(ret);
	fu_udev_device_set_io_channel(FU_UDEV_DEVICE(device), io_channel);
	return device;
}

static FuContext *
fu_test_scsi_wb_fact_new_context(gboolean records)
{
	FuContext *ctx = fu_context_new();
	if (records)
		fu_context_add_flag(ctx, FU_CONTEXT_FLAG_SAVE_EVENTS);
	return ctx;
}

/* what was recorded is found in its order, and what was not is nothing */
static void
fu_test_scsi_wb_fact_order_func(void)
{
	g_autofree gchar *disk = NULL;
	g_autofree gchar *disk_again = NULL;
	g_autofree gchar *usage = NULL;
	g_autoptr(FuContext) ctx = fu_test_scsi_wb_fact_new_context(TRUE);
	g_autoptr(FuDevice) device = fu_test_scsi_wb_fact_new_device(ctx);
	FuUdevDevice *udev_device = FU_UDEV_DEVICE(device);

	g_assert_false(fu_scsi_wb_fact_is_replayed(udev_device));
	fu_scsi_wb_fact_save(udev_device, "Disk", "sda");
	fu_scsi_wb_fact_save(udev_device, "Nothing", NULL);
	fu_scsi_wb_fact_save(udev_device, "Usage", "sda is mounted at /");
	g_assert_cmpuint(fu_device_get_events(device)->len, ==, 2);

	fu_device_add_flag(device, FWUPD_DEVICE_FLAG_EMULATED);
	g_assert_true(fu_scsi_wb_fact_is_replayed(udev_device));
	g_assert_null(fu_scsi_wb_fact_load(udev_device, "Nothing"));
	disk = fu_scsi_wb_fact_load(udev_device, "Disk");
	g_assert_cmpstr(disk, ==, "sda");
	disk_again = fu_scsi_wb_fact_load(udev_device, "Disk");
	g_assert_null(disk_again);
	usage = fu_scsi_wb_fact_load(udev_device, "Usage");
	g_assert_cmpstr(usage, ==, "sda is mounted at /");
}

static void
fu_test_scsi_wb_fact_off_func(void)
{
	g_autoptr(FuContext) ctx = fu_test_scsi_wb_fact_new_context(FALSE);
	g_autoptr(FuDevice) device = fu_test_scsi_wb_fact_new_device(ctx);

	fu_scsi_wb_fact_save(FU_UDEV_DEVICE(device), "Disk", "sda");
	g_assert_cmpuint(fu_device_get_events(device)->len, ==, 0);
}

static gboolean
fu_test_scsi_wb_fact_send(FuDevice *device,
			  const guint8 *cdb,
			  FuScsiWbResult *result,
			  GError **error)
{
	const FuScsiWbCommand command = {
	    .cdb = cdb,
	    .cdb_bytes = sizeof(test_unit_ready),
	    .direction = FU_SCSI_WB_DIRECTION_NONE,
	    .timeout_ms = 1000,
	};
	g_autoptr(FuScsiWbTransport) transport = fu_scsi_wb_transport_new(FU_UDEV_DEVICE(device));
	return fu_scsi_wb_transport_send(transport, &command, result, error);
}

/* an ioctl that fails ends in the same errno when it is replayed, and a command that was not sent
 * then is an error of its own */
static void
fu_test_scsi_wb_fact_errno_func(void)
{
	FuScsiWbResult result;
	gboolean ret;
	g_autoptr(FuContext) ctx = fu_test_scsi_wb_fact_new_context(TRUE);
	g_autoptr(FuDevice) device = fu_test_scsi_wb_fact_new_device(ctx);
	g_autoptr(GError) error = NULL;

	ret = fu_test_scsi_wb_fact_send(device, test_unit_ready, &result, &error);
	g_assert_no_error(error);
	g_assert_true(ret);
	g_assert_cmpint(result.sys_errno, ==, ENOTTY);

	fu_device_add_flag(device, FWUPD_DEVICE_FLAG_EMULATED);
	ret = fu_test_scsi_wb_fact_send(device, start_stop_unit, &result, &error);
	fu_scsi_wb_unit_assert_error(error,
				     FWUPD_ERROR_INVALID_DATA,
				     "the recording does not go on with the command 1b 00 00 00 01 "
				     "00 and its 0 bytes of data");
	g_assert_false(ret);
	g_clear_error(&error);

	ret = fu_test_scsi_wb_fact_send(device, test_unit_ready, &result, &error);
	g_assert_no_error(error);
	g_assert_true(ret);
	g_assert_cmpint(result.sys_errno, ==, ENOTTY);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/fact/order", fu_test_scsi_wb_fact_order_func);
	g_test_add_func("/scsi-wb/fact/off", fu_test_scsi_wb_fact_off_func);
	g_test_add_func("/scsi-wb/fact/errno", fu_test_scsi_wb_fact_errno_func);
	return g_test_run();
}
