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
# of the padding around an image that GTK 4.18 leaves out in its place; less than to the next one
PADDING_PX = 20
# of 255, by which a point of the same drawing may differ
FADE = 40
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


def origin(program, frame):
    """Where on the screen the places in a window are counted from, if it is there. It is known by
    its size, to which GTK 4.8 does not count the border; GTK 4.18 does, and begins at minus the
    border, by which all that is inside is shifted once more."""
    x, _y, width, height = frame.place()
    for _area, _window, outer_width, outer_height, left, top in windows(program):
        border = (outer_width - width) // 2
        if border in (0, BORDER_PX) and outer_height - height == 2 * border:
            return left + border - 2 * x, top + border - 2 * x
    return None


def area(program, node):
    """x, y, width and height of something on the screen. GTK 4.18 leaves out the padding of all
    that is around it: it is a little further to the right and down."""
    frame = node.frame()
    begin = origin(program, frame)
    if not begin:
        raise accessible.NotShown(f"no window like {frame.place()} on the screen")
    x, y, width, height = node.place()
    return begin[0] + x, begin[1] + y, width, height


def icon(program, item):
    """Where the first image in something is. GTK 4.24 does not tell of one that has no words: then
    it is the square in front of the first text."""
    images = item.find("IMAGE")
    if images:
        return area(program, images[0])
    x, y, _width, height = area(program, item.find("LABEL")[0].parent)
    return x, y, height, height


def click(program, node):
    """With the mouse, in the middle of something. A button that destroys its window is pressed so,
    too: GTK 4.8 sometimes does not survive it by AT-SPI."""
    press(area(program, node))


def press(place):
    x, y, width, height = place
    run("xdotool", "mousemove", str(x + width // 2), str(y + height // 2), "click", "1")


def click_until(program, what, find, effect):
    """Clicks on what find() returns until effect() is true, and returns that: a list that is read
    anew just then swallows a click, or what was found is gone before its place is known."""

    def place():
        node = find()
        return node and area(program, node)

    for _try in range(CLICKS):
        press(accessible.wait_for(what, place))
        try:
            return accessible.wait_for(f"what a click on {what} does", effect, CLICK_S)
        except accessible.NotShown as error:
            last = error
    raise last


def close(program, frame, label):
    """Presses that button of a window beside the main one, or of what is in the main one like a
    window, and waits until that is gone."""
    buttons = [b for b in frame.find("BUTTON") if b.name == label or label in b.labels()]
    if not buttons:
        raise accessible.NotShown(f"no button {label} in {frame.labels()}")
    click(program, buttons[-1])
    accessible.wait_for(
        f"the window closes by {label}",
        lambda: frame.path not in [n.path for w in frame.program.windows() for n in w.walk()],
    )


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
        self.program = program
        self.arrange()
        with open(os.environ["FRAMEBUFFER"], "rb") as stream:
            frame = stream.read()
        header = struct.unpack(">25I", frame[:100])
        self.width, self.height = header[4:6]
        start = header[0] + header[19] * 12
        points = frame[start : start + self.width * self.height * 4]
        self.rgb = bytearray(len(points) // 4 * 3)
        for color in range(3):
            self.rgb[color::3] = points[2 - color :: 4]

    def arrange(self):
        screen_width, screen_height = size()
        for _area, window, width, height, _x, _y in windows(self.program)[1:]:
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

    def line(self, x, y, width):
        """The darkest color of each of the points."""
        start = (y * self.width + x) * 3
        points = self.rgb[start : start + width * 3]
        return bytes(min(points[i : i + 3]) for i in range(0, len(points), 3))

    def drawn(self, item):
        """How much is drawn, up to 255, at each point of the image in something, from where the
        drawing begins: where it is, is known but for a padding, and what is behind it may be dark
        or light."""
        x, y, width, height = icon(self.program, item)
        lines = [self.line(x, y + i, width + PADDING_PX) for i in range(height + PADDING_PX)]
        light, dark = max(map(max, lines)), min(map(min, lines))
        if light == dark:
            return b""
        lines = [bytes((light - v) * 255 // (light - dark) for v in line) for line in lines]
        left = min(first_ink(line) for line in lines)
        lines = [line[left : left + width] for line in lines]
        top = next(i for i, line in enumerate(lines) if first_ink(line) < width)
        return b"".join(lines[top : top + height])


def first_ink(line):
    """Where the drawing begins in a line, which is its end if there is none."""
    return next((i for i, value in enumerate(line) if value > 127), len(line))


def alike(one, other):
    """Two drawings, but for how their edges fade into what is behind them."""
    return len(one) == len(other) and all(abs(a - b) < FADE for a, b in zip(one, other))
