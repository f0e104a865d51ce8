/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fuzz-check.h"
#include "fuzz-input.h"
#include "fuzz-policy.h"

/* what has to hold of any answer, whatever its bytes are: it means one thing, only the bytes that
 * are there count, and nothing but the device's own word is a success */

/* SAM-5 (INCITS 515), SPC-4 (INCITS 513) and Linux 6.1, include/scsi/sg.h, read once more */
#define FUZZ_SENSE_CHECK_CONDITION 0x02
#define FUZZ_SENSE_DRIVER_SENSE	   0x08
#define FUZZ_SENSE_CURRENT_FIXED   0x70
#define FUZZ_SENSE_DEFERRED_FIXED  0x71

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/**
 * FuzzSenseSaid:
 * @is_deferred: it is about an earlier command
 * @key: sense key
 * @asc: additional sense code
 * @ascq: additional sense code qualifier
 * @pointer: sense key specific data
 *
 * What a device may say in either format.
 **/
typedef struct {
	gboolean is_deferred;
	guint8 key;
	guint8 asc;
	guint8 ascq;
	guint8 pointer[3];
} FuzzSenseSaid;

static void
fuzz_sense_take_result(FuScsiWbResult *result, FuzzInput *input)
{
	guint8 parts = fuzz_input_byte(input);

	*result = (FuScsiWbResult){.status = FUZZ_SENSE_CHECK_CONDITION, .timeout_ms = 300000};
	if (parts & 0x01)
		result->sys_errno = fuzz_input_byte(input);
	if (parts & 0x02)
		result->host_status = fuzz_input_number(input, G_MAXUINT16);
	if (parts & 0x04)
		result->driver_status = fuzz_input_number(input, G_MAXUINT16);
	if (parts & 0x08) {
		result->sent_bytes = fuzz_input_number(input, 0xffffff);
		result->resid_bytes = fuzz_input_number(input, G_MAXUINT32);
	}
	if (parts & 0x10)
		result->status = fuzz_input_byte(input);
	if (parts & 0x20)
		result->node = "/dev/sg0";
}

/* what lies behind the sense data in memory has to make no difference */
static FuScsiWbVerdict *
fuzz_sense_judge(FuScsiWbResult *result, const guint8 *sense, gsize sense_bytes)
{
	const guint8 fills[] = {0x00, 0xff, 0x70, 0x02, 0x06};
	g_autoptr(FuScsiWbVerdict) first = NULL;

	result->sense_bytes = sense_bytes;
	for (guint i = 0; i < G_N_ELEMENTS(fills); i++) {
		g_autoptr(FuScsiWbVerdict) verdict = NULL;
		memset(result->sense, fills[i], sizeof(result->sense));
		if (sense_bytes > 0)
			memcpy(result->sense, sense, sense_bytes);
		verdict = fu_scsi_wb_sense_judge(result);
		g_assert_nonnull(verdict);
		if (fu_scsi_wb_sense_is_good(result)) {
			g_assert_cmpint(verdict->klass, ==, FU_SCSI_WB_CLASS_ACCEPTED);
			g_assert_cmpuint(verdict->key + verdict->asc + verdict->ascq, ==, 0);
			g_assert_cmpuint(verdict->activation_s, ==, 0);
		}
		if (first == NULL) {
			first = g_steal_pointer(&verdict);
			continue;
		}
		g_assert_cmpint(verdict->klass, ==, first->klass);
		g_assert_cmphex(verdict->key, ==, first->key);
		g_assert_cmphex(verdict->asc, ==, first->asc);
		g_assert_cmphex(verdict->ascq, ==, first->ascq);
		g_assert_cmpuint(verdict->activation_s, ==, first->activation_s);
		g_assert_cmpstr(verdict->words, ==, first->words);
	}
	fuzz_check_words(first->words);
	fuzz_policy_check(first);
	return g_steal_pointer(&first);
}

/* GOOD, or a sense key that is there and says NO SENSE or RECOVERED ERROR of this very command */
static gboolean
fuzz_sense_is_success(const FuScsiWbResult *result)
{
	const guint8 *sense = result->sense;
	guint8 code = sense[0] & 0x7f;
	guint key_at = code == FUZZ_SENSE_CURRENT_FIXED ? 2 : 1;

	if (result->sys_errno != 0 || result->host_status != 0 || result->resid_bytes != 0)
		return FALSE;
	if ((result->driver_status & ~FUZZ_SENSE_DRIVER_SENSE) != 0)
		return FALSE;
	if (result->status != FUZZ_SENSE_CHECK_CONDITION)
		return result->status == 0x00;
	if (result->sense_bytes <= key_at || (code != 0x70 && code != 0x72))
		return FALSE;
	return (sense[key_at] & 0x0f) <= 0x01;
}

static gboolean
fuzz_sense_is_host(FuScsiWbClass klass)
{
	return klass >= FU_SCSI_WB_CLASS_GONE && klass <= FU_SCSI_WB_CLASS_HOST_ERROR;
}

/* the kernel's word counts before that of the adapter, and that before the device's */
static void
fuzz_sense_check_rank(const FuScsiWbResult *result, const FuScsiWbVerdict *verdict)
{
	if (verdict->klass == FU_SCSI_WB_CLASS_ACCEPTED)
		g_assert_true(fuzz_sense_is_success(result));
	if (result->sys_errno != 0) {
		g_assert_true(verdict->klass == FU_SCSI_WB_CLASS_GONE ||
			      (verdict->klass >= FU_SCSI_WB_CLASS_KERNEL_REFUSED &&
			       verdict->klass <= FU_SCSI_WB_CLASS_INTERRUPTED));
		return;
	}
	if (result->host_status != 0)
		g_assert_true(fuzz_sense_is_host(verdict->klass) ||
			      verdict->klass == FU_SCSI_WB_CLASS_BUSY);
	else if ((result->driver_status & ~FUZZ_SENSE_DRIVER_SENSE) == 0)
		g_assert_false(fuzz_sense_is_host(verdict->klass));
}

/* any bytes, cut off anywhere */
static void
fuzz_sense_check_raw(FuzzInput *input)
{
	FuScsiWbResult result;
	const guint8 *sense;
	gsize sense_bytes = FU_SCSI_WB_SENSE_BYTES_MAX;
	g_autoptr(FuScsiWbVerdict) verdict = NULL;

	fuzz_sense_take_result(&result, input);
	sense = fuzz_input_take(input, &sense_bytes);
	verdict = fuzz_sense_judge(&result, sense, sense_bytes);
	fuzz_sense_check_rank(&result, verdict);
}

static FuScsiWbVerdict *
fuzz_sense_say_fixed(const FuzzSenseSaid *said)
{
	FuScsiWbResult result = {.status = FUZZ_SENSE_CHECK_CONDITION};
	const guint8 sense[] = {
	    said->is_deferred ? FUZZ_SENSE_DEFERRED_FIXED : FUZZ_SENSE_CURRENT_FIXED,
	    0,
	    said->key,
	    0,
	    0,
	    0,
	    0,
	    10, /* bytes after this one */
	    0,
	    0,
	    0,
	    0,
	    said->asc,
	    said->ascq,
	    0,
	    said->pointer[0],
	    said->pointer[1],
	    said->pointer[2],
	};
	return fuzz_sense_judge(&result, sense, sizeof(sense));
}

static FuScsiWbVerdict *
fuzz_sense_say_descriptor(const FuzzSenseSaid *said)
{
	FuScsiWbResult result = {.status = FUZZ_SENSE_CHECK_CONDITION};
	const guint8 sense[] = {
	    said->is_deferred ? 0x73 : 0x72,
	    said->key,
	    said->asc,
	    said->ascq,
	    0,
	    0,
	    0,
	    16,	  /* bytes after this one: two descriptors */
	    0x80, /* of a maker's own */
	    6,
	    0,
	    0,
	    0,
	    0,
	    0,
	    0,
	    0x02, /* sense key specific */
	    6,
	    0,
	    0,
	    said->pointer[0],
	    said->pointer[1],
	    said->pointer[2],
	    0,
	};
	return fuzz_sense_judge(&result, sense, sizeof(sense));
}

/* both formats say the same, and mean it */
static void
fuzz_sense_check_formats(FuzzInput *input)
{
	FuzzSenseSaid said;
	g_autofree gchar *code = NULL;
	g_autoptr(FuScsiWbVerdict) fixed = NULL;
	g_autoptr(FuScsiWbVerdict) descriptor = NULL;

	said.key = fuzz_input_byte(input);
	said.is_deferred = said.key >= 0x80;
	said.key &= 0x0f;
	said.asc = fuzz_input_byte(input);
	said.ascq = fuzz_input_byte(input);
	for (guint i = 0; i < sizeof(said.pointer); i++)
		said.pointer[i] = fuzz_input_byte(input);
	fixed = fuzz_sense_say_fixed(&said);
	descriptor = fuzz_sense_say_descriptor(&said);
	g_assert_cmpint(fixed->klass, ==, descriptor->klass);
	g_assert_cmpstr(fixed->words, ==, descriptor->words);
	g_assert_cmphex(fixed->key, ==, said.key);
	g_assert_cmphex(fixed->asc, ==, said.asc);
	g_assert_cmphex(fixed->ascq, ==, said.ascq);
	g_assert_cmphex(descriptor->key, ==, said.key);
	g_assert_cmphex(descriptor->asc, ==, said.asc);
	g_assert_cmphex(descriptor->ascq, ==, said.ascq);

	/* a person who looks it up in the manual needs the numbers */
	code = g_strdup_printf("%02X/%02X/%02X", said.key, said.asc, said.ascq);
	g_assert_nonnull(g_strstr_len(fixed->words, -1, code));
	if (said.is_deferred)
		g_assert_true(fixed->klass == FU_SCSI_WB_CLASS_DEFERRED_ERROR ||
			      fixed->klass == FU_SCSI_WB_CLASS_DEFERRED_RECOVERED);
	else if (said.key == 0x06)
		g_assert_true(fixed->klass == FU_SCSI_WB_CLASS_SIGNATURE ||
			      (fixed->klass >= FU_SCSI_WB_CLASS_UA_RESET &&
			       fixed->klass <= FU_SCSI_WB_CLASS_UA_OTHER));
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	FuzzInput input = {.data = data, .size = size};

	fuzz_sense_check_formats(&input);
	fuzz_sense_check_raw(&input);
	return 0;
}
