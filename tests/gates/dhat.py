#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""What it costs to send a segment: dhat.py PROFILE BYTES, of valgrind's DHAT and a download of so many bytes.

In the mode "copy" the profile has what is copied, in the mode "heap" what is allocated. The simulated target is in the same
program and does both with what it gets, which shows that the profile sees the segments.
"""

import json
import re
import sys

DOWNLOAD = "fu_scsi_wb_download_run"
SEGMENT = "fu_scsi_wb_download_step"
# the files of the target, and of what stands between it and the plugin
TARGET = re.compile(r"\((wbt-|flow-)[a-z-]+\.c:\d+\)$")


def frames_of(profile, point, function):
    """Outwards from what was done, as far as the function."""
    frames = [profile["ftbl"][index].split(": ", 1)[-1] for index in point["fs"]]
    ends = [number for number, frame in enumerate(frames) if frame.startswith(function)]
    return frames[: ends[0]] if ends else None


def count(profile, function, field):
    """By the target, and by what is on the way to it."""
    by_target, by_plugin = 0, 0
    for point in profile["pps"]:
        frames = frames_of(profile, point, function)
        if frames is None:
            continue
        if any(TARGET.search(frame) for frame in frames):
            by_target += point[field]
            continue
        by_plugin += point[field]
        print(f"{point['tb']} bytes in {point['tbk']} blocks: {', '.join(frames[1:6])}")
    return by_target, by_plugin


def check_copies(profile, image_bytes):
    by_target, by_plugin = count(profile, DOWNLOAD, "tb")
    print(f"{image_bytes} bytes sent, {by_target} copied by the simulated target, {by_plugin} on the way to it")
    if by_target < image_bytes or by_plugin > 0:
        sys.exit("error: the image is copied, or the profile does not see it")


def check_allocations(profile, _image_bytes):
    by_target, by_plugin = count(profile, SEGMENT, "tbk")
    print(f"{by_target} allocations by the simulated target, {by_plugin} on the way to it")
    if by_target == 0 or by_plugin > 0:
        sys.exit("error: something is allocated for a segment, or the profile does not see it")


def main(path, image_bytes):
    with open(path, encoding="utf-8") as file:
        profile = json.load(file)
    checks = {"copy": check_copies, "heap": check_allocations}
    checks[profile["mode"]](profile, image_bytes)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
