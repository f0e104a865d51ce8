/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-profile.h"

/* the field widths of the WRITE BUFFER CDB; SCSI Commands Reference Manual, Seagate 100293068,
 * Rev. J: WRITE BUFFER */
#define FU_SCSI_WB_PROFILE_MODE_SPECIFIC_MAX 0x7
#define FU_SCSI_WB_PROFILE_LENGTH_MAX	     0xffffff

/* a version is behind the header of a VPD page, which is as long as the fields of standard INQUIRY
 * data that are no text; SPC-4 (INCITS 513): one byte of ALLOCATION LENGTH is always there */
#define FU_SCSI_WB_PROFILE_VERSION_OFFSET_MIN 4
#define FU_SCSI_WB_PROFILE_VERSION_END_MAX    252

#define FU_SCSI_WB_PROFILE_DIGITS "0123456789abcdefABCDEF"

/* guess: what is longer is a text, not a version */
#define FU_SCSI_WB_PROFILE_VERSION_BYTES_MAX 64

typedef gboolean (*FuScsiWbProfileParseFunc)(const gchar *value, guint32 *number, GError **error);

/**
 * FuScsiWbProfileKey:
 * @name: as it stands in the quirk file
 * @member: where its number goes, an offset into #FuScsiWbProfile
 * @min: the smallest number allowed
 * @max: the largest number allowed
 * @parse: (nullable): turns the text into a number, by default any integer
 **/
typedef struct {
	const gchar *name;
	gsize member;
	guint32 min;
	guint32 max;
	FuScsiWbProfileParseFunc parse;
} FuScsiWbProfileKey;

/* fwupd takes no digits for 0, a negative number for a large one that may wrap, and two prefixes */
static gboolean
fu_scsi_wb_profile_parse_number(const gchar *value, guint32 min, guint32 max, guint64 *number)
{
	const gchar *digits = g_str_has_prefix(value, "0x") ? value + 2 : value;

	return *digits != '\0' && strspn(digits, FU_SCSI_WB_PROFILE_DIGITS) == strlen(digits) &&
	       fu_strtoull(value, number, min, max, FU_INTEGER_BASE_AUTO, NULL);
}

static gboolean
fu_scsi_wb_profile_parse_mode(const gchar *value, guint32 *number, GError **error)
{
	const FuScsiWbMode modes[] = {
	    FU_SCSI_WB_MODE_DOWNLOAD,
	    FU_SCSI_WB_MODE_DOWNLOAD_SAVE,
	    FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS,
	    FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_SAVE,
	    FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_SELECT_DEFER,
	    FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_DEFER,
	};
	guint64 tmp = 0;

	if (fu_scsi_wb_profile_parse_number(value, 0, G_MAXUINT8, &tmp)) {
		for (guint i = 0; i < G_N_ELEMENTS(modes); i++) {
			if (modes[i] != tmp)
				continue;
			*number = tmp;
			return TRUE;
		}
	}
	g_set_error_literal(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_INVALID_DATA,
			    "is not one of 0x04, 0x05, 0x06, 0x07, 0x0d, 0x0e");
	return FALSE;
}

static gboolean
fu_scsi_wb_profile_parse_mode_or_auto(const gchar *value, guint32 *number, GError **error)
{
	if (g_strcmp0(value, "auto") == 0) {
		*number = FU_SCSI_WB_MODE_AUTO;
		return TRUE;
	}
	if (fu_scsi_wb_profile_parse_mode(value, number, NULL))
		return TRUE;
	g_set_error_literal(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_INVALID_DATA,
			    "is not one of auto, 0x04, 0x05, 0x06, 0x07, 0x0d, 0x0e");
	return FALSE;
}

static gboolean
fu_scsi_wb_profile_parse_readiness(const gchar *value, guint32 *number, GError **error)
{
	FuScsiWbReadiness readiness = fu_scsi_wb_readiness_from_string(value);

	if (readiness != FU_SCSI_WB_READINESS_UNKNOWN) {
		*number = readiness;
		return TRUE;
	}
	g_set_error_literal(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_INVALID_DATA,
			    "is not one of ready, not-ready, any");
	return FALSE;
}

#define FU_SCSI_WB_PROFILE_MEMBER(name) G_STRUCT_OFFSET(FuScsiWbProfile, name)

static const FuScsiWbProfileKey keys[] = {
    {"ScsiWbMode",
     FU_SCSI_WB_PROFILE_MEMBER(mode),
     0,
     G_MAXUINT8,
     fu_scsi_wb_profile_parse_mode_or_auto},
    {"ScsiWbModeLast",
     FU_SCSI_WB_PROFILE_MEMBER(mode_last),
     0,
     G_MAXUINT8,
     fu_scsi_wb_profile_parse_mode},
    {"ScsiWbModeSpecific",
     FU_SCSI_WB_PROFILE_MEMBER(mode_specific),
     0,
     FU_SCSI_WB_PROFILE_MODE_SPECIFIC_MAX,
     NULL},
    {"ScsiWbChunkSize",
     FU_SCSI_WB_PROFILE_MEMBER(chunk_bytes),
     1,
     FU_SCSI_WB_PROFILE_LENGTH_MAX,
     NULL},
    {"ScsiWbChunkAlign",
     FU_SCSI_WB_PROFILE_MEMBER(align_bytes),
     1,
     FU_SCSI_WB_PROFILE_LENGTH_MAX,
     NULL},
    {"ScsiWbBufferId", FU_SCSI_WB_PROFILE_MEMBER(buffer_id), 0, G_MAXUINT8, NULL},
    {"ScsiWbOffsetUnit",
     FU_SCSI_WB_PROFILE_MEMBER(offset_unit_bytes),
     1,
     FU_SCSI_WB_PROFILE_LENGTH_MAX,
     NULL},
    {"ScsiWbTimeout",
     FU_SCSI_WB_PROFILE_MEMBER(timeout_s),
     1,
     FU_SCSI_WB_PROFILE_TIMEOUT_MAX_S,
     NULL},
    {"ScsiWbTimeoutLast",
     FU_SCSI_WB_PROFILE_MEMBER(timeout_last_s),
     1,
     FU_SCSI_WB_PROFILE_TIMEOUT_MAX_S,
     NULL},
    {"ScsiWbVersionPage", FU_SCSI_WB_PROFILE_MEMBER(version_page), 0, G_MAXUINT8, NULL},
    {"ScsiWbVersionOffset",
     FU_SCSI_WB_PROFILE_MEMBER(version_offset),
     FU_SCSI_WB_PROFILE_VERSION_OFFSET_MIN,
     FU_SCSI_WB_PROFILE_VERSION_END_MAX - 1,
     NULL},
    {"ScsiWbVersionSize",
     FU_SCSI_WB_PROFILE_MEMBER(version_bytes),
     1,
     FU_SCSI_WB_PROFILE_VERSION_BYTES_MAX,
     NULL},
    {"ScsiWbReadiness",
     FU_SCSI_WB_PROFILE_MEMBER(readiness),
     0,
     FU_SCSI_WB_READINESS_LAST,
     fu_scsi_wb_profile_parse_readiness},
};

typedef struct {
	const gchar *name;
	FuScsiWbFlags flag;
} FuScsiWbProfileFlag;

static const FuScsiWbProfileFlag flags[] = {
    {"exact-chunk", FU_SCSI_WB_FLAG_EXACT_CHUNK},
    {"increment-buffer-id", FU_SCSI_WB_FLAG_INCREMENT_BUFFER_ID},
    {"fixed-offset", FU_SCSI_WB_FLAG_FIXED_OFFSET},
    {"single-command", FU_SCSI_WB_FLAG_SINGLE_COMMAND},
    {"commit-zero-length", FU_SCSI_WB_FLAG_COMMIT_ZERO_LENGTH},
    {"activate-on-reboot", FU_SCSI_WB_FLAG_ACTIVATE_ON_REBOOT},
    {"activate-on-power-cycle", FU_SCSI_WB_FLAG_ACTIVATE_ON_POWER_CYCLE},
    {"allow-in-use", FU_SCSI_WB_FLAG_ALLOW_IN_USE},
    {"no-link-check", FU_SCSI_WB_FLAG_NO_LINK_CHECK},
    {"ignores-offset", FU_SCSI_WB_FLAG_IGNORES_OFFSET},
};

/**
 * fu_scsi_wb_profile_get_key:
 * @idx: from 0
 *
 * Gets the name of a quirk key.
 *
 * Returns: a name, or %NULL after the last one
 **/
const gchar *
fu_scsi_wb_profile_get_key(guint idx)
{
	return idx < G_N_ELEMENTS(keys) ? keys[idx].name : NULL;
}

/**
 * fu_scsi_wb_profile_get_flag:
 * @idx: from 0
 * @flag: (out) (nullable): the value of the flag
 *
 * Gets the name of a flag that `Flags =` may hold.
 *
 * Returns: a name, or %NULL after the last one
 **/
const gchar *
fu_scsi_wb_profile_get_flag(guint idx, FuScsiWbFlags *flag)
{
	if (idx >= G_N_ELEMENTS(flags))
		return NULL;
	if (flag != NULL)
		*flag = flags[idx].flag;
	return flags[idx].name;
}

static gboolean
fu_scsi_wb_profile_parse(const FuScsiWbProfileKey *key,
			 const gchar *value,
			 guint32 *number,
			 GError **error)
{
	guint64 tmp = 0;

	if (key->parse != NULL)
		return key->parse(value, number, error);
	if (!fu_scsi_wb_profile_parse_number(value, key->min, key->max, &tmp)) {
		g_set_error(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_INVALID_DATA,
			    "is not a number from %u to %u",
			    key->min,
			    key->max);
		return FALSE;
	}
	*number = tmp;
	return TRUE;
}

/**
 * fu_scsi_wb_profile_has_key:
 * @self: a #FuScsiWbProfile
 * @key: a quirk key, e.g. `ScsiWbBufferId`
 *
 * Tells whether a row carries the key, which a number that is as small as its default cannot tell.
 *
 * Returns: %TRUE if it does
 **/
gboolean
fu_scsi_wb_profile_has_key(const FuScsiWbProfile *self, const gchar *key)
{
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		if (g_strcmp0(keys[i].name, key) == 0)
			return FU_BIT_IS_SET(self->keys, i);
	}
	return FALSE;
}

/**
 * fu_scsi_wb_profile_set_kv:
 * @self: a #FuScsiWbProfile
 * @key: a quirk key, e.g. `ScsiWbMode`
 * @value: its text
 * @error: (nullable): optional return location for an error
 *
 * Takes one line of a quirk row.
 *
 * Returns: %TRUE for success; %FWUPD_ERROR_NOT_SUPPORTED for a key that is not ours,
 * %FWUPD_ERROR_INVALID_DATA for a bad value, with the key's name
 **/
gboolean
fu_scsi_wb_profile_set_kv(FuScsiWbProfile *self,
			  const gchar *key,
			  const gchar *value,
			  GError **error)
{
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		guint32 *number = G_STRUCT_MEMBER_P(self, keys[i].member);
		if (g_strcmp0(keys[i].name, key) != 0)
			continue;

		/* even a bad mode says that the row is meant for us */
		if (i == 0)
			self->named = TRUE;
		if (!fu_scsi_wb_profile_parse(&keys[i], value, number, error)) {
			g_prefix_error(error, "quirk key %s = %s: ", key, value);
			return FALSE;
		}
		FU_BIT_SET(self->keys, i);
		return TRUE;
	}
	g_set_error(error,
		    FWUPD_ERROR,
		    FWUPD_ERROR_NOT_SUPPORTED,
		    "quirk key %s not supported",
		    key);
	return FALSE;
}

static gboolean
fu_scsi_wb_profile_has_flags(const FuScsiWbProfile *self, FuScsiWbFlags mask)
{
	return (self->flags & mask) == mask;
}

static gboolean
fu_scsi_wb_profile_is_multiple(guint32 value, guint32 unit)
{
	return value == 0 || unit == 0 || value % unit == 0;
}

/**
 * fu_scsi_wb_profile_validate:
 * @self: a #FuScsiWbProfile
 * @error: (nullable): optional return location for an error
 *
 * Finds combinations of keys and flags that cannot work.
 *
 * Returns: %TRUE if the row makes sense, else %FWUPD_ERROR_INVALID_DATA
 **/
gboolean
fu_scsi_wb_profile_validate(const FuScsiWbProfile *self, GError **error)
{
	gboolean is_auto = self->mode == FU_SCSI_WB_MODE_AUTO;
	gboolean is_single = fu_scsi_wb_profile_has_flags(self, FU_SCSI_WB_FLAG_SINGLE_COMMAND);
	gboolean has_zero = fu_scsi_wb_profile_has_flags(self, FU_SCSI_WB_FLAG_COMMIT_ZERO_LENGTH);
	gboolean has_id = fu_scsi_wb_profile_has_flags(self, FU_SCSI_WB_FLAG_INCREMENT_BUFFER_ID);
	struct {
		gboolean is_wrong;
		const gchar *text;
	} checks[] = {
	    {is_auto && self->mode_last != 0, "ScsiWbModeLast needs a ScsiWbMode other than auto"},
	    {is_auto && self->mode_specific != 0,
	     "ScsiWbModeSpecific needs a ScsiWbMode other than auto"},
	    {is_auto && is_single, "single-command needs a ScsiWbMode other than auto"},
	    {is_auto && has_zero, "commit-zero-length needs a ScsiWbMode other than auto"},
	    {!fu_scsi_wb_profile_is_multiple(self->chunk_bytes, self->align_bytes),
	     "ScsiWbChunkSize is not a multiple of ScsiWbChunkAlign"},
	    {!fu_scsi_wb_profile_is_multiple(self->chunk_bytes, self->offset_unit_bytes),
	     "ScsiWbChunkSize is not a multiple of ScsiWbOffsetUnit"},
	    {self->offset_unit_bytes > 1 && self->chunk_bytes == 0,
	     "ScsiWbOffsetUnit needs ScsiWbChunkSize"},
	    {fu_scsi_wb_profile_has_flags(self, FU_SCSI_WB_FLAG_EXACT_CHUNK) &&
		 self->chunk_bytes == 0,
	     "exact-chunk needs ScsiWbChunkSize"},
	    {is_single && self->mode_last != 0, "single-command has no use for ScsiWbModeLast"},
	    {is_single && has_zero, "single-command and commit-zero-length exclude each other"},
	    {is_single && has_id, "single-command and increment-buffer-id exclude each other"},
	    {(self->version_offset == 0) != (self->version_bytes == 0),
	     "ScsiWbVersionOffset and ScsiWbVersionSize need each other"},
	    {self->version_page != 0 && self->version_bytes == 0,
	     "ScsiWbVersionPage needs ScsiWbVersionOffset and ScsiWbVersionSize"},
	    {self->version_offset + self->version_bytes > FU_SCSI_WB_PROFILE_VERSION_END_MAX,
	     "the version ends beyond byte 252"},
	    {fu_scsi_wb_profile_has_flags(self,
					  FU_SCSI_WB_FLAG_SINGLE_COMMAND |
					      FU_SCSI_WB_FLAG_IGNORES_OFFSET),
	     "single-command and ignores-offset exclude each other"},
	    {fu_scsi_wb_profile_has_flags(self,
					  FU_SCSI_WB_FLAG_ACTIVATE_ON_REBOOT |
					      FU_SCSI_WB_FLAG_ACTIVATE_ON_POWER_CYCLE),
	     "activate-on-reboot and activate-on-power-cycle exclude each other"},
	};
	for (guint i = 0; i < G_N_ELEMENTS(checks); i++) {
		if (!checks[i].is_wrong)
			continue;
		g_set_error(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_INVALID_DATA,
			    "quirk row cannot work: %s",
			    checks[i].text);
		return FALSE;
	}
	return TRUE;
}

/**
 * fu_scsi_wb_profile_is_disruptive:
 * @self: a #FuScsiWbProfile
 *
 * Tells whether the row alone says that an update resets the device at once, and that its user has
 * not been asked to bear it. A row that leaves the mode to the device does not say so.
 *
 * Returns: %TRUE if the device must not be in use
 **/
gboolean
fu_scsi_wb_profile_is_disruptive(const FuScsiWbProfile *self)
{
	guint32 mode_last = self->mode_last != 0 ? self->mode_last : self->mode;

	return (self->flags & (FU_SCSI_WB_FLAG_ALLOW_IN_USE | FU_SCSI_WB_FLAG_ACTIVATE_ON_REBOOT |
			       FU_SCSI_WB_FLAG_ACTIVATE_ON_POWER_CYCLE)) == 0 &&
	       mode_last != FU_SCSI_WB_MODE_AUTO &&
	       mode_last != FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_SELECT_DEFER &&
	       mode_last != FU_SCSI_WB_MODE_DOWNLOAD_OFFSETS_DEFER;
}

/**
 * fu_scsi_wb_profile_add_string:
 * @self: a #FuScsiWbProfile
 * @idt: indentation
 * @str: what to add to
 *
 * Adds the numbers of the row, for people who debug one.
 **/
void
fu_scsi_wb_profile_add_string(const FuScsiWbProfile *self, guint idt, GString *str)
{
	fwupd_codec_string_append(str, idt, "Mode", fu_scsi_wb_mode_to_string(self->mode));
	fwupd_codec_string_append_hex(str, idt, "ModeLast", self->mode_last);
	fwupd_codec_string_append_hex(str, idt, "ModeSpecific", self->mode_specific);
	fwupd_codec_string_append_hex(str, idt, "ChunkSize", self->chunk_bytes);
	fwupd_codec_string_append_hex(str, idt, "ChunkAlign", self->align_bytes);
	fwupd_codec_string_append_hex(str, idt, "BufferId", self->buffer_id);
	fwupd_codec_string_append_hex(str, idt, "OffsetUnit", self->offset_unit_bytes);
	fwupd_codec_string_append_int(str, idt, "Timeout", self->timeout_s);
	fwupd_codec_string_append_int(str, idt, "TimeoutLast", self->timeout_last_s);
	fwupd_codec_string_append_hex(str, idt, "VersionPage", self->version_page);
	fwupd_codec_string_append_int(str, idt, "VersionOffset", self->version_offset);
	fwupd_codec_string_append_int(str, idt, "VersionSize", self->version_bytes);
	fwupd_codec_string_append_hex(str, idt, "Flags", self->flags);
}
