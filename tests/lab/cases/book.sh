#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# list: long
#
# Ten devices of the book, of all five peripheral types, each updated through fwupdmgr with the project's own
# quirk files: nine in one go, as an administrator would do it, and the one that waits for a reboot last.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"

# name|model|instance ID|title|vendor|bytes|WRITE BUFFER commands|what fwupd waits for
rows=(
	'ddys|ibm-ddys|SCSI\VEN_IBM&DEV_DDYS-T18350N|IBM DDYS|IBM|100003|4|'
	'ultrastar|ibm-146z10|SCSI\VEN_IBM&DEV_IC35L036UCDY10-0|IBM Ultrastar 146Z10|IBM|98305|4|'
	'map|fujitsu-map|SCSI\VEN_FUJITSU&DEV_MAP3367NC|Fujitsu MAP|FUJITSU|98308|4|'
	'dlt|quantum-dlt4000|SCSI\VEN_Quantum&DEV_DLT4000|Quantum DLT4000|Quantum|102400|13|'
	'ultrium|hp-ultrium|SCSI\VEN_HP&DEV_Ultrium-3-SCSI|HP LTO Ultrium 3|HP|100003|26|'
	'tl2000|tl2000|SCSI\VEN_IBM&DEV_3573-TL|Dell TL2000|IBM|98303|3|'
	'superloader|superloader3|SCSI\VEN_QUANTUM&DEV_UHDL|Quantum SuperLoader 3|QUANTUM|8193|2|'
	'plextor|plextor-px|SCSI\VEN_PLEXTOR&DEV_CD-R-PREMIUM|Plextor Premium|PLEXTOR|100003|25|'
	'expander|hp-sas-expander|SCSI\VEN_HP&DEV_HP-SAS-EXP-Card|HP SAS Expander Card|HP|4097|2|needs-activation'
	'backplane|sun-daktari|SCSI\VEN_SUNW&DEV_SUNWGS-INT-FCBPL|Sun FC-AL backplane|SUNW|1021|4|needs-reboot'
)
devices=()
declare -A commands waits
for row in "${rows[@]}"; do
	IFS='|' read -r name model id title vendor bytes count wait_for <<<"$row"
	devices+=("$name")
	device_model[$name]=$model
	device_id[$name]=$id
	device_title[$name]=$title
	device_vendor[$name]=$vendor
	device_revision[$name]=0002
	device_bytes[$name]=$bytes
	commands[$name]=$count
	waits[$name]=$wait_for
done

# waiting NAME: what fwupd says that the device needs, one a line
waiting() {
	device_json "$(device_guid "$1")" | jq -r '.Flags[] | select(. == ("needs-activation", "needs-reboot"))'
}

# segments NAME MARK: how many commands carried a piece of the image, or ended it; not the patterns for the echo
# buffer (0Ah), nor the command that activates (0Fh)
segments() {
	log_since "$1" "$2" | awk 'substr($2, 1, 2) == "3b" && substr($2, 3, 2) !~ /^0[af]$/' | wc -l
}

work=$(mktemp -d)
start_devices
make_ca "$work/ca"
for name in "${devices[@]}"; do
	make_image "$name" "$work"
	make_device_cabinet "$name" "$work" sign="$work/ca"
done
trust_ca "$work/ca"

types=()
for name in "${devices[@]}"; do
	types+=("$(sg_inq "$(device_node "$name")" | sed -n 's/.*PDT=\([0-9]*\).*/\1/p')")
	expect_equal "$name: version in fwupdmgr get-devices" 0001 "$(device_version "$(device_guid "$name")")"
	mark=$(scsi-wb-target log-mark "$name")
	expect_status "$name: install" 0 fwupdmgr install "$work/$name.cab" -y --no-reboot-check
	expect_equal "$name: WRITE BUFFERs that brought the image" "${commands[$name]}" "$(segments "$name" "$mark")"
	expect_equal "$name: what fwupd waits for" "${waits[$name]}" "$(waiting "$name")"
done
expect_equal "peripheral device types" '0 1 5 8 13' "$(printf '%s\n' "${types[@]}" | sort -nu | xargs)"

expect_equal "expander: runs what it had" 0001 "$(sg_revision expander)"
expect_status "expander: activate" 0 fwupdmgr activate
expect_equal "backplane: runs what it had" 0001 "$(sg_revision backplane)"
scsi-wb-target power-cycle backplane >/dev/null
systemctl stop fwupd.service
for name in "${devices[@]}"; do
	check_updated "$name" "$work/$name.bin"
done
finish
