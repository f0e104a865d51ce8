# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""Results as the lab counts them, and what the devices and the daemon themselves say."""

import hashlib
import json
import subprocess

import accessible


def passed(name):
    print(f"ok - {name}", flush=True)


def failed(name, why):
    print(f"not ok - {name}: {why}", flush=True)


def equal(name, wanted, got):
    if wanted == got:
        passed(name)
    else:
        failed(name, f"{got!r} instead of {wanted!r}")


def contains(name, wanted, texts):
    if wanted in texts:
        passed(name)
    else:
        failed(name, f"{wanted!r} is not in {texts!r}")


def each(rows, check):
    """check(row) of each; something that is not shown fails its row alone."""
    for row in rows:
        try:
            check(row)
        except (accessible.NotShown, accessible.GLib.Error) as error:
            failed(row["name"], error)


def read_rows(path):
    with open(path, encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def device(row):
    """What the simulated device says of itself."""
    shown = subprocess.run(["scsi-wb-target", "show", row["name"]], capture_output=True, check=True)
    lines = shown.stdout.decode(errors="replace").splitlines()
    return dict(line.split(": ", 1) for line in lines if ": " in line)


def image_sum(row):
    with open(row["image"], "rb") as stream:
        return hashlib.sha256(stream.read()).hexdigest()


def has_image(row):
    """The device keeps exactly the image."""
    return device(row).get("committed-sha256") == image_sum(row)


def set_fault(row, script):
    subprocess.run(
        ["scsi-wb-target", "fault", row["name"], "-"], input=script.encode(), check=True
    )
