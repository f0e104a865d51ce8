#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# The answer to the last segment is lost: the kernel gives the command up although the disk has carried it
# out, or the disk goes away instead of taking it. Only what the disk runs afterwards counts.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"

QUIRK=/var/lib/fwupd/quirks.d/user.quirk

work=$(mktemp -d)
printf '[%s]\nScsiWbMode = 0x07\nScsiWbTimeoutLast = 5\n' "${device_id[disk]}" >"$QUIRK"
start_devices disk
make_ca "$work/ca"
trust_ca "$work/ca"
make_image disk "$work"
make_device_cabinet disk "$work" sign="$work/ca"

# without an answer for longer than the kernel waits: it aborts the command, and the disk has it all the same
scsi-wb-target fault disk - <<<'segment 31 hang 12000'
expect_status "executed, but timed out: succeeds" 0 fwupdmgr install "$work/disk.cab" -y --no-reboot-check
scsi-wb-target fault disk - <<<''
check_updated disk "$work/disk.bin"
systemctl stop fwupd.service

# gone before it has the last segment: the update fails with what happened there
scsi-wb-target stop disk
start_devices disk
scsi-wb-target fault disk - <<<'segment 31 vanish'
# 101 is fwupdmgr's own status for what cannot be reached
expect_status "gone: fails" 101 fwupdmgr install "$work/disk.cab" -y --no-reboot-check
expect_equal "gone: message" "failed to write-firmware: segment 31 of 31, MODE 0x07, 16963 bytes at 0xf0000: \
the device is gone (host status 0x0e, transport-disrupted): check that it has power and its cable, then update \
again" "$(tail -n 1 "$OUTPUT")"
expect_equal "gone: committed" - "$(target_value disk committed-sha256)"
scsi-wb-target fault disk - <<<''
scsi-wb-target power-cycle disk >/dev/null
systemctl stop fwupd.service
expect_status "back: succeeds" 0 fwupdmgr install "$work/disk.cab" -y --no-reboot-check
check_updated disk "$work/disk.bin"

# one command carries a page for each entry of the adapter's scatter list, 256 of them, and no byte more; the
# plugin asks for no more than that, so nothing is refused
scsi-wb-target stop disk
printf '[%s]\nScsiWbMode = 0x07\nScsiWbChunkSize = 0x200000\n' "${device_id[disk]}" >"$QUIRK"
start_devices disk
systemctl stop fwupd.service
device_bytes[disk]=2500003
make_image disk "$work"
make_device_cabinet disk "$work" sign="$work/ca"
queue=$(echo "/sys/class/scsi_generic/$(basename "$(device_node disk)")/device/block/"*/queue)
expect_equal "large segments: max_segments" 256 "$(cat "$queue/max_segments")"
mark=$(scsi-wb-target log-mark disk)
expect_status "large segments: succeeds" 0 fwupdmgr install "$work/disk.cab" -y --no-reboot-check
check_updated disk "$work/disk.bin"
expect_equal "large segments: sizes" "out=1048576 out=1048576 out=402851" \
	"$(log_since disk "$mark" | awk '$2 ~ /^3[bB]07/ { print $3 }' | xargs)"
head -c 1052672 "$work/disk.bin" >"$work/too-large"
mark=$(scsi-wb-target log-mark disk)
sg_write_buffer --mode=7 --in="$work/too-large" --length=1052672 "$(device_node disk)" >"$OUTPUT" 2>&1 || true
expect_text "one page more: refused by the kernel" "$OUTPUT" "Invalid argument"
expect_equal "one page more: not sent" 0 "$(count_opcode disk "$mark" 3b)"

rm "$QUIRK"
finish
