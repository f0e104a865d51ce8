/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <errno.h>
#include <scsi/sg_lib.h>

#include "fu-scsi-wb-sense.h"

/* any sense key, any additional sense code */
#define FU_SCSI_WB_SENSE_ANY 0xff

/* Linux 6.1, include/scsi/sg.h: the only driver status that is left, it announces sense data */
#define FU_SCSI_WB_SENSE_DRIVER_STATUS 0x08

/* a table of codes is made of codes: nocheck:magic-inlines=120 */

typedef struct {
	guint8 key;
	guint8 asc;
	guint8 ascq_first;
	guint8 ascq_last;
	FuScsiWbClass klass;
} FuScsiWbSenseRule;

/* first match wins; names from the T10 list of ASC/ASCQ assignments, as in sg3_utils 1.46
 * lib/sg_lib_data.c; an overwritten echo buffer is ILLEGAL REQUEST for Dell (PowerVault TL2000
 * SCSI Reference, READ BUFFER) and ABORTED COMMAND for Quantum (LTO-4 SCSI manual, READ BUFFER) */
static const FuScsiWbSenseRule rules[] = {
    {FU_SCSI_WB_SENSE_ANY, 0x0b, 0x12, 0x13, FU_SCSI_WB_CLASS_SIGNATURE},
    {FU_SCSI_WB_SENSE_KEY_NO_SENSE, 0xff, 0x00, 0xff, FU_SCSI_WB_CLASS_ACCEPTED},
    {FU_SCSI_WB_SENSE_KEY_RECOVERED_ERROR, 0xff, 0x00, 0xff, FU_SCSI_WB_CLASS_ACCEPTED},
    {FU_SCSI_WB_SENSE_KEY_NOT_READY, 0x04, 0x01, 0x01, FU_SCSI_WB_CLASS_BECOMING_READY},
    {FU_SCSI_WB_SENSE_KEY_NOT_READY, 0x04, 0x02, 0x02, FU_SCSI_WB_CLASS_NEEDS_START},
    {FU_SCSI_WB_SENSE_KEY_NOT_READY, 0x04, 0x07, 0x07, FU_SCSI_WB_CLASS_BECOMING_READY},
    {FU_SCSI_WB_SENSE_KEY_NOT_READY, 0x04, 0x09, 0x09, FU_SCSI_WB_CLASS_BECOMING_READY},
    {FU_SCSI_WB_SENSE_KEY_NOT_READY, 0x04, 0x0a, 0x0c, FU_SCSI_WB_CLASS_NOT_ACCESSIBLE},
    {FU_SCSI_WB_SENSE_KEY_NOT_READY, 0x04, 0x1a, 0x1a, FU_SCSI_WB_CLASS_BECOMING_READY},
    {FU_SCSI_WB_SENSE_KEY_NOT_READY, 0x04, 0x1b, 0x1b, FU_SCSI_WB_CLASS_SANITIZING},
    {FU_SCSI_WB_SENSE_KEY_NOT_READY, 0x04, 0x1c, 0x1d, FU_SCSI_WB_CLASS_BECOMING_READY},
    {FU_SCSI_WB_SENSE_KEY_NOT_READY, 0x04, 0x1e, 0x1e, FU_SCSI_WB_CLASS_NEEDS_ACTIVATION},
    {FU_SCSI_WB_SENSE_KEY_NOT_READY, 0x04, 0x1f, 0x1f, FU_SCSI_WB_CLASS_NEEDS_IMAGE},
    {FU_SCSI_WB_SENSE_KEY_NOT_READY, 0x04, 0x20, 0x21, FU_SCSI_WB_CLASS_NEEDS_RESET},
    {FU_SCSI_WB_SENSE_KEY_NOT_READY, 0x04, 0x22, 0x22, FU_SCSI_WB_CLASS_NEEDS_POWER_CYCLE},
    {FU_SCSI_WB_SENSE_KEY_NOT_READY, 0x3a, 0x00, 0xff, FU_SCSI_WB_CLASS_NO_MEDIUM},
    {FU_SCSI_WB_SENSE_KEY_NOT_READY, 0xff, 0x00, 0xff, FU_SCSI_WB_CLASS_NOT_READY},
    {FU_SCSI_WB_SENSE_KEY_MEDIUM_ERROR, 0xff, 0x00, 0xff, FU_SCSI_WB_CLASS_INTERNAL},
    {FU_SCSI_WB_SENSE_KEY_HARDWARE_ERROR, 0x3f, 0x80, 0xff, FU_SCSI_WB_CLASS_VENDOR_FAILED},
    {FU_SCSI_WB_SENSE_KEY_HARDWARE_ERROR, 0xff, 0x00, 0xff, FU_SCSI_WB_CLASS_INTERNAL},
    {FU_SCSI_WB_SENSE_KEY_ILLEGAL_REQUEST, 0x1a, 0x00, 0x00, FU_SCSI_WB_CLASS_PARAMETER_LENGTH},
    {FU_SCSI_WB_SENSE_KEY_ILLEGAL_REQUEST, 0x20, 0x00, 0x00, FU_SCSI_WB_CLASS_OPCODE_UNSUPPORTED},
    {FU_SCSI_WB_SENSE_KEY_ILLEGAL_REQUEST, 0x24, 0x00, 0x00, FU_SCSI_WB_CLASS_CDB_FIELD},
    {FU_SCSI_WB_SENSE_KEY_ILLEGAL_REQUEST, 0x24, 0x80, 0xff, FU_SCSI_WB_CLASS_VENDOR_REFUSED},
    {FU_SCSI_WB_SENSE_KEY_ILLEGAL_REQUEST, 0x26, 0x00, 0xff, FU_SCSI_WB_CLASS_IMAGE_REFUSED},
    {FU_SCSI_WB_SENSE_KEY_ILLEGAL_REQUEST, 0x2c, 0x00, 0x00, FU_SCSI_WB_CLASS_SEQUENCE},
    {FU_SCSI_WB_SENSE_KEY_ILLEGAL_REQUEST, 0x3f, 0x0f, 0x0f, FU_SCSI_WB_CLASS_ECHO_OVERWRITTEN},
    {FU_SCSI_WB_SENSE_KEY_ILLEGAL_REQUEST, 0x55, 0x03, 0x03, FU_SCSI_WB_CLASS_NO_RESOURCES},
    {FU_SCSI_WB_SENSE_KEY_ILLEGAL_REQUEST, 0x55, 0x0b, 0x0b, FU_SCSI_WB_CLASS_NO_POWER},
    {FU_SCSI_WB_SENSE_KEY_ILLEGAL_REQUEST, 0xff, 0x00, 0xff, FU_SCSI_WB_CLASS_ILLEGAL_REQUEST},
    /* one that does not say why, or was cut off, may be of a reset */
    {FU_SCSI_WB_SENSE_KEY_UNIT_ATTENTION, 0x00, 0x00, 0xff, FU_SCSI_WB_CLASS_UA_RESET},
    {FU_SCSI_WB_SENSE_KEY_UNIT_ATTENTION, 0x29, 0x00, 0xff, FU_SCSI_WB_CLASS_UA_RESET},
    {FU_SCSI_WB_SENSE_KEY_UNIT_ATTENTION, 0x3f, 0x01, 0x01, FU_SCSI_WB_CLASS_UA_MICROCODE},
    {FU_SCSI_WB_SENSE_KEY_UNIT_ATTENTION, 0x3f, 0x03, 0x03, FU_SCSI_WB_CLASS_UA_INQUIRY},
    {FU_SCSI_WB_SENSE_KEY_UNIT_ATTENTION, 0x3f, 0x16, 0x16, FU_SCSI_WB_CLASS_UA_MICROCODE},
    {FU_SCSI_WB_SENSE_KEY_UNIT_ATTENTION, 0xff, 0x00, 0xff, FU_SCSI_WB_CLASS_UA_OTHER},
    {FU_SCSI_WB_SENSE_KEY_DATA_PROTECT, 0xff, 0x00, 0xff, FU_SCSI_WB_CLASS_PROTECTED},
    {FU_SCSI_WB_SENSE_KEY_ABORTED_COMMAND, 0x3f, 0x0f, 0x0f, FU_SCSI_WB_CLASS_ECHO_OVERWRITTEN},
    {FU_SCSI_WB_SENSE_KEY_ABORTED_COMMAND, 0x47, 0x00, 0xff, FU_SCSI_WB_CLASS_TRANSFER_FAILED},
    {FU_SCSI_WB_SENSE_KEY_ABORTED_COMMAND, 0x48, 0x00, 0xff, FU_SCSI_WB_CLASS_TRANSFER_FAILED},
    {FU_SCSI_WB_SENSE_KEY_ABORTED_COMMAND, 0x4b, 0x00, 0xff, FU_SCSI_WB_CLASS_TRANSFER_FAILED},
    {FU_SCSI_WB_SENSE_KEY_ABORTED_COMMAND, 0xff, 0x00, 0xff, FU_SCSI_WB_CLASS_ABORTED},
};

typedef struct {
	guint value;
	FuScsiWbClass klass;
} FuScsiWbSenseMap;

static const FuScsiWbSenseMap statuses[] = {
    {FU_SCSI_WB_STATUS_GOOD, FU_SCSI_WB_CLASS_ACCEPTED},
    {FU_SCSI_WB_STATUS_BUSY, FU_SCSI_WB_CLASS_BUSY},
    {FU_SCSI_WB_STATUS_TASK_SET_FULL, FU_SCSI_WB_CLASS_BUSY},
    {FU_SCSI_WB_STATUS_ACA_ACTIVE, FU_SCSI_WB_CLASS_BUSY},
    {FU_SCSI_WB_STATUS_TASK_ABORTED, FU_SCSI_WB_CLASS_TASK_ABORTED},
    {FU_SCSI_WB_STATUS_RESERVATION_CONFLICT, FU_SCSI_WB_CLASS_RESERVED},
};

static const FuScsiWbSenseMap host_statuses[] = {
    {FU_SCSI_WB_HOST_STATUS_NO_CONNECT, FU_SCSI_WB_CLASS_GONE},
    {FU_SCSI_WB_HOST_STATUS_BAD_TARGET, FU_SCSI_WB_CLASS_GONE},
    {FU_SCSI_WB_HOST_STATUS_TRANSPORT_DISRUPTED, FU_SCSI_WB_CLASS_GONE},
    {FU_SCSI_WB_HOST_STATUS_TRANSPORT_FAILFAST, FU_SCSI_WB_CLASS_GONE},
    {FU_SCSI_WB_HOST_STATUS_TRANSPORT_MARGINAL, FU_SCSI_WB_CLASS_GONE},
    {FU_SCSI_WB_HOST_STATUS_BUS_BUSY, FU_SCSI_WB_CLASS_BUS_ERROR},
    {FU_SCSI_WB_HOST_STATUS_PARITY, FU_SCSI_WB_CLASS_BUS_ERROR},
    {FU_SCSI_WB_HOST_STATUS_TIME_OUT, FU_SCSI_WB_CLASS_TIMED_OUT},
    {FU_SCSI_WB_HOST_STATUS_ABORT, FU_SCSI_WB_CLASS_HOST_ABORTED},
    {FU_SCSI_WB_HOST_STATUS_RESET, FU_SCSI_WB_CLASS_HOST_RESET},
    {FU_SCSI_WB_HOST_STATUS_SOFT_ERROR, FU_SCSI_WB_CLASS_BUSY},
    {FU_SCSI_WB_HOST_STATUS_IMM_RETRY, FU_SCSI_WB_CLASS_BUSY},
    {FU_SCSI_WB_HOST_STATUS_REQUEUE, FU_SCSI_WB_CLASS_BUSY},
};

static const FuScsiWbSenseMap errnos[] = {
    {ENODEV, FU_SCSI_WB_CLASS_GONE},
    {ENXIO, FU_SCSI_WB_CLASS_GONE},
    {ENOMEM, FU_SCSI_WB_CLASS_KERNEL_MEMORY},
    {EAGAIN, FU_SCSI_WB_CLASS_KERNEL_MEMORY},
    {EBUSY, FU_SCSI_WB_CLASS_KERNEL_MEMORY},
    {ENOTTY, FU_SCSI_WB_CLASS_KERNEL_UNSUPPORTED},
    {EPERM, FU_SCSI_WB_CLASS_KERNEL_FORBIDDEN},
    {EACCES, FU_SCSI_WB_CLASS_KERNEL_FORBIDDEN},
    {EINTR, FU_SCSI_WB_CLASS_INTERRUPTED},
};

static FuScsiWbClass
fu_scsi_wb_sense_map(const FuScsiWbSenseMap *map, gsize map_len, guint value, FuScsiWbClass other)
{
	for (gsize i = 0; i < map_len; i++) {
		if (map[i].value == value)
			return map[i].klass;
	}
	return other;
}

static FuScsiWbClass
fu_scsi_wb_sense_classify(guint8 key, guint8 asc, guint8 ascq)
{
	for (guint i = 0; i < G_N_ELEMENTS(rules); i++) {
		const FuScsiWbSenseRule *rule = &rules[i];
		if (rule->key != FU_SCSI_WB_SENSE_ANY && rule->key != key)
			continue;
		if (rule->asc != FU_SCSI_WB_SENSE_ANY && rule->asc != asc)
			continue;
		if (ascq >= rule->ascq_first && ascq <= rule->ascq_last)
			return rule->klass;
	}
	return FU_SCSI_WB_CLASS_OTHER_SENSE;
}

/* SPC-4 (INCITS 513): sense key specific data, field pointer; fixed format carries it in bytes 15
 * to 17, descriptor format in a descriptor of type 02h */
static void
fu_scsi_wb_sense_append_field_pointer(GString *str, const FuScsiWbResult *result)
{
	const guint8 *sks = NULL;
	const guint8 *end = result->sense + result->sense_bytes;
	const guint8 *descriptor =
	    sg_scsi_sense_desc_find(result->sense, result->sense_bytes, 0x02);
	guint8 response_code = result->sense[0] & 0x7f;

	/* libsgutils2 also finds a descriptor that is cut off */
	if (descriptor != NULL && end - descriptor >= 7 && descriptor[1] >= 6)
		sks = descriptor + 4;
	else if (response_code <= 0x71 && result->sense_bytes >= 18 && result->sense[7] >= 10)
		sks = result->sense + 15;
	if (sks == NULL || (sks[0] & 0x80) == 0)
		return;
	g_string_append_printf(str,
			       ", %s byte %u",
			       (sks[0] & 0x40) > 0 ? "CDB" : "parameter",
			       fu_memread_uint16(sks + 1, G_BIG_ENDIAN));
	if (sks[0] & 0x08)
		g_string_append_printf(str, " bit %u", (guint)(sks[0] & 0x07));
}

/* how long the activation may take, as the device says; 0 if it does not */
static guint16
fu_scsi_wb_sense_get_activation_s(const FuScsiWbResult *result)
{
	const guint8 *descriptor =
	    sg_scsi_sense_desc_find(result->sense,
				    result->sense_bytes,
				    FU_STRUCT_SCSI_WB_SENSE_ACTIVATION_DEFAULT_DESCRIPTOR_TYPE);
	g_autoptr(FuStructScsiWbSenseActivation) st = NULL;

	if (descriptor == NULL)
		return 0;
	st = fu_struct_scsi_wb_sense_activation_parse(result->sense,
						      result->sense_bytes,
						      descriptor - result->sense,
						      NULL);
	if (st == NULL || fu_struct_scsi_wb_sense_activation_get_additional_length(st) <
			      FU_STRUCT_SCSI_WB_SENSE_ACTIVATION_SIZE - 2)
		return 0;
	return fu_struct_scsi_wb_sense_activation_get_activation_s(st);
}

/* libsgutils2 knows the words but has its own idea of a prefix */
static void
fu_scsi_wb_sense_append_words(GString *str, const struct sg_scsi_sense_hdr *hdr)
{
	gchar buf[128] = {0};
	const gchar *words = buf;

	sg_get_sense_key_str(hdr->sense_key, sizeof(buf), buf);
	g_string_append_printf(str, "%s, ", buf);
	sg_get_asc_ascq_str(hdr->asc, hdr->ascq, sizeof(buf), buf);
	if (g_str_has_prefix(buf, "Additional sense: "))
		words += strlen("Additional sense: ");
	g_string_append_printf(str,
			       "%s, %02X/%02X/%02X",
			       words,
			       (guint)hdr->sense_key,
			       (guint)hdr->asc,
			       (guint)hdr->ascq);
}

/* libsgutils2 takes a sense key that was cut off for NO SENSE, which would be a success */
static gboolean
fu_scsi_wb_sense_normalize(const FuScsiWbResult *result, struct sg_scsi_sense_hdr *hdr)
{
	if (!sg_scsi_normalize_sense(result->sense, result->sense_bytes, hdr))
		return FALSE;
	return result->sense_bytes > (hdr->response_code <= 0x71 ? 2 : 1);
}

/* what an earlier command has recovered from takes nothing away from it */
static FuScsiWbClass
fu_scsi_wb_sense_get_deferred_class(guint8 key)
{
	if (key == FU_SCSI_WB_SENSE_KEY_NO_SENSE || key == FU_SCSI_WB_SENSE_KEY_RECOVERED_ERROR)
		return FU_SCSI_WB_CLASS_DEFERRED_RECOVERED;
	return FU_SCSI_WB_CLASS_DEFERRED_ERROR;
}

static void
fu_scsi_wb_sense_judge_sense(FuScsiWbVerdict *verdict, const FuScsiWbResult *result)
{
	struct sg_scsi_sense_hdr hdr = {0};
	g_autoptr(GString) str = g_string_new(NULL);

	/* a fixed format answer of less than 14 bytes has no ASCQ to judge by */
	if (!fu_scsi_wb_sense_normalize(result, &hdr)) {
		verdict->klass = FU_SCSI_WB_CLASS_OTHER_SENSE;
		verdict->words = g_strdup("CHECK CONDITION without valid sense data");
		return;
	}
	verdict->key = hdr.sense_key;
	verdict->asc = hdr.asc;
	verdict->ascq = hdr.ascq;
	verdict->klass = fu_scsi_wb_sense_classify(hdr.sense_key, hdr.asc, hdr.ascq);

	fu_scsi_wb_sense_append_words(str, &hdr);
	fu_scsi_wb_sense_append_field_pointer(str, result);
	verdict->activation_s = fu_scsi_wb_sense_get_activation_s(result);
	if (verdict->activation_s > 0)
		g_string_append_printf(str, ", activation takes %u s", verdict->activation_s);
	if (hdr.response_code == 0x71 || hdr.response_code == 0x73) {
		verdict->klass = fu_scsi_wb_sense_get_deferred_class(hdr.sense_key);
		g_string_append(str, " of an earlier command");
	}
	verdict->words = g_string_free(g_steal_pointer(&str), FALSE);
}

static void
fu_scsi_wb_sense_judge_host(FuScsiWbVerdict *verdict, const FuScsiWbResult *result)
{
	const gchar *name = fu_scsi_wb_host_status_to_string(result->host_status);

	if (result->host_status == FU_SCSI_WB_HOST_STATUS_OK) {
		verdict->klass = FU_SCSI_WB_CLASS_HOST_ERROR;
		verdict->words = g_strdup_printf("driver status 0x%02x", result->driver_status);
		return;
	}
	verdict->klass = fu_scsi_wb_sense_map(host_statuses,
					      G_N_ELEMENTS(host_statuses),
					      result->host_status,
					      FU_SCSI_WB_CLASS_HOST_ERROR);
	if (verdict->klass == FU_SCSI_WB_CLASS_TIMED_OUT) {
		verdict->words = g_strdup_printf("no answer in %u s", result->timeout_ms / 1000);
		return;
	}
	verdict->words = g_strdup_printf("host status 0x%02x, %s",
					 result->host_status,
					 name != NULL ? name : "unknown");
}

/* fwupd has no words for numbers that only the kernel itself should see, and some leak */
static gchar *
fu_scsi_wb_sense_describe_errno(const FuScsiWbResult *result)
{
	const gchar *words = fwupd_strerror(result->sys_errno);
	g_autoptr(GString) str = g_string_new(words);

	if (words == NULL)
		g_string_append_printf(str, "errno %d", result->sys_errno);
	if (result->node != NULL)
		g_string_append_printf(str, " on %s", result->node);
	return g_string_free(g_steal_pointer(&str), FALSE);
}

static void
fu_scsi_wb_sense_judge_status(FuScsiWbVerdict *verdict, const FuScsiWbResult *result)
{
	const gchar *name = fu_scsi_wb_status_to_string(result->status);

	verdict->klass = fu_scsi_wb_sense_map(statuses,
					      G_N_ELEMENTS(statuses),
					      result->status,
					      FU_SCSI_WB_CLASS_OTHER_STATUS);
	verdict->words =
	    g_strdup_printf("status 0x%02x, %s", result->status, name != NULL ? name : "unknown");
}

/* an image with a hole is worse than none */
static void
fu_scsi_wb_sense_judge_residual(FuScsiWbVerdict *verdict, const FuScsiWbResult *result)
{
	g_autofree gchar *words = NULL;

	if (result->resid_bytes == 0)
		return;
	if (verdict->klass == FU_SCSI_WB_CLASS_ACCEPTED)
		verdict->klass = FU_SCSI_WB_CLASS_RESIDUAL;
	else if (verdict->klass != FU_SCSI_WB_CLASS_HOST_ERROR)
		return;
	words = g_steal_pointer(&verdict->words);
	verdict->words =
	    g_strdup_printf("%s, %" G_GINT64_FORMAT " of %" G_GSIZE_FORMAT " bytes taken",
			    words,
			    (gint64)result->sent_bytes - result->resid_bytes,
			    result->sent_bytes);
}

/**
 * fu_scsi_wb_sense_is_good:
 * @result: how a command ended
 *
 * Tells whether there is nothing to say of a command but that it was accepted, as of nearly every
 * segment: fu_scsi_wb_sense_judge() of such a result is %FU_SCSI_WB_CLASS_ACCEPTED without sense.
 *
 * Returns: %TRUE for status GOOD with all bytes taken, and no word of kernel or host adapter
 **/
gboolean
fu_scsi_wb_sense_is_good(const FuScsiWbResult *result)
{
	return result->sys_errno == 0 && result->host_status == FU_SCSI_WB_HOST_STATUS_OK &&
	       result->driver_status == 0 && result->status == FU_SCSI_WB_STATUS_GOOD &&
	       result->resid_bytes == 0;
}

/**
 * fu_scsi_wb_sense_judge:
 * @result: how a command ended
 *
 * Judges what a result means: kernel first, then host adapter, then device.
 *
 * Returns: (transfer full): a verdict, never %NULL
 **/
FuScsiWbVerdict *
fu_scsi_wb_sense_judge(const FuScsiWbResult *result)
{
	g_autoptr(FuScsiWbVerdict) verdict = g_new0(FuScsiWbVerdict, 1);

	if (result->sys_errno != 0) {
		verdict->klass = fu_scsi_wb_sense_map(errnos,
						      G_N_ELEMENTS(errnos),
						      result->sys_errno,
						      FU_SCSI_WB_CLASS_KERNEL_REFUSED);
		verdict->words = fu_scsi_wb_sense_describe_errno(result);
	} else if (result->host_status != FU_SCSI_WB_HOST_STATUS_OK ||
		   (result->driver_status & ~FU_SCSI_WB_SENSE_DRIVER_STATUS) != 0) {
		fu_scsi_wb_sense_judge_host(verdict, result);
	} else if (result->status == FU_SCSI_WB_STATUS_CHECK_CONDITION) {
		fu_scsi_wb_sense_judge_sense(verdict, result);
	} else {
		fu_scsi_wb_sense_judge_status(verdict, result);
	}

	fu_scsi_wb_sense_judge_residual(verdict, result);
	return g_steal_pointer(&verdict);
}

void
fu_scsi_wb_sense_verdict_free(FuScsiWbVerdict *verdict)
{
	g_free(verdict->words);
	g_free(verdict);
}
