#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""Uses GNOME Software (43) as a person does, with the devices of a table, and says what it showed.

usage: gnome-software.py ROWS PICTURES LOG

ROWS has a JSON object for each device: see devices_as_json in ../desktop-lib.sh. PICTURES is a
folder, LOG what GNOME Software itself says.
"""

import os
import sys

import accessible
import results
import screen

PROGRAM = "gnome-software"
# what it is called by assistive technology, and its windows by the screen
ACCESSIBLE_NAME = "org.gnome.Software"
# what it says of most devices
UNUSABLE = "Device cannot be used during update."
# in front of an error that it shows to nobody
DROPPED = "not handling error failed for action update: "


class Program:
    """Its page of updates."""

    def __init__(self):
        screen.fill(ACCESSIBLE_NAME)
        self.root = accessible.program(ACCESSIBLE_NAME)
        self.updates = accessible.wait_for("updates of firmware", self.page)

    def page(self):
        panels = accessible.find(self.root, "panel", "Device Firmware")
        return accessible.above(panels[0], "scroll pane") if panels else None

    def rows(self):
        """The devices that have an update, as (labels, item)."""
        items = accessible.find(self.updates, "list item")
        return [(accessible.labels(item), item) for item in items if accessible.is_shown(item)]

    def row(self, name):
        """The first with that name; to read all of them takes seconds."""
        for item in accessible.find(self.updates, "list item"):
            if accessible.is_shown(item) and name in accessible.labels(item)[:1]:
                return item
        return None

    def button(self, item):
        return accessible.find(item, "push button")[0]

    def details(self, item):
        """Opens the details, and returns their texts."""
        screen.click(accessible.find(item, "label")[0])

        def look():
            windows = accessible.children(self.root)
            found = [w for w in windows if w.get_name() == "Update Details"]
            return found[-1] if found and len(accessible.labels(found[-1])) > 2 else None

        return accessible.wait_for("the update's details", look, 60)

    def close(self, window):
        button = accessible.find(window, "push button", "Close")[-1]
        screen.click_in(ACCESSIBLE_NAME, window, button)
        accessible.wait_for("the details close",
                            lambda: window not in accessible.children(self.root), 60)


class Check:
    def __init__(self, program, rows, pictures, log):
        self.program = program
        self.rows = [row for row in rows if "release" in row]
        self.pictures = pictures
        self.log = log

    def picture(self, name):
        screen.picture(ACCESSIBLE_NAME, os.path.join(self.pictures, f"{PROGRAM}-{name}.png"))

    def found(self, row):
        return accessible.wait_for(f"{row['release-name']!r} among the updates",
                                   lambda: self.program.row(row["release-name"]), 60)

    def offered(self):
        """Those that are held back are not offered, and identical ones have one row."""
        wanted = sorted({row["release-name"] for row in self.rows if "held" not in row})

        def look():
            names = sorted(texts[0] for texts, _item in self.program.rows() if texts)
            return names if len(names) >= len(wanted) else None

        results.equal("the updates that are offered", wanted,
                      accessible.wait_for(f"{len(wanted)} updates", look))
        self.picture("updates")

    def details(self, row):
        name = row["name"]
        item = self.found(row)
        results.equal(f"{name}: name and versions",
                      [row["release-name"], row["version"], "→", row["release"], "Update"],
                      [text for text in accessible.labels(item) if text != UNUSABLE])
        if "notes" not in row:
            return
        window = self.program.details(item)
        texts = accessible.labels(window)
        results.contains(f"{name}: summary", row["summary"], texts)
        results.contains(f"{name}: release notes", row["notes"], texts)
        self.picture(f"{name}-release")
        self.program.close(window)

    def failure(self, row):
        """GNOME Software 43 shows no error of an update: the button is there again, that is all."""
        results.set_fault(row, row["fault"])
        screen.click(self.program.button(self.found(row)))
        accessible.wait_for(f"{row['error']!r} in GNOME Software's log", lambda: row["error"]
                            in self.dropped(), 120)
        results.passed(f"{row['name']}: the error is in its log, in the plugin's words")
        results.equal(f"{row['name']}: nothing is committed", "-",
                      results.device(row)["committed-sha256"])
        results.set_fault(row, "")
        accessible.wait_for("the update is offered again", lambda: accessible.is_sensitive(
            self.program.button(self.program.row(row["release-name"]))), 60)

    def dropped(self):
        with open(self.log, encoding="utf-8", errors="replace") as stream:
            return [line.split(DROPPED, 1)[1].strip() for line in stream if DROPPED in line]

    def update(self, row):
        """Of identical disks any may be the one that is updated."""
        twins = [r for r in self.rows if r["release-name"] == row["release-name"]]
        screen.click(self.program.button(self.found(row)))
        accessible.wait_for(f"the device {row['name']} keeps exactly the image",
                            lambda: any(results.has_image(r) for r in twins), 120)
        results.passed(f"{row['name']}: the device keeps exactly the image")
        if len(twins) > 1:
            return
        accessible.wait_for("the update is not offered any more",
                            lambda: self.program.row(row["release-name"]) is None, 60)
        results.passed(f"{row['name']}: the update is not offered any more")

    def row(self, row):
        # identical disks have one row, which goes by the first of them
        if "held" in row or row["name"] == "twin":
            return
        self.details(row)
        if "fault" in row:
            self.failure(row)
        self.update(row)


def main(rows_path, pictures, log):
    rows = results.read_rows(rows_path)
    check = Check(Program(), rows, pictures, log)
    results.each([{"name": "updates"}], lambda _: check.offered())
    results.each(check.rows, check.row)
    check.picture("end")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
