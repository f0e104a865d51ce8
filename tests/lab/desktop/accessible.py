# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""What a program says of its windows, by AT-SPI: the same that a screen reader gets.

A program tells names and roles of all of its objects in one answer, if each has been asked for
once; places are asked for one by one, which takes long in an emulated machine. GTK does not tell
what an image shows, nor what of a stack of pages is visible: what is not has no size, or, in GTK
4.18, none that a screen could have, since it then answers with what happens to be in its memory.
"""

import contextlib
import os
import pwd
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402

POLL_S = 0.5
# software emulation on a busy machine: a program's first window takes up to a minute
DEADLINE_S = float(os.environ.get("DEADLINE_S", "120"))
# then nothing is waited for any more, so that what was seen is told before the case is ended
END = time.monotonic() + 3000
CALL_MS = 60000
ROOT_PATH = "/org/a11y/atspi/accessible/root"
CACHE_PATH = "/org/a11y/atspi/cache"
# X11 has no larger window
LARGEST_PX = 32767


@contextlib.contextmanager
def as_person():
    """With the rights of who uses the program: the buses of that session admit nobody else."""
    os.seteuid(pwd.getpwnam(os.environ["PERSON"]).pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)


class NotShown(Exception):
    """What was waited for did not come."""


def wait_for(what, condition, deadline_s=None):
    """The first true value of condition(); it may meet objects that vanish while it looks."""
    if deadline_s is None:
        deadline_s = DEADLINE_S
    end = min(time.monotonic() + deadline_s, END)
    while True:
        try:
            value = condition()
        except GLib.Error:
            value = None
        if value:
            return value
        if time.monotonic() > end:
            raise NotShown(f"{what}: not within {deadline_s:g} s")
        time.sleep(POLL_S)


def never(condition):
    """Whether it does not come true in ten seconds."""
    try:
        wait_for("", condition, min(10, DEADLINE_S))
    except NotShown:
        return True
    return False


class Bus:
    """The bus on which programs tell of their windows."""

    @as_person()
    def __init__(self):
        self.connection = Gio.bus_get_sync(Gio.BusType.SESSION)
        address = self.call("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus.GetAddress")
        flags = Gio.DBusConnectionFlags
        self.connection = Gio.DBusConnection.new_for_address_sync(
            address,
            flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION,
            None,
            None,
        )

    def call(self, owner, path, method, signature="()", *arguments):
        """The first value of the answer."""
        interface, name = method.rsplit(".", 1)
        parameters = GLib.Variant(signature, arguments)
        no_flags = Gio.DBusCallFlags.NONE
        answer = self.connection.call_sync(
            owner, path, interface, name, parameters, None, no_flags, CALL_MS, None
        )
        return answer.unpack()[0]

    def programs(self):
        """Who tells of windows: names to owners."""
        found = self.call(
            "org.a11y.atspi.Registry", ROOT_PATH, "org.a11y.atspi.Accessible.GetChildren"
        )
        return {self.name(owner, path): owner for owner, path in found}

    def name(self, owner, path):
        return self.call(
            owner,
            path,
            "org.freedesktop.DBus.Properties.Get",
            "(ss)",
            "org.a11y.atspi.Accessible",
            "Name",
        )


def role(name):
    """Its number. A BUTTON is a PUSH_BUTTON before AT-SPI 2.54."""
    return getattr(Atspi.Role, name, None) or getattr(Atspi.Role, f"PUSH_{name}")


class Node:
    """An object of a window, as it was when the program was asked."""

    def __init__(self, program, item):
        reference, _root, parent, index, count, interfaces, name, kind, _text, states = item
        self.program = program
        self.path = reference[1]
        self.parent_path = parent[1]
        self.index = index
        self.count = count
        self.has_place = "org.a11y.atspi.Component" in interfaces
        self.name = name
        self.role = kind
        self.states = states[0] | states[1] << 32
        self.parent = None
        self.children = []

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def find(self, kind, name=None):
        """All of it with that role, and that name if one is given."""
        wanted = role(kind)
        return [n for n in self.walk() if n.role == wanted and name in (None, n.name)]

    def above(self, kind):
        """The nearest around it with that role."""
        wanted = role(kind)
        node = self
        while node and node.role != wanted:
            node = node.parent
        return node

    def frame(self):
        """The window that it is in."""
        node = self
        while node.parent and not node.is_window():
            node = node.parent
        return node

    def is_window(self):
        return self.parent_path == ROOT_PATH

    def place(self):
        """x, y, width, height, from the window's upper left corner."""
        window = Atspi.CoordType.WINDOW
        return self.program.ask(self.path, "Component.GetExtents", "(u)", window)

    def is_shown(self):
        """Whether it has a size; what cannot have one, such as a page of a stack, may be."""
        if not self.has_place:
            return True
        _x, _y, width, height = self.place()
        return 0 < width <= LARGEST_PX and 0 < height <= LARGEST_PX

    def labels(self):
        """The texts that have a size, in their order."""
        return [n.name for n in self.find("LABEL") if n.name and n.is_shown()]

    def is_complete(self):
        """All that is in it is known, and no more: GTK 4.18 goes on telling of what it has hidden,
        with the index of something else, and without what is in it."""
        hidden = [child for child in self.children if child.children and not child.count]
        return not hidden and [n.index for n in self.children] == list(range(self.count))

    def text(self):
        """What is in a field."""
        return self.program.ask(self.path, "Text.GetText", "(ii)", 0, -1)

    def is_sensitive(self):
        return bool(self.states >> Atspi.StateType.SENSITIVE & 1)


class Program:
    """A program that has a window. A window that was destroyed and is there once more is not told
    of by GTK 4.18, but for its objects: is_on_screen(window) says whether it is one."""

    def __init__(self, name, is_on_screen=lambda window: False):
        self.bus = Bus()
        self.is_on_screen = is_on_screen
        self.owner = wait_for(f"windows of {name}", lambda: self.bus.programs().get(name))

    def ask(self, path, method, signature="()", *arguments):
        return self.bus.call(self.owner, path, "org.a11y.atspi." + method, signature, *arguments)

    def read(self):
        """All objects that somebody has asked for, by their paths."""
        items = self.ask(CACHE_PATH, "Cache.GetItems")
        nodes = {node.path: node for node in (Node(self, item) for item in items)}
        # GTK 4.24 tells of the program, too, which is in the desktop, of the same path
        nodes.pop(ROOT_PATH, None)
        for node in sorted(nodes.values(), key=lambda node: node.index):
            node.parent = nodes.get(node.parent_path)
            if node.parent:
                node.parent.children.append(node)
        return nodes

    def open(self, node, asked):
        """Asks for what is in it, unless that is known, or was asked, or nobody can see it."""
        if node.path in asked:
            node.children = [child for child in node.children if child.path in asked[node.path]]
            return False
        if node.is_complete() or not node.is_shown():
            return False
        answer = self.ask(node.path, "Accessible.GetChildren")
        asked[node.path] = [path for _owner, path in answer]
        return True

    def windows(self):
        """Its windows as they are now, with all that is in them and can be seen."""
        paths = [path for _owner, path in self.ask(ROOT_PATH, "Accessible.GetChildren")]
        asked = {}
        while True:
            nodes = self.read()
            windows = [nodes[path] for path in paths if path in nodes]
            others = [n for n in nodes.values() if n.is_window() and n.path not in paths]
            windows += [window for window in others if self.is_on_screen(window)]
            opened = [self.open(node, asked) for window in windows for node in window.walk()]
            if not any(opened):
                return windows
