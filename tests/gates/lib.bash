# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# shellcheck shell=bash disable=SC2034 # those who source it use the variables
# What the gates share. Sourced, never run.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
gates=$top/tests/gates
cd "$top" || exit
mkdir -p build/gates
status=0

# rows FILE: the lines of a table, without comments and blank lines
rows() {
	sed -E 's/[[:space:]]*#.*//; /^[[:space:]]*$/d' "$1"
}

# check NAME COMMAND...: one line of TAP, and what the command said if it failed
check() {
	local name=$1 log
	shift
	if log=$("$@" 2>&1); then
		echo "ok - $name"
	else
		echo "not ok - $name"
		{ grep -E '(error|warning):' <<<"$log" | head -n 30 || true; tail -n 30 <<<"$log"; } | sed 's/^/# /'
		status=1
	fi
}

# finds TEXT COMMAND...: the command fails and says TEXT, as a gate does of a planted defect
finds() {
	local text=$1 log
	shift
	if log=$("$@" 2>&1); then
		echo "the planted defect was let through: $*"
		return 1
	fi
	grep -qF -- "$text" <<<"$log" || {
		printf 'no "%s" in what was said of the planted defect:\n%s\n' "$text" "$log"
		return 1
	}
}

# set_up BUILD COMPILER [MESON-OPTION...]: a build folder, with the SDK of the fwupd that is here, in
# which warnings are errors
set_up() {
	local build=$1 compiler=$2
	shift 2
	PKG_CONFIG_PATH=$(tools/fwupd-sdk)
	export PKG_CONFIG_PATH
	if [ -e "$build/build.ninja" ]; then
		meson configure "$build" -Dwerror=true -Dpkg_config_path="$PKG_CONFIG_PATH" "$@" >&2
	else
		CC=$compiler meson setup "$build" . --werror \
			-Dpkg_config_path="$PKG_CONFIG_PATH" "$@" >&2
	fi
}
