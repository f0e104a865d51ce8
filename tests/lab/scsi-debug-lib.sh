# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# shellcheck shell=bash
#
# What cases share that use Linux's scsi_debug: a disk of no known maker, and the kernel's own trace
# of what went over the wire. scsi_debug never changes its revision by itself, but inq_rev can be
# written (Linux 6.1, drivers/scsi/scsi_debug.c). As a disk of type 00h it has a page of ATA
# information, and such disks are not ours; of type 0Eh it has none.
# shellcheck disable=SC2034 # it is used where this is sourced
DISK_ID='SCSI\VEN_ACME&DEV_ROCKETDISK'
REVISION=/sys/module/scsi_debug/parameters/inq_rev
TRACING=/sys/kernel/tracing
SCSI_DEBUG_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# load_disk TYPE MIB: the device appears, with a peripheral device type and that much room
load_disk() {
	modprobe scsi_debug dev_size_mb="$2" num_tgts=1 max_luns=1 inq_vendor=ACME \
		inq_product=ROCKETDISK inq_rev=0001 ptype="$1"
	udevadm settle
}

# take_jiffies N: each command but INQUIRY and the like takes so long from now on; it begins with 1
take_jiffies() {
	echo "$1" >/sys/bus/pseudo/drivers/scsi_debug/delay
}

# start_tracing: of what Linux sends to SCSI devices and what becomes of it. The guest has no other
# SCSI device: its own disk is none.
start_tracing() {
	local event
	mountpoint -q "$TRACING" || mount -t tracefs tracefs "$TRACING"
	for event in "start" "done" "timeout"; do
		echo 1 >"$TRACING/events/scsi/scsi_dispatch_cmd_$event/enable"
	done
}

# forget_trace: what comes is counted from here
forget_trace() {
	: >"$TRACING/trace"
}

# started: the CDB of each command since, a line "3b 07 00 …" for each
started() {
	sed -nE 's/.*scsi_dispatch_cmd_start: .* raw=([0-9a-f ]+)\)$/\1/p' "$TRACING/trace"
}

# answered: each command since that the device has answered, a line "GOOD 3b 07 00 …" for each. Linux 6.12 says more
# than 6.1 after the status, the sense data.
answered() {
	local result='.* host=DID_OK .*SAM_STAT_([A-Z_]+)\)( *sense=.*)?$'
	sed -nE "s/.*scsi_dispatch_cmd_done: .* raw=([0-9a-f ]+)\)$result/\2 \1/p" "$TRACING/trace"
}

# become REVISION CDB: the device has it as soon as it has executed a command that begins so
become() {
	local tries
	for ((tries = 0; tries < 300; tries++)); do
		# not grep -q: what it does not read ends the reader of the trace
		if answered | grep "^GOOD $2" >/dev/null; then
			printf %s "$1" >"$REVISION"
			return
		fi
		sleep 0.1
	done
}

### faults of the kernel's own, since Linux 6.7 (drivers/scsi/scsi_debug.c, sdebug_error_write)

# mount_faults: the kernel can make commands of the device fail; ends with 1 if it cannot
mount_faults() {
	mountpoint -q /sys/kernel/debug || mount -t debugfs debugfs /sys/kernel/debug
	FAULTS=$(find /sys/kernel/debug/scsi_debug -name error 2>/dev/null | head -n 1)
	[ -n "$FAULTS" ]
}

# fault_rule OPCODE FAULT [xN|always]: as the kernel wants it. FAULT is 05/26/00 (a sense), "status 18", "host 01",
# "queue 1055" (the host adapter does not take it) or "timeout"; once, if nothing else is said
fault_rule() {
	local opcode=$1 last=${*: -1} count=-1
	case $last in
	x*) count=-${last#x} ;;
	always) count=1 ;;
	esac
	shift
	case $1 in
	timeout) echo "0 $count $opcode" ;;
	queue) echo "1 $count $opcode 0x$2" ;;
	host) echo "2 $count $opcode $2 0 0 0 0 0" ;;
	status) echo "2 $count $opcode 0 0 $2 0 0 0" ;;
	*) echo "2 $count $opcode 0 0 2 ${1//\// }" ;;
	esac
}

# forget_faults: no command fails any more
forget_faults() {
	local type opcode
	tail -n +2 "$FAULTS" | while read -r type _ opcode _; do
		echo "- $type $opcode" >"$FAULTS"
	done
}

# watch_writes: WATCHED is the trace of WRITE BUFFER alone, for whoever reads it while the commands run
watch_writes() {
	local event
	WATCHED=$TRACING/instances/writes
	mkdir -p "$WATCHED"
	for event in "start" "done" "timeout"; do
		echo 'opcode == 0x3b' >"$WATCHED/events/scsi/scsi_dispatch_cmd_$event/filter"
		echo 1 >"$WATCHED/events/scsi/scsi_dispatch_cmd_$event/enable"
	done
}

# sequence SENSE [WHO]: what came to the device since forget_trace, as scsi-debug-sequence.awk writes it; SENSE is what
# was injected, and WHO is a process, if only its commands count
sequence() {
	awk -v ours="$1" -v who="${2:-}" -f "$SCSI_DEBUG_DIR/scsi-debug-sequence.awk" "$TRACING/trace"
}
