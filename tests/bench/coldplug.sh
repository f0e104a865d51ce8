#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# coldplug.sh ROUNDS: how much longer the daemon takes to start on a machine with many logical units, which are Linux's
# scsi_debug: without the plugin, in turns with it when no quirk row names them; and when one names them all. Only the
# last may send a command, one INQUIRY to each. Prints a line of JSON for each start.
#
# The udev backend of fwupd gives up in bookworm, so there would be nothing to compare with there.
# release: trixie
# image: units
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lab/guest-lib.sh
. "$(dirname "$0")/../lab/guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lab/scsi-debug-lib.sh
. "$(dirname "$0")/../lab/scsi-debug-lib.sh"
# shellcheck source-path=SCRIPTDIR source=bench-lib.sh
. "$(dirname "$0")/bench-lib.sh"

rounds=$1
UNITS=(64 512 2048)
TARGETS=32
QUIRKS=/var/lib/fwupd/quirks.d/benchmark.quirk
RULES=/run/udev/rules.d

# add_units COUNT: in place of those that are there
add_units() {
	rmmod scsi_debug 2>/dev/null || true
	modprobe scsi_debug ptype=14 num_tgts="$TARGETS" max_luns="$(($1 / TARGETS))" dev_size_mb=8 delay=0
	udevadm settle --timeout=900
	lsscsi >"$OUTPUT"
	[ "$(grep -c scsi_debug "$OUTPUT")" = "$1" ] || bench_failed "$1 units"
}

# cpu_us: what the daemon has used since it was started
cpu_us() {
	sed -n 's/^usage_usec //p' /sys/fs/cgroup/system.slice/fwupd.service/cpu.stat
}

# start WHO COUNT: the daemon, from nothing until it answers
start() {
	local begin_us end_us pid
	systemctl stop fwupd.service
	forget_trace
	begin_us=$(now_us)
	systemctl start fwupd.service || bench_failed "$1 with $2 units"
	end_us=$(now_us)
	pid=$(systemctl show --property MainPID --value fwupd.service)
	line who="$1" units="$2" start_us="$((end_us - begin_us))" cpu_us="$(cpu_us)" commands="$(started | wc -l)" \
		rss_kib="$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB$/\1/p' "/proc/$pid/status")" \
		listed="$(fwupdmgr get-devices --json 2>/dev/null | jq '[.Devices[] | select(.Plugin == "scsi_wb")] | length')"
}

# configure [LINE]: the daemon, with or without the plugin
configure() {
	printf '[fwupd]\nIdleTimeout=0\n%s\n' "$*" >/etc/fwupd/fwupd.conf
}

# measure COUNT ROUNDS: first what starts without the row and what with it have in common; and a first start that reads
# what was not read yet, since a changed row makes the daemon build its caches anew
measure() {
	local round
	rm -f "$QUIRKS"
	configure
	start warm-up "$1" >/dev/null
	for ((round = 1; round <= $2; round++)); do
		configure DisabledPlugins=scsi_wb
		start without "$1"
		configure
		start unnamed "$1"
	done
	printf '[SCSI\\VEN_Linux&DEV_scsi-debug]\nScsiWbMode = 0x07\n' >"$QUIRKS"
	start warm-up "$1" >/dev/null
	for ((round = 1; round <= $2; round++)); do
		start named "$1"
	done
}

# more than the daemon is given by systemd: what is measured is how long it takes
mkdir -p /run/systemd/system/fwupd.service.d
printf '[Service]\nTimeoutStartSec=900\n' >/run/systemd/system/fwupd.service.d/benchmark.conf
systemctl daemon-reload
start_tracing
echo 0 >"$TRACING/events/scsi/scsi_dispatch_cmd_done/enable"
echo 16384 >"$TRACING/buffer_size_kb"
# what udev asks each disk for its links takes longer than all that is measured here
mkdir -p "$RULES"
for rules in /usr/lib/udev/rules.d/{5,6}[0-9]-*.rules; do
	: >"$RULES/$(basename "$rules")"
done
udevadm control --reload
for count in "${UNITS[@]}"; do
	add_units "$count"
	measure "$count" "$rounds"
done
