// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#pragma once

#include "wbt-target.h"

/*
 * How the command line talks to the daemon of a target: one request, one answer, over a UNIX
 * socket in the target's run-time folder. A request is one line and, for some, more text after it.
 * The answer's first line is "OK" or "ERROR reason".
 */

#define WBT_RUN_DIR "/run/scsi-wb-target"

/* "WBT_RUN_DIR/NAME/FILE"; @file NULL is the folder. Full transfer. */
char *
wbt_run_path(const char *name, const char *file);

/* Sends @request to the daemon of @name. @answer: (out) (optional): text after "OK", full. */
bool
wbt_control_ask(const char *name, const char *request, char **answer, GError **error);

/* The daemon's end: -1 and @error on failure. */
int
wbt_control_listen(const char *name, GError **error);

/* Accepts one client and reads its request; NULL if there is none after all. @fd: (out) */
char *
wbt_control_accept(int listen_fd, int *fd);

/* Answers and closes @fd. @problem NULL: OK, with @text, which may be NULL. */
void
wbt_control_answer(int fd, const char *text, const GError *problem);
