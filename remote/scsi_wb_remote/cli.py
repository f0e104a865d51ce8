# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""The program: from a command line to an exit status."""

import json
import os
import shutil
import sys
from pathlib import Path

from . import cabinet, check, device, keys, metainfo, options as command_line, publish, report, tools, version
from .words import PROGRAM, Refusal, Usage, progress, warn

# segments are counted in BUFFER OFFSET, 24 bits: SPC-4, WRITE BUFFER command
OFFSETS = 1 << 24


def read_notes(options):
    if options.notes_file is None:
        return options.notes
    try:
        return Path(options.notes_file).read_text(encoding="utf-8")
    except OSError as error:
        raise Refusal(f"--notes-file {options.notes_file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise Refusal(f"--notes-file {options.notes_file}: is no text in UTF-8") from error


def check_versions(options, facts):
    """fwupd has to take the release for newer than what devices run."""
    version.check_version(options.version)
    facts.versions = sorted(set(facts.versions) | set(options.current))
    if not facts.versions:
        warn("it is not known which revision the device runs: whether fwupd would take this for newer, is not checked")
    for current in sorted(set(facts.versions) | set(options.revisions)):
        if len(current) == version.REVISION_CHARACTERS != len(options.version):
            warn(
                f"the device says its revision {current} in {len(current)} characters, and {options.version} has "
                f"{len(options.version)}: an update is a success only if the device reports exactly that"
            )
        why = version.why_not_newer(options.version, current)
        if why and (not options.allow_older or options.version == current):
            raise Refusal(
                f"--version {options.version}: {why}" + ("" if options.version == current else
                ". --allow-older makes the cabinet all the same, for 'fwupdmgr downgrade'")
            )
        if why:
            warn(why)


def get_keys(options):
    if options.new_keys:
        return keys.new(options.keys, options.owner)
    return keys.load(options.keys)


def write_cabinet(options, facts, release, out):
    """Packs it, unless the same is there; gives whether it did."""
    text = metainfo.make(facts, release)
    if not out.exists():
        signer = get_keys(options)
        cabinet.pack(options.image, text, signer, out, release.component_id, tools.now_s())
        return signer, True
    signer = get_keys(options)
    if not is_same(cabinet.read(out, [signer.ca]), release, text):
        raise Refusal(f"{out}: is there already, and is another one; choose a name with --output, or remove it")
    return signer, False


def is_same(old, release, text):
    """Whether a cabinet holds exactly this."""
    with cabinet.folder_for_work() as work:
        (work / "metainfo").write_text(text, encoding="utf-8")
        metainfo_sha256 = cabinet.digests(work / "metainfo", "sha256")[0]
    return old.content_sha256 == cabinet.content_of(
        {cabinet.IMAGE: release.sha256, cabinet.METAINFO: metainfo_sha256}
    )


def do_cabinet(options):
    """An image becomes a cabinet."""
    options.notes = read_notes(options)
    facts = device.read_facts(options)
    size = device.read_image_size(options.image, cabinet.IMAGE_MAX_BYTES)
    if size > OFFSETS:
        warn(f"the image has {size} bytes: most devices count the bytes in 24 bits, and take {OFFSETS} at the most")
    for text in facts.warnings:
        warn(text)
    check_versions(options, facts)
    try:
        image = (cabinet.digests(options.image, "sha256")[0], size)
    except OSError as error:
        raise Refusal(f"{options.image}: {error.strerror}") from error
    release = metainfo.make_release(options, facts, image, tools.now_s())
    out = Path(os.path.abspath(options.output or metainfo.cabinet_name(facts, release)))
    if out.suffix != ".cab" or out.name.startswith("."):
        raise Refusal(f"--output {options.output}: fwupd wants the name of a cabinet to end with .cab")
    signer, is_new = write_cabinet(options, facts, release, out)
    return report.of_cabinet(out, facts, release, signer, out.stat().st_size, is_new)


def do_publish(options):
    """Cabinets become a remote."""
    for name in options.trust:
        keys.check_certificate(name)
    signer = keys.load(options.keys)
    where, plan, is_new = publish.publish(options, signer)
    return report.of_publish(where, plan, signer, is_new)


def do_verify(options):
    """A remote is looked at."""
    for name in options.ca:
        keys.check_certificate(name)
    where = Path(os.path.abspath(options.folder))
    return report.of_verify(where, check.verify(where, options.ca))


def do_keys(options):
    """Keys are made or shown."""
    if options.what == "new":
        found = keys.new(options.folder, options.owner, options.ca_days, options.signer_days)
    elif options.what == "renew":
        found = keys.renew(options.folder, options.signer_days)
    else:
        found = keys.load(options.folder)
    return report.of_keys(found)


COMMANDS = {"cabinet": do_cabinet, "publish": do_publish, "verify": do_verify, "keys": do_keys}


def say(document, text, as_json):
    if as_json:
        print(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        print(text, end="")
    sys.stdout.flush()


def refuse(options, message):
    progress(message)
    if options.json:
        say({"result": "refused", "message": message}, "", True)
    return 1


def main(arguments):
    """Gives the exit status."""
    # what is made is for its owner alone, until it is said to be for others
    os.umask(0o077)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        options = command_line.parse(arguments)
    except Usage as error:
        progress(str(error))
        print(f"Try '{PROGRAM} --help'.", file=sys.stderr)
        return 2
    try:
        document, text = COMMANDS[options.command](options)
        say(document, text, options.json)
    except Refusal as refusal:
        return refuse(options, str(refusal))
    except (OSError, shutil.Error) as error:
        return refuse(options, f"{getattr(error, 'filename', None) or 'this machine'}: {error}")
    except KeyboardInterrupt:
        return refuse(options, "interrupted; nothing is left half done")
    return 1 if document["result"] == "refused" else 0
