// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#pragma once

#include "wbt-model.h"

/*
 * The device book: real devices, each as its maker's manual describes it. A row's comment names the
 * document; where it says nothing of a field, the number is the simulation's own, and so are the
 * revisions.
 */

/* what TEST UNIT READY must say before a device takes firmware */
typedef enum {
	WBT_BOOK_READY_ANY, /* the document does not ask for it */
	WBT_BOOK_READY_YES,
	WBT_BOOK_READY_NO, /* no medium is loaded */
} WbtBookReady;

/**
 * WbtBookFamily: devices that one document describes.
 * @model: the row that behaves as it says
 * @products: PRODUCT IDENTIFICATION of further devices that behave the same, up to NULL; NULL: none
 * @whole_type: the document speaks of all devices of the vendor that have the row's device type,
 *   not of these products alone
 * @ready: whether it has to be ready
 */
typedef struct {
	const char *model;
	const char *const *products;
	bool whole_type;
	WbtBookReady ready;
} WbtBookFamily;

/* what all rows for disks share: a disk of 64 MiB; a drive that takes a new image restarts, and is
 * not ready for the next two commands */
#define BOOK_DISK(row_name, row_vendor, row_product, row_rules)                                    \
	.name = (row_name), .vendor = (row_vendor), .product = (row_product), .revision = "0001",  \
	.peripheral_type = WBT_TYPE_DISK, .blocks = 131072, .rules = (row_rules),                  \
	.n_rules = G_N_ELEMENTS(row_rules), .offset_unit_bytes = 1,                                \
	.mode_change = WBT_MODE_CHANGE_REFUSED, .busy_commands = 2

extern const WbtBookFamily wbt_book_families[];
extern const size_t wbt_n_book_families;

/* the rows, by kind of device */
extern const WbtModel wbt_book_disks[];
extern const size_t wbt_n_book_disks;
extern const WbtModel wbt_book_scsi_disks[]; /* with other interfaces than SAS, and older */
extern const size_t wbt_n_book_scsi_disks;
extern const WbtModel wbt_book_tapes[];
extern const size_t wbt_n_book_tapes;
extern const WbtModel wbt_book_libraries[];
extern const size_t wbt_n_book_libraries;
extern const WbtModel wbt_book_enclosures[];
extern const size_t wbt_n_book_enclosures;

/* the ID of the quirk row that names a device, as fwupd writes it: a run of blanks and of _ & / \
 * - ( ) and , becomes one - */
char *
wbt_book_new_row_id(const WbtModel *model, bool whole_type);

/* the IDs of the rows that name the book's devices, one a line */
char *
wbt_book_list_rows(void);

/* all of them */
size_t
wbt_book_count(void);
const WbtModel *
wbt_book_get(size_t idx); /* NULL beyond the end */
