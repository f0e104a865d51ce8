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

/* activation events, as the MODE SPECIFIC field of mode 0Dh names them: PO_ACT, HR_ACT, VSE_ACT */
#define WBT_EVENT_POWER_ON   0x04
#define WBT_EVENT_HARD_RESET 0x02
#define WBT_EVENT_VENDOR     0x01

/* OFFSET BOUNDARY of a buffer that takes offset 0 alone: SPC-5, "READ BUFFER descriptor" */
#define WBT_BOUNDARY_OFFSET_0 0xFF

/* ACTIVATE MICROCODE, what modes 05h and 07h do: SPC-5, "Extended INQUIRY Data VPD page" */
#define WBT_ACTIVATE_NOT_GIVEN	 0 /* the simulation then activates as with 1 */
#define WBT_ACTIVATE_AT_END	 1 /* before the last command completes */
#define WBT_ACTIVATE_AFTER_EVENT 2 /* at a power on, a hard reset, or 0Fh if the model has it */

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
 * @events: WBT_EVENT_* that MODE SPECIFIC may name, 0 if the field is reserved. They alone, and
 *   0Fh, then activate what was deferred; the model's own events are for modes without any.
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

/**
 * WbtImageHeader: what the maker puts in front of an image, and what the device wants to see there.
 * @bytes: the same in each image of the model, but for the two fields below
 * @header_bytes: how many these are
 * @length_at: where in them the length of the whole image is, 32 bits, big endian; 0: nowhere
 * @revision_at: where its revision is, 4 characters; 0: nowhere
 */
typedef struct {
	const uint8_t *bytes;
	size_t header_bytes;
	size_t length_at;
	size_t revision_at;
} WbtImageHeader;

/* reporting options of REPORT SUPPORTED OPERATION CODES: SPC-5 */
#define WBT_REPORT_ALL	       0x00
#define WBT_REPORT_OPCODE      0x01
#define WBT_REPORT_SERVICE     0x02
#define WBT_REPORT_EITHER      0x03
#define WBT_REPORT_BIT(option) (1U << (option))

/**
 * WbtOpcodeReport: how a model answers REPORT SUPPORTED OPERATION CODES, and what it says there of
 * WRITE BUFFER.
 * @options: WBT_REPORT_BIT() of the reporting options it answers; others are invalid fields
 * @mode_is_service: the MODE of WRITE BUFFER counts as a service action, so 010b says yes or no to
 *   each mode and 001b is an invalid field; else 001b answers and 010b is an invalid field
 * @opcode_anyway: with @mode_is_service, 001b answers nevertheless, for all modes at once
 * @mlu: 2 bits, which logical units the command affects
 * @length_usage: CDB usage data of PARAMETER LIST LENGTH, 24 bits. It is only what the device
 *   says; max_segment_bytes and segment_align_bytes are what it does
 * @has_timeouts: there is a command time-outs descriptor, to be had with RCTD
 * @command_specific_s, @nominal_s, @recommended_s: seconds in it, 0 if not given
 */
typedef struct {
	uint8_t options;
	bool mode_is_service;
	bool opcode_anyway;
	uint8_t mlu;
	uint32_t length_usage;
	bool has_timeouts;
	uint8_t command_specific_s;
	uint32_t nominal_s;
	uint32_t recommended_s;
} WbtOpcodeReport;

/**
 * WbtLongVersion: a version that does not fit into PRODUCT REVISION LEVEL.
 * @prefix: what stands in front of the revision of the image
 * @page_code: the VPD page that has it, or 0 for standard INQUIRY data
 * @offset: where in these data it begins, counted from their first byte
 * @bytes: the field's length; what is left of it is blanks
 * @level_stays: PRODUCT REVISION LEVEL is the factory's for ever
 */
typedef struct {
	const char *prefix;
	uint8_t page_code;
	uint8_t offset;
	uint8_t bytes;
	bool level_stays;
} WbtLongVersion;

struct WbtModel {
	const char *name;
	const char *summary;

	/* INQUIRY */
	const char *vendor;
	const char *product;
	const char *revision; /* the factory's firmware */
	/* so many characters of it are of a part that no image replaces, and stay */
	uint8_t revision_kept_chars;
	uint8_t peripheral_type;
	uint8_t version; /* SPC version claimed in byte 2 */
	bool removable;

	bool descriptor_sense;
	bool no_medium;		 /* TEST UNIT READY says 02/3A/00 */
	bool read_buffer;	 /* READ BUFFER mode 03h works */
	bool vpd_extended;	 /* VPD page 86h exists */
	bool vpd_modes_valid;	 /* DMS_VALID in it: the DM_MD_x bits mean something */
	uint8_t vpd_modes_wrong; /* of byte 19: bits that say the opposite of the truth */
	uint8_t vpd_bytes;	 /* how long the page is, at least 4; 0: 64 */
	uint8_t maker_page_code; /* a VPD page of the maker's own, 0: none */
	uint8_t activate_code;	 /* ACTIVATE MICROCODE in it, and what happens */
	uint32_t blocks;	 /* of 512 bytes; 0: not a block device */
	uint16_t echo_bytes;	 /* capacity of the echo buffer, 0: none */
	bool power_on_activates; /* POA_SUP, and what happens */
	bool hard_reset_activates;
	bool says_pending; /* 00/00/22 with a segment that saves for later, not just GOOD */
	bool vendor_event_activates; /* VSA_SUP; in the simulation there never is such an event */
	const uint8_t *maker_page;   /* what follows the header of maker_page_code */
	size_t maker_page_bytes;
	const WbtOpcodeReport *opcode_report; /* NULL: refused as an unknown command */
	const WbtLongVersion *long_version;   /* NULL: PRODUCT REVISION LEVEL is all there is */

	/* READ BUFFER mode 03h, where it does not tell the truth */
	bool capacity_not_given;	 /* BUFFER CAPACITY is 0, whatever capacity_bytes is */
	const uint8_t *wrong_descriptor; /* these bytes for any BUFFER ID; NULL: the truth */
	size_t wrong_descriptor_bytes;
	uint32_t data_buffer_bytes; /* capacity of BUFFER ID 0, where firmware has another ID */

	/* WRITE BUFFER */
	const WbtModeRule *rules;
	size_t n_rules;
	const WbtImageHeader *image_header; /* of its images; NULL: none */
	WbtIdRule id_rule;
	uint8_t first_buffer_id;
	bool buffer_0_too;	      /* BUFFER ID 0 is another name of that buffer */
	uint32_t offset_unit_bytes;   /* bytes that one BUFFER OFFSET stands for */
	uint8_t boundary_exponent;    /* offsets are multiples of 2^n bytes, or WBT_BOUNDARY_* */
	uint32_t capacity_bytes;      /* of the buffer; 0: as much as fits the CDB */
	uint32_t max_segment_bytes;   /* 0: as much as fits the CDB */
	uint32_t segment_align_bytes; /* lengths are multiples of it; 0 and 1: any */
	/* every segment but the last is so long; a command that takes the whole image has none;
	 * 0: any */
	uint32_t exact_segment_bytes;
	WbtModeChange mode_change;
	bool other_commands_abort; /* a command in between drops the unfinished download */
	bool errors_drop;	   /* any error of a WRITE BUFFER does, not 05/2C/00 alone */
	bool clear_in_control;	   /* CONTROL bits 7:6 clear, too, as clear_specific does */

	/* when another image begins to run */
	uint32_t save_ms;		      /* the command that makes it run takes so long */
	uint32_t busy_commands;		      /* so many are answered 02/04/01 */
	uint32_t restart_ms;		      /* for so long all of them are */
	bool restart_away;		      /* and that long nothing answers at all */
	const WbtAttention *own_attention;    /* for the issuing nexus, too; NULL: none */
	const WbtAttention *second_attention; /* one more after it; NULL: none */
};

/* NULL if the model does not know @mode */
const WbtModeRule *
wbt_model_rule(const WbtModel *model, uint8_t mode);

/* WBT_EVENT_* that the model supports */
uint8_t
wbt_model_events(const WbtModel *model);

/* wbt-standard.c: rows that are made up, for the corners of the standard */
extern const WbtModel wbt_standard_models[];
extern const size_t wbt_n_standard_models;

/* wbt-heldout.c: rows that are made up, for what a user has to do */
extern const WbtModel wbt_heldout_models[];
extern const size_t wbt_n_heldout_models;
