/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "flow-book.h"
#include "wbt-model.h"

/*
 * Wrong rows: for each rule of a device one that breaks it, made from the rule itself.
 */

/* who has to find it out */
typedef enum {
	FLOW_BOOK_BY_DEVICE, /* a segment is refused, with the device's sense */
	FLOW_BOOK_BY_PLUGIN, /* nothing is sent */
	FLOW_BOOK_BY_VERIFY, /* the device takes all of it, and does nothing with it */
	FLOW_BOOK_BY_NOBODY, /* no row can break it */
} FlowBookBy;

#define FLOW_BOOK_SEGMENT_LAST 0

/**
 * FlowBookWrong:
 * @rule: what is broken, for people
 * @covers: (element-type utf8): the fields of the model that say so, see flow_book_cover_name()
 * @keys: lines of the user's row
 * @flags: its flags, each with a comma behind it
 * @size_bytes: of the image
 * @is_cut: the image has lost its second half
 * @is_bad_value: fwupd itself warns of a line of the row
 * @needs_power_cycle: what the device has taken of it stays in the way of the next update
 * @by: who refuses
 * @segment: the one that the device refuses, from 1, or %FLOW_BOOK_SEGMENT_LAST
 * @asc: additional sense code that it gives; the key is ILLEGAL REQUEST, the qualifier 0
 * @field: (nullable): where it then points, as the error has it
 * @message: (nullable): what the plugin says instead: a pattern with a group for each of what is
 * refused, why, and what to do
 * @reason: (nullable): why no row can break it
 **/
typedef struct {
	gchar *rule;
	GPtrArray *covers;
	GString *keys;
	GString *flags;
	gsize size_bytes;
	gboolean is_cut;
	gboolean is_bad_value;
	gboolean needs_power_cycle;
	FlowBookBy by;
	guint segment;
	guint8 asc;
	const gchar *field;
	const gchar *message;
	const gchar *reason;
} FlowBookWrong;

#define FLOW_BOOK_ASC_FIELD    0x24
#define FLOW_BOOK_ASC_IMAGE    0x26
#define FLOW_BOOK_ASC_SEQUENCE 0x2c

/* where the fields of WRITE BUFFER are, and the top bits of those that share a byte */
#define FLOW_BOOK_FIELD_SPECIFIC "CDB byte 1 bit 7"
#define FLOW_BOOK_FIELD_MODE	 "CDB byte 1 bit 4"
#define FLOW_BOOK_FIELD_ID	 "CDB byte 2"
#define FLOW_BOOK_FIELD_OFFSET	 "CDB byte 3"
#define FLOW_BOOK_FIELD_LENGTH	 "CDB byte 6"

/**
 * FlowBookMaker:
 * @book_case: the device
 * @model: the same
 * @section: the project's row for it
 * @chunk_bytes: its segments
 * @step_bytes: in which images grow
 * @wrongs: (element-type FlowBookWrong): what has been made
 **/
typedef struct {
	const FlowBookCase *book_case;
	const WbtModel *model;
	const FlowBookSection *section;
	gsize chunk_bytes;
	gsize step_bytes;
	GPtrArray *wrongs;
} FlowBookMaker;

/* a field of a mode's rule, or with @mode 0 of the model */
gchar *
flow_book_cover_name(guint8 mode, const gchar *field);

/* flow-book-maker.c: the pieces that wrong rows are made of */

/* refused by the device at the first segment of three, until it is changed */
FlowBookWrong *
flow_book_wrong_new(FlowBookMaker *maker, guint8 mode, const gchar *field, const gchar *what);
void
flow_book_wrong_add_cover(FlowBookWrong *self, guint8 mode, const gchar *field);
/* what the project's row says already is left out */
void
flow_book_wrong_add_key(FlowBookMaker *maker,
			FlowBookWrong *self,
			const gchar *key,
			const gchar *value);
void
flow_book_wrong_add_number(FlowBookMaker *maker,
			   FlowBookWrong *self,
			   const gchar *key,
			   guint32 number);
void
flow_book_wrong_add_flag(FlowBookWrong *self, const gchar *flag);
/* takes it out of the project's row, if it is there */
void
flow_book_wrong_drop_flag(FlowBookMaker *maker, FlowBookWrong *self, const gchar *flag);
/* these modes, in several segments even if the project's row sends one */
void
flow_book_wrong_set_modes(FlowBookMaker *maker, FlowBookWrong *self, guint8 mode, guint8 mode_last);
void
flow_book_wrong_expect(FlowBookWrong *self, guint segment, guint8 asc, const gchar *field);
void
flow_book_wrong_expect_plugin(FlowBookWrong *self, FlowBookBy by, const gchar *message);
/* a segment that comes to lie at @at_bytes, and not where the one before has ended */
void
flow_book_wrong_expect_offset(FlowBookMaker *maker,
			      FlowBookWrong *self,
			      guint segment,
			      guint64 at_bytes);

/* (transfer full): the user's quirk file */
gchar *
flow_book_wrong_new_rows(const FlowBookMaker *maker, const FlowBookWrong *self);

/* modes of segments that another segment may follow */
gboolean
flow_book_rule_is_part(const WbtModeRule *rule);
/* a mode in which one command carries all of the image */
gboolean
flow_book_rule_is_single(const WbtModeRule *rule);
gboolean
flow_book_rule_accepts(const WbtModeRule *rule, guint8 mode);
/* (nullable): of the segments that may come before one of @rule */
const WbtModeRule *
flow_book_rule_find_before(const WbtModel *model, const WbtModeRule *rule);
/* (nullable): of the one that ends a download of @rule */
const WbtModeRule *
flow_book_rule_find_end(const WbtModel *model, const WbtModeRule *rule);
/* (nullable): of the segments that cannot go before one of @rule */
const WbtModeRule *
flow_book_rule_find_stranger(const WbtModel *model, const WbtModeRule *rule);

/* flow-book-wrong-model.c and flow-book-wrong-mode.c: all that there are */
void
flow_book_make_for_model(FlowBookMaker *maker);
void
flow_book_make_for_mode(FlowBookMaker *maker, const WbtModeRule *rule);

/* flow-book-fields.c: every field that binds the device is covered by one of them */
void
flow_book_fields_assert_covered(const FlowBookMaker *maker);
/* and every field of the model's header file is known here */
void
flow_book_fields_func(void);
