/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-caps.h"
#include "fu-scsi-wb-limits.h"
#include "fu-scsi-wb-profile.h"

/* the field widths of BUFFER OFFSET and PARAMETER LIST LENGTH; SCSI Commands Reference Manual,
 * Seagate 100293068, Rev. J: WRITE BUFFER */
#define FU_SCSI_WB_TRAITS_FIELD_MAX 0xffffff

/* every adapter that Linux drives takes this much in one command */
#define FU_SCSI_WB_TRAITS_CHUNK_DEFAULT_BYTES 32768

/* a short limit makes the kernel reset the device in the middle of writing its flash memory:
 * Seagate/openSeaChest#196 was 30 s */
#define FU_SCSI_WB_TRAITS_TIMEOUT_DEFAULT_S 300

/* who may have said a number, for people */
#define FU_SCSI_WB_TRAITS_BY_ROW      "quirk row"
#define FU_SCSI_WB_TRAITS_BY_DEFAULT  "default"
#define FU_SCSI_WB_TRAITS_BY_HOST     "host adapter"
#define FU_SCSI_WB_TRAITS_BY_BUFFER   "READ BUFFER descriptor"
#define FU_SCSI_WB_TRAITS_BY_EXTENDED "VPD page 86h"
#define FU_SCSI_WB_TRAITS_BY_OPCODES  "REPORT SUPPORTED OPERATION CODES"
#define FU_SCSI_WB_TRAITS_BY_CDB      "width of the CDB's field"
#define FU_SCSI_WB_TRAITS_BY_MODE     "MODE of the last segment"

/**
 * FuScsiWbTrait:
 * @value: a number
 * @source: where it comes from, for people; never %NULL
 **/
typedef struct {
	guint64 value;
	const gchar *source;
} FuScsiWbTrait;

/**
 * FuScsiWbWay:
 * @mode: MODE of the segments
 * @mode_last: MODE of the last one
 * @is_single: the whole image goes in one command
 * @activation: how the firmware comes into use then
 * @activation_source: who says so, for people; never %NULL
 *
 * One way to download.
 **/
typedef struct {
	guint8 mode;
	guint8 mode_last;
	gboolean is_single;
	FuScsiWbActivation activation;
	const gchar *activation_source;
} FuScsiWbWay;

/**
 * FuScsiWbTraits:
 * @ways: ways to download, the best first
 * @n_ways: how many, at least one
 * @ways_source: where they come from, for people
 * @chunk_bytes: the largest segment
 * @chunk_max_bytes: the most that one command can carry
 * @capacity_bytes: the size of the device's buffer, 0 if it does not matter or is unknown
 * @only_offset_zero: only one segment, at offset 0, is possible
 * @step_bytes: where segments begin, and how long all but the last are, is a multiple of it
 * @buffer_id: BUFFER ID of the first segment
 * @offset_unit_bytes: bytes that one BUFFER OFFSET count stands for
 * @timeout_s: for a segment
 * @timeout_last_s: for the last segment and activation
 * @activation_deferred: what activates firmware that the device says waits, whatever its mode was
 *
 * What holds for a download to this device by this way: of quirk row, device, host and default,
 * the first that says anything.
 **/
typedef struct {
	FuScsiWbWay ways[3];
	guint n_ways;
	const gchar *ways_source;
	FuScsiWbTrait chunk_bytes;
	FuScsiWbTrait chunk_max_bytes;
	FuScsiWbTrait capacity_bytes;
	gboolean only_offset_zero;
	FuScsiWbTrait step_bytes;
	FuScsiWbTrait buffer_id;
	FuScsiWbTrait offset_unit_bytes;
	FuScsiWbTrait timeout_s;
	FuScsiWbTrait timeout_last_s;
	FuScsiWbActivation activation_deferred;
} FuScsiWbTraits;

gboolean
fu_scsi_wb_traits_resolve(const FuScsiWbProfile *profile,
			  const FuScsiWbCaps *caps,
			  const FuScsiWbLimits *limits,
			  FuScsiWbTraits *traits,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2, 3, 4);
