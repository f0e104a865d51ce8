#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# fwupd's own test of devices, in the stock daemon and its sandbox: with a recording that is made here, and with those
# that are kept. No device is there while they are replayed.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../../replay/lib.sh
. "$(dirname "$0")/../../replay/lib.sh"

# replay NAME LABEL: the device test of recording NAME with the archive that lies beside its cabinet
replay() {
	"$REPLAY_DIR/recording.py" place "$REPLAY_DIR/$1" "$recorded_work" >"$recorded_work/$1.json"
	expect_status "$2: device test" 0 fwupdmgr device-emulate "$recorded_work/$1.json" -y
	expect_equal "$2: steps that were OK" 2 "$(grep -c 'OK!' "$OUTPUT")"
}

export NO_COLOR=1
start_recorded enclosure-waits
record_update enclosure-waits "$recorded_work/enclosure-waits.zip"
stop_recorded enclosure-waits
replay enclosure-waits "enclosure-waits, made here"

for folder in "$REPLAY_DIR"/*/; do
	name=$(basename "$folder")
	make_recorded_cabinet "$name" >/dev/null
	"$REPLAY_DIR/recording.py" pack "$REPLAY_DIR/$name" "$recorded_work/$name.zip"
	replay "$name" "$name"
done
finish
