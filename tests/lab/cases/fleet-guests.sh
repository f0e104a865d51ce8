#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# image: fleet
# timeout: 3600
# list: long
# beside: ../fleet-host.sh
#
# Two machines, each with its kernel, its disks and its fwupd.service, and a rollout over ssh from one of them to both: the
# canary, then the other one, on which a disk fails, a second run that goes on, and a third that has nothing to do.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../devices.sh
. "$(dirname "$0")/../devices.sh"
# shellcheck source-path=SCRIPTDIR source=../nodes-lib.sh
. "$(dirname "$0")/../nodes-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../fleet-lib.sh
. "$(dirname "$0")/../fleet-lib.sh"
# shellcheck source-path=SCRIPTDIR source=../wire-lib.sh
. "$(dirname "$0")/../wire-lib.sh"

BOOT_ID=/proc/sys/kernel/random/boot_id
seagate=(-e '{"scsi_wb_ids": ["SCSI\\VEN_SEAGATE&DEV_ST600MM0088"]}' -e scsi_wb_version=TT42)
REFUSED="segment 1 of 3, MODE 0x07, 32768 bytes at 0x0: the device refused the image (Illegal Request, Invalid field \
in parameter list, 05/26/00): it is damaged, or made for another model or maker's edition"

# let_in: the other machine finds this one's key, and nothing else
let_in() {
	make_keys
	install -D -m 644 /root/.ssh/id_ed25519.pub /run/key/id_ed25519.pub
	python3 -m http.server 8000 --bind "$(node_address 1)" --directory /run/key >/run/key.log 2>&1 &
	know 1
	know 2
}

# share_remote: the other machine trusts the same signer, and finds the remote behind a port of its own
share_remote() {
	on_host 'mkdir /root/ca'
	send "$work/ca/ca.pem" /root/ca/ca.pem
	send /etc/fwupd/remotes.d/example.conf /etc/fwupd/remotes.d/example.conf
	on_host 'trust_ca /root/ca && start_daemon'
	ssh -N -R "$REMOTE_PORT:127.0.0.1:$REMOTE_PORT" "$(node_address 2)" &
}

# wrote_both: how many segments each of the machines has sent
wrote_both() {
	echo "$(wrote 1) $(on_host 'wrote 2')"
}

stop_at_a_fault() {
	on_host "scsi-wb-target fault n2b - <<<'segment 1 sense 5/26/00'"
	expect_status "fault: the rollout stops" 2 playbook rollout "${seagate[@]}"
	expect_equal "fault: the canary is done" 'n1a=ok n1b=ok n1c=ok' "$(results node1)"
	expect_equal "fault: the other machine stops there" 'n2a=ok n2b=failed n2c=not tried' "$(results node2)"
	expect_equal "fault: the report has the plugin's words" "failed to write-firmware: $REFUSED" \
		"$(total '.hosts.node2.devices[] | select(.serial == "n2b").error')"
	expect_equal "fault: what the disks run" 'TT42 TT31 TT31 A360' "$(on_host 'revisions 2')"
}

go_on() {
	local before
	on_host "scsi-wb-target fault n2b - <<<''"
	before=$(wrote 1)
	expect_status "repaired: the rollout goes on" 0 playbook rollout "${seagate[@]}"
	expect_equal "repaired: node1" 'TT42 TT42 TT42 A360' "$(revisions 1)"
	expect_equal "repaired: node2" 'TT42 TT42 TT42 A360' "$(on_host 'revisions 2')"
	expect_equal "repaired: the canary was left alone" "$before" "$(wrote 1)"
	expect_equal "repaired: report" 'ok {"ok":6}' "$(total '"\(.result) \(.device_results | tojson)"')"
	before=$(wrote_both)
	expect_status "third run: ends well" 0 playbook rollout "${seagate[@]}"
	expect_equal "third run: changes nothing" 0 "$(changed)"
	expect_equal "third run: nothing was sent" "$before" "$(wrote_both)"
}

work=$(mktemp -d)
plug_in 1
hostname node1
start_sshd 1
start_disks 1
udevadm settle
printf '[fwupd]\nIdleTimeout=0\nUpdateMotd=false\n' >/etc/fwupd/fwupd.conf
offer_fleet "$work"
let_in
share_remote
write_inventory 1 2
expect_equal "two machines have two kernels" 2 "$({ cat "$BOOT_ID"; on_host "cat $BOOT_ID"; } | sort -u | wc -l)"
stop_at_a_fault
go_on
ssh "$(node_address 2)" touch /run/over
finish
