/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-plan.h"
#include "fu-scsi-wb-transport.h"

/* SPC-4 (INCITS 513): vital product data page codes */
#define FU_SCSI_WB_COMMAND_VPD_SERIAL	      0x80
#define FU_SCSI_WB_COMMAND_VPD_IDENTIFICATION 0x83

GByteArray *
fu_scsi_wb_command_encode_write_buffer(const FuScsiWbSegment *segment) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_command_test_unit_ready(FuScsiWbTransport *transport,
				   FuScsiWbResult *result,
				   GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
GBytes *
fu_scsi_wb_command_inquiry(FuScsiWbTransport *transport, GError **error) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);
GBytes *
fu_scsi_wb_command_inquiry_vpd(FuScsiWbTransport *transport,
			       guint8 page_code,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_command_write_buffer(FuScsiWbTransport *transport,
				const FuScsiWbSegment *segment,
				const guint8 *image,
				FuScsiWbResult *result,
				GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2, 4);
