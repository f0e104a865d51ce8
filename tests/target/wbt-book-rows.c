// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include <glib.h>
#include <string.h>

#include "wbt-book.h"

static char *
new_safe(const char *text)
{
	GString *safe = g_string_new(NULL);

	for (size_t i = 0; text[i] != '\0'; i++) {
		if (strchr(" _&/\\-(),", text[i]) == NULL)
			g_string_append_c(safe, text[i]);
		else if (safe->len > 0 && safe->str[safe->len - 1] != '-')
			g_string_append_c(safe, '-');
	}
	return g_string_free(safe, FALSE);
}

char *
wbt_book_new_row_id(const WbtModel *model, bool whole_type)
{
	g_autofree char *vendor = new_safe(model->vendor);
	g_autofree char *product = new_safe(model->product);

	if (whole_type)
		return g_strdup_printf("SCSI\\VEN_%s&TYPE_%02x", vendor, model->peripheral_type);
	return g_strdup_printf("SCSI\\VEN_%s&DEV_%s", vendor, product);
}

static void
list_family(const WbtBookFamily *family, GString *text)
{
	WbtModel model = *wbt_model_find(family->model);
	g_autofree char *id = wbt_book_new_row_id(&model, family->whole_type);

	g_string_append_printf(text, "%s\n", id);
	if (family->whole_type || family->products == NULL)
		return;
	for (size_t i = 0; family->products[i] != NULL; i++) {
		g_autofree char *id_other = NULL;
		model.product = family->products[i];
		id_other = wbt_book_new_row_id(&model, false);
		g_string_append_printf(text, "%s\n", id_other);
	}
}

char *
wbt_book_list_rows(void)
{
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < wbt_n_book_families; i++)
		list_family(&wbt_book_families[i], text);
	return g_string_free(text, FALSE);
}
