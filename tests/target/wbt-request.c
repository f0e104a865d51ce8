// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include <string.h>

#include "wbt-lio.h"
#include "wbt-model.h"
#include "wbt-serve.h"

static size_t
image_bytes(GBytes *image)
{
	return image != NULL ? g_bytes_get_size(image) : 0;
}

/* the node, NULL while there is none or it is about to go; full transfer */
static char *
find_node(WbtServer *self)
{
	if (self->hctl == NULL || g_atomic_int_get(&self->errands_left) > 0)
		return NULL;
	return wbt_lio_find_sg(self->hctl, 0);
}

static char *
show(WbtServer *self, const char *rest, GError **error)
{
	const WbtTarget *target = self->target;
	const WbtModel *model = wbt_target_get_model(target);
	g_autofree char *sum = wbt_target_get_committed_sha256(target);
	g_autofree char *sg = find_node(self);
	GString *text = g_string_new(NULL);

	(void)rest;
	(void)error;
	g_string_append_printf(text, "name: %s\n", self->name);
	g_string_append_printf(text, "model: %s\n", model->name);
	g_string_append_printf(text, "node: %s\n", sg != NULL ? sg : "-");
	g_string_append_printf(text, "hctl: %s\n", self->hctl != NULL ? self->hctl : "-");
	g_string_append_printf(text, "vendor: %s\n", model->vendor);
	g_string_append_printf(text, "product: %s\n", model->product);
	g_string_append_printf(text, "revision: %s\n", wbt_target_get_revision(target));
	g_string_append_printf(text, "saved-revision: %s\n", wbt_target_get_saved_revision(target));
	g_string_append_printf(text, "serial: %s\n", wbt_target_get_serial(target));
	g_string_append_printf(text,
			       "committed-bytes: %zu\n",
			       image_bytes(wbt_target_get_committed(target)));
	g_string_append_printf(text, "committed-sha256: %s\n", sum != NULL ? sum : "-");
	g_string_append_printf(text, "commits: %u\n", wbt_target_get_commits(target));
	g_string_append_printf(text, "activations: %u\n", wbt_target_get_activations(target));
	g_string_append_printf(text,
			       "deferred-bytes: %zu\n",
			       image_bytes(wbt_target_get_deferred(target)));
	g_string_append_printf(text, "partial-bytes: %zu\n", wbt_target_get_partial_bytes(target));
	g_string_append_printf(text, "commands: %zu\n", wbt_target_log_count(target));
	g_string_append_printf(text, "state: %s\n", wbt_target_get_state(target));
	return g_string_free(text, FALSE);
}

static char *
show_log(WbtServer *self, const char *rest, GError **error)
{
	guint64 since;

	if (!g_ascii_string_to_unsigned(rest, 10, 0, G_MAXUINT32, &since, error))
		return NULL;
	return wbt_target_log_to_string(self->target, (size_t)since);
}

/* "/dev/sgN H:C:T:L", or nothing */
static char *
node(WbtServer *self, const char *rest, GError **error)
{
	g_autofree char *sg = find_node(self);

	(void)rest;
	(void)error;
	return sg != NULL ? g_strdup_printf("%s %s\n", sg, self->hctl) : g_strdup("");
}

static char *
mark(WbtServer *self, const char *rest, GError **error)
{
	(void)rest;
	(void)error;
	return g_strdup_printf("%zu\n", wbt_target_log_count(self->target));
}

static char *
set_faults(WbtServer *self, const char *rest, GError **error)
{
	if (!wbt_target_set_faults(self->target, rest, WBT_FAULTS_DEVICE_ONLY, error))
		return NULL;
	return g_strdup("");
}

static char *
power_cycle(WbtServer *self, const char *rest, GError **error)
{
	bool was_offline = wbt_target_is_offline(self->target);

	(void)rest;
	wbt_target_power_cycle(self->target);
	if (was_offline)
		wbt_server_come_back(self);
	return wbt_server_save(self, error) ? g_strdup("") : NULL;
}

static char *
hard_reset(WbtServer *self, const char *rest, GError **error)
{
	(void)rest;
	wbt_target_hard_reset(self->target);
	return wbt_server_save(self, error) ? g_strdup("") : NULL;
}

/* the log line of the command whose answer is held back, or nothing */
static char *
held(WbtServer *self, const char *rest, GError **error)
{
	size_t count = wbt_target_log_count(self->target);

	(void)rest;
	(void)error;
	if (!self->held || count == 0)
		return g_strdup("");
	return wbt_target_log_to_string(self->target, count - 1);
}

/* what a hang holds back is answered now */
static char *
release(WbtServer *self, const char *rest, GError **error)
{
	(void)rest;
	if (!self->held) {
		g_set_error(error, WBT_ERROR, 0, "no answer is held back");
		return NULL;
	}
	self->due_us = g_get_monotonic_time();
	return g_strdup("");
}

static char *
set_pace(WbtServer *self, const char *rest, GError **error)
{
	return wbt_pace_set(&self->pace, rest, error) ? g_strdup("") : NULL;
}

static char *
show_pace(WbtServer *self, const char *rest, GError **error)
{
	(void)rest;
	(void)error;
	return wbt_pace_to_string(&self->pace, g_get_real_time() - g_get_monotonic_time());
}

static char *
set_hctl(WbtServer *self, const char *rest, GError **error)
{
	if (self->hctl != NULL) {
		g_set_error(error, WBT_ERROR, 0, "the device has an address already");
		return NULL;
	}
	self->hctl = g_strdup(rest);
	return g_strdup("");
}

static char *
quit(WbtServer *self, const char *rest, GError **error)
{
	(void)rest;
	(void)error;
	self->quit = true;
	return g_strdup("");
}

static const struct {
	const char *word;
	char *(*run)(WbtServer *self, const char *rest, GError **error);
} requests[] = {
    {"show", show},
    {"log", show_log},
    {"mark", mark},
    {"node", node},
    {"fault", set_faults},
    {"power-cycle", power_cycle},
    {"reset", hard_reset},
    {"held", held},
    {"release", release},
    {"pace", set_pace},
    {"timing", show_pace},
    {"hctl", set_hctl},
    {"quit", quit},
};

char *
wbt_server_request(WbtServer *self, const char *request, GError **error)
{
	size_t word_bytes = strcspn(request, " \n");
	const char *rest = request + word_bytes;

	rest += *rest != '\0' ? 1 : 0;
	for (size_t i = 0; i < G_N_ELEMENTS(requests); i++) {
		if (strlen(requests[i].word) == word_bytes &&
		    strncmp(requests[i].word, request, word_bytes) == 0)
			return requests[i].run(self, rest, error);
	}
	g_set_error(error, WBT_ERROR, 0, "unknown request '%s'", request);
	return NULL;
}
