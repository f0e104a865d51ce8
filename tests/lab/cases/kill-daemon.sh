#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# timeout: 1200
#
# fwupd.service is killed at every segment of an update that takes effect with its last segment, before the first
# one, and before the result is read; at some segments of an update by which the device does not look at offsets,
# so that what has arrived is continued by the next attempt. kill-daemon-deferred.sh has the other way to activate.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"
# shellcheck source-path=SCRIPTDIR source=../kill-lib.sh
. "$(dirname "$0")/../kill-lib.sh"

# kill_at NAME INSTANT: the last segment is the one that counts
kill_at() {
	local after="old" steps="install: 0"
	case $2 in
	"$KILL_SEGMENTS" | waiting | verifying) after=new steps="install: already installed" ;;
	esac
	hold_at "$1" "$2"
	kill_daemon "$1"
	expect_recovery "$1" "daemon killed, $2" "$after" "$after" "$steps"
}

start_devices disk library
prepare_kills disk library
know_factory disk library
for instant in begun $(seq "$KILL_SEGMENTS") waiting verifying; do
	kill_at disk "$instant"
done
for instant in 1 6 "$KILL_SEGMENTS"; do
	kill_at library "$instant"
done
print_recoveries "daemon killed"
finish
