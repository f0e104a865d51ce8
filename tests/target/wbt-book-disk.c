// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include <glib.h>

#include "wbt-book.h"

#define SCSI_2 0x02
#define SCSI_3 0x03
#define SPC_3  0x05
#define SPC_4  0x06

#define MIB (1024U * 1024U)

/* a reset that the device itself does after taking new microcode */
static const WbtAttention power_on_or_reset = {0x29, 0x00};

/*
 * HGST Ultrastar 7K4000 (SAS), Hard Disk Drive Specification, version 1.8 (14 April 2016), 18.60:
 * 05h is a single binary file, 07h several; 0Eh downloads, saves and defers, 0Fh activates. BUFFER
 * ID is 0; every MODE that is not listed is INVALID FIELD IN CDB. Capacity 8 MiB is the
 * simulation's.
 */
static const WbtModeRule hgst_rules[] = {
    {
	.mode = WBT_MODE_DOWNLOAD_SAVE,
	.end = WBT_END_THIS_COMMAND,
	.effect = WBT_EFFECT_SAVE_RUN,
	.offset = WBT_OFFSET_ZERO,
    },
    {
	.mode = WBT_MODE_DOWNLOAD_OFFSETS_SAVE,
	.end = WBT_END_IMAGE_ARRIVED,
	.effect = WBT_EFFECT_SAVE_RUN,
    },
    {
	.mode = WBT_MODE_DOWNLOAD_DEFER,
	.end = WBT_END_IMAGE_ARRIVED,
	.effect = WBT_EFFECT_DEFER,
    },
    {
	.mode = WBT_MODE_ACTIVATE,
	.end = WBT_END_NO_DOWNLOAD,
    },
};

/*
 * Hitachi Ultrastar 15K147, SCSI Hard Disk Drive Specification, 17.45, page 200: 05h is a single
 * binary file; 07h is for several ones and not simulated; every MODE that is not listed is INVALID
 * FIELD IN CDB. IC35L018UCDY10, an earlier drive of the line, specification, 8.43.4.1: BUFFER ID 0
 * for a single binary file, and the drive restarts itself. A file that is not whole is refused.
 */
static const WbtModeRule hitachi_rules[] = {
    {
	.mode = WBT_MODE_DOWNLOAD_SAVE,
	.end = WBT_END_THIS_COMMAND,
	.effect = WBT_EFFECT_SAVE_RUN,
	.offset = WBT_OFFSET_ZERO,
    },
};

/*
 * FreeBSD, sbin/camcontrol/fwdownload.c, vendors_list[]: 07h with offsets, BUFFER ID 0, at most
 * 8000h bytes, for vendors HP, SAMSUNG, SmrtStor and TOSHIBA. Nothing else is known, so nothing
 * else is taken.
 */
static const WbtModeRule offsets_save_rules[] = {
    {
	.mode = WBT_MODE_DOWNLOAD_OFFSETS_SAVE,
	.end = WBT_END_IMAGE_ARRIVED,
	.effect = WBT_EFFECT_SAVE_RUN,
    },
};

/*
 * FreeBSD, the same table, for vendor IBM: 05h, packets of 8000h bytes, BUFFER ID counts them from
 * 0, BUFFER OFFSET stays 0. Its author had DDYS drives.
 */
static const WbtModeRule ddys_rules[] = {
    {
	.mode = WBT_MODE_DOWNLOAD_SAVE,
	.end = WBT_END_IMAGE_ARRIVED,
	.effect = WBT_EFFECT_SAVE_RUN,
	.offset = WBT_OFFSET_ZERO,
    },
};

/*
 * Fujitsu MAX3036RC, MAX3073RC, MAX3147RC, Serial Attached SCSI interface specifications,
 * C141-C012, 4.4.3, pages 4-188 to 4-192: 05h whole, BUFFER ID and address 0; 07h in one or several
 * commands, BUFFER ID 0, addresses in 4-byte units up to X'E21FB0'. GOOD comes after the drive has
 * restarted with the new microcode, and the initiator that sent it gets no unit attention.
 * MBA3073RC, MBA3147RC, MBA3300RC, MBC2036RC, MBC2073RC, C141-C013, table 4.60: the same modes.
 *
 * MAU3036RC, MAU3073RC, MAU3147RC, the same, C141-C009, 4.4.3 and 4.4.4, pages 4-180 to 4-189: the
 * same again, with a buffer of X'693660' bytes; what goes beyond it is INVALID FIELD IN CDB. READ
 * BUFFER has this capacity and the boundary 02h.
 */
static const WbtModeRule fujitsu_sas_rules[] = {
    {
	.mode = WBT_MODE_DOWNLOAD_SAVE,
	.end = WBT_END_THIS_COMMAND,
	.effect = WBT_EFFECT_SAVE_RUN,
	.offset = WBT_OFFSET_ZERO,
    },
    {
	.mode = WBT_MODE_DOWNLOAD_OFFSETS_SAVE,
	.end = WBT_END_IMAGE_ARRIVED,
	.effect = WBT_EFFECT_SAVE_RUN,
    },
};

/*
 * IBM Ultrastar 146Z10, Hard Disk Drive Specifications, S07N-9742-03, revision 2.2 (2 February
 * 2002), 8.43, pages 169 to 172: 05h is a single binary file in one command; 07h the same file in
 * segments of 32 KiB, the last one may be shorter, each with BUFFER OFFSET 0; BUFFER ID 00h, any
 * other is an illegal field; the drive has to be in normal running; the end takes up to 30 seconds,
 * then the drive starts as after power on. The segments are "continuous" commands: with another one
 * in between they are not, and nothing else tells where an image begins. 04h is not for users, and
 * not simulated. The products are in public kernel logs and a public list of spare parts.
 */
static const WbtModeRule ibm_146z10_rules[] = {
    {
	.mode = WBT_MODE_DOWNLOAD_SAVE,
	.end = WBT_END_THIS_COMMAND,
	.effect = WBT_EFFECT_SAVE_RUN,
	.offset = WBT_OFFSET_ZERO,
    },
    {
	.mode = WBT_MODE_DOWNLOAD_OFFSETS_SAVE,
	.end = WBT_END_IMAGE_ARRIVED,
	.effect = WBT_EFFECT_SAVE_RUN,
	.offset = WBT_OFFSET_ZERO,
    },
};

/*
 * Fujitsu MAP3147, MAP3735, MAP3367, MAS3735, MAS3367 series, SCSI Logical Interface
 * Specifications, C141-E167, pages 3-102 to 3-106: 04h and 05h whole, BUFFER ID and address 0; 06h
 * and 07h in several commands, BUFFER ID 0; the drive knows the last one; addresses in 4-byte units
 * up to X'77FFFF', and what is beyond is INVALID FIELD IN CDB; a unit attention for all initiators
 * but the sender. 1.7.4: WRITE BUFFER is executed in the not ready state. 3.4.4: READ BUFFER has
 * capacity and unit. The products are in public kernel logs.
 */
static const WbtModeRule fujitsu_map_rules[] = {
    {
	.mode = WBT_MODE_DOWNLOAD,
	.end = WBT_END_THIS_COMMAND,
	.effect = WBT_EFFECT_RUN,
	.offset = WBT_OFFSET_ZERO,
    },
    {
	.mode = WBT_MODE_DOWNLOAD_SAVE,
	.end = WBT_END_THIS_COMMAND,
	.effect = WBT_EFFECT_SAVE_RUN,
	.offset = WBT_OFFSET_ZERO,
    },
    {
	.mode = WBT_MODE_DOWNLOAD_OFFSETS,
	.end = WBT_END_IMAGE_ARRIVED,
	.effect = WBT_EFFECT_RUN,
    },
    {
	.mode = WBT_MODE_DOWNLOAD_OFFSETS_SAVE,
	.end = WBT_END_IMAGE_ARRIVED,
	.effect = WBT_EFFECT_SAVE_RUN,
    },
};

const WbtModel wbt_book_disks[] = {
    {
	/* says nothing of itself in VPD 86h */
	BOOK_DISK("hgst-7k4000", "HGST", "HUS724040ALS640", hgst_rules),
	.summary = "SAS disk, 0Eh segments activated by 0Fh, also 05h and 07h",
	.version = SPC_4,
	.read_buffer = true,
	.boundary_exponent = 9,
	.capacity_bytes = 8 * MIB,
	.power_on_activates = true,
	.hard_reset_activates = true,
	.own_attention = &power_on_or_reset,
    },
    {
	/* a later drive of the same maker: C15K600 specification, 18.5.1.6 and 18.59 */
	BOOK_DISK("hgst-sas", "HGST", "HUH721212AL5204", hgst_rules),
	.summary = "SAS disk that says that it defers microcode",
	.version = SPC_4,
	.read_buffer = true,
	.vpd_extended = true,
	.vpd_modes_valid = true,
	.activate_code = WBT_ACTIVATE_AT_END,
	.boundary_exponent = 9,
	.capacity_bytes = 8 * MIB,
	.power_on_activates = true,
	.own_attention = &power_on_or_reset,
    },
    {
	/* FreeBSD has one and the same row for HGST, WD and WDC, and so has the simulation; the
	 * product is in public listings of lsscsi */
	BOOK_DISK("wdc-sas", "WDC", "WUH721816AL5204", hgst_rules),
	.summary = "SAS disk that says that it defers microcode",
	.version = SPC_4,
	.read_buffer = true,
	.vpd_extended = true,
	.vpd_modes_valid = true,
	.activate_code = WBT_ACTIVATE_AT_END,
	.boundary_exponent = 12,
	.capacity_bytes = 8 * MIB,
	.power_on_activates = true,
	.own_attention = &power_on_or_reset,
    },
    {
	/* says nothing of itself */
	BOOK_DISK("wd-sas", "WD", "WD9001BKHG", hgst_rules),
	.summary = "SAS disk, 0Eh segments activated by 0Fh, also 05h and 07h",
	.version = SPC_3,
	.power_on_activates = true,
	.own_attention = &power_on_or_reset,
    },
    {
	BOOK_DISK("hitachi-15k147", "HITACHI", "HUS151473VL3800", hitachi_rules),
	.summary = "SCSI disk, 05h with the whole image in one command",
	.version = SCSI_3,
	.own_attention = &power_on_or_reset,
    },
    {
	/* the product is in fwupd's plugins/scsi/scsi.quirk */
	BOOK_DISK("hp-disk", "HP", "EK0800JVYPN", offsets_save_rules),
	.summary = "SAS solid state disk, 07h in packets of at most 32 KiB",
	.version = SPC_3,
	.max_segment_bytes = 0x8000,
    },
    {
	/* the product is in public listings of lsscsi */
	BOOK_DISK("samsung-sas", "SAMSUNG", "MZILT3T8HBLS/007", offsets_save_rules),
	.summary = "SAS solid state disk, 07h in packets of at most 32 KiB",
	.version = SPC_4,
	.max_segment_bytes = 0x8000,
    },
    {
	BOOK_DISK("smrtstor-sas", "SmrtStor", "OPTIMUS", offsets_save_rules),
	.summary = "SAS solid state disk, 07h in packets of at most 32 KiB",
	.version = SPC_4,
	.max_segment_bytes = 0x8000,
    },
    {
	/* the product is in public kernel logs */
	BOOK_DISK("toshiba-sas", "TOSHIBA", "MG03SCA400", offsets_save_rules),
	.summary = "SAS disk, 07h in packets of at most 32 KiB",
	.version = SPC_4,
	.max_segment_bytes = 0x8000,
    },
    {
	/* the product is in public listings of lsscsi */
	BOOK_DISK("ibm-ddys", "IBM", "DDYS-T18350N", ddys_rules),
	.summary = "SCSI disk, 05h in packets of 32 KiB counted by BUFFER ID",
	.version = SCSI_3,
	.id_rule = WBT_ID_INCREMENT,
	.exact_segment_bytes = 0x8000,
    },
    {
	BOOK_DISK("fujitsu-sas", "FUJITSU", "MAX3147RC", fujitsu_sas_rules),
	.summary = "SAS disk, 07h in 4-byte units, GOOD after its restart",
	.version = SCSI_3,
	.read_buffer = true,
	.boundary_exponent = 2,
	.segment_align_bytes = 4,
	.capacity_bytes = 0xE21FB0,
    },
    {
	BOOK_DISK("ibm-146z10", "IBM", "IC35L036UCDY10-0", ibm_146z10_rules),
	.summary = "SCSI disk, 05h, or 07h in segments of 32 KiB that all have offset 0",
	.version = SCSI_3,
	.exact_segment_bytes = 0x8000,
	.other_commands_abort = true,
	.save_ms = 30000,
	.own_attention = &power_on_or_reset,
    },
    {
	BOOK_DISK("fujitsu-map", "FUJITSU", "MAP3367NC", fujitsu_map_rules),
	.summary = "SCSI disk, 07h at offsets in 4-byte units",
	.version = SCSI_3,
	.read_buffer = true,
	.boundary_exponent = 2,
	.capacity_bytes = 0x780000,
    },
    {
	BOOK_DISK("fujitsu-mau", "FUJITSU", "MAU3147RC", fujitsu_sas_rules),
	.summary = "SAS disk, 07h in 4-byte units, a buffer of 6,895,200 bytes",
	.version = SCSI_3,
	.read_buffer = true,
	.boundary_exponent = 2,
	.segment_align_bytes = 4,
	.capacity_bytes = 0x693660,
    },
};

const size_t wbt_n_book_disks = G_N_ELEMENTS(wbt_book_disks);
