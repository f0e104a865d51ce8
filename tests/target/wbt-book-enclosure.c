// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include <glib.h>

#include "wbt-book.h"

#define SCSI_2 0x02
#define SPC_1  0x03
#define SPC_3  0x05

/* enclosures: none of the sources tells which SPC version is claimed, so these are the
 * simulation's */
#define BOOK_ENCLOSURE(row_name, row_vendor, row_product, row_rules)                               \
	.name = (row_name), .vendor = (row_vendor), .product = (row_product), .revision = "0001",  \
	.peripheral_type = WBT_TYPE_ENCLOSURE, .rules = (row_rules),                               \
	.n_rules = G_N_ELEMENTS(row_rules), .offset_unit_bytes = 1,                                \
	.mode_change = WBT_MODE_CHANGE_REFUSED, .busy_commands = 2

/* a reset that the device itself does after taking new microcode */
static const WbtAttention power_on_or_reset = {0x29, 0x00};

/*
 * Server Fault, answer 631575, and ronny-mueller.com, 7 February 2017, which both updated an HP SAS
 * expander 468406-B21 with sg_write_buffer of sg3_utils: 0Eh in pieces of 4,096 bytes, then 0Fh;
 * BUFFER ID 0; INQUIRY shows the new revision once Linux asks again. Longer pieces are not known to
 * work, so they are refused. What else activates the image is not told, so nothing does.
 */
static const WbtModeRule hp_expander_rules[] = {
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
 * illumos, usr/src/lib/storage/liba5k/common/mon.c, dak_download_code_cmd() and l_download(): the
 * FC backplane of Sun Fire 280R, V480 and V880 gets the file with 07h in pieces of 256 bytes,
 * BUFFER ID 0, BUFFER OFFSET counts on; it has to be ready; when all is sent, luxadm resets it to
 * make it run. OpenBSD, sys/scsi/sym.c, asym_devices[]: vendor and product. That INQUIRY has the
 * new level is the simulation's.
 */
static const WbtModeRule daktari_rules[] = {
    {
	.mode = WBT_MODE_DOWNLOAD_OFFSETS_SAVE,
	.end = WBT_END_IMAGE_ARRIVED,
	.effect = WBT_EFFECT_SAVE,
    },
};

/*
 * iprutils (github.com/bjking1/iprutils), iprlib.c, __ipr_write_buffer(), ipr_write_buffer() and
 * __ipr_get_fw_version(): an enclosure on parallel SCSI gets the whole image with 05h in one
 * command, BUFFER ID and BUFFER OFFSET 0; a unit attention 29/00 is expected; then TEST UNIT READY
 * until it is ready, after 5 seconds and for 60 more at most. The version is in VPD page 03h, bytes
 * 12 to 15; the rest of that page is not simulated. ses_table[]: the products.
 */
static const WbtModeRule ibm_2104_rules[] = {
    {
	.mode = WBT_MODE_DOWNLOAD_SAVE,
	.end = WBT_END_THIS_COMMAND,
	.effect = WBT_EFFECT_SAVE_RUN,
	.offset = WBT_OFFSET_ZERO,
    },
};
static const WbtLongVersion ibm_2104_version = {
    .prefix = "",
    .page_code = 0x03,
    .offset = 12,
    .bytes = 4,
};

const WbtModel wbt_book_enclosures[] = {
    {
	BOOK_ENCLOSURE("hp-sas-expander", "HP", "HP SAS EXP Card", hp_expander_rules),
	.summary = "SAS expander, 0Eh pieces of at most 4,096 bytes activated by 0Fh",
	.version = SPC_3,
	.max_segment_bytes = 4096,
    },
    {
	BOOK_ENCLOSURE("sun-daktari", "SUNW", "SUNWGS INT FCBPL", daktari_rules),
	.summary = "FC backplane, 07h pieces of at most 256 bytes, runs from the next reset",
	.version = SPC_1,
	.max_segment_bytes = 256,
    },
    {
	BOOK_ENCLOSURE("ibm-2104", "IBM", "2104-DU3", ibm_2104_rules),
	.summary = "SCSI enclosure, 05h with the whole image, version in VPD page 03h",
	.version = SCSI_2,
	.long_version = &ibm_2104_version,
	.own_attention = &power_on_or_reset,
    },
};

const size_t wbt_n_book_enclosures = G_N_ELEMENTS(wbt_book_enclosures);
