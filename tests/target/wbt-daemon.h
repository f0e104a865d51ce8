// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#pragma once

#include "wbt-target.h"

/**
 * WbtDaemonOptions: what a daemon serves. All strings are borrowed.
 * @vendor, @product: what the device says of itself, NULL for the model's
 * @revision: the factory's, NULL for the model's
 * @state_dir: where nonvolatile state is kept, NULL for the run-time folder
 * @has_power: the device was never off since that state was kept
 */
typedef struct {
	const char *name;
	const char *uio;
	const WbtModel *model;
	const char *serial;
	const char *vendor;
	const char *product;
	const char *revision;
	const char *state_dir;
	bool has_power;
} WbtDaemonOptions;

/* Starts the daemon in a process of its own and returns when it serves the ring. */
bool
wbt_daemon_start(const WbtDaemonOptions *options, GError **error);
