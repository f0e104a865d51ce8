// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#pragma once

#include "wbt-pace.h"
#include "wbt-tcmu.h"

/**
 * WbtServer: the inside of a daemon.
 * @hctl: the SCSI address in Linux, NULL until the command line has told it, then constant
 * @state_dir: nonvolatile state
 * @saves_seen: wbt_target_get_saves() when it was last written
 * @told_us: until when the target has been told how much time has passed
 * @held: @cmd has been executed, and @reply waits until @due_us of g_get_monotonic_time()
 * @pace: how long commands take beside what hangs
 * @errands: one thread for what may block until the ring is served; it reads @name and @hctl
 * @errands_left: atomic; while it is not 0 the device is about to come or go
 */
typedef struct {
	const char *name;
	const char *state_dir;
	char *hctl;
	WbtTarget *target;
	WbtRing *ring;
	int listen_fd;
	uint32_t saves_seen;
	int64_t told_us;
	bool held;
	int64_t due_us;
	WbtRingCommand cmd;
	WbtReply reply;
	WbtPace pace;
	GThreadPool *errands;
	gint errands_left;
	bool quit;
} WbtServer;

/* Writes nonvolatile state if it has changed. */
bool
wbt_server_save(WbtServer *self, GError **error);

/* Serves the ring and the socket until a request to quit. Returns false if the ring broke. */
bool
wbt_server_run(WbtServer *self);

/* wbt-request.c: one request of the command line. Returns the answer's text, full transfer, or
 * NULL and @error. */
char *
wbt_server_request(WbtServer *self, const char *request, GError **error);

/* Cuts the way to the device and makes Linux forget it; or the opposite. */
void
wbt_server_vanish(WbtServer *self);
void
wbt_server_come_back(WbtServer *self);
