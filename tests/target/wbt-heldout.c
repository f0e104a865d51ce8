// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include <glib.h>

#include "wbt-model.h"

/*
 * Devices that nobody made, from specifications that are in tests/heldout/: no row of the project
 * names them, and a user has to write one.
 */

#define SPC_3 0x05

static const WbtAttention power_on_or_reset = {0x29, 0x00};

/* nordwind.md, 4.9: 04h, 05h for the last command */
static const WbtModeRule nordwind_rules[] = {
    {
	.mode = WBT_MODE_DOWNLOAD,
	.end = WBT_END_NEVER,
	.offset = WBT_OFFSET_ZERO,
	.zero_length = WBT_ZERO_LENGTH_REFUSED,
    },
    {
	.mode = WBT_MODE_DOWNLOAD_SAVE,
	.end = WBT_END_THIS_COMMAND,
	.effect = WBT_EFFECT_SAVE_RUN,
	.offset = WBT_OFFSET_ZERO,
	.zero_length = WBT_ZERO_LENGTH_REFUSED,
	.continues = WBT_MODE_BIT(WBT_MODE_DOWNLOAD),
    },
};

/* 4.1: VPD page D2h, byte 6, 12 characters */
static const WbtLongVersion nordwind_version = {
    .prefix = "3.11-r",
    .page_code = 0xD2,
    .offset = 6,
    .bytes = 12,
    .level_stays = true,
};

/* kestrel.md, 7 and 8: 0Dh with PO_ACT, and nothing else */
static const WbtModeRule kestrel_rules[] = {
    {
	.mode = WBT_MODE_DOWNLOAD_SELECT_EVENTS,
	.end = WBT_END_IMAGE_ARRIVED,
	.effect = WBT_EFFECT_DEFER,
	.events = WBT_EVENT_POWER_ON,
    },
};

/* orbitek.md, 3.11: 06h, then 07h without data */
static const WbtModeRule orbitek_rules[] = {
    {
	.mode = WBT_MODE_DOWNLOAD_OFFSETS,
	.end = WBT_END_NEVER,
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

/* 3.2: bytes 40 to 55 of standard INQUIRY data */
static const WbtLongVersion orbitek_version = {.prefix = "OD1.2026.", .offset = 40, .bytes = 16};

const WbtModel wbt_heldout_models[] = {
    {
	.name = "nordwind",
	.summary = "made up: tape drive that counts buffers of exactly 1,536 bytes from 10h",
	.vendor = "NORDWIND",
	.product = "NW-3",
	.revision = "0001",
	.peripheral_type = WBT_TYPE_TAPE,
	.version = SPC_3,
	.removable = true,
	.no_medium = true,
	.long_version = &nordwind_version,
	.rules = nordwind_rules,
	.n_rules = G_N_ELEMENTS(nordwind_rules),
	.id_rule = WBT_ID_INCREMENT,
	.first_buffer_id = 0x10,
	.offset_unit_bytes = 1,
	.exact_segment_bytes = 1536,
	.mode_change = WBT_MODE_CHANGE_REFUSED,
	.busy_commands = 3,
	.own_attention = &power_on_or_reset,
    },
    {
	.name = "kestrel",
	.summary = "made up: enclosure, 0Dh with PO_ACT, offsets in 64 bytes",
	.vendor = "KESTREL",
	.product = "K60 (REV C)",
	.revision = "0001",
	.peripheral_type = WBT_TYPE_ENCLOSURE,
	.version = SPC_3,
	.power_on_activates = true,
	.rules = kestrel_rules,
	.n_rules = G_N_ELEMENTS(kestrel_rules),
	.first_buffer_id = 0x7F,
	.offset_unit_bytes = 64,
	.max_segment_bytes = 61440,
	.segment_align_bytes = 64,
	.mode_change = WBT_MODE_CHANGE_REFUSED,
    },
    {
	.name = "orbitek",
	.summary = "made up: optical drive, 06h pieces of 2,000 bytes saved by an empty 07h",
	.vendor = "ORBITEK",
	.product = "OD-1",
	.revision = "0001",
	.peripheral_type = WBT_TYPE_OPTICAL,
	.version = SPC_3,
	.removable = true,
	.no_medium = true,
	.long_version = &orbitek_version,
	.rules = orbitek_rules,
	.n_rules = G_N_ELEMENTS(orbitek_rules),
	.first_buffer_id = 0x01,
	.offset_unit_bytes = 1,
	.max_segment_bytes = 2000,
	.segment_align_bytes = 2,
	.mode_change = WBT_MODE_CHANGE_REFUSED,
	.busy_commands = 3,
	.own_attention = &power_on_or_reset,
    },
};

const size_t wbt_n_heldout_models = G_N_ELEMENTS(wbt_heldout_models);
