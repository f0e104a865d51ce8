/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-identity.h"
#include "fu-scsi-wb-recording.h"

/* what a recording begins with; a change that old programs do not understand counts it up */
#define FU_SCSI_WB_RECORDING_TEXT_HEADER "scsi-wb-recording 1"

FuScsiWbRecording *
fu_scsi_wb_recording_text_parse(const gchar *text, GError **error) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);
gchar *
fu_scsi_wb_recording_write(const FuScsiWbRecording *self,
			   const FuScsiWbIdentity *identity) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1, 2);
