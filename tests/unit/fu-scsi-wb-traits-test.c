/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-unit.h"

/* of quirk row, device, host and default, the first that says anything */

typedef struct {
	const gchar *name;
	FuScsiWbProfile profile;
	FuScsiWbCaps caps;
	FuScsiWbLimits limits;
	guint64 chunk_bytes;
	const gchar *chunk_source;
	guint64 timeout_s;
	guint64 timeout_last_s;
	const gchar *modes;
} FuScsiWbTraitsTestRow;

#define BUFFER(boundary, capacity)                                                                 \
	.has_buffer = TRUE, .boundary_bytes = (boundary), .capacity_bytes = (capacity)
#define ALL_MODES     0xe0f0
#define DEFAULT_TIMES .timeout_s = 300, .timeout_last_s = 300

static const FuScsiWbTraitsTestRow rows[] = {
    {.name = "nobody-says-anything",
     .chunk_bytes = 32768,
     .chunk_source = "default",
     DEFAULT_TIMES,
     .modes = "0e 07 05s"},
    {.name = "device-has-no-deferred",
     .caps = {.modes_known = ALL_MODES, .modes = 0x00f0, .modes_source = "VPD page 86h"},
     .chunk_bytes = 32768,
     .chunk_source = "default",
     DEFAULT_TIMES,
     .modes = "07 05s"},
    {.name = "device-cannot-activate",
     .caps = {.modes_known = ALL_MODES, .modes = 0x40a0, .modes_source = "VPD page 86h"},
     .chunk_bytes = 32768,
     .chunk_source = "default",
     DEFAULT_TIMES,
     .modes = "07 05s"},
    {.name = "row-beats-device",
     .profile = {.mode = 0x07},
     .caps = {.modes_known = ALL_MODES, .modes = 0x4020, .modes_source = "VPD page 86h"},
     .chunk_bytes = 32768,
     .chunk_source = "default",
     DEFAULT_TIMES,
     .modes = "07"},
    {.name = "boundary-below-default",
     .caps = {BUFFER(512, 0)},
     .chunk_bytes = 32768,
     .chunk_source = "default",
     DEFAULT_TIMES,
     .modes = "0e 07 05s"},
    {.name = "boundary-above-default",
     .caps = {BUFFER(65536, 0)},
     .chunk_bytes = 65536,
     .chunk_source = "READ BUFFER descriptor",
     DEFAULT_TIMES,
     .modes = "0e 07 05s"},
    {.name = "row-chunk-beats-boundary",
     .profile = {.mode = 0x07, .chunk_bytes = 4096},
     .caps = {BUFFER(65536, 0)},
     .chunk_bytes = 4096,
     .chunk_source = "quirk row",
     DEFAULT_TIMES,
     .modes = "07"},
    {.name = "counted-buffers-have-no-boundary",
     .profile = {.mode = 0x07, .flags = FU_SCSI_WB_FLAG_INCREMENT_BUFFER_ID},
     .caps = {BUFFER(65536, 0)},
     .chunk_bytes = 32768,
     .chunk_source = "default",
     DEFAULT_TIMES,
     .modes = "07"},
    {.name = "alignment-below-default",
     .profile = {.mode = 0x07, .align_bytes = 3000},
     .chunk_bytes = 30000,
     .chunk_source = "default",
     DEFAULT_TIMES,
     .modes = "07"},
    {.name = "host-lowers-default",
     .limits = {.transfer_max_bytes = 20000},
     .caps = {BUFFER(512, 0)},
     .chunk_bytes = 19968,
     .chunk_source = "host adapter",
     DEFAULT_TIMES,
     .modes = "0e 07 05s"},
    {.name = "host-lowers-row",
     .profile = {.mode = 0x07, .chunk_bytes = 1048576},
     .limits = {.transfer_max_bytes = 524288},
     .chunk_bytes = 524288,
     .chunk_source = "host adapter",
     DEFAULT_TIMES,
     .modes = "07"},
    {.name = "device-lowers-default",
     .caps = {.length_max_bytes = 0xffff, BUFFER(4096, 0)},
     .limits = {.transfer_max_bytes = 524288},
     .chunk_bytes = 32768,
     .chunk_source = "default",
     DEFAULT_TIMES,
     .modes = "0e 07 05s"},
    {.name = "device-lowers-row",
     .profile = {.mode = 0x07, .chunk_bytes = 65536},
     .caps = {.length_max_bytes = 0x3fff},
     .chunk_bytes = 0x3fff,
     .chunk_source = "REPORT SUPPORTED OPERATION CODES",
     DEFAULT_TIMES,
     .modes = "07"},
    {.name = "times-of-device",
     .caps = {.timeout_nominal_s = 20, .timeout_recommended_s = 120, .timeout_limited_s = 400},
     .chunk_bytes = 32768,
     .chunk_source = "default",
     .timeout_s = 120,
     .timeout_last_s = 400,
     .modes = "0e 07 05s"},
    {.name = "times-of-device-short",
     .caps = {.timeout_nominal_s = 30, .timeout_recommended_s = 10, .timeout_limited_s = 5},
     .chunk_bytes = 32768,
     .chunk_source = "default",
     .timeout_s = 30,
     .timeout_last_s = 300,
     .modes = "0e 07 05s"},
    {.name = "times-of-device-absurd",
     .caps = {.timeout_recommended_s = G_MAXUINT32, .timeout_limited_s = G_MAXUINT32},
     .chunk_bytes = 32768,
     .chunk_source = "default",
     .timeout_s = 86400,
     .timeout_last_s = 86400,
     .modes = "0e 07 05s"},
    {.name = "boundary-absurd",
     .caps = {BUFFER(1u << 31, 0)},
     .chunk_bytes = 32768,
     .chunk_source = "default",
     DEFAULT_TIMES,
     .modes = "0e 07 05s"},
    {.name = "times-of-row",
     .profile = {.mode = 0x07, .timeout_s = 60, .timeout_last_s = 90},
     .caps = {.timeout_recommended_s = 120, .timeout_limited_s = 80},
     .chunk_bytes = 32768,
     .chunk_source = "default",
     .timeout_s = 60,
     .timeout_last_s = 90,
     .modes = "07"},
    {.name = "times-of-row-short",
     .profile = {.mode = 0x07, .timeout_s = 60, .timeout_last_s = 90},
     .caps = {.timeout_recommended_s = 120, .timeout_limited_s = 400},
     .chunk_bytes = 32768,
     .chunk_source = "default",
     .timeout_s = 60,
     .timeout_last_s = 400,
     .modes = "07"},
};

static gchar *
fu_test_scsi_wb_traits_modes_to_string(const FuScsiWbTraits *traits)
{
	g_autoptr(GString) str = g_string_new(NULL);

	for (guint i = 0; i < traits->n_ways; i++) {
		g_string_append_printf(str,
				       "%s%02x%s",
				       i > 0 ? " " : "",
				       traits->ways[i].mode,
				       traits->ways[i].is_single ? "s" : "");
	}
	return g_string_free(g_steal_pointer(&str), FALSE);
}

static void
fu_test_scsi_wb_traits_resolve_func(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		const FuScsiWbTraitsTestRow *row = &rows[i];
		FuScsiWbTraits traits;
		gboolean ret;
		g_autofree gchar *modes = NULL;
		g_autoptr(GError) error = NULL;

		fu_scsi_wb_unit_row(row->name);
		ret = fu_scsi_wb_traits_resolve(&row->profile,
						&row->caps,
						&row->limits,
						&traits,
						&error);
		g_assert_no_error(error);
		g_assert_true(ret);
		modes = fu_test_scsi_wb_traits_modes_to_string(&traits);
		g_assert_cmpstr(modes, ==, row->modes);
		g_assert_cmpuint(traits.chunk_bytes.value, ==, row->chunk_bytes);
		g_assert_cmpstr(traits.chunk_bytes.source, ==, row->chunk_source);
		g_assert_cmpuint(traits.timeout_s.value, ==, row->timeout_s);
		g_assert_cmpuint(traits.timeout_last_s.value, ==, row->timeout_last_s);
	}
}

typedef struct {
	const gchar *name;
	FuScsiWbProfile profile;
	FuScsiWbCaps caps;
	FuScsiWbLimits limits;
	gsize image_bytes;
	FwupdError code;
	const gchar *message;
} FuScsiWbTraitsErrorRow;

static const FuScsiWbTraitsErrorRow error_rows[] = {
    {.name = "no-mode",
     .caps = {.modes_known = ALL_MODES, .modes = 0x8050, .modes_source = "VPD page 86h"},
     .image_bytes = 1000,
     .code = FWUPD_ERROR_NOT_SUPPORTED,
     .message = "the device has none of the modes 0x0e, 0x07 and 0x05 (VPD page 86h): its "
		"firmware cannot be updated this way"},
    {.name = "exact-chunk-above-host",
     .profile = {.mode = 0x07, .chunk_bytes = 262144, .flags = FU_SCSI_WB_FLAG_EXACT_CHUNK},
     .limits = {.transfer_max_bytes = 131072},
     .image_bytes = 1000000,
     .code = FWUPD_ERROR_NOT_SUPPORTED,
     .message = "the device takes segments of 262144 bytes, but only 131072 bytes fit into one "
		"command (host adapter): use another host adapter"},
    {.name = "boundary-above-host",
     .caps = {BUFFER(65536, 0)},
     .limits = {.transfer_max_bytes = 32768},
     .image_bytes = 1000000,
     .code = FWUPD_ERROR_NOT_SUPPORTED,
     .message = "the device takes segments of 65536 bytes, but only 32768 bytes fit into one "
		"command (host adapter): use another host adapter"},
    {.name = "image-above-capacity",
     .caps = {BUFFER(512, 65536)},
     .image_bytes = 65537,
     .code = FWUPD_ERROR_INVALID_FILE,
     .message = "the image has 65537 bytes, but the device's buffer only 65536 (READ BUFFER "
		"descriptor): it is made for another device"},
    {.name = "one-command-in-pieces",
     .profile = {.mode = 0x07, .chunk_bytes = 32768},
     .caps = {BUFFER(1, 0), .only_offset_zero = TRUE},
     .image_bytes = 65536,
     .code = FWUPD_ERROR_NOT_SUPPORTED,
     .message = "the device takes an image only in one command (READ BUFFER descriptor), and "
		"this one is too large for that: use a host adapter that carries more in one "
		"command"},
    {.name = "one-command-above-host",
     .caps = {BUFFER(1, 0), .only_offset_zero = TRUE},
     .limits = {.transfer_max_bytes = 65536},
     .image_bytes = 65537,
     .code = FWUPD_ERROR_NOT_SUPPORTED,
     .message = "the device takes an image only in one command (READ BUFFER descriptor), and "
		"this one is too large for that: use a host adapter that carries more in one "
		"command"},
};

static void
fu_test_scsi_wb_traits_errors_func(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(error_rows); i++) {
		const FuScsiWbTraitsErrorRow *row = &error_rows[i];
		FuScsiWbTraits traits;
		g_autoptr(FuScsiWbPlan) plan = NULL;
		g_autoptr(GError) error = NULL;

		fu_scsi_wb_unit_row(row->name);
		if (fu_scsi_wb_traits_resolve(&row->profile,
					      &row->caps,
					      &row->limits,
					      &traits,
					      &error))
			plan =
			    fu_scsi_wb_plan_new(&row->profile, &traits, row->image_bytes, &error);
		g_assert_error(error, FWUPD_ERROR, (gint)row->code);
		g_assert_cmpstr(error->message, ==, row->message);
		g_assert_null(plan);
	}
}

/* one command where the device wants one, and only if it fits */
static void
fu_test_scsi_wb_traits_offset_zero_func(void)
{
	const FuScsiWbProfile profile = {0};
	const FuScsiWbCaps caps = {BUFFER(1, 0), .only_offset_zero = TRUE};
	const FuScsiWbLimits limits = {.transfer_max_bytes = 524288};
	FuScsiWbTraits traits;
	gboolean ret;
	const guint8 modes[] = {0x0e, 0x07, 0x05};
	const FuScsiWbPlan *way;
	g_autoptr(FuScsiWbPlan) plan = NULL;
	g_autoptr(GError) error = NULL;

	ret = fu_scsi_wb_traits_resolve(&profile, &caps, &limits, &traits, &error);
	g_assert_no_error(error);
	g_assert_true(ret);
	plan = fu_scsi_wb_plan_new(&profile, &traits, 400000, &error);
	g_assert_no_error(error);
	way = plan;
	for (guint i = 0; i < G_N_ELEMENTS(modes); i++) {
		const FuScsiWbSegment *segment;
		g_assert_nonnull(way);
		g_assert_cmpuint(way->segments->len, ==, 1);
		segment = &g_array_index(way->segments, FuScsiWbSegment, 0);
		g_assert_cmphex(segment->mode, ==, modes[i]);
		g_assert_cmpuint(segment->buffer_offset, ==, 0);
		g_assert_cmpuint(segment->length_bytes, ==, 400000);
		way = way->fallback;
	}
	g_assert_null(way);
}

/* ACTIVATE MICROCODE 10b: GOOD is not the end */
static void
fu_test_scsi_wb_traits_activates_later_func(void)
{
	const FuScsiWbProfile profile = {.mode = 0x07};
	const FuScsiWbCaps caps = {.activate_microcode = 2};
	const FuScsiWbLimits limits = {0};
	FuScsiWbTraits traits;
	g_autoptr(FuScsiWbPlan) plan = NULL;

	g_assert_true(fu_scsi_wb_traits_resolve(&profile, &caps, &limits, &traits, NULL));
	plan = fu_scsi_wb_plan_new(&profile, &traits, 1000, NULL);
	g_assert_nonnull(plan);
	g_assert_cmpint(plan->activation, ==, FU_SCSI_WB_ACTIVATION_POWER_CYCLE);
}

/* a device that lacks 0Fh keeps the way that an event ends, and loses the one that nothing does;
 * and one that says that its firmware waits does not wait for nothing */
static void
fu_test_scsi_wb_traits_activation_func(void)
{
	const FuScsiWbProfile profile = {0};
	const FuScsiWbLimits limits = {0};
	const struct {
		const gchar *name;
		FuScsiWbCaps caps;
		const gchar *modes;
		FuScsiWbActivation activation;
		FuScsiWbActivation activation_deferred;
	} activation_rows[] = {
	    {"power on",
	     {.modes_known = ALL_MODES, .modes = 0x4080, .events = 4},
	     "0e 07",
	     FU_SCSI_WB_ACTIVATION_POWER_CYCLE,
	     FU_SCSI_WB_ACTIVATION_POWER_CYCLE},
	    {"reset",
	     {.modes_known = ALL_MODES, .modes = 0x4080, .events = 6},
	     "0e 07",
	     FU_SCSI_WB_ACTIVATION_REBOOT,
	     FU_SCSI_WB_ACTIVATION_REBOOT},
	    {"nothing",
	     {.modes_known = ALL_MODES, .modes = 0x4080, .events = 1},
	     "07",
	     FU_SCSI_WB_ACTIVATION_IMMEDIATE,
	     FU_SCSI_WB_ACTIVATION_POWER_CYCLE},
	};
	for (guint i = 0; i < G_N_ELEMENTS(activation_rows); i++) {
		FuScsiWbTraits traits;
		g_autofree gchar *modes = NULL;
		g_autoptr(FuScsiWbPlan) plan = NULL;

		fu_scsi_wb_unit_row(activation_rows[i].name);
		g_assert_true(fu_scsi_wb_traits_resolve(&profile,
							&activation_rows[i].caps,
							&limits,
							&traits,
							NULL));
		modes = fu_test_scsi_wb_traits_modes_to_string(&traits);
		g_assert_cmpstr(modes, ==, activation_rows[i].modes);
		plan = fu_scsi_wb_plan_new(&profile, &traits, 1000, NULL);
		g_assert_nonnull(plan);
		g_assert_cmpint(plan->activation, ==, activation_rows[i].activation);
		g_assert_cmpint(plan->activation_deferred,
				==,
				activation_rows[i].activation_deferred);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/traits/resolve", fu_test_scsi_wb_traits_resolve_func);
	g_test_add_func("/scsi-wb/traits/errors", fu_test_scsi_wb_traits_errors_func);
	g_test_add_func("/scsi-wb/traits/offset-zero", fu_test_scsi_wb_traits_offset_zero_func);
	g_test_add_func("/scsi-wb/traits/activates-later",
			fu_test_scsi_wb_traits_activates_later_func);
	g_test_add_func("/scsi-wb/traits/activation", fu_test_scsi_wb_traits_activation_func);
	return g_test_run();
}
