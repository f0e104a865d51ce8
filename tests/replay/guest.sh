#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# In the lab's guest: updates the simulated device of each recording that is named while fwupd records, and leaves the
# archive that fwupd makes of it at /mnt/share. record is its door.
# usage: guest.sh NAME…
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$HERE/lib.sh"

for name; do
	start_recorded "$name"
	record_update "$name" "/mnt/share/$name.zip"
	stop_recorded "$name"
done
finish
