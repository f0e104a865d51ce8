#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# Runs the built scsi-wb-lint over the project's quirk files, over rows that are wrong in one way each, and
# over files that fwupd's own reader, in scsi-wb-plan, has to judge in the same way; prints TAP.
# usage: lint-test.py LINT PLAN TARGET SOURCE-FOLDER

import os
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

LINT, PLAN, TARGET, SOURCE = (os.path.abspath(argument) for argument in sys.argv[1:5])
QUIRKS = os.path.join(SOURCE, "quirks")
HERE = tempfile.TemporaryDirectory(prefix="scsi-wb-lint-test-")
ENV = dict(os.environ, TMPDIR=HERE.name, LC_ALL="C.UTF-8", G_DEBUG="fatal-criticals")

NOBODY = ["--id", "SCSI\\VEN_NOBODY&DEV_NOTHING&TYPE_00", "--image-size", "1"]
SOURCE_LINE = "# Source: Manual, revision 1, page 2"
ROW = r"[SCSI\VEN_ACME&DEV_DISK]"
MODE = "ScsiWbMode = 0x07"
DROPS_ALL = ", and so fwupd would ignore the quirk files of all devices"
NO_MATCH = "no device matches"

# what is wrong, the lines below the source, and "LINE: TEXT" of each finding
BAD_ROWS = [
    ("unknown-key", [ROW, MODE, "ScsiWbChunk = 4096"], ["4: quirk key ScsiWbChunk not supported"]),
    (
        "key-of-another-plugin",
        [ROW, MODE, "NvmeBlockSize = 4096"],
        ["4: quirk key NvmeBlockSize: not a key of this plugin, nor one of fwupd's that has a meaning for it"],
    ),
    (
        "key-that-takes-the-device-away",
        [ROW, MODE, "GType = FuScsiDevice"],
        ["4: quirk key GType: not a key of this plugin, nor one of fwupd's that has a meaning for it"],
    ),
    (
        "unknown-flag",
        [ROW, MODE, "Flags = exact-chunks,no-link-check"],
        ["4: fwupd would ignore the flag 'exact-chunks': there is none of that name"],
    ),
    (
        "flags-alone",
        [ROW, "Name = Disk", "Flags = commit-zero-length"],
        [
            "2: quirk row cannot work: commit-zero-length needs a ScsiWbMode other than auto",
            "2: it names no device: ScsiWbMode is missing",
        ],
    ),
    (
        "blank-in-flags",
        [ROW, MODE, "Flags = no-link-check, fixed-offset"],
        ["4: fwupd would ignore the flag ' fixed-offset': there is none of that name, and blanks count"],
    ),
    (
        "mode",
        [ROW, "ScsiWbMode = 0x08"],
        ["3: quirk key ScsiWbMode = 0x08: is not one of auto, 0x04, 0x05, 0x06, 0x07, 0x0d, 0x0e"],
    ),
    (
        "out-of-range",
        [ROW, MODE, "ScsiWbBufferId = 256"],
        ["4: quirk key ScsiWbBufferId = 256: is not a number from 0 to 255"],
    ),
    (
        "fwupd-out-of-range",
        [ROW, MODE, "InstallDuration = 90000"],
        ["4: quirk key InstallDuration = 90000: value 90000 was above maximum 86400"],
    ),
    (
        "fwupd-no-number",
        [ROW, MODE, "FirmwareSizeMax = many"],
        ["4: quirk key FirmwareSizeMax = many: cannot parse datastream"],
    ),
    (
        "no-such-format",
        [ROW, MODE, "FirmwareGType = FuScsiWbAcmeFirmware"],
        ["4: quirk key FirmwareGType = FuScsiWbAcmeFirmware: unknown GType name FuScsiWbAcmeFirmware"],
    ),
    ("no-value", [ROW, MODE, "Name ="], ["4: quirk key Name: no value"]),
    (
        "cannot-work",
        [ROW, "ScsiWbMode = auto", "ScsiWbModeLast = 0x07"],
        ["2: quirk row cannot work: ScsiWbModeLast needs a ScsiWbMode other than auto"],
    ),
    (
        "flags-cannot-work",
        [ROW, "ScsiWbMode = 0x05", "Flags = single-command,commit-zero-length"],
        ["2: quirk row cannot work: single-command and commit-zero-length exclude each other"],
    ),
    (
        "version-half",
        [ROW, MODE, "ScsiWbVersionOffset = 36"],
        ["2: quirk row cannot work: ScsiWbVersionOffset and ScsiWbVersionSize need each other"],
    ),
    (
        "cannot-work-together",
        [r"[SCSI\VEN_ACME]", MODE, "ScsiWbChunkSize = 512", ROW, "ScsiWbChunkAlign = 4096"],
        ["5: quirk row cannot work: ScsiWbChunkSize is not a multiple of ScsiWbChunkAlign"],
    ),
    ("no-mode", [ROW, "ScsiWbChunkSize = 512"], ["2: it names no device: ScsiWbMode is missing"]),
    ("same-row", [ROW, MODE, ROW, MODE], ["4: the same row stands in {file}:2"]),
    ("same-key", [ROW, MODE, "ScsiWbMode = 0x0e"], ["4: ScsiWbMode stands in line 3 already"]),
    (
        "revision",
        [r"[SCSI\VEN_ACME&DEV_DISK&REV_0001]", MODE],
        ["3: a row with REV can have no key but Issue: ScsiWbMode would no longer hold after an update"],
    ),
    (
        "issue-without-revision",
        [ROW, MODE, "Issue = CVE-2026-1"],
        ["4: Issue needs a row with REV: it would not end with the update that mends it"],
    ),
    (
        "unsafe-product",
        [r"[SCSI\VEN_ACME&DEV_VT-9 FH]", MODE],
        [f"2: {NO_MATCH} DEV_VT-9 FH: fwupd writes it DEV_VT-9-FH"],
    ),
    (
        "vendor-too-long",
        [r"[SCSI\VEN_ACMECORPS&DEV_DISK]", MODE],
        [f"2: {NO_MATCH}: VEN has 9 characters, and INQUIRY has room for 8"],
    ),
    (
        "type",
        [r"[SCSI\VEN_ACME&TYPE_0D]", MODE],
        [f"2: {NO_MATCH} TYPE_0D: it is 00 to 1f, in two digits with small letters"],
    ),
    (
        "form",
        [r"[SCSI\VEN_ACME&MODEL_DISK]", MODE],
        [
            f"2: {NO_MATCH}: a row is for SCSI\\VEN_x, SCSI\\VEN_x&TYPE_nn, SCSI\\VEN_x&DEV_y or "
            "SCSI\\VEN_x&DEV_y&REV_z"
        ],
    ),
]

# lines that fwupd cannot read, and what is said of them
BAD_FILES = [
    ("no-row", b"ScsiWbMode = 0x07\n", "1: a line before the first [row]"),
    ("no-value", b"[SCSI\\VEN_ACME]\nScsiWbMode\n", "2: neither [row] nor KEY = VALUE"),
    ("open-row", b"[SCSI\\VEN_ACME\nScsiWbMode = 0x07\n", "1: a line before the first [row]"),
    ("indented-row", b"[SCSI\\VEN_A]\n [SCSI\\VEN_B]\n", "2: neither [row] nor KEY = VALUE"),
    ("short", b"[SCSI\\VEN_ACME]\n==\n", "2: a line that is too short"),
    (
        "carriage-return",
        b"[SCSI\\VEN_ACME]\r\nScsiWbMode = 0x07\r\n",
        "1: a carriage return, as editors of another system write it",
    ),
]

GOOD_FILES = [
    ("comment-alone", b"# nothing here\n"),
    ("no-newline-at-the-end", SOURCE_LINE.encode() + b"\n" + ROW.encode() + b"\nScsiWbMode=0x07"),
    ("blanks", SOURCE_LINE.encode() + b"\n" + ROW.encode() + b"\n  ScsiWbMode  =  0x07  \n"),
    ("another-plugin", b"[USB\\VID_0A5C&PID_6412]\nPlugin = steelseries\nFlags = anything\n"),
    ("no-probe", b"[SCSI\\VEN_LSI&DEV_VirtualSES]\nFlags = no-probe\n"),
]


def run(program, *args, quirks="/nonexistent"):
    env = dict(ENV, FWUPD_DATADIR_QUIRKS=quirks, FWUPD_LOCALSTATEDIR_QUIRKS="/nonexistent")
    return subprocess.run([program, *args], env=env, capture_output=True, encoding="utf-8")


def write(name, data):
    path = os.path.join(HERE.name, name)
    with open(path, "wb") as file:
        file.write(data)
    return path


def findings(*args):
    """What is found, of a run that ends in the way that goes with it."""
    done = run(LINT, *args)
    lines = done.stderr.splitlines()
    assert done.returncode == (1 if lines else 0), (done.returncode, done.stderr)
    return lines


def lint_text(name, data):
    path = write(f"{name}.quirk", data)
    return path, findings(path)


def models():
    rows = run(TARGET, "book-rows")
    assert rows.returncode == 0 and rows.stdout, rows.stderr
    return rows.stdout


def the_project_is_clean():
    """All rows, with the rules of the device book: family, source, what is not promised, a model."""
    found = findings("--models", write("models.txt", models().encode()), QUIRKS)
    assert found == [], found


def a_row_without_a_model():
    lines = models().splitlines()
    left_out = lines.pop(len(lines) // 2)
    found = findings("--models", write("models.txt", "\n".join(lines).encode()), QUIRKS)
    assert len(found) == 1 and found[0].endswith(f"[{left_out}]: no model of such a device"), found


def rules_of_the_book():
    """What a user's own row may lack."""
    text = "\n".join([SOURCE_LINE, ROW, MODE, ""]).encode()
    path, found = lint_text("user", text)
    assert found == [], found
    found = findings("--models", write("models.txt", (ROW[1:-1] + "\n").encode()), path)
    row = f"{path}:2: {ROW}: "
    assert found == [row + "no line '# Family: ' above it", row + "no line '# Does not promise: ' above it"], found


def bad_rows():
    for name, lines, wanted in BAD_ROWS:
        path, found = lint_text(name, "\n".join([SOURCE_LINE, *lines, ""]).encode())
        rows = {number: line for number, line in enumerate([SOURCE_LINE, *lines], 1) if line.startswith("[")}
        expected = []
        for entry in wanted:
            number, text = entry.split(": ", 1)
            row = rows[max(other for other in rows if other <= int(number))]
            expected.append(f"{path}:{number}: {row}: {text.format(file=path)}")
        assert found == expected, (name, found, expected)


def sources():
    text = "no source: the comment right above has to have a line '# Source: ' with document, revision and page"
    for name, above, line in [
        ("none", [], 1),
        ("comment-without-one", ["# All disks of ACME, page 2"], 2),
        ("not-right-above", [SOURCE_LINE, ""], 3),
        ("of-another-row", [SOURCE_LINE, r"[SCSI\VEN_OTHER&DEV_DISK]", MODE, ""], 5),
    ]:
        path, found = lint_text(name, "\n".join([*above, ROW, MODE, ""]).encode())
        assert found == [f"{path}:{line}: {ROW}: {text}"], (name, found)


def rows_share_a_comment():
    lines = [SOURCE_LINE, ROW, MODE, r"[SCSI\VEN_ACME&DEV_DISK2]", MODE, ""]
    assert lint_text("shared", "\n".join(lines).encode())[1] == []


def a_row_in_two_files():
    text = "\n".join([SOURCE_LINE, ROW, MODE, ""]).encode()
    first, second = write("a.quirk", text), write("b.quirk", text)
    found = findings(first, second)
    assert found == [f"{second}:2: {ROW}: the same row stands in {first}:2"], found


def a_name_that_fwupd_does_not_read():
    path = write("local.conf", "\n".join([SOURCE_LINE, ROW, MODE, ""]).encode())
    assert findings(path) == [f"{path}:1: fwupd reads only files whose names end with .quirk"]


def bad_files():
    for name, data, wanted in BAD_FILES:
        path, found = lint_text(name, data)
        assert found == [f"{path}:{wanted}{DROPS_ALL}"], (name, found)
    path, found = lint_text("empty", b"")
    assert found == [f"{path}:1: it is empty, and fwupd aborts when it reads an empty quirk file"], found
    path, found = lint_text("not-utf-8", b"[SCSI\\VEN_ACME]\nName = \xff\n")
    assert found == [f"{path}:1: it is not UTF-8 text{DROPS_ALL}"], found


def a_file_that_looks_like_another_type():
    """libxmlb guesses the type of a file from its first bytes; a comment is enough to mislead it."""
    path, found = lint_text("page", "\n".join(["# as in <title>", SOURCE_LINE, ROW, MODE, ""]).encode())
    assert found == [
        f"{path}:1: its beginning looks like text/html, so that fwupd would read neither this quirk file nor any other"
    ], found
    assert not fwupd_takes(path)


def good_files():
    for name, data in GOOD_FILES:
        path, found = lint_text(name, data)
        assert found == [], (name, found)


def fwupd_takes(path):
    """Whether fwupd's own reader takes a file: all that scsi-wb-plan has is this one."""
    done = run(PLAN, *NOBODY, "--quirks", path)
    return "Failed to load quirks" not in done.stderr and "failed to load" not in done.stderr


def fwupd_agrees():
    """Files that fwupd cannot read are findings, and no others are called so."""
    for name, data, _ in BAD_FILES:
        assert not fwupd_takes(write("x.quirk", data)), name
    for name, data in GOOD_FILES:
        assert fwupd_takes(write("x.quirk", data)), name
    assert run(PLAN, *NOBODY, "--quirks", write("x.quirk", b"")).returncode < 0
    shutil.rmtree(next(Path(HERE.name).glob("scsi-wb-plan-*")))
    rng = random.Random(20260901)
    with open(os.path.join(QUIRKS, "scsi-wb-storagetek.quirk"), "rb") as file:
        text = bytearray(file.read()[:1500])
    verdicts = set()
    for number in range(100):
        data = bytearray(text)
        for _ in range(rng.randrange(1, 4)):
            data[rng.randrange(len(data))] = rng.choice(b"\n[]=# \taA0")
        path, found = lint_text(f"mutant{number}", bytes(data))
        dropped = any(line.endswith(DROPS_ALL) for line in found)
        taken = fwupd_takes(path)
        assert taken != dropped, (number, found, bytes(data))
        verdicts.add(taken)
        os.remove(path)
    assert verdicts == {True, False}


def section(name, begin):
    """What stands between two marks of a document."""
    with open(os.path.join(SOURCE, name), encoding="utf-8") as file:
        text = file.read()
    return text.split(f"<!-- {begin} -->\n", 1)[1].split("<!-- end -->", 1)[0]


def documents_are_current():
    """`tools/update-book` writes them anew."""
    table = run(LINT, "--table", QUIRKS).stdout
    summary = run(LINT, "--summary", QUIRKS).stdout
    assert table.count("\n") > 20 and summary.count("\n") > 10
    assert section("quirks/README.md", "scsi-wb-lint --table quirks") == table
    assert section("README.md", "scsi-wb-lint --summary quirks") == summary


def rows_without_vendor_have_no_line():
    """Rows of other plugins, and a vendor that is misspelt, are no reason to fail."""
    rows = [r"[USB\VID_1234]", MODE, r"[SCSI\VNE_ACME]", MODE, r"[SCSI\VEN_ACME]", MODE]
    path = write("no-vendor.quirk", "\n".join(rows).encode())
    for option in ("--table", "--summary"):
        result = run(LINT, option, path)
        assert result.returncode == 1, (option, result.returncode)
        lines = [line for line in result.stdout.splitlines() if line.startswith("| ACME |")]
        assert len(lines) == 1 and result.stdout.count("\n") == 3, (option, result.stdout)


def code_blocks(name):
    """The indented blocks of a document, without their indentation."""
    with open(os.path.join(SOURCE, name), encoding="utf-8") as file:
        lines = file.read().split("\n")
    blocks, block = [], []
    for line in lines:
        if line.startswith("    ") or (block and not line):
            block.append(line[4:])
        elif block:
            blocks.append("\n".join(block).strip("\n"))
            block = []
    return blocks


def the_guide_is_current():
    """docs/new-device.md shows a file of the repository, and what the programs print of it."""
    blocks = code_blocks("docs/new-device.md")
    folder = os.path.join(SOURCE, "tests/heldout")
    with open(os.path.join(folder, "nordwind.quirk"), encoding="utf-8") as file:
        row = file.read().split("\n\n", 1)[1].strip("\n")
    assert row in blocks, row
    shown = 0
    for block in blocks:
        command, _, output = block.partition("\n")
        if not command.startswith("$ "):
            continue
        program, *arguments = shlex.split(command[2:])
        program = {"scsi-wb-lint": LINT, "scsi-wb-plan": PLAN}[program]
        done = subprocess.run(
            [program, *arguments],
            env=dict(ENV, FWUPD_DATADIR_QUIRKS="/nonexistent", FWUPD_LOCALSTATEDIR_QUIRKS="/nonexistent"),
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
        )
        assert done.returncode == 0 and done.stderr == "", done.stderr
        assert done.stdout.strip("\n") == output, (command, done.stdout)
        shown += 1
    assert shown == 2, shown


def held_out_rows_are_clean():
    """The files that a user writes keep to the rules of the device book, too, but for the model."""
    folder = os.path.join(SOURCE, "tests/heldout")
    assert findings(folder) == []


def tables():
    """Vendor by vendor, each row once; rows of revisions name no device."""
    lines = run(LINT, "--table", QUIRKS).stdout.splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
    named = []
    for vendor, _, products, _, _, _ in cells:
        for product in products.split(", "):
            kind = "TYPE_" + product[-2:] if product.startswith("all of type ") else "DEV_" + product
            named.append(f"SCSI\\VEN_{vendor}&{kind}")
    assert sorted(named) == sorted(models().splitlines())
    assert all(cell for row in cells for cell in row), cells


def where_the_machine_has_them():
    """Without a name: the folders of this machine. Who may write to this checkout is another matter."""
    done = run(LINT, quirks=QUIRKS)
    assert all("could make the daemon do as" in line for line in done.stderr.splitlines()), done.stderr
    files = len([name for name in os.listdir(QUIRKS) if name.endswith(".quirk")])
    assert done.stdout.startswith(f"{files} files, "), done.stdout


OWNER = "{path}: belongs to user {user}, who could make the daemon do as he likes: chown root {path}"
WRITERS = "{path}: others than root may write to it, and could make the daemon do as they like: chmod go-w {path}"


def owners_of(*paths):
    """What is found of files and folders of this user: nothing, if that is root."""
    user = os.geteuid()
    return [OWNER.format(path=path, user=user) for path in paths] if user else []


def daemon_folder(name):
    """A folder that the daemon reads, with a quirk file in it."""
    folder = os.path.join(HERE.name, name)
    os.mkdir(folder)
    path = write(os.path.join(name, "user.quirk"), "\n".join([SOURCE_LINE, ROW, MODE, ""]).encode())
    return folder, path


def found_by_owner(folder, *args):
    done = run(LINT, *args, quirks=folder)
    lines = done.stderr.splitlines()
    assert done.returncode == (1 if lines else 0), (done.returncode, done.stderr)
    return lines


def others_may_write():
    """A quirk file that others than root may write, or put another in its place; in a folder of the daemon alone."""
    for name, of_folder, mode, is_wrong in [
        ("private", False, 0o600, False),
        ("readable", False, 0o644, False),
        ("all-write", False, 0o666, True),
        ("all-write-only", False, 0o602, True),
        ("folder-readable", True, 0o755, False),
        ("folder-all-write", True, 0o777, True),
        ("folder-all-write-own", True, 0o1777, False),
    ]:
        folder, path = daemon_folder(name)
        os.chmod(folder, 0o755)
        wrong = folder if of_folder else path
        os.chmod(wrong, mode)
        wanted = owners_of(path, folder, HERE.name)
        if is_wrong and not os.geteuid():
            wanted.append(WRITERS.format(path=wrong))
        assert found_by_owner(folder) == wanted, (name, found_by_owner(folder), wanted)
        assert found_by_owner(folder, path) == wanted, name
        assert found_by_owner("/nonexistent", path) == [], name


def another_owner():
    """Files, folders and what a link leads to, of somebody who is not root."""
    folder, path = daemon_folder("linked")
    elsewhere, target = daemon_folder("elsewhere")
    os.remove(path)
    os.symlink(target, path)
    os.chmod(target, 0o666)
    if os.geteuid():
        assert found_by_owner(folder) == owners_of(target, elsewhere, HERE.name, folder)
        return
    assert found_by_owner(folder) == [WRITERS.format(path=target)]
    os.chmod(target, 0o644)
    assert found_by_owner(folder) == []
    os.chown(elsewhere, 65534, 65534)
    assert found_by_owner(folder) == [OWNER.format(path=elsewhere, user=65534)]
    os.chown(elsewhere, 0, 65534)
    os.chmod(elsewhere, 0o775)
    assert found_by_owner(folder) == [WRITERS.format(path=elsewhere)]


def wrong_use():
    done = run(LINT, "--frobnicate")
    assert done.returncode == 2 and done.stderr.endswith("Try 'scsi-wb-lint --help'.\n"), done.stderr
    done = run(LINT, "/nonexistent/x.quirk")
    assert done.returncode == 2 and done.stderr.startswith("scsi-wb-lint: "), done.stderr
    done = run(LINT, "--version")
    assert done.returncode == 0 and done.stdout.startswith("scsi-wb-lint "), done.stdout


def nothing_stays_behind():
    left = [name for name in os.listdir(HERE.name) if name.startswith("scsi-wb-plan-")]
    assert left == [], left


TESTS = [
    the_project_is_clean,
    a_row_without_a_model,
    rules_of_the_book,
    bad_rows,
    sources,
    rows_share_a_comment,
    a_row_in_two_files,
    a_name_that_fwupd_does_not_read,
    bad_files,
    a_file_that_looks_like_another_type,
    good_files,
    fwupd_agrees,
    documents_are_current,
    the_guide_is_current,
    held_out_rows_are_clean,
    tables,
    rows_without_vendor_have_no_line,
    where_the_machine_has_them,
    others_may_write,
    another_owner,
    wrong_use,
    nothing_stays_behind,
]

print(f"1..{len(TESTS)}")
for number, test in enumerate(TESTS, 1):
    name = test.__name__.replace("_", "-")
    try:
        test()
        print(f"ok {number} /scsi-wb/program/lint/{name}")
    except Exception as error:  # each of them is a failure of this test, whatever it is
        print(f"not ok {number} /scsi-wb/program/lint/{name}")
        print(f"# {type(error).__name__}: {error}".replace("\n", "\n# "))
