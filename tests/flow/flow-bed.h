/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-compat.h"
#include "fu-scsi-wb-device.h"
#include "wbt-target.h"

/*
 * The plugin's own device code in front of the simulated target, without daemon and kernel: a
 * folder stands in for /sys, a transport hands commands to the target, and time passes only there.
 */

/**
 * FlowBed:
 * @dir: temporary folder with sys/ and quirks.d/
 * @unit_dir: what stands in for the logical unit's folder in /sys
 * @context: with the project's quirk rows and those of the test
 * @device: the plugin's device, not probed yet
 * @target: what its commands go to
 * @slept_ms: how long it would have slept
 * @percentages: how often the progress of the write phase was changed
 * @percentage_last: the last value of it
 * @mark: log entries of @target up to the last flow_bed_mark()
 * @timeouts_ms: (element-type guint): time limit of each command that came from the device code
 * @first: log entries of @target before those
 **/
typedef struct {
	gchar *dir;
	gchar *unit_dir;
	FuContext *context;
	FuDevice *device;
	WbtTarget *target;
	guint64 slept_ms;
	guint percentages;
	FuScsiWbPercentage percentage_last;
	gsize mark;
	GArray *timeouts_ms;
	gsize first;
} FlowBed;

/* @quirk_rows: (nullable): what a user put into a file of his own */
FlowBed *
flow_bed_new(const gchar *model, const gchar *quirk_rows);
FlowBed *
flow_bed_new_for_model(const WbtModel *model, const gchar *quirk_rows);
void
flow_bed_free(FlowBed *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FlowBed, flow_bed_free)

/* hands a command to the target; @user_data is a #FlowBed */
gboolean
flow_bed_send_cb(gpointer user_data,
		 const FuScsiWbCommand *command,
		 FuScsiWbResult *result,
		 GError **error);

/* the other two functions of its transport; @user_data is a #FlowBed, too */
void
flow_bed_sleep_cb(gpointer user_data, guint delay_ms);
gint64
flow_bed_clock_cb(gpointer user_data);

/* leads to the target; the bed has to outlive it */
FuScsiWbTransport *
flow_bed_new_transport(FlowBed *self);

/* an attribute of the logical unit in /sys */
void
flow_bed_write_attr(FlowBed *self, const gchar *attr, const void *buf, gssize bufsz);

/* another node that leads to the same target, below a folder like host0/target0:0:0/0:0:0:0; its
 * own folder is returned */
gchar *
flow_bed_add_node(FlowBed *self, const gchar *unit, const gchar *node);
/* the plugin's device for a node, not probed yet */
FuDevice *
flow_bed_new_device(FlowBed *self, const gchar *node_dir);
void
flow_bed_remove_tree(const gchar *path);

/* another life of the daemon: it knows the device only as it is now */
void
flow_bed_restart_daemon(FlowBed *self);

/* as the daemon does it */
gboolean
flow_bed_enumerate(FlowBed *self, GError **error);
gboolean
flow_bed_install(FlowBed *self, GBytes *image, FwupdInstallFlags flags, GError **error);
gboolean
flow_bed_activate(FlowBed *self, GError **error);

/* the same where nothing can go wrong */
void
flow_bed_assert_enumerated(FlowBed *self);
void
flow_bed_assert_installed(FlowBed *self, GBytes *image, FwupdInstallFlags flags);
void
flow_bed_assert_activated(FlowBed *self);
/* an update fails, with this and the whole of @message */
void
flow_bed_assert_refused(FlowBed *self, GBytes *image, FwupdError code, const gchar *message);

/* the rows that a user writes for a device that is only described in tests/heldout/, or %NULL */
gchar *
flow_bed_new_heldout_rows(const WbtModel *model);

/* the rows that a user needs for a model: none for a device of the book, those of tests/heldout/,
 * and a row that leaves a device of the standard to itself */
gchar *
flow_bed_new_model_rows(const WbtModel *model);

/* a whole image that the target takes, or %NULL if too small for one */
GBytes *
flow_bed_new_image(FlowBed *self, const gchar *revision, gsize size_bytes);
void
flow_bed_set_faults(FlowBed *self, const gchar *script);

/* commands are counted from here */
void
flow_bed_mark(FlowBed *self);
guint
flow_bed_count_opcode(FlowBed *self, guint8 opcode);
gboolean
flow_bed_is_segment(const WbtLogEntry *entry);
guint
flow_bed_count_segments(FlowBed *self);
guint
flow_bed_count_commands(FlowBed *self);

/* the target keeps exactly @image, and runs it */
void
flow_bed_assert_updated(FlowBed *self, GBytes *image, const gchar *revision);
/* nothing was committed and nothing else runs */
void
flow_bed_assert_untouched(FlowBed *self);
/* nothing came between the first and the last WRITE BUFFER since the mark, unless the download
 * began anew after it */
void
flow_bed_assert_uninterrupted(FlowBed *self);

/* one test for each row of a table that has a member "name" */
#define FLOW_BED_ADD_ROWS(path, rows, func)                                                        \
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {                                           \
		g_autofree gchar *name = g_strdup_printf(path "/%s", rows[i].name);                \
		g_test_add_data_func(name, &rows[i], func);                                        \
	}
