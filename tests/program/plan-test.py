#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# Runs the built scsi-wb-plan without a device; prints TAP.
# usage: plan-test.py PROGRAM SOURCE-FOLDER

import json
import os
import subprocess
import sys
import tempfile

PROGRAM, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
RECORDING = os.path.join(SOURCE, "tests/program/seagate-sas.txt")
HERE = tempfile.TemporaryDirectory(prefix="scsi-wb-plan-test-")
DISK = ["--id", "SCSI\\VEN_ACME&DEV_DISK&TYPE_00"]
LIBRARY = ["--id", "SCSI\\VEN_STK&DEV_SL500&TYPE_08"]
LIBRARY_TEXT = r"""Device:     STK SL500, type changer (as described, no device)
Quirk rows: SCSI\VEN_STK&DEV_SL500
Image:      300002 bytes

What holds, and who says so
  MODE                             0x06             quirk row
  MODE of the last segment         0x07             quirk row
  MODE SPECIFIC                    0x00             default
  BUFFER ID                        0x00             default
  one count of BUFFER OFFSET       1 byte           default
  largest segment                  16384 bytes      quirk row
  the most one command carries     16777215 bytes   width of the CDB's field
  segments begin at multiples of   2 bytes          quirk row
  only offset 0 is possible        no               default
  size of the device's buffer      not known        -
  time limit of a segment          300 s            default
  time limit of the last one       300 s            default
  TEST UNIT READY must say         any              default for its type
  activation                       immediate        MODE of the last segment
  ignores-offset                   yes              quirk row

Before the first segment
  identity:   asked again; the device must be the same and run the same revision
  readiness:  not asked
  link check: none (the device shows no echo buffer)
  cache:      none

Download: 19 commands, 300002 bytes
          CDB                            MODE    ID      offset      bytes  time limit
       1  3b 06 00 00 00 00 00 40 00 00  06h     0           0      16384      300 s
       2  3b 06 00 00 40 00 00 40 00 00  06h     0       16384      16384      300 s
       3  3b 06 00 00 80 00 00 40 00 00  06h     0       32768      16384      300 s
          … 15 more …
      19  3b 07 00 04 80 00 00 13 e2 00  07h     0      294912       5090      300 s
  then: the device takes it into use at once; it must be back within 300 s
"""


def run(*args):
    """Runs the program with the project's rows, none of this machine's, and as few of its folders as it needs."""
    env = dict(
        os.environ,
        FWUPD_DATADIR_QUIRKS=os.path.join(SOURCE, "quirks"),
        FWUPD_LOCALSTATEDIR_QUIRKS=os.path.join(HERE.name, "none"),
        TMPDIR=HERE.name,
        LC_ALL="C.UTF-8",
        G_DEBUG="fatal-criticals",
    )
    return subprocess.run(
        [PROGRAM, *args], env=env, cwd=HERE.name, capture_output=True, encoding="utf-8"
    )


def write(name, data):
    path = os.path.join(HERE.name, name)
    with open(path, "wb") as file:
        file.write(data)
    return path


def report(*args):
    """A report for programs: Python's own parser has to take it."""
    done = run("--json", *args)
    assert done.returncode == 0, done.stderr
    assert done.stderr == "", done.stderr
    return json.loads(done.stdout)


def refused(status, message, *args):
    """No plan: the status, one line (a hint may follow a wrong command line), and nothing on standard output."""
    done = run(*args)
    lines = done.stderr.splitlines()
    assert done.returncode == status, (done.returncode, done.stderr)
    assert lines[0] == "scsi-wb-plan: " + message, lines
    assert lines[1:] == (["Try 'scsi-wb-plan --help'."] if status == 2 else []), lines
    assert done.stdout == "", done.stdout


def cdbs(size, chunk, mode, last):
    """Written down independently of the program: WRITE BUFFER with offsets, buffer 0."""
    result = []
    for offset in range(0, size, chunk):
        length = min(chunk, size - offset)
        number = last if offset + length == size else mode
        result.append(f"3b{number:02x}00{offset:06x}{length:06x}00")
    return result


def text_of_a_library():
    done = run(*LIBRARY, "--image-size", "300002")
    assert done.returncode == 0 and done.stderr == "", done.stderr
    assert done.stdout == LIBRARY_TEXT, done.stdout


def all_commands():
    done = run(*LIBRARY, "--image-size", "300002", "--all")
    shown = ["".join(line.split()[1:11]) for line in done.stdout.splitlines() if " 3b 0" in line]
    assert shown == cdbs(300002, 16384, 6, 7), shown


def json_of_a_library():
    plans = report(*LIBRARY, "--image-size", "300002")["plans"]
    assert len(plans) == 1
    segments = plans[0]["segments"]
    assert [segment["cdb"] for segment in segments] == cdbs(300002, 16384, 6, 7)
    assert sum(segment["length_bytes"] for segment in segments) == 300002
    assert {segment["timeout_ms"] for segment in segments} == {300000}
    assert plans[0]["activation"] == "immediate" and plans[0]["activate"] is None


def fallbacks():
    plans = report(*DISK, "--set", "ScsiWbMode=auto", "--image-size", "100001", "--host-limit", "65536")["plans"]
    assert [segment["cdb"] for segment in plans[0]["segments"]] == cdbs(100001, 32768, 14, 14)
    assert [segment["cdb"] for segment in plans[1]["segments"]] == cdbs(100001, 32768, 7, 7)
    assert plans[0]["activate"]["cdb"] == "3b0f0000000000000000"
    # the whole image in one command is more than this host adapter carries
    assert len(plans) == 2
    assert len(report(*DISK, "--set", "ScsiWbMode=auto", "--image-size", "100001")["plans"]) == 3


def reasons():
    values = report(
        *DISK, "--set", "ScsiWbMode=0x07", "--set", "ScsiWbTimeout=60", "--host-limit", "16384", "--image-size", "9"
    )["values"]
    assert values["mode"] == {"value": 7, "source": "quirk row"}
    assert values["chunk_bytes"] == {"value": 16384, "source": "host adapter"}
    assert values["timeout_s"] == {"value": 60, "source": "quirk row"}
    assert values["timeout_last_s"] == {"value": 300, "source": "default"}
    assert values["readiness"] == {"value": "ready", "source": "default for its type"}
    assert values["capacity_bytes"] == {"value": None, "source": None}


def recording():
    answer = report("--recording", RECORDING, "--image-size", "1000003")
    assert answer["device"]["vendor"] == "SEAGATE" and answer["device"]["node"] is None
    assert answer["rows"] == ["SCSI\\VEN_SEAGATE&TYPE_00"]
    assert answer["before"]["link_check"]["patterns"] == 4
    assert answer["values"]["capacity_bytes"]["source"] == "READ BUFFER descriptor"
    assert [segment["cdb"] for segment in answer["plans"][0]["segments"]] == cdbs(1000003, 32768, 7, 7)


def recording_with_another_row():
    row = write("new.quirk", b"[SCSI\\VEN_SEAGATE&DEV_ST600MM0088]\nScsiWbChunkSize = 4096\n")
    answer = report("--recording", RECORDING, "--quirks", row, "--image-size", "100000")
    assert answer["values"]["chunk_bytes"] == {"value": 4096, "source": "quirk row"}
    assert len(answer["rows"]) == 2
    assert [segment["cdb"] for segment in answer["plans"][0]["segments"]] == cdbs(100000, 4096, 7, 7)


def recording_is_enough_for_every_mode():
    # the recorded device has no MODE 0x0f: a row with 0x0d has to select an event
    events = {"0x0d": ("--set", "ScsiWbModeSpecific=4")}
    for mode in ("auto", "0x04", "0x05", "0x06", "0x07", "0x0d", "0x0e"):
        options = ("--set", "ScsiWbMode=" + mode) + events.get(mode, ())
        report("--recording", RECORDING, *options, "--image-size", "1000")


def recording_without_an_answer():
    lines = open(RECORDING, "rb").read().split(b"\n")
    begin = lines.index(b"cdb 12 01 86 00 fc 00")
    end = next(i for i in range(begin + 1, len(lines)) if lines[i].startswith(b"cdb"))
    kept = lines[:begin] + lines[end:]
    count = sum(line.startswith(b"cdb") for line in kept)
    kept = [b"end %d" % count if line.startswith(b"end ") else line for line in kept]
    path = write("less.txt", b"\n".join(kept))
    refused(
        1,
        f"{path} has no answer to INQUIRY, VPD page 86h: record it again, or add the line 'others refused' if "
        "the device refuses what is not in it",
        "--recording",
        path,
        "--image-size",
        "1000",
    )
    path = write("less.txt", b"\n".join(kept[:4] + [b"others refused"] + kept[4:]))
    report("--recording", path, "--image-size", "1000")


def recording_is_damaged():
    data = open(RECORDING, "rb").read()
    path = write("cut.txt", data[: data.index(b"end ")])
    number = data[: data.index(b"end ")].count(b"\n") + 1
    refused(
        1,
        f"{path}: line {number}: the file is cut off: its last line is 'end' with the number of answers",
        "--recording",
        path,
        "--image-size",
        "1000",
    )
    path = write("bad.txt", data.replace(b"cdb 12 01", b"cdb 12 0l"))
    number = data[: data.index(b"cdb 12 01")].count(b"\n") + 1
    refused(
        1, f"{path}: line {number}: '0l' is no byte in two hexadecimal digits", "--recording", path, "--image-size", "1"
    )


def image_file():
    path = write("fw.bin", bytes(40000))
    answer = report(*LIBRARY, path)
    assert answer["image"] == {"name": path, "bytes": 40000}


def image_is_refused():
    empty = write("empty.bin", b"")
    refused(1, f"{empty}: the image is empty", *LIBRARY, empty)
    odd = write("odd.bin", bytes(3))
    wanted = "the image size of 3 bytes is not a multiple of 2, as this device wants it: the image is damaged, or made "
    refused(1, f"{odd}: {wanted}for another device", *LIBRARY, odd)
    refused(1, f"{wanted}for another device", *LIBRARY, "--image-size", "3")


def size_limits_of_a_row():
    small = write("small.bin", bytes(10))
    done = run(*DISK, "--set", "ScsiWbMode=0x07", "--set", "FirmwareSizeMin=100", small)
    assert done.returncode == 1 and "smaller than the allowed minimum" in done.stderr, done.stderr


def row_is_bad():
    refused(
        1,
        "quirk key ScsiWbMode = 9: is not one of auto, 0x04, 0x05, 0x06, 0x07, 0x0d, 0x0e",
        *DISK,
        "--set",
        "ScsiWbMode=9",
        "--image-size",
        "1",
    )
    refused(
        1,
        "quirk row cannot work: exact-chunk needs ScsiWbChunkSize",
        *DISK,
        "--set",
        "ScsiWbMode=7",
        "--set",
        "Flags=exact-chunk",
        "--image-size",
        "1",
    )


def quirk_file_is_bad():
    path = write("garbage.quirk", b"garbage\n")
    done = run(*DISK, "--quirks", path, "--image-size", "1")
    assert done.returncode == 1 and "garbage.quirk" in done.stderr and "invalid line" in done.stderr, done.stderr


def error_for_programs():
    done = run(*DISK, "--json", "--image-size", "1")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"].startswith("no quirk row with ScsiWbMode names ACME DISK")
    assert done.stderr.count("\n") == 1


def wrong_use():
    refused(2, "name a DEVICE, or use --recording or --id")
    refused(2, "name an image, or use --image-size", "/dev/sg0")
    refused(2, "Unknown option --bogus", "--bogus")


def no_such_device():
    refused(1, "/dev/not-there: No such file or directory", "/dev/not-there", "--image-size", "1")
    done = run("/dev/null", "--image-size", "1")
    assert done.returncode == 1 and "/dev/null is no SCSI device" in done.stderr


def help_and_version():
    done = run("--help")
    assert done.returncode == 0 and "Exit status: 0" in done.stdout and "--record=FILE" in done.stdout
    done = run("--version")
    assert done.returncode == 0 and done.stdout.startswith("scsi-wb-plan 0.")


def readme():
    with open(os.path.join(SOURCE, "plugins/scsi-wb/README.md"), encoding="utf-8") as file:
        text = file.read()
    lines = [line[4:] for line in text.splitlines() if line.startswith("    ")]
    begin = lines.index("scsi-wb-recording 1")
    example = lines[begin : lines.index("end 1", begin) + 1]
    path = write("readme.txt", "\n".join(example).encode() + b"\n")
    answer = report("--recording", path, "--set", "ScsiWbMode=auto", "--image-size", "1000")
    assert answer["device"]["product"] == "DISK" and answer["device"]["revision"] == "0001"
    options = {word.split("=")[0] for word in run("--help").stdout.split() if word.startswith("--")}
    missing = {option for option in options - {"--help", "--version"} if f"`{option}" not in text}
    assert missing == set(), missing


def nothing_stays_behind():
    left = [name for name in os.listdir(HERE.name) if name.startswith("scsi-wb-plan-")]
    assert left == [], left


TESTS = [
    text_of_a_library,
    all_commands,
    json_of_a_library,
    fallbacks,
    reasons,
    recording,
    recording_with_another_row,
    recording_is_enough_for_every_mode,
    recording_without_an_answer,
    recording_is_damaged,
    image_file,
    image_is_refused,
    size_limits_of_a_row,
    row_is_bad,
    quirk_file_is_bad,
    error_for_programs,
    wrong_use,
    no_such_device,
    help_and_version,
    readme,
    nothing_stays_behind,
]

print(f"1..{len(TESTS)}")
for number, test in enumerate(TESTS, 1):
    name = test.__name__.replace("_", "-")
    try:
        test()
        print(f"ok {number} /scsi-wb/program/plan/{name}")
    except Exception as error:  # each of them is a failure of this test, whatever it is
        print(f"not ok {number} /scsi-wb/program/plan/{name}")
        print(f"# {type(error).__name__}: {error}".replace("\n", "\n# "))
