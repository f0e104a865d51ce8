/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "flow-bed.h"

/*
 * What lies between host and target: answers get lost or are changed on it, the target may be cut
 * off for a while, and commands take time. The target itself knows nothing of it.
 */

/* cut off for good */
#define FLOW_WIRE_FOR_EVER G_MAXUINT

/**
 * FlowWire:
 * @bed: where the target is
 * @lost_segment: whose answer is lost, counted from 1 since the update began, 0 for none
 * @lost_arrives: the target has got it all the same
 * @lost: what the host sees instead
 * @away_ms: for how long nothing arrives afterwards
 * @command_ms: how long each command takes
 * @now_ms: the time, which a sleep lets pass, too
 * @hook: (nullable): called after each command, to change its answer or what is behind the wire
 * @segments: WRITE BUFFER commands with microcode, or to activate it, so far
 * @lost_at_ms: when the answer was lost
 *
 * Set the fields after flow_bed_assert_enumerated(), before the update begins.
 **/
typedef struct _FlowWire FlowWire;
struct _FlowWire {
	FlowBed *bed;
	guint lost_segment;
	gboolean lost_arrives;
	FuScsiWbResult lost;
	guint away_ms;
	guint command_ms;
	gint64 now_ms;
	void (*hook)(FlowWire *self, const FuScsiWbCommand *command, FuScsiWbResult *result);
	guint segments;
	gint64 lost_at_ms;
	gint64 back_ms; /* private */
};

/* the host sees @other, which comes from /dev/sg0 */
void
flow_wire_replace(FuScsiWbResult *result, const FuScsiWbResult *other);

/* puts the device of @bed behind a wire; it is to live as long as @bed */
void
flow_wire_init(FlowWire *self, FlowBed *bed);
