/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <glib/gstdio.h>

#include "flow-bed.h"
#include "wbt-model.h"

/* a target with two logical units that have their firmware in common: one cabinet matches both */

#define ROWS	    "[SCSI\\VEN_WBSTD]\nScsiWbMode = auto\n"
#define UNIT_SECOND "host0/target0:0:0/0:0:0:1"
#define UNIT_OTHER  "host0/target0:0:1/0:0:1:0"
#define MLU_ONE	    1
#define MLU_ALL	    3

typedef struct {
	WbtOpcodeReport report;
	WbtModel model;
	FlowBed *bed;
	FuDevice *first;
	FuDevice *second;
} FlowShare;

/* the simulated target has one name only, which would make both one logical unit */
static void
fu_test_scsi_wb_flow_share_forget_name(const gchar *node_dir)
{
	g_autofree gchar *path = g_build_filename(node_dir, "device", "vpd_pg83", NULL);
	g_assert_cmpint(g_remove(path), ==, 0);
}

static FlowShare *
fu_test_scsi_wb_flow_share_new(const gchar *name, guint8 mlu, const gchar *unit)
{
	FlowShare *self = g_new0(FlowShare, 1);
	g_autofree gchar *node_dir = NULL;

	self->model = *wbt_model_find(name);
	self->report = *wbt_model_find("std-rsoc")->opcode_report;
	self->report.mlu = mlu;
	self->model.opcode_report = &self->report;
	self->bed = flow_bed_new_for_model(&self->model, ROWS);
	self->first = self->bed->device;
	node_dir = flow_bed_add_node(self->bed, unit, "sg1");
	fu_test_scsi_wb_flow_share_forget_name(node_dir);
	self->second = flow_bed_new_device(self->bed, node_dir);
	flow_bed_assert_enumerated(self->bed);
	self->bed->device = self->second;
	flow_bed_assert_enumerated(self->bed);
	self->bed->device = self->first;
	return self;
}

static void
fu_test_scsi_wb_flow_share_free(FlowShare *self)
{
	self->bed->device = self->first;
	g_object_unref(self->second);
	flow_bed_free(self->bed);
	g_free(self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FlowShare, fu_test_scsi_wb_flow_share_free)

/* as the plugin does after every update */
static void
fu_test_scsi_wb_flow_share_cleanup(FlowShare *self)
{
	fu_scsi_wb_device_share(FU_SCSI_WB_DEVICE(self->first), FU_SCSI_WB_DEVICE(self->first));
	fu_scsi_wb_device_share(FU_SCSI_WB_DEVICE(self->first), FU_SCSI_WB_DEVICE(self->second));
	self->bed->device = self->second;
	flow_bed_mark(self->bed);
}

static void
fu_test_scsi_wb_flow_share_once_func(void)
{
	g_autoptr(FlowShare) self =
	    fu_test_scsi_wb_flow_share_new("std-rsoc", MLU_ALL, UNIT_SECOND);
	g_autoptr(GBytes) image = flow_bed_new_image(self->bed, "0002", 200001);

	flow_bed_assert_installed(self->bed, image, FWUPD_INSTALL_FLAG_NONE);
	fu_test_scsi_wb_flow_share_cleanup(self);
	g_assert_cmpstr(fu_device_get_version(self->second), ==, "0002");
	flow_bed_assert_installed(self->bed, image, FWUPD_INSTALL_FLAG_NONE);
	g_assert_cmpuint(flow_bed_count_opcode(self->bed, 0x3b), ==, 0);
	g_assert_cmpstr(fu_device_get_version(self->second), ==, "0002");

	/* who asks once more means it */
	flow_bed_assert_installed(self->bed, image, FWUPD_INSTALL_FLAG_ALLOW_REINSTALL);
	g_assert_cmpuint(flow_bed_count_opcode(self->bed, 0x3b), >, 0);
}

static void
fu_test_scsi_wb_flow_share_other_image_func(void)
{
	g_autoptr(FlowShare) self =
	    fu_test_scsi_wb_flow_share_new("std-rsoc", MLU_ALL, UNIT_SECOND);
	g_autoptr(GBytes) image = flow_bed_new_image(self->bed, "0002", 200001);
	g_autoptr(GBytes) image_other = flow_bed_new_image(self->bed, "0003", 200001);

	flow_bed_assert_installed(self->bed, image, FWUPD_INSTALL_FLAG_NONE);
	fu_test_scsi_wb_flow_share_cleanup(self);
	flow_bed_assert_installed(self->bed, image_other, FWUPD_INSTALL_FLAG_NONE);
	g_assert_cmpstr(wbt_target_get_revision(self->bed->target), ==, "0003");
	g_assert_cmpstr(fu_device_get_version(self->second), ==, "0003");
}

/* both are marked as waiting, and one command activates both */
static void
fu_test_scsi_wb_flow_share_deferred_func(void)
{
	g_autoptr(FlowShare) self =
	    fu_test_scsi_wb_flow_share_new("std-deferred", MLU_ALL, UNIT_SECOND);
	g_autoptr(GBytes) image = flow_bed_new_image(self->bed, "0002", 200001);

	flow_bed_assert_installed(self->bed, image, FWUPD_INSTALL_FLAG_NONE);
	fu_test_scsi_wb_flow_share_cleanup(self);
	flow_bed_assert_installed(self->bed, image, FWUPD_INSTALL_FLAG_NONE);
	g_assert_cmpuint(flow_bed_count_opcode(self->bed, 0x3b), ==, 0);
	g_assert_true(fu_device_has_flag(self->second, FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION));
	self->bed->device = self->first;
	flow_bed_assert_activated(self->bed);
	self->bed->device = self->second;
	flow_bed_assert_activated(self->bed);
	g_assert_cmpuint(flow_bed_count_opcode(self->bed, 0x3b), ==, 1);
	g_assert_cmpstr(fu_device_get_version(self->first), ==, "0002");
	g_assert_cmpstr(fu_device_get_version(self->second), ==, "0002");
	g_assert_cmpuint(wbt_target_get_activations(self->bed->target), ==, 1);
}

/* nothing is said of a logical unit that is on its own, of another target, or after a failure */
static void
fu_test_scsi_wb_flow_share_not_func(void)
{
	const struct {
		const gchar *name;
		guint8 mlu;
		const gchar *unit;
		const gchar *faults;
	} rows[] = {
	    {"one-unit", MLU_ONE, UNIT_SECOND, NULL},
	    {"other-target", MLU_ALL, UNIT_OTHER, NULL},
	    {"failed", MLU_ALL, UNIT_SECOND, "segment 3 sense 5/26/00"},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(FlowShare) self =
		    fu_test_scsi_wb_flow_share_new("std-rsoc", rows[i].mlu, rows[i].unit);
		g_autoptr(GBytes) image = flow_bed_new_image(self->bed, "0002", 200001);

		g_test_message("row: %s", rows[i].name);
		if (rows[i].faults != NULL)
			flow_bed_set_faults(self->bed, rows[i].faults);
		g_assert_true(flow_bed_install(self->bed, image, FWUPD_INSTALL_FLAG_NONE, NULL) ==
			      (rows[i].faults == NULL));
		fu_test_scsi_wb_flow_share_cleanup(self);
		g_assert_cmpuint(flow_bed_count_commands(self->bed), ==, 0);
		g_assert_cmpstr(fu_device_get_version(self->second), ==, "0001");
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/flow/share/once", fu_test_scsi_wb_flow_share_once_func);
	g_test_add_func("/scsi-wb/flow/share/other-image",
			fu_test_scsi_wb_flow_share_other_image_func);
	g_test_add_func("/scsi-wb/flow/share/deferred", fu_test_scsi_wb_flow_share_deferred_func);
	g_test_add_func("/scsi-wb/flow/share/not", fu_test_scsi_wb_flow_share_not_func);
	return g_test_run();
}
