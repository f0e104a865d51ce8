/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <unistd.h>

#include "flow-book-wrong.h"

/* where, who, in which words, and what to do */
#define FLOW_BOOK_MESSAGE_DEVICE                                                                   \
	"^segment (\\d+) of (\\d+), MODE 0x[0-9a-f]{2}, \\d+ bytes at 0x[0-9a-f]+: "               \
	"(the device [^(]+) \\((.+)\\): (.+)$"

static GBytes *
fu_test_scsi_wb_flow_book_new_image(FlowBed *bed, const FlowBookWrong *wrong)
{
	g_autoptr(GBytes) image = NULL;

	if (!wrong->is_cut)
		return flow_bed_new_image(bed, "0002", wrong->size_bytes);
	image = flow_bed_new_image(bed, "0002", 2 * wrong->size_bytes);
	return g_bytes_new_from_bytes(image, 0, wrong->size_bytes);
}

/* a row that cannot work is known to be one before anybody wants an update */
static gchar *
fu_test_scsi_wb_flow_book_new_message(FlowBed *bed, const FlowBookWrong *wrong)
{
	const gchar *update_error = fu_device_get_update_error(bed->device);
	gboolean ret;
	g_autoptr(GBytes) image = NULL;
	g_autoptr(GError) error = NULL;

	if (update_error != NULL) {
		g_assert_false(fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_UPDATABLE));
		return g_strdup(update_error);
	}
	image = fu_test_scsi_wb_flow_book_new_image(bed, wrong);
	ret = flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error);
	g_assert_nonnull(error);
	g_assert_false(ret);
	return g_strdup(error->message);
}

static GMatchInfo *
fu_test_scsi_wb_flow_book_match(const gchar *pattern, const gchar *message)
{
	GMatchInfo *match = NULL;
	g_autoptr(GRegex) regex = g_regex_new(pattern, 0, 0, NULL);

	g_assert_nonnull(regex);
	if (!g_regex_match(regex, message, 0, &match))
		g_error("'%s' does not match '%s'", message, pattern);
	return match;
}

static const WbtLogEntry *
fu_test_scsi_wb_flow_book_find_last(FlowBed *bed)
{
	for (gsize i = wbt_target_log_count(bed->target); i > bed->mark; i--) {
		const WbtLogEntry *entry = wbt_target_log_get(bed->target, i - 1);
		if (flow_bed_is_segment(entry))
			return entry;
	}
	return NULL;
}

/* the words and numbers are those that the device has given, and nothing came after them */
static void
fu_test_scsi_wb_flow_book_assert_by_device(FlowBed *bed,
					   const FlowBookWrong *wrong,
					   const gchar *message)
{
	const WbtLogEntry *last = fu_test_scsi_wb_flow_book_find_last(bed);
	g_autoptr(GMatchInfo) match =
	    fu_test_scsi_wb_flow_book_match(FLOW_BOOK_MESSAGE_DEVICE, message);
	g_autofree gchar *segment = g_match_info_fetch(match, 1);
	g_autofree gchar *segments = g_match_info_fetch(match, 2);
	g_autofree gchar *words = g_match_info_fetch(match, 4);
	g_autofree gchar *wanted = g_strdup_printf("%u", wrong->segment);
	g_autofree gchar *sense = g_strdup_printf(", 05/%02X/00%s%s",
						  wrong->asc,
						  wrong->field != NULL ? ", " : "",
						  wrong->field != NULL ? wrong->field : "");

	g_assert_nonnull(last);
	g_assert_cmphex(last->status, ==, WBT_STATUS_CHECK_CONDITION);
	g_assert_cmphex(last->key, ==, 0x05);
	g_assert_cmphex(last->asc, ==, wrong->asc);
	g_assert_cmphex(last->ascq, ==, 0x00);
	g_assert_true(g_str_has_suffix(words, sense));
	if (wbt_target_get_model(bed->target)->errors_drop)
		g_assert_cmpuint(wbt_target_get_partial_bytes(bed->target), ==, 0);
	g_assert_cmpstr(segment, ==, wrong->segment != FLOW_BOOK_SEGMENT_LAST ? wanted : segments);
}

/* not one segment, or all of them and the device has not complained */
static void
fu_test_scsi_wb_flow_book_assert_by_plugin(FlowBed *bed,
					   const FlowBookWrong *wrong,
					   const gchar *message)
{
	const WbtLogEntry *last = fu_test_scsi_wb_flow_book_find_last(bed);
	g_autoptr(GMatchInfo) match = fu_test_scsi_wb_flow_book_match(wrong->message, message);

	g_assert_cmpint(g_match_info_get_match_count(match), ==, 4);
	for (gint i = 1; i < 4; i++) {
		g_autofree gchar *part = g_match_info_fetch(match, i);
		g_assert_cmpuint(strlen(part), >, 0);
	}
	g_assert_true((last == NULL) == (wrong->by == FLOW_BOOK_BY_PLUGIN));
	if (last != NULL)
		g_assert_cmphex(last->status, ==, WBT_STATUS_GOOD);
}

static void
fu_test_scsi_wb_flow_book_count(FlowBookCase *book_case, const FlowBookWrong *wrong)
{
	guint *counts[] = {
	    [FLOW_BOOK_BY_DEVICE] = &book_case->by_device,
	    [FLOW_BOOK_BY_PLUGIN] = &book_case->by_plugin,
	    [FLOW_BOOK_BY_VERIFY] = &book_case->by_verify,
	};

	(*counts[wrong->by])++;
	g_ptr_array_add(book_case->wrongs, g_strdup(wrong->rule));
}

/* the wrong row fails and leaves no trace, so that the right one updates the same device */
static void
fu_test_scsi_wb_flow_book_try_wrong(FlowBookMaker *maker,
				    const FlowBookWrong *wrong,
				    FuContext *context)
{
	g_autofree gchar *message = NULL;
	g_autofree gchar *rows = flow_book_wrong_new_rows(maker, wrong);
	g_autoptr(FlowBed) bed = flow_bed_new_for_model(maker->model, rows);

	g_test_message("%s: %s\n%s", maker->model->name, wrong->rule, rows != NULL ? rows : "");
	wbt_target_set_log_checksums(bed->target, FALSE);
	if (wrong->is_bad_value)
		g_test_expect_message("FuDevice", G_LOG_LEVEL_WARNING, "failed to set quirk key*");
	flow_bed_assert_enumerated(bed);
	g_test_assert_expected_messages();
	flow_bed_mark(bed);
	message = fu_test_scsi_wb_flow_book_new_message(bed, wrong);
	g_test_message("%s", message);
	if (wrong->by == FLOW_BOOK_BY_DEVICE)
		fu_test_scsi_wb_flow_book_assert_by_device(bed, wrong, message);
	else
		fu_test_scsi_wb_flow_book_assert_by_plugin(bed, wrong, message);
	flow_bed_assert_untouched(bed);
	g_assert_cmpuint(wbt_target_get_commits(bed->target), ==, 0);
	g_assert_cmpuint(wbt_target_get_activations(bed->target), ==, 0);
	g_assert_cmpuint(wbt_target_get_saves(bed->target), ==, 0);

	if (wrong->needs_power_cycle)
		wbt_target_power_cycle(bed->target);

	/* the user takes his file away, and starts the daemon again */
	g_set_object(&bed->context, context);
	flow_bed_restart_daemon(bed);
	flow_book_assert_next(bed, maker->book_case->row, "0003");
}

static void
fu_test_scsi_wb_flow_book_try_all(FlowBookCase *book_case, FlowBookMaker *maker, FlowBed *bed)
{
	for (guint i = 0; i < maker->wrongs->len; i++) {
		const FlowBookWrong *wrong = g_ptr_array_index(maker->wrongs, i);
		if (wrong->by == FLOW_BOOK_BY_NOBODY) {
			g_ptr_array_add(book_case->unbroken,
					g_strdup_printf("%s | %s", wrong->rule, wrong->reason));
			continue;
		}
		fu_test_scsi_wb_flow_book_try_wrong(maker, wrong, bed->context);
		fu_test_scsi_wb_flow_book_count(book_case, wrong);
	}
}

/* fwupd reads them all for each of some hundred wrong rows, and other makers' say nothing of this
 * device */
static void
fu_test_scsi_wb_flow_book_try_alone(FlowBookCase *book_case, FlowBookMaker *maker, FlowBed *bed)
{
	g_autofree gchar *dir_all = g_strdup(g_getenv("FWUPD_DATADIR_QUIRKS"));
	g_autofree gchar *dir = g_build_filename(bed->dir, "maker", NULL);
	g_autofree gchar *file = g_build_filename(dir_all, maker->section->file, NULL);
	g_autofree gchar *link = g_build_filename(dir, maker->section->file, NULL);

	g_assert_cmpint(g_mkdir_with_parents(dir, 0755), ==, 0);
	g_assert_cmpint(symlink(file, link), ==, 0);
	g_setenv("FWUPD_DATADIR_QUIRKS", dir, TRUE);
	fu_test_scsi_wb_flow_book_try_all(book_case, maker, bed);
	g_setenv("FWUPD_DATADIR_QUIRKS", dir_all, TRUE);
}

void
flow_book_wrong_func(gconstpointer user_data)
{
	FlowBookCase *book_case = (FlowBookCase *)user_data;
	g_autofree gchar *id =
	    wbt_book_new_row_id(&book_case->model, book_case->family->whole_type);
	g_autoptr(FlowBed) bed = flow_book_new_bed(&book_case->model);
	g_autoptr(GPtrArray) sections = flow_book_load_sections();
	g_autoptr(GPtrArray) wrongs = g_ptr_array_new();
	FlowBookMaker maker = {
	    .book_case = book_case,
	    .model = &book_case->model,
	    .section = flow_book_find_section(sections, id),
	    .chunk_bytes = flow_book_get_chunk_bytes(book_case->row),
	    .step_bytes = flow_book_get_step_bytes(book_case->row),
	    .wrongs = wrongs,
	};

	g_assert_nonnull(maker.section);
	book_case->source = flow_book_new_source(maker.section);
	flow_book_make_for_model(&maker);
	for (gsize i = 0; i < maker.model->n_rules; i++)
		flow_book_make_for_mode(&maker, &maker.model->rules[i]);
	flow_book_fields_assert_covered(&maker);
	fu_test_scsi_wb_flow_book_try_alone(book_case, &maker, bed);
}
