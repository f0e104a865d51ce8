// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#pragma once

#include "wbt-daemon.h"

/*
 * A target's life on this machine: backstore, daemon, SCSI device, and their end.
 */

/* @fault_file: script, "-" for standard input, NULL without. @node: (out): "/dev/sgN H:C:T:L" and a
 * newline, full transfer. @options->uio is filled in. Nothing is left of a start that fails. */
bool
wbt_life_start(WbtDaemonOptions *options, const char *fault_file, char **node, GError **error);
bool
wbt_life_stop(const char *name, GError **error);

bool
wbt_life_set_faults(const char *name, const char *file, GError **error);

/* Waits until the device has a node and Linux has no more questions. @node as above. */
bool
wbt_life_wait(const char *name, char **node, GError **error);

/* Waits until the answer to a command is held back. @line: (out): the command, full transfer. */
bool
wbt_life_wait_held(const char *name, char **line, GError **error);
