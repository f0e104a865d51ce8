/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

#include "fu-scsi-wb-identity.h"
#include "fu-scsi-wb-transport.h"

FuScsiWbIdentity *
fu_scsi_wb_verify_inquire(FuScsiWbTransport *transport,
			  const FuScsiWbVersionPlace *place,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
FuScsiWbIdentity *
fu_scsi_wb_verify_listed(FuScsiWbTransport *transport,
			 const FuScsiWbIdentity *identity,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
FuScsiWbIdentity *
fu_scsi_wb_verify_identity(FuScsiWbTransport *transport,
			   const FuScsiWbIdentity *identity,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
gchar *
fu_scsi_wb_verify_revision(FuScsiWbTransport *transport,
			   const FuScsiWbIdentity *identity,
			   guint limit_ms,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
