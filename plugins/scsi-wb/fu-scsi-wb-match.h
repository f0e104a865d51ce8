/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

#include "fu-scsi-wb-compat.h"
#include "fu-scsi-wb-identity.h"
#include "fu-scsi-wb-paths.h"
#include "fu-scsi-wb-profile.h"

gboolean
fu_scsi_wb_match_location(FuUdevDevice *udev_device,
			  FuScsiWbPaths *paths,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
gboolean
fu_scsi_wb_match_quirks(FuUdevDevice *udev_device,
			const FuScsiWbIdentity *identity,
			GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
gboolean
fu_scsi_wb_match_profile(FuUdevDevice *udev_device,
			 const FuScsiWbIdentity *identity,
			 FuScsiWbProfile *profile,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2, 3);
gchar **
fu_scsi_wb_match_list_ids(const FuScsiWbIdentity *identity) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);
FuScsiWbVersionPlace
fu_scsi_wb_match_version_place(const FuScsiWbProfile *profile) G_GNUC_NON_NULL(1);
const gchar *
fu_scsi_wb_match_describe_silence(const FuScsiWbIdentity *identity) G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_match_revision(FuUdevDevice *udev_device,
			  const FuScsiWbIdentity *identity,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
void
fu_scsi_wb_match_issues(FuUdevDevice *udev_device, const FuScsiWbIdentity *identity)
    G_GNUC_NON_NULL(1, 2);
void
fu_scsi_wb_match_register_flags(FuScsiWbFlagOwner *owner) G_GNUC_NON_NULL(1);
FuScsiWbFlags
fu_scsi_wb_match_flags(FuUdevDevice *udev_device) G_GNUC_NON_NULL(1);
