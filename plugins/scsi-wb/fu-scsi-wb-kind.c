/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-kind.h"

/* guess: what most devices need, used until fwupd has measured it once */
#define FU_SCSI_WB_KIND_INSTALL_DURATION_S 120

/* the last row is for all other types */
static const FuScsiWbKind kinds[] = {
    {FU_SCSI_WB_PERIPHERAL_TYPE_DISK,
     "SCSI disk",
     "drive-harddisk",
     FU_SCSI_WB_READINESS_READY,
     TRUE,
     TRUE},
    {FU_SCSI_WB_PERIPHERAL_TYPE_SIMPLIFIED_DISK,
     "SCSI disk",
     "drive-harddisk",
     FU_SCSI_WB_READINESS_READY,
     TRUE,
     TRUE},
    {FU_SCSI_WB_PERIPHERAL_TYPE_ZONED_DISK,
     "SCSI zoned disk",
     "drive-harddisk",
     FU_SCSI_WB_READINESS_READY,
     TRUE,
     TRUE},
    {FU_SCSI_WB_PERIPHERAL_TYPE_TAPE,
     "SCSI tape drive",
     "media-tape",
     FU_SCSI_WB_READINESS_ANY,
     FALSE,
     FALSE},
    {FU_SCSI_WB_PERIPHERAL_TYPE_CHANGER,
     "SCSI tape library",
     "media-tape",
     FU_SCSI_WB_READINESS_ANY,
     FALSE,
     FALSE},
    {FU_SCSI_WB_PERIPHERAL_TYPE_OPTICAL,
     "SCSI optical drive",
     "drive-optical",
     FU_SCSI_WB_READINESS_ANY,
     FALSE,
     FALSE},
    {FU_SCSI_WB_PERIPHERAL_TYPE_OPTICAL_MEMORY,
     "SCSI optical drive",
     "drive-optical",
     FU_SCSI_WB_READINESS_ANY,
     FALSE,
     FALSE},
    {FU_SCSI_WB_PERIPHERAL_TYPE_ENCLOSURE,
     "SCSI enclosure",
     "drive-multidisk",
     FU_SCSI_WB_READINESS_ANY,
     FALSE,
     FALSE},
    {FU_SCSI_WB_PERIPHERAL_TYPE_ARRAY,
     "SCSI storage array",
     "drive-multidisk",
     FU_SCSI_WB_READINESS_ANY,
     FALSE,
     FALSE},
    {FU_SCSI_WB_PERIPHERAL_TYPE_UNKNOWN,
     "SCSI device",
     "drive-removable-media",
     FU_SCSI_WB_READINESS_ANY,
     FALSE,
     FALSE},
};

/**
 * fu_scsi_wb_kind_find:
 * @type: peripheral device type
 *
 * Finds what is common to all devices of a type.
 *
 * Returns: (transfer none): a row, never %NULL
 **/
const FuScsiWbKind *
fu_scsi_wb_kind_find(FuScsiWbPeripheralType type)
{
	guint i = 0;
	while (i < G_N_ELEMENTS(kinds) - 1 && kinds[i].type != type)
		i++;
	return &kinds[i];
}

/* fwupd joins vendor IDs with the one and knows them by the other: a vendor of "|SCSI:HP" would
 * have two, and one of them would be somebody else's */
static gchar *
fu_scsi_wb_kind_make_vendor(const gchar *vendor)
{
	return vendor != NULL ? g_strdelimit(g_strdup(vendor), "|:", '-') : NULL;
}

/**
 * fu_scsi_wb_kind_describe:
 * @self: a #FuScsiWbKind
 * @device: a #FuDevice whose quirk rows have been read
 * @identity: who it is
 *
 * Says what a desktop shows of the device, as far as no quirk row has said it better.
 **/
void
fu_scsi_wb_kind_describe(const FuScsiWbKind *self,
			 FuDevice *device,
			 const FuScsiWbIdentity *identity)
{
	g_autofree gchar *vendor = fu_scsi_wb_kind_make_vendor(identity->vendor);

	if (fu_device_get_name(device) == NULL)
		fu_device_set_name(device, identity->product);

	/* fwupd takes some characters out */
	if (fu_device_get_name(device) == NULL)
		fu_device_set_name(device, self->summary);
	if (fu_device_get_vendor(device) == NULL)
		fu_device_set_vendor(device, identity->vendor);
	if (fu_device_get_summary(device) == NULL)
		fu_device_set_summary(device, self->summary);
	if (fu_device_get_icons(device)->len == 0)
		fu_device_add_icon(device, self->icon);
	if (fu_device_get_install_duration(device) == 0)
		fu_device_set_install_duration(device, FU_SCSI_WB_KIND_INSTALL_DURATION_S);
	if (identity->serial != NULL)
		fu_device_set_serial(device, identity->serial);
	if (self->is_internal)
		fu_device_add_flag(device, FWUPD_DEVICE_FLAG_INTERNAL);
	fu_device_build_vendor_id(device, "SCSI", vendor);
}
