/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "flow-bed.h"
#include "fu-device-private.h"
#include "wbt-model.h"

/* the node keeps its name, and another device is behind it when the update begins: it gets nothing
 */

#define OTHER_SERIAL "ZZ000002"
#define ANOTHER	     "another device answers at this node: "

/* whatever sizes of images a model takes, one of these is among them */
static const gsize sizes_bytes[] = {1048576, 262144, 206000, 98304, 32768};

/* the device is pulled, and another one comes to its place */
static void
fu_test_scsi_wb_reuse_replace(FlowBed *bed, const WbtModel *model, const gchar *serial)
{
	wbt_target_free(bed->target);
	bed->target = wbt_target_new(model, serial);
	flow_bed_mark(bed);
}

/* refused for who answers, not for the image */
static void
fu_test_scsi_wb_reuse_assert_refused(FlowBed *bed, GBytes *image, const gchar *message)
{
	flow_bed_assert_refused(bed, image, FWUPD_ERROR_NOT_FOUND, message);
	g_assert_cmpuint(flow_bed_count_opcode(bed, 0x3b), ==, 0);
	g_assert_cmpuint(wbt_target_get_commits(bed->target), ==, 0);
}

static FlowBed *
fu_test_scsi_wb_reuse_new_bed(const WbtModel *model)
{
	g_autofree gchar *quirks = flow_bed_new_model_rows(model);
	g_autoptr(FlowBed) bed = flow_bed_new_for_model(model, quirks);

	flow_bed_assert_enumerated(bed);
	return g_steal_pointer(&bed);
}

/* an image that the device takes, even if it then says nothing of it */
static GBytes *
fu_test_scsi_wb_reuse_new_taken_image(const WbtModel *model, gboolean *is_deferred)
{
	for (guint i = 0; i < G_N_ELEMENTS(sizes_bytes); i++) {
		g_autoptr(FlowBed) bed = fu_test_scsi_wb_reuse_new_bed(model);
		g_autoptr(GBytes) image = flow_bed_new_image(bed, "0009", sizes_bytes[i]);

		if (!flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, NULL) &&
		    wbt_target_get_commits(bed->target) == 0)
			continue;
		*is_deferred = fu_device_has_flag(bed->device, FWUPD_DEVICE_FLAG_NEEDS_ACTIVATION);
		return g_steal_pointer(&image);
	}
	return NULL;
}

static gchar *
fu_test_scsi_wb_reuse_describe_serial(FlowBed *bed)
{
	return g_strdup_printf(ANOTHER "serial number is '%s' and should be '%s'",
			       OTHER_SERIAL,
			       wbt_target_get_serial(bed->target));
}

/* with new firmware waiting in the first one, the second one is not told to activate anything */
static void
fu_test_scsi_wb_reuse_assert_not_activated(const WbtModel *model, GBytes *image)
{
	g_autoptr(FlowBed) bed = fu_test_scsi_wb_reuse_new_bed(model);
	g_autofree gchar *message = fu_test_scsi_wb_reuse_describe_serial(bed);
	g_autoptr(GError) error = NULL;

	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	fu_test_scsi_wb_reuse_replace(bed, model, OTHER_SERIAL);
	g_assert_false(flow_bed_activate(bed, &error));
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_NOT_FOUND);
	g_assert_cmpstr(error->message, ==, message);
	g_assert_cmpuint(flow_bed_count_opcode(bed, 0x3b), ==, 0);
}

/* each model that there is: a disk, a tape, a library, an enclosure, of the book and not */
static void
fu_test_scsi_wb_reuse_model_func(gconstpointer user_data)
{
	const WbtModel *model = user_data;
	gboolean is_deferred = FALSE;
	g_autofree gchar *message = NULL;
	g_autoptr(FlowBed) bed = fu_test_scsi_wb_reuse_new_bed(model);
	g_autoptr(GBytes) image = fu_test_scsi_wb_reuse_new_taken_image(model, &is_deferred);

	g_assert_nonnull(image);
	message = fu_test_scsi_wb_reuse_describe_serial(bed);
	fu_test_scsi_wb_reuse_replace(bed, model, OTHER_SERIAL);
	fu_test_scsi_wb_reuse_assert_refused(bed, image, message);
	if (is_deferred)
		fu_test_scsi_wb_reuse_assert_not_activated(model, image);
}

/**
 * FlowReuseRow:
 * @name: of the test
 * @no_serial: the device has no VPD page 80h that the kernel could read
 * @no_wwid: nor 83h
 * @vendor: of the other device, %NULL for the same
 * @product: as @vendor
 * @message: what the user reads; %NULL if nobody can tell the two apart
 **/
typedef struct {
	const gchar *name;
	gboolean no_serial;
	gboolean no_wwid;
	const gchar *vendor;
	const gchar *product;
	const gchar *message;
} FlowReuseRow;

#define MEANT_SERIAL "WBT00000001"

static const FlowReuseRow rows[] = {
    {.name = "other-vendor",
     .vendor = "ACME",
     .message = ANOTHER "vendor is 'ACME' and should be 'SEAGATE'"},
    {.name = "other-product",
     .product = "ST300MM0006",
     .message = ANOTHER "product is 'ST300MM0006' and should be 'ST600MM0088'"},
    {.name = "other-serial",
     .no_wwid = TRUE,
     .message = ANOTHER "serial number is '" OTHER_SERIAL "' and should be '" MEANT_SERIAL "'"},
    {.name = "no-name/other-vendor",
     .no_serial = TRUE,
     .no_wwid = TRUE,
     .vendor = "ACME",
     .message = ANOTHER "vendor is 'ACME' and should be 'SEAGATE'"},
    {.name = "no-name/other-product",
     .no_serial = TRUE,
     .no_wwid = TRUE,
     .product = "ST300MM0006",
     .message = ANOTHER "product is 'ST300MM0006' and should be 'ST600MM0088'"},

    /* it has neither serial number nor unique name, and sits at the same place: INQUIRY says
     * nothing that could tell the two apart */
    {.name = "no-name/same-product", .no_serial = TRUE, .no_wwid = TRUE},
};

static void
fu_test_scsi_wb_reuse_remove_page(FlowBed *bed, const gchar *page)
{
	g_autofree gchar *path = g_build_filename(bed->unit_dir, page, NULL);
	g_assert_cmpint(g_remove(path), ==, 0);
}

static void
fu_test_scsi_wb_reuse_row_func(gconstpointer user_data)
{
	const FlowReuseRow *row = user_data;
	WbtModel other = *wbt_model_find("seagate-sas");
	g_autoptr(FlowBed) bed = flow_bed_new("seagate-sas", NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "TT42", 100000);

	g_assert_cmpstr(wbt_target_get_serial(bed->target), ==, MEANT_SERIAL);
	if (row->no_serial)
		fu_test_scsi_wb_reuse_remove_page(bed, "vpd_pg80");
	if (row->no_wwid)
		fu_test_scsi_wb_reuse_remove_page(bed, "vpd_pg83");
	flow_bed_assert_enumerated(bed);
	other.vendor = row->vendor != NULL ? row->vendor : other.vendor;
	other.product = row->product != NULL ? row->product : other.product;
	fu_test_scsi_wb_reuse_replace(bed, &other, OTHER_SERIAL);
	if (row->message != NULL)
		fu_test_scsi_wb_reuse_assert_refused(bed, image, row->message);
	else
		flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
}

/**
 * FlowReuseNodeRow:
 * @name: of the test
 * @listed: the node that the kernel has listed, %NULL if its device has gone
 * @node: the one that is there under its name now
 * @by_link: the name is a link to it
 * @is_same: it is the listed one
 **/
typedef struct {
	const gchar *name;
	const gchar *listed;
	const gchar *node;
	gboolean by_link;
	gboolean is_same;
} FlowReuseNodeRow;

/* no SCSI device, but devices with numbers of their own, and anybody may open them */
static const FlowReuseNodeRow node_rows[] = {
    {.name = "same", .listed = "/dev/null", .node = "/dev/null", .is_same = TRUE},
    {.name = "same-by-link",
     .listed = "/dev/null",
     .node = "/dev/null",
     .by_link = TRUE,
     .is_same = TRUE},
    {.name = "other", .listed = "/dev/null", .node = "/dev/zero"},
    {.name = "other-by-link", .listed = "/dev/null", .node = "/dev/zero", .by_link = TRUE},
    {.name = "gone", .node = "/dev/null"},
};

static void
fu_test_scsi_wb_reuse_list_node(FlowBed *bed, const gchar *node)
{
	struct stat st = {0};
	g_autofree gchar *number = NULL;
	g_autofree gchar *path = g_build_filename(bed->unit_dir, "scsi_generic/sg0/dev", NULL);

	if (node == NULL)
		return;
	g_assert_cmpint(stat(node, &st), ==, 0);
	number = g_strdup_printf("%u:%u\n", major(st.st_rdev), minor(st.st_rdev));
	g_assert_true(g_file_set_contents(path, number, -1, NULL));
}

static gchar *
fu_test_scsi_wb_reuse_new_name(FlowBed *bed, const FlowReuseNodeRow *row)
{
	gchar *link;

	if (!row->by_link)
		return g_strdup(row->node);
	link = g_build_filename(bed->dir, "sg0", NULL);
	g_assert_cmpint(symlink(row->node, link), ==, 0);
	return link;
}

/* by the numbers of the open node, also where the device itself could not be told from another */
static void
fu_test_scsi_wb_reuse_node_func(gconstpointer user_data)
{
	const FlowReuseNodeRow *row = user_data;
	g_autofree gchar *message = NULL;
	g_autofree gchar *name = NULL;
	g_autoptr(FlowBed) bed = flow_bed_new("deferred-disk", NULL);
	g_autoptr(FuDeviceLocker) locker = NULL;
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "A3C0", 100000);
	g_autoptr(GBytes) image_next = flow_bed_new_image(bed, "A3C1", 100000);
	g_autoptr(GError) error = NULL;

	fu_test_scsi_wb_reuse_remove_page(bed, "vpd_pg80");
	fu_test_scsi_wb_reuse_remove_page(bed, "vpd_pg83");
	flow_bed_assert_enumerated(bed);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	fu_test_scsi_wb_reuse_list_node(bed, row->listed);
	name = fu_test_scsi_wb_reuse_new_name(bed, row);
	fu_udev_device_set_device_file(FU_UDEV_DEVICE(bed->device), name);
	locker = fu_device_locker_new(bed->device, &error);
	g_assert_no_error(error);
	flow_bed_mark(bed);
	if (row->is_same) {
		flow_bed_assert_activated(bed);
		flow_bed_assert_installed(bed, image_next, FWUPD_INSTALL_FLAG_NONE);
		return;
	}
	message = g_strdup_printf("%s leads elsewhere than to the device that was listed there: "
				  "run fwupdmgr quit, then look at the list again",
				  name);
	g_assert_false(flow_bed_activate(bed, &error));
	g_assert_error(error, FWUPD_ERROR, FWUPD_ERROR_NOT_FOUND);
	g_assert_cmpstr(error->message, ==, message);
	fu_test_scsi_wb_reuse_assert_refused(bed, image_next, message);
	g_assert_cmpuint(flow_bed_count_commands(bed), ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < wbt_model_count(); i++) {
		const WbtModel *model = wbt_model_get(i);
		g_autofree gchar *path =
		    g_strdup_printf("/scsi-wb/flow/reuse/model/%s", model->name);
		g_test_add_data_func(path, model, fu_test_scsi_wb_reuse_model_func);
	}
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/reuse/device", rows, fu_test_scsi_wb_reuse_row_func);
	FLOW_BED_ADD_ROWS("/scsi-wb/flow/reuse/node", node_rows, fu_test_scsi_wb_reuse_node_func);
	return g_test_run();
}
