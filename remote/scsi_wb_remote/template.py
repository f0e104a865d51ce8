# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""Templates with @NAME@ in them; they are in data/ of the source, and beside the modules when installed."""

import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDERS = (HERE.parent, HERE.parent.parent / "data")


def read(name):
    """A template without its licence lines, which are not those of what is made of it."""
    path = next(folder / name for folder in FOLDERS if (folder / name).is_file())
    text = path.read_text(encoding="utf-8")
    return "".join(
        line
        for line in text.splitlines(keepends=True)
        if "SPDX-License-Identifier" not in line and not re.match(r"(<!--|#) Copyright", line)
    )


def fill(name, values):
    """Each @NAME@ is replaced once; what it is replaced by, is not looked at again."""
    return re.sub(r"@([A-Z0-9_]+)@", lambda match: values[match[1]], read(name))
