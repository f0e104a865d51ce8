# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# shellcheck shell=bash disable=SC2154 # the suite has top, build and program
#
# Programs that are linked with a plugin of which one file was changed for the worse. Sourced by a suite that has
# "top", and "build" and "program": a folder of meson, and a program there.

suite=$(basename "$0")

# NAME [WHY]: a failure has a reason, which is a text of one line or more
verdict() {
	if [ $# -eq 1 ]; then
		echo "ok - $suite/$1"
	else
		echo "not ok - $suite/$1"
		printf '%s\n' "$2" | sed 's/^/# /'
	fi
}

# build_program: as it is, and what ninja runs for that
build_program() {
	ninja -C "$build" -j 2 "$program" >&2
	commands=$(ninja -C "$build" -t commands "$program")
}

# PATCH FOLDER: compiles the file that it changes as the build does, and links the program with it
# in front of the library, out of which then nothing of that file is taken
build_mutant() {
	local compile file link
	file=$(sed -nE 's,^--- (plugins/[^[:space:]]+).*,\1,p' "$1")
	patch --silent --fuzz=0 --reject-file=- --output="$2/changed.c" "$top/$file" "$1" || return
	compile=$(grep -F -- "/${file##*/}.o -c " <<<"$commands")
	link=$(tail -n 1 <<<"$commands")
	cd "$build" || return
	eval "${compile%% -MD *} -w -o '$2/changed.o' -c '$2/changed.c'" || return
	eval "${link/-o $program/-o '$2/program' '$2/changed.o'}"
}
