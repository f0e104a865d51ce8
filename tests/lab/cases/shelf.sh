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
# shellcheck source-path=SCRIPTDIR source=../shelf-lib.sh
. "$(dirname "$0")/../shelf-lib.sh"

# longer than anybody here waits
HELD='segment 1 hang 250000'

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

# has_third NAME: the disk was sent its third segment; what goes to the echo buffer, 0ah, is none
# shellcheck disable=SC2317 # it is called by its name
has_third() {
	[ "$(log_since "$1" "${marks[$1]}" | grep -c ' 3b07')" -ge 3 ]
}

start_shelf 3

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
heal
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
expect_status "$bad: fails meanwhile" 0 wait_until has_third "$bad"
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
