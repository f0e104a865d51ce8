/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <errno.h>

#include "fu-scsi-wb-sense.h"
#include "fu-scsi-wb-unit.h"

typedef struct {
	const gchar *name;
	FuScsiWbResult result;
	FuScsiWbClass want;
	const gchar *words;
} FuScsiWbHostTestRow;

#define ILLEGAL                                                                                    \
	{                                                                                          \
		0x72, 0x05, 0x24, 0x00, 0, 0, 0, 0                                                 \
	}
#define NOTHING                                                                                    \
	{                                                                                          \
		0x72, 0x00, 0x00, 0x00, 0, 0, 0, 0                                                 \
	}

static void
fu_test_scsi_wb_host_check_rows(const FuScsiWbHostTestRow *rows, guint rows_len)
{
	for (guint i = 0; i < rows_len; i++) {
		g_autoptr(FuScsiWbVerdict) verdict = NULL;

		fu_scsi_wb_unit_row(rows[i].name);
		verdict = fu_scsi_wb_sense_judge(&rows[i].result);
		g_assert_cmpstr(verdict->words, ==, rows[i].words);
		g_assert_cmpstr(fu_scsi_wb_class_to_string(verdict->klass),
				==,
				fu_scsi_wb_class_to_string(rows[i].want));
	}
}

/* SAM-5 (INCITS 515): status codes; noise in the sense buffer is not read */
static void
fu_test_scsi_wb_host_status_func(void)
{
	const struct {
		guint8 status;
		FuScsiWbClass want;
		const gchar *words;
	} rows[] = {
	    {0x00, FU_SCSI_WB_CLASS_ACCEPTED, "status 0x00, good"},
	    {0x04, FU_SCSI_WB_CLASS_OTHER_STATUS, "status 0x04, condition-met"},
	    {0x08, FU_SCSI_WB_CLASS_BUSY, "status 0x08, busy"},
	    {0x10, FU_SCSI_WB_CLASS_OTHER_STATUS, "status 0x10, unknown"},
	    {0x18, FU_SCSI_WB_CLASS_RESERVED, "status 0x18, reservation-conflict"},
	    {0x22, FU_SCSI_WB_CLASS_OTHER_STATUS, "status 0x22, unknown"},
	    {0x28, FU_SCSI_WB_CLASS_BUSY, "status 0x28, task-set-full"},
	    {0x30, FU_SCSI_WB_CLASS_BUSY, "status 0x30, aca-active"},
	    {0x40, FU_SCSI_WB_CLASS_TASK_ABORTED, "status 0x40, task-aborted"},
	    {0xff, FU_SCSI_WB_CLASS_OTHER_STATUS, "status 0xff, unknown"},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		FuScsiWbHostTestRow row = {
		    .name = rows[i].words,
		    .want = rows[i].want,
		    .words = rows[i].words,
		};
		fu_scsi_wb_unit_result_init(&row.result, rows[i].status);
		row.result.sense_bytes = sizeof(row.result.sense);
		fu_test_scsi_wb_host_check_rows(&row, 1);
	}
}

static const struct {
	guint16 host_status;
	FuScsiWbClass want;
	const gchar *words;
} host_adapter_rows[] = {
    {0x01, FU_SCSI_WB_CLASS_GONE, "host status 0x01, no-connect"},
    {0x02, FU_SCSI_WB_CLASS_BUS_ERROR, "host status 0x02, bus-busy"},
    {0x03, FU_SCSI_WB_CLASS_TIMED_OUT, "no answer in 300 s"},
    {0x04, FU_SCSI_WB_CLASS_GONE, "host status 0x04, bad-target"},
    {0x05, FU_SCSI_WB_CLASS_HOST_ABORTED, "host status 0x05, abort"},
    {0x06, FU_SCSI_WB_CLASS_BUS_ERROR, "host status 0x06, parity"},
    {0x07, FU_SCSI_WB_CLASS_HOST_ERROR, "host status 0x07, error"},
    {0x08, FU_SCSI_WB_CLASS_HOST_RESET, "host status 0x08, reset"},
    {0x09, FU_SCSI_WB_CLASS_HOST_ERROR, "host status 0x09, bad-intr"},
    {0x0a, FU_SCSI_WB_CLASS_HOST_ERROR, "host status 0x0a, passthrough"},
    {0x0b, FU_SCSI_WB_CLASS_BUSY, "host status 0x0b, soft-error"},
    {0x0c, FU_SCSI_WB_CLASS_BUSY, "host status 0x0c, imm-retry"},
    {0x0d, FU_SCSI_WB_CLASS_BUSY, "host status 0x0d, requeue"},
    {0x0e, FU_SCSI_WB_CLASS_GONE, "host status 0x0e, transport-disrupted"},
    {0x0f, FU_SCSI_WB_CLASS_GONE, "host status 0x0f, transport-failfast"},
    {0x10, FU_SCSI_WB_CLASS_HOST_ERROR, "host status 0x10, unknown"},
    {0x14, FU_SCSI_WB_CLASS_GONE, "host status 0x14, transport-marginal"},
    {0x100, FU_SCSI_WB_CLASS_HOST_ERROR, "host status 0x100, unknown"},
    {0x103, FU_SCSI_WB_CLASS_HOST_ERROR, "host status 0x103, unknown"},
};

/* Linux 6.1, include/scsi/scsi_status.h: enum scsi_host_status; the adapter speaks before the
 * device does */
static void
fu_test_scsi_wb_host_adapter_func(void)
{
	const guint8 statuses[] = {
	    FU_SCSI_WB_STATUS_GOOD,
	    FU_SCSI_WB_STATUS_CHECK_CONDITION,
	    FU_SCSI_WB_STATUS_BUSY,
	};
	for (guint i = 0; i < G_N_ELEMENTS(host_adapter_rows) * G_N_ELEMENTS(statuses); i++) {
		guint idx = i / G_N_ELEMENTS(statuses);
		FuScsiWbHostTestRow row = {
		    .name = host_adapter_rows[idx].words,
		    .want = host_adapter_rows[idx].want,
		    .words = host_adapter_rows[idx].words,
		};
		fu_scsi_wb_unit_result_sense(&row.result,
					     FU_SCSI_WB_UNIT_FORMAT_FIXED,
					     FU_SCSI_WB_SENSE_KEY_ILLEGAL_REQUEST,
					     0x24,
					     0x00);
		row.result.status = statuses[i % G_N_ELEMENTS(statuses)];
		row.result.host_status = host_adapter_rows[idx].host_status;
		fu_test_scsi_wb_host_check_rows(&row, 1);
	}
}

/* what is good has nothing that a judgement could tell; any other word of anybody has */
static void
fu_test_scsi_wb_host_good_func(void)
{
	const struct {
		const gchar *name;
		FuScsiWbResult result;
		gboolean want;
	} rows[] = {
	    {"good", {.sent_bytes = 512}, TRUE},
	    {"errno", {.sys_errno = ENODEV}, FALSE},
	    {"host status", {.host_status = 0x0b}, FALSE},
	    {"driver status", {.driver_status = 0x08}, FALSE},
	    {"busy", {.status = FU_SCSI_WB_STATUS_BUSY}, FALSE},
	    {"check condition", {.status = FU_SCSI_WB_STATUS_CHECK_CONDITION}, FALSE},
	    {"not all taken", {.sent_bytes = 512, .resid_bytes = 1}, FALSE},
	    {"more than all taken", {.sent_bytes = 512, .resid_bytes = -1}, FALSE},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		fu_scsi_wb_unit_row(rows[i].name);
		g_assert_cmpint(fu_scsi_wb_sense_is_good(&rows[i].result), ==, rows[i].want);
	}
}

/* hours, too, are told in seconds */
static void
fu_test_scsi_wb_host_time_out_func(void)
{
	FuScsiWbHostTestRow row = {
	    .name = "four hours",
	    .result = {.host_status = 0x03, .timeout_ms = 4 * 60 * 60 * 1000},
	    .want = FU_SCSI_WB_CLASS_TIMED_OUT,
	    .words = "no answer in 14400 s",
	};
	fu_test_scsi_wb_host_check_rows(&row, 1);
}

/* Linux 6.1, include/scsi/sg.h: bit 3 announces sense data, older kernels had errors of their own
 * here */
static void
fu_test_scsi_wb_host_driver_func(void)
{
	const FuScsiWbHostTestRow rows[] = {
	    {"announces nothing",
	     {.driver_status = 0x08},
	     FU_SCSI_WB_CLASS_ACCEPTED,
	     "status 0x00, good"},
	    {"announces sense data",
	     {.status = 0x02, .driver_status = 0x08, .sense = ILLEGAL, .sense_bytes = 8},
	     FU_SCSI_WB_CLASS_CDB_FIELD,
	     "Illegal Request, Invalid field in cdb, 05/24/00"},
	    {"lowest bit",
	     {.driver_status = 0x01},
	     FU_SCSI_WB_CLASS_HOST_ERROR,
	     "driver status 0x01"},
	    {"timeout", {.driver_status = 0x06}, FU_SCSI_WB_CLASS_HOST_ERROR, "driver status 0x06"},
	    {"suggestion",
	     {.driver_status = 0x18},
	     FU_SCSI_WB_CLASS_HOST_ERROR,
	     "driver status 0x18"},
	    {"wide", {.driver_status = 0x100}, FU_SCSI_WB_CLASS_HOST_ERROR, "driver status 0x100"},
	    {"the adapter counts more",
	     {.host_status = 0x01, .driver_status = 0x06},
	     FU_SCSI_WB_CLASS_GONE,
	     "host status 0x01, no-connect"},
	};
	fu_test_scsi_wb_host_check_rows(rows, G_N_ELEMENTS(rows));
}

/* the kernel speaks before anybody else; Linux 6.1, block/scsi_ioctl.c and drivers/scsi/sg.c */
static void
fu_test_scsi_wb_host_errno_func(void)
{
	const struct {
		gint sys_errno;
		FuScsiWbClass want;
	} rows[] = {
	    {EINVAL, FU_SCSI_WB_CLASS_KERNEL_REFUSED},
	    {EFAULT, FU_SCSI_WB_CLASS_KERNEL_REFUSED},
	    {EIO, FU_SCSI_WB_CLASS_KERNEL_REFUSED},
	    {EDOM, FU_SCSI_WB_CLASS_KERNEL_REFUSED},
	    {EMSGSIZE, FU_SCSI_WB_CLASS_KERNEL_REFUSED},
	    {ENOMEM, FU_SCSI_WB_CLASS_KERNEL_MEMORY},
	    {EAGAIN, FU_SCSI_WB_CLASS_KERNEL_MEMORY},
	    {EBUSY, FU_SCSI_WB_CLASS_KERNEL_MEMORY},
	    {ENODEV, FU_SCSI_WB_CLASS_GONE},
	    {ENXIO, FU_SCSI_WB_CLASS_GONE},
	    {ENOTTY, FU_SCSI_WB_CLASS_KERNEL_UNSUPPORTED},
	    {EPERM, FU_SCSI_WB_CLASS_KERNEL_FORBIDDEN},
	    {EACCES, FU_SCSI_WB_CLASS_KERNEL_FORBIDDEN},
	    {EINTR, FU_SCSI_WB_CLASS_INTERRUPTED},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		FuScsiWbHostTestRow row = {
		    .name = g_strerror(rows[i].sys_errno),
		    .want = rows[i].want,
		    .words = g_strerror(rows[i].sys_errno),
		};
		g_autofree gchar *words = NULL;

		fu_scsi_wb_unit_result_init(&row.result, 0x08);
		row.result.sys_errno = rows[i].sys_errno;
		row.result.host_status = 0x01;
		fu_test_scsi_wb_host_check_rows(&row, 1);

		/* and names the node, if there is one */
		words = g_strdup_printf("%s on /dev/sg3", row.words);
		row.words = words;
		row.result.node = "/dev/sg3";
		fu_test_scsi_wb_host_check_rows(&row, 1);
	}
}

/* Linux 6.1, include/linux/errno.h: ENOTSUPP is for the kernel alone, and so nobody has words for
 * it
 */
static void
fu_test_scsi_wb_host_errno_without_words_func(void)
{
	const FuScsiWbHostTestRow rows[] = {
	    {"no node", {.sys_errno = 524}, FU_SCSI_WB_CLASS_KERNEL_REFUSED, "errno 524"},
	    {"a node",
	     {.sys_errno = 524, .node = "/dev/sg3"},
	     FU_SCSI_WB_CLASS_KERNEL_REFUSED,
	     "errno 524 on /dev/sg3"},
	};
	fu_test_scsi_wb_host_check_rows(rows, G_N_ELEMENTS(rows));
}

/* GOOD is not good enough if data are missing */
static void
fu_test_scsi_wb_host_residual_func(void)
{
	const FuScsiWbHostTestRow rows[] = {
	    {"none",
	     {.sent_bytes = 32768, .resid_bytes = 0},
	     FU_SCSI_WB_CLASS_ACCEPTED,
	     "status 0x00, good"},
	    {"one byte",
	     {.sent_bytes = 32768, .resid_bytes = 1},
	     FU_SCSI_WB_CLASS_RESIDUAL,
	     "status 0x00, good, 32767 of 32768 bytes taken"},
	    {"all",
	     {.sent_bytes = 32768, .resid_bytes = 32768},
	     FU_SCSI_WB_CLASS_RESIDUAL,
	     "status 0x00, good, 0 of 32768 bytes taken"},
	    {"too many were taken",
	     {.sent_bytes = 32768, .resid_bytes = -4},
	     FU_SCSI_WB_CLASS_RESIDUAL,
	     "status 0x00, good, 32772 of 32768 bytes taken"},
	    {"no sense",
	     {.status = 0x02,
	      .sent_bytes = 100,
	      .resid_bytes = 7,
	      .sense = NOTHING,
	      .sense_bytes = 8},
	     FU_SCSI_WB_CLASS_RESIDUAL,
	     "No Sense, No additional sense information, 00/00/00, 93 of 100 bytes taken"},
	    {"an error says more",
	     {.status = 0x02,
	      .sent_bytes = 100,
	      .resid_bytes = 7,
	      .sense = ILLEGAL,
	      .sense_bytes = 8},
	     FU_SCSI_WB_CLASS_CDB_FIELD,
	     "Illegal Request, Invalid field in cdb, 05/24/00"},
	    {"the adapter's error says less",
	     {.host_status = 0x07, .sent_bytes = 100, .resid_bytes = 7},
	     FU_SCSI_WB_CLASS_HOST_ERROR,
	     "host status 0x07, error, 93 of 100 bytes taken"},
	    {"its other errors do not",
	     {.host_status = 0x01, .sent_bytes = 100, .resid_bytes = 7},
	     FU_SCSI_WB_CLASS_GONE,
	     "host status 0x01, no-connect"},
	};
	fu_test_scsi_wb_host_check_rows(rows, G_N_ELEMENTS(rows));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/host/status", fu_test_scsi_wb_host_status_func);
	g_test_add_func("/scsi-wb/host/adapter", fu_test_scsi_wb_host_adapter_func);
	g_test_add_func("/scsi-wb/host/good", fu_test_scsi_wb_host_good_func);
	g_test_add_func("/scsi-wb/host/time-out", fu_test_scsi_wb_host_time_out_func);
	g_test_add_func("/scsi-wb/host/driver", fu_test_scsi_wb_host_driver_func);
	g_test_add_func("/scsi-wb/host/errno", fu_test_scsi_wb_host_errno_func);
	g_test_add_func("/scsi-wb/host/errno/without-words",
			fu_test_scsi_wb_host_errno_without_words_func);
	g_test_add_func("/scsi-wb/host/residual", fu_test_scsi_wb_host_residual_func);
	return g_test_run();
}
