/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <glib/gstdio.h>

#include "fu-scsi-wb-struct.h"
#include "fu-scsi-wb-unit.h"

void
fu_scsi_wb_unit_row(const gchar *name)
{
	g_test_message("row: %s", name);
}

void
fu_scsi_wb_unit_assert_error(const GError *error, FwupdError code, const gchar *message)
{
	g_assert_nonnull(error);
	g_assert_cmpstr(g_quark_to_string(error->domain), ==, g_quark_to_string(FWUPD_ERROR));
	g_assert_cmpstr(error->message, ==, message);
	g_assert_cmpstr(fwupd_error_to_string(error->code), ==, fwupd_error_to_string(code));
}

void
fu_scsi_wb_unit_result_init(FuScsiWbResult *result, guint8 status)
{
	*result = (FuScsiWbResult){.status = status, .timeout_ms = 300000};
	memset(result->sense, FU_SCSI_WB_UNIT_FILL, sizeof(result->sense));
}

/* SPC-4 (INCITS 513): fixed format sense data, descriptor format sense data */
void
fu_scsi_wb_unit_result_sense(FuScsiWbResult *result,
			     FuScsiWbUnitFormat format,
			     guint8 key,
			     guint8 asc,
			     guint8 ascq)
{
	const guint8 fixed[] = {0x70, 0, key, 0, 0, 0, 0, 10, 0, 0, 0, 0, asc, ascq, 0, 0, 0, 0};
	const guint8 descriptor[] = {0x72, key, asc, ascq, 0, 0, 0, 0};

	fu_scsi_wb_unit_result_init(result, FU_SCSI_WB_STATUS_CHECK_CONDITION);
	if (format == FU_SCSI_WB_UNIT_FORMAT_FIXED) {
		memcpy(result->sense, fixed, sizeof(fixed));
		result->sense_bytes = sizeof(fixed);
	} else {
		memcpy(result->sense, descriptor, sizeof(descriptor));
		result->sense_bytes = sizeof(descriptor);
	}
}

gchar
fu_scsi_wb_unit_action_to_letter(FuScsiWbAction action)
{
	const gchar letters[FU_SCSI_WB_ACTION_LAST] = {
	    [FU_SCSI_WB_ACTION_CONTINUE] = 'C',
	    [FU_SCSI_WB_ACTION_RESEND] = 'S',
	    [FU_SCSI_WB_ACTION_WAIT] = 'W',
	    [FU_SCSI_WB_ACTION_IDENTIFY] = 'I',
	    [FU_SCSI_WB_ACTION_START] = 'T',
	    [FU_SCSI_WB_ACTION_RESTART] = 'R',
	    [FU_SCSI_WB_ACTION_FALL_BACK] = 'B',
	    [FU_SCSI_WB_ACTION_SHRINK] = 'L',
	    [FU_SCSI_WB_ACTION_VERIFY] = 'V',
	    [FU_SCSI_WB_ACTION_ACTIVATE] = 'A',
	    [FU_SCSI_WB_ACTION_AWAIT_RESET] = 'Q',
	    [FU_SCSI_WB_ACTION_AWAIT_POWER_CYCLE] = 'P',
	    [FU_SCSI_WB_ACTION_FAIL] = '-',
	};
	g_assert_cmpuint(action, <, G_N_ELEMENTS(letters));
	g_assert_cmpint(letters[action], !=, 0);
	return letters[action];
}

gchar *
fu_scsi_wb_unit_hex(const guint8 *buf, gsize bufsz)
{
	GString *str = g_string_new(NULL);

	for (gsize i = 0; i < bufsz; i++)
		g_string_append_printf(str, "%02x", buf[i]);
	return g_string_free(str, FALSE);
}

FuScsiWbPlan *
fu_scsi_wb_unit_new_plan(const FuScsiWbProfile *profile, gsize image_bytes, GError **error)
{
	const FuScsiWbCaps caps = {0};
	const FuScsiWbLimits limits = {0};
	FuScsiWbTraits traits;

	if (!fu_scsi_wb_traits_resolve(profile, &caps, &limits, &traits, error))
		return NULL;
	return fu_scsi_wb_plan_new(profile, &traits, image_bytes, error);
}

/* fwupd 2.0.20, libfwupdplugin/fu-ioctl.c: fu_ioctl_execute() */
void
fu_scsi_wb_unit_add_ioctl(FuDevice *device, gulong request, gint value_in, gint value_out)
{
	g_autofree gchar *data = g_base64_encode((const guchar *)&value_in, sizeof(value_in));
	g_autofree gchar *id = g_strdup_printf("Ioctl:Request=0x%04x,Data=%s,Length=0x%x",
					       (guint)request,
					       data,
					       (guint)sizeof(value_in));
	FuDeviceEvent *event = fu_device_save_event(device, id);

	fu_device_event_set_data(event, "DataOut", (const guint8 *)&value_out, sizeof(value_out));
}

void
fu_scsi_wb_unit_remove_tree(const gchar *path)
{
	const gchar *name;
	g_autoptr(GDir) dir = NULL;

	if (!g_file_test(path, G_FILE_TEST_IS_SYMLINK))
		dir = g_dir_open(path, 0, NULL);
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree gchar *child = g_build_filename(path, name, NULL);
		fu_scsi_wb_unit_remove_tree(child);
	}
	(void)g_remove(path);
}

gboolean
fu_scsi_wb_unit_build_firmware(FuFirmware *firmware, const gchar *xml, GError **error)
{
	g_autoptr(XbBuilder) builder = xb_builder_new();
	g_autoptr(XbBuilderSource) source = xb_builder_source_new();
	g_autoptr(XbNode) node = NULL;
	g_autoptr(XbSilo) silo = NULL;

	if (!xb_builder_source_load_xml(source, xml, XB_BUILDER_SOURCE_FLAG_NONE, error))
		return FALSE;
	xb_builder_import_source(builder, source);
	silo = xb_builder_compile(builder, XB_BUILDER_COMPILE_FLAG_NONE, NULL, error);
	if (silo == NULL)
		return FALSE;
	node = xb_silo_query_first(silo, "firmware", error);
	return node != NULL && fu_firmware_build(firmware, node, error);
}
