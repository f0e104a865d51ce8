/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

/* Linux 6.1, include/scsi/scsi_cmnd.h: SCSI_SENSE_BUFFERSIZE */
#define FU_SCSI_WB_SENSE_BYTES_MAX 96

typedef enum {
	FU_SCSI_WB_DIRECTION_NONE,
	FU_SCSI_WB_DIRECTION_FROM_DEVICE,
	FU_SCSI_WB_DIRECTION_TO_DEVICE,
} FuScsiWbDirection;

/**
 * FuScsiWbCommand:
 * @cdb: the command descriptor block
 * @cdb_bytes: size of @cdb, 6 to 16
 * @direction: where the data go
 * @buf: (nullable): the data; written to only when @direction is FROM_DEVICE
 * @buf_bytes: size of @buf
 * @timeout_ms: after this the kernel aborts the command and resets the device
 *
 * One SCSI command. The caller owns the buffers.
 **/
typedef struct {
	const guint8 *cdb;
	gsize cdb_bytes;
	FuScsiWbDirection direction;
	guint8 *buf;
	gsize buf_bytes;
	guint timeout_ms;
} FuScsiWbCommand;

/**
 * FuScsiWbResult:
 * @sys_errno: 0, or the errno with which the kernel refused the ioctl; the rest is then 0
 * @node: (nullable): the node that was used, for people; not owned
 * @status: SCSI status byte
 * @host_status: what the host adapter's driver said, %FuScsiWbHostStatus
 * @driver_status: what the kernel's SCSI layer said; bit 3 only announces sense data
 * @resid_bytes: how many bytes that were sent were not taken; 0 for the other directions
 * @sent_bytes: how many bytes there were to send; 0 for the other directions
 * @received_bytes: how many bytes of the buffer the device filled; 0 for the other directions
 * @sense: sense data, fixed or descriptor format
 * @sense_bytes: how many bytes of @sense are valid
 * @timeout_ms: the limit the command was sent with
 *
 * All that is known of how a command ended. It is judged in fu-scsi-wb-sense.
 **/
typedef struct {
	gint sys_errno;
	const gchar *node;
	guint8 status;
	guint16 host_status;
	guint16 driver_status;
	gint32 resid_bytes;
	gsize sent_bytes;
	gsize received_bytes;
	guint8 sense[FU_SCSI_WB_SENSE_BYTES_MAX];
	guint8 sense_bytes;
	guint timeout_ms;
} FuScsiWbResult;

/**
 * FuScsiWbTransportSendFunc:
 *
 * Sends one command and waits for its end. Returns %FALSE only when there is no result at all: a
 * recording that lacks the command. Whatever the kernel, adapter or device said goes to @result.
 **/
typedef gboolean (*FuScsiWbTransportSendFunc)(gpointer user_data,
					      const FuScsiWbCommand *command,
					      FuScsiWbResult *result,
					      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * FuScsiWbTransportSleepFunc:
 *
 * Lets @delay_ms pass, or pretends to.
 **/
typedef void (*FuScsiWbTransportSleepFunc)(gpointer user_data, guint delay_ms);

/**
 * FuScsiWbTransportClockFunc:
 *
 * Says what time it is: milliseconds since any moment, never going back.
 **/
typedef gint64 (*FuScsiWbTransportClockFunc)(gpointer user_data);

/**
 * FuScsiWbTransportFindFunc:
 *
 * Looks for the device where the kernel has it now. There may be none, or nothing may have changed.
 **/
typedef void (*FuScsiWbTransportFindFunc)(gpointer user_data);

typedef struct _FuScsiWbTransport FuScsiWbTransport;

gchar *
fu_scsi_wb_transport_describe_cdb(const guint8 *cdb,
				  gsize cdb_bytes,
				  const gchar *separator) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1, 3);
FuScsiWbTransport *
fu_scsi_wb_transport_new(FuUdevDevice *udev_device) G_GNUC_NON_NULL(1);
FuScsiWbTransport *
fu_scsi_wb_transport_new_full(FuScsiWbTransportSendFunc send_func,
			      FuScsiWbTransportSleepFunc sleep_func,
			      gpointer user_data) G_GNUC_NON_NULL(1, 2);
FuScsiWbTransport *
fu_scsi_wb_transport_new_like(const FuScsiWbTransport *self,
			      FuUdevDevice *udev_device) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1, 2);
void
fu_scsi_wb_transport_set_clock(FuScsiWbTransport *self, FuScsiWbTransportClockFunc clock_func)
    G_GNUC_NON_NULL(1, 2);
void
fu_scsi_wb_transport_set_find(FuScsiWbTransport *self,
			      FuScsiWbTransportFindFunc find_func,
			      gpointer find_data) G_GNUC_NON_NULL(1, 2);
void
fu_scsi_wb_transport_free(FuScsiWbTransport *self);
gboolean
fu_scsi_wb_transport_send(FuScsiWbTransport *self,
			  const FuScsiWbCommand *command,
			  FuScsiWbResult *result,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2, 3);
void
fu_scsi_wb_transport_find_again(FuScsiWbTransport *self) G_GNUC_NON_NULL(1);
void
fu_scsi_wb_transport_sleep(FuScsiWbTransport *self, guint delay_ms) G_GNUC_NON_NULL(1);
gint64
fu_scsi_wb_transport_get_time_ms(FuScsiWbTransport *self) G_GNUC_NON_NULL(1);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FuScsiWbTransport, fu_scsi_wb_transport_free)
