// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

/* how long commands take, and what is told of a download, with a clock of the test's own */

#include "wbt-pace.h"

static const uint8_t INQUIRY[] = {0x12, 0, 0, 0, 36, 0};
static const uint8_t SEGMENT[] = {0x3B, 0x47, 0, 0, 0, 0, 0, 0x10, 0, 0};
static const uint8_t ECHO[] = {0x3B, 0x0A, 0, 0, 0, 0, 0, 0x02, 0, 0};

static void
set(WbtPace *pace, const char *text)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(wbt_pace_set(pace, text, &error));
	g_assert_no_error(error);
}

static void
assert_text(const WbtPace *pace, const char *wanted)
{
	g_autofree char *text = wbt_pace_to_string(pace, 1000);

	g_assert_cmpstr(text, ==, wanted);
}

static void
test_takes(void)
{
	WbtPace pace = {0};

	g_assert_cmpint(wbt_pace_arrive(&pace, SEGMENT, 4096, 1), ==, 0);
	set(&pace, "1000 0");
	g_assert_cmpint(wbt_pace_arrive(&pace, SEGMENT, 4096, 1), ==, 1000);
	set(&pace, "1000 20000000");
	g_assert_cmpint(wbt_pace_arrive(&pace, SEGMENT, 0, 1), ==, 1000);
	g_assert_cmpint(wbt_pace_arrive(&pace, SEGMENT, 40000, 1), ==, 3000);
	g_assert_cmpint(wbt_pace_arrive(&pace, INQUIRY, 20, 1), ==, 1001);
	/* the longest image at the lowest bandwidth does not overflow */
	set(&pace, "0 1");
	g_assert_cmpint(wbt_pace_arrive(&pace, SEGMENT, 1 << 24, 1), ==, (1LL << 24) * 1000000);
}

static void
test_download(void)
{
	WbtPace pace = {0};

	set(&pace, "5 0");
	wbt_pace_arrive(&pace, INQUIRY, 36, 100);
	wbt_pace_answer(&pace, INQUIRY, 110);
	wbt_pace_arrive(&pace, ECHO, 512, 150);
	assert_text(&pace,
		    "first-command-us: 1100\nfirst-segment-us: 0\n"
		    "last-segment-us: 0\nlast-command-us: 1110\n"
		    "download-us: 0\nsegments: 0\nsegment-bytes: 0\nothers-between: 0\n"
		    "others-after: 0\n");
	wbt_pace_arrive(&pace, SEGMENT, 4096, 200);
	wbt_pace_answer(&pace, SEGMENT, 210);
	wbt_pace_arrive(&pace, INQUIRY, 36, 215);
	wbt_pace_arrive(&pace, SEGMENT, 100, 220);
	wbt_pace_answer(&pace, SEGMENT, 250);
	wbt_pace_arrive(&pace, INQUIRY, 36, 300);
	wbt_pace_answer(&pace, INQUIRY, 310);
	assert_text(&pace,
		    "first-command-us: 1100\nfirst-segment-us: 1200\n"
		    "last-segment-us: 1250\nlast-command-us: 1310\n"
		    "download-us: 50\nsegments: 2\nsegment-bytes: 4196\nothers-between: 1\n"
		    "others-after: 1\n");
	set(&pace, "5 0");
	g_assert_cmpuint(pace.segments, ==, 0);
}

static void
test_bad(void)
{
	static const char *const texts[] = {"", "1", "1 2 3", "x 1", "-1 1", "1 -1", "60000001 0"};
	WbtPace pace = {.segments = 7};

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_false(wbt_pace_set(&pace, texts[i], &error));
		g_assert_nonnull(error);
		g_assert_cmpuint(pace.segments, ==, 7);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/target/pace/takes", test_takes);
	g_test_add_func("/target/pace/download", test_download);
	g_test_add_func("/target/pace/bad", test_bad);
	return g_test_run();
}
