/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-options.h"
#include "fu-scsi-wb-unit.h"

/* the command line of scsi-wb-plan */

#define ARGS_MAX 10

typedef struct {
	const gchar *args[ARGS_MAX];
	const gchar *message;
} FuScsiWbOptionsTestBad;

static const FuScsiWbOptionsTestBad bad_rows[] = {
    {{NULL}, "name a DEVICE, or use --recording or --id"},
    {{"/dev/sg0"}, "name an image, or use --image-size"},
    {{"/dev/sg0", "a", "b"}, "too many names: one DEVICE, one image"},
    {{"--id=x", "/dev/sg0", "a"},
     "with --recording or --id there is no DEVICE: name only the image"},
    {{"--id=x", "--recording=y", "a"},
     "--recording and --id exclude each other: a recording says who the device is"},
    {{"--recording=y", "--record=z", "a"}, "--record needs a DEVICE"},
    {{"--recording=y", "--record=z"}, "--record needs a DEVICE"},
    {{"--host-limit=4096", "/dev/sg0", "a"},
     "--host-limit is for --recording and --id: a device's host adapter is asked"},
    {{"--image-size=1", "/dev/sg0", "a"}, "an image and --image-size exclude each other"},
    {{"--image-size=0", "/dev/sg0"},
     "--image-size 0: is not a number of bytes from 1 to 4294967295"},
    {{"--image-size=-1", "/dev/sg0"},
     "--image-size -1: is not a number of bytes from 1 to 4294967295"},
    {{"--image-size=1M", "/dev/sg0"},
     "--image-size 1M: is not a number of bytes from 1 to 4294967295"},
    {{"--image-size=", "/dev/sg0"}, "--image-size : is not a number of bytes from 1 to 4294967295"},
    {{"--image-size=4294967296", "/dev/sg0"},
     "--image-size 4294967296: is not a number of bytes from 1 to 4294967295"},
    {{"--host-limit=x", "--id=x", "a"},
     "--host-limit x: is not a number of bytes from 1 to 4294967295"},
    {{"--set=ScsiWbMode", "--id=x", "a"}, "--set ScsiWbMode: is not KEY=VALUE"},
    {{"--set==7", "--id=x", "a"}, "--set =7: is not KEY=VALUE"},
    {{"--set=[x]\n=", "--id=x", "a"}, "--set [x]\n=: is not KEY=VALUE"},
    {{"--set=A=1\n[x]", "--id=x", "a"}, "--set A=1\n[x]: is not KEY=VALUE"},
    {{"--all", "--json", "/dev/sg0", "a"}, "--json has all commands anyway"},
    {{"--bogus", "/dev/sg0", "a"}, "Unknown option --bogus"},
};

static FuScsiWbOptions *
fu_test_scsi_wb_options_parse(const gchar *const *args, GError **error)
{
	const gchar *argv[ARGS_MAX + 2] = {"scsi-wb-plan"};

	for (guint i = 0; i < ARGS_MAX && args[i] != NULL; i++)
		argv[i + 1] = args[i];
	return fu_scsi_wb_options_parse((gchar **)argv, error);
}

static void
fu_test_scsi_wb_options_bad_func(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(bad_rows); i++) {
		g_autoptr(FuScsiWbOptions) options = NULL;
		g_autoptr(GError) error = NULL;

		fu_scsi_wb_unit_row(bad_rows[i].message);
		options = fu_test_scsi_wb_options_parse(bad_rows[i].args, &error);
		g_assert_nonnull(error);
		g_assert_cmpstr(error->message, ==, bad_rows[i].message);
		g_assert_null(options);
	}
}

static void
fu_test_scsi_wb_options_device_func(void)
{
	const gchar *args[ARGS_MAX] = {"/dev/sg0",
				       "--all",
				       "fw.bin",
				       "--record=r",
				       "--set=A=1",
				       "--set",
				       "B=x=y",
				       "--quirks=f"};
	g_autoptr(FuScsiWbOptions) options = NULL;
	g_autoptr(GError) error = NULL;

	options = fu_test_scsi_wb_options_parse(args, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(options->device, ==, "/dev/sg0");
	g_assert_cmpstr(options->image, ==, "fw.bin");
	g_assert_cmpstr(options->record, ==, "r");
	g_assert_cmpstr(options->settings[0], ==, "A=1");
	g_assert_cmpstr(options->settings[1], ==, "B=x=y");
	g_assert_null(options->settings[2]);
	g_assert_cmpstr(options->files[0], ==, "f");
	g_assert_null(options->files[1]);
	g_assert_true(options->is_all);
	g_assert_false(options->is_json);
}

static void
fu_test_scsi_wb_options_offline_func(void)
{
	const gchar *args[ARGS_MAX] = {"--recording=r",
				       "--image-size=0x10000",
				       "--host-limit=65536",
				       "--json"};
	const gchar *args_image[ARGS_MAX] = {"--id", "SCSI\\VEN_X", "fw.bin"};
	const gchar *args_record[ARGS_MAX] = {"--record", "r", "/dev/sg0"};
	g_autoptr(FuScsiWbOptions) options = fu_test_scsi_wb_options_parse(args, NULL);
	g_autoptr(FuScsiWbOptions) options_image = fu_test_scsi_wb_options_parse(args_image, NULL);
	g_autoptr(FuScsiWbOptions) options_record =
	    fu_test_scsi_wb_options_parse(args_record, NULL);

	g_assert_null(options->device);
	g_assert_null(options->image);
	g_assert_cmpuint(options->image_bytes, ==, 65536);
	g_assert_cmpuint(options->host_limit_bytes, ==, 65536);
	g_assert_true(options->is_json);
	g_assert_cmpstr(options_image->image, ==, "fw.bin");
	g_assert_null(options_image->device);

	/* only to write down what it answers */
	g_assert_cmpstr(options_record->device, ==, "/dev/sg0");
	g_assert_null(options_record->image);
}

typedef struct {
	const gchar *id;
	const gchar *vendor; /* NULL if it is none */
	const gchar *product;
	guint type;
} FuScsiWbOptionsTestId;

static void
fu_test_scsi_wb_options_id_func(void)
{
	const FuScsiWbOptionsTestId rows[] = {
	    {"SCSI\\VEN_STK&DEV_SL500&TYPE_08", "STK", "SL500", 0x08},
	    {"SCSI\\VEN_STK&TYPE_1f", "STK", "any", 0x1f},
	    {"SCSI\\VEN_STK", "STK", "any", 0x1f},
	    {"SCSI\\DEV_SL500", NULL, NULL, 0},
	    {"SCSI\\VEN_", NULL, NULL, 0},
	    {"SCSI\\VEN_X&DEV_", NULL, NULL, 0},
	    {"SCSI\\VEN_X&TYPE_20", NULL, NULL, 0},
	    {"SCSI\\VEN_X&TYPE_", NULL, NULL, 0},
	    {"SCSI\\VEN_X&REV_1", NULL, NULL, 0},
	    {"SCSI\\VEN_X&", NULL, NULL, 0},
	    {"VEN_X", NULL, NULL, 0},
	    {"", NULL, NULL, 0},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree gchar *message =
		    g_strdup_printf("--id %s: is not of the form SCSI\\VEN_x&DEV_y&TYPE_00",
				    rows[i].id);
		g_autoptr(FuScsiWbIdentity) identity = NULL;
		g_autoptr(GError) error = NULL;

		fu_scsi_wb_unit_row(rows[i].id);
		identity = fu_scsi_wb_options_parse_id(rows[i].id, &error);
		if (rows[i].vendor == NULL) {
			fu_scsi_wb_unit_assert_error(error, FWUPD_ERROR_INVALID_DATA, message);
			continue;
		}
		g_assert_no_error(error);
		g_assert_cmpstr(identity->vendor, ==, rows[i].vendor);
		g_assert_cmpstr(identity->product, ==, rows[i].product);
		g_assert_cmphex(identity->type, ==, rows[i].type);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/options/bad", fu_test_scsi_wb_options_bad_func);
	g_test_add_func("/scsi-wb/options/device", fu_test_scsi_wb_options_device_func);
	g_test_add_func("/scsi-wb/options/offline", fu_test_scsi_wb_options_offline_func);
	g_test_add_func("/scsi-wb/options/id", fu_test_scsi_wb_options_id_func);
	return g_test_run();
}
