/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "fu-scsi-wb-node.h"
#include "fu-scsi-wb-recording-text.h"
#include "fu-scsi-wb-subject.h"
#include "fu-scsi-wb-sysfs.h"
#include "fu-scsi-wb-verify.h"

static gboolean
fu_scsi_wb_subject_check_access(const gchar *node, GError **error)
{
	if (g_access(node, R_OK | W_OK) == 0)
		return TRUE;
	if (errno == EACCES || errno == EPERM) {
		g_set_error(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_PERMISSION_DENIED,
			    "%s may not be opened: run this program as root",
			    node);
		return FALSE;
	}
	g_set_error(error,
		    FWUPD_ERROR,
		    FWUPD_ERROR_NOT_FOUND,
		    "%s: %s",
		    node,
		    fwupd_strerror(errno));
	return FALSE;
}

static gboolean
fu_scsi_wb_subject_find_device(FuScsiWbSubject *self, const gchar *path, GError **error)
{
	g_autofree gchar *name = NULL;
	g_autoptr(FuUdevDevice) udev_device = NULL;

	self->sysfs_path = fu_scsi_wb_node_find(path, "/sys", error);
	if (self->sysfs_path == NULL)
		return FALSE;
	name = g_path_get_basename(self->sysfs_path);
	self->node = g_build_filename("/dev", name, NULL);
	if (!fu_scsi_wb_subject_check_access(self->node, error))
		return FALSE;
	udev_device = g_object_new(FU_TYPE_UDEV_DEVICE,
				   "context",
				   self->ctx,
				   "backend-id",
				   self->sysfs_path,
				   NULL);
	self->identity = fu_scsi_wb_sysfs_read_identity(udev_device, error);
	if (self->identity == NULL)
		return FALSE;

	/* a device that is another plugin's does not become ours by a row */
	return fu_scsi_wb_sysfs_check_ours(udev_device, self->identity, error);
}

static gboolean
fu_scsi_wb_subject_load_recording(FuScsiWbSubject *self, const gchar *path, GError **error)
{
	const FuScsiWbVersionPlace place = {0};
	g_autofree gchar *text = NULL;
	g_autoptr(FuScsiWbTransport) transport = NULL;

	if (!g_file_get_contents(path, &text, NULL, error)) {
		fwupd_error_convert(error);
		return FALSE;
	}
	self->recording = fu_scsi_wb_recording_text_parse(text, error);
	if (self->recording == NULL) {
		g_prefix_error(error, "%s: ", path);
		return FALSE;
	}
	self->limits.transfer_max_bytes = self->recording->transfer_max_bytes;
	transport = fu_scsi_wb_recording_new_transport(self->recording);
	self->identity = fu_scsi_wb_verify_inquire(transport, &place, error);
	if (self->identity == NULL) {
		g_prefix_error(error, "%s: ", path);
		return FALSE;
	}
	return TRUE;
}

/* a device that answers nothing */
static gboolean
fu_scsi_wb_subject_describe(FuScsiWbSubject *self, const gchar *id, GError **error)
{
	self->recording = fu_scsi_wb_recording_new();
	self->recording->others_refused = TRUE;
	self->identity = fu_scsi_wb_options_parse_id(id, error);
	return self->identity != NULL;
}

/**
 * fu_scsi_wb_subject_new:
 * @options: what the user wants
 * @ctx: a #FuContext, whose quirk rows need not be there yet
 * @error: (nullable): optional return location for an error
 *
 * Finds out who the dry run is about. No command is sent.
 *
 * Returns: (transfer full): a subject without a device yet, or %NULL with an error in words
 **/
FuScsiWbSubject *
fu_scsi_wb_subject_new(const FuScsiWbOptions *options, FuContext *ctx, GError **error)
{
	g_autoptr(FuScsiWbSubject) self = g_new0(FuScsiWbSubject, 1);
	gboolean ret;

	self->ctx = g_object_ref(ctx);
	if (options->recording != NULL)
		ret = fu_scsi_wb_subject_load_recording(self, options->recording, error);
	else if (options->id != NULL)
		ret = fu_scsi_wb_subject_describe(self, options->id, error);
	else
		ret = fu_scsi_wb_subject_find_device(self, options->device, error);
	if (!ret)
		return NULL;
	if (options->host_limit_bytes != 0)
		self->limits.transfer_max_bytes = options->host_limit_bytes;
	return g_steal_pointer(&self);
}

void
fu_scsi_wb_subject_free(FuScsiWbSubject *self)
{
	/* the node is closed before the gate goes that the device sends through */
	g_clear_object(&self->locker);
	g_clear_object(&self->device);
	g_clear_object(&self->ctx);
	g_clear_pointer(&self->gate, fu_scsi_wb_gate_free);
	g_clear_pointer(&self->recording, fu_scsi_wb_recording_free);
	g_clear_pointer(&self->identity, fu_scsi_wb_identity_free);
	g_free(self->sysfs_path);
	g_free(self->node);
	g_free(self);
}

/**
 * fu_scsi_wb_subject_make_device:
 * @self: a #FuScsiWbSubject whose context has its quirk rows
 *
 * Makes the plugin's device, with a gate in front of it.
 **/
void
fu_scsi_wb_subject_make_device(FuScsiWbSubject *self)
{
	FuScsiWbTransport *inner;

	self->device = g_object_new(FU_TYPE_SCSI_WB_DEVICE,
				    "context",
				    self->ctx,
				    "backend-id",
				    self->sysfs_path,
				    NULL);
	if (self->recording != NULL) {
		fu_device_add_flag(self->device, FWUPD_DEVICE_FLAG_EMULATED);
		inner = fu_scsi_wb_recording_new_transport(self->recording);
	} else {
		fu_udev_device_set_device_file(FU_UDEV_DEVICE(self->device), self->node);
		inner = fu_scsi_wb_transport_new(FU_UDEV_DEVICE(self->device));
	}
	self->gate = fu_scsi_wb_gate_new(inner);
	fu_scsi_wb_device_take_transport(FU_SCSI_WB_DEVICE(self->device),
					 fu_scsi_wb_gate_new_transport(self->gate));
}

/* an identity is moved to the device, as the daemon has it read there */
static gboolean
fu_scsi_wb_subject_match(FuScsiWbSubject *self, GError **error)
{
	if (self->recording == NULL)
		return fu_device_probe(self->device, error);
	return fu_scsi_wb_device_match(FU_SCSI_WB_DEVICE(self->device),
				       g_steal_pointer(&self->identity),
				       error);
}

static gboolean
fu_scsi_wb_subject_open_node(FuScsiWbSubject *self, GError **error)
{
	self->locker = fu_device_locker_new(self->device, error);
	if (self->locker == NULL)
		return FALSE;
	if (fu_udev_device_get_io_channel(FU_UDEV_DEVICE(self->device)) == NULL) {
		g_set_error(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_PERMISSION_DENIED,
			    "%s may not be opened: run this program as root, outside of a sandbox",
			    self->node);
		return FALSE;
	}
	self->limits = fu_scsi_wb_limits_read(FU_UDEV_DEVICE(self->device));
	return TRUE;
}

/**
 * fu_scsi_wb_subject_open:
 * @self: a #FuScsiWbSubject with a device
 * @error: (nullable): optional return location for an error
 *
 * Reads the quirk rows of the device and asks it who it is, as the daemon does when it starts.
 *
 * Returns: %TRUE for success; %FWUPD_ERROR_NOT_SUPPORTED if no row names it,
 * %FWUPD_ERROR_PERMISSION_DENIED if its node may not be opened, or the error of the INQUIRY
 **/
gboolean
fu_scsi_wb_subject_open(FuScsiWbSubject *self, GError **error)
{
	FuScsiWbUpdate update = fu_scsi_wb_device_get_update(FU_SCSI_WB_DEVICE(self->device));
	g_autoptr(GError) error_local = NULL;

	if (fu_scsi_wb_subject_match(self, &error_local))
		return self->recording != NULL || fu_scsi_wb_subject_open_node(self, error);
	if (update.profile->named) {
		g_propagate_error(error, g_steal_pointer(&error_local));
		return FALSE;
	}
	g_set_error(
	    error,
	    FWUPD_ERROR,
	    FWUPD_ERROR_NOT_SUPPORTED,
	    "%s: write a row from the maker's manual, and try it here with --quirks FILE or "
	    "--set ScsiWbMode=MODE",
	    error_local->message);
	return FALSE;
}
