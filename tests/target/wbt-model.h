// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wbt-target.h"

/*
 * A model is a row: everything that differs between devices is a field here, and nowhere else in
 * the target is a maker's name. Rows are written from the makers' manuals, never from the plugin's
 * quirk files, so that the two are independent readings.
 */

#define WBT_VENDOR_BYTES  8
#define WBT_PRODUCT_BYTES 16

/* peripheral device types: SPC-5, standard INQUIRY data */
#define WBT_TYPE_DISK	   0x00
#define WBT_TYPE_TAPE	   0x01
#define WBT_TYPE_OPTICAL   0x05
#define WBT_TYPE_CHANGER   0x08
#define WBT_TYPE_ENCLOSURE 0x0D

/* modes of WRITE BUFFER: SPC-5, "WRITE BUFFER command", MODE field */
#define WBT_MODE_DOWNLOAD		0x04
#define WBT_MODE_DOWNLOAD_SAVE		0x05
#define WBT_MODE_DOWNLOAD_OFFSETS	0x06
#define WBT_MODE_DOWNLOAD_OFFSETS_SAVE	0x07
#define WBT_MODE_ECHO			0x0A
#define WBT_MODE_DOWNLOAD_SELECT_EVENTS 0x0D
#define WBT_MODE_DOWNLOAD_DEFER		0x0E
#define WBT_MODE_ACTIVATE		0x0F

#define WBT_MODE_BIT(mode) (1U << (mode))

/* when a download in this mode is over */
typedef enum {
	WBT_END_IMAGE_ARRIVED, /* when all bytes that the image header names are here */
	WBT_END_THIS_COMMAND,  /* this command is the last one, whatever it carries */
	WBT_END_NEVER,	       /* another mode must end it */
	WBT_END_NO_DOWNLOAD,   /* no data: activate what is deferred */
} WbtEnd;

/* what becomes of a whole and valid image */
typedef enum {
	WBT_EFFECT_RUN,	     /* runs until power is lost or the device is reset */
	WBT_EFFECT_SAVE_RUN, /* saved, and runs at once */
	WBT_EFFECT_DEFER,    /* saved, and waits for an activation event */
	WBT_EFFECT_SAVE,     /* saved, and runs from the next power on */
} WbtEffect;

typedef enum {
	WBT_OFFSET_CONTIGUOUS, /* where the previous segment ended; 0 starts a new download */
	WBT_OFFSET_IGNORED,
	WBT_OFFSET_ZERO, /* anything but 0 is an invalid field */
} WbtOffsetRule;

typedef enum {
	WBT_ZERO_LENGTH_NOTHING, /* GOOD, no effect: SPC-5, PARAMETER LIST LENGTH */
	WBT_ZERO_LENGTH_REFUSED, /* invalid field */
	WBT_ZERO_LENGTH_TAKEN,	 /* a segment without data: may end the download */
} WbtZeroLength;

typedef enum {
	WBT_ID_EXACT,	  /* first_buffer_id and no other */
	WBT_ID_IGNORED,	  /* any */
	WBT_ID_INCREMENT, /* first_buffer_id, then one more for each segment, modulo 256 */
} WbtIdRule;

/* a segment in a mode that cannot continue the unfinished download */
typedef enum {
	WBT_MODE_CHANGE_RESTARTS, /* it is the first one of a new download */
	WBT_MODE_CHANGE_REFUSED,  /* invalid field, unless it starts again at offset 0 */
} WbtModeChange;

/**
 * WbtModeRule: one mode that a model knows.
 * @continues: WBT_MODE_BIT() of other modes whose unfinished download it may continue
 * @clear_specific: MODE SPECIFIC value that drops an unfinished download first, 0 if none
 * @events: MODE SPECIFIC bits that name activation events which the model supports, 0 if none
 */
typedef struct {
	uint8_t mode;
	WbtEnd end;
	WbtEffect effect;
	WbtOffsetRule offset;
	WbtZeroLength zero_length;
	uint32_t continues;
	uint8_t clear_specific;
	uint8_t events;
} WbtModeRule;

typedef struct {
	uint8_t asc;
	uint8_t ascq;
} WbtAttention;

struct WbtModel {
	const char *name;
	const char *summary;

	/* INQUIRY */
	const char *vendor;
	const char *product;
	const char *revision; /* the factory's firmware */
	uint8_t peripheral_type;
	uint8_t version; /* SPC version claimed in byte 2 */
	bool removable;

	bool descriptor_sense;
	bool no_medium;		 /* TEST UNIT READY says 02/3A/00 */
	bool read_buffer;	 /* READ BUFFER mode 03h works */
	bool report_opcodes;	 /* REPORT SUPPORTED OPERATION CODES works */
	bool vpd_extended;	 /* VPD page 86h exists */
	bool vpd_modes_valid;	 /* DMS_VALID in it: the DM_MD_x bits mean something */
	uint8_t activate_code;	 /* ACTIVATE MICROCODE in it, 2 bits */
	uint32_t blocks;	 /* of 512 bytes; 0: not a block device */
	uint16_t echo_bytes;	 /* capacity of the echo buffer, 0: none */
	bool power_on_activates; /* POA_SUP, and what happens */
	bool hard_reset_activates;

	/* WRITE BUFFER */
	const WbtModeRule *rules;
	size_t n_rules;
	WbtIdRule id_rule;
	uint8_t first_buffer_id;
	uint32_t offset_unit_bytes;   /* bytes that one BUFFER OFFSET stands for */
	uint8_t boundary_exponent;    /* offsets are multiples of 2^n of these bytes */
	uint32_t capacity_bytes;      /* of the buffer; 0: as much as fits the CDB */
	uint32_t max_segment_bytes;   /* 0: as much as fits the CDB */
	uint32_t segment_align_bytes; /* lengths are multiples of it; 0 and 1: any */
	uint32_t exact_segment_bytes; /* every segment but the last is so long; 0: any */
	WbtModeChange mode_change;
	bool other_commands_abort; /* a command in between drops the unfinished download */
	bool clear_in_control;	   /* CONTROL bits 7:6 clear, too, as clear_specific does */

	/* after another image has begun to run */
	uint32_t busy_commands;		   /* so many are answered 02/04/01 */
	const WbtAttention *own_attention; /* for the issuing nexus, too; NULL: none */
};

/* NULL if the model does not know @mode */
const WbtModeRule *
wbt_model_rule(const WbtModel *model, uint8_t mode);
