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

/**
 * FuScsiWbOptionsTexts:
 * @host_limit: (nullable): a number
 * @image_size: (nullable): a number
 * @names: (nullable): what is no option
 *
 * What has to be understood after the options were found.
 **/
typedef struct {
	gchar *host_limit;
	gchar *image_size;
	gchar **names;
} FuScsiWbOptionsTexts;

#define FU_SCSI_WB_OPTIONS_ENTRY(name, kind, member, text, arg)                                    \
	{                                                                                          \
		name, 0, 0, G_OPTION_ARG_##kind, member, text, arg                                 \
	}

static GOptionContext *
fu_scsi_wb_options_new_context(FuScsiWbOptions *self, FuScsiWbOptionsTexts *texts)
{
	GOptionContext *context = g_option_context_new("[DEVICE] [IMAGE]");
	const gchar *id_text = "a device that answers nothing, e.g. SCSI\\VEN_x&DEV_y&TYPE_00";
	const gchar *limit_text = "what the host adapter carries in one command";
	const gchar *quirks_text = "read this quirk file, too; its rows count most";
	const gchar *recording_text = "answers of a device that is not here";
	const gchar *set_text = "as if the device's quirk row said so";
	const gchar *size_text = "size of an image that is not there";
	const GOptionEntry entries[] = {
	    FU_SCSI_WB_OPTIONS_ENTRY("image-size", STRING, &texts->image_size, size_text, "BYTES"),
	    FU_SCSI_WB_OPTIONS_ENTRY("quirks", FILENAME_ARRAY, &self->files, quirks_text, "FILE"),
	    FU_SCSI_WB_OPTIONS_ENTRY("set", STRING_ARRAY, &self->settings, set_text, "KEY=VALUE"),
	    FU_SCSI_WB_OPTIONS_ENTRY("record",
				     FILENAME,
				     &self->record,
				     "write what the device answers",
				     "FILE"),
	    FU_SCSI_WB_OPTIONS_ENTRY("recording",
				     FILENAME,
				     &self->recording,
				     recording_text,
				     "FILE"),
	    FU_SCSI_WB_OPTIONS_ENTRY("id", STRING, &self->id, id_text, "ID"),
	    FU_SCSI_WB_OPTIONS_ENTRY("host-limit", STRING, &texts->host_limit, limit_text, "BYTES"),
	    FU_SCSI_WB_OPTIONS_ENTRY("all", NONE, &self->is_all, "show each command", NULL),
	    FU_SCSI_WB_OPTIONS_ENTRY("json", NONE, &self->is_json, "write for programs", NULL),
	    FU_SCSI_WB_OPTIONS_ENTRY("version", NONE, &self->is_version, "show the version", NULL),
	    FU_SCSI_WB_OPTIONS_ENTRY(G_OPTION_REMAINING, FILENAME_ARRAY, &texts->names, NULL, NULL),
	    {0},
	};

	g_option_context_set_summary(context, FU_SCSI_WB_OPTIONS_SUMMARY);
	g_option_context_set_description(context, FU_SCSI_WB_OPTIONS_DESCRIPTION);
	g_option_context_add_main_entries(context, entries, NULL);
	return context;
}

static gboolean
fu_scsi_wb_options_take_texts(FuScsiWbOptions *self,
			      const FuScsiWbOptionsTexts *texts,
			      GError **error)
{
	if (!fu_scsi_wb_options_parse_size("image-size",
					   texts->image_size,
					   &self->image_bytes,
					   error))
		return FALSE;
	if (!fu_scsi_wb_options_parse_size("host-limit",
					   texts->host_limit,
					   &self->host_limit_bytes,
					   error))
		return FALSE;
	return fu_scsi_wb_options_take_names(self, texts->names, error);
}

static gboolean
fu_scsi_wb_options_parse_argv(FuScsiWbOptions *self, gchar **argv, GError **error)
{
	gboolean ret;
	FuScsiWbOptionsTexts texts = {0};
	g_auto(GStrv) args = g_strdupv(argv);
	g_autoptr(GOptionContext) context = fu_scsi_wb_options_new_context(self, &texts);

	ret = g_option_context_parse_strv(context, &args, error);
	if (!ret)
		fwupd_error_convert(error);
	if (ret && !self->is_version)
		ret = fu_scsi_wb_options_take_texts(self, &texts, error);
	g_free(texts.image_size);
	g_free(texts.host_limit);
	g_strfreev(texts.names);
	return ret;
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
	fu_scsi_wb_identity_take_level(identity, g_strdup(""));
	return g_steal_pointer(&identity);
}
