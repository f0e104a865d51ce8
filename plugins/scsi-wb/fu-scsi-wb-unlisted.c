/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-discover.h"
#include "fu-scsi-wb-kind.h"
#include "fu-scsi-wb-unlisted.h"

/*
 * Devices that no quirk row names, for an administrator who has asked for them. Nobody vouches for
 * such a device but itself, so it has to say that it has a mode; for one that a row names, it is
 * enough that it does not deny it.
 */

/**
 * fu_scsi_wb_unlisted_check_allowed:
 * @identity: who the device is, from sysfs
 * @is_allowed: the administrator wants devices that no row names
 * @error: (nullable): optional return location for an error
 *
 * Checks whether a device that no quirk row names may be sent anything at all. There is no I/O.
 * One without a serial number and a unique name could not be told from another of its kind before
 * an update. It is also the sign of a device that Linux itself does not ask for its pages because
 * it would not bear it, as with many USB bridges.
 *
 * Returns: %TRUE if it may be asked what it can do, else %FWUPD_ERROR_NOT_SUPPORTED
 **/
gboolean
fu_scsi_wb_unlisted_check_allowed(const FuScsiWbIdentity *identity,
				  gboolean is_allowed,
				  GError **error)
{
	const gchar *reason = NULL;

	if (!is_allowed)
		reason = "";
	else if (fu_scsi_wb_kind_find(identity->type)->type != identity->type ||
		 identity->type == FU_SCSI_WB_PERIPHERAL_TYPE_UNKNOWN)
		reason = ", and devices of its type are not asked";
	else if (identity->serial == NULL && identity->wwid == NULL)
		reason = ", and it has neither a serial number nor a unique name";
	if (reason == NULL)
		return TRUE;
	g_set_error(error,
		    FWUPD_ERROR,
		    FWUPD_ERROR_NOT_SUPPORTED,
		    "no quirk row with ScsiWbMode names %s %s%s",
		    identity->vendor,
		    identity->product,
		    reason);
	return FALSE;
}

/**
 * fu_scsi_wb_unlisted_check_proof:
 * @caps: what the device says
 * @traits: (out caller-allocates): the ways to download that it proves; undefined on failure
 * @error: (nullable): optional return location for an error
 *
 * Checks whether the device itself says, of at least one way to download and what activates it,
 * that it has it. Saying nothing is no proof, and neither are usage bits of a CDB: they tell which
 * bits the device looks at, not what it does with them. There is no I/O.
 *
 * Returns: %TRUE if it does, else %FWUPD_ERROR_NOT_SUPPORTED
 **/
gboolean
fu_scsi_wb_unlisted_check_proof(const FuScsiWbCaps *caps, FuScsiWbTraits *traits, GError **error)
{
	const FuScsiWbProfile profile = {0};
	const FuScsiWbLimits limits = {0};
	FuScsiWbCaps proven = *caps;

	proven.modes = caps->modes & ~caps->modes_guessed;
	proven.modes_known = G_MAXUINT32;
	if (proven.modes_source == NULL)
		proven.modes_source = "it says nothing";
	return fu_scsi_wb_traits_resolve(&profile, &proven, &limits, traits, error);
}

/**
 * fu_scsi_wb_unlisted_describe:
 * @traits: the ways that the device proves
 * @summary: what the device is, e.g. `SCSI disk`
 *
 * Says where the knowledge about the device comes from.
 *
 * Returns: (transfer full): text for people
 **/
gchar *
fu_scsi_wb_unlisted_describe(const FuScsiWbTraits *traits, const gchar *summary)
{
	g_autoptr(GString) str = g_string_new(summary);

	g_string_append(str, " that no quirk row names: it says that it has MODE");
	for (guint i = 0; i < traits->n_ways; i++)
		g_string_append_printf(str, "%s 0x%02x", i > 0 ? "," : "", traits->ways[i].mode);
	g_string_append_printf(str, " (%s)", traits->ways_source);
	return g_string_free(g_steal_pointer(&str), FALSE);
}

/**
 * fu_scsi_wb_unlisted_setup:
 * @transport: a #FuScsiWbTransport
 * @profile: what quirk rows say without naming the device
 * @device: a #FuDevice whose summary is known
 * @error: (nullable): optional return location for an error
 *
 * Asks a device that no quirk row names which modes it has, and tells the user where the knowledge
 * comes from.
 *
 * Returns: %TRUE if it can be updated, else %FWUPD_ERROR_NOT_SUPPORTED
 **/
gboolean
fu_scsi_wb_unlisted_setup(FuScsiWbTransport *transport,
			  const FuScsiWbProfile *profile,
			  FuDevice *device,
			  GError **error)
{
	FuScsiWbCaps caps = fu_scsi_wb_discover_modes(transport, profile);
	FuScsiWbTraits traits;
	g_autofree gchar *summary = NULL;

	if (!fu_scsi_wb_unlisted_check_proof(&caps, &traits, error)) {
		g_prefix_error_literal(error, "no quirk row with ScsiWbMode names it: ");
		return FALSE;
	}
	summary = fu_scsi_wb_unlisted_describe(&traits, fu_device_get_summary(device));
	fu_device_set_summary(device, summary);
	return TRUE;
}
