// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include <glib.h>

#include "wbt-book.h"

#define SCSI_2 0x02

/* a reset that the device itself does after taking new microcode */
static const WbtAttention power_on_or_reset = {0x29, 0x00};

/*
 * Seagate Medalist Pro 2160N/2160WC, Product Manual, 32650-001, Rev. A (December 1996), page 71:
 * 101b is the only MODE that downloads, all other settings are reserved; it saves the microcode in
 * the flash memory, and the drive uses it from then on; with it BUFFER ID, BUFFER OFFSET and
 * PARAMETER LIST LENGTH are ignored, so the drive takes what it needs, the whole image, with one
 * command. A unit attention for all initiators but the sender. The models are the manual's;
 * "SEAGATE ST52160N" is in public kernel logs.
 */
static const WbtModeRule seagate_medalist_rules[] = {
    {
	.mode = WBT_MODE_DOWNLOAD_SAVE,
	.end = WBT_END_THIS_COMMAND,
	.effect = WBT_EFFECT_SAVE_RUN,
	.offset = WBT_OFFSET_IGNORED,
    },
};

/*
 * IBM, OEM Specifications of DCAS-34330/32160, 7.37.4 and 7.37.4.1, pages 155 to 159: 05h saves;
 * BUFFER ID 00h is the "single binary download", one big set of data with a header, with BUFFER
 * OFFSET 0 and all of its length in one command; the drive has to be in normal running, needs some
 * 20 seconds, and starts with the new code as after power on. Other values of BUFFER ID are parts
 * of the code, and not simulated; those that are not listed are an illegal field in the CDB. 04h is
 * not for users, and not simulated either. The products are in public kernel logs.
 *
 * IBM, OEM Hard Disk Drive Specifications for DDRS-39130/DDRS-34560, S00K-0097-03, revision 2.0,
 * 7.38 and 7.38.4.1, pages 154 to 158: the same modes; BUFFER ID 00h is a single binary, in one
 * command or in chunks of 32 KiB, which are not simulated, as the line with their BUFFER OFFSET was
 * not to be had; the drive has to be in normal running, needs up to 120 seconds, and starts as
 * after power on. The products are in public kernel logs.
 */
static const WbtModeRule ibm_single_rules[] = {
    {
	.mode = WBT_MODE_DOWNLOAD_SAVE,
	.end = WBT_END_THIS_COMMAND,
	.effect = WBT_EFFECT_SAVE_RUN,
	.offset = WBT_OFFSET_ZERO,
    },
};

/*
 * Fujitsu MAA3182FC, Fibre Channel Interface Specifications, C141-E054-02EN, 4.4.3, pages 4-122 to
 * 4-125: 04h and 05h whole, BUFFER ID and address 0, at most X'3CC000' bytes in units of 4 bytes,
 * anything else is 05/24/00; what came with 04h runs until power is lost; a unit attention for all
 * initiators but the sender. 06h and 07h, on page 4-126, were not to be had and are not simulated.
 * READ BUFFER has capacity and unit.
 *
 * Fujitsu MAA3182SC, SCSI Logical Interface Specifications, C141-E039-01EN, 3.4.3, page 3-123, and
 * its parts (4) and (5): 04h and 05h as above, and no other mode for microcode; at most X'080000'
 * bytes, which is the buffer here, and addresses in 2-byte units.
 */
static const WbtModeRule fujitsu_whole_rules[] = {
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
};

const WbtModel wbt_book_scsi_disks[] = {
    {
	BOOK_DISK("seagate-medalist", "SEAGATE", "ST52160N", seagate_medalist_rules),
	.summary = "SCSI disk, 05h with the whole image, any BUFFER ID and offset",
	.version = SCSI_2,
	.id_rule = WBT_ID_IGNORED,
    },
    {
	BOOK_DISK("ibm-dcas", "IBM", "DCAS-34330", ibm_single_rules),
	.summary = "SCSI disk, 05h with the whole image in one command, busy for 20 s",
	.version = SCSI_2,
	.save_ms = 20000,
	.own_attention = &power_on_or_reset,
    },
    {
	BOOK_DISK("ibm-ddrs", "IBM", "DDRS-39130", ibm_single_rules),
	.summary = "SCSI disk, 05h with the whole image in one command, busy for 120 s",
	.version = SCSI_2,
	.save_ms = 120000,
	.own_attention = &power_on_or_reset,
    },
    {
	BOOK_DISK("fujitsu-maa-fc", "FUJITSU", "MAA3182FC", fujitsu_whole_rules),
	.summary = "FC disk, 05h with the whole image in one command, in 4-byte units",
	.version = SCSI_2,
	.read_buffer = true,
	.boundary_exponent = 2,
	.segment_align_bytes = 4,
	.capacity_bytes = 0x3CC000,
    },
    {
	BOOK_DISK("fujitsu-maa", "FUJITSU", "MAA3182SC", fujitsu_whole_rules),
	.summary = "SCSI disk, 05h with the whole image in one command, up to 512 KiB",
	.version = SCSI_2,
	.read_buffer = true,
	.boundary_exponent = 1,
	.capacity_bytes = 0x80000,
    },
};

const size_t wbt_n_book_scsi_disks = G_N_ELEMENTS(wbt_book_scsi_disks);
