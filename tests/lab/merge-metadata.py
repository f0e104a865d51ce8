#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""Prints a remote's metadata: the metainfo of every cabinet, with where to download it.

usage: merge-metadata.py BASE-URL CABINET…

The format is AppStream's catalog as fwupd reads it; fwupd itself has no tool that makes one.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET


def child(parent, tag, text=None, **attributes):
    element = ET.SubElement(parent, tag, attributes)
    element.text = text
    return element


def metainfo_of(cabinet):
    """The <component> elements of a cabinet, and the size of its payload in bytes."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["gcab", "-x", "-n", os.path.abspath(cabinet)],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        names = [os.path.join(folder, name) for name in os.listdir(folder)]
        components = [ET.parse(n).getroot() for n in names if n.endswith(".metainfo.xml")]
        if not components:
            sys.exit(f"{cabinet}: no .metainfo.xml inside")
        payload = [n for n in names if not n.endswith((".metainfo.xml", ".jcat"))]
        return components, sum(os.path.getsize(n) for n in payload)


def add_artifact(release, base_url, cabinet, installed_bytes):
    """Tells where RELEASE is, absolutely: GNOME Software mishandles a relative location."""
    name = os.path.basename(cabinet)
    with open(cabinet, "rb") as stream:
        content = stream.read()
    artifact = child(child(release, "artifacts"), "artifact", type="binary")
    child(artifact, "location", f"{base_url}/{name}")
    child(artifact, "filename", name)
    for kind in ("sha1", "sha256"):
        child(artifact, "checksum", hashlib.new(kind, content).hexdigest(), type=kind)
    child(artifact, "size", str(len(content)), type="download")
    child(artifact, "size", str(installed_bytes), type="installed")


def main(base_url, *cabinets):
    catalog = ET.Element("components", origin="lvfs", version="0.9")
    for cabinet in cabinets:
        components, installed_bytes = metainfo_of(cabinet)
        for component in components:
            for release in component.iter("release"):
                add_artifact(release, base_url, cabinet, installed_bytes)
            catalog.append(component)
    ET.ElementTree(catalog).write(sys.stdout.buffer, encoding="utf-8", xml_declaration=True)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
