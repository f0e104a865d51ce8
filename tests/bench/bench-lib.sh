# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# shellcheck shell=bash
#
# What benchmarks share. Sourced after guest-lib.sh, or by who has an OUTPUT of his own.

# shellcheck disable=SC2034 # it is used where this is sourced
BENCH_DIR=$(dirname "${BASH_SOURCE[0]}")

# line KEY=VALUE…: a line of JSON; what looks like a number is one
line() {
	local pair value text=
	for pair; do
		value=${pair#*=}
		[[ $value =~ ^-?[0-9]+(\.[0-9]+)?$ ]] || value="\"$value\""
		text+=", \"${pair%%=*}\": $value"
	done
	echo "{${text#, }}"
}

# timing NAME: what the device saw since its pace was set, as words for "line"
timing() {
	scsi-wb-target timing "$1" | sed -n 's/^\([a-z-]*\): \([0-9]*\)$/\1=\2/p' | tr - _
}

# now_us: of the Unix clock, as the device's times are
now_us() {
	echo "$(($(date +%s%N) / 1000))"
}

# bench_failed WHAT: what was to be measured did not work
bench_failed() {
	echo "$1 failed:"
	cat "$OUTPUT"
	exit 1
}
