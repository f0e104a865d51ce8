/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-discover.h"
#include "fu-scsi-wb-recording-text.h"
#include "fu-scsi-wb-sense.h"
#include "fu-scsi-wb-traits.h"
#include "fu-scsi-wb-verify.h"
#include "fuzz-check.h"

/* what has to hold of any text that is called a recording: it is refused with the number of a line,
 * or what was understood is written and read again as the same, and is the same device */

/* how much a question asks for: less than the answer, and more */
static const gsize answer_sizes[] = {0, 4, 252};

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void
fuzz_recording_check_refused(const GError *error)
{
	fuzz_check_refusal(error, FWUPD_ERROR_INVALID_DATA);
	g_assert_true(g_regex_match_simple("^line [1-9][0-9]*: .", error->message, 0, 0));
}

/* a person may read it and mail it */
static void
fuzz_recording_check_written(const gchar *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (guint i = 0; lines[i] != NULL; i++) {
		if (*lines[i] == '\0')
			continue;

		/* what can be read of bytes is the device's */
		if (g_str_has_prefix(lines[i], "  data") || g_str_has_prefix(lines[i], "  sense"))
			fuzz_check_text(lines[i]);
		else
			fuzz_check_words(lines[i]);
	}
}

static gchar *
fuzz_recording_answer_to_string(const FuScsiWbRecordingAnswer *answer)
{
	const FuScsiWbResult *result = &answer->result;
	GString *str = g_string_new(NULL);

	for (guint i = 0; i < answer->cdb->len; i++)
		g_string_append_printf(str, "%02x", answer->cdb->data[i]);

	/* the kernel has refused it, and nobody else said anything */
	if (result->sys_errno != 0) {
		g_string_append_printf(str, " errno %d", result->sys_errno);
		return g_string_free(str, FALSE);
	}
	g_string_append_printf(str,
			       " %x/%x/%x sense ",
			       result->status,
			       result->host_status,
			       result->driver_status);
	for (guint i = 0; i < result->sense_bytes; i++)
		g_string_append_printf(str, "%02x", result->sense[i]);
	g_string_append(str, " data ");
	for (guint i = 0; i < answer->data->len; i++)
		g_string_append_printf(str, "%02x", answer->data->data[i]);
	return g_string_free(str, FALSE);
}

static void
fuzz_recording_assert_same(const FuScsiWbRecording *self, const FuScsiWbRecording *other)
{
	g_assert_cmpuint(self->transfer_max_bytes, ==, other->transfer_max_bytes);
	g_assert_cmpint(self->others_refused, ==, other->others_refused);
	g_assert_cmpuint(self->answers->len, ==, other->answers->len);
	for (guint i = 0; i < self->answers->len; i++) {
		g_autofree gchar *str =
		    fuzz_recording_answer_to_string(g_ptr_array_index(self->answers, i));
		g_autofree gchar *str_other =
		    fuzz_recording_answer_to_string(g_ptr_array_index(other->answers, i));
		g_assert_cmpstr(str, ==, str_other);
	}
}

/* how the recorded device answers, in words and bytes */
static gchar *
fuzz_recording_ask(FuScsiWbTransport *transport, const GByteArray *cdb, gsize bytes)
{
	FuScsiWbResult result = {0};
	g_autofree guint8 *buf = g_malloc0(MAX(bytes, 1));
	FuScsiWbCommand command = {
	    .cdb = cdb->data,
	    .cdb_bytes = cdb->len,
	    .direction = FU_SCSI_WB_DIRECTION_FROM_DEVICE,
	    .buf = buf,
	    .buf_bytes = bytes,
	    .timeout_ms = 1000,
	};
	g_autoptr(FuScsiWbVerdict) verdict = NULL;
	g_autoptr(GString) str = NULL;
	gboolean ret;
	g_autoptr(GError) error = NULL;

	ret = fu_scsi_wb_transport_send(transport, &command, &result, &error);
	g_assert_no_error(error);
	g_assert_true(ret);
	g_assert_cmpuint(result.received_bytes, <=, bytes);
	verdict = fu_scsi_wb_sense_judge(&result);
	fuzz_check_words(verdict->words);
	str = g_string_new(verdict->words);
	for (gsize i = 0; verdict->klass == FU_SCSI_WB_CLASS_ACCEPTED && i < result.received_bytes;
	     i++)
		g_string_append_printf(str, " %02x", buf[i]);
	return g_string_free(g_steal_pointer(&str), FALSE);
}

/* the same questions in the same order have the same answers */
static void
fuzz_recording_compare(FuScsiWbRecording *self, FuScsiWbRecording *other)
{
	g_autoptr(FuScsiWbTransport) transport = fu_scsi_wb_recording_new_transport(self);
	g_autoptr(FuScsiWbTransport) transport_other = fu_scsi_wb_recording_new_transport(other);

	for (guint i = 0; i < self->answers->len; i++) {
		const FuScsiWbRecordingAnswer *answer = g_ptr_array_index(self->answers, i);
		gsize bytes = answer_sizes[i % G_N_ELEMENTS(answer_sizes)];
		g_autofree gchar *str = fuzz_recording_ask(transport, answer->cdb, bytes);
		g_autofree gchar *str_other =
		    fuzz_recording_ask(transport_other, answer->cdb, bytes);
		g_assert_cmpstr(str, ==, str_other);
	}
}

/* as the dry run does: who is it, and what can it do */
static void
fuzz_recording_inquire(FuScsiWbRecording *self)
{
	const FuScsiWbVersionPlace place = {0};
	const FuScsiWbProfile profile = {0};
	const FuScsiWbLimits limits = {.transfer_max_bytes = self->transfer_max_bytes};
	FuScsiWbCaps caps;
	FuScsiWbTraits traits;
	g_autoptr(FuScsiWbIdentity) identity = NULL;
	g_autoptr(FuScsiWbTransport) transport = fu_scsi_wb_recording_new_transport(self);
	g_autoptr(GError) error = NULL;
	g_autoptr(GError) error_traits = NULL;

	identity = fu_scsi_wb_verify_inquire(transport, &place, &error);
	if (identity == NULL)
		fuzz_check_error(error);
	caps = fu_scsi_wb_discover_run(transport, &profile);
	if (!fu_scsi_wb_traits_resolve(&profile, &caps, &limits, &traits, &error_traits))
		fuzz_check_error(error_traits);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	g_autofree gchar *text = g_strndup((const gchar *)data, size);
	g_autofree gchar *written = NULL;
	g_autofree gchar *written_again = NULL;
	g_autoptr(FuScsiWbIdentity) identity = fu_scsi_wb_identity_new();
	g_autoptr(FuScsiWbRecording) recording = NULL;
	g_autoptr(FuScsiWbRecording) again = NULL;
	g_autoptr(GError) error = NULL;

	identity->vendor = g_strdup("ACME");
	identity->product = g_strdup("DISK");
	recording = fu_scsi_wb_recording_text_parse(text, &error);
	if (recording == NULL) {
		fuzz_recording_check_refused(error);
		return 0;
	}
	g_assert_no_error(error);
	written = fu_scsi_wb_recording_write(recording, identity);
	fuzz_recording_check_written(written);
	again = fu_scsi_wb_recording_text_parse(written, &error);
	g_assert_no_error(error);
	fuzz_recording_assert_same(recording, again);
	written_again = fu_scsi_wb_recording_write(again, identity);
	g_assert_cmpstr(written, ==, written_again);
	fuzz_recording_compare(recording, again);
	fuzz_recording_inquire(again);
	return 0;
}
