# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""What is said to people, and which texts of theirs may go into a file."""

import re
import sys
import unicodedata

PROGRAM = "scsi-wb-remote"
TEXT_MAX = 200
NOTES_MAX = 20000
# Unicode's categories of what is no text: controls, lone halves of pairs, what nothing is assigned to
NO_TEXT = ("Cc", "Cs", "Cn")
URL = re.compile(r"https?://(?P<host>[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(:[0-9]{1,5})?(?P<path>/[^?#]*)?")


class Refusal(Exception):
    """What was wanted is not done; the text says who refuses, why, and what to do."""


class Usage(Exception):
    """The command line is wrong."""


def progress(text):
    print(f"{PROGRAM}: {text}", file=sys.stderr, flush=True)


def warn(text):
    progress(f"warning: {text}")


def check_line(what, text, most=TEXT_MAX):
    """One line of text, without what a file or a terminal could mistake for more."""
    bad = next((char for char in text if unicodedata.category(char) in NO_TEXT), None)
    if bad is not None:
        raise Refusal(f"{what} has the character U+{ord(bad):04X} in it, which is no text: {text!r}")
    if not text.strip():
        raise Refusal(f"{what} is empty")
    if len(text) > most:
        raise Refusal(f"{what} is {len(text)} characters long; {most} is the most")
    return text.strip()


def check_notes(text):
    """Paragraphs of text: lines and blank lines are allowed."""
    if len(text) > NOTES_MAX:
        raise Refusal(f"the notes are {len(text)} characters long; {NOTES_MAX} is the most")
    lines = [
        check_line("a line of the notes", line, NOTES_MAX) if line.strip() else ""
        for line in text.replace("\r\n", "\n").replace("\t", " ").split("\n")
    ]
    if not any(lines):
        raise Refusal("the notes are empty")
    return "\n".join(lines)


def check_url(what, url):
    """An absolute address that clients can put names behind."""
    match = URL.fullmatch(url)
    if not match or not url.isascii() or re.search(r"[\s\x00-\x1f\x7f<>\"\\^`{|}]", url):
        raise Refusal(
            f"{what} has to be absolute, like https://firmware.example.org/scsi, without user, password, "
            f"'?' or '#': {url!r}"
        )
    return url.rstrip("/")


def file_name(text):
    """TEXT with nothing in it that a shell, a server or a URL would take for something else."""
    return re.sub(r"[^A-Za-z0-9.+_]+", "-", text).strip("-.")
