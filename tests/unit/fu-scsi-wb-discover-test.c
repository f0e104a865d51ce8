/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-discover.h"
#include "fu-scsi-wb-unit-caps.h"

#define ROWS_MAX 24

/**
 * FuScsiWbDiscoverRow:
 * @cdb: the command that has to come, in hex; %NULL behind the last one
 * @answer: what the device answers
 * @answer_bytes: how much of it
 * @result: how the command ends
 * @fails: there is no result at all
 *
 * One command that is expected, and its answer.
 **/
typedef struct {
	const gchar *cdb;
	guint8 answer[FU_SCSI_WB_UNIT_CAPS_BYTES_MAX];
	gsize answer_bytes;
	FuScsiWbResult result;
	gboolean fails;
} FuScsiWbDiscoverRow;

typedef struct {
	const gchar *name;
	FuScsiWbProfile profile;
	FuScsiWbDiscoverRow rows[ROWS_MAX];
	FuScsiWbCaps want;
	gboolean is_modes;
} FuScsiWbDiscoverTest;

typedef struct {
	const FuScsiWbDiscoverRow *rows;
	guint idx;
} FuScsiWbDiscoverFake;

/* the list of what may come is exact, and no WRITE BUFFER is ever on it */
static gboolean
fu_test_scsi_wb_discover_send_cb(gpointer user_data,
				 const FuScsiWbCommand *command,
				 FuScsiWbResult *result,
				 GError **error)
{
	FuScsiWbDiscoverFake *self = (FuScsiWbDiscoverFake *)user_data;
	const FuScsiWbDiscoverRow *row = &self->rows[self->idx];
	guint timeout_ms = result->timeout_ms;
	g_autofree gchar *cdb = fu_scsi_wb_unit_hex(command->cdb, command->cdb_bytes);

	g_test_message("command %u: %s", self->idx, cdb);
	self->idx++;
	g_assert_cmpstr(cdb, ==, row->cdb);
	g_assert_cmpint(command->direction, ==, FU_SCSI_WB_DIRECTION_FROM_DEVICE);
	g_assert_cmpuint(command->timeout_ms, ==, 20000);
	if (row->fails) {
		g_set_error_literal(error, FWUPD_ERROR, FWUPD_ERROR_NOT_FOUND, "no recording");
		return FALSE;
	}
	g_assert_cmpuint(row->answer_bytes, <=, command->buf_bytes);
	memcpy(command->buf, row->answer, row->answer_bytes);
	*result = row->result;
	result->resid_bytes = command->buf_bytes - row->answer_bytes;
	result->timeout_ms = timeout_ms;
	return TRUE;
}

static void
fu_test_scsi_wb_discover_sleep_cb(gpointer user_data, guint delay_ms)
{
	g_error("nobody asked to wait for %u ms, fake %p", delay_ms, user_data);
}

static void
fu_test_scsi_wb_discover_check(const FuScsiWbDiscoverTest *tests, guint tests_len)
{
	for (guint i = 0; i < tests_len; i++) {
		FuScsiWbDiscoverFake fake = {.rows = tests[i].rows};
		FuScsiWbCaps caps;
		g_autoptr(FuScsiWbTransport) transport =
		    fu_scsi_wb_transport_new_full(fu_test_scsi_wb_discover_send_cb,
						  fu_test_scsi_wb_discover_sleep_cb,
						  &fake);

		fu_scsi_wb_unit_row(tests[i].name);
		caps = tests[i].is_modes ? fu_scsi_wb_discover_modes(transport, &tests[i].profile)
					 : fu_scsi_wb_discover_run(transport, &tests[i].profile);
		g_assert_cmpstr(tests[i].rows[fake.idx].cdb, ==, NULL);
		fu_scsi_wb_unit_caps_assert(&caps, &tests[i].want);
	}
}

/* SPC-4 (INCITS 513): INQUIRY with EVPD; REPORT SUPPORTED OPERATION CODES with RCTD and REPORTING
 * OPTIONS 010b, of WRITE BUFFER with a MODE, 64 bytes; the same with 001b; READ BUFFER, 4 bytes */
#define ASK_VPD	       "12018600fc00"
#define ASK_MODE(mode) "a30c823b00" mode "000000400000"
#define ASK_WHOLE      "a30c813b0000000000400000"
#define ASK_BUFFER(id) "3c03" id "00000000000400"
#define ASK_ECHO       "3c0b0000000000000400"

#define SENSE(key, asc, ascq)                                                                      \
	.result = {.status = 2, .sense = {0x72, key, asc, ascq}, .sense_bytes = 8}
#define REFUSED	      SENSE(5, 0x24, 0x00)
#define UNKNOWN	      SENSE(5, 0x20, 0x00)
#define ATTENTION     SENSE(6, 0x29, 0x00)
#define CHANGED	      SENSE(6, 0x3f, 0x01)
#define GONE	      .result = {.host_status = 1}
#define SLOW	      .result = {.host_status = 3}
#define BYTES(n, ...) .answer = {__VA_ARGS__}, .answer_bytes = n

#define SAYS_VPD	    BYTES(20, 0, 0x86, 0, 60, 0x80, [12] = 0x90, [19] = 0x56)
#define SAYS_HAS(mode, sec) BYTES(26, ONE(0x83, mode, 0, 254, 0), TIMEOUTS(sec, sec, sec))
#define SAYS_LACKS	    BYTES(4, 0, 1)
#define SAYS_BUFFER	    BYTES(4, 9, 0x10, 0, 0)
#define SAYS_ECHO	    BYTES(4, 1, 0, 0x10, 0)

#define KNOWN_VPD MODES(M_ALL, M05 | M07 | M0E | M0F, VPD), .activate_microcode = 2, .events = 4
#define KNOWN_SECONDS(sec)                                                                         \
	.length_max_bytes = 65024, .length_align_bytes = 512, .timeout_nominal_s = sec,            \
	.timeout_recommended_s = sec, .timeout_limited_s = sec
#define KNOWN_BUFFER .has_buffer = TRUE, .boundary_bytes = 512, .capacity_bytes = 0x100000
#define KNOWN_ECHO   .echo_bytes = 4096, .echo_is_guarded = TRUE
#define KNOWN_WHOLE  MODES(M05 | M07 | M0E, M05 | M07, RSOC), .modes_guessed = M05 | M07

static void
fu_test_scsi_wb_discover_auto_func(void)
{
	const FuScsiWbDiscoverTest tests[] = {
	    {"says everything",
	     .rows = {{ASK_VPD, SAYS_VPD},
		      {ASK_MODE("0e"), SAYS_HAS(14, 1)},
		      {ASK_MODE("0f"), SAYS_HAS(15, 4)},
		      {ASK_MODE("07"), SAYS_HAS(7, 2)},
		      {ASK_MODE("05"), SAYS_HAS(5, 3)},
		      {ASK_BUFFER("00"), SAYS_BUFFER},
		      {ASK_ECHO, SAYS_ECHO}},
	     .want = {KNOWN_VPD, KNOWN_SECONDS(4), KNOWN_BUFFER, KNOWN_ECHO}},
	    {"has no page",
	     .rows = {{ASK_VPD, REFUSED},
		      {ASK_MODE("0e"), SAYS_LACKS},
		      {ASK_MODE("0f"), REFUSED},
		      {ASK_MODE("07"), SAYS_HAS(7, 2)},
		      {ASK_MODE("05"), SAYS_HAS(5, 3)},
		      {ASK_BUFFER("00"), SAYS_BUFFER},
		      {ASK_ECHO, SAYS_ECHO}},
	     .want = {MODES(M05 | M07 | M0E, M05 | M07, RSOC),
		      KNOWN_SECONDS(3),
		      KNOWN_BUFFER,
		      KNOWN_ECHO}},
	    {"knows no service action",
	     .rows = {{ASK_VPD, REFUSED},
		      {ASK_MODE("0e"), REFUSED},
		      {ASK_WHOLE, SAYS_HAS(7, 9)},
		      {ASK_BUFFER("00"), SAYS_BUFFER},
		      {ASK_ECHO, REFUSED}},
	     .want = {KNOWN_WHOLE, KNOWN_SECONDS(9), KNOWN_BUFFER}},
	    {"denies every service action",
	     .rows = {{ASK_VPD, REFUSED},
		      {ASK_MODE("0e"), SAYS_LACKS},
		      {ASK_MODE("0f"), SAYS_LACKS},
		      {ASK_MODE("07"), SAYS_LACKS},
		      {ASK_MODE("05"), SAYS_LACKS},
		      {ASK_WHOLE, SAYS_HAS(7, 9)},
		      {ASK_BUFFER("00"), UNKNOWN},
		      {ASK_ECHO, UNKNOWN}},
	     .want = {KNOWN_WHOLE, KNOWN_SECONDS(9)}},
	    {"has only the page",
	     .rows = {{ASK_VPD, SAYS_VPD},
		      {ASK_MODE("0e"), UNKNOWN},
		      {ASK_WHOLE, UNKNOWN},
		      {ASK_BUFFER("00"), UNKNOWN},
		      {ASK_ECHO, UNKNOWN}},
	     .want = {KNOWN_VPD}},
	    {"says nothing",
	     .rows = {{ASK_VPD, UNKNOWN},
		      {ASK_MODE("0e"), UNKNOWN},
		      {ASK_WHOLE, UNKNOWN},
		      {ASK_BUFFER("00"), UNKNOWN},
		      {ASK_ECHO, UNKNOWN}}},
	    {"says nonsense",
	     .rows = {{ASK_VPD, BYTES(64, 0, 0, 6, 2, 59)},
		      {ASK_MODE("0e"), BYTES(64, 0xff, 0xff, 0xff, 0xff)},
		      {ASK_MODE("0f"), BYTES(64, 0)},
		      {ASK_MODE("07"), BYTES(64, 0, 3, 0, 10, 0x2a)},
		      {ASK_MODE("05"), BYTES(0, 0)},
		      {ASK_WHOLE, BYTES(3, 0, 3, 0)},
		      {ASK_BUFFER("00"), BYTES(4, 0)},
		      {ASK_ECHO, BYTES(4, 0xff, 0xff, 0xff, 0xff)}}},
	};
	fu_test_scsi_wb_discover_check(tests, G_N_ELEMENTS(tests));
}

static void
fu_test_scsi_wb_discover_fixed_func(void)
{
	const FuScsiWbDiscoverTest tests[] = {
	    {"07h, buffer 2",
	     .profile = {.mode = 7, .buffer_id = 2},
	     .rows = {{ASK_VPD, REFUSED},
		      {ASK_MODE("07"), SAYS_HAS(7, 5)},
		      {ASK_BUFFER("02"), SAYS_BUFFER},
		      {ASK_ECHO, SAYS_ECHO}},
	     .want = {MODES(M07, M07, RSOC), KNOWN_SECONDS(5), KNOWN_BUFFER, KNOWN_ECHO}},
	    {"04h, the last 05h, no link check",
	     .profile = {.mode = 4, .mode_last = 5, .flags = FU_SCSI_WB_FLAG_NO_LINK_CHECK},
	     .rows = {{ASK_VPD, REFUSED},
		      {ASK_MODE("04"), SAYS_HAS(4, 5)},
		      {ASK_MODE("05"), SAYS_HAS(5, 6)},
		      {ASK_BUFFER("00"), REFUSED}},
	     .want = {MODES(M04 | M05, M04 | M05, RSOC), KNOWN_SECONDS(6)}},
	    {"06h, the last 06h",
	     .profile = {.mode = 6, .mode_last = 6, .flags = FU_SCSI_WB_FLAG_NO_LINK_CHECK},
	     .rows = {{ASK_VPD, REFUSED},
		      {ASK_MODE("06"), SAYS_HAS(6, 5)},
		      {ASK_BUFFER("00"), REFUSED}},
	     .want = {MODES(M06, M06, RSOC), KNOWN_SECONDS(5)}},
	    {"0Dh and the activation",
	     .profile = {.mode = 13, .flags = FU_SCSI_WB_FLAG_NO_LINK_CHECK},
	     .rows = {{ASK_VPD, REFUSED},
		      {ASK_MODE("0d"), SAYS_HAS(13, 5)},
		      {ASK_MODE("0f"), SAYS_HAS(15, 7)},
		      {ASK_BUFFER("00"), REFUSED}},
	     .want = {MODES(M0D | M0F, M0D | M0F, RSOC), KNOWN_SECONDS(7)}},
	    {"0Eh, denied",
	     .profile = {.mode = 14, .flags = FU_SCSI_WB_FLAG_NO_LINK_CHECK},
	     .rows = {{ASK_VPD, REFUSED},
		      {ASK_MODE("0e"), SAYS_LACKS},
		      {ASK_MODE("0f"), SAYS_LACKS},
		      {ASK_WHOLE, REFUSED},
		      {ASK_BUFFER("00"), REFUSED}}},
	};
	fu_test_scsi_wb_discover_check(tests, G_N_ELEMENTS(tests));
}

#define NO_ECHO .profile = {.mode = 7, .flags = FU_SCSI_WB_FLAG_NO_LINK_CHECK}

static void
fu_test_scsi_wb_discover_attention_func(void)
{
	const FuScsiWbDiscoverTest tests[] = {
	    {"one, then another",
	     NO_ECHO,
	     .rows = {{ASK_VPD, SAYS_VPD},
		      {ASK_MODE("07"), ATTENTION},
		      {ASK_MODE("07"), CHANGED},
		      {ASK_MODE("07"), SAYS_HAS(7, 5)},
		      {ASK_BUFFER("00"), ATTENTION},
		      {ASK_BUFFER("00"), SAYS_BUFFER}},
	     .want = {KNOWN_VPD, KNOWN_SECONDS(5), KNOWN_BUFFER}},
	    {"of an INQUIRY, too",
	     NO_ECHO,
	     .rows = {{ASK_VPD, ATTENTION},
		      {ASK_VPD, SAYS_VPD},
		      {ASK_MODE("07"), UNKNOWN},
		      {ASK_WHOLE, UNKNOWN},
		      {ASK_BUFFER("00"), UNKNOWN}},
	     .want = {KNOWN_VPD}},
	    {"without end",
	     NO_ECHO,
	     .rows = {{ASK_VPD, SAYS_VPD},
		      {ASK_MODE("07"), UNKNOWN},
		      {ASK_WHOLE, UNKNOWN},
		      {ASK_BUFFER("00"), CHANGED},
		      {ASK_BUFFER("00"), CHANGED},
		      {ASK_BUFFER("00"), CHANGED},
		      {ASK_BUFFER("00"), CHANGED},
		      {ASK_BUFFER("00"), CHANGED},
		      {ASK_BUFFER("00"), CHANGED},
		      {ASK_BUFFER("00"), CHANGED},
		      {ASK_BUFFER("00"), CHANGED},
		      {ASK_BUFFER("00"), CHANGED}},
	     .want = {KNOWN_VPD}},
	};
	fu_test_scsi_wb_discover_check(tests, G_N_ELEMENTS(tests));
}

/* what was heard before counts; nothing is sent to a device that is not there */
static void
fu_test_scsi_wb_discover_gone_func(void)
{
	const FuScsiWbDiscoverTest tests[] = {
	    {"at once", .rows = {{ASK_VPD, GONE}}},
	    {"at once, slow", .rows = {{ASK_VPD, SLOW}}},
	    {"first mode",
	     .rows = {{ASK_VPD, SAYS_VPD}, {ASK_MODE("0e"), GONE}},
	     .want = {KNOWN_VPD}},
	    {"later mode, slow",
	     .rows = {{ASK_VPD, SAYS_VPD},
		      {ASK_MODE("0e"), SAYS_HAS(14, 1)},
		      {ASK_MODE("0f"), SLOW}},
	     .want = {KNOWN_VPD}},
	    {"without a mode",
	     .rows = {{ASK_VPD, SAYS_VPD}, {ASK_MODE("0e"), REFUSED}, {ASK_WHOLE, GONE}},
	     .want = {KNOWN_VPD}},
	    {"buffer",
	     NO_ECHO,
	     .rows = {{ASK_VPD, SAYS_VPD},
		      {ASK_MODE("07"), SAYS_HAS(7, 5)},
		      {ASK_BUFFER("00"), GONE}},
	     .want = {KNOWN_VPD, KNOWN_SECONDS(5)}},
	    {"buffer, slow",
	     .profile = {.mode = 7},
	     .rows = {{ASK_VPD, SAYS_VPD},
		      {ASK_MODE("07"), SAYS_HAS(7, 5)},
		      {ASK_BUFFER("00"), SLOW}},
	     .want = {KNOWN_VPD, KNOWN_SECONDS(5)}},
	    {"echo buffer",
	     .profile = {.mode = 7},
	     .rows = {{ASK_VPD, SAYS_VPD},
		      {ASK_MODE("07"), SAYS_HAS(7, 5)},
		      {ASK_BUFFER("00"), SAYS_BUFFER},
		      {ASK_ECHO, GONE}},
	     .want = {KNOWN_VPD, KNOWN_SECONDS(5), KNOWN_BUFFER}},
	};
	fu_test_scsi_wb_discover_check(tests, G_N_ELEMENTS(tests));
}

/* a recording that is older than a question lacks only that answer */
static void
fu_test_scsi_wb_discover_recording_func(void)
{
	const FuScsiWbDiscoverTest tests[] = {
	    {"lacks most",
	     NO_ECHO,
	     .rows = {{ASK_VPD, .fails = TRUE},
		      {ASK_MODE("07"), .fails = TRUE},
		      {ASK_WHOLE, .fails = TRUE},
		      {ASK_BUFFER("00"), SAYS_BUFFER}},
	     .want = {KNOWN_BUFFER}},
	};
	fu_test_scsi_wb_discover_check(tests, G_N_ELEMENTS(tests));
}

/* a device that nobody vouches for is asked no more than what it has to prove */
static void
fu_test_scsi_wb_discover_modes_func(void)
{
	const FuScsiWbDiscoverTest tests[] = {
	    {"says everything",
	     .rows = {{ASK_VPD, SAYS_VPD},
		      {ASK_MODE("0e"), SAYS_HAS(14, 1)},
		      {ASK_MODE("0f"), SAYS_HAS(15, 4)},
		      {ASK_MODE("07"), SAYS_HAS(7, 2)},
		      {ASK_MODE("05"), SAYS_HAS(5, 3)}},
	     .want = {KNOWN_VPD, KNOWN_SECONDS(4)},
	     .is_modes = TRUE},
	    {"gone", .rows = {{ASK_VPD, GONE}}, .is_modes = TRUE},
	};
	fu_test_scsi_wb_discover_check(tests, G_N_ELEMENTS(tests));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/discover/auto", fu_test_scsi_wb_discover_auto_func);
	g_test_add_func("/scsi-wb/discover/modes", fu_test_scsi_wb_discover_modes_func);
	g_test_add_func("/scsi-wb/discover/fixed", fu_test_scsi_wb_discover_fixed_func);
	g_test_add_func("/scsi-wb/discover/attention", fu_test_scsi_wb_discover_attention_func);
	g_test_add_func("/scsi-wb/discover/gone", fu_test_scsi_wb_discover_gone_func);
	g_test_add_func("/scsi-wb/discover/recording", fu_test_scsi_wb_discover_recording_func);
	return g_test_run();
}
