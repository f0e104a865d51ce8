/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-transport.h"

gchar *
fu_scsi_wb_question_describe(const guint8 *cdb, gsize cdb_bytes) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_question_is_allowed(const FuScsiWbCommand *command) G_GNUC_NON_NULL(1);
