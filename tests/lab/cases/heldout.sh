#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# list: long
#
# Devices of which the project knows nothing: a user reads their short specifications (tests/heldout), writes a quirk
# file, lets the linter read it, looks at the plan, and updates them. Nothing is built.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"

heldout=$(dirname "$0")/../../heldout
devices=(nordwind kestrel orbitek)
device_model=([nordwind]=nordwind [kestrel]=kestrel [orbitek]=orbitek)
device_id=(
	[nordwind]='SCSI\VEN_NORDWIND&DEV_NW-3' [kestrel]='SCSI\VEN_KESTREL&DEV_K60-REV-C'
	[orbitek]='SCSI\VEN_ORBITEK&DEV_OD-1'
)
device_title=([nordwind]='Nordwind NW-3' [kestrel]='Kestrel K60' [orbitek]='Orbitek OD-1')
device_vendor=([nordwind]=NORDWIND [kestrel]=KESTREL [orbitek]=ORBITEK)
device_revision=([nordwind]=0002 [kestrel]=0002 [orbitek]=0002)
# in the middle of a segment, as far as the specification allows
device_bytes=([nordwind]=100003 [kestrel]=200064 [orbitek]=100002)
# shellcheck disable=SC2034 # read by its name
declare -A version_old=([nordwind]=3.11-r0001 [kestrel]=0001 [orbitek]=OD1.2026.0001)
# shellcheck disable=SC2034 # read by its name
declare -A version_new=([nordwind]=3.11-r0002 [kestrel]=0002 [orbitek]=OD1.2026.0002)
declare -A commands=([nordwind]=66 [kestrel]=4 [orbitek]=52)

# expect_listed VERSIONS: each device as the daemon shows it, or not at all
expect_listed() {
	local -n versions=$1
	local name
	for name in "${devices[@]}"; do
		expect_equal "$name: version in fwupdmgr get-devices" "${versions[$name]-}" \
			"$(device_version "$(device_guid "$name")")"
	done
}

# segments NAME MARK: how many WRITE BUFFERs reached the device
segments() {
	log_since "$1" "$2" | awk 'substr($2, 1, 2) == "3b"' | wc -l
}

work=$(mktemp -d)
start_devices
# shellcheck disable=SC2034 # read by its name
declare -A nothing=()
expect_listed nothing

for name in "${devices[@]}"; do
	file=/var/lib/fwupd/quirks.d/$name.quirk
	cp "$heldout/$name.quirk" "$file"
	expect_status "$name: the linter has nothing to say" 0 scsi-wb-lint "$file"
	mark=$(scsi-wb-target log-mark "$name")
	make_image "$name" "$work"
	expect_status "$name: plan" 0 scsi-wb-plan "$(device_node "$name")" "$work/$name.bin"
	expect_text "$name: commands of the plan" "$OUTPUT" \
		"Download: ${commands[$name]} commands, ${device_bytes[$name]} bytes"
	expect_equal "$name: the plan sends none of them" 0 "$(segments "$name" "$mark")"
done

systemctl stop fwupd.service
expect_listed version_old
make_ca "$work/ca"
for name in "${devices[@]}"; do
	make_device_cabinet "$name" "$work" sign="$work/ca" version="${version_new[$name]}"
done
trust_ca "$work/ca"
for name in "${devices[@]}"; do
	mark=$(scsi-wb-target log-mark "$name")
	expect_status "$name: install" 0 fwupdmgr install "$work/$name.cab" -y --no-reboot-check
	expect_equal "$name: the update sends what the plan said" "${commands[$name]}" "$(segments "$name" "$mark")"
done
expect_equal "kestrel: needs a shutdown" needs-shutdown \
	"$(device_json "$(device_guid kestrel)" | jq -r '.Flags[] | select(. == "needs-shutdown")')"
scsi-wb-target power-cycle kestrel >/dev/null
systemctl stop fwupd.service
expect_listed version_new
for name in "${devices[@]}"; do
	expect_equal "$name: SHA-256 of the committed image" "$(sha256sum <"$work/$name.bin" | cut -d' ' -f1)" \
		"$(target_value "$name" committed-sha256)"
done
finish
