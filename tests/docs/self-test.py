#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""What tests/docs/run takes for the truth, and what it does not; prints TAP."""

import pathlib
import subprocess
import sys
import tempfile

RUN = pathlib.Path(__file__).resolve().parent / "run"

# what is tried, the document, its exit status, and a line that has to be printed
CASES = (
    ("right", "```sh\necho one\necho two\n```\n\n```text\none\ntwo\n```\n", 0, "ok - line 1: echo one"),
    ("any-lines", "```sh\nseq 5\n```\n```text\n1\n…\n5\n```\n", 0, "ok - line 1: seq 5"),
    ("any-text", "```sh\necho id 7f\n```\n```text\nid …\n```\n", 0, "ok - line 1: echo id 7f"),
    ("one-shell", "```sh\nx=3\n```\n```sh\ntest $x = 3\n```\n", 0, "ok - line 4: test $x = 3"),
    ("output-not-shown", "```sh\necho one\n```\n", 0, "ok - line 1: echo one"),
    ("progress", "```sh\necho 'Writing…: 3%'; echo done\n```\n```text\ndone\n```\n", 0,
     "ok - line 1: echo 'Writing…: 3%'; echo done"),
    ("progress-of-2.1", "```sh\nprintf '%s\\n' 'Writing…: 3.7%' 'Restarting device…' 'Activating update for x…'\n```\n"
     "```text\nActivating update for x…\n```\n", 0, "ok - line 1: printf"),
    ("output-differs", "```sh\necho one\n```\n```text\ntwo\n```\n", 1,
     "not ok - line 1: echo one: line 4 shows another output"),
    ("output-longer", "```sh\nseq 2\n```\n```text\n1\n```\n", 1,
     "not ok - line 1: seq 2: line 4 shows another output"),
    ("output-shorter", "```sh\nseq 2\n```\n```text\n1\n2\n3\n```\n", 1,
     "not ok - line 1: seq 2: line 4 shows another output"),
    ("command-fails", "```sh\nfalse\n```\n", 1, "not ok - line 1: false: a command failed"),
    ("command-before-fails", "```sh\nfalse\ntrue\n```\n", 1,
     "not ok - line 1: false: a command failed"),
    ("pipe-fails", "```sh\nfalse | true\n```\n", 1,
     "not ok - line 1: false | true: a command failed"),
    ("after-a-failure", "```sh\nfalse\n```\n```sh\ntrue\n```\n", 1,
     "not ok - line 4: true: was not run: an earlier one failed"),
    ("no-commands", "# Words\n", 1, "there are no commands in it"),
    ("no-end", "```sh\ntrue\n", 1, "line 1: the block has no end"),
)


def attempt(document):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "some-document.md")
        path.write_text(document, encoding="utf-8")
        return subprocess.run([RUN, path], capture_output=True, text=True, check=False)


def main():
    status = 0
    print(f"1..{len(CASES)}")
    for name, document, wanted, line in CASES:
        done = attempt(document)
        printed = done.stdout + done.stderr
        if done.returncode == wanted and line in printed:
            print(f"ok - docs/{name}")
            continue
        status = 1
        print(f"not ok - docs/{name}: exit status {done.returncode}, and it printed")
        print("".join(f"# {text}\n" for text in printed.splitlines()))
    return status


if __name__ == "__main__":
    sys.exit(main())
