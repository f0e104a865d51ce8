/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <stdlib.h>

#include "flow-dry.h"
#include "flow-matrix.h"
#include "fu-scsi-wb-struct.h"
#include "wbt-model.h"

/* nothing is lost: every fault of flow-matrix-faults.c at every command of an update, for every
 * model of the target */

#define FLOW_MATRIX_REVISION	  "0002"
#define FLOW_MATRIX_REVISION_NEXT "0003"

/* with it most devices need several segments, and a device that wants all in one command has one */
#define FLOW_MATRIX_PROBE_BYTES (4 * 1024 * 1024)
#define FLOW_MATRIX_WHOLE_BYTES 10240
#define FLOW_MATRIX_SEGMENTS	3

/* who refused, or what is wrong with the row or the image */
#define FLOW_MATRIX_WHO                                                                            \
	"the device|the drive|the host adapter|the kernel|another host|another device|the image|"  \
	"the wait for the device|the quirk row|INQUIRY data|no device behind|came back changed"

/* and what to do, or why nothing needs to be done */
#define FLOW_MATRIX_ADVICE                                                                         \
	"update again|get the image|it is damaged|quirk row|call its maker|power cycle|switch "    \
	"it|look |check |"                                                                         \
	"wait |fwupd|load one|unload|start it|release|reset it|its firmware cannot|node|"          \
	"reported|activate|do not switch|update it|too short|behind this|daemon|host adapter"

/**
 * FlowMatrixTotals:
 * @updates: how many updates there were, the undisturbed ones afterwards not counted
 * @done: ended well all the same
 * @pending: wait for a reset or a power cycle
 * @failed: were said to have failed, the device with its old firmware
 * @failed_new: were said to have failed, the device with all of its new firmware
 * @unlisted: the device could not be listed
 **/
typedef struct {
	guint updates;
	guint done;
	guint pending;
	guint failed;
	guint failed_new;
	guint unlisted;
} FlowMatrixTotals;

#define FLOW_MATRIX_VIOLATIONS_SHOWN 5

/* the row that goes with the model refuses each size that is tried; all others have to be updated
 */
static const gchar *const models_refused[] = {"std-small", "std-untold-later", "fujitsu-map", NULL};

static guint violations;
static FlowMatrixTotals totals_all;
static guint models_all;

/* three segments of the size that the row leads to, as far as the device takes that */
static gsize
fu_test_scsi_wb_matrix_get_size_bytes(const WbtModel *model)
{
	g_autofree gchar *rows = flow_bed_new_model_rows(model);
	g_autoptr(FlowBed) bed = flow_bed_new_for_model(model, rows);
	const gsize probes[] = {FLOW_MATRIX_PROBE_BYTES,
				1024 * 1024,
				65536,
				FLOW_MATRIX_WHOLE_BYTES};

	for (guint i = 0; i < G_N_ELEMENTS(probes); i++) {
		gsize align_bytes = MAX(model->segment_align_bytes, 1);
		gsize probe_bytes = MAX(probes[i] / align_bytes, 1) * align_bytes;
		gsize chunk_bytes;
		g_autoptr(FuScsiWbDryRun) dry_run = flow_dry_run(bed, probe_bytes, NULL);

		if (dry_run == NULL)
			continue;
		if (dry_run->plan->segments->len == 1)
			return FLOW_MATRIX_WHOLE_BYTES;
		chunk_bytes = fu_scsi_wb_plan_get_transfer_bytes(dry_run->plan);
		if (chunk_bytes == align_bytes)
			return chunk_bytes * 2;
		return chunk_bytes * FLOW_MATRIX_SEGMENTS - align_bytes;
	}
	return 0;
}

static void
fu_test_scsi_wb_matrix_describe(FlowMatrixRig *rig, GString *str)
{
	const FlowMatrixFault *fault = rig->fault;
	g_autofree gchar *log = wbt_target_log_to_string(rig->bed->target, 0);

	g_string_append_printf(str, "%s: ", rig->model->name);
	if (fault != NULL)
		g_string_append_printf(str,
				       "%s (value %d, sense %x/%02x/%02x%s) at command %u",
				       fault->name,
				       fault->value,
				       fault->key,
				       fault->asc,
				       fault->ascq,
				       fault->is_executed ? ", executed" : "",
				       rig->at);
	g_string_append_printf(str, "\n%s", log);
}

/* the first violations tell most; the test fails when all faults were tried */
static void
fu_test_scsi_wb_matrix_report(FlowMatrixRig *rig,
			      const FlowMatrixResult *result,
			      const gchar *expression)
{
	g_autoptr(GString) str = g_string_new(NULL);

	if (violations++ >= FLOW_MATRIX_VIOLATIONS_SHOWN)
		return;
	fu_test_scsi_wb_matrix_describe(rig, str);
	g_test_message("VIOLATION of %s: %s\n%s",
		       expression,
		       result->error != NULL ? result->error->message : "no error",
		       str->str);
}

#define fu_test_scsi_wb_matrix_assert(rig, result, expression)                                     \
	do {                                                                                       \
		if (!(expression))                                                                 \
			fu_test_scsi_wb_matrix_report(rig, result, #expression);                   \
	} while (0)

static gboolean
fu_test_scsi_wb_matrix_is_image(GBytes *blob, GBytes *image)
{
	return blob == NULL || g_bytes_equal(blob, image);
}

/* the device of the update, although another one may be behind the node by now */
static WbtTarget *
fu_test_scsi_wb_matrix_get_meant(const FlowMatrixRig *rig)
{
	return rig->original != NULL ? rig->original : rig->bed->target;
}

/* no WRITE BUFFER has reached anybody else; where nothing but a unit attention could tell, none
 * with microcode, or to activate it, was carried out */
static gboolean
fu_test_scsi_wb_matrix_is_spared(const FlowMatrixRig *rig, WbtTarget *target)
{
	gboolean is_silent = rig->fault->kind == FLOW_MATRIX_SILENT_SWAP;

	for (gsize i = 0; target != NULL && i < wbt_target_log_count(target); i++) {
		const WbtLogEntry *entry = wbt_target_log_get(target, i);

		if (!is_silent && entry->cdb[0] == 0x3b)
			return FALSE;
		if (flow_matrix_is_microcode(entry->cdb) && entry->status == WBT_STATUS_GOOD)
			return FALSE;
	}
	return TRUE;
}

static gboolean
fu_test_scsi_wb_matrix_is_new(WbtTarget *target, const gchar *revision)
{
	return g_strcmp0(wbt_target_get_revision(target), revision) == 0;
}

/* what the device keeps and runs is the old firmware, or all of the new one */
static void
fu_test_scsi_wb_matrix_check_device(FlowMatrixRig *rig, FlowMatrixResult *result, GBytes *image)
{
	WbtTarget *target = fu_test_scsi_wb_matrix_get_meant(rig);
	WbtTarget *stranger = rig->original != NULL ? rig->bed->target : rig->other;
	const gchar *revision = wbt_target_get_revision(target);

	fu_test_scsi_wb_matrix_assert(
	    rig,
	    result,
	    fu_test_scsi_wb_matrix_is_image(wbt_target_get_committed(target), image));
	fu_test_scsi_wb_matrix_assert(
	    rig,
	    result,
	    fu_test_scsi_wb_matrix_is_image(wbt_target_get_deferred(target), image));
	fu_test_scsi_wb_matrix_assert(rig,
				      result,
				      g_strcmp0(revision, rig->model->revision) == 0 ||
					  g_strcmp0(revision, FLOW_MATRIX_REVISION) == 0);
	fu_test_scsi_wb_matrix_assert(rig, result, fu_test_scsi_wb_matrix_is_spared(rig, stranger));
	fu_test_scsi_wb_matrix_assert(rig, result, rig->gaps == 0);
}

/* a success that a user is told of has happened */
static void
fu_test_scsi_wb_matrix_check_claim(FlowMatrixRig *rig, FlowMatrixResult *result)
{
	WbtTarget *target = fu_test_scsi_wb_matrix_get_meant(rig);
	FuDevice *device = rig->bed->device;

	if (!result->is_installed || result->error != NULL)
		return;
	if (result->is_pending) {
		fu_test_scsi_wb_matrix_assert(rig,
					      result,
					      wbt_target_get_deferred(target) != NULL ||
						  wbt_target_get_committed(target) != NULL);
		return;
	}
	fu_test_scsi_wb_matrix_assert(rig,
				      result,
				      fu_test_scsi_wb_matrix_is_new(target, FLOW_MATRIX_REVISION));
	fu_test_scsi_wb_matrix_assert(
	    rig,
	    result,
	    g_str_has_suffix(fu_device_get_version(device), FLOW_MATRIX_REVISION));
}

/* a failure is explained */
static void
fu_test_scsi_wb_matrix_check_error(FlowMatrixRig *rig, FlowMatrixResult *result)
{
	if (result->error == NULL) {
		fu_test_scsi_wb_matrix_assert(rig,
					      result,
					      result->is_listed && result->is_installed);
		return;
	}
	fu_test_scsi_wb_matrix_assert(rig, result, result->error->domain == FWUPD_ERROR);
	fu_test_scsi_wb_matrix_assert(rig, result, result->error->code != FWUPD_ERROR_INTERNAL);
	fu_test_scsi_wb_matrix_assert(
	    rig,
	    result,
	    g_regex_match_simple(FLOW_MATRIX_WHO, result->error->message, 0, 0));
	fu_test_scsi_wb_matrix_assert(
	    rig,
	    result,
	    g_regex_match_simple(FLOW_MATRIX_ADVICE, result->error->message, 0, 0));
}

/* not those of a reset: here it is one that has not happened, and what a device without offsets has
 * kept is then in front of what is sent again; nor a signature that is wrong by any sense key */
static gboolean
fu_test_scsi_wb_matrix_is_attention(const FlowMatrixFault *fault)
{
	return fault->kind == FLOW_MATRIX_SENSE &&
	       fault->key == FU_SCSI_WB_SENSE_KEY_UNIT_ATTENTION && fault->asc != 0x00 &&
	       fault->asc != 0x0b && fault->asc != 0x29;
}

/* a command that met a unit attention was not executed, and goes again: that costs nothing */
static void
fu_test_scsi_wb_matrix_check_attention(FlowMatrixRig *rig, FlowMatrixResult *result)
{
	if (fu_test_scsi_wb_matrix_is_attention(rig->fault))
		fu_test_scsi_wb_matrix_assert(rig, result, result->error == NULL);
}

static void
fu_test_scsi_wb_matrix_count(FlowMatrixRig *rig, FlowMatrixResult *result, FlowMatrixTotals *totals)
{
	WbtTarget *target = fu_test_scsi_wb_matrix_get_meant(rig);

	totals->updates++;
	if (!result->is_listed)
		totals->unlisted++;
	else if (result->error == NULL && result->is_pending)
		totals->pending++;
	else if (result->error == NULL)
		totals->done++;
	else if (fu_test_scsi_wb_matrix_is_new(target, FLOW_MATRIX_REVISION))
		totals->failed_new++;
	else
		totals->failed++;
}

/* what waits for a reset or a power cycle gets it */
static void
fu_test_scsi_wb_matrix_finish(FlowMatrixRig *rig)
{
	FuDevice *device = rig->bed->device;

	if (fu_device_has_flag(device, FWUPD_DEVICE_FLAG_NEEDS_SHUTDOWN))
		wbt_target_power_cycle(rig->bed->target);
	else if (fu_device_has_flag(device, FWUPD_DEVICE_FLAG_NEEDS_REBOOT))
		wbt_target_hard_reset(rig->bed->target);
}

/* the next, undisturbed update ends well */
static void
fu_test_scsi_wb_matrix_check_next(FlowMatrixRig *rig, GBytes *image_next)
{
	g_auto(FlowMatrixResult) result = {0};
	GBytes *committed;

	flow_matrix_rig_repair(rig);
	result = flow_matrix_rig_update(rig, image_next);
	fu_test_scsi_wb_matrix_assert(rig, &result, result.is_listed && result.is_installed);
	fu_test_scsi_wb_matrix_assert(rig, &result, result.error == NULL);
	fu_test_scsi_wb_matrix_finish(rig);
	committed = wbt_target_get_committed(rig->bed->target);
	fu_test_scsi_wb_matrix_assert(rig,
				      &result,
				      committed != NULL && g_bytes_equal(committed, image_next));
	fu_test_scsi_wb_matrix_assert(
	    rig,
	    &result,
	    fu_test_scsi_wb_matrix_is_new(rig->bed->target, FLOW_MATRIX_REVISION_NEXT));
}

static void
fu_test_scsi_wb_matrix_run(FlowMatrixRig *rig,
			   const FlowMatrixFault *fault,
			   guint at,
			   GBytes *image,
			   GBytes *image_next,
			   FlowMatrixTotals *totals)
{
	g_auto(FlowMatrixResult) result = {0};

	flow_matrix_rig_begin(rig, fault, at);
	result = flow_matrix_rig_update(rig, image);
	fu_test_scsi_wb_matrix_check_device(rig, &result, image);
	fu_test_scsi_wb_matrix_check_claim(rig, &result);
	fu_test_scsi_wb_matrix_check_error(rig, &result);
	fu_test_scsi_wb_matrix_check_attention(rig, &result);
	fu_test_scsi_wb_matrix_count(rig, &result, totals);
	fu_test_scsi_wb_matrix_check_next(rig, image_next);
}

/* how many commands an undisturbed update takes, or 0 if the model is one that its row cannot
 * update */
static guint
fu_test_scsi_wb_matrix_count_commands(FlowMatrixRig *rig, GBytes *image)
{
	g_auto(FlowMatrixResult) result = {0};

	flow_matrix_rig_begin(rig, NULL, 0);
	result = flow_matrix_rig_update(rig, image);
	return result.error == NULL ? rig->commands : 0;
}

static void
fu_test_scsi_wb_matrix_model(const WbtModel *model, gsize size_bytes, FlowMatrixTotals *totals)
{
	guint commands;
	g_autoptr(FlowMatrixRig) rig = flow_matrix_rig_new(model);
	g_autoptr(GArray) faults = flow_matrix_new_faults();
	g_autoptr(GBytes) image = flow_bed_new_image(rig->bed, FLOW_MATRIX_REVISION, size_bytes);
	g_autoptr(GBytes) image_next =
	    flow_bed_new_image(rig->bed, FLOW_MATRIX_REVISION_NEXT, size_bytes);

	violations = 0;
	commands = fu_test_scsi_wb_matrix_count_commands(rig, image);
	for (guint i = 0; i < faults->len; i++) {
		const FlowMatrixFault *fault = &g_array_index(faults, FlowMatrixFault, i);
		for (guint at = 1; at <= commands; at++)
			fu_test_scsi_wb_matrix_run(rig, fault, at, image, image_next, totals);
	}
	g_test_message("| %s | %u | %u | %u | %u | %u | %u | %u | %u |",
		       model->name,
		       commands,
		       faults->len,
		       totals->updates,
		       totals->done,
		       totals->pending,
		       totals->failed,
		       totals->failed_new,
		       totals->unlisted);
	if (violations > 0)
		g_test_fail();
}

static void
fu_test_scsi_wb_matrix_model_func(gconstpointer user_data)
{
	const WbtModel *model = user_data;
	FlowMatrixTotals totals = {0};
	gsize size_bytes = fu_test_scsi_wb_matrix_get_size_bytes(model);

	if (size_bytes > 0)
		fu_test_scsi_wb_matrix_model(model, size_bytes, &totals);
	if (totals.updates == 0) {
		g_test_message("| %s | - | - | 0 | its row cannot update it |", model->name);
		if (!g_strv_contains(models_refused, model->name))
			g_test_fail();
		return;
	}
	models_all++;
	totals_all.updates += totals.updates;
	totals_all.done += totals.done;
	totals_all.pending += totals.pending;
	totals_all.failed += totals.failed;
	totals_all.failed_new += totals.failed_new;
	totals_all.unlisted += totals.unlisted;
}

static void
fu_test_scsi_wb_matrix_totals_func(void)
{
	g_test_message("| %u models | | | %u | %u | %u | %u | %u | %u |",
		       models_all,
		       totals_all.updates,
		       totals_all.done,
		       totals_all.pending,
		       totals_all.failed,
		       totals_all.failed_new,
		       totals_all.unlisted);
	g_assert_cmpuint(totals_all.updates, >, 0);
}

/* every second model or so: SCSI_WB_MATRIX_SHARD=0/2 */
static gboolean
fu_test_scsi_wb_matrix_is_mine(gsize idx)
{
	const gchar *shard = g_getenv("SCSI_WB_MATRIX_SHARD");
	g_auto(GStrv) parts = g_strsplit(shard != NULL ? shard : "0/1", "/", 2);

	return idx % (gsize)atoi(parts[1]) == (gsize)atoi(parts[0]);
}

/* nobody reads what is said in a hundred thousand updates */
static void
fu_test_scsi_wb_matrix_log_cb(const gchar *domain,
			      GLogLevelFlags level,
			      const gchar *message,
			      gpointer user_data)
{
	if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING)) > 0)
		g_log_default_handler(domain, level, message, user_data);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_log_set_default_handler(fu_test_scsi_wb_matrix_log_cb, NULL);
	g_test_message(
	    "| model | commands | faults | updates | done | pending | failed | failed, new "
	    "firmware runs | not listed |");
	for (gsize i = 0; i < wbt_model_count(); i++) {
		const WbtModel *model = wbt_model_get(i);
		g_autofree gchar *path = g_strdup_printf("/scsi-wb/flow/matrix/%s", model->name);
		if (fu_test_scsi_wb_matrix_is_mine(i))
			g_test_add_data_func(path, model, fu_test_scsi_wb_matrix_model_func);
	}
	g_test_add_func("/scsi-wb/flow/matrix/totals", fu_test_scsi_wb_matrix_totals_func);
	return g_test_run();
}
