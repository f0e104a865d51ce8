/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <errno.h>

#include "flow-wire.h"

/* the last answer does not arrive: perhaps because the device restarts with its new firmware
 * already, perhaps because it never got the segment */

/**
 * FlowLostRow:
 * @model: which device
 * @size_bytes: size of the image, which goes out in segments of 32 KiB
 * @segment: whose answer is lost
 * @arrives: the device has got it all the same
 * @lost: what the host sees
 * @away_ms: for how long the device is gone then
 * @flags: what the user asked for
 * @revision: of the image
 * @code: what the update fails with
 * @message: the whole text that a user reads, %NULL if the update succeeds
 * @waits: the failure comes only after the device was waited for
 **/
typedef struct {
	const gchar *name;
	const gchar *model;
	gsize size_bytes;
	guint segment;
	gboolean arrives;
	FuScsiWbResult lost;
	guint away_ms;
	FwupdInstallFlags flags;
	const gchar *revision;
	FwupdError code;
	const gchar *message;
	gboolean waits;
} FlowLostRow;

#define LAST_OF_FOUR .model = "seagate-sas", .size_bytes = 100000, .segment = 4, .revision = "0002"

static const FlowLostRow new_rows[] = {
    {.name = "no-connect",
     LAST_OF_FOUR,
     .arrives = TRUE,
     .lost.host_status = 0x01,
     .away_ms = 5000},
    {.name = "transport-disrupted",
     LAST_OF_FOUR,
     .arrives = TRUE,
     .lost.host_status = 0x0e,
     .away_ms = 200000},
    {.name = "host-reset", LAST_OF_FOUR, .arrives = TRUE, .lost.host_status = 0x08},
    {.name = "time-out", LAST_OF_FOUR, .arrives = TRUE, .lost.host_status = 0x03},
    {.name = "abort", LAST_OF_FOUR, .arrives = TRUE, .lost.host_status = 0x05},
    {.name = "error", LAST_OF_FOUR, .arrives = TRUE, .lost.host_status = 0x07},
    {.name = "parity", LAST_OF_FOUR, .arrives = TRUE, .lost.host_status = 0x06},
    {.name = "enodev", LAST_OF_FOUR, .arrives = TRUE, .lost.sys_errno = ENODEV, .away_ms = 3000},
    {.name = "eintr", LAST_OF_FOUR, .arrives = TRUE, .lost.sys_errno = EINTR},
    {.name = "single-segment",
     .model = "seagate-sas",
     .size_bytes = 30000,
     .segment = 1,
     .arrives = TRUE,
     .lost.host_status = 0x0e,
     .away_ms = 5000,
     .revision = "0002"},
    {.name = "library",
     .model = "sl500",
     .size_bytes = 40000,
     .segment = 3,
     .arrives = TRUE,
     .lost.host_status = 0x01,
     .away_ms = 90000,
     .revision = "0002"},
};

#define GONE                                                                                       \
	"segment 4 of 4, MODE 0x07, 1696 bytes at 0x18000: the device is gone (host status 0x01, " \
	"no-connect): check that it has power and its cable, then update again"

static const FlowLostRow old_rows[] = {
    {.name = "comes-back-old",
     LAST_OF_FOUR,
     .lost.host_status = 0x01,
     .away_ms = 5000,
     .code = FWUPD_ERROR_NOT_REACHABLE,
     .message = GONE,
     .waits = TRUE},
    {.name = "never-comes-back",
     LAST_OF_FOUR,
     .lost.host_status = 0x01,
     .away_ms = FLOW_WIRE_FOR_EVER,
     .code = FWUPD_ERROR_NOT_REACHABLE,
     .message = GONE,
     .waits = TRUE},
    {.name = "never-comes-back/but-has-it",
     LAST_OF_FOUR,
     .arrives = TRUE,
     .lost.host_status = 0x01,
     .away_ms = FLOW_WIRE_FOR_EVER,
     .code = FWUPD_ERROR_NOT_REACHABLE,
     .message = GONE,
     .waits = TRUE},
    {.name = "time-out",
     LAST_OF_FOUR,
     .lost.host_status = 0x03,
     .code = FWUPD_ERROR_TIMED_OUT,
     .message = "segment 4 of 4, MODE 0x07, 1696 bytes at 0x18000: the device did not answer in "
		"time (no answer in 300 s): do not switch it off; update again, with a longer "
		"ScsiWbTimeout if it needs one",
     .waits = TRUE},
    {.name = "enodev",
     LAST_OF_FOUR,
     .lost.sys_errno = ENODEV,
     .away_ms = 2000,
     .code = FWUPD_ERROR_NOT_REACHABLE,
     .message = "segment 4 of 4, MODE 0x07, 1696 bytes at 0x18000: the device is gone (No such "
		"device on /dev/sg0): check that it has power and its cable, then update again",
     .waits = TRUE},

    /* the same firmware once more: nobody can see whether it is there */
    {.name = "reinstalled",
     .model = "seagate-sas",
     .size_bytes = 100000,
     .segment = 4,
     .arrives = TRUE,
     .lost.host_status = 0x01,
     .flags = FWUPD_INSTALL_FLAG_ALLOW_REINSTALL,
     .revision = "TT31",
     .code = FWUPD_ERROR_NOT_REACHABLE,
     .message = GONE,
     .waits = TRUE},

    /* what the device or the kernel has refused is not in doubt */
    {.name = "refused",
     LAST_OF_FOUR,
     .lost = {.status = 0x18},
     .code = FWUPD_ERROR_BUSY,
     .message = "segment 4 of 4, MODE 0x07, 1696 bytes at 0x18000: another host has reserved the "
		"device (status 0x18, reservation-conflict): release it there, then update again"},
    {.name = "not-sent",
     LAST_OF_FOUR,
     .lost.sys_errno = ENOMEM,
     .code = FWUPD_ERROR_BUSY,
     .message = "segment 4 of 4, MODE 0x07, 1696 bytes at 0x18000: the kernel has no memory for "
		"the transfer (Cannot allocate memory on /dev/sg0): update again later, or set "
		"a smaller ScsiWbChunkSize"},

    /* in the middle the image is not whole, and a deferred one is not used */
    {.name = "middle",
     .model = "seagate-sas",
     .size_bytes = 100000,
     .segment = 3,
     .arrives = TRUE,
     .lost.host_status = 0x01,
     .revision = "0002",
     .code = FWUPD_ERROR_NOT_REACHABLE,
     .message = "segment 3 of 4, MODE 0x07, 32768 bytes at 0x10000: the device is gone (host "
		"status 0x01, no-connect): check that it has power and its cable, then update "
		"again"},
    {.name = "deferred",
     .model = "deferred-disk",
     .size_bytes = 100000,
     .segment = 4,
     .arrives = TRUE,
     .lost.host_status = 0x01,
     .revision = "0002",
     .code = FWUPD_ERROR_NOT_REACHABLE,
     .message = "segment 4 of 4, MODE 0x0e, 1696 bytes at 0x18000: the device is gone (host "
		"status 0x01, no-connect): check that it has power and its cable, then update "
		"again"},
};

static void
fu_test_scsi_wb_flow_lose(FlowWire *wire, FlowBed *bed, const FlowLostRow *row)
{
	flow_wire_init(wire, bed);
	wire->lost_segment = row->segment;
	wire->lost_arrives = row->arrives;
	wire->lost = row->lost;
	wire->away_ms = row->away_ms;
}

static void
fu_test_scsi_wb_flow_new_func(gconstpointer user_data)
{
	const FlowLostRow *row = user_data;
	FlowWire wire;
	g_autoptr(FlowBed) bed = flow_bed_new(row->model, NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, row->revision, row->size_bytes);

	flow_bed_assert_enumerated(bed);
	fu_test_scsi_wb_flow_lose(&wire, bed, row);
	flow_bed_assert_installed(bed, image, row->flags);
	flow_bed_assert_updated(bed, image, row->revision);
	g_assert_cmpuint(wire.segments, ==, row->segment);
	g_assert_cmpuint(wbt_target_get_commits(bed->target), ==, 1);
	g_assert_cmpint(wire.now_ms - wire.lost_at_ms, >=, row->away_ms);
}

/* the next one, with the device back, goes well */
static void
fu_test_scsi_wb_flow_next(FlowWire *wire)
{
	FlowBed *bed = wire->bed;
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0003", 50000);

	wire->lost_segment = 0;
	wire->back_ms = 0;
	wbt_target_power_cycle(bed->target);
	if (g_strcmp0(wbt_target_get_revision(bed->target), fu_device_get_version(bed->device)) !=
	    0)
		return;
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	if (fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION))
		flow_bed_assert_activated(bed);
	flow_bed_assert_updated(bed, image, "0003");
}

static void
fu_test_scsi_wb_flow_old_func(gconstpointer user_data)
{
	const FlowLostRow *row = user_data;
	gboolean ret;
	gint64 waited_ms;
	FlowWire wire;
	g_autoptr(FlowBed) bed = flow_bed_new(row->model, NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, row->revision, row->size_bytes);
	g_autofree gchar *version = NULL;
	g_autoptr(GError) error = NULL;

	flow_bed_assert_enumerated(bed);
	version = g_strdup(fu_device_get_version(bed->device));
	fu_test_scsi_wb_flow_lose(&wire, bed, row);
	ret = flow_bed_install(bed, image, row->flags, &error);
	waited_ms = wire.now_ms - wire.lost_at_ms;
	g_assert_error(error, FWUPD_ERROR, (gint)row->code);
	g_assert_cmpstr(error->message, ==, row->message);
	g_assert_false(ret);
	g_assert_cmpint(waited_ms > 0, ==, row->waits);
	g_assert_cmpint(waited_ms, <=, 310000);
	if (row->away_ms == FLOW_WIRE_FOR_EVER)
		g_assert_cmpint(waited_ms, >=, 300000);
	g_assert_cmpstr(fu_device_get_version(bed->device), ==, version);
	g_assert_false(fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION));
	g_assert_cmpuint(wire.segments, ==, row->segment);
	fu_test_scsi_wb_flow_next(&wire);
}

/* another disk of the same model, with newer firmware, was put in meanwhile */
static void
fu_test_scsi_wb_flow_swap_hook(FlowWire *self,
			       const FuScsiWbCommand *command,
			       FuScsiWbResult *result)
{
	g_autoptr(GBytes) image = NULL;

	if (self->segments < self->lost_segment ||
	    g_strcmp0(wbt_target_get_serial(self->bed->target), "ZZ000002") == 0)
		return;
	image = flow_bed_new_image(self->bed, "0009", 50000);
	wbt_target_free(self->bed->target);
	self->bed->target = wbt_target_new(wbt_model_find("seagate-sas"), "ZZ000002");
	wbt_target_restore(self->bed->target, image, "0009", NULL);
	flow_bed_mark(self->bed);
}

static void
fu_test_scsi_wb_flow_other_func(void)
{
	const FlowLostRow row = {LAST_OF_FOUR, .arrives = TRUE, .lost.host_status = 0x01};
	gboolean ret;
	FlowWire wire;
	g_autoptr(FlowBed) bed = flow_bed_new(row.model, NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", row.size_bytes);
	g_autoptr(GError) error = NULL;

	flow_bed_assert_enumerated(bed);
	fu_test_scsi_wb_flow_lose(&wire, bed, &row);
	wire.hook = fu_test_scsi_wb_flow_swap_hook;
	ret = flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error);
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_NOT_REACHABLE);
	g_assert_cmpstr(error->message, ==, GONE);
	g_assert_false(ret);
	g_assert_cmpstr(fu_device_get_version(bed->device), ==, "TT31");
}

/* 06/3F/03 before the first segment: it may be another disk now, and gets nothing of the image */
static void
fu_test_scsi_wb_flow_inquiry_changed_func(void)
{
	const FlowLostRow row = {
	    .model = "seagate-sas",
	    .size_bytes = 100000,
	    .segment = 1,
	    .lost = {.status = 0x02, .sense = {0x72, 0x06, 0x3f, 0x03}, .sense_bytes = 8},
	};
	gboolean ret;
	FlowWire wire;
	g_autoptr(FlowBed) bed = flow_bed_new(row.model, NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", row.size_bytes);
	g_autoptr(GError) error = NULL;

	flow_bed_assert_enumerated(bed);
	fu_test_scsi_wb_flow_lose(&wire, bed, &row);
	wire.hook = fu_test_scsi_wb_flow_swap_hook;
	ret = flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error);
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_NOT_FOUND);
	g_assert_cmpstr(error->message,
			==,
			"segment 1 of 4, MODE 0x07, 32768 bytes at 0x0: another device answers at "
			"this node: serial number is 'ZZ000002' and should be 'WBT00000001'");
	g_assert_false(ret);
	g_assert_cmpuint(flow_bed_count_segments(bed), ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/lost/new", new_rows, fu_test_scsi_wb_flow_new_func);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/lost/old", old_rows, fu_test_scsi_wb_flow_old_func);
	g_test_add_func("/scsi-wb/flow/lost/other-device", fu_test_scsi_wb_flow_other_func);
	g_test_add_func("/scsi-wb/flow/lost/inquiry-changed",
			fu_test_scsi_wb_flow_inquiry_changed_func);
	return g_test_run();
}
