/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-command.h"
#include "fu-scsi-wb-discover.h"
#include "fu-scsi-wb-fact.h"
#include "fu-scsi-wb-image.h"
#include "fu-scsi-wb-kind.h"
#include "fu-scsi-wb-limits.h"
#include "fu-scsi-wb-link.h"
#include "fu-scsi-wb-ready.h"
#include "fu-scsi-wb-settle.h"
#include "fu-scsi-wb-sysfs.h"
#include "fu-scsi-wb-traits.h"
#include "fu-scsi-wb-update.h"
#include "fu-scsi-wb-usage.h"
#include "fu-scsi-wb-verify.h"

/* a host that has no room for a page has other troubles */
#define FU_SCSI_WB_UPDATE_SHRINK_MIN_BYTES 4096

#define FU_SCSI_WB_UPDATE_USAGE_EVENT "ScsiWbUsage"

static gboolean
fu_scsi_wb_update_flush(const FuScsiWbUpdate *self, GError **error)
{
	if (!fu_scsi_wb_kind_find(self->identity->type)->is_disk)
		return TRUE;
	return fu_scsi_wb_ready_flush(self->transport, error);
}

/* sends the image in the largest segments that the way allows */
static gboolean
fu_scsi_wb_update_send(const FuScsiWbUpdate *self,
		       const FuScsiWbPlan *plan,
		       FuScsiWbDownloadRequest *request,
		       FuScsiWbUpdateResult *result,
		       GError **error)
{
	const FuScsiWbPlan *plan_used;
	g_autofree gchar *plan_text = NULL;
	g_autoptr(GError) error_local = NULL;

	plan_used = fu_scsi_wb_download_run(self->transport, plan, request, &error_local);
	if (plan_used == NULL && request->doubted != NULL &&
	    fu_scsi_wb_settle_doubt(self, request->doubted->wait_ms)) {
		g_info("%s, but the new firmware runs", error_local->message);
		plan_used = request->doubted;
	}
	if (plan_used == NULL) {
		g_propagate_error(error, g_steal_pointer(&error_local));
		return FALSE;
	}
	plan_text = fu_scsi_wb_plan_to_string(plan_used);
	g_info("sent %s", plan_text);
	result->activation = plan_used->activation;
	if (request->is_deferred && result->activation == FU_SCSI_WB_ACTIVATION_IMMEDIATE)
		result->activation = plan_used->activation_deferred;
	result->wait_ms = MAX(plan_used->wait_ms, request->activation_s * 1000);
	return TRUE;
}

/* every way to the disk has a node of its own that may be in use; a reset of the target resets all
 * that is behind it */
static gchar *
fu_scsi_wb_update_find_usage(const FuScsiWbUpdate *self, const FuScsiWbCaps *caps)
{
	g_autofree gchar *usage = NULL;
	g_autoptr(GPtrArray) units = NULL;

	if (fu_scsi_wb_fact_is_replayed(self->udev_device))
		return fu_scsi_wb_fact_load(self->udev_device, FU_SCSI_WB_UPDATE_USAGE_EVENT);
	units = fu_scsi_wb_paths_get_units(self->paths, caps->affects_all_units);
	usage = fu_scsi_wb_usage_describe(units);
	fu_scsi_wb_fact_save(self->udev_device, FU_SCSI_WB_UPDATE_USAGE_EVENT, usage);
	return g_steal_pointer(&usage);
}

static gboolean
fu_scsi_wb_update_check_free(const FuScsiWbUpdate *self, const FuScsiWbCaps *caps, GError **error)
{
	g_autofree gchar *usage = NULL;

	if ((self->profile->flags & FU_SCSI_WB_FLAG_ALLOW_IN_USE) > 0)
		return TRUE;
	usage = fu_scsi_wb_update_find_usage(self, caps);
	return fu_scsi_wb_usage_check(usage, error);
}

/* a disk in use may be given new firmware, but not be reset: neither by this plan nor by one that
 * it falls back to */
static gboolean
fu_scsi_wb_update_check_usage(const FuScsiWbUpdate *self,
			      const FuScsiWbCaps *caps,
			      FuScsiWbPlan *plan,
			      GError **error)
{
	g_autoptr(GError) error_local = NULL;

	if (fu_scsi_wb_update_check_free(self, caps, &error_local))
		return TRUE;
	if (!fu_scsi_wb_plan_limit_to_in_use(plan)) {
		g_propagate_error(error, g_steal_pointer(&error_local));
		return FALSE;
	}
	g_info("%s, so no mode that activates at once", error_local->message);
	return TRUE;
}

static FuScsiWbPlan *
fu_scsi_wb_update_resolve_plan(const FuScsiWbUpdate *self,
			       const FuScsiWbCaps *caps,
			       const FuScsiWbLimits *limits,
			       gsize image_bytes,
			       FuScsiWbTraits *traits,
			       GError **error)
{
	if (!fu_scsi_wb_traits_resolve(self->profile, caps, limits, traits, error))
		return NULL;
	return fu_scsi_wb_plan_new(self->profile, traits, image_bytes, error);
}

/**
 * fu_scsi_wb_update_new_plan:
 * @self: a #FuScsiWbUpdate, of which profile and node count
 * @caps: what the device says
 * @limits: what the host allows; lowered if it has less memory than that
 * @image_bytes: the size of the image
 * @traits: (out caller-allocates): what holds for the plan; undefined on failure
 * @error: (nullable): optional return location for an error
 *
 * Plans a download. In the middle of it there is no room for a segment that finds no memory, so
 * what goes in several is made to fit what the kernel has set aside for the node; what cannot be
 * made smaller has to find its own.
 *
 * Returns: (transfer full): a plan, or %NULL as fu_scsi_wb_traits_resolve() and
 * fu_scsi_wb_plan_new()
 **/
FuScsiWbPlan *
fu_scsi_wb_update_new_plan(const FuScsiWbUpdate *self,
			   const FuScsiWbCaps *caps,
			   FuScsiWbLimits *limits,
			   gsize image_bytes,
			   FuScsiWbTraits *traits,
			   GError **error)
{
	FuScsiWbLimits limits_reserved = *limits;
	FuScsiWbPlan *plan_reserved;
	FuScsiWbTraits traits_reserved;
	gsize reserved_bytes;
	g_autoptr(FuScsiWbPlan) plan =
	    fu_scsi_wb_update_resolve_plan(self, caps, limits, image_bytes, traits, error);

	if (plan == NULL)
		return NULL;
	reserved_bytes =
	    fu_scsi_wb_limits_reserve(self->udev_device, fu_scsi_wb_plan_get_transfer_bytes(plan));
	if (reserved_bytes == 0 || reserved_bytes >= fu_scsi_wb_plan_get_transfer_bytes(plan) ||
	    plan->segments->len == 1)
		return g_steal_pointer(&plan);
	fu_scsi_wb_limits_lower(&limits_reserved, reserved_bytes, "memory that the kernel has");
	plan_reserved = fu_scsi_wb_update_resolve_plan(self,
						       caps,
						       &limits_reserved,
						       image_bytes,
						       &traits_reserved,
						       NULL);
	if (plan_reserved == NULL)
		return g_steal_pointer(&plan);
	*limits = limits_reserved;
	*traits = traits_reserved;
	return plan_reserved;
}

/* somebody else's update would be undone, and would later pass for ours */
static gboolean
fu_scsi_wb_update_check_listed(const FuScsiWbUpdate *self, GError **error)
{
	g_autoptr(FuScsiWbIdentity) found =
	    fu_scsi_wb_verify_identity(self->transport, self->identity, error);

	if (found == NULL)
		return FALSE;
	if (g_strcmp0(found->revision, self->identity->revision) == 0)
		return TRUE;
	g_set_error(
	    error,
	    FWUPD_ERROR,
	    FWUPD_ERROR_NEEDS_USER_ACTION,
	    "before the update: the device runs revision %s, not %s as listed: another "
	    "program, or an earlier update, has changed it; run fwupdmgr quit, then look at "
	    "the list again",
	    found->revision != NULL ? found->revision : "(none)",
	    self->identity->revision);
	return FALSE;
}

/* the revision of the listed device, if that is another one than is listed, else NULL */
static gboolean
fu_scsi_wb_update_find_new(const FuScsiWbUpdate *self, gchar **revision, GError **error)
{
	g_autoptr(FuScsiWbIdentity) found =
	    fu_scsi_wb_verify_identity(self->transport, self->identity, error);

	if (found == NULL)
		return FALSE;
	if (fu_scsi_wb_settle_is_new(self, found->revision))
		*revision = g_steal_pointer(&found->revision);
	return TRUE;
}

static gboolean
fu_scsi_wb_update_may_start(const FuScsiWbUpdate *self)
{
	return fu_scsi_wb_kind_find(self->identity->type)->is_disk;
}

/* what the first segment may need before it can go, or go again */
static gboolean
fu_scsi_wb_update_help_cb(gpointer user_data, FuScsiWbAction action, GError **error)
{
	const FuScsiWbUpdate *self = user_data;
	g_autoptr(FuScsiWbVerdict) verdict = NULL;

	if (action == FU_SCSI_WB_ACTION_IDENTIFY || action == FU_SCSI_WB_ACTION_RESTART)
		return fu_scsi_wb_update_check_listed(self, error);
	if (!fu_scsi_wb_update_may_start(self))
		return TRUE;
	verdict = fu_scsi_wb_command_start_unit(self->transport, error);
	return verdict != NULL;
}

/* without a command: the open node is the listed one, and all ways to the device are known */
static gboolean
fu_scsi_wb_update_check_node(const FuScsiWbUpdate *self, GError **error)
{
	if (!fu_scsi_wb_sysfs_check_node(self->udev_device, error))
		return FALSE;
	fu_scsi_wb_paths_refresh(self->paths, self->identity);
	return TRUE;
}

/* all that is asked of the device before the first segment; what comes after it may not interrupt
 */
static gboolean
fu_scsi_wb_update_prepare(const FuScsiWbUpdate *self, FuScsiWbCaps *caps, GError **error)
{
	if (!fu_scsi_wb_update_check_node(self, error))
		return FALSE;
	if (!fu_scsi_wb_update_check_listed(self, error))
		return FALSE;
	if (!fu_scsi_wb_ready_check(self->transport,
				    self->profile->readiness,
				    fu_scsi_wb_update_may_start(self),
				    error))
		return FALSE;
	if (!fu_scsi_wb_image_check_device(self->transport, self->firmware, error))
		return FALSE;
	*caps = fu_scsi_wb_discover_run(self->transport, self->profile);
	if (!fu_scsi_wb_link_check(self->transport, caps, error))
		return FALSE;
	if (!fu_scsi_wb_update_flush(self, error))
		return FALSE;
	/* once more: any of these commands may have met, and passed over, the unit attention of a
	 * device that was put into the place of the first one */
	return fu_scsi_wb_update_check_listed(self, error);
}

/* one that was refused may have been the last way of several, all in one command */
static gboolean
fu_scsi_wb_update_has_mode(const FuScsiWbPlan *plan, const FuScsiWbSegment *refused)
{
	if (refused->length_bytes == 0)
		return TRUE;
	for (; plan != NULL; plan = plan->fallback) {
		if (g_array_index(plan->segments, FuScsiWbSegment, 0).mode == refused->mode)
			return TRUE;
	}
	return FALSE;
}

static gboolean
fu_scsi_wb_update_shrink(FuScsiWbLimits *limits, const FuScsiWbSegment *refused)
{
	if (refused->length_bytes / 2 < FU_SCSI_WB_UPDATE_SHRINK_MIN_BYTES)
		return FALSE;
	fu_scsi_wb_limits_lower(limits, refused->length_bytes / 2, "half of what was refused");
	return TRUE;
}

/* the host's limits may not be all: as long as the device has accepted nothing, what is refused for
 * its size goes again in smaller segments */
static gboolean
fu_scsi_wb_update_send_fitting(const FuScsiWbUpdate *self,
			       const FuScsiWbCaps *caps,
			       gsize image_bytes,
			       FuScsiWbDownloadRequest *request,
			       FuScsiWbUpdateResult *result,
			       GError **error)
{
	FuScsiWbLimits limits = fu_scsi_wb_limits_read(self->udev_device);
	g_autoptr(GError) error_first = NULL;

	for (;;) {
		FuScsiWbTraits traits;
		g_autoptr(GError) error_local = NULL;
		g_autoptr(FuScsiWbPlan) plan = fu_scsi_wb_update_new_plan(self,
									  caps,
									  &limits,
									  image_bytes,
									  &traits,
									  &error_local);
		gboolean ret =
		    plan != NULL && fu_scsi_wb_update_check_usage(self, caps, plan, &error_local);

		if (!ret && error_first == NULL)
			error_first = g_steal_pointer(&error_local);

		/* that there is no smaller one says less than what refused the larger one */
		if (!ret || !fu_scsi_wb_update_has_mode(plan, &request->refused))
			break;
		g_clear_error(&error_first);
		if (fu_scsi_wb_update_send(self, plan, request, result, &error_first))
			return TRUE;
		if (!fu_scsi_wb_update_shrink(&limits, &request->refused))
			break;
		g_info("%s, so smaller segments", error_first->message);
	}
	g_propagate_error(error, g_steal_pointer(&error_first));
	return FALSE;
}

/**
 * fu_scsi_wb_update_download:
 * @self: a #FuScsiWbUpdate with a firmware
 * @image: what the device is sent of that firmware
 * @progress_func: (nullable): told of every accepted segment
 * @user_data: for @progress_func
 * @result: (out caller-allocates): what has to follow; untouched on failure
 * @error: (nullable): optional return location for an error
 *
 * Makes sure that the open node is the device that is meant, asks it what it can do, plans the
 * download and sends the image.
 *
 * Returns: %TRUE if the device has accepted the whole image, else the first error
 **/
gboolean
fu_scsi_wb_update_download(const FuScsiWbUpdate *self,
			   GBytes *image,
			   FuScsiWbDownloadProgressFunc progress_func,
			   gpointer user_data,
			   FuScsiWbUpdateResult *result,
			   GError **error)
{
	FuScsiWbCaps caps;
	FuScsiWbDownloadRequest request = {
	    .progress_func = progress_func,
	    .user_data = user_data,
	    .help_func = fu_scsi_wb_update_help_cb,
	    .help_data = (gpointer)self,
	};

	request.image = g_bytes_get_data(image, NULL);
	if (!fu_scsi_wb_update_prepare(self, &caps, error))
		return FALSE;
	if (!fu_scsi_wb_update_send_fitting(self,
					    &caps,
					    g_bytes_get_size(image),
					    &request,
					    result,
					    error))
		return FALSE;
	result->affects_all_units = caps.affects_all_units;
	return TRUE;
}

/**
 * fu_scsi_wb_update_verify:
 * @self: a #FuScsiWbUpdate
 * @error: (nullable): optional return location for an error
 *
 * Finds out whether an update that the device has accepted is in use: success is what the device
 * says of itself now, not what it said of the commands.
 *
 * Returns: (transfer full): the revision that the device runs; %NULL with %FWUPD_ERROR_WRITE if it
 * is the old one, or with the error of the INQUIRY
 **/
gchar *
fu_scsi_wb_update_verify(const FuScsiWbUpdate *self, GError **error)
{
	g_autofree gchar *revision =
	    fu_scsi_wb_verify_revision(self->transport,
				       self->identity,
				       self->may_keep_revision ? 0 : FU_SCSI_WB_UPDATE_SETTLE_MS,
				       error);

	if (revision == NULL)
		return NULL;
	if (!self->may_keep_revision && !fu_scsi_wb_settle_is_new(self, revision)) {
		g_set_error(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_WRITE,
			    "the device accepted the whole image, but still runs revision %s: it "
			    "may need a power cycle, or it has silently refused the image",
			    revision);
		return NULL;
	}
	return g_steal_pointer(&revision);
}

/**
 * fu_scsi_wb_update_activate:
 * @self: a #FuScsiWbUpdate
 * @error: (nullable): optional return location for an error
 *
 * Brings deferred microcode into use, waits until the device is back, and asks what it runs.
 *
 * Returns: (transfer full): the revision that the device runs; %NULL with the first error if its
 * new firmware is not in use
 **/
gchar *
fu_scsi_wb_update_activate(const FuScsiWbUpdate *self, GError **error)
{
	FuScsiWbCaps caps;
	FuScsiWbLimits limits = {0};
	FuScsiWbSegment activate;
	FuScsiWbTraits traits;
	g_autofree gchar *revision = NULL;

	if (!fu_scsi_wb_update_check_node(self, error))
		return NULL;
	if (!fu_scsi_wb_update_find_new(self, &revision, error))
		return NULL;
	if (revision != NULL)
		return g_steal_pointer(&revision);
	caps = fu_scsi_wb_discover_run(self->transport, self->profile);
	if (!fu_scsi_wb_update_check_free(self, &caps, error))
		return NULL;
	if (!fu_scsi_wb_traits_resolve(self->profile, &caps, &limits, &traits, error))
		return NULL;
	activate = fu_scsi_wb_plan_get_activate(&traits);
	if (!fu_scsi_wb_update_flush(self, error))
		return NULL;
	/* once more, as before the first segment */
	if (!fu_scsi_wb_update_find_new(self, &revision, error))
		return NULL;
	if (revision == NULL && !fu_scsi_wb_settle_activate(self, &activate, error))
		return NULL;
	return fu_scsi_wb_update_verify(self, error);
}
