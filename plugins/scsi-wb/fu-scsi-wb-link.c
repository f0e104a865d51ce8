/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-command.h"
#include "fu-scsi-wb-error.h"
#include "fu-scsi-wb-link.h"

/* SCSI Commands Reference Manual, Seagate 100293068, Rev. J: the echo buffer takes multiples of it
 */
#define FU_SCSI_WB_LINK_ALIGN_BYTES 4

/* guess: another host may write to the same echo buffer between our write and our read, but not
 * every time */
#define FU_SCSI_WB_LINK_TRIES 3

/* any number will do, as long as a failure can be repeated */
#define FU_SCSI_WB_LINK_SEED 0x5c51

/**
 * FuScsiWbLinkPattern:
 * @name: for people
 * @even: every other byte, from the first
 * @odd: the bytes between
 * @is_random: pseudo-random bytes instead
 **/
typedef struct {
	const gchar *name;
	guint8 even;
	guint8 odd;
	gboolean is_random;
} FuScsiWbLinkPattern;

/* lines that are stuck, shorted to each other, or disturbed by what is on them */
static const FuScsiWbLinkPattern patterns[] = {
    {"zeros", 0x00, 0x00, FALSE},
    {"ones", 0xff, 0xff, FALSE},
    {"alternating bits", 0x55, 0xaa, FALSE},
    {"random bytes", 0x00, 0x00, TRUE},
};

static GBytes *
fu_scsi_wb_link_new_pattern(const FuScsiWbLinkPattern *pattern, gsize bufsz)
{
	guint8 *buf = g_malloc(bufsz);
	g_autoptr(GRand) rand = g_rand_new_with_seed(FU_SCSI_WB_LINK_SEED);

	for (gsize i = 0; i < bufsz; i++) {
		buf[i] = i % 2 == 0 ? pattern->even : pattern->odd;
		if (pattern->is_random)
			buf[i] = g_rand_int(rand);
	}
	return g_bytes_new_take(buf, bufsz);
}

/* one pattern to the echo buffer and back: %FU_SCSI_WB_ACTION_CONTINUE with what came back,
 * %FU_SCSI_WB_ACTION_RESEND if another host came between, %FU_SCSI_WB_ACTION_FALL_BACK if there is
 * no echo buffer that works, else %FU_SCSI_WB_ACTION_FAIL with an error */
static FuScsiWbAction
fu_scsi_wb_link_echo(FuScsiWbTransport *transport, GBytes *sent, GBytes **received, GError **error)
{
	FuScsiWbAction action;
	g_autoptr(FuScsiWbVerdict) verdict = NULL;
	g_autoptr(FuScsiWbVerdict) verdict_write =
	    fu_scsi_wb_command_write_echo(transport, sent, error);

	if (verdict_write == NULL)
		return FU_SCSI_WB_ACTION_FAIL;
	if (verdict_write->klass == FU_SCSI_WB_CLASS_ACCEPTED)
		verdict = fu_scsi_wb_command_read_echo(transport,
						       g_bytes_get_size(sent),
						       received,
						       error);
	else
		verdict = g_steal_pointer(&verdict_write);
	if (verdict == NULL)
		return FU_SCSI_WB_ACTION_FAIL;
	action = fu_scsi_wb_policy_next(verdict->klass, FU_SCSI_WB_PLACE_LINK);
	if (action == FU_SCSI_WB_ACTION_FAIL)
		fu_scsi_wb_error_set_at(verdict, FU_SCSI_WB_PLACE_LINK, error);
	else if (action != FU_SCSI_WB_ACTION_CONTINUE)
		g_debug("no echo: %s", verdict->words);
	return action;
}

static gsize
fu_scsi_wb_link_find_difference(GBytes *sent, GBytes *received)
{
	const guint8 *buf1 = g_bytes_get_data(sent, NULL);
	const guint8 *buf2 = g_bytes_get_data(received, NULL);
	gsize i = 0;

	while (i < g_bytes_get_size(received) && buf1[i] == buf2[i])
		i++;
	return i;
}

static void
fu_scsi_wb_link_set_changed(const FuScsiWbLinkPattern *pattern,
			    GBytes *sent,
			    GBytes *received,
			    GError **error)
{
	g_set_error(
	    error,
	    FWUPD_ERROR,
	    FWUPD_ERROR_WRITE,
	    "before the update: %s came back changed from the device's echo buffer, from byte "
	    "%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT ": nothing was sent; check cable, expander "
	    "and host adapter",
	    pattern->name,
	    fu_scsi_wb_link_find_difference(sent, received),
	    g_bytes_get_size(sent));
}

/* a buffer that another host may write to unnoticed gets several tries; %TRUE if there is nothing
 * to object to */
static gboolean
fu_scsi_wb_link_check_pattern(FuScsiWbTransport *transport,
			      const FuScsiWbCaps *caps,
			      const FuScsiWbLinkPattern *pattern,
			      gsize length_bytes,
			      GError **error)
{
	g_autoptr(GBytes) sent = fu_scsi_wb_link_new_pattern(pattern, length_bytes);
	g_autoptr(GError) error_changed = NULL;

	for (guint i = 0; i < FU_SCSI_WB_LINK_TRIES; i++) {
		FuScsiWbAction action;
		g_autoptr(GBytes) received = NULL;

		action = fu_scsi_wb_link_echo(transport, sent, &received, error);
		if (action == FU_SCSI_WB_ACTION_FAIL) {
			g_prefix_error(error, "before the update, sending %s: ", pattern->name);
			return FALSE;
		}
		if (action == FU_SCSI_WB_ACTION_RESEND)
			continue;
		if (received == NULL || g_bytes_get_size(received) == 0 ||
		    g_bytes_equal(sent, received))
			return TRUE;
		g_clear_error(&error_changed);
		fu_scsi_wb_link_set_changed(pattern, sent, received, &error_changed);
		if (caps->echo_is_guarded)
			break;
	}
	if (error_changed == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&error_changed));
	return FALSE;
}

/**
 * fu_scsi_wb_link_count_patterns:
 * @caps: what the device says of its echo buffer
 * @pattern_bytes: (out) (nullable): how long each pattern is
 *
 * Tells how many patterns fu_scsi_wb_link_check() sends if none of them has to be sent again.
 *
 * Returns: a number, 0 if there is no echo buffer
 **/
guint
fu_scsi_wb_link_count_patterns(const FuScsiWbCaps *caps, gsize *pattern_bytes)
{
	gsize length_bytes = caps->echo_bytes - caps->echo_bytes % FU_SCSI_WB_LINK_ALIGN_BYTES;

	if (pattern_bytes != NULL)
		*pattern_bytes = length_bytes;
	return length_bytes > 0 ? G_N_ELEMENTS(patterns) : 0;
}

/**
 * fu_scsi_wb_link_check:
 * @transport: a #FuScsiWbTransport
 * @caps: what the device says of its echo buffer
 * @error: (nullable): optional return location for an error
 *
 * Sends patterns through cable, expander and host adapter to the device's echo buffer and back, so
 * that a bad link damages a pattern and not an image. The echo buffer keeps nothing and changes
 * nothing (SPC-4, INCITS 513: WRITE BUFFER command, echo buffer mode).
 *
 * A device that guards its echo buffer says so if another host has overwritten it; what comes back
 * changed then is damaged. Otherwise another host may be the reason, and it is tried again.
 *
 * Returns: %TRUE if all came back as it was, or if there is no echo buffer that works;
 * %FWUPD_ERROR_WRITE if not, or the error of the judgement if host adapter or device had trouble
 **/
gboolean
fu_scsi_wb_link_check(FuScsiWbTransport *transport, const FuScsiWbCaps *caps, GError **error)
{
	gsize length_bytes = 0;
	guint n_patterns = fu_scsi_wb_link_count_patterns(caps, &length_bytes);

	for (guint i = 0; i < n_patterns; i++) {
		if (!fu_scsi_wb_link_check_pattern(transport,
						   caps,
						   &patterns[i],
						   length_bytes,
						   error))
			return FALSE;
	}
	return TRUE;
}
