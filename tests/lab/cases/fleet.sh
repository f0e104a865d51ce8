#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# image: fleet
# timeout: 7200
# list: long
#
# Six machines with four disks each, over ssh, by the playbooks of fleet/: a canary and growing batches, a device that
# fails, a second run that goes on, a third that has nothing to do, and an activation within the maintenance window.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"
# shellcheck source-path=SCRIPTDIR source=../nodes-lib.sh
. "$(dirname "$0")/../nodes-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../fleet-lib.sh
. "$(dirname "$0")/../fleet-lib.sh"

nodes=(1 2 3 4 5 6)
seagate=(-e '{"scsi_wb_ids": ["SCSI\\VEN_SEAGATE&DEV_ST600MM0088"]}' -e scsi_wb_version=TT42)
hgst=(-e '{"scsi_wb_ids": ["SCSI\\VEN_HGST&DEV_HUC156060CSS200"]}' -e scsi_wb_version=A3C0 -e scsi_wb_activation=later)
REFUSED="segment 1 of 3, MODE 0x07, 32768 bytes at 0x0: the device refused the image (Illegal Request, Invalid field \
in parameter list, 05/26/00): it is damaged, or made for another model or maker's edition"

# step WORD…: where the time goes
step() {
	echo "# $SECONDS s: $*"
}

# wrote_all: of all nodes
wrote_all() {
	local node
	for node in "${nodes[@]}"; do
		wrote "$node"
	done | xargs
}

start_fleet() {
	local node
	for node in "${nodes[@]}"; do
		start_disks "$node" &
		((node % 3)) || wait
	done
	udevadm settle
	offer_fleet "$work"
	printf '[fwupd]\nIdleTimeout=0\nUpdateMotd=false\n' >/etc/fwupd/fwupd.conf
	dbus_limit
	make_keys
	write_inventory "${nodes[@]}"
	for node in "${nodes[@]}"; do
		start_node "$node" "n${node}a" "n${node}b" "n${node}c" "n${node}d"
	done
	for node in "${nodes[@]}"; do
		await_node "$node"
	done
}

stop_at_a_fault() {
	scsi-wb-target fault n3b - <<<'segment 1 sense 5/26/00'
	expect_status "fault: the rollout stops" 2 playbook rollout "${seagate[@]}"
	expect_equal "fault: the canary is done" 'n1a=ok n1b=ok n1c=ok' "$(results node1)"
	expect_equal "fault: its neighbour of the batch is done" 'n2a=ok n2b=ok n2c=ok' "$(results node2)"
	expect_equal "fault: the host stops there" 'n3a=ok n3b=failed n3c=not tried' "$(results node3)"
	expect_equal "fault: the report has the plugin's words" "failed to write-firmware: $REFUSED" \
		"$(total '.hosts.node3.devices[] | select(.serial == "n3b").error')"
	expect_text "fault: so does the screen" "$OUTPUT" "$REFUSED"
	expect_equal "fault: the third batch has not begun" 'planned planned planned' \
		"$(jq -r '.result' "$REPORTS"/hosts/node{4,5,6}.json | xargs)"
	expect_equal "fault: its disks saw nothing" '0 0 0' "$(for node in 4 5 6; do wrote "$node"; done | xargs)"
	expect_equal "fault: nor did the disk behind it" 'TT42 TT31 TT31 A360' "$(revisions 3)"
}

go_on() {
	local before node
	scsi-wb-target fault n3b - <<<''
	before=$(wrote 1)
	expect_status "repaired: the rollout goes on" 0 playbook rollout "${seagate[@]}"
	for node in "${nodes[@]}"; do
		expect_equal "repaired: node$node" 'TT42 TT42 TT42 A360' "$(revisions "$node")"
	done
	expect_equal "repaired: the canary was left alone" "$before" "$(wrote 1)"
	expect_equal "repaired: report" 'ok {"ok":18}' "$(total '"\(.result) \(.device_results | tojson)"')"
	expect_equal "repaired: a host's own report" TT31 "$(jq -r '.devices[1].before' "$REPORTS/hosts/node3.json")"

	before=$(wrote_all)
	expect_status "third run: ends well" 0 playbook rollout "${seagate[@]}"
	expect_equal "third run: changes nothing" 0 "$(changed)"
	expect_equal "third run: nothing was sent" "$before" "$(wrote_all)"
}

# on two of the machines: the download at once, the activation within its window
defer() {
	local now
	local -a two=(--limit 'node1,node2' -e '{"scsi_wb_batches": ["100%"]}')
	expect_status "deferred: downloads go on at once" 0 playbook rollout "${hgst[@]}" "${two[@]}"
	expect_equal "deferred: they wait" '{"waiting":2}' "$(total '.device_results | tojson')"
	expect_equal "deferred: old firmware runs" 'A360 A360' "$(target_value n1d revision) $(target_value n2d revision)"
	now=$(date +%s)
	expect_status "deferred: within the window" 0 playbook activate "${hgst[@]}" "${two[@]}" \
		-e "scsi_wb_window_start=$(date -d "@$((now - 60))" -Is)" -e "scsi_wb_window_end=$(date -d "@$((now + 7200))" -Is)"
	expect_equal "deferred: new firmware runs" 'A3C0 A3C0' "$(target_value n1d revision) $(target_value n2d revision)"
}

work=$(mktemp -d)
start_fleet
step "the fleet is there"
stop_at_a_fault
step "stopped at a fault"
go_on
step "went on"
defer
step "deferred"
finish
