// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include "wbt-pace.h"

#include <string.h>

#define WRITE_BUFFER 0x3B

/* SPC-4 (INCITS 513): WRITE BUFFER, MODE field: from "download microcode" to "download microcode
 * with offsets, save, and defer activate"; 0Ah to 0Ch are about other buffers, 0Fh has no data */
static bool
is_segment(const uint8_t *cdb)
{
	uint8_t mode = cdb[1] & 0x1F;

	return cdb[0] == WRITE_BUFFER &&
	       ((mode >= 0x04 && mode <= 0x07) || mode == 0x0D || mode == 0x0E);
}

bool
wbt_pace_set(WbtPace *self, const char *text, GError **error)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	guint64 latency_us;
	guint64 bandwidth;

	if (g_strv_length(words) != 2) {
		g_set_error(error, WBT_ERROR, 0, "'%s' is no pace: LATENCY_US BANDWIDTH", text);
		return false;
	}
	if (!g_ascii_string_to_unsigned(words[0], 10, 0, 60000000, &latency_us, error) ||
	    !g_ascii_string_to_unsigned(words[1], 10, 0, G_MAXUINT32, &bandwidth, error))
		return false;
	*self = (WbtPace){.latency_us = (uint32_t)latency_us, .bandwidth = (uint32_t)bandwidth};
	return true;
}

int64_t
wbt_pace_arrive(WbtPace *self, const uint8_t *cdb, size_t data_bytes, int64_t now_us)
{
	int64_t takes_us = self->latency_us;

	if (self->bandwidth > 0)
		takes_us += (int64_t)((uint64_t)data_bytes * G_USEC_PER_SEC / self->bandwidth);
	if (self->first_us == 0)
		self->first_us = now_us;
	if (!is_segment(cdb)) {
		self->others_since += self->segments > 0 ? 1 : 0;
		return takes_us;
	}
	if (self->segments == 0)
		self->begin_us = now_us;
	self->segments++;
	self->segment_bytes += data_bytes;
	self->others += self->others_since;
	self->others_since = 0;
	return takes_us;
}

void
wbt_pace_answer(WbtPace *self, const uint8_t *cdb, int64_t now_us)
{
	self->last_us = now_us;
	if (is_segment(cdb))
		self->end_us = now_us;
}

/* what has not happened has no time */
static int64_t
stamp(int64_t us, int64_t epoch_us)
{
	return us == 0 ? 0 : us + epoch_us;
}

char *
wbt_pace_to_string(const WbtPace *self, int64_t epoch_us)
{
	return g_strdup_printf("first-command-us: %" G_GINT64_FORMAT "\n"
			       "first-segment-us: %" G_GINT64_FORMAT "\n"
			       "last-segment-us: %" G_GINT64_FORMAT "\n"
			       "last-command-us: %" G_GINT64_FORMAT "\n"
			       "download-us: %" G_GINT64_FORMAT "\n"
			       "segments: %u\n"
			       "segment-bytes: %" G_GUINT64_FORMAT "\n"
			       "others-between: %u\n"
			       "others-after: %u\n",
			       stamp(self->first_us, epoch_us),
			       stamp(self->begin_us, epoch_us),
			       stamp(self->end_us, epoch_us),
			       stamp(self->last_us, epoch_us),
			       self->end_us - self->begin_us,
			       self->segments,
			       self->segment_bytes,
			       self->others,
			       self->others_since);
}
