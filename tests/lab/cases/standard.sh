#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# list: long
#
# Devices that say of themselves, or do not say, how they take firmware: nobody has written a row for any of
# them but one.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"
# shellcheck source-path=SCRIPTDIR source=../standard-lib.sh
. "$(dirname "$0")/../standard-lib.sh"

write_quirks <<'END'
[SCSI\VEN_WBSTD&DEV_STD-EVENTS]
ScsiWbMode = 0x0d
ScsiWbModeSpecific = 4
END

# OFFSET BOUNDARY 2^9 with at most 16,383 bytes in a command, 2^16, and FFh: one command
row boundary9 100001 runs '7x07 GOOD' -
row boundary16 100001 runs '2x07 GOOD' -
row offset0 600001 runs '1x05 GOOD' -
# BUFFER CAPACITY not given, and smaller than the image
row capacity0 100001 runs '4x07 GOOD' -
row small 65537 refused '' - '' 'failed to write-firmware: the image has 65537 bytes, but the device'\''s buffer '\
'only 65536 (READ BUFFER descriptor): it is made for another device'
# operation codes with service actions and a page that says nothing, without service actions, neither
row rsoc 100001 runs '4x07 GOOD' -
row rsoc-plain 100001 runs '4x07 GOOD' -
row silent 100001 runs '1x0e CHECK 05/24/00, 4x07 GOOD' '1: Illegal Request, Invalid field in cdb, 05/24/00, '\
'CDB byte 1 bit 4, so fall-back'
row descriptor 100001 activate '4x0e GOOD' -
# 0Dh with PO_ACT; ACTIVATE MICROCODE 10b
row events 100001 activate '4x8d GOOD' -
row after-event 100001 shutdown '4x07 GOOD' -

run_rows
finish
