#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# timeout: 1200
#
# In the middle of a shelf, with each disk at another segment, fwupdmgr is killed, and then the daemon, before and after
# the first disk is done. Each disk keeps the old firmware or the new, whole, and is listed with it; the same cabinet
# then updates those that are left, and nothing is sent to the others.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"
# shellcheck source-path=SCRIPTDIR source=../kill-lib.sh
. "$(dirname "$0")/../kill-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../shelf-lib.sh
. "$(dirname "$0")/../shelf-lib.sh"

# bash: 128 and the number of the signal
KILLED=137

# hold_each SEGMENT...: the disks behind the first one, each at its own; who is left has to wait for them. Of the last
# segment the answer is held back, too, so that it has taken effect.
hold_each() {
	local i
	for ((i = 1; i <= $#; i++)); do
		scsi-wb-target fault "${order[i]}" - <<<"segment ${!i} hang 250000"
	done
}

# await_each COUNT: so many behind the first one are held
await_each() {
	local name
	for name in "${order[@]:1:$1}"; do
		expect_status "$name: is held" 0 scsi-wb-target wait-held "$name"
	done
}

# runs NAME REVISION: as the daemon says
# shellcheck disable=SC2317 # it is called by its name
runs() {
	[ "$(shelf_version "$1")" = "$2" ]
}

# kill_at WHAT NAME...: the daemon, while these are held, of which fwupdmgr hears
kill_at() {
	kill_client=$installing
	kill_daemon "${@:2}"
	expect_equal "$1: status" 1 "$(<install.status)"
}

# expect_kept NAME OLD: the disk has got segments, but keeps what it had
expect_kept() {
	expect_equal "$1: keeps the old image" "$old_sum" "$(target_value "$1" committed-sha256)"
	expect_equal "$1: revision" "$2 $2" "$(shelf_version "$1") $(sg_revision "$1")"
}

# expect_rest REVISION NAME...: the same cabinet again updates these, and sends nothing to the others
expect_rest() {
	local name revision=$1
	shift
	begin_install "$revision"
	expect_end "again" 0
	for name in "${order[@]}"; do
		if [[ " $* " == *" $name "* ]]; then
			expect_whole "$name" "$revision"
		else
			expect_equal "$name: segments" 0 "$(segments "$name")"
		fi
	done
}

start_shelf 3

echo "# fwupdmgr is killed: the daemon goes on to the end"
hold_each 1 6 "$KILL_SEGMENTS"
begin_install TT42
await_each 3
pkill -KILL -x fwupdmgr
expect_end "client killed" "$KILLED"
for name in "${order[@]:1:3}"; do
	let_go "$name"
done
for name in "${order[@]}"; do
	expect_status "$name: is updated" 0 wait_until runs "$name" TT42
	expect_whole "$name" TT42
done
old_sum=$(sha256sum <disk.bin | cut -d ' ' -f 1)

echo "# the daemon is killed while the first one is updated: no other is touched"
scsi-wb-target fault "$first" - <<<'segment 2 hang 250000'
begin_install TT50
expect_status "$first: is held" 0 scsi-wb-target wait-held "$first"
kill_at "killed at the first one" "$first"
expect_kept "$first" TT42
for name in "${order[@]:1}"; do
	expect_old "$name" TT42
done

echo "# the daemon is killed while the others are updated: each has the old firmware or the new"
hold_each 1 6 "$KILL_SEGMENTS"
begin_install TT50
await_each 3
kill_at "killed behind the first one" "${order[@]:1:3}"
expect_whole "$first" TT50
expect_kept "${order[1]}" TT42
expect_kept "${order[2]}" TT42
expect_whole "${order[3]}" TT50
expect_old "${order[4]}" TT42

echo "# the rest is updated, and nothing else"
expect_rest TT50 "${order[1]}" "${order[2]}" "${order[4]}"
finish
