/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-paths.h"

/* a node in /sys is .../targetH:C:T/H:C:T:L/scsi_generic/sgN */

#define FU_SCSI_WB_PATHS_RANK_UNUSABLE 0

/* Linux 6.1, drivers/scsi/scsi_sysfs.c: sdev_access_states; what is not here takes no WRITE BUFFER,
 * or not now (SPC-5, INCITS 502: target port group asymmetric access states) */
static const struct {
	const gchar *access_state;
	guint rank;
} ranks[] = {
    {NULL, 3}, /* no handler for asymmetric access: all paths are equal */
    {"active/optimized", 3},
    {"active/non-optimized", 2},
    {"lba-dependent", 1},
};

/**
 * fu_scsi_wb_paths_get_rank:
 * @state: (nullable): the logical unit's `state` in /sys
 * @access_state: (nullable): the same for `access_state`, which only arrays with asymmetric access
 * have
 *
 * Tells how good a path is.
 *
 * Returns: more is better; 0 for a path that cannot be used
 **/
guint
fu_scsi_wb_paths_get_rank(const gchar *state, const gchar *access_state)
{
	if (g_strcmp0(state, "running") != 0)
		return FU_SCSI_WB_PATHS_RANK_UNUSABLE;
	for (guint i = 0; i < G_N_ELEMENTS(ranks); i++) {
		if (g_strcmp0(ranks[i].access_state, access_state) == 0)
			return ranks[i].rank;
	}
	return FU_SCSI_WB_PATHS_RANK_UNUSABLE;
}

static gchar *
fu_scsi_wb_paths_get_unit_dir(const gchar *node_dir)
{
	g_autofree gchar *generic_dir = g_path_get_dirname(node_dir);
	return g_path_get_dirname(generic_dir);
}

static gchar *
fu_scsi_wb_paths_get_target_dir(const gchar *node_dir)
{
	g_autofree gchar *unit_dir = fu_scsi_wb_paths_get_unit_dir(node_dir);
	return g_path_get_dirname(unit_dir);
}

static GBytes *
fu_scsi_wb_paths_read(const gchar *node_dir, const gchar *attr)
{
	gchar *text = NULL;
	gsize textsz = 0;
	g_autofree gchar *unit_dir = fu_scsi_wb_paths_get_unit_dir(node_dir);
	g_autofree gchar *path = g_build_filename(unit_dir, attr, NULL);

	if (!g_file_get_contents(path, &text, &textsz, NULL))
		return NULL;
	return g_bytes_new_take(text, textsz);
}

static gchar *
fu_scsi_wb_paths_read_text(const gchar *node_dir, const gchar *attr)
{
	g_autoptr(GBytes) blob = fu_scsi_wb_paths_read(node_dir, attr);

	if (blob == NULL)
		return NULL;
	return fu_scsi_wb_identity_make_text(g_bytes_get_data(blob, NULL), g_bytes_get_size(blob));
}

/**
 * fu_scsi_wb_paths_read_name:
 * @node_dir: folder in /sys of a SCSI generic node
 *
 * Reads what a logical unit is called, as far as quirk rows go by it. fwupd does not record that
 * this was read.
 *
 * Returns: (transfer full): an identity with type, vendor and product alone; %NULL if the node does
 * not have all three
 **/
FuScsiWbIdentity *
fu_scsi_wb_paths_read_name(const gchar *node_dir)
{
	g_autofree gchar *type_text = fu_scsi_wb_paths_read_text(node_dir, "type");
	g_autoptr(FuScsiWbIdentity) identity = fu_scsi_wb_identity_new();

	identity->vendor = fu_scsi_wb_paths_read_text(node_dir, "vendor");
	identity->product = fu_scsi_wb_paths_read_text(node_dir, "model");
	if (identity->vendor == NULL || identity->product == NULL ||
	    !fu_scsi_wb_identity_parse_type(identity, type_text))
		return NULL;
	return g_steal_pointer(&identity);
}

/* without a name that is unique in the world, every node is a unit of its own */
static gboolean
fu_scsi_wb_paths_leads_to(const gchar *node_dir, const FuScsiWbIdentity *identity)
{
	g_autofree gchar *product = NULL;
	g_autofree gchar *vendor = NULL;
	g_autoptr(FuScsiWbIdentity) found = NULL;
	g_autoptr(GBytes) page = NULL;

	if (identity->wwid == NULL)
		return FALSE;
	page = fu_scsi_wb_paths_read(node_dir, "vpd_pg83");
	if (page == NULL)
		return FALSE;
	found = fu_scsi_wb_identity_new();
	fu_scsi_wb_identity_parse_wwid(found, page);
	if (g_strcmp0(found->wwid, identity->wwid) != 0)
		return FALSE;

	/* some devices give the same name to all of their kind */
	vendor = fu_scsi_wb_paths_read_text(node_dir, "vendor");
	product = fu_scsi_wb_paths_read_text(node_dir, "model");
	return g_strcmp0(vendor, identity->vendor) == 0 &&
	       g_strcmp0(product, identity->product) == 0;
}

/* the unit may be there again with a node of another name */
static guint
fu_scsi_wb_paths_read_rank(const gchar *node_dir)
{
	g_autofree gchar *access_state = NULL;
	g_autofree gchar *state = NULL;

	if (!g_file_test(node_dir, G_FILE_TEST_IS_DIR))
		return FU_SCSI_WB_PATHS_RANK_UNUSABLE;
	access_state = fu_scsi_wb_paths_read_text(node_dir, "access_state");
	state = fu_scsi_wb_paths_read_text(node_dir, "state");
	return fu_scsi_wb_paths_get_rank(state, access_state);
}

FuScsiWbPaths *
fu_scsi_wb_paths_new(void)
{
	FuScsiWbPaths *self = g_new0(FuScsiWbPaths, 1);
	self->nodes = g_ptr_array_new_with_free_func(g_free);
	return self;
}

/**
 * fu_scsi_wb_paths_copy:
 * @self: a #FuScsiWbPaths
 *
 * Copies the ways to a logical unit.
 *
 * Returns: (transfer full): paths
 **/
FuScsiWbPaths *
fu_scsi_wb_paths_copy(const FuScsiWbPaths *self)
{
	FuScsiWbPaths *copy = fu_scsi_wb_paths_new();

	copy->class_dir = g_strdup(self->class_dir);
	for (guint i = 0; i < self->nodes->len; i++)
		g_ptr_array_add(copy->nodes, g_strdup(g_ptr_array_index(self->nodes, i)));
	return copy;
}

void
fu_scsi_wb_paths_free(FuScsiWbPaths *self)
{
	g_ptr_array_unref(self->nodes);
	g_free(self->class_dir);
	g_free(self);
}

/**
 * fu_scsi_wb_paths_start:
 * @self: a #FuScsiWbPaths
 * @node_dir: folder in /sys of the node to use
 *
 * Begins with one path. Where to look for others is what the kernel says of that node.
 **/
void
fu_scsi_wb_paths_start(FuScsiWbPaths *self, const gchar *node_dir)
{
	g_autofree gchar *link = g_build_filename(node_dir, "subsystem", NULL);

	g_ptr_array_set_size(self->nodes, 0);
	g_ptr_array_add(self->nodes, g_strdup(node_dir));
	g_free(self->class_dir);
	self->class_dir = fu_path_make_absolute(link, NULL);
}

/**
 * fu_scsi_wb_paths_add_node:
 * @self: a #FuScsiWbPaths
 * @node_dir: folder in /sys of another node that leads to the same logical unit
 *
 * Remembers one more path.
 **/
void
fu_scsi_wb_paths_add_node(FuScsiWbPaths *self, const gchar *node_dir)
{
	if (!g_ptr_array_find_with_equal_func(self->nodes, node_dir, g_str_equal, NULL))
		g_ptr_array_add(self->nodes, g_strdup(node_dir));
}

static gint
fu_scsi_wb_paths_compare_cb(gconstpointer a, gconstpointer b)
{
	return g_strcmp0(*(const gchar *const *)a, *(const gchar *const *)b);
}

/**
 * fu_scsi_wb_paths_refresh:
 * @self: a #FuScsiWbPaths
 * @identity: whom the paths lead to
 *
 * Looks for all paths anew, in /sys: no command is sent. The one in use stays the first, even if it
 * is gone. It takes a look at every node of the machine.
 **/
void
fu_scsi_wb_paths_refresh(FuScsiWbPaths *self, const FuScsiWbIdentity *identity)
{
	const gchar *name;
	g_autoptr(GDir) dir = NULL;
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);

	if (self->class_dir == NULL || self->nodes->len == 0)
		return;
	dir = g_dir_open(self->class_dir, 0, NULL);
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree gchar *link = g_build_filename(self->class_dir, name, NULL);
		g_autofree gchar *node_dir = fu_path_make_absolute(link, NULL);
		if (node_dir != NULL && fu_scsi_wb_paths_leads_to(node_dir, identity))
			g_ptr_array_add(found, g_steal_pointer(&node_dir));
	}
	g_ptr_array_sort(found, fu_scsi_wb_paths_compare_cb);
	g_ptr_array_set_size(self->nodes, 1);
	for (guint i = 0; i < found->len; i++)
		fu_scsi_wb_paths_add_node(self, g_ptr_array_index(found, i));
}

static const gchar *
fu_scsi_wb_paths_find_best(const FuScsiWbPaths *self, const FuScsiWbIdentity *identity)
{
	const gchar *best = g_ptr_array_index(self->nodes, 0);
	guint rank_best = FU_SCSI_WB_PATHS_RANK_UNUSABLE;

	for (guint i = 0; i < self->nodes->len; i++) {
		const gchar *node_dir = g_ptr_array_index(self->nodes, i);
		guint rank = fu_scsi_wb_paths_read_rank(node_dir);
		if (rank <= rank_best || !fu_scsi_wb_paths_leads_to(node_dir, identity))
			continue;
		rank_best = rank;
		best = node_dir;
	}
	return best;
}

/**
 * fu_scsi_wb_paths_choose:
 * @self: a #FuScsiWbPaths
 * @identity: whom the paths lead to
 *
 * Puts the best path to the front. The one in use is kept if no other is better, and also if none
 * can be used: its error tells most. As long as it is as good as a path can be, no other is looked
 * at.
 *
 * Returns: (transfer none) (nullable): folder in /sys of the node to use, %NULL if there are none
 **/
const gchar *
fu_scsi_wb_paths_choose(FuScsiWbPaths *self, const FuScsiWbIdentity *identity)
{
	const gchar *node_dir;
	guint idx = 0;

	if (self->nodes->len == 0)
		return NULL;
	node_dir = g_ptr_array_index(self->nodes, 0);
	if (identity->wwid == NULL || self->class_dir == NULL)
		return node_dir;
	if (fu_scsi_wb_paths_read_rank(node_dir) == ranks[0].rank &&
	    fu_scsi_wb_paths_leads_to(node_dir, identity))
		return node_dir;
	fu_scsi_wb_paths_refresh(self, identity);
	node_dir = fu_scsi_wb_paths_find_best(self, identity);
	if (g_ptr_array_find(self->nodes, node_dir, &idx) && idx > 0)
		g_ptr_array_insert(self->nodes, 0, g_ptr_array_steal_index(self->nodes, idx));
	return node_dir;
}

/**
 * fu_scsi_wb_paths_move:
 * @self: a #FuScsiWbPaths
 * @identity: whom the paths lead to
 * @udev_device: the node in use, which is closed
 *
 * Goes over to the best path.
 *
 * Returns: %TRUE if @udev_device is another node from now on
 **/
gboolean
fu_scsi_wb_paths_move(FuScsiWbPaths *self,
		      const FuScsiWbIdentity *identity,
		      FuUdevDevice *udev_device)
{
	const gchar *node_dir = fu_scsi_wb_paths_choose(self, identity);
	g_autofree gchar *device_file = NULL;
	g_autofree gchar *name = NULL;

	if (node_dir == NULL ||
	    g_strcmp0(node_dir, fu_udev_device_get_sysfs_path(udev_device)) == 0)
		return FALSE;
	name = g_path_get_basename(node_dir);
	device_file = g_build_filename("/dev", name, NULL);
	g_info("%s instead of %s", device_file, fu_udev_device_get_device_file(udev_device));
	fu_device_set_backend_id(FU_DEVICE(udev_device), node_dir);
	fu_udev_device_set_device_file(udev_device, device_file);
	return TRUE;
}

/**
 * fu_scsi_wb_paths_find_again:
 * @self: a #FuScsiWbPaths
 * @identity: whom the paths lead to
 * @udev_device: the node in use, at which nobody answers any more
 *
 * Looks for a device that the kernel has forgotten, and may have found again under the same name or
 * another one. Only a name that is unique in the world tells it from one that has taken its place.
 *
 * Returns: %TRUE if the device is there, and @udev_device is the node to open
 **/
gboolean
fu_scsi_wb_paths_find_again(FuScsiWbPaths *self,
			    const FuScsiWbIdentity *identity,
			    FuUdevDevice *udev_device)
{
	const gchar *node_dir = fu_scsi_wb_paths_choose(self, identity);

	if (node_dir == NULL || !fu_scsi_wb_paths_leads_to(node_dir, identity))
		return FALSE;
	(void)fu_scsi_wb_paths_move(self, identity, udev_device);
	return TRUE;
}

/**
 * fu_scsi_wb_paths_open:
 * @udev_device: a SCSI generic node
 * @error: (nullable): optional return location for an error
 *
 * Opens the node, and nothing more than that: who listed the device has probed it.
 *
 * Returns: %TRUE for success, else the error of open(2)
 **/
gboolean
fu_scsi_wb_paths_open(FuUdevDevice *udev_device, GError **error)
{
	FuDeviceClass *klass = FU_DEVICE_CLASS(g_type_class_peek(FU_TYPE_UDEV_DEVICE));
	return klass->open(FU_DEVICE(udev_device), error);
}

/**
 * fu_scsi_wb_paths_reopen:
 * @self: a #FuScsiWbPaths
 * @identity: whom the paths lead to
 * @udev_device: the node in use, at which nobody answers any more
 *
 * Opens the device by the node that it has now, if it has one: what is open may lead nowhere for
 * ever, even if there is another node of the same name.
 **/
void
fu_scsi_wb_paths_reopen(FuScsiWbPaths *self,
			const FuScsiWbIdentity *identity,
			FuUdevDevice *udev_device)
{
	g_autoptr(GError) error_local = NULL;

	if (!fu_scsi_wb_paths_find_again(self, identity, udev_device))
		return;
	if (!fu_scsi_wb_paths_open(udev_device, &error_local))
		g_debug("no node yet: %s", error_local->message);
}

static void
fu_scsi_wb_paths_add_target_units(GPtrArray *units, const gchar *target_dir)
{
	const gchar *name;
	g_autoptr(GDir) dir = g_dir_open(target_dir, 0, NULL);

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		if (g_ascii_isdigit(name[0]) && strchr(name, ':') != NULL)
			g_ptr_array_add(units, g_build_filename(target_dir, name, NULL));
	}
}

/**
 * fu_scsi_wb_paths_get_units:
 * @self: a #FuScsiWbPaths
 * @all_units: also the other logical units of the same target
 *
 * Gets what the kernel made of the logical unit: once for each path, each with a disk of its own.
 *
 * Returns: (transfer container) (element-type utf8): folders in /sys
 **/
GPtrArray *
fu_scsi_wb_paths_get_units(const FuScsiWbPaths *self, gboolean all_units)
{
	g_autoptr(GPtrArray) units = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < self->nodes->len; i++) {
		const gchar *node_dir = g_ptr_array_index(self->nodes, i);
		if (all_units) {
			g_autofree gchar *dir = fu_scsi_wb_paths_get_target_dir(node_dir);
			fu_scsi_wb_paths_add_target_units(units, dir);
			continue;
		}
		g_ptr_array_add(units, fu_scsi_wb_paths_get_unit_dir(node_dir));
	}
	return g_steal_pointer(&units);
}

/**
 * fu_scsi_wb_paths_share_target:
 * @self: a #FuScsiWbPaths
 * @other: paths to another logical unit
 *
 * Tells whether two logical units belong to one target.
 *
 * Returns: %TRUE if a path of each leads there
 **/
gboolean
fu_scsi_wb_paths_share_target(const FuScsiWbPaths *self, const FuScsiWbPaths *other)
{
	for (guint i = 0; i < self->nodes->len; i++) {
		g_autofree gchar *target =
		    fu_scsi_wb_paths_get_target_dir(g_ptr_array_index(self->nodes, i));
		for (guint j = 0; j < other->nodes->len; j++) {
			g_autofree gchar *target_other =
			    fu_scsi_wb_paths_get_target_dir(g_ptr_array_index(other->nodes, j));
			if (g_strcmp0(target, target_other) == 0)
				return TRUE;
		}
	}
	return FALSE;
}
