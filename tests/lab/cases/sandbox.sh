#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# Debian's fwupd.service may open only listed device nodes. With the drop-in of this project that is
# one kind more, and the library is updated. Without it, the user is told so, and nothing is sent.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"
# shellcheck source-path=SCRIPTDIR source=../refusal-lib.sh
. "$(dirname "$0")/../refusal-lib.sh"

DROP_IN=/usr/lib/systemd/system/fwupd.service.d/scsi-wb.conf
export NO_COLOR=1

# restart_service: with the unit files as they are now
restart_service() {
	systemctl daemon-reload
	systemctl restart fwupd.service
}

# service_value KEY: a property of the running service, as systemd has it
service_value() {
	systemctl show --property "$1" --value fwupd.service
}

# allowed_nodes: one kind a line
allowed_nodes() {
	service_value DeviceAllow | sort
}

# open_as_service NODE: opens it as a process in the control group of fwupd.service would
# shellcheck disable=SC2317 # it is called by its name
open_as_service() {
	# shellcheck disable=SC2016 # the other shell expands it
	bash -c 'echo $$ >"$1/cgroup.procs" && exec 3<>"$2"' bash \
		"/sys/fs/cgroup$(service_value ControlGroup)" "$1"
}

# expect_forbidden NAME NODE: the service may not open it
expect_forbidden() {
	expect_status "$1" 1 open_as_service "$2"
	expect_equal "$1: for the sandbox" "bash: line 1: $2: Operation not permitted" "$(cat "$OUTPUT")"
}

# library_flag FLAG: "true" if the daemon has set it on the library
library_flag() {
	device_json "$guid" | jq --arg flag "$1" '.Flags | index($flag) != null'
}

# write_buffers: how many WRITE BUFFER commands the library has seen
write_buffers() {
	count_opcode library 0 3b
}

# check_allowed: the drop-in is in force, and allows SCSI generic nodes alone
check_allowed() {
	expect_equal "the daemon runs in its service's control group" \
		"0::$(service_value ControlGroup)" "$(cat "/proc/$(service_value MainPID)/cgroup")"
	expect_status "the sandbox allows the library's node" 0 open_as_service "$node"
	expect_forbidden "the sandbox still forbids what is not listed" /dev/vda
	expect_equal "the library is updatable" true "$(library_flag updatable)"
	expect_equal "the library has no update error" null "$(device_json "$guid" | jq .UpdateError)"
}

# check_forbidden: the drop-in is away; nothing reaches the library, and the user reads why
check_forbidden() {
	local mark reason unsaid=
	mark=$(scsi-wb-target log-mark library)
	reason="fwupd.service may not open $node: install fwupd.service.d/scsi-wb.conf, which allows it,"
	reason="$reason and restart the service"
	# 2.1 says what it leaves out, and why
	is_fwupd_2_0 || unsaid="StorageTek SL500 is not currently updatable:"$'\n'" • $reason"

	expect_status "without the drop-in, root itself opens the node" 0 bash -c "exec 3<>$node"
	expect_forbidden "without the drop-in, the sandbox forbids the library's node" "$node"
	expect_equal "without the drop-in, the library is listed with its revision" 1126 \
		"$(device_version "$guid")"
	expect_equal "without the drop-in, the library is not updatable" false \
		"$(library_flag updatable)"
	expect_status "without the drop-in, get-devices works" 0 fwupdmgr get-devices
	expect_equal "without the drop-in, get-devices says why and what to do" "$reason" \
		"$(said_update_error)"

	expect_status "without the drop-in, update has nothing to do" 0 \
		fwupdmgr update -y --no-reboot-check
	expect_equal "without the drop-in, update says nothing of success" "$unsaid" "$(said)"
	expect_status "without the drop-in, install is refused" 1 \
		fwupdmgr install -y --no-reboot-check library.cab
	expect_equal "without the drop-in, install says why and what to do" "$(held_back library "$reason")" "$(said)"
	expect_equal "without the drop-in, no command reaches the library" '' \
		"$(log_since library "$mark")"
}

cd "$(mktemp -d)"
start_devices library
node=$(device_node library)
guid=$(device_guid library)
make_ca ca
make_image library .
make_device_cabinet library . sign=ca
make_remote remote ca library.cab
serve_remote remote
trust_ca ca
add_remote example
fwupdmgr refresh --force >/dev/null 2>&1

check_allowed
expect_equal "asking has sent no WRITE BUFFER" 0 "$(write_buffers)"
allowed_nodes >with

mv "$DROP_IN" .
restart_service
allowed_nodes >without
expect_equal "the drop-in allows one kind of node more than Debian does" 'char-sg rw' \
	"$(comm -23 with without)"
expect_equal "the drop-in takes nothing away" '' "$(comm -13 with without)"
check_forbidden

mv scsi-wb.conf "$DROP_IN"
restart_service
expect_equal "with the drop-in back, the library is updatable" true "$(library_flag updatable)"
expect_status "with the drop-in back, the update succeeds" 0 fwupdmgr update -y --no-reboot-check
check_updated library library.bin
finish
