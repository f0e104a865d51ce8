// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include "wbt-image.h"

#include <string.h>
#include <zlib.h>

#include "wbt-bytes.h"
#include "wbt-model.h"

static const char image_magic[8] = {'W', 'B', 'T', 'I', 'M', 'A', 'G', 'E'};

#define VENDOR_AT   8
#define PRODUCT_AT  16
#define REVISION_AT 32
#define TOTAL_AT    36
#define CRC_AT	    40

void
wbt_pad_field(uint8_t *field, size_t field_bytes, const char *text)
{
	size_t text_bytes = strlen(text);

	memset(field, ' ', field_bytes);
	memcpy(field, text, MIN(text_bytes, field_bytes));
}

/* IEEE 802.3 CRC-32 */
static uint32_t
crc32_of(const uint8_t *buf, size_t buf_bytes)
{
	return (uint32_t)crc32_z(crc32_z(0, NULL, 0), buf, buf_bytes);
}

static void
fill_body(uint8_t *body, size_t body_bytes, uint32_t seed)
{
	uint64_t state = seed + 1ULL;

	/* multiplier and increment of the MMIX generator (Knuth, TAOCP volume 2, 3.3.4) */
	for (size_t i = 0; i < body_bytes; i++) {
		state = state * 6364136223846793005ULL + 1442695040888963407ULL;
		body[i] = (uint8_t)(state >> 56);
	}
}

/* where our own header begins */
static size_t
maker_bytes(const WbtModel *model)
{
	return model->image_header != NULL ? model->image_header->header_bytes : 0;
}

static void
put_maker_header(const WbtModel *model, uint8_t *buf, const char *revision, size_t total_bytes)
{
	const WbtImageHeader *header = model->image_header;

	if (header == NULL)
		return;
	memcpy(buf, header->bytes, header->header_bytes);
	if (header->length_at != 0)
		wbt_put_be32(buf + header->length_at, (uint32_t)total_bytes);
	if (header->revision_at != 0)
		wbt_pad_field(buf + header->revision_at, WBT_IMAGE_REVISION_BYTES, revision);
}

GByteArray *
wbt_image_new(const WbtModel *model, const char *revision, size_t total_bytes, uint32_t seed)
{
	size_t header_bytes = maker_bytes(model) + WBT_IMAGE_HEADER_BYTES;
	GByteArray *image;
	uint8_t *buf;

	if (total_bytes < header_bytes || total_bytes > UINT32_MAX)
		return NULL;
	image = g_byte_array_sized_new((guint)total_bytes);
	g_byte_array_set_size(image, (guint)total_bytes);
	put_maker_header(model, image->data, revision, total_bytes);
	buf = image->data + maker_bytes(model);
	memcpy(buf, image_magic, sizeof(image_magic));
	wbt_pad_field(buf + VENDOR_AT, WBT_VENDOR_BYTES, model->vendor);
	wbt_pad_field(buf + PRODUCT_AT, WBT_PRODUCT_BYTES, model->product);
	wbt_pad_field(buf + REVISION_AT, WBT_IMAGE_REVISION_BYTES, revision);
	wbt_put_be32(buf + TOTAL_AT, (uint32_t)total_bytes);
	fill_body(buf + WBT_IMAGE_HEADER_BYTES, total_bytes - header_bytes, seed);
	wbt_put_be32(buf + CRC_AT,
		     crc32_of(buf + WBT_IMAGE_HEADER_BYTES, total_bytes - header_bytes));
	return image;
}

WbtImageProgress
wbt_image_progress(const WbtModel *model, const uint8_t *buf, size_t buf_bytes, size_t *total_bytes)
{
	size_t header_bytes = maker_bytes(model) + WBT_IMAGE_HEADER_BYTES;

	*total_bytes = 0;
	if (buf_bytes < header_bytes)
		return WBT_IMAGE_HEADER_INCOMPLETE;
	buf += maker_bytes(model);
	if (memcmp(buf, image_magic, sizeof(image_magic)) != 0)
		return WBT_IMAGE_HEADER_FOREIGN;
	*total_bytes = wbt_get_be32(buf + TOTAL_AT);
	if (*total_bytes < header_bytes)
		return WBT_IMAGE_HEADER_FOREIGN;
	return buf_bytes < *total_bytes ? WBT_IMAGE_PARTIAL : WBT_IMAGE_ARRIVED;
}

static bool
field_is(const uint8_t *field, size_t field_bytes, const char *text)
{
	uint8_t wanted[WBT_PRODUCT_BYTES];

	wbt_pad_field(wanted, field_bytes, text);
	return memcmp(field, wanted, field_bytes) == 0;
}

static bool
maker_header_is(const WbtModel *model, const uint8_t *buf, const char *revision, size_t total_bytes)
{
	size_t header_bytes = maker_bytes(model);
	g_autofree uint8_t *wanted = g_malloc0(header_bytes + 1);

	put_maker_header(model, wanted, revision, total_bytes);
	return memcmp(buf, wanted, header_bytes) == 0;
}

bool
wbt_image_check(const WbtModel *model,
		const uint8_t *buf,
		size_t buf_bytes,
		char revision[WBT_IMAGE_REVISION_BYTES + 1])
{
	const uint8_t *own;
	const uint8_t *body;
	char arrived[WBT_IMAGE_REVISION_BYTES + 1] = "";
	size_t total_bytes;

	if (wbt_image_progress(model, buf, buf_bytes, &total_bytes) != WBT_IMAGE_ARRIVED)
		return false;
	if (total_bytes != buf_bytes)
		return false;
	own = buf + maker_bytes(model);
	body = own + WBT_IMAGE_HEADER_BYTES;
	memcpy(arrived, own + REVISION_AT, WBT_IMAGE_REVISION_BYTES);
	if (!maker_header_is(model, buf, arrived, total_bytes))
		return false;
	if (!field_is(own + VENDOR_AT, WBT_VENDOR_BYTES, model->vendor))
		return false;
	if (!field_is(own + PRODUCT_AT, WBT_PRODUCT_BYTES, model->product))
		return false;
	if (wbt_get_be32(own + CRC_AT) != crc32_of(body, buf_bytes - (size_t)(body - buf)))
		return false;
	memcpy(revision, arrived, sizeof(arrived));
	return true;
}
