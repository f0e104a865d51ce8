/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <fu-context-private.h>
#include <fu-plugin-private.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "fu-scsi-wb-coldplug.h"
#include "fu-scsi-wb-compat.h"
#include "fu-scsi-wb-device.h"
#include "fu-scsi-wb-unit.h"

#define NODE "/sys/devices/target0:0:1/0:0:1:0/scsi_generic/sg0"

/* a udev backend that makes no device, and remembers what was asked for */
struct _FuScsiWbTestBackend {
	FuBackend parent_instance;
	GString *asked;
};

#define FU_TYPE_SCSI_WB_TEST_BACKEND (fu_scsi_wb_test_backend_get_type())
G_DECLARE_FINAL_TYPE(FuScsiWbTestBackend,
		     fu_scsi_wb_test_backend,
		     FU,
		     SCSI_WB_TEST_BACKEND,
		     FuBackend)
G_DEFINE_TYPE(FuScsiWbTestBackend, fu_scsi_wb_test_backend, FU_TYPE_BACKEND)

static FuDevice *
fu_scsi_wb_test_backend_create_device(FuBackend *backend, const gchar *backend_id, GError **error)
{
	g_autofree gchar *name = g_path_get_basename(backend_id);
	g_string_append_printf(FU_SCSI_WB_TEST_BACKEND(backend)->asked, "%s ", name);
	g_set_error_literal(error, FWUPD_ERROR, FWUPD_ERROR_NOT_SUPPORTED, "not made");
	return NULL;
}

static void
fu_scsi_wb_test_backend_init(FuScsiWbTestBackend *self)
{
	self->asked = g_string_new(NULL);
}

static void
fu_scsi_wb_test_backend_finalize(GObject *object)
{
	g_string_free(FU_SCSI_WB_TEST_BACKEND(object)->asked, TRUE);
	G_OBJECT_CLASS(fu_scsi_wb_test_backend_parent_class)->finalize(object);
}

static void
fu_scsi_wb_test_backend_class_init(FuScsiWbTestBackendClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = fu_scsi_wb_test_backend_finalize;
	FU_BACKEND_CLASS(klass)->create_device = fu_scsi_wb_test_backend_create_device;
}

typedef struct {
	FuBackend *backend;
	FuContext *ctx;
	FuPlugin *plugin;
	gchar *root;
} FuTestColdplug;

/* a private /sys, in which two nodes lie */
static FuTestColdplug *
fu_test_scsi_wb_coldplug_new(void)
{
	FuTestColdplug *self = g_new0(FuTestColdplug, 1);
	g_autofree gchar *class_dir = NULL;

	self->root = g_dir_make_tmp("scsi-wb-coldplug-XXXXXX", NULL);
	g_assert_nonnull(self->root);
	class_dir = g_build_filename(self->root, "class", "scsi_generic", NULL);
	g_assert_cmpint(g_mkdir_with_parents(class_dir, 0755), ==, 0);
	for (guint i = 0; i < 2; i++) {
		g_autofree gchar *link = g_strdup_printf("%s/sg%u", class_dir, i);
		g_autofree gchar *place = g_strdup_printf("%s/place%u", self->root, 1 - i);
		g_assert_cmpint(symlink(place, link), ==, 0);
		g_assert_cmpint(g_mkdir(place, 0755), ==, 0);
	}
	g_setenv("FWUPD_SYSFSDIR", self->root, TRUE);
	self->ctx = fu_context_new();
	fu_scsi_wb_load_paths(self->ctx);
	self->backend = g_object_new(FU_TYPE_SCSI_WB_TEST_BACKEND,
				     "name",
				     "udev",
				     "context",
				     self->ctx,
				     "device-gtype",
				     FU_TYPE_UDEV_DEVICE,
				     NULL);
	fu_context_add_backend(self->ctx, self->backend);
	self->plugin = fu_plugin_new(self->ctx);
	fu_plugin_set_name(self->plugin, "scsi_wb");
	fu_plugin_set_config_default(self->plugin, "AllowInUse", "false");
	fu_plugin_set_config_default(self->plugin, "EnumerateUnlisted", "false");
	fu_scsi_wb_coldplug_run(self->plugin);
	return self;
}

static void
fu_test_scsi_wb_coldplug_free(FuTestColdplug *self)
{
	fu_scsi_wb_unit_remove_tree(self->root);
	g_object_unref(self->plugin);
	g_object_unref(self->backend);
	g_object_unref(self->ctx);
	g_free(self->root);
	g_free(self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FuTestColdplug, fu_test_scsi_wb_coldplug_free)

/* the nodes of the private /sys, in the order of where they are plugged in */
static void
fu_test_scsi_wb_coldplug_sysfs_func(void)
{
	g_autoptr(FuTestColdplug) self = fu_test_scsi_wb_coldplug_new();
	g_assert_cmpstr(FU_SCSI_WB_TEST_BACKEND(self->backend)->asked->str, ==, "place0 place1 ");
}

/* a node whose unit has three attributes; a %NULL is one that it lacks */
static void
fu_test_scsi_wb_coldplug_add_node(FuTestColdplug *self, const gchar *node, const gchar *model)
{
	const gchar *texts[][2] = {{"type", "0\n"}, {"vendor", "ACME    \n"}, {"model", model}};
	g_autofree gchar *unit_dir = g_build_filename(self->root, "target", node, NULL);
	g_autofree gchar *node_dir = g_build_filename(unit_dir, "scsi_generic", node, NULL);
	g_autofree gchar *link = g_build_filename(self->root, "class", "scsi_generic", node, NULL);

	g_assert_cmpint(g_mkdir_with_parents(node_dir, 0755), ==, 0);
	g_assert_cmpint(symlink(node_dir, link), ==, 0);
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree gchar *path = g_build_filename(unit_dir, texts[i][0], NULL);
		if (texts[i][1] != NULL)
			g_assert_true(g_file_set_contents(path, texts[i][1], -1, NULL));
	}
}

static void
fu_test_scsi_wb_coldplug_load_row(FuTestColdplug *self, const gchar *row)
{
	gboolean ret;
	g_autofree gchar *path = g_build_filename(self->root, "test.quirk", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_true(g_file_set_contents(path, row, -1, NULL));
	g_setenv("FWUPD_LOCALSTATEDIR_QUIRKS", self->root, TRUE);
	fu_context_add_quirk_key(self->ctx, "ScsiWbMode");
	ret = fu_scsi_wb_load_quirks(self->ctx, &error);
	g_assert_no_error(error);
	g_assert_true(ret);
}

/* nothing is made of a node that no quirk row names, however many have its name, unless the
 * administrator wants it; one that does not say what it is, is no such node */
static void
fu_test_scsi_wb_coldplug_unnamed_func(void)
{
	g_autoptr(FuTestColdplug) self = fu_test_scsi_wb_coldplug_new();
	GString *asked = FU_SCSI_WB_TEST_BACKEND(self->backend)->asked;

	fu_test_scsi_wb_coldplug_load_row(self, "[SCSI\\VEN_ACME&DEV_NAMED]\nScsiWbMode = 0x07\n");
	fu_test_scsi_wb_coldplug_add_node(self, "sg2", "ROCKET\n");
	fu_test_scsi_wb_coldplug_add_node(self, "sg3", "ROCKET\n");
	fu_test_scsi_wb_coldplug_add_node(self, "sg4", "ANOTHER\n");
	fu_test_scsi_wb_coldplug_add_node(self, "sg5", NULL);
	fu_test_scsi_wb_coldplug_add_node(self, "sg6", "NAMED\n");
	g_string_truncate(asked, 0);
	fu_scsi_wb_coldplug_run(self->plugin);
	g_assert_cmpstr(asked->str, ==, "place0 place1 sg5 sg6 ");

	fu_plugin_set_config_default(self->plugin, "EnumerateUnlisted", "true");
	g_string_truncate(asked, 0);
	fu_scsi_wb_coldplug_run(self->plugin);
	g_assert_cmpstr(asked->str, ==, "place0 place1 sg2 sg3 sg4 sg5 sg6 ");
}

static FuDevice *
fu_test_scsi_wb_coldplug_new_device(FuTestColdplug *self, GType gtype, const gchar *subsystem)
{
	return g_object_new(gtype,
			    "context",
			    self->ctx,
			    "backend-id",
			    NODE,
			    "subsystem",
			    subsystem,
			    NULL);
}

static FuDevice *
fu_test_scsi_wb_coldplug_new_emulated(FuTestColdplug *self, GType gtype, const gchar *subsystem)
{
	FuDevice *device = fu_test_scsi_wb_coldplug_new_device(self, gtype, subsystem);
	fu_device_add_flag(device, FWUPD_DEVICE_FLAG_EMULATED);
	return device;
}

/* only what is emulated, and a SCSI generic node, is tried */
static void
fu_test_scsi_wb_coldplug_added_func(void)
{
	g_autoptr(FuTestColdplug) self = fu_test_scsi_wb_coldplug_new();
	g_autoptr(FuDevice) device =
	    fu_test_scsi_wb_coldplug_new_emulated(self, FU_TYPE_UDEV_DEVICE, "scsi_generic");
	g_autoptr(FuDevice) device_disk =
	    fu_test_scsi_wb_coldplug_new_emulated(self, FU_TYPE_UDEV_DEVICE, "block");
	g_autoptr(FuDevice) device_real =
	    fu_test_scsi_wb_coldplug_new_device(self, FU_TYPE_UDEV_DEVICE, "scsi_generic");

	fu_backend_device_added(self->backend, device_real);
	fu_backend_device_added(self->backend, device_disk);
	g_test_expect_message("FuPluginScsiWb",
			      G_LOG_LEVEL_WARNING,
			      "failed to add " NODE ": no vendor, model or type in sysfs");
	fu_backend_device_added(self->backend, device);
	g_test_assert_expected_messages();
}

/* the next phase gives the entry its events, and the end of the recording takes it from the list;
 * neither does so to a real device */
static void
fu_test_scsi_wb_coldplug_changed_func(void)
{
	g_autoptr(FuTestColdplug) self = fu_test_scsi_wb_coldplug_new();
	g_autoptr(FuDevice) donor =
	    fu_test_scsi_wb_coldplug_new_emulated(self, FU_TYPE_UDEV_DEVICE, "scsi_generic");
	g_autoptr(FuDevice) device =
	    fu_test_scsi_wb_coldplug_new_emulated(self, FU_TYPE_SCSI_WB_DEVICE, "scsi_generic");
	g_autoptr(FuDevice) device_real =
	    fu_test_scsi_wb_coldplug_new_device(self, FU_TYPE_SCSI_WB_DEVICE, "scsi_generic");

	fu_device_set_physical_id(device, "emulated");
	fu_device_set_physical_id(device_real, "real");
	fu_scsi_wb_plugin_add_device(self->plugin, device_real);
	fu_scsi_wb_plugin_add_device(self->plugin, device);
	fu_device_save_event(donor, "Ioctl:");
	fu_backend_device_changed(self->backend, donor);
	g_assert_cmpuint(fu_device_get_events(device)->len, ==, 1);
	g_assert_cmpuint(fu_device_get_events(device_real)->len, ==, 0);
	fu_backend_device_removed(self->backend, donor);
	g_assert_cmpuint(fu_plugin_get_devices(self->plugin)->len, ==, 1);
	g_assert_true(g_ptr_array_index(fu_plugin_get_devices(self->plugin), 0) == device_real);
	fu_backend_device_removed(self->backend, donor);
	g_assert_cmpuint(fu_plugin_get_devices(self->plugin)->len, ==, 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/coldplug/sysfs", fu_test_scsi_wb_coldplug_sysfs_func);
	g_test_add_func("/scsi-wb/coldplug/unnamed", fu_test_scsi_wb_coldplug_unnamed_func);
	g_test_add_func("/scsi-wb/coldplug/added", fu_test_scsi_wb_coldplug_added_func);
	g_test_add_func("/scsi-wb/coldplug/changed", fu_test_scsi_wb_coldplug_changed_func);
	return g_test_run();
}
