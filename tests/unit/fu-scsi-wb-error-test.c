/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <errno.h>

#include "fu-scsi-wb-error.h"
#include "fu-scsi-wb-unit.h"

/* what a program sees of each class */
static const struct {
	FuScsiWbClass klass;
	FwupdError code;
} codes[] = {
    {FU_SCSI_WB_CLASS_UA_RESET, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_UA_MICROCODE, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_UA_OTHER, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_DEFERRED_ERROR, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_BECOMING_READY, FWUPD_ERROR_BUSY},
    {FU_SCSI_WB_CLASS_NEEDS_START, FWUPD_ERROR_BUSY},
    {FU_SCSI_WB_CLASS_NO_MEDIUM, FWUPD_ERROR_NEEDS_USER_ACTION},
    {FU_SCSI_WB_CLASS_NEEDS_ACTIVATION, FWUPD_ERROR_BUSY},
    {FU_SCSI_WB_CLASS_NEEDS_IMAGE, FWUPD_ERROR_BROKEN_SYSTEM},
    {FU_SCSI_WB_CLASS_NEEDS_RESET, FWUPD_ERROR_BUSY},
    {FU_SCSI_WB_CLASS_NOT_ACCESSIBLE, FWUPD_ERROR_BUSY},
    {FU_SCSI_WB_CLASS_NOT_READY, FWUPD_ERROR_BUSY},
    {FU_SCSI_WB_CLASS_OPCODE_UNSUPPORTED, FWUPD_ERROR_NOT_SUPPORTED},
    {FU_SCSI_WB_CLASS_CDB_FIELD, FWUPD_ERROR_NOT_SUPPORTED},
    {FU_SCSI_WB_CLASS_IMAGE_REFUSED, FWUPD_ERROR_INVALID_FILE},
    {FU_SCSI_WB_CLASS_PARAMETER_LENGTH, FWUPD_ERROR_NOT_SUPPORTED},
    {FU_SCSI_WB_CLASS_SEQUENCE, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_NO_RESOURCES, FWUPD_ERROR_BUSY},
    {FU_SCSI_WB_CLASS_ILLEGAL_REQUEST, FWUPD_ERROR_NOT_SUPPORTED},
    {FU_SCSI_WB_CLASS_SIGNATURE, FWUPD_ERROR_SIGNATURE_INVALID},
    {FU_SCSI_WB_CLASS_INTERNAL, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_PROTECTED, FWUPD_ERROR_PERMISSION_DENIED},
    {FU_SCSI_WB_CLASS_TRANSFER_FAILED, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_ABORTED, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_OTHER_SENSE, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_BUSY, FWUPD_ERROR_BUSY},
    {FU_SCSI_WB_CLASS_RESERVED, FWUPD_ERROR_BUSY},
    {FU_SCSI_WB_CLASS_OTHER_STATUS, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_GONE, FWUPD_ERROR_NOT_REACHABLE},
    {FU_SCSI_WB_CLASS_TIMED_OUT, FWUPD_ERROR_TIMED_OUT},
    {FU_SCSI_WB_CLASS_BUS_ERROR, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_HOST_RESET, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_HOST_ABORTED, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_HOST_ERROR, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_KERNEL_REFUSED, FWUPD_ERROR_NOT_SUPPORTED},
    {FU_SCSI_WB_CLASS_KERNEL_MEMORY, FWUPD_ERROR_BUSY},
    {FU_SCSI_WB_CLASS_KERNEL_UNSUPPORTED, FWUPD_ERROR_NOT_SUPPORTED},
    {FU_SCSI_WB_CLASS_KERNEL_FORBIDDEN, FWUPD_ERROR_PERMISSION_DENIED},
    {FU_SCSI_WB_CLASS_INTERRUPTED, FWUPD_ERROR_WRITE},
    {FU_SCSI_WB_CLASS_RESIDUAL, FWUPD_ERROR_WRITE},
};

/* "who (words): advice", where who is the kernel, the host adapter, the device or another host */
static void
fu_test_scsi_wb_error_check_text(const gchar *message)
{
	const gchar *words = " (words of 100%s): ";
	const gchar *speakers[] = {"the kernel ",
				   "the host adapter ",
				   "the device ",
				   "another host ",
				   "the wait "};
	const gchar *found = strstr(message, words);
	gboolean has_speaker = FALSE;

	g_assert_nonnull(found);
	g_assert_cmpuint(strlen(found), >, strlen(words) + 10);
	for (guint i = 0; i < G_N_ELEMENTS(speakers); i++)
		has_speaker |= g_str_has_prefix(message, speakers[i]);
	g_assert_true(has_speaker);
}

static void
fu_test_scsi_wb_error_class_all_func(void)
{
	/* every class but ACCEPTED, which is no error */
	g_assert_cmpint(G_N_ELEMENTS(codes), ==, FU_SCSI_WB_CLASS_LAST - 1);
	for (guint i = 0; i < G_N_ELEMENTS(codes); i++) {
		FuScsiWbVerdict verdict = {
		    .klass = codes[i].klass,
		    .words = (gchar *)"words of 100%s",
		};
		g_autoptr(GError) error = NULL;

		fu_scsi_wb_unit_row(fu_scsi_wb_class_to_string(codes[i].klass));
		fu_scsi_wb_error_set(&verdict, &error);
		g_assert_error(error, FWUPD_ERROR, (gint)codes[i].code);
		fu_test_scsi_wb_error_check_text(error->message);
		fu_scsi_wb_error_set(&verdict, NULL);
	}
}

/* no two classes tell the user the same */
static void
fu_test_scsi_wb_error_class_distinct_func(void)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < G_N_ELEMENTS(codes); i++) {
		FuScsiWbVerdict verdict = {.klass = codes[i].klass, .words = (gchar *)""};
		g_autoptr(GError) error = NULL;

		fu_scsi_wb_unit_row(fu_scsi_wb_class_to_string(codes[i].klass));
		fu_scsi_wb_error_set(&verdict, &error);
		g_assert_true(g_hash_table_add(seen, g_strdup(error->message)));
	}
}

/* a success is no error: that is a fault of the caller, who is told */
static void
fu_test_scsi_wb_error_class_accepted_func(void)
{
	FuScsiWbVerdict verdict = {.klass = FU_SCSI_WB_CLASS_ACCEPTED, .words = (gchar *)""};
	g_autoptr(GError) error = NULL;

	g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_CRITICAL, "*text != NULL*");
	fu_scsi_wb_error_set(&verdict, &error);
	g_test_assert_expected_messages();
	g_assert_null(error);
}

static const struct {
	const gchar *name;
	FuScsiWbResult result;
	FwupdError code;
	const gchar *message;
} error_os2_rows[] = {
    {"CMD_NOT_SUPPORTED",
     {.status = 2, .sense = {0x72, 5, 0x20, 0}, .sense_bytes = 8},
     FWUPD_ERROR_NOT_SUPPORTED,
     "the device does not know the command (Illegal Request, Invalid command operation "
     "code, 05/20/00): its firmware cannot be updated this way"},
    {"CMD_SYNTAX",
     {.status = 2, .sense = {0x72, 5, 0x24, 0}, .sense_bytes = 8},
     FWUPD_ERROR_NOT_SUPPORTED,
     "the device refused the mode, buffer, offset or length (Illegal Request, Invalid "
     "field in cdb, 05/24/00): its quirk row does not fit it, or the image is larger than "
     "its buffer"},
    {"CMD_SGLIST_BAD",
     {.sys_errno = EINVAL},
     FWUPD_ERROR_NOT_SUPPORTED,
     "the kernel or the host adapter refused the transfer (Invalid argument): it may be "
     "too large for the adapter: set a smaller ScsiWbChunkSize"},
    {"CMD_SW_RESOURCE",
     {.sys_errno = ENOMEM},
     FWUPD_ERROR_BUSY,
     "the kernel has no memory for the transfer (Cannot allocate memory): update again "
     "later, or set a smaller ScsiWbChunkSize"},
    {"CMD_ABORTED by the adapter",
     {.host_status = 0x05},
     FWUPD_ERROR_WRITE,
     "the host adapter gave up the command (host status 0x05, abort): look into the kernel "
     "log, then update again"},
    {"CMD_ABORTED by the device",
     {.status = 2, .sense = {0x72, 0x0b, 0, 0}, .sense_bytes = 8},
     FWUPD_ERROR_WRITE,
     "the device gave up the command (Aborted Command, No additional sense information, "
     "0B/00/00): update again"},
    {"UNIT_NOT_ALLOCATED",
     {.status = 0x18},
     FWUPD_ERROR_BUSY,
     "another host has reserved the device (status 0x18, reservation-conflict): release it "
     "there, then update again"},
    {"UNIT_NOT_READY",
     {.status = 2, .sense = {0x72, 2, 0x3a, 0}, .sense_bytes = 8},
     FWUPD_ERROR_NEEDS_USER_ACTION,
     "the device has no medium (Not Ready, Medium not present, 02/3A/00): load one, then "
     "update again"},
    {"UNIT_PWR_OFF",
     {.host_status = 0x01},
     FWUPD_ERROR_NOT_REACHABLE,
     "the device is gone (host status 0x01, no-connect): check that it has power and its "
     "cable, then update again"},
    {"ADAPTER_DEVICEBUSCHECK",
     {.host_status = 0x06},
     FWUPD_ERROR_WRITE,
     "the host adapter reports trouble on the bus (host status 0x06, parity): check cable "
     "and expander, then update again"},
    {"DEVICE_DEVICEBUSCHECK",
     {.status = 2, .sense = {0x72, 0x0b, 0x47, 0}, .sense_bytes = 8},
     FWUPD_ERROR_WRITE,
     "the device received damaged data (Aborted Command, SCSI parity error, 0B/47/00): "
     "check cable, expander and host adapter, then update again"},
    {"DEVICE_UNDERRUN",
     {.resid_bytes = 512},
     FWUPD_ERROR_WRITE,
     "the device did not take all the data (status 0x00, good, but 512 bytes were not "
     "transferred): check cable, expander and host adapter, then update again"},
    {"ADAPTER_DIAGFAIL",
     {.host_status = 0x09},
     FWUPD_ERROR_WRITE,
     "the host adapter failed (host status 0x09, bad-intr): look into the kernel log, then "
     "update again"},
    {"ADAPTER_TIMEOUT",
     {.host_status = 0x03, .timeout_ms = 45000},
     FWUPD_ERROR_TIMED_OUT,
     "the device did not answer in time (no answer in 45 s): do not switch it off; update "
     "again, with a longer ScsiWbTimeout if it needs one"},
    {"ADAPTER_REQ_NOT_SUPPORTED",
     {.sys_errno = ENOTTY},
     FWUPD_ERROR_NOT_SUPPORTED,
     "the kernel does not pass SCSI commands through this node (Inappropriate ioctl for "
     "device): is it really a SCSI device?"},
    {"ADAPTER_REQ_NOT_SUPPORTED by right",
     {.sys_errno = EPERM},
     FWUPD_ERROR_PERMISSION_DENIED,
     "the kernel does not allow the command (Operation not permitted): the daemon needs "
     "CAP_SYS_RAWIO"},
    {"DEVICE_DIAGFAIL",
     {.status = 2, .sense = {0x72, 4, 0x44, 0}, .sense_bytes = 8},
     FWUPD_ERROR_WRITE,
     "the device failed (Hardware Error, Internal target failure, 04/44/00): do not switch "
     "it off; update again, and call its maker if that fails"},
    {"DEVICE_BUSY",
     {.status = 0x28},
     FWUPD_ERROR_BUSY,
     "the device stays busy (status 0x28, task-set-full): update again when nothing else "
     "uses it"},
};

/* what OS/2's adapter pass-through told apart, by the names it used */
static void
fu_test_scsi_wb_error_os2_func(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(error_os2_rows); i++) {
		g_autoptr(FuScsiWbVerdict) verdict =
		    fu_scsi_wb_sense_judge(&error_os2_rows[i].result);
		g_autoptr(GError) error = NULL;

		fu_scsi_wb_unit_row(error_os2_rows[i].name);
		fu_scsi_wb_error_set(verdict, &error);
		fu_scsi_wb_unit_assert_error(error,
					     error_os2_rows[i].code,
					     error_os2_rows[i].message);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/error/class/all", fu_test_scsi_wb_error_class_all_func);
	g_test_add_func("/scsi-wb/error/class/distinct", fu_test_scsi_wb_error_class_distinct_func);
	g_test_add_func("/scsi-wb/error/class/accepted", fu_test_scsi_wb_error_class_accepted_func);
	g_test_add_func("/scsi-wb/error/os2", fu_test_scsi_wb_error_os2_func);
	return g_test_run();
}
