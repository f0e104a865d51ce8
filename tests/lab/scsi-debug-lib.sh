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
	for event in "start" "done"; do
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
