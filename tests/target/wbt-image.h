// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wbt-target.h"

/*
 * The simulated firmware image, a format of our own:
 *   0  magic "WBTIMAGE"
 *   8  vendor, 8 characters     } as in standard INQUIRY data,
 *  16  product, 16 characters   } padded with blanks
 *  32  revision, 4 characters   }
 *  36  length of the whole image, bytes, big endian
 *  40  CRC-32 (IEEE 802.3) of everything from byte 44 on, big endian
 *  44  body
 * If the model's maker puts a header of his own in front of his images, it stands in front of all
 * that, and the length counts it, too.
 */
#define WBT_IMAGE_HEADER_BYTES	 44
#define WBT_IMAGE_REVISION_BYTES 4

/* What its header says about an image that may still be arriving. */
typedef enum {
	WBT_IMAGE_HEADER_INCOMPLETE, /* not all of it so far */
	WBT_IMAGE_HEADER_FOREIGN,    /* no magic, or a length no image can have */
	WBT_IMAGE_PARTIAL,	     /* more bytes are to come */
	WBT_IMAGE_ARRIVED,	     /* all bytes are here, or too many */
} WbtImageProgress;

WbtImageProgress
wbt_image_progress(const WbtModel *model,
		   const uint8_t *buf,
		   size_t buf_bytes,
		   size_t *total_bytes);

/* Whether @model would take this as its whole image; on success @revision gets 4 characters
 * and a NUL. */
bool
wbt_image_check(const WbtModel *model,
		const uint8_t *buf,
		size_t buf_bytes,
		char revision[WBT_IMAGE_REVISION_BYTES + 1]);

/* Copies @text to @field and fills the rest with blanks; what does not fit is left out. */
void
wbt_pad_field(uint8_t *field, size_t field_bytes, const char *text);
