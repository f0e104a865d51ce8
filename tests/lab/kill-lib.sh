# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# shellcheck shell=bash
#
# Updates that are cut off at an exact command, and what is left of them. Sourced after guest-lib.sh and
# devices.sh. The device itself holds the answer to that command back, having executed it: meanwhile the daemon,
# the machine or the client comes to its end. Each device has two images, which take turns, so that old and new
# are never the same.

# shellcheck disable=SC2034 # some of it is used where this is sourced, or by devices.sh

# twelve segments each, as the plugin sends them
device_bytes=([library]=196000 [disk]=393000 [deferred]=393000)
KILL_SEGMENTS=12
KILL_REVISIONS=(K001 K002)
KILL_WORK=/var/lib/scsi-wb-kills
export NO_COLOR=1

# the SHA-256 of each image, by "NAME REVISION"; and for each device the revision that it runs, the one that
# is next, how often it was cut off, and how often all was well afterwards
declare -A kill_sum kill_runs kill_next kill_tried kill_recovered

# prepare_kills NAME...: a daemon that takes unsigned cabinets, which are not what is tested here, and for
# each device two images and their cabinets
prepare_kills() {
	local name revision
	configure_fwupd OnlyTrusted=false
	for name; do
		for revision in "${KILL_REVISIONS[@]}"; do
			mkdir -p "$KILL_WORK/$revision"
			make_image "$name" "$KILL_WORK/$revision" "$revision"
			make_device_cabinet "$name" "$KILL_WORK/$revision" version="$revision"
			kill_sum["$name $revision"]=$(sha256sum <"$KILL_WORK/$revision/$name.bin" | cut -d' ' -f1)
		done
		kill_next["$name"]=${KILL_REVISIONS[0]}
		kill_tried["$name"]=0
		kill_recovered["$name"]=0
	done
	start_daemon
}

# know_factory NAME...: what they run before the first update: firmware that the device has no copy of
know_factory() {
	local name
	for name; do
		kill_runs["$name"]=$(target_value "$name" revision)
		kill_sum["$name ${kill_runs[$name]}"]=-
	done
}

# install_next NAME: the update that is next
install_next() {
	fwupdmgr install -y --no-reboot-check --allow-older "$KILL_WORK/${kill_next[$1]}/$1.cab"
}

### the instant

# hold NAME WHEN COMMAND...: COMMAND runs in the background, until the device has executed the command that WHEN
# names, in the words of a fault script, and holds its answer back
hold() {
	scsi-wb-target fault "$1" - <<<"$2 hang 3600000"
	"${@:3}" >"$OUTPUT" 2>&1 &
	kill_client=$!
	wait_held "$1"
}

# wait_held NAME: what fwupdmgr has said tells why nothing was held
wait_held() {
	scsi-wb-target wait-held "$1" >"$KILL_WORK/held" || {
		cat "$OUTPUT"
		return 1
	}
}

# hold_again NAME WHEN: that command is answered, and a later one is held
hold_again() {
	scsi-wb-target fault "$1" - <<<"$2 hang 3600000"
	scsi-wb-target release "$1"
	wait_held "$1"
}

# let_go NAME: the device answers from now on
let_go() {
	scsi-wb-target fault "$1" - <<<''
	scsi-wb-target release "$1"
}

# hold_at NAME INSTANT: the next update, up to there
#   begun      before the first segment: the disk has written its cache
#   N          segment N has arrived
#   waiting    the last segment was answered, and the daemon waits for the device
#   verifying  the device is back, and is asked what it runs
#   waked      all segments have arrived, and the activation is about to be sent
#   activated  the activation has arrived
hold_at() {
	local last="segment $KILL_SEGMENTS"
	case $2 in
	begun) hold "$1" 'opcode 35 1' install_next "$1" ;;
	waiting | verifying)
		hold "$1" "$last" install_next "$1"
		hold_again "$1" "opcode $([ "$2" = waiting ] && echo 00 || echo 12) 1"
		;;
	waked | activated)
		install_next "$1" >"$OUTPUT" 2>&1
		hold "$1" "opcode $([ "$2" = waked ] && echo 35 || echo 3b) 1" fwupdmgr activate
		;;
	*) hold "$1" "segment $2" install_next "$1" ;;
	esac
}

# kill_daemon NAME...: while it waits for those devices, which answer then; and another life of the daemon
kill_daemon() {
	local name
	systemctl kill -s KILL --kill-whom=main fwupd.service
	# the client says that nobody answers
	wait "$kill_client" || true
	for name; do
		let_go "$name"
	done
	start_daemon
}

### what is left

# kept NAME: the firmware in the device: the revision of the image that it keeps, byte for byte, and of the one
# that it runs
kept() {
	local shown sum revision image='a mixture'
	shown=$(scsi-wb-target show "$1")
	sum=$(sed -n 's/^committed-sha256: //p' <<<"$shown")
	for revision in "${kill_runs[$1]}" "${kill_next[$1]}"; do
		[ "${kill_sum["$1 $revision"]}" != "$sum" ] || image=$revision
	done
	echo "keeps $image, runs $(sed -n 's/^revision: //p' <<<"$shown")"
}

# listed NAME: what fwupdmgr says of it
listed() {
	device_json "$(device_guid "$1")" |
		jq -r '[.Version] + [.Flags[] | select(startswith("needs-"))] | join(" ")'
}

# user_step NAME WORD COMMAND...: one thing that a user does, and how it ends
user_step() {
	local status=0
	"${@:3}" >"$OUTPUT" 2>&1 || status=$?
	if grep -q 'already installed' "$OUTPUT"; then
		echo "$2: already installed"
	elif [ "$status" = 0 ]; then
		echo "$2: 0"
	else
		echo "$2: $status ($(said | tail -n 1))"
	fi
}

# finish_job NAME LISTED: what a user does who reads that, and how it ends
finish_job() {
	local step=
	if [[ $2 != *needs-activation* ]]; then
		step=$(user_step "$1" install install_next "$1")
		echo -n "$step"
	fi
	[ "$1" = deferred ] || return 0
	[ "${step:-install: 0}" = 'install: 0' ] || return 0
	echo -n "${step:+, }$(user_step "$1" activate fwupdmgr activate)"
}

# expect_recovery NAME WHEN KEPT LISTED STEPS: the device keeps and runs "old" or "new" firmware (KEPT), fwupdmgr
# says LISTED of it, and the STEPS end with the new firmware. The other image is next then.
expect_recovery() {
	local name=$1 wanted got says
	says=$(listed "$name")
	got="$(kept "$name"); listed $says; "
	got+="$(finish_job "$name" "$says"); $(kept "$name")"
	wanted="keeps $3, runs $3; listed $4; $5; keeps new, runs new"
	wanted=${wanted//old/${kill_runs[$name]}}
	wanted=${wanted//new/${kill_next[$name]}}
	kill_tried["$name"]=$((kill_tried["$name"] + 1))
	[ "$wanted" != "$got" ] || kill_recovered["$name"]=$((kill_recovered["$name"] + 1))
	expect_equal "$name, $2" "$wanted" "$got"
	await_ready "$name"
	[[ $got != *"; keeps ${kill_next[$name]}, "* ]] || take_turns "$name"
}

# await_ready NAME: a device that has just begun to run its new firmware wants no other yet
await_ready() {
	wait_until is_ready "$1" || fail "$1 is ready" "not within a minute"
}

# take_turns NAME: it runs what was next
take_turns() {
	local runs=${kill_next[$1]}
	kill_next["$1"]=${KILL_REVISIONS[0]}
	[ "$runs" != "${KILL_REVISIONS[0]}" ] || kill_next["$1"]=${KILL_REVISIONS[1]}
	kill_runs["$1"]=$runs
}

# print_recoveries WHAT: how many there were
print_recoveries() {
	local name
	for name in "${!kill_tried[@]}"; do
		[ "${kill_tried[$name]}" != 0 ] || continue
		echo "# $1, $name: ${kill_tried[$name]} instants, ${kill_recovered[$name]} recovered"
	done
}
