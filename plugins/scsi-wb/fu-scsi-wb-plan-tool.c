/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <locale.h>
#include <stdio.h>

#include "fu-config-private.h"
#include "fu-context-private.h"
#include "fu-scsi-wb-compat.h"
#include "fu-scsi-wb-dry-run.h"
#include "fu-scsi-wb-image.h"
#include "fu-scsi-wb-json.h"
#include "fu-scsi-wb-recording-text.h"
#include "fu-scsi-wb-report.h"
#include "fu-scsi-wb-rows.h"
#include "fu-scsi-wb-subject.h"

#define FU_SCSI_WB_PLAN_TOOL_EXIT_PLAN	  0
#define FU_SCSI_WB_PLAN_TOOL_EXIT_REFUSED 1
#define FU_SCSI_WB_PLAN_TOOL_EXIT_USAGE	  2

/**
 * FuScsiWbPlanTool:
 * @options: what the user wants
 * @subject: the device, or what is known of one
 * @context: with the quirk rows
 * @rows_dir: (nullable): temporary folder of quirk files
 * @warning: (nullable): the first that the library said while it read the quirk files
 * @image_bytes: size of what would be sent
 *
 * One run of the program.
 **/
typedef struct {
	FuScsiWbOptions *options;
	FuScsiWbSubject *subject;
	FuContext *context;
	gchar *rows_dir;
	gchar *warning;
	gsize image_bytes;
} FuScsiWbPlanTool;

static void
fu_scsi_wb_plan_tool_free(FuScsiWbPlanTool *self)
{
	g_clear_pointer(&self->subject, fu_scsi_wb_subject_free);
	g_clear_object(&self->context);
	if (self->rows_dir != NULL)
		fu_scsi_wb_rows_remove_dir(self->rows_dir);
	g_free(self->rows_dir);
	g_free(self->warning);
	g_clear_pointer(&self->options, fu_scsi_wb_options_free);
	g_free(self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FuScsiWbPlanTool, fu_scsi_wb_plan_tool_free)

/* as the daemon has them, but that nothing is written to its cache; a row may be for exactly this
 * device, so who it is has to be known before the rows are read */
static gboolean
fu_scsi_wb_plan_tool_load_rows(FuScsiWbPlanTool *self, GError **error)
{
	const gchar *key;
	const FuScsiWbOptions *options = self->options;

	if (options->files[0] != NULL || options->settings[0] != NULL) {
		self->rows_dir = fu_scsi_wb_rows_new_dir((const gchar *const *)options->files,
							 (const gchar *const *)options->settings,
							 self->subject->identity,
							 error);
		if (self->rows_dir == NULL)
			return FALSE;
		(void)g_setenv("FWUPD_LOCALSTATEDIR_QUIRKS", self->rows_dir, TRUE);
	}
	for (guint i = 0; (key = fu_scsi_wb_profile_get_key(i)) != NULL; i++)
		fu_context_add_quirk_key(self->context, key);
	if (!fu_scsi_wb_load_quirks(self->context, error))
		return FALSE;
	if (self->warning == NULL)
		return TRUE;

	/* one bad file makes fwupd drop them all: without them the device would only seem unnamed
	 */
	g_set_error(error, FWUPD_ERROR, FWUPD_ERROR_INVALID_FILE, "%s", self->warning);
	return FALSE;
}

/* what the plugin does with each device that the daemon has found */
static gboolean
fu_scsi_wb_plan_tool_apply_config(FuScsiWbPlanTool *self, GError **error)
{
	FuConfig *config = fu_context_get_config(self->context);

	fu_config_set_default(config, "scsi_wb", "AllowInUse", "false");
	if (!fu_scsi_wb_load_config(self->context, error))
		return FALSE;
	if (fu_config_get_value_bool(config, "scsi_wb", "AllowInUse"))
		fu_device_add_private_flag(self->subject->device, "allow-in-use");
	return TRUE;
}

static gboolean
fu_scsi_wb_plan_tool_open(FuScsiWbPlanTool *self, GError **error)
{
	self->context = fu_context_new();
	self->subject = fu_scsi_wb_subject_new(self->options, self->context, error);
	if (self->subject == NULL)
		return FALSE;
	if (!fu_scsi_wb_plan_tool_load_rows(self, error))
		return FALSE;
	fu_scsi_wb_subject_make_device(self->subject);
	if (self->subject->node != NULL && !fu_scsi_wb_plan_tool_apply_config(self, error))
		return FALSE;
	return fu_scsi_wb_subject_open(self->subject, error);
}

/* what the plugin does with the payload of a cabinet */
static gboolean
fu_scsi_wb_plan_tool_load_image(FuScsiWbPlanTool *self, GError **error)
{
	g_autofree gchar *buf = NULL;
	gsize bufsz = 0;
	g_autoptr(FuFirmware) firmware = NULL;
	g_autoptr(FuProgress) progress = fu_progress_new(G_STRLOC);
	g_autoptr(FuScsiWbStream) stream = NULL;
	g_autoptr(GBytes) blob = NULL;
	g_autoptr(GBytes) payload = NULL;

	if (self->options->image == NULL) {
		self->image_bytes = self->options->image_bytes;
		return TRUE;
	}
	if (!g_file_get_contents(self->options->image, &buf, &bufsz, error)) {
		fwupd_error_convert(error);
		return FALSE;
	}
	blob = g_bytes_new_take(g_steal_pointer(&buf), bufsz);
	stream = fu_scsi_wb_stream_new(blob);
	firmware = fu_device_prepare_firmware(self->subject->device,
					      stream,
					      progress,
					      FU_FIRMWARE_PARSE_FLAG_CACHE_STREAM,
					      error);
	if (firmware == NULL) {
		g_prefix_error(error, "%s: ", self->options->image);
		return FALSE;
	}
	payload = fu_scsi_wb_image_get_bytes(firmware, error);
	if (payload == NULL)
		return FALSE;
	self->image_bytes = g_bytes_get_size(payload);
	return TRUE;
}

static gboolean
fu_scsi_wb_plan_tool_record(FuScsiWbPlanTool *self, GError **error)
{
	FuScsiWbUpdate update =
	    fu_scsi_wb_device_get_update(FU_SCSI_WB_DEVICE(self->subject->device));
	FuScsiWbRecording *recording = self->subject->gate->recording;
	g_autofree gchar *text = NULL;

	fu_scsi_wb_dry_run_ask_all(FU_SCSI_WB_DEVICE(self->subject->device));
	recording->transfer_max_bytes = self->subject->limits.transfer_max_bytes;
	text = fu_scsi_wb_recording_write(recording, update.identity);
	if (g_file_set_contents(self->options->record, text, -1, error))
		return TRUE;
	fwupd_error_convert(error);
	return FALSE;
}

static void
fu_scsi_wb_plan_tool_print(FuScsiWbPlanTool *self, const FuScsiWbDryRun *dry_run)
{
	FuScsiWbUpdate update =
	    fu_scsi_wb_device_get_update(FU_SCSI_WB_DEVICE(self->subject->device));
	g_auto(GStrv) rows = fu_scsi_wb_rows_find(self->context, update.identity);
	g_autofree gchar *text = NULL;
	const FuScsiWbReport report = {
	    .node = fu_udev_device_get_device_file(update.udev_device),
	    .identity = update.identity,
	    .rows = (const gchar *const *)rows,
	    .profile = update.profile,
	    .caps = &dry_run->caps,
	    .limits = &dry_run->limits,
	    .traits = &dry_run->traits,
	    .plan = dry_run->plan,
	    .image_name = self->options->image,
	    .n_questions = self->subject->gate->n_questions,
	    .usage = dry_run->usage,
	    .refusal = dry_run->refusal,
	};

	text = self->options->is_json
		   ? fu_scsi_wb_report_json_write(&report)
		   : fu_scsi_wb_report_text_write(&report, self->options->is_all);
	(void)fputs(text, stdout);
}

/* an answer that was never recorded is not the same as one that the device refused */
static gboolean
fu_scsi_wb_plan_tool_check_complete(FuScsiWbPlanTool *self, GError **error)
{
	if (self->subject->recording == NULL || self->subject->recording->missing == NULL)
		return TRUE;
	g_set_error(error,
		    FWUPD_ERROR,
		    FWUPD_ERROR_NOT_FOUND,
		    "%s has no answer to %s: record it again, or add the line 'others refused' if "
		    "the device refuses what is not in it",
		    self->options->recording,
		    self->subject->recording->missing);
	return FALSE;
}

static gboolean
fu_scsi_wb_plan_tool_run(FuScsiWbPlanTool *self, gboolean *is_refused, GError **error)
{
	g_autoptr(FuScsiWbDryRun) dry_run = NULL;
	g_autoptr(GError) error_local = NULL;

	if (!fu_scsi_wb_plan_tool_open(self, error))
		return FALSE;
	if (self->options->record != NULL && !fu_scsi_wb_plan_tool_record(self, error))
		return FALSE;
	if (self->options->image == NULL && self->options->image_bytes == 0)
		return TRUE;
	if (!fu_scsi_wb_plan_tool_load_image(self, error))
		return FALSE;
	dry_run = fu_scsi_wb_dry_run_new(FU_SCSI_WB_DEVICE(self->subject->device),
					 &self->subject->limits,
					 self->image_bytes,
					 &error_local);
	if (!fu_scsi_wb_plan_tool_check_complete(self, error))
		return FALSE;
	if (dry_run == NULL) {
		g_propagate_error(error, g_steal_pointer(&error_local));
		return FALSE;
	}
	fu_scsi_wb_plan_tool_print(self, dry_run);
	*is_refused = dry_run->refusal != NULL;
	return TRUE;
}

static void
fu_scsi_wb_plan_tool_print_error(const FuScsiWbOptions *options, const GError *error)
{
	g_autoptr(FuScsiWbJson) json = fu_scsi_wb_json_new();
	g_autofree gchar *text = NULL;

	(void)fprintf(stderr, "scsi-wb-plan: %s\n", error->message);
	if (!options->is_json)
		return;
	fu_scsi_wb_json_begin(json, NULL, '{');
	fu_scsi_wb_json_add_string(json, "version", PACKAGE_VERSION);
	fu_scsi_wb_json_add_string(json, "error", error->message);
	fu_scsi_wb_json_end(json, '}');
	text = fu_scsi_wb_json_to_string(json);
	(void)fputs(text, stdout);
}

/* what the library warns of is in our own messages, too */
static void
fu_scsi_wb_plan_tool_log_cb(const gchar *domain,
			    GLogLevelFlags level,
			    const gchar *message,
			    gpointer user_data)
{
	FuScsiWbPlanTool *self = user_data;

	if (self->warning == NULL && (level & G_LOG_LEVEL_WARNING) > 0)
		self->warning = g_strdup(message);
	if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)) > 0 ||
	    g_getenv("G_MESSAGES_DEBUG") != NULL)
		g_log_default_handler(domain, level, message, user_data);
}

int
main(int argc, char **argv)
{
	gboolean is_refused = FALSE;
	g_autoptr(FuScsiWbPlanTool) self = g_new0(FuScsiWbPlanTool, 1);
	g_autoptr(GError) error = NULL;

	/* NOLINTNEXTLINE(concurrency-mt-unsafe): this is the only thread yet */
	(void)setlocale(LC_ALL, "");
	g_log_set_default_handler(fu_scsi_wb_plan_tool_log_cb, self);
	self->options = fu_scsi_wb_options_parse(argv, &error);
	if (self->options == NULL) {
		(void)fprintf(stderr,
			      "scsi-wb-plan: %s\nTry 'scsi-wb-plan --help'.\n",
			      error->message);
		return FU_SCSI_WB_PLAN_TOOL_EXIT_USAGE;
	}
	if (self->options->is_version) {
		(void)fputs("scsi-wb-plan " PACKAGE_VERSION "\n", stdout);
		return FU_SCSI_WB_PLAN_TOOL_EXIT_PLAN;
	}
	if (!fu_scsi_wb_plan_tool_run(self, &is_refused, &error)) {
		fu_scsi_wb_plan_tool_print_error(self->options, error);
		return FU_SCSI_WB_PLAN_TOOL_EXIT_REFUSED;
	}
	return is_refused ? FU_SCSI_WB_PLAN_TOOL_EXIT_REFUSED : FU_SCSI_WB_PLAN_TOOL_EXIT_PLAN;
}
