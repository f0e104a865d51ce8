#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""Turns what fwupd has recorded into the files of this folder, and back.

usage: recording.py shrink ARCHIVE FOLDER    an archive of fwupdmgr emulation-save to FOLDER/PHASE.json
       recording.py pack FOLDER ARCHIVE      FOLDER/PHASE.json to an archive for fwupdmgr emulation-load
       recording.py place FOLDER DIR         FOLDER's device test, with its files in DIR, to standard output
"""

import base64
import hashlib
import json
import sys
import zipfile
from pathlib import Path

# the files of an archive, in the order in which fwupd comes to them: src/fu-engine-emulator.c
PHASES = ("setup", "prepare", "detach", "install", "attach", "reload", "cleanup")

# longer than this, an event's name is of no use to a reader: it has the data of a command in it
ID_MAX = 100

SG_IO = "Ioctl:CdbData="

# JSON has no comments, and fwupd reads no other names than its own
LICENSE = "SPDX-License-Identifier: LGPL-2.1-or-later, Copyright 2026 the scsi-wb developers"


def hash_id(event_id):
    """What fwupd compares instead of an event's name: libfwupdplugin/fu-device-event.c."""
    if event_id.startswith("#"):
        return event_id
    return "#" + hashlib.sha1(event_id.encode()).hexdigest()[:8]


def fields_of(event_id):
    """The fields of an ioctl's name, e.g. CdbData, a base64 text, and CdbLength."""
    pairs = (field.partition("=") for field in event_id.removeprefix("Ioctl:").split(","))
    return {key: value for key, _, value in pairs}


def trim(value):
    """The base64 text without the zeros at the end, which the buffer is full of anyway."""
    return base64.b64encode(base64.b64decode(value).rstrip(b"\0")).decode()


def shrink_event(event):
    """The same event for fwupd, small, and with the command in digits that a person can read."""
    small = {"Id": event["Id"]}
    if event["Id"].startswith(SG_IO):
        fields = fields_of(event["Id"])
        small["Cdb"] = base64.b64decode(fields["CdbData"]).hex(" ")
        if "Length" in fields:
            small["Bytes"] = int(fields["Length"], 0)
    if len(event["Id"]) > ID_MAX:
        small["Id"] = hash_id(event["Id"])
    for key, value in event.items():
        if key != "Id":
            small[key] = trim(value) if key.endswith("DataOut") else value
    return small


def shrink(archive, folder):
    """Writes one file for each phase in which there are events."""
    with zipfile.ZipFile(archive) as packed:
        phases = {name: json.loads(packed.read(name)) for name in packed.namelist()}
    for phase in PHASES:
        Path(folder, f"{phase}.json").unlink(missing_ok=True)
    for name, phase in phases.items():
        events = [event for device in phase["UsbDevices"] for event in device.get("Events", [])]
        if not events:
            continue
        for device in phase["UsbDevices"]:
            device["Events"] = [shrink_event(event) for event in device.get("Events", [])]
        text = json.dumps({"License": LICENSE, **phase}, indent=1)
        Path(folder, name).write_text(text + "\n", encoding="utf-8")


def load(folder):
    """The phases of a recording, in the order in which they happened: name to what is in the file."""
    paths = (Path(folder, f"{phase}.json") for phase in PHASES)
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in paths if path.exists()}


def pack(phases, archive):
    """Writes an archive for fwupd."""
    with zipfile.ZipFile(archive, "w") as packed:
        for name, phase in phases.items():
            packed.writestr(name, json.dumps(phase))


def place(test, folder):
    """A device test for fwupdmgr, which wants whole paths."""
    for step in test["steps"]:
        for key in ("url", "emulation-file"):
            if key in step:
                step[key] = str(Path(folder, step[key]))
    return test


def load_test(folder):
    """What a recording is of, and what is expected of it."""
    return json.loads(Path(folder, "device.json").read_text(encoding="utf-8"))


def main(arguments):
    """The command line."""
    if len(arguments) != 3 or arguments[0] not in ("shrink", "pack", "place"):
        sys.exit(__doc__)
    command, source, result = arguments
    if command == "shrink":
        shrink(source, result)
    elif command == "pack":
        pack(load(source), result)
    else:
        print(json.dumps(place(load_test(source), result)))


if __name__ == "__main__":
    main(sys.argv[1:])
