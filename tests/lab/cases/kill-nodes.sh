#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# timeout: 1200
#
# The node goes away in the middle of an update, and comes back under another name: the update has failed, and
# the next one finds the device. When the device has its last segment, the update waits for the new node.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"
# shellcheck source-path=SCRIPTDIR source=../kill-lib.sh
. "$(dirname "$0")/../kill-lib.sh"

# remove NAME: Linux forgets the device; where a command is under way, it does so when that has ended, and takes
# no other one
remove() {
	local unit
	unit=/sys/class/scsi_device/$(target_value "$1" hctl)/device
	echo 1 >"$unit/delete" &
	while [ "$(cat "$unit/state" 2>/dev/null)" = running ]; do
		sleep 0.1
	done
}

# find NAME: Linux looks for it again
find_again() {
	local hctl
	hctl=$(target_value "$1" hctl)
	echo '- - -' >"/sys/class/scsi_host/host${hctl%%:*}/scan"
	udevadm settle
}

# swap_names NAME [SECONDS]: both devices go away; when the held answer has come, and the seconds have passed, they
# come back in the other order
swap_names() {
	local before
	before=$(device_node disk)
	remove library
	remove disk
	let_go disk
	while [ "$(device_node disk)" != - ]; do
		sleep 0.1
	done
	sleep "${2:-0}"
	if [ "$before" = /dev/sg0 ]; then
		find_again library
		find_again disk
	else
		find_again disk
		find_again library
	fi
	expect_equal "$1: it has another name" yes "$([ "$(device_node disk)" = "$before" ] || echo yes)"
}

# pull INSTANT: the next segment finds no device, and the same daemon finds the new node for the next attempt
pull() {
	hold_at disk "$1"
	swap_names "node away, $1"
	wait "$kill_client" || true
	said >"$KILL_WORK/message"
	expect_text "node away, $1: where" "$KILL_WORK/message" \
		"failed to write-firmware: segment $(($1 + 1)) of $KILL_SEGMENTS, MODE 0x07, "
	expect_text "node away, $1: why" "$KILL_WORK/message" ': the device is gone ('
	expect_recovery disk "node away, $1" old old 'install: 0'
}

# pull_last: the device has the whole image, and is not there for a while when it is opened for what comes next
pull_last() {
	hold_at disk "$KILL_SEGMENTS"
	swap_names "node away, last" 5
	wait "$kill_client" || fail "node away, last: the update goes on" "$(said)"
	expect_recovery disk "node away, last" new new 'install: already installed'
}

start_devices library disk
prepare_kills disk
know_factory disk

# what udev says of the nodes is not what the kernel does
hold_at disk 6
udevadm trigger --action=remove "/sys/class/scsi_generic/$(basename "$(device_node disk)")" /sys/block/sda
udevadm settle
let_go disk
wait "$kill_client"
# where fwupd hears of udev's events, the list is as they say
udevadm trigger --action=add "/sys/class/scsi_generic/$(basename "$(device_node disk)")" /sys/block/sda
udevadm settle
expect_recovery disk "remove events, 6" new new 'install: already installed'
for instant in 1 6 11; do
	pull "$instant"
done
pull_last
print_recoveries "node away"
finish
