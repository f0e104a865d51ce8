// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include "wbt-state.h"

const WbtModel *
wbt_target_get_model(const WbtTarget *self)
{
	return self->model;
}

const char *
wbt_target_get_serial(const WbtTarget *self)
{
	return self->serial;
}

const char *
wbt_target_get_revision(const WbtTarget *self)
{
	return self->microcode.active_revision;
}

const char *
wbt_target_get_saved_revision(const WbtTarget *self)
{
	return self->microcode.saved_revision;
}

GBytes *
wbt_target_get_committed(const WbtTarget *self)
{
	return self->microcode.committed;
}

char *
wbt_target_get_committed_sha256(const WbtTarget *self)
{
	if (self->microcode.committed == NULL)
		return NULL;
	return g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, self->microcode.committed);
}

GBytes *
wbt_target_get_deferred(const WbtTarget *self)
{
	return self->microcode.deferred;
}

uint8_t
wbt_target_get_deferred_events(const WbtTarget *self)
{
	return self->microcode.deferred_events;
}

size_t
wbt_target_get_partial_bytes(const WbtTarget *self)
{
	return self->microcode.partial->len;
}

uint32_t
wbt_target_get_commits(const WbtTarget *self)
{
	return self->microcode.commits;
}

uint32_t
wbt_target_get_activations(const WbtTarget *self)
{
	return self->microcode.activations;
}

uint32_t
wbt_target_get_saves(const WbtTarget *self)
{
	return self->microcode.saves;
}

bool
wbt_target_is_offline(const WbtTarget *self)
{
	return self->offline;
}

uint32_t
wbt_target_get_away_ms(const WbtTarget *self)
{
	return self->away_ms;
}

const char *
wbt_target_get_state(const WbtTarget *self)
{
	if (self->offline)
		return "offline";
	if (self->busy_left > 0 || self->starting_ms > 0)
		return "busy";
	if (self->microcode.downloading)
		return "downloading";
	if (self->microcode.deferred != NULL || self->microcode.waiting)
		return "deferred";
	return "idle";
}

size_t
wbt_target_log_count(const WbtTarget *self)
{
	return self->log->len;
}

const WbtLogEntry *
wbt_target_log_get(const WbtTarget *self, size_t idx)
{
	if (idx >= self->log->len)
		return NULL;
	return &g_array_index(self->log, WbtLogEntry, idx);
}

char *
wbt_target_log_to_string(const WbtTarget *self, size_t since)
{
	GString *str = g_string_new(NULL);

	for (size_t i = since; i < self->log->len; i++) {
		g_autofree char *line = wbt_log_entry_to_string(wbt_target_log_get(self, i));

		g_string_append_printf(str, "%s\n", line);
	}
	return g_string_free(str, FALSE);
}
