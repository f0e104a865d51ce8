/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-bed.h"
#include "fu-device-private.h"
#include "wbt-model.h"

/* devices that no quirk row names: nothing is sent to them unless the administrator asked for them,
 * and then they have to prove what they can do */

/**
 * FlowUnlistedRow:
 * @name: of the model
 * @summary: (nullable): what the entry says, %NULL if there is none
 * @flag: what the device is marked with after an update
 **/
typedef struct {
	const gchar *name;
	const gchar *summary;
	FwupdDeviceFlags flag;
} FlowUnlistedRow;

#define FLOW_SAYS(modes, source)                                                                   \
	"SCSI disk that no quirk row names: it says that it has MODE " modes " (" source ")"

static const FlowUnlistedRow rows[] = {
    {"std-deferred",
     FLOW_SAYS("0x0e, 0x07, 0x05", "VPD page 86h"),
     FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION},
    {"std-boundary16", FLOW_SAYS("0x07", "VPD page 86h"), 0},
    {"std-offset0", FLOW_SAYS("0x05", "VPD page 86h"), 0},
    {"std-power-on", FLOW_SAYS("0x0e", "VPD page 86h"), FWUPD_DEVICE_FLAG_NEEDS_SHUTDOWN},
    {"std-rsoc", FLOW_SAYS("0x07, 0x05", "REPORT SUPPORTED OPERATION CODES"), 0},
    /* usage bits, silence, and a mode that only a row can choose the events of */
    {"std-rsoc-plain", NULL, 0},
    {"std-silent", NULL, 0},
    {"std-events", NULL, 0},
    {"sl500", NULL, 0},
};

/* the project's rows must not name it */
static FlowBed *
fu_test_scsi_wb_flow_new_bed(const FlowUnlistedRow *row, WbtModel *model)
{
	*model = *wbt_model_find(row->name);
	model->vendor = "NOBODY";
	return flow_bed_new_for_model(model, NULL);
}

static void
fu_test_scsi_wb_flow_refused_func(gconstpointer user_data)
{
	WbtModel model;
	gboolean ret;
	g_autoptr(FlowBed) bed = fu_test_scsi_wb_flow_new_bed(user_data, &model);
	g_autoptr(GError) error = NULL;

	ret = flow_bed_enumerate(bed, &error);
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_NOT_SUPPORTED);
	g_assert_true(g_str_has_prefix(error->message, "no quirk row with ScsiWbMode names"));
	g_assert_false(ret);
	g_assert_cmpuint(flow_bed_count_commands(bed), ==, 0);
}

/* who asks gets INQUIRY and REPORT SUPPORTED OPERATION CODES, and no other command */
static void
fu_test_scsi_wb_flow_assert_asked(FlowBed *bed)
{
	g_assert_cmpuint(flow_bed_count_commands(bed), >, 1);
	g_assert_cmpuint(flow_bed_count_commands(bed),
			 ==,
			 flow_bed_count_opcode(bed, 0x12) + flow_bed_count_opcode(bed, 0xa3));
}

static void
fu_test_scsi_wb_flow_allowed_func(gconstpointer user_data)
{
	const FlowUnlistedRow *row = user_data;
	WbtModel model;
	gboolean ret;
	g_autoptr(FlowBed) bed = fu_test_scsi_wb_flow_new_bed(row, &model);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 200001);
	g_autoptr(GError) error = NULL;

	fu_scsi_wb_device_allow_unlisted(FU_SCSI_WB_DEVICE(bed->device));
	ret = flow_bed_enumerate(bed, &error);
	fu_test_scsi_wb_flow_assert_asked(bed);
	if (row->summary == NULL) {
		g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_NOT_SUPPORTED);
		g_assert_true(g_str_has_prefix(error->message, "no quirk row"));
		g_assert_false(ret);
		return;
	}
	g_assert_no_error(error);
	g_assert_true(ret);
	g_assert_cmpstr(fu_device_get_summary(bed->device), ==, row->summary);
	g_assert_true(fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_UPDATABLE));
	flow_bed_mark(bed);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	flow_bed_assert_uninterrupted(bed);
	g_assert_true(row->flag == 0 || fu_device_has_flag(bed->device, row->flag));
	if (row->flag == FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION)
		flow_bed_assert_activated(bed);
	if (row->flag == FWUPD_DEVICE_FLAG_NEEDS_SHUTDOWN)
		wbt_target_power_cycle(bed->target);
	g_assert_cmpstr(wbt_target_get_revision(bed->target), ==, "0002");
	g_assert_true(g_bytes_equal(wbt_target_get_committed(bed->target), image));
}

/* ATA and UFS stay with other plugins, and a device that cannot be told from another is left alone:
 * nothing is sent to either */
static void
fu_test_scsi_wb_flow_not_ours_func(void)
{
	const FlowUnlistedRow row = {.name = "std-deferred"};
	const gchar *reasons[] = {
	    "ATA and UFS devices are left to other plugins",
	    "no quirk row with ScsiWbMode names NOBODY STD-DEFERRED, and it has neither a serial "
	    "number nor a unique name",
	};
	for (guint i = 0; i < G_N_ELEMENTS(reasons); i++) {
		WbtModel model;
		gboolean ret;
		g_autoptr(FlowBed) bed = fu_test_scsi_wb_flow_new_bed(&row, &model);
		g_autoptr(GError) error = NULL;

		fu_scsi_wb_device_allow_unlisted(FU_SCSI_WB_DEVICE(bed->device));
		if (i == 0) {
			flow_bed_write_attr(bed, "vpd_pg89", "\0\x89", 2);
		} else {
			flow_bed_write_attr(bed, "vpd_pg80", "", 0);
			flow_bed_write_attr(bed, "vpd_pg83", "", 0);
		}
		ret = flow_bed_enumerate(bed, &error);
		g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_NOT_SUPPORTED);
		g_assert_cmpstr(error->message, ==, reasons[i]);
		g_assert_false(ret);
		g_assert_cmpuint(flow_bed_count_commands(bed), ==, 0);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/unlisted/refused",
			  rows,
			  fu_test_scsi_wb_flow_refused_func);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/unlisted/allowed",
			  rows,
			  fu_test_scsi_wb_flow_allowed_func);
	g_test_add_func("/scsi-wb/flow/unlisted/not-ours", fu_test_scsi_wb_flow_not_ours_func);
	return g_test_run();
}
