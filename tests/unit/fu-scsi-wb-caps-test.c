/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-unit-caps.h"

#define ROUNDS 100000

/* Extended INQUIRY Data VPD page with bytes 4, 9, 12 and 19 (SPC-4, INCITS 513) */
#define EXTENDED(b4, b9, b12, b19)                                                                 \
	{0, 0x86, 0, 60, b4, 0x20, 0, 0, 0, b9, 0, 90, b12, 252, 0, 0, 0, 0, 0, b19}, .bufsz = 64

/* the same with any page code and length, which says that there is MODE 07h and nothing else */
#define HEADER(code, length_high, length_low)                                                      \
	{                                                                                          \
		0, code, length_high, length_low, [12] = 0x10, [19] = 0x10                         \
	}

static void
fu_test_scsi_wb_caps_vpd_func(void)
{
	const FuScsiWbUnitCapsRow rows[] = {
	    {"all",
	     EXTENDED(0x80, 0x03, 0xf0, 0xfe),
	     .want = {MODES(M_ALL, M_ALL, VPD),
		      .activate_microcode = 2,
		      .events = 7,
		      .multi_it_nexus = 3}},
	    {"04h", EXTENDED(0, 0, 0x10, 0x80), .want = {MODES(M_ALL, M04, VPD)}},
	    {"05h", EXTENDED(0, 0, 0x10, 0x40), .want = {MODES(M_ALL, M05, VPD)}},
	    {"06h", EXTENDED(0, 0, 0x10, 0x20), .want = {MODES(M_ALL, M06, VPD)}},
	    {"07h", EXTENDED(0, 0, 0x10, 0x10), .want = {MODES(M_ALL, M07, VPD)}},
	    {"0Dh", EXTENDED(0, 0, 0x10, 0x08), .want = {MODES(M_ALL, M0D, VPD)}},
	    {"0Eh", EXTENDED(0, 0, 0x10, 0x04), .want = {MODES(M_ALL, M0E, VPD)}},
	    {"0Fh", EXTENDED(0, 0, 0x10, 0x02), .want = {MODES(M_ALL, M0F, VPD)}},
	    {"none of them", EXTENDED(0, 0, 0x10, 0x01), .want = {MODES(M_ALL, 0, VPD)}},
	    {"modes not valid", EXTENDED(0x40, 0, 0, 0xfe), .want = {.activate_microcode = 1}},
	    {"power on", EXTENDED(0, 0, 0x80, 0), .want = {.events = 4}},
	    {"hard reset", EXTENDED(0, 0, 0x40, 0), .want = {.events = 2}},
	    {"vendor's event", EXTENDED(0, 0, 0x20, 0), .want = {.events = 1}},
	    {"other bits", EXTENDED(0x3f, 0xf0, 0x0f, 0xff), .want = {0}},
	    {"known is kept",
	     EXTENDED(0, 0, 0x10, 0x14),
	     .before = {MODES(M07, 0, RSOC)},
	     .want = {MODES(M_ALL, M0E, RSOC)}},
	    {"ends behind the modes",
	     HEADER(0x86, 0, 16),
	     .bufsz = 64,
	     .want = {MODES(M_ALL, M07, VPD)}},
	    {"is longer than the data",
	     HEADER(0x86, 0xff, 0xff),
	     .bufsz = 20,
	     .want = {MODES(M_ALL, M07, VPD)}},
	};
	fu_scsi_wb_unit_caps_check(fu_scsi_wb_unit_caps_vpd_cb, rows, G_N_ELEMENTS(rows));
}

static void
fu_test_scsi_wb_caps_vpd_bad_func(void)
{
	const FuScsiWbCaps before = {MODES(M05 | M07, M05, RSOC), .events = 5};
	const FuScsiWbUnitCapsRow rows[] = {
	    {"ends before the modes", HEADER(0x86, 0, 15), .bufsz = 64},
	    {"is empty", HEADER(0x86, 0, 0), .bufsz = 64},
	    {"is cut off", HEADER(0x86, 0, 60), .bufsz = 19},
	    {"another page", HEADER(0x83, 0, 60), .bufsz = 64},
	    {"standard INQUIRY instead", HEADER(0x00, 6, 2), .bufsz = 64},
	    {"zeros", {0}, .bufsz = 64},
	    {"nothing", {0}, .bufsz = 0},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		FuScsiWbUnitCapsRow row = rows[i];

		row.before = before;
		row.want = before;
		fu_scsi_wb_unit_caps_check(fu_scsi_wb_unit_caps_vpd_cb, &row, 1);
	}
}

#define BUFFER(boundary, capacity)                                                                 \
	.has_buffer = TRUE, .boundary_bytes = boundary, .capacity_bytes = capacity

/* SCSI Commands Reference Manual, Seagate 100293068, Rev. J: READ BUFFER, descriptor */
static void
fu_test_scsi_wb_caps_buffer_func(void)
{
	const FuScsiWbCaps old = {BUFFER(4, 99)};
	const FuScsiWbUnitCapsRow rows[] = {
	    {"512 bytes", {9, 0x10, 0, 0}, 4, .want = {BUFFER(512, 0x100000)}},
	    {"any offset", {0, 0x10, 0, 1}, 4, .want = {BUFFER(1, 0x100001)}},
	    {"capacity unknown", {2, 0, 0, 0}, 4, .want = {BUFFER(4, 0)}},
	    {"2^31", {31, 0, 0, 1}, 4, .want = {BUFFER(0x80000000, 1)}},
	    {"2^32", {32, 0, 0, 1}, 4, .before = old, .want = old},
	    {"2^254", {0xfe, 0, 0, 1}, 4, .before = old, .want = old},
	    {"offset 0 only",
	     {0xff, 1, 2, 3},
	     4,
	     .want = {BUFFER(1, 0x10203), .only_offset_zero = TRUE}},
	    {"no longer",
	     {9, 0, 0, 1},
	     4,
	     .before = {.only_offset_zero = TRUE},
	     .want = {BUFFER(512, 1)}},
	    {"no such buffer", {0, 0, 0, 0}, 4, .before = old, .want = old},
	    {"more data", {1, 0, 0, 2, 9, 9}, 64, .want = {BUFFER(2, 2)}},
	    {"cut off", {1, 0, 0, 2}, 3, .before = old, .want = old},
	    {"nothing", {0}, 0, .before = old, .want = old},
	};
	fu_scsi_wb_unit_caps_check(fu_scsi_wb_unit_caps_buffer_cb, rows, G_N_ELEMENTS(rows));
}

/* SPC-4 (INCITS 513): READ BUFFER command, echo buffer descriptor */
static void
fu_test_scsi_wb_caps_echo_func(void)
{
	const FuScsiWbUnitCapsRow rows[] = {
	    {"4096", {1, 0, 0x10, 0}, 4, .want = {.echo_bytes = 4096, .echo_is_guarded = TRUE}},
	    {"252, shared", {0, 0, 0, 252}, 4, .want = {.echo_bytes = 252}},
	    {"more data", {1, 0, 0, 4, 9}, 64, .want = {.echo_bytes = 4, .echo_is_guarded = TRUE}},
	    {"reserved bits beside EBOS", {0xfe, 0, 0, 4}, 4, .want = {.echo_bytes = 4}},
	    {"none",
	     {0},
	     4,
	     .before = {.echo_bytes = 4, .echo_is_guarded = TRUE},
	     .want = {.echo_bytes = 0}},
	    {"too large",
	     {1, 0, 0x10, 1},
	     4,
	     .before = {.echo_bytes = 4},
	     .want = {.echo_bytes = 4}},
	    {"reserved bits",
	     {1, 0, 0xe0, 8},
	     4,
	     .before = {.echo_bytes = 4},
	     .want = {.echo_bytes = 4}},
	    {"cut off", {1, 0, 0x10, 0}, 3, .before = {.echo_bytes = 4}, .want = {.echo_bytes = 4}},
	    {"nothing", {0}, 0, .before = {.echo_bytes = 4}, .want = {.echo_bytes = 4}},
	};
	fu_scsi_wb_unit_caps_check(fu_scsi_wb_unit_caps_echo_cb, rows, G_N_ELEMENTS(rows));
}

static const FuScsiWbUnitCapsFunc parsers[] = {
    fu_scsi_wb_unit_caps_vpd_cb,
    fu_scsi_wb_unit_caps_opcode_cb,
    fu_scsi_wb_unit_caps_buffer_cb,
    fu_scsi_wb_unit_caps_echo_cb,
};

/* bytes between the members may differ */
static gboolean
fu_test_scsi_wb_caps_is_same(const FuScsiWbCaps *caps, const FuScsiWbCaps *other)
{
	g_autofree gchar *str = fu_scsi_wb_unit_caps_to_string(caps);
	g_autofree gchar *str_other = fu_scsi_wb_unit_caps_to_string(other);

	return g_str_equal(str, str_other);
}

/* an answer that is cut off says nothing, or the part of it that is whole */
static void
fu_test_scsi_wb_caps_truncated_func(void)
{
	const guint8 one[] = {ONE(0xe3, 7, 0, 254, 0), TIMEOUTS(9, 5, 60)};
	const struct {
		guint8 buf[FU_SCSI_WB_UNIT_CAPS_BYTES_MAX];
		gsize steps[3]; /* the lengths from which on something more is known */
	} rows[G_N_ELEMENTS(parsers)] = {
	    {HEADER(0x86, 0, 60), {20, 99, 99}},
	    {{ONE(0xe3, 7, 0, 254, 0), TIMEOUTS(9, 5, 60)}, {14, sizeof(one), 99}},
	    {{9, 0x10, 0, 0}, {4, 99, 99}},
	    {{1, 0, 0x10, 0}, {4, 99, 99}},
	};
	for (guint i = 0; i < G_N_ELEMENTS(parsers); i++) {
		FuScsiWbCaps last = {0};
		guint step = 0;

		for (gsize bufsz = 0; bufsz <= FU_SCSI_WB_UNIT_CAPS_BYTES_MAX; bufsz++) {
			FuScsiWbCaps zero = {0};
			FuScsiWbCaps caps =
			    fu_scsi_wb_unit_caps_parse(parsers[i], &zero, rows[i].buf, bufsz, 7);

			g_test_message("parser %u, %u bytes", i, (guint)bufsz);
			if (bufsz != rows[i].steps[step]) {
				fu_scsi_wb_unit_caps_assert(&caps, &last);
				continue;
			}
			g_assert_false(fu_test_scsi_wb_caps_is_same(&caps, &last));
			last = caps;
			step++;
		}
		g_assert_cmpuint(rows[i].steps[step], ==, 99);
	}
}

/* whether noise can mean anything, by the bytes that have to be right */
static gboolean
fu_test_scsi_wb_caps_may_mean(guint parser, const guint8 *buf, gsize bufsz)
{
	if (bufsz < 4)
		return FALSE;
	if (parser == 0)
		return bufsz >= 20 && buf[1] == 0x86 && (buf[2] > 0 || buf[3] >= 16);
	if (parser == 1 && (buf[1] & 7) == 1)
		return TRUE;
	if (parser == 1)
		return bufsz >= 14 && ((buf[1] & 7) == 3 || (buf[1] & 7) == 5) && buf[2] == 0 &&
		       buf[3] == 10 && buf[4] == 0x3b;
	if (parser == 2)
		return buf[0] < 32 || buf[0] == 0xff;
	return buf[2] << 8 <= 4096 - buf[3];
}

/* whatever comes, nothing is read outside of it, and nonsense changes nothing */
static void
fu_test_scsi_wb_caps_garbage_func(void)
{
	const guint8 heads[][5] = {{0, 0x86, 0, 60},
				   {0, 0x83, 0, 10, 0x3b},
				   {9, 0x10},
				   {1, 0, 0x10}};
	const FuScsiWbCaps before = {MODES(M04, M04, VPD), BUFFER(4, 99), .echo_bytes = 8};
	g_autoptr(GRand) rand = g_rand_new_with_seed(0x86);
	guint changed[G_N_ELEMENTS(parsers)] = {0};

	for (guint i = 0; i < ROUNDS; i++) {
		guint8 buf[FU_SCSI_WB_UNIT_CAPS_BYTES_MAX];
		guint parser = i % G_N_ELEMENTS(parsers);
		gsize bufsz = g_rand_int_range(rand, 0, sizeof(buf) + 1);
		FuScsiWbCaps caps;

		for (guint j = 0; j < sizeof(buf); j++)
			buf[j] = g_rand_int_range(rand, 0, 256);
		for (guint j = 0; j < sizeof(heads[0]) && g_rand_int_range(rand, 0, 8) > 0; j++)
			buf[j] = heads[parser][j];
		caps = fu_scsi_wb_unit_caps_parse(parsers[parser],
						  &before,
						  buf,
						  bufsz,
						  g_rand_int_range(rand, 0, 256));
		if (!fu_test_scsi_wb_caps_is_same(&caps, &before)) {
			g_assert_true(fu_test_scsi_wb_caps_may_mean(parser, buf, bufsz));
			changed[parser]++;
		}
		g_assert_cmphex(caps.modes & ~caps.modes_known, ==, 0);
		g_assert_cmphex(caps.modes & M04, ==, M04);
		g_assert_cmpstr(caps.modes_source, ==, VPD);
		g_assert_cmpuint(caps.boundary_bytes, >=, 1);
		g_assert_cmpuint(caps.echo_bytes, <=, 4096);
	}
	for (guint i = 0; i < G_N_ELEMENTS(parsers); i++)
		g_assert_cmpuint(changed[i], >, 100);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/caps/vpd/good", fu_test_scsi_wb_caps_vpd_func);
	g_test_add_func("/scsi-wb/caps/vpd/bad", fu_test_scsi_wb_caps_vpd_bad_func);
	g_test_add_func("/scsi-wb/caps/buffer", fu_test_scsi_wb_caps_buffer_func);
	g_test_add_func("/scsi-wb/caps/echo-buffer", fu_test_scsi_wb_caps_echo_func);
	g_test_add_func("/scsi-wb/caps/truncated", fu_test_scsi_wb_caps_truncated_func);
	g_test_add_func("/scsi-wb/caps/garbage", fu_test_scsi_wb_caps_garbage_func);
	return g_test_run();
}
