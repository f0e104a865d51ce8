/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

#include "fu-scsi-wb-struct.h"

/**
 * FuScsiWbCaps:
 * @modes_known: MODEs of which the device says whether it has them, a bit each: 1 << MODE
 * @modes: of those, the MODEs that it has
 * @modes_guessed: of those, the MODEs that it only seems to have, by the bits of MODE it looks at
 * @modes_source: who said so, for people, e.g. `VPD page 86h`; %NULL if nobody
 * @activate_microcode: ACTIVATE MICROCODE of VPD page 86h: 0 it does not say, 1 before the last
 * command ends, 2 after an event
 * @events: activation events of MODE 0x0d that it supports, as bits of MODE SPECIFIC
 * @multi_it_nexus: MULTI I_T NEXUS MICROCODE DOWNLOAD of VPD page 86h, 0 if it does not say
 * @length_max_bytes: the largest PARAMETER LIST LENGTH by the usage bits of the CDB, 0 if unknown
 * @length_align_bytes: what PARAMETER LIST LENGTH is a multiple of by the usage bits, 0 if unknown
 * @timeout_nominal_s: nominal command processing time-out, 0 if none is given
 * @timeout_recommended_s: recommended command time-out, 0 if none is given
 * @timeout_limited_s: the longest that access to the device is limited after the last segment or
 * the activation (COMMAND SPECIFIC field of the time-outs descriptor), 0 if none is given
 * @affects_all_units: MLU says that an activation affects all logical units
 * @has_buffer: the READ BUFFER descriptor was there
 * @only_offset_zero: OFFSET BOUNDARY FFh: no segment but one at offset 0
 * @boundary_bytes: what BUFFER OFFSET is a multiple of, at least 1 if @has_buffer
 * @capacity_bytes: BUFFER CAPACITY, 0 if unknown
 * @echo_bytes: the capacity of the echo buffer, 0 if there is none
 * @echo_is_guarded: EBOS: the device says so if another host has overwritten the echo buffer
 *
 * What a device says of itself. All zero is a device that says nothing.
 **/
typedef struct {
	guint32 modes_known;
	guint32 modes;
	guint32 modes_guessed;
	const gchar *modes_source;
	guint8 activate_microcode;
	guint8 events;
	guint8 multi_it_nexus;
	guint32 length_max_bytes;
	guint32 length_align_bytes;
	guint32 timeout_nominal_s;
	guint32 timeout_recommended_s;
	guint32 timeout_limited_s;
	gboolean affects_all_units;
	gboolean has_buffer;
	gboolean only_offset_zero;
	guint32 boundary_bytes;
	guint32 capacity_bytes;
	guint32 echo_bytes;
	gboolean echo_is_guarded;
} FuScsiWbCaps;

void
fu_scsi_wb_caps_parse_extended_inquiry(FuScsiWbCaps *self, GBytes *blob) G_GNUC_NON_NULL(1, 2);
void
fu_scsi_wb_caps_parse_opcode(FuScsiWbCaps *self, GBytes *blob, guint8 mode) G_GNUC_NON_NULL(1, 2);
void
fu_scsi_wb_caps_parse_buffer(FuScsiWbCaps *self, GBytes *blob) G_GNUC_NON_NULL(1, 2);
void
fu_scsi_wb_caps_parse_echo_buffer(FuScsiWbCaps *self, GBytes *blob) G_GNUC_NON_NULL(1, 2);
