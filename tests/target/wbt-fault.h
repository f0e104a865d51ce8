// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#pragma once

#include "wbt-target.h"

/* when a fault strikes; counters run from 1 since the script was set */
typedef enum {
	WBT_WHEN_COMMAND, /* the N-th command */
	WBT_WHEN_SEGMENT, /* the N-th WRITE BUFFER with data */
	WBT_WHEN_OPCODE,  /* the N-th command with this opcode; N 0: every one */
} WbtWhen;

typedef enum {
	WBT_FAULT_SENSE,
	WBT_FAULT_STATUS,
	WBT_FAULT_HANG,
	WBT_FAULT_VANISH,
	WBT_FAULT_AWAY,
	WBT_FAULT_NOT_READY,
	WBT_FAULT_RESET,
	WBT_FAULT_POWER_LOSS,
	WBT_FAULT_HOST,
	WBT_FAULT_ERRNO,
	WBT_FAULT_RESIDUAL,
	WBT_FAULT_STUCK_REVISION,
	WBT_FAULT_CORRUPT_ECHO,
	WBT_FAULT_CORRUPT,
} WbtAction;

/**
 * WbtFault: one line of a script.
 * @value: milliseconds, status, host status, errno or bytes, as @action wants
 */
typedef struct {
	WbtWhen when;
	uint8_t opcode;
	uint32_t nth;
	WbtAction action;
	uint32_t value;
	uint8_t key;
	uint8_t asc;
	uint8_t ascq;
	bool descriptor;
} WbtFault;

/* One line without its comment. @line_no is for the error. */
bool
wbt_fault_parse_line(const char *line,
		     size_t line_no,
		     WbtFaultScope scope,
		     WbtFault *fault,
		     GError **error);

/* A whole script: array of WbtFault, full transfer; NULL on a malformed line. */
GArray *
wbt_fault_parse(const char *script, WbtFaultScope scope, GError **error);

/**
 * WbtFaultCounts: what has been received since the script was set.
 */
typedef struct {
	uint32_t commands;
	uint32_t segments;
	uint32_t opcodes[256];
} WbtFaultCounts;

/* Counts this command, whether or not a fault strikes. */
void
wbt_fault_count(WbtFaultCounts *counts, const uint8_t *cdb, size_t data_out_bytes);

/* Whether @fault strikes the command that was just counted. */
bool
wbt_fault_strikes(const WbtFault *fault,
		  const WbtFaultCounts *counts,
		  const uint8_t *cdb,
		  size_t data_out_bytes);
