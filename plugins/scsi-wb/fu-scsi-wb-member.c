/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-member.h"
#include "fu-scsi-wb-progress.h"
#include "fu-scsi-wb-sg.h"

typedef enum {
	FU_SCSI_WB_MEMBER_STATE_QUEUED,
	FU_SCSI_WB_MEMBER_STATE_SKIPPED,
	FU_SCSI_WB_MEMBER_STATE_ENDED,
} FuScsiWbMemberState;

/*
 * FuDevice is no object for two threads: the daemon goes on reading the listed device, writes it
 * into its log, and gets events for it from the kernel. So a member has all that an update needs
 * once more: a node that it opens itself, and copies of what is known of the device. The thread has
 * them for itself from fu_scsi_wb_member_new() until the member has ended. What both sides look at
 * meanwhile is below "lock".
 */
struct _FuScsiWbMember {
	FuUdevDevice *udev_device;
	FuScsiWbTransport *transport;
	FuScsiWbProfile profile;
	FuScsiWbIdentity *identity;
	FuScsiWbPaths *paths;
	FuScsiWbOrder order;
	FuScsiWbInstall install;
	GError *error_write;
	GError *error_wait;

	GMutex lock;
	GCond cond;
	FuScsiWbMemberState state;
	gsize done_bytes;
	gsize total_bytes;
};

static void
fu_scsi_wb_member_find_again_cb(gpointer user_data)
{
	FuScsiWbMember *self = user_data;
	fu_scsi_wb_paths_reopen(self->paths, self->identity, self->udev_device);
}

static FuUdevDevice *
fu_scsi_wb_member_new_node(FuUdevDevice *listed)
{
	FuUdevDevice *udev_device = g_object_new(FU_TYPE_UDEV_DEVICE,
						 "context",
						 fu_device_get_context(FU_DEVICE(listed)),
						 "backend-id",
						 fu_udev_device_get_sysfs_path(listed),
						 NULL);
	const gchar *device_file = fu_udev_device_get_device_file(listed);

	if (device_file != NULL)
		fu_udev_device_set_device_file(udev_device, device_file);
	fu_scsi_wb_sg_init_node(udev_device);
	return udev_device;
}

/**
 * fu_scsi_wb_member_new:
 * @update: a #FuScsiWbUpdate of the listed device, which is not open
 * @order: what to update it with
 *
 * Makes ready the update of one device by another thread. Nothing of @update is used later.
 *
 * Returns: (transfer full): a member that waits for its turn
 **/
FuScsiWbMember *
fu_scsi_wb_member_new(const FuScsiWbUpdate *update, const FuScsiWbOrder *order)
{
	FuScsiWbMember *self = g_new0(FuScsiWbMember, 1);

	g_mutex_init(&self->lock);
	g_cond_init(&self->cond);
	self->udev_device = fu_scsi_wb_member_new_node(update->udev_device);
	self->transport = fu_scsi_wb_transport_new_like(update->transport, self->udev_device);
	fu_scsi_wb_transport_set_find(self->transport, fu_scsi_wb_member_find_again_cb, self);
	self->profile = *update->profile;
	self->identity = fu_scsi_wb_identity_copy(update->identity);
	self->paths = fu_scsi_wb_paths_copy(update->paths);
	self->order = (FuScsiWbOrder){
	    .firmware = g_object_ref(order->firmware),
	    .image = g_bytes_ref(order->image),
	    .flags = order->flags,
	};
	return self;
}

/**
 * fu_scsi_wb_member_free:
 * @self: a #FuScsiWbMember that has ended, or whose turn will not come
 *
 * Frees what is left of it.
 **/
void
fu_scsi_wb_member_free(FuScsiWbMember *self)
{
	g_mutex_clear(&self->lock);
	g_cond_clear(&self->cond);
	fu_scsi_wb_transport_free(self->transport);
	g_object_unref(self->udev_device);
	fu_scsi_wb_identity_free(self->identity);
	fu_scsi_wb_paths_free(self->paths);
	g_object_unref(self->order.firmware);
	g_bytes_unref(self->order.image);
	fu_scsi_wb_share_clear(&self->install.share);
	g_clear_error(&self->error_write);
	g_clear_error(&self->error_wait);
	g_free(self);
}

/**
 * fu_scsi_wb_member_get_order:
 * @self: a #FuScsiWbMember
 *
 * Gets what the device is updated with.
 *
 * Returns: (transfer none): an order
 **/
const FuScsiWbOrder *
fu_scsi_wb_member_get_order(const FuScsiWbMember *self)
{
	return &self->order;
}

static void
fu_scsi_wb_member_progress_cb(gpointer user_data, gsize done_bytes, gsize total_bytes)
{
	FuScsiWbMember *self = user_data;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);

	g_return_if_fail(locker != NULL);

	self->done_bytes = done_bytes;
	self->total_bytes = total_bytes;
}

static void
fu_scsi_wb_member_end(FuScsiWbMember *self, FuScsiWbMemberState state)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);

	g_return_if_fail(locker != NULL);

	self->state = state;
	g_cond_broadcast(&self->cond);
}

static gboolean
fu_scsi_wb_member_write(FuScsiWbMember *self, const FuScsiWbUpdate *update, GError **error)
{
	(void)fu_scsi_wb_paths_move(self->paths, self->identity, self->udev_device);
	if (!fu_scsi_wb_paths_open(self->udev_device, error))
		return FALSE;
	return fu_scsi_wb_install_write(&self->install,
					update,
					self->order.image,
					self->order.flags,
					fu_scsi_wb_member_progress_cb,
					self,
					error);
}

static void
fu_scsi_wb_member_close(FuScsiWbMember *self)
{
	FuDeviceClass *klass = FU_DEVICE_GET_CLASS(self->udev_device);
	g_autoptr(GError) error_local = NULL;

	if (!klass->close(FU_DEVICE(self->udev_device), &error_local))
		g_debug("not closed: %s", error_local->message);
}

/**
 * fu_scsi_wb_member_run:
 * @self: a #FuScsiWbMember that waits for its turn
 *
 * Sends the image, and waits until a device that restarts is back: all that takes time. To be
 * called once, by any thread.
 *
 * Returns: %TRUE for success
 **/
gboolean
fu_scsi_wb_member_run(FuScsiWbMember *self)
{
	const FuScsiWbUpdate update = {
	    .transport = self->transport,
	    .udev_device = self->udev_device,
	    .profile = &self->profile,
	    .identity = self->identity,
	    .paths = self->paths,
	    .firmware = self->order.firmware,
	};
	gboolean ret;

	ret = fu_scsi_wb_member_write(self, &update, &self->error_write) &&
	      fu_scsi_wb_install_wait(&self->install, &update, &self->error_wait);
	fu_scsi_wb_member_close(self);
	fu_scsi_wb_member_end(self, FU_SCSI_WB_MEMBER_STATE_ENDED);
	return ret;
}

/**
 * fu_scsi_wb_member_skip:
 * @self: a #FuScsiWbMember whose turn will not come
 *
 * Leaves the device as it is. To be called instead of fu_scsi_wb_member_run().
 **/
void
fu_scsi_wb_member_skip(FuScsiWbMember *self)
{
	fu_scsi_wb_member_end(self, FU_SCSI_WB_MEMBER_STATE_SKIPPED);
}

/* waits a moment for it to end, and looks at how far it is */
static FuScsiWbMemberState
fu_scsi_wb_member_look(FuScsiWbMember *self, gsize *done_bytes, gsize *total_bytes)
{
	gint64 end_us = g_get_monotonic_time() + FU_SCSI_WB_PROGRESS_US;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);

	g_return_val_if_fail(locker != NULL, FU_SCSI_WB_MEMBER_STATE_QUEUED);

	if (self->state == FU_SCSI_WB_MEMBER_STATE_QUEUED)
		(void)g_cond_wait_until(&self->cond, &self->lock, end_us);
	*done_bytes = self->done_bytes;
	*total_bytes = self->total_bytes;
	return self->state;
}

/* whoever waits sees the progress as if the device had its turn just now */
static FuScsiWbMemberState
fu_scsi_wb_member_wait(FuScsiWbMember *self, FuProgress *progress)
{
	FuScsiWbMemberState state;
	gsize done_bytes = 0;
	gsize total_bytes = 0;

	do {
		state = fu_scsi_wb_member_look(self, &done_bytes, &total_bytes);
		if (progress != NULL && total_bytes > 0)
			fu_progress_set_percentage_full(progress, done_bytes, total_bytes);
	} while (state == FU_SCSI_WB_MEMBER_STATE_QUEUED);
	return state;
}

/**
 * fu_scsi_wb_member_was_skipped:
 * @self: a #FuScsiWbMember
 *
 * Waits until it has ended, and tells whether its turn has not come.
 *
 * Returns: %TRUE if the device was not touched
 **/
gboolean
fu_scsi_wb_member_was_skipped(FuScsiWbMember *self)
{
	return fu_scsi_wb_member_wait(self, NULL) == FU_SCSI_WB_MEMBER_STATE_SKIPPED;
}

/* from here on the listed device goes on with it */
static void
fu_scsi_wb_member_hand_over(FuScsiWbMember *self, FuScsiWbInstall *install)
{
	fu_scsi_wb_share_clear(&install->share);
	*install = self->install;
	self->install = (FuScsiWbInstall){0};
}

/**
 * fu_scsi_wb_member_join:
 * @self: a #FuScsiWbMember
 * @image: what the daemon wants the device to be sent
 * @progress: shows how far it is
 * @install: (out): of the listed device; has what the member has reached
 * @error: (nullable): optional return location for an error
 *
 * Takes the place of fu_scsi_wb_install_write(): waits until the image is sent and the device is
 * back.
 *
 * Returns: %TRUE if the device has the whole image, else as fu_scsi_wb_install_write(), or
 * %FWUPD_ERROR_NOTHING_TO_DO if its turn has not come
 **/
gboolean
fu_scsi_wb_member_join(FuScsiWbMember *self,
		       GBytes *image,
		       FuProgress *progress,
		       FuScsiWbInstall *install,
		       GError **error)
{
	if (fu_scsi_wb_member_wait(self, progress) == FU_SCSI_WB_MEMBER_STATE_SKIPPED) {
		g_set_error_literal(error,
				    FWUPD_ERROR,
				    FWUPD_ERROR_NOTHING_TO_DO,
				    "the update was not started, because that of another device "
				    "with the same firmware has failed");
		return FALSE;
	}
	fu_scsi_wb_member_hand_over(self, install);
	if (self->error_write != NULL) {
		g_propagate_error(error, g_error_copy(self->error_write));
		return FALSE;
	}
	/* cannot be, unless fwupd chooses by more than the IDs of a device */
	if (!g_bytes_equal(image, self->order.image)) {
		g_set_error_literal(error,
				    FWUPD_ERROR,
				    FWUPD_ERROR_INTERNAL,
				    "the device was sent the image of the first device with the "
				    "same IDs, and fwupd has another one for it: set "
				    "ParallelDevices=1 below [scsi_wb] in fwupd.conf, and install "
				    "that one");
		return FALSE;
	}
	fu_progress_set_percentage(progress, 100);
	return TRUE;
}

/**
 * fu_scsi_wb_member_check_back:
 * @self: a #FuScsiWbMember that was joined
 * @error: (nullable): optional return location for an error
 *
 * Takes the place of fu_scsi_wb_install_wait().
 *
 * Returns: %TRUE if the device is back, or nothing was to be waited for; else as
 * fu_scsi_wb_install_wait()
 **/
gboolean
fu_scsi_wb_member_check_back(FuScsiWbMember *self, GError **error)
{
	if (self->error_wait == NULL)
		return TRUE;
	g_propagate_error(error, g_error_copy(self->error_wait));
	return FALSE;
}
