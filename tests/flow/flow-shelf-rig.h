/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "flow-bed.h"
#include "fu-scsi-wb-shelf.h"

/*
 * Several devices in one transaction, walked as fwupd 2.0.20 does it (src/fu-engine.c:
 * fu_engine_install_releases()): one by one until one fails, with the plugin told of each step.
 */

/**
 * FlowShelf:
 * @beds: (element-type FlowBed): a device each
 * @seats: (element-type FlowSeat): where the commands of each pass by
 * @image: what all are updated with
 * @walked: how many fwupd has come to
 * @lock: for all that follows
 * @cond: somebody has come
 * @meet: as many as this wait for each other at their first segment, 0 for nobody
 * @came: how many have been there
 * @clock: goes on whenever somebody begins or ends
 * @inside: how many are between their first segment and the first command after the last one
 * @inside_max: the most that ever were
 * @is_alone: somebody has waited in vain
 **/
typedef struct {
	GPtrArray *beds;
	GPtrArray *seats;
	GBytes *image;
	guint walked;
	GMutex lock;
	GCond cond;
	guint meet;
	guint came;
	guint clock;
	guint inside;
	guint inside_max;
	gboolean is_alone;
} FlowShelf;

/* @count devices of a model, all listed */
FlowShelf *
flow_shelf_new(const gchar *model, guint count);
void
flow_shelf_free(FlowShelf *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FlowShelf, flow_shelf_free)

FlowBed *
flow_shelf_get_bed(FlowShelf *self, guint idx);
/* one more device, of another model or with other quirk rows */
FlowBed *
flow_shelf_add(FlowShelf *self, const gchar *model, const gchar *rows);

/* the whole transaction; %FALSE with the error of the first device that failed, as fwupd has it */
gboolean
flow_shelf_install(FlowShelf *self, guint parallel, GError **error);

/* the listed version is what the device runs, and what it runs is whole */
void
flow_shelf_assert_true(FlowShelf *self);
/* how many run the new firmware */
guint
flow_shelf_count_updated(FlowShelf *self);
/* how many were sent nothing at all */
guint
flow_shelf_count_untouched(FlowShelf *self);
/* the last segment of one was over before the first of the other went */
gboolean
flow_shelf_went_before(FlowShelf *self, guint idx, guint idx_later);
