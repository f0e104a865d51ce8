/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

#include "fu-scsi-wb-struct.h"

/* nobody waits longer than a day for one command */
#define FU_SCSI_WB_PROFILE_TIMEOUT_MAX_S 86400

/**
 * FuScsiWbFlags:
 *
 * The flags that a quirk row may carry in `Flags =`, see fu_scsi_wb_profile_flags[].
 **/
typedef enum {
	FU_SCSI_WB_FLAG_NONE = 0,
	FU_SCSI_WB_FLAG_EXACT_CHUNK = 1 << 0,
	FU_SCSI_WB_FLAG_INCREMENT_BUFFER_ID = 1 << 1,
	FU_SCSI_WB_FLAG_FIXED_OFFSET = 1 << 2,
	FU_SCSI_WB_FLAG_SINGLE_COMMAND = 1 << 3,
	FU_SCSI_WB_FLAG_COMMIT_ZERO_LENGTH = 1 << 4,
	FU_SCSI_WB_FLAG_ACTIVATE_ON_REBOOT = 1 << 5,
	FU_SCSI_WB_FLAG_ACTIVATE_ON_POWER_CYCLE = 1 << 6,
	FU_SCSI_WB_FLAG_ALLOW_IN_USE = 1 << 7,
	FU_SCSI_WB_FLAG_NO_LINK_CHECK = 1 << 8,
	FU_SCSI_WB_FLAG_IGNORES_OFFSET = 1 << 9,
} FuScsiWbFlags;

/**
 * FuScsiWbProfile:
 * @named: a quirk row carries ScsiWbMode, so the device is ours
 * @keys: the keys that a row carries, a bit each: 1 << index of fu_scsi_wb_profile_get_key()
 * @mode: MODE of the segments, or %FU_SCSI_WB_MODE_AUTO
 * @mode_last: MODE of the last segment, or 0 for @mode
 * @mode_specific: MODE SPECIFIC of every segment
 * @chunk_bytes: the largest segment, or 0 for the default
 * @align_bytes: every segment's length and offset is a multiple of it, or 0 if it does not say
 * @buffer_id: BUFFER ID of the first segment
 * @offset_unit_bytes: bytes that one BUFFER OFFSET count stands for
 * @timeout_s: for a segment, or 0 for the default
 * @timeout_last_s: for the last segment and activation, or 0 for the default
 * @version_page: the VPD page with the version, or 0 for standard INQUIRY data
 * @version_offset: where the version begins there, in bytes
 * @version_bytes: how long it is, or 0 if it is PRODUCT REVISION LEVEL
 * @readiness: what TEST UNIT READY has to say first, or %FU_SCSI_WB_READINESS_UNKNOWN
 * @flags: any #FuScsiWbFlags
 *
 * What a quirk row says of a device. All zero is a row that says nothing.
 **/
typedef struct {
	gboolean named;
	guint32 keys;
	guint32 mode;
	guint32 mode_last;
	guint32 mode_specific;
	guint32 chunk_bytes;
	guint32 align_bytes;
	guint32 buffer_id;
	guint32 offset_unit_bytes;
	guint32 timeout_s;
	guint32 timeout_last_s;
	guint32 version_page;
	guint32 version_offset;
	guint32 version_bytes;
	FuScsiWbReadiness readiness;
	FuScsiWbFlags flags;
} FuScsiWbProfile;

const gchar *
fu_scsi_wb_profile_get_key(guint idx);
const gchar *
fu_scsi_wb_profile_get_flag(guint idx, FuScsiWbFlags *flag);
gboolean
fu_scsi_wb_profile_has_key(const FuScsiWbProfile *self, const gchar *key) G_GNUC_NON_NULL(1, 2);
gboolean
fu_scsi_wb_profile_set_kv(FuScsiWbProfile *self,
			  const gchar *key,
			  const gchar *value,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2, 3);
gboolean
fu_scsi_wb_profile_validate(const FuScsiWbProfile *self, GError **error) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_profile_is_disruptive(const FuScsiWbProfile *self) G_GNUC_NON_NULL(1);
void
fu_scsi_wb_profile_add_string(const FuScsiWbProfile *self, guint idt, GString *str)
    G_GNUC_NON_NULL(1, 3);
