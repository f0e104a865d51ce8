/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-recording-text.h"
#include "fu-scsi-wb-unit.h"

/* a recording as text, and what answers in its place */

#define HEADER	"scsi-wb-recording 1\n"
#define INQUIRY "cdb 12 00 00 00 24 00\n"

typedef struct {
	const gchar *name;
	const gchar *text;
	const gchar *message;
} FuScsiWbRecordingTestBad;

static const FuScsiWbRecordingTestBad bad_rows[] = {
    {"empty", "", "line 1: the file is cut off: its last line is 'end' with the number of answers"},
    {"other-file",
     "#!/bin/sh\n\nexit 0\n",
     "line 3: no recording: it begins with 'scsi-wb-recording 1'"},
    {"other-version",
     "scsi-wb-recording 2\nend 0\n",
     "line 1: no recording: it begins with 'scsi-wb-recording 1'"},
    {"binary",
     "\x7f"
     "ELF\x02\n",
     "line 1: no recording: it begins with 'scsi-wb-recording 1'"},
    {"cut-off",
     HEADER INQUIRY "status 00\n",
     "line 4: the file is cut off: its last line is 'end' with the number of answers"},
    {"cut-off-in-a-line",
     HEADER INQUIRY "status 00\ndata 00 0",
     "line 4: '0' is no byte in two hexadecimal digits"},
    {"answer-missing",
     HEADER INQUIRY "status 00\nend 2\n",
     "line 4: 1 answers instead of 2: some are missing"},
    {"no-result",
     HEADER INQUIRY "data 00\nend 1\n",
     "line 4: the question of line 2 has no 'status', 'host' or 'errno'"},
    {"no-result-before-the-next",
     HEADER "\n" INQUIRY INQUIRY "status 00\nend 2\n",
     "line 4: the question of line 3 has no 'status', 'host' or 'errno'"},
    {"after-the-end", HEADER "end 0\nend 0\n", "line 3: there is something after 'end'"},
    {"unknown-word", HEADER "cbd 12\nend 0\n", "line 2: unknown word 'cbd'"},
    {"unknown-bytes", HEADER "\xff\x01 12\nend 0\n", "line 2: unknown word '\\377\\001'"},
    {"answer-without-question", HEADER "status 00\nend 0\n", "line 2: no 'cdb' stands before it"},
    {"no-cdb", HEADER "cdb\nend 0\n", "line 2: a CDB has 6 to 16 bytes"},
    {"long-cdb",
     HEADER "cdb 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10\nend 0\n",
     "line 2: a CDB has 6 to 16 bytes"},
    {"write-buffer",
     HEADER "cdb 3b 07 00 00 00 00 00 00 00 00\nstatus 00\nend 1\n",
     "line 2: this CDB is no question that is asked"},
    {"long-byte", HEADER "cdb 012\nend 0\n", "line 2: '012' is no byte in two hexadecimal digits"},
    {"no-digit", HEADER "cdb 1g\nend 0\n", "line 2: '1g' is no byte in two hexadecimal digits"},
    {"status-word", HEADER INQUIRY "status good\n", "line 3: 'good' is no number from 0 to 255"},
    {"status-negative", HEADER INQUIRY "status -1\n", "line 3: '-1' is no number from 0 to 255"},
    {"status-large", HEADER INQUIRY "status 100\n", "line 3: '100' is no number from 0 to 255"},
    {"host-large", HEADER INQUIRY "host 10000\n", "line 3: '10000' is no number from 0 to 65535"},
    {"driver-empty", HEADER INQUIRY "driver\n", "line 3: '' is no number from 0 to 65535"},
    {"errno-hex", HEADER INQUIRY "errno 0x16\n", "line 3: '0x16' is no number from 0 to 255"},
    {"errno-controls",
     HEADER INQUIRY "errno 5\x1b[2J\xff\n",
     "line 3: '5\\033[2J\\377' is no number from 0 to 255"},
    {"limit-large",
     HEADER "host-limit 4294967296\n",
     "line 2: '4294967296' is no number from 0 to 4294967295"},
    {"others", HEADER "others accepted\n", "line 2: after 'others' stands 'refused'"},
};

static void
fu_test_scsi_wb_recording_bad_func(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(bad_rows); i++) {
		g_autoptr(FuScsiWbRecording) recording = NULL;
		g_autoptr(GError) error = NULL;

		fu_scsi_wb_unit_row(bad_rows[i].name);
		recording = fu_scsi_wb_recording_text_parse(bad_rows[i].text, &error);
		fu_scsi_wb_unit_assert_error(error, FWUPD_ERROR_INVALID_DATA, bad_rows[i].message);
		g_assert_null(recording);
	}
}

/* more than any device would answer */
static void
fu_test_scsi_wb_recording_long_func(void)
{
	const struct {
		const gchar *word;
		guint bytes;
		const gchar *message;
	} rows[] = {
	    {"sense", 97, "line 4: more than 96 bytes of sense data"},
	    {"data", 4097, "line 4: more than 4096 bytes of data"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(FuScsiWbRecording) recording = NULL;
		g_autoptr(GError) error = NULL;
		g_autoptr(GString) str = g_string_new(HEADER INQUIRY "status 02\n");

		g_string_append(str, rows[i].word);
		for (guint j = 0; j < rows[i].bytes; j++)
			g_string_append(str, " 00");
		g_string_append(str, "\nend 1\n");
		recording = fu_scsi_wb_recording_text_parse(str->str, &error);
		fu_scsi_wb_unit_assert_error(error, FWUPD_ERROR_INVALID_DATA, rows[i].message);
	}
}

/* a whole file, of which every shorter one is told to be cut off */
static const gchar *good_text = HEADER
    "# ACME DISK, revision 0001: what it answers to the questions of scsi-wb-plan.\n"
    "# No serial number, no firmware and no data of a medium is in it.\n"
    "\n"
    "# the most that the host adapter takes in one command, bytes\n"
    "host-limit 65536\n"
    "\n"
    "# INQUIRY\n"
    "cdb 12 00 00 00 24 00\n"
    "  status 02  # check-condition\n"
    "  driver 08\n"
    "  sense 70 00 06 00 00 00 00 0a 00 00 00 00 29 00 00 00  # p...........)...\n"
    "  sense 00 00  # ..\n"
    "\n"
    "# INQUIRY\n"
    "cdb 12 00 00 00 24 00\n"
    "  status 00  # good\n"
    "  data 00 00 06 02 41 43 4d 45 23 20  # ....ACME# \n"
    "\n"
    "# READ BUFFER, descriptor, BUFFER ID 0x00\n"
    "cdb 3c 03 00 00 00 00 00 00 04 00\n"
    "  errno 22\n"
    "\n"
    "# READ BUFFER, descriptor of the echo buffer\n"
    "cdb 3c 0b 00 00 00 00 00 00 04 00\n"
    "  status 00  # good\n"
    "  host 03\n"
    "\n"
    "end 4\n";

static void
fu_test_scsi_wb_recording_round_trip_func(void)
{
	g_autofree gchar *text = NULL;
	g_autoptr(FuScsiWbIdentity) identity = fu_scsi_wb_identity_new();
	g_autoptr(FuScsiWbRecording) recording = NULL;
	g_autoptr(GError) error = NULL;

	identity->vendor = g_strdup("ACME");
	identity->product = g_strdup("DISK");
	identity->revision = g_strdup("0001");
	recording = fu_scsi_wb_recording_text_parse(good_text, &error);
	g_assert_no_error(error);
	text = fu_scsi_wb_recording_write(recording, identity);
	g_assert_cmpstr(text, ==, good_text);
}

/* SAM-5 (INCITS 515): there are statuses that are obsolete, and have no name */
static void
fu_test_scsi_wb_recording_unknown_status_func(void)
{
	g_autofree gchar *text = NULL;
	g_autoptr(FuScsiWbIdentity) identity = fu_scsi_wb_identity_new();
	g_autoptr(FuScsiWbRecording) recording = NULL;
	g_autoptr(GError) error = NULL;

	identity->vendor = g_strdup("ACME");
	identity->product = g_strdup("DISK");
	recording = fu_scsi_wb_recording_text_parse(HEADER INQUIRY "status 22\nend 1\n", &error);
	g_assert_no_error(error);
	text = fu_scsi_wb_recording_write(recording, identity);
	g_assert_nonnull(strstr(text, "\n  status 22  # unknown\n"));
}

static void
fu_test_scsi_wb_recording_cut_func(void)
{
	for (gsize i = 0; i < strlen(good_text) - strlen("\n"); i++) {
		g_autofree gchar *text = g_strndup(good_text, i);
		g_autoptr(FuScsiWbRecording) recording = NULL;
		g_autoptr(GError) error = NULL;

		recording = fu_scsi_wb_recording_text_parse(text, &error);
		g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_INVALID_DATA);
		g_assert_true(g_str_has_prefix(error->message, "line "));
		g_assert_null(recording);
	}
}

static gboolean
fu_test_scsi_wb_recording_send(FuScsiWbTransport *transport,
			       const guint8 *cdb,
			       gsize cdb_bytes,
			       guint8 *buf,
			       gsize bufsz,
			       FuScsiWbResult *result,
			       GError **error)
{
	const FuScsiWbCommand command = {
	    .cdb = cdb,
	    .cdb_bytes = cdb_bytes,
	    .direction = FU_SCSI_WB_DIRECTION_FROM_DEVICE,
	    .buf = buf,
	    .buf_bytes = bufsz,
	    .timeout_ms = 1234,
	};
	return fu_scsi_wb_transport_send(transport, &command, result, error);
}

/* one answer after another, and then the last one for ever */
static void
fu_test_scsi_wb_recording_replay_func(void)
{
	const guint8 inquiry[] = {0x12, 0, 0, 0, 36, 0};
	const guint8 descriptor[] = {0x3c, 3, 0, 0, 0, 0, 0, 0, 4, 0};
	guint8 buf[36] = {0};
	FuScsiWbResult result;
	g_autoptr(FuScsiWbRecording) recording = fu_scsi_wb_recording_text_parse(good_text, NULL);
	g_autoptr(FuScsiWbTransport) transport = fu_scsi_wb_recording_new_transport(recording);

	g_assert_cmpuint(recording->transfer_max_bytes, ==, 65536);
	g_assert_true(fu_test_scsi_wb_recording_send(transport,
						     inquiry,
						     sizeof(inquiry),
						     buf,
						     sizeof(buf),
						     &result,
						     NULL));
	g_assert_cmphex(result.status, ==, 0x02);
	g_assert_cmphex(result.driver_status, ==, 0x08);
	g_assert_cmpuint(result.sense_bytes, ==, 18);
	g_assert_cmphex(result.sense[12], ==, 0x29);
	g_assert_cmpuint(result.timeout_ms, ==, 1234);
	g_assert_cmpuint(result.received_bytes, ==, 0);
	for (guint i = 0; i < 3; i++) {
		g_assert_true(fu_test_scsi_wb_recording_send(transport,
							     inquiry,
							     sizeof(inquiry),
							     buf,
							     sizeof(buf),
							     &result,
							     NULL));
		g_assert_cmphex(result.status, ==, 0x00);
		g_assert_cmpuint(result.received_bytes, ==, 10);
		g_assert_cmpmem(buf + 4, 4, "ACME", 4);
	}

	/* no more than was asked for */
	g_assert_true(fu_test_scsi_wb_recording_send(transport,
						     inquiry,
						     sizeof(inquiry),
						     buf,
						     5,
						     &result,
						     NULL));
	g_assert_cmpuint(result.received_bytes, ==, 5);
	g_assert_true(fu_test_scsi_wb_recording_send(transport,
						     descriptor,
						     sizeof(descriptor),
						     buf,
						     4,
						     &result,
						     NULL));
	g_assert_cmpint(result.sys_errno, ==, 22);
}

/* not asked is not refused, unless the file says so */
static void
fu_test_scsi_wb_recording_missing_func(void)
{
	const guint8 cdb[] = {0xa3, 0x0c, 0x82, 0x3b, 0, 0x0e, 0, 0, 0, 64, 0, 0};
	guint8 buf[64] = {0};
	FuScsiWbResult result;
	g_autoptr(FuScsiWbRecording) recording = fu_scsi_wb_recording_text_parse(good_text, NULL);
	g_autoptr(FuScsiWbTransport) transport = fu_scsi_wb_recording_new_transport(recording);
	g_autoptr(GError) error = NULL;

	g_assert_false(fu_test_scsi_wb_recording_send(transport,
						      cdb,
						      sizeof(cdb),
						      buf,
						      sizeof(buf),
						      &result,
						      &error));
	fu_scsi_wb_unit_assert_error(error,
				     FWUPD_ERROR_NOT_FOUND,
				     "the recording has no answer to REPORT SUPPORTED OPERATION "
				     "CODES, WRITE BUFFER, MODE 0x0e");
	g_assert_cmpstr(recording->missing,
			==,
			"REPORT SUPPORTED OPERATION CODES, WRITE BUFFER, MODE 0x0e");
	recording->others_refused = TRUE;
	g_assert_true(fu_test_scsi_wb_recording_send(transport,
						     cdb,
						     sizeof(cdb),
						     buf,
						     sizeof(buf),
						     &result,
						     NULL));
	g_assert_cmphex(result.status, ==, 0x02);
	g_assert_cmphex(result.sense[2], ==, 0x05);
	g_assert_cmphex(result.sense[12], ==, 0x20);
	g_assert_cmpuint(result.received_bytes, ==, 0);
}

/* what is said twice is written down once */
static void
fu_test_scsi_wb_recording_add_func(void)
{
	const guint8 cdb[] = {0x12, 0, 0, 0, 36, 0};
	guint8 buf[36] = {0};
	const FuScsiWbCommand command = {
	    .cdb = cdb,
	    .cdb_bytes = sizeof(cdb),
	    .direction = FU_SCSI_WB_DIRECTION_FROM_DEVICE,
	    .buf = buf,
	    .buf_bytes = sizeof(buf),
	};
	FuScsiWbResult result = {.received_bytes = 36};
	const FuScsiWbRecordingAnswer *answer;
	g_autoptr(FuScsiWbRecording) recording = fu_scsi_wb_recording_new();

	fu_scsi_wb_recording_add_answer(recording, &command, &result);
	fu_scsi_wb_recording_add_answer(recording, &command, &result);
	g_assert_cmpuint(recording->answers->len, ==, 1);
	buf[35] = 'x';
	fu_scsi_wb_recording_add_answer(recording, &command, &result);
	g_assert_cmpuint(recording->answers->len, ==, 2);
	result.status = 0x08;
	fu_scsi_wb_recording_add_answer(recording, &command, &result);
	g_assert_cmpuint(recording->answers->len, ==, 3);

	/* nothing comes with a refusal, even if the host adapter counts nothing as missing */
	answer = g_ptr_array_index(recording->answers, 1);
	g_assert_cmpuint(answer->data->len, ==, 36);
	answer = g_ptr_array_index(recording->answers, 2);
	g_assert_cmpuint(answer->data->len, ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/recording/bad", fu_test_scsi_wb_recording_bad_func);
	g_test_add_func("/scsi-wb/recording/long", fu_test_scsi_wb_recording_long_func);
	g_test_add_func("/scsi-wb/recording/round-trip", fu_test_scsi_wb_recording_round_trip_func);
	g_test_add_func("/scsi-wb/recording/unknown-status",
			fu_test_scsi_wb_recording_unknown_status_func);
	g_test_add_func("/scsi-wb/recording/cut", fu_test_scsi_wb_recording_cut_func);
	g_test_add_func("/scsi-wb/recording/replay", fu_test_scsi_wb_recording_replay_func);
	g_test_add_func("/scsi-wb/recording/missing", fu_test_scsi_wb_recording_missing_func);
	g_test_add_func("/scsi-wb/recording/add", fu_test_scsi_wb_recording_add_func);
	return g_test_run();
}
