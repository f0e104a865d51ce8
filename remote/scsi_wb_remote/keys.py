# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""The folder of keys: an authority that machines trust, and signers below it, the newest of which signs.

    ca.key ca.pem signer-1.key signer-1.pem signer-2.key …

A file in it is made once and never written again. All are made in a folder that nobody else can enter.
"""

import os
import re
import secrets
import shutil
import stat
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from . import tools
from .words import Refusal, check_line, progress, warn

CA_DAYS = 7300
SIGNER_DAYS = 825
SOON = timedelta(days=30)
CURVE = ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
CA_EXTENSIONS = """basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
"""
SIGNER_EXTENSIONS = """basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=codeSigning
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
"""


@dataclass
class Keys:
    """What signs: a certificate, its key, and the authority's certificate."""

    folder: Path
    ca: Path
    signer: Path
    key: Path
    until: datetime

    @property
    def signer_name(self):
        return self.signer.stem


def subject(owner, role):
    """For openssl -subj, where / and + and \\ have a meaning."""
    check_line("the owner", owner, 60)
    if re.search(r"[/+\\=,]", owner):
        raise Refusal(f"the owner cannot have one of / + \\ = , in a certificate: {owner!r}")
    return f"/O={owner}/CN={role}"


def when(certificate):
    """From when and until when a certificate holds."""
    text = tools.run(
        "openssl", "x509", "-in", certificate, "-noout", "-startdate", "-enddate", "-dateopt", "iso_8601"
    )
    found = re.findall(r"=(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)Z", text)
    if len(found) != 2:
        raise Refusal(f"{certificate}: openssl does not say until when it holds")
    return tuple(
        datetime.strptime(one, "%Y-%m-%d %H:%M:%S").replace(tzinfo=timezone.utc) for one in found
    )


def make_key(folder, name):
    tools.run("openssl", "genpkey", *CURVE, "-out", f"{name}.key", cwd=folder)
    os.chmod(folder / f"{name}.key", 0o600)


def make_request(folder, name, words):
    tools.run(
        "openssl", "req", "-new", "-utf8", "-key", f"{name}.key", "-subj", words, "-out", f"{name}.csr",
        cwd=folder,
    )


def make_certificate(folder, name, extensions, days, *issuer):
    """A certificate of the request NAME.csr, below ISSUER, or its own authority."""
    (folder / f"{name}.ext").write_text(extensions)
    tools.run(
        "openssl", "x509", "-req", "-in", f"{name}.csr", "-days", days, "-sha256", "-extfile", f"{name}.ext",
        "-set_serial", f"0x{secrets.randbits(120) | 1 << 120:x}", "-out", f"{name}.pem", *issuer, cwd=folder,
    )
    for rest in (f"{name}.csr", f"{name}.ext"):
        (folder / rest).unlink()


def make_ca(folder, owner, days):
    """Its name is no other's, so that of two authorities people see which one is meant."""
    make_key(folder, "ca")
    make_request(folder, "ca", subject(owner, f"firmware authority {secrets.token_hex(4)}"))
    make_certificate(folder, "ca", CA_EXTENSIONS, days, "-signkey", "ca.key")


def make_signer(folder, name, owner, days, ca_folder):
    make_key(folder, name)
    make_request(folder, name, subject(owner, f"firmware {name}"))
    make_certificate(
        folder, name, SIGNER_EXTENSIONS, days, "-CA", ca_folder / "ca.pem", "-CAkey", ca_folder / "ca.key"
    )


def owner_of(certificate):
    text = tools.run(
        "openssl", "x509", "-in", certificate, "-noout", "-subject", "-nameopt", "multiline,utf8,-esc_msb"
    )
    found = re.search(r"^ *organizationName *= (.*)$", text, re.MULTILINE)
    return found[1] if found else "firmware"


def new(folder, owner, ca_days=CA_DAYS, signer_days=SIGNER_DAYS):
    """Makes FOLDER with an authority and its first signer; it appears whole or not at all."""
    folder = Path(os.path.abspath(folder))
    if folder.is_symlink() or folder.exists():
        raise Refusal(f"{folder}: is there already, and keys are never written over; choose another folder")
    if not folder.parent.is_dir():
        raise Refusal(f"{folder.parent}: there is no such folder to make the keys in")
    progress(f"making an authority and a signer in {folder}")
    try:
        # mkdtemp makes it for its owner alone, from the first moment on
        partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise Refusal(f"{folder.parent}: {error.strerror}") from error
    try:
        make_ca(partial, owner, ca_days)
        make_signer(partial, "signer-1", owner, signer_days, partial)
        partial.rename(folder)
    except OSError as error:
        raise Refusal(f"{folder}: {error.strerror}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return load(folder)


def signers(folder):
    """The certificates of the signers, the newest first."""
    found = [(int(m[1]), path) for path in folder.iterdir() if (m := re.fullmatch(r"signer-(\d+)\.pem", path.name))]
    return [path for _, path in sorted(found, reverse=True)]


def renew(folder, days=SIGNER_DAYS):
    """One more signer below the same authority; the old one stays."""
    folder = Path(os.path.abspath(folder))
    check_folder(folder)
    check_private(folder / "ca.key")
    check_pair(folder / "ca.pem", folder / "ca.key")
    _, ca_until = when(folder / "ca.pem")
    until = datetime.now(timezone.utc) + timedelta(days=days)
    if until > ca_until:
        raise Refusal(
            f"{folder}/ca.pem holds until {ca_until:%Y-%m-%d}, shorter than the new signer would: make another "
            "authority with 'keys new', and see 'A new authority' in docs/remote.md"
        )
    last = max([int(path.stem.split("-")[1]) for path in signers(folder)], default=0)
    name = f"signer-{last + 1}"
    progress(f"making {name} in {folder}")
    with tempfile.TemporaryDirectory(prefix=".new.", dir=folder) as partial:
        make_signer(Path(partial), name, owner_of(folder / "ca.pem"), days, folder)
        # the certificate last: without it a key is no signer; link() writes over nothing
        for suffix in (".key", ".pem"):
            os.link(f"{partial}/{name}{suffix}", folder / (name + suffix))
    return load(folder)


def check_folder(folder):
    """There are keys, and nobody else may exchange them."""
    if not folder.is_dir() or not (folder / "ca.pem").is_file():
        raise Refusal(
            f"{folder}: there are no keys; 'cabinet' makes them with --new-keys, and 'keys new {folder}' does"
        )
    if folder.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise Refusal(f"{folder}: others may write to the folder of the keys: chmod 700 {folder}")


def check_private(key):
    """A private key is there, and nobody else can read it."""
    try:
        mode = key.stat().st_mode
    except OSError as error:
        raise Refusal(f"{key}: the private key cannot be used: {error.strerror}") from error
    if mode & 0o077:
        raise Refusal(
            f"{key}: others may read or write the private key (mode {stat.S_IMODE(mode):04o}), so it is not used: "
            "make a new signer with 'keys renew', or if nobody can have read it, chmod 600"
        )


def check_pair(certificate, key):
    """The private key belongs to the certificate."""
    of_key = tools.run("openssl", "pkey", "-in", key, "-pubout")
    of_certificate = tools.run("openssl", "x509", "-in", certificate, "-noout", "-pubkey")
    if of_key != of_certificate:
        raise Refusal(f"{key}: is not the private key of {certificate}")


def check_signer(signer, folder):
    """The signer's certificate holds today, below the authority."""
    since, until = when(signer)
    now = datetime.now(timezone.utc)
    if until <= now:
        raise Refusal(
            f"{signer}: expired on {until:%Y-%m-%d}, and fwupd would refuse the remote: 'keys renew {folder}' "
            "makes another signer"
        )
    if since > now:
        raise Refusal(f"{signer}: holds only from {since:%Y-%m-%d %H:%M} UTC on; is the clock right?")
    tools.run("openssl", "verify", "-CAfile", folder / "ca.pem", signer)
    if until - now < SOON:
        warn(
            f"{signer.name} expires on {until:%Y-%m-%d}; after that fwupd refuses the remote. "
            f"'keys renew {folder}', then publish again"
        )
    return until


def check_certificate(name):
    """A file that the user names is a certificate."""
    if not Path(name).is_file():
        raise Refusal(f"{name}: there is no such certificate")
    tools.run("openssl", "x509", "-in", name, "-noout")


def load(folder):
    """The keys of FOLDER, ready to sign; whatever is wrong with them is refused."""
    folder = Path(os.path.abspath(folder))
    check_folder(folder)
    found = signers(folder)
    if not found:
        raise Refusal(f"{folder}: there is no signer, only an authority: 'keys renew {folder}' makes one")
    signer, key = found[0], found[0].with_suffix(".key")
    check_private(key)
    check_pair(signer, key)
    until = check_signer(signer, folder)
    return Keys(folder, folder / "ca.pem", signer, key, until)
