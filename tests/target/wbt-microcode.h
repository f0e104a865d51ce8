// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#pragma once

#include "wbt-image.h"
#include "wbt-model.h"
#include "wbt-sense.h"

/**
 * WbtMicrocode: the firmware of one device, and what has arrived of the next.
 * @partial: unfinished download, @partial_mode its mode; @downloading while there is one
 * @segments: segments of the unfinished download
 * @committed: image in nonvolatile storage, NULL while it is the factory's
 * @saved_revision: of @committed; @active_revision: what runs
 * @waiting: @committed has not run yet: it does from the next power on, hard reset or 0Fh
 * @deferred: whole image that waits to be activated, or NULL
 * @deferred_events: WBT_EVENT_* that activate it beside 0Fh; of the download while that is under
 * way
 * @activated: set by the machine when another image began to run; whoever handles it clears it
 * @stuck_revision: fault: take images, never change the revision
 */
typedef struct {
	const WbtModel *model;
	GByteArray *partial;
	bool downloading;
	uint8_t partial_mode;
	uint32_t segments;
	GBytes *committed;
	bool waiting;
	GBytes *deferred;
	uint8_t deferred_events;
	char saved_revision[WBT_IMAGE_REVISION_BYTES + 1];
	char active_revision[WBT_IMAGE_REVISION_BYTES + 1];
	uint32_t commits;
	uint32_t activations;
	uint32_t saves;
	bool activated;
	bool stuck_revision;
} WbtMicrocode;

void
wbt_microcode_init(WbtMicrocode *self, const WbtModel *model);
void
wbt_microcode_clear(WbtMicrocode *self);

/* Drops the unfinished download, keeps everything that is whole. */
void
wbt_microcode_drop_partial(WbtMicrocode *self);

/* Power on or hard reset, which @event of WBT_EVENT_* tells: the saved image runs, or the deferred
 * one if it was to be activated by this event. */
void
wbt_microcode_restart(WbtMicrocode *self, uint8_t event);

void
wbt_microcode_restore(WbtMicrocode *self,
		      GBytes *committed,
		      const char *revision,
		      GBytes *deferred);

/* WRITE BUFFER in a microcode mode. @cdb: 10 bytes; @data: the bytes that arrived, @data_bytes of
 * them, which may be fewer than PARAMETER LIST LENGTH only if the device lost some. */
WbtSense
wbt_microcode_write(WbtMicrocode *self, const uint8_t *cdb, const uint8_t *data, size_t data_bytes);
