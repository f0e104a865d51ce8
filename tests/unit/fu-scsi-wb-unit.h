/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-plan.h"
#include "fu-scsi-wb-policy.h"
#include "fu-scsi-wb-transport.h"

/* what buffers hold before a test, so that "untouched" cannot pass as "zeroed" */
#define FU_SCSI_WB_UNIT_FILL 0xa5

/**
 * FuScsiWbUnitFormat:
 *
 * How sense data are laid out.
 **/
typedef enum {
	FU_SCSI_WB_UNIT_FORMAT_FIXED,
	FU_SCSI_WB_UNIT_FORMAT_DESCRIPTOR,
} FuScsiWbUnitFormat;

/**
 * fu_scsi_wb_unit_row:
 * @name: the name of the row that is tested next
 *
 * Says which row is tested; the last one said is the one that failed.
 **/
void
fu_scsi_wb_unit_row(const gchar *name);

/**
 * fu_scsi_wb_unit_assert_error:
 * @error: what came back
 * @code: the code of fwupd that was expected
 * @message: the whole text that was expected
 *
 * Asserts domain, code and text.
 **/
void
fu_scsi_wb_unit_assert_error(const GError *error, FwupdError code, const gchar *message);

/**
 * fu_scsi_wb_unit_result_init:
 * @result: (out caller-allocates): a result
 * @status: SCSI status
 *
 * Makes a result of a command that the kernel and the adapter had no trouble with. Its sense
 * buffer holds noise.
 **/
void
fu_scsi_wb_unit_result_init(FuScsiWbResult *result, guint8 status);

/**
 * fu_scsi_wb_unit_result_sense:
 * @result: (out caller-allocates): a result
 * @format: fixed or descriptor
 * @key: sense key
 * @asc: additional sense code
 * @ascq: additional sense code qualifier
 *
 * Makes a CHECK CONDITION of a current error: 18 bytes in fixed format, 8 in descriptor format.
 **/
void
fu_scsi_wb_unit_result_sense(FuScsiWbResult *result,
			     FuScsiWbUnitFormat format,
			     guint8 key,
			     guint8 asc,
			     guint8 ascq);

/**
 * fu_scsi_wb_unit_action_to_letter:
 * @action: what to do next
 *
 * Returns: C continue, S send again, W wait, I identify, T start, R restart, B fall back to
 * another mode, L smaller segments, V let the INQUIRY decide, A activate, Q await a reset, P await
 * a power cycle, - fail
 **/
gchar
fu_scsi_wb_unit_action_to_letter(FuScsiWbAction action);

/**
 * fu_scsi_wb_unit_hex:
 * @buf: (nullable): bytes
 * @bufsz: size of @buf
 *
 * Returns: (transfer full): two lower case digits for each byte, for messages of failed tests
 **/
gchar *
fu_scsi_wb_unit_hex(const guint8 *buf, gsize bufsz);

/**
 * fu_scsi_wb_unit_new_plan:
 * @profile: what a quirk row says
 * @image_bytes: the size of the image
 * @error: (nullable): optional return location for an error
 *
 * Makes a plan for a device that says nothing, and a host without limits.
 *
 * Returns: (transfer full): as fu_scsi_wb_plan_new()
 **/
FuScsiWbPlan *
fu_scsi_wb_unit_new_plan(const FuScsiWbProfile *profile, gsize image_bytes, GError **error);

/**
 * fu_scsi_wb_unit_add_ioctl:
 * @device: a device that is emulated
 * @request: e.g. `BLKSECTGET`
 * @value_in: the number that is given to the kernel
 * @value_out: the one that comes back
 *
 * Records an ioctl about a number.
 **/
void
fu_scsi_wb_unit_add_ioctl(FuDevice *device, gulong request, gint value_in, gint value_out);

/**
 * fu_scsi_wb_unit_remove_tree:
 * @path: a file or folder
 *
 * Removes it with all that is in it; links are not followed.
 **/
void
fu_scsi_wb_unit_remove_tree(const gchar *path);

/**
 * fu_scsi_wb_unit_build_firmware:
 * @firmware: an empty image file
 * @xml: what it consists of, as fwupd's tests and fuzzers have it
 * @error: (nullable): optional return location for an error
 *
 * Makes the file of it; not each fwupd that this builds for has a function of its own for that.
 *
 * Returns: %FALSE with the format's error, or with libxmlb's if @xml is no XML
 **/
gboolean
fu_scsi_wb_unit_build_firmware(FuFirmware *firmware, const gchar *xml, GError **error);
