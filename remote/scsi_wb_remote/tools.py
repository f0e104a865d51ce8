# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""The programs of others that do the work, how they are run, and the time they are told."""

import os
import subprocess
import time

from .words import Refusal

PACKAGES = {
    "gcab": "gcab",
    "jcat-tool": "jcat",
    "openssl": "openssl",
    "appstreamcli": "appstream",
}


def run(program, *args, cwd=None, status=(0,)):
    """What PROGRAM prints on both channels; another exit status than STATUS is a refusal."""
    env = dict(os.environ, LC_ALL="C.UTF-8")
    try:
        done = subprocess.run(
            [program, *map(str, args)], cwd=cwd, env=env, stdin=subprocess.DEVNULL, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
        )
    except FileNotFoundError as error:
        raise Refusal(
            f"{program} is not installed: apt-get install {PACKAGES[program]}"
        ) from error
    if done.returncode not in status:
        raise Refusal(f"{program} failed with status {done.returncode}: {last_words(done.stdout)}")
    return done.stdout


def last_words(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " / ".join(lines[-4:]) or "it said nothing"


def now_s():
    """The time that goes into what is made, in seconds: SOURCE_DATE_EPOCH says it, else the clock.

    Signatures have the time of the clock in any case: fwupd holds them against it.
    """
    text = os.environ.get("SOURCE_DATE_EPOCH")
    if not text:
        return int(time.time())
    if not text.isascii() or not text.isdigit() or len(text) > 10:
        raise Refusal(f"SOURCE_DATE_EPOCH is no number of seconds: {text!r}")
    return int(text)
