# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# shellcheck shell=bash
#
# Two guests at the ends of a wire (a line "# beside: SCRIPT"), for scripts in both: the first one manages. Sourced after
# nodes-lib.sh.
# shellcheck disable=SC2034 # it is used where this is sourced
KEY_URL=http://10.0.0.1:8000/id_ed25519.pub

# node_address NODE-NUMBER: of the guest at that end, in place of that of a machine in one guest
node_address() {
	echo "10.0.0.$1"
}

# plug_in NUMBER: the only network card of this guest has the address of that end
plug_in() {
	local card tries
	for tries in {1..100}; do
		card=$(cd /sys/class/net && find . -mindepth 1 ! -name lo -printf '%f\n' | head -n 1)
		[ -z "$card" ] || break
		sleep 0.2
	done
	[ -n "$card" ] || {
		echo "plug_in: no network card after $tries tries"
		return 1
	}
	ip address add "$(node_address "$1")/24" dev "$card"
	ip link set "$card" up
}

# start_sshd NUMBER: for root with a key, at the guest's own end
start_sshd() {
	mkdir -p /run/sshd
	ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/wire_key
	/usr/sbin/sshd -f /dev/null -h /etc/ssh/wire_key -o "ListenAddress=$(node_address "$1")" -o PidFile=none \
		-o UsePAM=no -o PermitRootLogin=prohibit-password
}

# know NUMBER: who answers there is who is meant, since nobody else is on the wire
know() {
	local tries
	for tries in {1..900}; do
		! ssh-keyscan -T 5 -t ed25519 "$(node_address "$1")" >>/root/.ssh/known_hosts 2>/dev/null || return 0
		sleep 1
	done
	echo "know: nobody at $(node_address "$1") after $tries tries"
	return 1
}

# send FILE PATH: FILE becomes PATH on node2
send() {
	# shellcheck disable=SC2029 # the path is known here
	ssh "$(node_address 2)" "cat >'$2'" <"$1"
}

# on_host COMMAND: a line of shell on node2, with the functions of the lab
on_host() {
	# shellcheck disable=SC2029 # both have the project at the same place
	ssh "$(node_address 2)" "cd '$GUEST_LIB_DIR' && set -euo pipefail && . ./guest-lib.sh && . ./devices.sh &&
		. ./nodes-lib.sh && . ./fleet-lib.sh && $1"
}
