/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-command.h"
#include "fu-scsi-wb-unit.h"

/**
 * FuScsiWbFakeRow:
 * @cdb: the command that has to come, in hex
 * @direction: where its data have to go
 * @buf_bytes: the size its buffer has to have
 * @timeout_ms: the limit it has to carry
 * @answer: (nullable): what the device puts into the buffer
 * @answer_bytes: size of @answer
 * @result: how the command ends
 * @fails: there is no result at all
 *
 * One command that is expected, and its answer.
 **/
typedef struct {
	const gchar *cdb;
	FuScsiWbDirection direction;
	gsize buf_bytes;
	guint timeout_ms;
	const gchar *answer;
	gsize answer_bytes;
	FuScsiWbResult result;
	gboolean fails;
} FuScsiWbFakeRow;

typedef struct {
	const FuScsiWbFakeRow *rows;
	guint rows_len;
	guint idx;
	const guint8 *buf; /* of the last command */
} FuScsiWbFake;

static gboolean
fu_test_scsi_wb_command_send_cb(gpointer user_data,
				const FuScsiWbCommand *command,
				FuScsiWbResult *result,
				GError **error)
{
	FuScsiWbFake *self = (FuScsiWbFake *)user_data;
	const FuScsiWbFakeRow *row = &self->rows[self->idx];
	guint timeout_ms = result->timeout_ms;
	g_autofree gchar *cdb = fu_scsi_wb_unit_hex(command->cdb, command->cdb_bytes);

	g_test_message("command %u: %s", self->idx, cdb);
	g_assert_cmpuint(self->idx, <, self->rows_len);
	self->idx++;
	g_assert_cmpstr(cdb, ==, row->cdb);
	g_assert_cmpint(command->direction, ==, row->direction);
	g_assert_cmpuint(command->buf_bytes, ==, row->buf_bytes);
	g_assert_cmpuint(command->timeout_ms, ==, row->timeout_ms);
	self->buf = command->buf;
	if (row->fails) {
		g_set_error_literal(error, FWUPD_ERROR, FWUPD_ERROR_NOT_FOUND, "no recording");
		return FALSE;
	}
	if (row->answer_bytes > 0)
		memcpy(command->buf, row->answer, row->answer_bytes);
	*result = row->result;
	result->timeout_ms = timeout_ms;
	return TRUE;
}

static void
fu_test_scsi_wb_command_sleep_cb(gpointer user_data, guint delay_ms)
{
	g_error("nobody asked to wait for %u ms, fake %p", delay_ms, user_data);
}

static FuScsiWbTransport *
fu_test_scsi_wb_command_new_transport(FuScsiWbFake *self,
				      const FuScsiWbFakeRow *rows,
				      guint rows_len)
{
	*self = (FuScsiWbFake){.rows = rows, .rows_len = rows_len};
	return fu_scsi_wb_transport_new_full(fu_test_scsi_wb_command_send_cb,
					     fu_test_scsi_wb_command_sleep_cb,
					     self);
}

#define EXPECT(hex, where, size, limit)                                                            \
	.cdb = hex, .direction = where, .buf_bytes = size, .timeout_ms = limit
#define ANSWER(data, size) .answer = data, .answer_bytes = size

#define STANDARD "120000002400" /* SPC-4 (INCITS 513): INQUIRY command, 36 bytes */
#define SERIAL	 "12018000fc00" /* EVPD, page 80h, 252 bytes */
#define DATA_IN	 FU_SCSI_WB_DIRECTION_FROM_DEVICE
#define DATA_OUT FU_SCSI_WB_DIRECTION_TO_DEVICE

/* 36 bytes of an answer, of which a short one has only the first */
static const gchar answer[] = "\x01\x80\x05\x02\x1f___VENDOR  PRODUCT         REV1";

static const struct {
	const gchar *name;
	FuScsiWbFakeRow row;
	gsize want_bytes;
} command_inquiry_good_rows[] = {
    {"whole", {EXPECT(STANDARD, DATA_IN, 36, 20000), ANSWER(answer, 36)}, 36},
    {"short",
     {EXPECT(STANDARD, DATA_IN, 36, 20000), ANSWER(answer, 5), .result.resid_bytes = 31},
     5},
    {"none", {EXPECT(STANDARD, DATA_IN, 36, 20000), ANSWER(NULL, 0), .result.resid_bytes = 36}, 0},
    {"less than none",
     {EXPECT(STANDARD, DATA_IN, 36, 20000), ANSWER(NULL, 0), .result.resid_bytes = 99},
     0},
    {"residual of nonsense",
     {EXPECT(STANDARD, DATA_IN, 36, 20000), ANSWER(answer, 36), .result.resid_bytes = -1},
     36},
    {"recovered",
     {EXPECT(STANDARD, DATA_IN, 36, 20000),
      ANSWER(answer, 36),
      .result = {.status = 2, .sense = {0x72, 1, 0, 0}, .sense_bytes = 8}},
     36},
};

static void
fu_test_scsi_wb_command_inquiry_good_func(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(command_inquiry_good_rows); i++) {
		FuScsiWbFake fake;
		g_autoptr(FuScsiWbTransport) transport =
		    fu_test_scsi_wb_command_new_transport(&fake,
							  &command_inquiry_good_rows[i].row,
							  1);
		g_autoptr(GBytes) blob = NULL;
		g_autoptr(GError) error = NULL;

		fu_scsi_wb_unit_row(command_inquiry_good_rows[i].name);
		blob =
		    fu_scsi_wb_command_inquiry(transport, FU_SCSI_WB_COMMAND_INQUIRY_BYTES, &error);
		g_assert_no_error(error);
		g_assert_nonnull(blob);
		g_assert_cmpmem(g_bytes_get_data(blob, NULL),
				g_bytes_get_size(blob),
				answer,
				command_inquiry_good_rows[i].want_bytes);
		g_assert_cmpuint(fake.idx, ==, fake.rows_len);
	}
}

static void
fu_test_scsi_wb_command_inquiry_bad_func(void)
{
	const struct {
		const gchar *name;
		FuScsiWbFakeRow row;
		FwupdError code;
		const gchar *message;
	} rows[] = {
	    {"CHECK CONDITION",
	     {EXPECT(STANDARD, DATA_IN, 36, 20000),
	      ANSWER(answer, 36),
	      .result = {.status = 2, .sense = {0x72, 4, 0x44, 0}, .sense_bytes = 8}},
	     FWUPD_ERROR_WRITE,
	     "INQUIRY: the device failed (Hardware Error, Internal target failure, 04/44/00): do "
	     "not switch it off; update again, and call its maker if that fails"},
	    {"timed out",
	     {EXPECT(STANDARD, DATA_IN, 36, 20000), ANSWER(NULL, 0), .result = {.host_status = 3}},
	     FWUPD_ERROR_TIMED_OUT,
	     "INQUIRY: the device did not answer in time (no answer in 20 s): do not switch it "
	     "off; update again, with a longer ScsiWbTimeout if it needs one"},
	    {"no result",
	     {EXPECT(STANDARD, DATA_IN, 36, 20000), ANSWER(NULL, 0), .fails = TRUE},
	     FWUPD_ERROR_NOT_FOUND,
	     "no recording"},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		FuScsiWbFake fake;
		g_autoptr(FuScsiWbTransport) transport =
		    fu_test_scsi_wb_command_new_transport(&fake, &rows[i].row, 1);
		g_autoptr(GBytes) blob = NULL;
		g_autoptr(GError) error = NULL;

		fu_scsi_wb_unit_row(rows[i].name);
		blob =
		    fu_scsi_wb_command_inquiry(transport, FU_SCSI_WB_COMMAND_INQUIRY_BYTES, &error);
		fu_scsi_wb_unit_assert_error(error, rows[i].code, rows[i].message);
		g_assert_null(blob);
		g_assert_cmpuint(fake.idx, ==, fake.rows_len);
	}
}

static void
fu_test_scsi_wb_command_inquiry_vpd_func(void)
{
	const gchar page[] = "\x00\x80\x00\x04"
			     "AB12";
	const FuScsiWbFakeRow rows[] = {
	    {EXPECT(SERIAL, DATA_IN, 252, 20000), ANSWER(page, 8), .result.resid_bytes = 244},
	    {EXPECT("12018300fc00", DATA_IN, 252, 20000), ANSWER(page, 8)},
	    {EXPECT("1201ff00fc00", DATA_IN, 252, 20000),
	     .result = {.status = 2, .sense = {0x72, 5, 0x24, 0}, .sense_bytes = 8}},
	};
	FuScsiWbFake fake;
	g_autoptr(FuScsiWbTransport) transport =
	    fu_test_scsi_wb_command_new_transport(&fake, rows, G_N_ELEMENTS(rows));
	g_autoptr(GBytes) serial = NULL;
	g_autoptr(GBytes) wwid = NULL;
	g_autoptr(GBytes) none = NULL;
	g_autoptr(GError) error = NULL;

	serial = fu_scsi_wb_command_inquiry_vpd(transport, FU_SCSI_WB_COMMAND_VPD_SERIAL, &error);
	g_assert_no_error(error);
	g_assert_cmpmem(g_bytes_get_data(serial, NULL), g_bytes_get_size(serial), page, 8);
	wwid = fu_scsi_wb_command_inquiry_vpd(transport,
					      FU_SCSI_WB_COMMAND_VPD_IDENTIFICATION,
					      &error);
	g_assert_no_error(error);
	g_assert_cmpuint(g_bytes_get_size(wwid), ==, 252);
	none = fu_scsi_wb_command_inquiry_vpd(transport, 0xff, &error);
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_NOT_SUPPORTED);
	g_assert_true(g_str_has_prefix(error->message, "INQUIRY: the device refused "));
	g_assert_null(none);
	g_assert_cmpuint(fake.idx, ==, fake.rows_len);
}

/* REPORT SUPPORTED OPERATION CODES with RCTD and REPORTING OPTIONS 010b (SPC-4, INCITS 513); READ
 * BUFFER (SCSI Commands Reference Manual, Seagate 100293068, Rev. J) */
static void
fu_test_scsi_wb_command_ask_func(void)
{
	const FuScsiWbFakeRow rows[] = {
	    {EXPECT("a30c823b000e000000400000", DATA_IN, 64, 20000),
	     .result = {.status = 2, .sense = {0x72, 6, 0x29, 0}, .sense_bytes = 8}},
	    {EXPECT("a30c823b000e000000400000", DATA_IN, 64, 20000),
	     ANSWER("\0\1\0\0", 4),
	     .result.resid_bytes = 60},
	    {EXPECT("3c0a0400000000020000", DATA_IN, 512, 20000),
	     .result = {.status = 2, .sense = {0x72, 5, 0x2c, 0}, .sense_bytes = 8}},
	};
	FuScsiWbFake fake;
	g_autoptr(FuScsiWbTransport) transport =
	    fu_test_scsi_wb_command_new_transport(&fake, rows, G_N_ELEMENTS(rows));
	g_autoptr(GBytes) blob = NULL;
	g_autoptr(GBytes) none = NULL;
	g_autoptr(GError) error = NULL;

	blob = fu_scsi_wb_command_report_opcode(transport, 0x0e, &error);
	g_assert_no_error(error);
	g_assert_cmpmem(g_bytes_get_data(blob, NULL), g_bytes_get_size(blob), "\0\1\0\0", 4);
	none = fu_scsi_wb_command_read_buffer(transport, 0x0a, 4, 512, &error);
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_WRITE);
	g_assert_true(g_str_has_prefix(error->message, "READ BUFFER: the device lost "));
	g_assert_null(none);
	g_assert_cmpuint(fake.idx, ==, fake.rows_len);
}

/* commands without data: asked until there is no unit attention, and judged */
static void
fu_test_scsi_wb_command_plain_func(void)
{
	const FuScsiWbFakeRow rows[] = {
	    {EXPECT("000000000000", FU_SCSI_WB_DIRECTION_NONE, 0, 20000)},
	    {EXPECT("1b0000000100", FU_SCSI_WB_DIRECTION_NONE, 0, 120000), .result.status = 8},
	    {EXPECT("35000000000000000000", FU_SCSI_WB_DIRECTION_NONE, 0, 120000)},
	    {EXPECT("000000000000", FU_SCSI_WB_DIRECTION_NONE, 0, 20000), .fails = TRUE},
	};
	FuScsiWbFake fake;
	FuScsiWbVerdict *none;
	g_autoptr(FuScsiWbTransport) transport =
	    fu_test_scsi_wb_command_new_transport(&fake, rows, G_N_ELEMENTS(rows));
	g_autoptr(FuScsiWbVerdict) verdict1 = NULL;
	g_autoptr(FuScsiWbVerdict) verdict2 = NULL;
	g_autoptr(FuScsiWbVerdict) verdict3 = NULL;
	g_autoptr(GError) error = NULL;

	verdict1 = fu_scsi_wb_command_test_unit_ready(transport, &error);
	g_assert_no_error(error);
	g_assert_cmpint(verdict1->klass, ==, FU_SCSI_WB_CLASS_ACCEPTED);
	verdict2 = fu_scsi_wb_command_start_unit(transport, &error);
	g_assert_no_error(error);
	g_assert_cmpint(verdict2->klass, ==, FU_SCSI_WB_CLASS_BUSY);
	verdict3 = fu_scsi_wb_command_synchronize_cache(transport, &error);
	g_assert_no_error(error);
	g_assert_cmpint(verdict3->klass, ==, FU_SCSI_WB_CLASS_ACCEPTED);
	none = fu_scsi_wb_command_test_unit_ready(transport, &error);
	fu_scsi_wb_unit_assert_error(error, FWUPD_ERROR_NOT_FOUND, "no recording");
	g_assert_null(none);
	g_assert_cmpuint(fake.idx, ==, fake.rows_len);
}

static const FuScsiWbFakeRow command_write_buffer_rows[] = {
    {EXPECT("3b070000000000000800", DATA_OUT, 8, 1)},
    {EXPECT("3b070000000800000800", DATA_OUT, 8, 2), .result.resid_bytes = 3},
    {EXPECT("3b070000001000000100", DATA_OUT, 1, 3), .result.status = 0x18},
    {EXPECT("3b050000000000000000", FU_SCSI_WB_DIRECTION_NONE, 0, 4), .result.resid_bytes = 3},
};

static const FuScsiWbSegment command_write_buffer_segments[] = {
    {.mode = 7, .length_bytes = 8, .timeout_ms = 1},
    {.mode = 7, .buffer_offset = 8, .image_offset_bytes = 8, .length_bytes = 8, .timeout_ms = 2},
    {.mode = 7, .buffer_offset = 16, .image_offset_bytes = 16, .length_bytes = 1, .timeout_ms = 3},
    {.mode = 5, .image_offset_bytes = 17, .timeout_ms = 4},
};

/* the device gets the right part of the image, and the image stays as it was; all segments share
 * one command, in which nothing of the one before is left */
static void
fu_test_scsi_wb_command_write_buffer_func(void)
{
	const gint32 want_resid_bytes[] = {0, 3, 0, 0};
	guint8 image[17];
	guint8 image_before[sizeof(image)];
	FuScsiWbFake fake;
	g_autoptr(FuStructScsiWbWriteBufferCdb) st = fu_struct_scsi_wb_write_buffer_cdb_new();
	g_autoptr(FuScsiWbTransport) transport =
	    fu_test_scsi_wb_command_new_transport(&fake,
						  command_write_buffer_rows,
						  G_N_ELEMENTS(command_write_buffer_rows));

	for (guint i = 0; i < sizeof(image); i++)
		image[i] = FU_SCSI_WB_UNIT_FILL + i;
	memcpy(image_before, image, sizeof(image));
	for (guint i = 0; i < G_N_ELEMENTS(command_write_buffer_segments); i++) {
		FuScsiWbResult result;
		gboolean ret;
		g_autoptr(GError) error = NULL;

		memset(&result, FU_SCSI_WB_UNIT_FILL, sizeof(result));
		ret = fu_scsi_wb_command_write_buffer(transport,
						      st,
						      &command_write_buffer_segments[i],
						      image,
						      &result,
						      &error);
		g_assert_no_error(error);
		g_assert_true(ret);
		g_assert_true(
		    fake.buf ==
		    (command_write_buffer_segments[i].length_bytes > 0 ? image + i * 8 : NULL));
		g_assert_cmphex(result.status, ==, command_write_buffer_rows[i].result.status);
		g_assert_cmpint(result.resid_bytes, ==, want_resid_bytes[i]);
		g_assert_cmpuint(result.received_bytes, ==, 0);
		g_assert_cmpuint(result.timeout_ms,
				 ==,
				 command_write_buffer_segments[i].timeout_ms);
	}
	g_assert_cmpuint(fake.idx, ==, fake.rows_len);
	g_assert_cmpmem(image, sizeof(image), image_before, sizeof(image_before));
}

/* to activate or to commit there is no image */
static void
fu_test_scsi_wb_command_write_buffer_empty_func(void)
{
	const FuScsiWbSegment segment = {.mode = 0x0f, .image_offset_bytes = 99, .timeout_ms = 5};
	const FuScsiWbFakeRow rows[] = {
	    {EXPECT("3b0f0000000000000000", FU_SCSI_WB_DIRECTION_NONE, 0, 5)},
	    {EXPECT("3b0f0000000000000000", FU_SCSI_WB_DIRECTION_NONE, 0, 5), .fails = TRUE},
	};
	gboolean ret;
	FuScsiWbFake fake;
	FuScsiWbResult result;
	g_autoptr(FuStructScsiWbWriteBufferCdb) st = fu_struct_scsi_wb_write_buffer_cdb_new();
	g_autoptr(FuScsiWbTransport) transport =
	    fu_test_scsi_wb_command_new_transport(&fake, rows, G_N_ELEMENTS(rows));
	g_autoptr(GError) error = NULL;

	ret = fu_scsi_wb_command_write_buffer(transport, st, &segment, NULL, &result, &error);
	g_assert_no_error(error);
	g_assert_true(ret);
	g_assert_null(fake.buf);
	ret = fu_scsi_wb_command_write_buffer(transport, st, &segment, NULL, &result, &error);
	fu_scsi_wb_unit_assert_error(error, FWUPD_ERROR_NOT_FOUND, "no recording");
	g_assert_false(ret);
	g_assert_cmpuint(fake.idx, ==, fake.rows_len);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/command/inquiry/good", fu_test_scsi_wb_command_inquiry_good_func);
	g_test_add_func("/scsi-wb/command/inquiry/bad", fu_test_scsi_wb_command_inquiry_bad_func);
	g_test_add_func("/scsi-wb/command/inquiry/vpd", fu_test_scsi_wb_command_inquiry_vpd_func);
	g_test_add_func("/scsi-wb/command/ask", fu_test_scsi_wb_command_ask_func);
	g_test_add_func("/scsi-wb/command/plain", fu_test_scsi_wb_command_plain_func);
	g_test_add_func("/scsi-wb/command/write-buffer/data",
			fu_test_scsi_wb_command_write_buffer_func);
	g_test_add_func("/scsi-wb/command/write-buffer/empty",
			fu_test_scsi_wb_command_write_buffer_empty_func);
	return g_test_run();
}
