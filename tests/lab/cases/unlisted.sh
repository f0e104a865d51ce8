#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# Devices that no quirk row names: not a single command by default; with EnumerateUnlisted those are shown that
# say themselves what they can do, and can be updated.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"
export NO_COLOR=1

devices=(page opcodes silent)
device_model=([page]=std-deferred [opcodes]=std-rsoc [silent]=std-silent)
device_id=(
	[page]='SCSI\VEN_WBSTD&DEV_STD-DEFERRED'
	[opcodes]='SCSI\VEN_WBSTD&DEV_STD-RSOC'
	[silent]='SCSI\VEN_WBSTD&DEV_STD-SILENT'
)
device_title=([page]='Page 86h' [opcodes]='Operation codes' [silent]='Silent')
device_vendor=([page]=WBSTD [opcodes]=WBSTD [silent]=WBSTD)
device_revision=([page]=0002 [opcodes]=0002 [silent]=0002)
device_bytes=([page]=200001 [opcodes]=200001 [silent]=200001)

# restart_daemon: commands are counted from before its start
restart_daemon() {
	systemctl stop fwupd.service
	mark_all "${devices[@]}"
	fwupdmgr get-devices >/dev/null 2>&1 || true # there may be no device at all
}

# commands NAME: the operation codes of the plugin's commands since then, each once
commands() {
	log_since "$1" "${marks[$1]}" | not_fwupds | awk '{ print substr($2, 1, 2) }' | sort -u | paste -sd ' '
}

# json NAME KEY: what the daemon says of a device of the plugin
json() {
	our_device_json "$(device_guid "$1")" | jq -r "$2 // \"\""
}

work=$(mktemp -d)
start_devices
restart_daemon
for name in "${devices[@]}"; do
	expect_equal "$name: commands by default" '' "$(commands "$name")"
	expect_equal "$name: not shown by default" '' "$(json "$name" .DeviceId)"
done

printf '\n[scsi_wb]\nEnumerateUnlisted=true\n' >>/etc/fwupd/fwupd.conf
restart_daemon
for name in "${devices[@]}"; do
	expect_equal "$name: only questions" '12 a3' "$(commands "$name")"
done
expect_equal "page: says where the knowledge comes from" \
	'SCSI disk that no quirk row names: it says that it has MODE 0x0e, 0x07, 0x05 (VPD page 86h)' \
	"$(json page .Summary)"
expect_equal "opcodes: says where the knowledge comes from" \
	'SCSI disk that no quirk row names: it says that it has MODE 0x07, 0x05 (REPORT SUPPORTED OPERATION CODES)' \
	"$(json opcodes .Summary)"
expect_equal "silent: proves nothing, so it is not shown" '' "$(json silent .DeviceId)"

offer_updates "$work"
expect_status "refresh" 0 fwupdmgr refresh --force
expect_status "update" 0 fwupdmgr update -y --no-reboot-check
expect_status "activate" 0 fwupdmgr activate
check_updated page "$work/page.bin"
check_updated opcodes "$work/opcodes.bin"
expect_equal "silent: nothing was written" 0 "$(count_opcode silent 0 3b)"
finish
