/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-image.h"
#include "fu-scsi-wb-plan.h"
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
	blob = fu_firmware_get_bytes(firmware, error);
	if (blob == NULL)
		return NULL;
	if (!fu_scsi_wb_image_check_size(profile, g_bytes_get_size(blob), error))
		return NULL;
	return g_steal_pointer(&firmware);
}
