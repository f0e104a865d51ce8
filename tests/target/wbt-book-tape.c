// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include <glib.h>

#include "wbt-book.h"

#define SCSI_2 0x02
#define SPC_1  0x03
#define SPC_3  0x05

#define MIB (1024U * 1024U)

/* what all of them share: a tape drive without a cartridge */
#define BOOK_TAPE(row_name, row_vendor, row_product, row_rules)                                    \
	.name = (row_name), .vendor = (row_vendor), .product = (row_product), .revision = "0001",  \
	.peripheral_type = WBT_TYPE_TAPE, .removable = true, .no_medium = true,                    \
	.rules = (row_rules), .n_rules = G_N_ELEMENTS(row_rules), .offset_unit_bytes = 1,          \
	.busy_commands = 2

/* a reset that the device itself does after taking new microcode */
static const WbtAttention power_on_or_reset = {0x29, 0x00};
static const WbtAttention microcode_changed = {0x3F, 0x01};

#define IBM_MODES                                                                                  \
	(WBT_MODE_BIT(WBT_MODE_DOWNLOAD) | WBT_MODE_BIT(WBT_MODE_DOWNLOAD_SAVE) |                  \
	 WBT_MODE_BIT(WBT_MODE_DOWNLOAD_OFFSETS) | WBT_MODE_BIT(WBT_MODE_DOWNLOAD_OFFSETS_SAVE))
#define IBM_RULE(row_mode)                                                                         \
	{                                                                                          \
		.mode = (row_mode), .end = WBT_END_IMAGE_ARRIVED, .effect = WBT_EFFECT_SAVE_RUN,   \
		.continues = IBM_MODES,                                                            \
	}

/*
 * IBM Ultrium Internal Tape Drive T200, T200F and 3580, SCSI Reference, WB1109-02 (October 2001),
 * page 85: 04h to 07h are the same; any BUFFER ID, it is ignored; strictly increasing offsets, else
 * no data is written; GOOD when the code is in the flash memory and before the drive resets itself.
 * Page 8: vendor and product. FreeBSD's fwdownload.c, vendor notes: the descriptor of the firmware
 * buffer is that of BUFFER ID 4.
 */
static const WbtModeRule ibm_rules[] = {
    IBM_RULE(WBT_MODE_DOWNLOAD),
    IBM_RULE(WBT_MODE_DOWNLOAD_SAVE),
    IBM_RULE(WBT_MODE_DOWNLOAD_OFFSETS),
    IBM_RULE(WBT_MODE_DOWNLOAD_OFFSETS_SAVE),
};

/*
 * FreeBSD, sbin/camcontrol/fwdownload.c, struct fw_ibm_tape_fw_header and struct
 * fw_ibm_tape_fw_designation: an image begins with 4 unspecified bytes, its length with this header
 * (4), load ID (4), revision (4), 8 reserved bytes and RU name (8); VPD page 03h of LTO and TS
 * drives has load ID and RU name, too, and they have to be the same. The values are the
 * simulation's, and so is that the page's own revision stays that of the factory.
 */
#define IBM_LOAD_ID 0xA1, 0x70, 0x0D, 0x82
#define IBM_RU_NAME 'C', 'A', 'L', 'L', 'I', 'S', 'T', 'O'

/* clang-format off */
static const uint8_t ibm_header_bytes[] = {
    0, 0, 0, 0,
    0, 0, 0, 0, /* length */
    IBM_LOAD_ID,
    0, 0, 0, 0, /* revision */
    0, 0, 0, 0, 0, 0, 0, 0,
    IBM_RU_NAME,
};
static const uint8_t ibm_page[] = {
    0x1C, 0, 0, 0, /* length of the text, reserved */
    IBM_LOAD_ID,
    '0', '0', '0', '1', /* revision */
    '0', '0', '0', '0', /* PTF number */
    '0', '0', '0', '0', /* patch number */
    IBM_RU_NAME,
    '0', '0', '0', '0', '0', /* library sequence number */
};
/* clang-format on */

static const WbtImageHeader ibm_header = {
    .bytes = ibm_header_bytes,
    .header_bytes = sizeof(ibm_header_bytes),
    .length_at = 4,
    .revision_at = 12,
};

/*
 * Quantum DLT 8000 Tape System, Product Manual, 81-60118 (2001), 5.32.3 and 5.32.4, pages 5-224 and
 * 5-225: 04h with offsets stores pieces, 05h with or without a last piece verifies and saves;
 * BUFFER ID 0; pieces in multiples of 8 KiB; no tape in the drive; any error discards all; then the
 * drive restarts itself. Quantum DLT 7000, Product Manual, 81-60000-06, 5.14.3: offset boundary
 * 0Ch.
 */
static const WbtModeRule dlt_rules[] = {
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
 * HP Ultrium tape drives, Technical Reference Manual, generation 3 drives, volume 3: the SCSI
 * interface, Q1530-90901, page 184: all of the image with 04h, in several commands, then 05h says
 * that it is complete, and the drive checks it; BUFFER ID and BUFFER OFFSET are ignored.
 *
 * Generation 2 drives, volume 3, C7379-90900, page 162: BUFFER OFFSET is ignored for firmware. Page
 * 112: READ BUFFER tells a size of FFFFFFh and a boundary of one byte. The modes, on page 161, were
 * not to be had, and are those of generation 3, whose manual is for these drives, too (page 42).
 * Page 48: vendor and product.
 */
static const WbtModeRule hp_ultrium_rules[] = {
    {
	.mode = WBT_MODE_DOWNLOAD,
	.end = WBT_END_NEVER,
	.offset = WBT_OFFSET_IGNORED,
    },
    {
	.mode = WBT_MODE_DOWNLOAD_SAVE,
	.end = WBT_END_THIS_COMMAND,
	.effect = WBT_EFFECT_SAVE_RUN,
	.offset = WBT_OFFSET_IGNORED,
	.zero_length = WBT_ZERO_LENGTH_TAKEN,
	.continues = WBT_MODE_BIT(WBT_MODE_DOWNLOAD),
    },
};

/*
 * StorageTek T10000 Tape Drive, Fibre Channel Interface Reference Manual, E20425-06 (August 2016),
 * pages 239 and 240: 06h for all commands but the last, 07h for that one, with or without data;
 * BUFFER ID 00h; BUFFER OFFSET ignored; every block but the last has 262,144 bytes; the drive is
 * unloaded; no other command in between; then it resets itself.
 */
static const WbtModeRule t10000_rules[] = {
    {
	.mode = WBT_MODE_DOWNLOAD_OFFSETS,
	.end = WBT_END_NEVER,
	.offset = WBT_OFFSET_IGNORED,
	.zero_length = WBT_ZERO_LENGTH_REFUSED,
    },
    {
	.mode = WBT_MODE_DOWNLOAD_OFFSETS_SAVE,
	.end = WBT_END_THIS_COMMAND,
	.effect = WBT_EFFECT_SAVE_RUN,
	.offset = WBT_OFFSET_IGNORED,
	.zero_length = WBT_ZERO_LENGTH_TAKEN,
	.continues = WBT_MODE_BIT(WBT_MODE_DOWNLOAD_OFFSETS),
    },
};

/*
 * Quantum DLT4000/DLT4500/DLT4700 Cartridge Tape Subsystem, Product Manual, 81-60043-01 (10 March
 * 1996), 8.4.26, pages 8-126 and 8-127; DLT2000/DLT2500/DLT2700, the same, 81-109132-03 (19 January
 * 1996), the same pages: the modes are those of the DLT 8000, dlt_rules; BUFFER ID 0; pieces in
 * multiples of 4 KiB, nothing twice and nothing left out; no tape in the drive; any error discards
 * all. Pages 8-18 and 8-20: vendor "Quantum", the products, and a revision whose first two
 * characters are those of the servo code, a PROM in the DLT4000. Which unit attentions follow is on
 * a page that was not to be had, so there are none.
 *
 * Quantum SDLT 600, Product Manual, 81-81200-02 (January 2005), pages 4-250 and 4-251: the modes
 * again; BUFFER ID 0; multiples of 8 KiB; no tape; any error discards all; then the drive restarts,
 * and two unit attentions follow, power-up reset and operating code has changed. 0Ah is the echo
 * buffer, whose size is the simulation's. Page 4-23: vendor and product.
 *
 * Quantum DLT1/VS80, SCSI Interface Guide, 81-81276-01 A01 (July 2004), 4.26.3, page 4-122: the
 * modes once more; BUFFER ID 0; multiples of 8 KiB, nothing twice and nothing left out; no tape;
 * any error discards all. READ BUFFER has the offset boundary, whose value is that of the DLT 7000
 * here. Page 4-123, on 05h, was not to be had, so no unit attention follows. "BNCHMARK DLT1" is in
 * public kernel logs.
 */

/*
 * Seagate STT8000A ATAPI Minicartridge Drive, Product Manual, chapter 5, page 62, and STT20000A,
 * the same, page 64: 101b is the only MODE; all data in one command; the drive is not ready. What
 * would be BUFFER ID and BUFFER OFFSET is reserved, so it has to be 0. The length is that of the
 * file, "currently" 026800h: other lengths are taken, too. What follows is not told. Pages 40 and
 * 41: vendor and product.
 */
static const WbtModeRule stt8000_rules[] = {
    {
	.mode = WBT_MODE_DOWNLOAD_SAVE,
	.end = WBT_END_THIS_COMMAND,
	.effect = WBT_EFFECT_SAVE_RUN,
	.offset = WBT_OFFSET_ZERO,
    },
};

/*
 * Seagate LTO Tape Drive, SCSI Interface Manual, 100109647, pages 122 and 124: 04h and 06h download
 * and write nothing to the flash memory, 05h and 07h write it; BUFFER ID 00h; offsets in bytes from
 * the beginning of the buffer; a length of 0 is no error; the medium is not accessed. Page 123 was
 * not to be had: what makes an image run from the memory alone, and whether 05h or 07h ends what
 * 04h or 06h began, is not simulated. Page 24: vendor and product; the XXX stands so in public
 * listings of lsscsi.
 */
#define VIPER_STORES(row_mode)                                                                     \
	{                                                                                          \
		.mode = (row_mode), .end = WBT_END_NEVER,                                          \
	}
#define VIPER_SAVES(row_mode)                                                                      \
	{                                                                                          \
		.mode = (row_mode), .end = WBT_END_IMAGE_ARRIVED, .effect = WBT_EFFECT_SAVE_RUN,   \
	}
static const WbtModeRule viper200_rules[] = {
    VIPER_STORES(WBT_MODE_DOWNLOAD),
    VIPER_SAVES(WBT_MODE_DOWNLOAD_SAVE),
    VIPER_STORES(WBT_MODE_DOWNLOAD_OFFSETS),
    VIPER_SAVES(WBT_MODE_DOWNLOAD_OFFSETS_SAVE),
};

const WbtModel wbt_book_tapes[] = {
    {
	/* the product is the simulation's: a later drive of the same vendor and type */
	BOOK_TAPE("ibm-tape", "IBM", "ULT3580-TD6", ibm_rules),
	.summary = "LTO drive, 04h to 07h with increasing offsets, any BUFFER ID, VPD page 03h",
	.version = SPC_3,
	.maker_page_code = 0x03,
	.maker_page = ibm_page,
	.maker_page_bytes = sizeof(ibm_page),
	.image_header = &ibm_header,
	.read_buffer = true,
	.id_rule = WBT_ID_IGNORED,
	.first_buffer_id = 4,
	.capacity_bytes = 16 * MIB - 1,
	.own_attention = &power_on_or_reset,
    },
    {
	BOOK_TAPE("ibm-ult3580", "IBM", "ULT3580-TD1", ibm_rules),
	.summary = "LTO-1 drive, 04h to 07h with increasing offsets, any BUFFER ID",
	.version = SPC_1,
	.read_buffer = true,
	.id_rule = WBT_ID_IGNORED,
	.first_buffer_id = 4,
	.capacity_bytes = 4 * MIB,
	.own_attention = &power_on_or_reset,
    },
    {
	BOOK_TAPE("quantum-dlt", "QUANTUM", "DLT8000", dlt_rules),
	.summary = "DLT drive, 04h pieces of 8 KiB, saved by 05h",
	.version = SCSI_2,
	.read_buffer = true,
	.boundary_exponent = 12,
	.segment_align_bytes = 8192,
	.capacity_bytes = 2 * MIB,
	.mode_change = WBT_MODE_CHANGE_REFUSED,
	.errors_drop = true,
	.own_attention = &power_on_or_reset,
    },
    {
	BOOK_TAPE("hp-ultrium", "HP", "Ultrium 3-SCSI", hp_ultrium_rules),
	.summary = "LTO drive, 04h pieces, saved by an empty 05h",
	.version = SPC_1,
	.id_rule = WBT_ID_IGNORED,
	.own_attention = &power_on_or_reset,
    },
    {
	BOOK_TAPE("hp-ultrium2", "HP", "Ultrium 2-SCSI", hp_ultrium_rules),
	.summary = "LTO drive, 04h pieces, saved by an empty 05h, tells a size of FFFFFFh",
	.version = SPC_1,
	.read_buffer = true,
	.id_rule = WBT_ID_IGNORED,
	.capacity_bytes = 16 * MIB - 1,
	.own_attention = &power_on_or_reset,
    },
    {
	/* the product is in public listings of lsscsi */
	BOOK_TAPE("t10000", "STK", "T10000B", t10000_rules),
	.summary = "tape drive, 06h blocks of 262,144 bytes ended by 07h",
	.version = SPC_3,
	.exact_segment_bytes = 262144,
	.other_commands_abort = true,
	.own_attention = &power_on_or_reset,
    },
    {
	BOOK_TAPE("quantum-dlt4000", "Quantum", "DLT4000", dlt_rules),
	.summary = "DLT drive, 04h pieces of 4 KiB, saved by 05h",
	.version = SCSI_2,
	.revision_kept_chars = 2,
	.segment_align_bytes = 4096,
	.mode_change = WBT_MODE_CHANGE_REFUSED,
	.errors_drop = true,
    },
    {
	BOOK_TAPE("quantum-sdlt600", "QUANTUM", "SDLT600", dlt_rules),
	.summary = "SDLT drive, 04h pieces of 8 KiB, saved by 05h, two unit attentions",
	.version = SPC_1,
	.echo_bytes = 256,
	.segment_align_bytes = 8192,
	.mode_change = WBT_MODE_CHANGE_REFUSED,
	.errors_drop = true,
	.own_attention = &power_on_or_reset,
	.second_attention = &microcode_changed,
    },
    {
	BOOK_TAPE("bnchmark-dlt1", "BNCHMARK", "DLT1", dlt_rules),
	.summary = "DLT drive, 04h pieces of 8 KiB, saved by 05h",
	.version = SCSI_2,
	.read_buffer = true,
	.boundary_exponent = 12,
	.segment_align_bytes = 8192,
	.capacity_bytes = 2 * MIB,
	.mode_change = WBT_MODE_CHANGE_REFUSED,
	.errors_drop = true,
    },
    {
	BOOK_TAPE("seagate-stt8000", "Seagate", "STT8000A", stt8000_rules),
	.summary = "Travan drive, 05h with the whole image in one command",
	.version = SCSI_2,
    },
    {
	BOOK_TAPE("seagate-viper200", "SEAGATE", "ULTRIUM06242-XXX", viper200_rules),
	.summary = "LTO-1 drive, 05h or 07h with offsets; 04h and 06h save nothing",
	.version = SPC_1,
	.mode_change = WBT_MODE_CHANGE_REFUSED,
    },
};

const size_t wbt_n_book_tapes = G_N_ELEMENTS(wbt_book_tapes);
