/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-bed.h"
#include "wbt-model.h"

/* firmware that is not activated by command: what the device is marked with, what brings the
 * firmware into use, and what is said of it after a reboot that did not */

#define FLOW_AUTO	"[SCSI\\VEN_WBSTD]\nScsiWbMode = auto\n"
#define FLOW_0D(events) "[SCSI\\VEN_WBSTD]\nScsiWbMode = 0x0d\nScsiWbModeSpecific = " events "\n"

#define FLOW_POWER_CYCLE                                                                           \
	"power cycle the enclosure: the device still runs revision 0001, and the new firmware "    \
	"comes into use only when its power has been off, which a reboot of this machine may not " \
	"do; if it has been off since the update, the device has dropped the new firmware: "       \
	"install it again"

typedef void (*FlowEvent)(WbtTarget *target);

/**
 * FlowActivationRow:
 * @name: of the row
 * @model: of the target
 * @has_command: the model keeps MODE 0Fh if it has it
 * @hard_reset_activates: HRA_SUP, where the model has none
 * @rows: the quirk row
 * @flag: what the device is marked with
 * @not_yet: (nullable): what does not bring the firmware into use
 * @event: what does
 **/
typedef struct {
	const gchar *name;
	const gchar *model;
	gboolean has_command;
	gboolean hard_reset_activates;
	const gchar *rows;
	FwupdDeviceFlags flag;
	FlowEvent not_yet;
	FlowEvent event;
} FlowActivationRow;

static const FlowActivationRow rows[] = {
    {.name = "power-on",
     .model = "std-power-on",
     .rows = FLOW_AUTO,
     .flag = FWUPD_DEVICE_FLAG_NEEDS_SHUTDOWN,
     .not_yet = wbt_target_hard_reset,
     .event = wbt_target_power_cycle},
    {.name = "reset",
     .model = "std-reset",
     .rows = FLOW_AUTO,
     .flag = FWUPD_DEVICE_FLAG_NEEDS_REBOOT,
     .event = wbt_target_hard_reset},
    {.name = "selected-power-on",
     .model = "std-events",
     .rows = FLOW_0D("4"),
     .flag = FWUPD_DEVICE_FLAG_NEEDS_SHUTDOWN,
     .not_yet = wbt_target_hard_reset,
     .event = wbt_target_power_cycle},
    {.name = "selected-reset",
     .model = "std-events",
     .rows = FLOW_0D("2"),
     .flag = FWUPD_DEVICE_FLAG_NEEDS_REBOOT,
     .not_yet = wbt_target_power_cycle,
     .event = wbt_target_hard_reset},
    {.name = "selected-with-command",
     .model = "std-events",
     .has_command = TRUE,
     .rows = FLOW_0D("4"),
     .flag = FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION,
     .not_yet = wbt_target_hard_reset,
     .event = wbt_target_power_cycle},
    {.name = "after-an-event",
     .model = "std-after-event",
     .rows = FLOW_AUTO,
     .flag = FWUPD_DEVICE_FLAG_NEEDS_SHUTDOWN,
     .event = wbt_target_power_cycle},
    {.name = "after-a-reset",
     .model = "std-after-event",
     .hard_reset_activates = TRUE,
     .rows = FLOW_AUTO,
     .flag = FWUPD_DEVICE_FLAG_NEEDS_REBOOT,
     .event = wbt_target_hard_reset},
};

/* MODE 0Fh stands last in the models' tables */
static FlowBed *
fu_test_scsi_wb_flow_new_bed(const FlowActivationRow *row, WbtModel *model)
{
	*model = *wbt_model_find(row->model);
	model->hard_reset_activates |= row->hard_reset_activates;
	if (!row->has_command && model->rules[model->n_rules - 1].mode == WBT_MODE_ACTIVATE)
		model->n_rules--;
	return flow_bed_new_for_model(model, row->rows);
}

/* what the user is told at the end of the update */
static void
fu_test_scsi_wb_flow_request_cb(FuDevice *device, FwupdRequest *request, gpointer user_data)
{
	guint *requests = user_data;

	g_assert_cmpint(fwupd_request_get_kind(request), ==, FWUPD_REQUEST_KIND_POST);
	g_assert_cmpstr(fwupd_request_get_id(request), ==, FWUPD_REQUEST_ID_REPLUG_POWER);
	g_assert_nonnull(strstr(fwupd_request_get_message(request), "switched off and on"));
	(*requests)++;
}

static void
fu_test_scsi_wb_flow_event_func(gconstpointer user_data)
{
	const FlowActivationRow *row = user_data;
	const FwupdDeviceFlags all = FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION |
				     FWUPD_DEVICE_FLAG_NEEDS_REBOOT |
				     FWUPD_DEVICE_FLAG_NEEDS_SHUTDOWN;
	guint requests = 0;
	WbtModel model;
	g_autoptr(FlowBed) bed = fu_test_scsi_wb_flow_new_bed(row, &model);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 100001);

	flow_bed_assert_enumerated(bed);
	g_signal_connect(bed->device,
			 "request",
			 G_CALLBACK(fu_test_scsi_wb_flow_request_cb),
			 &requests);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	g_assert_cmphex(fu_device_get_flags(bed->device) & all, ==, row->flag);
	g_assert_cmpuint(requests, ==, row->flag == FWUPD_DEVICE_FLAG_NEEDS_SHUTDOWN ? 1 : 0);
	g_assert_cmpstr(wbt_target_get_revision(bed->target), ==, "0001");
	if (row->not_yet != NULL)
		row->not_yet(bed->target);
	g_assert_cmpstr(wbt_target_get_revision(bed->target), ==, "0001");
	row->event(bed->target);
	g_assert_cmpstr(wbt_target_get_revision(bed->target), ==, "0002");
	g_assert_true(g_bytes_equal(wbt_target_get_committed(bed->target), image));
}

/* a row that selects no event, for a device without the command: nothing would ever activate it */
static void
fu_test_scsi_wb_flow_never_func(void)
{
	const FlowActivationRow row = {.model = "std-events", .rows = FLOW_0D("0")};
	WbtModel model;
	gboolean ret;
	g_autoptr(FlowBed) bed = fu_test_scsi_wb_flow_new_bed(&row, &model);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 100001);
	g_autoptr(GError) error = NULL;

	flow_bed_assert_enumerated(bed);
	ret = flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error);
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_NOT_SUPPORTED);
	g_assert_cmpstr(error->message,
			==,
			"the device has no command that activates its firmware (VPD page 86h), and "
			"the quirk row selects no event that would: set ScsiWbModeSpecific");
	g_assert_false(ret);
	g_assert_cmpuint(flow_bed_count_segments(bed), ==, 0);
	flow_bed_assert_untouched(bed);
}

/* 00/00/22 with the last segment, of a device that says nothing else: it has the firmware, and does
 * not run it */
static void
fu_test_scsi_wb_flow_pending_sense_func(void)
{
	static const WbtModeRule rules_07_0f[] = {
	    {.mode = WBT_MODE_DOWNLOAD_OFFSETS_SAVE,
	     .end = WBT_END_IMAGE_ARRIVED,
	     .effect = WBT_EFFECT_SAVE_RUN},
	    {.mode = WBT_MODE_ACTIVATE, .end = WBT_END_NO_DOWNLOAD},
	};
	WbtModel model = *wbt_model_find("std-after-event");
	g_autoptr(FlowBed) bed = NULL;
	g_autoptr(GBytes) image = NULL;

	model.rules = rules_07_0f;
	model.n_rules = G_N_ELEMENTS(rules_07_0f);
	model.says_pending = TRUE;
	model.vpd_extended = FALSE;
	bed = flow_bed_new_for_model(&model, FLOW_AUTO);
	image = flow_bed_new_image(bed, "0002", 50000);
	flow_bed_assert_enumerated(bed);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	g_assert_true(fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION));
	g_assert_cmpuint(bed->slept_ms, ==, 0);
	g_assert_cmpstr(wbt_target_get_revision(bed->target), ==, "0001");
	flow_bed_assert_activated(bed);
	flow_bed_assert_updated(bed, image, "0002");
}

static void
fu_test_scsi_wb_flow_assert_results(FlowBed *bed, FwupdError code, const gchar *message)
{
	gboolean ret;
	g_autoptr(GError) error = NULL;

	flow_bed_mark(bed);
	ret = fu_device_get_results(bed->device, &error);
	g_assert_error(error, FWUPD_ERROR, (gint)code);
	g_assert_cmpstr(error->message, ==, message);
	g_assert_false(ret);
	g_assert_cmpuint(flow_bed_count_segments(bed), ==, 0);
}

/* what the daemon asks after a reboot if the device runs what it ran before */
static void
fu_test_scsi_wb_flow_results_func(void)
{
	g_autoptr(FlowBed) bed = flow_bed_new("std-power-on", FLOW_AUTO);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 50000);

	flow_bed_assert_enumerated(bed);
	fu_test_scsi_wb_flow_assert_results(bed, FWUPD_ERROR_NEEDS_USER_ACTION, FLOW_POWER_CYCLE);
	g_assert_true(fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_SHUTDOWN));
	g_assert_false(fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_UPDATABLE));
	g_assert_cmpstr(fu_device_get_update_error(bed->device), ==, FLOW_POWER_CYCLE);

	/* the user follows the advice to install it again */
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	g_assert_true(fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_UPDATABLE));
	g_assert_null(fu_device_get_update_error(bed->device));
}

/* a row that has changed meanwhile: what was waited for is of no interest once the firmware runs */
static void
fu_test_scsi_wb_flow_results_over_func(void)
{
	g_autoptr(FlowBed) bed = flow_bed_new("std-silent", FLOW_AUTO);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", 50000);

	flow_bed_assert_enumerated(bed);
	fu_device_add_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_SHUTDOWN);
	fu_device_inhibit(bed->device, "scsi-wb-pending", FLOW_POWER_CYCLE);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	flow_bed_assert_updated(bed, image, "0002");
	g_assert_false(fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_SHUTDOWN));
	g_assert_true(fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_UPDATABLE));
}

/* nothing to wait for: the daemon may say that the update has failed */
static void
fu_test_scsi_wb_flow_results_failed_func(gconstpointer user_data)
{
	g_autoptr(FlowBed) bed = flow_bed_new(user_data, FLOW_AUTO);

	flow_bed_assert_enumerated(bed);
	fu_test_scsi_wb_flow_assert_results(
	    bed,
	    FWUPD_ERROR_NOT_SUPPORTED,
	    "the device activates firmware without a reset or power cycle");
	g_assert_true(fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_UPDATABLE));
	g_assert_null(fu_device_get_update_error(bed->device));
}

/* a device that cannot be asked has not failed either */
static void
fu_test_scsi_wb_flow_results_gone_func(void)
{
	g_autoptr(FlowBed) bed = flow_bed_new("std-power-on", FLOW_AUTO);

	flow_bed_assert_enumerated(bed);
	flow_bed_set_faults(bed, "command 1 vanish");
	fu_test_scsi_wb_flow_assert_results(
	    bed,
	    FWUPD_ERROR_NOT_REACHABLE,
	    "INQUIRY: the device is gone (host status 0x01, "
	    "no-connect): check that it has power and its cable, then "
	    "update again");
}

/* the daemon restarts: it knows that the device waits for a reboot, and no more */
static void
fu_test_scsi_wb_flow_restore_func(gconstpointer user_data)
{
	const FlowActivationRow *row = user_data;
	WbtModel model;
	g_autoptr(FlowBed) bed = fu_test_scsi_wb_flow_new_bed(row, &model);

	flow_bed_assert_enumerated(bed);
	fu_device_set_update_state(bed->device, FWUPD_UPDATE_STATE_SUCCESS);
	g_assert_false(fu_device_has_flag(bed->device, row->flag));
	fu_device_set_update_state(bed->device, FWUPD_UPDATE_STATE_NEEDS_REBOOT);
	g_assert_true(fu_device_has_flag(bed->device, row->flag));
	g_assert_cmpuint(flow_bed_count_segments(bed), ==, 0);

	/* once it is marked it is not asked again */
	flow_bed_mark(bed);
	fu_device_set_update_state(bed->device, FWUPD_UPDATE_STATE_UNKNOWN);
	fu_device_set_update_state(bed->device, FWUPD_UPDATE_STATE_NEEDS_REBOOT);
	g_assert_cmpuint(flow_bed_count_commands(bed), ==, 0);
}

int
main(int argc, char **argv)
{
	const gchar *failed[] = {"std-silent", "std-deferred"};

	g_test_init(&argc, &argv, NULL);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/activation/event", rows, fu_test_scsi_wb_flow_event_func);
	g_test_add_func("/scsi-wb/flow/activation/never", fu_test_scsi_wb_flow_never_func);
	g_test_add_func("/scsi-wb/flow/activation/pending-sense",
			fu_test_scsi_wb_flow_pending_sense_func);
	g_test_add_func("/scsi-wb/flow/activation/results", fu_test_scsi_wb_flow_results_func);
	g_test_add_func("/scsi-wb/flow/activation/results/over",
			fu_test_scsi_wb_flow_results_over_func);
	g_test_add_func("/scsi-wb/flow/activation/results/gone",
			fu_test_scsi_wb_flow_results_gone_func);
	for (guint i = 0; i < G_N_ELEMENTS(failed); i++) {
		g_autofree gchar *name =
		    g_strdup_printf("/scsi-wb/flow/activation/results/%s", failed[i]);
		g_test_add_data_func(name, failed[i], fu_test_scsi_wb_flow_results_failed_func);
	}
	for (guint i = 0; i < 2; i++) {
		g_autofree gchar *name =
		    g_strdup_printf("/scsi-wb/flow/activation/restore/%s", rows[i].name);
		g_test_add_data_func(name, &rows[i], fu_test_scsi_wb_flow_restore_func);
	}
	return g_test_run();
}
