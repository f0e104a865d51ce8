/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-command.h"
#include "fu-scsi-wb-download.h"
#include "fu-scsi-wb-error.h"
#include "fu-scsi-wb-policy.h"

/* what resets a device twice in one download will do so again */
#define FU_SCSI_WB_DOWNLOAD_RESTARTS_MAX 1

#define FU_SCSI_WB_DOWNLOAD_WAIT_STEP_MS 1000

/* T10 list of ASC/ASCQ assignments: deferred microcode is pending */
#define FU_SCSI_WB_DOWNLOAD_ASCQ_PENDING 0x22

/**
 * FuScsiWbDownload:
 * @transport: where the commands go
 * @segments: (element-type FuScsiWbSegment): what to send
 * @request: the data, and whom to tell
 * @idx: the segment that is next
 * @resends: how often this segment was sent again
 * @waited_ms: how long this segment had to wait
 * @restarts: how often the download started over
 * @done_bytes: the most that was ever accepted
 * @is_deferred: the device took the last segment and said that its microcode waits
 *
 * The state of a walk through the segments of a plan.
 **/
typedef struct {
	FuScsiWbTransport *transport;
	const GArray *segments;
	const FuScsiWbDownloadRequest *request;
	guint idx;
	guint resends;
	guint waited_ms;
	guint restarts;
	gsize done_bytes;
	gboolean is_deferred;
} FuScsiWbDownload;

static const FuScsiWbSegment *
fu_scsi_wb_download_get_segment(const FuScsiWbDownload *self)
{
	return &g_array_index(self->segments, FuScsiWbSegment, self->idx);
}

static FuScsiWbPlace
fu_scsi_wb_download_get_place(const FuScsiWbDownload *self)
{
	FuScsiWbPlace place = 0;

	if (fu_scsi_wb_download_get_segment(self)->mode == FU_SCSI_WB_MODE_ACTIVATE)
		return FU_SCSI_WB_PLACE_ACTIVATE;
	if (self->idx == 0)
		place |= FU_SCSI_WB_PLACE_FIRST;
	if (self->idx == self->segments->len - 1)
		place |= FU_SCSI_WB_PLACE_LAST;
	return place != 0 ? place : FU_SCSI_WB_PLACE_MIDDLE;
}

static gchar *
fu_scsi_wb_download_describe_segment(const FuScsiWbDownload *self)
{
	const FuScsiWbSegment *segment = fu_scsi_wb_download_get_segment(self);

	if (segment->mode == FU_SCSI_WB_MODE_ACTIVATE)
		return g_strdup("activation, MODE 0x0f");
	return g_strdup_printf("segment %u of %u, MODE 0x%02x, %" G_GSIZE_FORMAT " bytes at 0x%x",
			       self->idx + 1,
			       self->segments->len,
			       segment->mode,
			       segment->length_bytes,
			       (guint)segment->image_offset_bytes);
}

/* the policy says what is right, this says when it is enough */
static FuScsiWbAction
fu_scsi_wb_download_limit_action(const FuScsiWbDownload *self, FuScsiWbAction action)
{
	const FuScsiWbSegment *segment = fu_scsi_wb_download_get_segment(self);

	if (action == FU_SCSI_WB_ACTION_RESEND && self->resends >= FU_SCSI_WB_POLICY_RESENDS_MAX)
		return FU_SCSI_WB_ACTION_FAIL;
	if (action == FU_SCSI_WB_ACTION_RESTART &&
	    self->restarts >= FU_SCSI_WB_DOWNLOAD_RESTARTS_MAX)
		return FU_SCSI_WB_ACTION_FAIL;
	if (action == FU_SCSI_WB_ACTION_WAIT && self->waited_ms >= segment->timeout_ms)
		return FU_SCSI_WB_ACTION_FAIL;
	return action;
}

static void
fu_scsi_wb_download_move_to(FuScsiWbDownload *self, guint idx)
{
	self->idx = idx;
	self->resends = 0;
	self->waited_ms = 0;
}

static gboolean
fu_scsi_wb_download_is_pending(const FuScsiWbVerdict *verdict)
{
	return verdict->klass == FU_SCSI_WB_CLASS_ACCEPTED && verdict->asc == 0x00 &&
	       verdict->ascq == FU_SCSI_WB_DOWNLOAD_ASCQ_PENDING;
}

/* sends the segment that is next, once, and takes the action that its result calls for */
static gboolean
fu_scsi_wb_download_step(FuScsiWbDownload *self, FuScsiWbAction *action, GError **error)
{
	const FuScsiWbSegment *segment = fu_scsi_wb_download_get_segment(self);
	FuScsiWbResult result;
	g_autoptr(FuScsiWbVerdict) verdict = NULL;

	if (!fu_scsi_wb_command_write_buffer(self->transport,
					     segment,
					     self->request->image,
					     &result,
					     error))
		return FALSE;
	verdict = fu_scsi_wb_sense_judge(&result);
	*action = fu_scsi_wb_policy_next(verdict->klass, fu_scsi_wb_download_get_place(self));
	*action = fu_scsi_wb_download_limit_action(self, *action);
	if (verdict->klass != FU_SCSI_WB_CLASS_ACCEPTED) {
		g_info("segment %u: %s, so %s",
		       self->idx + 1,
		       verdict->words,
		       fu_scsi_wb_action_to_string(*action));
	}
	switch (*action) {
	case FU_SCSI_WB_ACTION_CONTINUE:
		self->is_deferred = fu_scsi_wb_download_is_pending(verdict);
		self->done_bytes =
		    MAX(self->done_bytes, segment->image_offset_bytes + segment->length_bytes);
		fu_scsi_wb_download_move_to(self, self->idx + 1);
		return TRUE;
	case FU_SCSI_WB_ACTION_RESEND:
		self->resends++;
		return TRUE;
	case FU_SCSI_WB_ACTION_WAIT:
		fu_scsi_wb_transport_sleep(self->transport, FU_SCSI_WB_DOWNLOAD_WAIT_STEP_MS);
		self->waited_ms += FU_SCSI_WB_DOWNLOAD_WAIT_STEP_MS;
		return TRUE;
	case FU_SCSI_WB_ACTION_RESTART:
		self->restarts++;
		fu_scsi_wb_download_move_to(self, 0);
		return TRUE;
	default:
		fu_scsi_wb_error_set(verdict, error);
		return FALSE;
	}
}

/* walks the segments of one plan; on failure @action tells whether another plan may be tried */
static gboolean
fu_scsi_wb_download_walk(FuScsiWbDownload *self, FuScsiWbAction *action, GError **error)
{
	const FuScsiWbDownloadRequest *request = self->request;
	const FuScsiWbSegment *last =
	    &g_array_index(self->segments, FuScsiWbSegment, self->segments->len - 1);
	gsize total_bytes = last->image_offset_bytes + last->length_bytes;

	while (self->idx < self->segments->len) {
		*action = FU_SCSI_WB_ACTION_FAIL;
		if (!fu_scsi_wb_download_step(self, action, error)) {
			g_autofree gchar *where = fu_scsi_wb_download_describe_segment(self);
			g_prefix_error(error, "%s: ", where);
			return FALSE;
		}
		if (request->progress_func != NULL)
			request->progress_func(request->user_data, self->done_bytes, total_bytes);
	}
	return TRUE;
}

/**
 * fu_scsi_wb_download_run:
 * @transport: a #FuScsiWbTransport
 * @plan: what to send
 * @request: the image, and whom to tell
 * @error: (nullable): optional return location for an error
 *
 * Sends the segments of a plan, and nothing else between the first and the last. Falls back to the
 * plan's alternatives only while the device has accepted nothing. Nothing is activated here.
 *
 * Returns: (transfer none): the plan that went through, @plan or one of its fallbacks; %NULL with
 * the first error, see fu_scsi_wb_error_set(), of the last plan tried
 **/
const FuScsiWbPlan *
fu_scsi_wb_download_run(FuScsiWbTransport *transport,
			const FuScsiWbPlan *plan,
			FuScsiWbDownloadRequest *request,
			GError **error)
{
	for (;;) {
		FuScsiWbAction action = FU_SCSI_WB_ACTION_FAIL;
		g_autoptr(GError) error_local = NULL;
		FuScsiWbDownload self = {
		    .transport = transport,
		    .segments = plan->segments,
		    .request = request,
		};
		if (fu_scsi_wb_download_walk(&self, &action, &error_local)) {
			request->is_deferred = self.is_deferred;
			return plan;
		}
		request->may_shrink = action == FU_SCSI_WB_ACTION_SHRINK && self.done_bytes == 0;
		if (action != FU_SCSI_WB_ACTION_FALL_BACK || plan->fallback == NULL ||
		    self.done_bytes > 0) {
			g_propagate_error(error, g_steal_pointer(&error_local));
			return NULL;
		}
		g_info("%s, so another mode", error_local->message);
		plan = plan->fallback;
	}
}

/**
 * fu_scsi_wb_download_activate:
 * @transport: a #FuScsiWbTransport
 * @activate: the command that activates
 * @error: (nullable): optional return location for an error
 *
 * Activates microcode that was downloaded whole. Only a fresh INQUIRY shows whether it is in use.
 *
 * Returns: %TRUE if the device has accepted the command or went away because of it
 **/
gboolean
fu_scsi_wb_download_activate(FuScsiWbTransport *transport,
			     const FuScsiWbSegment *activate,
			     GError **error)
{
	FuScsiWbAction action = FU_SCSI_WB_ACTION_FAIL;
	g_autoptr(GArray) segments = g_array_new(FALSE, FALSE, sizeof(FuScsiWbSegment));
	const FuScsiWbDownloadRequest request = {0};
	FuScsiWbDownload self = {
	    .transport = transport,
	    .segments = segments,
	    .request = &request,
	};

	g_array_append_vals(segments, activate, 1);
	return fu_scsi_wb_download_walk(&self, &action, error);
}
