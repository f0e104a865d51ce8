// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#define _GNU_SOURCE

#include "wbt-serve.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/prctl.h>

#include "wbt-control.h"
#include "wbt-lio.h"
#include "wbt-sense.h"
#include "wbt-store.h"

typedef struct {
	void (*run)(const WbtServer *self);
	WbtServer *server;
} WbtErrand;

static void
run_errand(gpointer data, gpointer user_data)
{
	WbtErrand *errand = data;

	(void)user_data;
	errand->run(errand->server);
	g_atomic_int_add(&errand->server->errands_left, -1);
	g_free(errand);
}

static void
send_on_errand(WbtServer *self, void (*run)(const WbtServer *self))
{
	WbtErrand *errand;

	if (self->hctl == NULL)
		return;
	errand = g_new0(WbtErrand, 1);
	errand->run = run;
	errand->server = self;
	g_atomic_int_inc(&self->errands_left);
	g_thread_pool_push(self->errands, errand, NULL);
}

static void
set_online(const WbtServer *self, bool online)
{
	g_autoptr(GError) error = NULL;

	if (!wbt_lio_set_online(self->name, online, &error))
		g_warning("%s", error->message);
}

static void
forget_device(const WbtServer *self)
{
	wbt_lio_forget(self->hctl);
}

static void
find_device(const WbtServer *self)
{
	set_online(self, true);
	wbt_lio_rescan(self->hctl);
}

/* at once, so that the command that is answered next finds the way cut */
void
wbt_server_vanish(WbtServer *self)
{
	set_online(self, false);
	send_on_errand(self, forget_device);
}

void
wbt_server_come_back(WbtServer *self)
{
	send_on_errand(self, find_device);
}

bool
wbt_server_save(WbtServer *self, GError **error)
{
	if (wbt_target_get_saves(self->target) == self->saves_seen)
		return true;
	if (!wbt_store_save(self->state_dir, self->target, error))
		return false;
	self->saves_seen = wbt_target_get_saves(self->target);
	return true;
}

/* a flash memory that cannot be written: INTERNAL TARGET FAILURE */
static void
reply_store_failed(WbtServer *self, const GError *error)
{
	WbtSense sense = WBT_SENSE(WBT_KEY_HARDWARE_ERROR, 0x44, 0x00);

	g_warning("%s", error->message);
	self->reply.status = WBT_STATUS_CHECK_CONDITION;
	self->reply.sense_bytes = (uint8_t)wbt_sense_encode(&sense, false, self->reply.sense);
}

/* one that comes back by itself is not forgotten: the way to it is cut for so long */
static void
leave(WbtServer *self)
{
	if (wbt_target_get_away_ms(self->target) > 0)
		set_online(self, false);
	else
		wbt_server_vanish(self);
}

/* what has passed since the last call, in whole milliseconds */
static void
pass_time(WbtServer *self)
{
	g_autoptr(GError) error = NULL;
	int64_t ms = (g_get_monotonic_time() - self->told_us) / 1000;
	bool was_offline = wbt_target_is_offline(self->target);

	self->told_us += ms * 1000;
	wbt_target_pass_time(self->target, (uint32_t)MIN(ms, G_MAXUINT32));
	if (was_offline && !wbt_target_is_offline(self->target))
		set_online(self, true);
	if (!wbt_server_save(self, &error))
		g_warning("%s", error->message);
}

/* @arrived_us: when the command was in the ring at the latest; what is done for it from then on is
 * in its time */
static void
execute(WbtServer *self, int64_t arrived_us)
{
	g_autoptr(GError) error = NULL;
	const WbtRingCommand *cmd = &self->cmd;
	bool was_offline;
	int64_t takes_us = wbt_pace_arrive(&self->pace, cmd->cdb, cmd->data_bytes, arrived_us);

	pass_time(self);
	was_offline = wbt_target_is_offline(self->target);
	wbt_target_execute(self->target,
			   cmd->cdb,
			   cmd->cdb_bytes,
			   cmd->data_out ? cmd->data : NULL,
			   cmd->data_out ? cmd->data_bytes : 0,
			   cmd->data_out ? NULL : cmd->data,
			   cmd->data_out ? 0 : cmd->data_bytes,
			   &self->reply);
	if (!wbt_server_save(self, &error))
		reply_store_failed(self, error);
	if (!was_offline && wbt_target_is_offline(self->target))
		leave(self);
	/* BUSY makes Linux send the command again, and then it finds the way cut */
	if (self->reply.host_status != 0)
		self->reply.status = WBT_STATUS_BUSY;
	self->held = true;
	self->due_us = arrived_us + takes_us + self->reply.hang_ms * 1000LL;
}

static bool
complete_if_due(WbtServer *self)
{
	if (self->held && g_get_monotonic_time() < self->due_us)
		return false;
	if (self->held) {
		wbt_pace_answer(&self->pace, self->cmd.cdb, g_get_monotonic_time());
		wbt_ring_complete(self->ring, &self->cmd, &self->reply);
		wbt_ring_command_clear(&self->cmd);
	}
	self->held = false;
	return true;
}

/* everything that the ring has, until it is empty or a command hangs */
static bool
serve_ring(WbtServer *self)
{
	while (complete_if_due(self)) {
		int64_t seen_us = g_get_monotonic_time();
		WbtRingNext next = wbt_ring_next(self->ring, &self->cmd);

		if (next == WBT_RING_BROKEN) {
			g_warning("%s: the TCMU ring is broken, giving up", self->name);
			return false;
		}
		if (next == WBT_RING_EMPTY)
			return true;
		execute(self, seen_us);
	}
	return true;
}

static void
serve_client(WbtServer *self)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *answer = NULL;
	int fd;
	g_autofree char *request = wbt_control_accept(self->listen_fd, &fd);

	if (request == NULL)
		return;
	answer = wbt_server_request(self, request, &error);
	wbt_control_answer(fd, answer, error);
}

/* until a held reply is due, or a device is back that is away; -1: for ever */
static int64_t
get_timeout_us(const WbtServer *self)
{
	uint32_t away_ms = wbt_target_get_away_ms(self->target);
	int64_t until_us = G_MAXINT64;

	if (self->held)
		until_us = self->due_us;
	if (away_ms > 0)
		until_us = MIN(until_us, self->told_us + away_ms * 1000LL);
	if (until_us == G_MAXINT64)
		return -1;
	return MAX(until_us - g_get_monotonic_time(), 0);
}

static bool
wait_for_work(WbtServer *self, struct pollfd *fds, nfds_t n_fds)
{
	int64_t timeout_us = get_timeout_us(self);
	struct timespec timeout = {
	    .tv_sec = timeout_us / G_USEC_PER_SEC,
	    .tv_nsec = timeout_us % G_USEC_PER_SEC * 1000,
	};

	return ppoll(fds, n_fds, timeout_us < 0 ? NULL : &timeout, NULL) >= 0 || errno == EINTR;
}

bool
wbt_server_run(WbtServer *self)
{
	struct pollfd fds[] = {
	    {.fd = wbt_ring_get_fd(self->ring), .events = POLLIN},
	    {.fd = self->listen_fd, .events = POLLIN},
	};

	self->errands = g_thread_pool_new(run_errand, NULL, 1, FALSE, NULL);
	self->told_us = g_get_monotonic_time();
	/* a pace is a matter of microseconds; by default Linux is up to 50 late */
	prctl(PR_SET_TIMERSLACK, 1UL);
	while (!self->quit) {
		pass_time(self);
		if (!serve_ring(self))
			return false;
		if (!wait_for_work(self, fds, G_N_ELEMENTS(fds)))
			return false;
		if (fds[0].revents & POLLIN)
			wbt_ring_acknowledge(self->ring);
		if (fds[1].revents & POLLIN)
			serve_client(self);
	}
	return true;
}
