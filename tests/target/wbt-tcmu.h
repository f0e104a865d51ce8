// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#pragma once

#include "wbt-target.h"

/*
 * TCMU: the kernel's SCSI target hands commands to user space through a ring in shared memory.
 * Layout: Linux, include/uapi/linux/target_core_user.h. This is the only file that knows it. The
 * ring is taken for a liar: everything it says is checked before it is used.
 */

typedef struct WbtRing WbtRing;

/**
 * WbtRingCommand: one command, copied out of the ring.
 * @data: what the initiator sent, @data_bytes of it, if @data_out; else room for the answer
 */
typedef struct {
	uint8_t cdb[WBT_CDB_BYTES];
	uint8_t cdb_bytes;
	bool data_out;
	uint8_t *data;
	size_t data_bytes;
} WbtRingCommand;

typedef enum {
	WBT_RING_EMPTY,
	WBT_RING_COMMAND,
	WBT_RING_BROKEN, /* the ring says something impossible; serve it no more */
} WbtRingNext;

/* @uio: "uio0" and so on. NULL and @error on failure. */
WbtRing *
wbt_ring_open(const char *uio, GError **error);
/* The same over memory that somebody else mapped, for tests. Takes @fd; @map is not unmapped. */
WbtRing *
wbt_ring_new(void *map, size_t map_bytes, int fd, GError **error);
void
wbt_ring_close(WbtRing *self); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbtRing, wbt_ring_close)

/* the descriptor that becomes readable when there are commands; owned by the ring */
int
wbt_ring_get_fd(const WbtRing *self);
/* to be called when it is readable */
void
wbt_ring_acknowledge(WbtRing *self);

/* The oldest command. It stays the oldest until it is completed; @cmd is to be cleared. */
WbtRingNext
wbt_ring_next(WbtRing *self, WbtRingCommand *cmd);
void
wbt_ring_command_clear(WbtRingCommand *cmd);

/* Answers the oldest command. @cmd: as wbt_ring_next() gave it, with the answer in data. */
void
wbt_ring_complete(WbtRing *self, const WbtRingCommand *cmd, const WbtReply *reply);
