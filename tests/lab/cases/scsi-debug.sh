#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# A device that this project does not know and did not write: Linux's scsi_debug, made known by a
# user's quirk file alone. What went over the wire is told by the kernel's own tracing.
#
# After each WRITE BUFFER with mode 07h, scsi_debug has a unit attention for the command that comes
# next, and executes that only when it is sent again (Linux 6.1, drivers/scsi/scsi_debug.c,
# resp_write_buffer).
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../scsi-debug-lib.sh
. "$(dirname "$0")/../scsi-debug-lib.sh"

QUIRK=/var/lib/fwupd/quirks.d/rocketdisk.quirk
# neither a multiple of the chunk nor even
IMAGE_BYTES=100001
CHUNK_BYTES=4096
SEGMENTS=$(((IMAGE_BYTES + CHUNK_BYTES - 1) / CHUNK_BYTES))
NOT_SEEN='failed to reload: failed to reload device: the device accepted the whole image, but'
NOT_SEEN="$NOT_SEEN still runs revision 0001: it may need a power cycle, or it has silently refused"
NOT_SEEN="$NOT_SEEN the image"
export NO_COLOR=1

# download: the answered commands from the first WRITE BUFFER to the last one, whatever they are
download() {
	answered | awk '
		$2 == "3b" { seen = 1 }
		seen { held = held $0 "\n" }
		seen && $2 == "3b" { printf "%s", held; held = "" }'
}

# segment OFFSET: the CDB of the segment that begins there
segment() {
	local length=$((IMAGE_BYTES - $1))
	((length < CHUNK_BYTES)) || length=$CHUNK_BYTES
	printf '3b0700%06x%06x00' "$1" "$length" | sed 's/../& /g; s/ $//'
}

# planned_download: as the download has to be, every segment but the first one sent again
planned_download() {
	local offset
	for ((offset = 0; offset < IMAGE_BYTES; offset += CHUNK_BYTES)); do
		[ "$offset" = 0 ] || echo "CHECK_CONDITION $(segment "$offset")"
		echo "GOOD $(segment "$offset")"
	done
}

# accepted: OFFSET LENGTH of each segment that was executed, in the order in which that happened
accepted() {
	local status offset length
	download | while read -r status cdb; do
		[ "$status" = GOOD ] || continue
		read -r offset length < <(awk '{ print $4 $5 $6, $7 $8 $9 }' <<<"$cdb")
		echo "$((16#$offset)) $((16#$length))"
	done
}

# planned_offsets: where each segment begins, once
planned_offsets() {
	seq 0 "$CHUNK_BYTES" $((IMAGE_BYTES - 1))
}

# check_download WHICH: what the kernel has seen of it
check_download() {
	local last
	last=$(segment $(((SEGMENTS - 1) * CHUNK_BYTES)))
	expect_equal "$1: each command that was sent was answered" "$(started)" \
		"$(answered | cut -d' ' -f2-)"
	expect_equal "$1: nothing but WRITE BUFFER from the first segment to the last" '' \
		"$(download | awk '$2 != "3b"')"
	expect_equal "$1: each offset was accepted exactly once, in order" "$(planned_offsets)" \
		"$(accepted | cut -d' ' -f1)"
	expect_equal "$1: the accepted lengths make the image" "$IMAGE_BYTES" \
		"$(accepted | awk '{ sum += $2 } END { print sum }')"
	expect_equal "$1: each segment's unit attention met the next one" $((SEGMENTS - 1)) \
		"$(download | grep -c '^CHECK_CONDITION 3b')"
	expect_equal "$1: the last segment's unit attention met the question after it" \
		'CHECK_CONDITION 00 00 00 00 00 00' \
		"$(answered | grep -A1 "^GOOD $last" | tail -n 1)"
	expect_equal "$1: not a command more or less than that" '' \
		"$(diff <(planned_download) <(download))"
}

# shellcheck disable=SC2317 # it is called by its name
install_update() {
	fwupdmgr install -y --no-reboot-check rocketdisk.cab
}

# check_unnamed NAME: the plugin leaves the device alone
check_unnamed() {
	forget_trace
	systemctl restart fwupd.service
	expect_equal "$1 is not listed" '' "$(our_device_json "$guid")"
	expect_equal "$1 gets no command" '' "$(started | not_fwupds)"
}

cd "$(mktemp -d)"
guid=$(guid_of "$DISK_ID")
load_disk 14 8
start_tracing
make_ca ca
trust_ca ca
head -c "$IMAGE_BYTES" /dev/urandom >rocketdisk.bin
make_cabinet rocketdisk.cab rocketdisk.bin sign=ca guid="$guid" version=0002 vendor-id=SCSI:ACME

check_unnamed "a disk that no quirk row names"

printf '[%s]\nScsiWbMode = 0x07\nScsiWbChunkSize = %u\n' "$DISK_ID" "$CHUNK_BYTES" >"$QUIRK"
forget_trace
systemctl restart fwupd.service
expect_equal "with a quirk file, the disk is listed" 0001 "$(device_version "$guid")"
expect_equal "with a quirk file, the disk is updatable" true \
	"$(device_json "$guid" | jq '.Flags | index("updatable") != null')"
expect_equal "with a quirk file, one INQUIRY is sent" '12 00 00 00 24 00' "$(started | not_fwupds)"

forget_trace
expect_status "the revision stays the same: the update fails" 1 install_update
expect_equal "the revision stays the same: the user reads so" "$NOT_SEEN" "$(said)"
expect_equal "the revision stays the same: the daemon says so too" 0001 "$(device_version "$guid")"
check_download "the revision stays the same"

forget_trace
become 0002 "$(segment $(((SEGMENTS - 1) * CHUNK_BYTES)))" &
expect_status "the revision changes: the update succeeds" 0 install_update
wait $!
expect_equal "the revision changes: the daemon knows it" 0002 "$(device_version "$guid")"
check_download "the revision changes"

modprobe -r scsi_debug
load_disk 0 8
check_unnamed "a disk with a page of ATA information, though a quirk row names it,"
finish
