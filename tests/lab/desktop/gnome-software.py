#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""Uses GNOME Software (43) as a person does, with the devices of a table, and says what it showed.

usage: gnome-software.py PICTURES ROWS NAME...

PICTURES is a folder. ROWS has a JSON object for each device: see devices_as_json in
../desktop-lib.sh. The devices NAME are updated. $DESKTOP_LOG has what GNOME Software itself says.
"""

import html
import os
import re
import sys

import accessible
import results
import screen

PROGRAM = "gnome-software"
# what it is called by assistive technology, and its windows by the screen
ACCESSIBLE_NAME = "org.gnome.Software"
# what it says of a device that is no disk, beside its versions
UNUSABLE = "Device cannot be used during update."
# the window about an update
DETAILS = "Update Details"
# in front of an error that it shows to nobody
DROPPED = "not handling error failed for action update: "


def dropped():
    """The errors of updates that are nowhere but in its log."""
    with open(os.environ["DESKTOP_LOG"], encoding="utf-8", errors="replace") as stream:
        return [line.split(DROPPED, 1)[1].strip() for line in stream if DROPPED in line]


class Program:
    """Its page of updates."""

    def __init__(self):
        screen.fill(ACCESSIBLE_NAME)
        self.program = accessible.Program(ACCESSIBLE_NAME)
        self.last = []

    def windows(self):
        return self.program.windows()

    def texts(self):
        """All that can be read, in all of its windows."""
        return [text for window in self.windows() for text in window.labels()]

    def items(self):
        """The updates of firmware, as (texts, item); none while it looks for updates."""
        panels = [p for w in self.windows() for p in w.find("PANEL", "Device Firmware")]
        if not panels:
            return []
        items = [(item.labels(), item) for item in panels[0].above("SCROLL_PANE").find("LIST_ITEM")]
        return [(texts, item) for texts, item in items if texts]

    def items_at_rest(self, count):
        """At least so many of them, when they say the same twice."""
        before, self.last = self.last, self.items()
        texts = [[texts for texts, _item in items] for items in (before, self.last)]
        return self.last if len(self.last) >= count and texts[0] == texts[1] else None

    def item(self, name):
        """The first with that name; to read the texts of all of them takes long."""
        for label in [label for w in self.windows() for label in w.find("LABEL", name)]:
            item = label.above("LIST_ITEM")
            if item and label.is_shown():
                return item
        return None

    def button(self, name):
        """The button of an update, if it can be pressed."""
        item = self.item(name)
        button = item.find("PUSH_BUTTON")[0] if item else None
        return button if button and "Update" in button.labels() and button.is_sensitive() else None

    def await_button(self, name):
        return accessible.wait_for(f"the button of {name}", lambda: self.button(name))

    def press(self, name, is_done):
        """Presses the button of an update, which begins, or is done before anyone can look."""

        def has_begun():
            item = self.item(name)
            return is_done() or item and "Installing" in item.labels()

        screen.click_until(f"the button of {name}", lambda: self.button(name), has_begun)

    def details(self, name):
        """Opens the details of an update, and returns their window and texts."""

        def line():
            item = self.item(name)
            return item and item.find("LABEL", name)[0]

        def look():
            found = [w for w in self.windows() if w.name == DETAILS]
            texts = found[-1].labels() if found else []
            return (found[-1], texts) if len(texts) > 2 else None

        return screen.click_until(name, line, look)

    def reopen(self):
        """Closes its window, which hides it, and asks for it again."""
        buttons = [b for w in self.windows() for b in w.find("PUSH_BUTTON", "Close")]
        screen.click(next(button for button in buttons if button.is_shown()))
        accessible.wait_for("no window", lambda: not screen.windows(ACCESSIBLE_NAME))
        screen.run(PROGRAM, "--mode=updates")
        screen.fill(ACCESSIBLE_NAME)


class Check:
    def __init__(self, pictures, rows, updated):
        self.program = Program()
        self.picture = screen.Album(ACCESSIBLE_NAME, pictures, PROGRAM).picture
        self.rows = rows
        self.updated = updated

    def offered(self):
        """Those that are held back have no row, nor has one that is identical to another."""
        return [row for row in self.rows if "held" not in row and "twin" not in row]

    def sharers(self, row):
        """The devices that share the row of an update."""
        return [r["name"] for r in self.rows if row["name"] in (r["name"], r.get("twin"))]

    def keepers(self, row):
        """Those of them that keep exactly its image."""
        return [name for name in self.sharers(row) if results.has_image(name, row)]

    def list(self):
        wanted = [
            [row["release-name"], row["version"], "→", row["release"]]
            + ([] if row["icon"] == "drive-harddisk" else [UNUSABLE])
            + ["Update"]
            for row in self.offered()
        ]
        items = accessible.wait_for(
            f"{len(wanted)} updates", lambda: self.program.items_at_rest(len(wanted))
        )
        texts = [texts for texts, _item in items]
        results.equal("the updates that are offered", sorted(wanted), sorted(texts))
        held = [row["release-name"] for row in self.rows if "held" in row]
        told = self.program.texts()
        results.equal(f"nothing of {held}", [], [name for name in held if name in told])
        picture = self.picture("updates")
        drawn = {picture.drawn(item.find("IMAGE")[0]) for _texts, item in items}
        results.equal("they share one icon, which is drawn", [2], [len(set(i)) for i in drawn])

    def details(self, row):
        """The window about an update; it takes the summary, and nothing else, for markup."""
        name = row["name"]
        window, texts = self.program.details(row["release-name"])
        summary = html.unescape(re.sub("<[^>]*>", "", row["summary"]))
        wanted = [DETAILS, row["release-name"], summary, row["notes"]]
        results.equal(f"{name}: name, summary and release notes, no more", wanted, texts)
        self.picture(f"{name}-release")
        screen.close(ACCESSIBLE_NAME, window, "Close")

    def errors(self, row):
        """Presses the button, and returns what only the log says."""
        known = len(dropped())
        self.program.press(row["release-name"], lambda: dropped()[known:])
        return accessible.wait_for("an error in its log", lambda: dropped()[known:])

    def failure(self, row):
        """The device has a fault, and the person reads nothing of it."""
        name, title = row["name"], row["release-name"]
        results.set_fault(row, row["fault"])
        # not while the list is read anew
        before = accessible.wait_for(
            title, lambda: self.program.item(title) and self.program.texts()
        )
        errors = self.errors(row)
        results.equal(f"{name}: the error is in its log, in its words", [row["error"]], errors)
        accessible.wait_for(
            "windows that say what they said before", lambda: self.program.texts() == before
        )
        results.passed(f"{name}: no window says anything of it")
        self.picture("error")
        results.equal(f"{name}: nothing is committed", "-", results.committed(name))
        results.contains(f"{name}: fwupdmgr has the words", row["error"], results.history())
        results.set_fault(row, "")

    def update(self, row):
        """A click updates one device; the row is gone with the last that takes the update."""
        name, title = row["name"], row["release-name"]
        before = self.keepers(row)
        self.program.press(title, lambda: self.keepers(row) != before)
        accessible.wait_for(
            f"an update by {title}'s button", lambda: len(self.keepers(row)) > len(before)
        )
        if len(before) + 1 < len(self.sharers(row)):
            self.again(row)
            return
        accessible.wait_for(
            f"a list without {title}",
            lambda: (items := self.program.items())
            and title not in [texts[0] for texts, _item in items],
        )
        results.passed(f"{name}: a click updates it, and it is not offered any more")

    def again(self, row):
        """The row of identical devices stays, but knows only the one that it has updated, in a new
        window, too."""
        name = row["name"]
        self.program.await_button(row["release-name"])
        self.picture(f"{name}-again")
        updated = self.keepers(row)
        results.equal(f"{name}: a click updates one of {self.sharers(row)}", 1, len(updated))
        self.program.reopen()
        wanted = [f"Specified firmware is already installed '{row['release']}'"]
        results.equal(f"{name}: a second click fails", wanted, self.errors(row))
        results.equal(f"{name}: it updates none", updated, self.keepers(row))

    def row(self, row):
        self.details(row)
        if "fault" in row:
            self.failure(row)
        if row["name"] in self.updated:
            self.update(row)


def main(pictures, rows_path, *updated):
    check = Check(pictures, results.read_rows(rows_path), updated)
    offered = check.offered()
    if len(offered) > 1:
        results.each([{"name": "list"}], lambda _: check.list(), check.picture)
    results.each(offered, check.row, check.picture)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
