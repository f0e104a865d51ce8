/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <unistd.h>

#include "fu-context-private.h"
#include "fu-scsi-wb-limits.h"
#include "fu-scsi-wb-unit.h"

/* from what the kernel says of a host adapter to the most that one command can carry */

static const struct {
	const gchar *name;
	FuScsiWbLimitsFacts facts;
	gsize want_bytes;
	const gchar *source;
} limits_rows[] = {
    {.name = "nothing is known"},
    {.name = "tape behind an adapter of 512 KiB",
     .facts = {.sectors_bytes = 524288, .table_size = 256, .page_bytes = 4096},
     .want_bytes = 524288,
     .source = "host adapter, BLKSECTGET"},

    /* LinearTapeFileSystem/ltfs#144: more than 524288 bytes are EINVAL */
    {.name = "tape behind a short scatter list",
     .facts = {.sectors_bytes = 1310720, .table_size = 128, .page_bytes = 4096},
     .want_bytes = 524288,
     .source = "host adapter, SG_GET_SG_TABLESIZE"},
    {.name = "large pages",
     .facts = {.sectors_bytes = 524288, .table_size = 4, .page_bytes = 65536},
     .want_bytes = 262144,
     .source = "host adapter, SG_GET_SG_TABLESIZE"},

    /* a disk that likes 64 KiB, behind an adapter that takes 1 MiB */
    {.name = "what the disk likes does not count",
     .facts = {.sectors_bytes = 65536,
	       .table_size = 512,
	       .max_hw_sectors_kb = "1024",
	       .max_segments = "512",
	       .page_bytes = 4096},
     .want_bytes = 1048576,
     .source = "host adapter, max_hw_sectors_kb"},

    /* as measured, Linux 6.1, tcm_loop and scsi_debug */
    {.name = "256 pages",
     .facts = {.sectors_bytes = 1310720,
	       .table_size = 256,
	       .max_hw_sectors_kb = "32767",
	       .max_segments = "256",
	       .page_bytes = 4096},
     .want_bytes = 1048576,
     .source = "host adapter, max_segments"},
    {.name = "2048 pages",
     .facts = {.sectors_bytes = 1310720,
	       .table_size = 2048,
	       .max_hw_sectors_kb = "2147483647",
	       .max_segments = "2048",
	       .page_bytes = 4096},
     .want_bytes = 8388608,
     .source = "host adapter, max_segments"},
    {.name = "narrow adapter",
     .facts = {.max_hw_sectors_kb = "64", .max_segments = "64", .page_bytes = 4096},
     .want_bytes = 65536,
     .source = "host adapter, max_hw_sectors_kb"},

    /* what is no number says nothing */
    {.name = "nonsense",
     .facts = {.sectors_bytes = 4096,
	       .max_hw_sectors_kb = "many",
	       .max_segments = "-1",
	       .page_bytes = 4096},
     .want_bytes = 4096,
     .source = "host adapter, BLKSECTGET"},
    {.name = "zeros", .facts = {.max_hw_sectors_kb = "0", .max_segments = "0", .page_bytes = 4096}},
};

static void
fu_test_scsi_wb_limits_resolve_func(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(limits_rows); i++) {
		FuScsiWbLimits limits;

		fu_scsi_wb_unit_row(limits_rows[i].name);
		limits = fu_scsi_wb_limits_resolve(&limits_rows[i].facts);
		g_assert_cmpuint(limits.transfer_max_bytes, ==, limits_rows[i].want_bytes);
		g_assert_cmpstr(limits.source, ==, limits_rows[i].source);
	}
}

static void
fu_test_scsi_wb_limits_lower_func(void)
{
	FuScsiWbLimits limits = {0};

	fu_scsi_wb_limits_lower(&limits, 0, "nobody");
	g_assert_cmpuint(limits.transfer_max_bytes, ==, 0);
	g_assert_cmpstr(limits.source, ==, NULL);
	fu_scsi_wb_limits_lower(&limits, 1000, "first");
	fu_scsi_wb_limits_lower(&limits, 2000, "more");
	fu_scsi_wb_limits_lower(&limits, 1000, "as much");
	g_assert_cmpuint(limits.transfer_max_bytes, ==, 1000);
	g_assert_cmpstr(limits.source, ==, "first");
	fu_scsi_wb_limits_lower(&limits, 999, "less");
	g_assert_cmpuint(limits.transfer_max_bytes, ==, 999);
	g_assert_cmpstr(limits.source, ==, "less");
}

static FuDevice *
fu_test_scsi_wb_limits_new_device(void)
{
	g_autoptr(FuContext) ctx = fu_context_new();
	FuDevice *device = g_object_new(FU_TYPE_UDEV_DEVICE, "context", ctx, NULL);
	fu_device_add_flag(device, FWUPD_DEVICE_FLAG_EMULATED);
	return device;
}

/* Linux 6.1, include/uapi/linux/fs.h and include/scsi/sg.h: the numbers of the ioctls */
static void
fu_test_scsi_wb_limits_read_func(void)
{
	FuScsiWbLimits limits;
	g_autoptr(FuDevice) device = fu_test_scsi_wb_limits_new_device();
	g_autoptr(FuDevice) device_silent = fu_test_scsi_wb_limits_new_device();
	g_autoptr(FuDevice) device_negative = fu_test_scsi_wb_limits_new_device();

	fu_scsi_wb_unit_add_ioctl(device, 0x1267, 0, 1310720);
	fu_scsi_wb_unit_add_ioctl(device, 0x227f, 0, 4);
	limits = fu_scsi_wb_limits_read(FU_UDEV_DEVICE(device));
	g_assert_cmpuint(limits.transfer_max_bytes, ==, 4 * getpagesize());
	g_assert_cmpstr(limits.source, ==, "host adapter, SG_GET_SG_TABLESIZE");

	limits = fu_scsi_wb_limits_read(FU_UDEV_DEVICE(device_silent));
	g_assert_cmpuint(limits.transfer_max_bytes, ==, 0);

	fu_scsi_wb_unit_add_ioctl(device_negative, 0x1267, 0, -512);
	limits = fu_scsi_wb_limits_read(FU_UDEV_DEVICE(device_negative));
	g_assert_cmpuint(limits.transfer_max_bytes, ==, 0);
}

static void
fu_test_scsi_wb_limits_reserve_func(void)
{
	g_autoptr(FuDevice) device = fu_test_scsi_wb_limits_new_device();

	/* not known */
	g_assert_cmpuint(fu_scsi_wb_limits_reserve(FU_UDEV_DEVICE(device), 65536), ==, 0);
	fu_scsi_wb_unit_add_ioctl(device, 0x2275, 65536, 65536);
	g_assert_cmpuint(fu_scsi_wb_limits_reserve(FU_UDEV_DEVICE(device), 65536), ==, 0);

	/* half of it */
	fu_scsi_wb_unit_add_ioctl(device, 0x2272, 0, 32768);
	g_assert_cmpuint(fu_scsi_wb_limits_reserve(FU_UDEV_DEVICE(device), 65536), ==, 32768);
}

/* who said so is who the user reads about */
static void
fu_test_scsi_wb_limits_source_func(void)
{
	const FuScsiWbProfile profile = {
	    .mode = 0x07,
	    .chunk_bytes = 262144,
	    .flags = FU_SCSI_WB_FLAG_EXACT_CHUNK,
	};
	const FuScsiWbCaps caps = {0};
	const FuScsiWbLimits limits = {
	    .transfer_max_bytes = 131072,
	    .source = "host adapter, max_hw_sectors_kb",
	};
	FuScsiWbTraits traits;
	gboolean ret;
	g_autoptr(GError) error = NULL;

	ret = fu_scsi_wb_traits_resolve(&profile, &caps, &limits, &traits, &error);
	fu_scsi_wb_unit_assert_error(
	    error,
	    FWUPD_ERROR_NOT_SUPPORTED,
	    "the device takes segments of 262144 bytes, but only 131072 bytes fit into one command "
	    "(host adapter, max_hw_sectors_kb): use another host adapter");
	g_assert_false(ret);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/limits/resolve", fu_test_scsi_wb_limits_resolve_func);
	g_test_add_func("/scsi-wb/limits/lower", fu_test_scsi_wb_limits_lower_func);
	g_test_add_func("/scsi-wb/limits/read", fu_test_scsi_wb_limits_read_func);
	g_test_add_func("/scsi-wb/limits/reserve", fu_test_scsi_wb_limits_reserve_func);
	g_test_add_func("/scsi-wb/limits/source", fu_test_scsi_wb_limits_source_func);
	return g_test_run();
}
