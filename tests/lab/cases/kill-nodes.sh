#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# timeout: 1200
#
# The node goes away in the middle of an update, and comes back under another name: the update has failed, and
# the next one finds the device.
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

# swap_names: both devices go away; when the held answer has come, they come back in the other order
swap_names() {
	local before
	before=$(device_node disk)
	remove library
	remove disk
	let_go disk
	while [ "$(device_node disk)" != - ]; do
		sleep 0.1
	done
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

start_devices library disk
prepare_kills disk
know_factory disk

# what udev says of the nodes is not what the kernel does
hold_at disk 6
udevadm trigger --action=remove "/sys/class/scsi_generic/$(basename "$(device_node disk)")" /sys/block/sda
udevadm settle
let_go disk
wait "$kill_client"
expect_recovery disk "remove events, 6" new new 'install: already installed'
udevadm trigger --action=add "/sys/class/scsi_generic/$(basename "$(device_node disk)")" /sys/block/sda
for instant in 1 6 11; do
	pull "$instant"
done
print_recoveries "node away"
finish
