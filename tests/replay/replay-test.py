#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""Replays the recordings of this folder through fwupd's engine and the built plugin; prints TAP.

No device is touched: fwupdtool gets folders of its own for all that it reads and writes, /sys included, and no
other plugin. usage: replay-test.py PLUGIN TARGET SOURCE-FOLDER
"""

import base64
import copy
import os
import re
import shutil
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

sys.dont_write_bytecode = True  # leaves nothing in the source
# pylint: disable=wrong-import-position
import recording

PLUGIN, TARGET, SOURCE = (Path(argument).resolve() for argument in sys.argv[1:4])
RECORDINGS = SOURCE / "tests/replay"
PROTOCOL = "org.t10.scsi"

METAINFO = """<?xml version="1.0" encoding="UTF-8"?>
<component type="firmware">
  <id>org.example.replay.firmware</id>
  <name>Replay</name>
  <summary>An image for a recording</summary>
  <provides><firmware type="flashed">{guid}</firmware></provides>
  <releases><release version="{version}" date="2026-01-01"/></releases>
  <custom>
    <value key="LVFS::UpdateProtocol">{protocol}</value>
    <value key="LVFS::VersionFormat">plain</value>
  </custom>
</component>
"""

# lines of fwupd 2.0.20's log: src/fu-engine.c, libfwupdplugin/fu-device.c, src/fu-tool.c
PHASE = re.compile(r"install phase now (\S+)$")
FOUND = re.compile(r"found event with ID (?:Ioctl|ScsiWb).* \[(#[0-9a-f]{8})\]$")
VALUE = re.compile(r"^  (Version|Flags): +(?!0x)(\S+)$")
LAST_WORDS = re.compile(r"^(failed to .*)$")


class Root:
    """The machine that fwupdtool sees: nothing but the plugin and the quirk rows."""

    def __init__(self, folder):
        self.folder = Path(folder)
        for name in ("etc/fwupd", "lib", "sys", "var", "run", "lock", "share", "proc", "home"):
            (self.folder / name).mkdir(parents=True)
        shutil.copy(PLUGIN, self.folder / "lib")
        # without the system's bus, fwupdtool cannot ask systemd to stop the real fwupd.service
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder / "home"),
            "LC_ALL": "C.UTF-8",
            "NO_COLOR": "1",
            "G_DEBUG": "fatal-criticals",
            "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={self.folder}/no-bus",
            "FWUPD_EFIVARS": "dummy",
            "FWUPD_DATADIR_QUIRKS": str(SOURCE / "quirks"),
        }
        places = {
            "etc": ("SYSCONFDIR",),
            "lib": ("LIBDIR_PKG",),
            "sys": ("SYSFSDIR", "SYSFSFWDIR", "SYSFSTPMDIR", "SYSFSDMIDIR", "ACPITABLESDIR"),
            "var": ("LOCALSTATEDIR",),
            "run": ("RUNDIR",),
            "lock": ("LOCKDIR",),
            "share": ("DATADIR",),
            "proc": ("PROCFS",),
        }
        for place, names in places.items():
            for name in names:
                self.env[f"FWUPD_{name}"] = str(self.folder / place)

    def run(self, *arguments):
        """fwupdtool with these arguments: its status, and all that it said."""
        done = subprocess.run(
            ["fwupdtool", "--plugins", "scsi_wb", *map(str, arguments)],
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=300,
            check=False,
        )
        return done.returncode, done.stdout


def make_cabinet(root, test):
    """The cabinet that was installed when the recording was made."""
    facts, guid = test["recording"], test["steps"][-1]["components"][0]["guids"][0]
    image, metainfo, cabinet = (
        root.folder / name for name in ("firmware.bin", "firmware.metainfo.xml", "firmware.cab")
    )
    arguments = [TARGET, "make-image", facts["model"], facts["revision"], str(facts["bytes"])]
    image.write_bytes(subprocess.run(arguments, stdout=subprocess.PIPE, check=True).stdout)
    metainfo.write_text(METAINFO.format(guid=guid, version=facts["revision"], protocol=PROTOCOL))
    cabinet.unlink(missing_ok=True)
    status, said = root.run("build-cabinet", cabinet, image, metainfo)
    if status != 0:
        raise RuntimeError(f"fwupdtool build-cabinet: {said}")
    return cabinet


class Replay:
    """One update by a recording: how fwupdtool ended, and what its log says that was sent."""

    def __init__(self, root, phases, cabinet):
        archive = root.folder / "recording.zip"
        recording.pack(phases, archive)
        self.status, self.said = root.run("--verbose", "--verbose", "emulation-load", archive, cabinet)
        self.sent = {}
        self.seen = {"Version": [], "Flags": []}
        self.last_words = ""
        self._read()

    def _read(self):
        phase = "setup"
        for line in self.said.splitlines():
            if match := PHASE.search(line):
                phase = match[1]
            elif match := FOUND.search(line):
                self.sent.setdefault(phase, []).append(match[1])
            elif match := VALUE.match(line):
                self.seen[match[1]].append(match[2])
            elif match := LAST_WORDS.match(line):
                self.last_words = match[1]


def commands(phases):
    """What a recording says that was sent, as Replay.sent does, and how to call it."""
    found = {}
    for name, phase in phases.items():
        for event in (event for device in phase["UsbDevices"] for event in device["Events"]):
            if "Cdb" not in event and not event["Id"].startswith(("Ioctl:", "ScsiWb")):
                continue
            found.setdefault(name.removesuffix(".json"), []).append(
                (recording.hash_id(event["Id"]), event.get("Cdb", event["Id"]))
            )
    return found


def differences(phases, replay):
    """The first command of each phase that was sent, or was not, other than recorded. fwupd itself looks only for
    the next event of that name, and skips what lies between."""
    found, recorded = [], commands(phases)
    for phase in sorted(recorded.keys() | replay.sent.keys()):
        wanted, sent = recorded.get(phase, []), replay.sent.get(phase, [])
        for number in range(max(len(wanted), len(sent))):
            if number >= len(wanted):
                found.append(f"{phase}: more than the recording's {len(wanted)} commands")
                break
            if number >= len(sent) or sent[number] != wanted[number][0]:
                found.append(f"{phase}: {wanted[number][1]} is number {number + 1} of the recording and was not sent")
                break
    return found


def answer_of(event, refusal):
    """What the device answers: sense data after CHECK CONDITION, or other data than recorded."""
    if "sense" in refusal:
        sense = bytes.fromhex(refusal["sense"])
        return {
            "SenseDataOut": sense,
            "StatusDataOut": b"\x02",
            "DriverStatusDataOut": b"\x08",
            "SenseWrittenDataOut": bytes([len(sense)]),
        }
    data = bytes.fromhex(refusal["data"])
    residual = event["Bytes"] - len(data)
    return {"DataOut": data, "ResidualDataOut": residual.to_bytes(4, sys.byteorder)}


def with_answer(phases, refusal):
    """The recording with another answer to the last command of that name, and nothing after it: fwupd 2.0.20 throws
    away what it has recorded of an installation that fails."""
    changed = copy.deepcopy({name: phases[name] for name in ("setup.json", "install.json")})
    events = changed["install.json"]["UsbDevices"][0]["Events"]
    place = max(i for i, event in enumerate(events) if event.get("Cdb") == refusal["cdb"])
    for key, value in answer_of(events[place], refusal).items():
        events[place][key] = base64.b64encode(value).decode()
    del events[place + 1 :]
    return changed


### the checks, each with the names of its rows


def expect(wanted, got, what):
    """Fails with both."""
    if wanted != got:
        raise AssertionError(f"{what}: {got!r} instead of {wanted!r}")


def expect_failure(replay, words, status=1):
    """The update has failed, and these were the last words."""
    expect(status, replay.status, "status")
    expect(f"failed to write-firmware: {words}", replay.last_words, "message")


def check_update(root, folder):
    """The update goes as it was recorded, command by command."""
    test, phases = recording.load_test(folder), recording.load(folder)
    replay = Replay(root, phases, make_cabinet(root, test))
    guids = [str(uuid.uuid5(uuid.NAMESPACE_DNS, test["recording"]["instance-id"]))]
    expect([guids, guids], [step["components"][0]["guids"] for step in test["steps"]], "GUIDs")
    expect(0, replay.status, replay.last_words)
    expect([], differences(phases, replay), "commands")
    expect(test["steps"][0]["components"][0]["version"], replay.seen["Version"][0], "version before")
    expect(test["steps"][1]["components"][0]["version"], replay.seen["Version"][-1], "version after")
    waits = [flag for flag in replay.seen["Flags"][-1].split("|") if flag.startswith("needs-")]
    expect(test["recording"].get("waits", []), waits, "what it waits for")


def check_refusal(root, folder, refusal):
    """The update ends at the command that is refused, with the whole message, and nothing is sent after it."""
    test = recording.load_test(folder)
    phases = with_answer(recording.load(folder), refusal)
    replay = Replay(root, phases, make_cabinet(root, test))
    expect_failure(replay, refusal["error"], refusal.get("status", 1))
    expect([], differences(phases, replay), "commands")
    expect(test["steps"][0]["components"][0]["version"], replay.seen["Version"][-1], "version after")


CHANGED = "disk-deferred"
SEGMENT_LAST = "3b 0e 00 01 00 00 00 11 71 00"
FLUSH = "35 00 00 00 00 00 00 00 00 00"
GOES_ON = "the recording does not go on with the command "


def find(phases, cdb):
    """The events of the installation, and the place of a command in them."""
    events = phases["install.json"]["UsbDevices"][0]["Events"]
    return events, next(i for i, event in enumerate(events) if event.get("Cdb") == cdb)


def change_command(phases):
    """The last segment went to another place."""
    events, place = find(phases, SEGMENT_LAST)
    events[place].update({"Id": "#00000000", "Cdb": "3b 0e 00 01 00 01 00 11 71 00"})


def drop_command(phases):
    """The cache was not flushed."""
    events, place = find(phases, FLUSH)
    del events[place]


def add_command(phases):
    """The cache was flushed twice."""
    events, place = find(phases, FLUSH)
    events.insert(place, events[place])


def swap_commands(phases):
    """The cache was flushed before the device was asked for its last buffer."""
    events, place = find(phases, FLUSH)
    events[place - 1], events[place] = events[place], events[place - 1]


# a change of the recording, what the update ends with, and the first difference to what was sent
CHANGES = [
    (
        change_command,
        f"segment 3 of 3, MODE 0x0e, 4465 bytes at 0x10000: {GOES_ON}{SEGMENT_LAST} and its 4465 bytes of data",
        "install: 3b 0e 00 01 00 01 00 11 71 00 is number 22 of the recording and was not sent",
    ),
    (
        drop_command,
        f"{GOES_ON}{FLUSH} and its 0 bytes of data",
        "install: 12 00 00 00 24 00 is number 10 of the recording and was not sent",
    ),
    (
        swap_commands,
        f"{GOES_ON}{FLUSH} and its 0 bytes of data",
        f"install: {FLUSH} is number 9 of the recording and was not sent",
    ),
    (add_command, None, f"install: {FLUSH} is number 11 of the recording and was not sent"),
]


def check_change(root, change, words, difference):
    """A recording with another command than the plugin sends is told from one that fits."""
    folder = RECORDINGS / CHANGED
    phases = recording.load(folder)
    change(phases)
    replay = Replay(root, phases, make_cabinet(root, recording.load_test(folder)))
    if words is None:
        expect(0, replay.status, replay.last_words)
    else:
        expect_failure(replay, words)
    expect(difference, differences(phases, replay)[0], "difference")


def check_other_image(root):
    """One byte more or less is another first segment."""
    folder = RECORDINGS / CHANGED
    test = recording.load_test(folder)
    test["recording"]["bytes"] -= 1
    replay = Replay(root, recording.load(folder), make_cabinet(root, test))
    command = "3b 0e 00 00 00 00 00 80 00 00 and its 32768 bytes of data"
    expect_failure(replay, f"segment 1 of 3, MODE 0x0e, 32768 bytes at 0x0: {GOES_ON}{command}")


def check_other_row(root):
    """So are a quirk row's smaller segments."""
    folder = RECORDINGS / CHANGED
    rows = root.folder / "var/lib/fwupd/quirks.d"
    rows.mkdir(parents=True)
    test = recording.load_test(folder)
    row = f"[{test['recording']['instance-id']}]\nScsiWbChunkSize = 16384\n"
    (rows / "other.quirk").write_text(row, encoding="utf-8")
    replay = Replay(root, recording.load(folder), make_cabinet(root, test))
    command = "3b 0e 00 00 00 00 00 40 00 00 and its 16384 bytes of data"
    expect_failure(replay, f"segment 1 of 5, MODE 0x0e, 16384 bytes at 0x0: {GOES_ON}{command}")


def check_private_sysfs(root):
    """fwupdtool looks for devices where the root says: a node that only lies there is found."""
    unit = root.folder / "sys/devices/host9/target9:0:0/9:0:0:0"
    node = unit / "scsi_generic/sg9999"
    node.mkdir(parents=True)
    for name, text in (("vendor", "HGST"), ("model", "HUC156060CSS200"), ("type", "0")):
        (unit / name).write_text(text + "\n", encoding="utf-8")
    (node / "uevent").write_text("MAJOR=21\nMINOR=9999\nDEVNAME=sg9999\n", encoding="utf-8")
    (node / "device").symlink_to(unit)
    class_dir = root.folder / "sys/class/scsi_generic"
    class_dir.mkdir(parents=True)
    (node / "subsystem").symlink_to(class_dir)
    (class_dir / "sg9999").symlink_to(node)
    _, said = root.run("--verbose", "--verbose", "get-devices")
    if "/dev/sg9999" not in said:
        raise AssertionError("the node of the private /sys was not looked at")


def rows():
    """Name and function of each check."""
    for device in sorted(RECORDINGS.glob("*/device.json")):
        folder = device.parent
        yield f"{folder.name}/update", check_update, (folder,)
        for refusal in recording.load_test(folder)["recording"].get("refusals", []):
            yield f"{folder.name}/refused/{refusal['name']}", check_refusal, (folder, refusal)
    for change, *wanted in CHANGES:
        yield f"changed/{change.__name__.replace('_', '-')}", check_change, (change, *wanted)
    yield "changed/other-image", check_other_image, ()
    yield "changed/other-row", check_other_row, ()
    yield "private-sysfs", check_private_sysfs, ()


def main():
    """Runs all of them, each with a root of its own."""
    failed = number = 0
    for number, (name, check, arguments) in enumerate(rows(), 1):
        with tempfile.TemporaryDirectory(prefix="scsi-wb-replay-") as folder:
            try:
                check(Root(folder), *arguments)
                print(f"ok {number} /scsi-wb/replay/{name}", flush=True)
            except (AssertionError, LookupError, OSError, RuntimeError, StopIteration) as error:
                failed += 1
                print(f"not ok {number} /scsi-wb/replay/{name}\n# {error!r}", flush=True)
    print(f"1..{number}")
    sys.exit(failed > 0)


main()
