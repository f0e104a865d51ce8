#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""What is copied while an image is sent: copies.py PROFILE BYTES, of valgrind's DHAT in the mode "copy".

The simulated target is in the same program and copies what it gets, which shows that the profile sees the segments.
"""

import json
import re
import sys

DOWNLOAD = "fu_scsi_wb_download_run"
# the files of the target, and of what stands between it and the plugin
TARGET = re.compile(r"\((wbt-|flow-)[a-z-]+\.c:\d+\)$")


def frames_of(profile, point):
    """Outwards from the copy, as far as the download."""
    frames = [profile["ftbl"][index].split(": ", 1)[-1] for index in point["fs"]]
    ends = [number for number, frame in enumerate(frames) if frame.startswith(DOWNLOAD)]
    return frames[: ends[0]] if ends else None


def main(path, image_bytes):
    with open(path, encoding="utf-8") as file:
        profile = json.load(file)
    assert profile["mode"] == "copy", profile["mode"]
    by_target, by_plugin = 0, 0
    for point in profile["pps"]:
        frames = frames_of(profile, point)
        if frames is None:
            continue
        if any(TARGET.search(frame) for frame in frames):
            by_target += point["tb"]
            continue
        by_plugin += point["tb"]
        print(f"{point['tb']} bytes in {point['tbk']} copies: {', '.join(frames[1:6])}")
    print(f"{image_bytes} bytes sent, {by_target} copied by the simulated target, {by_plugin} on the way to it")
    # some words for each segment are no copy of it
    if by_target < image_bytes or by_plugin * 100 > image_bytes:
        sys.exit("error: the image is copied, or the profile does not see it")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
