# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""What the tests of scsi-wb-remote share: the program, images, devices, keys, and TAP."""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = Path(sys.argv[1]).resolve()
SOURCE = Path(__file__).resolve().parents[2]
TEMPORARY = tempfile.TemporaryDirectory(prefix="scsi-wb-remote-test-")
HERE = Path(TEMPORARY.name)
URL = "https://firmware.example.org/scsi"
DISK_GUID = "316274f2-53a4-572b-a01f-7b7708985e06"
LIBRARY_GUID = "e5d91de3-9d6f-57e2-bb13-8f5c6d885875"
MODEL = ["--vendor", "SEAGATE", "--product", "ST600MM0088", "--current", "TT31"]


def run(*args, stdin=None, cwd=HERE, status=0, **environment):
    """Runs the program; its words on standard error are lines of its own."""
    (HERE / "tmp").mkdir(exist_ok=True)
    env = dict(os.environ, LC_ALL="C.UTF-8", TMPDIR=str(HERE / "tmp"), **environment)
    done = subprocess.run(
        [PROGRAM, *map(os.fsencode, map(str, args))], env=env, cwd=cwd, input=stdin, capture_output=True, check=False,
        encoding="utf-8",
    )
    assert done.returncode == status, (args, done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def document(*args, **options):
    """What the program says for programs."""
    return json.loads(run(*args, "--json", **options).stdout)


def refused(message, *args, status=1, **options):
    """Refused with MESSAGE at the beginning of the last line, and nothing said of success."""
    done = run(*args, status=status, **options)
    lines = [line for line in done.stderr.splitlines() if not line.startswith("Try ")]
    assert lines[-1].startswith(f"scsi-wb-remote: {message}"), lines
    assert done.stdout == "", done.stdout
    return done


def usage(message, *args):
    done = refused(message, *args, status=2)
    assert done.stderr.splitlines()[-1] == "Try 'scsi-wb-remote --help'.", done.stderr


def shell(*args, cwd=HERE, **options):
    """Another program, which has to work."""
    return subprocess.run(args, cwd=cwd, check=True, capture_output=True, encoding="utf-8", **options).stdout


def device(name, vendor, product, version, guid, **more):
    """A device as fwupdmgr tells of it."""
    instance_id = f"SCSI\\VEN_{vendor}&DEV_{product}"
    return {
        "Name": name, "DeviceId": "c5b415a3f783af37a750c60a51a7f00f32097332", "Plugin": "scsi_wb",
        "InstanceIds": [instance_id, f"{instance_id}&REV_{version}"], "Guid": [guid], "Serial": f"of-{name}",
        "Protocols": ["org.t10.scsi"], "VendorIds": [f"SCSI:{vendor}"], "Vendor": vendor, "Version": version,
        "VersionFormat": "plain", "InstallDuration": 240, **more,
    }


DISK = device("ST600MM0088", "SEAGATE", "ST600MM0088", "TT31", DISK_GUID)
LIBRARY = device("StorageTek SL500", "STK", "SL500", "1126", LIBRARY_GUID)
CPU = {"Name": "EPYC", "Plugin": "cpu", "Guid": ["87235ac4-c261-5c87-8499-3134c317637b"]}


def write(name, content):
    path = HERE / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def devices(*listed, name="devices.json"):
    return write(name, json.dumps({"Devices": list(listed)}))


def cabinet(out, *args, keys="keys", version="TT42", image="disk.bin", **options):
    """A cabinet for the disk; gives its path."""
    run("cabinet", *MODEL, "--version", version, "--keys", keys, "--output", out, *args, image, **options)
    return HERE / out


def unpack(path):
    """The files in a cabinet: name to content."""
    with tempfile.TemporaryDirectory(dir=HERE) as folder:
        shell("gcab", "-x", "-n", str(HERE / path), cwd=folder)
        return {entry.name: entry.read_bytes() for entry in Path(folder).iterdir()}


def pack(out, files):
    """A cabinet of any files, by no other hand than gcab's."""
    with tempfile.TemporaryDirectory(dir=HERE) as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        shell("gcab", "-c", "-n", str(HERE / out), *files, cwd=folder)
    return HERE / out


def files_of(folder):
    """All below a folder but the lock: name to content."""
    folder = HERE / folder
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def mode(path):
    return (HERE / path).stat().st_mode & 0o7777


def no_leftovers():
    """Nothing stays behind in the folder for temporary files."""
    assert not list((HERE / "tmp").iterdir()), list((HERE / "tmp").iterdir())


def main(room, tests):
    """Runs the functions, and prints TAP."""
    write("disk.bin", b"\x5a" * 70001)
    write("next.bin", b"\x5b" * 70003)
    run("keys", "new", "keys")
    print(f"1..{len(tests)}", flush=True)
    for number, test in enumerate(tests, 1):
        name = re.sub("_", "-", test.__name__)
        try:
            test()
            no_leftovers()
            print(f"ok {number} /scsi-wb/remote/{room}/{name}", flush=True)
        except Exception as error:  # each of them is a failure of this test, whatever it is
            print(f"not ok {number} /scsi-wb/remote/{room}/{name}")
            print(f"# {type(error).__name__}: {error}".replace("\n", "\n# "), flush=True)
