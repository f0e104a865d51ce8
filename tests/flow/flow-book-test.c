/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-book-wrong.h"

/* the device book: each row of the project's quirk files against the devices that it names, which
 * are simulated from their makers' manuals and not from the rows */

#define FLOW_BOOK_PAGE_BYTES 4096 /* a host without room for that has other troubles */

/* where to look it up: a place in a manual, a numbered edition of one that has no pages, a table or
 * a function in public code, or a numbered question */
#define FLOW_BOOK_SOURCE                                                                           \
	"(page|section|chapter|table|question)s? [0-9]|reference, [0-9]+\\.|"                      \
	"fwdownload\\.c, [a-z_]+\\[\\]|\\.c(pp)?[^.]*[, ][a-z0-9_]+\\(\\)"

static const FlowBookRow *
fu_test_scsi_wb_flow_book_find_row(const gchar *model)
{
	for (guint i = 0; i < flow_book_n_rows; i++) {
		if (g_str_equal(flow_book_rows[i].model, model))
			return &flow_book_rows[i];
	}
	return NULL;
}

/* one after the other, and whether a medium is loaded or not if its document does not care */
static void
fu_test_scsi_wb_flow_book_update_func(gconstpointer user_data)
{
	const FlowBookCase *book_case = user_data;
	WbtModel model = book_case->model;
	g_autoptr(FlowBed) bed = flow_book_new_bed(&model);

	flow_book_assert_update(bed, book_case->row, "0002");
	flow_book_assert_update(bed, book_case->row, "0003");
	if (model.removable && book_case->family->ready == WBT_BOOK_READY_ANY) {
		g_autoptr(FlowBed) bed_other = NULL;
		model.no_medium = !model.no_medium;
		bed_other = flow_book_new_bed(&model);
		flow_book_assert_update(bed_other, book_case->row, "0002");
	}
}

/* no byte of an image that cannot be for the device is sent */
static void
fu_test_scsi_wb_flow_book_size_func(gconstpointer user_data)
{
	const FlowBookCase *book_case = user_data;
	g_autoptr(FlowBed) bed = flow_book_new_bed(&book_case->model);

	flow_book_assert_refused(bed, book_case->row->refused_bytes);
}

/* nor of any image while a medium is in the wrong place */
static void
fu_test_scsi_wb_flow_book_ready_func(gconstpointer user_data)
{
	const FlowBookCase *book_case = user_data;
	const FlowBookRow *row = book_case->row;
	gsize size_bytes = flow_book_get_size_bytes(row);
	WbtModel model = book_case->model;
	g_autoptr(FlowBed) bed = NULL;

	model.no_medium = !model.no_medium;
	bed = flow_book_new_bed(&model);
	flow_book_assert_refused(bed, size_bytes);
}

/* the kernel has no room for the first segment: smaller ones will do, but not for a device that
 * wants just this size */
static void
fu_test_scsi_wb_flow_book_smaller_func(gconstpointer user_data)
{
	const FlowBookCase *book_case = user_data;
	gsize size_bytes = flow_book_get_size_bytes(book_case->row);
	gboolean ret;
	g_autoptr(FlowBed) bed = flow_book_new_bed(&book_case->model);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", size_bytes);
	g_autoptr(GError) error = NULL;

	flow_bed_set_faults(bed, "segment 1 errno 12");
	flow_bed_mark(bed);
	ret = flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error);
	if (book_case->row->is_exact) {
		g_assert_nonnull(error);
		g_assert_false(ret);
		g_test_message("%s", error->message);
		g_assert_cmpuint(flow_bed_count_segments(bed), ==, 1);
		flow_bed_assert_untouched(bed);
		return;
	}
	g_assert_no_error(error);
	g_assert_true(ret);
	if (book_case->row->is_deferred)
		flow_bed_assert_activated(bed);
	flow_bed_assert_updated(bed, image, "0002");
}

static void
fu_test_scsi_wb_flow_book_add_names(GHashTable *names, const WbtBookFamily *family)
{
	WbtModel model = *wbt_model_find(family->model);

	g_hash_table_add(names, wbt_book_new_row_id(&model, family->whole_type));
	if (family->whole_type)
		return;
	for (guint i = 0; family->products != NULL && family->products[i] != NULL; i++) {
		model.product = family->products[i];
		g_hash_table_add(names, wbt_book_new_row_id(&model, FALSE));
	}
}

/* every section has a device in the book, and the other way round */
static void
fu_test_scsi_wb_flow_book_sections_func(void)
{
	GHashTableIter iter;
	gpointer name = NULL;
	g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GPtrArray) sections = flow_book_load_sections();

	for (gsize i = 0; i < wbt_n_book_families; i++)
		fu_test_scsi_wb_flow_book_add_names(names, &wbt_book_families[i]);
	g_assert_cmpuint(sections->len, >, 0);
	for (guint i = 0; i < sections->len; i++) {
		FlowBookSection *section = g_ptr_array_index(sections, i);
		if (!g_hash_table_contains(names, section->name))
			g_error("%s: no device of the book for %s", section->file, section->name);
		g_assert_true(flow_book_find_section(sections, section->name) == section);
		g_assert_nonnull(g_hash_table_lookup(section->keys, "ScsiWbMode"));
	}
	g_hash_table_iter_init(&iter, names);
	while (g_hash_table_iter_next(&iter, &name, NULL)) {
		if (flow_book_find_section(sections, name) == NULL)
			g_error("no quirk row for %s of the book", (const gchar *)name);
	}
}

/* every device of the book is a family's, and every family has its expectation */
static void
fu_test_scsi_wb_flow_book_models_func(void)
{
	for (gsize i = 0; i < wbt_book_count(); i++) {
		guint families = 0;
		for (gsize j = 0; j < wbt_n_book_families; j++) {
			if (g_str_equal(wbt_book_families[j].model, wbt_book_get(i)->name))
				families++;
		}
		g_test_message("%s", wbt_book_get(i)->name);
		g_assert_cmpuint(families, ==, 1);
	}
	g_assert_null(wbt_book_get(wbt_book_count()));
	g_assert_cmpuint(flow_book_n_rows, ==, wbt_n_book_families);
}

/* a row without a source is a guess, and one that promises everything is a lie */
static void
fu_test_scsi_wb_flow_book_sources_func(void)
{
	g_autoptr(GPtrArray) sections = flow_book_load_sections();

	for (guint i = 0; i < sections->len; i++) {
		FlowBookSection *section = g_ptr_array_index(sections, i);
		g_test_message("%s: %s", section->file, section->name);
		g_assert_nonnull(section->comment);
		g_assert_true(
		    g_regex_match_simple(FLOW_BOOK_SOURCE, section->comment, G_REGEX_CASELESS, 0));
		g_assert_nonnull(strstr(section->comment, "\n# Does not promise: "));
	}
}

/* not listed, and not asked anything */
static void
fu_test_scsi_wb_flow_book_strangers_func(void)
{
	for (guint i = 0; i < flow_book_n_strangers; i++) {
		const FlowBookStranger *stranger = &flow_book_strangers[i];
		WbtModel model = *wbt_model_find("seagate-sas");
		gboolean ret;
		g_autoptr(FlowBed) bed = NULL;
		g_autoptr(GError) error = NULL;

		g_test_message("%s %s", stranger->vendor, stranger->product);
		model.vendor = stranger->vendor;
		model.product = stranger->product;
		model.peripheral_type = stranger->type;
		bed = flow_bed_new_for_model(&model, NULL);
		ret = flow_bed_enumerate(bed, &error);
		g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_NOT_SUPPORTED);
		g_assert_false(ret);
		g_assert_cmpuint(flow_bed_count_commands(bed), ==, 0);
	}
}

/* the last test of all, as GLib runs those of a folder of its own last */
static void
fu_test_scsi_wb_flow_book_table_func(gconstpointer user_data)
{
	flow_book_table_print((GPtrArray *)user_data);
}

static void
fu_test_scsi_wb_flow_book_case_free(FlowBookCase *book_case)
{
	g_string_free(book_case->sizes, TRUE);
	g_ptr_array_unref(book_case->wrongs);
	g_ptr_array_unref(book_case->unbroken);
	g_free(book_case->source);
	g_free(book_case);
}

static void
fu_test_scsi_wb_flow_book_add(FlowBookCase *book_case, const gchar *test, GTestDataFunc func)
{
	g_autofree gchar *product = g_strdelimit(g_strdup(book_case->model.product), " /", '-');
	g_autofree gchar *path =
	    g_strdup_printf("/scsi-wb/flow/book/%s/%s/%s", test, book_case->row->model, product);
	g_test_add_data_func(path, book_case, func);
}

static void
fu_test_scsi_wb_flow_book_add_product(const WbtBookFamily *family,
				      const gchar *product,
				      GPtrArray *cases)
{
	FlowBookCase *book_case = g_new0(FlowBookCase, 1);

	g_ptr_array_add(cases, book_case);
	book_case->is_family = product == NULL;
	book_case->sizes = g_string_new(NULL);
	book_case->wrongs = g_ptr_array_new_with_free_func(g_free);
	book_case->unbroken = g_ptr_array_new_with_free_func(g_free);
	book_case->family = family;
	book_case->row = fu_test_scsi_wb_flow_book_find_row(family->model);
	g_assert_nonnull(book_case->row);
	g_assert_nonnull(wbt_model_find(family->model));
	book_case->model = *wbt_model_find(family->model);
	if (product != NULL)
		book_case->model.product = product;
	fu_test_scsi_wb_flow_book_add(book_case, "update", fu_test_scsi_wb_flow_book_update_func);
	if (book_case->row->chunk_bytes > FLOW_BOOK_PAGE_BYTES)
		fu_test_scsi_wb_flow_book_add(book_case,
					      "smaller",
					      fu_test_scsi_wb_flow_book_smaller_func);
	if (book_case->row->refused_bytes != 0)
		fu_test_scsi_wb_flow_book_add(book_case,
					      "size",
					      fu_test_scsi_wb_flow_book_size_func);
	if (family->ready != WBT_BOOK_READY_ANY)
		fu_test_scsi_wb_flow_book_add(book_case,
					      "ready",
					      fu_test_scsi_wb_flow_book_ready_func);
	if (!book_case->is_family)
		return;
	fu_test_scsi_wb_flow_book_add(book_case, "sizes", flow_book_sizes_func);
	fu_test_scsi_wb_flow_book_add(book_case, "wrong", flow_book_wrong_func);
}

int
main(int argc, char **argv)
{
	g_autoptr(GPtrArray) cases =
	    g_ptr_array_new_with_free_func((GDestroyNotify)fu_test_scsi_wb_flow_book_case_free);

	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/flow/book/sections", fu_test_scsi_wb_flow_book_sections_func);
	g_test_add_func("/scsi-wb/flow/book/models", fu_test_scsi_wb_flow_book_models_func);
	g_test_add_func("/scsi-wb/flow/book/sources", fu_test_scsi_wb_flow_book_sources_func);
	g_test_add_func("/scsi-wb/flow/book/strangers", fu_test_scsi_wb_flow_book_strangers_func);
	g_test_add_func("/scsi-wb/flow/book/fields", flow_book_fields_func);
	for (gsize i = 0; i < wbt_n_book_families; i++) {
		const WbtBookFamily *family = &wbt_book_families[i];
		fu_test_scsi_wb_flow_book_add_product(family, NULL, cases);
		for (guint j = 0; family->products != NULL && family->products[j] != NULL; j++)
			fu_test_scsi_wb_flow_book_add_product(family, family->products[j], cases);
	}
	g_test_add_data_func("/scsi-wb/flow/book/table/all",
			     cases,
			     fu_test_scsi_wb_flow_book_table_func);
	return g_test_run();
}
