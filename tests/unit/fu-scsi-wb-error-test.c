/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-error.h"
#include "fu-scsi-wb-unit.h"

/* what a program sees of each class */
static const struct {
	FuScsiWbClass klass;
	FwupdError code;
} codes[] = {
    {FU_SCSI_WB_CLASS_UA_RESET, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_UA_MICROCODE, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_UA_INQUIRY, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_UA_OTHER, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_DEFERRED_ERROR, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_DEFERRED_RECOVERED, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_BECOMING_READY, FWUPD_ERROR_BUSY},
    {FU_SCSI_WB_CLASS_NEEDS_START, FWUPD_ERROR_BUSY},
    {FU_SCSI_WB_CLASS_NO_MEDIUM, FWUPD_ERROR_NEEDS_USER_ACTION},
    {FU_SCSI_WB_CLASS_NEEDS_ACTIVATION, FWUPD_ERROR_BUSY},
    {FU_SCSI_WB_CLASS_NEEDS_IMAGE, FWUPD_ERROR_BROKEN_SYSTEM},
    {FU_SCSI_WB_CLASS_NEEDS_RESET, FWUPD_ERROR_BUSY},
    {FU_SCSI_WB_CLASS_NEEDS_POWER_CYCLE, FWUPD_ERROR_BUSY},
    {FU_SCSI_WB_CLASS_NOT_ACCESSIBLE, FWUPD_ERROR_BUSY},
    {FU_SCSI_WB_CLASS_SANITIZING, FWUPD_ERROR_BUSY},
    {FU_SCSI_WB_CLASS_NOT_READY, FWUPD_ERROR_BUSY},
    {FU_SCSI_WB_CLASS_OPCODE_UNSUPPORTED, FWUPD_ERROR_NOT_SUPPORTED},
    {FU_SCSI_WB_CLASS_CDB_FIELD, FWUPD_ERROR_NOT_SUPPORTED},
    {FU_SCSI_WB_CLASS_IMAGE_REFUSED, FWUPD_ERROR_INVALID_FILE},
    {FU_SCSI_WB_CLASS_PARAMETER_LENGTH, FWUPD_ERROR_NOT_SUPPORTED},
    {FU_SCSI_WB_CLASS_SEQUENCE, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_NO_RESOURCES, FWUPD_ERROR_BUSY},
    {FU_SCSI_WB_CLASS_NO_POWER, FWUPD_ERROR_BUSY},
    {FU_SCSI_WB_CLASS_VENDOR_REFUSED, FWUPD_ERROR_NEEDS_USER_ACTION},
    {FU_SCSI_WB_CLASS_ECHO_OVERWRITTEN, FWUPD_ERROR_BUSY},
    {FU_SCSI_WB_CLASS_VENDOR_FAILED, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_ILLEGAL_REQUEST, FWUPD_ERROR_NOT_SUPPORTED},
    {FU_SCSI_WB_CLASS_SIGNATURE, FWUPD_ERROR_SIGNATURE_INVALID},
    {FU_SCSI_WB_CLASS_INTERNAL, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_PROTECTED, FWUPD_ERROR_PERMISSION_DENIED},
    {FU_SCSI_WB_CLASS_TRANSFER_FAILED, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_ABORTED, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_OTHER_SENSE, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_BUSY, FWUPD_ERROR_BUSY},
    {FU_SCSI_WB_CLASS_RESERVED, FWUPD_ERROR_BUSY},
    {FU_SCSI_WB_CLASS_TASK_ABORTED, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_OTHER_STATUS, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_GONE, FWUPD_ERROR_NOT_REACHABLE},
    {FU_SCSI_WB_CLASS_TIMED_OUT, FWUPD_ERROR_TIMED_OUT},
    {FU_SCSI_WB_CLASS_BUS_ERROR, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_HOST_RESET, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_HOST_ABORTED, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_HOST_ERROR, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_KERNEL_REFUSED, FWUPD_ERROR_NOT_SUPPORTED},
    {FU_SCSI_WB_CLASS_KERNEL_MEMORY, FWUPD_ERROR_BUSY},
    {FU_SCSI_WB_CLASS_KERNEL_UNSUPPORTED, FWUPD_ERROR_NOT_SUPPORTED},
    {FU_SCSI_WB_CLASS_KERNEL_FORBIDDEN, FWUPD_ERROR_PERMISSION_DENIED},
    {FU_SCSI_WB_CLASS_INTERRUPTED, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_RESIDUAL, FWUPD_ERROR_WRITE},
};

/* "who (words): advice", where who is the kernel, the host adapter, the device or another host */
static void
fu_test_scsi_wb_error_check_text(const gchar *message)
{
	const gchar *words = " (words of 100%s): ";
	const gchar *speakers[] = {"the kernel ",
				   "the host adapter ",
				   "the device ",
				   "another host ",
				   "the wait "};
	const gchar *found = strstr(message, words);
	gboolean has_speaker = FALSE;

	g_assert_nonnull(found);
	g_assert_cmpuint(strlen(found), >, strlen(words) + 10);
	for (guint i = 0; i < G_N_ELEMENTS(speakers); i++)
		has_speaker |= g_str_has_prefix(message, speakers[i]);
	g_assert_true(has_speaker);
}

static void
fu_test_scsi_wb_error_class_all_func(void)
{
	/* every class but ACCEPTED, which is no error */
	g_assert_cmpint(G_N_ELEMENTS(codes), ==, FU_SCSI_WB_CLASS_LAST - 1);
	for (guint i = 0; i < G_N_ELEMENTS(codes); i++) {
		FuScsiWbVerdict verdict = {
		    .klass = codes[i].klass,
		    .words = (gchar *)"words of 100%s",
		};
		g_autoptr(GError) error = NULL;

		fu_scsi_wb_unit_row(fu_scsi_wb_class_to_string(codes[i].klass));
		fu_scsi_wb_error_set_verdict(&verdict, &error);
		g_assert_error(error, FWUPD_ERROR, (gint)codes[i].code);
		fu_test_scsi_wb_error_check_text(error->message);
		fu_scsi_wb_error_set_verdict(&verdict, NULL);
	}
}

/* no two classes tell the user the same */
static void
fu_test_scsi_wb_error_class_distinct_func(void)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < G_N_ELEMENTS(codes); i++) {
		FuScsiWbVerdict verdict = {.klass = codes[i].klass, .words = (gchar *)""};
		g_autoptr(GError) error = NULL;

		fu_scsi_wb_unit_row(fu_scsi_wb_class_to_string(codes[i].klass));
		fu_scsi_wb_error_set_verdict(&verdict, &error);
		g_assert_true(g_hash_table_add(seen, g_strdup(error->message)));
	}
}

/* a success is no error: that is a fault of the caller, who is told */
static void
fu_test_scsi_wb_error_class_accepted_func(void)
{
	FuScsiWbVerdict verdict = {.klass = FU_SCSI_WB_CLASS_ACCEPTED, .words = (gchar *)""};
	g_autoptr(GError) error = NULL;

	g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_CRITICAL, "*text != NULL*");
	fu_scsi_wb_error_set_verdict(&verdict, &error);
	g_test_assert_expected_messages();
	g_assert_null(error);
}

/* where the place changes what there is to say, or to do; else it is the same everywhere */
static void
fu_test_scsi_wb_error_place_func(void)
{
	const struct {
		FuScsiWbClass klass;
		FuScsiWbPlace place;
		FwupdError code;
		const gchar *message;
	} rows[] = {
	    {FU_SCSI_WB_CLASS_SEQUENCE,
	     FU_SCSI_WB_PLACE_ACTIVATE,
	     FWUPD_ERROR_WRITE,
	     "the device has nothing to activate (words): a reset, or another host's download, has "
	     "thrown the image away: update again"},
	    {FU_SCSI_WB_CLASS_SEQUENCE,
	     FU_SCSI_WB_PLACE_MIDDLE,
	     FWUPD_ERROR_WRITE,
	     "the device lost the thread of the download (words): make sure that no other host or "
	     "program uses it, then update again"},
	    {FU_SCSI_WB_CLASS_CDB_FIELD,
	     FU_SCSI_WB_PLACE_ACTIVATE,
	     FWUPD_ERROR_NOT_SUPPORTED,
	     "the device does not activate firmware by command (words): switch it off and on to "
	     "activate it"},
	    {FU_SCSI_WB_CLASS_OPCODE_UNSUPPORTED,
	     FU_SCSI_WB_PLACE_ACTIVATE,
	     FWUPD_ERROR_NOT_SUPPORTED,
	     "the device does not activate firmware by command (words): switch it off and on to "
	     "activate it"},
	    {FU_SCSI_WB_CLASS_TIMED_OUT,
	     FU_SCSI_WB_PLACE_LINK,
	     FWUPD_ERROR_TIMED_OUT,
	     "the device did not answer in time (words): nothing was sent; check cable, expander "
	     "and host adapter"},
	    {FU_SCSI_WB_CLASS_INTERNAL,
	     FU_SCSI_WB_PLACE_LINK,
	     FWUPD_ERROR_WRITE,
	     "the device failed (words): do not switch it off; update again, and call its maker if "
	     "that fails"},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		FuScsiWbVerdict verdict = {.klass = rows[i].klass, .words = (gchar *)"words"};
		g_autoptr(GError) error = NULL;

		fu_scsi_wb_unit_row(rows[i].message);
		fu_scsi_wb_error_set_at(&verdict, rows[i].place, &error);
		fu_scsi_wb_unit_assert_error(error, rows[i].code, rows[i].message);
	}
}

/* whatever the host adapter or the bus did to a pattern, the advice is the same */
static void
fu_test_scsi_wb_error_link_func(void)
{
	guint cnt = 0;

	for (FuScsiWbClass klass = 0; klass < FU_SCSI_WB_CLASS_LAST; klass++) {
		FuScsiWbVerdict verdict = {.klass = klass, .words = (gchar *)"words"};
		g_autoptr(GError) error = NULL;

		fu_scsi_wb_unit_row(fu_scsi_wb_class_to_string(klass));
		if (fu_scsi_wb_policy_next(klass, FU_SCSI_WB_PLACE_LINK) != FU_SCSI_WB_ACTION_FAIL)
			continue;
		fu_scsi_wb_error_set_at(&verdict, FU_SCSI_WB_PLACE_LINK, &error);
		if (klass == FU_SCSI_WB_CLASS_INTERNAL || klass == FU_SCSI_WB_CLASS_VENDOR_FAILED)
			continue;
		g_assert_true(g_str_has_suffix(error->message,
					       ": nothing was sent; check cable, expander and host "
					       "adapter"));
		cnt++;
	}
	g_assert_cmpuint(cnt, ==, 8);
}

/* what a user may read is in the document of messages, with what to do about it */
static void
fu_test_scsi_wb_error_document_func(void)
{
	const FuScsiWbPlace places[] = {
	    FU_SCSI_WB_PLACE_MIDDLE,
	    FU_SCSI_WB_PLACE_ACTIVATE,
	    FU_SCSI_WB_PLACE_LINK,
	};
	gboolean ret;
	g_autofree gchar *document = NULL;
	g_autoptr(GError) error = NULL;

	ret = g_file_get_contents(g_getenv("SCSI_WB_DOCUMENT"), &document, NULL, &error);
	g_assert_no_error(error);
	g_assert_true(ret);
	for (guint i = 0; i < G_N_ELEMENTS(codes) * G_N_ELEMENTS(places); i++) {
		FuScsiWbVerdict verdict = {
		    .klass = codes[i / G_N_ELEMENTS(places)].klass,
		    .words = (gchar *)"words",
		};
		g_autofree gchar *row = NULL;
		g_auto(GStrv) parts = NULL;
		g_autoptr(GError) error_message = NULL;

		fu_scsi_wb_error_set_at(&verdict, places[i % G_N_ELEMENTS(places)], &error_message);
		parts = g_strsplit(error_message->message, " (words): ", 2);
		row = g_strdup_printf("\n| `%s` | ", parts[0]);
		fu_scsi_wb_unit_row(row);
		g_assert_nonnull(strstr(document, row));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/error/class/all", fu_test_scsi_wb_error_class_all_func);
	g_test_add_func("/scsi-wb/error/class/distinct", fu_test_scsi_wb_error_class_distinct_func);
	g_test_add_func("/scsi-wb/error/class/accepted", fu_test_scsi_wb_error_class_accepted_func);
	g_test_add_func("/scsi-wb/error/place", fu_test_scsi_wb_error_place_func);
	g_test_add_func("/scsi-wb/error/document", fu_test_scsi_wb_error_document_func);
	g_test_add_func("/scsi-wb/error/link", fu_test_scsi_wb_error_link_func);
	return g_test_run();
}
