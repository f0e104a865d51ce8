/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-standard.h"

#define ROW_0D(specific)                                                                           \
	"[SCSI\\VEN_WBSTD]\nScsiWbMode = 0x0d\nScsiWbModeSpecific = " #specific "\n"

/* an image of 100,001 bytes in segments of 32 KiB */
#define SEGMENTS_07 .mode = 0x07, .chunk_bytes = 32768
#define SEGMENTS_0E .mode = 0x0e, .chunk_bytes = 32768
#define SEGMENTS_0D .mode = 0x0d, .chunk_bytes = 32768

/* clang-format off */
const FlowStandardRow flow_standard_rows[] = {

    /* OFFSET BOUNDARY and BUFFER CAPACITY of READ BUFFER mode 03h: 16,383 bytes would fit */
    {"boundary/2-to-9", "std-boundary9", .mode = 0x07, .chunk_bytes = 15872, .commands = 7},
    {"boundary/2-to-16", "std-boundary16", .mode = 0x07, .chunk_bytes = 65536, .commands = 2},
    {"boundary/ffh-05h", "std-offset0", .mode = 0x05, .chunk_bytes = 100001, .commands = 1},
    {"boundary/ffh-07h", "std-whole", .mode = 0x07, .chunk_bytes = 100001, .commands = 1},
    {"capacity/0", "std-capacity0", SEGMENTS_07, .commands = 4},
    {"capacity/full", "std-small", .size_bytes = 65536, SEGMENTS_07, .commands = 2},
    {"capacity/smaller", "std-small", .size_bytes = 65537, .end = FLOW_END_ERROR,
     .code = FWUPD_ERROR_INVALID_FILE,
     .message = "the image has 65537 bytes, but the device's buffer only 65536 (READ BUFFER "
		"descriptor): it is made for another device"},

    /* who says which modes there are: VPD page 86h, operation codes with and without service
     * actions, nobody; then the device's refusal of 0Eh says it */
    {"modes/page-86h", "std-deferred", .end = FLOW_END_ACTIVATE, SEGMENTS_0E, .commands = 5},
    {"modes/operation-codes", "std-rsoc", SEGMENTS_07, .commands = 4},
    {"modes/operation-codes-without-service-actions", "std-rsoc-plain", SEGMENTS_07,
     .commands = 4},
    {"modes/nobody", "std-silent", SEGMENTS_07, .commands = 5},
    {"sense/descriptor", "std-descriptor", .end = FLOW_END_ACTIVATE, SEGMENTS_0E, .commands = 5},

    /* 0Dh with activation events */
    {"events/activate", "std-events", ROW_0D(4), .end = FLOW_END_ACTIVATE, SEGMENTS_0D,
     .commands = 5},
    {"events/power-on", "std-events", ROW_0D(4), .end = FLOW_END_POWER_ON, SEGMENTS_0D,
     .commands = 4},
    {"events/hard-reset", "std-events", ROW_0D(2), .end = FLOW_END_RESET, SEGMENTS_0D,
     .commands = 4},
    {"events/not-supported", "std-events", ROW_0D(1), .end = FLOW_END_ERROR, .commands = 1,
     .always = TRUE, .code = FWUPD_ERROR_NOT_SUPPORTED,
     .message = "segment 1 of 4, MODE 0x0d, 32768 bytes at 0x0: the device refused the mode, "
		"buffer, offset or length (Illegal Request, Invalid field in cdb, 05/24/00, CDB "
		"byte 1 bit 7): its quirk row does not fit it, or the image is larger than its "
		"buffer"},
    {"events/auto", "std-events", .end = FLOW_END_ERROR, .always = TRUE,
     .code = FWUPD_ERROR_NOT_SUPPORTED,
     .message = "the device has none of the modes 0x0e, 0x07 and 0x05 (VPD page 86h): its "
		"firmware cannot be updated this way"},

    /* ACTIVATE MICROCODE */
    {"activate/00b-at-once", "std-untold", SEGMENTS_07, .commands = 4},
    {"activate/00b-later", "std-untold-later", .end = FLOW_END_UNSEEN, SEGMENTS_07,
     .commands = 4, .slept_s = 10, .code = FWUPD_ERROR_WRITE,
     .message = "the device accepted the whole image, but still runs revision 0001: it may need "
		"a power cycle, or it has silently refused the image"},
    {"activate/01b", "std-capacity0", SEGMENTS_07, .commands = 4},
    {"activate/10b", "std-after-event", .end = FLOW_END_SHUTDOWN, SEGMENTS_07, .commands = 4},

    /* the first 0Eh refused: nothing is lost with 07h; a later one is no matter of the mode */
    {"first-0eh/05-24-00", "std-deferred", .faults = "segment 1 sense 5/24/00", SEGMENTS_07,
     .commands = 5},
    {"first-0eh/05-20-00", "std-deferred", .faults = "segment 1 sense 5/20/00", SEGMENTS_07,
     .commands = 5},
    {"second-0eh/05-24-00", "std-deferred", .faults = "segment 2 sense 5/24/00",
     .end = FLOW_END_ERROR, SEGMENTS_0E, .commands = 2, .code = FWUPD_ERROR_NOT_SUPPORTED,
     .message = "segment 2 of 4, MODE 0x0e, 32768 bytes at 0x8000: the device refused the mode, "
		"buffer, offset or length (Illegal Request, Invalid field in cdb, 05/24/00): its "
		"quirk row does not fit it, or the image is larger than its buffer"},

    /* in the middle: once is made up for, and what has been lost goes again from the start */
    {"middle/2c-00", "std-deferred", .faults = "segment 3 sense 5/2c/00",
     .end = FLOW_END_ACTIVATE, SEGMENTS_0E, .commands = 8},
    {"middle/2c-00-again", "std-deferred",
     .faults = "segment 3 sense 5/2c/00\nsegment 5 sense 5/2c/00", .end = FLOW_END_ERROR,
     SEGMENTS_0E, .commands = 5, .code = FWUPD_ERROR_WRITE,
     .message = "segment 2 of 4, MODE 0x0e, 32768 bytes at 0x8000: the device lost the thread of "
		"the download (Illegal Request, Command sequence error, 05/2C/00): make sure "
		"that no other host or program uses it, then update again"},
    {"middle/29-00", "std-deferred", .faults = "segment 3 power-loss", .end = FLOW_END_ACTIVATE,
     SEGMENTS_0E, .commands = 8},
    {"middle/29-02", "std-small", .size_bytes = 65536, .faults = "segment 2 reset", SEGMENTS_07,
     .commands = 4},
    {"middle/29-00-descriptor", "std-descriptor", .faults = "segment 3 power-loss",
     .end = FLOW_END_ACTIVATE, SEGMENTS_0E, .commands = 8},
    {"middle/3f-01", "std-deferred", .faults = "segment 3 sense 6/3f/01",
     .end = FLOW_END_ACTIVATE, SEGMENTS_0E, .commands = 6},
    {"middle/3f-16", "std-capacity0", .faults = "segment 3 sense 6/3f/16", SEGMENTS_07,
     .commands = 5},
    {"middle/busy", "std-deferred", .faults = "segment 3 status 08", .end = FLOW_END_ACTIVATE,
     SEGMENTS_0E, .commands = 6, .slept_s = 1},
    {"middle/task-set-full", "std-capacity0", .faults = "segment 3 status 28", SEGMENTS_07,
     .commands = 5, .slept_s = 1},
    {"middle/not-ready-40-s", "std-capacity0", .faults = "segment 3 not-ready 40000", SEGMENTS_07,
     .commands = 44, .slept_s = 40},
    {"middle/away", "std-deferred", .faults = "segment 3 away 2000", .end = FLOW_END_ERROR,
     SEGMENTS_0E, .commands = 3, .code = FWUPD_ERROR_NOT_REACHABLE,
     .message = "segment 3 of 4, MODE 0x0e, 32768 bytes at 0x10000: the device is gone (host "
		"status 0x01, no-connect): check that it has power and its cable, then update "
		"again"},

    /* another host's reservation */
    {"reserved/before", "std-capacity0", .faults = "opcode 00 status 18", .end = FLOW_END_ERROR,
     .code = FWUPD_ERROR_BUSY,
     .message = "before the update: another host has reserved the device (status 0x18, "
		"reservation-conflict): release it there, then update again"},
    {"reserved/first", "std-capacity0", .faults = "opcode 3b status 18", .end = FLOW_END_ERROR,
     .commands = 1, .code = FWUPD_ERROR_BUSY,
     .message = "segment 1 of 4, MODE 0x07, 32768 bytes at 0x0: another host has reserved the "
		"device (status 0x18, reservation-conflict): release it there, then update "
		"again"},
    {"reserved/middle", "std-capacity0", .faults = "segment 3 status 18", .end = FLOW_END_ERROR,
     SEGMENTS_07, .commands = 3, .code = FWUPD_ERROR_BUSY,
     .message = "segment 3 of 4, MODE 0x07, 32768 bytes at 0x10000: another host has reserved "
		"the device (status 0x18, reservation-conflict): release it there, then update "
		"again"},

    /* the restart */
    {"restart/not-ready-40-s", "std-slow", SEGMENTS_07, .commands = 4, .slept_s = 40},
    {"restart/away-40-s", "std-away", .end = FLOW_END_ACTIVATE, SEGMENTS_0E, .commands = 5,
     .slept_s = 40},
    {"restart/not-ready-400-s", "std-slow", .faults = "opcode 00 3 not-ready 400000",
     .end = FLOW_END_LATE, SEGMENTS_07, .commands = 4, .slept_s = 300,
     .code = FWUPD_ERROR_TIMED_OUT,
     .message = "after the update: the device is not back after 300 s (Not Ready, Logical unit "
		"is in process of becoming ready, 02/04/01): do not switch it off; look at it, "
		"then refresh"},

    /* a path that turns over bits: the echo buffer finds it before anything is sent; without one,
     * the device's own checks of the image do */
    {"path/corrupting-what-is-sent", "std-echo", .faults = "opcode 3b corrupt", .end = FLOW_END_ERROR,
     .code = FWUPD_ERROR_WRITE,
     .message = "before the update: zeros came back changed from the device's echo buffer, from "
		"byte 256 of 512: nothing was sent; check cable, expander and host adapter"},
    {"path/corrupting-what-is-received", "std-echo",
     .faults = "opcode 3c 3 corrupt\nopcode 3c 4 corrupt\nopcode 3c 5 corrupt",
     .end = FLOW_END_ERROR, .code = FWUPD_ERROR_WRITE,
     .message = "before the update: zeros came back changed from the device's echo buffer, from "
		"byte 256 of 512: nothing was sent; check cable, expander and host adapter"},
    {"path/corrupting-without-echo-buffer", "std-capacity0", .faults = "segment 2 corrupt",
     .end = FLOW_END_ERROR, SEGMENTS_07, .commands = 4, .code = FWUPD_ERROR_INVALID_FILE,
     .message = "segment 4 of 4, MODE 0x07, 1697 bytes at 0x18000: the device refused the image "
		"(Illegal Request, Invalid field in parameter list, 05/26/00): it is damaged, or "
		"made for another model or maker's edition"},
    {"path/sound", "std-echo", SEGMENTS_07, .commands = 4},
};
/* clang-format on */

const guint flow_standard_n_rows = G_N_ELEMENTS(flow_standard_rows);
