#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""Uses GNOME Firmware (43, 47 or 49) as a person does, with the devices of a table, and says what it showed.

usage: gnome-firmware.py PICTURES ROWS NAME...

PICTURES is a folder. ROWS has a JSON object for each device: see devices_as_json in
../desktop-lib.sh. The devices NAME are updated.
"""

import os
import sys

import accessible
import results
import screen

PROGRAM = "gnome-firmware"
# what is another since which version: the button of a release, what becomes of the name there, whether
# there is one for a device that is held back, what is said of a disk in use, and of an update's end:
# title, what becomes of the first error since the program has begun, and the button under it
WORDS = {
    43: {
        "button": "Upgrade",
        "name": str,
        "lists-held": True,
        "occupied": {},
        "failed": "Failed to install firmware",
        "first-error": str,
        "failed-button": "Close",
        "done": "Installation successful",
        "done-button": "OK",
    },
}
WORDS[47] = WORDS[43] | {
    "button": "Upgrade…",
    "name": results.without_markup,
    "occupied": {"problem": "Device is in use", "reason": None},
}
WORDS[49] = WORDS[47] | {
    "lists-held": False,
    "failed": "Installation Failed",
    # libfwupd 2.1 does not know it for one of fwupd's, and cuts it
    "first-error": lambda error: error.rpartition(": ")[2],
    "failed-button": "Understood",
    "done": "Installation Successful",
    "done-button": "Close",
}


def value_of(line):
    """Of a line with a title and a value."""
    texts = line.labels()
    return texts[1] if len(texts) == 2 else None


def values_of(lists):
    """Of each line with a title and a value; those that fold out have no name."""
    lines = [line for each in lists for line in each.children]
    return {line.name: value_of(line) for line in lines if line.name}


def property_lists(main):
    """Of the page, one if there is a page: the list has the name, or what is around it."""
    named = [node.find("LIST") for node in main.walk() if node.name == "Device Properties"]
    return [lists[0] for lists in named if lists]


class Program:
    """Its main window: devices on the left, the page of one on the right."""

    def __init__(self):
        screen.fill(PROGRAM)
        # 47 shows one window again for the notes of each release
        self.program = accessible.Program(PROGRAM, lambda w: screen.origin(PROGRAM, w))
        self.last = None

    def windows(self):
        return self.program.windows()

    def main(self):
        return self.windows()[0]

    def devices(self):
        """The lines of the devices, as (title, line): the list that is not on the page; none before
        there is a page."""
        main = self.main()
        pages = [each.above("SCROLL_PANE") for each in property_lists(main)]
        lists = [each for each in main.find("LIST") if each.above("SCROLL_PANE") not in pages]
        lines = lists[0].children if pages and lists else []
        return [((line.labels() or [""])[0], line) for line in lines]

    def page(self):
        """What is around the list of properties: that, releases, and what can be done."""
        return property_lists(self.main())[0].above("SCROLL_PANE")

    def properties(self):
        return values_of(property_lists(self.main()))

    def shows(self, row):
        """What the page says twice, if it is that of the device: its lines do not change at once."""
        before, self.last = self.last, self.properties()
        found = [self.last.get(title) for title in ("Vendor", "Serial Number")]
        is_page = found == [row["vendor"], row.get("serial")]
        return self.last if is_page and self.last == before else None

    def select(self, row):
        """Shows the page of a device; of several with one title, the one with its serial number."""
        lines = accessible.wait_for(
            row["title"], lambda: [line for found, line in self.devices() if found == row["title"]]
        )
        for line in lines:
            screen.click(PROGRAM, line)
            try:
                page = f"the page of {row['title']} with serial number {row.get('serial')}"
                return accessible.wait_for(page, lambda: self.shows(row), 30)
            except accessible.NotShown as error:
                last = error
        raise last

    def release(self, version):
        """The line of a release, and its button."""
        releases = self.page().find("LIST")[-1]
        for line in releases.children:
            buttons = line.find("BUTTON")
            if len(buttons) == 1 and version in line.labels():
                return line, buttons[0]
        return None

    def dialog(self, what):
        """A window beside the main one, or what is in that like a window, when it has texts."""

        def look():
            main, *others = self.windows()
            others += main.find("DIALOG") + main.find("ALERT")
            return others[-1] if others and others[-1].labels() else None

        return accessible.wait_for(what, look)

    def upgrade(self, version):
        """Presses the button of a release, agrees, and returns the window that says what came."""
        button = accessible.wait_for(f"release {version}", lambda: self.release(version))[1]
        screen.click(PROGRAM, button)
        screen.close(PROGRAM, self.dialog("a question"), "Upgrade")
        return self.dialog("the end of the update")


class Check:
    def __init__(self, pictures, updated):
        self.program = Program()
        self.picture = screen.Album(PROGRAM, pictures, PROGRAM).picture
        self.updated = updated
        self.words = results.of_version(PROGRAM, WORDS)

    def icons(self, rows):
        """Devices with one icon look alike, those with different icons do not. There may be others:
        fwupd 2.0 tells of the processor."""
        lines = accessible.wait_for(
            f"{len(rows)} devices",
            lambda: found if len(found := self.program.devices()) >= len(rows) else None,
        )
        picture = self.picture("list")
        icons = {row["title"]: row["icon"] for row in rows}
        drawn = []
        for title, line in lines:
            if title not in icons:
                continue
            points = picture.drawn(line)
            of_it = next((of for other, of in drawn if screen.alike(other, points)), None)
            if of_it is None:
                of_it = set()
                drawn.append((points, of_it))
            of_it.add(icons[title])
        results.equal(
            "as many pictures as icons, each its own",
            sorted([icon] for icon in set(icons.values())),
            sorted(sorted(of_it) for _points, of_it in drawn),
        )

    def page(self, row):
        """What the page says; it does not depend on the update."""
        name = row["name"]
        wanted = row | (self.words["occupied"] if "occupied" in row else {})
        shown = self.program.select(row)
        for text, key in (
            ("Current Version", "version"),
            ("Vendor", "vendor"),
            ("Serial Number", "serial"),
            ("Install Duration", "duration"),
            ("Problems", "problem"),
            ("Update Error", "reason"),
        ):
            results.equal(f"{name}: {text}", wanted.get(key), shown.get(text))
        self.picture(name)

    def release(self, row):
        """The line of the release, and its details, which have a window of their own."""
        name = row["name"]
        if "held" in row and not self.words["lists-held"]:
            is_missing = accessible.never(lambda: row["release"] in self.program.page().labels())
            results.equal(f"{name}: no release", True, is_missing)
            return
        line, button = accessible.wait_for(
            f"release {row['release']}", lambda: self.program.release(row["release"])
        )
        wanted = [self.words["name"](row["release-name"]), row["release"], self.words["button"]]
        results.equal(f"{name}: release", wanted, line.labels())
        results.equal(f"{name}: can be pressed", "held" not in row, button.is_sensitive())
        screen.click(PROGRAM, line.find("LABEL")[0])
        window = self.program.dialog("the release's details")
        results.contains(f"{name}: release notes", row["notes"], window.labels())
        details = values_of(window.find("LIST"))
        wanted = row["release-duration"]
        results.equal(f"{name}: its duration", wanted, details.get("Install Duration"))
        screen.close(PROGRAM, window, "Close")

    def failure(self, row, which, error):
        """The device has a fault, and the person reads this of it."""
        name = row["name"]
        results.set_fault(row, row["fault"])
        window = self.program.upgrade(row["release"])
        button = self.words["failed-button"]
        wanted = [self.words["failed"], error, button]
        results.equal(f"{name}: the {which} error, in its words", wanted, window.labels())
        results.equal(f"{name}: nothing is committed", "-", results.committed(name))
        self.picture(f"{which}-error")
        screen.close(PROGRAM, window, button)
        results.set_fault(row, "")

    def failures(self, row):
        """The first one, what the page has of it, and one more."""
        self.failure(row, "first", self.words["first-error"](row["error"]))
        accessible.wait_for(
            "the error on the page",
            lambda: self.program.properties().get("Update Error") == row["error"],
        )
        results.passed(f"{row['name']}: its page has the whole error")
        self.failure(row, "second", row["error"])

    def update(self, row):
        name = row["name"]
        window = self.program.upgrade(row["release"])
        results.contains(f"{name}: updated", self.words["done"], window.labels())
        screen.close(PROGRAM, window, self.words["done-button"])
        results.equal(f"{name}: keeps exactly the image", True, results.has_image(name, row))
        accessible.wait_for(
            f"version {row['release']} on the page",
            lambda: self.program.properties()["Current Version"] == row["release"],
        )
        results.passed(f"{name}: the page has the new version")

    def row(self, row):
        self.page(row)
        self.release(row)
        if "fault" in row:
            self.failures(row)
        if row["name"] in self.updated:
            self.update(row)


def main(pictures, rows_path, *updated):
    rows = results.read_rows(rows_path)
    check = Check(pictures, updated)
    if len(rows) > 1:
        results.each([{"name": "icons"}], lambda _: check.icons(rows), check.picture)
    results.each(rows, check.row, check.picture)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
