#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# list: long
#
# What goes wrong once in the middle, with devices that keep to the standard: it costs nothing, or the user
# reads why, nothing is committed, and the next update ends well. BUSY and TASK SET FULL do not even come to the
# plugin: Linux sends the command again by itself (6.1, drivers/scsi/scsi_error.c,
# scsi_decide_disposition).
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"
# shellcheck source-path=SCRIPTDIR source=../standard-lib.sh
. "$(dirname "$0")/../standard-lib.sh"

write_quirks <<<''

row deferred 100001 runs '1x0e CHECK 05/24/00, 4x07 GOOD' \
	'1: Illegal Request, Invalid field in cdb, 05/24/00, so fall-back' 'segment 1 sense 5/24/00'
row boundary16 150001 runs '1x07 GOOD, 1x07 CHECK 05/2c/00, 3x07 GOOD' \
	'2: Illegal Request, Command sequence error, 05/2C/00, so restart' 'segment 2 sense 5/2c/00'
row capacity0 100001 runs '2x07 GOOD, 1x07 CHECK 06/29/00, 4x07 GOOD' \
	'3: Unit Attention, Power on, reset, or bus device reset occurred, 06/29/00, so restart' 'segment 3 power-loss'
row descriptor 100001 activate '2x0e GOOD, 1x0e CHECK 06/29/02, 4x0e GOOD' \
	'3: Unit Attention, SCSI bus reset occurred, 06/29/02, so restart' 'segment 3 reset'
row rsoc 100001 runs '2x07 GOOD, 1x07 CHECK 06/3f/01, 2x07 GOOD' \
	'3: Unit Attention, Microcode has been changed, 06/3F/01, so resend' 'segment 3 sense 6/3f/01'
row untold 100001 runs '2x07 GOOD, 1x07 CHECK 06/3f/16, 2x07 GOOD' \
	'3: Unit Attention, Microcode has been changed without reset, 06/3F/16, so resend' 'segment 3 sense 6/3f/16'
row rsoc-plain 100001 runs '2x07 GOOD, 1x07 BUSY, 2x07 GOOD' - 'segment 3 status 08'
row boundary9 100001 runs '2x07 GOOD, 1x07 TASK_SET_FULL, 5x07 GOOD' - 'segment 3 status 28'
row small 65536 refused '1x07 GOOD, 1x07 RESERVATION' '2: status 0x18, reservation-conflict, so fail' \
	'segment 2 status 18' 'failed to write-firmware: segment 2 of 2, MODE 0x07, 32768 bytes at 0x8000: another '\
'host has reserved the device (status 0x18, reservation-conflict): release it there, then update again'
row echo 100001 refused '' - 'opcode 3b corrupt' 'failed to write-firmware: before the update: zeros came back '\
'changed from the device'\''s echo buffer, from byte 256 of 512: nothing was sent; check cable, expander and host '\
'adapter'

run_rows
finish
