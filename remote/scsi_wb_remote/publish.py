# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""Makes a remote, and brings it from one state to the next, so that at each instant it is one or the other."""

import os
import time
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

from . import cabinet, catalog, folder as remote, sign, tools
from .words import Refusal, progress

# fwupd takes metadata for new only if it is signed in a later second than what it has
CLOCK_WAIT_S = 5


@dataclass
class Plan:
    """The next state, and what of it is new."""

    settings: remote.Settings
    cabinets: list
    added: list
    withdrawn: list
    kept: list = field(default_factory=list)
    xml: bytes = b""
    data: bytes = b""
    metadata: str = ""


def place_text(path, text):
    """A small file, whole or not at all."""
    with cabinet.folder_for_work() as work:
        (work / "text").write_bytes(text)
        cabinet.place(work / "text", path)


def conflict(new, old):
    """Why NEW cannot be beside OLD."""
    both = sorted(set(new.release_keys) & set(old.release_keys))
    if both:
        return (
            f"{new.path}: version {both[0][1]} for {both[0][0]} is published already, in {old.name}, with other "
            "content. What machines may have installed is never exchanged: give the release another version, "
            f"or take the old one out first with --withdraw {old.name}"
        )
    if new.name == old.name:
        return f"{new.path}: another cabinet of this name is published; name it otherwise"
    return None


def is_same(new, old):
    """The same release, perhaps signed again: what is published stays, since machines may have its checksum."""
    return new.content_sha256 == old.content_sha256


def add(plan, new):
    """Puts a cabinet to the others, unless it is there."""
    for old in plan.cabinets:
        if is_same(new, old):
            progress(f"{new.name}: is published already, as {old.name}")
            plan.kept.append(old)
            return
        why = conflict(new, old)
        if why:
            raise Refusal(why)
    plan.cabinets.append(new)
    plan.added.append(new)


def make_plan(where, state, settings, options, authorities):
    """The next state; nothing is written yet."""
    unknown = set(options.withdraw) - {offer.name for offer in state.offers}
    if unknown:
        raise Refusal(f"--withdraw {sorted(unknown)[0]}: {where} does not offer a cabinet of that name")
    plan = Plan(settings, [], [], list(options.withdraw))
    for offer in state.offers:
        if offer.name not in options.withdraw:
            plan.cabinets.append(remote.read_offered(where, offer))
    for name in options.cabinets:
        progress(f"reading {name}")
        add(plan, cabinet.read(Path(name), authorities))
    plan.xml = catalog.make(settings.url, plan.cabinets)
    plan.data = catalog.compress(plan.xml)
    plan.metadata = remote.metadata_name(plan.data)
    return plan


def client_files(where, settings, keys):
    """What the machines need: name to content."""
    client = where / remote.CLIENT
    return {
        client / f"{settings.name}.conf": remote.conf_text(settings).encode(),
        client / f"{settings.name}.pem": tools.run("openssl", "x509", "-in", keys.ca).encode(),
    }


def has_content(path, content):
    try:
        return path.read_bytes() == content
    except OSError:
        return False


def is_unchanged(where, state, plan, keys):
    """All is as it would be, down to who signed it."""
    return (
        state.xml == plan.xml
        and state.signer == sign.certificate_text(keys.signer)
        and all(has_content(*pair) for pair in client_files(where, plan.settings, keys).items())
    )


def wait_for_later(signed_s):
    """Until a second after that of the last signature: fwupd takes no metadata that is not newer."""
    behind_s = signed_s + 1 - time.time()
    if behind_s > CLOCK_WAIT_S:
        raise Refusal(
            "the clock of this machine is behind the last signature of the remote, which is of "
            f"{moment(signed_s)}; fwupd would refuse an older one. Set the clock, or wait until then"
        )
    if behind_s > 0:
        time.sleep(behind_s)


def moment(seconds):
    return f"{datetime.fromtimestamp(seconds, timezone.utc):%Y-%m-%d %H:%M:%S} UTC"


def sign_metadata(plan, keys, signed_s, work):
    """The signature file, in WORK."""
    (work / plan.metadata).write_bytes(plan.data)
    wait_for_later(signed_s)
    sign.add(keys, remote.JCAT, plan.metadata, work, f"remote.{plan.settings.name}")
    tools.run("jcat-tool", "add-alias", remote.JCAT, plan.metadata, remote.METADATA, cwd=work)
    if sign.signed_s(work / remote.JCAT) <= signed_s:
        raise Refusal("the clock of this machine went back while the metadata was signed; nothing was changed")
    return work / remote.JCAT


def commit(where, plan, keys, state):
    """In this order: what the new metadata needs, the metadata, and in one instant its signature."""
    with cabinet.folder_for_work() as work:
        jcat = sign_metadata(plan, keys, state.signed_s, work)
        for each in plan.added:
            if not has_same_file(where / each.name, each):
                progress(f"copying {each.name}")
                cabinet.place(each.path, where / each.name)
        cabinet.place(work / plan.metadata, where / plan.metadata)
        (where / remote.CLIENT).mkdir(mode=0o755, exist_ok=True)
        (where / remote.CLIENT).chmod(0o755)
        for path, content in client_files(where, plan.settings, keys).items():
            place_text(path, content)
        progress("bringing the new metadata into use")
        cabinet.place(jcat, where / remote.JCAT)
    sync(where)


def has_same_file(path, new):
    """A run that was interrupted may have left it."""
    return path.is_file() and cabinet.digests(path, "sha256") == [new.sha256]


def sync(where):
    handle = os.open(where, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def tidy(where, plan, state):
    """Drops what nobody asks for any more. A client may be between signature and metadata: the last one stays."""
    keep = {plan.metadata, state.metadata}
    for entry in where.iterdir():
        is_old = bool(remote.METADATA_NAME.fullmatch(entry.name)) and entry.name not in keep
        is_partial = entry.name.startswith(".") and entry.name != remote.LOCK and entry.is_file()
        if is_old or is_partial or entry.name in plan.withdrawn:
            entry.unlink()
    for entry in (where / remote.CLIENT).glob(".*"):
        entry.unlink()


def publish(options, keys):
    """Does it all; gives the plan, and whether anything was to be done."""
    where = remote.open_folder(options.folder)
    with remote.locked(where):
        authorities = [keys.ca, *options.trust]
        settings = remote.make_settings(where, options.name, options.url, options.title)
        state = remote.read_state(where, authorities)
        if not state.metadata and not options.cabinets:
            raise Refusal(f"{where}: is a new remote, and no cabinet is named that it could offer")
        plan = make_plan(where, state, settings, options, authorities)
        if is_unchanged(where, state, plan, keys):
            return where, plan, False
        commit(where, plan, keys, state)
        tidy(where, plan, state)
    return where, plan, True
