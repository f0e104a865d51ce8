/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-identity.h"
#include "fu-scsi-wb-plan.h"

/**
 * FuScsiWbReport:
 * @node: (nullable): the SCSI generic node, %NULL without a device
 * @identity: who it is
 * @rows: (array zero-terminated=1): instance IDs of the quirk rows that it was named by
 * @profile: what they say
 * @caps: what the device says
 * @limits: what the host allows
 * @traits: what holds
 * @plan: what would be sent
 * @image_name: (nullable): file name of the image
 * @n_questions: how many commands were sent, all of them questions
 * @usage: (nullable): what the disk is used for, %NULL if for nothing, or without a device
 * @refusal: (nullable): why an update would be refused all the same
 *
 * What a dry run has found out. Nothing in it is owned.
 **/
typedef struct {
	const gchar *node;
	const FuScsiWbIdentity *identity;
	const gchar *const *rows;
	const FuScsiWbProfile *profile;
	const FuScsiWbCaps *caps;
	const FuScsiWbLimits *limits;
	const FuScsiWbTraits *traits;
	const FuScsiWbPlan *plan;
	const gchar *image_name;
	guint n_questions;
	const gchar *usage;
	const gchar *refusal;
} FuScsiWbReport;

/**
 * FuScsiWbReportKind:
 *
 * How a value is shown to people.
 **/
typedef enum {
	FU_SCSI_WB_REPORT_KIND_HEX,
	FU_SCSI_WB_REPORT_KIND_COUNT,
	FU_SCSI_WB_REPORT_KIND_BYTES,
	FU_SCSI_WB_REPORT_KIND_SECONDS,
	FU_SCSI_WB_REPORT_KIND_BOOLEAN,
	FU_SCSI_WB_REPORT_KIND_TEXT,
} FuScsiWbReportKind;

/**
 * FuScsiWbReportValue:
 * @key: its name in JSON
 * @label: its name for people
 * @kind: how it is shown
 * @number: the value, unless @kind is TEXT
 * @text: (nullable): the value, if @kind is TEXT
 * @source: where it comes from, for people
 * @is_known: %FALSE if there is no value
 *
 * One thing that holds, and why.
 **/
typedef struct {
	const gchar *key;
	const gchar *label;
	FuScsiWbReportKind kind;
	guint64 number;
	const gchar *text;
	const gchar *source;
	gboolean is_known;
} FuScsiWbReportValue;

GArray *
fu_scsi_wb_report_get_values(const FuScsiWbReport *self) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);
gchar *
fu_scsi_wb_report_describe_link(const FuScsiWbReport *self) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);
gchar *
fu_scsi_wb_report_describe_cdb(const FuScsiWbSegment *segment,
			       const gchar *separator) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1, 2);
const gchar *
fu_scsi_wb_report_describe_type(const FuScsiWbReport *self) G_GNUC_NON_NULL(1);
gboolean
fu_scsi_wb_report_flushes(const FuScsiWbReport *self) G_GNUC_NON_NULL(1);
gchar *
fu_scsi_wb_report_text_write(const FuScsiWbReport *self, gboolean is_all) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);
gchar *
fu_scsi_wb_report_json_write(const FuScsiWbReport *self) G_GNUC_WARN_UNUSED_RESULT
    G_GNUC_NON_NULL(1);
