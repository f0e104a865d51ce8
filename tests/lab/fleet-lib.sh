# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# shellcheck shell=bash
#
# A fleet of nodes with four disks each, the remote that they share, and Ansible's word on them. Sourced after
# nodes-lib.sh.

FLEET=/opt/scsi-wb/fleet
REPORTS=/root/reports
INVENTORY=/root/inventory.ini
disks=(a b c d)
export ANSIBLE_FORKS=3 ANSIBLE_PIPELINING=1 ANSIBLE_NOCOLOR=1 ANSIBLE_PYTHON_INTERPRETER=/usr/bin/python3
export ANSIBLE_DEPRECATION_WARNINGS=0 ANSIBLE_LOCALHOST_WARNING=0

# start_disks NODE: three disks that take their firmware into use at once, and one that waits
start_disks() {
	local disk model
	for disk in "${disks[@]}"; do
		model=seagate-sas
		[ "$disk" != d ] || model=deferred-disk
		scsi-wb-target start "n$1$disk" "$model" >/dev/null
	done
}

# write_inventory NODE…: the first is the canary
write_inventory() {
	local node
	{
		echo '[canary]'
		for node; do
			echo "node$node ansible_host=$(node_address "$node")"
			[ "$node" != "$1" ] || echo '[others]'
		done
	} >"$INVENTORY"
}

# offer_fleet DIR: a remote with a newer release for both kinds of disks, and the old one of the first kind
offer_fleet() {
	local dir=$1
	make_ca "$dir/ca"
	# shellcheck disable=SC2034 # for devices.sh
	device_bytes=([disk]=65537 [deferred]=65537)
	make_image disk "$dir" && make_device_cabinet disk "$dir" sign="$dir/ca"
	make_image deferred "$dir" && make_device_cabinet deferred "$dir" sign="$dir/ca"
	mkdir -p "$dir/old"
	make_image disk "$dir/old" TT31 && make_device_cabinet disk "$dir/old" sign="$dir/ca" version=TT31
	mv "$dir/old/disk.cab" "$dir/old.cab"
	make_remote "$dir/remote" "$dir/ca" "$dir"/*.cab
	serve_remote "$dir/remote"
	trust_ca "$dir/ca"
	add_remote example
}

# playbook NAME ARG…: with the reports in a place of their own
playbook() {
	local name=$1
	shift
	ansible-playbook -i "$INVENTORY" -e scsi_wb_hosts=canary:others -e scsi_wb_remote=example -e scsi_wb_poll_s=2 \
		-e "scsi_wb_report_folder=$REPORTS" "$@" "$FLEET/$name.yml"
}

# total FILTER: of the report of all hosts
total() {
	jq -r "$1" "$REPORTS/total.json"
}

# results HOST: a word for each of its devices
results() {
	total "[.hosts.$1.devices[] | \"\(.serial)=\(.result)\"] | join(\" \")"
}

# wrote NODE: how many WRITE BUFFERs with firmware its disks have seen
wrote() {
	local disk sum=0
	for disk in "${disks[@]}"; do
		sum=$((sum + $(log_since "n$1$disk" 0 | awk 'substr($2, 1, 2) == "3b" && substr($2, 3, 2) != "0a"' | wc -l)))
	done
	echo "$sum"
}

# revisions NODE: what its disks themselves say
revisions() {
	local disk
	for disk in "${disks[@]}"; do
		target_value "n$1$disk" revision
	done | xargs
}

# changed: the sum of what Ansible says has changed
changed() {
	grep -oE 'changed=[0-9]+' "$OUTPUT" | awk -F = '{ sum += $2 } END { print sum + 0 }'
}
