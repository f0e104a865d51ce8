# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""What a program says of its windows, by AT-SPI: the same that a screen reader gets.

GTK 4.8 tells names, roles, places and whether something can be pressed. It does not tell what an
image shows, nor what of a stack of pages is visible: what is not has no size. Each question is a
call over a bus and a window has a thousand objects, so look for what stays only once.
"""

import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

POLL_S = 0.5
# software emulation on a busy machine: a program's window takes up to a minute
DEADLINE_S = 150


class NotShown(Exception):
    """What was waited for did not come."""


def wait_for(what, condition, deadline_s=DEADLINE_S):
    """The first true value of condition(); it may meet objects that vanish while it looks."""
    end = time.monotonic() + deadline_s
    while True:
        try:
            value = condition()
        except GLib.Error:
            value = None
        if value:
            return value
        if time.monotonic() > end:
            raise NotShown(f"{what}: not within {deadline_s} s")
        time.sleep(POLL_S)


def children(node):
    found = (node.get_child_at_index(i) for i in range(node.get_child_count()))
    return [child for child in found if child]


def walk(node):
    yield node
    for child in children(node):
        yield from walk(child)


def find(node, role, name=None):
    """All below node with that role, and that name if one is given."""
    return [
        n for n in walk(node) if n.get_role_name() == role and name in (None, n.get_name())
    ]


def above(node, role):
    """The nearest node around it with that role."""
    while node and node.get_role_name() != role:
        node = node.get_parent()
    return node


def is_shown(node):
    extents = node.get_extents(Atspi.CoordType.WINDOW)
    return extents.width > 0 and extents.height > 0


def labels(node):
    """The texts that have a size, in their order."""
    return [n.get_name() for n in find(node, "label") if is_shown(n)]


def is_sensitive(node):
    return node.get_state_set().contains(Atspi.StateType.SENSITIVE)


def place(node):
    """x, y, width, height, from the window's upper left corner."""
    extents = node.get_extents(Atspi.CoordType.WINDOW)
    return extents.x, extents.y, extents.width, extents.height


def program(name):
    """The program of that name, when it has a window."""

    def look():
        for candidate in children(Atspi.get_desktop(0)):
            if candidate.get_name() == name and children(candidate):
                return candidate
        return None

    return wait_for(f"a window of {name}", look)
