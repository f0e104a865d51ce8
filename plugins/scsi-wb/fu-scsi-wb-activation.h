/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-caps.h"
#include "fu-scsi-wb-profile.h"

gboolean
fu_scsi_wb_activation_lacks_mode(const FuScsiWbCaps *caps, guint8 mode) G_GNUC_NON_NULL(1);
FuScsiWbActivation
fu_scsi_wb_activation_find(const FuScsiWbProfile *profile,
			   const FuScsiWbCaps *caps,
			   guint8 mode_last) G_GNUC_NON_NULL(1, 2);
FuScsiWbActivation
fu_scsi_wb_activation_find_deferred(const FuScsiWbProfile *profile, const FuScsiWbCaps *caps)
    G_GNUC_NON_NULL(1, 2);
const gchar *
fu_scsi_wb_activation_get_source(const FuScsiWbProfile *profile,
				 const FuScsiWbCaps *caps,
				 guint8 mode_last) G_GNUC_NON_NULL(1, 2);
