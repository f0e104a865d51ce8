// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* sense keys: SPC-5, "Sense key descriptions" */
#define WBT_KEY_NO_SENSE	0x00
#define WBT_KEY_NOT_READY	0x02
#define WBT_KEY_HARDWARE_ERROR	0x04
#define WBT_KEY_ILLEGAL_REQUEST 0x05
#define WBT_KEY_UNIT_ATTENTION	0x06
#define WBT_KEY_ABORTED_COMMAND 0x0B

#define WBT_SENSE_FIXED_BYTES	   18
#define WBT_SENSE_DESCRIPTOR_BYTES 16 /* header and one sense key specific descriptor */

/**
 * WbtSense: a verdict on a command. All zero is GOOD.
 * @has_field: a field pointer follows: CDB byte @field_byte, and @field_bit if not negative
 */
typedef struct {
	uint8_t key;
	uint8_t asc;
	uint8_t ascq;
	bool has_field;
	uint16_t field_byte;
	int8_t field_bit;
} WbtSense;

#define WBT_GOOD	   ((WbtSense){0})
#define WBT_SENSE(k, a, q) ((WbtSense){.key = (k), .asc = (a), .ascq = (q), .field_bit = -1})

/* ASC/ASCQ pairs: SPC-5, annex "Additional sense codes" */
#define WBT_DEFERRED_PENDING  WBT_SENSE(WBT_KEY_NO_SENSE, 0x00, 0x22)
#define WBT_BECOMING_READY    WBT_SENSE(WBT_KEY_NOT_READY, 0x04, 0x01)
#define WBT_INVALID_OPCODE    WBT_SENSE(WBT_KEY_ILLEGAL_REQUEST, 0x20, 0x00)
#define WBT_LBA_OUT_OF_RANGE  WBT_SENSE(WBT_KEY_ILLEGAL_REQUEST, 0x21, 0x00)
#define WBT_LUN_NOT_SUPPORTED WBT_SENSE(WBT_KEY_ILLEGAL_REQUEST, 0x25, 0x00)
#define WBT_IMAGE_REFUSED     WBT_SENSE(WBT_KEY_ILLEGAL_REQUEST, 0x26, 0x00)
#define WBT_SEQUENCE_ERROR    WBT_SENSE(WBT_KEY_ILLEGAL_REQUEST, 0x2C, 0x00)
#define WBT_DATA_PHASE_ERROR  WBT_SENSE(WBT_KEY_ABORTED_COMMAND, 0x4B, 0x00)
#define WBT_POWER_ON_OR_RESET WBT_SENSE(WBT_KEY_UNIT_ATTENTION, 0x29, 0x00)
#define WBT_BUS_RESET	      WBT_SENSE(WBT_KEY_UNIT_ATTENTION, 0x29, 0x02)

/* INVALID FIELD IN CDB (05/24/00), pointing at a byte, or at the bit where its field begins */
WbtSense
wbt_invalid_field(uint16_t byte);
WbtSense
wbt_invalid_field_bit(uint16_t byte, uint8_t bit);

/* Writes @sense to @buf (at least 18 bytes). Returns the bytes used. */
size_t
wbt_sense_encode(const WbtSense *sense, bool descriptor, uint8_t *buf);
