#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# Two paths to one logical unit: one entry, one download, by one path; a path that is pulled costs
# nothing before and after an update, and only that one update in the middle. First two hosts of Linux's
# scsi_debug, below a multipath map too, then two hosts that lead to one simulated target.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"
# shellcheck source-path=SCRIPTDIR source=../scsi-debug-lib.sh
. "$(dirname "$0")/../scsi-debug-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../refusal-lib.sh
. "$(dirname "$0")/../refusal-lib.sh"

QUIRKS=/var/lib/fwupd/quirks.d/rocketdisk.quirk
MAP=/dev/mapper/mpatha
MOUNT=/mnt/mpatha
LOOPBACK=/sys/kernel/config/target/loopback
export NO_COLOR=1

# units PRODUCT: SCSI addresses of all that Linux has of it, in order
units() {
	lsscsi | awk -v product="$1" '$0 ~ product { gsub(/[][]/, "", $1); print $1 }' | sort -V
}

# device_version GUID: of the plugin's device alone. Where fwupd's own "scsi" finds disks, it lists each path that is not
# that device's, with the revision of the time when it found it.
device_version() {
	our_device_json "$1" | jq -r '.Version // ""'
}

# pull ADDRESS: as if somebody had drawn the cable
pull() {
	echo 1 >"/sys/class/scsi_device/$1/device/delete"
	udevadm settle
}

# plug HOST: it looks again for what there is
plug() {
	echo '- - -' >"/sys/class/scsi_host/host$1/scan"
	udevadm settle
}

# entries GUID: how many devices of the plugin fwupd lists with it
entries() {
	our_device_json "$1" | jq -s length
}

# hosts [CDB]: which hosts were sent a command of the plugin, or one that begins so, since the trace was forgotten
hosts() {
	not_fwupds <"$TRACING/trace" | grep -E "scsi_dispatch_cmd_start: .* raw=${1-}" |
		sed -nE 's/.* host_no=([0-9]+) .*/\1/p' | sort -u | paste -sd ' '
}

# install_cabinet FILE: of a cabinet
# shellcheck disable=SC2317 # it is called by its name
install_cabinet() {
	fwupdmgr install -y --no-reboot-check --allow-older "$1"
}

# update REVISION: the update of the disk that scsi_debug simulates, whose revision a test has to change
update() {
	forget_trace
	become "$1" 3b &
	expect_status "$2" 0 install_cabinet "$work/$1.cab"
	wait "$!"
	expect_equal "$2: version" "$1" "$(device_version "$guid")"
	expect_equal "$2: one path took it all" 1 "$(hosts 3b | wc -w)"
	expect_equal "$2: it was sent once" "$((IMAGE_BYTES))" "$(accepted_bytes)"
}

# accepted_bytes: the lengths of all WRITE BUFFERs that were executed
accepted_bytes() {
	answered | awk '$1 == "GOOD" && $2 == "3b" { print $8 $9 $10 }' |
		while read -r length; do echo $((16#$length)); done | awk '{ n += $1 } END { print n }'
}

IMAGE_BYTES=100001
work=$(mktemp -d)
guid=$(guid_of "$DISK_ID")
head -c "$IMAGE_BYTES" /dev/urandom >"$work/firmware.bin"
make_ca "$work/ca"
trust_ca "$work/ca"
for revision in 0002 0003 0004 0005; do
	make_cabinet "$work/$revision.cab" "$work/firmware.bin" guid="$guid" version="$revision" \
		vendor-id=SCSI:ACME sign="$work/ca"
done
printf '[%s]\nScsiWbMode = 0x07\nScsiWbChunkSize = 512\n' "$DISK_ID" >"$QUIRKS"

# scsi_debug: without the host's number in it, the unique name of both is the same
modprobe scsi_debug dev_size_mb=32 num_tgts=1 max_luns=1 add_host=2 vpd_use_hostno=0 ptype=14 \
	inq_vendor=ACME inq_product=ROCKETDISK inq_rev=0001
udevadm settle
start_tracing
mapfile -t path < <(units ROCKETDISK)
first=${path[0]%%:*}
second=${path[1]%%:*}
expect_equal "both have one unique name" 1 \
	"$(cat "/sys/class/scsi_device/${path[0]}/device/wwid" "/sys/class/scsi_device/${path[1]}/device/wwid" |
		sort -u | wc -l)"

systemctl stop fwupd.service
forget_trace
expect_equal "two paths: one entry" 1 "$(entries "$guid")"
expect_equal "two paths: one INQUIRY" '12 00 00 00 24 00' "$(started | not_fwupds)"
entry=$(our_device_json "$guid" | jq -r .DeviceId)
update 0002 "two paths: update"
expect_equal "two paths: the first is used" "$first" "$(hosts 3b)"
expect_equal "two paths: the second gets no command" "$first" "$(hosts)"

pull "${path[0]}"
update 0003 "path pulled before the update"
expect_equal "path pulled before the update: the other is used" "$second" "$(hosts 3b)"
expect_equal "path pulled before the update: the entry is the same" "$entry" \
	"$(our_device_json "$guid" | jq -r .DeviceId)"
plug "$first"
pull "${path[1]}"
expect_equal "path pulled after the update: one entry" "1 0003" \
	"$(entries "$guid") $(device_version "$guid")"
update 0004 "path pulled after the update"
expect_equal "path pulled after the update: the other is used" "$first" "$(hosts 3b)"
plug "$second"

# pulled in the middle: that update fails, the device keeps its firmware, and the next one succeeds
forget_trace
systemctl stop fwupd.service
fwupdmgr get-devices >/dev/null 2>&1
# whoever pulls takes longer to see the first segment than this disk to take them all
take_jiffies 10
{
	until answered | grep '^GOOD 3b' >/dev/null; do sleep 0.1; done
	pull "${path[0]}"
} &
# the command that was under way ends with an error of the adapter, or the next one finds no device
status=0
install_cabinet "$work/0005.cab" >"$OUTPUT" 2>&1 || status=$?
wait "$!"
take_jiffies 1
expect_equal "path pulled during the update: it fails" yes "$([ "$status" = 0 ] || echo yes)"
expect_text "path pulled during the update: where" "$OUTPUT" 'failed to write-firmware: segment '
expect_equal "path pulled during the update: old firmware" 0004 "$(device_version "$guid")"
update 0005 "path pulled during the update: once more"
expect_equal "path pulled during the update: once more: the other is used" "$second" "$(hosts 3b)"
plug "$first"

# a multipath map claims both disks, but only who uses the map uses them
mapfile -t disk < <(lsscsi | awk '/ROCKETDISK/ { print $NF }')
sectors=$(blockdev --getsz "${disk[0]}")
modprobe dm-multipath
dmsetup create mpatha --uuid mpath-3333333000000001 --table \
	"0 $sectors multipath 0 0 1 1 round-robin 0 2 1 ${disk[0]} 1 ${disk[1]} 1"
mke2fs -q -t ext4 "$MAP"
systemctl stop fwupd.service
expect_equal "multipath map: no problem" '' "$(our_device_json "$guid" | jq -r '.Problems // [] | join(" ")')"
update 0002 "multipath map"
mkdir -p "$MOUNT"
mount "$MAP" "$MOUNT"
systemctl stop fwupd.service
expect_equal "multipath map mounted: problem" in-use \
	"$(our_device_json "$guid" | jq -r '.Problems // [] | join(" ")')"
expect_status "multipath map mounted: update is refused" 1 install_cabinet "$work/0003.cab"
expect_equal "multipath map mounted: why" \
	"$(refused_in_use "$guid" "$(basename "$(realpath "$MAP")") is mounted at $MOUNT")" "$(said | tail -n 1)"
umount "$MOUNT"
dmsetup remove mpatha

# the disk mounted by its second path is in use, too
disk_of() {
	echo "/dev/$(ls "/sys/class/scsi_device/$1/device/block")"
}
mount "$(disk_of "${path[1]}")" "$MOUNT"
systemctl stop fwupd.service
expect_equal "mounted by the other path: problem" in-use \
	"$(our_device_json "$guid" | jq -r '.Problems // [] | join(" ")')"
expect_status "mounted by the other path: update is refused" 1 install_cabinet "$work/0003.cab"
umount "$MOUNT"

# two TCMU hosts to one simulated target
start_devices disk
make_device_updates "$work" sign="$work/ca"
first=$(units "${device_id[disk]##*_}")
mkdir -p "$LOOPBACK/naa.60014050000000a1/tpgt_1"
echo naa.60014050000000a2 >"$LOOPBACK/naa.60014050000000a1/tpgt_1/nexus"
mkdir "$LOOPBACK/naa.60014050000000a1/tpgt_1/lun/lun_0"
ln -s /sys/kernel/config/target/core/user_0/disk "$LOOPBACK/naa.60014050000000a1/tpgt_1/lun/lun_0/backstore"
udevadm settle
mapfile -t path < <(units "${device_id[disk]##*_}")
expect_equal "simulated target: Linux has two units" 2 "${#path[@]}"
guid=$(device_guid disk)
systemctl stop fwupd.service
mark=$(scsi-wb-target log-mark disk)
expect_equal "simulated target: one entry" 1 "$(entries "$guid")"
expect_equal "simulated target: one INQUIRY" 1 "$(log_since disk "$mark" | not_fwupds | wc -l)"
pull "$first"
mark=$(scsi-wb-target log-mark disk)
expect_status "simulated target: update by the path that is left" 0 install_cabinet "$work/disk.cab"
expect_equal "simulated target: it was sent once" "${device_bytes[disk]}" \
	"$(log_since disk "$mark" | awk 'substr($2, 1, 4) ~ /^3b07/ && / GOOD/' | grep -o ' out=[0-9]*' |
		awk -F = '{ n += $2 } END { print n }')"
expect_equal "simulated target: SHA-256 of the committed image" \
	"$(sha256sum <"$work/disk.bin" | cut -d' ' -f1)" "$(target_value disk committed-sha256)"
expect_equal "simulated target: version" "${device_revision[disk]}" "$(device_version "$guid")"
systemctl stop fwupd.service
expect_equal "simulated target: after a restart of the daemon" "1 ${device_revision[disk]}" \
	"$(entries "$guid") $(device_version "$guid")"
finish
