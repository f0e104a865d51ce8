/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-unit-caps.h"

void
fu_scsi_wb_unit_caps_vpd_cb(FuScsiWbCaps *caps, GBytes *blob, guint8 mode)
{
	fu_scsi_wb_caps_parse_extended_inquiry(caps, blob);
}

void
fu_scsi_wb_unit_caps_opcode_cb(FuScsiWbCaps *caps, GBytes *blob, guint8 mode)
{
	fu_scsi_wb_caps_parse_opcode(caps, blob, mode);
}

void
fu_scsi_wb_unit_caps_buffer_cb(FuScsiWbCaps *caps, GBytes *blob, guint8 mode)
{
	fu_scsi_wb_caps_parse_buffer(caps, blob);
}

void
fu_scsi_wb_unit_caps_echo_cb(FuScsiWbCaps *caps, GBytes *blob, guint8 mode)
{
	fu_scsi_wb_caps_parse_echo_buffer(caps, blob);
}

gchar *
fu_scsi_wb_unit_caps_to_string(const FuScsiWbCaps *caps)
{
	return g_strdup_printf(
	    "known %x modes %x guessed %x source %s activate %u events %u nexus %u "
	    "length %u/%u time-outs %u/%u/%u all units %d "
	    "buffer %d/%d/%u/%u echo %u/%d",
	    caps->modes_known,
	    caps->modes,
	    caps->modes_guessed,
	    caps->modes_source != NULL ? caps->modes_source : "none",
	    caps->activate_microcode,
	    caps->events,
	    caps->multi_it_nexus,
	    caps->length_max_bytes,
	    caps->length_align_bytes,
	    caps->timeout_nominal_s,
	    caps->timeout_recommended_s,
	    caps->timeout_limited_s,
	    caps->affects_all_units,
	    caps->has_buffer,
	    caps->only_offset_zero,
	    caps->boundary_bytes,
	    caps->capacity_bytes,
	    caps->echo_bytes,
	    caps->echo_is_guarded);
}

void
fu_scsi_wb_unit_caps_assert(const FuScsiWbCaps *caps, const FuScsiWbCaps *want)
{
	g_autofree gchar *str = fu_scsi_wb_unit_caps_to_string(caps);
	g_autofree gchar *str_want = fu_scsi_wb_unit_caps_to_string(want);

	g_assert_cmpstr(str, ==, str_want);
}

FuScsiWbCaps
fu_scsi_wb_unit_caps_parse(FuScsiWbUnitCapsFunc func,
			   const FuScsiWbCaps *before,
			   const guint8 *buf,
			   gsize bufsz,
			   guint8 mode)
{
	FuScsiWbCaps caps = *before;
	g_autoptr(GBytes) blob = g_bytes_new(buf, bufsz);

	func(&caps, blob, mode);
	return caps;
}

void
fu_scsi_wb_unit_caps_check(FuScsiWbUnitCapsFunc func,
			   const FuScsiWbUnitCapsRow *rows,
			   guint rows_len)
{
	for (guint i = 0; i < rows_len; i++) {
		FuScsiWbCaps caps;

		fu_scsi_wb_unit_row(rows[i].name);
		caps = fu_scsi_wb_unit_caps_parse(func,
						  &rows[i].before,
						  rows[i].buf,
						  rows[i].bufsz,
						  rows[i].mode);
		fu_scsi_wb_unit_caps_assert(&caps, &rows[i].want);
	}
}
