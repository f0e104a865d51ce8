/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-command.h"
#include "fu-scsi-wb-discover.h"

/* SPC-4 (INCITS 513): READ BUFFER command, both descriptors */
#define FU_SCSI_WB_DISCOVER_DESCRIPTOR_BYTES 4

/* SPC-4 (INCITS 513): an echo buffer descriptor has no use for BUFFER ID */
#define FU_SCSI_WB_DISCOVER_ECHO_ID 0

/* `auto` asks for the modes that it would choose from, the best first */
static const guint8 modes_auto[] = {
    FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_DEFER,
    FU_SCSI_WB_MODE_ACTIVATE,
    FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_SAVE,
    FU_SCSI_WB_MODE_DOWNLOAD_SAVE,
};

/**
 * FuScsiWbDiscoverAsk:
 *
 * Asks for one thing and adds the answer to the capabilities. Returns %FALSE with the error of the
 * judgement if there is none.
 **/
typedef gboolean (*FuScsiWbDiscoverAsk)(FuScsiWbTransport *transport,
					const FuScsiWbProfile *profile,
					FuScsiWbCaps *caps,
					GError **error);

/* every other command would only wait for its time-out, too */
static gboolean
fu_scsi_wb_discover_is_over(const GError *error)
{
	return g_error_matches(error, FWUPD_ERROR, FWUPD_ERROR_NOT_REACHABLE) ||
	       g_error_matches(error, FWUPD_ERROR, FWUPD_ERROR_TIMED_OUT);
}

static gboolean
fu_scsi_wb_discover_ask_extended_inquiry(FuScsiWbTransport *transport,
					 const FuScsiWbProfile *profile,
					 FuScsiWbCaps *caps,
					 GError **error)
{
	g_autoptr(GBytes) blob =
	    fu_scsi_wb_command_inquiry_vpd(transport, FU_SCSI_WB_COMMAND_VPD_EXTENDED, error);

	if (blob == NULL)
		return FALSE;
	fu_scsi_wb_caps_parse_extended_inquiry(caps, blob);
	return TRUE;
}

static gboolean
fu_scsi_wb_discover_is_deferred(guint32 mode)
{
	return mode == FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_SELECT_DEFER ||
	       mode == FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_DEFER;
}

/* a row that names its modes is not doubted: of these only time-outs and lengths are of use */
static GByteArray *
fu_scsi_wb_discover_get_modes(const FuScsiWbProfile *profile)
{
	guint8 mode = profile->mode;
	guint8 mode_last = profile->mode_last != 0 ? profile->mode_last : profile->mode;
	guint8 mode_activate = FU_SCSI_WB_MODE_ACTIVATE;
	GByteArray *modes = g_byte_array_new();

	if (profile->mode == FU_SCSI_WB_MODE_AUTO)
		return g_byte_array_append(modes, modes_auto, sizeof(modes_auto));
	g_byte_array_append(modes, &mode, sizeof(mode));
	if (mode_last != mode)
		g_byte_array_append(modes, &mode_last, sizeof(mode_last));
	if (fu_scsi_wb_discover_is_deferred(mode_last))
		g_byte_array_append(modes, &mode_activate, sizeof(mode_activate));
	return modes;
}

/* a refusal is no answer, and no failure as long as there is a device */
static gboolean
fu_scsi_wb_discover_ask_mode(FuScsiWbTransport *transport,
			     guint8 mode,
			     GBytes **answer,
			     GError **error)
{
	g_autoptr(GError) error_local = NULL;

	*answer = fu_scsi_wb_command_report_opcode(transport, mode, &error_local);
	if (*answer != NULL)
		return TRUE;
	if (fu_scsi_wb_discover_is_over(error_local)) {
		g_propagate_error(error, g_steal_pointer(&error_local));
		return FALSE;
	}
	g_debug("MODE 0x%02x: %s", mode, error_local->message);
	return TRUE;
}

/* a device that refuses the first MODE as a service action, or that has none of them, does not
 * know MODE as one: its answers are dropped, and it is asked for the command as a whole */
static gboolean
fu_scsi_wb_discover_ask_opcode(FuScsiWbTransport *transport,
			       const FuScsiWbProfile *profile,
			       FuScsiWbCaps *caps,
			       GError **error)
{
	FuScsiWbCaps caps_new = *caps;
	FuScsiWbCaps caps_heard = {0};
	g_autoptr(GByteArray) modes = fu_scsi_wb_discover_get_modes(profile);
	g_autoptr(GBytes) blob_whole = NULL;

	for (guint i = 0; i < modes->len; i++) {
		g_autoptr(GBytes) blob = NULL;

		if (!fu_scsi_wb_discover_ask_mode(transport, modes->data[i], &blob, error))
			return FALSE;
		if (blob == NULL && i == 0)
			break;
		if (blob == NULL)
			continue;
		fu_scsi_wb_caps_parse_opcode(&caps_heard, blob, modes->data[i]);
		fu_scsi_wb_caps_parse_opcode(&caps_new, blob, modes->data[i]);
	}
	if (caps_heard.modes != 0) {
		*caps = caps_new;
		return TRUE;
	}
	blob_whole = fu_scsi_wb_command_report_opcode(transport, 0, error);
	if (blob_whole == NULL)
		return FALSE;
	fu_scsi_wb_caps_parse_opcode(caps, blob_whole, 0);
	return TRUE;
}

static gboolean
fu_scsi_wb_discover_ask_buffer(FuScsiWbTransport *transport,
			       const FuScsiWbProfile *profile,
			       FuScsiWbCaps *caps,
			       GError **error)
{
	g_autoptr(GBytes) blob =
	    fu_scsi_wb_command_read_buffer(transport,
					   FU_SCSI_WB_COMMAND_READ_DESCRIPTOR,
					   profile->buffer_id,
					   FU_SCSI_WB_DISCOVER_DESCRIPTOR_BYTES,
					   error);

	if (blob == NULL)
		return FALSE;
	fu_scsi_wb_caps_parse_buffer(caps, blob);
	return TRUE;
}

/* only the link check writes to it */
static gboolean
fu_scsi_wb_discover_ask_echo_buffer(FuScsiWbTransport *transport,
				    const FuScsiWbProfile *profile,
				    FuScsiWbCaps *caps,
				    GError **error)
{
	g_autoptr(GBytes) blob = NULL;

	if (profile->flags & FU_SCSI_WB_FLAG_NO_LINK_CHECK)
		return TRUE;
	blob = fu_scsi_wb_command_read_buffer(transport,
					      FU_SCSI_WB_COMMAND_READ_ECHO_DESCRIPTOR,
					      FU_SCSI_WB_DISCOVER_ECHO_ID,
					      FU_SCSI_WB_DISCOVER_DESCRIPTOR_BYTES,
					      error);
	if (blob == NULL)
		return FALSE;
	fu_scsi_wb_caps_parse_echo_buffer(caps, blob);
	return TRUE;
}

/* in this order: who spoke first about a mode is believed */
static const FuScsiWbDiscoverAsk asks[] = {
    fu_scsi_wb_discover_ask_extended_inquiry,
    fu_scsi_wb_discover_ask_opcode,
    fu_scsi_wb_discover_ask_buffer,
    fu_scsi_wb_discover_ask_echo_buffer,
};

/* the first of them are about modes */
#define FU_SCSI_WB_DISCOVER_ASKS_MODES 2

static FuScsiWbCaps
fu_scsi_wb_discover_ask(FuScsiWbTransport *transport, const FuScsiWbProfile *profile, guint n_asks)
{
	FuScsiWbCaps caps = {0};

	for (guint i = 0; i < n_asks; i++) {
		g_autoptr(GError) error_local = NULL;

		if (asks[i](transport, profile, &caps, &error_local))
			continue;
		g_debug("not known: %s", error_local->message);
		if (fu_scsi_wb_discover_is_over(error_local))
			break;
	}
	return caps;
}

/**
 * fu_scsi_wb_discover_run:
 * @transport: a #FuScsiWbTransport
 * @profile: what the quirk row says
 *
 * Asks the device what it says of itself, with commands that change nothing. What it refuses, or
 * answers with nonsense, stays unknown. A device that is gone, or does not answer in time, is
 * asked no more.
 *
 * Returns: what is known
 **/
FuScsiWbCaps
fu_scsi_wb_discover_run(FuScsiWbTransport *transport, const FuScsiWbProfile *profile)
{
	return fu_scsi_wb_discover_ask(transport, profile, G_N_ELEMENTS(asks));
}

/**
 * fu_scsi_wb_discover_modes:
 * @transport: a #FuScsiWbTransport
 * @profile: what the quirk row says
 *
 * Asks the device in the same way, but only which modes it has.
 *
 * Returns: what is known
 **/
FuScsiWbCaps
fu_scsi_wb_discover_modes(FuScsiWbTransport *transport, const FuScsiWbProfile *profile)
{
	return fu_scsi_wb_discover_ask(transport, profile, FU_SCSI_WB_DISCOVER_ASKS_MODES);
}
