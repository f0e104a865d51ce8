/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "flow-bed.h"

/* what brings the new firmware into use, or keeps it out */
typedef enum {
	FLOW_END_RUNS,	   /* the last segment */
	FLOW_END_ACTIVATE, /* MODE 0Fh, from the user's activation */
	FLOW_END_POWER_ON, /* the next power on, before anybody activates it */
	FLOW_END_RESET,	   /* the next hard reset, before anybody activates it */
	FLOW_END_SHUTDOWN, /* the next power on, and the device is marked so */
	FLOW_END_ERROR,	   /* nothing: the old image stays, and goes on to run */
	FLOW_END_UNSEEN,   /* the next power on, but the device did not say so: an error */
	FLOW_END_LATE, /* the last segment, but the device is not seen again in time: an error */
} FlowEnd;

/**
 * FlowStandardRow:
 * @name: of the test
 * @model: a device that keeps to the standard
 * @rows: (nullable): the quirk row, if it is not one that leaves everything to the device
 * @faults: (nullable): what goes wrong during the update, and not during the next one
 * @size_bytes: of the image, 0: 100,001
 * @end: what becomes of the image
 * @mode: MODE of the segments that the device has accepted, 0: none
 * @chunk_bytes: the largest of them
 * @commands: how many WRITE BUFFERs with microcode have been sent, 0Fh and refused ones included
 * @slept_s: how many seconds the plugin has to have waited
 * @code: what an update that ends with an error fails with
 * @message: the whole text that a user then reads
 * @always: every update ends so, else the next one goes well
 **/
typedef struct {
	const gchar *name;
	const gchar *model;
	const gchar *rows;
	const gchar *faults;
	gsize size_bytes;
	FlowEnd end;
	guint8 mode;
	gsize chunk_bytes;
	guint commands;
	guint slept_s;
	FwupdError code;
	const gchar *message;
	gboolean always;
} FlowStandardRow;

extern const FlowStandardRow flow_standard_rows[];
extern const guint flow_standard_n_rows;
