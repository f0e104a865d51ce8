/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* the real SG_IO, to what is no SCSI device, so that no command leaves the kernel */

#include "config.h"

#include <errno.h>
#include <signal.h>

#include "fu-context-private.h"
#include "fu-scsi-wb-command.h"
#include "fu-scsi-wb-transport.h"
#include "fu-scsi-wb-unit.h"

/* TEST UNIT READY */
static const guint8 cdb[6] = {0x00};

static FuUdevDevice *
fu_test_scsi_wb_transport_new_node(const gchar *path, gboolean is_open)
{
	g_autoptr(FuContext) ctx = fu_context_new();
	g_autoptr(FuUdevDevice) node = g_object_new(FU_TYPE_UDEV_DEVICE, "context", ctx, NULL);
	g_autoptr(FuIOChannel) io = NULL;
	g_autoptr(GError) error = NULL;

	fu_udev_device_set_device_file(node, path);
	if (is_open) {
		io = fu_io_channel_new_file(path, FU_IO_CHANNEL_OPEN_FLAG_READ, &error);
		g_assert_no_error(error);
		fu_udev_device_set_io_channel(node, io);
	}
	return g_steal_pointer(&node);
}

/* the kernel knows no SG_IO for this node: there is a result, and it says so */
static void
fu_test_scsi_wb_transport_refused_func(void)
{
	const FuScsiWbDirection directions[] = {
	    FU_SCSI_WB_DIRECTION_NONE,
	    FU_SCSI_WB_DIRECTION_TO_DEVICE,
	    FU_SCSI_WB_DIRECTION_FROM_DEVICE,
	};
	g_autoptr(FuUdevDevice) node = fu_test_scsi_wb_transport_new_node("/dev/null", TRUE);
	g_autoptr(FuScsiWbTransport) transport = fu_scsi_wb_transport_new(node);

	for (guint i = 0; i < G_N_ELEMENTS(directions); i++) {
		guint8 buf[8] = {0};
		FuScsiWbResult result = {.sys_errno = -1};
		FuScsiWbCommand command = {
		    .cdb = cdb,
		    .cdb_bytes = sizeof(cdb),
		    .direction = directions[i],
		    .buf = directions[i] == FU_SCSI_WB_DIRECTION_NONE ? NULL : buf,
		    .buf_bytes = directions[i] == FU_SCSI_WB_DIRECTION_NONE ? 0 : sizeof(buf),
		    .timeout_ms = 1000,
		};
		g_autoptr(GError) error = NULL;
		gboolean ret = fu_scsi_wb_transport_send(transport, &command, &result, &error);

		g_assert_no_error(error);
		g_assert_true(ret);
		g_assert_cmpint(result.sys_errno, ==, ENOTTY);
		g_assert_cmpint(result.status, ==, 0);
		g_assert_cmpuint(result.sense_bytes, ==, 0);
		g_assert_cmpuint(result.timeout_ms, ==, 1000);
		g_assert_cmpstr(result.node, ==, "/dev/null");
	}
}

/* nobody is behind it: a device that restarts may have no node for a while, and fwupd keeps the
 * channel of one that it has closed */
static void
fu_test_scsi_wb_transport_closed_func(void)
{
	FuScsiWbCommand command = {.cdb = cdb,
				   .cdb_bytes = sizeof(cdb),
				   .direction = FU_SCSI_WB_DIRECTION_NONE};

	for (guint was_open = 0; was_open <= 1; was_open++) {
		gboolean ret;
		FuScsiWbResult result = {0};
		g_autoptr(FuUdevDevice) node =
		    fu_test_scsi_wb_transport_new_node("/dev/null", was_open > 0);
		g_autoptr(FuScsiWbTransport) transport = fu_scsi_wb_transport_new(node);
		g_autoptr(GError) error = NULL;

		if (was_open > 0)
			g_assert_true(
			    fu_io_channel_shutdown(fu_udev_device_get_io_channel(node), NULL));
		ret = fu_scsi_wb_transport_send(transport, &command, &result, &error);
		g_assert_no_error(error);
		g_assert_true(ret);
		g_assert_cmpint(result.sys_errno, ==, ENODEV);
		g_assert_cmpstr(result.node, ==, "/dev/null");
	}
}

/* no signal gets in while a command is sent, and afterwards those that did before */
static void
fu_test_scsi_wb_transport_signals_func(void)
{
	sigset_t before;
	sigset_t after;
	FuScsiWbCommand command = {.cdb = cdb,
				   .cdb_bytes = sizeof(cdb),
				   .direction = FU_SCSI_WB_DIRECTION_NONE};
	FuScsiWbResult result = {0};
	g_autoptr(FuUdevDevice) node = fu_test_scsi_wb_transport_new_node("/dev/null", TRUE);
	g_autoptr(FuScsiWbTransport) transport = fu_scsi_wb_transport_new(node);
	g_autoptr(GError) error = NULL;

	sigemptyset(&before);
	sigaddset(&before, SIGUSR2);
	g_assert_cmpint(pthread_sigmask(SIG_SETMASK, &before, NULL), ==, 0);
	g_assert_true(fu_scsi_wb_transport_send(transport, &command, &result, &error));
	g_assert_no_error(error);
	g_assert_cmpint(pthread_sigmask(SIG_SETMASK, NULL, &after), ==, 0);
	g_assert_true(sigismember(&after, SIGUSR2) == 1);
	g_assert_true(sigismember(&after, SIGTERM) == 0);
	g_assert_true(sigismember(&after, SIGINT) == 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/transport/refused", fu_test_scsi_wb_transport_refused_func);
	g_test_add_func("/scsi-wb/transport/closed", fu_test_scsi_wb_transport_closed_func);
	g_test_add_func("/scsi-wb/transport/signals", fu_test_scsi_wb_transport_signals_func);
	return g_test_run();
}
