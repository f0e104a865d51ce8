// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include <glib.h>

#include "wbt-model.h"

/*
 * Devices that nobody made. Each row stands in one corner of SPC-5 where a device describes itself,
 * or does not: READ BUFFER mode 03h, the Extended INQUIRY Data VPD page, REPORT SUPPORTED OPERATION
 * CODES, ACTIVATE MICROCODE and the activation events; or where it behaves in one of the ways that
 * the standard leaves open. All of their numbers are the simulation's.
 */

#define SPC_5 0x07

/* what all of them share: a disk of 64 MiB */
#define STD_DISK(row_name, row_product, row_rules)                                                 \
	.name = (row_name), .vendor = "WBSTD", .product = (row_product), .revision = "0001",       \
	.peripheral_type = WBT_TYPE_DISK, .version = SPC_5, .blocks = 131072,                      \
	.rules = (row_rules), .n_rules = G_N_ELEMENTS(row_rules), .offset_unit_bytes = 1,          \
	.mode_change = WBT_MODE_CHANGE_REFUSED

#define MIB (1024U * 1024U)

#define RULE_05                                                                                    \
	{                                                                                          \
		.mode = WBT_MODE_DOWNLOAD_SAVE, .end = WBT_END_THIS_COMMAND,                       \
		.effect = WBT_EFFECT_SAVE_RUN, .offset = WBT_OFFSET_ZERO,                          \
	}
#define RULE_07                                                                                    \
	{                                                                                          \
		.mode = WBT_MODE_DOWNLOAD_OFFSETS_SAVE, .end = WBT_END_IMAGE_ARRIVED,              \
		.effect = WBT_EFFECT_SAVE_RUN,                                                     \
	}
#define RULE_07_LATER                                                                              \
	{                                                                                          \
		.mode = WBT_MODE_DOWNLOAD_OFFSETS_SAVE, .end = WBT_END_IMAGE_ARRIVED,              \
		.effect = WBT_EFFECT_SAVE,                                                         \
	}
#define RULE_0D(with_events)                                                                       \
	{                                                                                          \
		.mode = WBT_MODE_DOWNLOAD_SELECT_EVENTS, .end = WBT_END_IMAGE_ARRIVED,             \
		.effect = WBT_EFFECT_DEFER, .events = (with_events),                               \
	}
#define RULE_0E                                                                                    \
	{                                                                                          \
		.mode = WBT_MODE_DOWNLOAD_DEFER, .end = WBT_END_IMAGE_ARRIVED,                     \
		.effect = WBT_EFFECT_DEFER,                                                        \
	}
#define RULE_0F                                                                                    \
	{                                                                                          \
		.mode = WBT_MODE_ACTIVATE, .end = WBT_END_NO_DOWNLOAD,                             \
	}

static const WbtModeRule rules_05[] = {RULE_05};
static const WbtModeRule rules_07[] = {RULE_07};
static const WbtModeRule rules_07_later[] = {RULE_07_LATER};
static const WbtModeRule rules_05_07[] = {RULE_05, RULE_07};
static const WbtModeRule rules_0e[] = {RULE_0E};
static const WbtModeRule rules_0e_0f[] = {RULE_0E, RULE_0F};
static const WbtModeRule rules_05_07_0e_0f[] = {RULE_05, RULE_07, RULE_0E, RULE_0F};
static const WbtModeRule rules_0d_0f[] = {RULE_0D(WBT_EVENT_POWER_ON | WBT_EVENT_HARD_RESET),
					  RULE_0F};

static const WbtOpcodeReport report_deferred = {
    .options = WBT_REPORT_BIT(WBT_REPORT_ALL) | WBT_REPORT_BIT(WBT_REPORT_OPCODE) |
	       WBT_REPORT_BIT(WBT_REPORT_SERVICE) | WBT_REPORT_BIT(WBT_REPORT_EITHER),
    .mode_is_service = true,
    .mlu = 1, /* this logical unit alone */
    .length_usage = 0xFFFFFF,
    .has_timeouts = true,
    .command_specific_s = 20,
    .nominal_s = 120,
    .recommended_s = 400,
};

/* at most 65,535 bytes a command */
static const WbtOpcodeReport report_modes = {
    .options = WBT_REPORT_BIT(WBT_REPORT_OPCODE) | WBT_REPORT_BIT(WBT_REPORT_SERVICE) |
	       WBT_REPORT_BIT(WBT_REPORT_EITHER),
    .mode_is_service = true,
    .length_usage = 0x00FFFF,
};

/* at most 16,383 bytes a command, which is no multiple of the boundary */
static const WbtOpcodeReport report_short = {
    .options = WBT_REPORT_BIT(WBT_REPORT_OPCODE) | WBT_REPORT_BIT(WBT_REPORT_SERVICE) |
	       WBT_REPORT_BIT(WBT_REPORT_EITHER),
    .mode_is_service = true,
    .length_usage = 0x003FFF,
};

/* versions that do not fit into PRODUCT REVISION LEVEL */
static const WbtLongVersion version_inquiry = {.prefix = "7.20-", .offset = 36, .bytes = 20};
static const WbtLongVersion version_page = {
    .prefix = "G9Q1.",
    .page_code = 0xC0,
    .offset = 8,
    .bytes = 12,
    .level_stays = true,
};

/* the device starts afresh, and says so */
static const WbtAttention attention_power_on = {0x29, 0x00};

static const WbtOpcodeReport report_plain = {
    .options = WBT_REPORT_BIT(WBT_REPORT_ALL) | WBT_REPORT_BIT(WBT_REPORT_OPCODE) |
	       WBT_REPORT_BIT(WBT_REPORT_SERVICE),
    .length_usage = 0xFFFFFF,
};

const WbtModel wbt_standard_models[] = {
    {
	STD_DISK("std-deferred", "STD-DEFERRED", rules_05_07_0e_0f),
	.summary = "made up: says everything of itself, deferred microcode, time-outs",
	.read_buffer = true,
	.vpd_extended = true,
	.vpd_modes_valid = true,
	.activate_code = WBT_ACTIVATE_AT_END,
	.power_on_activates = true,
	.hard_reset_activates = true,
	.opcode_report = &report_deferred,
	.boundary_exponent = 9,
	.capacity_bytes = 4 * MIB,
	.busy_commands = 2,
    },
    {
	/* the page has bits that would be lies if DMS_VALID were set: 0Eh and 0Fh, not 05h and 07h
	 */
	STD_DISK("std-rsoc", "STD-RSOC", rules_05_07),
	.summary = "made up: operation codes with service actions say 05h and 07h, VPD 86h nothing",
	.read_buffer = true,
	.vpd_extended = true,
	.vpd_modes_wrong = 0x56,
	.opcode_report = &report_modes,
	.capacity_bytes = 4 * MIB,
	.max_segment_bytes = 0xFFFF,
    },
    {
	STD_DISK("std-rsoc-plain", "STD-RSOC-PLAIN", rules_05_07),
	.summary = "made up: operation codes without service actions, no VPD 86h",
	.read_buffer = true,
	.opcode_report = &report_plain,
	.capacity_bytes = 4 * MIB,
    },
    {
	STD_DISK("std-silent", "STD-SILENT", rules_07),
	.summary = "made up: says nothing of itself, takes 07h",
	.capacity_bytes = 4 * MIB,
    },
    {
	STD_DISK("std-boundary9", "STD-BOUNDARY9", rules_07),
	.summary = "made up: 07h with offsets in steps of 512 bytes, at most 16,383 bytes",
	.read_buffer = true,
	.opcode_report = &report_short,
	.boundary_exponent = 9,
	.capacity_bytes = 4 * MIB,
	.max_segment_bytes = 0x3FFF,
    },
    {
	/* the descriptor leaves the capacity out, although there is one */
	STD_DISK("std-boundary16", "STD-BOUNDARY16", rules_07),
	.summary = "made up: 07h with offsets in steps of 64 KiB",
	.read_buffer = true,
	.vpd_extended = true,
	.vpd_modes_valid = true,
	.activate_code = WBT_ACTIVATE_AT_END,
	.boundary_exponent = 16,
	.capacity_bytes = 4 * MIB,
	.capacity_not_given = true,
    },
    {
	STD_DISK("std-offset0", "STD-OFFSET0", rules_05),
	.summary = "made up: 05h in one command, no offset but 0",
	.read_buffer = true,
	.vpd_extended = true,
	.vpd_modes_valid = true,
	.activate_code = WBT_ACTIVATE_AT_END,
	.boundary_exponent = WBT_BOUNDARY_OFFSET_0,
	.capacity_bytes = 1 * MIB,
    },
    {
	STD_DISK("std-whole", "STD-WHOLE", rules_07),
	.summary = "made up: 07h, no offset but 0",
	.read_buffer = true,
	.vpd_extended = true,
	.vpd_modes_valid = true,
	.activate_code = WBT_ACTIVATE_AT_END,
	.boundary_exponent = WBT_BOUNDARY_OFFSET_0,
	.capacity_bytes = 1 * MIB,
    },
    {
	/* all four bytes are 0, although there is a buffer */
	STD_DISK("std-capacity0", "STD-CAPACITY0", rules_07),
	.summary = "made up: 07h, a buffer of which the descriptor says nothing",
	.read_buffer = true,
	.vpd_extended = true,
	.vpd_modes_valid = true,
	.activate_code = WBT_ACTIVATE_AT_END,
	.capacity_bytes = 4 * MIB,
	.capacity_not_given = true,
    },
    {
	STD_DISK("std-small", "STD-SMALL", rules_07),
	.summary = "made up: 07h, a buffer of 64 KiB",
	.read_buffer = true,
	.vpd_extended = true,
	.vpd_modes_valid = true,
	.activate_code = WBT_ACTIVATE_AT_END,
	.capacity_bytes = 65536,
    },
    {
	STD_DISK("std-events", "STD-EVENTS", rules_0d_0f),
	.summary = "made up: 0Dh with activation events, no 0Eh",
	.read_buffer = true,
	.vpd_extended = true,
	.vpd_modes_valid = true,
	.activate_code = WBT_ACTIVATE_AT_END,
	.power_on_activates = true,
	.hard_reset_activates = true,
	.capacity_bytes = 4 * MIB,
    },
    {
	STD_DISK("std-descriptor", "STD-DESCRIPTOR", rules_0e_0f),
	.summary = "made up: 0Eh and 0Fh, sense data in descriptor format",
	.descriptor_sense = true,
	.read_buffer = true,
	.vpd_extended = true,
	.vpd_modes_valid = true,
	.activate_code = WBT_ACTIVATE_AT_END,
	.power_on_activates = true,
	.hard_reset_activates = true,
	.capacity_bytes = 4 * MIB,
    },
    {
	STD_DISK("std-after-event", "STD-AFTER-EVENT", rules_07),
	.summary = "made up: 07h saves, and runs from the next power on or hard reset",
	.read_buffer = true,
	.vpd_extended = true,
	.vpd_modes_valid = true,
	.activate_code = WBT_ACTIVATE_AFTER_EVENT,
	.capacity_bytes = 4 * MIB,
    },
    {
	STD_DISK("std-untold", "STD-UNTOLD", rules_07),
	.summary = "made up: 07h, does not tell when it activates, and does it at once",
	.read_buffer = true,
	.vpd_extended = true,
	.vpd_modes_valid = true,
	.capacity_bytes = 4 * MIB,
    },
    {
	STD_DISK("std-untold-later", "STD-UNTOLD-LATER", rules_07_later),
	.summary = "made up: 07h, does not tell when it activates, and does it at a power on",
	.read_buffer = true,
	.vpd_extended = true,
	.vpd_modes_valid = true,
	.capacity_bytes = 4 * MIB,
    },
    {
	STD_DISK("std-slow", "STD-SLOW", rules_07),
	.summary = "made up: 07h, becomes ready 40 s after it has begun to run an image",
	.read_buffer = true,
	.vpd_extended = true,
	.vpd_modes_valid = true,
	.activate_code = WBT_ACTIVATE_AT_END,
	.capacity_bytes = 4 * MIB,
	.restart_ms = 40000,
    },
    {
	STD_DISK("std-away", "STD-AWAY", rules_0e_0f),
	.summary = "made up: 0Eh and 0Fh, gone for 40 s when it begins to run an image",
	.read_buffer = true,
	.vpd_extended = true,
	.vpd_modes_valid = true,
	.activate_code = WBT_ACTIVATE_AT_END,
	.power_on_activates = true,
	.hard_reset_activates = true,
	.capacity_bytes = 4 * MIB,
	.own_attention = &attention_power_on,
	.restart_ms = 40000,
	.restart_away = true,
    },
    {
	STD_DISK("std-echo", "STD-ECHO", rules_07),
	.summary = "made up: 07h, an echo buffer of 512 bytes",
	.read_buffer = true,
	.vpd_extended = true,
	.vpd_modes_valid = true,
	.activate_code = WBT_ACTIVATE_AT_END,
	.capacity_bytes = 4 * MIB,
	.echo_bytes = 512,
    },
    {
	STD_DISK("std-power-on", "STD-POWER-ON", rules_0e),
	.summary = "made up: 0Eh without 0Fh, only power on activates",
	.read_buffer = true,
	.vpd_extended = true,
	.vpd_modes_valid = true,
	.activate_code = WBT_ACTIVATE_AT_END,
	.power_on_activates = true,
	.capacity_bytes = 4 * MIB,
    },
    {
	STD_DISK("std-reset", "STD-RESET", rules_0e),
	.summary = "made up: 0Eh without 0Fh, power on and hard reset activate",
	.read_buffer = true,
	.vpd_extended = true,
	.vpd_modes_valid = true,
	.activate_code = WBT_ACTIVATE_AT_END,
	.power_on_activates = true,
	.hard_reset_activates = true,
	.capacity_bytes = 4 * MIB,
    },
    {
	STD_DISK("std-version", "STD-VERSION", rules_07),
	.summary = "made up: its version is in bytes 36 to 55 of standard INQUIRY data",
	.long_version = &version_inquiry,
	.own_attention = &attention_power_on,
	.busy_commands = 2,
    },
    {
	STD_DISK("std-version-page", "STD-VERSION-PAGE", rules_05_07_0e_0f),
	.summary = "made up: its version is in VPD page C0h, and INQUIRY's revision stays",
	.long_version = &version_page,
    },
};

const size_t wbt_n_standard_models = G_N_ELEMENTS(wbt_standard_models);
