// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#define _GNU_SOURCE

#include "wbt-daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "wbt-control.h"
#include "wbt-serve.h"
#include "wbt-store.h"

#define READY "ready"

static void
close_ends(int ends[2])
{
	close(ends[0]);
	close(ends[1]);
}

/* away from the terminal, with warnings going to a file that people can find */
static bool
detach(const char *name, GError **error)
{
	g_autofree char *path = wbt_run_path(name, "daemon.log");
	int null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int log_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	bool ok = null_fd >= 0 && log_fd >= 0 && setsid() >= 0 && dup2(null_fd, 0) >= 0 &&
		  dup2(log_fd, 1) >= 0 && dup2(log_fd, 2) >= 0 && chdir("/") == 0;

	if (!ok)
		g_set_error(error,
			    WBT_ERROR,
			    0,
			    "cannot detach the daemon (%s): %s",
			    path,
			    g_strerror(errno));
	if (null_fd >= 0)
		close(null_fd);
	if (log_fd >= 0)
		close(log_fd);
	return ok;
}

static bool
open_server(WbtServer *self, const WbtDaemonOptions *options, GError **error)
{
	self->target = wbt_target_new(options->model, options->serial);
	/* nobody can ask this program for them, and they take longer than the data themselves */
	wbt_target_set_log_checksums(self->target, false);
	if (!wbt_store_load(self->state_dir,
			    self->target,
			    options->revision,
			    options->has_power,
			    error))
		return false;
	if (!wbt_store_save(self->state_dir, self->target, error))
		return false;
	self->saves_seen = wbt_target_get_saves(self->target);
	self->ring = wbt_ring_open(options->uio, error);
	if (self->ring == NULL)
		return false;
	self->listen_fd = wbt_control_listen(options->name, error);
	return self->listen_fd >= 0 && detach(options->name, error);
}

/* what the child says through the pipe: READY, or why not */
static void
tell_parent(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		g_warning("cannot tell the parent: %s", g_strerror(errno));
	close(fd);
}

static void
run_child(const WbtDaemonOptions *options, int ready_fd)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *run_dir = wbt_run_path(options->name, NULL);
	WbtServer server = {
	    .name = options->name,
	    .state_dir = options->state_dir != NULL ? options->state_dir : run_dir,
	    .listen_fd = -1,
	};

	if (!open_server(&server, options, &error)) {
		tell_parent(ready_fd, error->message);
		_exit(EXIT_FAILURE);
	}
	tell_parent(ready_fd, READY);
	_exit(wbt_server_run(&server) ? EXIT_SUCCESS : EXIT_FAILURE);
}

static bool
wait_until_ready(int fd, GError **error)
{
	char text[1024] = "";
	size_t done = 0;
	ssize_t rc;

	do {
		rc = read(fd, text + done, sizeof(text) - 1 - done);
		if (rc > 0)
			done += (size_t)rc;
	} while (rc > 0 || (rc < 0 && errno == EINTR));
	if (g_str_equal(text, READY))
		return true;
	g_set_error(error,
		    WBT_ERROR,
		    0,
		    "the daemon did not start: %s",
		    done > 0 ? text : "it died without a word");
	return false;
}

bool
wbt_daemon_start(const WbtDaemonOptions *options, GError **error)
{
	int ends[2];
	pid_t pid;
	bool ready;

	if (pipe2(ends, O_CLOEXEC) != 0) {
		g_set_error(error, WBT_ERROR, 0, "cannot make a pipe: %s", g_strerror(errno));
		return false;
	}
	pid = fork();
	if (pid < 0) {
		g_set_error(error, WBT_ERROR, 0, "cannot fork: %s", g_strerror(errno));
		close_ends(ends);
		return false;
	}
	if (pid == 0) {
		close(ends[0]);
		run_child(options, ends[1]);
	}
	close(ends[1]);
	ready = wait_until_ready(ends[0], error);
	close(ends[0]);
	return ready;
}
