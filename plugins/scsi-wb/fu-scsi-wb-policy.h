/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

#include "fu-scsi-wb-struct.h"

/* a device has a handful of reasons for unit attention, each is reported once */
#define FU_SCSI_WB_POLICY_RESENDS_MAX 8

/**
 * FuScsiWbPlace:
 *
 * Where in an update a command stands. A single segment is both the first and the last.
 **/
typedef enum {
	FU_SCSI_WB_PLACE_FIRST = 1 << 0,
	FU_SCSI_WB_PLACE_MIDDLE = 1 << 1,
	FU_SCSI_WB_PLACE_LAST = 1 << 2,
	FU_SCSI_WB_PLACE_ACTIVATE = 1 << 3,
	FU_SCSI_WB_PLACE_WAITING = 1 << 4,
} FuScsiWbPlace;

FuScsiWbAction
fu_scsi_wb_policy_next(FuScsiWbClass klass, FuScsiWbPlace place) G_GNUC_WARN_UNUSED_RESULT;
