/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-profile.h"
#include "fu-scsi-wb-unit.h"

#define MEMBER(name) G_STRUCT_OFFSET(FuScsiWbProfile, name)

/* what a bad value is told, by key */
#define BAD_MODE      "is not one of auto, 0x04, 0x05, 0x06, 0x07, 0x0d, 0x0e"
#define BAD_MODE_LAST "is not one of 0x04, 0x05, 0x06, 0x07, 0x0d, 0x0e"
#define BAD_SPECIFIC  "is not a number from 0 to 7"
#define BAD_ID	      "is not a number from 0 to 255"
#define BAD_LENGTH    "is not a number from 1 to 16777215"
#define BAD_TIMEOUT   "is not a number from 1 to 86400"
#define BAD_READINESS "is not one of ready, not-ready, any"

static const struct {
	const gchar *key;
	const gchar *value;
	gsize member;
	guint32 want;
} profile_key_good_rows[] = {
    {"ScsiWbMode", "auto", MEMBER(mode), 0x00},
    {"ScsiWbMode", "0x04", MEMBER(mode), 0x04},
    {"ScsiWbMode", "0x05", MEMBER(mode), 0x05},
    {"ScsiWbMode", "0x06", MEMBER(mode), 0x06},
    {"ScsiWbMode", "0x07", MEMBER(mode), 0x07},
    {"ScsiWbMode", "0x0d", MEMBER(mode), 0x0d},
    {"ScsiWbMode", "0x0e", MEMBER(mode), 0x0e},
    {"ScsiWbMode", "0xE", MEMBER(mode), 0x0e},
    {"ScsiWbMode", "7", MEMBER(mode), 0x07},
    {"ScsiWbMode", "14", MEMBER(mode), 0x0e},
    {"ScsiWbModeLast", "0x04", MEMBER(mode_last), 0x04},
    {"ScsiWbModeLast", "0x05", MEMBER(mode_last), 0x05},
    {"ScsiWbModeLast", "0x06", MEMBER(mode_last), 0x06},
    {"ScsiWbModeLast", "0x07", MEMBER(mode_last), 0x07},
    {"ScsiWbModeLast", "0x0d", MEMBER(mode_last), 0x0d},
    {"ScsiWbModeLast", "0x0e", MEMBER(mode_last), 0x0e},
    {"ScsiWbModeLast", "13", MEMBER(mode_last), 0x0d},
    {"ScsiWbModeSpecific", "0", MEMBER(mode_specific), 0},
    {"ScsiWbModeSpecific", "7", MEMBER(mode_specific), 7},
    {"ScsiWbModeSpecific", "0x4", MEMBER(mode_specific), 4},
    {"ScsiWbChunkSize", "1", MEMBER(chunk_bytes), 1},
    {"ScsiWbChunkSize", "32768", MEMBER(chunk_bytes), 32768},
    {"ScsiWbChunkSize", "0x2030", MEMBER(chunk_bytes), 8240},
    {"ScsiWbChunkSize", "16777215", MEMBER(chunk_bytes), 0xffffff},
    {"ScsiWbChunkSize", "0xffffff", MEMBER(chunk_bytes), 0xffffff},
    {"ScsiWbChunkAlign", "1", MEMBER(align_bytes), 1},
    {"ScsiWbChunkAlign", "0x1000", MEMBER(align_bytes), 4096},
    {"ScsiWbChunkAlign", "16777215", MEMBER(align_bytes), 0xffffff},
    {"ScsiWbBufferId", "0", MEMBER(buffer_id), 0},
    {"ScsiWbBufferId", "0xfa", MEMBER(buffer_id), 0xfa},
    {"ScsiWbBufferId", "255", MEMBER(buffer_id), 0xff},
    {"ScsiWbOffsetUnit", "1", MEMBER(offset_unit_bytes), 1},
    {"ScsiWbOffsetUnit", "0x100000", MEMBER(offset_unit_bytes), 1048576},
    {"ScsiWbOffsetUnit", "16777215", MEMBER(offset_unit_bytes), 0xffffff},
    {"ScsiWbTimeout", "1", MEMBER(timeout_s), 1},
    {"ScsiWbTimeout", "86400", MEMBER(timeout_s), 86400},
    {"ScsiWbTimeout", "0x3c", MEMBER(timeout_s), 60},
    {"ScsiWbTimeoutLast", "1", MEMBER(timeout_last_s), 1},
    {"ScsiWbTimeoutLast", "86400", MEMBER(timeout_last_s), 86400},
    {"ScsiWbVersionPage", "0", MEMBER(version_page), 0},
    {"ScsiWbVersionPage", "0xff", MEMBER(version_page), 0xff},
    {"ScsiWbVersionOffset", "4", MEMBER(version_offset), 4},
    {"ScsiWbVersionOffset", "251", MEMBER(version_offset), 251},
    {"ScsiWbVersionSize", "1", MEMBER(version_bytes), 1},
    {"ScsiWbVersionSize", "64", MEMBER(version_bytes), 64},
    {"ScsiWbReadiness", "any", MEMBER(readiness), FU_SCSI_WB_READINESS_ANY},
    {"ScsiWbReadiness", "ready", MEMBER(readiness), FU_SCSI_WB_READINESS_READY},
    {"ScsiWbReadiness", "not-ready", MEMBER(readiness), FU_SCSI_WB_READINESS_NOT_READY},
};

static void
fu_test_scsi_wb_profile_key_good_func(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(profile_key_good_rows); i++) {
		FuScsiWbProfile profile;
		FuScsiWbProfile want;
		const gchar *key;
		gboolean ret;
		g_autoptr(GError) error = NULL;
		g_autofree gchar *name = g_strdup_printf("%s = %s",
							 profile_key_good_rows[i].key,
							 profile_key_good_rows[i].value);

		fu_scsi_wb_unit_row(name);
		memset(&profile, FU_SCSI_WB_UNIT_FILL, sizeof(profile));
		memset(&want, FU_SCSI_WB_UNIT_FILL, sizeof(want));
		memcpy((guint8 *)&want + profile_key_good_rows[i].member,
		       &profile_key_good_rows[i].want,
		       sizeof(profile_key_good_rows[i].want));
		if (g_str_equal(profile_key_good_rows[i].key, "ScsiWbMode"))
			want.named = TRUE;
		for (guint j = 0; (key = fu_scsi_wb_profile_get_key(j)) != NULL; j++) {
			if (g_str_equal(profile_key_good_rows[i].key, key))
				want.keys |= 1u << j;
		}
		ret = fu_scsi_wb_profile_set_kv(&profile,
						profile_key_good_rows[i].key,
						profile_key_good_rows[i].value,
						&error);
		g_assert_no_error(error);
		g_assert_true(ret);
		g_assert_cmpmem(&profile, sizeof(profile), &want, sizeof(want));
	}
}

typedef struct {
	const gchar *key;
	const gchar *value;
	const gchar *reason;
} FuScsiWbProfileTestBad;

/* a bad value changes nothing, but that a bad mode still names the device */
static void
fu_test_scsi_wb_profile_check_bad(const FuScsiWbProfileTestBad *rows, guint rows_len)
{
	for (guint i = 0; i < rows_len; i++) {
		FuScsiWbProfile profile;
		FuScsiWbProfile want;
		gboolean ret;
		g_autoptr(GError) error = NULL;
		g_autofree gchar *message = g_strdup_printf("quirk key %s = %s: %s",
							    rows[i].key,
							    rows[i].value,
							    rows[i].reason);

		fu_scsi_wb_unit_row(message);
		memset(&profile, FU_SCSI_WB_UNIT_FILL, sizeof(profile));
		memset(&want, FU_SCSI_WB_UNIT_FILL, sizeof(want));
		if (g_str_equal(rows[i].key, "ScsiWbMode"))
			want.named = TRUE;
		ret = fu_scsi_wb_profile_set_kv(&profile, rows[i].key, rows[i].value, &error);
		fu_scsi_wb_unit_assert_error(error, FWUPD_ERROR_INVALID_DATA, message);
		g_assert_false(ret);
		g_assert_cmpmem(&profile, sizeof(profile), &want, sizeof(want));
	}
}

static void
fu_test_scsi_wb_profile_mode_bad_func(void)
{
	const FuScsiWbProfileTestBad rows[] = {
	    {"ScsiWbMode", "", BAD_MODE},
	    {"ScsiWbMode", "0", BAD_MODE},
	    {"ScsiWbMode", "0x", BAD_MODE},
	    {"ScsiWbMode", "0x0x07", BAD_MODE},
	    {"ScsiWbMode", "0x03", BAD_MODE},
	    {"ScsiWbMode", "0x08", BAD_MODE},
	    {"ScsiWbMode", "0x09", BAD_MODE},
	    {"ScsiWbMode", "0x0c", BAD_MODE},
	    {"ScsiWbMode", "0x0f", BAD_MODE},
	    {"ScsiWbMode", "0x104", BAD_MODE},
	    {"ScsiWbMode", "0x100000004", BAD_MODE},
	    {"ScsiWbMode", "-1", BAD_MODE},
	    {"ScsiWbMode", "Auto", BAD_MODE},
	    {"ScsiWbMode", "auto ", BAD_MODE},
	    {"ScsiWbMode", "0e", BAD_MODE},
	    {"ScsiWbMode", "0x07 0x0e", BAD_MODE},
	    {"ScsiWbModeLast", "", BAD_MODE_LAST},
	    {"ScsiWbModeLast", "auto", BAD_MODE_LAST},
	    {"ScsiWbModeLast", "0x00", BAD_MODE_LAST},
	    {"ScsiWbModeLast", "0x03", BAD_MODE_LAST},
	    {"ScsiWbModeLast", "0x0f", BAD_MODE_LAST},
	    {"ScsiWbModeLast", "save", BAD_MODE_LAST},
	};
	fu_test_scsi_wb_profile_check_bad(rows, G_N_ELEMENTS(rows));
}

static void
fu_test_scsi_wb_profile_number_bad_func(void)
{
	const FuScsiWbProfileTestBad rows[] = {
	    {"ScsiWbModeSpecific", "8", BAD_SPECIFIC},
	    {"ScsiWbModeSpecific", "-1", BAD_SPECIFIC},
	    {"ScsiWbModeSpecific", "one", BAD_SPECIFIC},
	    {"ScsiWbChunkSize", "", BAD_LENGTH},
	    {"ScsiWbChunkSize", "0", BAD_LENGTH},
	    {"ScsiWbChunkSize", "0x", BAD_LENGTH},
	    {"ScsiWbChunkSize", "0x0x10", BAD_LENGTH},
	    {"ScsiWbChunkSize", "0x1000000", BAD_LENGTH},
	    {"ScsiWbChunkSize", "16777216", BAD_LENGTH},
	    {"ScsiWbChunkSize", "4294967297", BAD_LENGTH},
	    {"ScsiWbChunkSize", "99999999999999999999", BAD_LENGTH},
	    {"ScsiWbChunkSize", "32k", BAD_LENGTH},
	    {"ScsiWbChunkSize", "%s%n", BAD_LENGTH},
	    {"ScsiWbChunkAlign", "", BAD_LENGTH},
	    {"ScsiWbChunkAlign", "0", BAD_LENGTH},
	    {"ScsiWbChunkAlign", "16777216", BAD_LENGTH},
	    {"ScsiWbChunkAlign", "even", BAD_LENGTH},
	    {"ScsiWbBufferId", "256", BAD_ID},
	    {"ScsiWbBufferId", "0x100", BAD_ID},
	    {"ScsiWbBufferId", "fa", BAD_ID},
	    {"ScsiWbOffsetUnit", "", BAD_LENGTH},
	    {"ScsiWbOffsetUnit", "0", BAD_LENGTH},
	    {"ScsiWbOffsetUnit", "16777216", BAD_LENGTH},
	    {"ScsiWbOffsetUnit", "1 MiB", BAD_LENGTH},
	    {"ScsiWbTimeout", "", BAD_TIMEOUT},
	    {"ScsiWbTimeout", "0", BAD_TIMEOUT},
	    {"ScsiWbTimeout", "86401", BAD_TIMEOUT},
	    {"ScsiWbTimeout", "5.5", BAD_TIMEOUT},
	    {"ScsiWbTimeoutLast", "", BAD_TIMEOUT},
	    {"ScsiWbTimeoutLast", "0", BAD_TIMEOUT},
	    {"ScsiWbTimeoutLast", "86401", BAD_TIMEOUT},
	    {"ScsiWbTimeoutLast", "60s", BAD_TIMEOUT},
	    {"ScsiWbVersionPage", "256", BAD_ID},
	    {"ScsiWbVersionPage", "c0h", BAD_ID},
	    {"ScsiWbVersionOffset", "3", "is not a number from 4 to 251"},
	    {"ScsiWbVersionOffset", "252", "is not a number from 4 to 251"},
	    {"ScsiWbVersionSize", "0", "is not a number from 1 to 64"},
	    {"ScsiWbVersionSize", "65", "is not a number from 1 to 64"},
	};
	fu_test_scsi_wb_profile_check_bad(rows, G_N_ELEMENTS(rows));
}

/* text without a digit is no zero */
static void
fu_test_scsi_wb_profile_number_empty_func(void)
{
	const FuScsiWbProfileTestBad rows[] = {
	    {"ScsiWbModeSpecific", "", BAD_SPECIFIC},
	    {"ScsiWbModeSpecific", "0x", BAD_SPECIFIC},
	    {"ScsiWbBufferId", "", BAD_ID},
	    {"ScsiWbBufferId", "0x", BAD_ID},
	};
	fu_test_scsi_wb_profile_check_bad(rows, G_N_ELEMENTS(rows));
}

/* a minus sign does not turn a number into a large one, and that into a small one */
static void
fu_test_scsi_wb_profile_number_negative_func(void)
{
	const FuScsiWbProfileTestBad rows[] = {
	    {"ScsiWbChunkSize", "-1", BAD_LENGTH},
	    {"ScsiWbChunkSize", "-18446744073709518848", BAD_LENGTH},
	    {"ScsiWbMode", "-18446744073709551609", BAD_MODE},
	};
	fu_test_scsi_wb_profile_check_bad(rows, G_N_ELEMENTS(rows));
}

static void
fu_test_scsi_wb_profile_readiness_bad_func(void)
{
	const FuScsiWbProfileTestBad rows[] = {
	    {"ScsiWbReadiness", "", BAD_READINESS},
	    {"ScsiWbReadiness", "unknown", BAD_READINESS},
	    {"ScsiWbReadiness", "READY", BAD_READINESS},
	    {"ScsiWbReadiness", "ready ", BAD_READINESS},
	    {"ScsiWbReadiness", "2", BAD_READINESS},
	};
	fu_test_scsi_wb_profile_check_bad(rows, G_N_ELEMENTS(rows));
}

static void
fu_test_scsi_wb_profile_key_unknown_func(void)
{
	const gchar *keys[] = {"", "scsiwbmode", "ScsiWbMode ", "ScsiWbModes", "ScsiWb", "Flags"};

	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		FuScsiWbProfile profile;
		FuScsiWbProfile want;
		gboolean ret;
		g_autoptr(GError) error = NULL;
		g_autofree gchar *message = g_strdup_printf("quirk key %s not supported", keys[i]);

		fu_scsi_wb_unit_row(message);
		memset(&profile, FU_SCSI_WB_UNIT_FILL, sizeof(profile));
		memset(&want, FU_SCSI_WB_UNIT_FILL, sizeof(want));
		ret = fu_scsi_wb_profile_set_kv(&profile, keys[i], "0x07", &error);
		fu_scsi_wb_unit_assert_error(error, FWUPD_ERROR_NOT_SUPPORTED, message);
		g_assert_false(ret);
		g_assert_cmpmem(&profile, sizeof(profile), &want, sizeof(want));
	}
}

/* 0 is a number that a row may give */
static void
fu_test_scsi_wb_profile_key_given_func(void)
{
	FuScsiWbProfile profile = {0};
	gboolean ret;
	g_autoptr(GError) error = NULL;

	g_assert_false(fu_scsi_wb_profile_has_key(&profile, "ScsiWbBufferId"));
	ret = fu_scsi_wb_profile_set_kv(&profile, "ScsiWbBufferId", "0", &error);
	g_assert_no_error(error);
	g_assert_true(ret);
	g_assert_false(fu_scsi_wb_profile_set_kv(&profile, "ScsiWbTimeout", "soon", NULL));
	g_assert_true(fu_scsi_wb_profile_has_key(&profile, "ScsiWbBufferId"));
	g_assert_false(fu_scsi_wb_profile_has_key(&profile, "ScsiWbTimeout"));
	g_assert_false(fu_scsi_wb_profile_has_key(&profile, "ScsiWbBuffer"));
}

/* the public interface: a key that goes missing breaks somebody's quirk file */
static void
fu_test_scsi_wb_profile_key_names_func(void)
{
	const gchar *keys[] = {
	    "ScsiWbMode",
	    "ScsiWbModeLast",
	    "ScsiWbModeSpecific",
	    "ScsiWbChunkSize",
	    "ScsiWbChunkAlign",
	    "ScsiWbBufferId",
	    "ScsiWbOffsetUnit",
	    "ScsiWbTimeout",
	    "ScsiWbTimeoutLast",
	    "ScsiWbVersionPage",
	    "ScsiWbVersionOffset",
	    "ScsiWbVersionSize",
	    "ScsiWbReadiness",
	};
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
		g_assert_cmpstr(fu_scsi_wb_profile_get_key(i), ==, keys[i]);
	g_assert_null(fu_scsi_wb_profile_get_key(G_N_ELEMENTS(keys)));
	g_assert_null(fu_scsi_wb_profile_get_key(G_MAXUINT));
}

static void
fu_test_scsi_wb_profile_flag_names_func(void)
{
	const struct {
		const gchar *name;
		FuScsiWbFlags flag;
	} rows[] = {
	    {"exact-chunk", FU_SCSI_WB_FLAG_EXACT_CHUNK},
	    {"increment-buffer-id", FU_SCSI_WB_FLAG_INCREMENT_BUFFER_ID},
	    {"fixed-offset", FU_SCSI_WB_FLAG_FIXED_OFFSET},
	    {"single-command", FU_SCSI_WB_FLAG_SINGLE_COMMAND},
	    {"commit-zero-length", FU_SCSI_WB_FLAG_COMMIT_ZERO_LENGTH},
	    {"activate-on-reboot", FU_SCSI_WB_FLAG_ACTIVATE_ON_REBOOT},
	    {"activate-on-power-cycle", FU_SCSI_WB_FLAG_ACTIVATE_ON_POWER_CYCLE},
	    {"allow-in-use", FU_SCSI_WB_FLAG_ALLOW_IN_USE},
	    {"no-link-check", FU_SCSI_WB_FLAG_NO_LINK_CHECK},
	    {"ignores-offset", FU_SCSI_WB_FLAG_IGNORES_OFFSET},
	};
	FuScsiWbFlags untouched = FU_SCSI_WB_UNIT_FILL;
	FuScsiWbFlags seen = FU_SCSI_WB_FLAG_NONE;

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		FuScsiWbFlags flag = FU_SCSI_WB_UNIT_FILL;
		fu_scsi_wb_unit_row(rows[i].name);
		g_assert_cmpstr(fu_scsi_wb_profile_get_flag(i, &flag), ==, rows[i].name);
		g_assert_cmphex(flag, ==, rows[i].flag);
		g_assert_cmphex(flag & seen, ==, 0);
		g_assert_cmpstr(fu_scsi_wb_profile_get_flag(i, NULL), ==, rows[i].name);
		seen |= flag;
	}
	g_assert_null(fu_scsi_wb_profile_get_flag(G_N_ELEMENTS(rows), &untouched));
	g_assert_cmphex(untouched, ==, FU_SCSI_WB_UNIT_FILL);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/profile/key/good", fu_test_scsi_wb_profile_key_good_func);
	g_test_add_func("/scsi-wb/profile/key/given", fu_test_scsi_wb_profile_key_given_func);
	g_test_add_func("/scsi-wb/profile/key/unknown", fu_test_scsi_wb_profile_key_unknown_func);
	g_test_add_func("/scsi-wb/profile/key/names", fu_test_scsi_wb_profile_key_names_func);
	g_test_add_func("/scsi-wb/profile/mode/bad", fu_test_scsi_wb_profile_mode_bad_func);
	g_test_add_func("/scsi-wb/profile/number/bad", fu_test_scsi_wb_profile_number_bad_func);
	g_test_add_func("/scsi-wb/profile/number/empty", fu_test_scsi_wb_profile_number_empty_func);
	g_test_add_func("/scsi-wb/profile/number/negative",
			fu_test_scsi_wb_profile_number_negative_func);
	g_test_add_func("/scsi-wb/profile/readiness/bad",
			fu_test_scsi_wb_profile_readiness_bad_func);
	g_test_add_func("/scsi-wb/profile/flag/names", fu_test_scsi_wb_profile_flag_names_func);
	return g_test_run();
}
