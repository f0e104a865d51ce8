/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-identity.h"

/**
 * fuzz_identity_parse:
 * @self: who the device is known to be
 * @kind: which answer it is
 * @blob: the answer
 *
 * Lets the device say who it is, and asserts that what is kept of it may stand on the bus, in a
 * log and in a GUID, and that only the bytes count that are there and that the answer covers.
 **/
void
fuzz_identity_parse(FuScsiWbIdentity *self, guint8 kind, GBytes *blob);
