# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""The folder of a remote: what is in it, and what of it is what the metadata says.

    firmware.xml.xz.jcat        signature of the metadata, and the metadata's name
    firmware-0123456789abcdef.xml.xz
    *.cab
    client/NAME.conf client/NAME.pem

fwupd asks for MetadataURI with .jcat behind it, and then for the file whose name stands in there. So that one
rename of the .jcat brings everything new into use at once, and no client sees a half of it.
"""

import configparser
import fcntl
import hashlib
import os
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from . import cabinet, catalog, sign, template
from .words import Refusal, check_line, check_url

METADATA = "firmware.xml.xz"
JCAT = METADATA + ".jcat"
METADATA_NAME = re.compile(r"firmware-[0-9a-f]{16}\.xml\.xz")
LOCK = ".lock"
CLIENT = "client"
# the remotes that Debian's fwupd has, whose files ours must not replace
TAKEN = ("lvfs", "lvfs-testing", "vendor", "vendor-directory", "dell-esrt", "fwupd-tests")


@dataclass
class Settings:
    """What the client's file says."""

    name: str
    url: str
    title: str


@dataclass
class State:
    """What a remote offers, as far as its signature holds."""

    metadata: str = ""
    xml: bytes = b""
    signed_s: int = 0
    signer: str = ""
    offers: list = field(default_factory=list)


def check_name(name):
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,40}", name):
        raise Refusal(f"--name {name}: has to be letters, digits, - and _, since it names files")
    if name in TAKEN:
        raise Refusal(f"--name {name}: fwupd has a remote of that name already")
    return name


def metadata_name(data):
    return f"firmware-{hashlib.sha256(data).hexdigest()[:16]}.xml.xz"


def conf_text(settings):
    """The file for /etc/fwupd/remotes.d; GLib reads a backslash as the beginning of something."""
    title = settings.title.replace("\\", "\\\\")
    return template.fill("remote.conf.in", {"TITLE": title, "URL": settings.url})


def conf_files(folder):
    return sorted((folder / CLIENT).glob("*.conf"))


def read_settings(folder):
    """From the client's file; nothing if there is none."""
    files = conf_files(folder)
    if not files:
        return None
    if len(files) > 1:
        raise Refusal(f"{folder / CLIENT}: has {len(files)} .conf files; a remote has one name")
    parser = configparser.RawConfigParser()
    try:
        parser.read(files[0], encoding="utf-8")
        section = parser["fwupd Remote"]
        url, title = section["MetadataURI"], section["Title"].replace("\\\\", "\\")
    except (OSError, ValueError, KeyError, configparser.Error) as error:
        raise Refusal(f"{files[0]}: is no remote's file: {error}") from error
    if not url.endswith("/" + METADATA):
        raise Refusal(f"{files[0]}: MetadataURI does not end with /{METADATA}: {url}")
    return Settings(files[0].stem, check_url("MetadataURI", url[: -len(METADATA) - 1]), title)


def make_settings(folder, name, url, title):
    """What the command line says, or else the remote itself."""
    old = read_settings(folder)
    if old is None and (name is None or url is None):
        raise Refusal(f"{folder}: is a new remote, and needs --name and --url")
    if old is not None and name not in (None, old.name):
        raise Refusal(
            f"{folder}: is the remote {old.name}, not {name}; machines know it by that name. A remote of another "
            "name is another folder"
        )
    name = check_name(old.name if name is None else name)
    url = old.url if url is None else check_url("--url", url)
    if title is None:
        title = old.title if old else f"Firmware of {name}"
    return Settings(name, url, check_line("--title", title))


@contextmanager
def locked(folder):
    """One run at a time."""
    try:
        with open(folder / LOCK, "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
    except BlockingIOError as error:
        raise Refusal(f"{folder}: another scsi-wb-remote is at work there; try again when it has ended") from error
    except OSError as error:
        raise Refusal(f"{error.filename or folder}: {error.strerror}") from error


def open_folder(folder):
    """The folder; made if it is not there."""
    folder = Path(os.path.abspath(folder))
    try:
        if not folder.exists():
            folder.mkdir(mode=0o755)
            folder.chmod(0o755)
    except OSError as error:
        raise Refusal(f"{folder}: cannot be made: {error.strerror}") from error
    if not folder.is_dir():
        raise Refusal(f"{folder}: is no folder")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Refusal(f"{folder}: cannot be written by this user")
    strange = [entry.name for entry in folder.iterdir() if is_strange(entry)]
    if strange and not (folder / JCAT).exists():
        raise Refusal(
            f"{folder}: is no remote, and has other files in it ({', '.join(sorted(strange)[:3])}): name an empty "
            "folder or one that is not there"
        )
    return folder


def is_strange(entry):
    name = entry.name
    is_known = name in (JCAT, LOCK, CLIENT) or METADATA_NAME.fullmatch(name) or name.endswith(".cab")
    return not is_known and not name.startswith(".")


def read_metadata(folder):
    """The name and the content of the metadata that the signature is for."""
    name = sign.read(folder / JCAT)["Id"]
    if not METADATA_NAME.fullmatch(name):
        raise Refusal(f"{folder / JCAT}: is for a file of the odd name {name!r}; this program did not make it")
    try:
        return name, (folder / name).read_bytes()
    except OSError as error:
        raise Refusal(f"{folder / name}: {error.strerror}; it is what {JCAT} is for") from error


def read_state(folder, authorities):
    """What the remote offers now; it has to be signed by one of AUTHORITIES."""
    if not (folder / JCAT).exists():
        return State()
    name, data = read_metadata(folder)
    why = sign.why_untrusted(folder / JCAT, folder / name, name, authorities, at_any_time=True)
    if why:
        raise Refusal(
            f"{folder}: its metadata is not signed by the authority of these keys, or was changed since; name the "
            f"authority that signed it with --trust if that was another one: {why}"
        )
    xml = catalog.decompress(data)
    jcat = folder / JCAT
    return State(name, xml, sign.signed_s(jcat), sign.signer_of(jcat), catalog.read(xml))


def read_offered(folder, offer):
    """The cabinet of an offer, which has to be what the metadata says."""
    found = cabinet.measure(folder / offer.name)
    if (found.sha256, found.size_bytes) != (offer.sha256, offer.size_bytes):
        raise Refusal(
            f"{found.path}: is not what the metadata says: it was changed after it was published. Put the "
            "published file back, or take it out with --withdraw"
        )
    return cabinet.read(found.path, None)
