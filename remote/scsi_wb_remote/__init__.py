# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""From a firmware image to a remote that fwupd reads. CONTRIBUTING.md says what each module is for."""
