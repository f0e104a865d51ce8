#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# A disk is not pulled from under its user: mounted, it is left out by an update that resets it, and
# refused by name. With deferred activation it takes its new firmware while it is written to. The disk is
# Linux's scsi_debug, which keeps what is written, as a simplified direct access device.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../scsi-debug-lib.sh
. "$(dirname "$0")/../scsi-debug-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../refusal-lib.sh
. "$(dirname "$0")/../refusal-lib.sh"

QUIRKS=/var/lib/fwupd/quirks.d/rocketdisk.quirk
MOUNT=/mnt/rocketdisk
export NO_COLOR=1

# write_quirk MODE: the row, for a daemon that starts afresh
write_quirk() {
	printf '[%s]\nScsiWbMode = %s\n' "$DISK_ID" "$1" >"$QUIRKS"
	systemctl stop fwupd.service
}

# problems: what holds the disk back
problems() {
	device_json "$guid" | jq -r '.Problems // [] | join(" ")'
}

# reason: the words for it
reason() {
	device_json "$guid" | jq -r '.UpdateError // ""'
}

# keep_writing: until the file "stop" is there
keep_writing() {
	while [ ! -e "$work/stop" ]; do
		dd if=/dev/urandom of="$MOUNT/data" bs=64k count=16 conv=fsync status=none
	done
}

work=$(mktemp -d)
load_disk 14 32
start_tracing
disk=$(lsscsi | awk '/ROCKETDISK/ { print $NF }')
mke2fs -q -t ext4 "$disk"
mkdir -p "$MOUNT"
mount "$disk" "$MOUNT"

guid=$(guid_of "$DISK_ID")
head -c 100001 /dev/urandom >"$work/firmware.bin"
make_ca "$work/ca"
trust_ca "$work/ca"
make_cabinet "$work/update.cab" "$work/firmware.bin" guid="$guid" version=0002 vendor-id=SCSI:ACME \
	sign="$work/ca"
make_remote "$work/remote" "$work/ca" "$work/update.cab"
serve_remote "$work/remote"
add_remote example

write_quirk 0x07
expect_status "refresh" 0 fwupdmgr refresh --force
expect_equal "mounted: problem" in-use "$(problems)"
expect_status "mounted: update leaves it out" 0 fwupdmgr update -y --no-reboot-check
expect_text "mounted: update says why" "$OUTPUT" 'Device is in use'
usage="${disk#/dev/} is mounted at $MOUNT"
expect_equal "mounted: the list says how" "$(in_use "$usage")" "$(reason)"
expect_status "mounted: install is refused" 1 fwupdmgr install -y --no-reboot-check "$work/update.cab"
expect_equal "mounted: install says why" "$(refused_in_use "$guid" "$usage")" "$(said | tail -n 1)"

umount "$MOUNT"
sleep 6
expect_equal "unmounted: no problem any more" '' "$(problems)"
expect_equal "unmounted: no words any more" '' "$(reason)"
forget_trace
become 0002 3b &
expect_status "unmounted: update" 0 fwupdmgr update -y --no-reboot-check
wait "$!"
expect_equal "unmounted: version" 0002 "$(device_version "$guid")"

# deferred: the same disk, mounted and written to
printf 0001 >"$REVISION"
mount "$disk" "$MOUNT"
write_quirk 0x0e
dmesg --clear
keep_writing &
writer=$!
expect_status "deferred: update while mounted" 0 fwupdmgr update -y --no-reboot-check
expect_equal "deferred: nothing held it back" '' "$(problems)"
: >"$work/stop"
expect_status "deferred: no write failed" 0 wait "$writer"
expect_equal "deferred: no I/O error" '' "$(dmesg | grep -iE 'I/O error|EXT4-fs error' || true)"
expect_status "deferred: activation of a mounted disk is refused" 1 fwupdmgr activate
expect_text "deferred: activation says why" "$OUTPUT" "${disk#/dev/} is mounted at $MOUNT"
umount "$MOUNT"
forget_trace
become 0002 "3b 0f" &
expect_status "deferred: activation" 0 fwupdmgr activate
wait "$!"
expect_equal "deferred: version" 0002 "$(device_version "$guid")"

# the administrator may allow it
mount "$disk" "$MOUNT"
make_cabinet "$work/next.cab" "$work/firmware.bin" guid="$guid" version=0003 vendor-id=SCSI:ACME \
	sign="$work/ca"
write_quirk 0x07
printf '\n[scsi_wb]\nAllowInUse=true\n' >>/etc/fwupd/fwupd.conf
expect_equal "allowed: no problem" '' "$(problems)"
forget_trace
become 0003 3b &
expect_status "allowed: update while mounted" 0 fwupdmgr install -y --no-reboot-check "$work/next.cab"
wait "$!"
expect_equal "allowed: version" 0003 "$(device_version "$guid")"
finish
