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
 * @FU_SCSI_WB_PLACE_FIRST: the first segment, also after starting over
 * @FU_SCSI_WB_PLACE_MIDDLE: neither the first nor the last
 * @FU_SCSI_WB_PLACE_LAST: the last segment
 * @FU_SCSI_WB_PLACE_ACTIVATE: MODE 0x0f, which activates a whole image
 * @FU_SCSI_WB_PLACE_WAITING: a question, e.g. whether the device is back
 * @FU_SCSI_WB_PLACE_FINAL: together with LAST, if that segment also takes the image into use
 * @FU_SCSI_WB_PLACE_UNADDRESSED: together with any of these, if the device does not look at where
 * a segment belongs
 * @FU_SCSI_WB_PLACE_LINK: a pattern to or from the echo buffer, before the first segment
 *
 * Where in an update a command stands. A single segment is both the first and the last.
 **/
typedef enum {
	FU_SCSI_WB_PLACE_FIRST = 1 << 0,
	FU_SCSI_WB_PLACE_MIDDLE = 1 << 1,
	FU_SCSI_WB_PLACE_LAST = 1 << 2,
	FU_SCSI_WB_PLACE_ACTIVATE = 1 << 3,
	FU_SCSI_WB_PLACE_WAITING = 1 << 4,
	FU_SCSI_WB_PLACE_FINAL = 1 << 5,
	FU_SCSI_WB_PLACE_LINK = 1 << 6,
	FU_SCSI_WB_PLACE_UNADDRESSED = 1 << 7,
} FuScsiWbPlace;

FuScsiWbAction
fu_scsi_wb_policy_next(FuScsiWbClass klass, FuScsiWbPlace place) G_GNUC_WARN_UNUSED_RESULT;
