/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-plan.h"
#include "fu-scsi-wb-sense.h"
#include "fu-scsi-wb-transport.h"

/* enough for vendor, product and revision; more than that some old devices do not like */
#define FU_SCSI_WB_COMMAND_INQUIRY_BYTES 36

/* the largest that a one-byte allocation length could ask for */
#define FU_SCSI_WB_COMMAND_VPD_BYTES 252

/* SPC-4 (INCITS 513): vital product data page codes */
#define FU_SCSI_WB_COMMAND_VPD_SERIAL	      0x80
#define FU_SCSI_WB_COMMAND_VPD_IDENTIFICATION 0x83
#define FU_SCSI_WB_COMMAND_VPD_EXTENDED	      0x86

/* SPC-4 (INCITS 513): READ BUFFER command, MODE field */
#define FU_SCSI_WB_COMMAND_READ_DESCRIPTOR	0x03
#define FU_SCSI_WB_COMMAND_READ_ECHO		0x0a
#define FU_SCSI_WB_COMMAND_READ_ECHO_DESCRIPTOR 0x0b

GByteArray *
fu_scsi_wb_command_encode_write_buffer(const FuScsiWbSegment *segment) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);
FuScsiWbVerdict *
fu_scsi_wb_command_test_unit_ready(FuScsiWbTransport *transport,
				   GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
FuScsiWbVerdict *
fu_scsi_wb_command_start_unit(FuScsiWbTransport *transport,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
FuScsiWbVerdict *
fu_scsi_wb_command_synchronize_cache(FuScsiWbTransport *transport,
				     GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
GBytes *
fu_scsi_wb_command_inquiry(FuScsiWbTransport *transport,
			   guint16 allocation_bytes,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
GBytes *
fu_scsi_wb_command_inquiry_vpd(FuScsiWbTransport *transport,
			       guint8 page_code,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
GBytes *
fu_scsi_wb_command_report_opcode(FuScsiWbTransport *transport,
				 guint8 mode,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
GBytes *
fu_scsi_wb_command_read_buffer(FuScsiWbTransport *transport,
			       guint8 mode,
			       guint8 buffer_id,
			       guint32 allocation_bytes,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_command_write_buffer(FuScsiWbTransport *transport,
				FuStructScsiWbWriteBufferCdb *st,
				const FuScsiWbSegment *segment,
				const guint8 *image,
				FuScsiWbResult *result,
				GError **error) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1, 2, 3, 5);
FuScsiWbVerdict *
fu_scsi_wb_command_write_echo(FuScsiWbTransport *transport,
			      GBytes *blob,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
FuScsiWbVerdict *
fu_scsi_wb_command_read_echo(FuScsiWbTransport *transport,
			     guint32 allocation_bytes,
			     GBytes **blob,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 3);
