#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# image: desktop
# timeout: 900
# keeps: desktop
#
# GNOME Software, used as a person does: the updates that it offers, their notes, and an update by a click. What it does
# not show is checked, too: why an update failed, and a second identical disk. Its pictures are the case's output.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"
# shellcheck source-path=SCRIPTDIR source=../desktop-lib.sh
. "$(dirname "$0")/../desktop-lib.sh"

# check_twins: the click has updated one of them, and the way out the other
check_twins() {
	local name updated=0
	for name in disk twin; do
		[ "$(target_value "$name" committed-sha256)" = - ] || updated=$((updated + 1))
	done
	expect_equal "identical disks: a click updates one of them" 1 "$updated"
	expect_status "identical disks: fwupdmgr updates the other" 0 fwupdmgr update -y --no-reboot-check
	for name in disk twin; do
		expect_equal "$name: SHA-256 of the committed image" \
			"$(sha256sum <"$work/disk.bin" | cut -d' ' -f1)" "$(target_value "$name" committed-sha256)"
	done
}

work=$(mktemp -d)
prepare_desktop "$work"
# without the plugins for what is not firmware: there is no network, nor are there repositories
GNOME_SOFTWARE_PLUGINS_ALLOWLIST=fwupd,icons,generic-updates,os-release \
	gnome-software --verbose --mode=updates >>"$DESKTOP_LOG" 2>&1 &
look gnome-software "$work/rows.json" "$DESKTOP_LOG" library disk optical
expect_missed gnome-software "$work/rows.json" "$DESKTOP_LOG" missing
check_twins
finish
