#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""Uses GNOME Firmware (43) as a person does, with the devices of a table, and says what it showed.

usage: gnome-firmware.py ROWS PICTURES

ROWS has a JSON object for each device: see devices_as_json in ../desktop-lib.sh. PICTURES is a
folder.
"""

import os
import sys

import accessible
import results
import screen

PROGRAM = "gnome-firmware"
MAIN = "AdwApplicationWindow"


def value_of(line):
    """Of a line with a title and a value."""
    texts = accessible.labels(line)
    return texts[1] if len(texts) == 2 else None


def lines_of(lists):
    """Each line with a title and a value; those that fold out have no name."""
    lines = [child for each in lists for child in accessible.children(each)]
    return {line.get_name(): value_of(line) for line in lines if line.get_name()}


class Program:
    """Its main window: devices on the left, the page of one on the right."""

    def __init__(self):
        screen.fill(PROGRAM)
        self.root = accessible.program(PROGRAM)
        main = accessible.find(self.root, "frame", MAIN)[0]
        self.page = accessible.find(main, "list", "Device Properties")[0]
        # the list of releases is there once a device has one
        self.releases = None
        self.pane = accessible.above(self.page, "scroll pane")
        self.devices = accessible.find(main, "list")[-1]

    def windows(self):
        return accessible.children(self.root)

    def titles(self):
        return [(accessible.labels(row) or [""])[0] for row in accessible.children(self.devices)]

    def device_rows(self, title):
        rows = accessible.children(self.devices)
        return [row for row, found in zip(rows, self.titles()) if found == title]

    def properties(self):
        return lines_of([self.page])

    def value(self, title):
        """One of the properties; to read all of them takes seconds."""
        for line in accessible.children(self.page):
            if line.get_name() == title:
                return value_of(line)
        return None

    def select(self, row):
        """Shows the page of a device; of several with one title, the one with its serial number."""
        rows = accessible.wait_for(f"{row['title']!r} in the list", lambda: self.device_rows(row["title"]), 60)
        for candidate in rows:
            screen.click(candidate)
            try:
                accessible.wait_for(f"the page of {row['title']!r}, serial number {row['serial']!r}",
                                    lambda: self.value("Serial Number") == row["serial"], 30)
                return
            except accessible.NotShown as error:
                last = error
        raise accessible.NotShown(f"{last}; shown is {self.properties()}")

    def release(self, version):
        """The line of a release, and its button."""
        if self.releases is None:
            self.releases = accessible.find(self.pane, "list")[-1]
        for line in accessible.children(self.releases):
            buttons = accessible.find(line, "push button")
            if len(buttons) == 1 and version in accessible.labels(line):
                return line, buttons[0]
        return None

    def other_window(self, what):
        def look():
            others = [w for w in self.windows() if w.get_name() != MAIN]
            return others[-1] if others and accessible.labels(others[-1]) else None

        return accessible.wait_for(what, look)

    def gone(self, window):
        accessible.wait_for("the window closes", lambda: window not in self.windows(), 60)

    def close(self, window, button):
        found = [b for b in accessible.find(window, "push button")
                 if b.get_name() == button or button in accessible.labels(b)]
        if not found:
            raise accessible.NotShown(f"no button {button!r} among {accessible.labels(window)}")
        screen.click_in(PROGRAM, window, found[-1])
        self.gone(window)

    def upgrade(self, version):
        """Presses the button of a release, agrees, and returns the texts of what comes of it."""
        button = accessible.wait_for(f"release {version}", lambda: self.release(version), 60)[1]
        screen.click(button)
        question = self.other_window("a question")
        self.close(question, "Upgrade")
        end = self.other_window("the end of the update")
        return end, accessible.labels(end)


class Check:
    def __init__(self, program, pictures):
        self.program = program
        self.pictures = pictures

    def picture(self, name):
        path = os.path.join(self.pictures, f"{PROGRAM}-{name}.png")
        screen.picture(PROGRAM, path)
        return path

    def icons(self, rows):
        """Devices with one icon look alike, those with different icons do not."""
        accessible.wait_for("the devices", lambda: len(self.program.titles()) >= len(rows), 60)
        path = self.picture("list")
        icons = {row["title"]: row["icon"] for row in rows}
        drawn = {}
        for title, line in zip(self.program.titles(), accessible.children(self.program.devices)):
            image = accessible.find(line, "image")[0]
            drawn.setdefault(screen.drawn(image, path), set()).add(icons.get(title, title))
        results.equal("as many pictures as icons, each its own", sorted({r["icon"] for r in rows}),
                      sorted("/".join(sorted(icons)) for icons in drawn.values()))

    def page(self, row):
        """What the page says; it does not depend on the update."""
        name = row["name"]
        self.program.select(row)
        shown = self.program.properties()
        results.equal(f"{name}: version", row["version"], shown.get("Current Version"))
        results.equal(f"{name}: vendor", row["vendor"], shown.get("Vendor"))
        results.equal(f"{name}: serial number", row["serial"], shown.get("Serial Number"))
        results.equal(f"{name}: install duration", row["duration"], shown.get("Install Duration"))
        results.equal(f"{name}: why not", row.get("held"), shown.get("Update Error"))
        self.picture(name)

    def release(self, row):
        """The details of the release, in a window of their own."""
        name = row["name"]
        line, button = accessible.wait_for(
            f"release {row['release']}", lambda: self.program.release(row["release"]), 60)
        results.equal(f"{name}: release", [row["release-name"], row["release"], "Upgrade"],
                      accessible.labels(line))
        results.equal(f"{name}: it can be pressed", "held" not in row, accessible.is_sensitive(button))
        if "notes" not in row:
            return
        screen.click(accessible.find(line, "label")[0])
        window = self.program.other_window("the release's details")
        details = lines_of(accessible.find(window, "list"))
        results.contains(f"{name}: release notes", row["notes"], accessible.labels(window))
        results.equal(f"{name}: release's duration", row["release-duration"],
                      details.get("Install Duration"))
        self.picture(f"{name}-release")
        self.program.close(window, "Close")

    def failure(self, row):
        """The device has a fault, and the person reads what the plugin says of it."""
        results.set_fault(row, row["fault"])
        window, texts = self.program.upgrade(row["release"])
        results.equal(f"{row['name']}: the error, in its words",
                      ["Failed to install firmware", row["error"], "Close"], texts)
        results.equal(f"{row['name']}: nothing is committed", "-",
                      results.device(row)["committed-sha256"])
        self.picture(f"{row['name']}-error")
        self.program.close(window, "Close")
        results.set_fault(row, "")

    def update(self, row):
        name = row["name"]
        window, texts = self.program.upgrade(row["release"])
        results.equal(f"{name}: updated", "Installation successful", texts[0])
        self.program.close(window, "OK")
        results.equal(f"{name}: the device keeps exactly the image", True, results.has_image(row))
        accessible.wait_for(f"version {row['release']} on the page", lambda: self.program.value("Current Version")
                            == row["release"], 60)
        results.passed(f"{name}: the page has the new version")

    def row(self, row):
        self.page(row)
        if "release" not in row:
            return
        self.release(row)
        if "fault" in row:
            self.failure(row)
        if "held" not in row:
            self.update(row)


def main(rows_path, pictures):
    rows = results.read_rows(rows_path)
    check = Check(Program(), pictures)
    results.each([{"name": "icons"}], lambda _: check.icons(rows))
    results.each(rows, check.row)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
