# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""Revisions, as fwupd compares them.

A device says its revision as text, so that the version format is "plain", and fwupd compares plain versions
byte by byte, as strcmp() does: `fwupdtool vercmp A10 A9 plain` says A10 < A9.
"""

from .words import Refusal, check_line

VERSION_MAX = 64
# PRODUCT REVISION LEVEL of the standard INQUIRY data: SPC-4, section "Standard INQUIRY data"
REVISION_CHARACTERS = 4
# what fwupd reads in the version of a requirement, and GLib in a pattern
SPECIAL_IN_REQUIREMENT = "|=*?"


def check_version(text):
    """The revision as the device will say it; fwupd keeps only printable ASCII of that."""
    check_line("the version", text, VERSION_MAX)
    if not text.isascii() or not text.isprintable():
        raise Refusal(f"the version has to be printable ASCII, as a device says its revision: {text!r}")
    if text != text.strip():
        raise Refusal(f"the version has blanks around it, which fwupd drops: {text!r}")
    return text


def check_requirement(text):
    check_version(text)
    bad = next((char for char in text if char in SPECIAL_IN_REQUIREMENT), None)
    if bad:
        raise Refusal(f"--from {text}: fwupd would read '{bad}' as a pattern; leave out --from")
    return text


def is_newer(version, current):
    """Whether fwupd takes VERSION for an upgrade of CURRENT."""
    return version.encode() > current.encode()


def why_not_newer(version, current):
    """Nothing if fwupd would offer VERSION to a device that runs CURRENT, else the reason."""
    if version == current:
        return f"the device already runs {current}"
    if is_newer(version, current):
        return None
    place = next(
        (i for i, (one, other) in enumerate(zip(version, current)) if one != other),
        min(len(version), len(current)),
    )
    shown = f"'{version[place]}' comes before '{current[place]}'" if place < len(version) else "it is shorter"
    return (
        f"fwupd would not take {version} for newer than {current}: it compares plain versions as text, "
        f"and at character {place + 1} {shown}"
    )


def requirement(revisions):
    """Text for <firmware compare="eq">: the device has to run one of REVISIONS.

    fwupd goes through PATTERN=VERSION|…; the first pattern that fits chooses what is compared with, and a
    version without pattern is what is left. It has no list.
    """
    return "|".join([f"{revision}={revision}" for revision in revisions[:-1]] + [revisions[-1]])
