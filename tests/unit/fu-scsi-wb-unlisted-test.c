/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-unit.h"
#include "fu-scsi-wb-unlisted.h"

/* devices that no quirk row names: which may be asked at all, and what counts as proof */

#define VPD  "VPD page 86h"
#define RSOC "REPORT SUPPORTED OPERATION CODES"

#define M05 (1u << 0x05)
#define M07 (1u << 0x07)
#define M0E (1u << 0x0e)
#define M0F (1u << 0x0f)
#define ALL (M05 | M07 | M0E | M0F)

#define NAMELESS(why) "no quirk row with ScsiWbMode names ACME ROCKET" why
#define NO_MODE(who)                                                                               \
	"the device has none of the modes 0x0e, 0x07 and 0x05 (" who "): its firmware cannot be "  \
	"updated this way"

static void
fu_test_scsi_wb_unlisted_allowed_func(void)
{
	const struct {
		const gchar *name;
		FuScsiWbPeripheralType type;
		const gchar *serial;
		const gchar *wwid;
		gboolean is_allowed;
		const gchar *message;
	} rows[] = {
	    {"default", 0x00, "1", "naa.1", FALSE, NAMELESS("")},
	    {"disk", 0x00, "1", "naa.1", TRUE, NULL},
	    {"tape drive, serial number only", 0x01, "1", NULL, TRUE, NULL},
	    {"optical drive, unique name only", 0x05, NULL, "naa.1", TRUE, NULL},
	    {"tape library", 0x08, "1", NULL, TRUE, NULL},
	    {"enclosure", 0x0d, NULL, "naa.1", TRUE, NULL},
	    {"zoned disk", 0x14, NULL, "naa.1", TRUE, NULL},
	    {"nobody",
	     0x00,
	     NULL,
	     NULL,
	     TRUE,
	     NAMELESS(", and it has neither a serial number nor a unique name")},
	    {"scanner",
	     0x06,
	     "1",
	     "naa.1",
	     TRUE,
	     NAMELESS(", and devices of its type are not asked")},
	    {"processor",
	     0x03,
	     "1",
	     "naa.1",
	     TRUE,
	     NAMELESS(", and devices of its type are not asked")},
	    {"unknown",
	     0x1f,
	     "1",
	     "naa.1",
	     TRUE,
	     NAMELESS(", and devices of its type are not asked")},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		const FuScsiWbIdentity identity = {
		    .type = rows[i].type,
		    .vendor = (gchar *)"ACME",
		    .product = (gchar *)"ROCKET",
		    .serial = (gchar *)rows[i].serial,
		    .wwid = (gchar *)rows[i].wwid,
		};
		gboolean ret;
		g_autoptr(GError) error = NULL;

		fu_scsi_wb_unit_row(rows[i].name);
		ret = fu_scsi_wb_unlisted_check_allowed(&identity, rows[i].is_allowed, &error);
		g_assert_cmpint(ret, ==, rows[i].message == NULL);
		if (rows[i].message == NULL) {
			g_assert_no_error(error);
			continue;
		}
		fu_scsi_wb_unit_assert_error(error, FWUPD_ERROR_NOT_SUPPORTED, rows[i].message);
	}
}

static void
fu_test_scsi_wb_unlisted_proof_func(void)
{
	const struct {
		const gchar *name;
		FuScsiWbCaps caps;
		const gchar *text;
		const gchar *message;
	} rows[] = {
	    {"page, everything",
	     {.modes_known = ALL, .modes = ALL, .modes_source = VPD},
	     .text = "SCSI disk that no quirk row names: it says that it has MODE 0x0e, 0x07, 0x05 "
		     "(" VPD ")"},
	    {"page, 07h",
	     {.modes_known = ALL, .modes = M07, .modes_source = VPD},
	     .text = "SCSI disk that no quirk row names: it says that it has MODE 0x07 (" VPD ")"},
	    {"opcodes, 05h",
	     {.modes_known = ALL, .modes = M05, .modes_source = RSOC},
	     .text = "SCSI disk that no quirk row names: it says that it has MODE 0x05 (" RSOC ")"},
	    {"opcodes, one mode spoken of",
	     {.modes_known = M07, .modes = M07, .modes_source = RSOC},
	     .text = "SCSI disk that no quirk row names: it says that it has MODE 0x07 (" RSOC ")"},
	    {"0Eh, and power on activates",
	     {.modes_known = ALL, .modes = M0E, .modes_source = VPD, .events = 4},
	     .text = "SCSI disk that no quirk row names: it says that it has MODE 0x0e (" VPD ")"},
	    {"says nothing", {0}, .message = NO_MODE("it says nothing")},
	    {"0Eh, and nothing activates",
	     {.modes_known = M0E, .modes = M0E, .modes_source = RSOC},
	     .message = NO_MODE(RSOC)},
	    {"only the activation",
	     {.modes_known = M0F, .modes = M0F, .modes_source = RSOC},
	     .message = NO_MODE(RSOC)},
	    {"only denials",
	     {.modes_known = ALL, .modes = 0, .modes_source = VPD},
	     .message = NO_MODE(VPD)},
	    {"guesses",
	     {.modes_known = M05 | M07,
	      .modes = M05 | M07,
	      .modes_guessed = M05 | M07,
	      .modes_source = RSOC},
	     .message = NO_MODE(RSOC)},
	    {"a guess beside a proof",
	     {.modes_known = M05 | M07,
	      .modes = M05 | M07,
	      .modes_guessed = M05,
	      .modes_source = VPD},
	     .text = "SCSI disk that no quirk row names: it says that it has MODE 0x07 (" VPD ")"},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		FuScsiWbTraits traits;
		gboolean ret;
		g_autofree gchar *text = NULL;
		g_autoptr(GError) error = NULL;

		fu_scsi_wb_unit_row(rows[i].name);
		ret = fu_scsi_wb_unlisted_check_proof(&rows[i].caps, &traits, &error);
		g_assert_cmpint(ret, ==, rows[i].message == NULL);
		if (rows[i].message != NULL) {
			fu_scsi_wb_unit_assert_error(error,
						     FWUPD_ERROR_NOT_SUPPORTED,
						     rows[i].message);
			continue;
		}
		g_assert_no_error(error);
		text = fu_scsi_wb_unlisted_describe(&traits, "SCSI disk");
		g_assert_cmpstr(text, ==, rows[i].text);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/unlisted/allowed", fu_test_scsi_wb_unlisted_allowed_func);
	g_test_add_func("/scsi-wb/unlisted/proof", fu_test_scsi_wb_unlisted_proof_func);
	return g_test_run();
}
