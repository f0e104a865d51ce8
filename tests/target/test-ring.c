// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

/* the TCMU ring, with a test in the kernel's place: an honest one, and one that lies */

#define _POSIX_C_SOURCE 200809L /* GNU would bring in a struct iovec, as the kernel does */

#include <fcntl.h>
#include <linux/target_core_user.h>
#include <string.h>
#include <unistd.h>

#include "wbt-tcmu.h"

#define RING_AT	    128
#define RING_BYTES  1024
#define CDB_AT	    1152
#define DATA_AT	    2048
#define MAP_BYTES   4096
#define ENTRY_BYTES 128

typedef struct {
	uint8_t *map;
	struct tcmu_mailbox *mailbox;
	WbtRing *ring;
} FakeKernel;

static struct tcmu_cmd_entry *
entry_at(FakeKernel *fake, uint32_t at)
{
	return (struct tcmu_cmd_entry *)(void *)(fake->map + RING_AT + at);
}

/* one WRITE BUFFER of 8 bytes in two pieces waits in the ring */
static void
fake_init(FakeKernel *fake)
{
	struct tcmu_cmd_entry *entry;

	fake->map = g_malloc0(MAP_BYTES);
	fake->mailbox = (struct tcmu_mailbox *)(void *)fake->map;
	*fake->mailbox = (struct tcmu_mailbox){
	    .version = TCMU_MAILBOX_VERSION,
	    .flags = TCMU_MAILBOX_FLAG_CAP_READ_LEN,
	    .cmdr_off = RING_AT,
	    .cmdr_size = RING_BYTES,
	    .cmd_head = ENTRY_BYTES,
	};
	entry = entry_at(fake, 0);
	entry->hdr.len_op = ENTRY_BYTES | TCMU_OP_CMD;
	entry->req.cdb_off = CDB_AT;
	entry->req.iov_cnt = 2;
	entry->req.iov[0] = (struct iovec){(void *)(uintptr_t)DATA_AT, 5};
	entry->req.iov[1] = (struct iovec){(void *)(uintptr_t)(DATA_AT + 100), 3};
	fake->map[CDB_AT] = 0x3B;
	memcpy(fake->map + DATA_AT, "Hello", 5);
	memcpy(fake->map + DATA_AT + 100, "you", 3);
	fake->ring = wbt_ring_new(fake->map, MAP_BYTES, open("/dev/null", O_RDWR), NULL);
	g_assert_nonnull(fake->ring);
}

static void
fake_clear(FakeKernel *fake)
{
	wbt_ring_close(fake->ring);
	g_free(fake->map);
}

static void
test_data_out(void)
{
	WbtReply reply = {.status = 0x02, .sense = {0x70}, .sense_bytes = 18};
	WbtRingCommand cmd;
	FakeKernel fake;

	fake_init(&fake);
	g_assert_cmpint(wbt_ring_next(fake.ring, &cmd), ==, WBT_RING_COMMAND);
	g_assert_true(cmd.data_out);
	g_assert_cmpuint(cmd.cdb_bytes, ==, 10);
	g_assert_cmpmem(cmd.data, cmd.data_bytes, "Helloyou", 8);
	wbt_ring_complete(fake.ring, &cmd, &reply);
	wbt_ring_command_clear(&cmd);
	g_assert_cmphex(entry_at(&fake, 0)->rsp.scsi_status, ==, 0x02);
	g_assert_cmphex((uint8_t)entry_at(&fake, 0)->rsp.sense_buffer[0], ==, 0x70);
	g_assert_cmpuint(fake.mailbox->cmd_tail, ==, ENTRY_BYTES);
	g_assert_cmpint(wbt_ring_next(fake.ring, &cmd), ==, WBT_RING_EMPTY);
	fake_clear(&fake);
}

static void
test_data_in(void)
{
	WbtReply reply = {.data_in_bytes = 7};
	WbtRingCommand cmd;
	FakeKernel fake;

	fake_init(&fake);
	fake.map[CDB_AT] = 0x12;
	g_assert_cmpint(wbt_ring_next(fake.ring, &cmd), ==, WBT_RING_COMMAND);
	g_assert_false(cmd.data_out);
	g_assert_cmpmem(cmd.data, cmd.data_bytes, "\0\0\0\0\0\0\0\0", 8);
	memcpy(cmd.data, "ABCDEFGH", 8);
	wbt_ring_complete(fake.ring, &cmd, &reply);
	wbt_ring_command_clear(&cmd);
	g_assert_cmpmem(fake.map + DATA_AT, 5, "ABCDE", 5);
	g_assert_cmpmem(fake.map + DATA_AT + 100, 3, "FGu", 3);
	g_assert_cmpuint(entry_at(&fake, 0)->rsp.read_len, ==, 7);
	g_assert_cmphex(entry_at(&fake, 0)->hdr.uflags, ==, TCMU_UFLAG_READ_LEN);
	fake_clear(&fake);
}

/* padding and unknown entries are stepped over, and the ring is round */
static void
test_padding(void)
{
	WbtRingCommand cmd;
	FakeKernel fake;

	fake_init(&fake);
	fake.mailbox->cmd_tail = RING_BYTES - 128;
	entry_at(&fake, RING_BYTES - 128)->hdr.len_op = 64 | TCMU_OP_PAD;
	entry_at(&fake, RING_BYTES - 64)->hdr.len_op = 64 | 7;
	g_assert_cmpint(wbt_ring_next(fake.ring, &cmd), ==, WBT_RING_COMMAND);
	wbt_ring_command_clear(&cmd);
	g_assert_cmphex(entry_at(&fake, RING_BYTES - 64)->hdr.uflags, ==, TCMU_UFLAG_UNKNOWN_OP);
	fake_clear(&fake);
}

static void
lie_tail_outside(FakeKernel *fake)
{
	fake->mailbox->cmd_tail = RING_BYTES;
}

static void
lie_tail_unaligned(FakeKernel *fake)
{
	fake->mailbox->cmd_tail = 4;
}

static void
lie_length_zero(FakeKernel *fake)
{
	entry_at(fake, 0)->hdr.len_op = TCMU_OP_CMD;
}

static void
lie_length_long(FakeKernel *fake)
{
	entry_at(fake, 0)->hdr.len_op = (RING_BYTES + 8) | TCMU_OP_CMD;
}

static void
lie_length_short(FakeKernel *fake)
{
	entry_at(fake, 0)->hdr.len_op = 16 | TCMU_OP_CMD;
}

static void
lie_cdb(FakeKernel *fake)
{
	entry_at(fake, 0)->req.cdb_off = MAP_BYTES - 15;
}

static void
lie_cdb_far(FakeKernel *fake)
{
	entry_at(fake, 0)->req.cdb_off = UINT64_MAX;
}

static void
lie_pieces(FakeKernel *fake)
{
	entry_at(fake, 0)->req.iov_cnt = UINT32_MAX;
}

static void
lie_piece_address(FakeKernel *fake)
{
	entry_at(fake, 0)->req.iov[1].iov_base = (void *)(uintptr_t)(MAP_BYTES - 2);
}

static void
lie_piece_length(FakeKernel *fake)
{
	entry_at(fake, 0)->req.iov[1].iov_len = SIZE_MAX;
}

static void
test_lies(void)
{
	static void (*const lies[])(FakeKernel * fake) = {
	    lie_tail_outside,
	    lie_tail_unaligned,
	    lie_length_zero,
	    lie_length_long,
	    lie_length_short,
	    lie_cdb,
	    lie_cdb_far,
	    lie_pieces,
	    lie_piece_address,
	    lie_piece_length,
	};

	for (size_t i = 0; i < G_N_ELEMENTS(lies); i++) {
		WbtRingCommand cmd;
		FakeKernel fake;

		fake_init(&fake);
		lies[i](&fake);
		g_test_message("lie %zu", i);
		g_assert_cmpint(wbt_ring_next(fake.ring, &cmd), ==, WBT_RING_BROKEN);
		wbt_ring_command_clear(&cmd);
		fake_clear(&fake);
	}
}

/* a ring that turns bad between request and answer gets no answer in the wrong place */
static void
test_late_lie(void)
{
	WbtReply reply = {.data_in_bytes = 8};
	WbtRingCommand cmd;
	FakeKernel fake;

	fake_init(&fake);
	fake.map[CDB_AT] = 0x12;
	g_assert_cmpint(wbt_ring_next(fake.ring, &cmd), ==, WBT_RING_COMMAND);
	lie_piece_address(&fake);
	wbt_ring_complete(fake.ring, &cmd, &reply);
	wbt_ring_command_clear(&cmd);
	g_assert_cmpmem(fake.map + DATA_AT, 5, "Hello", 5);
	fake_clear(&fake);
}

static void
test_mailbox(void)
{
	static const struct tcmu_mailbox rows[] = {
	    {.version = 1, .cmdr_off = RING_AT, .cmdr_size = RING_BYTES},
	    {.version = 2, .cmdr_off = 0, .cmdr_size = RING_BYTES},
	    {.version = 2, .cmdr_off = RING_AT, .cmdr_size = 0},
	    {.version = 2, .cmdr_off = RING_AT, .cmdr_size = MAP_BYTES},
	    {.version = 2, .cmdr_off = UINT32_MAX, .cmdr_size = UINT32_MAX},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree uint8_t *map = g_malloc0(MAP_BYTES);
		g_autoptr(GError) error = NULL;

		memcpy(map, &rows[i], sizeof(rows[i]));
		g_assert_null(wbt_ring_new(map, MAP_BYTES, -1, &error));
		g_assert_error(error, WBT_ERROR, 0);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/target/ring/data-out", test_data_out);
	g_test_add_func("/target/ring/data-in", test_data_in);
	g_test_add_func("/target/ring/padding", test_padding);
	g_test_add_func("/target/ring/lies", test_lies);
	g_test_add_func("/target/ring/late-lie", test_late_lie);
	g_test_add_func("/target/ring/mailbox", test_mailbox);
	return g_test_run();
}
