/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-fact.h"

/*
 * fwupd records ioctls that succeed, attributes in /sys and their links. What else an update
 * depends on is an event of our own, or an emulated device would be planned for by what the machine
 * that replays it is like.
 */

/**
 * fu_scsi_wb_fact_is_replayed:
 * @udev_device: a SCSI generic node
 *
 * Tells whether there is only a recording, and neither a node nor a folder in /sys.
 *
 * Returns: %TRUE if the device is emulated
 **/
gboolean
fu_scsi_wb_fact_is_replayed(FuUdevDevice *udev_device)
{
	return fu_device_has_flag(FU_DEVICE(udev_device), FWUPD_DEVICE_FLAG_EMULATED);
}

static gboolean
fu_scsi_wb_fact_is_saved(FuUdevDevice *udev_device)
{
	FuContext *ctx = fu_device_get_context(FU_DEVICE(udev_device));
	return ctx != NULL && fu_context_has_flag(ctx, FU_CONTEXT_FLAG_SAVE_EVENTS);
}

/**
 * fu_scsi_wb_fact_is_recorded:
 * @udev_device: a SCSI generic node
 *
 * Tells whether what is asked of the device has to be known again: there is a recording, or fwupd
 * makes one.
 *
 * Returns: %TRUE if so
 **/
gboolean
fu_scsi_wb_fact_is_recorded(FuUdevDevice *udev_device)
{
	return fu_scsi_wb_fact_is_replayed(udev_device) || fu_scsi_wb_fact_is_saved(udev_device);
}

/**
 * fu_scsi_wb_fact_save:
 * @udev_device: a SCSI generic node
 * @id: what it is about
 * @text: (nullable): what was found
 *
 * Records what was found, if fwupd records and there is anything.
 **/
void
fu_scsi_wb_fact_save(FuUdevDevice *udev_device, const gchar *id, const gchar *text)
{
	FuDeviceEvent *event;

	if (text == NULL || !fu_scsi_wb_fact_is_saved(udev_device))
		return;
	event = fu_device_save_event(FU_DEVICE(udev_device), id);
	fu_device_event_set_str(event, "Data", text);
}

/**
 * fu_scsi_wb_fact_load:
 * @udev_device: a device that is emulated
 * @id: what it is about
 *
 * Finds what was recorded.
 *
 * Returns: (transfer full) (nullable): what was found then, %NULL for nothing
 **/
gchar *
fu_scsi_wb_fact_load(FuUdevDevice *udev_device, const gchar *id)
{
	FuDeviceEvent *event = fu_device_load_event(FU_DEVICE(udev_device), id, NULL);

	if (event == NULL)
		return NULL;
	return g_strdup(fu_device_event_get_str(event, "Data", NULL));
}
