/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-unit-caps.h"
#include "fu-scsi-wb-unlisted.h"
#include "fuzz-check.h"
#include "fuzz-identity.h"
#include "fuzz-input.h"

/* what has to hold of what a device says of itself, whatever it answers, in whatever order: what is
 * short or nonsense changes nothing, no field holds more than its bits, who spoke first is believed
 */

/* SPC-4 (INCITS 513), read once more: how many bytes of each answer are looked at */
#define FUZZ_CAPS_EXTENDED_BYTES   20
#define FUZZ_CAPS_DESCRIPTOR_BYTES 4
#define FUZZ_CAPS_COMMAND_BYTES	   14 /* with CDB usage data of ten bytes */
#define FUZZ_CAPS_TIMEOUTS_BYTES   12

/* a command of a device's answers that is long enough for the longest, a VPD page */
#define FUZZ_CAPS_ANSWER_MAX 255

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* a page that says of itself that it is shorter does not have what is behind its end */
static gboolean
fuzz_caps_is_extended(const guint8 *buf, gsize bufsz)
{
	return bufsz >= FUZZ_CAPS_EXTENDED_BYTES && buf[1] == 0x86 &&
	       (buf[2] << 8 | buf[3]) >= FUZZ_CAPS_EXTENDED_BYTES - 4;
}

/* SUPPORT: 001b is no, 011b and 101b are yes, all others do not say; the CDB is one of WRITE BUFFER
 */
static gboolean
fuzz_caps_is_opcode(const guint8 *buf, gsize bufsz)
{
	guint8 support;

	if (bufsz < FUZZ_CAPS_DESCRIPTOR_BYTES)
		return FALSE;
	support = buf[1] & 0x07;
	if (support == 0x01)
		return TRUE;
	return (support == 0x03 || support == 0x05) && bufsz >= FUZZ_CAPS_COMMAND_BYTES &&
	       (buf[2] << 8 | buf[3]) == 10 && buf[4] == 0x3b;
}

static gboolean
fuzz_caps_is_buffer(const guint8 *buf, gsize bufsz)
{
	if (bufsz < FUZZ_CAPS_DESCRIPTOR_BYTES)
		return FALSE;
	return (buf[0] <= 31 || buf[0] == 0xff) && (buf[0] | buf[1] | buf[2] | buf[3]) != 0;
}

static gboolean
fuzz_caps_is_echo(const guint8 *buf, gsize bufsz)
{
	return bufsz >= FUZZ_CAPS_DESCRIPTOR_BYTES && (buf[2] << 8 | buf[3]) <= 4096;
}

/**
 * FuzzCapsAnswer:
 * @parse: takes an answer
 * @is_valid: whether it says anything at all, or has to leave everything as it was
 * @bytes_max: how many bytes count
 **/
typedef struct {
	FuScsiWbUnitCapsFunc parse;
	gboolean (*is_valid)(const guint8 *buf, gsize bufsz);
	gsize bytes_max;
} FuzzCapsAnswer;

static const FuzzCapsAnswer answers[] = {
    {fu_scsi_wb_unit_caps_vpd_cb, fuzz_caps_is_extended, FUZZ_CAPS_EXTENDED_BYTES},
    {fu_scsi_wb_unit_caps_opcode_cb,
     fuzz_caps_is_opcode,
     FUZZ_CAPS_COMMAND_BYTES + FUZZ_CAPS_TIMEOUTS_BYTES},
    {fu_scsi_wb_unit_caps_buffer_cb, fuzz_caps_is_buffer, FUZZ_CAPS_DESCRIPTOR_BYTES},
    {fu_scsi_wb_unit_caps_echo_cb, fuzz_caps_is_echo, FUZZ_CAPS_DESCRIPTOR_BYTES},
};

static gboolean
fuzz_caps_is_power(guint32 value)
{
	return value != 0 && (value & (value - 1)) == 0;
}

/* no field holds more than its bits, and nothing contradicts itself */
static void
fuzz_caps_check(const FuScsiWbCaps *caps)
{
	g_assert_cmphex(caps->modes & ~caps->modes_known, ==, 0);
	g_assert_cmphex(caps->modes_guessed & ~caps->modes_known, ==, 0);
	g_assert_true((caps->modes_source != NULL) == (caps->modes_known != 0));
	g_assert_cmpuint(caps->activate_microcode, <=, 3);
	g_assert_cmpuint(caps->events, <=, 7);
	g_assert_cmpuint(caps->multi_it_nexus, <=, 15);
	g_assert_cmpuint(caps->length_max_bytes, <, 0xffffff);
	g_assert_cmpuint(caps->length_align_bytes, <=, 0x800000);
	g_assert_true(caps->length_align_bytes == 0 ||
		      fuzz_caps_is_power(caps->length_align_bytes));
	g_assert_cmpuint(caps->timeout_limited_s, <=, 255);
	g_assert_cmpuint(caps->capacity_bytes, <=, 0xffffff);
	g_assert_cmpuint(caps->echo_bytes, <=, 4096);
	g_assert_true(caps->has_buffer == fuzz_caps_is_power(caps->boundary_bytes));
	if (caps->only_offset_zero)
		g_assert_cmpuint(caps->boundary_bytes, ==, 1);
}

/* what was known is not forgotten, nor is a limit widened */
static void
fuzz_caps_check_kept(const FuScsiWbCaps *caps, const FuScsiWbCaps *before)
{
	g_assert_cmphex(caps->modes_known & before->modes_known, ==, before->modes_known);
	g_assert_cmphex(caps->modes & before->modes_known, ==, before->modes);
	g_assert_cmphex(caps->modes_guessed & before->modes_known, ==, before->modes_guessed);
	if (before->modes_source != NULL)
		g_assert_cmpstr(caps->modes_source, ==, before->modes_source);
	if (before->length_max_bytes != 0)
		g_assert_cmpuint(caps->length_max_bytes, <=, before->length_max_bytes);
	g_assert_cmpuint(caps->timeout_limited_s, >=, before->timeout_limited_s);
	g_assert_true(caps->has_buffer >= before->has_buffer);
}

static void
fuzz_caps_parse(FuScsiWbCaps *caps, guint8 kind, GBytes *blob, guint8 mode)
{
	const FuzzCapsAnswer *answer = &answers[kind % G_N_ELEMENTS(answers)];
	FuScsiWbCaps before = *caps;
	FuScsiWbCaps cut = *caps;
	gsize bufsz = 0;
	const guint8 *buf = g_bytes_get_data(blob, &bufsz);
	g_autoptr(GBytes) blob_cut = g_bytes_new(buf, MIN(bufsz, answer->bytes_max));

	answer->parse(caps, blob, mode);
	answer->parse(&cut, blob_cut, mode);
	fu_scsi_wb_unit_caps_assert(&cut, caps);
	if (!answer->is_valid(buf, bufsz))
		fu_scsi_wb_unit_caps_assert(caps, &before);
	fuzz_caps_check(caps);
	fuzz_caps_check_kept(caps, &before);
}

/* a device that no row names shows only what it has said that it has */
static void
fuzz_caps_check_unlisted(const FuScsiWbCaps *caps)
{
	FuScsiWbTraits traits;
	g_autofree gchar *text = NULL;
	g_autoptr(GError) error = NULL;

	if (!fu_scsi_wb_unlisted_check_proof(caps, &traits, &error)) {
		fuzz_check_error(error);
		return;
	}
	g_assert_cmpuint(traits.n_ways, >, 0);
	for (guint i = 0; i < traits.n_ways; i++) {
		guint32 bit = 1u << traits.ways[i].mode;
		g_assert_cmphex(caps->modes & ~caps->modes_guessed & bit, ==, bit);
		g_assert_cmpint(traits.ways[i].activation, !=, FU_SCSI_WB_ACTIVATION_NEVER);
	}
	text = fu_scsi_wb_unlisted_describe(&traits, "SCSI disk");
	fuzz_check_words(text);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	FuzzInput input = {.data = data, .size = size};
	FuScsiWbCaps caps = {0};
	g_autoptr(FuScsiWbIdentity) identity = fu_scsi_wb_identity_new();

	if (fuzz_input_byte(&input) & 0x01) {
		identity->place.page_code = fuzz_input_byte(&input);
		identity->place.offset = 4 + fuzz_input_number(&input, 247);
		identity->place.bytes =
		    1 + fuzz_input_number(&input, MIN(63, 251 - identity->place.offset));
	}
	while (input.pos < input.size) {
		guint8 kind = fuzz_input_byte(&input);
		guint8 mode = fuzz_input_byte(&input) & 0x1f;
		gsize bytes = fuzz_input_number(&input, FUZZ_CAPS_ANSWER_MAX);
		const guint8 *answer = fuzz_input_take(&input, &bytes);
		g_autoptr(GBytes) blob = g_bytes_new(answer, bytes);

		if (kind & 0x80)
			fuzz_identity_parse(identity, kind, blob);
		else
			fuzz_caps_parse(&caps, kind, blob, mode);
	}
	fuzz_caps_check_unlisted(&caps);
	return 0;
}
