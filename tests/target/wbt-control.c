// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#define _GNU_SOURCE

#include "wbt-control.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define MAX_TEXT_BYTES (64U * 1024 * 1024)
#define TIMEOUT_S      60

char *
wbt_run_path(const char *name, const char *file)
{
	return g_build_filename(WBT_RUN_DIR, name, file, NULL);
}

static int
open_socket(const char *name, struct sockaddr_un *address)
{
	g_autofree char *path = wbt_run_path(name, "control");

	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (g_strlcpy(address->sun_path, path, sizeof(address->sun_path)) >=
	    sizeof(address->sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

/* a peer that stops talking must not stop us */
static void
limit_waiting(int fd)
{
	struct timeval limit = {.tv_sec = TIMEOUT_S};

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

static bool
send_text(int fd, const char *text)
{
	size_t bytes = strlen(text);
	size_t done = 0;

	while (done < bytes) {
		ssize_t rc = send(fd, text + done, bytes - done, MSG_NOSIGNAL);

		if (rc < 0 && errno == EINTR)
			continue;
		if (rc <= 0)
			return false;
		done += (size_t)rc;
	}
	return true;
}

/* everything up to the end of the stream; NULL if it broke */
static char *
receive_text(int fd)
{
	g_autoptr(GString) text = g_string_new(NULL);
	char buf[4096];

	while (text->len < MAX_TEXT_BYTES) {
		ssize_t rc = recv(fd, buf, sizeof(buf), 0);

		if (rc < 0 && errno == EINTR)
			continue;
		if (rc < 0)
			return NULL;
		if (rc == 0)
			return g_string_free(g_steal_pointer(&text), FALSE);
		g_string_append_len(text, buf, rc);
	}
	return NULL;
}

static char *
converse(int fd, const struct sockaddr_un *address, const char *request)
{
	if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) != 0)
		return NULL;
	limit_waiting(fd);
	if (!send_text(fd, request) || shutdown(fd, SHUT_WR) != 0)
		return NULL;
	return receive_text(fd);
}

bool
wbt_control_ask(const char *name, const char *request, char **answer, GError **error)
{
	struct sockaddr_un address;
	g_autofree char *text = NULL;
	int fd = open_socket(name, &address);
	int saved_errno;

	if (fd >= 0)
		text = converse(fd, &address, request);
	saved_errno = errno;
	if (fd >= 0)
		close(fd);
	if (text == NULL) {
		g_set_error(error,
			    WBT_ERROR,
			    0,
			    "no answer from the target '%s' (%s); is it started?",
			    name,
			    g_strerror(saved_errno));
		return false;
	}
	if (!g_str_has_prefix(text, "OK\n")) {
		g_set_error(error, WBT_ERROR, 0, "%s: %s", name, g_strstrip(text));
		return false;
	}
	if (answer != NULL)
		*answer = g_strdup(text + strlen("OK\n"));
	return true;
}

int
wbt_control_listen(const char *name, GError **error)
{
	struct sockaddr_un address;
	int fd = open_socket(name, &address);

	if (fd >= 0) {
		unlink(address.sun_path);
		if (bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
		    listen(fd, 8) == 0)
			return fd;
	}
	g_set_error(error,
		    WBT_ERROR,
		    0,
		    "cannot listen at %s: %s",
		    address.sun_path,
		    g_strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

char *
wbt_control_accept(int listen_fd, int *fd)
{
	char *request;

	*fd = accept(listen_fd, NULL, NULL);
	if (*fd < 0)
		return NULL;
	limit_waiting(*fd);
	request = receive_text(*fd);
	if (request == NULL)
		close(*fd);
	return request;
}

void
wbt_control_answer(int fd, const char *text, const GError *problem)
{
	g_autofree char *answer = NULL;

	if (problem != NULL)
		answer = g_strdup_printf("ERROR %s\n", problem->message);
	else
		answer = g_strconcat("OK\n", text != NULL ? text : "", NULL);
	send_text(fd, answer); /* a client that has gone needs no answer */
	close(fd);
}
