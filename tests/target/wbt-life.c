// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#define _GNU_SOURCE

#include "wbt-life.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "wbt-control.h"
#include "wbt-lio.h"

#define NODE_TIMEOUT_MS 20000
#define HELD_TIMEOUT_MS 60000
#define POLL_MS		50
#define QUIET_MS	400

static bool
ask(const char *name, const char *request)
{
	return wbt_control_ask(name, request, NULL, NULL);
}

/* what is left of a target in the kernel and in the run-time folder */
static void
take_down(const char *name)
{
	static const char *const files[] =
	    {"control", "daemon.log", "committed.bin", "deferred.bin", "events", "revision", NULL};
	g_autofree char *run_dir = wbt_run_path(name, NULL);

	wbt_lio_remove_device(name);
	ask(name, "quit");
	wbt_lio_remove_backstore(name);
	for (size_t i = 0; files[i] != NULL; i++) {
		g_autofree char *path = wbt_run_path(name, files[i]);

		unlink(path);
	}
	rmdir(run_dir);
}

/* a whole file, "-" for standard input; full transfer */
static char *
read_text(const char *file, GError **error)
{
	GString *text;
	char *whole = NULL;
	int c;

	if (!g_str_equal(file, "-")) {
		g_file_get_contents(file, &whole, NULL, error);
		return whole;
	}
	text = g_string_new(NULL);
	while ((c = getchar()) != EOF)
		g_string_append_c(text, (char)c);
	return g_string_free(text, FALSE);
}

bool
wbt_life_set_faults(const char *name, const char *file, GError **error)
{
	g_autofree char *script = read_text(file, error);
	g_autofree char *request = NULL;

	if (script == NULL)
		return false;
	request = g_strconcat("fault\n", script, NULL);
	return wbt_control_ask(name, request, NULL, error);
}

/* Waits until Linux has asked the device all it wants to know, which it does in the background:
 * whoever counts commands from now on counts its own. */
static bool
wait_until_quiet(const char *name, GError **error)
{
	g_autofree char *before = g_strdup("");

	for (int waited_ms = 0; waited_ms < NODE_TIMEOUT_MS; waited_ms += QUIET_MS) {
		g_autofree char *now = NULL;

		if (!wbt_control_ask(name, "mark", &now, error))
			return false;
		if (g_str_equal(before, now))
			return true;
		g_free(before);
		before = g_steal_pointer(&now);
		g_usleep(QUIET_MS * 1000);
	}
	g_set_error(error, WBT_ERROR, 0, "%s gets commands without an end", name);
	return false;
}

bool
wbt_life_wait(const char *name, char **node, GError **error)
{
	for (int waited_ms = 0; waited_ms < NODE_TIMEOUT_MS; waited_ms += POLL_MS) {
		g_autofree char *answer = NULL;

		if (!wbt_control_ask(name, "node", &answer, error))
			return false;
		if (*answer != '\0') {
			*node = g_steal_pointer(&answer);
			return wait_until_quiet(name, error);
		}
		g_usleep(POLL_MS * 1000);
	}
	g_set_error(error, WBT_ERROR, 0, "no sg node appeared for %s", name);
	return false;
}

bool
wbt_life_wait_held(const char *name, char **line, GError **error)
{
	for (int waited_ms = 0; waited_ms < HELD_TIMEOUT_MS; waited_ms += POLL_MS) {
		g_autofree char *answer = NULL;

		if (!wbt_control_ask(name, "held", &answer, error))
			return false;
		if (*answer != '\0') {
			*line = g_steal_pointer(&answer);
			return true;
		}
		g_usleep(POLL_MS * 1000);
	}
	g_set_error(error, WBT_ERROR, 0, "%s holds no answer back", name);
	return false;
}

/* everything from the backstore to the node; the caller takes down what is left of a failure */
static bool
bring_up(WbtDaemonOptions *options, const char *fault_file, char **node, GError **error)
{
	g_autofree char *uio = NULL;
	g_autofree char *hctl = NULL;
	g_autofree char *request = NULL;

	if (!wbt_lio_add_backstore(options->name, &uio, error))
		return false;
	options->uio = uio;
	if (!wbt_daemon_start(options, error))
		return false;
	if (!wbt_lio_add_device(options->name, &hctl, error))
		return false;
	request = g_strconcat("hctl ", hctl, NULL);
	if (!wbt_control_ask(options->name, request, NULL, error))
		return false;
	if (!wbt_life_wait(options->name, node, error))
		return false;
	return fault_file == NULL || wbt_life_set_faults(options->name, fault_file, error);
}

static bool
make_dirs(const WbtDaemonOptions *options, GError **error)
{
	g_autofree char *run_dir = wbt_run_path(options->name, NULL);
	const char *dirs[] = {run_dir, options->state_dir};

	for (size_t i = 0; i < G_N_ELEMENTS(dirs); i++) {
		if (dirs[i] == NULL || g_mkdir_with_parents(dirs[i], 0755) == 0)
			continue;
		g_set_error(error, WBT_ERROR, 0, "cannot make %s: %s", dirs[i], g_strerror(errno));
		return false;
	}
	return true;
}

bool
wbt_life_start(WbtDaemonOptions *options, const char *fault_file, char **node, GError **error)
{
	if (ask(options->name, "mark")) {
		g_set_error(error, WBT_ERROR, 0, "'%s' is started already", options->name);
		return false;
	}
	if (!wbt_lio_prepare(error) || !make_dirs(options, error))
		return false;
	if (bring_up(options, fault_file, node, error))
		return true;
	take_down(options->name);
	return false;
}

bool
wbt_life_stop(const char *name, GError **error)
{
	g_autofree char *run_dir = wbt_run_path(name, NULL);

	if (!g_file_test(run_dir, G_FILE_TEST_IS_DIR)) {
		g_set_error(error, WBT_ERROR, 0, "'%s' is not started", name);
		return false;
	}
	take_down(name);
	return true;
}
