/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-gate.h"
#include "fu-scsi-wb-question.h"
#include "fu-scsi-wb-unit.h"

/* what gets through to the device, and what never does */

typedef struct {
	guint n_commands;
	guint slept_ms;
} FuScsiWbGateTestDevice;

static gboolean
fu_test_scsi_wb_gate_send_cb(gpointer user_data,
			     const FuScsiWbCommand *command,
			     FuScsiWbResult *result,
			     GError **error)
{
	FuScsiWbGateTestDevice *device = user_data;

	device->n_commands++;
	command->buf[0] = 0x5a;
	result->resid_bytes = command->buf_bytes - 1;
	return TRUE;
}

static void
fu_test_scsi_wb_gate_sleep_cb(gpointer user_data, guint delay_ms)
{
	FuScsiWbGateTestDevice *device = user_data;
	device->slept_ms += delay_ms;
}

typedef struct {
	const gchar *name; /* NULL if it is none */
	guint8 cdb_bytes;
	guint8 cdb[16];
} FuScsiWbGateTestRow;

static const FuScsiWbGateTestRow rows[] = {
    {"INQUIRY", 6, {0x12, 0, 0, 0, 36, 0}},
    {"INQUIRY, VPD page 86h", 6, {0x12, 1, 0x86, 0, 252, 0}},
    {"INQUIRY, text of the maker, VPD page 0x03", 6, {0x12, 1, 0x03, 0, 252, 0}},
    {"INQUIRY, page of the maker, VPD page 0xc0", 6, {0x12, 1, 0xc0, 0, 252, 0}},
    {"INQUIRY, page of the maker, VPD page 0xff", 6, {0x12, 1, 0xff, 0, 252, 0}},
    {"REPORT SUPPORTED OPERATION CODES, WRITE BUFFER", 12, {0xa3, 0x0c, 0x81, 0x3b}},
    {"REPORT SUPPORTED OPERATION CODES, WRITE BUFFER, MODE 0x0e",
     12,
     {0xa3, 0x0c, 0x82, 0x3b, 0x00, 0x0e}},
    {"READ BUFFER, descriptor, BUFFER ID 0xfa", 10, {0x3c, 0x03, 0xfa, 0, 0, 0, 0, 0, 4}},
    {"READ BUFFER, descriptor of the echo buffer", 10, {0x3c, 0x0b, 0, 0, 0, 0, 0, 0, 4}},
    /* one bit or byte beside a question */
    {NULL, 6, {0x12, 1, 0x80, 0, 252, 0}},
    {NULL, 6, {0x12, 1, 0x83, 0, 252, 0}},
    {NULL, 6, {0x12, 1, 0xb0, 0, 252, 0}},
    {NULL, 6, {0x12, 2, 0, 0, 36, 0}},
    {NULL, 10, {0x12, 0, 0, 0, 36, 0}},
    {NULL, 12, {0xa3, 0x0c, 0x80, 0x3b}},
    {NULL, 12, {0xa3, 0x0c, 0x81, 0x3c}},
    {NULL, 12, {0xa3, 0x0d, 0x81, 0x3b}},
    {NULL, 12, {0xa4, 0x0c, 0x81, 0x3b}},
    {NULL, 10, {0x3c, 0x02, 0, 0, 0, 0, 0, 0, 4}},
    {NULL, 10, {0x3c, 0x0a, 0, 0, 0, 0, 0, 0, 4}},
    {NULL, 10, {0x3c, 0x23, 0, 0, 0, 0, 0, 0, 4}},
    {NULL, 10, {0x3b, 0x03, 0, 0, 0, 0, 0, 0, 4}},
    {NULL, 10, {0x3b, 0x0a, 0, 0, 0, 0, 0, 0, 4}},
    {NULL, 6, {0x00}},
    {NULL, 6, {0x1b, 0, 0, 0, 1, 0}},
    {NULL, 10, {0x35}},
};

static void
fu_test_scsi_wb_gate_rows_func(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree gchar *name =
		    fu_scsi_wb_question_describe(rows[i].cdb, rows[i].cdb_bytes);

		g_test_message("row: %u", i);
		g_assert_cmpstr(name, ==, rows[i].name);
	}
}

/* whatever is sent, and in which direction: only questions reach the device */
static void
fu_test_scsi_wb_gate_all_func(void)
{
	FuScsiWbGateTestDevice device = {0};
	FuScsiWbTransport *inner = fu_scsi_wb_transport_new_full(fu_test_scsi_wb_gate_send_cb,
								 fu_test_scsi_wb_gate_sleep_cb,
								 &device);
	g_autoptr(FuScsiWbGate) gate = fu_scsi_wb_gate_new(inner);
	g_autoptr(FuScsiWbTransport) transport = fu_scsi_wb_gate_new_transport(gate);
	const FuScsiWbDirection directions[] = {FU_SCSI_WB_DIRECTION_NONE,
						FU_SCSI_WB_DIRECTION_TO_DEVICE,
						FU_SCSI_WB_DIRECTION_FROM_DEVICE};
	guint n_sent = 0;

	for (guint i = 0; i <= G_MAXUINT16; i++) {
		guint8 cdb[10] = {i >> 8, i & 0xff};
		guint8 buf[4] = {0};
		FuScsiWbResult result;
		g_autoptr(GError) error = NULL;
		FuScsiWbCommand command = {
		    .cdb = cdb,
		    .cdb_bytes = sizeof(cdb),
		    .direction = directions[i % G_N_ELEMENTS(directions)],
		    .buf = buf,
		    .buf_bytes = sizeof(buf),
		};
		n_sent++;
		if (fu_scsi_wb_transport_send(transport, &command, &result, &error)) {
			g_assert_cmphex(cdb[0], ==, 0x3c);
			g_assert_true(cdb[1] == 0x03 || cdb[1] == 0x0b);
			g_assert_cmpint(command.direction, ==, FU_SCSI_WB_DIRECTION_FROM_DEVICE);
		} else {
			g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_INTERNAL);
		}
	}
	g_assert_cmpuint(device.n_commands, ==, gate->n_questions);
	g_assert_cmpuint(gate->n_refused, ==, n_sent - gate->n_questions);
}

static void
fu_test_scsi_wb_gate_echo_func(void)
{
	FuScsiWbGateTestDevice device = {0};
	FuScsiWbTransport *inner = fu_scsi_wb_transport_new_full(fu_test_scsi_wb_gate_send_cb,
								 fu_test_scsi_wb_gate_sleep_cb,
								 &device);
	g_autoptr(FuScsiWbGate) gate = fu_scsi_wb_gate_new(inner);
	g_autoptr(FuScsiWbTransport) transport = fu_scsi_wb_gate_new_transport(gate);
	g_autoptr(GError) error = NULL;
	guint8 cdb[] = {0x3b, 0x0a, 0, 0, 0, 0, 0, 0, 4, 0};
	guint8 buf[4] = {0};
	FuScsiWbResult result;
	FuScsiWbCommand command = {
	    .cdb = cdb,
	    .cdb_bytes = sizeof(cdb),
	    .direction = FU_SCSI_WB_DIRECTION_TO_DEVICE,
	    .buf = buf,
	    .buf_bytes = sizeof(buf),
	};

	g_assert_false(fu_scsi_wb_transport_send(transport, &command, &result, &error));
	fu_scsi_wb_unit_assert_error(error,
				     FWUPD_ERROR_INTERNAL,
				     "a dry run does not send operation code 0x3b");
	g_assert_cmpuint(device.n_commands, ==, 0);

	/* what the device filled is still known behind the gate, and was written down */
	cdb[0] = 0x3c;
	cdb[1] = 0x03;
	command.direction = FU_SCSI_WB_DIRECTION_FROM_DEVICE;
	g_assert_true(fu_scsi_wb_transport_send(transport, &command, &result, NULL));
	g_assert_cmpuint(result.received_bytes, ==, 1);
	g_assert_cmpuint(gate->recording->answers->len, ==, 1);
	fu_scsi_wb_transport_sleep(transport, 7);
	g_assert_cmpuint(device.slept_ms, ==, 7);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/gate/rows", fu_test_scsi_wb_gate_rows_func);
	g_test_add_func("/scsi-wb/gate/all", fu_test_scsi_wb_gate_all_func);
	g_test_add_func("/scsi-wb/gate/echo", fu_test_scsi_wb_gate_echo_func);
	return g_test_run();
}
