/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-error.h"
#include "fu-scsi-wb-unit.h"

/* from the bytes that a device answers to what a user reads: one row for each sense code that means
 * something to a microcode download */

/**
 * FuScsiWbJudgementRow:
 * @key: sense key
 * @asc: additional sense code
 * @ascq: additional sense code qualifier
 * @actions: what to do, a letter for each of places, as of fu_scsi_wb_unit_action_to_letter()
 * @code: what the update fails with, if it does; %FWUPD_ERROR_LAST if the command was carried out
 * @who: (nullable): how the text of the error begins, at a segment in the middle
 **/
typedef struct {
	guint8 key;
	guint8 asc;
	guint8 ascq;
	const gchar *actions;
	FwupdError code;
	const gchar *who;
} FuScsiWbJudgementRow;

/* first, middle, last, last that activates at once, activation, waiting, single segment, echo */
static const FuScsiWbPlace places[] = {
    FU_SCSI_WB_PLACE_FIRST,
    FU_SCSI_WB_PLACE_MIDDLE,
    FU_SCSI_WB_PLACE_LAST,
    FU_SCSI_WB_PLACE_LAST | FU_SCSI_WB_PLACE_FINAL,
    FU_SCSI_WB_PLACE_ACTIVATE,
    FU_SCSI_WB_PLACE_WAITING,
    FU_SCSI_WB_PLACE_FIRST | FU_SCSI_WB_PLACE_LAST | FU_SCSI_WB_PLACE_FINAL,
    FU_SCSI_WB_PLACE_LINK,
};

static const FuScsiWbJudgementRow rows[] = {
    /* T10 list of ASC/ASCQ assignments: nothing is wrong */
    {0x00, 0x00, 0x00, "CCCCCCCC", FWUPD_ERROR_LAST, NULL},
    {0x00, 0x00, 0x22, "CCCCCCCC", FWUPD_ERROR_LAST, NULL},
    {0x01, 0x00, 0x00, "CCCCCCCC", FWUPD_ERROR_LAST, NULL},
    {0x01, 0x17, 0x01, "CCCCCCCC", FWUPD_ERROR_LAST, NULL},
    {0x01, 0x5d, 0x00, "CCCCCCCC", FWUPD_ERROR_LAST, NULL},

    /* unit attentions: the command was not executed */
    {0x06,
     0x3f,
     0x01,
     "SSSSSSSB",
     FWUPD_ERROR_WRITE,
     "the device keeps saying that its firmware was changed"},
    {0x06,
     0x3f,
     0x16,
     "SSSSSSSB",
     FWUPD_ERROR_WRITE,
     "the device keeps saying that its firmware was changed"},
    {0x06,
     0x3f,
     0x03,
     "ISSSSSIB",
     FWUPD_ERROR_WRITE,
     "the device keeps saying that it describes itself in another way now"},
    {0x06, 0x29, 0x00, "IRRRSSIB", FWUPD_ERROR_WRITE, "the device was reset"},
    {0x06, 0x29, 0x01, "IRRRSSIB", FWUPD_ERROR_WRITE, "the device was reset"},
    {0x06, 0x29, 0x02, "IRRRSSIB", FWUPD_ERROR_WRITE, "the device was reset"},
    {0x06, 0x29, 0x03, "IRRRSSIB", FWUPD_ERROR_WRITE, "the device was reset"},
    {0x06, 0x29, 0x04, "IRRRSSIB", FWUPD_ERROR_WRITE, "the device was reset"},
    {0x06, 0x29, 0x05, "IRRRSSIB", FWUPD_ERROR_WRITE, "the device was reset"},
    {0x06, 0x29, 0x06, "IRRRSSIB", FWUPD_ERROR_WRITE, "the device was reset"},
    {0x06, 0x29, 0x07, "IRRRSSIB", FWUPD_ERROR_WRITE, "the device was reset"},
    {0x06, 0x00, 0x00, "IRRRSSIB", FWUPD_ERROR_WRITE, "the device was reset"},
    {0x06, 0x2a, 0x00, "SSSSSSSB", FWUPD_ERROR_WRITE, "the device keeps raising unit attentions"},
    {0x06, 0x2a, 0x01, "SSSSSSSB", FWUPD_ERROR_WRITE, "the device keeps raising unit attentions"},
    {0x06, 0x2a, 0x09, "SSSSSSSB", FWUPD_ERROR_WRITE, "the device keeps raising unit attentions"},
    {0x06, 0x28, 0x00, "SSSSSSSB", FWUPD_ERROR_WRITE, "the device keeps raising unit attentions"},
    {0x06, 0x2f, 0x01, "SSSSSSSB", FWUPD_ERROR_WRITE, "the device keeps raising unit attentions"},

    /* not ready now */
    {0x02, 0x04, 0x01, "WWWWWWWB", FWUPD_ERROR_BUSY, "the device is not ready yet"},
    {0x02, 0x04, 0x07, "WWWWWWWB", FWUPD_ERROR_BUSY, "the device is not ready yet"},
    {0x02, 0x04, 0x09, "WWWWWWWB", FWUPD_ERROR_BUSY, "the device is not ready yet"},
    {0x02, 0x04, 0x1a, "WWWWWWWB", FWUPD_ERROR_BUSY, "the device is not ready yet"},
    {0x02, 0x04, 0x1c, "WWWWWWWB", FWUPD_ERROR_BUSY, "the device is not ready yet"},
    {0x02, 0x04, 0x1d, "WWWWWWWB", FWUPD_ERROR_BUSY, "the device is not ready yet"},
    {0x02, 0x04, 0x02, "T----CTB", FWUPD_ERROR_BUSY, "the device is stopped"},
    {0x02, 0x3a, 0x00, "-----C-B", FWUPD_ERROR_NEEDS_USER_ACTION, "the device has no medium"},
    {0x02, 0x04, 0x00, "-----W-B", FWUPD_ERROR_BUSY, "the device is not ready"},
    {0x02, 0x04, 0x03, "-----W-B", FWUPD_ERROR_BUSY, "the device is not ready"},

    /* not ready for a reason that is about firmware */
    {0x02,
     0x04,
     0x1e,
     "-----A-B",
     FWUPD_ERROR_BUSY,
     "the device waits for an earlier firmware to be activated"},
    {0x02, 0x04, 0x1f, "-RRR--RB", FWUPD_ERROR_BROKEN_SYSTEM, "the device has no usable firmware"},
    {0x02, 0x04, 0x20, "-----Q-B", FWUPD_ERROR_BUSY, "the device needs a reset"},
    {0x02, 0x04, 0x21, "-----Q-B", FWUPD_ERROR_BUSY, "the device needs a reset"},
    {0x02, 0x04, 0x22, "-----P-B", FWUPD_ERROR_BUSY, "the device needs a power cycle"},

    /* not for us */
    {0x02, 0x04, 0x1b, "-------B", FWUPD_ERROR_BUSY, "the device is erasing all its data"},
    {0x02, 0x04, 0x0a, "-----W-B", FWUPD_ERROR_BUSY, "the device cannot be used by this path now"},
    {0x02, 0x04, 0x0b, "-----W-B", FWUPD_ERROR_BUSY, "the device cannot be used by this path now"},
    {0x02, 0x04, 0x0c, "-----W-B", FWUPD_ERROR_BUSY, "the device cannot be used by this path now"},

    /* refused */
    {0x05,
     0x20,
     0x00,
     "B----CBB",
     FWUPD_ERROR_NOT_SUPPORTED,
     "the device does not know the command"},
    {0x05,
     0x24,
     0x00,
     "B-----BB",
     FWUPD_ERROR_NOT_SUPPORTED,
     "the device refused the mode, buffer, offset or length"},
    {0x05, 0x26, 0x00, "-------B", FWUPD_ERROR_INVALID_FILE, "the device refused the image"},
    {0x05, 0x26, 0x01, "-------B", FWUPD_ERROR_INVALID_FILE, "the device refused the image"},
    {0x05, 0x26, 0x02, "-------B", FWUPD_ERROR_INVALID_FILE, "the device refused the image"},
    {0x05, 0x26, 0x80, "-------B", FWUPD_ERROR_INVALID_FILE, "the device refused the image"},
    {0x05, 0x26, 0x9f, "-------B", FWUPD_ERROR_INVALID_FILE, "the device refused the image"},
    {0x05, 0x1a, 0x00, "-------B", FWUPD_ERROR_NOT_SUPPORTED, "the device refused the length"},
    {0x05, 0x2c, 0x00, "RRRR--RB", FWUPD_ERROR_WRITE, "the device lost the thread of the download"},
    {0x05, 0x55, 0x03, "LWWWWWLB", FWUPD_ERROR_BUSY, "the device has no room for the command"},
    {0x05,
     0x55,
     0x0b,
     "WWWWWWWB",
     FWUPD_ERROR_BUSY,
     "the device has not enough power for the command"},
    {0x05,
     0x24,
     0x8d,
     "-------B",
     FWUPD_ERROR_NEEDS_USER_ACTION,
     "the device refused the command for a reason of its maker's own"},
    {0x05, 0x21, 0x04, "-------B", FWUPD_ERROR_NOT_SUPPORTED, "the device refused the command"},
    {0x05, 0x25, 0x00, "-------B", FWUPD_ERROR_NOT_SUPPORTED, "the device refused the command"},

    /* whatever the sense key */
    {0x0b,
     0x0b,
     0x12,
     "-------B",
     FWUPD_ERROR_SIGNATURE_INVALID,
     "the device refused the image's signature"},
    {0x0b,
     0x0b,
     0x13,
     "-------B",
     FWUPD_ERROR_SIGNATURE_INVALID,
     "the device refused the image's signature"},
    {0x00,
     0x0b,
     0x13,
     "-------B",
     FWUPD_ERROR_SIGNATURE_INVALID,
     "the device refused the image's signature"},
    {0x01,
     0x0b,
     0x12,
     "-------B",
     FWUPD_ERROR_SIGNATURE_INVALID,
     "the device refused the image's signature"},
    {0x04,
     0x0b,
     0x13,
     "-------B",
     FWUPD_ERROR_SIGNATURE_INVALID,
     "the device refused the image's signature"},
    {0x05,
     0x0b,
     0x13,
     "-------B",
     FWUPD_ERROR_SIGNATURE_INVALID,
     "the device refused the image's signature"},
    {0x06,
     0x0b,
     0x12,
     "-------B",
     FWUPD_ERROR_SIGNATURE_INVALID,
     "the device refused the image's signature"},

    /* failed */
    {0x04, 0x44, 0x00, "--------", FWUPD_ERROR_WRITE, "the device failed"},
    {0x04, 0x3e, 0x00, "--------", FWUPD_ERROR_WRITE, "the device failed"},
    {0x04, 0x3e, 0x03, "--------", FWUPD_ERROR_WRITE, "the device failed"},
    {0x04, 0x40, 0x80, "--------", FWUPD_ERROR_WRITE, "the device failed"},
    {0x04,
     0x3f,
     0x80,
     "--------",
     FWUPD_ERROR_WRITE,
     "the device failed in a way of its maker's own"},
    {0x04,
     0x3f,
     0x82,
     "--------",
     FWUPD_ERROR_WRITE,
     "the device failed in a way of its maker's own"},
    {0x04,
     0x3f,
     0x86,
     "--------",
     FWUPD_ERROR_WRITE,
     "the device failed in a way of its maker's own"},
    {0x03, 0x11, 0x00, "--------", FWUPD_ERROR_WRITE, "the device failed"},
    {0x07, 0x27, 0x00, "-------B", FWUPD_ERROR_PERMISSION_DENIED, "the device is locked"},

    /* damaged, given up, or beyond understanding */
    {0x0b, 0x47, 0x00, "-----W--", FWUPD_ERROR_WRITE, "the device received damaged data"},
    {0x0b, 0x47, 0x03, "-----W--", FWUPD_ERROR_WRITE, "the device received damaged data"},
    {0x0b, 0x48, 0x00, "-----W--", FWUPD_ERROR_WRITE, "the device received damaged data"},
    {0x0b, 0x4b, 0x02, "-----W--", FWUPD_ERROR_WRITE, "the device received damaged data"},
    {0x0b, 0x00, 0x00, "-----W-B", FWUPD_ERROR_WRITE, "the device gave up the command"},
    {0x0b,
     0x3f,
     0x0f,
     "-------S",
     FWUPD_ERROR_BUSY,
     "another host keeps writing to the device's echo buffer"},
    {0x05,
     0x3f,
     0x0f,
     "-------S",
     FWUPD_ERROR_BUSY,
     "another host keeps writing to the device's echo buffer"},
    {0x08, 0x00, 0x00, "-----W-B", FWUPD_ERROR_WRITE, "the device failed in an unusual way"},
    {0x0f, 0xff, 0xff, "-----W-B", FWUPD_ERROR_WRITE, "the device failed in an unusual way"},
};

/* SPC-4 (INCITS 513): response codes 70h and 72h are of this command, 71h and 73h of an earlier
 * one */
static FuScsiWbVerdict *
fu_test_scsi_wb_judgement_new(const FuScsiWbJudgementRow *row, guint8 response_code)
{
	FuScsiWbResult result;
	FuScsiWbUnitFormat format = response_code <= 0x71 ? FU_SCSI_WB_UNIT_FORMAT_FIXED
							  : FU_SCSI_WB_UNIT_FORMAT_DESCRIPTOR;
	g_autofree gchar *name = g_strdup_printf("%02X/%02X/%02X, response code %02x",
						 row->key,
						 row->asc,
						 row->ascq,
						 response_code);

	fu_scsi_wb_unit_row(name);
	fu_scsi_wb_unit_result_sense(&result, format, row->key, row->asc, row->ascq);
	result.sense[0] = response_code;
	return fu_scsi_wb_sense_judge(&result);
}

static void
fu_test_scsi_wb_judgement_check_actions(FuScsiWbClass klass, const gchar *want)
{
	gchar found[G_N_ELEMENTS(places) + 1] = {0};

	for (guint i = 0; i < G_N_ELEMENTS(places); i++)
		found[i] =
		    fu_scsi_wb_unit_action_to_letter(fu_scsi_wb_policy_next(klass, places[i]));
	g_assert_cmpstr(found, ==, want);
}

/* who, and in what words with the numbers that can be looked up; the words are tested elsewhere */
static void
fu_test_scsi_wb_judgement_check_error(const FuScsiWbJudgementRow *row,
				      const FuScsiWbVerdict *verdict)
{
	g_autofree gchar *want = g_strdup_printf("%s (%s): ", row->who, verdict->words);
	g_autofree gchar *numbers =
	    g_strdup_printf(", %02X/%02X/%02X", row->key, row->asc, row->ascq);
	g_autoptr(GError) error = NULL;

	fu_scsi_wb_error_set_at(verdict, FU_SCSI_WB_PLACE_MIDDLE, &error);
	g_assert_error(error, FWUPD_ERROR, (gint)row->code);
	g_assert_true(g_str_has_prefix(error->message, want));
	g_assert_cmpuint(strlen(error->message), >, strlen(want));
	g_assert_true(g_str_has_suffix(verdict->words, numbers));
}

static void
fu_test_scsi_wb_judgement_current_func(void)
{
	const guint8 response_codes[] = {0x70, 0x72};

	for (guint i = 0; i < G_N_ELEMENTS(rows) * G_N_ELEMENTS(response_codes); i++) {
		const FuScsiWbJudgementRow *row = &rows[i / G_N_ELEMENTS(response_codes)];
		g_autoptr(FuScsiWbVerdict) verdict = NULL;

		verdict =
		    fu_test_scsi_wb_judgement_new(row,
						  response_codes[i % G_N_ELEMENTS(response_codes)]);
		fu_test_scsi_wb_judgement_check_actions(verdict->klass, row->actions);
		g_assert_cmpint(verdict->klass == FU_SCSI_WB_CLASS_ACCEPTED,
				==,
				row->code == FWUPD_ERROR_LAST);
		if (row->code != FWUPD_ERROR_LAST)
			fu_test_scsi_wb_judgement_check_error(row, verdict);
	}
}

/* whatever it is, it is not about this command; in the middle of a download it may be about an
 * earlier segment */
static void
fu_test_scsi_wb_judgement_deferred_func(void)
{
	const guint8 response_codes[] = {0x71, 0x73};

	for (guint i = 0; i < G_N_ELEMENTS(rows) * G_N_ELEMENTS(response_codes); i++) {
		const FuScsiWbJudgementRow *row = &rows[i / G_N_ELEMENTS(response_codes)];
		gboolean is_recovered = row->key <= 1;
		g_autoptr(FuScsiWbVerdict) verdict = NULL;

		verdict =
		    fu_test_scsi_wb_judgement_new(row,
						  response_codes[i % G_N_ELEMENTS(response_codes)]);
		g_assert_cmpstr(fu_scsi_wb_class_to_string(verdict->klass),
				==,
				is_recovered ? "deferred-recovered" : "deferred-error");
		fu_test_scsi_wb_judgement_check_actions(verdict->klass,
							is_recovered ? "SSSSSSSB" : "S----SSB");
		g_assert_true(g_str_has_suffix(verdict->words, " of an earlier command"));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/judgement/current", fu_test_scsi_wb_judgement_current_func);
	g_test_add_func("/scsi-wb/judgement/deferred", fu_test_scsi_wb_judgement_deferred_func);
	return g_test_run();
}
