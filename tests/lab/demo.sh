#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# What ./demo runs in the guest: three devices, a remote, an update, and the bytes compared.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=guest-lib.sh
. "$(dirname "$0")/guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=devices.sh
. "$(dirname "$0")/devices.sh"

# say TEXT: a heading
say() {
	printf '\n=== %s\n' "$*"
}

# show COMMAND...: as in a terminal, but for the percentages of a bar that cannot be drawn here, and for
# what fwupd has to say of a machine without UEFI
show() {
	printf '$ %s\n' "$*"
	"$@" 2>&1 | grep -vE '^[A-Z].*…: +[0-9]+%$|WARNING.*UEFI ESP|PluginFlag:esp-not-found'
}

work=$(mktemp -d)

say "Three SCSI devices of the simulated target: a tape library and two disks"
start_devices
show lsscsi -g

say "A firmware maker signs three cabinets; a remote offers them on the loopback interface"
offer_updates "$work"
ls -l "$work/remote"

say "What an administrator does"
show fwupdmgr refresh --force
show fwupdmgr get-devices
show fwupdmgr update -y --no-reboot-check
say "The library and the first disk run their new firmware; the second disk waits for its moment"
for name in "${devices[@]}"; do
	show sg_inq --only "$(device_node "$name")"
done
show fwupdmgr activate

say "Is every byte where it belongs?"
for name in "${devices[@]}"; do
	check_updated "$name" "$work/$name.bin"
done
finish
