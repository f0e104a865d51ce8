#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# image: fleet
#
# docs/fleet.md, as it is typed.
set -euo pipefail
exec "$(dirname "$0")/../../docs/run" "$(dirname "$0")/../../../docs/fleet.md"
