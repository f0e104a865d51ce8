/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-command.h"
#include "fu-scsi-wb-error.h"

/* enough for vendor, product and revision; more than that some old devices do not like */
#define FU_SCSI_WB_COMMAND_INQUIRY_BYTES 36

/* the largest that a one-byte allocation length could ask for */
#define FU_SCSI_WB_COMMAND_VPD_BYTES 252

/* guess: a disk that spins up answers these from memory */
#define FU_SCSI_WB_COMMAND_TIMEOUT_MS 20000

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

	fu_struct_scsi_wb_write_buffer_cdb_set_mode(st,
						    segment->mode_specific << 5 | segment->mode);
	fu_struct_scsi_wb_write_buffer_cdb_set_buffer_id(st, segment->buffer_id);
	fu_struct_scsi_wb_write_buffer_cdb_set_buffer_offset(st, segment->buffer_offset);
	fu_struct_scsi_wb_write_buffer_cdb_set_parameter_list_length(st, segment->length_bytes);
	return g_byte_array_ref(st->buf);
}

/**
 * fu_scsi_wb_command_test_unit_ready:
 * @transport: a #FuScsiWbTransport
 * @result: (out caller-allocates): how it ended
 * @error: (nullable): optional return location for an error
 *
 * Asks whether the device is ready.
 *
 * Returns: %TRUE if there is a result
 **/
gboolean
fu_scsi_wb_command_test_unit_ready(FuScsiWbTransport *transport,
				   FuScsiWbResult *result,
				   GError **error)
{
	g_autoptr(FuStructScsiWbTestUnitReadyCdb) st = fu_struct_scsi_wb_test_unit_ready_cdb_new();
	FuScsiWbCommand command = {
	    .cdb = st->buf->data,
	    .cdb_bytes = st->buf->len,
	    .direction = FU_SCSI_WB_DIRECTION_NONE,
	    .timeout_ms = FU_SCSI_WB_COMMAND_TIMEOUT_MS,
	};
	return fu_scsi_wb_transport_send(transport, &command, result, error);
}

static GBytes *
fu_scsi_wb_command_inquiry_full(FuScsiWbTransport *transport,
				FuStructScsiWbInquiryCdb *st,
				gsize allocation_bytes,
				GError **error)
{
	g_autofree guint8 *buf = g_malloc0(allocation_bytes);
	g_autoptr(FuScsiWbVerdict) verdict = NULL;
	FuScsiWbResult result;
	FuScsiWbCommand command = {
	    .cdb = st->buf->data,
	    .cdb_bytes = st->buf->len,
	    .direction = FU_SCSI_WB_DIRECTION_FROM_DEVICE,
	    .buf = buf,
	    .buf_bytes = allocation_bytes,
	    .timeout_ms = FU_SCSI_WB_COMMAND_TIMEOUT_MS,
	};

	if (!fu_scsi_wb_transport_send(transport, &command, &result, error))
		return NULL;
	verdict = fu_scsi_wb_sense_judge(&result);
	if (verdict->klass != FU_SCSI_WB_CLASS_ACCEPTED) {
		fu_scsi_wb_error_set(verdict, error);
		g_prefix_error_literal(error, "INQUIRY: ");
		return NULL;
	}
	return g_bytes_new(buf, result.received_bytes);
}

/**
 * fu_scsi_wb_command_inquiry:
 * @transport: a #FuScsiWbTransport
 * @error: (nullable): optional return location for an error
 *
 * Asks the device who it is. A device answers this with any unit attention pending, and in any
 * state short of being gone (SPC-4, INCITS 513: INQUIRY command).
 *
 * Returns: (transfer full): standard INQUIRY data as far as the device gave them, or %NULL with
 * the error of the judgement
 **/
GBytes *
fu_scsi_wb_command_inquiry(FuScsiWbTransport *transport, GError **error)
{
	g_autoptr(FuStructScsiWbInquiryCdb) st = fu_struct_scsi_wb_inquiry_cdb_new();

	fu_struct_scsi_wb_inquiry_cdb_set_allocation_length(st, FU_SCSI_WB_COMMAND_INQUIRY_BYTES);
	return fu_scsi_wb_command_inquiry_full(transport,
					       st,
					       FU_SCSI_WB_COMMAND_INQUIRY_BYTES,
					       error);
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
	return fu_scsi_wb_command_inquiry_full(transport, st, FU_SCSI_WB_COMMAND_VPD_BYTES, error);
}

/**
 * fu_scsi_wb_command_write_buffer:
 * @transport: a #FuScsiWbTransport
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
				const FuScsiWbSegment *segment,
				const guint8 *image,
				FuScsiWbResult *result,
				GError **error)
{
	g_autoptr(GByteArray) cdb = fu_scsi_wb_command_encode_write_buffer(segment);
	FuScsiWbCommand command = {
	    .cdb = cdb->data,
	    .cdb_bytes = cdb->len,
	    .direction = FU_SCSI_WB_DIRECTION_NONE,
	    .timeout_ms = segment->timeout_ms,
	};

	if (segment->length_bytes > 0) {
		command.direction = FU_SCSI_WB_DIRECTION_TO_DEVICE;
		command.buf = (guint8 *)image + segment->image_offset_bytes;
		command.buf_bytes = segment->length_bytes;
	}
	return fu_scsi_wb_transport_send(transport, &command, result, error);
}
