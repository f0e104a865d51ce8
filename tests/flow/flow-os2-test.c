/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-bed.h"

/* OS/2's adapter pass-through told 23 kinds of failure apart, so that a program knew where each of
 * them lay. The same failures here, under the names that they had there */

/**
 * FlowOs2Row:
 * @name: the code of OS/2, and a second name if there are several ways to it
 * @faults: what goes wrong, in an update of 100000 bytes in segments of 32 KiB
 * @code: what the update fails with
 * @message: what a user reads after where it was, %NULL if the update succeeds all the same
 * @segments: how many commands that took, 4 if nothing had gone wrong
 **/
typedef struct {
	const gchar *name;
	const gchar *faults;
	FwupdError code;
	const gchar *message;
	guint segments;
} FlowOs2Row;

#define WHERE "segment 2 of 4, MODE 0x07, 32768 bytes at 0x8000: "

#define NOT_KNOWN                                                                                  \
	"the device does not know the command (Illegal Request, Invalid command operation code, "  \
	"05/20/00): its firmware cannot be updated this way"
#define NO_TRANSFER(words)                                                                         \
	"the kernel or the host adapter refused the transfer (" words                              \
	" on /dev/sg0): it may be too large for the adapter: set a smaller ScsiWbChunkSize"
#define NO_MEMORY(words)                                                                           \
	"the kernel has no memory for the transfer (" words                                        \
	" on /dev/sg0): update again later, or set a smaller ScsiWbChunkSize"
#define DAMAGED(words)                                                                             \
	"the device received damaged data (Aborted Command, " words                                \
	"): check cable, expander and host adapter, then update again"
#define BUS(words)                                                                                 \
	"the host adapter reports trouble on the bus (host status " words                          \
	"): check cable and expander, then update again"
#define ADAPTER_FAILED(words)                                                                      \
	"the host adapter failed (host status " words                                              \
	"): look into the kernel log, then update again"
#define NOT_ALL(words)                                                                             \
	"the device did not take all the data (status 0x00, good, " words                          \
	" bytes taken): check cable, expander and host adapter, then update again"
#define FAILED(words)                                                                              \
	"the device failed (Hardware Error, " words                                                \
	"): do not switch it off; update again, and call its maker if that fails"
#define AWAY(words)                                                                                \
	"the device is gone (" words "): check that it has power and its cable, then update again"
#define NO_ANSWER                                                                                  \
	"the device did not answer in time (no answer in 300 s): do not switch it off; update "    \
	"again, with a longer ScsiWbTimeout if it needs one"

static const FlowOs2Row rows[] = {
    {"CMD_NOT_SUPPORTED", "segment 2 sense 5/20/00", FWUPD_ERROR_NOT_SUPPORTED, NOT_KNOWN, 2},
    {"DEVICE_REQ_NOT_SUPPORTED",
     "segment 2 sense 5/20/00 descriptor",
     FWUPD_ERROR_NOT_SUPPORTED,
     NOT_KNOWN,
     2},
    {"CMD_SYNTAX",
     "segment 2 sense 5/24/00",
     FWUPD_ERROR_NOT_SUPPORTED,
     "the device refused the mode, buffer, offset or length (Illegal Request, Invalid field in "
     "cdb, 05/24/00): its quirk row does not fit it, or the image is larger than its buffer",
     2},
    {"CMD_SGLIST_BAD/einval-first", "segment 1 errno 22", FWUPD_ERROR_LAST, NULL, 8},
    {"CMD_SGLIST_BAD/efault-first", "segment 1 errno 14", FWUPD_ERROR_LAST, NULL, 8},
    {"CMD_SGLIST_BAD/eio-first", "segment 1 errno 5", FWUPD_ERROR_LAST, NULL, 8},
    {"CMD_SGLIST_BAD/einval",
     "segment 2 errno 22",
     FWUPD_ERROR_NOT_SUPPORTED,
     NO_TRANSFER("Invalid argument"),
     2},
    {"CMD_SGLIST_BAD/eio",
     "segment 2 errno 5",
     FWUPD_ERROR_NOT_SUPPORTED,
     NO_TRANSFER("Input/output error"),
     2},
    {"CMD_SW_RESOURCE/first", "segment 1 errno 12", FWUPD_ERROR_LAST, NULL, 8},
    {"CMD_SW_RESOURCE/enomem",
     "segment 2 errno 12",
     FWUPD_ERROR_BUSY,
     NO_MEMORY("Cannot allocate memory"),
     2},
    {"CMD_SW_RESOURCE/eagain",
     "segment 2 errno 11",
     FWUPD_ERROR_BUSY,
     NO_MEMORY("Resource temporarily unavailable"),
     2},
    {"CMD_ABORTED/adapter",
     "segment 2 host 05",
     FWUPD_ERROR_WRITE,
     "the host adapter gave up the command (host status 0x05, abort): look into the kernel log, "
     "then update again",
     2},
    {"CMD_ABORTED/device",
     "segment 2 sense b/00/00",
     FWUPD_ERROR_WRITE,
     "the device gave up the command (Aborted Command, No additional sense information, "
     "0B/00/00): update again",
     2},
    {"CMD_ABORTED/other-host",
     "segment 2 status 40",
     FWUPD_ERROR_WRITE,
     "another host made the device give up the command (status 0x40, task-aborted): make sure "
     "that no other host uses it, then update again",
     2},
    {"UNIT_NOT_ALLOCATED",
     "segment 2 status 18",
     FWUPD_ERROR_BUSY,
     "another host has reserved the device (status 0x18, reservation-conflict): release it there, "
     "then update again",
     2},
    {"UNIT_NOT_READY/becoming", "segment 2 sense 2/04/01", FWUPD_ERROR_LAST, NULL, 5},
    {"UNIT_NOT_READY/stopped", "segment 1 sense 2/04/02", FWUPD_ERROR_LAST, NULL, 5},
    {"UNIT_NOT_READY/no-medium",
     "segment 2 sense 2/3a/00",
     FWUPD_ERROR_NEEDS_USER_ACTION,
     "the device has no medium (Not Ready, Medium not present, 02/3A/00): load one, then update "
     "again",
     2},
    {"UNIT_PWR_OFF/no-connect",
     "segment 2 host 01",
     FWUPD_ERROR_NOT_REACHABLE,
     AWAY("host status 0x01, no-connect"),
     2},
    {"UNIT_PWR_OFF/enodev",
     "segment 2 errno 19",
     FWUPD_ERROR_NOT_REACHABLE,
     AWAY("No such device on /dev/sg0"),
     2},
    {"UNIT_PWR_OFF/enxio",
     "segment 2 errno 6",
     FWUPD_ERROR_NOT_REACHABLE,
     AWAY("No such device or address on /dev/sg0"),
     2},
    {"ADAPTER_HOSTBUSCHECK", "segment 2 host 02", FWUPD_ERROR_WRITE, BUS("0x02, bus-busy"), 2},
    {"ADAPTER_DEVICEBUSCHECK", "segment 2 host 06", FWUPD_ERROR_WRITE, BUS("0x06, parity"), 2},
    {"DEVICE_DEVICEBUSCHECK",
     "segment 2 sense b/47/03",
     FWUPD_ERROR_WRITE,
     DAMAGED("Information unit iuCRC error detected, 0B/47/03"),
     2},
    {"ADAPTER_OVERRUN",
     "segment 2 host 07",
     FWUPD_ERROR_WRITE,
     ADAPTER_FAILED("0x07, error, 0 of 32768 bytes taken"),
     2},
    {"ADAPTER_UNDERRUN", "segment 2 residual 32768", FWUPD_ERROR_WRITE, NOT_ALL("0 of 32768"), 2},
    {"DEVICE_OVERRUN",
     "segment 2 sense b/4b/02",
     FWUPD_ERROR_WRITE,
     DAMAGED("Too much write data, 0B/4B/02"),
     2},
    {"DEVICE_UNDERRUN", "segment 2 residual 512", FWUPD_ERROR_WRITE, NOT_ALL("32256 of 32768"), 2},
    {"ADAPTER_DIAGFAIL",
     "segment 2 host 09",
     FWUPD_ERROR_WRITE,
     ADAPTER_FAILED("0x09, bad-intr, 0 of 32768 bytes taken"),
     2},
    {"ADAPTER_TIMEOUT", "segment 2 host 03", FWUPD_ERROR_TIMED_OUT, NO_ANSWER, 2},
    {"ADAPTER_DEVICE_TIMEOUT", "segment 2 hang 300001", FWUPD_ERROR_TIMED_OUT, NO_ANSWER, 2},
    {"ADAPTER_REQ_NOT_SUPPORTED/enotty",
     "segment 2 errno 25",
     FWUPD_ERROR_NOT_SUPPORTED,
     "the kernel does not pass SCSI commands through this node (Inappropriate ioctl for device on "
     "/dev/sg0): is it really a SCSI device?",
     2},
    {"ADAPTER_REQ_NOT_SUPPORTED/eperm",
     "segment 2 errno 1",
     FWUPD_ERROR_PERMISSION_DENIED,
     "the kernel does not allow the command (Operation not permitted on /dev/sg0): the daemon "
     "needs CAP_SYS_RAWIO",
     2},
    {"ADAPTER_REFER_TO_STATUS",
     "segment 2 sense 5/26/00",
     FWUPD_ERROR_INVALID_FILE,
     "the device refused the image (Illegal Request, Invalid field in parameter list, 05/26/00): "
     "it is damaged, or made for another model or maker's edition",
     2},
    {"DEVICE_DIAGFAIL/component",
     "segment 2 sense 4/40/85",
     FWUPD_ERROR_WRITE,
     FAILED("Diagnostic failure on component [0x85], 04/40/85"),
     2},
    {"DEVICE_DIAGFAIL/internal",
     "segment 2 sense 4/44/00",
     FWUPD_ERROR_WRITE,
     FAILED("Internal target failure, 04/44/00"),
     2},
    {"DEVICE_BUSY/busy", "segment 2 status 08", FWUPD_ERROR_LAST, NULL, 5},
    {"DEVICE_BUSY/task-set-full", "segment 2 status 28", FWUPD_ERROR_LAST, NULL, 5},
    {"DEVICE_BUSY/aca-active", "segment 2 status 30", FWUPD_ERROR_LAST, NULL, 5},
};

static void
fu_test_scsi_wb_flow_os2_func(gconstpointer user_data)
{
	const FlowOs2Row *row = user_data;
	gboolean ret;
	g_autoptr(FlowBed) bed = flow_bed_new("seagate-sas", NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 100000);
	g_autoptr(GBytes) image_next = flow_bed_new_image(bed, "0003", 50000);
	g_autoptr(GError) error = NULL;

	flow_bed_assert_enumerated(bed);
	flow_bed_set_faults(bed, row->faults);
	flow_bed_mark(bed);
	ret = flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error);
	g_assert_cmpuint(flow_bed_count_segments(bed), ==, row->segments);
	if (row->message == NULL) {
		g_assert_no_error(error);
		g_assert_true(ret);
		flow_bed_assert_updated(bed, image, "0002");
	} else {
		g_autofree gchar *message = g_strconcat(WHERE, row->message, NULL);
		g_assert_error(error, FWUPD_ERROR, (gint)row->code);
		g_assert_cmpstr(error->message, ==, message);
		g_assert_false(ret);
		flow_bed_assert_untouched(bed);
	}

	/* whatever it was, the next update goes well */
	flow_bed_set_faults(bed, NULL);
	flow_bed_assert_installed(bed, image_next, FWUPD_INSTALL_FLAG_NONE);
	flow_bed_assert_updated(bed, image_next, "0003");
}

/* none of OS/2's codes is left out */
static void
fu_test_scsi_wb_flow_os2_complete_func(void)
{
	g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		const gchar *end = strchr(rows[i].name, '/');
		gsize length = end != NULL ? (gsize)(end - rows[i].name) : strlen(rows[i].name);
		g_hash_table_add(names, g_strndup(rows[i].name, length));
	}
	g_assert_cmpuint(g_hash_table_size(names), ==, 23);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/os2", rows, fu_test_scsi_wb_flow_os2_func);
	g_test_add_func("/scsi-wb/flow/os2/complete", fu_test_scsi_wb_flow_os2_complete_func);
	return g_test_run();
}
