/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-bed.h"

/* what a user reads when an update cannot go well */

/**
 * FlowFaultRow:
 * @rows: (nullable): a user's quirk rows
 * @faults: (nullable): what the target does wrong, from the start of the update
 * @size_bytes: size of a valid image for the model; below 44 bytes zeros
 * @code: what the update fails with
 * @message: the whole text that a user reads
 * @slept_min_ms: how long it has to have waited
 * @commits: how many images the target has saved all the same
 **/
typedef struct {
	const gchar *name;
	const gchar *model;
	const gchar *rows;
	const gchar *faults;
	gsize size_bytes;
	FwupdError code;
	const gchar *message;
	guint slept_min_ms;
	guint commits;
} FlowFaultRow;

#define FLOW_AUTO "[SCSI\\VEN_SEAGATE&TYPE_00]\nScsiWbMode = auto\n"

static const FlowFaultRow image_rows[] = {
    {.name = "empty",
     .model = "sl500",
     .size_bytes = 0,
     .code = FWUPD_ERROR_INVALID_FILE,
     .message = "the image is empty"},
    {.name = "one-byte/library",
     .model = "sl500",
     .size_bytes = 1,
     .code = FWUPD_ERROR_INVALID_FILE,
     .message = "the image size of 1 bytes is not a multiple of 2, as this device wants it: "
		"the image is damaged, or made for another device"},
    {.name = "one-byte/disk",
     .model = "seagate-sas",
     .size_bytes = 1,
     .code = FWUPD_ERROR_WRITE,
     .message = "the device accepted the whole image, but still runs revision TT31: it may "
		"need a power cycle, or it has silently refused the image"},
    {.name = "odd/library",
     .model = "sl500",
     .size_bytes = 40001,
     .code = FWUPD_ERROR_INVALID_FILE,
     .message = "the image size of 40001 bytes is not a multiple of 2, as this device wants "
		"it: the image is damaged, or made for another device"},
    {.name = "larger-than-buffer",
     .model = "seagate-sas",
     .size_bytes = 9 * 1024 * 1024,
     .code = FWUPD_ERROR_INVALID_FILE,
     .message = "the image has 9437184 bytes, but the device's buffer only 4194304 (READ "
		"BUFFER descriptor): it is made for another device"},
    {.name = "larger-than-offset",
     .model = "seagate-sas",
     .size_bytes = 17 * 1024 * 1024,
     .code = FWUPD_ERROR_INVALID_FILE,
     .message = "the image is too large for this device: BUFFER OFFSET would have to be "
		"0x1000000, and 0xffffff is the most it can be"},
};

static const FlowFaultRow fault_rows[] = {
    {.name = "image-refused/last",
     .model = "deferred-disk",
     .faults = "segment 4 sense 5/26/00",
     .size_bytes = 100000,
     .code = FWUPD_ERROR_INVALID_FILE,
     .message = "segment 4 of 4, MODE 0x0e, 1696 bytes at 0x18000: the device refused the "
		"image (Illegal Request, Invalid field in parameter list, 05/26/00): it is "
		"damaged, or made for another model or maker's edition"},
    {.name = "image-refused/descriptor",
     .model = "sl500",
     .faults = "segment 3 sense 5/26/00 descriptor",
     .size_bytes = 40000,
     .code = FWUPD_ERROR_INVALID_FILE,
     .message = "segment 3 of 3, MODE 0x07, 7232 bytes at 0x8000: the device refused the image "
		"(Illegal Request, Invalid field in parameter list, 05/26/00): it is damaged, "
		"or made for another model or maker's edition"},
    {.name = "unknown-command/last",
     .model = "deferred-disk",
     .faults = "segment 4 sense 5/20/00",
     .size_bytes = 100000,
     .code = FWUPD_ERROR_NOT_SUPPORTED,
     .message = "segment 4 of 4, MODE 0x0e, 1696 bytes at 0x18000: the device does not know the "
		"command (Illegal Request, Invalid command operation code, 05/20/00): its "
		"firmware cannot be updated this way"},
    {.name = "vanish",
     .model = "seagate-sas",
     .faults = "segment 3 vanish",
     .size_bytes = 100000,
     .code = FWUPD_ERROR_NOT_REACHABLE,
     .message = "segment 3 of 4, MODE 0x07, 32768 bytes at 0x10000: the device is gone (host "
		"status 0x01, no-connect): check that it has power and its cable, then update "
		"again"},
    {.name = "stuck-revision",
     .model = "seagate-sas",
     .faults = "segment 1 stuck-revision",
     .size_bytes = 30000,
     .code = FWUPD_ERROR_WRITE,
     .message = "the device accepted the whole image, but still runs revision TT31: it may "
		"need a power cycle, or it has silently refused the image",
     .slept_min_ms = 1000,
     .commits = 1},
    {.name = "busy-for-ever",
     .model = "seagate-sas",
     .faults = "opcode 3b status 08",
     .size_bytes = 30000,
     .code = FWUPD_ERROR_BUSY,
     .message = "segment 1 of 1, MODE 0x07, 30000 bytes at 0x0: the device stays busy (status "
		"0x08, busy): update again when nothing else uses it",
     .slept_min_ms = 300000},
    {.name = "reserved",
     .model = "seagate-sas",
     .faults = "segment 2 status 18",
     .size_bytes = 50000,
     .code = FWUPD_ERROR_BUSY,
     .message = "segment 2 of 2, MODE 0x07, 17232 bytes at 0x8000: another host has reserved "
		"the device (status 0x18, reservation-conflict): release it there, then update "
		"again"},
    {.name = "hang",
     .model = "seagate-sas",
     .faults = "segment 1 hang 400000",
     .size_bytes = 50000,
     .code = FWUPD_ERROR_TIMED_OUT,
     .message = "segment 1 of 2, MODE 0x07, 32768 bytes at 0x0: the device did not answer in "
		"time (no answer in 300 s): do not switch it off; update again, with a longer "
		"ScsiWbTimeout if it needs one"},
    {.name = "residual",
     .model = "seagate-sas",
     .faults = "segment 2 residual 512",
     .size_bytes = 50000,
     .code = FWUPD_ERROR_WRITE,
     .message = "segment 2 of 2, MODE 0x07, 17232 bytes at 0x8000: the device did not take all "
		"the data (status 0x00, good, 16720 of 17232 bytes taken): check "
		"cable, expander and host adapter, then update again"},
    {.name = "signature",
     .model = "seagate-sas",
     .faults = "segment 2 sense b/0b/13",
     .size_bytes = 50000,
     .code = FWUPD_ERROR_SIGNATURE_INVALID,
     .message = "segment 2 of 2, MODE 0x07, 17232 bytes at 0x8000: the device refused the "
		"image's signature (Aborted Command, Warning - microcode digital signature "
		"validation failure, 0B/0B/13): get the image from the device's maker"},
    {.name = "internal",
     .model = "seagate-sas",
     .faults = "segment 2 sense 4/44/00",
     .size_bytes = 50000,
     .code = FWUPD_ERROR_WRITE,
     .message = "segment 2 of 2, MODE 0x07, 17232 bytes at 0x8000: the device failed (Hardware "
		"Error, Internal target failure, 04/44/00): do not switch it off; update "
		"again, and call its maker if that fails"},
    {.name = "einval",
     .model = "seagate-sas",
     .faults = "opcode 3b errno 22",
     .size_bytes = 50000,
     .code = FWUPD_ERROR_NOT_SUPPORTED,
     .message = "segment 1 of 13, MODE 0x07, 4096 bytes at 0x0: the kernel or the host adapter "
		"refused the transfer (Invalid argument on /dev/sg0): it may be too large for the "
		"adapter: "
		"set a smaller ScsiWbChunkSize"},
    {.name = "eperm",
     .model = "seagate-sas",
     .faults = "segment 1 errno 1",
     .size_bytes = 50000,
     .code = FWUPD_ERROR_PERMISSION_DENIED,
     .message = "segment 1 of 2, MODE 0x07, 32768 bytes at 0x0: the kernel does not allow the "
		"command (Operation not permitted on /dev/sg0): the daemon needs CAP_SYS_RAWIO"},
    {.name = "attention-without-end",
     .model = "seagate-sas",
     .faults = "opcode 3b sense 6/3f/01",
     .size_bytes = 50000,
     .code = FWUPD_ERROR_WRITE,
     .message = "segment 1 of 2, MODE 0x07, 32768 bytes at 0x0: the device keeps saying that "
		"its firmware was changed (Unit Attention, Microcode has been changed, "
		"06/3F/01): make sure that no other program updates it, then update again"},
    {.name = "reset-twice",
     .model = "seagate-sas",
     .faults = "segment 2 sense 6/29/00\nsegment 4 sense 6/29/00",
     .size_bytes = 100000,
     .code = FWUPD_ERROR_WRITE,
     .message = "segment 2 of 4, MODE 0x07, 32768 bytes at 0x8000: the device was reset (Unit "
		"Attention, Power on, reset, or bus device reset occurred, 06/29/00): find out "
		"what resets it, another host perhaps, then update again"},
    {.name = "not-ready/disk",
     .model = "seagate-sas",
     .faults = "opcode 00 sense 2/04/02",
     .size_bytes = 50000,
     .code = FWUPD_ERROR_BUSY,
     .message = "before the update: the device is stopped (Not Ready, Logical unit not ready, "
		"initializing command required, 02/04/02): start it, for example with sg_start "
		"--start, then update again"},
    {.name = "cache/write-error",
     .model = "seagate-sas",
     .faults = "opcode 35 sense 3/0c/00",
     .size_bytes = 50000,
     .code = FWUPD_ERROR_WRITE,
     .message = "before the update, emptying the disk's cache: the device failed (Medium "
		"Error, Write error, 03/0C/00): do not switch it off; update again, and call "
		"its maker if that fails"},
    {.name = "link/sent",
     .model = "seagate-sas",
     .faults = "opcode 3b corrupt-echo",
     .size_bytes = 50000,
     .code = FWUPD_ERROR_WRITE,
     .message = "before the update: zeros came back changed from the device's echo buffer, "
		"from byte 0 of 512: nothing was sent; check cable, expander and host adapter"},
    {.name = "link/received",
     .model = "seagate-sas",
     .faults = "opcode 3c corrupt-echo",
     .size_bytes = 50000,
     .code = FWUPD_ERROR_WRITE,
     .message = "before the update: zeros came back changed from the device's echo buffer, "
		"from byte 511 of 512: nothing was sent; check cable, expander and host adapter"},
    {.name = "no-mode-left",
     .model = "seagate-sas",
     .rows = FLOW_AUTO,
     .faults = "opcode 3b sense 5/20/00",
     .size_bytes = 50000,
     .code = FWUPD_ERROR_NOT_SUPPORTED,
     .message = "segment 1 of 2, MODE 0x07, 32768 bytes at 0x0: the device does not know the "
		"command (Illegal Request, Invalid command operation code, 05/20/00): its "
		"firmware cannot be updated this way"},
};

static GBytes *
fu_test_scsi_wb_flow_new_image(FlowBed *bed, const FlowFaultRow *row)
{
	GBytes *image = flow_bed_new_image(bed, "0002", row->size_bytes);
	if (image != NULL)
		return image;
	return g_bytes_new_take(g_malloc0(row->size_bytes), row->size_bytes);
}

static void
fu_test_scsi_wb_flow_fault_func(gconstpointer user_data)
{
	const FlowFaultRow *row = user_data;
	g_autoptr(FlowBed) bed = flow_bed_new(row->model, row->rows);
	g_autoptr(GBytes) image = fu_test_scsi_wb_flow_new_image(bed, row);

	flow_bed_assert_enumerated(bed);
	flow_bed_set_faults(bed, row->faults);
	flow_bed_assert_refused(bed, image, row->code, row->message);
	g_assert_cmpuint(bed->slept_ms, >=, row->slept_min_ms);
	g_assert_cmpstr(fu_device_get_version(bed->device),
			==,
			wbt_target_get_revision(bed->target));
	g_assert_cmpuint(wbt_target_get_commits(bed->target), ==, row->commits);
	g_assert_false(fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION));

	/* the next one, undisturbed, goes well */
	wbt_target_power_cycle(bed->target);
	flow_bed_set_faults(bed, NULL);
	g_bytes_unref(image);
	image = flow_bed_new_image(bed, "0003", 50000);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	if (fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION)) {
		flow_bed_assert_activated(bed);
	}
	flow_bed_assert_updated(bed, image, "0003");
}

/* another device took over the node after enumeration: it must not get this one's firmware */
static void
fu_test_scsi_wb_flow_identity_func(void)
{
	g_autoptr(FlowBed) bed = flow_bed_new("seagate-sas", NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 50000);

	flow_bed_assert_enumerated(bed);
	wbt_target_free(bed->target);
	bed->target = wbt_target_new(wbt_model_find("seagate-sas"), "ZZ000002");
	flow_bed_mark(bed);
	flow_bed_assert_refused(
	    bed,
	    image,
	    FWUPD_ERROR_NOT_FOUND,
	    "another device answers at this node: serial number is 'ZZ000002' and should "
	    "be 'WBT00000001'");
	g_assert_cmpuint(flow_bed_count_segments(bed), ==, 0);
}

static gboolean
fu_test_scsi_wb_flow_no_segment_cb(gpointer user_data,
				   const FuScsiWbCommand *command,
				   FuScsiWbResult *result,
				   GError **error)
{
	if (command->cdb[0] == 0x3b && (command->cdb[1] & 0x1f) == 0x07) {
		g_set_error_literal(error,
				    FWUPD_ERROR,
				    FWUPD_ERROR_NOT_FOUND,
				    "no way for a segment");
		return FALSE;
	}
	return flow_bed_send_cb(user_data, command, result, error);
}

static void
fu_test_scsi_wb_flow_no_sleep_cb(gpointer user_data, guint delay_ms)
{
}

/* no kernel and no device has anything to say of it, as when a recording has no such command */
static void
fu_test_scsi_wb_flow_no_transport_func(void)
{
	g_autoptr(FlowBed) bed = flow_bed_new("seagate-sas", NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 50000);

	flow_bed_assert_enumerated(bed);
	fu_scsi_wb_device_take_transport(
	    FU_SCSI_WB_DEVICE(bed->device),
	    fu_scsi_wb_transport_new_full(fu_test_scsi_wb_flow_no_segment_cb,
					  fu_test_scsi_wb_flow_no_sleep_cb,
					  bed));
	flow_bed_assert_refused(
	    bed,
	    image,
	    FWUPD_ERROR_NOT_FOUND,
	    "segment 1 of 2, MODE 0x07, 32768 bytes at 0x0: no way for a segment");
	flow_bed_assert_untouched(bed);
}

/* a maker's own tool has updated it since: an older image would take that back, and a refused one
 * would seem to be in use */
static void
fu_test_scsi_wb_flow_updated_elsewhere_func(void)
{
	g_autoptr(FlowBed) bed = flow_bed_new("seagate-sas", NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 50000);
	g_autoptr(GBytes) image_other = flow_bed_new_image(bed, "0003", 50000);

	flow_bed_assert_enumerated(bed);
	wbt_target_restore(bed->target, image_other, "0003", NULL);
	flow_bed_mark(bed);
	flow_bed_assert_refused(
	    bed,
	    image,
	    FWUPD_ERROR_NEEDS_USER_ACTION,
	    "before the update: the device runs revision 0003, not TT31 as listed: "
	    "another program, or an earlier update, has changed it; run fwupdmgr quit, "
	    "then look at the list again");
	g_assert_cmpuint(flow_bed_count_segments(bed), ==, 0);
	g_assert_cmpstr(wbt_target_get_revision(bed->target), ==, "0003");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/image", image_rows, fu_test_scsi_wb_flow_fault_func);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/fault", fault_rows, fu_test_scsi_wb_flow_fault_func);
	g_test_add_func("/scsi-wb/flow/identity", fu_test_scsi_wb_flow_identity_func);
	g_test_add_func("/scsi-wb/flow/no-transport", fu_test_scsi_wb_flow_no_transport_func);
	g_test_add_func("/scsi-wb/flow/updated-elsewhere",
			fu_test_scsi_wb_flow_updated_elsewhere_func);
	return g_test_run();
}
