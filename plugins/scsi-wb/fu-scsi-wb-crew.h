/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-member.h"

typedef struct _FuScsiWbCrew FuScsiWbCrew;

FuScsiWbCrew *
fu_scsi_wb_crew_new(guint parallel) G_GNUC_WARN_UNUSED_RESULT;
void
fu_scsi_wb_crew_free(FuScsiWbCrew *self);
gboolean
fu_scsi_wb_crew_start(FuScsiWbCrew *self,
		      GPtrArray *members,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
void
fu_scsi_wb_crew_stop(FuScsiWbCrew *self) G_GNUC_NON_NULL(1);
void
fu_scsi_wb_crew_join(FuScsiWbCrew *self) G_GNUC_NON_NULL(1);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FuScsiWbCrew, fu_scsi_wb_crew_free)
