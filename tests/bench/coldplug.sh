#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# coldplug.sh ROUNDS: how much longer the daemon takes to start on a machine with many logical units, which are Linux's
# scsi_debug: without the plugin, with it when no quirk row names them, and when one names them all; in turns. Only the
# last may send a command, one INQUIRY to each. Prints a line of JSON for each start.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lab/guest-lib.sh
. "$(dirname "$0")/../lab/guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=bench-lib.sh
. "$(dirname "$0")/bench-lib.sh"

rounds=$1
UNITS=(64 512 2048)
TARGETS=32
QUIRKS=/var/lib/fwupd/quirks.d/benchmark.quirk
COMMANDS=/sys/kernel/tracing/events/scsi/scsi_dispatch_cmd_start

# add_units COUNT: in place of those that are there
add_units() {
	rmmod scsi_debug 2>/dev/null || true
	modprobe scsi_debug num_tgts="$TARGETS" max_luns="$(($1 / TARGETS))" dev_size_mb=8 delay=0
	udevadm settle --timeout=900
	[ "$(lsscsi | grep -c scsi_debug)" = "$1" ] || bench_failed "$1 units"
}

# cpu_us: what the daemon has used since it was started
cpu_us() {
	sed -n 's/^usage_usec //p' /sys/fs/cgroup/system.slice/fwupd.service/cpu.stat
}

# sent: commands since tracing began anew, of the daemon or for it
sent() {
	grep -c 'scsi_dispatch_cmd_start:' /sys/kernel/tracing/trace || true
}

# start WHO COUNT: the daemon, from nothing until it answers
start() {
	local begin_us end_us pid
	systemctl stop fwupd.service
	echo >/sys/kernel/tracing/trace
	begin_us=$(($(date +%s%N) / 1000))
	systemctl start fwupd.service || bench_failed "$1 with $2 units"
	end_us=$(($(date +%s%N) / 1000))
	pid=$(systemctl show --property MainPID --value fwupd.service)
	line who="$1" units="$2" start_us="$((end_us - begin_us))" cpu_us="$(cpu_us)" commands="$(sent)" \
		rss_kib="$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB$/\1/p' "/proc/$pid/status")" \
		listed="$(fwupdmgr get-devices --json 2>/dev/null | jq '[.Devices[] | select(.Plugin == "scsi_wb")] | length')"
}

without() {
	printf '[fwupd]\nIdleTimeout=0\nDisabledPlugins=scsi_wb\n' >/etc/fwupd/fwupd.conf
	rm -f "$QUIRKS"
}

unnamed() {
	printf '[fwupd]\nIdleTimeout=0\n' >/etc/fwupd/fwupd.conf
	rm -f "$QUIRKS"
}

named() {
	printf '[fwupd]\nIdleTimeout=0\n' >/etc/fwupd/fwupd.conf
	printf '[SCSI\\VEN_Linux&DEV_scsi_debug]\nScsiWbMode = 0x07\n' >"$QUIRKS"
}

mkdir -p "$(dirname "$QUIRKS")"
# more than the daemon is given by systemd: what is measured is how long it takes
mkdir -p /run/systemd/system/fwupd.service.d
printf '[Service]\nTimeoutStartSec=900\n' >/run/systemd/system/fwupd.service.d/benchmark.conf
systemctl daemon-reload
echo 1 >"$COMMANDS/enable"
for count in "${UNITS[@]}"; do
	add_units "$count"
	for who in without unnamed named; do
		"$who"
		# what is read for the first time, and the quirk files, are no part of it
		start warm-up "$count" >"$OUTPUT"
	done
	for ((round = 1; round <= rounds; round++)); do
		for who in without unnamed named; do
			"$who"
			start "$who" "$count"
		done
	done
done
