#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
# payload: package
#
# The commands of docs/install.md, as they stand there.
set -euo pipefail

here=$(dirname "$0")
exec "$here/../../docs/run" "$here/../../../docs/install.md"
