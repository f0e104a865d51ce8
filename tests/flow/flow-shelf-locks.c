/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <errno.h>
#include <glib.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/*
 * For ThreadSanitizer alone: it knows the locks of POSIX, but not those that GLib makes of futexes,
 * and would take all that they protect for unprotected. So here are GLib's, made of those of POSIX.
 * They take the place of GLib's own wherever those are called, but for GLib itself. One that was
 * not initialized, but is all zero, has to work, too.
 */

static void *
flow_locks_publish(gpointer *place, void *made)
{
	if (g_atomic_pointer_compare_and_exchange(place, NULL, made))
		return made;
	free(made);
	return g_atomic_pointer_get(place);
}

static pthread_mutex_t *
flow_locks_get_mutex(GMutex *mutex)
{
	pthread_mutex_t *made = g_atomic_pointer_get(&mutex->p);

	if (made != NULL)
		return made;
	made = calloc(1, sizeof(*made));
	if (made == NULL || pthread_mutex_init(made, NULL) != 0)
		abort();
	return flow_locks_publish(&mutex->p, made);
}

static pthread_cond_t *
flow_locks_get_cond(GCond *cond)
{
	pthread_cond_t *made = g_atomic_pointer_get(&cond->p);
	pthread_condattr_t attr;

	if (made != NULL)
		return made;
	made = calloc(1, sizeof(*made));
	if (made == NULL || pthread_condattr_init(&attr) != 0 ||
	    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) != 0 ||
	    pthread_cond_init(made, &attr) != 0)
		abort();
	return flow_locks_publish(&cond->p, made);
}

static void
flow_locks_check(gint rc)
{
	if (rc != 0)
		abort();
}

void
g_mutex_init(GMutex *mutex)
{
	mutex->p = NULL;
}

void
g_mutex_clear(GMutex *mutex)
{
	flow_locks_check(pthread_mutex_destroy(flow_locks_get_mutex(mutex)));
	free(mutex->p);
}

void
g_mutex_lock(GMutex *mutex)
{
	flow_locks_check(pthread_mutex_lock(flow_locks_get_mutex(mutex)));
}

gboolean
g_mutex_trylock(GMutex *mutex)
{
	return pthread_mutex_trylock(flow_locks_get_mutex(mutex)) == 0;
}

void
g_mutex_unlock(GMutex *mutex)
{
	flow_locks_check(pthread_mutex_unlock(flow_locks_get_mutex(mutex)));
}

void
g_cond_init(GCond *cond)
{
	cond->p = NULL;
}

void
g_cond_clear(GCond *cond)
{
	flow_locks_check(pthread_cond_destroy(flow_locks_get_cond(cond)));
	free(cond->p);
}

void
g_cond_signal(GCond *cond)
{
	flow_locks_check(pthread_cond_signal(flow_locks_get_cond(cond)));
}

void
g_cond_broadcast(GCond *cond)
{
	flow_locks_check(pthread_cond_broadcast(flow_locks_get_cond(cond)));
}

void
g_cond_wait(GCond *cond, GMutex *mutex)
{
	flow_locks_check(pthread_cond_wait(flow_locks_get_cond(cond), flow_locks_get_mutex(mutex)));
}

gboolean
g_cond_wait_until(GCond *cond, GMutex *mutex, gint64 end_time)
{
	struct timespec ts = {
	    .tv_sec = end_time / G_USEC_PER_SEC,
	    .tv_nsec = (end_time % G_USEC_PER_SEC) * 1000,
	};
	gint rc =
	    pthread_cond_timedwait(flow_locks_get_cond(cond), flow_locks_get_mutex(mutex), &ts);

	flow_locks_check(rc == ETIMEDOUT ? 0 : rc);
	return rc == 0;
}
