/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-question.h"
#include "fu-scsi-wb-recording.h"
#include "fu-scsi-wb-sense.h"
#include "fu-scsi-wb-struct.h"

static void
fu_scsi_wb_recording_answer_free(FuScsiWbRecordingAnswer *answer)
{
	g_byte_array_unref(answer->cdb);
	g_byte_array_unref(answer->data);
	g_free(answer);
}

/**
 * fu_scsi_wb_recording_new:
 *
 * Creates a recording of a device that was not asked anything yet.
 *
 * Returns: (transfer full): a recording
 **/
FuScsiWbRecording *
fu_scsi_wb_recording_new(void)
{
	FuScsiWbRecording *self = g_new0(FuScsiWbRecording, 1);
	self->answers =
	    g_ptr_array_new_with_free_func((GDestroyNotify)fu_scsi_wb_recording_answer_free);
	return self;
}

void
fu_scsi_wb_recording_free(FuScsiWbRecording *self)
{
	g_ptr_array_unref(self->answers);
	g_free(self->missing);
	g_free(self);
}

/**
 * fu_scsi_wb_recording_add_question:
 * @self: a #FuScsiWbRecording
 * @cdb: a command descriptor block
 * @cdb_bytes: size of @cdb
 *
 * Adds a question, whose answer the caller has to fill in.
 *
 * Returns: (transfer none): an answer that says nothing yet
 **/
FuScsiWbRecordingAnswer *
fu_scsi_wb_recording_add_question(FuScsiWbRecording *self, const guint8 *cdb, gsize cdb_bytes)
{
	FuScsiWbRecordingAnswer *answer = g_new0(FuScsiWbRecordingAnswer, 1);

	answer->cdb = g_byte_array_append(g_byte_array_new(), cdb, cdb_bytes);
	answer->data = g_byte_array_new();
	g_ptr_array_add(self->answers, answer);
	return answer;
}

static gboolean
fu_scsi_wb_recording_is_same_cdb(const FuScsiWbRecordingAnswer *answer,
				 const guint8 *cdb,
				 gsize cdb_bytes)
{
	return answer->cdb->len == cdb_bytes && memcmp(answer->cdb->data, cdb, cdb_bytes) == 0;
}

static gboolean
fu_scsi_wb_recording_is_same_answer(const FuScsiWbRecordingAnswer *answer,
				    const FuScsiWbRecordingAnswer *other)
{
	const FuScsiWbResult *result = &answer->result;

	return result->sys_errno == other->result.sys_errno &&
	       result->status == other->result.status &&
	       result->host_status == other->result.host_status &&
	       result->driver_status == other->result.driver_status &&
	       result->sense_bytes == other->result.sense_bytes &&
	       memcmp(result->sense, other->result.sense, result->sense_bytes) == 0 &&
	       answer->data->len == other->data->len &&
	       (answer->data->len == 0 ||
		memcmp(answer->data->data, other->data->data, answer->data->len) == 0);
}

/* the last answer to a question before this one */
static const FuScsiWbRecordingAnswer *
fu_scsi_wb_recording_find_last(FuScsiWbRecording *self, const FuScsiWbRecordingAnswer *answer)
{
	for (guint i = self->answers->len - 1; i > 0; i--) {
		const FuScsiWbRecordingAnswer *other = g_ptr_array_index(self->answers, i - 1);
		if (fu_scsi_wb_recording_is_same_cdb(other, answer->cdb->data, answer->cdb->len))
			return other;
	}
	return NULL;
}

/**
 * fu_scsi_wb_recording_add_answer:
 * @self: a #FuScsiWbRecording
 * @command: a command that a device was sent
 * @result: how it ended
 *
 * Writes down what became of a question. The same answer to the same question stands only once.
 **/
void
fu_scsi_wb_recording_add_answer(FuScsiWbRecording *self,
				const FuScsiWbCommand *command,
				const FuScsiWbResult *result)
{
	g_autoptr(FuScsiWbVerdict) verdict = NULL;
	const FuScsiWbRecordingAnswer *last;
	FuScsiWbRecordingAnswer *answer =
	    fu_scsi_wb_recording_add_question(self, command->cdb, command->cdb_bytes);

	/* a host adapter need not say that nothing came with a refusal */
	verdict = fu_scsi_wb_sense_judge(result);
	answer->result = *result;
	if (verdict->klass == FU_SCSI_WB_CLASS_ACCEPTED && result->received_bytes > 0)
		g_byte_array_append(answer->data, command->buf, result->received_bytes);
	last = fu_scsi_wb_recording_find_last(self, answer);
	if (last != NULL && fu_scsi_wb_recording_is_same_answer(last, answer))
		g_ptr_array_remove_index(self->answers, self->answers->len - 1);
}

/* several answers to one question are given one after another, and the last one for ever: a unit
 * attention stands before what the device answered then */
static FuScsiWbRecordingAnswer *
fu_scsi_wb_recording_find(FuScsiWbRecording *self, const FuScsiWbCommand *command)
{
	FuScsiWbRecordingAnswer *found = NULL;

	for (guint i = 0; i < self->answers->len; i++) {
		FuScsiWbRecordingAnswer *answer = g_ptr_array_index(self->answers, i);
		if (!fu_scsi_wb_recording_is_same_cdb(answer, command->cdb, command->cdb_bytes))
			continue;
		found = answer;
		if (!answer->is_used)
			break;
	}
	if (found != NULL)
		found->is_used = TRUE;
	return found;
}

/* SPC-4 (INCITS 513): fixed format sense data, INVALID COMMAND OPERATION CODE */
static void
fu_scsi_wb_recording_refuse(const FuScsiWbCommand *command, FuScsiWbResult *result)
{
	const guint8 sense[18] = {[0] = 0x70, [2] = 0x05, [7] = 10, [12] = 0x20};

	result->status = FU_SCSI_WB_STATUS_CHECK_CONDITION;
	result->sense_bytes = sizeof(sense);
	result->resid_bytes = (gint32)command->buf_bytes;
	for (guint i = 0; i < sizeof(sense); i++)
		result->sense[i] = sense[i];
}

static gboolean
fu_scsi_wb_recording_set_missing(FuScsiWbRecording *self,
				 const FuScsiWbCommand *command,
				 GError **error)
{
	g_autofree gchar *text = fu_scsi_wb_question_describe(command->cdb, command->cdb_bytes);

	if (self->missing == NULL)
		self->missing = g_strdup(text != NULL ? text : "another command");
	g_set_error(error,
		    FWUPD_ERROR,
		    FWUPD_ERROR_NOT_FOUND,
		    "the recording has no answer to %s",
		    self->missing);
	return FALSE;
}

static gboolean
fu_scsi_wb_recording_send_cb(gpointer user_data,
			     const FuScsiWbCommand *command,
			     FuScsiWbResult *result,
			     GError **error)
{
	FuScsiWbRecording *self = user_data;
	gsize data_bytes;
	const FuScsiWbRecordingAnswer *answer;

	if (command->direction != FU_SCSI_WB_DIRECTION_FROM_DEVICE)
		return fu_scsi_wb_recording_set_missing(self, command, error);
	answer = fu_scsi_wb_recording_find(self, command);
	if (answer == NULL && !self->others_refused)
		return fu_scsi_wb_recording_set_missing(self, command, error);
	if (answer == NULL) {
		fu_scsi_wb_recording_refuse(command, result);
		return TRUE;
	}
	*result = answer->result;
	result->timeout_ms = command->timeout_ms;
	data_bytes = MIN(answer->data->len, command->buf_bytes);
	result->resid_bytes = (gint32)(command->buf_bytes - data_bytes);
	if (data_bytes == 0)
		return TRUE;
	return fu_memcpy_safe(command->buf,
			      command->buf_bytes,
			      0x0,
			      answer->data->data,
			      answer->data->len,
			      0x0,
			      data_bytes,
			      error);
}

static void
fu_scsi_wb_recording_sleep_cb(gpointer user_data, guint delay_ms)
{
}

/**
 * fu_scsi_wb_recording_new_transport:
 * @self: a #FuScsiWbRecording, which has to outlive the transport
 *
 * Creates a transport behind which the recorded device answers.
 *
 * Returns: (transfer full): a transport
 **/
FuScsiWbTransport *
fu_scsi_wb_recording_new_transport(FuScsiWbRecording *self)
{
	return fu_scsi_wb_transport_new_full(fu_scsi_wb_recording_send_cb,
					     fu_scsi_wb_recording_sleep_cb,
					     self);
}
