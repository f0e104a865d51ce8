/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-command.h"
#include "fu-scsi-wb-link.h"

/* SCSI Commands Reference Manual, Seagate 100293068, Rev. J: the echo buffer takes multiples of it
 */
#define FU_SCSI_WB_LINK_ALIGN_BYTES 4

/* another host may write to the same echo buffer between our write and our read */
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

/* %NULL if the echo buffer does not work: that is no reason against an update */
static GBytes *
fu_scsi_wb_link_echo(FuScsiWbTransport *transport, GBytes *sent)
{
	g_autoptr(GBytes) received = NULL;
	g_autoptr(GError) error_local = NULL;

	if (fu_scsi_wb_command_write_echo(transport, sent, &error_local))
		received = fu_scsi_wb_command_read_buffer(transport,
							  FU_SCSI_WB_COMMAND_READ_ECHO,
							  0,
							  g_bytes_get_size(sent),
							  &error_local);
	if (received != NULL && g_bytes_get_size(received) == g_bytes_get_size(sent))
		return g_steal_pointer(&received);
	g_debug("no echo: %s", error_local != NULL ? error_local->message : "short answer");
	return NULL;
}

static gsize
fu_scsi_wb_link_find_difference(GBytes *sent, GBytes *received)
{
	const guint8 *buf1 = g_bytes_get_data(sent, NULL);
	const guint8 *buf2 = g_bytes_get_data(received, NULL);
	gsize i = 0;

	while (i < g_bytes_get_size(sent) && buf1[i] == buf2[i])
		i++;
	return i;
}

static gboolean
fu_scsi_wb_link_check_pattern(FuScsiWbTransport *transport,
			      const FuScsiWbLinkPattern *pattern,
			      gsize length_bytes,
			      GError **error)
{
	gsize offset = 0;
	g_autoptr(GBytes) sent = fu_scsi_wb_link_new_pattern(pattern, length_bytes);

	for (guint i = 0; i < FU_SCSI_WB_LINK_TRIES; i++) {
		g_autoptr(GBytes) received = fu_scsi_wb_link_echo(transport, sent);
		if (received == NULL || g_bytes_equal(sent, received))
			return TRUE;
		offset = fu_scsi_wb_link_find_difference(sent, received);
	}
	g_set_error(
	    error,
	    FWUPD_ERROR,
	    FWUPD_ERROR_WRITE,
	    "before the update: %s came back changed from the device's echo buffer, from byte "
	    "%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT ": nothing was sent; check cable, expander "
	    "and host adapter",
	    pattern->name,
	    offset,
	    length_bytes);
	return FALSE;
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
 * Returns: %TRUE if all came back as it was, or if there is no echo buffer that works;
 * %FWUPD_ERROR_WRITE if not
 **/
gboolean
fu_scsi_wb_link_check(FuScsiWbTransport *transport, const FuScsiWbCaps *caps, GError **error)
{
	gsize length_bytes = caps->echo_bytes - caps->echo_bytes % FU_SCSI_WB_LINK_ALIGN_BYTES;

	if (length_bytes == 0)
		return TRUE;
	for (guint i = 0; i < G_N_ELEMENTS(patterns); i++) {
		if (!fu_scsi_wb_link_check_pattern(transport, &patterns[i], length_bytes, error))
			return FALSE;
	}
	return TRUE;
}
