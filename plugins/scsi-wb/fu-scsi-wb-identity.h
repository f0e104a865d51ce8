/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

#include "fu-scsi-wb-struct.h"

/**
 * FuScsiWbVersionPlace:
 * @page_code: a VPD page, or 0 for standard INQUIRY data
 * @offset: where in these data it begins, counted from their first byte
 * @bytes: how long it is, or 0 if PRODUCT REVISION LEVEL is all there is
 *
 * Where a device says which firmware it runs, if four characters are not enough for that.
 **/
typedef struct {
	guint8 page_code;
	guint offset;
	guint bytes;
} FuScsiWbVersionPlace;

/**
 * FuScsiWbIdentity:
 * @type: peripheral device type
 * @is_removable: the medium is
 * @vendor: INQUIRY vendor without padding
 * @product: INQUIRY product without padding
 * @place: where @revision comes from
 * @level: (nullable): INQUIRY revision without padding
 * @revision: (nullable): the firmware that it runs: @level, or what stands at @place
 * @serial: (nullable): of VPD page 80h
 * @wwid: (nullable): of VPD page 83h, e.g. `naa.5000c50012345678`
 *
 * Who a device says it is.
 **/
typedef struct {
	FuScsiWbPeripheralType type;
	gboolean is_removable;
	gchar *vendor;
	gchar *product;
	FuScsiWbVersionPlace place;
	gchar *level;
	gchar *revision;
	gchar *serial;
	gchar *wwid;
} FuScsiWbIdentity;

FuScsiWbIdentity *
fu_scsi_wb_identity_new(void) G_GNUC_WARN_UNUSED_RESULT;
FuScsiWbIdentity *
fu_scsi_wb_identity_copy(const FuScsiWbIdentity *self) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
void
fu_scsi_wb_identity_free(FuScsiWbIdentity *self);
gchar *
fu_scsi_wb_identity_make_text(const guint8 *buf, gsize bufsz) G_GNUC_WARN_UNUSED_RESULT;
gboolean
fu_scsi_wb_identity_parse_inquiry(FuScsiWbIdentity *self,
				  GBytes *blob,
				  GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);
void
fu_scsi_wb_identity_parse_version(FuScsiWbIdentity *self, GBytes *blob) G_GNUC_NON_NULL(1, 2);
void
fu_scsi_wb_identity_take_level(FuScsiWbIdentity *self, gchar *level) G_GNUC_NON_NULL(1);
void
fu_scsi_wb_identity_take_revision(FuScsiWbIdentity *self, gchar *revision) G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_identity_parse_type(FuScsiWbIdentity *self, const gchar *text) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);
void
fu_scsi_wb_identity_parse_serial(FuScsiWbIdentity *self, GBytes *blob) G_GNUC_NON_NULL(1, 2);
void
fu_scsi_wb_identity_parse_wwid(FuScsiWbIdentity *self, GBytes *blob) G_GNUC_NON_NULL(1, 2);
void
fu_scsi_wb_identity_add_string(const FuScsiWbIdentity *self, guint idt, GString *str)
    G_GNUC_NON_NULL(1, 3);
gboolean
fu_scsi_wb_identity_check_same(const FuScsiWbIdentity *self,
			       const FuScsiWbIdentity *other,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1, 2);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FuScsiWbIdentity, fu_scsi_wb_identity_free)
