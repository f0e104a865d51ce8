/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-shelf-rig.h"
#include "fu-device-private.h"

/* one cabinet for several devices: the first one alone, then the others at the same time */

#define COUNT	 9
#define PARALLEL 4

static gchar *
fu_test_scsi_wb_flow_shelf_list_commands(FlowBed *bed)
{
	GString *str = g_string_new(NULL);

	for (gsize i = bed->mark; i < wbt_target_log_count(bed->target); i++) {
		const WbtLogEntry *entry = wbt_target_log_get(bed->target, i);
		g_autofree gchar *cdb =
		    fu_scsi_wb_transport_describe_cdb(entry->cdb, entry->cdb_bytes, " ");
		g_string_append_printf(str, "%s\n", cdb);
	}
	return g_string_free(str, FALSE);
}

/* each device gets the very commands that the first one got, which nobody disturbed */
static void
fu_test_scsi_wb_flow_shelf_assert_alike(FlowShelf *self)
{
	g_autofree gchar *expected =
	    fu_test_scsi_wb_flow_shelf_list_commands(flow_shelf_get_bed(self, 0));

	for (guint i = 1; i < self->beds->len; i++) {
		g_autofree gchar *got =
		    fu_test_scsi_wb_flow_shelf_list_commands(flow_shelf_get_bed(self, i));
		g_assert_cmpstr(got, ==, expected);
	}
}

static void
fu_test_scsi_wb_flow_shelf_assert_installed(FlowShelf *self, guint parallel)
{
	g_autoptr(GError) error = NULL;
	gboolean ret = flow_shelf_install(self, parallel, &error);

	g_assert_no_error(error);
	g_assert_true(ret);
	g_assert_cmpuint(flow_shelf_count_updated(self), ==, self->beds->len);
	flow_shelf_assert_true(self);
}

static void
fu_test_scsi_wb_flow_shelf_together_func(void)
{
	g_autoptr(FlowShelf) self = flow_shelf_new("std-rsoc", COUNT);

	self->meet = PARALLEL;
	fu_test_scsi_wb_flow_shelf_assert_installed(self, PARALLEL);
	g_assert_false(self->is_alone);
	g_assert_cmpuint(self->inside_max, ==, PARALLEL);
	g_assert_cmpuint(self->came, ==, COUNT - 1);
	for (guint i = 1; i < COUNT; i++)
		g_assert_true(flow_shelf_went_before(self, 0, i));
	fu_test_scsi_wb_flow_shelf_assert_alike(self);
}

static void
fu_test_scsi_wb_flow_shelf_one_by_one_func(void)
{
	g_autoptr(FlowShelf) self = flow_shelf_new("std-rsoc", 3);

	fu_test_scsi_wb_flow_shelf_assert_installed(self, 1);
	g_assert_cmpuint(self->inside_max, ==, 1);
	fu_test_scsi_wb_flow_shelf_assert_alike(self);
}

/* nothing restarts: all are sent the image, and wait for their activation */
static void
fu_test_scsi_wb_flow_shelf_deferred_func(void)
{
	g_autoptr(FlowShelf) self = flow_shelf_new("std-deferred", 1 + PARALLEL);
	g_autoptr(GError) error = NULL;
	gboolean ret;

	self->meet = PARALLEL;
	ret = flow_shelf_install(self, PARALLEL, &error);
	g_assert_no_error(error);
	g_assert_true(ret);
	g_assert_false(self->is_alone);
	for (guint i = 0; i < self->beds->len; i++) {
		FlowBed *bed = flow_shelf_get_bed(self, i);
		GBytes *deferred = wbt_target_get_deferred(bed->target);

		g_assert_true(fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION));
		g_assert_nonnull(deferred);
		g_assert_true(g_bytes_equal(deferred, self->image));
		flow_bed_assert_activated(bed);
		flow_bed_assert_updated(bed, self->image, "0002");
	}
}

/* refused, accepted but not used, and gone for good: whatever the first one does, no other one is
 * sent anything */
static void
fu_test_scsi_wb_flow_shelf_canary_func(void)
{
	const gchar *const scripts[] = {
	    "segment 1 sense 5/26/00",
	    "segment 3 sense 5/26/00",
	    "segment 3 sense 4/3e/01",
	    "segment 1 stuck-revision",
	    "segment 2 vanish",
	};

	for (guint i = 0; i < G_N_ELEMENTS(scripts); i++) {
		g_autoptr(FlowShelf) self = flow_shelf_new("std-rsoc", 3);
		g_autoptr(GError) error = NULL;

		g_test_message("first device: %s", scripts[i]);
		flow_bed_set_faults(flow_shelf_get_bed(self, 0), scripts[i]);
		g_assert_false(flow_shelf_install(self, PARALLEL, &error));
		g_assert_nonnull(error);
		g_assert_cmpuint(self->walked, ==, 1);
		g_assert_cmpuint(flow_shelf_count_untouched(self), ==, 2);
	}
}

static const gchar *const faults[] = {
    "sense 5/26/00",
    "sense 5/24/00",
    "sense 4/44/00",
    "sense 2/04/00",
    "sense 6/29/00",
    "sense 7/27/00",
    "sense b/47/00",
    "status 18",
    "status 08",
    "host 03",
    "host 07",
    "errno 12",
    "hang 900000",
    "vanish",
    "reset",
    "power-loss",
    "residual 512",
    "stuck-revision",
};

/* what was not asked for anything is as it was, what was is whole, and the list tells the truth;
 * only of the one that had the fault that may be too much to ask */
static void
fu_test_scsi_wb_flow_shelf_assert_unharmed(FlowShelf *self, guint idx_bad)
{
	for (guint i = 0; i < self->beds->len; i++) {
		FlowBed *bed = flow_shelf_get_bed(self, i);

		g_assert_false(
		    fu_device_has_problem(bed->device, FWUPD_DEVICE_PROBLEM_UPDATE_IN_PROGRESS));
		if (i == idx_bad)
			continue;
		if (flow_bed_count_commands(bed) == 0)
			flow_bed_assert_untouched(bed);
		else
			flow_bed_assert_updated(bed, self->image, "0002");
	}
}

static void
fu_test_scsi_wb_flow_shelf_try_fault(const gchar *fault, guint segment, guint idx_bad)
{
	g_autofree gchar *script = g_strdup_printf("segment %u %s", segment, fault);
	g_autoptr(FlowShelf) self = flow_shelf_new("std-rsoc", 4);
	g_autoptr(GError) error = NULL;
	gboolean ret;

	g_test_message("device %u: %s", idx_bad, script);
	flow_bed_set_faults(flow_shelf_get_bed(self, idx_bad), script);
	ret = flow_shelf_install(self, PARALLEL, &error);
	g_assert_true(ret == (error == NULL));
	fu_test_scsi_wb_flow_shelf_assert_unharmed(self, idx_bad);
	if (ret) {
		g_assert_cmpuint(self->walked, ==, 4);
		g_assert_cmpuint(flow_shelf_count_updated(self), ==, 4);
		return;
	}
	g_assert_cmpuint(self->walked, ==, idx_bad + 1);
	if (idx_bad == 0)
		g_assert_cmpuint(flow_shelf_count_untouched(self), ==, 3);
}

/* each fault at the first, a middle and the last segment, of the first device and of another one */
static void
fu_test_scsi_wb_flow_shelf_faults_func(void)
{
	const guint segments[] = {1, 3, 7};

	for (guint i = 0; i < G_N_ELEMENTS(faults); i++) {
		for (guint j = 0; j < G_N_ELEMENTS(segments); j++) {
			fu_test_scsi_wb_flow_shelf_try_fault(faults[i], segments[j], 0);
			fu_test_scsi_wb_flow_shelf_try_fault(faults[i], segments[j], 2);
		}
	}
}

/* one that fails keeps those from beginning that have not, and harms none that has: with four at a
 * time and one of the first four failing, the last four wait for each other in vain */
static void
fu_test_scsi_wb_flow_shelf_member_func(void)
{
	g_autoptr(FlowShelf) self = flow_shelf_new("std-rsoc", COUNT);
	FlowBed *bed_bad = flow_shelf_get_bed(self, 2);
	g_autoptr(GError) error = NULL;

	flow_bed_set_faults(bed_bad, "segment 3 sense 5/26/00");
	g_assert_false(flow_shelf_install(self, PARALLEL, &error));
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_INVALID_FILE);
	g_assert_nonnull(strstr(error->message, "segment 3 of "));
	g_assert_cmpuint(self->walked, ==, 3);
	flow_bed_assert_untouched(bed_bad);
	flow_shelf_assert_true(self);
	g_assert_cmpuint(flow_shelf_count_updated(self) + flow_shelf_count_untouched(self),
			 ==,
			 COUNT - 1);
	g_assert_cmpuint(flow_shelf_count_updated(self), >=, 2);

	/* repaired: those that have it are not in the way, and the others get it */
	for (guint i = 0; i < self->beds->len; i++)
		flow_bed_mark(flow_shelf_get_bed(self, i));
	for (guint i = self->beds->len; i > 0; i--) {
		FlowBed *bed = flow_shelf_get_bed(self, i - 1);
		if (g_strcmp0(fu_device_get_version(bed->device), "0002") == 0)
			g_ptr_array_remove_index(self->beds, i - 1);
	}
	fu_test_scsi_wb_flow_shelf_assert_installed(self, PARALLEL);
}

/* two fail at the same time: fwupd hears of the first one, and the list knows of both */
static void
fu_test_scsi_wb_flow_shelf_two_fail_func(void)
{
	g_autoptr(FlowShelf) self = flow_shelf_new("std-rsoc", 1 + PARALLEL);
	FuDevice *device_last = flow_shelf_get_bed(self, PARALLEL)->device;
	g_autoptr(GError) error = NULL;

	self->meet = PARALLEL;
	flow_bed_set_faults(flow_shelf_get_bed(self, 1), "segment 2 sense 5/26/00");
	flow_bed_set_faults(flow_shelf_get_bed(self, PARALLEL), "segment 3 sense 4/44/00");
	g_assert_false(flow_shelf_install(self, PARALLEL, &error));
	g_assert_nonnull(strstr(error->message, "segment 2 of "));
	g_assert_cmpuint(self->walked, ==, 2);
	g_assert_cmpuint(flow_shelf_count_updated(self), ==, PARALLEL - 1);
	flow_shelf_assert_true(self);
	g_assert_cmpint(fu_device_get_update_state(device_last), ==, FWUPD_UPDATE_STATE_FAILED);
	g_assert_nonnull(strstr(fu_device_get_update_error(device_last), "segment 3 of "));
}

/* fwupd does not come to the last one, which waits for a reset all the same, and says so */
static void
fu_test_scsi_wb_flow_shelf_waits_func(void)
{
	g_autoptr(FlowShelf) self = flow_shelf_new("std-reset", 3);
	FuDevice *device_last = flow_shelf_get_bed(self, 2)->device;

	self->meet = 2;
	flow_bed_set_faults(flow_shelf_get_bed(self, 1), "segment 2 sense 5/26/00");
	g_assert_false(flow_shelf_install(self, PARALLEL, NULL));
	g_assert_cmpuint(self->walked, ==, 2);
	g_assert_true(fu_device_has_flag(device_last, FWUPD_DEVICE_FLAG_NEEDS_REBOOT));
	g_assert_cmpint(fu_device_get_update_state(device_last),
			==,
			FWUPD_UPDATE_STATE_NEEDS_REBOOT);
}

/* who restarts into nothing has failed, and those that are back have not */
static void
fu_test_scsi_wb_flow_shelf_lost_func(void)
{
	g_autoptr(FlowShelf) self = flow_shelf_new("std-rsoc", 1 + PARALLEL);
	FlowBed *bed_bad = flow_shelf_get_bed(self, 1);
	g_autoptr(GError) error = NULL;

	self->meet = PARALLEL;
	flow_bed_set_faults(bed_bad, "segment 4 vanish");
	g_assert_false(flow_shelf_install(self, PARALLEL, &error));
	g_assert_nonnull(error);
	g_assert_cmpuint(flow_shelf_count_updated(self), ==, PARALLEL);
}

static void
fu_test_scsi_wb_flow_shelf_use(FlowShelf *self, FlowBed *bed)
{
	g_autofree gchar *holder =
	    g_build_filename(bed->unit_dir, "block", "sda", "holders", "md0", NULL);
	g_assert_cmpint(g_mkdir_with_parents(holder, 0755), ==, 0);
}

static void
fu_test_scsi_wb_flow_shelf_let_wait(FlowShelf *self, FlowBed *bed)
{
	fu_device_add_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION);
}

static void
fu_test_scsi_wb_flow_shelf_add_guid(FlowShelf *self, FlowBed *bed)
{
	fu_device_add_instance_id(bed->device, "SCSI\\VEN_OTHER");
	fu_device_convert_instance_ids(bed->device);
}

/* of another kind, or with a reason to go alone: it waits until it is its turn */
static void
fu_test_scsi_wb_flow_shelf_alone_func(void)
{
	const struct {
		const gchar *name;
		void (*change)(FlowShelf *self, FlowBed *bed);
		const gchar *rows;
		gboolean is_refused;
	} rows[] = {
	    {"in-use", fu_test_scsi_wb_flow_shelf_use, NULL, TRUE},
	    {"pending", fu_test_scsi_wb_flow_shelf_let_wait, NULL, FALSE},
	    {"guids", fu_test_scsi_wb_flow_shelf_add_guid, NULL, FALSE},
	    {"profile",
	     NULL,
	     "[SCSI\\VEN_WBSTD]\nScsiWbMode = auto\nScsiWbChunkSize = 4096\n",
	     FALSE},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(FlowShelf) self = flow_shelf_new("std-rsoc", rows[i].rows ? 2 : 3);
		FlowBed *bed = rows[i].rows != NULL ? flow_shelf_add(self, "std-rsoc", rows[i].rows)
						    : flow_shelf_get_bed(self, 2);
		g_autoptr(GError) error = NULL;

		g_test_message("row: %s", rows[i].name);
		if (rows[i].change != NULL)
			rows[i].change(self, bed);
		g_assert_true(flow_shelf_install(self, PARALLEL, &error) == !rows[i].is_refused);
		g_assert_cmpuint(self->inside_max, ==, 1);
		g_assert_cmpuint(flow_shelf_count_updated(self), ==, rows[i].is_refused ? 2 : 3);
		flow_shelf_assert_true(self);
	}
}

/* two kinds in one transaction: each has its own first device */
static void
fu_test_scsi_wb_flow_shelf_two_kinds_func(void)
{
	const gchar *rows = "[SCSI\\VEN_WBSTD]\nScsiWbMode = auto\nScsiWbChunkSize = 4096\n";
	g_autoptr(FlowShelf) self = flow_shelf_new("std-rsoc", 2);

	flow_shelf_add(self, "std-rsoc", rows);
	flow_shelf_add(self, "std-rsoc", rows);
	flow_shelf_add(self, "std-rsoc", rows);
	fu_test_scsi_wb_flow_shelf_assert_installed(self, PARALLEL);
	g_assert_true(flow_shelf_went_before(self, 0, 1));
	g_assert_true(flow_shelf_went_before(self, 2, 3));
	g_assert_true(flow_shelf_went_before(self, 2, 4));
}

/* where there is nothing to do at the same time, or order matters, there is no shelf */
static void
fu_test_scsi_wb_flow_shelf_none_func(void)
{
	g_autoptr(FlowShelf) self = flow_shelf_new("std-rsoc", 2);
	FuDevice *device = flow_shelf_get_bed(self, 0)->device;
	FuDevice *device_other = flow_shelf_get_bed(self, 1)->device;
	g_autoptr(GPtrArray) devices = g_ptr_array_new();
	g_autoptr(FuScsiWbShelf) shelf = NULL;

	g_ptr_array_add(devices, device);
	g_assert_null(fu_scsi_wb_shelf_new(devices, PARALLEL));
	g_ptr_array_add(devices, device_other);
	g_assert_null(fu_scsi_wb_shelf_new(devices, 1));
	shelf = fu_scsi_wb_shelf_new(devices, 2);
	g_assert_nonnull(shelf);
	g_assert_false(fu_scsi_wb_device_is_busy(FU_SCSI_WB_DEVICE(device)));
	g_ptr_array_add(devices, device);
	g_assert_null(fu_scsi_wb_shelf_new(devices, PARALLEL));
	g_ptr_array_set_size(devices, 2);
	fu_device_add_flag(device_other, FWUPD_DEVICE_FLAG_EMULATED);
	g_assert_null(fu_scsi_wb_shelf_new(devices, PARALLEL));
}

static void
fu_test_scsi_wb_flow_shelf_parallel_func(void)
{
	const struct {
		const gchar *value;
		guint parallel;
	} rows[] = {
	    {"1", 1},
	    {"8", 8},
	    {"256", 256},
	    {"0", 0},
	    {"257", 0},
	    {"-1", 0},
	    {"many", 0},
	    {"", 0},
	    {NULL, 0},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("row: %s", rows[i].value);
		if (rows[i].parallel == 0)
			g_test_expect_message("FuPluginScsiWb",
					      G_LOG_LEVEL_WARNING,
					      "ParallelDevices below [scsi_wb] in fwupd.conf "
					      "is no number from 1 to 256, so devices are updated "
					      "one by one: *");
		g_assert_cmpuint(fu_scsi_wb_shelf_parse_parallel(rows[i].value),
				 ==,
				 MAX(rows[i].parallel, 1));
		g_test_assert_expected_messages();
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/flow/shelf/together", fu_test_scsi_wb_flow_shelf_together_func);
	g_test_add_func("/scsi-wb/flow/shelf/one-by-one",
			fu_test_scsi_wb_flow_shelf_one_by_one_func);
	g_test_add_func("/scsi-wb/flow/shelf/deferred", fu_test_scsi_wb_flow_shelf_deferred_func);
	g_test_add_func("/scsi-wb/flow/shelf/canary", fu_test_scsi_wb_flow_shelf_canary_func);
	g_test_add_func("/scsi-wb/flow/shelf/faults", fu_test_scsi_wb_flow_shelf_faults_func);
	g_test_add_func("/scsi-wb/flow/shelf/member", fu_test_scsi_wb_flow_shelf_member_func);
	g_test_add_func("/scsi-wb/flow/shelf/two-fail", fu_test_scsi_wb_flow_shelf_two_fail_func);
	g_test_add_func("/scsi-wb/flow/shelf/waits", fu_test_scsi_wb_flow_shelf_waits_func);
	g_test_add_func("/scsi-wb/flow/shelf/lost", fu_test_scsi_wb_flow_shelf_lost_func);
	g_test_add_func("/scsi-wb/flow/shelf/alone", fu_test_scsi_wb_flow_shelf_alone_func);
	g_test_add_func("/scsi-wb/flow/shelf/two-kinds", fu_test_scsi_wb_flow_shelf_two_kinds_func);
	g_test_add_func("/scsi-wb/flow/shelf/none", fu_test_scsi_wb_flow_shelf_none_func);
	g_test_add_func("/scsi-wb/flow/shelf/parallel", fu_test_scsi_wb_flow_shelf_parallel_func);
	return g_test_run();
}
