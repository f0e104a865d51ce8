/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-identity.h"
#include "fu-scsi-wb-traits.h"
#include "fu-scsi-wb-transport.h"

gboolean
fu_scsi_wb_unlisted_check_allowed(const FuScsiWbIdentity *identity,
				  gboolean is_allowed,
				  GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_unlisted_check_proof(const FuScsiWbCaps *caps,
				FuScsiWbTraits *traits,
				GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
gchar *
fu_scsi_wb_unlisted_describe(const FuScsiWbTraits *traits, const gchar *summary)
    G_GNUC_NON_NULL(1, 2);
gboolean
fu_scsi_wb_unlisted_setup(FuScsiWbTransport *transport,
			  const FuScsiWbProfile *profile,
			  FuDevice *device,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2, 3);
