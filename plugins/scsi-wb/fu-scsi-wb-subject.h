/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-device.h"
#include "fu-scsi-wb-gate.h"
#include "fu-scsi-wb-limits.h"
#include "fu-scsi-wb-options.h"

/**
 * FuScsiWbSubject:
 * @ctx: for the device; it has no quirk rows at first
 * @sysfs_path: (nullable): of the SCSI generic node, %NULL without a device
 * @node: (nullable): the SCSI generic node, %NULL without a device
 * @identity: who it is, before it is asked
 * @recording: (nullable): what it has answered, if it is not here
 * @gate: in front of device or recording
 * @device: the plugin's device
 * @locker: (nullable): keeps the node open
 * @limits: what the host allows
 *
 * What a dry run is about: a device, or what is known of one.
 **/
typedef struct {
	FuContext *ctx;
	gchar *sysfs_path;
	gchar *node;
	FuScsiWbIdentity *identity;
	FuScsiWbRecording *recording;
	FuScsiWbGate *gate;
	FuDevice *device;
	FuDeviceLocker *locker;
	FuScsiWbLimits limits;
} FuScsiWbSubject;

FuScsiWbSubject *
fu_scsi_wb_subject_new(const FuScsiWbOptions *options,
		       FuContext *ctx,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
void
fu_scsi_wb_subject_free(FuScsiWbSubject *self);
void
fu_scsi_wb_subject_make_device(FuScsiWbSubject *self) G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_subject_open(FuScsiWbSubject *self, GError **error) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FuScsiWbSubject, fu_scsi_wb_subject_free)
