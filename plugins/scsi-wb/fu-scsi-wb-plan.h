/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-traits.h"

/**
 * FuScsiWbSegment:
 * @mode: MODE
 * @mode_specific: MODE SPECIFIC, 3 bits
 * @buffer_id: BUFFER ID
 * @buffer_offset: BUFFER OFFSET as it stands in the CDB
 * @image_offset_bytes: where in the image the data begin
 * @length_bytes: PARAMETER LIST LENGTH, 0 to only commit or activate
 * @timeout_ms: after this the kernel resets the device
 *
 * One WRITE BUFFER command.
 **/
typedef struct {
	guint8 mode;
	guint8 mode_specific;
	guint8 buffer_id;
	guint32 buffer_offset;
	gsize image_offset_bytes;
	gsize length_bytes;
	guint timeout_ms;
} FuScsiWbSegment;

/**
 * FuScsiWbPlan:
 * @segments: (element-type FuScsiWbSegment): the download, in order, at least one
 * @image_bytes: what the segments add up to
 * @activation: how the new firmware comes into use
 * @activation_source: who says so, for people; never %NULL
 * @activation_deferred: the same, if the device says after the last segment that it waits
 * @activate: the command that activates it, if @activation is %FU_SCSI_WB_ACTIVATION_COMMAND
 * @is_unaddressed: the device does not look at where a segment belongs
 * @wait_ms: how long the device may take to be ready after the last command
 * @fallback: (nullable): another plan if the device does not know the mode of this one
 *
 * Everything that will be sent, made before anything is.
 **/
typedef struct _FuScsiWbPlan FuScsiWbPlan;
struct _FuScsiWbPlan {
	GArray *segments;
	gsize image_bytes;
	FuScsiWbActivation activation;
	const gchar *activation_source;
	FuScsiWbActivation activation_deferred;
	FuScsiWbSegment activate;
	gboolean is_unaddressed;
	guint wait_ms;
	FuScsiWbPlan *fallback;
};

FuScsiWbPlan *
fu_scsi_wb_plan_new(const FuScsiWbProfile *profile,
		    const FuScsiWbTraits *traits,
		    gsize image_bytes,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
void
fu_scsi_wb_plan_free(FuScsiWbPlan *self);
FuScsiWbSegment
fu_scsi_wb_plan_get_activate(const FuScsiWbTraits *traits) G_GNUC_NON_NULL(1);
gsize
fu_scsi_wb_plan_get_transfer_bytes(const FuScsiWbPlan *self) G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_plan_limit_to_in_use(FuScsiWbPlan *self) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
gchar *
fu_scsi_wb_plan_to_string(const FuScsiWbPlan *self) G_GNUC_NON_NULL(1);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FuScsiWbPlan, fu_scsi_wb_plan_free)
