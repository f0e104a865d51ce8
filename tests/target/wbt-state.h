// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#pragma once

#include "wbt-command.h"
#include "wbt-fault.h"

#define WBT_MAX_ATTENTIONS 4

/**
 * WbtTarget:
 * @attentions: pending unit attentions of the one nexus, oldest first
 * @busy_left: commands that are still answered 02/04/01
 * @starting_ms: for so long all of them are
 * @offline: nothing answers
 * @away_ms: after so long power returns by itself; 0: only a power cycle brings it back
 */
struct WbtTarget {
	const WbtModel *model;
	char *serial;
	WbtMicrocode microcode;
	WbtEcho echo;
	WbtAttention attentions[WBT_MAX_ATTENTIONS];
	size_t n_attentions;
	uint32_t busy_left;
	uint32_t starting_ms;
	bool offline;
	uint32_t away_ms;
	GArray *faults; /* of WbtFault */
	WbtFaultCounts counts;
	GArray *log; /* of WbtLogEntry */
	bool without_checksums;
};

/* wbt-power.c: power, unit attentions, and when the device is ready */
void
wbt_power_push_attention(WbtTarget *self, uint8_t asc, uint8_t ascq);

/* Takes the oldest; GOOD if none is pending. */
WbtSense
wbt_power_pop_attention(WbtTarget *self);

/* Without power for @ms. */
void
wbt_power_go_away(WbtTarget *self, uint32_t ms);

/* Another image runs now. */
void
wbt_power_restart(WbtTarget *self);
bool
wbt_power_is_becoming_ready(const WbtTarget *self);
