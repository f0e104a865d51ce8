// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#pragma once

#include "wbt-target.h"

/**
 * WbtPace: how long commands take, and when a download was; for measurements. No clock: the caller
 * says what time it is, in microseconds of a clock of its own.
 * @latency_us: each command takes so long
 * @bandwidth: bytes of data a second, in either direction; 0: data take no time
 * @first_us: when the first command of any kind arrived, 0 if none has
 * @last_us: when the last command of any kind was answered
 * @begin_us: when the first WRITE BUFFER with microcode arrived, 0 if none has
 * @end_us: when the last one was answered
 * @segments: how many there were, with @segment_bytes of data
 * @others: commands that came in between, from the first segment to the last
 * @others_since: commands since the last segment, of which nobody knows yet whether they are in
 * between
 */
typedef struct {
	uint32_t latency_us;
	uint32_t bandwidth;
	int64_t first_us;
	int64_t last_us;
	int64_t begin_us;
	int64_t end_us;
	uint32_t segments;
	uint64_t segment_bytes;
	uint32_t others;
	uint32_t others_since;
} WbtPace;

/* Begins anew, with the pace in @text: "LATENCY_US BANDWIDTH". */
bool
wbt_pace_set(WbtPace *self, const char *text, GError **error);

/* A command has arrived: returns how long it takes. */
int64_t
wbt_pace_arrive(WbtPace *self, const uint8_t *cdb, size_t data_bytes, int64_t now_us);

/* The command has been answered. */
void
wbt_pace_answer(WbtPace *self, const uint8_t *cdb, int64_t now_us);

/* What was seen, as "key: value"; @epoch_us is the time of the Unix clock when the caller's began;
 * full transfer. */
char *
wbt_pace_to_string(const WbtPace *self, int64_t epoch_us);
