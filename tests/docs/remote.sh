# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# shellcheck shell=bash
#
# What docs/remote.md takes for granted: a machine with a disk, two images for it, and a web server.
lab=/opt/scsi-wb/tests/lab
# shellcheck source=../lab/guest-lib.sh
. "$lab/guest-lib.sh"
# shellcheck source=../lab/devices.sh
. "$lab/devices.sh"

start_devices disk
make_image disk /srv TT43
mv /srv/disk.bin /srv/next.bin
make_image disk /srv
mkdir /srv/remote
serve_remote /srv/remote
configure_fwupd OnlyTrusted=true
start_daemon
