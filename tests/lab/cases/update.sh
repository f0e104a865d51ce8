#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# list: core
#
# An undisturbed update of each device through fwupd.service, seen from both sides: what the daemon shows,
# and which commands reach the device.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"

declare -A modes=([library]='06 06 07' [disk]='07 07 07' [deferred]='0e 0e 0e')
declare -A echoes=([library]=0 [disk]=4 [deferred]=0)
declare -A icon=([library]=media-tape [disk]=drive-harddisk [deferred]=drive-harddisk)
declare -A shown_name=([library]='StorageTek SL500' [disk]='ST600MM0088' [deferred]='HUC156060CSS200')

# restart_daemon: as if the machine had just come up
restart_daemon() {
	systemctl stop fwupd.service
	mark_all "${devices[@]}"
	fwupdmgr get-devices >/dev/null 2>&1
}

# expect_commands NAME WANTED: the CDBs since the mark that are the plugin's
expect_commands() {
	expect_equal "$1: commands at enumeration" "$2" \
		"$(log_since "$1" "${marks[$1]}" | not_fwupds | awk '{ print $2 }' | paste -sd ' ')"
}

# json NAME KEY: what the daemon says of a device
json() {
	device_json "$(device_guid "$1")" | jq -r "$2"
}

expect_shown() {
	local name=$1
	expect_equal "$name: name" "${shown_name[$name]}" "$(json "$name" .Name)"
	expect_equal "$name: vendor" "${device_vendor[$name]}" "$(json "$name" .Vendor)"
	expect_equal "$name: vendor ID" "SCSI:${device_vendor[$name]}" "$(json "$name" ".VendorIds[0]")"
	expect_equal "$name: serial number" "$name" "$(json "$name" .Serial)"
	expect_equal "$name: icon" "${icon[$name]}" "$(json "$name" '.Icons[0]')"
	expect_equal "$name: install duration" 120 "$(json "$name" .InstallDuration)"
	expect_equal "$name: protocol" org.t10.scsi "$(json "$name" ".Protocols[0]")"
	expect_equal "$name: plugin" scsi_wb "$(json "$name" .Plugin)"
}

# commands NAME: operation codes since the mark; what goes to the echo buffer, 0ah, is no microcode
commands() {
	log_since "$1" "${marks[$1]}" |
		awk '{ print (substr($2, 1, 4) == "3b0a" ? "echo" : substr($2, 1, 2)) }'
}

# segments NAME: CDBs of all WRITE BUFFERs with microcode that the device accepted
segments() {
	log_since "$1" "${marks[$1]}" |
		awk 'substr($2, 1, 2) == "3b" && substr($2, 3, 2) != "0a" && / GOOD/ && !/ out=0 /'
}

expect_segments() {
	local name=$1 log accepted
	log=$(commands "$name")
	expect_equal "$name: nothing between the first and the last segment" 3b \
		"$(sed -n '/^3b/,$p' <<<"$log" | tac | sed -n '/^3b/,$p' | sort -u)"
	expect_equal "$name: patterns through the link" "${echoes[$name]}" "$(grep -c echo <<<"$log" || true)"
	accepted=$(segments "$name")
	expect_equal "$name: bytes accepted" "${device_bytes[$name]}" \
		"$(grep -o ' out=[0-9]*' <<<"$accepted" | awk -F = '{ n += $2 } END { print n }')"
	expect_equal "$name: MODE of first, second and last segment" "${modes[$name]}" \
		"$(awk '{ print substr($2, 3, 2) }' <<<"$accepted" | sed -n '1p;2p;$p' | paste -sd ' ')"
}

INQUIRY=120000002400
work=$(mktemp -d)
start_devices

# a device that no row names is not asked anything; the others are asked once who they are
mv /usr/share/fwupd/quirks.d/scsi-wb-storagetek.quirk "$work"
restart_daemon
expect_commands library ''
expect_commands disk "$INQUIRY"
expect_commands deferred "$INQUIRY"
expect_equal "unnamed device is not listed" '' "$(json library .DeviceId)"
mv "$work/scsi-wb-storagetek.quirk" /usr/share/fwupd/quirks.d/
restart_daemon
for name in "${devices[@]}"; do
	expect_commands "$name" "$INQUIRY"
	expect_shown "$name"
done

offer_updates "$work"
expect_status "refresh" 0 fwupdmgr refresh --force
mark_all "${devices[@]}"
expect_status "update" 0 fwupdmgr update -y --no-reboot-check
for name in "${devices[@]}"; do
	expect_segments "$name"
done
expect_equal "deferred: waits for activation" needs-activation \
	"$(json deferred '.Flags[] | select(. == "needs-activation")')"
expect_equal "deferred: still runs" A360 "$(sg_revision deferred)"
systemctl stop fwupd.service
expect_equal "deferred: waits for activation in another life of the daemon" needs-activation \
	"$(json deferred '.Flags[] | select(. == "needs-activation")')"
expect_status "activate" 0 fwupdmgr activate
for name in "${devices[@]}"; do
	check_updated "$name" "$work/$name.bin"
done
expect_equal "deferred: the activation was one MODE 0x0f" 1 \
	"$(log_since deferred "${marks[deferred]}" | awk 'substr($2, 1, 4) == "3b0f" && / GOOD/' | wc -l)"
expect_status "nothing is left to update" 2 fwupdmgr get-updates --no-unreported-check --no-metadata-check
finish
