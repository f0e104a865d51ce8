# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""Looks at a remote as a client would, and says what is wrong."""

import time
from dataclasses import dataclass, field
from datetime import datetime, timezone

from . import cabinet, catalog, folder as remote, keys, sign
from .words import Refusal

CLOCKS_DIFFER_S = 600


@dataclass
class Report:
    """What a client would trip over, and what only an administrator might want to know."""

    wrong: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    offers: list = field(default_factory=list)
    metadata: str = ""
    signed_s: int = 0


def check_signature(report, where, authorities):
    """Signed by an authority, by a signer that holds today."""
    jcat, path = where / remote.JCAT, where / report.metadata
    why = sign.why_untrusted(jcat, path, report.metadata, authorities, at_any_time=False)
    if why is None:
        return
    if sign.why_untrusted(jcat, path, report.metadata, authorities, at_any_time=True) is None:
        why = "the certificate of the signer does not hold today; make a new one with 'keys renew', and publish again"
    report.wrong.append(f"{report.metadata}: fwupd would not trust the metadata: {why}")


def check_times(report, where):
    """When it was signed, and until when the signer holds."""
    jcat = where / remote.JCAT
    report.signed_s = sign.signed_s(jcat)
    if report.signed_s > time.time() + CLOCKS_DIFFER_S:
        report.wrong.append(f"{remote.JCAT}: was signed in the future; one of the clocks is wrong")
    with cabinet.folder_for_work() as work:
        (work / "signer.pem").write_text(sign.signer_of(jcat))
        _, until = keys.when(work / "signer.pem")
    left = until - datetime.now(timezone.utc)
    if 0 < left.total_seconds() < keys.SOON.total_seconds():
        report.notes.append(f"the signer expires on {until:%Y-%m-%d}; 'keys renew', and publish again before that")
    if remote.METADATA not in (sign.read(jcat).get("AliasIds") or []):
        report.wrong.append(f"{remote.JCAT}: is not for {remote.METADATA}, which machines ask for")


def check_client(report, where, authorities):
    """The files for the machines belong to this remote; gives its address."""
    settings = remote.read_settings(where)
    if settings is None:
        report.wrong.append(f"{remote.CLIENT}: has no .conf file for the machines")
        return None
    path = where / remote.CLIENT / f"{settings.name}.pem"
    known = [sign.certificate_text(ca) for ca in authorities]
    if not path.is_file():
        report.wrong.append(f"{path.relative_to(where)}: is missing")
    elif sign.certificate_text(path) not in known:
        report.wrong.append(f"{path.relative_to(where)}: is not the authority that was named")
    return settings.url


def check_offer(where, url, offer, authorities):
    """What is wrong with one cabinet; the first is enough."""
    if url is not None and offer.location != catalog.location_of(url, offer.name):
        return f"the metadata says it is at {offer.location}, which is not below {url}"
    path = where / offer.name
    if not path.is_file():
        return "the metadata offers it, and it is not there"
    found = cabinet.measure(path)
    if found.size_bytes != offer.size_bytes:
        return f"has {found.size_bytes} bytes, and the metadata says {offer.size_bytes}"
    if (found.sha1, found.sha256) != (offer.sha1, offer.sha256):
        return "its checksum is not that of the metadata: it was changed"
    inside = cabinet.read(path, authorities)
    if inside.installed_bytes != offer.installed_bytes or inside.versions != offer.versions:
        return "the metadata says something else of it than its own metainfo"
    return None


def check_offers(report, where, url, authorities):
    for offer in report.offers:
        try:
            why = check_offer(where, url, offer, authorities)
        except Refusal as refusal:
            why = str(refusal).removeprefix(f"{where / offer.name}: ")
        if why:
            report.wrong.append(f"{offer.name}: {why}")


def check_others(report, where):
    """What lies about, and what a web server may not be able to read."""
    served = {offer.name for offer in report.offers} | {report.metadata, remote.JCAT}
    old = 0
    for entry in sorted(where.iterdir()):
        if entry.name in served and not entry.stat().st_mode & 0o004:
            report.notes.append(f"{entry.name}: only some users can read it; can the web server?")
        elif entry.name in served | {remote.LOCK, remote.CLIENT}:
            continue
        elif remote.METADATA_NAME.fullmatch(entry.name):
            old += 1
        elif entry.name.startswith("."):
            report.notes.append(f"{entry.name}: left by a run that was interrupted; the next one removes it")
        else:
            report.notes.append(f"{entry.name}: is not offered")
    if old > 1:
        report.notes.append(f"{old} metadata files are older; the next run removes all but one")


def verify(where, authorities):
    """Everything; a step that finds nothing to look at ends it."""
    report = Report()
    try:
        if not (where / remote.JCAT).is_file():
            raise Refusal(f"{where / remote.JCAT}: is not there, so this is no remote")
        report.metadata, data = remote.read_metadata(where)
        check_signature(report, where, authorities)
        check_times(report, where)
        url = check_client(report, where, authorities)
        report.offers = catalog.read(catalog.decompress(data))
        check_offers(report, where, url, authorities)
        check_others(report, where)
    except Refusal as refusal:
        report.wrong.append(str(refusal).removeprefix(f"{where}/"))
    except OSError as error:
        report.wrong.append(f"{error.filename}: {error.strerror}")
    return report
