#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# Debian's own fwupd takes an update from a signed remote and refuses what is not signed. It uses
# fwupd's test device, not our plugin: when this passes and the other cases fail, the remote, the
# signatures and the guest are not to blame.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"

# fwupd's plugins/test: its one device, which is at 1.2.2 when the daemon starts
DEVICE=b585990a-003e-5270-89d5-3705a17f9a43

cd "$(mktemp -d)"
# that device takes as its new version the number in the first bytes of the payload
printf '0x1020005' >firmware.bin
make_ca ca
description=("guid=$DEVICE" version=1.2.5 protocol=com.acme.test format=triplet duration=1
	vendor-id=USB:0x046D)
make_cabinet unsigned.cab firmware.bin "${description[@]}"
make_cabinet update.cab firmware.bin "${description[@]}" sign=ca
tamper_cabinet update.cab tampered.cab
make_remote remote ca update.cab
serve_remote remote
add_remote example
trust_ca ca
configure_fwupd TestDevices=true OnlyTrusted=true

expect_equal "the device runs its old firmware" 1.2.2 "$(device_version "$DEVICE")"
for cabinet in unsigned tampered; do
	expect_status "a cabinet that is $cabinet is refused" 1 \
		fwupdmgr install -y --no-reboot-check "$cabinet.cab"
	expect_text "a cabinet that is $cabinet is refused for its signature" \
		"$OUTPUT" 'signature missing or not trusted'
done
expect_equal "a refusal changes nothing" 1.2.2 "$(device_version "$DEVICE")"

# one byte too many, added after the signature was made
cp remote/firmware.xml.xz intact
printf x >>remote/firmware.xml.xz
expect_status "metadata that was tampered with is refused" 1 fwupdmgr refresh --force
expect_text "metadata is refused for its signature" "$OUTPUT" 'checksum'
mv intact remote/firmware.xml.xz

expect_status "the remote's metadata is accepted" 0 fwupdmgr refresh --force
expect_status "the update installs" 0 fwupdmgr update -y --no-reboot-check
expect_equal "the device runs its new firmware" 1.2.5 "$(device_version "$DEVICE")"
expect_status "there is nothing more to update" 2 fwupdmgr get-updates
finish
