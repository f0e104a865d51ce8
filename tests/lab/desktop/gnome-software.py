#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""Uses GNOME Software (43) as a person does, with the devices of a table, and says what it showed.

usage: gnome-software.py PICTURES ROWS LOG NAME...

PICTURES is a folder. ROWS has a JSON object for each device: see devices_as_json in
../desktop-lib.sh. LOG is what GNOME Software itself says. The devices NAME are
looked at closely, and updated.
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
        self.program = accessible.Program(ACCESSIBLE_NAME)

    def windows(self):
        return self.program.windows()

    def items(self):
        """The updates of firmware, as (texts, item)."""
        panels = [p for w in self.windows() for p in w.find("PANEL", "Device Firmware")]
        if not panels:
            return []
        items = [(item.labels(), item) for item in panels[0].above("SCROLL_PANE").find("LIST_ITEM")]
        return [(texts, item) for texts, item in items if texts]

    def item(self, name):
        """The first with that name; to read the texts of all of them takes long."""
        for label in [label for w in self.windows() for label in w.find("LABEL", name)]:
            item = label.above("LIST_ITEM")
            if item and label.is_shown():
                return item
        return None

    def button(self, name):
        item = self.item(name)
        return item.find("PUSH_BUTTON")[0] if item else None

    def details(self, item):
        """Opens the details of an update, and returns their window and texts."""
        screen.click(item.find("LABEL")[0])

        def look():
            found = [w for w in self.windows() if w.name == "Update Details"]
            texts = found[-1].labels() if found else []
            return (found[-1], texts) if len(texts) > 2 else None

        return accessible.wait_for("the update's details", look)

    def close(self, window):
        screen.click_in(ACCESSIBLE_NAME, window, window.find("PUSH_BUTTON", "Close")[-1])
        accessible.wait_for(
            "the details close",
            lambda: window.path not in [w.path for w in self.windows()],
        )


class Check:
    def __init__(self, pictures, rows, log):
        self.program = Program()
        self.pictures = pictures
        self.rows = [row for row in rows if "release" in row]
        self.log = log

    def picture(self, name):
        picture = screen.Picture(ACCESSIBLE_NAME)
        picture.save(os.path.join(self.pictures, f"{PROGRAM}-{name}.png"))
        return picture

    def offered(self):
        """Those that are held back are not offered, and identical ones have one row."""
        wanted = sorted(
            [row["release-name"], row["version"], "→", row["release"], "Update"]
            for row in self.rows
            if "held" not in row
        )
        items = accessible.wait_for(
            f"{len(wanted)} updates",
            lambda: found if len(found := self.program.items()) >= len(wanted) else None,
        )
        texts = sorted([text for text in texts if text != UNUSABLE] for texts, _item in items)
        results.equal("the updates that are offered, with their versions", wanted, texts)
        picture = self.picture("updates")
        drawn = {picture.drawn(item.find("IMAGE")[0]) for _texts, item in items}
        results.equal("they share one icon, which is drawn", [2], [len(set(i)) for i in drawn])

    def details(self, row):
        name = row["name"]
        item = accessible.wait_for(
            row["release-name"], lambda: self.program.item(row["release-name"])
        )
        window, texts = self.program.details(item)
        results.contains(f"{name}: summary", row["summary"], texts)
        results.contains(f"{name}: release notes", row["notes"], texts)
        self.picture(f"{name}-release")
        self.program.close(window)

    def failure(self, row):
        """GNOME Software 43 shows no error of an update: the button is there again, that is all."""
        name = row["name"]
        results.set_fault(row, row["fault"])
        screen.click(self.program.button(row["release-name"]))
        dropped = accessible.wait_for("an error in GNOME Software's log", self.dropped)
        results.equal(f"{name}: its log has the error, in its words", [row["error"]], dropped)
        results.equal(f"{name}: nothing is committed", "-", results.committed(name))
        accessible.wait_for(
            "the update is offered again",
            lambda: self.program.button(row["release-name"]).is_sensitive(),
        )
        texts = [text for window in self.program.windows() for text in window.labels()]
        results.equal(f"{name}: no word of it", [], [t for t in texts if "segment" in t])
        self.picture("error")
        results.set_fault(row, "")

    def dropped(self):
        with open(self.log, encoding="utf-8", errors="replace") as stream:
            return [line.split(DROPPED, 1)[1].strip() for line in stream if DROPPED in line]

    def update(self, row):
        """Of identical disks any may be the one that is updated."""
        names = [row["name"], row["twin"]] if "twin" in row else [row["name"]]
        screen.click(self.program.button(row["release-name"]))
        accessible.wait_for(
            f"{row['name']} keeps exactly the image",
            lambda: any(results.has_image(name, row) for name in names),
        )
        results.passed(f"{row['name']}: keeps exactly the image")
        if len(names) > 1:
            return
        accessible.wait_for(
            "the update is not offered any more",
            lambda: self.program.item(row["release-name"]) is None,
        )
        results.passed(f"{row['name']}: the update is not offered any more")

    def row(self, row):
        self.details(row)
        if "fault" in row:
            self.failure(row)
        self.update(row)


def main(pictures, rows_path, log, *names):
    rows = results.read_rows(rows_path)
    check = Check(pictures, rows, log)
    if len(rows) > 1:
        results.each([{"name": "updates"}], lambda _: check.offered(), check.picture)
    chosen = [row for row in rows if row["name"] in names]
    results.each(chosen, check.row, check.picture)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
