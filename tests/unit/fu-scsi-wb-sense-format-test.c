/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-sense.h"
#include "fu-scsi-wb-unit.h"

#define ROUNDS 100000

#define BAD_FIELD "Illegal Request, Invalid field in cdb, 05/24/00"

static void
fu_test_scsi_wb_sense_set(FuScsiWbResult *result, const guint8 *sense, guint8 sense_bytes)
{
	fu_scsi_wb_unit_result_init(result, FU_SCSI_WB_STATUS_CHECK_CONDITION);
	memcpy(result->sense, sense, sense_bytes);
	result->sense_bytes = sense_bytes;
}

static const struct {
	const gchar *name;
	guint8 sense[18];
	guint8 sense_bytes;
	const gchar *want;
} sense_field_fixed_rows[] = {
    {"CDB byte",
     {0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x24, 0, 0, 0xc0, 0, 2},
     18,
     BAD_FIELD ", CDB byte 2"},
    {"CDB byte and bit",
     {0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x24, 0, 0, 0xcc, 0, 1},
     18,
     BAD_FIELD ", CDB byte 1 bit 4"},
    {"a bit that does not count",
     {0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x24, 0, 0, 0xc7, 0, 1},
     18,
     BAD_FIELD ", CDB byte 1"},
    {"parameter byte of two bytes",
     {0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x24, 0, 0, 0x80, 0x12, 0x34},
     18,
     BAD_FIELD ", parameter byte 4660"},
    {"parameter byte and bit",
     {0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x24, 0, 0, 0x89, 0, 3},
     18,
     BAD_FIELD ", parameter byte 3 bit 1"},
    {"a valid INFORMATION field",
     {0xf0, 0, 5, 1, 2, 3, 4, 10, 0, 0, 0, 0, 0x24, 0, 0, 0xc0, 0, 6},
     18,
     BAD_FIELD ", CDB byte 6"},
    {"not valid", {0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x24, 0, 0, 0x4f, 0, 2}, 18, BAD_FIELD},
    {"cut off", {0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x24, 0, 0, 0xc0, 0, 2}, 17, BAD_FIELD},
    {"behind the ADDITIONAL SENSE LENGTH",
     {0x70, 0, 5, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0x24, 0, 0, 0xc0, 0, 2},
     18,
     BAD_FIELD},
    {"one byte behind the ADDITIONAL SENSE LENGTH",
     {0x70, 0, 5, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0x24, 0, 0, 0xc0, 0, 2},
     18,
     BAD_FIELD},
};

/* SPC-4 (INCITS 513): sense key specific data for ILLEGAL REQUEST: SKSV 80h, C/D 40h, BPV 08h */
static void
fu_test_scsi_wb_sense_field_fixed_func(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(sense_field_fixed_rows); i++) {
		FuScsiWbResult result;
		g_autoptr(FuScsiWbVerdict) verdict = NULL;

		fu_scsi_wb_unit_row(sense_field_fixed_rows[i].name);
		fu_test_scsi_wb_sense_set(&result,
					  sense_field_fixed_rows[i].sense,
					  sense_field_fixed_rows[i].sense_bytes);
		verdict = fu_scsi_wb_sense_judge(&result);
		g_assert_cmpstr(verdict->words, ==, sense_field_fixed_rows[i].want);
		g_assert_cmpint(verdict->klass, ==, FU_SCSI_WB_CLASS_CDB_FIELD);
	}
}

/* what lies behind the end of the sense data is noise that looks like a field pointer */
static void
fu_test_scsi_wb_sense_field_descriptor_func(void)
{
	const struct {
		const gchar *name;
		guint8 sense[24];
		guint8 sense_bytes;
		const gchar *want;
	} rows[] = {
	    {"CDB byte",
	     {0x72, 5, 0x24, 0, 0, 0, 0, 8, 2, 6, 0, 0, 0xc0, 0, 2, 0},
	     16,
	     BAD_FIELD ", CDB byte 2"},
	    {"CDB byte and bit",
	     {0x72, 5, 0x24, 0, 0, 0, 0, 8, 2, 6, 0, 0, 0xcf, 0, 1, 0},
	     16,
	     BAD_FIELD ", CDB byte 1 bit 7"},
	    {"all that counts is there",
	     {0x72, 5, 0x24, 0, 0, 0, 0, 8, 2, 6, 0, 0, 0xc0, 0, 2, 0},
	     15,
	     BAD_FIELD ", CDB byte 2"},
	    {"parameter byte of two bytes",
	     {0x72, 5, 0x24, 0, 0, 0, 0, 8, 2, 6, 0, 0, 0x80, 0x12, 0x34, 0},
	     16,
	     BAD_FIELD ", parameter byte 4660"},
	    {"behind another descriptor",
	     {0x72, 5, 0x24, 0, 0, 0, 0, 12, 3, 2, 0, 0, 2, 6, 0, 0, 0xc0, 0, 3, 0},
	     20,
	     BAD_FIELD ", CDB byte 3"},
	    {"INFORMATION, where fixed format has the pointer",
	     {0x72, 5, 0x24, 0, 0, 0, 0, 12, 0, 10, 0x80, 0, 1, 2, 3, 0xc0, 0, 5, 0, 0},
	     20,
	     BAD_FIELD},
	    {"none", {0x72, 5, 0x24, 0, 0, 0, 0, 0}, 8, BAD_FIELD},
	    {"another", {0x72, 5, 0x24, 0, 0, 0, 0, 4, 3, 2, 0xc0, 0xc0}, 12, BAD_FIELD},
	    {"not valid", {0x72, 5, 0x24, 0, 0, 0, 0, 8, 2, 6, 0, 0, 0x4f, 0, 2, 0}, 16, BAD_FIELD},
	    {"too short", {0x72, 5, 0x24, 0, 0, 0, 0, 4, 2, 2, 0xc0, 0xc0, 0xc0}, 12, BAD_FIELD},
	    {"a byte too short",
	     {0x72, 5, 0x24, 0, 0, 0, 0, 8, 2, 5, 0, 0, 0xc0, 0, 2, 0},
	     16,
	     BAD_FIELD},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		FuScsiWbResult result;
		g_autoptr(FuScsiWbVerdict) verdict = NULL;

		fu_scsi_wb_unit_row(rows[i].name);
		fu_test_scsi_wb_sense_set(&result, rows[i].sense, rows[i].sense_bytes);
		verdict = fu_scsi_wb_sense_judge(&result);
		g_assert_cmpstr(verdict->words, ==, rows[i].want);
		g_assert_cmpint(verdict->klass, ==, FU_SCSI_WB_CLASS_CDB_FIELD);
	}
}

/* a descriptor that says more than there is: nothing is read behind the end */
static void
fu_test_scsi_wb_sense_field_cut_off_func(void)
{
	const guint8 sense[] = {0x72, 5, 0x24, 0, 0, 0, 0, 8, 2, 6, 0, 0, 0xc0, 0, 2, 0};

	for (guint8 sense_bytes = 8; sense_bytes < 15; sense_bytes++) {
		FuScsiWbResult result;
		g_autoptr(FuScsiWbVerdict) verdict = NULL;
		g_autofree gchar *name = g_strdup_printf("%u bytes", sense_bytes);

		fu_scsi_wb_unit_row(name);
		fu_test_scsi_wb_sense_set(&result, sense, sense_bytes);
		verdict = fu_scsi_wb_sense_judge(&result);
		g_assert_cmpstr(verdict->words, ==, BAD_FIELD);
	}
}

/* the same at the end of the sense buffer, where nothing more is */
static void
fu_test_scsi_wb_sense_field_buffer_end_func(void)
{
	for (guint8 at = FU_SCSI_WB_SENSE_BYTES_MAX - 6; at < FU_SCSI_WB_SENSE_BYTES_MAX; at++) {
		guint8 sense[FU_SCSI_WB_SENSE_BYTES_MAX] = {0x72, 5, 0x24, 0};
		FuScsiWbResult result;
		g_autoptr(FuScsiWbVerdict) verdict = NULL;
		g_autofree gchar *name = g_strdup_printf("descriptor at %u", at);

		fu_scsi_wb_unit_row(name);
		sense[7] = sizeof(sense) - 8;
		sense[8] = 0x80;
		sense[9] = at - 10;
		memset(sense + at, 0xff, sizeof(sense) - at);
		sense[at] = 0x02;
		fu_test_scsi_wb_sense_set(&result, sense, sizeof(sense));
		result.timeout_ms = G_MAXUINT;
		verdict = fu_scsi_wb_sense_judge(&result);
		g_assert_cmpstr(verdict->words, ==, BAD_FIELD);
	}
}

/* where the sense key is, it counts; where it is not, the command was not accepted */
static void
fu_test_scsi_wb_sense_truncated_func(void)
{
	const guint8 keys[] = {0x00, 0x01, 0x02, 0x04, 0x05, 0x06, 0x0b};

	for (guint i = 0; i < G_N_ELEMENTS(keys) * 19 * 2; i++) {
		guint8 key = keys[i % G_N_ELEMENTS(keys)];
		guint8 sense_bytes = i / G_N_ELEMENTS(keys) % 19;
		gboolean is_fixed = i / G_N_ELEMENTS(keys) / 19 == 0;
		gboolean has_key = sense_bytes > (is_fixed ? 2 : 1);
		FuScsiWbResult result;
		g_autoptr(FuScsiWbVerdict) verdict = NULL;
		g_autofree gchar *name = g_strdup_printf("%s, key %x, %u bytes",
							 is_fixed ? "fixed" : "descriptor",
							 key,
							 sense_bytes);

		fu_scsi_wb_unit_row(name);
		fu_scsi_wb_unit_result_sense(&result,
					     is_fixed ? FU_SCSI_WB_UNIT_FORMAT_FIXED
						      : FU_SCSI_WB_UNIT_FORMAT_DESCRIPTOR,
					     key,
					     0x00,
					     0x00);
		result.sense_bytes = sense_bytes;
		verdict = fu_scsi_wb_sense_judge(&result);
		g_assert_cmpint(verdict->klass == FU_SCSI_WB_CLASS_ACCEPTED,
				==,
				has_key && key <= 1);
		if (!has_key) {
			g_assert_cmpint(verdict->klass, ==, FU_SCSI_WB_CLASS_OTHER_SENSE);
			g_assert_cmpstr(verdict->words,
					==,
					"CHECK CONDITION without valid sense data");
		}
	}
}

/* what is left of an earlier command's error says nothing of this one either */
static void
fu_test_scsi_wb_sense_truncated_deferred_func(void)
{
	const guint8 sense[] = {0x71, 0x00, 0x01, 0, 0, 0, 0, 10};

	for (guint8 sense_bytes = 1; sense_bytes <= 3; sense_bytes++) {
		FuScsiWbResult result;
		g_autoptr(FuScsiWbVerdict) verdict = NULL;

		fu_test_scsi_wb_sense_set(&result, sense, sense_bytes);
		verdict = fu_scsi_wb_sense_judge(&result);
		g_assert_cmpint(verdict->klass,
				==,
				sense_bytes > 2 ? FU_SCSI_WB_CLASS_DEFERRED_RECOVERED
						: FU_SCSI_WB_CLASS_OTHER_SENSE);
	}
}

static void
fu_test_scsi_wb_sense_response_code_func(void)
{
	for (guint code = 0; code < 256; code++) {
		gboolean is_valid = (code & 0x7c) == 0x70;
		gboolean is_deferred = is_valid && (code & 0x01) > 0;
		guint8 sense[18] = {code, 0, 0, 0, 0, 0, 0, 10};
		FuScsiWbResult result;
		FuScsiWbClass want = FU_SCSI_WB_CLASS_OTHER_SENSE;
		g_autoptr(FuScsiWbVerdict) verdict = NULL;
		g_autofree gchar *name = g_strdup_printf("response code %02x", code);

		fu_scsi_wb_unit_row(name);
		if (is_deferred)
			want = FU_SCSI_WB_CLASS_DEFERRED_RECOVERED;
		else if (is_valid)
			want = FU_SCSI_WB_CLASS_ACCEPTED;
		fu_test_scsi_wb_sense_set(&result, sense, sizeof(sense));
		verdict = fu_scsi_wb_sense_judge(&result);
		g_assert_cmpint(verdict->klass, ==, want);
		g_assert_cmpint(g_str_has_suffix(verdict->words, " of an earlier command"),
				==,
				is_deferred);
	}
}

/* an error of an earlier command is not judged as one of this command, whatever it is */
static void
fu_test_scsi_wb_sense_deferred_func(void)
{
	const struct {
		const gchar *name;
		guint8 sense[18];
		const gchar *want;
		FuScsiWbClass klass;
	} rows[] = {
	    {"fixed",
	     {0x71, 0, 4, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x44},
	     "Hardware Error, Internal target failure, 04/44/00 of an earlier command",
	     FU_SCSI_WB_CLASS_DEFERRED_ERROR},
	    {"fixed, field",
	     {0x71, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x24, 0, 0, 0xc0, 0, 2},
	     BAD_FIELD ", CDB byte 2 of an earlier command",
	     FU_SCSI_WB_CLASS_DEFERRED_ERROR},
	    {"descriptor",
	     {0x73, 5, 0x26, 0},
	     "Illegal Request, Invalid field in parameter list, 05/26/00 of an earlier command",
	     FU_SCSI_WB_CLASS_DEFERRED_ERROR},
	    {"signature",
	     {0x73, 0x0b, 0x0b, 0x13},
	     "Aborted Command, Warning - microcode digital signature validation failure, "
	     "0B/0B/13 of an earlier command",
	     FU_SCSI_WB_CLASS_DEFERRED_ERROR},
	    {"recovered",
	     {0x73, 0x01, 0x00, 0x00},
	     "Recovered Error, No additional sense information, 01/00/00 of an earlier command",
	     FU_SCSI_WB_CLASS_DEFERRED_RECOVERED},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		FuScsiWbResult result;
		g_autoptr(FuScsiWbVerdict) verdict = NULL;

		fu_scsi_wb_unit_row(rows[i].name);
		fu_test_scsi_wb_sense_set(&result, rows[i].sense, sizeof(rows[i].sense));
		verdict = fu_scsi_wb_sense_judge(&result);
		g_assert_cmpint(verdict->klass, ==, rows[i].klass);
		g_assert_cmpstr(verdict->words, ==, rows[i].want);
	}
}

/* SPC-5 (INCITS 502): microcode activation sense data descriptor, time in bytes 6 and 7 */
static void
fu_test_scsi_wb_sense_activation_func(void)
{
	const struct {
		const gchar *name;
		guint8 sense[32];
		guint8 sense_bytes;
		guint want_s;
	} rows[] = {
	    {"with 04/1E", {0x72, 2, 0x04, 0x1e, 0, 0, 0, 8, 0x0f, 6, 0, 0, 0, 0, 0, 90}, 16, 90},
	    {"two bytes",
	     {0x72, 0, 0x00, 0x22, 0, 0, 0, 8, 0x0f, 6, 0, 0, 0, 0, 0x12, 0x34},
	     16,
	     4660},
	    {"behind another descriptor",
	     {0x72, 2, 4, 1, 0, 0, 0, 12, 3, 2, 0, 0, 0x0f, 6, 0, 0, 0, 0, 1, 0},
	     20,
	     256},
	    {"a second", {0x72, 2, 4, 1, 0, 0, 0, 8, 0x0f, 6, 0, 0, 0, 0, 0, 1}, 16, 1},
	    {"not given", {0x72, 2, 4, 1, 0, 0, 0, 8, 0x0f, 6}, 16, 0},
	    {"none", {0x72, 2, 4, 1}, 8, 0},
	    {"cut off", {0x72, 2, 4, 1, 0, 0, 0, 8, 0x0f, 6, 0, 0, 0, 0, 1, 0}, 15, 0},
	    {"too short", {0x72, 2, 4, 1, 0, 0, 0, 8, 0x0f, 4, 0, 0, 0, 0, 1, 0}, 16, 0},
	    {"a byte too short", {0x72, 2, 4, 1, 0, 0, 0, 8, 0x0f, 5, 0, 0, 0, 0, 1, 0}, 16, 0},
	    {"fixed format has none",
	     {0x70, 0, 2, 0, 0, 0, 0, 10, 0x0f, 6, 0, 0, 4, 1, 0, 90},
	     18,
	     0},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		FuScsiWbResult result;
		g_autoptr(FuScsiWbVerdict) verdict = NULL;
		g_autofree gchar *words =
		    g_strdup_printf(", activation takes %u s", rows[i].want_s);

		fu_scsi_wb_unit_row(rows[i].name);
		fu_test_scsi_wb_sense_set(&result, rows[i].sense, rows[i].sense_bytes);
		verdict = fu_scsi_wb_sense_judge(&result);
		g_assert_cmpuint(verdict->activation_s, ==, rows[i].want_s);
		g_assert_cmpint(g_str_has_suffix(verdict->words, words), ==, rows[i].want_s > 0);
	}
}

/* may this be called a success? Only if a current error has sense key 0 or 1 */
static gboolean
fu_test_scsi_wb_sense_may_accept(const FuScsiWbResult *result)
{
	if (result->sense_bytes > 2 && (result->sense[0] & 0x7f) == 0x70)
		return (result->sense[2] & 0x0f) <= 1;
	if (result->sense_bytes > 1 && (result->sense[0] & 0x7f) == 0x72)
		return (result->sense[1] & 0x0f) <= 1;
	return FALSE;
}

static void
fu_test_scsi_wb_sense_garbage_func(void)
{
	guint accepted = 0;
	g_autoptr(GRand) rand = g_rand_new_with_seed(0x5e5e);

	for (guint i = 0; i < ROUNDS; i++) {
		FuScsiWbResult result;
		g_autoptr(FuScsiWbVerdict) verdict = NULL;

		fu_scsi_wb_unit_result_init(&result, FU_SCSI_WB_STATUS_CHECK_CONDITION);
		for (guint j = 0; j < sizeof(result.sense); j += 4) {
			guint32 noise = g_rand_int(rand);
			memcpy(result.sense + j, &noise, sizeof(noise));
		}
		result.sense_bytes = g_rand_int_range(rand, 0, sizeof(result.sense) + 1);

		/* plain noise is seldom sense data, so most of it gets a good beginning */
		if (g_rand_int_range(rand, 0, 4) > 0)
			result.sense[0] = 0x70 | (result.sense[0] & 0x83);
		if (g_rand_int_range(rand, 0, 4) == 0)
			result.sense_bytes %= 20;
		verdict = fu_scsi_wb_sense_judge(&result);
		if (verdict->klass == FU_SCSI_WB_CLASS_ACCEPTED &&
		    !fu_test_scsi_wb_sense_may_accept(&result)) {
			g_autofree gchar *hex =
			    fu_scsi_wb_unit_hex(result.sense, result.sense_bytes);
			g_error("round %u: accepted %s", i, hex);
		}
		g_assert_cmpuint(verdict->klass, <, FU_SCSI_WB_CLASS_LAST);
		g_assert_true(g_utf8_validate(verdict->words, -1, NULL));
		accepted += verdict->klass == FU_SCSI_WB_CLASS_ACCEPTED ? 1 : 0;
	}

	/* the noise reaches the code behind the key */
	g_assert_cmpuint(accepted, >, ROUNDS / 100);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/sense/field/fixed", fu_test_scsi_wb_sense_field_fixed_func);
	g_test_add_func("/scsi-wb/sense/field/descriptor",
			fu_test_scsi_wb_sense_field_descriptor_func);
	g_test_add_func("/scsi-wb/sense/field/cut-off", fu_test_scsi_wb_sense_field_cut_off_func);
	g_test_add_func("/scsi-wb/sense/field/buffer-end",
			fu_test_scsi_wb_sense_field_buffer_end_func);
	g_test_add_func("/scsi-wb/sense/truncated", fu_test_scsi_wb_sense_truncated_func);
	g_test_add_func("/scsi-wb/sense/truncated-deferred",
			fu_test_scsi_wb_sense_truncated_deferred_func);
	g_test_add_func("/scsi-wb/sense/response-code", fu_test_scsi_wb_sense_response_code_func);
	g_test_add_func("/scsi-wb/sense/deferred", fu_test_scsi_wb_sense_deferred_func);
	g_test_add_func("/scsi-wb/sense/activation", fu_test_scsi_wb_sense_activation_func);
	g_test_add_func("/scsi-wb/sense/garbage", fu_test_scsi_wb_sense_garbage_func);
	return g_test_run();
}
