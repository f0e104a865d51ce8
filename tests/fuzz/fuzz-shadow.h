/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "wbt-model.h"
#include "wbt-target.h"

/**
 * FuzzShadow:
 * @target: the simulated device
 * @bytes: what it has taken of firmware since it last dropped all
 * @segments: (element-type FuzzShadowSegment): the commands that brought it
 * @committed: (nullable): the device's image, as it was when it was last looked at
 * @deferred: (nullable): the one that waits, as above
 * @deferred_events: what activates it, as above
 * @commits: how often an image was committed, as above
 *
 * A witness of what a simulated device was sent. It knows the rows of the models, and none of the
 * machine that carries them out.
 **/
typedef struct {
	WbtTarget *target;
	GByteArray *bytes;
	GArray *segments;
	GBytes *committed;
	GBytes *deferred;
	guint8 deferred_events;
	guint32 commits;
} FuzzShadow;

/**
 * fuzz_shadow_init:
 * @self: (out caller-allocates): a witness
 * @target: (transfer none): a device that was sent nothing yet
 **/
void
fuzz_shadow_init(FuzzShadow *self, WbtTarget *target);

/**
 * fuzz_shadow_clear:
 * @self: a witness
 **/
void
fuzz_shadow_clear(FuzzShadow *self);

/**
 * fuzz_shadow_see_command:
 * @self: a witness
 * @cdb: a command of at least ten bytes
 * @data: (nullable): what was sent with it
 * @reply: how it ended
 *
 * Asserts that the reply is well-formed, and that an image is committed, or waits, only if it is
 * whole and valid and all of it was sent in the order that the model's rules ask for.
 **/
void
fuzz_shadow_see_command(FuzzShadow *self,
			const guint8 *cdb,
			const guint8 *data,
			const WbtReply *reply);

/**
 * fuzz_shadow_see_event:
 * @self: a witness
 * @event: `WBT_EVENT_POWER_ON` or `WBT_EVENT_HARD_RESET`
 *
 * Asserts that the device has dropped what was not whole, and activated what waited for the event,
 * and nothing else.
 **/
void
fuzz_shadow_see_event(FuzzShadow *self, guint8 event);

/**
 * fuzz_shadow_forget:
 * @self: a witness
 *
 * Looks at the device anew, after something that a fault script has done to it.
 **/
void
fuzz_shadow_forget(FuzzShadow *self);
