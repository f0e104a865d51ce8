#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# boots: 2
#
# Firmware that waits: for a power cycle, for a reset, for a command, told apart by the devices' own bits.
# The daemon is started again, the machine is rebooted while the devices keep their power, fwupd's shutdown
# hook activates on the way, and at last the power is cycled.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"

WORK=/var/lib/scsi-wb-activation
HOOKS=/usr/lib/systemd/system-shutdown
POWER_CYCLE="power cycle the enclosure: the device still runs revision 0001, and the new firmware comes into \
use only when its power has been off, which a reboot of this machine may not do; if it has been off since the \
update, the device has dropped the new firmware: install it again"
export NO_COLOR=1

# in the order in which they are started, in each boot
devices=(power reset command early)
device_model=(
	[power]=std-power-on [reset]=std-reset [command]=std-deferred [early]=std-after-event
)
device_id=(
	[power]='SCSI\VEN_WBSTD&DEV_STD-POWER-ON'
	[reset]='SCSI\VEN_WBSTD&DEV_STD-RESET'
	[command]='SCSI\VEN_WBSTD&DEV_STD-DEFERRED'
	[early]='SCSI\VEN_WBSTD&DEV_STD-AFTER-EVENT'
)
device_title=([power]='Power cycle' [reset]='Reset' [command]='Command' [early]='Early')
device_vendor=([power]=WBSTD [reset]=WBSTD [command]=WBSTD [early]=WBSTD)
device_revision=([power]=0002 [reset]=0002 [command]=0002 [early]=0002)
device_bytes=([power]=200001 [reset]=200001 [command]=200001 [early]=200001)

# switch_on HOW: the devices, with what they kept. A real device is no process of the machine: the one that
# fwupd's shutdown hook is to find keeps nothing on the disk, which is read-only by then.
switch_on() {
	local name
	local -a kept
	mkdir -p "$WORK/command"
	for name in "${devices[@]}"; do
		kept=(--state "$WORK/$name" --begin "$1")
		[ "$name$LAB_BOOT" != command1 ] || kept=()
		(exec -a @scsi-wb-target scsi-wb-target start "$name" "${device_model[$name]}" "${kept[@]}" >/dev/null)
	done
	udevadm settle
}

# outlive_shutdown: systemd does not end the devices, neither with the script's group, nor at last with all that
# is left, where it spares what has @ before its name
outlive_shutdown() {
	local process
	for process in /proc/[0-9]*; do
		! grep -qsz '^@scsi-wb-target' "$process/cmdline" || echo "${process#/proc/}" >/sys/fs/cgroup/cgroup.procs
	done
}

# watch_shutdown NAME: another hook, that runs beside fwupd's and keeps what became of the device
watch_shutdown() {
	cat >"$HOOKS/watch" <<-END
		#!/bin/bash
		touch /shutdown-test && exit 1
		for second in {1..60}; do
			[ "\$(sed -n 's/^revision: //p' <(/usr/local/bin/scsi-wb-target show $1))" != 0002 ] || break
			sleep 1
		done
		mount -o remount,rw /
		/usr/local/bin/scsi-wb-target show $1 >$WORK/show
		/usr/local/bin/scsi-wb-target log $1 >$WORK/log-of-shutdown
		cp /run/scsi-wb-target/$1/{committed.bin,revision} $WORK/$1/
		sync
		mount -o remount,ro /
	END
	chmod +x "$HOOKS/watch"
}

# restart_daemon: another life of it
restart_daemon() {
	systemctl stop fwupd.service
	fwupdmgr get-devices >/dev/null 2>&1
}

# needs NAME: what the daemon says that the device needs
needs() {
	device_json "$(device_guid "$1")" | jq -r '[.Flags[] | select(startswith("needs-"))] | join(" ")'
}

# json NAME KEY: what the daemon says of a device
json() {
	device_json "$(device_guid "$1")" | jq -r "$2 // \"\""
}

# state NAME: what the daemon's history says of the last update, in fwupd's order of its states
state() {
	local -a states=(unknown pending success failed needs-reboot failed-transient)
	echo "${states[$(fwupdmgr get-history --json 2>/dev/null |
		jq --arg guid "$(device_guid "$1")" \
			'.Devices[] | select(.Guid // [] | index($guid)) | .UpdateState')]}"
}

# expect_waiting WHEN: each device waits for what its bits say
expect_waiting() {
	expect_equal "$1: what only power on activates" needs-shutdown "$(needs power)"
	expect_equal "$1: what a reset activates" needs-reboot "$(needs reset)"
	expect_equal "$1: what a command activates" needs-activation "$(needs command)"
	expect_equal "$1: what runs after an event" needs-shutdown "$(needs early)"
}

first_boot() {
	mkdir -p "$WORK"
	printf '[SCSI\\VEN_WBSTD]\nScsiWbMode = auto\n' >/var/lib/fwupd/quirks.d/wbstd.quirk
	switch_on power-on
	offer_updates "$WORK"
	expect_status "refresh" 0 fwupdmgr refresh --force
	expect_status "update" 0 fwupdmgr update -y --no-reboot-check
	expect_text "update: the user is told" "$OUTPUT" \
		'The update will continue when the device power cable has been removed and re-inserted.'
	expect_waiting "after the update"
	restart_daemon
	expect_waiting "in another life of the daemon"
	expect_equal "power: state in another life" needs-reboot "$(state power)"
	expect_equal "power: nothing is running yet" 0001 "$(sg_revision power)"

	# its power is cycled before the machine is rebooted: fwupd looks at the result only then
	scsi-wb-target power-cycle early >/dev/null
	restart_daemon
	check_updated early "$WORK/early.bin"
	expect_equal "early: state without a reboot" needs-reboot "$(state early)"

	outlive_shutdown
	watch_shutdown command
	save_counts
	next_boot reboot
}

# the devices kept their power, and were reset by the new boot
second_boot() {
	load_counts
	rm "$HOOKS/watch"
	expect_text "shutdown: the hook has activated what needs a command" "$WORK/show" 'revision: 0002'
	expect_equal "shutdown: with one command" 1 \
		"$(awk 'substr($2, 1, 4) == "3b0f" && / GOOD/' "$WORK/log-of-shutdown" | wc -l)"
	expect_same_bytes "shutdown: the image" "$WORK/command.bin" "$WORK/command/committed.bin"
	switch_on reset
	expect_equal "reset: runs the new firmware" 0002 "$(device_version "$(device_guid reset)")"
	expect_equal "reset: a success" success "$(state reset)"
	expect_equal "command: a success" success "$(state command)"
	expect_equal "early: a success" success "$(state early)"
	expect_equal "power: runs the old firmware" 0001 "$(device_version "$(device_guid power)")"
	expect_equal "power: what to do" "$POWER_CYCLE" "$(json power .UpdateError)"
	expect_equal "power: what it needs" needs-shutdown "$(needs power)"
	expect_equal "power: not failed" needs-reboot "$(state power)"
	daemon_log >"$WORK/log"
	expect_text "power: the journal says it, too" "$WORK/log" "$POWER_CYCLE"
	expect_status "power: no results yet" 2 fwupdmgr get-results "$(device_guid power)"
	expect_status "power: update leaves it out" 0 fwupdmgr update -y --no-reboot-check
	expect_equal "power: nothing was sent" 0 "$(count_opcode power 0 3b)"
	restart_daemon
	expect_equal "power: what to do, in another life" "$POWER_CYCLE" "$(json power .UpdateError)"

	scsi-wb-target power-cycle power >/dev/null
	restart_daemon
	check_updated power "$WORK/power.bin"
	expect_equal "power: nothing to do any more" '' "$(json power .UpdateError)$(needs power)"
	expect_equal "power: a success at last" success "$(state power)"
	expect_status "power: results" 0 fwupdmgr get-results "$(device_guid power)"
	expect_text "power: results say so" "$OUTPUT" Success
	finish
}

case $LAB_BOOT in
1) first_boot ;;
*) second_boot ;;
esac
