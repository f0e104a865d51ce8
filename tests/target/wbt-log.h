// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#pragma once

#include "wbt-target.h"

/* What is known before a command runs: CDB and data. */
void
wbt_log_entry_init(WbtLogEntry *entry,
		   uint32_t number,
		   const uint8_t *cdb,
		   size_t cdb_bytes,
		   size_t data_out_bytes);
void
wbt_log_entry_add_checksum(WbtLogEntry *entry, const uint8_t *data_out, size_t data_out_bytes);

/* What is known after it: status, and the sense in @reply decoded. */
void
wbt_log_entry_finish(WbtLogEntry *entry, const WbtReply *reply);
