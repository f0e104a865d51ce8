# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""What a program says of its windows, by AT-SPI: the same that a screen reader gets.

A program tells names and roles of all of its objects in one answer, if each has been asked for
once; places are asked for one by one, which takes long in an emulated machine. GTK 4.8 does not
tell what an image shows, nor what of a stack of pages is visible: what is not has no size.
"""

import os
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


class Bus:
    """The bus on which programs tell of their windows."""

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


class Node:
    """An object of a window, as it was when the program was asked."""

    def __init__(self, program, item):
        reference, _root, parent, index, count, interfaces, name, role, _text, states = item
        self.program = program
        self.path = reference[1]
        self.parent_path = parent[1]
        self.index = index
        self.count = count
        self.has_place = "org.a11y.atspi.Component" in interfaces
        self.name = name
        self.role = role
        self.states = states[0] | states[1] << 32
        self.parent = None
        self.children = []

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def find(self, role, name=None):
        """All of it with that role, and that name if one is given."""
        wanted = getattr(Atspi.Role, role)
        return [n for n in self.walk() if n.role == wanted and name in (None, n.name)]

    def above(self, role):
        """The nearest around it with that role."""
        node = self
        while node and node.role != getattr(Atspi.Role, role):
            node = node.parent
        return node

    def place(self):
        """x, y, width, height, from the window's upper left corner."""
        window = Atspi.CoordType.WINDOW
        return self.program.ask(self.path, "Component.GetExtents", "(u)", window)

    def is_shown(self):
        """Whether it has a size; what cannot have one, such as a page of a stack, may be."""
        if not self.has_place:
            return True
        _x, _y, width, height = self.place()
        return width > 0 and height > 0

    def labels(self):
        """The texts that have a size, in their order."""
        return [n.name for n in self.find("LABEL") if n.name and n.is_shown()]

    def is_sensitive(self):
        return bool(self.states >> Atspi.StateType.SENSITIVE & 1)


class Program:
    """A program that has a window."""

    def __init__(self, name):
        self.bus = Bus()
        self.owner = wait_for(f"windows of {name}", lambda: self.bus.programs().get(name))

    def ask(self, path, method, signature="()", *arguments):
        return self.bus.call(self.owner, path, "org.a11y.atspi." + method, signature, *arguments)

    def read(self):
        """All objects that somebody has asked for, by their paths."""
        items = self.ask(CACHE_PATH, "Cache.GetItems")
        nodes = {node.path: node for node in (Node(self, item) for item in items)}
        for node in sorted(nodes.values(), key=lambda node: node.index):
            node.parent = nodes.get(node.parent_path)
            if node.parent:
                node.parent.children.append(node)
        return nodes

    def open(self, node, asked):
        """Asks for what is in it, unless that is known, or was asked, or nobody can see it."""
        if node.count <= len(node.children) or node.path in asked or not node.is_shown():
            return False
        asked.add(node.path)
        self.ask(node.path, "Accessible.GetChildren")
        return True

    def windows(self):
        """Its windows as they are now, with all that is in them and can be seen."""
        paths = [path for _owner, path in self.ask(ROOT_PATH, "Accessible.GetChildren")]
        asked = set()
        while True:
            nodes = self.read()
            windows = [nodes[path] for path in paths if path in nodes]
            opened = [self.open(node, asked) for window in windows for node in window.walk()]
            if not any(opened):
                return windows
