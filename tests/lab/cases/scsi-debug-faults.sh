#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# release: trixie
# timeout: 1800
# list: long
#
# Each answer of the policy's table, from a device that this project did not write: Linux's scsi_debug makes a command
# of an update fail, once or for ever, and the update has to go on, or end, as the table below says. That is written by
# hand, from the rules, in the words that a user reads. What was sent is told by the kernel's own tracing.
#
# scsi_debug counts commands by their operation code only. So what is to hit a segment in the middle is injected while
# the one before it is executed, which takes some time on purpose, and that it hit the right one is seen in the trace.
# It is not to be had: deferred errors (response code 71h), what the kernel itself refuses (errno), a residual, and
# anything of the echo buffer, since the device has none.
#
# usage: scsi-debug-faults.sh [PATTERN]: only the rows with that extended regular expression
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../scsi-debug-lib.sh
. "$(dirname "$0")/../scsi-debug-lib.sh"

QUIRK=/var/lib/fwupd/quirks.d/rocketdisk.quirk
DSENSE=/sys/bus/pseudo/drivers/scsi_debug/dsense
# three segments, the last one shorter, so that its CDB is known by its length
IMAGE_BYTES=20001
CHUNK_BYTES=8192
LAST='3b 07 ?? ?? ?? ?? 00 0e 21 00'
# half a second, at 250 Hz: long enough to inject a fault meanwhile
SLOW_JIFFIES=125
# scsi_debug looks for a fault some moments after the kernel has said that the command begins
LOOKED_S=0.1
TIMEOUT_S=5
PATTERN=${1:-.}
export NO_COLOR=1

# FAULT | where | what the policy says | how it ends | what was sent, see scsi-debug-sequence.awk | what the user reads
#
# FAULT   see fault_rule; "descriptor" after it: in descriptor format
# where   first, middle, last: that segment; "last, taken": the device has it all the same, and runs it; before, after:
#         TEST UNIT READY before and after the download; cache, who, revision: SYNCHRONIZE CACHE before it, INQUIRY
#         before and after it; activate: MODE 0x0f
# ends    done: the new revision runs; refused: the old one does, and so says the user's last line, after the words for
#         the place; needs-reboot, needs-shutdown: the device is marked so
IMMEDIATE_ROWS=$(
	cat <<'END'
00/00/00 | middle | continue | done | 1 !2 ~3 3 ~t t i
01/18/00 | first | continue | done | !1 2 ~3 3 ~t t i
01/0b/13 | middle | fail | refused | 1 !2 | the device refused the image's signature (Recovered Error, Warning - microcode digital signature validation failure, 01/0B/13): get the image from the device's maker
05/0b/12 | first | fail | refused | !1 | the device refused the image's signature (Illegal Request, Warning - microcode security at risk, 05/0B/12): get the image from the device's maker
0b/0b/13 | last | fail | refused | 1 ~2 2 !3 | the device refused the image's signature (Aborted Command, Warning - microcode digital signature validation failure, 0B/0B/13): get the image from the device's maker
02/04/01 | first | wait | done | !1 . 1 ~2 2 ~3 3 ~t t i
02/04/01 | middle | wait | done | 1 !2 . ~2 2 ~3 3 ~t t i
02/04/01 | last | wait | done | 1 ~2 2 !3 . ~3 3 ~t t i
02/04/01 | after | wait | done | 1 ~2 2 ~3 3 !t . ~t t i
02/04/01 always | first | wait | refused | !1 . | the device is not ready yet (Not Ready, Logical unit is in process of becoming ready, 02/04/01): wait until it is, then update again
02/04/02 | before | start | done | !t s t i c i 1 ~2 2 ~3 3 ~t t i
02/04/02 | first | start | done | !1 s 1 ~2 2 ~3 3 ~t t i
02/04/02 | middle | fail | refused | 1 !2 | the device is stopped (Not Ready, Logical unit not ready, initializing command required, 02/04/02): start it, for example with sg_start --start, then update again
02/04/02 | after | continue | done | 1 ~2 2 ~3 3 !t i
02/04/07 | middle | wait | done | 1 !2 . ~2 2 ~3 3 ~t t i
02/04/09 | last | wait | done | 1 ~2 2 !3 . ~3 3 ~t t i
02/04/0a | first | fail | refused | !1 | the device cannot be used by this path now (Not Ready, Logical unit not accessible, asymmetric access state transition, 02/04/0A): wait, or use the active path, then update again
02/04/0c | last | fail | refused | 1 ~2 2 !3 | the device cannot be used by this path now (Not Ready, Logical unit not accessible, target port in unavailable state, 02/04/0C): wait, or use the active path, then update again
02/04/0c | after | wait | done | 1 ~2 2 ~3 3 !t . ~t t i
02/04/1a | first | wait | done | !1 . 1 ~2 2 ~3 3 ~t t i
02/04/1b | before | fail | refused | !t | the device is erasing all its data (Not Ready, Logical unit not ready, sanitize in progress, 02/04/1B): wait until its sanitize operation has ended, then update again
02/04/1b | first | fail | refused | !1 | the device is erasing all its data (Not Ready, Logical unit not ready, sanitize in progress, 02/04/1B): wait until its sanitize operation has ended, then update again
02/04/1b | after | fail | refused, new | 1 ~2 2 ~3 3 !t | the device is erasing all its data (Not Ready, Logical unit not ready, sanitize in progress, 02/04/1B): wait until its sanitize operation has ended, then update again
02/04/1c | middle | wait | done | 1 !2 . ~2 2 ~3 3 ~t t i
02/04/1e | middle | fail | refused | 1 !2 | the device waits for an earlier firmware to be activated (Not Ready, Logical unit not ready, microcode activation required, 02/04/1E): run fwupdmgr activate, or reset or power cycle it, then update again
02/04/1e | after | activate | done | 1 ~2 2 ~3 3 !t ~0f 0f t i
02/04/1f | first | fail | refused | !1 | the device has no usable firmware (Not Ready, Logical unit not ready, microcode download required, 02/04/1F): do not switch it off; update again
02/04/1f | middle | restart | done | 1 !2 i ~1 1 ~2 2 ~3 3 ~t t i
02/04/20 | first | fail | refused | !1 | the device needs a reset (Not Ready, Logical unit not ready, logical unit reset required, 02/04/20): reset it, for example with sg_reset --device, or reboot, then update again
02/04/21 | after | await-reset | needs-reboot | 1 ~2 2 ~3 3 !t
02/04/22 | last | fail | refused | 1 ~2 2 !3 | the device needs a power cycle (Not Ready, Logical unit not ready, power cycle required, 02/04/22): switch it off and on, then update again
02/04/22 | after | await-power-cycle | needs-shutdown | 1 ~2 2 ~3 3 !t
02/3a/00 | middle | fail | refused | 1 !2 | the device has no medium (Not Ready, Medium not present, 02/3A/00): load one, then update again
02/3a/00 | after | continue | done | 1 ~2 2 ~3 3 !t i
02/05/00 | last | fail | refused | 1 ~2 2 !3 | the device is not ready (Not Ready, Logical unit does not respond to selection, 02/05/00): look after it, then update again
02/05/00 | after | wait | done | 1 ~2 2 ~3 3 !t . ~t t i
03/11/00 | first | fail | refused | !1 | the device failed (Medium Error, Unrecovered read error, 03/11/00): do not switch it off; update again, and call its maker if that fails
04/3f/82 | middle | fail | refused | 1 !2 | the device failed in a way of its maker's own (Hardware Error, ASC=3f, vendor specific qualification ASCQ=82 (hex), 04/3F/82): do not switch it off; look the number up in its manual, and update again
04/44/00 | who | fail | refused | !i | the device failed (Hardware Error, Internal target failure, 04/44/00): do not switch it off; update again, and call its maker if that fails
04/44/00 | cache | fail | refused | !c | the device failed (Hardware Error, Internal target failure, 04/44/00): do not switch it off; update again, and call its maker if that fails
04/44/00 | last | fail | refused | 1 ~2 2 !3 | the device failed (Hardware Error, Internal target failure, 04/44/00): do not switch it off; update again, and call its maker if that fails
04/44/00 | revision | wait | done | 1 ~2 2 ~3 3 ~t t !i . i
05/1a/00 | first | fail | refused | !1 | the device refused the length (Illegal Request, Parameter list length error, 05/1A/00): its quirk row does not fit it, see ScsiWbChunkSize and ScsiWbChunkAlign
05/20/00 | middle | fail | refused | 1 !2 | the device does not know the command (Illegal Request, Invalid command operation code, 05/20/00): its firmware cannot be updated this way
05/24/00 | last | fail | refused | 1 ~2 2 !3 | the device refused the mode, buffer, offset or length (Illegal Request, Invalid field in cdb, 05/24/00): its quirk row does not fit it, or the image is larger than its buffer
05/24/8d | first | fail | refused | !1 | the device refused the command for a reason of its maker's own (Illegal Request, ASC=24, vendor specific qualification ASCQ=8d (hex), 05/24/8D): look the number up in its manual; a drive may want its medium unloaded first
05/25/00 | middle | fail | refused | 1 !2 | the device refused the command (Illegal Request, Logical unit not supported, 05/25/00): its quirk row does not fit it
05/26/00 descriptor | middle | fail | refused | 1 !2 | the device refused the image (Illegal Request, Invalid field in parameter list, 05/26/00): it is damaged, or made for another model or maker's edition
05/26/02 | last | fail | refused | 1 ~2 2 !3 | the device refused the image (Illegal Request, Parameter value invalid, 05/26/02): it is damaged, or made for another model or maker's edition
05/2c/00 | first | restart | done | !1 i 1 ~2 2 ~3 3 ~t t i
05/2c/00 | middle | restart | done | 1 !2 i ~1 1 ~2 2 ~3 3 ~t t i
05/2c/00 x2 | last | restart | refused | 1 ~2 2 !3 i !1 | the device lost the thread of the download (Illegal Request, Command sequence error, 05/2C/00): make sure that no other host or program uses it, then update again
05/3f/0f | first | fail | refused | !1 | another host keeps writing to the device's echo buffer (Illegal Request, Echo buffer overwritten, 05/3F/0F): make sure that no other host or program uses it, then update again
05/55/03 | first | shrink | done | !1 1 ~2 2 ~3 3 ~4 4 ~5 5 ~t t i
05/55/03 | middle | wait | done | 1 !2 . ~2 2 ~3 3 ~t t i
05/55/0b always | last | wait | refused | 1 ~2 2 !3 . | the device has not enough power for the command (Illegal Request, Insufficient power for operation, 05/55/0B): look after its power supply, then update again
06/00/00 | middle | restart | done | 1 !2 i ~1 1 ~2 2 ~3 3 ~t t i
06/29/00 | before | resend | done | !t t i c i 1 ~2 2 ~3 3 ~t t i
06/29/00 | first | identify | done | !1 i 1 ~2 2 ~3 3 ~t t i
06/29/00 descriptor | middle | restart | done | 1 !2 i ~1 1 ~2 2 ~3 3 ~t t i
06/29/02 | last | restart | done | 1 ~2 2 !3 i ~1 1 ~2 2 ~3 3 ~t t i
06/29/03 always | first | identify | refused | !1 i !1 i !1 i !1 i !1 i !1 i !1 i !1 i !1 | the device was reset (Unit Attention, Bus device reset function occurred, 06/29/03): find out what resets it, another host perhaps, then update again
06/29/04 | after | resend | done | 1 ~2 2 ~3 3 !t ~t t i
06/2a/01 | middle | resend | done | 1 !2 ~2 2 ~3 3 ~t t i
06/2a/09 always | last | resend | refused | 1 ~2 2 !3 !3 !3 !3 !3 !3 !3 !3 !3 | the device keeps raising unit attentions (Unit Attention, Capacity data has changed, 06/2A/09): update again when nothing else uses it
06/3f/01 | first | resend | done | !1 1 ~2 2 ~3 3 ~t t i
06/3f/01 | last | resend | done | 1 ~2 2 !3 ~3 3 ~t t i
06/3f/01 always | middle | resend | refused | 1 !2 !2 !2 !2 !2 !2 !2 !2 !2 | the device keeps saying that its firmware was changed (Unit Attention, Microcode has been changed, 06/3F/01): make sure that no other program updates it, then update again
06/3f/16 | first | resend | done | !1 1 !2 2 !3 3 !t t i
07/27/00 | middle | fail | refused | 1 !2 | the device is locked (Data Protect, Write protected, 07/27/00): unlock its firmware download port, then update again
09/80/00 | last | fail | refused | 1 ~2 2 !3 | the device failed in an unusual way (Vendor specific(9), vendor specific ASC=80, ASCQ=00 (hex), 09/80/00): update again, and report it if that fails
0b/00/00 | first | fail | refused | !1 | the device gave up the command (Aborted Command, No additional sense information, 0B/00/00): update again
0b/3f/0f | middle | fail | refused | 1 !2 | another host keeps writing to the device's echo buffer (Aborted Command, Echo buffer overwritten, 0B/3F/0F): make sure that no other host or program uses it, then update again
0b/47/00 | last | fail | refused | 1 ~2 2 !3 | the device received damaged data (Aborted Command, SCSI parity error, 0B/47/00): check cable, expander and host adapter, then update again
0b/48/00 | first | fail | refused | !1 | the device received damaged data (Aborted Command, Initiator detected error message received, 0B/48/00): check cable, expander and host adapter, then update again
0b/4b/00 | middle | fail | refused | 1 !2 | the device received damaged data (Aborted Command, Data phase error, 0B/4B/00): check cable, expander and host adapter, then update again
status 08 x2 | first | the kernel resends | done | !1 !1 1 ~2 2 ~3 3 ~t t i
status 28 | middle | the kernel resends | done | 1 !2 ~2 2 ~3 3 ~t t i
status 10 | first | fail | refused | !1 | the device answered in an unusual way (status 0x10, unknown): update again, and report it if that fails
status 18 | middle | fail | refused | 1 !2 | another host has reserved the device (status 0x18, reservation-conflict): release it there, then update again
status 18 | after | continue | done | 1 ~2 2 ~3 3 !t i
status 30 | middle | wait | done | 1 !2 . ~2 2 ~3 3 ~t t i
status 40 | last | fail | refused | 1 ~2 2 !3 | another host made the device give up the command (status 0x40, task-aborted): make sure that no other host uses it, then update again
host 01 | first | fail | refused | !1 | the device is gone (host status 0x01, no-connect): check that it has power and its cable, then update again
host 01 | last, taken | verify | done | 1 ~2 2 !3 ~t t i t i
host 03 | middle | fail | refused | 1 !2 | the device did not answer in time (no answer in 5 s): do not switch it off; update again, with a longer ScsiWbTimeout if it needs one
host 04 | middle | fail | refused | 1 !2 | the device is gone (host status 0x04, bad-target): check that it has power and its cable, then update again
host 05 | first | fail | refused | !1 | the host adapter gave up the command (host status 0x05, abort): look into the kernel log, then update again
host 05 | last, taken | verify | done | 1 ~2 2 !3 ~t t i t i
host 06 | middle | fail | refused | 1 !2 | the host adapter reports trouble on the bus (host status 0x06, parity): check cable and expander, then update again
host 06 | last, taken | verify | done | 1 ~2 2 !3 ~t t i t i
host 07 | last, taken | verify | done | 1 ~2 2 !3 ~t t i t i
host 07 | last | verify | refused | 1 ~2 2 !3 ~t t i | the host adapter failed (host status 0x07, error): look into the kernel log, then update again
host 08 | middle | fail | refused | 1 !2 | the host adapter was reset (host status 0x08, reset): update again, and look into the kernel log if that fails
host 08 | after | the kernel resends | done | 1 ~2 2 ~3 3 !t ~t t i
host 0b | first | wait | done | !1 . 1 ~2 2 ~3 3 ~t t i
host 0d | middle | the kernel resends | done | 1 !2 ~2 2 ~3 3 ~t t i
host 0e | after | wait | done | 1 ~2 2 ~3 3 !t . ~t t i
host 0f | last, taken | verify | done | 1 ~2 2 !3 ~t t i t i
queue 1055 | middle | the kernel resends | done | 1 !2 ~2 2 ~3 3 ~t t i
timeout | first | fail | refused | !1 | the device did not answer in time (no answer in 5 s): do not switch it off; update again, with a longer ScsiWbTimeout if it needs one
timeout | last, taken | verify | done | 1 ~2 2 !3 ~t t i t i
END
)

# a device that is asked for its modes, and has all of them
AUTO_ROWS=$(
	cat <<'END'
05/20/00 | first | fall-back | done | !1/0e 1 ~2 2 ~3 3 ~t t i
05/24/00 | first | fall-back | done | !1/0e 1 ~2 2 ~3 3 ~t t i
END
)

# one that does not look at offsets: all segments are sent as the first
UNADDRESSED_ROWS=$(
	cat <<'END'
05/26/00 | first | restart | done | !1 i 1 ~1 1 ~1 1 ~t t i
05/26/00 | last | restart | done | 1 ~1 1 !1 i ~1 1 ~1 1 ~1 1 ~t t i
05/26/00 x2 | first | restart | refused | !1 i !1 | the device refused the image (Illegal Request, Invalid field in parameter list, 05/26/00): it is damaged, or made for another model or maker's edition
END
)

# one that is activated by a command of its own
DEFERRED_ROWS=$(
	cat <<'END'
host 07 | last | fail | refused | 1/0e 2/0e !3/0e | the host adapter failed (host status 0x07, error): look into the kernel log, then update again
06/3f/03 always | last | resend | refused | 1/0e 2/0e !3/0e !3/0e !3/0e !3/0e !3/0e !3/0e !3/0e !3/0e !3/0e | the device keeps saying that it describes itself in another way now (Unit Attention, Inquiry data has changed, 06/3F/03): look at the list again, then update again
06/29/00 | last | restart | needs-activation | 1/0e 2/0e !3/0e i 1/0e 2/0e 3/0e
05/2c/00 | activate | fail | refused | !0f i | the device has nothing to activate (Illegal Request, Command sequence error, 05/2C/00): a reset, or another host's download, has thrown the image away: update again
05/24/00 | activate | fail | refused | !0f i | the device does not activate firmware by command (Illegal Request, Invalid field in cdb, 05/24/00): switch it off and on to activate it
05/20/00 | activate | fail | refused | !0f i | the device does not activate firmware by command (Illegal Request, Invalid command operation code, 05/20/00): switch it off and on to activate it
04/44/00 | activate | fail | refused | !0f i | the device failed (Hardware Error, Internal target failure, 04/44/00): do not switch it off; update again, and call its maker if that fails
06/29/00 | activate | resend | done | !0f 0f t i
06/3f/03 | first | identify | needs-activation | !1/0e i 1/0e 2/0e 3/0e
02/04/01 | activate | wait | done | !0f . 0f t i
06/3f/03 | middle | resend | needs-activation | 1/0e !2/0e 2/0e 3/0e
host 01 | activate, taken | continue | done | !0f t i
host 08 | activate, taken | continue | done | !0f t i
END
)

# what comes before a place's words
declare -A PREFIX=(
	[first]='failed to write-firmware: segment 1 of 3, MODE 0x07, 8192 bytes at 0x0: '
	[middle]='failed to write-firmware: segment 2 of 3, MODE 0x07, 8192 bytes at 0x2000: '
	[last]='failed to write-firmware: segment 3 of 3, MODE 0x07, 3617 bytes at 0x4000: '
	[before]='failed to write-firmware: before the update: '
	[cache]="failed to write-firmware: before the update, emptying the disk's cache: "
	[who]='failed to write-firmware: INQUIRY: '
	[after]='failed to attach: failed to attach using scsi_wb: after the update: '
	[activate]='failed to activate using scsi_wb: activation, MODE 0x0f: '
)
# the command of a place that is no WRITE BUFFER
declare -A OPCODE=([before]=0x00 [after]=0x00 [cache]=0x35 [who]=0x12 [revision]=0x12)
# at which WRITE BUFFER the fault is injected, for a command after it; else before all of them. Each segment but the
# first is sent twice, since the one before it raises a unit attention, except where only the activation does
declare -A INJECT_AT=([middle]=1 [last]=3 [after]=1 [revision]=1)

# trim TEXT
trim() {
	local text=$1
	text=${text#"${text%%[! ]*}"}
	echo "${text%"${text##*[! ]}"}"
}

# inject_late RULE: for the next command of its kind, and not for the one that just begins
inject_late() {
	sleep "$LOOKED_S"
	echo "$1" >"$FAULTS"
}

# stand_by AT RULE: writes RULE at the AT-th WRITE BUFFER that begins, and gives the device its new revision when the
# one that brings it into use has ended: well, unless the device is to have taken it in any case
stand_by() {
	local begun=0 line
	while read -r line; do
		case $line in
		*cmd_start:*)
			begun=$((begun + 1))
			[ "$begun" != "$1" ] || inject_late "$2"
			;;
		# the kernel's line has all of it also for what was given up
		*cmd_timeout:*raw=$commit\)*) [ -z "$taken" ] || printf %s "$next" >"$REVISION" ;;
		*raw=$commit\)*host=DID_OK*SAM_STAT_GOOD*) printf %s "$next" >"$REVISION" ;;
		*raw=$commit\)*) [ -z "$taken" ] || printf %s "$next" >"$REVISION" ;;
		esac
	done <"$WATCHED/trace_pipe"
}

# under_fault COMMAND…: it runs under the fault of the row; leaves what it said in $OUTPUT, ends with its status
under_fault() {
	local at=${INJECT_AT[$place]:-0} rule watcher code=0
	# shellcheck disable=SC2086 # its words
	rule=$(fault_rule "${OPCODE[$place]:-0x3b}" ${fault% descriptor})
	[[ $fault != *descriptor ]] || echo 1 >"$DSENSE"
	# in vain while a command is under way
	until take_jiffies $((at > 0 ? SLOW_JIFFIES : 1)) 2>/dev/null; do
		sleep 0.1
	done
	: >"$WATCHED/trace"
	forget_trace
	[ "$at" != 0 ] || echo "$rule" >"$FAULTS"
	stand_by "$at" "$rule" &
	watcher=$!
	"$@" >"$OUTPUT" 2>&1 || code=$?
	kill "$watcher"
	wait "$watcher" 2>/dev/null || true
	forget_faults
	echo 0 >"$DSENSE"
	return "$code"
}

# send: the update of the row, or its activation
# shellcheck disable=SC2317 # it is called by its name
send() {
	if [ "$place" = activate ]; then
		fwupdmgr activate
	else
		fwupdmgr install -y --no-reboot-check --allow-older "$next.cab"
	fi
}

# outcome CODE: how it has ended, as in the table
outcome() {
	local new=
	[ "$(<"$REVISION")" != "$next" ] || new=yes
	if [ "$1" != 0 ]; then
		echo "refused${new:+, new}"
	elif [ -n "$new" ] && [[ $ends != needs-* ]]; then
		# fwupdmgr has made sure that the daemon knows it
		echo "done"
	else
		device_json "$guid" | jq -r '[.Flags[] | select(test("^needs-[^b]"))] | join(" ")'
	fi
}

# start_over: the daemon learns what the device runs now, and forgets that it waits for a reboot: until then fwupd 2.1
# takes no other update for it
start_over() {
	systemctl stop fwupd.service
	rm -f /var/lib/fwupd/pending.db
	systemctl start fwupd.service
	is_staged=
}

# stage: a device that has an image to activate
stage() {
	[ -z "$is_staged" ] || return 0
	fwupdmgr install -y --no-reboot-check --allow-older "$next.cab" >"$OUTPUT" 2>&1
	is_staged=yes
}

# refused_at: the place that is in the words: after a restart it may be another segment than the first time
refused_at() {
	case ${sent##*!} in
	1*) echo first ;;
	2*) echo middle ;;
	3*) echo last ;;
	*) echo "$place" ;;
	esac
}

# check_ends CODE: what the row promises against what there was
check_ends() {
	local got_ends got_sent who=
	got_ends=$(outcome "$1")
	[ "$action" = "the kernel resends" ] || who=fwupd
	got_sent=$(sequence "${fault%% *}" "$who")
	# it is a slow machine: a pause that no rule asks for may be its own
	[[ $sent == *.* ]] || got_sent=${got_sent// ./}
	echo "# | $fault | $place${taken:+, taken} | $action | $ends: $sent | $got_ends: $got_sent | ${words:--} |"
	expect_equal "$fault, $place${taken:+, taken}: $action" "$ends: $sent" "$got_ends: $got_sent"
	[ -z "$words" ] ||
		expect_equal "$fault, $place: words" "$prefix$words" "$(tail -n 1 "$OUTPUT")"
	[ "$ends" != needs-activation ] || is_staged=yes
	[ "$got_ends" != "done" ] || is_staged=
	[[ $got_ends =~ ^(done|refused|needs-activation)$ ]] || start_over
}

# check_row LINE: one of the table
check_row() {
	local fault place action ends sent words taken='' prefix next=0002 code=0
	IFS='|' read -r fault place action ends sent words <<<"$1"
	fault=$(trim "$fault") place=$(trim "$place") action=$(trim "$action")
	ends=$(trim "$ends") sent=$(trim "$sent") words=$(trim "$words")
	[[ $place != *taken ]] || taken=yes place=${place%, taken}
	[ "$(<"$REVISION")" = 0001 ] || next=0001
	prefix=${PREFIX[$(refused_at)]:-}
	[ "$place" = activate ] || prefix=${prefix/0x07/$mode}
	[ "$place" != activate ] || stage
	under_fault send || code=$?
	check_ends "$code"
}

# check_rows COMMIT QUIRK-LINE… <TABLE: with a device that has these lines; COMMIT is the command that brings an image
# into use
check_rows() {
	local commit=$1 line mode=0x07 table
	shift
	table=$(grep -E -- "$PATTERN") || return 0
	[[ $* != *0x0e* ]] || mode=0x0e
	printf '%s\n' "[$DISK_ID]" "ScsiWbChunkSize = $CHUNK_BYTES" "ScsiWbTimeout = $TIMEOUT_S" \
		"ScsiWbTimeoutLast = $TIMEOUT_S" "$@" >"$QUIRK"
	start_over
	echo "# | fault | place | policy | expected | got | words |"
	while read -r line; do
		check_row "$line" </dev/null
	done <<<"$table"
}

cd "$(mktemp -d)"
guid=$(guid_of "$DISK_ID")
load_disk 14 8
if ! mount_faults; then
	skip "the faults of a foreign device" "Linux $(uname -r) has no error injection in scsi_debug"
	finish
fi
# what the kernel hears of a reset it tells udev, which then reads the disk: between two segments, and so it would take
# the device's unit attentions away
udevadm control --stop-exec-queue
start_tracing
watch_writes
make_ca ca
trust_ca ca
head -c "$IMAGE_BYTES" /dev/urandom >rocketdisk.bin
for revision in 0001 0002; do
	make_cabinet "$revision.cab" rocketdisk.bin sign=ca guid="$guid" version="$revision" vendor-id=SCSI:ACME
done
configure_fwupd IdleTimeout=0

check_rows "$LAST" 'ScsiWbMode = 0x07' <<<"$IMMEDIATE_ROWS"
check_rows "$LAST" 'ScsiWbMode = auto' <<<"$AUTO_ROWS"
check_rows "$LAST" 'ScsiWbMode = 0x07' 'Flags = fixed-offset' <<<"$UNADDRESSED_ROWS"
# no unit attention, so no segment is sent twice
INJECT_AT[last]=2
check_rows '3b 0f ?? ?? ?? ?? ?? ?? ?? ??' 'ScsiWbMode = 0x0e' <<<"$DEFERRED_ROWS"
finish
