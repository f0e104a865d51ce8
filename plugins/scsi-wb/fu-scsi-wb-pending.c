/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-discover.h"
#include "fu-scsi-wb-kind.h"
#include "fu-scsi-wb-pending.h"
#include "fu-scsi-wb-verify.h"

/*
 * Firmware that was accepted and is not in use yet. fwupd keeps in its history that an update waits
 * for a reboot, but not what for: a disk in an enclosure of its own keeps its power while the
 * machine reboots. So the device itself is asked again, which another run of the daemon can do,
 * too.
 */

#define FU_SCSI_WB_PENDING_INHIBIT "scsi-wb-pending"

#define FU_SCSI_WB_PENDING_POWER_CYCLE                                                             \
	"The new firmware is stored. It comes into use when the power of the device, or of its "   \
	"enclosure, has been switched off and on."

static const FwupdDeviceFlags flags[] = {
    [FU_SCSI_WB_ACTIVATION_IMMEDIATE] = FWUPD_DEVICE_FLAG_NONE,
    [FU_SCSI_WB_ACTIVATION_COMMAND] = FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION,
    [FU_SCSI_WB_ACTIVATION_REBOOT] = FWUPD_DEVICE_FLAG_NEEDS_REBOOT,
    [FU_SCSI_WB_ACTIVATION_POWER_CYCLE] = FWUPD_DEVICE_FLAG_NEEDS_SHUTDOWN,
};

/* fwupd offers to shut the machine down, which leaves an enclosure of its own switched on; clients
 * have a sentence of their own for this request, in the user's language */
static void
fu_scsi_wb_pending_request(const gchar *message, FuDevice *device)
{
	g_autoptr(FwupdRequest) request = fwupd_request_new();
	g_autoptr(GError) error_local = NULL;

	fwupd_request_set_kind(request, FWUPD_REQUEST_KIND_POST);
	fwupd_request_set_id(request, FWUPD_REQUEST_ID_REPLUG_POWER);
	fwupd_request_add_flag(request, FWUPD_REQUEST_FLAG_ALLOW_GENERIC_MESSAGE);
	fwupd_request_set_message(request, message);
	fu_device_add_request_flag(device, FWUPD_REQUEST_FLAG_ALLOW_GENERIC_MESSAGE);
	if (!fu_device_emit_request(device, request, NULL, &error_local))
		g_debug("nobody is there to be asked: %s", error_local->message);
}

/**
 * fu_scsi_wb_pending_mark:
 * @activation: what brings the new firmware into use
 * @device: a #FuDevice that does not run it yet
 *
 * Marks the device as waiting for that, and for nothing else any more. Whoever updates it right now
 * is told if only a power cycle does it.
 **/
void
fu_scsi_wb_pending_mark(FuScsiWbActivation activation, FuDevice *device)
{
	fu_device_uninhibit(device, FU_SCSI_WB_PENDING_INHIBIT);
	for (guint i = 0; i < G_N_ELEMENTS(flags); i++) {
		if (flags[i] != FWUPD_DEVICE_FLAG_NONE && i != activation)
			fu_device_remove_flag(device, flags[i]);
	}
	if (activation < G_N_ELEMENTS(flags) && flags[activation] != FWUPD_DEVICE_FLAG_NONE)
		fu_device_add_flag(device, flags[activation]);
	if (activation == FU_SCSI_WB_ACTIVATION_POWER_CYCLE)
		fu_scsi_wb_pending_request(FU_SCSI_WB_PENDING_POWER_CYCLE, device);
}

static gboolean
fu_scsi_wb_pending_is_event(FuScsiWbActivation activation)
{
	return activation == FU_SCSI_WB_ACTIVATION_REBOOT ||
	       activation == FU_SCSI_WB_ACTIVATION_POWER_CYCLE;
}

/**
 * fu_scsi_wb_pending_find:
 * @traits: what holds for a download to the device
 *
 * Finds what firmware waits for of which only is known that it waits for an event: of the ways to
 * download, the best one that ends so was taken.
 *
 * Returns: %FU_SCSI_WB_ACTIVATION_REBOOT, %FU_SCSI_WB_ACTIVATION_POWER_CYCLE, or
 * %FU_SCSI_WB_ACTIVATION_NEVER if no event brings firmware into use
 **/
FuScsiWbActivation
fu_scsi_wb_pending_find(const FuScsiWbTraits *traits)
{
	for (guint i = 0; i < traits->n_ways; i++) {
		if (fu_scsi_wb_pending_is_event(traits->ways[i].activation))
			return traits->ways[i].activation;
	}
	if (fu_scsi_wb_pending_is_event(traits->activation_deferred))
		return traits->activation_deferred;
	return FU_SCSI_WB_ACTIVATION_NEVER;
}

/* where the switch is */
static const gchar *
fu_scsi_wb_pending_get_place(const FuScsiWbIdentity *identity)
{
	if (fu_scsi_wb_kind_find(identity->type)->is_disk ||
	    identity->type == FU_SCSI_WB_PERIPHERAL_TYPE_ENCLOSURE)
		return "enclosure";
	return "device";
}

/**
 * fu_scsi_wb_pending_describe:
 * @activation: what the firmware waits for
 * @identity: who the device is, with the revision that it runs
 * @node: (nullable): its SCSI generic node
 *
 * Says what to do when the machine was rebooted and the device runs its old firmware all the same.
 *
 * Returns: (transfer full): text for people; %NULL if the device waits for nothing of that kind
 **/
gchar *
fu_scsi_wb_pending_describe(FuScsiWbActivation activation,
			    const FuScsiWbIdentity *identity,
			    const gchar *node)
{
	const gchar *place = fu_scsi_wb_pending_get_place(identity);
	const gchar *revision = identity->revision != NULL ? identity->revision : "(none)";

	if (activation == FU_SCSI_WB_ACTIVATION_POWER_CYCLE)
		return g_strdup_printf(
		    "power cycle the %s: the device still runs revision %s, and the new firmware "
		    "comes into use only when its power has been off, which a reboot of this "
		    "machine may not do; if it has been off since the update, the device has "
		    "dropped the new firmware: install it again",
		    place,
		    revision);
	if (activation == FU_SCSI_WB_ACTIVATION_REBOOT)
		return g_strdup_printf(
		    "reset the device with sg_reset --device %s, or power cycle the %s: the device "
		    "still runs revision %s, and the new firmware comes into use only when it is "
		    "reset, which a reboot of this machine may not do; if it has been reset since "
		    "the update, it has dropped the new firmware: install it again",
		    node != NULL ? node : "/dev/sgN",
		    place,
		    revision);
	return NULL;
}

/* the device is open, and is the one that is meant */
static FuScsiWbActivation
fu_scsi_wb_pending_ask(const FuScsiWbUpdate *update)
{
	FuScsiWbCaps caps = fu_scsi_wb_discover_run(update->transport, update->profile);
	FuScsiWbLimits limits = {0};
	FuScsiWbTraits traits;
	g_autoptr(GError) error_local = NULL;

	if (!fu_scsi_wb_traits_resolve(update->profile, &caps, &limits, &traits, &error_local)) {
		g_debug("waits for nothing: %s", error_local->message);
		return FU_SCSI_WB_ACTIVATION_NEVER;
	}
	return fu_scsi_wb_pending_find(&traits);
}

/**
 * fu_scsi_wb_pending_restore:
 * @update: a #FuScsiWbUpdate, whose device need not be open
 *
 * Marks a device of which another run of the daemon has left behind that it waits for a reboot, as
 * that one did. fwupd restores the state, but not what it is that the device needs.
 **/
void
fu_scsi_wb_pending_restore(const FuScsiWbUpdate *update)
{
	FuDevice *device = FU_DEVICE(update->udev_device);
	FuScsiWbActivation activation;
	g_autoptr(FuDeviceLocker) locker = NULL;
	g_autoptr(GError) error_local = NULL;

	if (fu_device_get_update_state(device) != FWUPD_UPDATE_STATE_NEEDS_REBOOT)
		return;
	if (fu_device_has_flag(device, FWUPD_DEVICE_FLAG_NEEDS_REBOOT) ||
	    fu_device_has_flag(device, FWUPD_DEVICE_FLAG_NEEDS_SHUTDOWN))
		return;
	locker = fu_device_locker_new(device, &error_local);
	if (locker == NULL) {
		g_info("what the device waits for is not known: %s", error_local->message);
		return;
	}
	activation = fu_scsi_wb_pending_ask(update);
	if (activation != FU_SCSI_WB_ACTIVATION_NEVER)
		fu_scsi_wb_pending_mark(activation, device);
}

/**
 * fu_scsi_wb_pending_get_results:
 * @update: a #FuScsiWbUpdate of an open device
 * @error: (nullable): optional return location for an error
 *
 * Says what became of an update that waited for a reboot, when the machine was rebooted and the
 * device does not run the new firmware. A device that waits for more than that has not failed: it
 * is marked again, held back, and stays in the history as waiting, so that fwupd finds the success
 * when the new firmware is in use at last. To leave the history as it is takes an error.
 *
 * Returns: %FALSE always: with %FWUPD_ERROR_NEEDS_USER_ACTION if the device still waits, with
 * %FWUPD_ERROR_NOT_SUPPORTED if there is nothing that it could wait for, and fwupd may call the
 * update failed; else with the reason why the device cannot be asked
 **/
gboolean
fu_scsi_wb_pending_get_results(const FuScsiWbUpdate *update, GError **error)
{
	FuDevice *device = FU_DEVICE(update->udev_device);
	FuScsiWbActivation activation;
	g_autofree gchar *reason = NULL;
	g_autoptr(FuScsiWbIdentity) found =
	    fu_scsi_wb_verify_identity(update->transport, update->identity, error);

	if (found == NULL)
		return FALSE;
	activation = fu_scsi_wb_pending_ask(update);
	reason = fu_scsi_wb_pending_describe(activation,
					     found,
					     fu_udev_device_get_device_file(update->udev_device));
	if (reason == NULL) {
		g_set_error_literal(error,
				    FWUPD_ERROR,
				    FWUPD_ERROR_NOT_SUPPORTED,
				    "the device activates firmware without a reset or power cycle");
		return FALSE;
	}
	fu_scsi_wb_pending_mark(activation, device);
	fu_device_inhibit(device, FU_SCSI_WB_PENDING_INHIBIT, reason);
	g_set_error_literal(error, FWUPD_ERROR, FWUPD_ERROR_NEEDS_USER_ACTION, reason);
	return FALSE;
}
