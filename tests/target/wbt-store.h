// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#pragma once

#include "wbt-target.h"

/*
 * A device's nonvolatile memory as files of a folder: committed.bin, deferred.bin, events (which
 * activate the deferred image) and revision. Each is replaced atomically and is on the disk when
 * wbt_store_save() returns. The images are the truth and carry their revision; the file revision is
 * there for people.
 */

/* Puts back what the folder holds; @factory_revision NULL is the model's. An empty folder is no
 * error. The target then begins its life with a power on, or with a hard reset if @has_power: the
 * machine was started again, and the device kept its power. Both activate a deferred image where
 * the model does. */
bool
wbt_store_load(const char *dir,
	       WbtTarget *target,
	       const char *factory_revision,
	       bool has_power,
	       GError **error);

bool
wbt_store_save(const char *dir, const WbtTarget *target, GError **error);
