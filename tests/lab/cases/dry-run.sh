#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# scsi-wb-plan in front of real nodes: it sends questions and nothing else, by the target's log and by the
# kernel's trace; and what it prints is what fwupd.service then sends, CDB by CDB, fallbacks included.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"
# shellcheck source-path=SCRIPTDIR source=../scsi-debug-lib.sh
. "$(dirname "$0")/../scsi-debug-lib.sh"

QUIRK=/var/lib/fwupd/quirks.d/user.quirk
MOUNT=/mnt/rocketdisk
declare -A node
# a fourth device: it takes neither 0eh nor says so, and is left to itself by its row
device_model[silent]=std-silent
device_id[silent]='SCSI\VEN_WBSTD&DEV_STD-SILENT'
device_title[silent]='std-silent'
device_vendor[silent]=WBSTD
device_revision[silent]=0002
device_bytes[silent]=100001
devices+=(silent)
# how many of its plans an update goes through
declare -A plans=([silent]=2)

# asked NAME: operation codes that have reached the device since its mark, but for TEST UNIT READY and READ:
# those are the kernel's own, when a disk's block node is opened to see whether it is in use
asked() {
	log_since "$1" "${marks[$1]}" | awk '{ print substr($2, 1, 2) }' | grep -vE '^(00|28|88)$'
}

# each_once: lines as a set, in one line
each_once() {
	sort -u | paste -sd ' '
}

# microcode NAME: CDB of each WRITE BUFFER with microcode since the mark, without those that met a
# unit attention and were sent again
microcode() {
	log_since "$1" "${marks[$1]}" |
		awk 'substr($2, 1, 2) == "3b" && substr($2, 3, 2) != "0a" && !/ CHECK 06\// { print $2 }'
}

# planned FILE PLANS: CDBs of a report: the first segment of each plan that the device refuses, then all of the
# one that it takes, the PLANS-th
planned() {
	jq -r --argjson last "$(($2 - 1))" \
		'(.plans[:$last][] | .segments[0].cdb), (.plans[$last].segments[].cdb)' "$1"
}

# expect_plan NAME NODE...: a dry run by each of its nodes says the same, and asks only questions
expect_plan() {
	local name=$1 path
	shift
	mark_all "$name"
	forget_trace
	for path; do
		expect_status "$name: dry run of $path" 0 scsi-wb-plan --json "$path" "$work/$name.bin"
		cp "$OUTPUT" "$work/$name-$(basename "$path").json"
		expect_equal "$name: $path is its node" "${node[$name]}" "$(jq -r .device.node "$OUTPUT")"
		expect_equal "$name: the plan by $path" "$(jq -c .plans "$work/$name-$(basename "$1").json")" \
			"$(jq -c .plans "$OUTPUT")"
	done
	cp "$work/$name-$(basename "$1").json" "$work/$name.json"
	expect_equal "$name: the device was asked questions" '12 3c a3' "$(asked "$name" | each_once)"
	expect_equal "$name: the kernel has sent no WRITE BUFFER" '' "$(started | grep '^3b' || true)"
	expect_equal "$name: the kernel has sent questions" '12 3c a3' \
		"$(started | cut -d' ' -f1 | grep -vE '^(00|28|88)$' | each_once)"
	expect_equal "$name: as many as it says" "$(asked "$name" | wc -l)" \
		"$(jq .questions_sent "$work/$name"-*.json | awk '{ n += $1 } END { print n }')"
	expect_equal "$name: nothing was committed" - "$(target_value "$name" committed-sha256)"
}

# expect_carried_out NAME PLANS: the daemon has sent what was planned
expect_carried_out() {
	local name=$1
	planned "$work/$name.json" "$2" >"$work/planned"
	microcode "$name" >"$work/sent"
	expect_equal "$name: something was sent" 1 "$(($(wc -l <"$work/sent") > 1))"
	expect_same_bytes "$name: the target has seen the plan, CDB by CDB" "$work/planned" "$work/sent"
	expect_equal "$name: patterns through the link" "$(jq .before.link_check.patterns "$work/$name.json")" \
		"$(log_since "$name" "${marks[$name]}" | awk 'substr($2, 1, 4) == "3b0a"' | wc -l)"
	expect_equal "$name: TEST UNIT READY only where it is planned" \
		"$(jq '.before.readiness != "any"' "$work/$name.json")" \
		"$(log_since "$name" "${marks[$name]}" | sed '/ 3b0[4-e]/q' | grep -c ' 000000000000 ' |
			awk '{ print ($1 > 0 ? "true" : "false") }')"
}

# expect_recorded NAME: its answers, written down, give the same plan without it
expect_recorded() {
	local name=$1
	expect_status "$name: record" 0 scsi-wb-plan --record "$work/$name.txt" "${node[$name]}"
	mark_all "$name"
	expect_status "$name: replay" 0 scsi-wb-plan --json --recording "$work/$name.txt" "$work/$name.bin"
	expect_equal "$name: the recording gives the same plan" "$(jq -c .plans "$work/$name.json")" \
		"$(jq -c .plans "$OUTPUT")"
	# a recording keeps the host adapter's limit, not who told it
	expect_equal "$name: and the same reasons" \
		"$(jq -c .values "$work/$name.json" | sed 's/"host adapter, [^"]*"/"host adapter"/')" \
		"$(jq -c .values "$OUTPUT")"
	expect_equal "$name: the replay asks nobody" "${marks[$name]}" "$(scsi-wb-target log-mark "$name")"
	expect_equal "$name: no serial number is in it" 0 "$(grep -c "$name" "$work/$name.txt" || true)"
}

# expect_refused NAME MESSAGE COMMAND...: status 1, and the last line
expect_refused() {
	local name=$1 message=$2
	shift 2
	expect_status "$name: refused" 1 "$@"
	expect_equal "$name: message" "scsi-wb-plan: $message" "$(tail -n 1 "$OUTPUT")"
}

# block_node SG-NODE: the disk behind it
block_node() {
	echo "/dev/$(ls "/sys/class/scsi_generic/$(basename "$1")/device/block")"
}

work=$(mktemp -d)
start_devices "${devices[@]}"
start_tracing
for name in "${devices[@]}"; do
	node[$name]=$(device_node "$name")
	make_image "$name" "$work"
done

# a device that no row names is not asked anything, whoever asks
forget_trace
expect_refused "no row" "no quirk row with ScsiWbMode names WBSTD STD-SILENT: write a row from the maker's \
manual, and try it here with --quirks FILE or --set ScsiWbMode=MODE" scsi-wb-plan "${node[silent]}" "$work/silent.bin"
expect_equal "no row: no command" '' "$(started)"
expect_status "no row, but one on the command line" 0 \
	scsi-wb-plan --set ScsiWbMode=0x07 --json "${node[silent]}" "$work/silent.bin"
expect_equal "no row, but one on the command line: it counts" '7 quirk row' \
	"$(jq -r '.values.mode | "\(.value) \(.source)"' "$OUTPUT")"
printf '[SCSI\\VEN_WBSTD]\nScsiWbMode = auto\n' >"$QUIRK"

forget_trace
expect_refused "not root" "${node[disk]} may not be opened: run this program as root" \
	setpriv --reuid=nobody --regid=nogroup --clear-groups scsi-wb-plan "${node[disk]}" --image-size 1000
expect_equal "not root: no command" '' "$(started)"

expect_plan library "${node[library]}" /dev/sch0
expect_plan disk "${node[disk]}" "$(block_node "${node[disk]}")"
expect_plan deferred "${node[deferred]}" "$(block_node "${node[deferred]}")"
expect_plan silent "${node[silent]}"
for name in "${devices[@]}"; do
	expect_recorded "$name"
done
expect_status "text" 0 scsi-wb-plan "${node[deferred]}" "$work/deferred.bin"
expect_text "text: left out" "$OUTPUT" '… 18 more …'
expect_refused "an odd image" "$work/disk.bin: the image size of 1000003 bytes is not a multiple of 2, as this device \
wants it: the image is damaged, or made for another device" scsi-wb-plan "${node[library]}" "$work/disk.bin"

# what was planned is what the daemon sends
make_ca "$work/ca"
trust_ca "$work/ca"
for name in "${devices[@]}"; do
	make_device_cabinet "$name" "$work" sign="$work/ca"
	mark_all "$name"
	expect_status "$name: update" 0 fwupdmgr install -y --no-reboot-check "$work/$name.cab"
	expect_carried_out "$name" "${plans[$name]-1}"
done
mark_all deferred
expect_status "deferred: activate" 0 fwupdmgr activate
expect_equal "deferred: the activation as planned" "$(jq -r '.plans[0].activate.cdb' "$work/deferred.json")" \
	"$(microcode deferred)"
for name in "${devices[@]}"; do
	check_updated "$name" "$work/$name.bin"
done
systemctl stop fwupd.service
for name in "${devices[@]}"; do
	scsi-wb-target stop "$name" >/dev/null
done
udevadm settle

# a disk that is used, parts of it, and what is made of it
load_disk 14 32
sg=/dev/$(basename "$(echo /sys/class/scsi_generic/sg*)")
disk=$(block_node "$sg")
printf '[%s]\nScsiWbMode = 0x07\n' "$DISK_ID" >"$QUIRK"
python3 - "$disk" <<'END'
import sys
with open(sys.argv[1], "r+b") as disk:
    mbr = bytearray(512)
    mbr[446:462] = bytes([0, 0, 2, 0, 0x83, 0, 0, 0]) + (2048).to_bytes(4, "little") + (40960).to_bytes(4, "little")
    mbr[510:512] = b"\x55\xaa"
    disk.write(mbr)
END
blockdev --rereadpt "$disk"
udevadm settle
forget_trace
expect_refused "partition" "${disk}1 is a partition: name its disk, $disk" \
	scsi-wb-plan "${disk}1" --image-size 1000
expect_equal "partition: no command" '' "$(started)"
if command -v dmsetup >/dev/null; then
	dmsetup create map --uuid mpath-x --table "0 8192 linear ${disk}1 0"
	udevadm settle
	expect_refused "multipath" "/dev/mapper/map is a multipath device: name one of its paths, ${disk}1" \
		scsi-wb-plan /dev/mapper/map --image-size 1000
	dmsetup remove map
else
	skip "multipath" "no dmsetup in this guest"
fi

mke2fs -q -t ext4 "${disk}1"
mkdir -p "$MOUNT"
mount "${disk}1" "$MOUNT"
expect_status "mounted: the plan is shown" 1 scsi-wb-plan "$sg" --image-size 100001
expect_text "mounted: used" "$OUTPUT" "in use:     $(basename "$disk")1 is mounted at $MOUNT"
expect_text "mounted: refused" "$OUTPUT" "The update would be refused: $(basename "$disk")1 is mounted at $MOUNT, and \
the update resets it: stop using it first"
expect_status "mounted, deferred" 0 scsi-wb-plan "$sg" --set ScsiWbMode=auto --image-size 100001 --json
expect_equal "mounted, deferred: only the plan that resets nothing" '14 command' \
	"$(jq -r '.plans[] | "\(.segments[0].mode) \(.activation)"' "$OUTPUT")"
printf '[fwupd]\n[scsi_wb]\nAllowInUse=true\n' >/etc/fwupd/fwupd.conf
expect_status "mounted, allowed" 0 scsi-wb-plan "$sg" --image-size 100001 --json
expect_equal "mounted, allowed: the flag" allow-in-use "$(jq -r '.flags[]' "$OUTPUT")"
umount "$MOUNT"
modprobe -r scsi_debug

# behind a SATA translation layer
load_disk 0 8
sleep 1 # the kernel looks at a new disk in the background
sg=/dev/$(basename "$(echo /sys/class/scsi_generic/sg*)")
forget_trace
expect_refused "ATA" "ATA and UFS devices are left to other plugins" \
	scsi-wb-plan "$sg" --set ScsiWbMode=0x07 --image-size 1000
expect_equal "ATA: no command" '' "$(started)"
finish
