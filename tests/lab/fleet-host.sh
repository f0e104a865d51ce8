#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# image: fleet
# timeout: 3600
#
# The other machine of cases/fleet-guests.sh: node2, with its own kernel, fwupd.service and disks. It lets in whoever has
# the key that it finds at the other end of the wire, does as it is told by ssh, and is there until it is told that it
# is over.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=guest-lib.sh
. "$(dirname "$0")/guest-lib.sh"
# shellcheck source-path=SCRIPTDIR source=devices.sh
. "$(dirname "$0")/devices.sh"
# shellcheck source-path=SCRIPTDIR source=nodes-lib.sh
. "$(dirname "$0")/nodes-lib.sh"
# shellcheck source-path=SCRIPTDIR source=fleet-lib.sh
. "$(dirname "$0")/fleet-lib.sh"
# shellcheck source-path=SCRIPTDIR source=wire-lib.sh
. "$(dirname "$0")/wire-lib.sh"

# fetch_key: of the machine at the other end, as soon as it has one
fetch_key() {
	local tries
	mkdir -p /root/.ssh
	for tries in {1..900}; do
		! python3 -c 'import sys, urllib.request; sys.stdout.write(urllib.request.urlopen(sys.argv[1], timeout=5).read().decode())' \
			"$KEY_URL" >/root/.ssh/authorized_keys 2>/dev/null || return 0
		sleep 1
	done
	echo "fetch_key: nothing at $KEY_URL after $tries tries"
	return 1
}

plug_in 2
hostname node2
start_disks 2
udevadm settle
printf '[fwupd]\nIdleTimeout=0\nUpdateMotd=false\n' >/etc/fwupd/fwupd.conf
start_daemon
fetch_key
start_sshd 2
until [ -e /run/over ]; do
	sleep 1
done
