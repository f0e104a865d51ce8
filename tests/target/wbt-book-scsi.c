// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include <glib.h>

#include "wbt-book.h"

#define SCSI_2 0x02

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

const WbtModel wbt_book_scsi_disks[] = {
    {
	BOOK_DISK("seagate-medalist", "SEAGATE", "ST52160N", seagate_medalist_rules),
	.summary = "SCSI disk, 05h with the whole image, any BUFFER ID and offset",
	.version = SCSI_2,
	.id_rule = WBT_ID_IGNORED,
    },
};

const size_t wbt_n_book_scsi_disks = G_N_ELEMENTS(wbt_book_scsi_disks);
