/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-bed.h"

/* how the daemon meets a device, and how an undisturbed update of each model goes */

typedef struct {
	const gchar *name;
	const gchar *device_name;
	const gchar *vendor;
	const gchar *vendor_id;
	const gchar *summary;
	const gchar *icon;
	const gchar *guid_id;
	gboolean is_internal;
} FlowEnumerateRow;

static const FlowEnumerateRow enumerate_rows[] = {
    {"sl500",
     "StorageTek SL500",
     "STK",
     "SCSI:STK",
     "SCSI tape library",
     "media-tape",
     "SCSI\\VEN_STK&DEV_SL500",
     FALSE},
    {"seagate-sas",
     "ST600MM0088",
     "SEAGATE",
     "SCSI:SEAGATE",
     "SCSI disk",
     "drive-harddisk",
     "SCSI\\VEN_SEAGATE&DEV_ST600MM0088",
     TRUE},
    {"deferred-disk",
     "HUC156060CSS200",
     "HGST",
     "SCSI:HGST",
     "SCSI disk",
     "drive-harddisk",
     "SCSI\\VEN_HGST&DEV_HUC156060CSS200",
     TRUE},
};

static void
fu_test_scsi_wb_flow_enumerate_func(gconstpointer user_data)
{
	const FlowEnumerateRow *row = user_data;
	g_autofree gchar *guid = fwupd_guid_hash_string(row->guid_id);
	g_autoptr(FlowBed) bed = flow_bed_new(row->name, NULL);

	flow_bed_assert_enumerated(bed);
	g_assert_cmpuint(flow_bed_count_commands(bed), ==, 1);
	g_assert_cmpuint(flow_bed_count_opcode(bed, 0x12), ==, 1);
	g_assert_cmpstr(fu_device_get_name(bed->device), ==, row->device_name);
	g_assert_cmpstr(fu_device_get_vendor(bed->device), ==, row->vendor);
	g_assert_true(fu_device_has_vendor_id(bed->device, row->vendor_id));
	g_assert_cmpstr(fwupd_device_get_summary(FWUPD_DEVICE(bed->device)), ==, row->summary);
	g_assert_true(fu_device_has_icon(bed->device, row->icon));
	g_assert_true(fu_device_has_guid(bed->device, guid));
	g_assert_true(fu_device_has_protocol(bed->device, "org.t10.scsi"));
	g_assert_cmpint(fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_INTERNAL),
			==,
			row->is_internal);
	g_assert_true(fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_UPDATABLE));
	g_assert_cmpuint(fu_device_get_install_duration(bed->device), >, 0);
	g_assert_cmpstr(fwupd_device_get_serial(FWUPD_DEVICE(bed->device)),
			==,
			wbt_target_get_serial(bed->target));
	g_assert_cmpstr(fu_device_get_version(bed->device),
			==,
			wbt_target_get_revision(bed->target));
	g_assert_cmpstr(fu_device_get_physical_id(bed->device),
			==,
			"DEVPATH=/devices/host0/target0:0:0");
	g_assert_null(fu_device_get_logical_id(bed->device));
}

/* a device that is not named, or is another plugin's, is not asked anything */
typedef struct {
	const gchar *name;
	const gchar *attr;
	const gchar *value;
	const gchar *message;
} FlowRefuseRow;

static const FlowRefuseRow refuse_rows[] = {
    {"no-row", "model", "SL9000          \n", "no quirk row with ScsiWbMode names STK SL9000"},
    {"ata-vendor", "vendor", "ATA     \n", "ATA and UFS devices are left to other plugins"},
    {"ata-page", "vpd_pg89", "x", "ATA and UFS devices are left to other plugins"},
    {"no-type", "type", "many\n", "no vendor, model or type in sysfs"},
    {"type-out-of-range", "type", "32\n", "no vendor, model or type in sysfs"},
};

static void
fu_test_scsi_wb_flow_refuse_func(gconstpointer user_data)
{
	const FlowRefuseRow *row = user_data;
	g_autoptr(FlowBed) bed = flow_bed_new("sl500", NULL);
	g_autoptr(GError) error = NULL;
	gboolean ret;

	flow_bed_write_attr(bed, row->attr, row->value, -1);
	ret = flow_bed_enumerate(bed, &error);
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_NOT_SUPPORTED);
	g_assert_cmpstr(error->message, ==, row->message);
	g_assert_false(ret);
	g_assert_cmpuint(flow_bed_count_commands(bed), ==, 0);
}

/* a bad value must be seen by the user and must keep the image away from the device */
typedef struct {
	const gchar *name;
	const gchar *rows;
	const gchar *message;
} FlowQuirkRow;

static const FlowQuirkRow quirk_rows[] = {
    {"unknown-mode",
     "[SCSI\\VEN_STK&DEV_SL500]\nScsiWbMode = 0x09\n",
     "quirk key ScsiWbMode = 0x09: is not one of auto, 0x04, 0x05, 0x06, 0x07, 0x0d, 0x0e"},
    {"word-for-number",
     "[SCSI\\VEN_STK&DEV_SL500]\nScsiWbChunkSize = big\n",
     "quirk key ScsiWbChunkSize = big: is not a number from 1 to 16777215"},
    {"impossible",
     "[SCSI\\VEN_STK&DEV_SL500]\nScsiWbChunkAlign = 5000\n",
     "quirk row cannot work: ScsiWbChunkSize is not a multiple of ScsiWbChunkAlign"},
};

static void
fu_test_scsi_wb_flow_bad_quirk_func(gconstpointer user_data)
{
	const FlowQuirkRow *row = user_data;
	g_autoptr(FlowBed) bed = flow_bed_new("sl500", row->rows);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "1373", 40000);
	g_autoptr(GError) error = NULL;
	gboolean ret;

	if (g_str_has_prefix(row->message, "quirk key"))
		g_test_expect_message("FuDevice", G_LOG_LEVEL_WARNING, "failed to set quirk key*");
	ret = flow_bed_enumerate(bed, &error);
	g_test_assert_expected_messages();
	g_assert_no_error(error);
	g_assert_true(ret);
	g_assert_false(fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_UPDATABLE));
	g_assert_true(fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_UPDATABLE_HIDDEN));
	g_assert_cmpstr(fu_device_get_update_error(bed->device), ==, row->message);

	/* nor by `fwupdmgr install`, which takes an inhibited device all the same */
	flow_bed_mark(bed);
	ret = flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error);
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_NOT_SUPPORTED);
	g_assert_cmpstr(error->message, ==, row->message);
	g_assert_false(ret);
	g_assert_cmpuint(flow_bed_count_commands(bed), ==, 0);
}

/* sizes that sit at the edges of segments of 16 and 32 KiB */
typedef struct {
	const gchar *name;
	const gchar *model;
	gsize size_bytes;
	guint segments;
	const gchar *rows;
} FlowUpdateRow;

#define FLOW_HGST    "[SCSI\\VEN_HGST&DEV_HUC156060CSS200]\n"
#define FLOW_SEAGATE "[SCSI\\VEN_SEAGATE&TYPE_00]\n"

static const FlowUpdateRow update_rows[] = {
    {"library-one-segment", "sl500", 1000, 1, NULL},
    {"library-exactly-two", "sl500", 32768, 2, NULL},
    {"library-two-and-a-bit", "sl500", 32770, 3, NULL},
    {"library-just-below-two", "sl500", 32766, 2, NULL},
    {"disk-smallest", "seagate-sas", 44, 1, NULL},
    {"disk-prime", "seagate-sas", 104729, 4, NULL},
    {"disk-exactly-three", "seagate-sas", 98304, 3, NULL},
    {"disk-three-and-one", "seagate-sas", 98305, 4, NULL},
    /* two strategies of one disk: fixed transfers, and the whole image in one piece */
    {"disk-fixed-512",
     "seagate-sas",
     51200,
     100,
     FLOW_SEAGATE "ScsiWbChunkSize = 512\nScsiWbChunkAlign = 512\nFlags = exact-chunk\n"},
    {"disk-one-piece",
     "deferred-disk",
     300001,
     1,
     FLOW_HGST "ScsiWbMode = 0x05\nFlags = single-command\n"},
    {"disk-hex-and-decimal",
     "seagate-sas",
     50000,
     4,
     FLOW_SEAGATE "ScsiWbChunkSize = 0x4000\nScsiWbTimeout = 60\n"},
};

static void
fu_test_scsi_wb_flow_update_func(gconstpointer user_data)
{
	const FlowUpdateRow *row = user_data;
	g_autoptr(FlowBed) bed = flow_bed_new(row->model, row->rows);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", row->size_bytes);

	flow_bed_assert_enumerated(bed);
	flow_bed_mark(bed);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	flow_bed_assert_updated(bed, image, "0002");
	flow_bed_assert_uninterrupted(bed);
	g_assert_cmpuint(wbt_target_get_commits(bed->target), ==, 1);
	g_assert_cmpfloat(bed->percentage_last, ==, 100);
	g_assert_cmpuint(bed->percentages, >=, row->segments > 1 ? 2 : 1);

	/* the attention after power on went to TEST UNIT READY or cost one segment */
	g_assert_cmpuint(flow_bed_count_segments(bed), >=, row->segments);
	g_assert_cmpuint(flow_bed_count_segments(bed), <=, row->segments + 1);
}

static void
fu_test_scsi_wb_flow_modes_func(void)
{
	const guint8 modes[] = {0x06, 0x06, 0x07};
	g_autoptr(FlowBed) bed = flow_bed_new("sl500", NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 40000);
	guint segment = 0;

	flow_bed_assert_enumerated(bed);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	for (gsize i = bed->mark; i < wbt_target_log_count(bed->target); i++) {
		const WbtLogEntry *entry = wbt_target_log_get(bed->target, i);
		if (!flow_bed_is_segment(entry) || entry->status != WBT_STATUS_GOOD)
			continue;
		g_assert_cmpuint(segment, <, G_N_ELEMENTS(modes));
		g_assert_cmphex(entry->cdb[1], ==, modes[segment++]);
	}
	g_assert_cmpuint(segment, ==, G_N_ELEMENTS(modes));
}

static void
fu_test_scsi_wb_flow_deferred_func(void)
{
	g_autoptr(FlowBed) bed = flow_bed_new("deferred-disk", NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 104729);

	flow_bed_assert_enumerated(bed);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);

	/* whole, saved, and not in use yet */
	g_assert_true(fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION));
	g_assert_true(g_bytes_equal(wbt_target_get_deferred(bed->target), image));
	g_assert_cmpstr(fu_device_get_version(bed->device), ==, "A360");
	g_assert_cmpstr(wbt_target_get_revision(bed->target), ==, "A360");

	flow_bed_assert_activated(bed);
	flow_bed_assert_updated(bed, image, "0002");
	g_assert_cmpuint(wbt_target_get_activations(bed->target), ==, 1);
}

/* a power cycle between download and activation does it too: nothing is sent then */
static void
fu_test_scsi_wb_flow_deferred_power_cycle_func(void)
{
	g_autoptr(FlowBed) bed = flow_bed_new("deferred-disk", NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 50000);

	flow_bed_assert_enumerated(bed);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	wbt_target_power_cycle(bed->target);
	flow_bed_mark(bed);
	flow_bed_assert_activated(bed);
	flow_bed_assert_updated(bed, image, "0002");
	g_assert_cmpuint(flow_bed_count_segments(bed), ==, 0);
}

static void
fu_test_scsi_wb_flow_activate_nothing_func(void)
{
	g_autoptr(FlowBed) bed = flow_bed_new("deferred-disk", NULL);
	g_autoptr(GError) error = NULL;

	flow_bed_assert_enumerated(bed);
	g_assert_false(flow_bed_activate(bed, &error));
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_WRITE);
	g_assert_cmpstr(error->message,
			==,
			"activation, MODE 0x0f: the device has nothing to activate "
			"(Illegal Request, Command sequence error, 05/2C/00): a reset, or another "
			"host's download, has thrown the image away: update again");
	flow_bed_assert_untouched(bed);
}

/* a change event makes the daemon probe a device again, but not set it up again */
static void
fu_test_scsi_wb_flow_rescan_func(void)
{
	gboolean ret;
	g_autoptr(FlowBed) bed = flow_bed_new("seagate-sas", NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 50000);
	g_autoptr(GError) error = NULL;

	flow_bed_assert_enumerated(bed);
	flow_bed_mark(bed);
	ret = fu_device_rescan(bed->device, &error);
	g_assert_no_error(error);
	g_assert_true(ret);
	g_assert_cmpuint(flow_bed_count_commands(bed), ==, 0);
	g_assert_cmpstr(fu_device_get_version(bed->device), ==, "TT31");
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	flow_bed_assert_updated(bed, image, "0002");
}

/* the same firmware once more is a success only where it was asked for */
static void
fu_test_scsi_wb_flow_reinstall_func(void)
{
	g_autoptr(FlowBed) bed = flow_bed_new("seagate-sas", NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "TT31", 50000);

	flow_bed_assert_enumerated(bed);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_ALLOW_REINSTALL);
	flow_bed_assert_updated(bed, image, "TT31");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/enumerate",
			  enumerate_rows,
			  fu_test_scsi_wb_flow_enumerate_func);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/refuse", refuse_rows, fu_test_scsi_wb_flow_refuse_func);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/bad-quirk",
			  quirk_rows,
			  fu_test_scsi_wb_flow_bad_quirk_func);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/update", update_rows, fu_test_scsi_wb_flow_update_func);
	g_test_add_func("/scsi-wb/flow/modes", fu_test_scsi_wb_flow_modes_func);
	g_test_add_func("/scsi-wb/flow/deferred", fu_test_scsi_wb_flow_deferred_func);
	g_test_add_func("/scsi-wb/flow/deferred/power-cycle",
			fu_test_scsi_wb_flow_deferred_power_cycle_func);
	g_test_add_func("/scsi-wb/flow/activate/nothing",
			fu_test_scsi_wb_flow_activate_nothing_func);
	g_test_add_func("/scsi-wb/flow/rescan", fu_test_scsi_wb_flow_rescan_func);
	g_test_add_func("/scsi-wb/flow/reinstall", fu_test_scsi_wb_flow_reinstall_func);
	return g_test_run();
}
