/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-compat.h"

#define FU_TYPE_SCSI_WB_FIRMWARE (fu_scsi_wb_firmware_get_type())
G_DECLARE_DERIVABLE_TYPE(FuScsiWbFirmware, fu_scsi_wb_firmware, FU, SCSI_WB_FIRMWARE, FuFirmware)

/**
 * FuScsiWbFirmwareClass:
 * @get_header_bytes: how much at the beginning of a file is a header
 * @sends_header: it is for the device all the same
 * @page_code: the VPD page that says which images the device takes, 0 for none
 * @check_page: (nullable): compares an image with that page; %FWUPD_ERROR_INVALID_FILE if the
 * image is for another device
 *
 * A maker's format of image files.
 **/
struct _FuScsiWbFirmwareClass {
	FuFirmwareClass parent_class;
	gsize (*get_header_bytes)(const guint8 *buf, gsize bufsz);
	gboolean sends_header;
	guint8 page_code;
	gboolean (*check_page)(FuScsiWbFirmware *self, GBytes *page, GError **error);
};

GBytes *
fu_scsi_wb_firmware_get_header(FuScsiWbFirmware *self) G_GNUC_NON_NULL(1);
void
fu_scsi_wb_firmware_take_header(FuScsiWbFirmware *self, GBytes *header) G_GNUC_NON_NULL(1);
GBytes *
fu_scsi_wb_firmware_get_image(FuScsiWbFirmware *self, GError **error) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);
guint8
fu_scsi_wb_firmware_get_page_code(FuScsiWbFirmware *self) G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_firmware_check_page(FuScsiWbFirmware *self,
			       GBytes *page,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
