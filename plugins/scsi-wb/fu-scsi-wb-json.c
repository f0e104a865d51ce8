/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-json.h"

#define FU_SCSI_WB_JSON_INDENT 2

/**
 * fu_scsi_wb_json_new:
 *
 * Begins a document. It has to hold one value, usually an object.
 *
 * Returns: (transfer full): a document without anything in it
 **/
FuScsiWbJson *
fu_scsi_wb_json_new(void)
{
	FuScsiWbJson *self = g_new0(FuScsiWbJson, 1);
	self->str = g_string_new(NULL);
	self->is_empty = TRUE;
	return self;
}

void
fu_scsi_wb_json_free(FuScsiWbJson *self)
{
	g_string_free(self->str, TRUE);
	g_free(self);
}

/* RFC 8259, section 7: quotation mark, reverse solidus and control characters; what is no UTF-8 is
 * replaced, for no reader would take it */
static void
fu_scsi_wb_json_append_string(FuScsiWbJson *self, const gchar *value)
{
	g_autofree gchar *valid = g_utf8_make_valid(value, -1);

	g_string_append_c(self->str, '"');
	for (const gchar *p = valid; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			g_string_append_printf(self->str, "\\%c", *p);
		else if ((guchar)*p < 0x20)
			g_string_append_printf(self->str, "\\u%04x", (guint)(guchar)*p);
		else
			g_string_append_c(self->str, *p);
	}
	g_string_append_c(self->str, '"');
}

static void
fu_scsi_wb_json_new_line(FuScsiWbJson *self)
{
	g_string_append_printf(self->str, "\n%*s", (gint)self->depth * FU_SCSI_WB_JSON_INDENT, "");
}

static void
fu_scsi_wb_json_begin_value(FuScsiWbJson *self, const gchar *name)
{
	if (!self->is_empty)
		g_string_append_c(self->str, ',');
	if (self->depth > 0)
		fu_scsi_wb_json_new_line(self);
	self->is_empty = FALSE;
	if (name == NULL)
		return;
	fu_scsi_wb_json_append_string(self, name);
	g_string_append(self->str, ": ");
}

/**
 * fu_scsi_wb_json_begin:
 * @self: a #FuScsiWbJson
 * @name: (nullable): its name, %NULL in an array
 * @bracket: `{` for an object, `[` for an array
 *
 * Opens an object or an array. What is added next is inside.
 **/
void
fu_scsi_wb_json_begin(FuScsiWbJson *self, const gchar *name, gchar bracket)
{
	fu_scsi_wb_json_begin_value(self, name);
	g_string_append_c(self->str, bracket);
	self->depth++;
	self->is_empty = TRUE;
}

/**
 * fu_scsi_wb_json_end:
 * @self: a #FuScsiWbJson
 * @bracket: `}` for an object, `]` for an array
 *
 * Closes the innermost object or array.
 **/
void
fu_scsi_wb_json_end(FuScsiWbJson *self, gchar bracket)
{
	self->depth--;
	if (!self->is_empty)
		fu_scsi_wb_json_new_line(self);
	self->is_empty = FALSE;
	g_string_append_c(self->str, bracket);
}

/**
 * fu_scsi_wb_json_add_string:
 * @self: a #FuScsiWbJson
 * @name: (nullable): its name, %NULL in an array
 * @value: (nullable): text, %NULL for null
 *
 * Adds text.
 **/
void
fu_scsi_wb_json_add_string(FuScsiWbJson *self, const gchar *name, const gchar *value)
{
	fu_scsi_wb_json_begin_value(self, name);
	if (value != NULL)
		fu_scsi_wb_json_append_string(self, value);
	else
		g_string_append(self->str, "null");
}

/**
 * fu_scsi_wb_json_add_number:
 * @self: a #FuScsiWbJson
 * @name: (nullable): its name, %NULL in an array
 * @value: a number
 *
 * Adds a number.
 **/
void
fu_scsi_wb_json_add_number(FuScsiWbJson *self, const gchar *name, guint64 value)
{
	fu_scsi_wb_json_begin_value(self, name);
	g_string_append_printf(self->str, "%" G_GUINT64_FORMAT, value);
}

/**
 * fu_scsi_wb_json_add_boolean:
 * @self: a #FuScsiWbJson
 * @name: (nullable): its name, %NULL in an array
 * @value: true or false
 *
 * Adds true or false.
 **/
void
fu_scsi_wb_json_add_boolean(FuScsiWbJson *self, const gchar *name, gboolean value)
{
	fu_scsi_wb_json_begin_value(self, name);
	g_string_append(self->str, value ? "true" : "false");
}

/**
 * fu_scsi_wb_json_to_string:
 * @self: a #FuScsiWbJson in which all is closed
 *
 * Gets the document.
 *
 * Returns: (transfer full): text in UTF-8 that ends with a newline
 **/
gchar *
fu_scsi_wb_json_to_string(const FuScsiWbJson *self)
{
	return g_strconcat(self->str->str, "\n", NULL);
}
