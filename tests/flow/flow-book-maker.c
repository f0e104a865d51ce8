/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-book-wrong.h"

gchar *
flow_book_cover_name(guint8 mode, const gchar *field)
{
	return mode != 0 ? g_strdup_printf("%02Xh %s", mode, field) : g_strdup(field);
}

static void
fu_test_scsi_wb_flow_book_wrong_free(FlowBookWrong *self)
{
	g_free(self->rule);
	g_ptr_array_unref(self->covers);
	g_string_free(self->keys, TRUE);
	g_string_free(self->flags, TRUE);
	g_free(self);
}

FlowBookWrong *
flow_book_wrong_new(FlowBookMaker *maker, guint8 mode, const gchar *field, const gchar *what)
{
	FlowBookWrong *self = g_new0(FlowBookWrong, 1);
	g_autofree gchar *name = flow_book_cover_name(mode, field);

	if (maker->wrongs->len == 0)
		g_ptr_array_set_free_func(maker->wrongs,
					  (GDestroyNotify)fu_test_scsi_wb_flow_book_wrong_free);
	g_ptr_array_add(maker->wrongs, self);
	self->rule = g_strdup_printf("%s: %s", name, what);
	self->covers = g_ptr_array_new_with_free_func(g_free);
	self->keys = g_string_new(NULL);
	self->flags = g_string_new(NULL);
	self->size_bytes = 2 * maker->chunk_bytes + maker->step_bytes;
	flow_book_wrong_add_cover(self, mode, field);
	flow_book_wrong_expect(self, 1, FLOW_BOOK_ASC_FIELD, NULL);
	return self;
}

void
flow_book_wrong_add_cover(FlowBookWrong *self, guint8 mode, const gchar *field)
{
	g_ptr_array_add(self->covers, flow_book_cover_name(mode, field));
}

void
flow_book_wrong_add_key(FlowBookMaker *maker,
			FlowBookWrong *self,
			const gchar *key,
			const gchar *value)
{
	const gchar *given = g_hash_table_lookup(maker->section->keys, key);

	if (g_strcmp0(given, value) != 0)
		g_string_append_printf(self->keys, "%s = %s\n", key, value);
}

void
flow_book_wrong_add_number(FlowBookMaker *maker,
			   FlowBookWrong *self,
			   const gchar *key,
			   guint32 number)
{
	const gchar *given = g_hash_table_lookup(maker->section->keys, key);

	if (given == NULL || g_ascii_strtoull(given, NULL, 0) != number)
		g_string_append_printf(self->keys, "%s = 0x%02x\n", key, number);
}

void
flow_book_wrong_add_flag(FlowBookWrong *self, const gchar *flag)
{
	g_string_append_printf(self->flags, "%s,", flag);
}

void
flow_book_wrong_drop_flag(FlowBookMaker *maker, FlowBookWrong *self, const gchar *flag)
{
	const gchar *given = g_hash_table_lookup(maker->section->keys, "Flags");
	g_auto(GStrv) flags = g_strsplit(given != NULL ? given : "", ",", -1);

	if (g_strv_contains((const gchar *const *)flags, flag))
		g_string_append_printf(self->flags, "~%s,", flag);
}

void
flow_book_wrong_set_modes(FlowBookMaker *maker, FlowBookWrong *self, guint8 mode, guint8 mode_last)
{
	gboolean has_last = g_hash_table_contains(maker->section->keys, "ScsiWbModeLast");

	flow_book_wrong_add_number(maker, self, "ScsiWbMode", mode);
	if (has_last || mode_last != mode)
		flow_book_wrong_add_number(maker, self, "ScsiWbModeLast", mode_last);
	flow_book_wrong_drop_flag(maker, self, "single-command");
}

void
flow_book_wrong_expect(FlowBookWrong *self, guint segment, guint8 asc, const gchar *field)
{
	self->by = FLOW_BOOK_BY_DEVICE;
	self->segment = segment;
	self->asc = asc;
	self->field = field;
}

void
flow_book_wrong_expect_plugin(FlowBookWrong *self, FlowBookBy by, const gchar *message)
{
	self->by = by;
	self->message = message;
}

void
flow_book_wrong_expect_offset(FlowBookMaker *maker,
			      FlowBookWrong *self,
			      guint segment,
			      guint64 at_bytes)
{
	const WbtModel *model = maker->model;
	gboolean is_beyond = model->capacity_bytes != 0 && at_bytes > model->capacity_bytes;

	if (is_beyond || at_bytes % (1ull << model->boundary_exponent) != 0)
		flow_book_wrong_expect(self, segment, FLOW_BOOK_ASC_FIELD, FLOW_BOOK_FIELD_OFFSET);
	else
		flow_book_wrong_expect(self, segment, FLOW_BOOK_ASC_SEQUENCE, NULL);
}

gchar *
flow_book_wrong_new_rows(const FlowBookMaker *maker, const FlowBookWrong *self)
{
	g_autofree gchar *id = wbt_book_new_row_id(maker->model, FALSE);
	g_autoptr(GString) rows = g_string_new(NULL);

	if (self->keys->len == 0 && self->flags->len == 0)
		return NULL;
	g_string_append_printf(rows, "[%s]\n%s", id, self->keys->str);
	if (self->flags->len > 0) {
		g_string_append_printf(rows, "Flags = %s", self->flags->str);
		g_string_truncate(rows, rows->len - 1);
		g_string_append(rows, "\n");
	}
	return g_string_free(g_steal_pointer(&rows), FALSE);
}

gboolean
flow_book_rule_is_part(const WbtModeRule *rule)
{
	return rule->end == WBT_END_IMAGE_ARRIVED || rule->end == WBT_END_NEVER;
}

gboolean
flow_book_rule_is_single(const WbtModeRule *rule)
{
	return rule->end == WBT_END_THIS_COMMAND && rule->offset == WBT_OFFSET_ZERO &&
	       rule->continues == 0;
}

gboolean
flow_book_rule_accepts(const WbtModeRule *rule, guint8 mode)
{
	return flow_book_rule_is_single(rule) || rule->mode == mode ||
	       (rule->continues & WBT_MODE_BIT(mode)) != 0;
}

const WbtModeRule *
flow_book_rule_find_before(const WbtModel *model, const WbtModeRule *rule)
{
	for (gsize i = 0; i < model->n_rules; i++) {
		const WbtModeRule *other = &model->rules[i];
		if (other != rule && flow_book_rule_is_part(other) &&
		    flow_book_rule_accepts(rule, other->mode))
			return other;
	}
	return NULL;
}

const WbtModeRule *
flow_book_rule_find_end(const WbtModel *model, const WbtModeRule *rule)
{
	for (gsize i = 0; i < model->n_rules; i++) {
		const WbtModeRule *other = &model->rules[i];
		if (other->end == WBT_END_THIS_COMMAND && !flow_book_rule_is_single(other) &&
		    flow_book_rule_accepts(other, rule->mode))
			return other;
	}
	return rule->end == WBT_END_IMAGE_ARRIVED ? rule : NULL;
}

const WbtModeRule *
flow_book_rule_find_stranger(const WbtModel *model, const WbtModeRule *rule)
{
	if (rule->end == WBT_END_NO_DOWNLOAD)
		return NULL;
	for (gsize i = 0; i < model->n_rules; i++) {
		const WbtModeRule *other = &model->rules[i];
		if (flow_book_rule_is_part(other) && !flow_book_rule_accepts(rule, other->mode))
			return other;
	}
	return NULL;
}
