/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-struct.h"
#include "fu-scsi-wb-transport.h"

/**
 * FuScsiWbVerdict:
 * @klass: what the result means
 * @key: sense key, 0 without sense data
 * @asc: additional sense code, 0 without sense data
 * @ascq: additional sense code qualifier, 0 without sense data
 * @activation_s: how long the device says an activation takes, 0 if it does not say
 * @words: the status, sense or errno in words, never %NULL
 *
 * One judgement of one result, whatever part of the system spoke.
 **/
typedef struct {
	FuScsiWbClass klass;
	guint8 key;
	guint8 asc;
	guint8 ascq;
	guint16 activation_s;
	gchar *words;
} FuScsiWbVerdict;

gboolean
fu_scsi_wb_sense_is_good(const FuScsiWbResult *result) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
FuScsiWbVerdict *
fu_scsi_wb_sense_judge(const FuScsiWbResult *result) G_GNUC_WARN_UNUSED_RESULT G_GNUC_NON_NULL(1);
void
fu_scsi_wb_sense_verdict_free(FuScsiWbVerdict *verdict);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FuScsiWbVerdict, fu_scsi_wb_sense_verdict_free)
