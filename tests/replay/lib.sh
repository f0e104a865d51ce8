# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# shellcheck shell=bash
#
# What makes a recording in the lab's guest, for guest.sh and for the lab's own case. Sourced by a script that runs
# under "set -euo pipefail".
REPLAY_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../lab/guest-lib.sh
. "$REPLAY_DIR/../lab/guest-lib.sh"

recorded_work=$(mktemp -d)

# recorded NAME FILTER: what recording NAME is to be, or expects; FILTER is jq's
recorded() {
	jq -r "$2" "$REPLAY_DIR/$1/device.json"
}

# recorded_guid NAME: the GUID that its cabinet names
recorded_guid() {
	recorded "$1" '.steps[-1].components[0].guids[0]'
}

# recorded_id NAME: what the daemon calls the device
recorded_id() {
	device_json "$(recorded_guid "$1")" | jq -r .DeviceId
}

# make_recorded_cabinet NAME: prints where the cabinet is that was installed
make_recorded_cabinet() {
	local image=$recorded_work/$1.bin cabinet=$recorded_work/$1.cab
	scsi-wb-target make-image "$(recorded "$1" .recording.model)" "$(recorded "$1" .recording.revision)" \
		"$(recorded "$1" .recording.bytes)" >"$image"
	make_cabinet "$cabinet" "$image" guid="$(recorded_guid "$1")" version="$(recorded "$1" .recording.revision)"
	echo "$cabinet"
}

# start_recorded NAME: the device, and a daemon that records it from its start on
start_recorded() {
	configure_fwupd OnlyTrusted=false
	scsi-wb-target start "$1" "$(recorded "$1" .recording.model)" >/dev/null
	udevadm settle
	systemctl restart fwupd.service
	expect_status "$1: tag" 0 fwupdmgr emulation-tag "$(recorded_id "$1")"
	systemctl restart fwupd.service
	expect_equal "$1: version before" "$(recorded "$1" '.steps[0].components[0].version')" \
		"$(device_version "$(recorded_guid "$1")")"
}

# record_update NAME ARCHIVE: an update under the recording's faults, and what fwupd has recorded of it
record_update() {
	local cabinet
	cabinet=$(make_recorded_cabinet "$1")
	recorded "$1" '.recording.faults // [] | .[]' | scsi-wb-target fault "$1" -
	expect_status "$1: install" 0 fwupdmgr install "$cabinet" -y --no-reboot-check
	expect_equal "$1: version after" "$(recorded "$1" '.steps[-1].components[0].version')" \
		"$(device_version "$(recorded_guid "$1")")"
	expect_status "$1: save" 0 fwupdmgr emulation-save "$2"
}

# stop_recorded NAME: no device, nothing that records
stop_recorded() {
	expect_status "$1: untag" 0 fwupdmgr emulation-untag "$(recorded_id "$1")"
	systemctl stop fwupd.service
	scsi-wb-target stop "$1"
}
