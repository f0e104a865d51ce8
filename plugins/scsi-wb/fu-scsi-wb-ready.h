/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

#include "fu-scsi-wb-struct.h"
#include "fu-scsi-wb-transport.h"

gboolean
fu_scsi_wb_ready_check(FuScsiWbTransport *transport,
		       FuScsiWbReadiness readiness,
		       gboolean may_start,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
FuScsiWbAction
fu_scsi_wb_ready_wait_for(FuScsiWbTransport *transport,
			  guint limit_ms,
			  guint actions,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_ready_wait(FuScsiWbTransport *transport,
		      guint limit_ms,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_ready_flush(FuScsiWbTransport *transport, GError **error) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);
