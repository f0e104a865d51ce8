#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# list: long
#
# Devices that are back 40 s after they have begun to run their new firmware, in real time: one answers at once
# that it is becoming ready, the way to the other one is cut: commands end with host status 0Eh
# (DID_TRANSPORT_DISRUPTED), and Linux does not forget the device.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"
# shellcheck source-path=SCRIPTDIR source=../standard-lib.sh
. "$(dirname "$0")/../standard-lib.sh"

# not_ready NAME: how often it has said that it is becoming ready
not_ready() {
	scsi-wb-target log "$1" | grep -c ' CHECK 02/04/01 TEST UNIT READY'
}

write_quirks <<<''
row slow 100001 runs '4x07 GOOD' -
row away 100001 activate '4x0e GOOD' -

run_rows
expect_status "slow: the plugin has waited" 0 test "${row_seconds[slow]}" -ge 40
expect_status "slow: it has asked all the time" 0 test "$(not_ready slow)" -ge 30
expect_status "away: the plugin has waited" 0 test "$activate_seconds" -ge 40
# the first that is heard of it again: it has been without power
expect_equal "away: the answer after the activation" 06/29/00 \
	"$(scsi-wb-target log away | sed -n '/ mode=0f /{n;s/.* CHECK \([^ ]*\) .*/\1/p}')"
finish
