# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""Cabinets: packing and signing one, and reading one that may come from anybody."""

import hashlib
import os
import re
import shutil
import tempfile
import xml.etree.ElementTree as ET
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from . import sign, tools
from .words import Refusal, progress

IMAGE = "firmware.bin"
METAINFO = "firmware.metainfo.xml"
SIGNATURE = "firmware.jcat"
IMAGE_MAX_BYTES = 1 << 30
CABINET_MAX_BYTES = IMAGE_MAX_BYTES + (1 << 20)
METAINFO_MAX_BYTES = 1 << 20


@dataclass
class Cabinet:
    """What matters of a cabinet file."""

    path: Path
    size_bytes: int
    sha1: str
    sha256: str
    components: list = field(default_factory=list)
    installed_bytes: int = 0
    # of what is inside, but for the signatures
    content_sha256: str = ""
    release_keys: tuple = ()
    versions: tuple = ()

    @property
    def name(self):
        return self.path.name


def digests(path, *kinds):
    """Hexadecimal digests of a file."""
    sums = [hashlib.new(kind) for kind in kinds]
    with open(path, "rb") as stream:
        while block := stream.read(1 << 20):
            for each in sums:
                each.update(block)
    return [each.hexdigest() for each in sums]


@contextmanager
def folder_for_work():
    """A folder for this run alone."""
    with tempfile.TemporaryDirectory(prefix="scsi-wb-remote.") as folder:
        yield Path(folder)


def validate(metainfo):
    """appstreamcli's judgement; status 3 is an error, warnings alone are none."""
    said = tools.run("appstreamcli", "validate", "--no-net", "--no-color", metainfo, status=(0, 3))
    if re.search(r"^E:", said, re.MULTILINE):
        raise Refusal(f"appstreamcli finds the metainfo wrong: {tools.last_words(said)}")


def pack(image, metainfo, keys, out, component_id, now_s):
    """The cabinet OUT of IMAGE and the text METAINFO, signed; it appears whole or not at all."""
    with folder_for_work() as work:
        shutil.copyfile(image, work / IMAGE)
        (work / METAINFO).write_text(metainfo, encoding="utf-8")
        validate(work / METAINFO)
        progress("signing image and metainfo")
        for name in (IMAGE, METAINFO):
            sign.add(keys, SIGNATURE, name, work, component_id)
        for name in (IMAGE, METAINFO, SIGNATURE):
            os.utime(work / name, (now_s, now_s))
        tools.run("gcab", "--create", "--nopath", "update.cab", IMAGE, METAINFO, SIGNATURE, cwd=work)
        place(work / "update.cab", out)


def place(source, out):
    """SOURCE's content under the name OUT, readable by all, and never half of it."""
    try:
        handle, partial = tempfile.mkstemp(prefix=f".{out.name}.", dir=out.parent)
        try:
            with os.fdopen(handle, "wb") as stream, open(source, "rb") as content:
                shutil.copyfileobj(content, stream, 1 << 20)
                os.fchmod(stream.fileno(), 0o644)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(partial, out)
        except BaseException:
            os.unlink(partial)
            raise
    except OSError as error:
        raise Refusal(f"{out}: cannot be written: {error.strerror}") from error


def unpack(path, work):
    """The files of a cabinet, in the folder WORK; names that lead elsewhere are refused."""
    listing = tools.run("gcab", "--list", os.path.abspath(path)).splitlines()
    for name in listing:
        if not re.fullmatch(r"[A-Za-z0-9._+-]+", name) or name.startswith("."):
            raise Refusal(f"{path}: has a file with an odd name in it: {name!r}")
    if len(set(listing)) != len(listing):
        raise Refusal(f"{path}: has two files of one name in it")
    tools.run("gcab", "--extract", "--nopath", os.path.abspath(path), cwd=work)
    return [work / name for name in listing]


def read_component(path):
    """The <component> of a metainfo file. An XML entity could be a bomb; metainfo needs none."""
    text = path.read_bytes()
    if len(text) > METAINFO_MAX_BYTES or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise Refusal(f"{path.name}: is too large, or has a document type, for metainfo")
    try:
        root = ET.fromstring(text)
    except ET.ParseError as error:
        raise Refusal(f"{path.name}: is no XML: {error}") from error
    if root.tag != "component" or root.get("type") != "firmware":
        raise Refusal(f"{path.name}: is no metainfo of firmware")
    return root


def keys_of(component):
    """What may be in a remote only once: a GUID and a version; and the versions."""
    guids = [e.text or "" for e in component.findall("provides/firmware[@type='flashed']")]
    versions = [e.get("version", "") for e in component.findall("releases/release")]
    if not guids or not versions or not all(guids + versions):
        raise Refusal("its metainfo has no GUID, or a release without a version")
    return [(guid.lower(), version) for guid in guids for version in versions], versions


def content_of(sums):
    """A digest of what a cabinet holds, from the SHA-256 of each file but the signatures."""
    lines = [f"{name} {sums[name]}\n" for name in sorted(sums)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def measure(path):
    """The outside of a cabinet."""
    try:
        size = path.stat().st_size
        if not path.is_file() or size > CABINET_MAX_BYTES:
            raise Refusal(f"{path}: is no file, or too large for a cabinet")
        sha1, sha256 = digests(path, "sha1", "sha256")
    except OSError as error:
        raise Refusal(f"{path}: {error.strerror}") from error
    return Cabinet(path, size, sha1, sha256)


def check_signatures(cabinet, files, authorities):
    """Each file is signed by one of AUTHORITIES, as fwupd wants it; a signer may have expired since."""
    jcats = [path for path in files if path.suffix == ".jcat"]
    if len(jcats) != 1:
        raise Refusal(f"{cabinet.path}: is not signed")
    for path in files:
        if path.suffix == ".jcat":
            continue
        why = sign.why_untrusted(jcats[0], path, path.name, authorities, at_any_time=True)
        if why:
            raise Refusal(
                f"{cabinet.path}: {path.name} in it is not signed by an authority that is trusted here, or was "
                f"changed since: {why}"
            )


def read(path, authorities):
    """A cabinet whose files are all signed by one of AUTHORITIES; with None, whoever signed it."""
    cabinet = measure(Path(path))
    with folder_for_work() as work:
        files = unpack(cabinet.path, work)
        if authorities is not None:
            check_signatures(cabinet, files, authorities)
        payload = [p for p in files if p.suffix != ".jcat" and not p.name.endswith(".metainfo.xml")]
        cabinet.installed_bytes = sum(p.stat().st_size for p in payload)
        cabinet.content_sha256 = content_of(
            {p.name: digests(p, "sha256")[0] for p in files if p.suffix != ".jcat"}
        )
        try:
            cabinet.components = [read_component(p) for p in files if p.name.endswith(".metainfo.xml")]
            if not cabinet.components or not payload:
                raise Refusal("there is no metainfo in it, or nothing else")
            found = [keys_of(component) for component in cabinet.components]
        except Refusal as refusal:
            raise Refusal(f"{cabinet.path}: {refusal}") from refusal
    cabinet.release_keys = tuple(sorted(key for keys, _ in found for key in keys))
    cabinet.versions = tuple(version for _, versions in found for version in versions)
    return cabinet
