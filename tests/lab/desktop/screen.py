# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""The screen and the mouse. There is no window manager: the main window is made as large as the
screen, and dialogs are moved to its middle before a picture is taken."""

import os
import struct
import subprocess
import zlib

import accessible

# of the border that GTK draws around a window when there is no compositor
BORDER_PX = 5
# how often, and how long after each, a click may be without effect
CLICKS = 3
CLICK_S = 30


def run(*command):
    return subprocess.run(command, check=True, capture_output=True).stdout


def windows(program):
    """Visible windows as (area, id, width, height, x, y), the largest first."""
    command = ["xdotool", "search", "--onlyvisible", "--class", program]
    listing = subprocess.run(command, capture_output=True, check=False).stdout.decode()
    found = []
    for window in listing.split():
        shell = run("xdotool", "getwindowgeometry", "--shell", window).decode()
        size = dict(line.split("=") for line in shell.split())
        width, height = int(size["WIDTH"]), int(size["HEIGHT"])
        found.append((width * height, window, width, height, int(size["X"]), int(size["Y"])))
    return sorted(found, reverse=True)


def size():
    width, height = run("xdotool", "getdisplaygeometry").decode().split()
    return int(width), int(height)


def fill(program):
    """Makes the program's window as large as the screen."""
    window = accessible.wait_for(f"a window of {program}", lambda: windows(program))[0][1]
    width, height = size()
    run("xdotool", "windowsize", "--sync", window, str(width), str(height))


def click(node):
    """With the mouse, in the middle of something in the main window."""
    x, y, width, height = node.place()
    press_at(x + width // 2 + BORDER_PX, y + height // 2 + BORDER_PX)


def click_until(what, find, effect):
    """Clicks on what find() returns until effect() is true, and returns that: a list that is read
    anew just then swallows a click."""
    for _try in range(CLICKS):
        click(accessible.wait_for(what, find))
        try:
            return accessible.wait_for(f"what a click on {what} does", effect, CLICK_S)
        except accessible.NotShown as error:
            last = error
    raise last


def click_in(program, frame, node):
    """The same in another window, which is known by its size. A button that destroys its window is
    pressed with the mouse: GTK 4.8 sometimes does not survive it by AT-SPI."""
    x, y, width, height = node.place()
    _x, _y, frame_width, frame_height = frame.place()
    for _area, _window, outer_width, outer_height, left, top in windows(program):
        border = (outer_width - frame_width) // 2
        if border in (0, BORDER_PX) and outer_height - frame_height == 2 * border:
            press_at(left + border + x + width // 2, top + border + y + height // 2)
            return
    raise accessible.NotShown(f"no window of {frame_width} x {frame_height} on the screen")


def close(program, frame, label):
    """Presses that button of a window beside the main one, and waits until the window is gone."""
    buttons = [b for b in frame.find("PUSH_BUTTON") if b.name == label or label in b.labels()]
    if not buttons:
        raise accessible.NotShown(f"no button {label} in {frame.labels()}")
    click_in(program, frame, buttons[-1])
    accessible.wait_for(
        f"the window closes by {label}",
        lambda: frame.path not in [window.path for window in frame.program.windows()],
    )


def press_at(x, y):
    run("xdotool", "mousemove", str(x), str(y), "click", "1")


class Album:
    """A folder for the pictures of a program, whose files begin with a prefix."""

    def __init__(self, program, folder, prefix):
        self.program = program
        self.folder = folder
        self.prefix = prefix

    def picture(self, name):
        picture = Picture(self.program)
        picture.save(os.path.join(self.folder, f"{self.prefix}-{name}.png"))
        return picture


class Picture:
    """What is on the screen, with the dialogs in the middle, as Xvfb has it in its file (XWD)."""

    def __init__(self, program):
        self.arrange(program)
        with open(os.environ["FRAMEBUFFER"], "rb") as stream:
            frame = stream.read()
        header = struct.unpack(">25I", frame[:100])
        self.width, self.height = header[4:6]
        start = header[0] + header[19] * 12
        points = frame[start : start + self.width * self.height * 4]
        self.rgb = bytearray(len(points) // 4 * 3)
        for color in range(3):
            self.rgb[color::3] = points[2 - color :: 4]

    def arrange(self, program):
        screen_width, screen_height = size()
        for _area, window, width, height, _x, _y in windows(program)[1:]:
            x, y = (screen_width - width) // 2, (screen_height - height) // 3
            run("xdotool", "windowmove", "--sync", window, str(max(x, 0)), str(max(y, 0)))

    def save(self, path):
        """As PNG: three chunks, and lines without a filter."""
        os.makedirs(os.path.dirname(path), exist_ok=True)
        line = self.width * 3
        lines = [self.rgb[i : i + line] for i in range(0, len(self.rgb), line)]
        with open(path, "wb") as stream:
            stream.write(b"\x89PNG\r\n\x1a\n")
            for kind, data in (
                (b"IHDR", struct.pack(">2I5B", self.width, self.height, 8, 2, 0, 0, 0)),
                (b"IDAT", zlib.compress(b"".join(b"\0" + line for line in lines), 1)),
                (b"IEND", b""),
            ):
                sum_ = zlib.crc32(kind + data)
                stream.write(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", sum_))

    def drawn(self, node):
        """The dark and light points of something in the main window."""
        x, y, width, height = node.place()
        starts = [(y + row + BORDER_PX) * self.width + x + BORDER_PX for row in range(height)]
        lines = [self.rgb[start * 3 : (start + width) * 3] for start in starts]
        return bytes(value > 127 for value in b"".join(lines))
