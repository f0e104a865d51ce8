/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-identity.h"

/**
 * FuScsiWbOptions:
 * @device: (nullable): a device node
 * @image: (nullable): file name of the image
 * @image_bytes: size of an image that is not there, 0 if there is one or none
 * @record: (nullable): where to write what the device answers
 * @recording: (nullable): what a device has answered
 * @id: (nullable): instance ID of a device that is not there
 * @files: (array zero-terminated=1): quirk files to read, too
 * @settings: (array zero-terminated=1): lines of a quirk row, `KEY=VALUE`
 * @host_limit_bytes: what the host adapter is to carry in one command, 0 if nothing was said
 * @is_all: show each command
 * @is_json: write for programs
 * @is_version: only say the version
 *
 * What the user wants.
 **/
typedef struct {
	gchar *device;
	gchar *image;
	guint64 image_bytes;
	gchar *record;
	gchar *recording;
	gchar *id;
	gchar **files;
	gchar **settings;
	guint64 host_limit_bytes;
	gboolean is_all;
	gboolean is_json;
	gboolean is_version;
} FuScsiWbOptions;

FuScsiWbOptions *
fu_scsi_wb_options_parse(gchar **argv, GError **error) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
void
fu_scsi_wb_options_free(FuScsiWbOptions *self);
FuScsiWbIdentity *
fu_scsi_wb_options_parse_id(const gchar *id, GError **error) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FuScsiWbOptions, fu_scsi_wb_options_free)
