# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# shellcheck shell=bash
#
# A shelf of equal disks, and one cabinet for all of them: "order" has their names as fwupd comes to them, and
# "first" is the one that goes alone. Sourced after guest-lib.sh and devices.sh.

# shellcheck disable=SC2034,SC2154 # some of it is used where this is sourced, and "marks" is of devices.sh

DISKS=(a b c d e)

# shelf_json NAME: what the daemon says of a disk, which differs from the others by its serial number
shelf_json() {
	fwupdmgr get-devices --json 2>/dev/null | jq --arg serial "$1" '.Devices[] | select(.Serial == $serial)'
}

shelf_version() {
	shelf_json "$1" | jq -r .Version
}

# walked: the disks in the order in which fwupd comes to them, which is that of its list
walked() {
	fwupdmgr get-devices --json 2>/dev/null | jq -r '.Devices[] | select(.Plugin == "scsi_wb") | .Serial'
}

# start_shelf PARALLEL: the disks, a daemon that trusts ours alone, and the order
start_shelf() {
	local name
	cd "$(mktemp -d)" || return
	export NO_COLOR=1
	for name in "${DISKS[@]}"; do
		scsi-wb-target start "$name" seagate-sas >/dev/null
	done
	udevadm settle
	make_ca ca
	trust_ca ca
	allow "$1"
	mapfile -t order < <(walked)
	expect_equal "disks" "${DISKS[*]}" "$(printf '%s\n' "${order[@]}" | sort | xargs)"
	first=${order[0]}
}

# heal: what was planted is gone
heal() {
	local name
	for name in "${order[@]}"; do
		scsi-wb-target fault "$name" - </dev/null
	done
}

# begin_install REVISION: in the background; its status is in install.status, what it said in install.out
begin_install() {
	mark_all "${DISKS[@]}"
	make_image disk . "$1"
	make_device_cabinet disk . version="$1" sign=ca
	rm -f install.status
	{
		local status=0
		fwupdmgr local-install disk.cab --no-reboot-check -y >install.out 2>&1 || status=$?
		echo "$status" >install.status
	} &
	installing=$!
}

# expect_end WHAT STATUS: of what was begun
expect_end() {
	wait "$installing"
	expect_equal "$1: status" "$2" "$(<install.status)"
}

# segments NAME: how many the disk was sent since the mark
segments() {
	count_opcode "$1" "${marks[$1]}" 3b
}

# expect_whole NAME REVISION: the disk has the image, nothing came in between, and all agree on its revision
expect_whole() {
	local log
	log=$(log_since "$1" "${marks[$1]}" | awk 'substr($2, 1, 4) != "3b0a" { print substr($2, 1, 2) }')
	expect_equal "$1: committed image" "$(sha256sum <disk.bin | cut -d ' ' -f 1)" "$(target_value "$1" committed-sha256)"
	expect_equal "$1: revision" "$2 $2" "$(shelf_version "$1") $(sg_revision "$1")"
	expect_equal "$1: nothing between the first and the last segment" 3b \
		"$(sed -n '/^3b/,$p' <<<"$log" | tac | sed -n '/^3b/,$p' | sort -u)"
}

# expect_old NAME REVISION: the disk got no segment, and is listed as it was
expect_old() {
	expect_equal "$1: segments" 0 "$(segments "$1")"
	expect_equal "$1: revision" "$2 $2" "$(shelf_version "$1") $(sg_revision "$1")"
}

# allow PARALLEL: for a daemon that starts afresh
allow() {
	printf '[fwupd]\nIdleTimeout=0\n\n[scsi_wb]\nParallelDevices=%s\n' "$1" >/etc/fwupd/fwupd.conf
	systemctl restart fwupd.service
}
