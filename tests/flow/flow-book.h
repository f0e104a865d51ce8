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
 * @segments: how many an image of @size_bytes takes
 * @size_bytes: of an image that it takes, 0: 100,001
 * @refused_bytes: of one that cannot be for it, 0 if any size can
 * @is_exact: it takes no smaller segments
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
	gsize refused_bytes;
	gboolean is_exact;
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
 * @has_mode: it carries ScsiWbMode, so that it names devices on its own
 **/
typedef struct {
	gchar *name;
	gchar *file;
	gchar *comment;
	gboolean has_mode;
} FlowBookSection;

/* flow-book-files.c: the project's quirk files; element-type FlowBookSection */
GPtrArray *
flow_book_load_sections(void);
FlowBookSection *
flow_book_find_section(GPtrArray *sections, const gchar *name);
