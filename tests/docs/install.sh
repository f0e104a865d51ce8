# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# shellcheck shell=bash
#
# What docs/install.md takes for granted: a package that was built, three devices, and a folder of updates that a
# web server has.
lab=/opt/scsi-wb/tests/lab
# shellcheck source=../lab/guest-lib.sh
. "$lab/guest-lib.sh"
# shellcheck source=../lab/devices.sh
. "$lab/devices.sh"

be_patient
export DEBIAN_FRONTEND=noninteractive NO_COLOR=1
cp /opt/scsi-wb-package/fwupd-plugin-scsi-wb_*.deb .
start_devices
make_ca ca
make_device_updates . sign=ca
make_remote remote ca ./*.cab
serve_remote "$PWD/remote"
cp ca/ca.pem example.pem
rm -f ./*.cab ./*.bin
