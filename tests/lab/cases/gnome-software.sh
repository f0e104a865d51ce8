#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# image: desktop
# timeout: 3600
# list: long
# keeps: desktop
#
# GNOME Software, used as a person does: the updates that it offers of each kind of device, their notes, and an update
# by a click. What it does not show is checked, too: why a device is held back, in GNOME Software 43 why an update failed,
# and a second identical disk, with the ways out. Its pictures are the case's output.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"
# shellcheck source-path=SCRIPTDIR source=../desktop-lib.sh
. "$(dirname "$0")/../desktop-lib.sh"

NOTICES=/run/notices

# ready_title: of the notification that there are updates, which has another one since GNOME Software 48
ready_title() {
	if dpkg --compare-versions "$(dpkg-query --show --showformat='${Version}' gnome-software)" ge 48; then
		echo 'Updates Ready to Install'
	else
		echo 'Software Updates Ready to Install'
	fi
}

# watch_notices: what the desktop is asked to tell the person, as JSON. systemd 257 does not say that it listens.
watch_notices() {
	as-person busctl --address="$DBUS_SESSION_BUS_ADDRESS" monitor --json=short \
		--match="interface='org.freedesktop.Notifications'" >"$NOTICES" 2>>"$DESKTOP_LOG" &
	wait_until is_heard
}

# is_heard: what is sent for it is
# shellcheck disable=SC2317 # it is called by its name
is_heard() {
	as-person busctl --address="$DBUS_SESSION_BUS_ADDRESS" emit / org.freedesktop.Notifications Heard
	grep -q Heard "$NOTICES"
}

# notices: their titles so far
notices() {
	jq -r 'select(.member == "Notify").payload.data[3]' "$NOTICES" | sort -u
}

# is_told TITLE
# shellcheck disable=SC2317 # it is called by its name
is_told() {
	notices | grep -qxF "$1"
}

# wait_told TITLE: GNOME Software 48 looks for updates a minute after it has started
# shellcheck disable=SC2317 # it is called by its name
wait_told() {
	WAIT_S=180 wait_until is_told "$1"
}

# start_gnome_software: without its plugins for what is not firmware: there is no network, nor are there repositories;
# and at noon, since it does not tell of updates before six
start_gnome_software() {
	TZ=lab$(($(date -u +%-H) - 12)) GNOME_SOFTWARE_PLUGINS_ALLOWLIST=fwupd,icons,generic-updates,os-release \
		as-person gnome-software --verbose --mode=updates >>"$DESKTOP_LOG" 2>&1 &
	gnome_software=$!
}

# has_ended PID
# shellcheck disable=SC2317 # it is called by its name
has_ended() {
	! kill -0 "$1"
}

# start_anew: to close its window only hides it
start_anew() {
	as-person gnome-software --quit
	wait_until has_ended "$gnome_software"
	start_gnome_software
}

# rows FILTER: those of the table, in a file of their own
rows() {
	jq -c "$1" "$work/rows.json" >"$work/some.json"
	echo "$work/some.json"
}

# check_failure: no notification tells of it, and in its next life GNOME Software even calls the update installed
check_failure() {
	local ready
	ready=$(ready_title)
	expect_status "a notification says that there are updates" 0 wait_told "$ready"
	look gnome-software "$(rows 'select(.fault)')"
	expect_equal "a failure: no notification" "$ready" "$(notices)"
	start_anew
	expect_status "a failure: later a wrong notification" 0 wait_told 'Software Update Installed'
}

# check_updates: a click updates each kind of device, and one of two that are identical
check_updates() {
	local name
	look gnome-software "$(rows 'del(.fault)')" library tape enclosure optical disk
	for name in library tape enclosure optical; do
		check_updated "$name" "$work/$name.bin"
	done
}

# check_anew: the first way out for identical disks: the other one gets its turn
check_anew() {
	start_anew
	look gnome-software "$(rows 'select(.name == "disk" or .twin == "disk")')" disk
	check_both
}

# check_fwupdmgr: the second one: two such disks with the old firmware are updated by one command
check_fwupdmgr() {
	local name
	# the image that is offered for "odd" is for the names of its model
	for name in disk twin odd; do
		scsi-wb-target stop "$name"
	done
	start_devices disk twin
	systemctl restart fwupd.service
	check_revisions "${device_before[disk]}"
	expect_status "fwupdmgr: updates all" 0 fwupdmgr update -y --no-reboot-check
	check_both
}

# check_revisions REVISION: fwupd knows it of both
check_revisions() {
	expect_equal "identical disks: $1 in fwupdmgr get-devices" "$1 $1" \
		"$(device_version "$(device_guid disk)" | xargs)"
}

# check_both: the identical disks keep exactly the image, and fwupd knows
check_both() {
	local name
	for name in disk twin; do
		expect_equal "$name: SHA-256 of the committed image" \
			"$(sha256sum <"$work/disk.bin" | cut -d' ' -f1)" "$(target_value "$name" committed-sha256)"
	done
	check_revisions "${device_revision[disk]}"
}

work=$(mktemp -d)
prepare_desktop "$work"
watch_notices
start_gnome_software
check_failure
check_updates
expect_missed gnome-software "$work/rows.json"
check_anew
check_fwupdmgr
finish
