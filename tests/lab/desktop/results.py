# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""Results as the lab counts them, and what the devices themselves say."""

import hashlib
import html
import json
import re
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


def each(rows, check, picture):
    """check(row) of each; something that is not shown fails its row alone, with a picture."""
    for row in rows:
        try:
            check(row)
        except (accessible.NotShown, accessible.GLib.Error) as error:
            failed(row["name"], error)
            picture(f"{row['name']}-failed")


def of_version(package, table):
    """What the table has since the newest version that is not newer than the package's own."""
    command = ["dpkg-query", "--show", "--showformat=${Version}", package]
    said = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    version = int(said.split(".")[0])
    return table[max(since for since in table if since <= version)]


def without_markup(text):
    """What is read where a text is taken for markup."""
    return html.unescape(re.sub("<[^>]*>", "", text))


def read_rows(path):
    with open(path, encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def committed(name):
    """The SHA-256 of the image that the simulated device runs, or "-" if it has taken none."""
    shown = subprocess.run(["scsi-wb-target", "show", name], capture_output=True, check=True)
    lines = shown.stdout.decode(errors="replace").splitlines()
    return dict(line.split(": ", 1) for line in lines if ": " in line)["committed-sha256"]


def has_image(name, row):
    """The device keeps exactly the image of the row."""
    with open(row["image"], "rb") as stream:
        return committed(name) == hashlib.sha256(stream.read()).hexdigest()


def set_fault(row, script):
    command = ["scsi-wb-target", "fault", row["name"], "-"]
    subprocess.run(command, input=script.encode(), check=True)


def history():
    """What fwupdmgr tells of updates that have failed."""
    command = ["fwupdmgr", "get-history", "--json"]
    shown = subprocess.run(command, capture_output=True, check=True).stdout
    return [device.get("UpdateError") for device in json.loads(shown)["Devices"]]
