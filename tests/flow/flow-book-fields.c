/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-book-wrong.h"

/* every field of a model is here: those that bind a download have to be broken by a wrong row of
 * each device that does not have their default */

/**
 * FlowBookField:
 * @name: in wbt-model.h
 * @offset: in its struct
 * @bytes: how long it is
 * @is_binding: it makes the device refuse a WRITE BUFFER
 * @permission: of the values of an enumeration, the one that binds nothing; 0: every one but 0 does
 * @find: (nullable): whether it does in this model; with it, a default may do so, too
 **/
typedef struct {
	const gchar *name;
	gsize offset;
	gsize bytes;
	gboolean is_binding;
	guint32 permission;
	gboolean (*find)(const WbtModel *model, const WbtModeRule *rule);
} FlowBookField;

/* of a device that ignores the BUFFER ID, it is where READ BUFFER tells the capacity */
static gboolean
fu_test_scsi_wb_flow_book_has_id(const WbtModel *model, const WbtModeRule *rule)
{
	return model->id_rule != WBT_ID_IGNORED ||
	       (model->read_buffer && model->capacity_bytes != 0 && !model->capacity_not_given);
}

static gboolean
fu_test_scsi_wb_flow_book_has_counting(const WbtModel *model, const WbtModeRule *rule)
{
	return model->id_rule != WBT_ID_IGNORED;
}

static gboolean
fu_test_scsi_wb_flow_book_has_unit(const WbtModel *model, const WbtModeRule *rule)
{
	return model->offset_unit_bytes > 1;
}

static gboolean
fu_test_scsi_wb_flow_book_has_strangers(const WbtModel *model, const WbtModeRule *rule)
{
	return flow_book_rule_find_stranger(model, rule) != NULL;
}

static gboolean
fu_test_scsi_wb_flow_book_has_offsets(const WbtModel *model, const WbtModeRule *rule)
{
	if (rule->end == WBT_END_NO_DOWNLOAD || rule->offset == WBT_OFFSET_IGNORED)
		return FALSE;
	return rule->offset == WBT_OFFSET_ZERO || model->id_rule != WBT_ID_INCREMENT;
}

static gboolean
fu_test_scsi_wb_flow_book_has_data(const WbtModel *model, const WbtModeRule *rule)
{
	return rule->end != WBT_END_NO_DOWNLOAD;
}

#define FIELD(type, field, is_binding, permission, func)                                           \
	{                                                                                          \
#field, G_STRUCT_OFFSET(type, field), sizeof(((type *)0)->field), is_binding,      \
		    permission, func                                                               \
	}
#define FREE(type, field)    FIELD(type, field, FALSE, 0, NULL)
#define BINDING(type, field) FIELD(type, field, TRUE, 0, NULL)
#define BINDING_IF(type, field, func)                                                              \
	FIELD(type, field, TRUE, 0, fu_test_scsi_wb_flow_book_has_##func)
#define BINDING_BUT(type, field, permission) FIELD(type, field, TRUE, permission, NULL)

static const FlowBookField model_fields[] = {
    /* who it is and what it says */
    FREE(WbtModel, name),
    FREE(WbtModel, summary),
    FREE(WbtModel, vendor),
    FREE(WbtModel, product),
    FREE(WbtModel, revision),
    FREE(WbtModel, revision_kept_chars),
    FREE(WbtModel, peripheral_type),
    FREE(WbtModel, version),
    FREE(WbtModel, removable),
    FREE(WbtModel, descriptor_sense),
    FREE(WbtModel, no_medium), /* what has to be is the family's to say: see "ready" */
    FREE(WbtModel, read_buffer),
    FREE(WbtModel, vpd_extended),
    FREE(WbtModel, vpd_modes_valid),
    FREE(WbtModel, vpd_modes_wrong),
    FREE(WbtModel, vpd_bytes),
    FREE(WbtModel, maker_page_code),
    FREE(WbtModel, activate_code),
    FREE(WbtModel, blocks),
    FREE(WbtModel, echo_bytes),
    FREE(WbtModel, power_on_activates),
    FREE(WbtModel, hard_reset_activates),
    FREE(WbtModel, says_pending),
    FREE(WbtModel, vendor_event_activates),
    FREE(WbtModel, maker_page),
    FREE(WbtModel, maker_page_bytes),
    FREE(WbtModel, opcode_report),
    FREE(WbtModel, long_version),
    FREE(WbtModel, capacity_not_given),
    FREE(WbtModel, wrong_descriptor),
    FREE(WbtModel, wrong_descriptor_bytes),
    FREE(WbtModel, data_buffer_bytes),
    /* WRITE BUFFER */
    BINDING(WbtModel, rules),
    BINDING(WbtModel, n_rules),
    FREE(WbtModel, image_header), /* is of images, not of commands: flow-image-test.c */
    BINDING_IF(WbtModel, id_rule, counting),
    BINDING_IF(WbtModel, first_buffer_id, id),
    FREE(WbtModel, buffer_0_too), /* permits one more */
    BINDING_IF(WbtModel, offset_unit_bytes, unit),
    BINDING(WbtModel, boundary_exponent),
    BINDING(WbtModel, capacity_bytes),
    BINDING(WbtModel, max_segment_bytes),
    BINDING(WbtModel, segment_align_bytes),
    BINDING(WbtModel, exact_segment_bytes),
    BINDING(WbtModel, mode_change),
    BINDING(WbtModel, other_commands_abort),
    FREE(WbtModel, errors_drop),      /* each wrong row that the device refuses shows it */
    FREE(WbtModel, clear_in_control), /* permits one more way, which no row has */
    /* afterwards */
    FREE(WbtModel, save_ms),
    FREE(WbtModel, busy_commands),
    FREE(WbtModel, restart_ms),
    FREE(WbtModel, restart_away),
    FREE(WbtModel, own_attention),
    FREE(WbtModel, second_attention),
};

static const FlowBookField rule_fields[] = {
    FREE(WbtModeRule, mode), /* is one of the model's "rules" */
    BINDING(WbtModeRule, end),
    FREE(WbtModeRule, effect), /* is about an image that was taken */
    BINDING_IF(WbtModeRule, offset, offsets),
    BINDING_BUT(WbtModeRule, zero_length, WBT_ZERO_LENGTH_TAKEN),
    BINDING_IF(WbtModeRule, continues, strangers),
    BINDING(WbtModeRule, clear_specific),
    BINDING_IF(WbtModeRule, events, data),
};

static gboolean
fu_test_scsi_wb_flow_book_is_default(const FlowBookField *field, const void *data)
{
	const guint8 *buf = (const guint8 *)data + field->offset;
	guint32 value = 0;

	for (gsize i = 0; i < field->bytes; i++) {
		if (buf[i] != 0 && field->permission == 0)
			return FALSE;
	}
	if (field->permission == 0)
		return TRUE;
	g_assert_cmpuint(field->bytes, ==, sizeof(value));
	memcpy(&value, buf, sizeof(value));
	return value == 0 || value == field->permission;
}

static gboolean
fu_test_scsi_wb_flow_book_is_covered(const FlowBookMaker *maker, const gchar *name)
{
	for (guint i = 0; i < maker->wrongs->len; i++) {
		const FlowBookWrong *wrong = g_ptr_array_index(maker->wrongs, i);
		if (g_ptr_array_find_with_equal_func(wrong->covers, name, g_str_equal, NULL))
			return TRUE;
	}
	return FALSE;
}

static void
fu_test_scsi_wb_flow_book_assert_covered(const FlowBookMaker *maker,
					 const FlowBookField *field,
					 const WbtModeRule *rule,
					 const void *data)
{
	g_autofree gchar *name = flow_book_cover_name(rule != NULL ? rule->mode : 0, field->name);

	if (!field->is_binding)
		return;
	if (field->find != NULL && !field->find(maker->model, rule))
		return;
	if (field->find == NULL && fu_test_scsi_wb_flow_book_is_default(field, data))
		return;
	if (!fu_test_scsi_wb_flow_book_is_covered(maker, name))
		g_error("%s: no wrong row breaks %s", maker->model->name, name);
}

void
flow_book_fields_assert_covered(const FlowBookMaker *maker)
{
	for (guint i = 0; i < G_N_ELEMENTS(model_fields); i++)
		fu_test_scsi_wb_flow_book_assert_covered(maker,
							 &model_fields[i],
							 NULL,
							 maker->model);
	for (gsize j = 0; j < maker->model->n_rules; j++) {
		const WbtModeRule *rule = &maker->model->rules[j];
		for (guint i = 0; i < G_N_ELEMENTS(rule_fields); i++)
			fu_test_scsi_wb_flow_book_assert_covered(maker,
								 &rule_fields[i],
								 rule,
								 rule);
	}
}

/* the members of a struct, in their order: the last word before a semicolon */
static void
fu_test_scsi_wb_flow_book_assert_listed(const gchar *text,
					const gchar *pattern,
					const FlowBookField *fields,
					guint n_fields)
{
	guint idx = 0;
	g_autoptr(GMatchInfo) body = NULL;
	g_autoptr(GMatchInfo) member = NULL;
	g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_DOTALL, 0, NULL);
	g_autoptr(GRegex) regex_member =
	    g_regex_new("^\\t[^;]*?(\\w+);", G_REGEX_MULTILINE, 0, NULL);
	g_autoptr(GRegex) regex_comment = g_regex_new("/\\*.*?\\*/", G_REGEX_DOTALL, 0, NULL);
	g_autofree gchar *commented = NULL;
	g_autofree gchar *members = NULL;

	g_assert_true(g_regex_match(regex, text, 0, &body));
	commented = g_match_info_fetch(body, 1);
	members = g_regex_replace_literal(regex_comment, commented, -1, 0, "", 0, NULL);
	(void)g_regex_match(regex_member, members, 0, &member);
	while (g_match_info_matches(member)) {
		g_autofree gchar *name = g_match_info_fetch(member, 1);
		if (idx >= n_fields || g_strcmp0(fields[idx].name, name) != 0)
			g_error("flow-book-fields.c does not know %s", name);
		idx++;
		g_match_info_next(member, NULL);
	}
	g_assert_cmpuint(idx, ==, n_fields);
}

/* padding may hide a field from offsets and sizes, so it is the text that is read */
void
flow_book_fields_func(void)
{
	g_autofree gchar *text = NULL;
	g_autoptr(GError) error = NULL;

	g_file_get_contents(g_getenv("SCSI_WB_MODEL_H"), &text, NULL, &error);
	g_assert_no_error(error);
	fu_test_scsi_wb_flow_book_assert_listed(text,
						"\\nstruct WbtModel \\{\\n(.*?)\\n\\};",
						model_fields,
						G_N_ELEMENTS(model_fields));
	fu_test_scsi_wb_flow_book_assert_listed(
	    text,
	    "WbtModeRule: .*?\\ntypedef struct \\{\\n(.*?)\\n\\} WbtModeRule;",
	    rule_fields,
	    G_N_ELEMENTS(rule_fields));
}
