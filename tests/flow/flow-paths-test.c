/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <errno.h>

#include "flow-wire.h"
#include "fu-device-private.h"
#include "fu-plugin-private.h"
#include "fu-scsi-wb-compat.h"
#include "fu-scsi-wb-enumerate.h"

/* several nodes that lead to one logical unit, as fwupd's udev backend tells the plugin of them */

#define ROWS	    "[SCSI\\VEN_WBSTD]\nScsiWbMode = auto\n"
#define UNIT_SECOND "host1/target1:0:0/1:0:0:0"

typedef struct {
	FlowBed *bed;
	FuPlugin *plugin;
	guint added;
} FlowPaths;

static void
fu_test_scsi_wb_flow_paths_added_cb(FuPlugin *plugin, FuDevice *device, gpointer user_data)
{
	FlowPaths *self = user_data;
	g_assert_true(device == self->bed->device);
	self->added++;
}

/* the first node is listed */
static FlowPaths *
fu_test_scsi_wb_flow_paths_new(void)
{
	FlowPaths *self = g_new0(FlowPaths, 1);

	self->bed = flow_bed_new("std-silent", ROWS);
	self->plugin = fu_plugin_new(self->bed->context);
	fu_plugin_set_name(self->plugin, "scsi_wb");
	fu_plugin_set_config_default(self->plugin, "AllowInUse", "false");
	fu_plugin_set_config_default(self->plugin, "EnumerateUnlisted", "false");
	flow_bed_assert_enumerated(self->bed);
	fu_scsi_wb_plugin_add_device(self->plugin, self->bed->device);
	g_signal_connect(self->plugin,
			 "device-added",
			 G_CALLBACK(fu_test_scsi_wb_flow_paths_added_cb),
			 self);
	flow_bed_mark(self->bed);
	return self;
}

static void
fu_test_scsi_wb_flow_paths_free(FlowPaths *self)
{
	g_object_unref(self->plugin);
	flow_bed_free(self->bed);
	g_free(self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FlowPaths, fu_test_scsi_wb_flow_paths_free)

static gchar *
fu_test_scsi_wb_flow_paths_add_second(FlowPaths *self)
{
	g_autofree gchar *node_dir = flow_bed_add_node(self->bed, UNIT_SECOND, "sg1");
	g_autoptr(FuDevice) donor = NULL;
	g_autoptr(GError) error = NULL;
	gboolean ret;

	flow_bed_mark(self->bed); /* the kernel's own questions */
	donor = g_object_new(FU_TYPE_UDEV_DEVICE,
			     "context",
			     self->bed->context,
			     "backend-id",
			     node_dir,
			     NULL);
	ret = fu_scsi_wb_enumerate_add_donor(self->plugin, donor, NULL, &error);
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_NOT_SUPPORTED);
	g_assert_true(g_str_has_prefix(error->message, "another path to what is listed already"));
	g_assert_false(ret);
	return g_steal_pointer(&node_dir);
}

static void
fu_test_scsi_wb_flow_paths_remove_first(FlowPaths *self)
{
	g_autoptr(GError) error = NULL;
	gboolean ret;

	flow_bed_remove_tree(self->bed->unit_dir);
	ret = fu_scsi_wb_enumerate_removed(self->plugin, self->bed->device, &error);
	g_assert_no_error(error);
	g_assert_true(ret);
	fu_scsi_wb_plugin_remove_device(self->plugin, self->bed->device);
	g_assert_cmpuint(self->added, ==, 0);
	while (g_main_context_iteration(NULL, FALSE))
		;
}

static void
fu_test_scsi_wb_flow_paths_one_entry_func(void)
{
	g_autoptr(FlowPaths) self = fu_test_scsi_wb_flow_paths_new();
	g_autofree gchar *node_dir = fu_test_scsi_wb_flow_paths_add_second(self);

	g_assert_cmpuint(fu_plugin_get_devices(self->plugin)->len, ==, 1);
	g_assert_cmpuint(self->added, ==, 0);
	g_assert_cmpuint(flow_bed_count_commands(self->bed), ==, 0);
	g_assert_cmpstr(fu_udev_device_get_sysfs_path(FU_UDEV_DEVICE(self->bed->device)),
			!=,
			node_dir);
}

/* the entry is put back with its ID, and the new firmware goes by the other path */
static void
fu_test_scsi_wb_flow_paths_takes_over_func(void)
{
	FuUdevDevice *udev_device;
	g_autofree gchar *id = NULL;
	g_autofree gchar *node_dir = NULL;
	g_autoptr(FlowPaths) self = fu_test_scsi_wb_flow_paths_new();
	g_autoptr(GBytes) image = flow_bed_new_image(self->bed, "0002", 200001);

	udev_device = FU_UDEV_DEVICE(self->bed->device);
	id = g_strdup(fu_device_get_id(self->bed->device));
	node_dir = fu_test_scsi_wb_flow_paths_add_second(self);
	fu_test_scsi_wb_flow_paths_remove_first(self);
	g_assert_cmpuint(self->added, ==, 1);
	g_assert_cmpuint(fu_plugin_get_devices(self->plugin)->len, ==, 1);
	g_assert_cmpstr(fu_udev_device_get_sysfs_path(udev_device), ==, node_dir);
	g_assert_cmpstr(fu_udev_device_get_device_file(udev_device), ==, "/dev/sg1");
	g_assert_cmpstr(fu_device_get_id(self->bed->device), ==, id);
	flow_bed_assert_installed(self->bed, image, FWUPD_INSTALL_FLAG_NONE);

	/* nor does a change event give it another one */
	g_assert_true(fu_device_rescan(self->bed->device, NULL));
	g_assert_true(fu_device_ensure_id(self->bed->device, NULL));
	g_assert_cmpstr(fu_device_get_id(self->bed->device), ==, id);
}

static void
fu_test_scsi_wb_flow_paths_last_one_func(void)
{
	g_autoptr(FlowPaths) self = fu_test_scsi_wb_flow_paths_new();

	fu_test_scsi_wb_flow_paths_remove_first(self);
	g_assert_cmpuint(self->added, ==, 0);
	g_assert_cmpuint(fu_plugin_get_devices(self->plugin)->len, ==, 0);
}

/* what the kernel says of the listed device, in the order in which it is asked for, and no command
 */
static FuDevice *
fu_test_scsi_wb_flow_paths_new_recording(FlowPaths *self)
{
	const gchar *attrs[] = {
	    "device/type",
	    "device/vpd_pg80",
	    "device/vpd_pg83",
	    "device/vendor",
	    "device/model",
	};
	FuUdevDevice *udev_device = FU_UDEV_DEVICE(self->bed->device);
	FuDevice *device = g_object_new(FU_TYPE_UDEV_DEVICE, "context", self->bed->context, NULL);

	fu_device_add_flag(device, FWUPD_DEVICE_FLAG_EMULATED);
	fu_device_set_backend_id(device, fu_udev_device_get_sysfs_path(udev_device));
	for (guint i = 0; i < G_N_ELEMENTS(attrs); i++) {
		g_autofree gchar *id = g_strdup_printf("ReadAttr:Attr=%s", attrs[i]);
		g_autoptr(GBytes) blob =
		    fu_udev_device_read_sysfs_bytes(udev_device, attrs[i], -1, 1000, NULL);
		FuDeviceEvent *event = fu_device_save_event(device, id);
		g_assert_nonnull(blob);
		if (strstr(attrs[i], "vpd") != NULL) {
			fu_device_event_set_bytes(event, "Data", blob);
		} else {
			g_autofree gchar *text =
			    g_strndup(g_bytes_get_data(blob, NULL), g_bytes_get_size(blob));
			fu_device_event_set_str(event, "Data", text);
		}
	}
	return device;
}

/* a recording that is loaded on the machine that it was made on is no way to the real device; this
 * one ends before the first command, which is how it is seen to have come so far */
static void
fu_test_scsi_wb_flow_paths_recording_func(void)
{
	gboolean ret;
	g_autoptr(FlowPaths) self = fu_test_scsi_wb_flow_paths_new();
	g_autoptr(FuDevice) donor = fu_test_scsi_wb_flow_paths_new_recording(self);
	g_autoptr(GError) error = NULL;

	ret = fu_scsi_wb_enumerate_add_donor(self->plugin, donor, NULL, &error);
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_INVALID_DATA);
	g_assert_cmpstr(
	    error->message,
	    ==,
	    "failed to setup: the recording does not go on with the command 12 00 00 00 24 "
	    "00 and its 36 bytes of data");
	g_assert_false(ret);
	g_assert_cmpuint(flow_bed_count_commands(self->bed), ==, 0);
}

/* fwupd tells of the devices of all plugins */
static void
fu_test_scsi_wb_flow_paths_stranger_func(void)
{
	g_autoptr(FlowPaths) self = fu_test_scsi_wb_flow_paths_new();
	g_autoptr(FuDevice) stranger = fu_device_new(self->bed->context);

	g_assert_true(fu_scsi_wb_enumerate_removed(self->plugin, stranger, NULL));
	while (g_main_context_iteration(NULL, FALSE))
		;
	g_assert_cmpuint(self->added, ==, 0);
}

/**
 * FlowPathsRow:
 * @unit: where Linux finds the device again, as sg1
 **/
typedef struct {
	const gchar *name;
	const gchar *unit;
} FlowPathsRow;

static const FlowPathsRow renamed_rows[] = {
    {.name = "elsewhere", .unit = UNIT_SECOND},
    {.name = "same-address", .unit = "host0/target0:0:0/0:0:0:0"},
};

/* of the test that runs */
static const FlowPathsRow *renamed_row;

/* Linux forgets the device when it has its last segment, and finds it again by another node */
static void
fu_test_scsi_wb_flow_paths_renamed_cb(FlowWire *self,
				      const FuScsiWbCommand *command,
				      FuScsiWbResult *result)
{
	const FuScsiWbResult gone = {.sys_errno = ENODEV};
	FuUdevDevice *udev_device = FU_UDEV_DEVICE(self->bed->device);
	g_autofree gchar *node_dir =
	    g_build_filename(self->bed->unit_dir, "scsi_generic", "sg0", NULL);

	/* the device refuses the mode of the first one, and takes four of another */
	if (self->segments < 5)
		return;
	if (g_file_test(node_dir, G_FILE_TEST_EXISTS)) {
		flow_bed_remove_tree(self->bed->unit_dir);
		g_free(flow_bed_add_node(self->bed, renamed_row->unit, "sg1"));
		return;
	}
	if (g_strcmp0(fu_udev_device_get_device_file(udev_device), "/dev/sg1") != 0)
		flow_wire_replace(result, &gone);
}

static void
fu_test_scsi_wb_flow_paths_renamed_func(gconstpointer user_data)
{
	FlowWire wire;
	g_autoptr(FlowPaths) self = fu_test_scsi_wb_flow_paths_new();
	g_autoptr(GBytes) image = flow_bed_new_image(self->bed, "0002", 100000);

	renamed_row = user_data;
	flow_wire_init(&wire, self->bed);
	wire.hook = fu_test_scsi_wb_flow_paths_renamed_cb;
	flow_bed_assert_installed(self->bed, image, FWUPD_INSTALL_FLAG_NONE);
	g_assert_cmpuint(wire.segments, ==, 5);
	flow_bed_assert_updated(self->bed, image, "0002");
	g_assert_cmpuint(wire.now_ms, <, 5000);
}

/* how long Linux has no node of the device */
#define AWAY_MS 3000

/* Linux forgets the device when it has its last segment, and only later finds it again */
static void
fu_test_scsi_wb_flow_paths_away_cb(FlowWire *self,
				   const FuScsiWbCommand *command,
				   FuScsiWbResult *result)
{
	static gint64 away_since_ms = -1;
	const FuScsiWbResult gone = {.sys_errno = ENODEV};
	FuUdevDevice *udev_device = FU_UDEV_DEVICE(self->bed->device);

	if (self->segments < 5)
		return;
	if (away_since_ms < 0) {
		flow_bed_remove_tree(self->bed->unit_dir);
		away_since_ms = self->now_ms;
		return;
	}
	if (self->now_ms - away_since_ms >= AWAY_MS &&
	    !g_file_test(self->bed->unit_dir, G_FILE_TEST_EXISTS))
		g_free(flow_bed_add_node(self->bed, "host0/target0:0:0/0:0:0:0", "sg1"));
	if (g_strcmp0(fu_udev_device_get_device_file(udev_device), "/dev/sg1") != 0)
		flow_wire_replace(result, &gone);
}

/* the daemon opens the device for each phase of the update; without an update in between a device
 * that is not there cannot be opened */
static void
fu_test_scsi_wb_flow_paths_away_func(void)
{
	FlowWire wire;
	gboolean ret;
	g_autoptr(FlowPaths) self = fu_test_scsi_wb_flow_paths_new();
	g_autoptr(FuProgress) progress = fu_progress_new(G_STRLOC);
	g_autoptr(FuProgress) progress_attach = fu_progress_new(G_STRLOC);
	g_autoptr(GBytes) image = flow_bed_new_image(self->bed, "0002", 100000);
	g_autoptr(FuFirmware) firmware = fu_firmware_new_from_bytes(image);
	g_autoptr(GError) error = NULL;

	fu_udev_device_set_device_file(FU_UDEV_DEVICE(self->bed->device), "/dev/no-such-node");
	g_assert_false(fu_device_open(self->bed->device, NULL));
	flow_wire_init(&wire, self->bed);
	wire.hook = fu_test_scsi_wb_flow_paths_away_cb;
	ret = fu_device_write_firmware(self->bed->device,
				       firmware,
				       progress,
				       FWUPD_INSTALL_FLAG_NONE,
				       &error);
	g_assert_no_error(error);
	g_assert_true(ret);
	g_assert_true(fu_device_open(self->bed->device, &error));
	ret = fu_device_attach_full(self->bed->device, progress_attach, &error);
	g_assert_no_error(error);
	g_assert_true(ret);
	g_assert_cmpint(wire.now_ms, >=, AWAY_MS);
	g_assert_true(fu_device_close(self->bed->device, &error));
	g_assert_true(fu_device_open(self->bed->device, &error));
	ret = fu_device_reload(self->bed->device, &error);
	g_assert_no_error(error);
	g_assert_true(ret);
	flow_bed_assert_updated(self->bed, image, "0002");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/flow/paths/one-entry", fu_test_scsi_wb_flow_paths_one_entry_func);
	g_test_add_func("/scsi-wb/flow/paths/takes-over",
			fu_test_scsi_wb_flow_paths_takes_over_func);
	g_test_add_func("/scsi-wb/flow/paths/last-one", fu_test_scsi_wb_flow_paths_last_one_func);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/paths/renamed",
			  renamed_rows,
			  fu_test_scsi_wb_flow_paths_renamed_func);
	g_test_add_func("/scsi-wb/flow/paths/away", fu_test_scsi_wb_flow_paths_away_func);
	g_test_add_func("/scsi-wb/flow/paths/recording", fu_test_scsi_wb_flow_paths_recording_func);
	g_test_add_func("/scsi-wb/flow/paths/stranger", fu_test_scsi_wb_flow_paths_stranger_func);
	return g_test_run();
}
