/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-transport.h"

/**
 * FuScsiWbRecordingAnswer:
 * @cdb: the question
 * @result: how it ended
 * @data: what the device answered, without what it left out
 * @line: where in the file the question stands, 0 if it comes from a device
 * @is_used: the answer was given already
 *
 * What became of one question.
 **/
typedef struct {
	GByteArray *cdb;
	FuScsiWbResult result;
	GByteArray *data;
	guint line;
	gboolean is_used;
} FuScsiWbRecordingAnswer;

/**
 * FuScsiWbRecording:
 * @answers: (element-type FuScsiWbRecordingAnswer): in the order of the questions
 * @transfer_max_bytes: the most that the host adapter takes in one command, 0 if unknown
 * @others_refused: a question that has no answer here is one that the device refuses
 * @missing: (nullable): the first question that was asked and has no answer here, for people
 *
 * What a device answered. It holds no firmware, no serial number and no data of a medium.
 **/
typedef struct {
	GPtrArray *answers;
	gsize transfer_max_bytes;
	gboolean others_refused;
	gchar *missing;
} FuScsiWbRecording;

FuScsiWbRecording *
fu_scsi_wb_recording_new(void) G_GNUC_WARN_UNUSED_RESULT;
void
fu_scsi_wb_recording_free(FuScsiWbRecording *self);
FuScsiWbRecordingAnswer *
fu_scsi_wb_recording_add_question(FuScsiWbRecording *self, const guint8 *cdb, gsize cdb_bytes)
    G_GNUC_NON_NULL(1, 2);
void
fu_scsi_wb_recording_add_answer(FuScsiWbRecording *self,
				const FuScsiWbCommand *command,
				const FuScsiWbResult *result) G_GNUC_NON_NULL(1, 2, 3);
FuScsiWbTransport *
fu_scsi_wb_recording_new_transport(FuScsiWbRecording *self) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FuScsiWbRecording, fu_scsi_wb_recording_free)
