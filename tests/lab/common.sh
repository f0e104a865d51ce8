# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# shellcheck shell=bash
# What the lab's programs on the host share. Sourced, never run.

# a failure of the lab itself, so that a caller can tell it from a script's own status
LAB_FAILED=125
LAB_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PROJECT_DIR=$(cd "$LAB_DIR/../.." && pwd)
CACHE_DIR=${SCSI_WB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}}/scsi-wb/lab
# one build for each checkout of the project
PAYLOAD_DIR=${SCSI_WB_PAYLOAD:-$CACHE_DIR/payload-$(printf '%s' "$PROJECT_DIR" | sha256sum | cut -c1-12)}
export LAB_DIR PROJECT_DIR CACHE_DIR PAYLOAD_DIR

# say MESSAGE…: a line for people, away from what the script in the guest prints
say() {
	printf 'lab: %s\n' "$*" >&2
}

# die MESSAGE…: end as a failure of the lab
die() {
	say "$@"
	exit "$LAB_FAILED"
}

# host_release: the Debian of this machine, or of the root that this runs in; sid, too, has no other name for itself
host_release() {
	# shellcheck source=/dev/null
	(. /etc/os-release && echo "${VERSION_CODENAME:-sid}")
}

# need PROGRAM PACKAGE: end unless PROGRAM is installed; /sbin is not in every user's PATH
need() {
	PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null || die "$1 is missing: apt-get install $2"
}

# lock NAME COMMAND…: one such COMMAND at a time on this cache; its children do not inherit the
# lock, so a daemon left behind cannot keep it
lock() {
	local name=$1
	shift
	mkdir -p "$CACHE_DIR"
	flock --close "$CACHE_DIR/$name.lock" "$@"
}

# flavour_lines FLAVOUR: what the table "flavours" says of it, without comments, and of it in guests of $RELEASE
flavour_lines() {
	awk -F '\t' -v OFS='\t' -v flavour="$1" -v own="$1:${RELEASE:-}" '
		{ sub(/[\t ]*#.*/, "") } $1 == flavour || $1 == own { print }' "$LAB_DIR/flavours"
}

# flavour_values FLAVOUR WORD: its values, one a line
flavour_values() {
	flavour_lines "$1" | awk -F '\t' -v word="$2" '$2 == word { print $3 }'
}

# check_flavour FLAVOUR: end unless there is one of that name
check_flavour() {
	[ -n "$(flavour_lines "$1")" ] ||
		die "no such flavour of the guest: '$1'; there are:" \
			"$(sed 's/#.*//' "$LAB_DIR/flavours" | awk -F '\t' 'NF && $1 !~ /:/ { print $1 }' | sort -u | paste -sd ' ')"
}
