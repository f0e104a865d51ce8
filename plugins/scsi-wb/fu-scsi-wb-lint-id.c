/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-lint-id.h"

/* SPC-4 (INCITS 513): standard INQUIRY data, and the peripheral device type in two digits */
#define FU_SCSI_WB_LINT_VENDOR_BYTES   8
#define FU_SCSI_WB_LINT_PRODUCT_BYTES  16
#define FU_SCSI_WB_LINT_REVISION_BYTES 4
#define FU_SCSI_WB_LINT_TYPE_BYTES     2

static gboolean
fu_scsi_wb_lint_id_check_part(FuScsiWbLint *self,
			      const FuScsiWbQuirkRow *row,
			      const gchar *name,
			      gsize bytes_max)
{
	const gchar *safe;
	g_autofree gchar *text = fu_scsi_wb_quirk_row_get_part(row, name);
	g_autoptr(FuDevice) device = fu_device_new(NULL);

	if (text == NULL)
		return FALSE;
	fu_device_add_instance_strsafe(device, name, text);
	safe = fu_device_get_instance_str(device, name);
	if (g_strcmp0(text, safe) != 0)
		fu_scsi_wb_lint_report(self,
				       row,
				       row->line,
				       "no device matches %s_%s: fwupd writes it %s_%s",
				       name,
				       text,
				       name,
				       safe != NULL ? safe : "");
	if (strlen(text) > bytes_max)
		fu_scsi_wb_lint_report(self,
				       row,
				       row->line,
				       "no device matches: %s has %u characters, and INQUIRY has "
				       "room for %u",
				       name,
				       (guint)strlen(text),
				       (guint)bytes_max);
	return TRUE;
}

static void
fu_scsi_wb_lint_id_check_type(FuScsiWbLint *self, const FuScsiWbQuirkRow *row)
{
	g_autofree gchar *text = fu_scsi_wb_quirk_row_get_part(row, "TYPE");
	guint64 type = 0;
	g_autofree gchar *want = NULL;

	if (text == NULL)
		return;
	if (strlen(text) == FU_SCSI_WB_LINT_TYPE_BYTES &&
	    fu_strtoull(text, &type, 0x00, 0x1f, FU_INTEGER_BASE_16, NULL))
		want = g_strdup_printf("%02x", (guint)type);
	if (g_strcmp0(text, want) != 0)
		fu_scsi_wb_lint_report(self,
				       row,
				       row->line,
				       "no device matches TYPE_%s: it is 00 to 1f, in two digits "
				       "with small letters",
				       text);
}

/**
 * fu_scsi_wb_lint_id_check:
 * @self: a #FuScsiWbLint
 * @row: one of its rows
 *
 * Checks that the ID of a row has one of the forms that the plugin looks up, and that INQUIRY data
 * could make it.
 **/
void
fu_scsi_wb_lint_id_check(FuScsiWbLint *self, const FuScsiWbQuirkRow *row)
{
	g_autofree gchar *type = fu_scsi_wb_quirk_row_get_part(row, "TYPE");
	g_auto(GStrv) parts = g_strsplit(row->id, "&", -1);
	guint n_parts = 0;

	n_parts += fu_scsi_wb_lint_id_check_part(self, row, "VEN", FU_SCSI_WB_LINT_VENDOR_BYTES);
	if (type != NULL) {
		fu_scsi_wb_lint_id_check_type(self, row);
		n_parts++;
	} else if (fu_scsi_wb_lint_id_check_part(self, row, "DEV", FU_SCSI_WB_LINT_PRODUCT_BYTES)) {
		n_parts++;
		n_parts +=
		    fu_scsi_wb_lint_id_check_part(self, row, "REV", FU_SCSI_WB_LINT_REVISION_BYTES);
	}
	if (n_parts == 0 || n_parts != g_strv_length(parts) ||
	    !g_str_has_prefix(row->id, "SCSI\\VEN_"))
		fu_scsi_wb_lint_report(self,
				       row,
				       row->line,
				       "no device matches: a row is for SCSI\\VEN_x, "
				       "SCSI\\VEN_x&TYPE_nn, SCSI\\VEN_x&DEV_y or "
				       "SCSI\\VEN_x&DEV_y&REV_z");
}
