/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-caps.h"

/* the field width of PARAMETER LIST LENGTH; SCSI Commands Reference Manual, Seagate 100293068,
 * Rev. J: WRITE BUFFER */
#define FU_SCSI_WB_CAPS_LENGTH_MAX 0xffffff

/* SPC-4 (INCITS 513): READ BUFFER command, echo buffer descriptor, echo buffer overwritten
 * supported
 */
#define FU_SCSI_WB_CAPS_EBOS 0x01

/* SPC-4 (INCITS 513): Extended INQUIRY Data VPD page, DMS_VALID: the DM_MD bits mean something */
#define FU_SCSI_WB_CAPS_DMS_VALID 0x10

/* SPC-4 (INCITS 513): one_command parameter data; MLU in SPC-5 (INCITS 502), 11b is all */
#define FU_SCSI_WB_CAPS_SUPPORT_MASK 0x07
#define FU_SCSI_WB_CAPS_MLU_ALL	     0x60
#define FU_SCSI_WB_CAPS_CTDP	     0x80

/* openSeaChest (opensea-operations, src/firmware_download.c: get_Supported_FWDL_Modes()): a device
 * that looks at bit 2 of MODE has MODE 0x05, one that looks at bits 2:0 has MODE 0x07 too */
#define FU_SCSI_WB_CAPS_USAGE_WHOLE   0x04
#define FU_SCSI_WB_CAPS_USAGE_OFFSETS 0x07

/* SPC-4 (INCITS 513): REPORT SUPPORTED OPERATION CODES, CDB usage data: a device does not look at a
 * bit of 0 */
#define FU_SCSI_WB_CAPS_USAGE_DEFER 0x08

/* SCSI Commands Reference Manual, Seagate 100293068, Rev. J: READ BUFFER, OFFSET BOUNDARY: the
 * exponent of a power of two, or only offset 0 */
#define FU_SCSI_WB_CAPS_BOUNDARY_EXPONENT_MAX 31
#define FU_SCSI_WB_CAPS_BOUNDARY_NONE	      0xff

/* SPC-4 (INCITS 513): READ BUFFER command, echo buffer descriptor: no echo buffer is larger */
#define FU_SCSI_WB_CAPS_ECHO_MAX 4096

/* MODE is a field of 5 bits */
#define FU_SCSI_WB_CAPS_MODE_BIT(mode) (1u << ((mode)&0x1f))

/* SPC-4 (INCITS 513): Extended INQUIRY Data VPD page, DM_MD_4 to DM_MD_F */
static const struct {
	guint8 bit;
	FuScsiWbMode mode;
} extended_modes[] = {
    {0x80, FU_SCSI_WB_MODE_DOWNLOAD},
    {0x40, FU_SCSI_WB_MODE_DOWNLOAD_SAVE},
    {0x20, FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS},
    {0x10, FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_SAVE},
    {0x08, FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_SELECT_DEFER},
    {0x04, FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_DEFER},
    {0x02, FU_SCSI_WB_MODE_ACTIVATE},
};

/* who spoke first is believed */
static void
fu_scsi_wb_caps_take_mode(FuScsiWbCaps *self, guint8 mode, gboolean has, const gchar *source)
{
	guint32 bit = FU_SCSI_WB_CAPS_MODE_BIT(mode);

	if (self->modes_known & bit)
		return;
	self->modes_known |= bit;
	if (has)
		self->modes |= bit;
	if (self->modes_source == NULL)
		self->modes_source = source;
}

/**
 * fu_scsi_wb_caps_parse_extended_inquiry:
 * @self: a #FuScsiWbCaps
 * @blob: Extended INQUIRY Data VPD page, 86h
 *
 * Takes what the page says of microcode. A page that is too short or is another page leaves
 * everything as it was.
 **/
void
fu_scsi_wb_caps_parse_extended_inquiry(FuScsiWbCaps *self, GBytes *blob)
{
	gsize bufsz = 0;
	gsize page_bytes;
	const guint8 *buf = g_bytes_get_data(blob, &bufsz);
	guint8 events;
	guint8 modes;
	g_autoptr(FuStructScsiWbVpdExtended) st = NULL;

	if (bufsz < FU_STRUCT_SCSI_WB_VPD_EXTENDED_SIZE)
		return;
	st = fu_struct_scsi_wb_vpd_extended_parse(buf, bufsz, 0x0, NULL);
	if (st == NULL)
		return;
	page_bytes = FU_STRUCT_SCSI_WB_VPD_HEADER_SIZE +
		     (gsize)fu_struct_scsi_wb_vpd_extended_get_page_length(st);
	if (page_bytes < FU_STRUCT_SCSI_WB_VPD_EXTENDED_SIZE)
		return;

	/* POA_SUP, HRA_SUP and VSA_SUP stand in the order of the bits of MODE SPECIFIC */
	events = fu_struct_scsi_wb_vpd_extended_get_events(st);
	self->events = events >> 5;
	self->activate_microcode = fu_struct_scsi_wb_vpd_extended_get_activate(st) >> 6;
	self->multi_it_nexus = fu_struct_scsi_wb_vpd_extended_get_multi_it_nexus(st) & 0x0f;
	if ((events & FU_SCSI_WB_CAPS_DMS_VALID) == 0)
		return;
	modes = fu_struct_scsi_wb_vpd_extended_get_modes(st);
	for (guint i = 0; i < G_N_ELEMENTS(extended_modes); i++) {
		fu_scsi_wb_caps_take_mode(self,
					  extended_modes[i].mode,
					  (modes & extended_modes[i].bit) > 0,
					  "VPD page 86h");
	}
}

static void
fu_scsi_wb_caps_take_mode_usage(FuScsiWbCaps *self, guint8 usage, const gchar *source)
{
	guint32 modes_known = self->modes_known;
	gboolean has_offsets;

	if ((usage & FU_SCSI_WB_CAPS_USAGE_WHOLE) == 0)
		return;
	has_offsets = (usage & FU_SCSI_WB_CAPS_USAGE_OFFSETS) == FU_SCSI_WB_CAPS_USAGE_OFFSETS;
	fu_scsi_wb_caps_take_mode(self, FU_SCSI_WB_MODE_DOWNLOAD_SAVE, TRUE, source);
	fu_scsi_wb_caps_take_mode(self, FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_SAVE, has_offsets, source);
	self->modes_guessed |= self->modes_known & ~modes_known;

	/* it would take MODE 0x0e for 0x06, and run at once what it does not save */
	if ((usage & FU_SCSI_WB_CAPS_USAGE_DEFER) == 0)
		fu_scsi_wb_caps_take_mode(self,
					  FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_DEFER,
					  FALSE,
					  source);
}

/* no bit or all bits is no limit; of several modes the one with the narrowest limits counts */
static void
fu_scsi_wb_caps_take_length_usage(FuScsiWbCaps *self, guint32 usage)
{
	guint32 lowest_bit = usage & -usage;

	self->length_align_bytes = MAX(self->length_align_bytes, lowest_bit);
	if (usage == 0 || usage == FU_SCSI_WB_CAPS_LENGTH_MAX)
		return;
	self->length_max_bytes = self->length_max_bytes != 0 ? MIN(self->length_max_bytes, usage)
							     : usage;
}

static void
fu_scsi_wb_caps_take_timeouts(FuScsiWbCaps *self, const guint8 *buf, gsize bufsz)
{
	g_autoptr(FuStructScsiWbTimeouts) st = fu_struct_scsi_wb_timeouts_parse(
	    buf,
	    bufsz,
	    FU_STRUCT_SCSI_WB_ONE_COMMAND_SIZE + FU_STRUCT_SCSI_WB_WRITE_BUFFER_USAGE_SIZE,
	    NULL);
	if (st == NULL)
		return;
	self->timeout_nominal_s =
	    MAX(self->timeout_nominal_s, fu_struct_scsi_wb_timeouts_get_nominal_s(st));
	self->timeout_recommended_s =
	    MAX(self->timeout_recommended_s, fu_struct_scsi_wb_timeouts_get_recommended_s(st));
	self->timeout_limited_s =
	    MAX(self->timeout_limited_s, fu_struct_scsi_wb_timeouts_get_limited_s(st));
}

static void
fu_scsi_wb_caps_take_usage(FuScsiWbCaps *self,
			   const FuStructScsiWbWriteBufferUsage *st,
			   guint8 mode,
			   const gchar *source)
{
	if (mode != 0) {
		fu_scsi_wb_caps_take_mode(self, mode, TRUE, source);
	} else {
		fu_scsi_wb_caps_take_mode_usage(self,
						fu_struct_scsi_wb_write_buffer_usage_get_mode(st),
						source);
	}
	fu_scsi_wb_caps_take_length_usage(
	    self,
	    fu_struct_scsi_wb_write_buffer_usage_get_parameter_list_length(st));
}

/**
 * fu_scsi_wb_caps_parse_opcode:
 * @self: a #FuScsiWbCaps
 * @blob: what REPORT SUPPORTED OPERATION CODES says of WRITE BUFFER
 * @mode: the MODE that was asked for as the service action, 1 to 31, or 0 for none
 *
 * Takes whether the device has @mode; without one, what the usage bits tell of modes. Takes the
 * limits of the length and, if they are whole, the time-outs. What is known of a mode stays. An
 * answer that is too short or about another command leaves everything as it was.
 **/
void
fu_scsi_wb_caps_parse_opcode(FuScsiWbCaps *self, GBytes *blob, guint8 mode)
{
	const gchar *source = "REPORT SUPPORTED OPERATION CODES";
	gsize bufsz = 0;
	const guint8 *buf = g_bytes_get_data(blob, &bufsz);
	guint8 flags;
	guint8 support;
	g_autoptr(FuStructScsiWbOneCommand) st = NULL;
	g_autoptr(FuStructScsiWbWriteBufferUsage) st_usage = NULL;

	if (bufsz < FU_STRUCT_SCSI_WB_ONE_COMMAND_SIZE)
		return;
	st = fu_struct_scsi_wb_one_command_parse(buf, bufsz, 0x0, NULL);
	if (st == NULL)
		return;
	flags = fu_struct_scsi_wb_one_command_get_support(st);
	support = flags & FU_SCSI_WB_CAPS_SUPPORT_MASK;
	if (support == FU_SCSI_WB_SUPPORT_NO && mode != 0)
		fu_scsi_wb_caps_take_mode(self, mode, FALSE, source);
	if (support != FU_SCSI_WB_SUPPORT_STANDARD && support != FU_SCSI_WB_SUPPORT_VENDOR)
		return;

	st_usage = fu_struct_scsi_wb_write_buffer_usage_parse(buf,
							      bufsz,
							      FU_STRUCT_SCSI_WB_ONE_COMMAND_SIZE,
							      NULL);
	if (st_usage == NULL || fu_struct_scsi_wb_one_command_get_cdb_size(st) !=
				    FU_STRUCT_SCSI_WB_WRITE_BUFFER_USAGE_SIZE)
		return;
	fu_scsi_wb_caps_take_usage(self, st_usage, mode, source);
	if ((flags & FU_SCSI_WB_CAPS_MLU_ALL) == FU_SCSI_WB_CAPS_MLU_ALL)
		self->affects_all_units = TRUE;
	if (flags & FU_SCSI_WB_CAPS_CTDP)
		fu_scsi_wb_caps_take_timeouts(self, buf, bufsz);
}

/**
 * fu_scsi_wb_caps_parse_buffer:
 * @self: a #FuScsiWbCaps
 * @blob: READ BUFFER descriptor, MODE 03h
 *
 * Takes boundary and capacity. All zero is what a device answers for a buffer that it does not
 * have (SPC-4, INCITS 513: READ BUFFER command, descriptor mode): that, a boundary beyond 2^31 and
 * a descriptor that is too short leave everything as it was.
 **/
void
fu_scsi_wb_caps_parse_buffer(FuScsiWbCaps *self, GBytes *blob)
{
	gsize bufsz = 0;
	const guint8 *buf = g_bytes_get_data(blob, &bufsz);
	guint8 exponent;
	guint32 capacity_bytes;
	g_autoptr(FuStructScsiWbBufferDescriptor) st = NULL;

	if (bufsz < FU_STRUCT_SCSI_WB_BUFFER_DESCRIPTOR_SIZE)
		return;
	st = fu_struct_scsi_wb_buffer_descriptor_parse(buf, bufsz, 0x0, NULL);
	if (st == NULL)
		return;
	exponent = fu_struct_scsi_wb_buffer_descriptor_get_offset_boundary(st);
	capacity_bytes = fu_struct_scsi_wb_buffer_descriptor_get_buffer_capacity(st);
	if (exponent == 0 && capacity_bytes == 0)
		return;
	if (exponent > FU_SCSI_WB_CAPS_BOUNDARY_EXPONENT_MAX &&
	    exponent != FU_SCSI_WB_CAPS_BOUNDARY_NONE)
		return;
	self->has_buffer = TRUE;
	self->only_offset_zero = exponent == FU_SCSI_WB_CAPS_BOUNDARY_NONE;
	self->boundary_bytes = self->only_offset_zero ? 1 : 1u << exponent;
	self->capacity_bytes = capacity_bytes;
}

/**
 * fu_scsi_wb_caps_parse_echo_buffer:
 * @self: a #FuScsiWbCaps
 * @blob: READ BUFFER echo buffer descriptor, MODE 0Bh
 *
 * Takes the capacity, and whether another host's writing is reported. A capacity that is larger
 *than the standard allows, and a descriptor that is too short, leave everything as it was.
 **/
void
fu_scsi_wb_caps_parse_echo_buffer(FuScsiWbCaps *self, GBytes *blob)
{
	gsize bufsz = 0;
	const guint8 *buf = g_bytes_get_data(blob, &bufsz);
	guint16 capacity_bytes;
	g_autoptr(FuStructScsiWbEchoDescriptor) st = NULL;

	if (bufsz < FU_STRUCT_SCSI_WB_ECHO_DESCRIPTOR_SIZE)
		return;
	st = fu_struct_scsi_wb_echo_descriptor_parse(buf, bufsz, 0x0, NULL);
	if (st == NULL)
		return;
	capacity_bytes = fu_struct_scsi_wb_echo_descriptor_get_buffer_capacity(st);
	if (capacity_bytes > FU_SCSI_WB_CAPS_ECHO_MAX)
		return;
	self->echo_bytes = capacity_bytes;
	self->echo_is_guarded =
	    (fu_struct_scsi_wb_echo_descriptor_get_ebos(st) & FU_SCSI_WB_CAPS_EBOS) > 0;
}
