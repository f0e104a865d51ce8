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
 * @offline: vanished; only a power cycle brings it back
 */
struct WbtTarget {
	const WbtModel *model;
	char *serial;
	WbtMicrocode microcode;
	WbtEcho echo;
	WbtAttention attentions[WBT_MAX_ATTENTIONS];
	size_t n_attentions;
	uint32_t busy_left;
	bool offline;
	GArray *faults; /* of WbtFault */
	WbtFaultCounts counts;
	GArray *log; /* of WbtLogEntry */
};
