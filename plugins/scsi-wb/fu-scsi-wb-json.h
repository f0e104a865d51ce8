/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

/**
 * FuScsiWbJson:
 * @str: what was written up to now
 * @depth: how many objects and arrays are open
 * @is_empty: nothing was written into the innermost of them yet
 *
 * Writes a JSON document (RFC 8259). fwupd 2.0 has json-glib for that and fwupd 2.1 a library of
 *its own: text is the same in both.
 **/
typedef struct {
	GString *str;
	guint depth;
	gboolean is_empty;
} FuScsiWbJson;

FuScsiWbJson *
fu_scsi_wb_json_new(void) G_GNUC_WARN_UNUSED_RESULT;
void
fu_scsi_wb_json_free(FuScsiWbJson *self);
void
fu_scsi_wb_json_begin(FuScsiWbJson *self, const gchar *name, gchar bracket) G_GNUC_NON_NULL(1);
void
fu_scsi_wb_json_end(FuScsiWbJson *self, gchar bracket) G_GNUC_NON_NULL(1);
void
fu_scsi_wb_json_add_string(FuScsiWbJson *self, const gchar *name, const gchar *value)
    G_GNUC_NON_NULL(1);
void
fu_scsi_wb_json_add_number(FuScsiWbJson *self, const gchar *name, guint64 value) G_GNUC_NON_NULL(1);
void
fu_scsi_wb_json_add_boolean(FuScsiWbJson *self, const gchar *name, gboolean value)
    G_GNUC_NON_NULL(1);
gchar *
fu_scsi_wb_json_to_string(const FuScsiWbJson *self) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FuScsiWbJson, fu_scsi_wb_json_free)
