#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# list: core
#
# What must not be installed is refused before the first WRITE BUFFER, in words that tell why:
# cabinets that nobody trusts or that are for something else, images that the device cannot take, a
# user without the right, and a quirk file with a mistake. The good cabinet is installed at last.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"
# shellcheck source-path=SCRIPTDIR source=../refusal-lib.sh
. "$(dirname "$0")/../refusal-lib.sh"

ODD='is not a multiple of 2, as this device wants it: the image is damaged, or made for another'
ODD="$ODD device"
QUIRK=/var/lib/fwupd/quirks.d/user.quirk
export NO_COLOR=1

# image_cabinet NAME KEY=VALUE…: NAME.cab, signed, from what stands on standard input
image_cabinet() {
	local device=$1
	shift
	cat >"$device.bin"
	make_device_cabinet "$device" . sign=ca "$@"
}

# empty_cabinet IN OUT: the same cabinet with no byte of its payload left, and the old signatures:
# libjcat neither makes nor takes a signature of nothing
empty_cabinet() {
	local in out work
	in=$(realpath "$1")
	out=$(realpath -m "$2")
	work=$(mktemp -d)
	(cd "$work" && gcab -x -n "$in" >/dev/null && : >firmware.bin && gcab -c -n "$out" -- *)
	rm -rf "$work"
}

# refuse_cabinets: the payload is good, the cabinet is not
refuse_cabinets() {
	make_device_cabinet library .
	expect_refused "an unsigned cabinet" 1 "$UNTRUSTED" install_as_root library.cab

	make_ca stranger
	make_device_cabinet library . sign=stranger
	expect_refused "a cabinet that a stranger signed" 1 "$UNTRUSTED" install_as_root library.cab

	tamper_cabinet good.cab tampered.cab
	expect_refused "a tampered cabinet" 1 "$UNTRUSTED" install_as_root tampered.cab

	make_cabinet other.cab good.bin sign=ca guid="$(guid_of 'SCSI\VEN_STK&DEV_SL3000')" \
		version=1373 vendor-id=SCSI:STK
	expect_refused "a cabinet for another model" 3 'No supported devices found' \
		install_as_root other.cab

	make_device_cabinet library . sign=ca vendor-id=SCSI:ACME
	expect_refused "a cabinet for another vendor" 1 \
		'Not compatible with vendor SCSI:STK: got SCSI:ACME' install_as_root library.cab
}

# refuse_images: the cabinet is good, the payload is not
refuse_images() {
	empty_cabinet good.cab empty.cab
	# fwupd's own words: the plugin is not asked about a payload without a byte
	expect_refused "an empty image" 1 'stream size 0x0 is smaller than offset 0x0' \
		install_as_root empty.cab

	image_cabinet library < <(head -c 1 good.bin)
	expect_refused "an image of one byte" 1 "the image size of 1 bytes $ODD" \
		install_as_root library.cab

	image_cabinet library < <(head -c 300001 good.bin)
	expect_refused "an image of an odd size" 1 "the image size of 300001 bytes $ODD" \
		install_as_root library.cab

	# one segment more than BUFFER OFFSET, a field of 24 bits, can count
	image_cabinet disk < <(head -c $((17 * 1024 * 1024)) /dev/zero)
	expect_refused "an image larger than the field for its offset" 1 \
		"the image is too large for this device: BUFFER OFFSET would have to be 0x1000000, and $(
		)0xffffff is the most it can be" install_as_root disk.cab
	rm disk.cab disk.bin
}

# refuse_quirk: a mistake in a user's quirk file stops the update, and the user is told which
refuse_quirk() {
	local reason
	reason='quirk key ScsiWbMode = 0x09: is not one of auto, 0x04, 0x05, 0x06, 0x07, 0x0d, 0x0e'
	printf '[%s]\nScsiWbMode = 0x09\n' "${device_id[library]}" >"$QUIRK"
	systemctl restart fwupd.service
	expect_status "a mistake in a quirk file: get-devices works" 0 fwupdmgr get-devices
	expect_equal "a mistake in a quirk file: get-devices says which" "$reason" \
		"$(said_update_error)"
	expect_equal "a mistake in a quirk file: the library is not updatable" null \
		"$(device_json "$(device_guid library)" | jq '.Flags | index("updatable")')"
	expect_held_back "a mistake in a quirk file" library "$reason" install_as_root good.cab
	rm "$QUIRK"
	systemctl restart fwupd.service
}

cd "$(mktemp -d)"
# so that the user without rights can read the cabinet
chmod 755 .
start_devices library disk
make_ca ca
trust_ca ca
configure_fwupd OnlyTrusted=true
make_image library .
cp library.bin good.bin
make_device_cabinet library . sign=ca
cp library.cab good.cab

expect_equal "the library is there" 1126 "$(device_version "$(device_guid library)")"
expect_equal "the disk is there" TT31 "$(device_version "$(device_guid disk)")"
refuse_cabinets
refuse_images
expect_refused "a user without the right" 1 'Failed to obtain auth' \
	as_nobody fwupdmgr install -y --no-reboot-check good.cab
refuse_quirk
expect_status "the good cabinet is installed" 0 install_as_root good.cab
check_updated library good.bin
finish
