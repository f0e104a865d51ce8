/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "flow-bed.h"
#include "wbt-model.h"

/* each sense code at each place of an update: does it end with the right image in the device, after
 * the commands that it should have taken, or with the right error and a device that takes the next
 * update? */

#define FLOW_JUDGEMENT_BYTES	100000
#define FLOW_JUDGEMENT_SEGMENTS 4 /* of 32 KiB */
#define FLOW_JUDGEMENT_SMALLER	7 /* of 16 KiB */

/**
 * FlowJudgementRow:
 * @sense: key, additional sense code and qualifier, for the fault script
 * @wants: a letter for each of first, middle and last segment, activation, and waiting: S the same
 * command goes again, W after a while, R from the first segment on, I after asking who the device
 * is, T after starting it, L in smaller segments, C goes on, Q waits for a reboot, P for a power
 * cycle, A activates, - fails
 * @code: with that, if it fails
 * @who: how the error begins
 **/
typedef struct {
	const gchar *sense;
	const gchar *wants;
	FwupdError code;
	const gchar *who;
} FlowJudgementRow;

static const FlowJudgementRow rows[] = {
    {"6/3f/01", "SSSSS", FWUPD_ERROR_LAST, NULL},
    {"6/3f/16", "SSSSS", FWUPD_ERROR_LAST, NULL},
    {"6/3f/03", "ISSSS", FWUPD_ERROR_LAST, NULL},
    {"6/29/00", "SRRSS", FWUPD_ERROR_LAST, NULL},
    {"6/29/07", "SRRSS", FWUPD_ERROR_LAST, NULL},
    {"6/2a/01", "SSSSS", FWUPD_ERROR_LAST, NULL},
    {"6/28/00", "SSSSS", FWUPD_ERROR_LAST, NULL},
    {"6/00/00", "SRRSS", FWUPD_ERROR_LAST, NULL},
    {"2/04/01", "WWWWW", FWUPD_ERROR_LAST, NULL},
    {"2/04/07", "WWWWW", FWUPD_ERROR_LAST, NULL},
    {"2/04/09", "WWWWW", FWUPD_ERROR_LAST, NULL},
    {"2/04/1a", "WWWWW", FWUPD_ERROR_LAST, NULL},
    {"2/04/1c", "WWWWW", FWUPD_ERROR_LAST, NULL},
    {"2/04/1d", "WWWWW", FWUPD_ERROR_LAST, NULL},
    {"2/04/02", "T---C", FWUPD_ERROR_BUSY, "the device is stopped"},
    {"2/3a/00", "----C", FWUPD_ERROR_NEEDS_USER_ACTION, "the device has no medium"},
    {"2/04/1e", "----A", FWUPD_ERROR_BUSY, "the device waits for an earlier firmware"},
    {"2/04/1f", "-RR--", FWUPD_ERROR_BROKEN_SYSTEM, "the device has no usable firmware"},
    {"2/04/20", "----Q", FWUPD_ERROR_BUSY, "the device needs a reset"},
    {"2/04/21", "----Q", FWUPD_ERROR_BUSY, "the device needs a reset"},
    {"2/04/22", "----P", FWUPD_ERROR_BUSY, "the device needs a power cycle"},
    {"2/04/1b", "-----", FWUPD_ERROR_BUSY, "the device is erasing all its data"},
    {"2/04/0a", "----W", FWUPD_ERROR_BUSY, "the device cannot be used by this path now"},
    {"2/04/0b", "----W", FWUPD_ERROR_BUSY, "the device cannot be used by this path now"},
    {"2/04/0c", "----W", FWUPD_ERROR_BUSY, "the device cannot be used by this path now"},
    {"5/20/00", "----C", FWUPD_ERROR_NOT_SUPPORTED, "the device does not "},
    {"5/24/00", "-----", FWUPD_ERROR_NOT_SUPPORTED, "the device "},
    {"5/26/00", "-----", FWUPD_ERROR_INVALID_FILE, "the device refused the image"},
    {"5/26/98", "-----", FWUPD_ERROR_INVALID_FILE, "the device refused the image"},
    {"5/1a/00", "-----", FWUPD_ERROR_NOT_SUPPORTED, "the device refused the length"},
    {"5/2c/00", "RRR--", FWUPD_ERROR_WRITE, "the device "},
    {"5/55/03", "LWWWW", FWUPD_ERROR_LAST, NULL},
    {"5/55/0b", "WWWWW", FWUPD_ERROR_LAST, NULL},
    {"5/24/8d", "-----", FWUPD_ERROR_NEEDS_USER_ACTION, "the device refused the command for"},
    {"b/0b/12", "-----", FWUPD_ERROR_SIGNATURE_INVALID, "the device refused the image's"},
    {"0/0b/13", "-----", FWUPD_ERROR_SIGNATURE_INVALID, "the device refused the image's"},
    {"6/0b/13", "-----", FWUPD_ERROR_SIGNATURE_INVALID, "the device refused the image's"},
    {"4/44/00", "-----", FWUPD_ERROR_WRITE, "the device failed"},
    {"4/3e/03", "-----", FWUPD_ERROR_WRITE, "the device failed"},
    {"4/3f/80", "-----", FWUPD_ERROR_WRITE, "the device failed in a way of its maker's own"},
    {"3/11/00", "-----", FWUPD_ERROR_WRITE, "the device failed"},
    {"7/27/00", "-----", FWUPD_ERROR_PERMISSION_DENIED, "the device is locked"},
    {"b/47/00", "----W", FWUPD_ERROR_WRITE, "the device received damaged data"},
    {"b/00/00", "----W", FWUPD_ERROR_WRITE, "the device gave up the command"},
    {"8/00/00", "----W", FWUPD_ERROR_WRITE, "the device failed in an unusual way"},
};

/* the commands that an update takes if nothing happens, and the sleep after them */
typedef struct {
	guint inquiries;
	guint64 slept_ms;
} FlowJudgementBase;

static FlowJudgementBase
fu_test_scsi_wb_flow_get_base(void)
{
	FlowJudgementBase base;
	g_autoptr(FlowBed) bed = flow_bed_new("seagate-sas", NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", FLOW_JUDGEMENT_BYTES);

	flow_bed_assert_enumerated(bed);
	flow_bed_mark(bed);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	g_assert_cmpuint(flow_bed_count_segments(bed), ==, FLOW_JUDGEMENT_SEGMENTS);
	base.inquiries = flow_bed_count_opcode(bed, 0x12);
	base.slept_ms = bed->slept_ms;
	return base;
}

/* what it took to get the whole image into the device */
static void
fu_test_scsi_wb_flow_assert_healed(FlowBed *bed,
				   const FlowJudgementBase *base,
				   gchar want,
				   guint segment)
{
	guint segments = flow_bed_count_segments(bed);

	flow_bed_assert_uninterrupted(bed);
	if (want == 'L')
		g_assert_cmpuint(segments, ==, 1 + FLOW_JUDGEMENT_SMALLER);
	else if (want == 'R')
		g_assert_cmpuint(segments, ==, segment + FLOW_JUDGEMENT_SEGMENTS);
	else
		g_assert_cmpuint(segments, ==, 1 + FLOW_JUDGEMENT_SEGMENTS);
	if (want == 'W')
		g_assert_cmpuint(bed->slept_ms, >=, base->slept_ms + 1000);
	else
		g_assert_cmpuint(bed->slept_ms, ==, base->slept_ms);
}

/* what was done about it between two tries of the first segment */
static void
fu_test_scsi_wb_flow_assert_helped(FlowBed *bed, const FlowJudgementBase *base, gchar want)
{
	g_assert_cmpuint(flow_bed_count_opcode(bed, 0x1b), ==, want == 'T' ? 1 : 0);
	if (want == 'I')
		g_assert_cmpuint(flow_bed_count_opcode(bed, 0x12), >, base->inquiries);
	g_assert_cmpuint(flow_bed_count_segments(bed), ==, 1 + FLOW_JUDGEMENT_SEGMENTS);
}

/* where, who, and the numbers */
static void
fu_test_scsi_wb_flow_assert_error(const FlowJudgementRow *row,
				  const GError *error,
				  const gchar *where)
{
	const gchar *who;
	g_autofree gchar *numbers = g_strdup_printf(", 0%s): ", row->sense);
	g_autofree gchar *numbers_upper = g_ascii_strup(numbers, -1);

	g_assert_error(error, FWUPD_ERROR, (gint)row->code);
	g_assert_true(g_str_has_prefix(error->message, where));
	who = strstr(error->message, ": ");
	g_assert_nonnull(who);
	g_assert_true(g_str_has_prefix(who + 2, row->who));
	g_assert_nonnull(strstr(error->message, numbers_upper));
}

static void
fu_test_scsi_wb_flow_assert_next(FlowBed *bed)
{
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0003", 50000);

	flow_bed_set_faults(bed, NULL);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	flow_bed_assert_updated(bed, image, "0003");
}

static void
fu_test_scsi_wb_flow_run_segment(const FlowJudgementRow *row,
				 const FlowJudgementBase *base,
				 guint place,
				 const gchar *format)
{
	const guint segments[] = {1, 2, FLOW_JUDGEMENT_SEGMENTS};
	gboolean ret;
	gchar want = row->wants[place];
	g_autofree gchar *faults =
	    g_strdup_printf("segment %u sense %s %s", segments[place], row->sense, format);
	g_autofree gchar *where = g_strdup_printf("segment %u of %u, MODE 0x07, ",
						  segments[place],
						  (guint)FLOW_JUDGEMENT_SEGMENTS);
	g_autoptr(FlowBed) bed = flow_bed_new("seagate-sas", NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", FLOW_JUDGEMENT_BYTES);
	g_autoptr(GError) error = NULL;

	g_test_message("%s", faults);
	flow_bed_assert_enumerated(bed);
	flow_bed_set_faults(bed, faults);
	flow_bed_mark(bed);
	ret = flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error);
	if (want == '-') {
		g_assert_false(ret);
		g_assert_cmpuint(flow_bed_count_segments(bed), ==, segments[place]);
		fu_test_scsi_wb_flow_assert_error(row, error, where);
		flow_bed_assert_untouched(bed);
		fu_test_scsi_wb_flow_assert_next(bed);
		return;
	}
	g_assert_no_error(error);
	g_assert_true(ret);
	flow_bed_assert_updated(bed, image, "0002");
	if (want == 'T' || want == 'I')
		fu_test_scsi_wb_flow_assert_helped(bed, base, want);
	else
		fu_test_scsi_wb_flow_assert_healed(bed, base, want, segments[place]);
}

static void
fu_test_scsi_wb_flow_segment_func(gconstpointer user_data)
{
	const FlowJudgementRow *row = user_data;
	FlowJudgementBase base = fu_test_scsi_wb_flow_get_base();

	for (guint place = 0; place < 3; place++) {
		fu_test_scsi_wb_flow_run_segment(row, &base, place, "");
		fu_test_scsi_wb_flow_run_segment(row, &base, place, "descriptor");
	}
}

static guint64
fu_test_scsi_wb_flow_get_activation_slept_ms(void)
{
	g_autoptr(FlowBed) bed = flow_bed_new("deferred-disk", NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", FLOW_JUDGEMENT_BYTES);

	flow_bed_assert_enumerated(bed);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	flow_bed_assert_activated(bed);
	return bed->slept_ms;
}

/* a failed activation leaves the image where it is */
static void
fu_test_scsi_wb_flow_activation_func(gconstpointer user_data)
{
	const FlowJudgementRow *row = user_data;
	gboolean ret;
	gchar want = row->wants[3];
	g_autofree gchar *faults = g_strdup_printf("opcode 3b 1 sense %s", row->sense);
	g_autoptr(FlowBed) bed = flow_bed_new("deferred-disk", NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", FLOW_JUDGEMENT_BYTES);
	g_autoptr(GError) error = NULL;

	flow_bed_assert_enumerated(bed);
	flow_bed_assert_installed(bed, image, FWUPD_INSTALL_FLAG_NONE);
	flow_bed_set_faults(bed, faults);
	flow_bed_mark(bed);
	ret = flow_bed_activate(bed, &error);
	if (want == '-') {
		fu_test_scsi_wb_flow_assert_error(row, error, "activation, MODE 0x0f: ");
		g_assert_false(ret);
		g_assert_cmpuint(flow_bed_count_segments(bed), ==, 1);
		g_assert_cmpuint(wbt_target_get_activations(bed->target), ==, 0);
		flow_bed_set_faults(bed, NULL);
		flow_bed_assert_activated(bed);
	} else {
		g_assert_no_error(error);
		g_assert_true(ret);
		g_assert_cmpuint(flow_bed_count_segments(bed), ==, 2);
		g_assert_cmpuint(bed->slept_ms,
				 ==,
				 fu_test_scsi_wb_flow_get_activation_slept_ms() +
				     (want == 'W' ? 1000 : 0));
	}
	flow_bed_assert_updated(bed, image, "0002");
}

static void
fu_test_scsi_wb_flow_assert_waits(FlowBed *bed, GBytes *image, gchar want)
{
	g_assert_true(fu_device_has_flag(bed->device,
					 want == 'Q' ? FWUPD_DEVICE_FLAG_NEEDS_REBOOT
						     : FWUPD_DEVICE_FLAG_NEEDS_SHUTDOWN));
	g_assert_true(g_bytes_equal(wbt_target_get_committed(bed->target), image));
	g_assert_cmpstr(fu_device_get_version(bed->device),
			==,
			wbt_target_get_model(bed->target)->revision);
}

/* the device has the image, and is asked whether it is back; the first two times it is asked before
 * the update, and reports its power on */
static void
fu_test_scsi_wb_flow_waiting_func(gconstpointer user_data)
{
	const FlowJudgementRow *row = user_data;
	gboolean ret;
	gchar want = row->wants[4];
	g_autofree gchar *faults = g_strdup_printf("opcode 00 3 sense %s descriptor", row->sense);
	g_autoptr(FlowBed) bed = flow_bed_new("seagate-sas", NULL);
	g_autoptr(GBytes) image = flow_bed_new_image(bed, "0002", FLOW_JUDGEMENT_BYTES);
	g_autoptr(GError) error = NULL;

	flow_bed_assert_enumerated(bed);
	flow_bed_set_faults(bed, faults);
	flow_bed_mark(bed);
	ret = flow_bed_install(bed, image, FWUPD_INSTALL_FLAG_NONE, &error);
	g_assert_cmpuint(wbt_target_get_commits(bed->target), ==, 1);
	g_assert_cmpint(flow_bed_count_segments(bed) > FLOW_JUDGEMENT_SEGMENTS, ==, want == 'A');
	if (want == '-') {
		fu_test_scsi_wb_flow_assert_error(row, error, "after the update: ");
		g_assert_false(ret);
		return;
	}
	g_assert_no_error(error);
	g_assert_true(ret);
	if (want == 'Q' || want == 'P')
		fu_test_scsi_wb_flow_assert_waits(bed, image, want);
	else
		flow_bed_assert_updated(bed, image, "0002");
}

static void
fu_test_scsi_wb_flow_add_rows(const gchar *place, GTestDataFunc func)
{
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree gchar *sense = g_strdelimit(g_strdup(rows[i].sense), "/", '-');
		g_autofree gchar *path =
		    g_strdup_printf("/scsi-wb/flow/judgement/%s/%s", place, sense);
		g_test_add_data_func(path, &rows[i], func);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	fu_test_scsi_wb_flow_add_rows("segment", fu_test_scsi_wb_flow_segment_func);
	fu_test_scsi_wb_flow_add_rows("activation", fu_test_scsi_wb_flow_activation_func);
	fu_test_scsi_wb_flow_add_rows("waiting", fu_test_scsi_wb_flow_waiting_func);
	return g_test_run();
}
