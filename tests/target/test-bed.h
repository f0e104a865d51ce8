// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#pragma once

#include "wbt-target.h"

/* a target past its power on attention, the last reply, and an image it would take */
typedef struct {
	WbtTarget *target;
	WbtReply reply;
	GByteArray *image;
	uint8_t data_in[512];
} TestBed;

#define TEST_REVISION	 "NEW1"
#define TEST_IMAGE_BYTES 6144

void
test_bed_init(TestBed *bed, const char *model);
void
test_bed_init_model(TestBed *bed, const WbtModel *model);
void
test_bed_clear(TestBed *bed);

/* one command without data out; 16 CDB bytes are read of @cdb */
void
test_bed_command(TestBed *bed, const uint8_t cdb[16]);
void
test_bed_opcode(TestBed *bed, uint8_t opcode);

/* one WRITE BUFFER; @byte1 is MODE SPECIFIC and MODE */
void
test_bed_write(TestBed *bed,
	       uint8_t byte1,
	       uint8_t id,
	       uint32_t offset,
	       const uint8_t *data,
	       uint32_t data_bytes);

/* WRITE BUFFER with a piece of the bed's image, BUFFER ID 0, offset as in the image */
void
test_bed_segment(TestBed *bed, uint8_t byte1, uint32_t from, uint32_t bytes);

/* the whole image in segments of @bytes, the last one with @last_mode; all of them GOOD */
void
test_bed_download(TestBed *bed, uint8_t mode, uint8_t last_mode, uint32_t bytes);

#define assert_good(bed)                                                                           \
	do {                                                                                       \
		g_assert_cmphex((bed)->reply.status, ==, 0);                                       \
		g_assert_cmphex((bed)->reply.host_status, ==, 0);                                  \
	} while (0)

#define assert_sense(bed, key, asc, ascq)                                                          \
	do {                                                                                       \
		g_assert_cmphex((bed)->reply.status, ==, WBT_STATUS_CHECK_CONDITION);              \
		g_assert_cmphex((bed)->reply.sense[0], ==, 0x70);                                  \
		g_assert_cmphex((bed)->reply.sense[2], ==, (key));                                 \
		g_assert_cmphex((bed)->reply.sense[12], ==, (asc));                                \
		g_assert_cmphex((bed)->reply.sense[13], ==, (ascq));                               \
	} while (0)

/* INVALID FIELD IN CDB with SKSV and C/D, pointing at a byte of the CDB */
#define assert_invalid_field(bed, byte)                                                            \
	do {                                                                                       \
		assert_sense(bed, 0x05, 0x24, 0x00);                                               \
		g_assert_cmphex((bed)->reply.sense[15] & 0xC0, ==, 0xC0);                          \
		g_assert_cmpuint((bed)->reply.sense[16], ==, 0);                                   \
		g_assert_cmpuint((bed)->reply.sense[17], ==, (byte));                              \
	} while (0)

/* the committed image is the bed's, and runs */
void
test_bed_assert_updated(TestBed *bed);
void
test_bed_assert_factory(TestBed *bed, const char *revision);
