/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

#include "fu-scsi-wb-identity.h"

/**
 * FuScsiWbKind:
 * @type: peripheral device type
 * @summary: what people call it
 * @icon: name in the freedesktop icon naming specification, 0.8.90
 * @readiness: what TEST UNIT READY has to say before an update
 * @is_internal: usually built into the machine
 * @is_disk: has a cache that must not be lost
 **/
typedef struct {
	FuScsiWbPeripheralType type;
	const gchar *summary;
	const gchar *icon;
	FuScsiWbReadiness readiness;
	gboolean is_internal;
	gboolean is_disk;
} FuScsiWbKind;

const FuScsiWbKind *
fu_scsi_wb_kind_find(FuScsiWbPeripheralType type);
void
fu_scsi_wb_kind_describe(const FuScsiWbKind *self,
			 FuDevice *device,
			 const FuScsiWbIdentity *identity) G_GNUC_NON_NULL(1, 2, 3);
