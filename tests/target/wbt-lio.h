// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#pragma once

#include "wbt-target.h"

/*
 * The kernel's target configuration (configfs): a TCMU backstore and a loopback fabric that makes
 * one SCSI host with one device out of it. Each name has a host of its own. All functions need
 * root and report what could not be written where.
 */

/* Modules and configfs. */
bool
wbt_lio_prepare(GError **error);

/* The backstore. @uio: (out): name of its UIO device, full transfer. */
bool
wbt_lio_add_backstore(const char *name, char **uio, GError **error);

/* The SCSI device; whoever serves the ring must run already. @hctl: (out): full transfer. */
bool
wbt_lio_add_device(const char *name, char **hctl, GError **error);

/* The SCSI device alone, then the rest. What does not exist is no error. */
void
wbt_lio_remove_device(const char *name);
void
wbt_lio_remove_backstore(const char *name);

/* "/dev/sgN", full transfer; NULL after @timeout_ms without a node */
char *
wbt_lio_find_sg(const char *hctl, unsigned int timeout_ms);

/* Cuts or restores the way to the device. Commands on a cut way end with host status
 * DID_TRANSPORT_DISRUPTED. */
bool
wbt_lio_set_online(const char *name, bool online, GError **error);

/* Makes Linux forget the device (open nodes get ENODEV), or look for it again. May block until
 * commands are answered: not to be called by whoever serves the ring. */
void
wbt_lio_forget(const char *hctl);
void
wbt_lio_rescan(const char *hctl);
