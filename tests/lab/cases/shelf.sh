#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# timeout: 1200
#
# One cabinet for a shelf of equal disks: the first disk goes alone, then the others at the same time, as many as
# ParallelDevices allows. One that fails harms no other, and each is listed with what it runs.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"

DISKS=(a b c d e)
# longer than anybody here waits
HELD='segment 1 hang 250000'
declare -A mark

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

# fwupd 2.0.20, libfwupd/fwupd.rs: FwupdUpdateState
SUCCESS=2
FAILED=3

# history_of NAME: how fwupd thinks that the disk's last update went
history_of() {
	local id
	id=$(shelf_json "$1" | jq -r .DeviceId)
	fwupdmgr get-history --json 2>/dev/null |
		jq -r --arg id "$id" '.Devices[] | select(.DeviceId == $id) | .UpdateState'
}

mark_all() {
	local name
	for name in "${DISKS[@]}"; do
		mark[$name]=$(scsi-wb-target log-mark "$name")
	done
}

# begin_install REVISION: in the background; its status is in install.status, what it said in install.out
begin_install() {
	mark_all
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
	count_opcode "$1" "${mark[$1]}" 3b
}

# expect_whole NAME REVISION: the disk has the image, nothing came in between, and all agree on its revision
expect_whole() {
	local log
	log=$(log_since "$1" "${mark[$1]}" | awk 'substr($2, 1, 4) != "3b0a" { print substr($2, 1, 2) }')
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

cd "$(mktemp -d)"
export NO_COLOR=1
for name in "${DISKS[@]}"; do
	scsi-wb-target start "$name" seagate-sas >/dev/null
done
udevadm settle
make_ca ca
trust_ca ca
allow 3
mapfile -t order < <(walked)
expect_equal "disks" "${DISKS[*]}" "$(printf '%s\n' "${order[@]}" | sort | xargs)"
first=${order[0]}

echo "# together: three at a time behind the first one, held at their first segment"
for name in "${order[@]:1}"; do
	scsi-wb-target fault "$name" - <<<"$HELD"
done
begin_install TT42
for name in "${order[@]:1:3}"; do
	expect_status "$name: waits with the others" 0 scsi-wb-target wait-held "$name"
done
expect_equal "$first: went alone, and is done" TT42 "$(sg_revision "$first")"
expect_equal "${order[4]}: is the fourth, and has to wait" 0 "$(segments "${order[4]}")"
for name in "${order[@]:1}"; do
	scsi-wb-target wait-held "$name" >/dev/null
	scsi-wb-target release "$name"
done
expect_end "together" 0
for name in "${order[@]}"; do
	expect_whole "$name" TT42
	expect_equal "$name: history" "$SUCCESS" "$(history_of "$name")"
done

echo "# the first one fails: no other is touched"
for name in "${order[@]}"; do
	scsi-wb-target fault "$name" - </dev/null
done
scsi-wb-target fault "$first" - <<<'segment 3 sense 5/26/00'
begin_install TT50
expect_end "first fails" 1
expect_text "first fails: why" install.out 'segment 3 of '
for name in "${order[@]}"; do
	[ "$name" = "$first" ] || expect_old "$name" TT42
done
expect_equal "$first: history" "$FAILED" "$(history_of "$first")"

echo "# another one fails: who has begun goes on, who has not does not begin"
bad=${order[2]}
scsi-wb-target fault "$first" - </dev/null
scsi-wb-target fault "$bad" - <<<'segment 3 sense 5/26/00'
for name in "${order[1]}" "${order[3]}"; do
	scsi-wb-target fault "$name" - <<<"$HELD"
done
begin_install TT51
for name in "${order[1]}" "${order[3]}"; do
	scsi-wb-target wait-held "$name" >/dev/null
done
for ((tries = 0; tries < 100; tries++)); do
	[ "$(segments "$bad")" -lt 3 ] || break
	sleep 0.2
done
for name in "${order[1]}" "${order[3]}"; do
	scsi-wb-target release "$name"
done
expect_end "another fails" 1
expect_text "another fails: why" install.out 'segment 3 of '
for name in "$first" "${order[1]}" "${order[3]}"; do
	expect_whole "$name" TT51
done
expect_equal "$bad: is listed with what it runs" "TT42 TT42" "$(shelf_version "$bad") $(sg_revision "$bad")"
expect_old "${order[4]}" TT42
expect_equal "$bad: history" "$FAILED" "$(history_of "$bad")"
expect_equal "nobody is busy any more" '' "$(fwupdmgr get-devices --json 2>/dev/null |
	jq -r '.Devices[] | select(.Problems // [] | index("update-in-progress")) | .Serial')"

echo "# repaired: the rest is updated, and nothing else"
scsi-wb-target fault "$bad" - </dev/null
begin_install TT51
expect_end "repaired" 0
for name in "$bad" "${order[4]}"; do
	expect_whole "$name" TT51
done
for name in "$first" "${order[1]}" "${order[3]}"; do
	expect_equal "$name: segments" 0 "$(segments "$name")"
done

echo "# one by one: ParallelDevices=1"
allow 1
scsi-wb-target fault "${order[1]}" - <<<"$HELD"
begin_install TT60
expect_status "${order[1]}: is held" 0 scsi-wb-target wait-held "${order[1]}"
for name in "${order[@]:2}"; do
	expect_equal "$name: waits for its turn" 0 "$(segments "$name")"
done
scsi-wb-target release "${order[1]}"
expect_end "one by one" 0
for name in "${order[@]}"; do
	expect_whole "$name" TT60
done

echo "# a number that is none is said, and means one by one"
allow many
scsi-wb-target fault "${order[1]}" - <<<"$HELD"
begin_install TT61
scsi-wb-target wait-held "${order[1]}" >/dev/null
expect_equal "${order[2]}: waits for its turn" 0 "$(segments "${order[2]}")"
scsi-wb-target release "${order[1]}"
expect_end "no number" 0
expect_equal "no number: is said" 1 "$(daemon_log |
	grep -c 'ParallelDevices below \[scsi_wb\] in fwupd.conf is no number from 1 to 256')"
finish
