// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include "test-bed.h"

#include <string.h>

#include "wbt-bytes.h"

void
test_bed_init(TestBed *bed, const char *model_name)
{
	const WbtModel *model = wbt_model_find(model_name);

	g_assert_nonnull(model);
	test_bed_init_model(bed, model);
}

void
test_bed_init_model(TestBed *bed, const WbtModel *model)
{
	*bed = (TestBed){.target = wbt_target_new(model, NULL)};
	bed->image = wbt_image_new(model, TEST_REVISION, TEST_IMAGE_BYTES, 1);
	test_bed_opcode(bed, 0x00);
	g_assert_cmphex(bed->reply.status, ==, WBT_STATUS_CHECK_CONDITION);
}

void
test_bed_clear(TestBed *bed)
{
	wbt_target_free(bed->target);
	g_byte_array_unref(bed->image);
}

void
test_bed_command(TestBed *bed, const uint8_t cdb[16])
{
	wbt_target_execute(bed->target,
			   cdb,
			   16,
			   NULL,
			   0,
			   bed->data_in,
			   sizeof(bed->data_in),
			   &bed->reply);
}

void
test_bed_opcode(TestBed *bed, uint8_t opcode)
{
	uint8_t cdb[16] = {opcode};

	test_bed_command(bed, cdb);
}

void
test_bed_write(TestBed *bed,
	       uint8_t byte1,
	       uint8_t id,
	       uint32_t offset,
	       const uint8_t *data,
	       uint32_t data_bytes)
{
	uint8_t cdb[10] = {0x3B, byte1, id};

	wbt_put_be24(cdb + 3, offset);
	wbt_put_be24(cdb + 6, data_bytes);
	wbt_target_execute(bed->target, cdb, sizeof(cdb), data, data_bytes, NULL, 0, &bed->reply);
}

void
test_bed_segment(TestBed *bed, uint8_t byte1, uint32_t from, uint32_t bytes)
{
	g_assert_cmpuint(from + bytes, <=, bed->image->len);
	test_bed_write(bed, byte1, 0, from, bed->image->data + from, bytes);
}

void
test_bed_download(TestBed *bed, uint8_t mode, uint8_t last_mode, uint32_t bytes)
{
	for (uint32_t at = 0; at < bed->image->len; at += bytes) {
		uint32_t part = MIN(bytes, bed->image->len - at);
		bool last = at + part == bed->image->len;

		test_bed_segment(bed, last ? last_mode : mode, at, part);
		assert_good(bed);
	}
}

static void
assert_inquiry_revision(TestBed *bed, const char *revision)
{
	static const uint8_t inquiry[16] = {0x12, 0, 0, 0, 96};

	test_bed_command(bed, inquiry);
	assert_good(bed);
	g_assert_cmpmem(bed->data_in + 32, 4, revision, strlen(revision));
	g_assert_cmpstr(wbt_target_get_revision(bed->target), ==, revision);
}

void
test_bed_assert_updated(TestBed *bed)
{
	GBytes *committed = wbt_target_get_committed(bed->target);

	g_assert_nonnull(committed);
	g_assert_cmpmem(g_bytes_get_data(committed, NULL),
			g_bytes_get_size(committed),
			bed->image->data,
			bed->image->len);
	g_assert_cmpuint(wbt_target_get_commits(bed->target), ==, 1);
	g_assert_cmpuint(wbt_target_get_activations(bed->target), ==, 1);
	assert_inquiry_revision(bed, TEST_REVISION);
}

void
test_bed_assert_factory(TestBed *bed, const char *revision)
{
	g_assert_null(wbt_target_get_committed(bed->target));
	g_assert_cmpuint(wbt_target_get_commits(bed->target), ==, 0);
	assert_inquiry_revision(bed, revision);
}
