/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-book.h"

/* the device book as a table, with what was tried and how it went */

static const gchar *
fu_test_scsi_wb_flow_book_get_type(const WbtModel *model)
{
	const gchar *types[] = {
	    [WBT_TYPE_DISK] = "disk",
	    [WBT_TYPE_TAPE] = "tape drive",
	    [WBT_TYPE_OPTICAL] = "optical drive",
	    [WBT_TYPE_CHANGER] = "library",
	    [WBT_TYPE_ENCLOSURE] = "enclosure",
	};

	if (model->peripheral_type >= G_N_ELEMENTS(types))
		return NULL;
	return types[model->peripheral_type];
}

static gchar *
fu_test_scsi_wb_flow_book_new_mode(const FlowBookRow *row)
{
	if (row->mode_last == row->mode)
		return g_strdup_printf("0x%02x", row->mode);
	return g_strdup_printf("0x%02x, last 0x%02x", row->mode, row->mode_last);
}

static gchar *
fu_test_scsi_wb_flow_book_new_chunk(const FlowBookRow *row)
{
	if (flow_book_is_single(row))
		return g_strdup("whole image");
	return g_strdup_printf("%s%" G_GSIZE_FORMAT,
			       row->is_exact ? "exactly " : "",
			       row->chunk_bytes);
}

static void
fu_test_scsi_wb_flow_book_print_case(const FlowBookCase *book_case)
{
	const WbtModel *model = &book_case->model;
	const FlowBookRow *row = book_case->row;
	const gchar *type = fu_test_scsi_wb_flow_book_get_type(model);
	g_autofree gchar *mode = fu_test_scsi_wb_flow_book_new_mode(row);
	g_autofree gchar *chunk = fu_test_scsi_wb_flow_book_new_chunk(row);
	g_autofree gchar *rules = NULL;

	g_assert_nonnull(type);
	if (book_case->source == NULL || book_case->sizes_taken == 0) {
		g_test_message("| %s | not run |", row->model);
		return;
	}
	g_ptr_array_add(book_case->wrongs, NULL);
	rules = g_strjoinv("; ", (gchar **)book_case->wrongs->pdata);
	g_ptr_array_remove_index(book_case->wrongs, book_case->wrongs->len - 1);
	g_test_message("| %s (%s) | %s | %s | %s | %s | %s | %s | %u images taken, %u refused "
		       "unsent, %u sizes skipped; %u wrong rows refused by the device, %u by the "
		       "plugin, %u seen afterwards; %u rules unbroken |",
		       row->model,
		       model->product,
		       type,
		       mode,
		       chunk,
		       book_case->source,
		       book_case->sizes->str,
		       rules,
		       book_case->sizes_taken,
		       book_case->sizes_refused,
		       book_case->sizes_skipped,
		       book_case->by_device,
		       book_case->by_plugin,
		       book_case->by_verify,
		       book_case->unbroken->len);
}

/* one line for all devices that have the same rule */
static void
fu_test_scsi_wb_flow_book_print_unbroken(GPtrArray *cases)
{
	GHashTableIter iter;
	gpointer rule = NULL;
	gpointer models = NULL;
	g_autoptr(GHashTable) table = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);

	for (guint i = 0; i < cases->len; i++) {
		const FlowBookCase *book_case = g_ptr_array_index(cases, i);
		for (guint j = 0; j < book_case->unbroken->len; j++) {
			gchar *key = g_ptr_array_index(book_case->unbroken, j);
			const gchar *others = g_hash_table_lookup(table, key);
			gchar *text = others != NULL
					  ? g_strdup_printf("%s, %s", others, book_case->row->model)
					  : g_strdup(book_case->row->model);
			g_hash_table_insert(table, key, text);
		}
	}
	g_test_message("| no wrong row breaks | because | devices |");
	g_hash_table_iter_init(&iter, table);
	while (g_hash_table_iter_next(&iter, &rule, &models))
		g_test_message("| %s | %s |", (const gchar *)rule, (const gchar *)models);
}

void
flow_book_table_print(GPtrArray *cases)
{
	FlowBookCase all = {0};
	guint families = 0;
	guint wrongs = 0;
	guint unbroken = 0;

	g_test_message(
	    "| family | type | mode | chunk | source | sizes | rules violated | result |");
	for (guint i = 0; i < cases->len; i++) {
		const FlowBookCase *book_case = g_ptr_array_index(cases, i);
		if (!book_case->is_family)
			continue;
		fu_test_scsi_wb_flow_book_print_case(book_case);
		families++;
		wrongs += book_case->wrongs->len;
		unbroken += book_case->unbroken->len;
		all.sizes_taken += book_case->sizes_taken;
		all.sizes_refused += book_case->sizes_refused;
		all.sizes_skipped += book_case->sizes_skipped;
		all.by_device += book_case->by_device;
		all.by_plugin += book_case->by_plugin;
		all.by_verify += book_case->by_verify;
	}
	fu_test_scsi_wb_flow_book_print_unbroken(cases);
	g_test_message("| %u families, %u devices | %u images taken, %u refused unsent, %u sizes "
		       "skipped | %u wrong rows: %u refused by the device, %u by the plugin, %u "
		       "seen afterwards | %u rules unbroken |",
		       families,
		       cases->len,
		       all.sizes_taken,
		       all.sizes_refused,
		       all.sizes_skipped,
		       wrongs,
		       all.by_device,
		       all.by_plugin,
		       all.by_verify,
		       unbroken);
}
