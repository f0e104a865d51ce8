// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include <glib.h>

#include "wbt-book.h"

#define SCSI_2 0x02
#define SPC_1  0x03
#define SPC_3  0x05

#define MIB (1024U * 1024U)

/* libraries, and an optical drive */
#define BOOK_ROW(row_name, row_vendor, row_product, row_type, row_rules)                           \
	.name = (row_name), .vendor = (row_vendor), .product = (row_product), .revision = "0001",  \
	.peripheral_type = (row_type), .removable = true, .rules = (row_rules),                    \
	.n_rules = G_N_ELEMENTS(row_rules), .busy_commands = 3

/* a reset that the device itself does after taking new microcode */
static const WbtAttention power_on_or_reset = {0x29, 0x00};
static const WbtAttention microcode_changed = {0x3F, 0x01};

#define IBM_3584_RULE(row_mode)                                                                    \
	{                                                                                          \
		.mode = (row_mode), .end = WBT_END_IMAGE_ARRIVED, .effect = WBT_EFFECT_SAVE_RUN,   \
		.zero_length = WBT_ZERO_LENGTH_REFUSED,                                            \
	}

/*
 * IBM Diamondback tape library, SCSI reference 2.12.3 (and 2.9.4), "Write Buffer - X'3B'": 04h to
 * 07h; BUFFER ID 00h is microcode; one count of BUFFER OFFSET is 1 MiB; PARAMETER LIST LENGTH is
 * 100000h in all commands but the last. IBM TS4500, SCSI reference, "Inquiry Standard Data: Valid
 * LUN": vendor and product of a 3584, which Diamondback keeps to.
 */
static const WbtModeRule ibm_3584_rules[] = {
    IBM_3584_RULE(WBT_MODE_DOWNLOAD),
    IBM_3584_RULE(WBT_MODE_DOWNLOAD_SAVE),
    IBM_3584_RULE(WBT_MODE_DOWNLOAD_OFFSETS),
    IBM_3584_RULE(WBT_MODE_DOWNLOAD_OFFSETS_SAVE),
};

/*
 * Dell PowerVault TL2000/TL4000 Tape Library, SCSI Reference, second edition (March 2007), pages
 * 3-84 and 3-85: 04h for all transfers, the last one 04h or 05h, both save; BUFFER ID 00h or 88h is
 * the library's firmware; offsets go on where the last one ended; at most FFFFh bytes; a unit
 * attention MICROCODE HAS BEEN CHANGED for all initiators. Pages 3-50 and 3-51: READ BUFFER says
 * 256 bytes for BUFFER ID 0, which is another buffer, and nothing for any other. Page 3-7: the
 * vendor is IBM, the product 3573-TL, and the revision changes with the firmware.
 */
static const WbtModeRule tl2000_rules[] = {
    {
	.mode = WBT_MODE_DOWNLOAD,
	.end = WBT_END_IMAGE_ARRIVED,
	.effect = WBT_EFFECT_SAVE_RUN,
    },
    {
	.mode = WBT_MODE_DOWNLOAD_SAVE,
	.end = WBT_END_THIS_COMMAND,
	.effect = WBT_EFFECT_SAVE_RUN,
	.continues = WBT_MODE_BIT(WBT_MODE_DOWNLOAD),
    },
};

/*
 * Quantum SuperLoader 3, Software Interface Guide, pages 140 to 142: 04h with offsets stores
 * pieces, 05h verifies, saves and resets; BUFFER ID 0; any error discards all; what would overrun
 * the buffer is refused. Page 13: vendor and product.
 */
static const WbtModeRule superloader3_rules[] = {
    {
	.mode = WBT_MODE_DOWNLOAD,
	.end = WBT_END_NEVER,
    },
    {
	.mode = WBT_MODE_DOWNLOAD_SAVE,
	.end = WBT_END_THIS_COMMAND,
	.effect = WBT_EFFECT_SAVE_RUN,
	.zero_length = WBT_ZERO_LENGTH_TAKEN,
	.continues = WBT_MODE_BIT(WBT_MODE_DOWNLOAD),
    },
};

/*
 * Tandberg SLR Autoloader, SCSI Interface Functional Specifications, 43 20 73-03 (December 2003),
 * 2.18, page 2-53: 05h, or 07h with offsets that progress by the transfer size; BUFFER ID 00h; the
 * transfer length is a multiple of 65,536 bytes; 1 MiB in all; every other MODE is ILLEGAL REQUEST;
 * no READ BUFFER. Page 2-5: vendor and product.
 */
static const WbtModeRule slr_autoloader_rules[] = {
    {
	.mode = WBT_MODE_DOWNLOAD_SAVE,
	.end = WBT_END_THIS_COMMAND,
	.effect = WBT_EFFECT_SAVE_RUN,
	.offset = WBT_OFFSET_ZERO,
	.zero_length = WBT_ZERO_LENGTH_REFUSED,
    },
    {
	.mode = WBT_MODE_DOWNLOAD_OFFSETS_SAVE,
	.end = WBT_END_IMAGE_ARRIVED,
	.effect = WBT_EFFECT_SAVE_RUN,
	.zero_length = WBT_ZERO_LENGTH_REFUSED,
    },
};

/*
 * FreeBSD, sbin/camcontrol/fwdownload.c, vendors_list[] and fw_read_img(): for vendor QUALSTAR 05h,
 * packets of 2030h bytes, BUFFER OFFSET and BUFFER ID stay 0, the image is a whole number of frames
 * of 1,030 bytes once its header is gone. The product is the simulation's.
 */
static const WbtModeRule qualstar_rules[] = {
    {
	.mode = WBT_MODE_DOWNLOAD_SAVE,
	.end = WBT_END_IMAGE_ARRIVED,
	.effect = WBT_EFFECT_SAVE_RUN,
	.offset = WBT_OFFSET_ZERO,
    },
};

/*
 * FreeBSD, the same table, for vendor PLEXTOR: 04h with offsets in packets of at most 2000h bytes,
 * 05h for the last one, BUFFER ID 0. The product is in public kernel logs.
 */
static const WbtModeRule plextor_rules[] = {
    {
	.mode = WBT_MODE_DOWNLOAD,
	.end = WBT_END_NEVER,
    },
    {
	.mode = WBT_MODE_DOWNLOAD_SAVE,
	.end = WBT_END_THIS_COMMAND,
	.effect = WBT_EFFECT_SAVE_RUN,
	.continues = WBT_MODE_BIT(WBT_MODE_DOWNLOAD),
    },
};

/*
 * pxfw (github.com/speed47/qpxtool), console/pxfw/pxfw.cpp, and redumper
 * (github.com/superg/redumper), drive/flash_plextor.ixx, which both update these drives: 04h with
 * offsets, 05h for the last piece, BUFFER ID 0. They disagree in how long a piece may be, 4,096 or
 * 16,384 bytes, and for which drives; 4,096 is in both. pxfw ejects the disc first and waits until
 * there is none. What follows is not told but that INQUIRY has the new revision at once. The
 * products are in both; the rules are those of the other Plextor drives, above.
 */

const WbtModel wbt_book_libraries[] = {
    {
	BOOK_ROW("ibm-3584", "IBM", "03584L32", WBT_TYPE_CHANGER, ibm_3584_rules),
	.summary = "tape library, 07h with offsets in MiB",
	.version = SPC_1,
	.offset_unit_bytes = 1 * MIB,
	.exact_segment_bytes = 1 * MIB,
	.mode_change = WBT_MODE_CHANGE_REFUSED,
	.own_attention = &power_on_or_reset,
    },
    {
	BOOK_ROW("tl2000", "IBM", "3573-TL", WBT_TYPE_CHANGER, tl2000_rules),
	.summary = "tape library, 04h segments ended by 05h, BUFFER ID 88h",
	.version = SPC_3,
	.offset_unit_bytes = 1,
	.read_buffer = true,
	.data_buffer_bytes = 256,
	.echo_bytes = 256,
	.first_buffer_id = 0x88,
	.buffer_0_too = true,
	.max_segment_bytes = 0xFFFF,
	.own_attention = &microcode_changed,
    },
    {
	BOOK_ROW("superloader3", "QUANTUM", "UHDL", WBT_TYPE_CHANGER, superloader3_rules),
	.summary = "tape autoloader, 04h pieces, saved by 05h",
	.version = SPC_1,
	.offset_unit_bytes = 1,
	.read_buffer = true,
	.capacity_bytes = 4 * MIB,
	.echo_bytes = 256,
	.mode_change = WBT_MODE_CHANGE_REFUSED,
	.errors_drop = true,
	.own_attention = &power_on_or_reset,
    },
    {
	BOOK_ROW("slr-autoloader",
		 "TANDBERG",
		 "SLR AUTOLOADER",
		 WBT_TYPE_CHANGER,
		 slr_autoloader_rules),
	.summary = "tape autoloader, 07h in multiples of 65,536 bytes",
	.version = SCSI_2,
	.offset_unit_bytes = 1,
	.segment_align_bytes = 65536,
	.capacity_bytes = 1 * MIB,
	.mode_change = WBT_MODE_CHANGE_REFUSED,
	.own_attention = &power_on_or_reset,
    },
    {
	BOOK_ROW("qualstar", "QUALSTAR", "TLS-8211", WBT_TYPE_CHANGER, qualstar_rules),
	.summary = "tape library, 05h packets of eight frames, no offsets",
	.version = SCSI_2,
	.offset_unit_bytes = 1,
	.segment_align_bytes = 1030,
	.exact_segment_bytes = 8240,
	.own_attention = &power_on_or_reset,
    },
    {
	BOOK_ROW("plextor", "PLEXTOR", "CD-R   PX-W4012A", WBT_TYPE_OPTICAL, plextor_rules),
	.summary = "CD writer, 04h segments ended by 05h",
	.version = SCSI_2,
	.offset_unit_bytes = 1,
	.max_segment_bytes = 0x2000,
	.own_attention = &power_on_or_reset,
    },
    {
	BOOK_ROW("plextor-px", "PLEXTOR", "CD-R   PREMIUM", WBT_TYPE_OPTICAL, plextor_rules),
	.summary = "CD or DVD writer, 04h segments of at most 4,096 bytes ended by 05h",
	.version = SCSI_2,
	.no_medium = true,
	.offset_unit_bytes = 1,
	.max_segment_bytes = 0x1000,
    },
};

const size_t wbt_n_book_libraries = G_N_ELEMENTS(wbt_book_libraries);
