// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#define _POSIX_C_SOURCE 200809L /* GNU would bring in a struct iovec, as the kernel does */

#include "wbt-tcmu.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/target_core_user.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAX_DATA_BYTES	(64U * 1024 * 1024) /* more than a 24-bit length can ask for */
#define MIN_ENTRY_BYTES (offsetof(struct tcmu_cmd_entry, req.iov))

struct WbtRing {
	int fd;
	uint8_t *map;
	size_t map_bytes;
	bool mapped; /* by us */
	struct tcmu_mailbox *mailbox;
	uint32_t ring_at;    /* in the map */
	uint32_t ring_bytes; /* copies: the shared ones could change */
	bool can_read_len;
};

/* Commands that carry data to the device; TCMU does not say. SPC-5 and SBC-4, operation codes. */
static const uint8_t data_out_opcodes[] = {
    0x04, 0x0A, 0x15, 0x1D, 0x2A, 0x2E, 0x2F, 0x3B, 0x3F, 0x41, 0x42, 0x4C,
    0x55, 0x5F, 0x8A, 0x8B, 0x8E, 0x8F, 0x93, 0x9F, 0xA4, 0xAA, 0xAE, 0xB5,
};

/* SAM-5, "CDB usage": length by the group in the top three bits of the operation code */
static const uint8_t cdb_bytes_of_group[8] = {6, 10, 10, 16, 16, 12, 16, 16};

static bool
read_map_size(const char *uio, size_t *map_bytes, GError **error)
{
	g_autofree char *path = g_strdup_printf("/sys/class/uio/%s/maps/map0/size", uio);
	g_autofree char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, error))
		return false;
	*map_bytes = (size_t)g_ascii_strtoull(text, NULL, 0);
	return true;
}

static bool
check_mailbox(WbtRing *self, GError **error)
{
	const struct tcmu_mailbox *mailbox = self->mailbox;
	uint64_t end = (uint64_t)mailbox->cmdr_off + mailbox->cmdr_size;

	if (mailbox->version != TCMU_MAILBOX_VERSION) {
		g_set_error(error,
			    WBT_ERROR,
			    0,
			    "TCMU mailbox version %u, only %u is known",
			    mailbox->version,
			    TCMU_MAILBOX_VERSION);
		return false;
	}
	if (mailbox->cmdr_off < sizeof(*mailbox) || mailbox->cmdr_size == 0 ||
	    end > self->map_bytes) {
		g_set_error(error, WBT_ERROR, 0, "TCMU command ring lies outside of its map");
		return false;
	}
	self->ring_at = mailbox->cmdr_off;
	self->ring_bytes = mailbox->cmdr_size;
	self->can_read_len = mailbox->flags & TCMU_MAILBOX_FLAG_CAP_READ_LEN;
	return true;
}

WbtRing *
wbt_ring_new(void *map, size_t map_bytes, int fd, GError **error)
{
	g_autoptr(WbtRing) self = g_new0(WbtRing, 1);

	self->fd = fd;
	self->map = map;
	self->map_bytes = map_bytes;
	self->mailbox = map;
	if (map_bytes < sizeof(struct tcmu_mailbox)) {
		g_set_error(error, WBT_ERROR, 0, "no room for a TCMU mailbox");
		return NULL;
	}
	return check_mailbox(self, error) ? g_steal_pointer(&self) : NULL;
}

WbtRing *
wbt_ring_open(const char *uio, GError **error)
{
	g_autofree char *path = g_strdup_printf("/dev/%s", uio);
	size_t map_bytes;
	WbtRing *self;
	void *map;
	int fd;

	if (!read_map_size(uio, &map_bytes, error))
		return NULL;
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0) {
		g_set_error(error, WBT_ERROR, 0, "cannot open %s: %s", path, g_strerror(errno));
		return NULL;
	}
	map = mmap(NULL, map_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED) {
		g_set_error(error, WBT_ERROR, 0, "cannot map %s: %s", path, g_strerror(errno));
		close(fd);
		return NULL;
	}
	self = wbt_ring_new(map, map_bytes, fd, error);
	if (self == NULL)
		munmap(map, map_bytes);
	else
		self->mapped = true;
	return self;
}

void
wbt_ring_close(WbtRing *self)
{
	if (self == NULL)
		return;
	if (self->mapped)
		munmap(self->map, self->map_bytes);
	if (self->fd >= 0)
		close(self->fd);
	g_free(self);
}

int
wbt_ring_get_fd(const WbtRing *self)
{
	return self->fd;
}

void
wbt_ring_acknowledge(WbtRing *self)
{
	uint32_t events;

	/* UIO's count of interrupts; what counts is what is in the ring */
	if (read(self->fd, &events, sizeof(events)) < 0 && errno != EAGAIN && errno != EINTR)
		g_warning("cannot read the UIO event count: %s", g_strerror(errno));
}

static void
notify_kernel(WbtRing *self)
{
	uint32_t zero = 0;

	if (write(self->fd, &zero, sizeof(zero)) < 0)
		g_warning("cannot notify the kernel: %s", g_strerror(errno));
}

static bool
in_map(const WbtRing *self, uint64_t at, uint64_t bytes)
{
	return at <= self->map_bytes && bytes <= self->map_bytes - at;
}

/* the entry at the tail; NULL if it does not fit the ring */
static struct tcmu_cmd_entry *
tail_entry(const WbtRing *self, uint32_t *entry_bytes)
{
	uint32_t tail = self->mailbox->cmd_tail;
	struct tcmu_cmd_entry *entry;

	if (tail >= self->ring_bytes || tail % TCMU_OP_ALIGN_SIZE != 0)
		return NULL;
	if (self->ring_bytes - tail < sizeof(struct tcmu_cmd_entry_hdr))
		return NULL;
	entry = (struct tcmu_cmd_entry *)(void *)(self->map + self->ring_at + tail);
	*entry_bytes = tcmu_hdr_get_len(entry->hdr.len_op);
	if (*entry_bytes < sizeof(struct tcmu_cmd_entry_hdr) ||
	    *entry_bytes > self->ring_bytes - tail)
		return NULL;
	return entry;
}

static void
advance_tail(WbtRing *self, uint32_t entry_bytes)
{
	uint32_t tail = (self->mailbox->cmd_tail + entry_bytes) % self->ring_bytes;

	__atomic_store_n(&self->mailbox->cmd_tail, tail, __ATOMIC_RELEASE);
}

/* Copies between the pieces of the entry's data in the map and @data, as far as both go. */
static void
copy_pieces(const WbtRing *self,
	    const struct iovec *iov,
	    uint32_t iov_cnt,
	    WbtRingCommand *cmd,
	    bool to_map)
{
	size_t done = 0;

	for (uint32_t i = 0; i < iov_cnt && done < cmd->data_bytes; i++) {
		uint8_t *piece = self->map + (uintptr_t)iov[i].iov_base;
		size_t bytes = MIN(iov[i].iov_len, cmd->data_bytes - done);

		if (to_map)
			memcpy(piece, cmd->data + done, bytes);
		else
			memcpy(cmd->data + done, piece, bytes);
		done += bytes;
	}
}

/* all pieces lie inside of the map and are not absurdly long together */
static bool
check_pieces(const WbtRing *self, const struct iovec *iov, uint32_t iov_cnt, size_t *data_bytes)
{
	size_t total = 0;

	for (uint32_t i = 0; i < iov_cnt; i++) {
		if (!in_map(self, (uintptr_t)iov[i].iov_base, iov[i].iov_len))
			return false;
		if (iov[i].iov_len > MAX_DATA_BYTES - total)
			return false;
		total += iov[i].iov_len;
	}
	*data_bytes = total;
	return true;
}

/* a private copy of the entry's pieces, so that what was checked is what is used */
static struct iovec *
copy_iov(const struct tcmu_cmd_entry *entry, uint32_t entry_bytes, uint32_t *iov_cnt)
{
	uint32_t count = entry->req.iov_cnt;

	if (entry_bytes < MIN_ENTRY_BYTES ||
	    count > (entry_bytes - MIN_ENTRY_BYTES) / sizeof(struct iovec))
		return NULL;
	*iov_cnt = count;
	return g_memdup2(entry->req.iov, MAX(count, 1U) * sizeof(struct iovec));
}

static bool
read_entry(const WbtRing *self,
	   const struct tcmu_cmd_entry *entry,
	   uint32_t entry_bytes,
	   WbtRingCommand *cmd)
{
	uint32_t iov_cnt = 0;
	uint64_t cdb_at;
	g_autofree struct iovec *iov = copy_iov(entry, entry_bytes, &iov_cnt);

	if (iov == NULL || !check_pieces(self, iov, iov_cnt, &cmd->data_bytes))
		return false;
	cdb_at = entry->req.cdb_off;
	if (!in_map(self, cdb_at, sizeof(cmd->cdb)))
		return false;
	memcpy(cmd->cdb, self->map + cdb_at, sizeof(cmd->cdb));
	cmd->cdb_bytes = cdb_bytes_of_group[cmd->cdb[0] >> 5];
	cmd->data_out = memchr(data_out_opcodes, cmd->cdb[0], sizeof(data_out_opcodes)) != NULL;
	cmd->data = g_malloc0(MAX(cmd->data_bytes, 1U));
	if (cmd->data_out)
		copy_pieces(self, iov, iov_cnt, cmd, false);
	return true;
}

WbtRingNext
wbt_ring_next(WbtRing *self, WbtRingCommand *cmd)
{
	*cmd = (WbtRingCommand){0};
	while (__atomic_load_n(&self->mailbox->cmd_head, __ATOMIC_ACQUIRE) !=
	       self->mailbox->cmd_tail) {
		uint32_t entry_bytes;
		struct tcmu_cmd_entry *entry = tail_entry(self, &entry_bytes);
		enum tcmu_opcode op;

		if (entry == NULL)
			return WBT_RING_BROKEN;
		op = tcmu_hdr_get_op(entry->hdr.len_op);
		if (op == TCMU_OP_CMD)
			return read_entry(self, entry, entry_bytes, cmd) ? WBT_RING_COMMAND
									 : WBT_RING_BROKEN;
		if (op != TCMU_OP_PAD && op != TCMU_OP_TMR)
			entry->hdr.uflags |= TCMU_UFLAG_UNKNOWN_OP;
		advance_tail(self, entry_bytes);
	}
	return WBT_RING_EMPTY;
}

void
wbt_ring_command_clear(WbtRingCommand *cmd)
{
	g_clear_pointer(&cmd->data, g_free);
}

/* the answer goes where the request was, so the pieces are read first */
void
wbt_ring_complete(WbtRing *self, const WbtRingCommand *cmd, const WbtReply *reply)
{
	uint32_t entry_bytes;
	uint32_t iov_cnt = 0;
	struct tcmu_cmd_entry *entry = tail_entry(self, &entry_bytes);
	g_autofree struct iovec *iov = NULL;
	WbtRingCommand answer = *cmd;

	if (entry == NULL)
		return;
	iov = copy_iov(entry, entry_bytes, &iov_cnt);
	answer.data_bytes = MIN(reply->data_in_bytes, cmd->data_bytes);
	if (!cmd->data_out && iov != NULL && check_pieces(self, iov, iov_cnt, &(size_t){0}))
		copy_pieces(self, iov, iov_cnt, &answer, true);
	memset(&entry->rsp, 0, sizeof(entry->rsp));
	entry->rsp.scsi_status = reply->status;
	memcpy(entry->rsp.sense_buffer,
	       reply->sense,
	       MIN(sizeof(reply->sense), TCMU_SENSE_BUFFERSIZE));
	if (self->can_read_len && !cmd->data_out) {
		entry->hdr.uflags |= TCMU_UFLAG_READ_LEN;
		entry->rsp.read_len = (uint32_t)answer.data_bytes;
	}
	advance_tail(self, entry_bytes);
	notify_kernel(self);
}
