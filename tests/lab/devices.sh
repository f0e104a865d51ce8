# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# shellcheck shell=bash
#
# The three devices that most scripts in the guest work with, and what is asked of them. Sourced after
# guest-lib.sh.

# name of each device, with the model of the simulated target, the instance ID that its cabinet names,
# a revision that fwupd takes for newer (it compares them as plain text), and a size that ends in the
# middle of a segment (an even one for the library)
devices=(library disk deferred)
declare -A device_model=([library]=sl500 [disk]=seagate-sas [deferred]=deferred-disk)
declare -A device_id=(
	[library]='SCSI\VEN_STK&DEV_SL500'
	[disk]='SCSI\VEN_SEAGATE&DEV_ST600MM0088'
	[deferred]='SCSI\VEN_HGST&DEV_HUC156060CSS200'
)
declare -A device_title=(
	[library]='StorageTek SL500' [disk]='Seagate ST600MM0088' [deferred]='HGST Ultrastar C15K600'
)
declare -A device_vendor=([library]=STK [disk]=SEAGATE [deferred]=HGST)
declare -A device_revision=([library]=1373 [disk]=TT42 [deferred]=A3C0)
declare -A device_bytes=([library]=300002 [disk]=1000003 [deferred]=700001)

# start_devices [NAME...]: all of them if none is named
start_devices() {
	local name
	[ $# -gt 0 ] || set -- "${devices[@]}"
	for name; do
		scsi-wb-target start "$name" "${device_model[$name]}" >/dev/null
	done
	udevadm settle
}

# device_node NAME: its SCSI generic node
device_node() {
	target_value "$1" node
}

# target_value NAME KEY: a line of what the simulated target says of a device
target_value() {
	scsi-wb-target show "$1" | sed -n "s/^$2: //p"
}

# device_guid NAME
device_guid() {
	guid_of "${device_id[$1]}"
}

# make_image NAME DIR [REVISION]: DIR/NAME.bin
make_image() {
	scsi-wb-target make-image "${device_model[$1]}" "${3:-${device_revision[$1]}}" "${device_bytes[$1]}" \
		>"$2/$1.bin"
}

# make_device_cabinet NAME DIR KEY=VALUE...: DIR/NAME.cab of DIR/NAME.bin; later keys win
make_device_cabinet() {
	local name=$1 dir=$2
	shift 2
	make_cabinet "$dir/$name.cab" "$dir/$name.bin" guid="$(device_guid "$name")" \
		version="${device_revision[$name]}" id="org.example.$name.firmware" \
		name="${device_title[$name]}" vendor="${device_vendor[$name]}" \
		vendor-id="SCSI:${device_vendor[$name]}" category=X-Drive "$@"
}

# make_device_updates DIR KEY=VALUE...: images and cabinets of all devices
make_device_updates() {
	local name dir=$1
	shift
	for name in "${devices[@]}"; do
		make_image "$name" "$dir"
		make_device_cabinet "$name" "$dir" "$@"
	done
}

# offer_updates DIR KEY=VALUE...: in DIR an authority that the daemon trusts, updates of all devices with its
# signature, and a remote that serves them
offer_updates() {
	local dir=$1
	shift
	make_ca "$dir/ca"
	make_device_updates "$dir" sign="$dir/ca" "$@"
	make_remote "$dir/remote" "$dir/ca" "$dir"/*.cab
	serve_remote "$dir/remote"
	trust_ca "$dir/ca"
	add_remote example
}

# sg_revision NAME: what the device itself says
sg_revision() {
	sg_inq "$(device_node "$1")" | sed -n 's/^ *Product revision level: *//p'
}

# check_updated NAME IMAGE [REVISION]: the device keeps exactly IMAGE, and all agree on the revision
check_updated() {
	local revision=${3:-${device_revision[$1]}}
	expect_equal "$1: SHA-256 of the committed image" \
		"$(sha256sum <"$2" | cut -d' ' -f1)" "$(target_value "$1" committed-sha256)"
	expect_equal "$1: revision in fwupdmgr get-devices" "$revision" "$(device_version "$(device_guid "$1")")"
	expect_equal "$1: revision in sg_inq" "$revision" "$(sg_revision "$1")"
}

# log_since NAME MARK: the commands that reached the device after MARK, a count of scsi-wb-target log-mark
log_since() {
	scsi-wb-target log "$1" --since "$2"
}

# mark_all NAME…: from here on, what log_since tells with ${marks[NAME]} is new
declare -A marks
mark_all() {
	local name
	for name; do
		# shellcheck disable=SC2034 # they are used where this is sourced
		marks["$name"]=$(scsi-wb-target log-mark "$name")
	done
}

# is_ready NAME: so it answers to TEST UNIT READY. sg_turs of sg3-utils 1.48, in Debian 13, sends nothing and ends with 0
is_ready() {
	sg_raw "$(device_node "$1")" 00 00 00 00 00 00
}

# count_opcode NAME MARK HEX: how many commands with that operation code
count_opcode() {
	log_since "$1" "$2" | awk -v opcode="$3" 'substr($2, 1, 2) == opcode' | wc -l
}
