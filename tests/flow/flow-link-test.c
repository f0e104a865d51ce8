/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-wire.h"

/* patterns to the echo buffer and back: what ends an update before its first segment, and what does
 * not */

#define OPCODE_WRITE_BUFFER 0x3b
#define OPCODE_READ_BUFFER  0x3c
#define MODE_ECHO	    0x0a
#define MODE_DESCRIPTOR	    0x0b

/**
 * FlowLinkRow:
 * @opcode: of the echo buffer's commands, which ones something happens to
 * @begin: which of them is the first, counted from 1
 * @end: which is the last
 * @other: (nullable): what the host sees instead of the device's answer
 * @flips: a bit of what the device answers turns over
 * @loses_bytes: so many bytes of that do not arrive
 * @is_unguarded: EBOS 0: another host may overwrite the echo buffer unnoticed
 * @writes: how many patterns are written
 * @code: what the update fails with
 * @message: the whole text that a user reads, %NULL if the update succeeds
 **/
typedef struct {
	const gchar *name;
	guint8 opcode;
	guint begin;
	guint end;
	const FuScsiWbResult *other;
	gboolean flips;
	gint32 loses_bytes;
	gboolean is_unguarded;
	guint writes;
	FwupdError code;
	const gchar *message;
} FlowLinkRow;

#define READ   .opcode = OPCODE_READ_BUFFER
#define WRITE  .opcode = OPCODE_WRITE_BUFFER
#define ONCE   .begin = 1, .end = 1
#define TWICE  .begin = 1, .end = 2
#define ALWAYS .begin = 1, .end = G_MAXUINT
#define ADVICE ": nothing was sent; check cable, expander and host adapter"
#define DAMAGED(words)                                                                             \
	"before the update, sending zeros: the device received damaged data (Aborted "             \
	"Command, " words ")" ADVICE
#define ADAPTER(who) "before the update, sending zeros: the host adapter " who ADVICE

#define SENSE(key, asc, ascq)                                                                      \
	{                                                                                          \
		.status = 0x02, .sense = {0x72, key, asc, ascq}, .sense_bytes = 8                  \
	}

static const FuScsiWbResult overwritten_illegal = SENSE(0x05, 0x3f, 0x0f);
static const FuScsiWbResult overwritten_aborted = SENSE(0x0b, 0x3f, 0x0f);
static const FuScsiWbResult no_opcode = SENSE(0x05, 0x20, 0x00);
static const FuScsiWbResult no_field = SENSE(0x05, 0x24, 0x00);
static const FuScsiWbResult no_sequence = SENSE(0x05, 0x2c, 0x00);
static const FuScsiWbResult parity_0b4700 = SENSE(0x0b, 0x47, 0x00);
static const FuScsiWbResult crc_0b4703 = SENSE(0x0b, 0x47, 0x03);
static const FuScsiWbResult message_0b4800 = SENSE(0x0b, 0x48, 0x00);
static const FuScsiWbResult internal_044400 = SENSE(0x04, 0x44, 0x00);
static const FuScsiWbResult busy = {.status = 0x08};
static const FuScsiWbResult host_no_connect = {.host_status = 0x01};
static const FuScsiWbResult host_bus_busy = {.host_status = 0x02};
static const FuScsiWbResult host_time_out = {.host_status = 0x03};
static const FuScsiWbResult host_abort = {.host_status = 0x05};
static const FuScsiWbResult host_parity = {.host_status = 0x06};
static const FuScsiWbResult host_error = {.host_status = 0x07};
static const FuScsiWbResult host_reset = {.host_status = 0x08};
static const FuScsiWbResult residual = {.resid_bytes = 4};

static const FlowLinkRow rows[] = {
    /* a device that guards its echo buffer returns nobody else's data */
    {.name = "guarded/changed-once",
     READ,
     ONCE,
     .flips = TRUE,
     .writes = 1,
     .code = FWUPD_ERROR_WRITE,
     .message = "before the update: zeros came back changed from the device's echo buffer, from "
		"byte 256 of 512: nothing was sent; check cable, expander and host adapter"},
    {.name = "guarded/second-pattern",
     READ,
     .begin = 2,
     .end = 2,
     .flips = TRUE,
     .writes = 2,
     .code = FWUPD_ERROR_WRITE,
     .message = "before the update: ones came back changed from the device's echo buffer, from "
		"byte 256 of 512: nothing was sent; check cable, expander and host adapter"},
    {.name = "guarded/short",
     READ,
     ONCE,
     .loses_bytes = 12,
     .writes = 1,
     .code = FWUPD_ERROR_WRITE,
     .message = "before the update: zeros came back changed from the device's echo buffer, from "
		"byte 500 of 512: nothing was sent; check cable, expander and host adapter"},
    {.name = "guarded/overwritten-once", READ, ONCE, .other = &overwritten_aborted, .writes = 5},
    {.name = "guarded/overwritten-illegal", READ, ONCE, .other = &overwritten_illegal, .writes = 5},
    {.name = "guarded/overwritten-always",
     READ,
     ALWAYS,
     .other = &overwritten_aborted,
     .writes = 12},

    /* of any other it may be another host's */
    {.name = "unguarded/changed-once",
     READ,
     ONCE,
     .flips = TRUE,
     .is_unguarded = TRUE,
     .writes = 5},
    {.name = "unguarded/changed-twice",
     READ,
     TWICE,
     .flips = TRUE,
     .is_unguarded = TRUE,
     .writes = 6},
    {.name = "unguarded/changed-always",
     READ,
     ALWAYS,
     .flips = TRUE,
     .is_unguarded = TRUE,
     .writes = 3,
     .code = FWUPD_ERROR_WRITE,
     .message = "before the update: zeros came back changed from the device's echo buffer, from "
		"byte 256 of 512: nothing was sent; check cable, expander and host adapter"},

    /* no echo buffer, or none that works, or not now */
    {.name = "none/write-opcode", WRITE, ALWAYS, .other = &no_opcode, .writes = 4},
    {.name = "none/write-field", WRITE, ALWAYS, .other = &no_field, .writes = 4},
    {.name = "none/read-opcode", READ, ALWAYS, .other = &no_opcode, .writes = 4},
    {.name = "none/read-field", READ, ALWAYS, .other = &no_field, .writes = 4},
    {.name = "none/read-sequence", READ, ALWAYS, .other = &no_sequence, .writes = 4},
    {.name = "none/nothing-comes", READ, ALWAYS, .loses_bytes = 512, .writes = 4},
    {.name = "none/busy", WRITE, ALWAYS, .other = &busy, .writes = 4},

    /* once is enough: of an image that would be one segment in a hundred */
    {.name = "bad/parity-write",
     WRITE,
     ONCE,
     .other = &parity_0b4700,
     .writes = 1,
     .code = FWUPD_ERROR_WRITE,
     .message = DAMAGED("SCSI parity error, 0B/47/00")},
    {.name = "bad/crc-write",
     WRITE,
     ONCE,
     .other = &crc_0b4703,
     .writes = 1,
     .code = FWUPD_ERROR_WRITE,
     .message = DAMAGED("Information unit iuCRC error detected, 0B/47/03")},
    {.name = "bad/message-read",
     READ,
     ONCE,
     .other = &message_0b4800,
     .writes = 1,
     .code = FWUPD_ERROR_WRITE,
     .message = DAMAGED("Initiator detected error message received, 0B/48/00")},
    {.name = "bad/host-parity",
     READ,
     ONCE,
     .other = &host_parity,
     .writes = 1,
     .code = FWUPD_ERROR_WRITE,
     .message = ADAPTER("reports trouble on the bus (host status 0x06, parity)")},
    {.name = "bad/host-bus-busy",
     WRITE,
     ONCE,
     .other = &host_bus_busy,
     .writes = 1,
     .code = FWUPD_ERROR_WRITE,
     .message = ADAPTER("reports trouble on the bus (host status 0x02, bus-busy)")},
    {.name = "bad/host-error",
     WRITE,
     ONCE,
     .other = &host_error,
     .writes = 1,
     .code = FWUPD_ERROR_WRITE,
     .message = ADAPTER("failed (host status 0x07, error)")},
    {.name = "bad/host-abort",
     READ,
     ONCE,
     .other = &host_abort,
     .writes = 1,
     .code = FWUPD_ERROR_WRITE,
     .message = ADAPTER("gave up the command (host status 0x05, abort)")},
    {.name = "bad/host-reset",
     READ,
     ONCE,
     .other = &host_reset,
     .writes = 1,
     .code = FWUPD_ERROR_WRITE,
     .message = ADAPTER("was reset (host status 0x08, reset)")},
    {.name = "bad/time-out",
     READ,
     ONCE,
     .other = &host_time_out,
     .writes = 1,
     .code = FWUPD_ERROR_TIMED_OUT,
     .message = "before the update, sending zeros: the device did not answer in time (no answer in "
		"20 s)" ADVICE},
    {.name = "bad/gone",
     WRITE,
     ONCE,
     .other = &host_no_connect,
     .writes = 1,
     .code = FWUPD_ERROR_NOT_REACHABLE,
     .message = "before the update, sending zeros: the device is gone (host status 0x01, "
		"no-connect)" ADVICE},
    {.name = "bad/residual",
     WRITE,
     ONCE,
     .other = &residual,
     .writes = 1,
     .code = FWUPD_ERROR_WRITE,
     .message = "before the update, sending zeros: the device did not take all the data (status "
		"0x00, good, 508 of 512 bytes taken)" ADVICE},
    {.name = "bad/fourth-pattern",
     WRITE,
     .begin = 4,
     .end = 4,
     .other = &crc_0b4703,
     .writes = 4,
     .code = FWUPD_ERROR_WRITE,
     .message =
	 "before the update, sending random bytes: the device received damaged data (Aborted "
	 "Command, Information unit iuCRC error detected, 0B/47/03)" ADVICE},

    /* a device that fails is not the link's fault, and gets no firmware either */
    {.name = "bad/device",
     WRITE,
     ONCE,
     .other = &internal_044400,
     .writes = 1,
     .code = FWUPD_ERROR_WRITE,
     .message = "before the update, sending zeros: the device failed (Hardware Error, Internal "
		"target failure, 04/44/00): do not switch it off; update again, and call its maker "
		"if that fails"},
};

typedef struct {
	FlowWire wire; /* the first, so that a hook finds the rest */
	const FlowLinkRow *row;
	guint commands;
	guint writes;
} FlowLink;

static void
fu_test_scsi_wb_flow_link_disturb(FlowLink *self,
				  const FuScsiWbCommand *command,
				  FuScsiWbResult *result)
{
	if (self->row->other != NULL)
		flow_wire_replace(result, self->row->other);
	if (self->row->flips && command->buf_bytes > 0)
		command->buf[command->buf_bytes / 2] ^= 0x10;
	result->resid_bytes += self->row->loses_bytes;
}

static void
fu_test_scsi_wb_flow_link_hook(FlowWire *wire,
			       const FuScsiWbCommand *command,
			       FuScsiWbResult *result)
{
	FlowLink *self = (FlowLink *)wire;
	guint8 mode = command->cdb[1] & 0x1f;

	if (command->cdb[0] == OPCODE_READ_BUFFER && mode == MODE_DESCRIPTOR &&
	    self->row->is_unguarded)
		command->buf[0] &= ~0x01;
	if (mode != MODE_ECHO ||
	    (command->cdb[0] != OPCODE_READ_BUFFER && command->cdb[0] != OPCODE_WRITE_BUFFER))
		return;
	if (command->cdb[0] == OPCODE_WRITE_BUFFER)
		self->writes++;
	if (command->cdb[0] != self->row->opcode)
		return;
	self->commands++;
	if (self->commands >= self->row->begin && self->commands <= self->row->end)
		fu_test_scsi_wb_flow_link_disturb(self, command, result);
}

static void
fu_test_scsi_wb_flow_link_func(gconstpointer user_data)
{
	const FlowLinkRow *row = user_data;
	FlowLink link = {.row = row};
	gboolean ret;
	g_autoptr(FlowBed) bed = flow_bed_new("seagate-sas", NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 50000);
	g_autoptr(GError) error = NULL;

	flow_bed_assert_enumerated(bed);
	flow_wire_init(&link.wire, bed);
	link.wire.hook = fu_test_scsi_wb_flow_link_hook;
	flow_bed_mark(bed);
	ret = flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error);
	g_assert_cmpuint(link.writes, ==, row->writes);
	if (row->message == NULL) {
		g_assert_no_error(error);
		g_assert_true(ret);
		flow_bed_assert_uninterrupted(bed);
		flow_bed_assert_updated(bed, image, "0002");
		return;
	}
	g_assert_error(error, FWUPD_ERROR, (gint)row->code);
	g_assert_cmpstr(error->message, ==, row->message);
	g_assert_false(ret);
	g_assert_cmpuint(flow_bed_count_segments(bed), ==, 0);
	flow_bed_assert_untouched(bed);

	/* with another cable it goes well */
	link.wire.hook = NULL;
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	flow_bed_assert_updated(bed, image, "0002");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/link", rows, fu_test_scsi_wb_flow_link_func);
	return g_test_run();
}
