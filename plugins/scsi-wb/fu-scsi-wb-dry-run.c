/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-command.h"
#include "fu-scsi-wb-discover.h"
#include "fu-scsi-wb-dry-run.h"
#include "fu-scsi-wb-usage.h"

/* as fu_scsi_wb_update_download() does it, but that it goes on: a plan that would be refused while
 * the disk is in use is still worth to look at */
static void
fu_scsi_wb_dry_run_look_at_usage(FuScsiWbDryRun *self, const FuScsiWbUpdate *update)
{
	g_autoptr(GError) error_local = NULL;
	g_autoptr(GPtrArray) units =
	    fu_scsi_wb_paths_get_units(update->paths, self->caps.affects_all_units);

	self->usage = fu_scsi_wb_usage_describe(units);
	if ((update->profile->flags & FU_SCSI_WB_FLAG_ALLOW_IN_USE) > 0)
		return;
	if (fu_scsi_wb_usage_check(self->usage, &error_local))
		return;
	if (!fu_scsi_wb_plan_limit_to_in_use(self->plan))
		self->refusal = g_strdup(error_local->message);
}

/**
 * fu_scsi_wb_dry_run_new:
 * @device: a #FuScsiWbDevice that was set up
 * @limits: what the host allows
 * @image_bytes: the size of the image
 * @error: (nullable): optional return location for an error
 *
 * Asks the device what it can do, and decides what an update would send, as an update does.
 *
 * Returns: (transfer full): what was decided, or %NULL with the error with which an update would be
 * refused
 **/
FuScsiWbDryRun *
fu_scsi_wb_dry_run_new(FuScsiWbDevice *device,
		       const FuScsiWbLimits *limits,
		       gsize image_bytes,
		       GError **error)
{
	FuScsiWbUpdate update = fu_scsi_wb_device_get_update(device);
	g_autoptr(FuScsiWbDryRun) self = g_new0(FuScsiWbDryRun, 1);

	if (!fu_scsi_wb_obstacles_check(update.obstacles, error))
		return NULL;
	fu_scsi_wb_paths_refresh(update.paths, update.identity);
	self->limits = *limits;
	self->caps = fu_scsi_wb_discover_run(update.transport, update.profile);
	self->plan = fu_scsi_wb_update_new_plan(&update,
						&self->caps,
						&self->limits,
						image_bytes,
						&self->traits,
						error);
	if (self->plan == NULL)
		return NULL;
	fu_scsi_wb_dry_run_look_at_usage(self, &update);
	return g_steal_pointer(&self);
}

void
fu_scsi_wb_dry_run_free(FuScsiWbDryRun *self)
{
	if (self->plan != NULL)
		fu_scsi_wb_plan_free(self->plan);
	g_free(self->usage);
	g_free(self->refusal);
	g_free(self);
}

/**
 * fu_scsi_wb_dry_run_ask_all:
 * @device: a #FuScsiWbDevice that was set up
 *
 * Asks all that any quirk row would have asked, so that a recording also serves for rows that are
 * yet to be written.
 **/
void
fu_scsi_wb_dry_run_ask_all(FuScsiWbDevice *device)
{
	FuScsiWbUpdate update = fu_scsi_wb_device_get_update(device);
	const FuScsiWbProfile profile = {.mode = FU_SCSI_WB_MODE_AUTO};
	const guint8 modes[] = {
	    0, /* the command as a whole */
	    FU_SCSI_WB_MODE_DOWNLOAD,
	    FU_SCSI_WB_MODE_DOWNLOAD_SAVE,
	    FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS,
	    FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_SAVE,
	    FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_SELECT_DEFER,
	    FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_DEFER,
	    FU_SCSI_WB_MODE_ACTIVATE,
	};

	(void)fu_scsi_wb_discover_run(update.transport, &profile);
	for (guint i = 0; i < G_N_ELEMENTS(modes); i++) {
		g_autoptr(GBytes) blob =
		    fu_scsi_wb_command_report_opcode(update.transport, modes[i], NULL);
		if (blob == NULL)
			g_debug("no answer for MODE 0x%02x", modes[i]);
	}
}
