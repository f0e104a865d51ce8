/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-options.h"

#define FU_SCSI_WB_OPTIONS_SUMMARY                                                                 \
	"Prints what an update of a SCSI device's firmware would send, and why, without sending "  \
	"it."

#define FU_SCSI_WB_OPTIONS_DESCRIPTION                                                             \
	"DEVICE is /dev/sgN or another node of a SCSI device: /dev/sda, /dev/st0, /dev/sch0. It "  \
	"is asked\nwhat it can do, with INQUIRY, REPORT SUPPORTED OPERATION CODES and READ "       \
	"BUFFER descriptors;\nno WRITE BUFFER is ever sent. Root may do that. Without a DEVICE, "  \
	"--recording or --id takes\nits place.\n\n"                                                \
	"Examples:\n"                                                                              \
	"  scsi-wb-plan /dev/sg0 firmware.bin\n"                                                   \
	"  scsi-wb-plan --record answers.txt /dev/sg0\n"                                           \
	"  scsi-wb-plan --recording answers.txt --quirks new.quirk firmware.bin\n"                 \
	"  scsi-wb-plan --id 'SCSI\\VEN_ACME&DEV_DISK' --set ScsiWbMode=0x07 --image-size "        \
	"1000000\n\n"                                                                              \
	"Exit status: 0 there is a plan (or only a recording was wanted); 1 there is none, or "    \
	"the update\nwould be refused: the message says who refuses and why; 2 the command line "  \
	"is wrong.\n"

static gboolean
fu_scsi_wb_options_fail(GError **error, const gchar *text)
{
	g_set_error_literal(error, FWUPD_ERROR, FWUPD_ERROR_INVALID_DATA, text);
	return FALSE;
}

/* fwupd takes a negative number for a large one */
static gboolean
fu_scsi_wb_options_parse_size(const gchar *name, const gchar *text, guint64 *size, GError **error)
{
	if (text == NULL)
		return TRUE;
	if (g_ascii_isdigit(*text) &&
	    fu_strtoull(text, size, 1, G_MAXUINT32, FU_INTEGER_BASE_AUTO, NULL))
		return TRUE;
	g_set_error(error,
		    FWUPD_ERROR,
		    FWUPD_ERROR_INVALID_DATA,
		    "--%s %s: is not a number of bytes from 1 to %u",
		    name,
		    text,
		    G_MAXUINT32);
	return FALSE;
}

static gboolean
fu_scsi_wb_options_check_settings(const FuScsiWbOptions *self, GError **error)
{
	for (guint i = 0; self->settings[i] != NULL; i++) {
		const gchar *setting = self->settings[i];
		if (g_ascii_isalpha(*setting) && strchr(setting, '=') != NULL &&
		    strpbrk(setting, "\r\n") == NULL)
			continue;
		g_set_error(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_INVALID_DATA,
			    "--set %s: is not KEY=VALUE",
			    setting);
		return FALSE;
	}
	return TRUE;
}

/* what cannot go together would otherwise be left out without a word */
static gboolean
fu_scsi_wb_options_check(const FuScsiWbOptions *self, GError **error)
{
	gboolean is_offline = self->recording != NULL || self->id != NULL;
	gboolean has_image = self->image != NULL || self->image_bytes != 0;
	const struct {
		gboolean is_wrong;
		const gchar *text;
	} checks[] = {
	    {self->recording != NULL && self->id != NULL,
	     "--recording and --id exclude each other: a recording says who the device is"},
	    {is_offline && self->record != NULL, "--record needs a DEVICE"},
	    {!is_offline && self->host_limit_bytes != 0,
	     "--host-limit is for --recording and --id: a device's host adapter is asked"},
	    {!is_offline && self->device == NULL, "name a DEVICE, or use --recording or --id"},
	    {self->image != NULL && self->image_bytes != 0,
	     "an image and --image-size exclude each other"},
	    {!has_image && self->record == NULL, "name an image, or use --image-size"},
	    {self->is_all && self->is_json, "--json has all commands anyway"},
	};
	for (guint i = 0; i < G_N_ELEMENTS(checks); i++) {
		if (checks[i].is_wrong)
			return fu_scsi_wb_options_fail(error, checks[i].text);
	}
	return fu_scsi_wb_options_check_settings(self, error);
}

static gboolean
fu_scsi_wb_options_take_names(FuScsiWbOptions *self, gchar **names, GError **error)
{
	gboolean is_offline = self->recording != NULL || self->id != NULL;
	guint n_names = names != NULL ? g_strv_length(names) : 0;
	guint n_max = is_offline ? 1 : 2;

	if (n_names > n_max)
		return fu_scsi_wb_options_fail(error,
					       is_offline
						   ? "with --recording or --id there is no DEVICE: "
						     "name only the image"
						   : "too many names: one DEVICE, one image");
	if (!is_offline && n_names > 0)
		self->device = g_strdup(names[0]);
	if (n_names == n_max)
		self->image = g_strdup(names[n_max - 1]);
	return TRUE;
}

static gboolean
fu_scsi_wb_options_parse_argv(FuScsiWbOptions *self, gchar **argv, GError **error)
{
	g_autofree gchar *host_limit = NULL;
	g_autofree gchar *image_size = NULL;
	g_auto(GStrv) names = NULL;
	g_auto(GStrv) args = g_strdupv(argv);
	g_autoptr(GOptionContext) context = g_option_context_new("[DEVICE] [IMAGE]");
	/* clang-format off */
	const GOptionEntry entries[] = {
	    {"image-size", 0, 0, G_OPTION_ARG_STRING, &image_size, "size of an image that is not there", "BYTES"},
	    {"quirks", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->files, "read this quirk file, too; its rows count most", "FILE"},
	    {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->settings, "as if the device's quirk row said so", "KEY=VALUE"},
	    {"record", 0, 0, G_OPTION_ARG_FILENAME, &self->record, "write what the device answers", "FILE"},
	    {"recording", 0, 0, G_OPTION_ARG_FILENAME, &self->recording, "answers of a device that is not here", "FILE"},
	    {"id", 0, 0, G_OPTION_ARG_STRING, &self->id, "a device that answers nothing, e.g. SCSI\\VEN_x&DEV_y&TYPE_00", "ID"},
	    {"host-limit", 0, 0, G_OPTION_ARG_STRING, &host_limit, "what the host adapter carries in one command", "BYTES"},
	    {"all", 0, 0, G_OPTION_ARG_NONE, &self->is_all, "show each command of a long download", NULL},
	    {"json", 0, 0, G_OPTION_ARG_NONE, &self->is_json, "write for programs", NULL},
	    {"version", 0, 0, G_OPTION_ARG_NONE, &self->is_version, "show the version", NULL},
	    {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &names, NULL, NULL},
	    {NULL}};
	/* clang-format on */

	g_option_context_set_summary(context, FU_SCSI_WB_OPTIONS_SUMMARY);
	g_option_context_set_description(context, FU_SCSI_WB_OPTIONS_DESCRIPTION);
	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse_strv(context, &args, error)) {
		fwupd_error_convert(error);
		return FALSE;
	}
	if (self->is_version)
		return TRUE;
	return fu_scsi_wb_options_parse_size("image-size", image_size, &self->image_bytes, error) &&
	       fu_scsi_wb_options_parse_size("host-limit",
					     host_limit,
					     &self->host_limit_bytes,
					     error) &&
	       fu_scsi_wb_options_take_names(self, names, error);
}

/**
 * fu_scsi_wb_options_parse:
 * @argv: (array zero-terminated=1): the command line, with the program's name
 * @error: (nullable): optional return location for an error
 *
 * Reads the command line. With `--help` it prints the help and ends the program.
 *
 * Returns: (transfer full): what the user wants, or %NULL with an error in words
 **/
FuScsiWbOptions *
fu_scsi_wb_options_parse(gchar **argv, GError **error)
{
	g_autoptr(FuScsiWbOptions) self = g_new0(FuScsiWbOptions, 1);

	if (!fu_scsi_wb_options_parse_argv(self, argv, error))
		return NULL;
	if (self->files == NULL)
		self->files = g_new0(gchar *, 1);
	if (self->settings == NULL)
		self->settings = g_new0(gchar *, 1);
	if (!self->is_version && !fu_scsi_wb_options_check(self, error))
		return NULL;
	return g_steal_pointer(&self);
}

void
fu_scsi_wb_options_free(FuScsiWbOptions *self)
{
	g_free(self->device);
	g_free(self->image);
	g_free(self->record);
	g_free(self->recording);
	g_free(self->id);
	g_strfreev(self->files);
	g_strfreev(self->settings);
	g_free(self);
}

static gboolean
fu_scsi_wb_options_take_id_part(FuScsiWbIdentity *identity, const gchar *part)
{
	guint64 type = 0;

	if (g_str_has_prefix(part, "VEN_") && part[4] != '\0') {
		g_free(identity->vendor);
		identity->vendor = g_strdup(part + 4);
		return TRUE;
	}
	if (g_str_has_prefix(part, "DEV_") && part[4] != '\0') {
		g_free(identity->product);
		identity->product = g_strdup(part + 4);
		return TRUE;
	}
	if (!g_str_has_prefix(part, "TYPE_") || !g_ascii_isxdigit(part[5]) ||
	    !fu_strtoull(part + 5,
			 &type,
			 0,
			 FU_SCSI_WB_PERIPHERAL_TYPE_UNKNOWN,
			 FU_INTEGER_BASE_16,
			 NULL))
		return FALSE;
	identity->type = type;
	return TRUE;
}

/**
 * fu_scsi_wb_options_parse_id:
 * @id: e.g. `SCSI\VEN_STK&DEV_SL500&TYPE_08`, of which only the vendor is needed
 * @error: (nullable): optional return location for an error
 *
 * Takes apart the instance ID of a device that is not there.
 *
 * Returns: (transfer full): an identity with an empty revision, or %NULL with
 * %FWUPD_ERROR_INVALID_DATA
 **/
FuScsiWbIdentity *
fu_scsi_wb_options_parse_id(const gchar *id, GError **error)
{
	gboolean is_good = g_str_has_prefix(id, "SCSI\\");
	g_autoptr(FuScsiWbIdentity) identity = fu_scsi_wb_identity_new();
	g_auto(GStrv) parts = g_strsplit(is_good ? id + strlen("SCSI\\") : "", "&", -1);

	for (guint i = 0; parts[i] != NULL && is_good; i++)
		is_good = fu_scsi_wb_options_take_id_part(identity, parts[i]);
	if (!is_good || identity->vendor == NULL) {
		g_set_error(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_INVALID_DATA,
			    "--id %s: is not of the form SCSI\\VEN_x&DEV_y&TYPE_00",
			    id);
		return NULL;
	}
	if (identity->product == NULL)
		identity->product = g_strdup("any");
	identity->revision = g_strdup("");
	return g_steal_pointer(&identity);
}
