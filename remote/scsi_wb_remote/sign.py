# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""Signatures as fwupd wants them, in a JCat file: PKCS #7, and a SHA-256 without which it trusts none."""

import gzip
import json
import os
import re
import shutil
import tempfile
from pathlib import Path

from . import tools
from .words import Refusal

JCAT_MAX_BYTES = 4 * 1024 * 1024
# JcatBlobKind
KIND_PKCS7 = 3


def add(keys, jcat, name, folder, appstream_id):
    """Adds the signature of the file NAME in FOLDER; JCat records the name."""
    tools.run("jcat-tool", "--appstream-id", appstream_id, "sign", jcat, name, keys.signer, keys.key, cwd=folder)
    tools.run("jcat-tool", "self-sign", jcat, name, "--kind", "sha256", cwd=folder)


def read(jcat):
    """The first item of a JCat file."""
    try:
        with gzip.open(jcat) as stream:
            document = json.loads(stream.read(JCAT_MAX_BYTES))
        item = document["Items"][0]
        return item if isinstance(item["Id"], str) and isinstance(item["Blobs"], list) else None
    except (OSError, EOFError, ValueError, KeyError, IndexError, TypeError) as error:
        raise Refusal(f"{jcat}: is no signature file that fwupd could read ({error})") from error


def signed_s(jcat):
    """When it was signed, in seconds."""
    times = [blob.get("Timestamp") for blob in read(jcat)["Blobs"] if blob.get("Kind") == KIND_PKCS7]
    if len(times) != 1 or not isinstance(times[0], int):
        raise Refusal(f"{jcat}: does not say when it was signed")
    return times[0]


def signer_of(jcat):
    """The certificate that made the signature, as openssl writes it."""
    texts = [blob.get("Data") for blob in read(jcat)["Blobs"] if blob.get("Kind") == KIND_PKCS7]
    with tempfile.TemporaryDirectory(prefix="scsi-wb-remote.") as folder:
        path = Path(folder) / "signature"
        path.write_text("".join(map(str, texts)))
        found = tools.run("openssl", "pkcs7", "-in", path, "-print_certs")
    match = re.search(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", found, re.DOTALL)
    if not match:
        raise Refusal(f"{jcat}: the signature names no signer")
    return match[0]


def certificate_text(certificate):
    return tools.run("openssl", "x509", "-in", certificate)


def why_untrusted(jcat, path, name, authorities, at_any_time):
    """Nothing if one of AUTHORITIES has signed the file PATH as NAME in JCAT, else what jcat-tool says."""
    with tempfile.TemporaryDirectory(prefix="scsi-wb-remote.") as folder:
        target = Path(folder) / "signed" / name
        target.parent.mkdir()
        try:
            os.link(path, target)
        except OSError:
            shutil.copyfile(path, target)
        # of several --public-key jcat-tool takes the last one
        trusted = Path(folder) / "authorities"
        trusted.mkdir()
        for number, ca in enumerate(authorities):
            shutil.copyfile(ca, trusted / f"{number}.pem")
        said = tools.run(
            "jcat-tool", "verify", os.path.abspath(jcat), name, "--public-keys", trusted,
            *(["--disable-time-checks"] if at_any_time else []), cwd=target.parent, status=(0, 1),
        )
    if re.search(r"^ +PASSED pkcs7:", said, re.MULTILINE) and re.search(r"^ +PASSED sha256:", said, re.MULTILINE):
        return None
    failed = re.findall(r"^ +FAILED (.*)$", said, re.MULTILINE)
    return "; ".join(failed) or "it has no signature with a SHA-256 beside it"
