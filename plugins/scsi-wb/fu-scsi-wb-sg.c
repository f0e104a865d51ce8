/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <errno.h>
#include <scsi/sg.h>
#include <signal.h>

#include "fu-scsi-wb-fact.h"
#include "fu-scsi-wb-sg.h"

static gboolean
fu_scsi_wb_sg_cdb_cb(FuIoctl *self, gpointer ptr, guint8 *buf, gsize bufsz, GError **error)
{
	struct sg_io_hdr *hdr = (struct sg_io_hdr *)ptr;
	hdr->cmdp = buf;
	hdr->cmd_len = bufsz;
	return TRUE;
}

static gboolean
fu_scsi_wb_sg_data_cb(FuIoctl *self, gpointer ptr, guint8 *buf, gsize bufsz, GError **error)
{
	struct sg_io_hdr *hdr = (struct sg_io_hdr *)ptr;
	hdr->dxferp = buf;
	hdr->dxfer_len = bufsz;
	return TRUE;
}

static gboolean
fu_scsi_wb_sg_sense_cb(FuIoctl *self, gpointer ptr, guint8 *buf, gsize bufsz, GError **error)
{
	struct sg_io_hdr *hdr = (struct sg_io_hdr *)ptr;
	hdr->sbp = buf;
	hdr->mx_sb_len = bufsz;
	return TRUE;
}

/* the buffer is a member of the header, there is no pointer to put right */
static gboolean
fu_scsi_wb_sg_member_cb(FuIoctl *self, gpointer ptr, guint8 *buf, gsize bufsz, GError **error)
{
	return TRUE;
}

/* fwupd records only registered buffers, never the header itself: without these a recording
 * could not tell CHECK CONDITION from GOOD */
static void
fu_scsi_wb_sg_record_header(FuIoctl *ioctl, struct sg_io_hdr *hdr)
{
	struct {
		const gchar *key;
		gpointer member;
		gsize member_bytes;
	} members[] = {
	    {"Status", &hdr->status, sizeof(hdr->status)},
	    {"HostStatus", &hdr->host_status, sizeof(hdr->host_status)},
	    {"DriverStatus", &hdr->driver_status, sizeof(hdr->driver_status)},
	    {"SenseWritten", &hdr->sb_len_wr, sizeof(hdr->sb_len_wr)},
	    {"Residual", &hdr->resid, sizeof(hdr->resid)},
	};
	for (guint i = 0; i < G_N_ELEMENTS(members); i++) {
		fu_ioctl_add_mutable_buffer(ioctl,
					    members[i].key,
					    members[i].member,
					    members[i].member_bytes,
					    fu_scsi_wb_sg_member_cb);
	}
}

static void
fu_scsi_wb_sg_add_buffers(FuIoctl *ioctl, const FuScsiWbCommand *command, FuScsiWbResult *result)
{
	fu_ioctl_add_const_buffer(ioctl,
				  "Cdb",
				  command->cdb,
				  command->cdb_bytes,
				  fu_scsi_wb_sg_cdb_cb);
	if (command->direction == FU_SCSI_WB_DIRECTION_TO_DEVICE) {
		fu_ioctl_add_const_buffer(ioctl,
					  NULL,
					  command->buf,
					  command->buf_bytes,
					  fu_scsi_wb_sg_data_cb);
	}
	if (command->direction == FU_SCSI_WB_DIRECTION_FROM_DEVICE) {
		fu_ioctl_add_mutable_buffer(ioctl,
					    NULL,
					    command->buf,
					    command->buf_bytes,
					    fu_scsi_wb_sg_data_cb);
	}
	fu_ioctl_add_mutable_buffer(ioctl,
				    "Sense",
				    result->sense,
				    sizeof(result->sense),
				    fu_scsi_wb_sg_sense_cb);
}

/* fwupd turns all buffers into text to know a command again by it, as if it were to be recorded:
 * for a segment of microcode that takes longer than to send it */
static void
fu_scsi_wb_sg_fill_header(struct sg_io_hdr *hdr,
			  const FuScsiWbCommand *command,
			  FuScsiWbResult *result)
{
	hdr->cmdp = (guint8 *)command->cdb;
	hdr->cmd_len = command->cdb_bytes;
	if (command->direction != FU_SCSI_WB_DIRECTION_NONE) {
		hdr->dxferp = command->buf;
		hdr->dxfer_len = command->buf_bytes;
	}
	hdr->sbp = result->sense;
	hdr->mx_sb_len = sizeof(result->sense);
}

/* a signal would end the wait, not the command: it would run on unseen */
static gboolean
fu_scsi_wb_sg_execute(FuIoctl *ioctl, struct sg_io_hdr *hdr, gint *rc, GError **error)
{
	gboolean ret;
	gint saved_errno;
	sigset_t mask_all;
	sigset_t mask_old;

	sigfillset(&mask_all);
	(void)pthread_sigmask(SIG_SETMASK, &mask_all, &mask_old);
	errno = 0;
	ret = fu_ioctl_execute(ioctl,
			       SG_IO,
			       hdr,
			       sizeof(*hdr),
			       rc,
			       0, /* the time-out is in the header */
			       FU_IOCTL_FLAG_NONE,
			       error);
	saved_errno = errno;
	(void)pthread_sigmask(SIG_SETMASK, &mask_old, NULL);
	errno = saved_errno;
	return ret;
}

/* fwupd turns errno into a GError; the judgement needs the number */
static gint
fu_scsi_wb_sg_errno_from_error(const GError *error, gint saved_errno)
{
	if (g_error_matches(error, FWUPD_ERROR, FWUPD_ERROR_PERMISSION_DENIED))
		return EPERM;
	if (g_error_matches(error, FWUPD_ERROR, FWUPD_ERROR_NOT_SUPPORTED))
		return ENOTTY;
	if (g_error_matches(error, FWUPD_ERROR, FWUPD_ERROR_NOT_FOUND))
		return ENODEV;
	return saved_errno != 0 ? saved_errno : EIO;
}

static gint
fu_scsi_wb_sg_get_sg_direction(FuScsiWbDirection direction)
{
	if (direction == FU_SCSI_WB_DIRECTION_TO_DEVICE)
		return SG_DXFER_TO_DEV;
	if (direction == FU_SCSI_WB_DIRECTION_FROM_DEVICE)
		return SG_DXFER_FROM_DEV;
	return SG_DXFER_NONE;
}

/* fwupd keeps the channel of a node that it has closed */
static gboolean
fu_scsi_wb_sg_is_open(FuUdevDevice *udev_device)
{
	FuIOChannel *io_channel = fu_udev_device_get_io_channel(udev_device);
	return fu_scsi_wb_fact_is_replayed(udev_device) ||
	       (io_channel != NULL && fu_io_channel_unix_get_fd(io_channel) >= 0);
}

static gchar *
fu_scsi_wb_sg_get_errno_id(const FuScsiWbCommand *command)
{
	g_autofree gchar *cdb =
	    fu_scsi_wb_transport_describe_cdb(command->cdb, command->cdb_bytes, " ");
	return g_strdup_printf("ScsiWbErrno:Cdb=%s", cdb);
}

/* of an ioctl that fails fwupd records that it was tried, but not how it failed */
static void
fu_scsi_wb_sg_save_errno(FuUdevDevice *udev_device, const FuScsiWbCommand *command, gint sys_errno)
{
	g_autofree gchar *id = fu_scsi_wb_sg_get_errno_id(command);
	g_autofree gchar *text = g_strdup_printf("%i", sys_errno);
	fu_scsi_wb_fact_save(udev_device, id, text);
}

/* a failure that was recorded is an answer; a command that was not is another update than that of
 * the recording, and nobody knows what the device would say to it */
static gboolean
fu_scsi_wb_sg_replay_errno(FuUdevDevice *udev_device,
			   const FuScsiWbCommand *command,
			   FuScsiWbResult *result,
			   GError **error)
{
	guint64 sys_errno = 0;
	g_autofree gchar *cdb =
	    fu_scsi_wb_transport_describe_cdb(command->cdb, command->cdb_bytes, " ");
	g_autofree gchar *id = fu_scsi_wb_sg_get_errno_id(command);
	g_autofree gchar *text = fu_scsi_wb_fact_load(udev_device, id);

	if (text != NULL && fu_strtoull(text, &sys_errno, 1, G_MAXINT, FU_INTEGER_BASE_10, NULL)) {
		result->sys_errno = (gint)sys_errno;
		return TRUE;
	}
	g_set_error(error,
		    FWUPD_ERROR,
		    FWUPD_ERROR_INVALID_DATA,
		    "the recording does not go on with the command %s and its %" G_GSIZE_FORMAT
		    " bytes of data",
		    cdb,
		    command->buf_bytes);
	return FALSE;
}

static void
fu_scsi_wb_sg_take_header(FuScsiWbResult *result, const struct sg_io_hdr *hdr)
{
	result->status = hdr->status;
	result->host_status = hdr->host_status;
	result->driver_status = hdr->driver_status;
	result->resid_bytes = hdr->resid;
	result->sense_bytes = MIN(hdr->sb_len_wr, sizeof(result->sense));
}

/**
 * fu_scsi_wb_sg_send:
 * @user_data: a #FuUdevDevice, the SCSI generic node
 * @command: what to send
 * @result: (out): how it ended
 * @error: (nullable): optional return location for an error
 *
 * Sends a command with SG_IO, or takes its result out of a recording; a
 * #FuScsiWbTransportSendFunc.
 *
 * Returns: %TRUE if @result is valid; %FWUPD_ERROR_INVALID_DATA when a recording does not go on
 *with the command
 **/
gboolean
fu_scsi_wb_sg_send(gpointer user_data,
		   const FuScsiWbCommand *command,
		   FuScsiWbResult *result,
		   GError **error)
{
	FuUdevDevice *udev_device = FU_UDEV_DEVICE(user_data);
	gint rc = 0;
	g_autoptr(FuIoctl) ioctl = fu_udev_device_ioctl_new(udev_device);
	g_autoptr(GError) error_local = NULL;
	struct sg_io_hdr hdr = {
	    .interface_id = 'S',
	    .dxfer_direction = fu_scsi_wb_sg_get_sg_direction(command->direction),
	    .timeout = command->timeout_ms,
	};

	result->node = fu_udev_device_get_device_file(udev_device);

	/* a device that restarts may have no node for a while */
	if (!fu_scsi_wb_sg_is_open(udev_device)) {
		result->sys_errno = ENODEV;
		fu_scsi_wb_sg_save_errno(udev_device, command, result->sys_errno);
		return TRUE;
	}
	if (fu_scsi_wb_fact_is_recorded(udev_device)) {
		fu_scsi_wb_sg_add_buffers(ioctl, command, result);
		fu_scsi_wb_sg_record_header(ioctl, &hdr);
	} else {
		fu_scsi_wb_sg_fill_header(&hdr, command, result);
	}
	if (!fu_scsi_wb_sg_execute(ioctl, &hdr, &rc, &error_local)) {
		gint saved_errno = errno;
		if (fu_scsi_wb_fact_is_replayed(udev_device))
			return fu_scsi_wb_sg_replay_errno(udev_device, command, result, error);
		if (rc >= 0) {
			g_propagate_error(error, g_steal_pointer(&error_local));
			return FALSE;
		}
		result->sys_errno = fu_scsi_wb_sg_errno_from_error(error_local, saved_errno);
		fu_scsi_wb_sg_save_errno(udev_device, command, result->sys_errno);
		return TRUE;
	}
	fu_scsi_wb_sg_take_header(result, &hdr);
	return TRUE;
}

/**
 * fu_scsi_wb_sg_sleep:
 * @user_data: a #FuUdevDevice, the SCSI generic node
 * @delay_ms: how long
 *
 * Lets time pass, unless the device is emulated; a #FuScsiWbTransportSleepFunc.
 **/
void
fu_scsi_wb_sg_sleep(gpointer user_data, guint delay_ms)
{
	fu_device_sleep(FU_DEVICE(user_data), delay_ms);
}

/**
 * fu_scsi_wb_sg_init_node:
 * @udev_device: a SCSI generic node that was not opened yet
 *
 * Lets the node be opened for SG_IO: a command that writes needs a node that may be written to, and
 * one that somebody keeps for himself is refused instead of waited for (Linux 6.1,
 * drivers/scsi/sg.c: sg_open()).
 **/
void
fu_scsi_wb_sg_init_node(FuUdevDevice *udev_device)
{
	fu_udev_device_add_open_flag(udev_device, FU_IO_CHANNEL_OPEN_FLAG_READ);
	fu_udev_device_add_open_flag(udev_device, FU_IO_CHANNEL_OPEN_FLAG_WRITE);
	fu_udev_device_add_open_flag(udev_device, FU_IO_CHANNEL_OPEN_FLAG_NONBLOCK);
}
