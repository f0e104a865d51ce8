/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-device-private.h"
#include "fu-scsi-wb-book.h"
#include "fu-scsi-wb-lint.h"
#include "fuzz-check.h"
#include "fuzz-plan-case.h"
#include "fuzz-quirk-value.h"

/* what has to hold of any text that is called a quirk file, beside that it is read as fwupd reads
 * it, which takes longer and is in fuzz-quirk-fwupd.c: a value is taken if the README says so, else
 * refused by the name of its key, and what the linter has nothing against makes a row that works */

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static gboolean
fuzz_quirk_apply_cb(const gchar *key, const gchar *value, GError **error)
{
	g_autoptr(FuDevice) device = fu_device_new(NULL);
	return fu_device_set_quirk_kv(device, key, value, FU_CONTEXT_QUIRK_SOURCE_FILE, error);
}

static void
fuzz_quirk_check_entry(const FuScsiWbQuirkEntry *entry, FuScsiWbProfile *profile)
{
	FuScsiWbProfile before = *profile;
	gint want = fuzz_quirk_value_is_good(entry->key, entry->value);
	gboolean ret;
	g_autoptr(GError) error = NULL;

	ret = fu_scsi_wb_profile_set_kv(profile, entry->key, entry->value, &error);
	g_assert_cmpint(ret, ==, want == 1);
	if (ret) {
		g_assert_no_error(error);
		g_assert_true(fu_scsi_wb_profile_has_key(profile, entry->key));
		return;
	}
	g_assert_true(
	    g_error_matches(error,
			    FWUPD_ERROR,
			    want == 0 ? FWUPD_ERROR_INVALID_DATA : FWUPD_ERROR_NOT_SUPPORTED));
	g_assert_true(g_utf8_validate(error->message, -1, NULL));
	g_assert_nonnull(strstr(error->message, entry->key));

	/* only that the row is meant for us is remembered */
	before.named = profile->named;
	g_assert_true(memcmp(&before, profile, sizeof(before)) == 0);
}

static FuScsiWbFlags
fuzz_quirk_get_flags(const FuScsiWbQuirkRow *row)
{
	FuScsiWbFlags flag = FU_SCSI_WB_FLAG_NONE;
	FuScsiWbFlags flags = FU_SCSI_WB_FLAG_NONE;
	const FuScsiWbQuirkEntry *entry = fu_scsi_wb_quirk_row_find(row, "Flags");
	const gchar *name;
	g_auto(GStrv) names = g_strsplit(entry != NULL ? entry->value : "", ",", -1);

	for (guint i = 0; (name = fu_scsi_wb_profile_get_flag(i, &flag)) != NULL; i++) {
		if (g_strv_contains((const gchar *const *)names, name))
			flags |= flag;
	}
	return flags;
}

/* a row that makes sense makes a plan for some image, or says why not */
static gboolean
fuzz_quirk_check_profile(const FuScsiWbProfile *profile)
{
	const FuScsiWbLimits limits = {0};
	FuzzPlanCase self = {.profile = *profile};
	FuScsiWbTraits traits;
	gsize image_bytes;
	gboolean ret;
	g_autoptr(FuScsiWbPlan) plan = NULL;
	g_autoptr(GError) error = NULL;

	ret = fu_scsi_wb_profile_validate(profile, &error);
	g_assert_true(ret == !fuzz_plan_case_excludes(&self));
	if (!ret) {
		fuzz_check_refusal(error, FWUPD_ERROR_INVALID_DATA);
		return FALSE;
	}
	if (!fu_scsi_wb_traits_resolve(profile, &self.caps, &limits, &traits, &error)) {
		fuzz_check_refusal(error, FWUPD_ERROR_NOT_SUPPORTED);
		return FALSE;
	}
	image_bytes = MAX(traits.chunk_bytes.value, traits.step_bytes.value);
	plan = fu_scsi_wb_plan_new(profile, &traits, image_bytes, &error);
	g_assert_no_error(error);
	g_assert_nonnull(plan);
	return TRUE;
}

/* returns whether the row works by itself */
static gboolean
fuzz_quirk_check_row(const FuScsiWbQuirkRow *row)
{
	FuScsiWbProfile profile = {0};

	for (guint i = 0; i < row->entries->len; i++)
		fuzz_quirk_check_entry(g_ptr_array_index(row->entries, i), &profile);
	profile.flags = fuzz_quirk_get_flags(row);
	return fuzz_quirk_check_profile(&profile);
}

/* each finding names the file and the line */
static void
fuzz_quirk_check_findings(const FuScsiWbLint *lint)
{
	for (guint i = 0; i < lint->findings->len; i++) {
		const gchar *finding = g_ptr_array_index(lint->findings, i);
		g_assert_true(g_utf8_validate(finding, -1, NULL));
		g_assert_true(g_regex_match_simple("^fuzz\\.quirk:[1-9][0-9]*: .", finding, 0, 0));
	}
}

static void
fuzz_quirk_check_book(const GPtrArray *rows)
{
	g_autofree gchar *table = fu_scsi_wb_book_write_table(rows);
	g_autofree gchar *summary = fu_scsi_wb_book_write_summary(rows);

	g_assert_true(g_utf8_validate(table, -1, NULL));
	g_assert_true(g_utf8_validate(summary, -1, NULL));
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	gboolean is_clean;
	g_autoptr(GBytes) blob = g_bytes_new(data, size);
	g_autoptr(FuScsiWbLint) lint = fu_scsi_wb_lint_new(fuzz_quirk_apply_cb);

	fu_scsi_wb_lint_add_file(lint, "fuzz.quirk", blob);
	fu_scsi_wb_lint_run(lint);
	is_clean = lint->findings->len == 0;
	fuzz_quirk_check_findings(lint);
	for (guint i = 0; i < lint->rows->len; i++) {
		const FuScsiWbQuirkRow *row = g_ptr_array_index(lint->rows, i);
		gboolean works = fuzz_quirk_check_row(row);

		/* of several rows one may complete the other */
		if (is_clean && lint->rows->len == 1 && g_str_has_prefix(row->id, "SCSI\\"))
			g_assert_true(works);
	}
	fuzz_quirk_check_book(lint->rows);
	return 0;
}
