#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""Uses GNOME Software (43, 48 or 51) as a person does, with the devices of a table, and says what it showed.

usage: gnome-software.py PICTURES ROWS NAME...

PICTURES is a folder. ROWS has a JSON object for each device: see devices_as_json in
../desktop-lib.sh. The devices NAME are updated. $DESKTOP_LOG has what GNOME Software itself says.
"""

import os
import sys

import accessible
import results
import screen

PROGRAM = "gnome-software"
# what it says of a device, beside its versions
UNUSABLE = "Device cannot be used during update."
# the window about an update
DETAILS = "Update Details"
# the one about an error, and the button that opens it
ERROR_DETAILS = "Error Details"
ERROR_BUTTON = "Details"
# what is another since which version: what it is called by assistive technology, and its windows by
# the screen; the name of an update; what becomes of its summary; whether the list has those that are
# held back, without a button; of which devices it says that they cannot be used; what is in front of
# an error in its log; what it says of an error in its window
SINCE = {
    43: {
        "program": "org.gnome.Software",
        "name": "{}",
        "summary": results.without_markup,
        "lists-held": False,
        "is-unusable": lambda row: row["icon"] != "drive-harddisk",
        "log": "not handling error failed for action update: ",
        "told": None,
    },
    48: {
        "program": "gnome-software",
        "name": "{} Drive Update",
        "summary": str,
        "lists-held": True,
        "is-unusable": lambda row: True,
        "log": "interactive action 'unknown' failed with error 'failed': ",
        "told": "Sorry, something went wrong",
    },
}
SINCE[51] = SINCE[48] | {
    "log": "interactive job 'GsPluginJobUpdateApps' failed with error 'failed': ",
    "told": "Unable to download updates",
}
SHOWN = results.of_version(PROGRAM, SINCE)
ACCESSIBLE_NAME = SHOWN["program"]


def logged():
    """The errors of updates in its log."""
    with open(os.environ["DESKTOP_LOG"], encoding="utf-8", errors="replace") as stream:
        lines = [line.partition(SHOWN["log"]) for line in stream]
    return [error.strip() for _before, found, error in lines if found]


def title(row):
    """What an update is called."""
    return SHOWN["name"].format(row["release-name"])


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
        heads = [n for w in self.windows() for n in w.walk() if n.name == "Device Firmware"]
        if not heads:
            return []
        items = [(item.labels(), item) for item in heads[0].above("SCROLL_PANE").find("LIST_ITEM")]
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
        buttons = [b for b in item.find("BUTTON") if "Update" in b.labels()] if item else []
        return buttons[0] if buttons and buttons[0].is_sensitive() else None

    def await_button(self, name):
        return accessible.wait_for(f"the button of {name}", lambda: self.button(name))

    def press(self, name, is_done):
        """Presses the button of an update, which begins, or is done before anyone can look."""

        def has_begun():
            item = self.item(name)
            return is_done() or item and "Installing" in item.labels()

        what = f"the button of {name}"
        screen.click_until(ACCESSIBLE_NAME, what, lambda: self.button(name), has_begun)

    def dialog(self, name):
        """A window, or what is in the main one like a window, and its texts."""
        found = [n for w in self.windows() for n in w.walk() if n.name == name and n.children]
        texts = found[0].labels() if found else []
        return (found[0], texts) if len(texts) > 2 else None

    def details(self, row):
        """Opens the details of an update, and returns their window and texts."""

        def line():
            item = self.item(title(row))
            return item and item.find("LABEL", title(row))[0]

        what = row["release-name"]
        return screen.click_until(ACCESSIBLE_NAME, what, line, lambda: self.dialog(DETAILS))

    def told(self):
        """Opens what is behind an error, and returns that window, and the error."""

        def button():
            alerts = [a for w in self.windows() for a in w.find("ALERT")]
            said = [a for a in alerts if SHOWN["told"] in a.labels()]
            return next((b for a in said for b in a.find("BUTTON") if ERROR_BUTTON in b.labels()), None)

        dialog, _texts = screen.click_until(
            ACCESSIBLE_NAME, SHOWN["told"], button, lambda: self.dialog(ERROR_DETAILS)
        )
        return dialog, [text.text() for text in dialog.find("TEXT")]

    def reopen(self):
        """Closes its window, which hides it, and asks for it again."""
        buttons = [b for w in self.windows() for b in w.find("BUTTON", "Close")]
        screen.click(ACCESSIBLE_NAME, next(button for button in buttons if button.is_shown()))
        accessible.wait_for("no window", lambda: not screen.windows(ACCESSIBLE_NAME))
        screen.run("as-person", PROGRAM, "--mode=updates")
        screen.fill(ACCESSIBLE_NAME)


class Check:
    def __init__(self, pictures, rows, updated):
        self.program = Program()
        self.picture = screen.Album(ACCESSIBLE_NAME, pictures, PROGRAM).picture
        self.rows = rows
        self.updated = updated

    def offered(self):
        """Those that are held back have no button, and one that is identical to another no row."""
        return [row for row in self.rows if "held" not in row and "twin" not in row]

    def sharers(self, row):
        """The devices that share the row of an update."""
        return [r["name"] for r in self.rows if row["name"] in (r["name"], r.get("twin"))]

    def keepers(self, row):
        """Those of them that keep exactly its image."""
        return [name for name in self.sharers(row) if results.has_image(name, row)]

    def line(self, row):
        """The texts of its row."""
        texts = [title(row), row["version"], "→", row["release"]]
        if SHOWN["is-unusable"](row):
            texts.append(UNUSABLE)
        return texts if "held" in row else [*texts, "Update"]

    def list(self):
        held = [row for row in self.rows if "held" in row]
        listed = self.offered() + (held if SHOWN["lists-held"] else [])
        wanted = [self.line(row) for row in listed]
        items = accessible.wait_for(
            f"{len(wanted)} updates", lambda: self.program.items_at_rest(len(wanted))
        )
        texts = [texts for texts, _item in items]
        results.equal("the updates that are offered", sorted(wanted), sorted(texts))
        told = self.program.texts()
        names = {title(row): row in listed for row in held}
        results.equal("those held back", names, {name: name in told for name in names})
        picture = self.picture("updates")
        drawn = [picture.drawn(item) for _texts, item in items]
        alike = [len(i) > 0 and screen.alike(i, drawn[0]) for i in drawn]
        results.equal("they share one icon, which is drawn", [True] * len(wanted), alike)

    def details(self, row):
        """The window about an update."""
        name = row["name"]
        window, texts = self.program.details(row)
        wanted = [DETAILS, title(row), SHOWN["summary"](row["summary"]), row["notes"]]
        what = f"{name}: name, summary and release notes, no more"
        results.equal(what, sorted(wanted), sorted(texts))
        self.picture(f"{name}-release")
        screen.close(ACCESSIBLE_NAME, window, "Close")

    def errors(self, row):
        """Presses the button, and returns what the log says."""
        known = len(logged())
        self.program.press(title(row), lambda: logged()[known:])
        return accessible.wait_for("an error in its log", lambda: logged()[known:])

    def told(self, row, error, before):
        """What the person reads of an error: nothing, or the words behind a click."""
        if not SHOWN["told"]:
            accessible.wait_for(
                "windows that say what they said before", lambda: self.program.texts() == before
            )
            results.passed(f"{row['name']}: no window says anything of it")
            self.picture("error")
            return
        window, errors = self.program.told()
        results.equal(f"{row['name']}: a window has the error", [error], errors)
        self.picture("error")
        screen.close(ACCESSIBLE_NAME, window, "Close")

    def failure(self, row):
        """The device has a fault."""
        name = row["name"]
        results.set_fault(row, row["fault"])
        # not while the list is read anew
        before = accessible.wait_for(
            title(row), lambda: self.program.item(title(row)) and self.program.texts()
        )
        errors = self.errors(row)
        results.equal(f"{name}: the error is in its log, in its words", [row["error"]], errors)
        self.told(row, row["error"], before)
        results.equal(f"{name}: nothing is committed", "-", results.committed(name))
        results.contains(f"{name}: fwupdmgr has the words", row["error"], results.history())
        results.set_fault(row, "")

    def update(self, row):
        """A click updates one device; the row is gone with the last that takes the update."""
        name, update = row["name"], title(row)
        before = self.keepers(row)
        self.program.press(update, lambda: self.keepers(row) != before)
        accessible.wait_for(
            f"an update by {update}'s button", lambda: len(self.keepers(row)) > len(before)
        )
        if len(before) + 1 < len(self.sharers(row)):
            self.again(row)
            return
        accessible.wait_for(
            f"a list without {update}",
            lambda: (items := self.program.items())
            and update not in [texts[0] for texts, _item in items],
        )
        results.passed(f"{name}: a click updates it, and it is not offered any more")

    def again(self, row):
        """The row of identical devices stays, but knows only the one that it has updated, in a new
        window, too."""
        name = row["name"]
        self.program.await_button(title(row))
        self.picture(f"{name}-again")
        updated = self.keepers(row)
        results.equal(f"{name}: a click updates one of {self.sharers(row)}", 1, len(updated))
        self.program.reopen()
        before = accessible.wait_for(
            title(row), lambda: self.program.item(title(row)) and self.program.texts()
        )
        wanted = f"Specified firmware is already installed '{row['release']}'"
        results.equal(f"{name}: a second click fails", [wanted], self.errors(row))
        self.told(row, wanted, before)
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
