/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

/* What differs between the fwupd versions that this source builds for, and nothing else. */

#if FWUPD_CHECK_VERSION(2, 1, 7)
typedef FuInputStream FuScsiWbStream;
#define fu_scsi_wb_stream_new(blob) fu_memory_input_stream_new_from_bytes(blob)
#else
typedef GInputStream FuScsiWbStream;
#define fu_scsi_wb_stream_new(blob) g_memory_input_stream_new_from_bytes(blob)
#endif

/* where /sys is, which is elsewhere where FWUPD_SYSFSDIR says so */
#if FWUPD_CHECK_VERSION(2, 1, 1)
#define fu_scsi_wb_build_sysfs_path(ctx, ...)                                                      \
	fu_context_build_filename(ctx, NULL, FU_PATH_KIND_SYSFSDIR, __VA_ARGS__, NULL)
#else
#define fu_scsi_wb_build_sysfs_path(ctx, ...)                                                      \
	fu_path_build(FU_PATH_KIND_SYSFSDIR, __VA_ARGS__, NULL)
#endif

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FuScsiWbStream, g_object_unref)
