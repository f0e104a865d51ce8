/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-sense.h"
#include "fu-scsi-wb-unit.h"

typedef struct {
	guint8 key;
	guint8 asc;
	guint8 ascq;
	FuScsiWbClass want;
	const gchar *words; /* of the additional sense code */
} FuScsiWbSenseTestRow;

#define IS(klass) FU_SCSI_WB_CLASS_##klass

/* SPC-4 (INCITS 513): sense key field */
static const gchar *key_names[] = {
    [0x0] = "No Sense",
    [0x1] = "Recovered Error",
    [0x2] = "Not Ready",
    [0x3] = "Medium Error",
    [0x4] = "Hardware Error",
    [0x5] = "Illegal Request",
    [0x6] = "Unit Attention",
    [0x7] = "Data Protect",
    [0x8] = "Blank Check",
    [0xb] = "Aborted Command",
    [0xf] = "Completed",
};

/* the words are those of sg3_utils 1.46, which has them from the T10 list of ASC/ASCQ assignments
 */
static void
fu_test_scsi_wb_sense_check_rows(const FuScsiWbSenseTestRow *rows, guint rows_len)
{
	const FuScsiWbUnitFormat formats[] = {
	    FU_SCSI_WB_UNIT_FORMAT_FIXED,
	    FU_SCSI_WB_UNIT_FORMAT_DESCRIPTOR,
	};
	for (guint i = 0; i < rows_len * G_N_ELEMENTS(formats); i++) {
		const FuScsiWbSenseTestRow *row = &rows[i / G_N_ELEMENTS(formats)];
		FuScsiWbResult result;
		g_autoptr(FuScsiWbVerdict) verdict = NULL;
		g_autofree gchar *words = g_strdup_printf("%s, %s, %02X/%02X/%02X",
							  key_names[row->key],
							  row->words,
							  row->key,
							  row->asc,
							  row->ascq);

		fu_scsi_wb_unit_row(words);
		fu_scsi_wb_unit_result_sense(&result,
					     formats[i % G_N_ELEMENTS(formats)],
					     row->key,
					     row->asc,
					     row->ascq);
		verdict = fu_scsi_wb_sense_judge(&result);
		g_assert_cmpstr(verdict->words, ==, words);
		g_assert_cmpstr(fu_scsi_wb_class_to_string(verdict->klass),
				==,
				fu_scsi_wb_class_to_string(row->want));
		g_assert_cmphex(verdict->key, ==, row->key);
		g_assert_cmphex(verdict->asc, ==, row->asc);
		g_assert_cmphex(verdict->ascq, ==, row->ascq);
	}
}

static void
fu_test_scsi_wb_sense_class_accepted_func(void)
{
	const FuScsiWbSenseTestRow rows[] = {
	    {0x00, 0x00, 0x00, IS(ACCEPTED), "No additional sense information"},
	    {0x00, 0x00, 0x22, IS(ACCEPTED), "Deferred microcode is pending"},
	    {0x01, 0x17, 0x01, IS(ACCEPTED), "Recovered data with retries"},
	    {0x01, 0x00, 0x00, IS(ACCEPTED), "No additional sense information"},
	};
	fu_test_scsi_wb_sense_check_rows(rows, G_N_ELEMENTS(rows));
}

static void
fu_test_scsi_wb_sense_class_unit_attention_func(void)
{
	const FuScsiWbSenseTestRow rows[] = {
	    {0x06, 0x3f, 0x01, IS(UA_MICROCODE), "Microcode has been changed"},
	    {0x06, 0x3f, 0x16, IS(UA_MICROCODE), "Microcode has been changed without reset"},
	    {0x06, 0x3f, 0x03, IS(UA_INQUIRY), "Inquiry data has changed"},
	    {0x06, 0x29, 0x00, IS(UA_RESET), "Power on, reset, or bus device reset occurred"},
	    {0x06, 0x29, 0x01, IS(UA_RESET), "Power on occurred"},
	    {0x06, 0x29, 0x02, IS(UA_RESET), "SCSI bus reset occurred"},
	    {0x06, 0x29, 0x03, IS(UA_RESET), "Bus device reset function occurred"},
	    {0x06, 0x29, 0x04, IS(UA_RESET), "Device internal reset"},
	    {0x06, 0x29, 0x05, IS(UA_RESET), "Transceiver mode changed to single-ended"},
	    {0x06, 0x29, 0x06, IS(UA_RESET), "Transceiver mode changed to lvd"},
	    {0x06, 0x29, 0x07, IS(UA_RESET), "I_T nexus loss occurred"},
	    {0x06, 0x2a, 0x00, IS(UA_OTHER), "Parameters changed"},
	    {0x06, 0x2a, 0x01, IS(UA_OTHER), "Mode parameters changed"},
	    {0x06, 0x00, 0x00, IS(UA_RESET), "No additional sense information"},
	    {0x06, 0x28, 0x00, IS(UA_OTHER), "Not ready to ready change, medium may have changed"},
	};
	fu_test_scsi_wb_sense_check_rows(rows, G_N_ELEMENTS(rows));
}

static const FuScsiWbSenseTestRow sense_class_not_ready_rows[] = {
    {0x02, 0x04, 0x00, IS(NOT_READY), "Logical unit not ready, cause not reportable"},
    {0x02, 0x04, 0x01, IS(BECOMING_READY), "Logical unit is in process of becoming ready"},
    {0x02, 0x04, 0x02, IS(NEEDS_START), "Logical unit not ready, initializing command required"},
    {0x02, 0x04, 0x03, IS(NOT_READY), "Logical unit not ready, manual intervention required"},
    {0x02, 0x04, 0x07, IS(BECOMING_READY), "Logical unit not ready, operation in progress"},
    {0x02, 0x04, 0x09, IS(BECOMING_READY), "Logical unit not ready, self-test in progress"},
    {0x02,
     0x04,
     0x0a,
     IS(NOT_ACCESSIBLE),
     "Logical unit not accessible, asymmetric access state transition"},
    {0x02,
     0x04,
     0x0b,
     IS(NOT_ACCESSIBLE),
     "Logical unit not accessible, target port in standby state"},
    {0x02,
     0x04,
     0x0c,
     IS(NOT_ACCESSIBLE),
     "Logical unit not accessible, target port in unavailable state"},
    {0x02,
     0x04,
     0x1a,
     IS(BECOMING_READY),
     "Logical unit not ready, start stop unit command in progress"},
    {0x02, 0x04, 0x1b, IS(SANITIZING), "Logical unit not ready, sanitize in progress"},
    {0x02,
     0x04,
     0x1c,
     IS(BECOMING_READY),
     "Logical unit not ready, additional power use not yet granted"},
    {0x02, 0x04, 0x1d, IS(BECOMING_READY), "Logical unit not ready, configuration in progress"},
    {0x02,
     0x04,
     0x1e,
     IS(NEEDS_ACTIVATION),
     "Logical unit not ready, microcode activation required"},
    {0x02, 0x04, 0x1f, IS(NEEDS_IMAGE), "Logical unit not ready, microcode download required"},
    {0x02, 0x04, 0x20, IS(NEEDS_RESET), "Logical unit not ready, logical unit reset required"},
    {0x02, 0x04, 0x21, IS(NEEDS_RESET), "Logical unit not ready, hard reset required"},
    {0x02, 0x04, 0x22, IS(NEEDS_POWER_CYCLE), "Logical unit not ready, power cycle required"},
    {0x02, 0x3a, 0x00, IS(NO_MEDIUM), "Medium not present"},
    {0x02, 0x3a, 0x02, IS(NO_MEDIUM), "Medium not present - tray open"},
    {0x02, 0x00, 0x00, IS(NOT_READY), "No additional sense information"},
};

static void
fu_test_scsi_wb_sense_class_not_ready_func(void)
{
	fu_test_scsi_wb_sense_check_rows(sense_class_not_ready_rows,
					 G_N_ELEMENTS(sense_class_not_ready_rows));
}

static void
fu_test_scsi_wb_sense_class_illegal_request_func(void)
{
	const FuScsiWbSenseTestRow rows[] = {
	    {0x05, 0x20, 0x00, IS(OPCODE_UNSUPPORTED), "Invalid command operation code"},
	    {0x05, 0x24, 0x00, IS(CDB_FIELD), "Invalid field in cdb"},
	    {0x05,
	     0x24,
	     0x8d,
	     IS(VENDOR_REFUSED),
	     "ASC=24, vendor specific qualification ASCQ=8d (hex)"},
	    {0x05, 0x26, 0x00, IS(IMAGE_REFUSED), "Invalid field in parameter list"},
	    {0x05, 0x26, 0x01, IS(IMAGE_REFUSED), "Parameter not supported"},
	    {0x05, 0x26, 0x02, IS(IMAGE_REFUSED), "Parameter value invalid"},
	    {0x05,
	     0x26,
	     0x8a,
	     IS(IMAGE_REFUSED),
	     "ASC=26, vendor specific qualification ASCQ=8a (hex)"},
	    {0x05,
	     0x26,
	     0x90,
	     IS(IMAGE_REFUSED),
	     "ASC=26, vendor specific qualification ASCQ=90 (hex)"},
	    {0x05, 0x1a, 0x00, IS(PARAMETER_LENGTH), "Parameter list length error"},
	    {0x05, 0x2c, 0x00, IS(SEQUENCE), "Command sequence error"},
	    {0x05, 0x55, 0x03, IS(NO_RESOURCES), "Insufficient resources"},
	    {0x05, 0x55, 0x0b, IS(NO_POWER), "Insufficient power for operation"},
	    {0x05, 0x21, 0x04, IS(ILLEGAL_REQUEST), "Unaligned write command"},
	};
	fu_test_scsi_wb_sense_check_rows(rows, G_N_ELEMENTS(rows));
}

static void
fu_test_scsi_wb_sense_class_fatal_func(void)
{
	const FuScsiWbSenseTestRow rows[] = {
	    {0x03, 0x11, 0x00, IS(INTERNAL), "Unrecovered read error"},
	    {0x04, 0x44, 0x00, IS(INTERNAL), "Internal target failure"},
	    {0x04, 0x3e, 0x00, IS(INTERNAL), "Logical unit has not self-configured yet"},
	    {0x04, 0x3e, 0x03, IS(INTERNAL), "Logical unit failed self-test"},
	    {0x04,
	     0x3f,
	     0x80,
	     IS(VENDOR_FAILED),
	     "ASC=3f, vendor specific qualification ASCQ=80 (hex)"},
	    {0x04,
	     0x3f,
	     0x86,
	     IS(VENDOR_FAILED),
	     "ASC=3f, vendor specific qualification ASCQ=86 (hex)"},
	    {0x04, 0x40, 0x80, IS(INTERNAL), "Diagnostic failure on component [0x80]"},
	    {0x07, 0x27, 0x00, IS(PROTECTED), "Write protected"},
	    {0x0b, 0x47, 0x00, IS(TRANSFER_FAILED), "SCSI parity error"},
	    {0x0b, 0x48, 0x00, IS(TRANSFER_FAILED), "Initiator detected error message received"},
	    {0x0b, 0x4b, 0x00, IS(TRANSFER_FAILED), "Data phase error"},
	    {0x0b, 0x3f, 0x0f, IS(ECHO_OVERWRITTEN), "Echo buffer overwritten"},
	    {0x05, 0x3f, 0x0f, IS(ECHO_OVERWRITTEN), "Echo buffer overwritten"},
	    {0x0b, 0x00, 0x00, IS(ABORTED), "No additional sense information"},
	    {0x08, 0x00, 0x00, IS(OTHER_SENSE), "No additional sense information"},
	    {0x0f, 0xff, 0xff, IS(OTHER_SENSE), "vendor specific ASC=ff, ASCQ=ff (hex)"},
	};
	fu_test_scsi_wb_sense_check_rows(rows, G_N_ELEMENTS(rows));
}

/* whatever the sense key, even one that means success elsewhere */
static void
fu_test_scsi_wb_sense_class_signature_func(void)
{
	for (guint8 key = 0; key < 16; key++) {
		for (guint8 ascq = 0x11; ascq <= 0x14; ascq++) {
			gboolean is_signature = ascq == 0x12 || ascq == 0x13;
			FuScsiWbResult result;
			g_autoptr(FuScsiWbVerdict) verdict = NULL;
			g_autofree gchar *name = g_strdup_printf("%02X/0B/%02X", key, ascq);

			fu_scsi_wb_unit_row(name);
			fu_scsi_wb_unit_result_sense(&result,
						     FU_SCSI_WB_UNIT_FORMAT_FIXED,
						     key,
						     0x0b,
						     ascq);
			verdict = fu_scsi_wb_sense_judge(&result);
			g_assert_cmpint(verdict->klass == FU_SCSI_WB_CLASS_SIGNATURE,
					==,
					is_signature);
			g_assert_nonnull(strstr(verdict->words, name));
		}
	}
}

/* every key has words, and only two mean success */
static void
fu_test_scsi_wb_sense_class_keys_func(void)
{
	for (guint8 key = 0; key < 16; key++) {
		FuScsiWbResult result;
		g_autoptr(FuScsiWbVerdict) verdict = NULL;
		g_autofree gchar *name = g_strdup_printf("key %x", key);

		fu_scsi_wb_unit_row(name);
		fu_scsi_wb_unit_result_sense(&result, FU_SCSI_WB_UNIT_FORMAT_FIXED, key, 0, 0);
		verdict = fu_scsi_wb_sense_judge(&result);
		g_assert_cmpint(verdict->klass == FU_SCSI_WB_CLASS_ACCEPTED, ==, key <= 1);
		g_assert_cmpuint(strlen(verdict->words), >, strlen(", , 00/00/00"));
	}
}

/* the borders of the classes, which the rows above do not show: key, ASC, first and last ASCQ;
 * what is in none of them is what its sense key says */
static const struct {
	guint8 key;
	guint8 asc;
	guint8 ascq_first;
	guint8 ascq_last;
	FuScsiWbClass want;
} sense_class_border_rows[] = {
    {0x02, 0x04, 0x01, 0x01, IS(BECOMING_READY)},
    {0x02, 0x04, 0x02, 0x02, IS(NEEDS_START)},
    {0x02, 0x04, 0x07, 0x07, IS(BECOMING_READY)},
    {0x02, 0x04, 0x09, 0x09, IS(BECOMING_READY)},
    {0x02, 0x04, 0x0a, 0x0c, IS(NOT_ACCESSIBLE)},
    {0x02, 0x04, 0x1a, 0x1a, IS(BECOMING_READY)},
    {0x02, 0x04, 0x1b, 0x1b, IS(SANITIZING)},
    {0x02, 0x04, 0x1c, 0x1d, IS(BECOMING_READY)},
    {0x02, 0x04, 0x1e, 0x1e, IS(NEEDS_ACTIVATION)},
    {0x02, 0x04, 0x1f, 0x1f, IS(NEEDS_IMAGE)},
    {0x02, 0x04, 0x20, 0x21, IS(NEEDS_RESET)},
    {0x02, 0x04, 0x22, 0x22, IS(NEEDS_POWER_CYCLE)},
    {0x02, 0x3a, 0x00, 0xff, IS(NO_MEDIUM)},
    {0x05, 0x1a, 0x00, 0x00, IS(PARAMETER_LENGTH)},
    {0x05, 0x20, 0x00, 0x00, IS(OPCODE_UNSUPPORTED)},
    {0x04, 0x3f, 0x80, 0xff, IS(VENDOR_FAILED)},
    {0x05, 0x24, 0x00, 0x00, IS(CDB_FIELD)},
    {0x05, 0x24, 0x80, 0xff, IS(VENDOR_REFUSED)},
    {0x05, 0x3f, 0x0f, 0x0f, IS(ECHO_OVERWRITTEN)},
    {0x05, 0x26, 0x00, 0xff, IS(IMAGE_REFUSED)},
    {0x05, 0x2c, 0x00, 0x00, IS(SEQUENCE)},
    {0x05, 0x55, 0x03, 0x03, IS(NO_RESOURCES)},
    {0x05, 0x55, 0x0b, 0x0b, IS(NO_POWER)},
    {0x06, 0x00, 0x00, 0xff, IS(UA_RESET)},
    {0x06, 0x29, 0x00, 0xff, IS(UA_RESET)},
    {0x06, 0x3f, 0x01, 0x01, IS(UA_MICROCODE)},
    {0x06, 0x3f, 0x03, 0x03, IS(UA_INQUIRY)},
    {0x06, 0x3f, 0x16, 0x16, IS(UA_MICROCODE)},
    {0x0b, 0x47, 0x00, 0xff, IS(TRANSFER_FAILED)},
    {0x0b, 0x3f, 0x0f, 0x0f, IS(ECHO_OVERWRITTEN)},
    {0x0b, 0x48, 0x00, 0xff, IS(TRANSFER_FAILED)},
    {0x0b, 0x4b, 0x00, 0xff, IS(TRANSFER_FAILED)},
};

static FuScsiWbClass
fu_test_scsi_wb_sense_get_want(guint8 key, guint8 asc, guint8 ascq)
{
	const FuScsiWbClass keys[16] = {
	    IS(ACCEPTED),
	    IS(ACCEPTED),
	    IS(NOT_READY),
	    IS(INTERNAL),
	    IS(INTERNAL),
	    IS(ILLEGAL_REQUEST),
	    IS(UA_OTHER),
	    IS(PROTECTED),
	    IS(OTHER_SENSE),
	    IS(OTHER_SENSE),
	    IS(OTHER_SENSE),
	    IS(ABORTED),
	    IS(OTHER_SENSE),
	    IS(OTHER_SENSE),
	    IS(OTHER_SENSE),
	    IS(OTHER_SENSE),
	};

	if (asc == 0x0b && (ascq == 0x12 || ascq == 0x13))
		return IS(SIGNATURE);
	for (guint i = 0; i < G_N_ELEMENTS(sense_class_border_rows); i++) {
		if (sense_class_border_rows[i].key == key &&
		    sense_class_border_rows[i].asc == asc &&
		    sense_class_border_rows[i].ascq_first <= ascq &&
		    sense_class_border_rows[i].ascq_last >= ascq)
			return sense_class_border_rows[i].want;
	}
	return keys[key];
}

static void
fu_test_scsi_wb_sense_class_borders_func(void)
{
	const guint8 ascs[] = {0x00, 0x03, 0x04, 0x05, 0x0b, 0x1a, 0x20, 0x24, 0x26, 0x29,
			       0x2a, 0x2c, 0x3a, 0x3f, 0x47, 0x48, 0x4b, 0x55, 0x80, 0xff};

	for (guint i = 0; i < 16 * G_N_ELEMENTS(ascs) * 256; i++) {
		guint8 key = i / 256 % 16;
		guint8 asc = ascs[i / 256 / 16];
		guint8 ascq = i % 256;
		FuScsiWbResult result;
		g_autoptr(FuScsiWbVerdict) verdict = NULL;

		fu_scsi_wb_unit_result_sense(&result,
					     FU_SCSI_WB_UNIT_FORMAT_DESCRIPTOR,
					     key,
					     asc,
					     ascq);
		verdict = fu_scsi_wb_sense_judge(&result);
		if (verdict->klass != fu_test_scsi_wb_sense_get_want(key, asc, ascq))
			g_error("%s is %s",
				verdict->words,
				fu_scsi_wb_class_to_string(verdict->klass));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/sense/class/accepted", fu_test_scsi_wb_sense_class_accepted_func);
	g_test_add_func("/scsi-wb/sense/class/unit-attention",
			fu_test_scsi_wb_sense_class_unit_attention_func);
	g_test_add_func("/scsi-wb/sense/class/not-ready",
			fu_test_scsi_wb_sense_class_not_ready_func);
	g_test_add_func("/scsi-wb/sense/class/illegal-request",
			fu_test_scsi_wb_sense_class_illegal_request_func);
	g_test_add_func("/scsi-wb/sense/class/fatal", fu_test_scsi_wb_sense_class_fatal_func);
	g_test_add_func("/scsi-wb/sense/class/signature",
			fu_test_scsi_wb_sense_class_signature_func);
	g_test_add_func("/scsi-wb/sense/class/borders", fu_test_scsi_wb_sense_class_borders_func);
	g_test_add_func("/scsi-wb/sense/class/keys", fu_test_scsi_wb_sense_class_keys_func);
	return g_test_run();
}
