#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# memory.sh ROUNDS: the daemon's memory and time on the processor while it sends an image of 16 MiB, over what it has
# when it is idle; and in turns the same of 64 KiB, which is what an update takes whatever its image. Prints a line of
# JSON for each update; in each the daemon is a new one.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lab/guest-lib.sh
. "$(dirname "$0")/../lab/guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lab/devices.sh
. "$(dirname "$0")/../lab/devices.sh"
# shellcheck source-path=SCRIPTDIR source=bench-lib.sh
. "$(dirname "$0")/bench-lib.sh"

rounds=$1
declare -A image_bytes=([small]=$((64 * 1024)) [large]=$((16 * 1024 * 1024)))

daemon_pid() {
	systemctl show --property MainPID --value fwupd.service
}

# daemon_status KEY: of /proc/PID/status, in KiB
daemon_status() {
	sed -n "s/^$1:[^0-9]*\([0-9]*\) kB$/\1/p" "/proc/$(daemon_pid)/status"
}

# cpu_us: what the daemon has used so far
cpu_us() {
	sed -n 's/^usage_usec //p' /sys/fs/cgroup/system.slice/fwupd.service/cpu.stat
}

# update SIZE: the daemon's peak begins anew right before it
update() {
	local pid idle_kib before_us
	systemctl restart fwupd.service
	fwupdmgr get-devices >/dev/null 2>&1
	pid=$(daemon_pid)
	idle_kib=$(daemon_status VmRSS)
	before_us=$(cpu_us)
	echo 5 >"/proc/$pid/clear_refs"
	fwupdmgr install --allow-reinstall --no-reboot-check -y "$1.cab" >"$OUTPUT" 2>&1 || bench_failed update
	[ "$pid" = "$(daemon_pid)" ] || bench_failed "one daemon for all"
	line who=memory size="$1" image_bytes="${image_bytes[$1]}" idle_kib="$idle_kib" peak_kib="$(daemon_status VmHWM)" \
		cpu_us="$(($(cpu_us) - before_us))"
}

cd "$(mktemp -d)"
# memory is counted in pages, not by the 2 MiB that the kernel may give instead of one of them
echo never >/sys/kernel/mm/transparent_hugepage/enabled
scsi-wb-target start tape hp-ultrium >/dev/null
udevadm settle
make_ca ca
for size in "${!image_bytes[@]}"; do
	scsi-wb-target make-image hp-ultrium G99Z "${image_bytes[$size]}" >"$size.bin"
	make_cabinet "$size.cab" "$size.bin" guid="$(guid_of 'SCSI\VEN_HP&DEV_Ultrium-3-SCSI')" version=G99Z sign=ca
done
trust_ca ca
start_daemon
for ((round = 1; round <= rounds; round++)); do
	update small
	update large
done
expect_equal "the drive has the image" "$(sha256sum <large.bin | cut -d ' ' -f 1)" "$(target_value tape committed-sha256)" >&2
