# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# shellcheck shell=bash
# Where a Debian comes from that is unpacked here. Sourced by a script that has a function "die".

# debian_archive LABEL: the address of Debian's archive (or of its security archive) that this machine uses
debian_archive() {
	# the $( ) belong to apt's own format language
	# shellcheck disable=SC2016
	apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 'Created-By: Packages' |
		awk -F '|' -v label="$1" '$1 == "Debian" && $2 == label { print $3; exit }'
}

# debian_sources RELEASE TYPE…: lines for apt; TYPE is deb or deb-src
debian_sources() {
	local main security release=$1 type
	shift
	main=${SCSI_WB_DEBIAN_MIRROR:-$(debian_archive Debian)}
	[ -n "$main" ] || die "no Debian archive among this machine's apt sources:" \
		"run 'apt-get update', or set SCSI_WB_DEBIAN_MIRROR to a mirror's address"
	security=$(debian_archive Debian-Security)
	for type; do
		echo "$type $main $release main"
		case $release in
		sid | unstable) continue ;;
		esac
		echo "$type $main $release-updates main"
		[ -z "$security" ] || echo "$type $security $release-security main"
	done
}

# apt_options: for mmdebstrap, one a line: whether an archive may be older than it says itself is for this machine to
# decide, and its apt has
apt_options() {
	local key value
	for key in Check-Valid-Until Check-Date; do
		eval "$(apt-config shell value "Acquire::$key/b")"
		[ -z "${value-}" ] || echo "--aptopt=Acquire::$key \"$value\""
		value=
	done
}
