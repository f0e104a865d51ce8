/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-command.h"
#include "fu-scsi-wb-error.h"
#include "fu-scsi-wb-policy.h"

/* SPC-4 (INCITS 513): REPORT SUPPORTED OPERATION CODES command, RCTD bit and REPORTING OPTIONS */
#define FU_SCSI_WB_COMMAND_REPORT_RCTD		 0x80
#define FU_SCSI_WB_COMMAND_REPORT_OPCODE	 0x01
#define FU_SCSI_WB_COMMAND_REPORT_SERVICE_ACTION 0x02

/* header, usage data of the longest CDB and time-outs, twice over */
#define FU_SCSI_WB_COMMAND_REPORT_BYTES 64

/* guess: a disk that spins up answers these from memory */
#define FU_SCSI_WB_COMMAND_TIMEOUT_MS 20000

/* guess: a disk spins up, or empties its cache, in less */
#define FU_SCSI_WB_COMMAND_SLOW_TIMEOUT_MS 120000

/* every field but the opcode, so that nothing of an earlier segment is left */
static void
fu_scsi_wb_command_fill_write_buffer(FuStructScsiWbWriteBufferCdb *st,
				     const FuScsiWbSegment *segment)
{
	fu_struct_scsi_wb_write_buffer_cdb_set_mode(st,
						    segment->mode_specific << 5 | segment->mode);
	fu_struct_scsi_wb_write_buffer_cdb_set_buffer_id(st, segment->buffer_id);
	fu_struct_scsi_wb_write_buffer_cdb_set_buffer_offset(st, segment->buffer_offset);
	fu_struct_scsi_wb_write_buffer_cdb_set_parameter_list_length(st, segment->length_bytes);
}

/**
 * fu_scsi_wb_command_encode_write_buffer:
 * @segment: a #FuScsiWbSegment, whose numbers fit their fields as the plan has made sure
 *
 * Encodes the command descriptor block of a segment.
 *
 * Returns: (transfer full): 10 bytes
 **/
GByteArray *
fu_scsi_wb_command_encode_write_buffer(const FuScsiWbSegment *segment)
{
	g_autoptr(FuStructScsiWbWriteBufferCdb) st = fu_struct_scsi_wb_write_buffer_cdb_new();

	fu_scsi_wb_command_fill_write_buffer(st, segment);
	return g_byte_array_ref(st->buf);
}

/* asks until the device has no unit attention to report: it has answered nothing yet, and a
 * question may be asked twice */
static FuScsiWbVerdict *
fu_scsi_wb_command_send_question(FuScsiWbTransport *transport,
				 const FuScsiWbCommand *command,
				 FuScsiWbResult *result,
				 GError **error)
{
	for (guint i = 0;; i++) {
		FuScsiWbAction action;
		g_autoptr(FuScsiWbVerdict) verdict = NULL;

		if (!fu_scsi_wb_transport_send(transport, command, result, error))
			return NULL;
		verdict = fu_scsi_wb_sense_judge(result);
		action = fu_scsi_wb_policy_next(verdict->klass, FU_SCSI_WB_PLACE_WAITING);
		if (action != FU_SCSI_WB_ACTION_RESEND || i >= FU_SCSI_WB_POLICY_RESENDS_MAX)
			return g_steal_pointer(&verdict);
	}
}

static FuScsiWbVerdict *
fu_scsi_wb_command_send_plain(FuScsiWbTransport *transport,
			      const GByteArray *cdb,
			      guint timeout_ms,
			      GError **error)
{
	FuScsiWbResult result;
	FuScsiWbCommand command = {
	    .cdb = cdb->data,
	    .cdb_bytes = cdb->len,
	    .direction = FU_SCSI_WB_DIRECTION_NONE,
	    .timeout_ms = timeout_ms,
	};
	return fu_scsi_wb_command_send_question(transport, &command, &result, error);
}

/**
 * fu_scsi_wb_command_test_unit_ready:
 * @transport: a #FuScsiWbTransport
 * @error: (nullable): optional return location for an error
 *
 * Asks whether the device is ready, until it has no unit attention to report.
 *
 * Returns: (transfer full): a verdict, or %NULL if there is no result
 **/
FuScsiWbVerdict *
fu_scsi_wb_command_test_unit_ready(FuScsiWbTransport *transport, GError **error)
{
	g_autoptr(FuStructScsiWbTestUnitReadyCdb) st = fu_struct_scsi_wb_test_unit_ready_cdb_new();
	return fu_scsi_wb_command_send_plain(transport,
					     st->buf,
					     FU_SCSI_WB_COMMAND_TIMEOUT_MS,
					     error);
}

/**
 * fu_scsi_wb_command_start_unit:
 * @transport: a #FuScsiWbTransport
 * @error: (nullable): optional return location for an error
 *
 * Starts a disk, and waits until it spins.
 *
 * Returns: (transfer full): a verdict, or %NULL if there is no result
 **/
FuScsiWbVerdict *
fu_scsi_wb_command_start_unit(FuScsiWbTransport *transport, GError **error)
{
	g_autoptr(FuStructScsiWbStartStopUnitCdb) st = fu_struct_scsi_wb_start_stop_unit_cdb_new();

	fu_struct_scsi_wb_start_stop_unit_cdb_set_start(st, 0x01);
	return fu_scsi_wb_command_send_plain(transport,
					     st->buf,
					     FU_SCSI_WB_COMMAND_SLOW_TIMEOUT_MS,
					     error);
}

/**
 * fu_scsi_wb_command_synchronize_cache:
 * @transport: a #FuScsiWbTransport
 * @error: (nullable): optional return location for an error
 *
 * Has a disk write to its medium all that it keeps in its cache.
 *
 * Returns: (transfer full): a verdict, or %NULL if there is no result
 **/
FuScsiWbVerdict *
fu_scsi_wb_command_synchronize_cache(FuScsiWbTransport *transport, GError **error)
{
	g_autoptr(FuStructScsiWbSynchronizeCacheCdb) st =
	    fu_struct_scsi_wb_synchronize_cache_cdb_new();
	return fu_scsi_wb_command_send_plain(transport,
					     st->buf,
					     FU_SCSI_WB_COMMAND_SLOW_TIMEOUT_MS,
					     error);
}

/* sends a command that only asks; if the device has carried it out, @blob is what it answers */
static FuScsiWbVerdict *
fu_scsi_wb_command_receive(FuScsiWbTransport *transport,
			   const GByteArray *cdb,
			   gsize allocation_bytes,
			   GBytes **blob,
			   GError **error)
{
	g_autofree guint8 *buf = g_malloc0(allocation_bytes);
	g_autoptr(FuScsiWbVerdict) verdict = NULL;
	FuScsiWbResult result;
	FuScsiWbCommand command = {
	    .cdb = cdb->data,
	    .cdb_bytes = cdb->len,
	    .direction = FU_SCSI_WB_DIRECTION_FROM_DEVICE,
	    .buf = buf,
	    .buf_bytes = allocation_bytes,
	    .timeout_ms = FU_SCSI_WB_COMMAND_TIMEOUT_MS,
	};

	verdict = fu_scsi_wb_command_send_question(transport, &command, &result, error);
	if (verdict != NULL && verdict->klass == FU_SCSI_WB_CLASS_ACCEPTED)
		*blob = g_bytes_new(buf, result.received_bytes);
	return g_steal_pointer(&verdict);
}

static GBytes *
fu_scsi_wb_command_ask(FuScsiWbTransport *transport,
		       const gchar *name,
		       const GByteArray *cdb,
		       gsize allocation_bytes,
		       GError **error)
{
	GBytes *blob = NULL;
	g_autoptr(FuScsiWbVerdict) verdict =
	    fu_scsi_wb_command_receive(transport, cdb, allocation_bytes, &blob, error);

	if (verdict != NULL && blob == NULL) {
		fu_scsi_wb_error_set_verdict(verdict, error);
		g_prefix_error(error, "%s: ", name);
	}
	return blob;
}

/**
 * fu_scsi_wb_command_inquiry:
 * @transport: a #FuScsiWbTransport
 * @allocation_bytes: how much the device may answer, %FU_SCSI_WB_COMMAND_INQUIRY_BYTES or more
 * @error: (nullable): optional return location for an error
 *
 * Asks the device who it is. A device answers this with any unit attention pending, and in any
 * state short of being gone (SPC-4, INCITS 513: INQUIRY command).
 *
 * Returns: (transfer full): standard INQUIRY data as far as the device gave them, or %NULL with
 * the error of the judgement
 **/
GBytes *
fu_scsi_wb_command_inquiry(FuScsiWbTransport *transport, guint16 allocation_bytes, GError **error)
{
	g_autoptr(FuStructScsiWbInquiryCdb) st = fu_struct_scsi_wb_inquiry_cdb_new();

	fu_struct_scsi_wb_inquiry_cdb_set_allocation_length(st, allocation_bytes);
	return fu_scsi_wb_command_ask(transport, "INQUIRY", st->buf, allocation_bytes, error);
}

/**
 * fu_scsi_wb_command_inquiry_vpd:
 * @transport: a #FuScsiWbTransport
 * @page_code: e.g. %FU_SCSI_WB_COMMAND_VPD_SERIAL
 * @error: (nullable): optional return location for an error
 *
 * Asks the device for a page of vital product data.
 *
 * Returns: (transfer full): the page as far as the device gave it, or %NULL with the error of the
 * judgement
 **/
GBytes *
fu_scsi_wb_command_inquiry_vpd(FuScsiWbTransport *transport, guint8 page_code, GError **error)
{
	g_autoptr(FuStructScsiWbInquiryCdb) st = fu_struct_scsi_wb_inquiry_cdb_new();

	fu_struct_scsi_wb_inquiry_cdb_set_evpd(st, 1);
	fu_struct_scsi_wb_inquiry_cdb_set_page_code(st, page_code);
	fu_struct_scsi_wb_inquiry_cdb_set_allocation_length(st, FU_SCSI_WB_COMMAND_VPD_BYTES);
	return fu_scsi_wb_command_ask(transport,
				      "INQUIRY",
				      st->buf,
				      FU_SCSI_WB_COMMAND_VPD_BYTES,
				      error);
}

/**
 * fu_scsi_wb_command_report_opcode:
 * @transport: a #FuScsiWbTransport
 * @mode: a MODE of WRITE BUFFER, asked for as its service action, or 0 for all of the command
 * @error: (nullable): optional return location for an error
 *
 * Asks the device with REPORT SUPPORTED OPERATION CODES what it knows of WRITE BUFFER, its
 * time-outs included.
 *
 * Returns: (transfer full): one_command parameter data as far as the device gave them, or %NULL
 * with the error of the judgement
 **/
GBytes *
fu_scsi_wb_command_report_opcode(FuScsiWbTransport *transport, guint8 mode, GError **error)
{
	guint8 options = mode != 0 ? FU_SCSI_WB_COMMAND_REPORT_SERVICE_ACTION
				   : FU_SCSI_WB_COMMAND_REPORT_OPCODE;
	g_autoptr(FuStructScsiWbReportOpcodeCdb) st = fu_struct_scsi_wb_report_opcode_cdb_new();

	fu_struct_scsi_wb_report_opcode_cdb_set_options(st,
							FU_SCSI_WB_COMMAND_REPORT_RCTD | options);
	fu_struct_scsi_wb_report_opcode_cdb_set_requested_service_action(st, mode);
	fu_struct_scsi_wb_report_opcode_cdb_set_allocation_length(st,
								  FU_SCSI_WB_COMMAND_REPORT_BYTES);
	return fu_scsi_wb_command_ask(transport,
				      "REPORT SUPPORTED OPERATION CODES",
				      st->buf,
				      FU_SCSI_WB_COMMAND_REPORT_BYTES,
				      error);
}

/**
 * fu_scsi_wb_command_read_buffer:
 * @transport: a #FuScsiWbTransport
 * @mode: MODE, e.g. %FU_SCSI_WB_COMMAND_READ_DESCRIPTOR
 * @buffer_id: BUFFER ID
 * @allocation_bytes: how much the device may answer, at most %FU_SCSI_WB_TRAITS_FIELD_MAX
 * @error: (nullable): optional return location for an error
 *
 * Reads a buffer, or what the device says of it, from its beginning.
 *
 * Returns: (transfer full): the data as far as the device gave them, or %NULL with the error of
 * the judgement
 **/
GBytes *
fu_scsi_wb_command_read_buffer(FuScsiWbTransport *transport,
			       guint8 mode,
			       guint8 buffer_id,
			       guint32 allocation_bytes,
			       GError **error)
{
	g_autoptr(FuStructScsiWbReadBufferCdb) st = fu_struct_scsi_wb_read_buffer_cdb_new();

	fu_struct_scsi_wb_read_buffer_cdb_set_mode(st, mode);
	fu_struct_scsi_wb_read_buffer_cdb_set_buffer_id(st, buffer_id);
	fu_struct_scsi_wb_read_buffer_cdb_set_allocation_length(st, allocation_bytes);
	return fu_scsi_wb_command_ask(transport, "READ BUFFER", st->buf, allocation_bytes, error);
}

/**
 * fu_scsi_wb_command_write_buffer:
 * @transport: a #FuScsiWbTransport
 * @st: a command to fill in, the same for all segments of a download, so that none makes its own
 * @segment: what to send
 * @image: (nullable): the whole image, %NULL if @segment carries no data
 * @result: (out caller-allocates): how it ended
 * @error: (nullable): optional return location for an error
 *
 * Sends one segment, once.
 *
 * Returns: %TRUE if there is a result
 **/
gboolean
fu_scsi_wb_command_write_buffer(FuScsiWbTransport *transport,
				FuStructScsiWbWriteBufferCdb *st,
				const FuScsiWbSegment *segment,
				const guint8 *image,
				FuScsiWbResult *result,
				GError **error)
{
	FuScsiWbCommand command = {
	    .cdb = st->buf->data,
	    .cdb_bytes = st->buf->len,
	    .direction = FU_SCSI_WB_DIRECTION_NONE,
	    .timeout_ms = segment->timeout_ms,
	};

	fu_scsi_wb_command_fill_write_buffer(st, segment);
	if (segment->length_bytes > 0) {
		command.direction = FU_SCSI_WB_DIRECTION_TO_DEVICE;
		command.buf = (guint8 *)image + segment->image_offset_bytes;
		command.buf_bytes = segment->length_bytes;
	}
	return fu_scsi_wb_transport_send(transport, &command, result, error);
}

/**
 * fu_scsi_wb_command_write_echo:
 * @transport: a #FuScsiWbTransport
 * @blob: not more than the echo buffer holds, a multiple of 4 bytes
 * @error: (nullable): optional return location for an error
 *
 * Writes to the device's echo buffer, which changes nothing else.
 *
 * Returns: (transfer full): a verdict, or %NULL if there is no result
 **/
FuScsiWbVerdict *
fu_scsi_wb_command_write_echo(FuScsiWbTransport *transport, GBytes *blob, GError **error)
{
	FuScsiWbResult result;
	FuScsiWbSegment segment = {
	    .mode = FU_SCSI_WB_MODE_ECHO,
	    .length_bytes = g_bytes_get_size(blob),
	};
	g_autoptr(GByteArray) cdb = fu_scsi_wb_command_encode_write_buffer(&segment);
	FuScsiWbCommand command = {
	    .cdb = cdb->data,
	    .cdb_bytes = cdb->len,
	    .direction = FU_SCSI_WB_DIRECTION_TO_DEVICE,
	    .buf = (guint8 *)g_bytes_get_data(blob, NULL),
	    .buf_bytes = g_bytes_get_size(blob),
	    .timeout_ms = FU_SCSI_WB_COMMAND_TIMEOUT_MS,
	};

	return fu_scsi_wb_command_send_question(transport, &command, &result, error);
}

/**
 * fu_scsi_wb_command_read_echo:
 * @transport: a #FuScsiWbTransport
 * @allocation_bytes: how much was written
 * @blob: (out) (transfer full): the data as far as the device gave them; untouched if it gave none
 * @error: (nullable): optional return location for an error
 *
 * Reads what was last written to the device's echo buffer.
 *
 * Returns: (transfer full): a verdict, or %NULL if there is no result
 **/
FuScsiWbVerdict *
fu_scsi_wb_command_read_echo(FuScsiWbTransport *transport,
			     guint32 allocation_bytes,
			     GBytes **blob,
			     GError **error)
{
	g_autoptr(FuStructScsiWbReadBufferCdb) st = fu_struct_scsi_wb_read_buffer_cdb_new();

	fu_struct_scsi_wb_read_buffer_cdb_set_mode(st, FU_SCSI_WB_COMMAND_READ_ECHO);
	fu_struct_scsi_wb_read_buffer_cdb_set_allocation_length(st, allocation_bytes);
	return fu_scsi_wb_command_receive(transport, st->buf, allocation_bytes, blob, error);
}
