/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-plan.h"
#include "fuzz-input.h"

/**
 * FuzzPlanCase:
 * @profile: what a row says; it need not make sense
 * @caps: what a device says
 * @limits: what the host allows
 * @image_bytes: the size of the image
 *
 * Whatever the types of these can hold.
 **/
typedef struct {
	FuScsiWbProfile profile;
	FuScsiWbCaps caps;
	FuScsiWbLimits limits;
	gsize image_bytes;
} FuzzPlanCase;

/**
 * fuzz_plan_case_init:
 * @self: (out caller-allocates): a case
 * @input: what it is made of
 **/
void
fuzz_plan_case_init(FuzzPlanCase *self, FuzzInput *input);

/**
 * fuzz_plan_case_has_flag:
 * @self: a case
 * @flags: flags of a quirk row
 *
 * Returns: whether the row has all of them
 **/
gboolean
fuzz_plan_case_has_flag(const FuzzPlanCase *self, FuScsiWbFlags flags);

/**
 * fuzz_plan_case_excludes:
 * @self: a case
 *
 * What the README of the plugin says of keys and flags that exclude or need each other.
 *
 * Returns: whether the row cannot work
 **/
gboolean
fuzz_plan_case_excludes(const FuzzPlanCase *self);
