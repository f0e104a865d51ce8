// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#define _GNU_SOURCE

#include "wbt-lio.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONFIGFS "/sys/kernel/config"
#define CORE	 CONFIGFS "/target/core/user_0"
#define LOOPBACK CONFIGFS "/target/loopback"

#define POLL_MS 20

/* how long Linux needs to notice that a device has gone: until then commands run into the cut way
 */
#define NOTICE_MS 500

/* the kernel wants a size even of what has no blocks */
#define BACKSTORE_CONTROL                                                                          \
	"dev_config=wb/%s,dev_size=67108864,hw_block_size=512,hw_max_sectors=32768,"               \
	"nl_reply_supported=-1"

/* one write(2), as configfs and sysfs want it; g_file_set_contents() would rename */
static bool
write_attribute(const char *path, const char *text, GError **error)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t written = -1;
	int saved_errno;

	if (fd >= 0)
		written = write(fd, text, strlen(text));
	saved_errno = errno;
	if (fd >= 0)
		close(fd);
	if (written == (ssize_t)strlen(text))
		return true;
	g_set_error(error,
		    WBT_ERROR,
		    0,
		    "cannot write '%s' to %s: %s",
		    text,
		    path,
		    g_strerror(saved_errno));
	return false;
}

static bool
make_dir(const char *path, GError **error)
{
	if (g_mkdir_with_parents(path, 0755) == 0)
		return true;
	g_set_error(error, WBT_ERROR, 0, "cannot make %s: %s", path, g_strerror(errno));
	return false;
}

static char *
core_path(const char *name, const char *attribute)
{
	return g_build_filename(CORE, name, attribute, NULL);
}

/* A world wide name in LIO's own range, made from the target's name; @role tells the two ends of
 * the loopback apart. */
static char *
naa_of(const char *name, char role)
{
	g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, name, -1);

	return g_strdup_printf("naa.6001405%.8s%c", sum, role);
}

static char *
tpg_path(const char *name, const char *attribute)
{
	g_autofree char *naa = naa_of(name, '1');

	return g_build_filename(LOOPBACK, naa, "tpgt_1", attribute, NULL);
}

bool
wbt_lio_prepare(GError **error)
{
	static const char *const argv[] =
	    {"modprobe", "-a", "target_core_user", "tcm_loop", "sg", NULL};
	g_autofree char *message = NULL;
	int status;

	if (!g_spawn_sync(NULL,
			  (char **)argv,
			  NULL,
			  G_SPAWN_SEARCH_PATH,
			  NULL,
			  NULL,
			  NULL,
			  &message,
			  &status,
			  error))
		return false;
	if (!g_spawn_check_wait_status(status, NULL)) {
		g_set_error(error,
			    WBT_ERROR,
			    0,
			    "this kernel lacks what the simulated target needs: %s",
			    g_strstrip(message));
		return false;
	}
	if (g_file_test(CONFIGFS "/target", G_FILE_TEST_IS_DIR))
		return true;
	if (mount("configfs", CONFIGFS, "configfs", 0, NULL) == 0 || errno == EBUSY)
		return true;
	g_set_error(error, WBT_ERROR, 0, "cannot mount configfs: %s", g_strerror(errno));
	return false;
}

static char *
find_uio(const char *name)
{
	g_autofree char *wanted = g_strdup_printf("tcm-user/0/%s/wb/%s", name, name);
	g_autoptr(GDir) dir = g_dir_open("/sys/class/uio", 0, NULL);
	const char *uio;

	while (dir != NULL && (uio = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename("/sys/class/uio", uio, "name", NULL);
		g_autofree char *text = NULL;

		if (!g_file_get_contents(path, &text, NULL, NULL))
			continue;
		if (g_str_equal(g_strstrip(text), wanted))
			return g_strdup(uio);
	}
	return NULL;
}

bool
wbt_lio_add_backstore(const char *name, char **uio, GError **error)
{
	g_autofree char *dir = core_path(name, NULL);
	g_autofree char *control = core_path(name, "control");
	g_autofree char *enable = core_path(name, "enable");
	g_autofree char *time_out = core_path(name, "attrib/cmd_time_out");
	g_autofree char *text = g_strdup_printf(BACKSTORE_CONTROL, name);

	if (!make_dir(dir, error) || !write_attribute(control, text, error))
		return false;
	if (!write_attribute(enable, "1", error))
		return false;

	/* else TCMU itself answers after 30 s: 02/08/00 */
	if (!write_attribute(time_out, "0", error))
		return false;
	*uio = find_uio(name);
	if (*uio != NULL)
		return true;
	g_set_error(error, WBT_ERROR, 0, "the kernel made no UIO device for %s", name);
	return false;
}

bool
wbt_lio_add_device(const char *name, char **hctl, GError **error)
{
	g_autofree char *tpg = tpg_path(name, NULL);
	g_autofree char *nexus = tpg_path(name, "nexus");
	g_autofree char *address = tpg_path(name, "address");
	g_autofree char *lun = tpg_path(name, "lun/lun_0");
	g_autofree char *link_path = tpg_path(name, "lun/lun_0/backstore");
	g_autofree char *core = core_path(name, NULL);
	g_autofree char *initiator = naa_of(name, '2');
	g_autofree char *text = NULL;

	if (!make_dir(tpg, error) || !write_attribute(nexus, initiator, error))
		return false;
	if (!make_dir(lun, error))
		return false;
	if (symlink(core, link_path) != 0) {
		g_set_error(error,
			    WBT_ERROR,
			    0,
			    "cannot attach %s to the loopback fabric: %s",
			    name,
			    g_strerror(errno));
		return false;
	}
	if (!g_file_get_contents(address, &text, NULL, error))
		return false;
	*hctl = g_strdup_printf("%s:0", g_strstrip(text));
	return true;
}

void
wbt_lio_remove_device(const char *name)
{
	g_autofree char *naa = naa_of(name, '1');
	g_autofree char *wwn = g_build_filename(LOOPBACK, naa, NULL);
	g_autofree char *tpg = tpg_path(name, NULL);
	g_autofree char *lun = tpg_path(name, "lun/lun_0");
	g_autofree char *link_path = tpg_path(name, "lun/lun_0/backstore");

	unlink(link_path);
	rmdir(lun);
	rmdir(tpg);
	rmdir(wwn);
}

void
wbt_lio_remove_backstore(const char *name)
{
	g_autofree char *dir = core_path(name, NULL);

	rmdir(dir);
}

static char *
sg_of(const char *hctl)
{
	g_autofree char *path =
	    g_strdup_printf("/sys/class/scsi_device/%s/device/scsi_generic", hctl);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *sg = dir != NULL ? g_dir_read_name(dir) : NULL;

	return sg != NULL ? g_build_filename("/dev", sg, NULL) : NULL;
}

char *
wbt_lio_find_sg(const char *hctl, unsigned int timeout_ms)
{
	for (unsigned int waited_ms = 0; waited_ms <= timeout_ms; waited_ms += POLL_MS) {
		g_autofree char *node = sg_of(hctl);

		if (node != NULL && access(node, F_OK) == 0)
			return g_steal_pointer(&node);
		g_usleep(POLL_MS * 1000);
	}
	return NULL;
}

bool
wbt_lio_set_online(const char *name, bool online, GError **error)
{
	g_autofree char *path = tpg_path(name, "transport_status");

	return write_attribute(path, online ? "online" : "offline", error);
}

void
wbt_lio_forget(const char *hctl)
{
	g_autofree char *path = g_strdup_printf("/sys/class/scsi_device/%s/device/delete", hctl);

	g_usleep(NOTICE_MS * 1000);
	/* gone already is as good */
	write_attribute(path, "1", NULL);
}

void
wbt_lio_rescan(const char *hctl)
{
	/* the loopback host has room for LUN 0 alone, and takes no number for it */
	g_auto(GStrv) parts = g_strsplit(hctl, ":", 4);
	g_autofree char *path = NULL;
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;

	if (g_strv_length(parts) != 4)
		return;
	path = g_strdup_printf("/sys/class/scsi_host/host%s/scan", parts[0]);
	text = g_strdup_printf("%s %s -", parts[1], parts[2]);
	if (!write_attribute(path, text, &error))
		g_warning("%s", error->message);
}
