# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""The screen and the mouse. There is no window manager: the main window is made as large as the
screen, and dialogs are moved to its middle before a picture is taken."""

import os
import subprocess

import accessible

# of the border that GTK draws around a window when there is no compositor
BORDER_PX = 5


def run(*command):
    return subprocess.run(command, check=True, capture_output=True).stdout


def windows(program):
    """Visible windows as (area, id, width, height, x, y), the largest first."""
    found = []
    listing = subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--class", program], capture_output=True
    )
    for window in listing.stdout.decode().split():
        shell = run("xdotool", "getwindowgeometry", "--shell", window).decode()
        size = dict(line.split("=") for line in shell.split())
        width, height = int(size["WIDTH"]), int(size["HEIGHT"])
        found.append((width * height, window, width, height, int(size["X"]), int(size["Y"])))
    return sorted(found, reverse=True)


def screen_size():
    width, height = run("xdotool", "getdisplaygeometry").decode().split()
    return int(width), int(height)


def fill(program):
    """Makes the program's window as large as the screen."""
    window = accessible.wait_for(f"a window of {program}", lambda: windows(program))[0][1]
    width, height = screen_size()
    run("xdotool", "windowsize", "--sync", window, str(width), str(height))


def click(node):
    """With the mouse, in the middle of something in the main window."""
    x, y, width, height = accessible.place(node)
    press_at(x + width // 2 + BORDER_PX, y + height // 2 + BORDER_PX)


def click_in(program, frame, node):
    """The same in another window, which is known by its size. A button that destroys its window is
    pressed with the mouse: GTK 4.8 sometimes does not survive it by AT-SPI."""
    x, y, width, height = accessible.place(node)
    _x, _y, frame_width, frame_height = accessible.place(frame)
    for _area, _window, outer_width, outer_height, left, top in windows(program):
        border = (outer_width - frame_width) // 2
        if border in (0, BORDER_PX) and outer_height - frame_height == 2 * border:
            press_at(left + border + x + width // 2, top + border + y + height // 2)
            return
    raise accessible.NotShown(f"no window of {frame_width} x {frame_height} on the screen")


def press_at(x, y):
    run("xdotool", "mousemove", str(x), str(y), "click", "1")


def picture(program, path):
    """A picture of the screen, with the dialogs in the middle."""
    screen_width, screen_height = screen_size()
    for _area, window, width, height, _x, _y in windows(program)[1:]:
        x, y = (screen_width - width) // 2, (screen_height - height) // 3
        run("xdotool", "windowmove", "--sync", window, str(max(x, 0)), str(max(y, 0)))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    run("import", "-window", "root", path)


def drawn(node, path):
    """The dark and light points of something in the main window, from a picture of the screen."""
    x, y, width, height = accessible.place(node)
    area = f"{width}x{height}+{x + BORDER_PX}+{y + BORDER_PX}"
    return run("convert", path, "-crop", area, "+repage", "-threshold", "50%", "pbm:-")
