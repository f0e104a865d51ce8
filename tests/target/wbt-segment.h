// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#pragma once

#include "wbt-microcode.h"

/* One WRITE BUFFER held against the rules of its model: fields only, nothing is changed. */

/**
 * WbtSegment: the fields of one WRITE BUFFER, decoded once.
 * @rule: of its mode, NULL if the model does not know it
 * @offset: in BUFFER OFFSET counts
 * @continues: it continues the unfinished download, else it starts a new one
 * @data: what arrived with it, @data_bytes of it
 */
typedef struct {
	const WbtModeRule *rule;
	uint8_t specific;
	uint8_t control;
	uint8_t id;
	uint64_t offset;
	uint32_t length_bytes;
	bool continues;
	const uint8_t *data;
	size_t data_bytes;
} WbtSegment;

/* @cdb: 10 bytes; the data are left to the caller */
WbtSegment
wbt_segment_decode(const WbtModel *model, const uint8_t *cdb);

/* GOOD, or the first field that is invalid. Fills in @seg->continues. */
WbtSense
wbt_segment_check(const WbtMicrocode *self, WbtSegment *seg);
