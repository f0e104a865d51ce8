/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-crew.h"

/*
 * A GThreadPool would do, but for one thing: between the moment when it takes something off its
 * queue and the one when it calls for it to be done, others may fail. Then a member would be left
 * out although it comes before the one that has failed, and fwupd, which walks in that order, would
 * stop at the wrong device. Here a member is taken and begun, or left out, as one step.
 */
struct _FuScsiWbCrew {
	guint parallel;
	GPtrArray *threads; /* of GThread, also of those that have ended */

	GMutex lock;
	GQueue queue; /* of FuScsiWbMember, not owned */
	guint running;
	gboolean is_stopped;
};

/**
 * fu_scsi_wb_crew_new:
 * @parallel: how many members may run at the same time
 *
 * Makes a crew that has nothing to do.
 *
 * Returns: (transfer full): a crew
 **/
FuScsiWbCrew *
fu_scsi_wb_crew_new(guint parallel)
{
	FuScsiWbCrew *self = g_new0(FuScsiWbCrew, 1);

	self->parallel = parallel;
	self->threads = g_ptr_array_new();
	g_mutex_init(&self->lock);
	g_queue_init(&self->queue);
	return self;
}

static void
fu_scsi_wb_crew_leave_out(FuScsiWbCrew *self)
{
	FuScsiWbMember *member;

	while ((member = g_queue_pop_head(&self->queue)) != NULL)
		fu_scsi_wb_member_skip(member);
}

static FuScsiWbMember *
fu_scsi_wb_crew_take(FuScsiWbCrew *self)
{
	FuScsiWbMember *member;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);

	g_return_val_if_fail(locker != NULL, NULL);

	member = g_queue_pop_head(&self->queue);
	if (member == NULL)
		self->running--;
	return member;
}

static gpointer
fu_scsi_wb_crew_thread_cb(gpointer data)
{
	FuScsiWbCrew *self = data;
	FuScsiWbMember *member;

	while ((member = fu_scsi_wb_crew_take(self)) != NULL) {
		if (!fu_scsi_wb_member_run(member))
			fu_scsi_wb_crew_stop(self);
	}
	return NULL;
}

/* fewer threads than wanted do it, too, only later */
static gboolean
fu_scsi_wb_crew_hire(FuScsiWbCrew *self, GError **error)
{
	for (guint i = g_queue_get_length(&self->queue); i > 0 && self->running < self->parallel;
	     i--) {
		GThread *thread =
		    g_thread_try_new("scsi-wb", fu_scsi_wb_crew_thread_cb, self, error);
		if (thread == NULL)
			return self->running > 0;
		g_ptr_array_add(self->threads, thread);
		self->running++;
	}
	return TRUE;
}

/**
 * fu_scsi_wb_crew_start:
 * @self: a #FuScsiWbCrew
 * @members: (element-type FuScsiWbMember): to be run in this order; each has to live until it has
 * ended
 * @error: (nullable): optional return location for an error
 *
 * Lets members run, each in a thread. Once one has failed, or fu_scsi_wb_crew_stop() was called,
 * those that have not begun are left out, and all that come later.
 *
 * Returns: %FALSE if there is no thread at all; @members are as they were then
 **/
gboolean
fu_scsi_wb_crew_start(FuScsiWbCrew *self, GPtrArray *members, GError **error)
{
	g_autoptr(GError) error_local = NULL;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);

	g_return_val_if_fail(locker != NULL, FALSE);

	for (guint i = 0; i < members->len; i++)
		g_queue_push_tail(&self->queue, g_ptr_array_index(members, i));
	if (self->is_stopped) {
		fu_scsi_wb_crew_leave_out(self);
		return TRUE;
	}
	if (fu_scsi_wb_crew_hire(self, &error_local))
		return TRUE;
	g_queue_clear(&self->queue);
	g_propagate_error(error, g_steal_pointer(&error_local));
	fwupd_error_convert(error);
	return FALSE;
}

/**
 * fu_scsi_wb_crew_stop:
 * @self: a #FuScsiWbCrew
 *
 * Lets no member begin any more. Those that have begun go on. May be called by any thread.
 **/
void
fu_scsi_wb_crew_stop(FuScsiWbCrew *self)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);

	g_return_if_fail(locker != NULL);

	self->is_stopped = TRUE;
	fu_scsi_wb_crew_leave_out(self);
}

/**
 * fu_scsi_wb_crew_join:
 * @self: a #FuScsiWbCrew
 *
 * Waits until all members have ended.
 **/
void
fu_scsi_wb_crew_join(FuScsiWbCrew *self)
{
	for (guint i = 0; i < self->threads->len; i++)
		(void)g_thread_join(g_ptr_array_index(self->threads, i));
	g_ptr_array_set_size(self->threads, 0);
}

/**
 * fu_scsi_wb_crew_free:
 * @self: a #FuScsiWbCrew
 *
 * Waits until all members have ended, and lets go of the crew.
 **/
void
fu_scsi_wb_crew_free(FuScsiWbCrew *self)
{
	fu_scsi_wb_crew_join(self);
	g_ptr_array_unref(self->threads);
	g_mutex_clear(&self->lock);
	g_free(self);
}
