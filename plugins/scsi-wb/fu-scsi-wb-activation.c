/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-activation.h"
#include "fu-scsi-wb-traits.h"

/* SPC-4 (INCITS 513): WRITE BUFFER command, MODE SPECIFIC field of MODE 0Dh: PO_ACT, HR_ACT and
 * VSE_ACT; POA_SUP, HRA_SUP and VSA_SUP of the Extended INQUIRY Data VPD page stand in the same
 * order. Nobody but the maker knows what a vendor specific event is, so it counts for nothing. */
#define FU_SCSI_WB_ACTIVATION_POWER_ON	 0x4
#define FU_SCSI_WB_ACTIVATION_HARD_RESET 0x2

/* SPC-4 (INCITS 513): Extended INQUIRY Data VPD page, ACTIVATE MICROCODE: 01b is before the last
 * command completes, 10b is after an event, 00b does not say */
#define FU_SCSI_WB_ACTIVATION_AFTER_EVENT 2

/**
 * fu_scsi_wb_activation_lacks_mode:
 * @caps: what the device says
 * @mode: a MODE of WRITE BUFFER
 *
 * Tells whether the device says that it does not have @mode. Saying nothing is not enough.
 *
 * Returns: %TRUE if it has said so
 **/
gboolean
fu_scsi_wb_activation_lacks_mode(const FuScsiWbCaps *caps, guint8 mode)
{
	guint32 bit = 1u << mode;
	return (caps->modes_known & bit) > 0 && (caps->modes & bit) == 0;
}

/* a reset is the lesser evil: a device that it activates is activated by power on, too */
static FuScsiWbActivation
fu_scsi_wb_activation_by_event(guint32 events, FuScsiWbActivation otherwise)
{
	if (events & FU_SCSI_WB_ACTIVATION_HARD_RESET)
		return FU_SCSI_WB_ACTIVATION_REBOOT;
	if (events & FU_SCSI_WB_ACTIVATION_POWER_ON)
		return FU_SCSI_WB_ACTIVATION_POWER_CYCLE;
	return otherwise;
}

static gboolean
fu_scsi_wb_activation_by_row(const FuScsiWbProfile *profile, FuScsiWbActivation *activation)
{
	if (profile->flags & FU_SCSI_WB_FLAG_ACTIVATE_ON_REBOOT) {
		*activation = FU_SCSI_WB_ACTIVATION_REBOOT;
		return TRUE;
	}
	if (profile->flags & FU_SCSI_WB_FLAG_ACTIVATE_ON_POWER_CYCLE) {
		*activation = FU_SCSI_WB_ACTIVATION_POWER_CYCLE;
		return TRUE;
	}
	return FALSE;
}

/**
 * fu_scsi_wb_activation_find:
 * @profile: what the quirk row says
 * @caps: what the device says, all zero if it was not asked
 * @mode_last: MODE of the last segment
 *
 * Finds what brings the new firmware into use: the row's own word, else what follows from the mode
 * and the device's bits. Deferred microcode is activated by command if the device does not say that
 * it has none; else by the first of reset and power on that the device has, and that a row with
 * MODE 0x0d has selected. A row that defers, to a device that says nothing of events, is believed.
 * There is no I/O.
 *
 * Returns: an activation; %FU_SCSI_WB_ACTIVATION_NEVER if nothing would do it
 **/
FuScsiWbActivation
fu_scsi_wb_activation_find(const FuScsiWbProfile *profile,
			   const FuScsiWbCaps *caps,
			   guint8 mode_last)
{
	FuScsiWbActivation activation;

	if (fu_scsi_wb_activation_by_row(profile, &activation))
		return activation;
	if (mode_last == FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_SELECT_DEFER) {
		if (!fu_scsi_wb_activation_lacks_mode(caps, FU_SCSI_WB_MODE_ACTIVATE))
			return FU_SCSI_WB_ACTIVATION_COMMAND;
		return fu_scsi_wb_activation_by_event(profile->mode_specific,
						      FU_SCSI_WB_ACTIVATION_NEVER);
	}
	if (mode_last == FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_DEFER) {
		activation = fu_scsi_wb_activation_find_deferred(profile, caps);
		if (activation == FU_SCSI_WB_ACTIVATION_NEVER &&
		    profile->mode != FU_SCSI_WB_MODE_AUTO)
			return FU_SCSI_WB_ACTIVATION_COMMAND;
		return activation;
	}

	/* power on is the one event that no device can do without */
	if (caps->activate_microcode == FU_SCSI_WB_ACTIVATION_AFTER_EVENT)
		return fu_scsi_wb_activation_by_event(caps->events,
						      FU_SCSI_WB_ACTIVATION_POWER_CYCLE);
	return FU_SCSI_WB_ACTIVATION_IMMEDIATE;
}

/**
 * fu_scsi_wb_activation_find_deferred:
 * @profile: what the quirk row says
 * @caps: what the device says
 *
 * Finds what activates firmware of which the device itself says that it is deferred.
 *
 * Returns: an activation; %FU_SCSI_WB_ACTIVATION_NEVER if nothing would do it
 **/
FuScsiWbActivation
fu_scsi_wb_activation_find_deferred(const FuScsiWbProfile *profile, const FuScsiWbCaps *caps)
{
	FuScsiWbActivation activation;

	if (fu_scsi_wb_activation_by_row(profile, &activation))
		return activation;
	if (!fu_scsi_wb_activation_lacks_mode(caps, FU_SCSI_WB_MODE_ACTIVATE))
		return FU_SCSI_WB_ACTIVATION_COMMAND;
	return fu_scsi_wb_activation_by_event(caps->events, FU_SCSI_WB_ACTIVATION_NEVER);
}

/**
 * fu_scsi_wb_activation_get_source:
 * @profile: what the quirk row says
 * @caps: what the device says
 * @mode_last: MODE of the last segment
 *
 * Tells who has decided what fu_scsi_wb_activation_find() finds.
 *
 * Returns: text for people, never %NULL
 **/
const gchar *
fu_scsi_wb_activation_get_source(const FuScsiWbProfile *profile,
				 const FuScsiWbCaps *caps,
				 guint8 mode_last)
{
	FuScsiWbActivation activation = fu_scsi_wb_activation_find(profile, caps, mode_last);
	FuScsiWbActivation by_row;

	if (fu_scsi_wb_activation_by_row(profile, &by_row))
		return FU_SCSI_WB_TRAITS_BY_ROW;
	if (activation == FU_SCSI_WB_ACTIVATION_IMMEDIATE ||
	    activation == FU_SCSI_WB_ACTIVATION_COMMAND)
		return FU_SCSI_WB_TRAITS_BY_MODE;
	if (mode_last == FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_SELECT_DEFER)
		return FU_SCSI_WB_TRAITS_BY_ROW; /* its MODE SPECIFIC */
	return FU_SCSI_WB_TRAITS_BY_EXTENDED;
}
