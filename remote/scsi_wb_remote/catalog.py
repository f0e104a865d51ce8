# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""A remote's metadata: AppStream's catalog as fwupd reads it. No I/O; fwupd has no tool that makes one."""

import copy
import lzma
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from urllib.parse import quote, unquote

from .words import Refusal

XML_MAX_BYTES = 256 * 1024 * 1024


@dataclass
class Offer:
    """A cabinet as the catalog tells of it."""

    name: str
    location: str
    sha1: str
    sha256: str
    size_bytes: int
    installed_bytes: int
    versions: tuple


def child(parent, tag, text=None, **attributes):
    element = ET.SubElement(parent, tag, attributes)
    element.text = text
    return element


def location_of(url, name):
    """Absolute: with a relative one GNOME Software has failed."""
    return f"{url}/{quote(name)}"


def add_artifact(release, url, cabinet):
    """Where a release is; it takes the place of what the metainfo says of the files inside."""
    for old in release.findall("artifacts"):
        release.remove(old)
    artifact = child(child(release, "artifacts"), "artifact", type="binary")
    child(artifact, "location", location_of(url, cabinet.name))
    child(artifact, "filename", cabinet.name)
    child(artifact, "checksum", cabinet.sha1, type="sha1")
    child(artifact, "checksum", cabinet.sha256, type="sha256")
    child(artifact, "size", str(cabinet.size_bytes), type="download")
    child(artifact, "size", str(cabinet.installed_bytes), type="installed")


def make(url, cabinets):
    """The catalog of CABINETS, as bytes of XML; the same cabinets make the same bytes."""
    root = ET.Element("components", origin="lvfs", version="0.9")
    for cabinet in sorted(cabinets, key=lambda each: (each.release_keys, each.name)):
        for component in cabinet.components:
            component = copy.deepcopy(component)
            for release in component.iter("release"):
                add_artifact(release, url, cabinet)
            root.append(component)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def compress(xml):
    return lzma.compress(xml, format=lzma.FORMAT_XZ, check=lzma.CHECK_CRC64, preset=9)


def decompress(data):
    try:
        unpacker = lzma.LZMADecompressor(format=lzma.FORMAT_XZ)
        xml = unpacker.decompress(data, XML_MAX_BYTES)
    except lzma.LZMAError as error:
        raise Refusal(f"the metadata is no xz file: {error}") from error
    if not unpacker.eof or unpacker.unused_data:
        raise Refusal("the metadata is cut off, too large, or has something behind its end")
    return xml


def number(text):
    return int(text) if text and re.fullmatch(r"\d{1,15}", text) else -1


def offer_of(release, artifact):
    sums = {e.get("type"): e.text or "" for e in artifact.findall("checksum")}
    sizes = {e.get("type"): number(e.text) for e in artifact.findall("size")}
    location = artifact.findtext("location") or ""
    return Offer(
        name=unquote(location.rsplit("/", 1)[-1]),
        location=location,
        sha1=sums.get("sha1", ""),
        sha256=sums.get("sha256", ""),
        size_bytes=sizes.get("download", -1),
        installed_bytes=sizes.get("installed", -1),
        versions=(release.get("version", ""),),
    )


def read(xml):
    """The cabinets that a catalog offers, each once."""
    try:
        root = ET.fromstring(xml)
    except ET.ParseError as error:
        raise Refusal(f"the metadata is no XML: {error}") from error
    offers = {}
    for release in root.iter("release"):
        artifacts = release.findall("artifacts/artifact[@type='binary']")
        if len(artifacts) != 1:
            raise Refusal(f"the metadata offers release {release.get('version')} without one cabinet")
        offer = offer_of(release, artifacts[0])
        if not offer.name or offer.name.startswith(".") or "/" in offer.name:
            raise Refusal(f"the metadata has a cabinet with an odd location: {offer.location!r}")
        known = offers.setdefault(offer.name, offer)
        if known is not offer:
            if known.sha256 != offer.sha256:
                raise Refusal(f"the metadata has two cabinets with the name {offer.name}")
            known.versions += offer.versions
    return list(offers.values())
