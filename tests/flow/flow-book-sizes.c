/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-book.h"
#include "wbt-image.h"

/* sizes of images at which rows, and those who write them, go wrong: around a segment, around
 * three, and those that no segment divides */

/**
 * FlowBookSize:
 * @name: for people
 * @size_bytes: of the image
 **/
typedef struct {
	const gchar *name;
	gsize size_bytes;
} FlowBookSize;

static gboolean
fu_test_scsi_wb_flow_book_is_prime(gsize number)
{
	for (gsize i = 2; i * i <= number; i++) {
		if (number % i == 0)
			return FALSE;
	}
	return number > 1;
}

/* a prime number of steps, and more than three segments */
static gsize
fu_test_scsi_wb_flow_book_get_prime_bytes(const FlowBookRow *row)
{
	gsize step_bytes = flow_book_get_step_bytes(row);
	gsize steps = 3 * flow_book_get_chunk_bytes(row) / step_bytes + 1;

	while (!fu_test_scsi_wb_flow_book_is_prime(steps))
		steps++;
	return steps * step_bytes;
}

static gsize
fu_test_scsi_wb_flow_book_get_min_bytes(const FlowBookCase *book_case)
{
	const WbtImageHeader *header = book_case->model.image_header;

	return WBT_IMAGE_HEADER_BYTES + (header != NULL ? header->header_bytes : 0);
}

static const gchar *
fu_test_scsi_wb_flow_book_find_obstacle(const FlowBookCase *book_case, gsize size_bytes)
{
	const WbtModel *model = &book_case->model;

	if (size_bytes < fu_test_scsi_wb_flow_book_get_min_bytes(book_case))
		return "is too small for an image";
	if (model->capacity_bytes != 0 && size_bytes > model->capacity_bytes)
		return "is beyond the device's capacity";
	return NULL;
}

static void
fu_test_scsi_wb_flow_book_add_name(FlowBookCase *book_case, const FlowBookSize *size)
{
	g_string_append_printf(book_case->sizes,
			       "%s%s (%" G_GSIZE_FORMAT ")",
			       book_case->sizes->len > 0 ? ", " : "",
			       size->name,
			       size->size_bytes);
}

static void
fu_test_scsi_wb_flow_book_try_size(FlowBookCase *book_case, FlowBed *bed, const FlowBookSize *size)
{
	FlowBookRow row = flow_book_get_row_for(book_case->row, size->size_bytes);
	const gchar *obstacle =
	    fu_test_scsi_wb_flow_book_find_obstacle(book_case, size->size_bytes);
	g_autofree gchar *revision = NULL;

	g_test_message("%s: %s, %" G_GSIZE_FORMAT " bytes%s%s",
		       book_case->row->model,
		       size->name,
		       size->size_bytes,
		       obstacle != NULL ? ": skipped, it " : "",
		       obstacle != NULL ? obstacle : "");
	fu_test_scsi_wb_flow_book_add_name(book_case, size);
	if (obstacle != NULL) {
		g_string_append_printf(book_case->sizes, " skipped, it %s", obstacle);
		book_case->sizes_skipped++;
		return;
	}
	revision = g_strdup_printf("%04u", ++book_case->sizes_taken + 1);
	flow_book_assert_update(bed, &row, revision);
}

/* not even one byte of it is sent; where the rest is a header, that is what is left out */
static void
fu_test_scsi_wb_flow_book_try_unaligned(FlowBookCase *book_case,
					FlowBed *bed,
					const FlowBookSize *size)
{
	gsize step_bytes = flow_book_get_step_bytes(book_case->row);
	gsize rest_bytes = size->size_bytes % step_bytes;
	FlowBookRow row = flow_book_get_row_for(book_case->row, size->size_bytes - rest_bytes);
	g_autofree gchar *revision = NULL;
	g_autoptr(GByteArray) file = NULL;
	g_autoptr(GBytes) blob = NULL;
	g_autoptr(GBytes) image = NULL;

	g_test_message("%s: %s, %" G_GSIZE_FORMAT " bytes",
		       book_case->row->model,
		       size->name,
		       size->size_bytes);
	fu_test_scsi_wb_flow_book_add_name(book_case, size);
	if (!book_case->row->has_header) {
		flow_book_assert_refused(bed, size->size_bytes);
		book_case->sizes_refused++;
		return;
	}
	revision = g_strdup_printf("%04u", ++book_case->sizes_taken + 1);
	image = flow_bed_new_image(bed, revision, row.size_bytes);
	file = g_byte_array_new();
	g_byte_array_set_size(file, rest_bytes);
	memset(file->data, 0xa5, rest_bytes);
	g_byte_array_append(file, g_bytes_get_data(image, NULL), g_bytes_get_size(image));
	blob = g_byte_array_free_to_bytes(g_steal_pointer(&file));
	flow_book_assert_taken(bed, &row, blob, image, revision);
}

void
flow_book_sizes_func(gconstpointer user_data)
{
	FlowBookCase *book_case = (FlowBookCase *)user_data;
	gsize chunk_bytes = flow_book_get_chunk_bytes(book_case->row);
	gsize step_bytes = flow_book_get_step_bytes(book_case->row);
	gsize min_bytes = fu_test_scsi_wb_flow_book_get_min_bytes(book_case) + step_bytes - 1;
	gsize prime_bytes = fu_test_scsi_wb_flow_book_get_prime_bytes(book_case->row);
	const FlowBookSize sizes[] = {
	    {"prime", prime_bytes},
	    {"chunk + 1", chunk_bytes + step_bytes},
	    {"chunk - 1", chunk_bytes - step_bytes},
	    {"3 chunks", 3 * chunk_bytes},
	    {"chunk", chunk_bytes},
	    {"half a chunk", chunk_bytes / 2 - chunk_bytes / 2 % step_bytes},
	    {"smallest", min_bytes - min_bytes % step_bytes},
	};
	const FlowBookSize unaligned[] = {
	    {"unaligned chunk + 1", chunk_bytes + 1},
	    {"unaligned chunk - 1", chunk_bytes - 1},
	    {"unaligned prime - 1", prime_bytes - 1},
	    {"unaligned prime + 1", prime_bytes + 1},
	};
	g_autoptr(FlowBed) bed = flow_book_new_bed(&book_case->model);

	for (guint i = 0; step_bytes > 1 && i < G_N_ELEMENTS(unaligned); i++)
		fu_test_scsi_wb_flow_book_try_unaligned(book_case, bed, &unaligned[i]);
	for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
		fu_test_scsi_wb_flow_book_try_size(book_case, bed, &sizes[i]);
	g_assert_cmpuint(book_case->sizes_taken, >, 0);
}
