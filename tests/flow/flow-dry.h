/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "flow-bed.h"
#include "fu-scsi-wb-dry-run.h"

/*
 * A dry run in front of the simulated target, and what the target then has to see of an update.
 */

/* enumerates the device behind the program's gate, asks it, and plans; the target must have seen
 * nothing but questions. Afterwards the device is as flow_bed_enumerate() leaves it. */
FuScsiWbDryRun *
flow_dry_run(FlowBed *bed, gsize image_bytes, GError **error);

/* the same plan from the device's recorded answers alone, for a device that is not there */
void
flow_dry_assert_replayed(FlowBed *bed, const FuScsiWbDryRun *dry_run);

/* what the target has seen since the mark is the plan, CDB by CDB and with the same time limits:
 * fallbacks are gone through only where the target refused; an attention costs a repetition */
void
flow_dry_assert_carried_out(FlowBed *bed, const FuScsiWbDryRun *dry_run);

/* the only command with microcode since the mark was the one that activates */
void
flow_dry_assert_activated(FlowBed *bed, const FuScsiWbDryRun *dry_run);
