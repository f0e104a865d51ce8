# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# shellcheck shell=bash
#
# What docs/fleet.md takes for granted: a host with two disks that take new firmware into use at once and one that
# waits, and a remote with the firmware of both, also the old one of the first kind. The host manages itself.
lab=/opt/scsi-wb/tests/lab
# shellcheck source=../lab/guest-lib.sh
. "$lab/guest-lib.sh"
# shellcheck source=../lab/devices.sh
. "$lab/devices.sh"
# shellcheck source=../lab/fleet-lib.sh
. "$lab/fleet-lib.sh"

scsi-wb-target start Z0A1 seagate-sas
scsi-wb-target start Z0A2 seagate-sas
scsi-wb-target start H0B1 deferred-disk
udevadm settle
offer_fleet "$(mktemp -d)"
fwupdmgr get-devices >/dev/null
