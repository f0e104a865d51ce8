#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# timeout: 1200
# boots: 9
#
# The machine is cut off in the middle of an update, without a sync and without a goodbye; the device keeps its
# power, and is reset by the next boot, or loses it, too. In each boot: look at what is left of the last cut,
# finish the job, begin the next update, and cut.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"
# shellcheck source-path=SCRIPTDIR source=../kill-lib.sh
. "$(dirname "$0")/../kill-lib.sh"

# NAME BEGIN INSTANT KEPT LISTED STEPS: see hold_at and expect_recovery; BEGIN is how the device begins again
cuts=(
	'disk power-on 1 old old install: 0'
	'deferred reset 6 old old install: 0, activate: 0'
	'disk reset 6 old old install: 0'
	# a power on activates what has arrived as a whole, and so does a reset
	"deferred power-on $KILL_SEGMENTS new new install: already installed"
	'disk power-on 11 old old install: 0'
	"deferred reset $KILL_SEGMENTS new new install: already installed"
	"disk reset $KILL_SEGMENTS new new install: already installed"
	'disk reset verifying new new install: already installed'
)

# switch_on [NAME BEGIN]: the devices with what they kept; that one begins so, and no device can tell another
# boot of the machine from a reset
switch_on() {
	local name begin
	for name in disk deferred; do
		begin=reset
		[ "$name" != "${1:-}" ] || begin=$2
		scsi-wb-target start "$name" "${device_model[$name]}" --state "$KILL_WORK/state/$name" \
			--begin "$begin" >/dev/null
	done
	udevadm settle
}

# look_back CUT: at what is left of it
look_back() {
	local name begin instant kept says steps
	read -r name begin instant kept says steps <<<"$1"
	switch_on "$name" "$begin"
	start_daemon
	expect_recovery "$name" "machine cut off, $instant, $begin" "$kept" "$says" "$steps"
}

# cut_off CUT: what is synced is synced before the update begins
cut_off() {
	local name begin instant rest
	read -r name begin instant rest <<<"$1"
	declare -p kill_sum kill_runs kill_next kill_tried kill_recovered >"$KILL_WORK/saved"
	save_counts
	hold_at "$name" "$instant"
	next_boot reset
}

if [ "$LAB_BOOT" = 1 ]; then
	switch_on
	prepare_kills disk deferred
	know_factory disk deferred
else
	load_counts
	# shellcheck source=/dev/null
	. "$KILL_WORK/saved"
	look_back "${cuts[LAB_BOOT - 2]}"
fi
[ "$LAB_BOOT" -gt "${#cuts[@]}" ] || cut_off "${cuts[LAB_BOOT - 1]}"
print_recoveries "machine cut off"
finish
