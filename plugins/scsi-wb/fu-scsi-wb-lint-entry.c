/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-lint-entry.h"
#include "fu-scsi-wb-profile.h"

/* fwupd's own keys that have a meaning for a device of this plugin */
static const gchar *const keys_fwupd[] = {
    FU_QUIRKS_FLAGS,
    FU_QUIRKS_SUMMARY,
    FU_QUIRKS_ICON,
    FU_QUIRKS_NAME,
    FU_QUIRKS_BRANCH,
    FU_QUIRKS_GUID,
    FU_QUIRKS_COUNTERPART_GUID,
    FU_QUIRKS_PARENT_GUID,
    FU_QUIRKS_VENDOR,
    FU_QUIRKS_FIRMWARE_SIZE_MIN,
    FU_QUIRKS_FIRMWARE_SIZE_MAX,
    FU_QUIRKS_FIRMWARE_SIZE,
    FU_QUIRKS_FIRMWARE_GTYPE,
    FU_QUIRKS_INSTALL_DURATION,
    FU_QUIRKS_UPDATE_MESSAGE,
    FU_QUIRKS_UPDATE_IMAGE,
    FU_QUIRKS_BATTERY_THRESHOLD,
    FU_QUIRKS_REMOVE_DELAY,
    FU_QUIRKS_ACQUIESCE_DELAY,
    FU_QUIRKS_INHIBIT,
    FU_QUIRKS_ISSUE,
};

/* fwupd's own flags that are no FwupdDeviceFlags, and have a meaning for a device of this plugin;
 * fwupd leaves out what it does not know without a word */
static const gchar *const flags_fwupd[] = {
    FU_DEVICE_PRIVATE_FLAG_ENFORCE_REQUIRES,
    FU_DEVICE_PRIVATE_FLAG_IGNORE_SYSTEM_POWER,
    FU_DEVICE_PRIVATE_FLAG_MD_ONLY_CHECKSUM,
    FU_DEVICE_PRIVATE_FLAG_MD_SET_FLAGS,
    FU_DEVICE_PRIVATE_FLAG_MD_SET_ICON,
    FU_DEVICE_PRIVATE_FLAG_MD_SET_NAME,
    FU_DEVICE_PRIVATE_FLAG_MD_SET_NAME_CATEGORY,
    FU_DEVICE_PRIVATE_FLAG_MD_SET_SIGNED,
    FU_DEVICE_PRIVATE_FLAG_MD_SET_VENDOR,
    FU_DEVICE_PRIVATE_FLAG_NO_AUTO_REMOVE,
    FU_DEVICE_PRIVATE_FLAG_NO_PROBE,
    FU_DEVICE_PRIVATE_FLAG_ONLY_SUPPORTED,
    FU_DEVICE_PRIVATE_FLAG_RETRY_OPEN,
    FU_DEVICE_PRIVATE_FLAG_SAVE_INTO_BACKUP_REMOTE,
};

static gboolean
fu_scsi_wb_lint_entry_is_known_flag(const gchar *flag)
{
	const gchar *name;

	for (guint i = 0; (name = fu_scsi_wb_profile_get_flag(i, NULL)) != NULL; i++) {
		if (g_strcmp0(name, flag) == 0)
			return TRUE;
	}
	for (guint i = 0; i < G_N_ELEMENTS(flags_fwupd); i++) {
		if (g_strcmp0(flags_fwupd[i], flag) == 0)
			return TRUE;
	}
	return fwupd_device_flag_from_string(flag) != FWUPD_DEVICE_FLAG_UNKNOWN;
}

static void
fu_scsi_wb_lint_entry_check_flags(FuScsiWbLint *self,
				  const FuScsiWbQuirkRow *row,
				  const FuScsiWbQuirkEntry *entry)
{
	g_auto(GStrv) flags = g_strsplit(entry->value, ",", -1);

	for (guint i = 0; flags[i] != NULL; i++) {
		const gchar *flag = g_str_has_prefix(flags[i], "~") ? flags[i] + 1 : flags[i];
		if (fu_scsi_wb_lint_entry_is_known_flag(flag))
			continue;
		fu_scsi_wb_lint_report(
		    self,
		    row,
		    entry->line,
		    "fwupd would ignore the flag '%s': there is none of that name%s",
		    flags[i],
		    strchr(flags[i], ' ') != NULL ? ", and blanks count" : "");
	}
}

static gboolean
fu_scsi_wb_lint_entry_is_fwupd_key(const gchar *key)
{
	for (guint i = 0; i < G_N_ELEMENTS(keys_fwupd); i++) {
		if (g_strcmp0(keys_fwupd[i], key) == 0)
			return TRUE;
	}
	return FALSE;
}

static void
fu_scsi_wb_lint_entry_check_fwupd_entry(FuScsiWbLint *self,
					const FuScsiWbQuirkRow *row,
					const FuScsiWbQuirkEntry *entry)
{
	g_autoptr(GError) error_local = NULL;

	if (!fu_scsi_wb_lint_entry_is_fwupd_key(entry->key)) {
		fu_scsi_wb_lint_report(self,
				       row,
				       entry->line,
				       "quirk key %s: not a key of this plugin, nor one of fwupd's "
				       "that has a meaning for it",
				       entry->key);
		return;
	}
	if (*entry->value == '\0') {
		fu_scsi_wb_lint_report(self,
				       row,
				       entry->line,
				       "quirk key %s: no value",
				       entry->key);
		return;
	}
	if (!self->apply(entry->key, entry->value, &error_local))
		fu_scsi_wb_lint_report(self,
				       row,
				       entry->line,
				       "quirk key %s = %s: %s",
				       entry->key,
				       entry->value,
				       error_local->message);
	if (g_strcmp0(entry->key, FU_QUIRKS_FLAGS) == 0)
		fu_scsi_wb_lint_entry_check_flags(self, row, entry);
}

/**
 * fu_scsi_wb_lint_entry_check:
 * @self: a #FuScsiWbLint
 * @row: one of its rows
 *
 * Checks each line of a row by itself: whether somebody knows its key and takes its value.
 **/
void
fu_scsi_wb_lint_entry_check(FuScsiWbLint *self, const FuScsiWbQuirkRow *row)
{
	FuScsiWbProfile profile = {0};

	for (guint i = 0; i < row->entries->len; i++) {
		const FuScsiWbQuirkEntry *entry = g_ptr_array_index(row->entries, i);
		g_autoptr(GError) error_local = NULL;

		if (!g_str_has_prefix(entry->key, "ScsiWb")) {
			fu_scsi_wb_lint_entry_check_fwupd_entry(self, row, entry);
			continue;
		}
		if (!fu_scsi_wb_profile_set_kv(&profile, entry->key, entry->value, &error_local))
			fu_scsi_wb_lint_report(self, row, entry->line, "%s", error_local->message);
	}
}
