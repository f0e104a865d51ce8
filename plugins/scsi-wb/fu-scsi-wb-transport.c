/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-sg.h"
#include "fu-scsi-wb-transport.h"

struct _FuScsiWbTransport {
	FuScsiWbTransportSendFunc send_func;
	FuScsiWbTransportSleepFunc sleep_func;
	FuScsiWbTransportClockFunc clock_func;
	gpointer user_data;
	FuScsiWbTransportFindFunc find_func;
	gpointer find_data;
	gint64 pretended_ms;
};

static gint64
fu_scsi_wb_transport_clock_monotonic(gpointer user_data)
{
	return g_get_monotonic_time() / (G_USEC_PER_SEC / 1000);
}

/**
 * fu_scsi_wb_transport_describe_cdb:
 * @cdb: a command descriptor block
 * @cdb_bytes: size of @cdb
 * @separator: what stands between two bytes
 *
 * Writes out the bytes of a command.
 *
 * Returns: (transfer full): two hexadecimal digits for each byte
 **/
gchar *
fu_scsi_wb_transport_describe_cdb(const guint8 *cdb, gsize cdb_bytes, const gchar *separator)
{
	GString *str = g_string_new(NULL);

	for (gsize i = 0; i < cdb_bytes; i++)
		g_string_append_printf(str, "%s%02x", i > 0 ? separator : "", cdb[i]);
	return g_string_free(str, FALSE);
}

/**
 * fu_scsi_wb_transport_new:
 * @udev_device: a #FuUdevDevice that owns the new transport, so no reference is taken
 *
 * Creates a transport that sends commands with SG_IO through fwupd's recordable ioctl.
 *
 * Returns: (transfer full): a transport
 **/
FuScsiWbTransport *
fu_scsi_wb_transport_new(FuUdevDevice *udev_device)
{
	return fu_scsi_wb_transport_new_full(fu_scsi_wb_sg_send, fu_scsi_wb_sg_sleep, udev_device);
}

/**
 * fu_scsi_wb_transport_new_full:
 * @send_func: sends a command
 * @sleep_func: lets time pass
 * @user_data: for both; not owned
 *
 * Creates a transport from two functions, for a device that is not behind SG_IO.
 *
 * Returns: (transfer full): a transport
 **/
FuScsiWbTransport *
fu_scsi_wb_transport_new_full(FuScsiWbTransportSendFunc send_func,
			      FuScsiWbTransportSleepFunc sleep_func,
			      gpointer user_data)
{
	FuScsiWbTransport *self = g_new0(FuScsiWbTransport, 1);
	self->send_func = send_func;
	self->sleep_func = sleep_func;
	self->clock_func = fu_scsi_wb_transport_clock_monotonic;
	self->user_data = user_data;
	return self;
}

/**
 * fu_scsi_wb_transport_new_like:
 * @self: a #FuScsiWbTransport
 * @udev_device: a #FuUdevDevice that owns the new transport, so no reference is taken
 *
 * Creates a transport that leads to the same device, by another open node of it. Whoever finds the
 * device again for @self does not do so for the new one.
 *
 * Returns: (transfer full): a transport
 **/
FuScsiWbTransport *
fu_scsi_wb_transport_new_like(const FuScsiWbTransport *self, FuUdevDevice *udev_device)
{
	FuScsiWbTransport *copy;

	if (self->send_func == fu_scsi_wb_sg_send)
		return fu_scsi_wb_transport_new(udev_device);
	copy = fu_scsi_wb_transport_new_full(self->send_func, self->sleep_func, self->user_data);
	fu_scsi_wb_transport_set_clock(copy, self->clock_func);
	return copy;
}

/**
 * fu_scsi_wb_transport_set_clock:
 * @self: a #FuScsiWbTransport
 * @clock_func: says what time it is; gets the user data of the other functions
 *
 * Takes another clock than the kernel's monotonic one, for a test in which commands take time.
 **/
void
fu_scsi_wb_transport_set_clock(FuScsiWbTransport *self, FuScsiWbTransportClockFunc clock_func)
{
	self->clock_func = clock_func;
}

/**
 * fu_scsi_wb_transport_set_find:
 * @self: a #FuScsiWbTransport
 * @find_func: looks for the device
 * @find_data: for @find_func; not owned
 *
 * Lets a device be found again that the kernel has forgotten. Without this there is only the node
 * that is open.
 **/
void
fu_scsi_wb_transport_set_find(FuScsiWbTransport *self,
			      FuScsiWbTransportFindFunc find_func,
			      gpointer find_data)
{
	self->find_func = find_func;
	self->find_data = find_data;
}

void
fu_scsi_wb_transport_free(FuScsiWbTransport *self)
{
	g_free(self);
}

/**
 * fu_scsi_wb_transport_send:
 * @self: a #FuScsiWbTransport
 * @command: what to send
 * @result: (out caller-allocates): how it ended
 * @error: (nullable): optional return location for an error
 *
 * Sends one command, once, and waits for its end. Nothing is judged and nothing is sent again.
 *
 * Returns: %TRUE if @result is valid, which says nothing about success; %FALSE with
 * %FWUPD_ERROR_INVALID_DATA when a recording does not go on with the command
 **/
gboolean
fu_scsi_wb_transport_send(FuScsiWbTransport *self,
			  const FuScsiWbCommand *command,
			  FuScsiWbResult *result,
			  GError **error)
{
	*result = (FuScsiWbResult){.timeout_ms = command->timeout_ms};
	if (!self->send_func(self->user_data, command, result, error))
		return FALSE;

	/* a device may answer with less than was asked for, but has to take all that it is sent */
	if (command->direction == FU_SCSI_WB_DIRECTION_TO_DEVICE) {
		result->sent_bytes = command->buf_bytes;
	} else {
		gsize resid_bytes = result->resid_bytes > 0 ? result->resid_bytes : 0;
		result->received_bytes = command->buf_bytes - MIN(resid_bytes, command->buf_bytes);
		result->resid_bytes = 0;
	}
	return TRUE;
}

/**
 * fu_scsi_wb_transport_find_again:
 * @self: a #FuScsiWbTransport whose last command has found no device
 *
 * Looks for the device, so that the next command may find it by another node. Never between the
 * first and the last segment: what was staged would be of another life of the device.
 **/
void
fu_scsi_wb_transport_find_again(FuScsiWbTransport *self)
{
	if (self->find_func != NULL)
		self->find_func(self->find_data);
}

/**
 * fu_scsi_wb_transport_sleep:
 * @self: a #FuScsiWbTransport
 * @delay_ms: how long
 *
 * Lets time pass; none does in an emulated device or a test, but the clock of this transport goes
 * on as if it had.
 **/
void
fu_scsi_wb_transport_sleep(FuScsiWbTransport *self, guint delay_ms)
{
	gint64 end_ms = fu_scsi_wb_transport_get_time_ms(self) + delay_ms;

	self->sleep_func(self->user_data, delay_ms);
	self->pretended_ms += MAX(end_ms - fu_scsi_wb_transport_get_time_ms(self), 0);
}

/**
 * fu_scsi_wb_transport_get_time_ms:
 * @self: a #FuScsiWbTransport
 *
 * Gets the time by which waits are limited: it goes on while a command runs, too.
 *
 * Returns: milliseconds since any moment, never going back
 **/
gint64
fu_scsi_wb_transport_get_time_ms(FuScsiWbTransport *self)
{
	return self->clock_func(self->user_data) + self->pretended_ms;
}
