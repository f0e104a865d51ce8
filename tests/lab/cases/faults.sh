#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# What an administrator reads when a device misbehaves, through fwupd.service and the kernel's own SCSI
# layer; and that the next, undisturbed update succeeds.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"

work=$(mktemp -d)

# expect_fault NAME SCRIPT STATUS MESSAGE: an update under a fault script fails with exactly that message, and
# leaves the device with its old firmware
expect_fault() {
	local name=$1 before
	before=$(sg_revision "$name")
	scsi-wb-target fault "$name" - <<<"$2"
	expect_status "$name, $2: fails" "$3" fwupdmgr install "$work/$name.cab" -y --no-reboot-check
	expect_equal "$name, $2: message" "failed to write-firmware: $4" "$(tail -n 1 "$OUTPUT")"
	expect_equal "$name, $2: committed" - "$(target_value "$name" committed-sha256)"
	scsi-wb-target fault "$name" - <<<''
	scsi-wb-target power-cycle "$name" >/dev/null
	systemctl stop fwupd.service
	expect_equal "$name, $2: revision" "$before" "$(sg_revision "$name")"
}

start_devices
make_ca "$work/ca"
trust_ca "$work/ca"
make_device_updates "$work" sign="$work/ca"

expect_fault deferred 'segment 22 sense 5/26/00' 1 "segment 22 of 22, MODE 0x0e, 11873 bytes at 0xa8000: \
the device refused the image (Illegal Request, Invalid field in parameter list, 05/26/00): it is damaged, or \
made for another model or maker's edition"
# 101 is fwupdmgr's own status for what cannot be reached
expect_fault disk 'segment 3 vanish' 101 "segment 3 of 31, MODE 0x07, 32768 bytes at 0x10000: the device is \
gone (host status 0x0e, transport-disrupted): check that it has power and its cable, then update again"
expect_fault library 'segment 5 sense 4/44/00' 1 "segment 5 of 19, MODE 0x06, 16384 bytes at 0x10000: the \
device failed (Hardware Error, Internal target failure, 04/44/00): do not switch it off; update again, and \
call its maker if that fails"

# the image is taken and committed, but the device goes on to run its old firmware
scsi-wb-target fault disk - <<<'segment 1 stuck-revision'
expect_status "disk, stuck revision: fails" 1 fwupdmgr install "$work/disk.cab" -y --no-reboot-check
expect_equal "disk, stuck revision: message" "failed to reload: failed to reload device: the device accepted \
the whole image, but still runs revision TT31: it may need a power cycle, or it has silently refused the image" \
	"$(tail -n 1 "$OUTPUT")"
expect_equal "disk, stuck revision: version" TT31 "$(device_version "$(device_guid disk)")"
scsi-wb-target fault disk - <<<''

for name in "${devices[@]}"; do
	expect_status "$name: undisturbed update" 0 \
		fwupdmgr install "$work/$name.cab" -y --no-reboot-check --allow-reinstall --allow-older
done
expect_status "activate" 0 fwupdmgr activate
for name in "${devices[@]}"; do
	check_updated "$name" "$work/$name.bin"
done
finish
