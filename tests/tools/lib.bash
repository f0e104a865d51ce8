# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# shellcheck shell=bash disable=SC2034
#
# What the tests of tools/ share.  A test is a function; check NAME FUNCTION runs it.

TOOLS=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../tools" && pwd)
TMP=$(mktemp -d)
chmod 755 "$TMP"
trap 'rm -rf "$TMP"' EXIT
FAILED=0

# fail WHY: ends the running test
fail()
{
	printf '%s\n' "$*" >"$TMP/why"
	exit 1
}

# skip WHY: ends the running test as one that cannot run here
skip()
{
	printf '%s\n' "$*" >"$TMP/why"
	exit 77
}

# check NAME FUNCTION [ARG]...: runs a test in a shell of its own
check()
{
	local name=$1 status=0
	shift
	: >"$TMP/why"
	(set -euo pipefail && "$@") >"$TMP/log" 2>&1 &
	wait $! || status=$?
	case $status in
	0) printf 'ok - %s\n' "$name" ;;
	77) printf 'skip - %s: %s\n' "$name" "$(<"$TMP/why")" ;;
	*)
		printf 'not ok - %s: %s\n' "$name" "$(cat "$TMP/why" "$TMP/log" | head -n 20)"
		FAILED=1
		;;
	esac
}

# refuses PATTERN COMMAND...: the command must exit 1 with one line on stderr, none on stdout
refuses()
{
	local pattern=$1 status=0
	shift
	"$@" >"$TMP/out" 2>"$TMP/err" || status=$?
	((status == 1)) || fail "exit status $status instead of 1: $(<"$TMP/err")"
	[[ ! -s $TMP/out ]] || fail "wrote to stdout: $(<"$TMP/out")"
	(($(wc -l <"$TMP/err") == 1)) || fail "stderr is not one line: $(<"$TMP/err")"
	grep -qE -- "$pattern" "$TMP/err" || fail "message lacks '$pattern': $(<"$TMP/err")"
}

# script PATH: makes an executable of stdin, to stand in for a program
script()
{
	mkdir -p "$(dirname "$1")"
	{
		printf '#!/bin/bash\n'
		cat
	} >"$1"
	chmod 755 "$1"
}

# one_folder ANSWER: what fwupd-sdk printed must be one line that names an SDK
one_folder()
{
	[[ $(wc -l <<<"$1") == 1 && -f $1/fwupdplugin.pc ]] || fail "no folder of an SDK: $1"
}
