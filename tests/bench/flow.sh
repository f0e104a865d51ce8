#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# flow.sh ROUNDS: what an update costs in the fault matrix, which has a hundred thousand of them: the updates of one model, each
# with a fault, and as many starts of a program that does nothing, in turns. Prints a line of JSON for each.
#
# Both are on this machine, without the lab.
# where: here
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../gates/lib.bash
. "$(dirname "$0")/../gates/lib.bash"
# shellcheck source-path=SCRIPTDIR source=bench-lib.sh
. "$top/tests/bench/bench-lib.sh"

rounds=$1
build=$top/build/gcc
MODEL=seagate-sas
OUTPUT=$top/build/gates/bench-flow.log
export FWUPD_DATADIR_QUIRKS=$top/quirks

# matrix: the updates; what it says of them is kept
matrix() {
	"$build/tests/flow/flow-matrix-test" -p "/scsi-wb/flow/matrix/$MODEL" >"$OUTPUT" 2>&1
}

# starts COUNT: of a program that ends at once
starts() {
	local i
	for ((i = 0; i < $1; i++)); do
		/bin/true
	done
}

# updates: how many there were: | model | commands | faults | updates | …
updates() {
	awk -F '|' -v model=" $MODEL " '$2 == model { print $5 + 0 }' "$OUTPUT"
}

# measure WHO COUNT COMMAND…
measure() {
	local begin_us
	begin_us=$(now_us)
	"${@:3}" || bench_failed "$1"
	line who="$1" model="$MODEL" count="$2" took_us="$(($(now_us) - begin_us))"
}

set_up "$build" gcc
meson compile -C "$build" -j 2 >&2
matrix || bench_failed "the matrix"
count=$(updates)
[ "${count:-0}" -gt 0 ] || bench_failed "counting the updates"
for ((round = 1; round <= rounds; round++)); do
	if ((round % 2)); then
		measure update "$count" matrix
		measure start "$count" starts "$count"
	else
		measure start "$count" starts "$count"
		measure update "$count" matrix
	fi
done
