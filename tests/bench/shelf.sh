#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# shelf.sh ROUNDS: how long one cabinet takes for one disk, and for a shelf of them at the same time; and once, at the end,
# for the shelf with one disk after the other. Each disk takes five seconds for the segment that completes the image, and
# is then not ready for three. Prints a line of JSON for each.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lab/guest-lib.sh
. "$(dirname "$0")/../lab/guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lab/devices.sh
. "$(dirname "$0")/../lab/devices.sh"
# shellcheck source-path=SCRIPTDIR source=bench-lib.sh
. "$(dirname "$0")/bench-lib.sh"

rounds=$1
DISKS=24
FLASH_MS=5000
RESET_MS=3000
SEGMENTS=31

# allow PARALLEL: for a daemon that starts afresh
allow() {
	printf '[fwupd]\nIdleTimeout=0\n\n[scsi_wb]\nParallelDevices=%s\n' "$1" >/etc/fwupd/fwupd.conf
	systemctl restart fwupd.service
}

# slow_down: every disk's next update; the first TEST UNIT READY is before it, the second one after
slow_down() {
	local disk
	for ((disk = 1; disk <= DISKS; disk++)); do
		printf 'segment %s hang %s\nopcode 00 2 not-ready %s\n' "$SEGMENTS" "$FLASH_MS" "$RESET_MS" |
			scsi-wb-target fault "disk$disk" -
	done
}

# count_commits: of all disks, since they are there
count_commits() {
	local disk
	for ((disk = 1; disk <= DISKS; disk++)); do
		target_value "disk$disk" commits
	done | awk '{ sum += $1 } END { print sum }'
}

# measure WHO COUNT [DEVICE-ID]
measure() {
	local who=$1 count=$2 begin_us end_us got
	shift 2
	slow_down
	begin_us=$(now_us)
	fwupdmgr local-install disk.cab "$@" --allow-reinstall --no-reboot-check -y >"$OUTPUT" 2>&1 || bench_failed "$who"
	end_us=$(now_us)
	line who="$who" disks="$count" flash_ms="$FLASH_MS" reset_ms="$RESET_MS" took_us="$((end_us - begin_us))"
	got=$(count_commits)
	[ "$((got - commits))" = "$count" ] || bench_failed "$who: $((got - commits)) disks instead of $count"
	commits=$got
}

cd "$(mktemp -d)"
for ((disk = 1; disk <= DISKS; disk++)); do
	scsi-wb-target start "disk$disk" seagate-sas >/dev/null
done
udevadm settle
make_ca ca
trust_ca ca
make_image disk .
make_device_cabinet disk . sign=ca
allow "$DISKS"
# so that all have one revision: a disk that has another is of another shelf, which has a first disk of its own
fwupdmgr local-install disk.cab --no-reboot-check -y >"$OUTPUT" 2>&1 || bench_failed "first update"
commits=$(count_commits)
one=$(device_json "$(device_guid disk)" | jq -r .DeviceId | head -n 1)
for ((round = 1; round <= rounds; round++)); do
	measure one 1 "$one"
	measure together "$DISKS"
done
allow 1
measure one-by-one "$DISKS"
