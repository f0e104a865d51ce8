#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# timeout: 900
#
# The disk of the machine is full, or its memory used up, before an update or in the middle of it: the device runs
# its old firmware or the new one, fwupdmgr says which, and when there is room again the job is finished.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"
# shellcheck source-path=SCRIPTDIR source=../kill-lib.sh
. "$(dirname "$0")/../kill-lib.sh"

FILLER=/var/lib/scsi-wb-filler

# fill_disk: not a byte is left, not even of what is kept for root
fill_disk() {
	fallocate -l "$(df --output=avail -B1 /var | tail -n 1)" "$FILLER"
	dd if=/dev/zero of="$FILLER.rest" bs=64k status=none 2>/dev/null || true
	dd if=/dev/zero of="$FILLER.last" bs=1 status=none 2>/dev/null || true
	sync
}

expect_full() {
	local left=no
	dd if=/dev/zero of=/var/lib/fwupd/scsi-wb-more bs=4096 count=1 status=none 2>/dev/null && left=yes
	rm -f /var/lib/fwupd/scsi-wb-more
	expect_equal "$1: /var is full" no "$left"
}

empty_disk() {
	rm -f "$FILLER" "$FILLER.rest" "$FILLER.last"
}

# full_before: nobody can write down that the update has begun, so it does not begin
full_before() {
	local mark
	fill_disk
	expect_full "disk full before"
	mark=$(scsi-wb-target log-mark disk)
	expect_status "disk full before: refused" 1 install_next disk
	expect_text "disk full before: why" "$OUTPUT" 'database or disk is full'
	expect_equal "disk full before: WRITE BUFFER" 0 "$(count_opcode disk "$mark" 3b)"
	empty_disk
	expect_recovery disk "disk full before" old old 'install: 0'
}

# full_amid: it goes on, but nobody can write down how it has ended
full_amid() {
	hold_at disk 6
	fill_disk
	expect_full "disk full in the middle"
	let_go disk
	wait "$kill_client" || true
	expect_text "disk full in the middle: what is missing" "$OUTPUT" \
		'failed to set success: failed to execute prepared statement: database or disk is full'
	empty_disk
	expect_recovery disk "disk full in the middle" new new 'install: already installed'
}

# daemon_starved: its own group may use less than it has; how far it still comes is the kernel's business
daemon_starved() {
	local tries
	hold_at disk 6
	systemctl set-property --runtime fwupd.service MemoryMax=1M MemorySwapMax=0
	let_go disk
	wait "$kill_client" || true
	# the client hears of it before systemd does
	for ((tries = 0; tries < 100; tries++)); do
		[ "$(systemctl show --property ActiveState --value fwupd.service)" != failed ] || break
		sleep 0.2
	done
	expect_equal "daemon starved: how it ended" oom-kill \
		"$(systemctl show --property Result --value fwupd.service)"
	systemctl set-property --runtime fwupd.service MemoryMax=infinity
	systemctl reset-failed fwupd.service
	start_daemon
	if [[ $(kept disk) == "keeps ${kill_next[disk]}, "* ]]; then
		expect_recovery disk "daemon starved" new new 'install: already installed'
	else
		expect_recovery disk "daemon starved" old old 'install: 0'
	fi
}

# machine_starved: another program takes all there is, until the kernel ends it
machine_starved() {
	hold_at disk 6
	systemd-run --quiet --unit hog --property OOMScoreAdjust=1000 \
		python3 -c 'hoard = [bytearray(b"x" * (8 << 20)) for _ in range(1 << 20)]'
	let_go disk
	wait "$kill_client" || true
	until [ "$(systemctl show --property Result --value hog.service)" != success ]; do
		sleep 1
	done
	expect_equal "machine starved: how the other program ended" oom-kill \
		"$(systemctl show --property Result --value hog.service)"
	expect_recovery disk "machine starved" new new 'install: already installed'
}

start_devices disk
prepare_kills disk
know_factory disk
full_before
full_amid
daemon_starved
machine_starved
print_recoveries "no room"
finish
