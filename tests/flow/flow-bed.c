/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "flow-bed.h"
#include "fu-context-private.h"
#include "fu-device-private.h"
#include "fu-scsi-wb-compat.h"
#include "fu-scsi-wb-profile.h"
#include "wbt-model.h"

#define FLOW_BED_UNIT  "host0/target0:0:0/0:0:0:0"
#define FLOW_BED_NODE  "sg0"
#define FLOW_BED_CLASS "sys/class/scsi_generic"

gboolean
flow_bed_send_cb(gpointer user_data,
		 const FuScsiWbCommand *command,
		 FuScsiWbResult *result,
		 GError **error)
{
	FlowBed *self = user_data;
	gboolean is_out = command->direction == FU_SCSI_WB_DIRECTION_TO_DEVICE;
	gboolean is_in = command->direction == FU_SCSI_WB_DIRECTION_FROM_DEVICE;
	WbtReply reply;

	g_array_append_val(self->timeouts_ms, command->timeout_ms);
	wbt_target_execute(self->target,
			   command->cdb,
			   command->cdb_bytes,
			   is_out ? command->buf : NULL,
			   is_out ? command->buf_bytes : 0,
			   is_in ? command->buf : NULL,
			   is_in ? command->buf_bytes : 0,
			   &reply);
	result->sys_errno = reply.sys_errno;
	result->node = "/dev/sg0";
	result->status = reply.status;
	result->host_status = reply.host_status;
	result->driver_status = reply.driver_status;
	result->resid_bytes = reply.resid_bytes;
	result->sense_bytes = reply.sense_bytes;
	memcpy(result->sense, reply.sense, MIN(sizeof(result->sense), sizeof(reply.sense)));
	wbt_target_pass_time(self->target, MIN(reply.hang_ms, command->timeout_ms));
	if (reply.hang_ms > command->timeout_ms) {
		result->status = 0;
		result->host_status = FU_SCSI_WB_HOST_STATUS_TIME_OUT;
	}
	return TRUE;
}

void
flow_bed_sleep_cb(gpointer user_data, guint delay_ms)
{
	FlowBed *self = user_data;
	self->slept_ms += delay_ms;
	wbt_target_pass_time(self->target, delay_ms);
}

/* no time passes but what is slept: how long a test takes on a slow machine is no matter */
gint64
flow_bed_clock_cb(gpointer user_data)
{
	FlowBed *self = user_data;
	return (gint64)self->slept_ms;
}

static void
flow_bed_write_unit_attr(const gchar *unit_dir, const gchar *attr, const void *buf, gssize bufsz)
{
	g_autofree gchar *path = g_build_filename(unit_dir, attr, NULL);
	g_autoptr(GError) error = NULL;
	g_file_set_contents(path, buf, bufsz, &error);
	g_assert_no_error(error);
}

void
flow_bed_write_attr(FlowBed *self, const gchar *attr, const void *buf, gssize bufsz)
{
	flow_bed_write_unit_attr(self->unit_dir, attr, buf, bufsz);
}

/* the kernel asks a device for its pages when it finds it */
static void
flow_bed_write_page(FlowBed *self, const gchar *unit_dir, guint8 page_code)
{
	guint8 buf[252] = {0};
	const guint8 cdb[] = {0x12, 0x01, page_code, 0x00, sizeof(buf), 0x00};
	g_autofree gchar *attr = g_strdup_printf("vpd_pg%02x", page_code);
	WbtReply reply;

	wbt_target_execute(self->target, cdb, sizeof(cdb), NULL, 0, buf, sizeof(buf), &reply);
	if (reply.status == WBT_STATUS_GOOD)
		flow_bed_write_unit_attr(unit_dir, attr, buf, reply.data_in_bytes);
}

static void
flow_bed_link(const gchar *target, const gchar *dir, const gchar *name)
{
	g_autofree gchar *link = g_build_filename(dir, name, NULL);
	g_assert_cmpint(symlink(target, link), ==, 0);
}

gchar *
flow_bed_add_node(FlowBed *self, const gchar *unit, const gchar *node)
{
	const WbtModel *model = wbt_target_get_model(self->target);
	g_autofree gchar *class_dir = g_build_filename(self->dir, FLOW_BED_CLASS, NULL);
	g_autofree gchar *product = g_strdup_printf("%-16s\n", model->product);
	g_autofree gchar *type = g_strdup_printf("%u\n", model->peripheral_type);
	g_autofree gchar *unit_dir = g_build_filename(self->dir, "sys", "devices", unit, NULL);
	g_autofree gchar *unit_link = g_strdup_printf("../../../%s", strrchr(unit, '/') + 1);
	g_autofree gchar *vendor = g_strdup_printf("%-8s\n", model->vendor);
	g_autofree gchar *node_dir = g_build_filename(unit_dir, "scsi_generic", node, NULL);

	g_assert_cmpint(g_mkdir_with_parents(class_dir, 0755), ==, 0);
	g_assert_cmpint(g_mkdir_with_parents(node_dir, 0755), ==, 0);
	flow_bed_link(unit_link, node_dir, "device");
	flow_bed_link(class_dir, node_dir, "subsystem");
	flow_bed_link(node_dir, class_dir, node);
	flow_bed_write_unit_attr(unit_dir, "type", type, -1);
	flow_bed_write_unit_attr(unit_dir, "state", "running\n", -1);
	flow_bed_write_unit_attr(unit_dir, "vendor", vendor, -1);
	flow_bed_write_unit_attr(unit_dir, "model", product, -1);
	flow_bed_write_page(self, unit_dir, 0x80);
	flow_bed_write_page(self, unit_dir, 0x83);
	return g_steal_pointer(&node_dir);
}

static void
flow_bed_write_quirks(FlowBed *self, const gchar *quirk_rows)
{
	g_autofree gchar *dir = g_build_filename(self->dir, "quirks.d", NULL);
	g_autofree gchar *path = g_build_filename(dir, "user.quirk", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(g_mkdir_with_parents(dir, 0755), ==, 0);
	g_setenv("FWUPD_LOCALSTATEDIR_QUIRKS", dir, TRUE);
	if (quirk_rows == NULL)
		return;
	g_file_set_contents(path, quirk_rows, -1, &error);
	g_assert_no_error(error);
}

static void
flow_bed_load_context(FlowBed *self)
{
	const gchar *key;
	gboolean ret;
	g_autoptr(GError) error = NULL;

	self->context = fu_context_new();
	for (guint i = 0; (key = fu_scsi_wb_profile_get_key(i)) != NULL; i++)
		fu_context_add_quirk_key(self->context, key);
	ret = fu_scsi_wb_load_quirks(self->context, &error);
	g_assert_no_error(error);
	g_assert_true(ret);
}

FuScsiWbTransport *
flow_bed_new_transport(FlowBed *self)
{
	FuScsiWbTransport *transport =
	    fu_scsi_wb_transport_new_full(flow_bed_send_cb, flow_bed_sleep_cb, self);

	fu_scsi_wb_transport_set_clock(transport, flow_bed_clock_cb);
	return transport;
}

FuDevice *
flow_bed_new_device(FlowBed *self, const gchar *node_dir)
{
	FuDevice *device = g_object_new(FU_TYPE_SCSI_WB_DEVICE,
					"context",
					self->context,
					"backend-id",
					node_dir,
					NULL);
	fu_scsi_wb_device_take_transport(FU_SCSI_WB_DEVICE(device), flow_bed_new_transport(self));
	return device;
}

FlowBed *
flow_bed_new(const gchar *model, const gchar *quirk_rows)
{
	g_assert_nonnull(wbt_model_find(model));
	return flow_bed_new_for_model(wbt_model_find(model), quirk_rows);
}

FlowBed *
flow_bed_new_for_model(const WbtModel *model, const gchar *quirk_rows)
{
	FlowBed *self = g_new0(FlowBed, 1);
	g_autofree gchar *node_dir = NULL;

	self->dir = g_dir_make_tmp("scsi-wb-flow-XXXXXX", NULL);
	g_assert_nonnull(self->dir);
	self->unit_dir = g_build_filename(self->dir, "sys", "devices", FLOW_BED_UNIT, NULL);
	self->target = wbt_target_new(model, NULL);
	node_dir = flow_bed_add_node(self, FLOW_BED_UNIT, FLOW_BED_NODE);
	flow_bed_write_quirks(self, quirk_rows);
	flow_bed_load_context(self);
	self->device = flow_bed_new_device(self, node_dir);
	self->timeouts_ms = g_array_new(FALSE, FALSE, sizeof(guint));
	flow_bed_mark(self);
	self->first = self->mark;
	return self;
}

void
flow_bed_restart_daemon(FlowBed *self)
{
	g_autofree gchar *node_dir =
	    g_build_filename(self->unit_dir, "scsi_generic", FLOW_BED_NODE, NULL);

	g_object_unref(self->device);
	self->device = flow_bed_new_device(self, node_dir);
	flow_bed_assert_enumerated(self);
}

void
flow_bed_remove_tree(const gchar *path)
{
	const gchar *name;
	g_autoptr(GDir) dir = NULL;

	if (!g_file_test(path, G_FILE_TEST_IS_SYMLINK))
		dir = g_dir_open(path, 0, NULL);
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree gchar *child = g_build_filename(path, name, NULL);
		flow_bed_remove_tree(child);
	}
	(void)g_remove(path);
}

void
flow_bed_free(FlowBed *self)
{
	flow_bed_remove_tree(self->dir);
	g_object_unref(self->device);
	g_object_unref(self->context);
	wbt_target_free(self->target);
	g_array_unref(self->timeouts_ms);
	g_free(self->unit_dir);
	g_free(self->dir);
	g_free(self);
}

gboolean
flow_bed_enumerate(FlowBed *self, GError **error)
{
	if (!fu_device_probe(self->device, error))
		return FALSE;
	return fu_device_setup(self->device, error);
}

static void
flow_bed_percentage_cb(FuProgress *progress, FuScsiWbPercentage percentage, gpointer user_data)
{
	FlowBed *self = user_data;
	g_assert_cmpfloat(percentage, >=, self->percentage_last);
	self->percentage_last = percentage;
	self->percentages++;
}

/* the five phases in the daemon's order; after a failed write it attaches all the same */
static gboolean
flow_bed_install_phases(FlowBed *self,
			FuFirmware *firmware,
			FwupdInstallFlags flags,
			GError **error)
{
	g_autoptr(FuProgress) progress = fu_progress_new(G_STRLOC);
	g_autoptr(FuProgress) progress_attach = fu_progress_new(G_STRLOC);

	self->percentages = 0;
	self->percentage_last = 0;
	g_signal_connect(progress, "percentage-changed", G_CALLBACK(flow_bed_percentage_cb), self);
	if (!fu_device_write_firmware(self->device, firmware, progress, flags, error)) {
		g_assert_true(fu_device_attach_full(self->device, progress_attach, NULL));
		return FALSE;
	}
	if (!fu_device_attach_full(self->device, progress_attach, error))
		return FALSE;
	return fu_device_reload(self->device, error);
}

gboolean
flow_bed_install(FlowBed *self, GBytes *image, FwupdInstallFlags flags, GError **error)
{
	g_autoptr(FuFirmware) firmware = NULL;
	g_autoptr(FuProgress) progress = fu_progress_new(G_STRLOC);
	g_autoptr(FuScsiWbStream) stream = fu_scsi_wb_stream_new(image);

	firmware = fu_device_prepare_firmware(self->device,
					      stream,
					      progress,
					      FU_FIRMWARE_PARSE_FLAG_CACHE_STREAM,
					      error);
	if (firmware == NULL)
		return FALSE;
	return flow_bed_install_phases(self, firmware, flags, error);
}

gboolean
flow_bed_activate(FlowBed *self, GError **error)
{
	g_autoptr(FuProgress) progress = fu_progress_new(G_STRLOC);
	return fu_device_activate(self->device, progress, error);
}

void
flow_bed_assert_enumerated(FlowBed *self)
{
	g_autoptr(GError) error = NULL;
	gboolean ret = flow_bed_enumerate(self, &error);
	g_assert_no_error(error);
	g_assert_true(ret);
}

void
flow_bed_assert_installed(FlowBed *self, GBytes *image, FwupdInstallFlags flags)
{
	g_autoptr(GError) error = NULL;
	gboolean ret = flow_bed_install(self, image, flags, &error);
	g_assert_no_error(error);
	g_assert_true(ret);
}

void
flow_bed_assert_refused(FlowBed *self, GBytes *image, FwupdError code, const gchar *message)
{
	g_autoptr(GError) error = NULL;
	gboolean ret = flow_bed_install(self, image, FWUPD_INSTALL_FLAG_NONE, &error);
	g_assert_error(error, FWUPD_ERROR, (gint)code);
	g_assert_cmpstr(error->message, ==, message);
	g_assert_false(ret);
}

void
flow_bed_assert_activated(FlowBed *self)
{
	g_autoptr(GError) error = NULL;
	gboolean ret = flow_bed_activate(self, &error);
	g_assert_no_error(error);
	g_assert_true(ret);
}

gchar *
flow_bed_new_heldout_rows(const WbtModel *model)
{
	g_autofree gchar *name = g_strdup_printf("%s.quirk", model->name);
	g_autofree gchar *path = g_build_filename(g_getenv("SCSI_WB_HELDOUT"), name, NULL);
	gchar *text = NULL;

	(void)!g_file_get_contents(path, &text, NULL, NULL);
	return text;
}

gchar *
flow_bed_new_model_rows(const WbtModel *model)
{
	if (g_strcmp0(model->name, "std-events") == 0)
		return g_strdup("[SCSI\\VEN_WBSTD]\nScsiWbMode = 0x0d\nScsiWbModeSpecific = 4\n");
	if (model->long_version != NULL && g_strcmp0(model->vendor, "WBSTD") == 0)
		return g_strdup_printf("[SCSI\\VEN_%s]\nScsiWbMode = auto\n"
				       "ScsiWbVersionPage = %u\nScsiWbVersionOffset = %u\n"
				       "ScsiWbVersionSize = %u\n",
				       model->vendor,
				       model->long_version->page_code,
				       model->long_version->offset,
				       model->long_version->bytes);
	if (g_strcmp0(model->vendor, "WBSTD") == 0)
		return g_strdup("[SCSI\\VEN_WBSTD]\nScsiWbMode = auto\n");
	return flow_bed_new_heldout_rows(model);
}

GBytes *
flow_bed_new_image(FlowBed *self, const gchar *revision, gsize size_bytes)
{
	GByteArray *image =
	    wbt_image_new(wbt_target_get_model(self->target), revision, size_bytes, 42);
	return image != NULL ? g_byte_array_free_to_bytes(image) : NULL;
}

void
flow_bed_set_faults(FlowBed *self, const gchar *script)
{
	g_autoptr(GError) error = NULL;
	wbt_target_set_faults(self->target, script, WBT_FAULTS_ALL, &error);
	g_assert_no_error(error);
}

void
flow_bed_mark(FlowBed *self)
{
	self->mark = wbt_target_log_count(self->target);
}

guint
flow_bed_count_opcode(FlowBed *self, guint8 opcode)
{
	guint cnt = 0;
	for (gsize i = self->mark; i < wbt_target_log_count(self->target); i++) {
		if (wbt_target_log_get(self->target, i)->cdb[0] == opcode)
			cnt++;
	}
	return cnt;
}

/* what goes to the echo buffer is no microcode */
gboolean
flow_bed_is_segment(const WbtLogEntry *entry)
{
	return entry->cdb[0] == 0x3b && (entry->cdb[1] & 0x1f) != WBT_MODE_ECHO;
}

guint
flow_bed_count_segments(FlowBed *self)
{
	guint cnt = 0;
	for (gsize i = self->mark; i < wbt_target_log_count(self->target); i++) {
		if (flow_bed_is_segment(wbt_target_log_get(self->target, i)))
			cnt++;
	}
	return cnt;
}

guint
flow_bed_count_commands(FlowBed *self)
{
	return wbt_target_log_count(self->target) - self->mark;
}

void
flow_bed_assert_updated(FlowBed *self, GBytes *image, const gchar *revision)
{
	GBytes *committed = wbt_target_get_committed(self->target);
	g_assert_nonnull(committed);
	g_assert_true(g_bytes_equal(committed, image));
	g_assert_cmpstr(wbt_target_get_revision(self->target), ==, revision);
	g_assert_cmpstr(fu_device_get_version(self->device), ==, revision);
}

void
flow_bed_assert_untouched(FlowBed *self)
{
	g_assert_null(wbt_target_get_committed(self->target));
	g_assert_null(wbt_target_get_deferred(self->target));
	g_assert_cmpstr(wbt_target_get_revision(self->target),
			==,
			wbt_target_get_model(self->target)->revision);
	g_assert_cmpstr(fu_device_get_version(self->device),
			==,
			wbt_target_get_model(self->target)->revision);
}

void
flow_bed_assert_uninterrupted(FlowBed *self)
{
	const gchar *first = NULL;
	gboolean is_over = FALSE;

	for (gsize i = self->mark; i < wbt_target_log_count(self->target); i++) {
		const WbtLogEntry *entry = wbt_target_log_get(self->target, i);
		gboolean is_segment = flow_bed_is_segment(entry);

		if (is_segment && first == NULL)
			first = entry->data_out_sha256;
		if (is_segment && is_over)
			g_assert_cmpstr(entry->data_out_sha256, ==, first);
		is_over = first != NULL && !is_segment;
	}
	g_assert_nonnull(first);
}
