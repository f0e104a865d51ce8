/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-command.h"
#include "fu-scsi-wb-verify.h"

#define FU_SCSI_WB_VERIFY_STEP_MS 1000

/* a device that does not know the page does not say which firmware it runs */
static gboolean
fu_scsi_wb_verify_inquire_version(FuScsiWbTransport *transport,
				  FuScsiWbIdentity *identity,
				  GError **error)
{
	g_autoptr(GBytes) blob = NULL;
	g_autoptr(GError) error_local = NULL;

	blob = fu_scsi_wb_command_inquiry_vpd(transport, identity->place.page_code, &error_local);
	if (blob != NULL) {
		fu_scsi_wb_identity_parse_version(identity, blob);
		return TRUE;
	}
	if (g_error_matches(error_local, FWUPD_ERROR, FWUPD_ERROR_NOT_SUPPORTED)) {
		g_debug("no version: %s", error_local->message);
		return TRUE;
	}
	g_propagate_error(error, g_steal_pointer(&error_local));
	return FALSE;
}

/**
 * fu_scsi_wb_verify_inquire:
 * @transport: a #FuScsiWbTransport
 * @place: where it says which firmware it runs
 * @error: (nullable): optional return location for an error
 *
 * Asks the device who it is, with one INQUIRY, and one more if its version is in a VPD page.
 *
 * Returns: (transfer full): an identity without serial number and unique name, or %NULL
 **/
FuScsiWbIdentity *
fu_scsi_wb_verify_inquire(FuScsiWbTransport *transport,
			  const FuScsiWbVersionPlace *place,
			  GError **error)
{
	guint16 allocation_bytes = FU_SCSI_WB_COMMAND_INQUIRY_BYTES;
	g_autoptr(FuScsiWbIdentity) identity = fu_scsi_wb_identity_new();
	g_autoptr(GBytes) blob = NULL;

	identity->place = *place;
	if (place->page_code == 0)
		allocation_bytes = MAX(allocation_bytes, place->offset + place->bytes);
	blob = fu_scsi_wb_command_inquiry(transport, allocation_bytes, error);
	if (blob == NULL)
		return NULL;
	if (!fu_scsi_wb_identity_parse_inquiry(identity, blob, error))
		return NULL;
	if (place->page_code != 0 && !fu_scsi_wb_verify_inquire_version(transport, identity, error))
		return NULL;
	return g_steal_pointer(&identity);
}

/**
 * fu_scsi_wb_verify_listed:
 * @transport: a #FuScsiWbTransport
 * @identity: who the device is by what the kernel knows of it
 * @error: (nullable): optional return location for an error
 *
 * Asks a device that is about to be listed for what the kernel does not know.
 *
 * Returns: (transfer full): @identity with type, medium and revision as they are now; %NULL with
 * an error that says how it differs
 **/
FuScsiWbIdentity *
fu_scsi_wb_verify_listed(FuScsiWbTransport *transport,
			 const FuScsiWbIdentity *identity,
			 GError **error)
{
	g_autoptr(FuScsiWbIdentity) found =
	    fu_scsi_wb_verify_inquire(transport, &identity->place, error);

	if (found == NULL)
		return NULL;
	found->serial = g_strdup(identity->serial);
	found->wwid = g_strdup(identity->wwid);
	if (!fu_scsi_wb_identity_check_same(identity, found, error))
		return NULL;
	return g_steal_pointer(&found);
}

/**
 * fu_scsi_wb_verify_identity:
 * @transport: a #FuScsiWbTransport
 * @identity: whom the next commands are meant for
 * @error: (nullable): optional return location for an error
 *
 * Asks the open node who is behind it: another device may have taken it over since it was
 * enumerated. Only what @identity knows is asked for.
 *
 * Returns: (transfer full): who it is, with the revision that it runs now; %NULL with an error that
 * says how it differs from the one that is meant
 **/
FuScsiWbIdentity *
fu_scsi_wb_verify_identity(FuScsiWbTransport *transport,
			   const FuScsiWbIdentity *identity,
			   GError **error)
{
	g_autoptr(FuScsiWbIdentity) found =
	    fu_scsi_wb_verify_inquire(transport, &identity->place, error);

	if (found == NULL)
		return NULL;
	if (identity->serial != NULL) {
		g_autoptr(GBytes) blob =
		    fu_scsi_wb_command_inquiry_vpd(transport, FU_SCSI_WB_COMMAND_VPD_SERIAL, error);
		if (blob == NULL)
			return NULL;
		fu_scsi_wb_identity_parse_serial(found, blob);
	}
	if (identity->wwid != NULL) {
		g_autoptr(GBytes) blob =
		    fu_scsi_wb_command_inquiry_vpd(transport,
						   FU_SCSI_WB_COMMAND_VPD_IDENTIFICATION,
						   error);
		if (blob == NULL)
			return NULL;
		fu_scsi_wb_identity_parse_wwid(found, blob);
	}
	if (!fu_scsi_wb_identity_check_same(identity, found, error))
		return NULL;
	return g_steal_pointer(&found);
}

/**
 * fu_scsi_wb_verify_revision:
 * @transport: a #FuScsiWbTransport
 * @identity: who the device is, with the revision that it ran before
 * @limit_ms: how long to wait for another one, 0 to ask only once
 * @error: (nullable): optional return location for an error
 *
 * Asks the device what it runs now, until that is another revision: a device may say GOOD and
 * reset itself only a moment later. The last answer counts, and so does its error.
 *
 * Returns: (transfer full): a revision, or %NULL if the device does not answer at the end
 **/
gchar *
fu_scsi_wb_verify_revision(FuScsiWbTransport *transport,
			   const FuScsiWbIdentity *identity,
			   guint limit_ms,
			   GError **error)
{
	const gchar *revision_old = identity->revision;
	gint64 end_ms = fu_scsi_wb_transport_get_time_ms(transport) + limit_ms;

	for (;;) {
		g_autoptr(GError) error_local = NULL;
		g_autoptr(FuScsiWbIdentity) found =
		    fu_scsi_wb_verify_inquire(transport, &identity->place, &error_local);
		const gchar *revision = found != NULL ? found->revision : NULL;

		if (revision != NULL && g_strcmp0(revision, revision_old) != 0)
			return g_strdup(revision);
		if (fu_scsi_wb_transport_get_time_ms(transport) < end_ms) {
			if (found == NULL)
				fu_scsi_wb_transport_find_again(transport);
			fu_scsi_wb_transport_sleep(transport, FU_SCSI_WB_VERIFY_STEP_MS);
			continue;
		}
		if (found == NULL) {
			g_propagate_error(error, g_steal_pointer(&error_local));
			return NULL;
		}
		return g_strdup(revision != NULL ? revision : revision_old);
	}
}
