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

/* what stops again right after it was started will not take firmware */
#define FU_SCSI_WB_DOWNLOAD_STARTS_MAX 1

#define FU_SCSI_WB_DOWNLOAD_WAIT_STEP_MS 1000

/* T10 list of ASC/ASCQ assignments: deferred microcode is pending */
#define FU_SCSI_WB_DOWNLOAD_ASCQ_PENDING 0x22

/**
 * FuScsiWbDownload:
 * @transport: where the commands go
 * @segments: (element-type FuScsiWbSegment): what to send
 * @st: the command, filled in for each segment
 * @request: the data, and whom to tell
 * @is_final: the last segment also takes the image into use
 * @is_unaddressed: the device does not look at where a segment belongs
 * @idx: the segment that is next
 * @resends: how often this segment was sent again
 * @starts: how often the device was started for this segment
 * @wait_end_ms: until when this segment may wait, 0 if it has not begun to
 * @restarts: how often the download started over
 * @done_bytes: the most that was ever accepted
 * @is_deferred: the device took the last segment and said that its microcode waits
 *
 * The state of a walk through the segments of a plan.
 **/
typedef struct {
	FuScsiWbTransport *transport;
	const GArray *segments;
	FuStructScsiWbWriteBufferCdb *st;
	FuScsiWbDownloadRequest *request;
	gboolean is_final;
	gboolean is_unaddressed;
	guint idx;
	guint resends;
	guint starts;
	gint64 wait_end_ms;
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
		place |= FU_SCSI_WB_PLACE_LAST | (self->is_final ? FU_SCSI_WB_PLACE_FINAL : 0);
	if (place == 0)
		place |= FU_SCSI_WB_PLACE_MIDDLE;
	if (self->is_unaddressed)
		place |= FU_SCSI_WB_PLACE_UNADDRESSED;
	return place;
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
static gboolean
fu_scsi_wb_download_is_enough(const FuScsiWbDownload *self, FuScsiWbAction action)
{
	switch (action) {
	case FU_SCSI_WB_ACTION_RESEND:
		return self->resends >= FU_SCSI_WB_POLICY_RESENDS_MAX;
	case FU_SCSI_WB_ACTION_IDENTIFY:
		return self->resends >= FU_SCSI_WB_POLICY_RESENDS_MAX ||
		       self->request->help_func == NULL;
	case FU_SCSI_WB_ACTION_START:
		return self->starts >= FU_SCSI_WB_DOWNLOAD_STARTS_MAX ||
		       self->request->help_func == NULL;
	case FU_SCSI_WB_ACTION_RESTART:
		return self->restarts >= FU_SCSI_WB_DOWNLOAD_RESTARTS_MAX ||
		       self->request->help_func == NULL;
	case FU_SCSI_WB_ACTION_WAIT:
		return self->wait_end_ms != 0 &&
		       fu_scsi_wb_transport_get_time_ms(self->transport) >= self->wait_end_ms;
	default:
		return FALSE;
	}
}

static void
fu_scsi_wb_download_move_to(FuScsiWbDownload *self, guint idx)
{
	self->idx = idx;
	self->resends = 0;
	self->starts = 0;
	self->wait_end_ms = 0;
}

static gboolean
fu_scsi_wb_download_is_pending(const FuScsiWbVerdict *verdict)
{
	return verdict->klass == FU_SCSI_WB_CLASS_ACCEPTED && verdict->asc == 0x00 &&
	       verdict->ascq == FU_SCSI_WB_DOWNLOAD_ASCQ_PENDING;
}

static void
fu_scsi_wb_download_wait(FuScsiWbDownload *self)
{
	const FuScsiWbSegment *segment = fu_scsi_wb_download_get_segment(self);

	if (self->wait_end_ms == 0) {
		self->wait_end_ms =
		    fu_scsi_wb_transport_get_time_ms(self->transport) + segment->timeout_ms;
	}
	fu_scsi_wb_transport_sleep(self->transport, FU_SCSI_WB_DOWNLOAD_WAIT_STEP_MS);
}

static void
fu_scsi_wb_download_accept(FuScsiWbDownload *self)
{
	const FuScsiWbSegment *segment = fu_scsi_wb_download_get_segment(self);

	self->done_bytes =
	    MAX(self->done_bytes, segment->image_offset_bytes + segment->length_bytes);
	fu_scsi_wb_download_move_to(self, self->idx + 1);
}

/* takes one action; what it cannot take is a failure */
static gboolean
fu_scsi_wb_download_act(FuScsiWbDownload *self,
			FuScsiWbAction action,
			const FuScsiWbVerdict *verdict,
			GError **error)
{
	switch (action) {
	case FU_SCSI_WB_ACTION_CONTINUE:
		self->is_deferred = fu_scsi_wb_download_is_pending(verdict);
		fu_scsi_wb_download_accept(self);
		return TRUE;
	case FU_SCSI_WB_ACTION_RESEND:
		self->resends++;
		return TRUE;
	case FU_SCSI_WB_ACTION_IDENTIFY:
		self->resends++;
		return self->request->help_func(self->request->help_data, action, error);
	case FU_SCSI_WB_ACTION_START:
		self->starts++;
		return self->request->help_func(self->request->help_data, action, error);
	case FU_SCSI_WB_ACTION_WAIT:
		fu_scsi_wb_download_wait(self);
		return TRUE;
	case FU_SCSI_WB_ACTION_RESTART:
		self->restarts++;
		fu_scsi_wb_download_move_to(self, 0);
		return self->request->help_func(self->request->help_data, action, error);
	default:
		fu_scsi_wb_error_set_at(verdict, fu_scsi_wb_download_get_place(self), error);
		return FALSE;
	}
}

/* what there is to say of a segment; of nearly every one there is nothing, so nothing is made */
static const FuScsiWbVerdict *
fu_scsi_wb_download_judge(const FuScsiWbResult *result, FuScsiWbVerdict **owned)
{
	static const FuScsiWbVerdict good = {.klass = FU_SCSI_WB_CLASS_ACCEPTED};

	if (fu_scsi_wb_sense_is_good(result))
		return &good;
	*owned = fu_scsi_wb_sense_judge(result);
	return *owned;
}

/* sends the segment that is next, once, and takes the action that its result calls for */
static gboolean
fu_scsi_wb_download_step(FuScsiWbDownload *self, FuScsiWbAction *action, GError **error)
{
	FuScsiWbResult result;
	const FuScsiWbVerdict *verdict;
	g_autoptr(FuScsiWbVerdict) owned = NULL;

	if (!fu_scsi_wb_command_write_buffer(self->transport,
					     self->st,
					     fu_scsi_wb_download_get_segment(self),
					     self->request->image,
					     &result,
					     error))
		return FALSE;
	verdict = fu_scsi_wb_download_judge(&result, &owned);
	self->request->activation_s = MAX(self->request->activation_s, verdict->activation_s);
	*action = fu_scsi_wb_policy_next(verdict->klass, fu_scsi_wb_download_get_place(self));
	if (fu_scsi_wb_download_is_enough(self, *action))
		*action = FU_SCSI_WB_ACTION_FAIL;
	if (verdict->klass != FU_SCSI_WB_CLASS_ACCEPTED) {
		g_info("segment %u: %s, so %s",
		       self->idx + 1,
		       verdict->words,
		       fu_scsi_wb_action_to_string(*action));
	}
	return fu_scsi_wb_download_act(self, *action, verdict, error);
}

/* walks the segments of one plan; on failure @action tells whether another plan may be tried, and
 * is as it was if nobody has judged the failure */
static gboolean
fu_scsi_wb_download_walk(FuScsiWbDownload *self, FuScsiWbAction *action, GError **error)
{
	const FuScsiWbDownloadRequest *request = self->request;
	const FuScsiWbSegment *last =
	    &g_array_index(self->segments, FuScsiWbSegment, self->segments->len - 1);
	gsize total_bytes = last->image_offset_bytes + last->length_bytes;

	while (self->idx < self->segments->len) {
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
 * the first error, see fu_scsi_wb_error_set_verdict(), of the last plan tried
 **/
const FuScsiWbPlan *
fu_scsi_wb_download_run(FuScsiWbTransport *transport,
			const FuScsiWbPlan *plan,
			FuScsiWbDownloadRequest *request,
			GError **error)
{
	g_autoptr(FuStructScsiWbWriteBufferCdb) st = fu_struct_scsi_wb_write_buffer_cdb_new();

	for (;;) {
		FuScsiWbAction action = FU_SCSI_WB_ACTION_FAIL;
		g_autoptr(GError) error_local = NULL;
		FuScsiWbDownload self = {
		    .transport = transport,
		    .segments = plan->segments,
		    .st = st,
		    .request = request,
		    .is_final = plan->activation == FU_SCSI_WB_ACTIVATION_IMMEDIATE,
		    .is_unaddressed = plan->is_unaddressed,
		};
		if (fu_scsi_wb_download_walk(&self, &action, &error_local)) {
			request->is_deferred = self.is_deferred;
			return plan;
		}
		request->refused = (FuScsiWbSegment){0};
		if (action == FU_SCSI_WB_ACTION_SHRINK && self.done_bytes == 0)
			request->refused = *fu_scsi_wb_download_get_segment(&self);
		request->doubted = action == FU_SCSI_WB_ACTION_VERIFY ? plan : NULL;
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
 * @wait_ms: how long the device may take afterwards; longer if it says that it needs that
 * @error: (nullable): optional return location for an error
 *
 * Activates microcode that was downloaded whole. Only a fresh INQUIRY shows whether it is in use.
 *
 * Returns: %TRUE if the device has accepted the command or went away because of it
 **/
gboolean
fu_scsi_wb_download_activate(FuScsiWbTransport *transport,
			     const FuScsiWbSegment *activate,
			     guint *wait_ms,
			     GError **error)
{
	FuScsiWbAction action = FU_SCSI_WB_ACTION_FAIL;
	g_autoptr(GArray) segments = g_array_new(FALSE, FALSE, sizeof(FuScsiWbSegment));
	g_autoptr(FuStructScsiWbWriteBufferCdb) st = fu_struct_scsi_wb_write_buffer_cdb_new();
	FuScsiWbDownloadRequest request = {0};
	FuScsiWbDownload self = {
	    .transport = transport,
	    .segments = segments,
	    .st = st,
	    .request = &request,
	};

	g_array_append_vals(segments, activate, 1);
	if (!fu_scsi_wb_download_walk(&self, &action, error))
		return FALSE;
	*wait_ms = MAX(*wait_ms, request.activation_s * 1000);
	return TRUE;
}
