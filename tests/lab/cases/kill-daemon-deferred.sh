#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# timeout: 1200
#
# fwupd.service is killed at every segment of an update that waits for its activation, before the activation and
# when it has reached the device: see kill-daemon.sh.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"
# shellcheck source-path=SCRIPTDIR source=../kill-lib.sh
. "$(dirname "$0")/../kill-lib.sh"

# kill_at INSTANT AFTER LISTED STEPS
kill_at() {
	hold_at deferred "$1"
	kill_daemon deferred
	expect_recovery deferred "daemon killed, $1" "${@:2}"
}

start_devices deferred
prepare_kills deferred
know_factory deferred
for segment in $(seq "$KILL_SEGMENTS"); do
	kill_at "$segment" old old 'install: 0, activate: 0'
done
kill_at waked old 'old needs-activation' 'activate: 0'
kill_at activated new new 'install: already installed'
print_recoveries "daemon killed"
finish
