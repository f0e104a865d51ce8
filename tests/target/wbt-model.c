// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include "wbt-book.h"

#define SPC_3 0x05
#define SPC_4 0x06

/* INQUIRY revisions, capacities, echo sizes and the count of busy commands are the simulation's
 * own choice wherever a row's comment names no source. */

/* a reset that the device itself does after taking new microcode */
static const WbtAttention power_on_or_reset = {0x29, 0x00};

/*
 * StorageTek SL500 Interface Reference Manual, 96122 revision F, chapter 6, "Write Buffer":
 * 06h for all commands but the last, 07h for the last one; BUFFER ID 0; offset ignored with 06h and
 * 07h, 0 with 04h and 05h; at most 16,384 bytes, even, none only with 07h; after the final command
 * the library resets itself. The chapter's prose puts "clear partial images" (01b) with mode 06h;
 * its table 6-101 draws the field in the two top bits of CONTROL. The row takes either.
 */
static const WbtModeRule sl500_rules[] = {
    {
	.mode = WBT_MODE_DOWNLOAD,
	.end = WBT_END_THIS_COMMAND,
	.effect = WBT_EFFECT_RUN,
	.offset = WBT_OFFSET_ZERO,
	.zero_length = WBT_ZERO_LENGTH_REFUSED,
    },
    {
	.mode = WBT_MODE_DOWNLOAD_SAVE,
	.end = WBT_END_THIS_COMMAND,
	.effect = WBT_EFFECT_SAVE_RUN,
	.offset = WBT_OFFSET_ZERO,
	.zero_length = WBT_ZERO_LENGTH_REFUSED,
    },
    {
	.mode = WBT_MODE_DOWNLOAD_OFFSETS,
	.end = WBT_END_NEVER,
	.effect = WBT_EFFECT_RUN,
	.offset = WBT_OFFSET_IGNORED,
	.zero_length = WBT_ZERO_LENGTH_REFUSED,
	.clear_specific = 0x01,
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
 * Seagate SCSI Commands Reference Manual, Rev. J, 3.70.7 (06h), 3.70.8 (07h) and 3.70.9 (0Ah):
 * offsets keep to the boundary and the capacity of the READ BUFFER descriptor, BUFFER ID 0, MODE
 * SPECIFIC reserved, the echo buffer is four-byte aligned. Boundary 512 bytes, capacity 4 MiB and
 * echo buffer 512 bytes are the simulation's.
 */
static const WbtModeRule seagate_sas_rules[] = {
    {
	.mode = WBT_MODE_DOWNLOAD_OFFSETS,
	.end = WBT_END_IMAGE_ARRIVED,
	.effect = WBT_EFFECT_RUN,
	.offset = WBT_OFFSET_CONTIGUOUS,
    },
    {
	.mode = WBT_MODE_DOWNLOAD_OFFSETS_SAVE,
	.end = WBT_END_IMAGE_ARRIVED,
	.effect = WBT_EFFECT_SAVE_RUN,
	.offset = WBT_OFFSET_CONTIGUOUS,
    },
};

/*
 * HGST Ultrastar C15K600 Hard Disk Drive Specification, revision 1.1, 18.59 (WRITE BUFFER): 05h one
 * binary file with offset 0, 07h, 0Eh deferred, 0Fh activates; BUFFER ID 0; a length of 0 changes
 * nothing; the drive starts new code with a power on reset of its own. Capacity 8 MiB is the
 * simulation's.
 */
static const WbtModeRule deferred_disk_rules[] = {
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
	.offset = WBT_OFFSET_CONTIGUOUS,
    },
    {
	.mode = WBT_MODE_DOWNLOAD_DEFER,
	.end = WBT_END_IMAGE_ARRIVED,
	.effect = WBT_EFFECT_DEFER,
	.offset = WBT_OFFSET_CONTIGUOUS,
    },
    {
	.mode = WBT_MODE_ACTIVATE,
	.end = WBT_END_NO_DOWNLOAD,
    },
};

static const WbtModel models[] = {
    {
	.name = "sl500",
	.summary = "tape library, 06h segments ended by 07h",
	.vendor = "STK",
	.product = "SL500",
	.revision = "1126",
	.peripheral_type = WBT_TYPE_CHANGER,
	.version = SPC_3,
	.removable = true,
	.rules = sl500_rules,
	.n_rules = G_N_ELEMENTS(sl500_rules),
	.offset_unit_bytes = 1,
	.capacity_bytes = 8 * 1024 * 1024,
	.max_segment_bytes = 16384,
	.segment_align_bytes = 2,
	.mode_change = WBT_MODE_CHANGE_RESTARTS,
	.clear_in_control = true,
	.busy_commands = 3,
	.own_attention = &power_on_or_reset,
    },
    {
	.name = "seagate-sas",
	.summary = "SAS disk, 06h or 07h with offsets, echo buffer",
	.vendor = "SEAGATE",
	.product = "ST600MM0088",
	.revision = "TT31",
	.peripheral_type = WBT_TYPE_DISK,
	.version = SPC_4,
	.read_buffer = true,
	.vpd_extended = true,
	.vpd_modes_valid = true,
	.activate_code = WBT_ACTIVATE_AT_END,
	.blocks = 131072,
	.echo_bytes = 512,
	.rules = seagate_sas_rules,
	.n_rules = G_N_ELEMENTS(seagate_sas_rules),
	.offset_unit_bytes = 1,
	.boundary_exponent = 9,
	.capacity_bytes = 4 * 1024 * 1024,
	/* a changed MODE in the middle is INVALID FIELD IN CDB and the segment alone is lost:
	 * T10 reflector, June 2014, on microcode download sequences */
	.mode_change = WBT_MODE_CHANGE_REFUSED,
	.busy_commands = 2,
    },
    {
	.name = "deferred-disk",
	.summary = "SAS disk, 0Eh segments activated by 0Fh, also 05h and 07h",
	.vendor = "HGST",
	.product = "HUC156060CSS200",
	.revision = "A360",
	.peripheral_type = WBT_TYPE_DISK,
	.version = SPC_4,
	.read_buffer = true,
	.vpd_extended = true,
	.vpd_modes_valid = true,
	.activate_code = WBT_ACTIVATE_AT_END,
	.blocks = 131072,
	.power_on_activates = true,
	.hard_reset_activates = true,
	.rules = deferred_disk_rules,
	.n_rules = G_N_ELEMENTS(deferred_disk_rules),
	.offset_unit_bytes = 1,
	.capacity_bytes = 8 * 1024 * 1024,
	.mode_change = WBT_MODE_CHANGE_REFUSED,
	.busy_commands = 2,
	.own_attention = &power_on_or_reset,
    },
};

const WbtModel *
wbt_model_find(const char *name)
{
	for (size_t i = 0; i < wbt_model_count(); i++) {
		const WbtModel *model = wbt_model_get(i);

		if (g_str_equal(model->name, name))
			return model;
	}
	return NULL;
}

size_t
wbt_model_count(void)
{
	return G_N_ELEMENTS(models) + wbt_n_standard_models + wbt_n_heldout_models +
	       wbt_book_count();
}

const WbtModel *
wbt_model_get(size_t idx)
{
	if (idx < G_N_ELEMENTS(models))
		return &models[idx];
	idx -= G_N_ELEMENTS(models);
	if (idx < wbt_n_standard_models)
		return &wbt_standard_models[idx];
	idx -= wbt_n_standard_models;
	if (idx < wbt_n_heldout_models)
		return &wbt_heldout_models[idx];
	return wbt_book_get(idx - wbt_n_heldout_models);
}

const char *
wbt_model_name(const WbtModel *model)
{
	return model->name;
}

const char *
wbt_model_summary(const WbtModel *model)
{
	return model->summary;
}

const WbtModeRule *
wbt_model_rule(const WbtModel *model, uint8_t mode)
{
	for (size_t i = 0; i < model->n_rules; i++) {
		if (model->rules[i].mode == mode)
			return &model->rules[i];
	}
	return NULL;
}

uint8_t
wbt_model_events(const WbtModel *model)
{
	uint8_t events = 0;

	events |= model->power_on_activates ? WBT_EVENT_POWER_ON : 0;
	events |= model->hard_reset_activates ? WBT_EVENT_HARD_RESET : 0;
	events |= model->vendor_event_activates ? WBT_EVENT_VENDOR : 0;
	return events;
}
