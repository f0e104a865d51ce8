#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# download.sh ROUNDS [SLOWER]: one image, one disk, sent by fwupd with this plugin, by sg_write_buffer in segments of the same
# size, and by sg_write_buffer in segments of 4 KiB, as fwupd's own scsi plugin would send it; in turns, first forwards,
# then backwards. The disk itself says how long it took, from the arrival of the first segment to its answer to the last,
# and what it was asked before and after. Prints a line of JSON for each download.
#
# SLOWER: an instruction takes the guest's processor so many times as long as that of the machine that is meant, and so
# the disk takes so many times as long for everything, too. Then the ratios are those of that machine.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../lab/guest-lib.sh
. "$(dirname "$0")/../lab/guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../lab/devices.sh
. "$(dirname "$0")/../lab/devices.sh"
# shellcheck source-path=SCRIPTDIR source=bench-lib.sh
. "$(dirname "$0")/bench-lib.sh"

rounds=$1
slower=${2:-1}
IMAGE_BYTES=4000000
SMALL_BYTES=4096
# latency of a command in microseconds, and bytes a second
PACE=(1000 50000000)
# the disk answers to the last segment so late, as one does that then writes its flash memory; the simulated one checks and
# keeps the image meanwhile, which is no part of the download
FLASH_MS=200

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
	wait_until is_ready disk || bench_failed "waiting for the disk"
}

# commands PART MARK: before the first segment since then, or after the last
commands() {
	log_since disk "$2" | awk -v PART="$1" -f "$BENCH_DIR/commands.awk"
}

# measure WHO BYTES COMMAND…: one download, in segments of so many bytes
measure() {
	local who=$1 bytes=$2 mark begin_us end_us
	local -a timing
	shift 2
	scsi-wb-target pace disk $((PACE[0] * slower)) $((PACE[1] / slower))
	echo "segment $(((IMAGE_BYTES + bytes - 1) / bytes)) hang $((FLASH_MS * slower))" | scsi-wb-target fault disk -
	mark=$(scsi-wb-target log-mark disk)
	begin_us=$(now_us)
	"$@" || bench_failed "$who"
	end_us=$(now_us)
	mapfile -t timing < <(timing disk)
	line who="$who" latency_us="${PACE[0]}" bandwidth="${PACE[1]}" flash_ms="$FLASH_MS" begin_us="$begin_us" \
		end_us="$end_us" commands="$(log_since disk "$mark" | wc -l)" before="$(commands before "$mark")" \
		after="$(commands after "$mark")" "${timing[@]}"
	await_ready
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
device_bytes=([disk]=$IMAGE_BYTES)
start_devices disk
make_ca ca
make_image disk .
make_device_cabinet disk . sign=ca
trust_ca ca
start_daemon
same_bytes=$(segment_bytes)
[ "$same_bytes" -gt "$SMALL_BYTES" ] || bench_failed "segments of '$same_bytes' bytes"
line who=setting image_bytes="$IMAGE_BYTES" segment_bytes="$same_bytes" small_bytes="$SMALL_BYTES" slower="$slower"
for ((round = 1; round <= rounds; round++)); do
	if ((round % 2)); then
		measure scsi-wb "$same_bytes" by_scsi_wb
		measure peer "$same_bytes" by_sg_write_buffer "$same_bytes"
		measure small "$SMALL_BYTES" by_sg_write_buffer "$SMALL_BYTES"
	else
		measure small "$SMALL_BYTES" by_sg_write_buffer "$SMALL_BYTES"
		measure peer "$same_bytes" by_sg_write_buffer "$same_bytes"
		measure scsi-wb "$same_bytes" by_scsi_wb
	fi
done
expect_equal "the disk has the image" "$(sha256sum <disk.bin | cut -d ' ' -f 1)" "$(target_value disk committed-sha256)" >&2
