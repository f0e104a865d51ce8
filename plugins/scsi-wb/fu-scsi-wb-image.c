/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-command.h"
#include "fu-scsi-wb-firmware.h"
#include "fu-scsi-wb-ibm-tape-firmware.h"
#include "fu-scsi-wb-image.h"
#include "fu-scsi-wb-plan.h"
#include "fu-scsi-wb-qualstar-firmware.h"
#include "fu-scsi-wb-seagate-firmware.h"
#include "fu-scsi-wb-traits.h"

/* whether an image of that size could go to a device and through a host without limits */
static gboolean
fu_scsi_wb_image_check_size(const FuScsiWbProfile *profile, gsize image_bytes, GError **error)
{
	FuScsiWbCaps caps = {0};
	FuScsiWbLimits limits = {0};
	FuScsiWbTraits traits;
	g_autoptr(FuScsiWbPlan) plan = NULL;

	if (!fu_scsi_wb_traits_resolve(profile, &caps, &limits, &traits, error))
		return FALSE;
	plan = fu_scsi_wb_plan_new(profile, &traits, image_bytes, error);
	return plan != NULL;
}

/**
 * fu_scsi_wb_image_ensure_types:
 *
 * Makes the formats known, so that a quirk row can name them with FirmwareGType.
 **/
void
fu_scsi_wb_image_ensure_types(void)
{
	g_type_ensure(FU_TYPE_SCSI_WB_IBM_TAPE_FIRMWARE);
	g_type_ensure(FU_TYPE_SCSI_WB_QUALSTAR_FIRMWARE);
	g_type_ensure(FU_TYPE_SCSI_WB_SEAGATE_FIRMWARE);
}

/**
 * fu_scsi_wb_image_get_bytes:
 * @firmware: a #FuFirmware of any type
 * @error: (nullable): optional return location for an error
 *
 * Gets what a device is sent of an image file.
 *
 * Returns: (transfer full): bytes, or %NULL
 **/
GBytes *
fu_scsi_wb_image_get_bytes(FuFirmware *firmware, GError **error) /* nocheck:name */
{
	if (FU_IS_SCSI_WB_FIRMWARE(firmware))
		return fu_scsi_wb_firmware_get_image(FU_SCSI_WB_FIRMWARE(firmware), error);
	return fu_firmware_get_bytes(firmware, error);
}

/**
 * fu_scsi_wb_image_check_device:
 * @transport: a #FuScsiWbTransport
 * @firmware: a #FuFirmware of any type
 * @error: (nullable): optional return location for an error
 *
 * Asks the device whether an image is made for it, where both have a way to say so.
 *
 * Returns: %TRUE if so, or if there is none; as fu_scsi_wb_firmware_check_page() if it is not, or
 * with the error of the question
 **/
gboolean
fu_scsi_wb_image_check_device(FuScsiWbTransport *transport, FuFirmware *firmware, GError **error)
{
	guint8 page_code;
	g_autoptr(GBytes) page = NULL;

	if (!FU_IS_SCSI_WB_FIRMWARE(firmware))
		return TRUE;
	page_code = fu_scsi_wb_firmware_get_page_code(FU_SCSI_WB_FIRMWARE(firmware));
	if (page_code == 0)
		return TRUE;
	page = fu_scsi_wb_command_inquiry_vpd(transport, page_code, error);
	if (page == NULL) {
		g_prefix_error_literal(error, "the device does not say which images it takes: ");
		return FALSE;
	}
	return fu_scsi_wb_firmware_check_page(FU_SCSI_WB_FIRMWARE(firmware), page, error);
}

/**
 * fu_scsi_wb_image_parse:
 * @profile: what the quirk row says
 * @device: a #FuDevice, of which only the firmware type counts
 * @stream: what the cabinet holds
 * @flags: how strict the firmware type has to be
 * @error: (nullable): optional return location for an error
 *
 * Reads an image, and refuses one that could not be sent to any such device, before anything
 * happens.
 *
 * Returns: (transfer full): a firmware; %NULL with %FWUPD_ERROR_INVALID_FILE if the image is empty
 * or no plan can be made for its size, or with the error of the firmware type
 **/
FuFirmware *
fu_scsi_wb_image_parse(const FuScsiWbProfile *profile,
		       FuDevice *device,
		       FuScsiWbStream *stream,
		       FuFirmwareParseFlags flags,
		       GError **error)
{
	GType firmware_gtype = fu_device_get_firmware_gtype(device);
	gsize stream_bytes = 0;
	g_autoptr(FuFirmware) firmware = NULL;
	g_autoptr(GBytes) blob = NULL;

	if (!fu_input_stream_size(stream, &stream_bytes, error))
		return NULL;
	if (stream_bytes == 0) {
		g_set_error_literal(error,
				    FWUPD_ERROR,
				    FWUPD_ERROR_INVALID_FILE,
				    "the image is empty");
		return NULL;
	}
	if (firmware_gtype == G_TYPE_INVALID)
		firmware_gtype = FU_TYPE_FIRMWARE;
	firmware = g_object_new(firmware_gtype, NULL);
	if (!fu_firmware_parse_stream(firmware, stream, 0x0, flags, error))
		return NULL;
	blob = fu_scsi_wb_image_get_bytes(firmware, error);
	if (blob == NULL)
		return NULL;
	if (!fu_scsi_wb_image_check_size(profile, g_bytes_get_size(blob), error))
		return NULL;
	return g_steal_pointer(&firmware);
}
