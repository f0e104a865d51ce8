/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "flow-bed.h"
#include "wbt-book.h"

/**
 * FlowBookRow:
 * @model: a device of the book
 * @mode: MODE of the segments
 * @mode_last: MODE of the last one
 * @id: BUFFER ID of the first one
 * @id_last: BUFFER ID of the last one
 * @chunk_bytes: the largest one
 * @segments: how many an image of @size_bytes takes; 1: any image goes in one command
 * @size_bytes: of an image that it takes, 0: 100,001
 * @size_step_bytes: the size of an image is a multiple of it, 0: any will do
 * @refused_bytes: of one that cannot be for it, 0 if any size can
 * @is_exact: it takes no smaller segments
 * @has_header: what is left over from whole steps stands in front of them and is not sent
 * @is_deferred: it waits for the user's activation
 * @needs_reboot: it waits for the next reboot
 **/
typedef struct {
	const gchar *model;
	guint8 mode;
	guint8 mode_last;
	guint8 id;
	guint8 id_last;
	gsize chunk_bytes;
	guint segments;
	gsize size_bytes;
	gsize size_step_bytes;
	gsize refused_bytes;
	gboolean is_exact;
	gboolean has_header;
	gboolean is_deferred;
	gboolean needs_reboot;
} FlowBookRow;

extern const FlowBookRow flow_book_rows[];
extern const guint flow_book_n_rows;

/* a device that no row of the project may name */
typedef struct {
	const gchar *vendor;
	const gchar *product;
	guint8 type;
} FlowBookStranger;

extern const FlowBookStranger flow_book_strangers[];
extern const guint flow_book_n_strangers;

/**
 * FlowBookSection:
 * @name: what stands between the brackets
 * @file: its quirk file
 * @comment: (nullable): the comment right above it, or above the sections that it follows without
 * an empty line
 * @keys: (element-type utf8 utf8): what it says
 **/
typedef struct {
	gchar *name;
	gchar *file;
	gchar *comment;
	GHashTable *keys;
} FlowBookSection;

/* flow-book-files.c: the project's quirk files; element-type FlowBookSection */
GPtrArray *
flow_book_load_sections(void);
FlowBookSection *
flow_book_find_section(GPtrArray *sections, const gchar *name);

/* the document that its comment names, without the line breaks */
gchar *
flow_book_new_source(const FlowBookSection *section);

/**
 * FlowBookCase:
 * @row: what is expected
 * @family: what its document says
 * @model: one device of it
 * @is_family: it stands for all of its family
 * @source: the document of the project's row
 * @sizes: those that were tried, for people
 * @sizes_taken: images that the device has taken
 * @sizes_refused: images of which nothing was sent
 * @sizes_skipped: sizes that no image of the device can have
 * @wrongs: (element-type utf8): the rules that were broken
 * @by_device: how often the device has refused a wrong row
 * @by_plugin: how often the plugin has, before anything was sent
 * @by_verify: how often the plugin has seen afterwards that nothing was done
 * @unbroken: (element-type utf8): rules that no row can break, and why
 **/
typedef struct {
	const FlowBookRow *row;
	const WbtBookFamily *family;
	WbtModel model;
	gboolean is_family;
	gchar *source;
	GString *sizes;
	guint sizes_taken;
	guint sizes_refused;
	guint sizes_skipped;
	GPtrArray *wrongs;
	guint by_device;
	guint by_plugin;
	guint by_verify;
	GPtrArray *unbroken;
} FlowBookCase;

/* where one command takes any image, the sizes that others take in several are as good as any */
#define FLOW_BOOK_NOMINAL_BYTES 32768

/* flow-book-update.c: updates by the project's rows */

/* enumerated, listed, and nothing that holds it back */
FlowBed *
flow_book_new_bed(const WbtModel *model);

/* of the image, the segments, and the steps in which images grow */
gsize
flow_book_get_size_bytes(const FlowBookRow *row);
gsize
flow_book_get_chunk_bytes(const FlowBookRow *row);
gsize
flow_book_get_step_bytes(const FlowBookRow *row);
gboolean
flow_book_is_single(const FlowBookRow *row);

/* what is expected for an image of another size */
FlowBookRow
flow_book_get_row_for(const FlowBookRow *row, gsize size_bytes);

/* @file is taken in the segments of @row, and the device then has, and runs, @image */
void
flow_book_assert_taken(FlowBed *bed,
		       const FlowBookRow *row,
		       GBytes *file,
		       GBytes *image,
		       const gchar *revision);
/* the same with the image of @row */
void
flow_book_assert_update(FlowBed *bed, const FlowBookRow *row, const gchar *revision);
/* the same after something has gone wrong: what has to be sent again is */
void
flow_book_assert_next(FlowBed *bed, const FlowBookRow *row, const gchar *revision);
/* an image of that size is refused before anything is sent */
void
flow_book_assert_refused(FlowBed *bed, gsize size_bytes);

/* flow-book-sizes.c: images of every awkward size, for a FlowBookCase */
void
flow_book_sizes_func(gconstpointer user_data);

/* flow-book-wrong.c: every rule of the device, broken by a wrong row, for a FlowBookCase */
void
flow_book_wrong_func(gconstpointer user_data);

/* flow-book-table.c: what was tried, a line a family; element-type FlowBookCase */
void
flow_book_table_print(GPtrArray *cases);
