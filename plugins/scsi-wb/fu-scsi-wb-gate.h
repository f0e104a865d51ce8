/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-recording.h"

/**
 * FuScsiWbGate:
 * @inner: where questions go
 * @recording: what was answered
 * @n_questions: how many commands went through
 * @n_refused: how many did not
 *
 * A gate in front of a device, through which only questions pass.
 **/
typedef struct {
	FuScsiWbTransport *inner;
	FuScsiWbRecording *recording;
	guint n_questions;
	guint n_refused;
} FuScsiWbGate;

FuScsiWbGate *
fu_scsi_wb_gate_new(FuScsiWbTransport *inner) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
void
fu_scsi_wb_gate_free(FuScsiWbGate *self);
FuScsiWbTransport *
fu_scsi_wb_gate_new_transport(FuScsiWbGate *self) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FuScsiWbGate, fu_scsi_wb_gate_free)
