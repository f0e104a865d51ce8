#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# download.sh ROUNDS: one image, one disk, sent by fwupd with this plugin, by sg_write_buffer in segments of the same
# size, and by sg_write_buffer in segments of 4 KiB, as fwupd's own scsi plugin would send it; in turns, first forwards,
# then backwards. The disk itself says how long it took, from the arrival of the first segment to its answer to the last.
# Prints a line of JSON for each download.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lab/guest-lib.sh
. "$(dirname "$0")/../lab/guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lab/devices.sh
. "$(dirname "$0")/../lab/devices.sh"
# shellcheck source-path=SCRIPTDIR source=bench-lib.sh
. "$(dirname "$0")/bench-lib.sh"

rounds=$1
SMALL_BYTES=4096
# latency of a command in microseconds, and bytes a second
PACE=(1000 50000000)

# by_scsi_wb: fwupd, as an administrator would
by_scsi_wb() {
	fwupdmgr install --allow-reinstall --no-reboot-check -y disk.cab >"$OUTPUT" 2>&1
}

# by_sg_write_buffer BYTES: the same mode, and that many bytes a segment
by_sg_write_buffer() {
	sg_write_buffer --mode=7 --bpw="$1" --in=disk.bin "$(device_node disk)" >"$OUTPUT" 2>&1
}

# await_ready: a disk that has taken new firmware into use starts anew, which the peer does not wait for
await_ready() {
	local tries
	for tries in {1..50}; do
		! sg_turs "$(device_node disk)" >"$OUTPUT" 2>&1 || return 0
		sleep 0.1
	done
	bench_failed "waiting for the disk, $tries times"
}

# measure WHO COMMAND…: one download
measure() {
	local who=$1 mark
	local -a timing
	shift
	scsi-wb-target pace disk "${PACE[@]}"
	mark=$(scsi-wb-target log-mark disk)
	"$@" || bench_failed "$who"
	await_ready
	mapfile -t timing < <(timing disk)
	line who="$who" latency_us="${PACE[0]}" bandwidth="${PACE[1]}" \
		commands="$(log_since disk "$mark" | wc -l)" "${timing[@]}"
	scsi-wb-target pace disk 0 0
}

# segment_bytes: how large this plugin's are, which the peer's have to be, too
segment_bytes() {
	local mark
	mark=$(scsi-wb-target log-mark disk)
	by_scsi_wb || bench_failed "first update"
	log_since disk "$mark" | sed -nE 's/^[0-9]+ 3b07[0-9a-f]* out=([0-9]+) .*/\1/p' | sort -n | tail -n 1
}

cd "$(mktemp -d)"
# shellcheck disable=SC2034 # for devices.sh
device_bytes=([disk]=4000000)
start_devices disk
make_ca ca
make_image disk .
make_device_cabinet disk . sign=ca
trust_ca ca
start_daemon
same_bytes=$(segment_bytes)
[ "$same_bytes" -gt "$SMALL_BYTES" ] || bench_failed "segments of '$same_bytes' bytes"
line who=setting image_bytes=4000000 segment_bytes="$same_bytes" small_bytes="$SMALL_BYTES"
for ((round = 1; round <= rounds; round++)); do
	if ((round % 2)); then
		measure scsi-wb by_scsi_wb
		measure peer by_sg_write_buffer "$same_bytes"
		measure small by_sg_write_buffer "$SMALL_BYTES"
	else
		measure small by_sg_write_buffer "$SMALL_BYTES"
		measure peer by_sg_write_buffer "$same_bytes"
		measure scsi-wb by_scsi_wb
	fi
done
expect_equal "the disk has the image" "$(sha256sum <disk.bin | cut -d ' ' -f 1)" "$(target_value disk committed-sha256)" >&2
