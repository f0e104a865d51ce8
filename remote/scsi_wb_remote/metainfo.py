# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""The metainfo of a release: facts and words to XML. No I/O."""

import re
import time
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from . import template, version
from .words import Refusal, check_line, check_notes, check_url, file_name

URGENCIES = ("low", "medium", "high", "critical")
DURATION_S = 120
DURATION_MAX_S = 24 * 3600
FWUPD_MIN = "2.0.20"
# what has to be done after the update, and so is said before it
MESSAGES = {
    "command": "The device goes on with its old firmware until 'fwupdmgr activate', which resets it: stop using "
    "it first.",
    "reboot": "The device goes on with its old firmware until this machine is rebooted.",
    "power-cycle": "The device goes on with its old firmware until its power has been off; a reboot of this "
    "machine may not do that.",
}


@dataclass
class Release:
    """What a release is, besides the device that it is for."""

    version: str
    sha256: str
    size_bytes: int
    date: str
    urgency: str = "medium"
    duration_s: int = DURATION_S
    notes: str = ""
    summary: str = ""
    name: str = ""
    developer: str = ""
    component_id: str = ""
    category: str = "X-Drive"
    homepage: str = ""
    details_url: str = ""
    message: str = ""
    revisions: list = field(default_factory=list)


def date_of(seconds):
    return time.strftime("%Y-%m-%d", time.gmtime(seconds))


def check_date(text):
    try:
        time.strptime(text, "%Y-%m-%d")
    except ValueError:
        raise Refusal(f"--date {text}: is no date like 2026-01-31") from None
    return text


def check_id(text):
    if not re.fullmatch(r"[a-z][a-z0-9]*(\.[a-z0-9_-]+){2,}", text) or len(text) > 200:
        raise Refusal(f"--id {text}: has to be like org.example.disk.firmware, in small letters")
    return text


def default_id(facts):
    parts = [re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") for text in (facts.vendor, facts.product)]
    return ".".join(["com", *parts, "firmware"])


def check_category(text):
    if not re.fullmatch(r"X-[A-Za-z]{1,40}", text):
        raise Refusal(f"--category {text}: has to be one of AppStream's for firmware, like X-Drive")
    return text


def check_duration(seconds):
    if not 1 <= seconds <= DURATION_MAX_S:
        raise Refusal(f"--duration {seconds}: has to be from 1 to {DURATION_MAX_S} seconds")
    return seconds


def make_message(text, activation):
    """What the user has to do after the update; nothing if the device does it all."""
    return check_line("--update-message", text) if text else MESSAGES.get(activation, "")


def make_release(options, facts, image, now_s):
    """A release from a command line; IMAGE is its SHA-256 and its size in bytes."""
    name = check_line("--name", options.name or facts.name)
    return Release(
        version=version.check_version(options.version),
        sha256=image[0],
        size_bytes=image[1],
        date=check_date(options.date) if options.date else date_of(now_s),
        urgency=options.urgency,
        duration_s=check_duration(options.duration or facts.duration_s or DURATION_S),
        notes=check_notes(options.notes or f"Revision {options.version}."),
        summary=check_line("--summary", options.summary or f"Firmware of {facts.vendor} {facts.product}"),
        name=name,
        developer=check_line("--developer", options.developer or facts.vendor),
        component_id=check_id(options.id or default_id(facts)),
        category=check_category(options.category),
        homepage=check_url("--homepage", options.homepage) if options.homepage else "",
        details_url=check_url("--details", options.details) if options.details else "",
        message=make_message(options.update_message, options.activation or facts.activation),
        revisions=[version.check_requirement(text) for text in options.revisions],
    )


def quote(text):
    """For text and for attributes in double quotes."""
    return escape(text, {'"': "&quot;"})


def notes_xml(notes):
    """Paragraphs are parted by blank lines; lines that begin with - or * are a list."""
    result = []
    for block in re.split(r"\n\s*\n", notes.strip()):
        lines = [line.strip() for line in block.split("\n")]
        while lines:
            is_item = bool(re.match(r"[-*] ", lines[0]))
            run = []
            while lines and bool(re.match(r"[-*] ", lines[0])) == is_item:
                run.append(lines.pop(0))
            if is_item:
                items = "".join(f"<li>{quote(line[2:].strip())}</li>" for line in run)
                result.append(f"        <ul>{items}</ul>")
            else:
                result.append(f"        <p>{quote(' '.join(run))}</p>")
    return "\n".join(result)


def lines(indent, *texts):
    return "".join(f"{' ' * indent}{text}\n" for text in texts if text)


def make(facts, release):
    """The metainfo, as text."""
    fwupd = f'<id compare="ge" version="{FWUPD_MIN}">org.freedesktop.fwupd</id>'
    values = {
        "ID": release.component_id,
        "NAME": release.name,
        "SUMMARY": release.summary,
        "DEVELOPER": release.developer,
        "DESCRIPTION": f"Firmware for devices that say they are {facts.vendor} {facts.product}.",
        "GUID": facts.guid,
        "VENDOR_ID": facts.vendor_id,
        "CATEGORY": release.category,
        "VERSION": release.version,
        "DATE": release.date,
        "URGENCY": release.urgency,
        "DURATION_S": str(release.duration_s),
        "SHA256": release.sha256,
        "BYTES": str(release.size_bytes),
    }
    values = {key: quote(text) for key, text in values.items()}
    required = version.requirement(release.revisions) if release.revisions else ""
    values["URLS"] = lines(2, release.homepage and f'<url type="homepage">{quote(release.homepage)}</url>')
    values["REQUIRES"] = lines(
        4,
        required and f'<firmware compare="eq" version="{quote(required)}"/>',
        fwupd,
        # fwupd reads patterns only where this is said, too
        "=" in required and "<client>id-requirement-glob</client>",
    )
    values["DETAILS"] = lines(6, release.details_url and f'<url type="details">{quote(release.details_url)}</url>')
    values["NOTES"] = notes_xml(release.notes)
    values["CUSTOM"] = lines(
        4, release.message and f'<value key="LVFS::UpdateMessage">{quote(release.message)}</value>'
    )
    return template.fill("firmware.metainfo.xml.in", values)


def cabinet_name(facts, release):
    return file_name(f"{facts.vendor}-{facts.product}-{release.version}") + ".cab"
