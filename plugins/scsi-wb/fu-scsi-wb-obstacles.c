/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-obstacles.h"
#include "fu-scsi-wb-usage.h"

/* the names that fwupd knows them by */
static const gchar *const inhibit_ids[] = {
    [FU_SCSI_WB_OBSTACLE_QUIRK] = "scsi-wb-quirk",
    [FU_SCSI_WB_OBSTACLE_SANDBOX] = "scsi-wb-sandbox",
    [FU_SCSI_WB_OBSTACLE_REVISION] = "scsi-wb-revision",
    [FU_SCSI_WB_OBSTACLE_USAGE] = "scsi-wb-usage",
};

/**
 * fu_scsi_wb_obstacles_clear:
 * @self: a #FuScsiWbObstacles
 *
 * Frees the texts. Whether the device is held back stays as it is.
 **/
void
fu_scsi_wb_obstacles_clear(FuScsiWbObstacles *self)
{
	for (guint i = 0; i < G_N_ELEMENTS(self->texts); i++)
		g_clear_pointer(&self->texts[i], g_free);
}

/**
 * fu_scsi_wb_obstacles_set_one:
 * @self: a #FuScsiWbObstacles
 * @obstacle: which one
 * @text: (nullable): what to tell people, %NULL if it is out of the way
 * @device: held back as long as there is one
 *
 * Puts an obstacle in the way of updates, or takes it away. Users see it before they try.
 **/
void
fu_scsi_wb_obstacles_set_one(FuScsiWbObstacles *self,
			     FuScsiWbObstacle obstacle,
			     const gchar *text,
			     FuDevice *device)
{
	gchar *copy = g_strdup(text);

	g_free(self->texts[obstacle]);
	self->texts[obstacle] = copy;

	/* fwupd keeps the first reason that it was given under an ID */
	fu_device_uninhibit(device, inhibit_ids[obstacle]);
	if (copy != NULL)
		fu_device_inhibit(device, inhibit_ids[obstacle], copy);
}

/**
 * fu_scsi_wb_obstacles_set_quirk:
 * @self: a #FuScsiWbObstacles
 * @text: what is wrong with a value of a quirk row
 * @device: held back by it
 *
 * Puts it in the way, unless there is one already: the first one tells most.
 **/
void
fu_scsi_wb_obstacles_set_quirk(FuScsiWbObstacles *self, const gchar *text, FuDevice *device)
{
	if (self->texts[FU_SCSI_WB_OBSTACLE_QUIRK] == NULL)
		fu_scsi_wb_obstacles_set_one(self, FU_SCSI_WB_OBSTACLE_QUIRK, text, device);
}

/**
 * fu_scsi_wb_obstacles_set_profile:
 * @self: a #FuScsiWbObstacles
 * @profile: what the quirk rows say, all of it
 * @device: held back if that cannot work
 *
 * Puts in the way what is wrong with the rows as a whole, or leaves there what was wrong with one
 * of their values. To be called when @device has become updatable: fwupd does not look back then.
 **/
void
fu_scsi_wb_obstacles_set_profile(FuScsiWbObstacles *self,
				 const FuScsiWbProfile *profile,
				 FuDevice *device)
{
	const gchar *text = self->texts[FU_SCSI_WB_OBSTACLE_QUIRK];
	g_autoptr(GError) error_local = NULL;

	if (text == NULL && !fu_scsi_wb_profile_validate(profile, &error_local))
		text = error_local->message;
	fu_scsi_wb_obstacles_set_one(self, FU_SCSI_WB_OBSTACLE_QUIRK, text, device);
}

/**
 * fu_scsi_wb_obstacles_set_usage:
 * @self: a #FuScsiWbObstacles
 * @usage: (nullable): what a disk is used for, see fu_scsi_wb_usage_find(); %NULL for nothing
 * @device: held back while there is something
 *
 * Marks the device as in use, or as free again. fwupd's own mark makes `fwupdmgr update` leave the
 * device out and say so, but it has no words for who uses what; desktops, and --json, have ours.
 * Clients are only told of what has changed.
 **/
void
fu_scsi_wb_obstacles_set_usage(FuScsiWbObstacles *self, const gchar *usage, FuDevice *device)
{
	g_autofree gchar *text = usage != NULL ? fu_scsi_wb_usage_explain(usage) : NULL;

	if (g_strcmp0(text, self->texts[FU_SCSI_WB_OBSTACLE_USAGE]) == 0)
		return;
	fu_scsi_wb_obstacles_set_one(self, FU_SCSI_WB_OBSTACLE_USAGE, text, device);
	if (text != NULL)
		fu_device_add_problem(device, FWUPD_DEVICE_PROBLEM_IN_USE);
	else
		fu_device_remove_problem(device, FWUPD_DEVICE_PROBLEM_IN_USE);
}

/**
 * fu_scsi_wb_obstacles_find_usage:
 * @self: a #FuScsiWbObstacles
 * @profile: what the quirk rows say
 * @paths: the ways to the device
 * @device: held back while somebody uses a disk that its update is likely to reset
 *
 * Looks whether that is so now. Without it `fwupdmgr update` would stop at the first disk that is
 *in use, instead of leaving it out; a device that is asked for its mode may yet defer the
 *activation.
 **/
void
fu_scsi_wb_obstacles_find_usage(FuScsiWbObstacles *self,
				const FuScsiWbProfile *profile,
				const FuScsiWbPaths *paths,
				FuDevice *device)
{
	g_autofree gchar *usage = NULL;

	if (fu_scsi_wb_profile_is_disruptive(profile)) {
		g_autoptr(GPtrArray) units = fu_scsi_wb_paths_get_units(paths, FALSE);
		usage = fu_scsi_wb_usage_find(units, "/proc");
	}
	fu_scsi_wb_obstacles_set_usage(self, usage, device);
}

static void
fu_scsi_wb_obstacles_set_sandbox(FuScsiWbObstacles *self, FuUdevDevice *udev_device)
{
	g_autofree gchar *text =
	    g_strdup_printf("fwupd.service may not open %s: install fwupd.service.d/scsi-wb.conf, "
			    "which allows it, and restart the service",
			    fu_udev_device_get_device_file(udev_device));
	fu_scsi_wb_obstacles_set_one(self,
				     FU_SCSI_WB_OBSTACLE_SANDBOX,
				     text,
				     FU_DEVICE(udev_device));
}

/**
 * fu_scsi_wb_obstacles_open:
 * @self: a #FuScsiWbObstacles
 * @udev_device: a SCSI generic node
 * @error: (nullable): optional return location for an error
 *
 * Opens the node. The sandbox of fwupd.service forbids SCSI generic nodes unless our drop-in allows
 * them: that is no error but an obstacle, with what allows it, for a device that just is not there
 * would leave the user without a hint.
 *
 * Returns: %TRUE if it is open, or may not be; else the error of open(2)
 **/
gboolean
fu_scsi_wb_obstacles_open(FuScsiWbObstacles *self, FuUdevDevice *udev_device, GError **error)
{
	g_autoptr(GError) error_local = NULL;

	fu_scsi_wb_obstacles_set_one(self,
				     FU_SCSI_WB_OBSTACLE_SANDBOX,
				     NULL,
				     FU_DEVICE(udev_device));
	if (fu_scsi_wb_paths_open(udev_device, &error_local))
		return TRUE;
	if (!g_error_matches(error_local, FWUPD_ERROR, FWUPD_ERROR_PERMISSION_DENIED)) {
		g_propagate_error(error, g_steal_pointer(&error_local));
		return FALSE;
	}
	fu_scsi_wb_obstacles_set_sandbox(self, udev_device);
	return TRUE;
}

/**
 * fu_scsi_wb_obstacles_check:
 * @self: a #FuScsiWbObstacles
 * @error: (nullable): optional return location for an error
 *
 * Refuses an update, once more: `fwupdmgr install` also takes a device that is held back. Whether
 * anybody uses what is reset is looked at anew when it is known what that is.
 *
 * Returns: %TRUE if nothing is in the way; %FWUPD_ERROR_NOT_SUPPORTED with the first obstacle
 **/
gboolean
fu_scsi_wb_obstacles_check(const FuScsiWbObstacles *self, GError **error)
{
	for (guint i = 0; i < G_N_ELEMENTS(self->texts); i++) {
		if (self->texts[i] == NULL || i == FU_SCSI_WB_OBSTACLE_USAGE)
			continue;
		g_set_error_literal(error, FWUPD_ERROR, FWUPD_ERROR_NOT_SUPPORTED, self->texts[i]);
		return FALSE;
	}
	return TRUE;
}
