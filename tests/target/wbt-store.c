// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#define _GNU_SOURCE

#include "wbt-store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "wbt-image.h"

static bool
fail(GError **error, const char *what, const char *path)
{
	g_set_error(error, WBT_ERROR, 0, "cannot %s %s: %s", what, path, g_strerror(errno));
	return false;
}

static bool
sync_dir(const char *dir, GError **error)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = fd >= 0 ? fsync(fd) : -1;

	if (fd >= 0)
		close(fd);
	return rc == 0 || fail(error, "sync", dir);
}

static bool
write_all(int fd, const uint8_t *buf, size_t buf_bytes)
{
	size_t done = 0;

	while (done < buf_bytes) {
		ssize_t rc = write(fd, buf + done, buf_bytes - done);

		if (rc < 0 && errno == EINTR)
			continue;
		if (rc <= 0)
			return false;
		done += (size_t)rc;
	}
	return fsync(fd) == 0;
}

/* @buf NULL removes the file */
static bool
replace(const char *dir, const char *name, const void *buf, size_t buf_bytes, GError **error)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);
	g_autofree char *temporary = g_strconcat(path, ".new", NULL);
	bool written;
	int fd;

	if (buf == NULL)
		return unlink(path) == 0 || errno == ENOENT || fail(error, "remove", path);
	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return fail(error, "make", temporary);
	written = write_all(fd, buf, buf_bytes);
	close(fd);
	if (!written)
		return fail(error, "write", temporary);
	return rename(temporary, path) == 0 || fail(error, "replace", path);
}

static bool
replace_image(const char *dir, const char *name, GBytes *image, GError **error)
{
	size_t bytes = 0;
	const void *buf = image != NULL ? g_bytes_get_data(image, &bytes) : NULL;

	return replace(dir, name, buf, bytes, error);
}

/* the activation events of the deferred image, a decimal number */
static bool
write_events(const char *dir, const WbtTarget *target, GError **error)
{
	char text[4];

	g_snprintf(text, sizeof(text), "%u", wbt_target_get_deferred_events(target));
	return replace(dir, "events", text, strlen(text), error);
}

/* Committed before deferred goes away: whoever is killed in between activates it once more. Events
 * come before deferred and go after it: without them any event of the model would activate it. */
bool
wbt_store_save(const char *dir, const WbtTarget *target, GError **error)
{
	const char *revision = wbt_target_get_saved_revision(target);
	GBytes *deferred = wbt_target_get_deferred(target);

	if (!replace_image(dir, "committed.bin", wbt_target_get_committed(target), error))
		return false;
	if (!replace(dir, "revision", revision, strlen(revision), error))
		return false;
	if (deferred != NULL && !write_events(dir, target, error))
		return false;
	if (!replace_image(dir, "deferred.bin", deferred, error))
		return false;
	if (deferred == NULL && !replace(dir, "events", NULL, 0, error))
		return false;
	return sync_dir(dir, error);
}

/* a missing file leaves @bytes NULL */
static bool
load(const char *dir, const char *name, GBytes **bytes, GError **error)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);
	g_autoptr(GError) local = NULL;
	char *text = NULL;
	gsize text_bytes;

	if (g_file_get_contents(path, &text, &text_bytes, &local)) {
		*bytes = g_bytes_new_take(text, text_bytes);
		return true;
	}
	if (g_error_matches(local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
		return true;
	g_propagate_error(error, g_steal_pointer(&local));
	return false;
}

/* a folder without the file leaves the model's own events */
static bool
load_events(const char *dir, WbtTarget *target, GError **error)
{
	g_autoptr(GBytes) bytes = NULL;
	g_autofree char *text = NULL;
	guint64 events;

	if (!load(dir, "events", &bytes, error))
		return false;
	if (bytes == NULL)
		return true;
	text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	if (!g_ascii_string_to_unsigned(text, 10, 0, 7, &events, error)) {
		g_prefix_error(error, "%s/events: ", dir);
		return false;
	}
	wbt_target_restore_events(target, (uint8_t)events);
	return true;
}

bool
wbt_store_load(const char *dir,
	       WbtTarget *target,
	       const char *factory_revision,
	       bool has_power,
	       GError **error)
{
	const WbtModel *model = wbt_target_get_model(target);
	char revision[WBT_IMAGE_REVISION_BYTES + 1] = "";
	g_autoptr(GBytes) committed = NULL;
	g_autoptr(GBytes) deferred = NULL;
	const uint8_t *buf;
	size_t bytes;

	if (!load(dir, "committed.bin", &committed, error))
		return false;
	if (!load(dir, "deferred.bin", &deferred, error))
		return false;
	if (committed != NULL) {
		buf = g_bytes_get_data(committed, &bytes);
		if (!wbt_image_check(model, buf, bytes, revision)) {
			g_set_error(error,
				    WBT_ERROR,
				    0,
				    "%s/committed.bin is no image of model %s",
				    dir,
				    wbt_model_name(model));
			return false;
		}
		factory_revision = revision;
	}
	wbt_target_restore(target, committed, factory_revision, deferred);
	if (!load_events(dir, target, error))
		return false;
	if (has_power)
		wbt_target_hard_reset(target);
	else
		wbt_target_power_cycle(target);
	return true;
}
