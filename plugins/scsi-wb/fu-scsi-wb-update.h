/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-identity.h"
#include "fu-scsi-wb-profile.h"
#include "fu-scsi-wb-transport.h"

gchar *
fu_scsi_wb_update_verify(FuScsiWbTransport *transport,
			 const gchar *revision_old,
			 gboolean may_keep_revision,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
gchar *
fu_scsi_wb_update_activate(FuScsiWbTransport *transport,
			   const FuScsiWbProfile *profile,
			   const FuScsiWbIdentity *identity,
			   gboolean may_keep_revision,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2, 3);
