#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# image: desktop
# timeout: 3600
# list: long
# keeps: desktop
#
# GNOME Firmware, used as a person does: what it shows of each kind of device, an update by a click, the reason
# why a device is held back, and the words of an update that fails. Its pictures are the case's output.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"
# shellcheck source-path=SCRIPTDIR source=../desktop-lib.sh
. "$(dirname "$0")/../desktop-lib.sh"

work=$(mktemp -d)
prepare_desktop "$work"
as-person gnome-firmware >>"$DESKTOP_LOG" 2>&1 &
look gnome-firmware "$work/rows.json" library tape enclosure optical disk twin
expect_missed gnome-firmware "$work/rows.json"
finish
