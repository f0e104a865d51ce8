/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "fu-scsi-wb-sense.h"

/**
 * fuzz_policy_check:
 * @verdict: what a result means
 *
 * Asserts, for each place of an update, that what happens next is what the README of the plugin
 * promises: nothing goes on after a segment that was not accepted, nothing is repeated that may
 * have been executed, and what ends the update has a text for people.
 **/
void
fuzz_policy_check(const FuScsiWbVerdict *verdict);
