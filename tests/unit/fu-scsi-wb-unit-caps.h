/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-caps.h"
#include "fu-scsi-wb-unit.h"

/* an Extended INQUIRY Data VPD page is 64 bytes (SPC-4, INCITS 513) */
#define FU_SCSI_WB_UNIT_CAPS_BYTES_MAX 64

#define VPD  "VPD page 86h"
#define RSOC "REPORT SUPPORTED OPERATION CODES"

/* SPC-4 (INCITS 513): MODE field of WRITE BUFFER, a bit each: 04h to 07h, 0Dh to 0Fh */
#define M04   (1u << 0x04)
#define M05   (1u << 0x05)
#define M06   (1u << 0x06)
#define M07   (1u << 0x07)
#define M0D   (1u << 0x0d)
#define M0E   (1u << 0x0e)
#define M0F   (1u << 0x0f)
#define M_ALL (M04 | M05 | M06 | M07 | M0D | M0E | M0F)

#define MODES(known, has, source) .modes_known = known, .modes = has, .modes_source = source

/* one_command parameter data (SPC-4, INCITS 513): CTDP, MLU and SUPPORT; CDB usage data with MODE
 * and three bytes of PARAMETER LIST LENGTH; command timeouts descriptor */
#define ONE(flags, usage, ...) 0, flags, 0, 10, 0x3b, usage, 255, 255, 255, 255, __VA_ARGS__, 0
#define TIMEOUTS(specific, nominal, recommended)                                                   \
	0, 10, 0, specific, 0, 0, 0, nominal, 0, 0, 0, recommended

/**
 * FuScsiWbUnitCapsRow:
 * @name: what is special in this row
 * @buf: what the device answers
 * @bufsz: of @buf, the rest of it is zero
 * @mode: the MODE that was asked for
 * @before: what was known
 * @want: what is known afterwards
 *
 * One answer of a device.
 **/
typedef struct {
	const gchar *name;
	guint8 buf[FU_SCSI_WB_UNIT_CAPS_BYTES_MAX];
	gsize bufsz;
	guint8 mode;
	FuScsiWbCaps before;
	FuScsiWbCaps want;
} FuScsiWbUnitCapsRow;

/**
 * FuScsiWbUnitCapsFunc:
 *
 * A parser of the answer to one command.
 **/
typedef void (*FuScsiWbUnitCapsFunc)(FuScsiWbCaps *caps, GBytes *blob, guint8 mode);

/* the parsers of the plugin's, all of one kind */
void
fu_scsi_wb_unit_caps_vpd_cb(FuScsiWbCaps *caps, GBytes *blob, guint8 mode);
void
fu_scsi_wb_unit_caps_opcode_cb(FuScsiWbCaps *caps, GBytes *blob, guint8 mode);
void
fu_scsi_wb_unit_caps_buffer_cb(FuScsiWbCaps *caps, GBytes *blob, guint8 mode);
void
fu_scsi_wb_unit_caps_echo_cb(FuScsiWbCaps *caps, GBytes *blob, guint8 mode);

/**
 * fu_scsi_wb_unit_caps_to_string:
 * @caps: capabilities
 *
 * Returns: (transfer full): all of them in one line, so that a failed test shows all that differs
 **/
gchar *
fu_scsi_wb_unit_caps_to_string(const FuScsiWbCaps *caps);

/**
 * fu_scsi_wb_unit_caps_assert:
 * @caps: what is known
 * @want: what should be
 *
 * Asserts that both are the same.
 **/
void
fu_scsi_wb_unit_caps_assert(const FuScsiWbCaps *caps, const FuScsiWbCaps *want);

/**
 * fu_scsi_wb_unit_caps_parse:
 * @func: a parser
 * @before: what was known
 * @buf: what the device answers
 * @bufsz: size of @buf
 * @mode: the MODE that was asked for
 *
 * Parses a copy of @buf that has its own size, so that a reader that goes too far is caught.
 *
 * Returns: what is known afterwards
 **/
FuScsiWbCaps
fu_scsi_wb_unit_caps_parse(FuScsiWbUnitCapsFunc func,
			   const FuScsiWbCaps *before,
			   const guint8 *buf,
			   gsize bufsz,
			   guint8 mode);

/**
 * fu_scsi_wb_unit_caps_check:
 * @func: a parser
 * @rows: answers
 * @rows_len: how many
 *
 * Parses each row and asserts what is known afterwards.
 **/
void
fu_scsi_wb_unit_caps_check(FuScsiWbUnitCapsFunc func,
			   const FuScsiWbUnitCapsRow *rows,
			   guint rows_len);
