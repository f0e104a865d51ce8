/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "flow-bed.h"

/*
 * Every fault at every command of an update, from the first question to the last, for a model of
 * the target; and what must hold afterwards, whatever the fault was.
 */

typedef enum {
	FLOW_MATRIX_SENSE,     /* CHECK CONDITION with @key, @asc, @ascq */
	FLOW_MATRIX_RAW_SENSE, /* CHECK CONDITION with @raw_bytes of @raw */
	FLOW_MATRIX_STATUS,    /* this status byte, without sense data */
	FLOW_MATRIX_HOST,      /* this host status */
	FLOW_MATRIX_DRIVER,    /* this driver status */
	FLOW_MATRIX_ERRNO,     /* the ioctl fails with this errno */
	FLOW_MATRIX_HANG,      /* no answer until the kernel's time limit */
	FLOW_MATRIX_RESIDUAL,  /* this many bytes were not transferred, -1: all, -2: half of them */
	FLOW_MATRIX_FILL,      /* the answer is nothing but this byte */
	FLOW_MATRIX_VANISH,    /* gone until somebody looks after it */
	FLOW_MATRIX_MOVE,      /* gone, and back as another node */
	FLOW_MATRIX_SWAP,      /* gone; behind the node there is another device then */
	FLOW_MATRIX_SILENT_SWAP, /* another device from the next command on; 1: it has the image */
	FLOW_MATRIX_POWER_LOSS,	 /* off and on */
	FLOW_MATRIX_RESET,	 /* hard reset */
	FLOW_MATRIX_STUCK,	 /* images are taken from now on, and thrown away in silence */
} FlowMatrixKind;

/**
 * FlowMatrixFault:
 * @name: for people
 * @kind: what happens
 * @value: number, as @kind wants it
 * @key: sense key
 * @asc: additional sense code
 * @ascq: additional sense code qualifier
 * @is_descriptor: the sense data are in descriptor format
 * @is_executed: the device carries the command out all the same
 * @raw: sense data
 * @raw_bytes: how many
 **/
typedef struct {
	const gchar *name;
	FlowMatrixKind kind;
	gint value;
	guint8 key;
	guint8 asc;
	guint8 ascq;
	gboolean is_descriptor;
	gboolean is_executed;
	const guint8 *raw;
	guint8 raw_bytes;
} FlowMatrixFault;

/* flow-matrix-faults.c: all of them; element-type FlowMatrixFault */
GArray *
flow_matrix_new_faults(void);

/* whether a CDB brings or activates microcode */
gboolean
flow_matrix_is_microcode(const guint8 *cdb);

/**
 * FlowMatrixRig:
 * @bed: folder, quirk rows, and the device and target of the present run
 * @model: what the target plays
 * @other: another device of the same model, or %NULL
 * @original: the device that was meant, while @other is behind the node
 * @node_dir: the node of the next run
 * @fault: (nullable): what happens in this run
 * @at: at which command, from 1
 * @commands: how many there were so far
 * @is_cut: the open node leads nowhere
 * @now_ms: the time
 * @image: (nullable): what is installed, owned by the caller
 * @sent_bytes: how much of it was accepted, from its beginning and without a gap
 * @gaps: how many commands went on although something before them was missing
 *
 * One update after the other in the same surroundings.
 **/
typedef struct {
	FlowBed *bed;
	const WbtModel *model;
	WbtTarget *other;
	WbtTarget *original;
	gchar *node_dir;
	const FlowMatrixFault *fault;
	guint at;
	guint commands;
	gboolean is_cut;
	gint64 now_ms;
	GBytes *image;
	gsize sent_bytes;
	guint gaps;
} FlowMatrixRig;

FlowMatrixRig *
flow_matrix_rig_new(const WbtModel *model);
void
flow_matrix_rig_free(FlowMatrixRig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FlowMatrixRig, flow_matrix_rig_free)

/* another target and another life of the daemon, with a fault at the @at-th command */
void
flow_matrix_rig_begin(FlowMatrixRig *self, const FlowMatrixFault *fault, guint at);

/* what an administrator does before the next try: the device is there again, and the daemon is
 * started anew; the target is the one that was meant */
void
flow_matrix_rig_repair(FlowMatrixRig *self);

/**
 * FlowMatrixResult:
 * @is_listed: enumeration ended well, and the device can be updated
 * @is_installed: so did the installation
 * @is_activated: so did the activation, if there was one
 * @is_pending: fwupd waits for a reboot or a shutdown
 * @error: (nullable): the first error
 *
 * What a user sees of an update.
 **/
typedef struct {
	gboolean is_listed;
	gboolean is_installed;
	gboolean is_activated;
	gboolean is_pending;
	GError *error;
} FlowMatrixResult;

void
flow_matrix_result_clear(FlowMatrixResult *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FlowMatrixResult, flow_matrix_result_clear)

/* enumerates, installs, and activates what waits for it; the node is reopened between the phases,
 * as the daemon does it */
FlowMatrixResult
flow_matrix_rig_update(FlowMatrixRig *self, GBytes *image);
