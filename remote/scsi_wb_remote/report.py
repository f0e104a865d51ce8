# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""What was done, for people and for programs. No I/O: each function gives a document and its text."""

from .publish import moment

MACHINE_STEPS = """On each machine, as root:
  {client}/{name}.conf  ->  /etc/fwupd/remotes.d/{name}.conf
  {client}/{name}.pem   ->  /etc/pki/fwupd/{name}.pem and /etc/pki/fwupd-metadata/{name}.pem
  fwupdmgr quit, and then fwupdmgr refresh
Copy the certificate by a way that you trust: whoever it belongs to, may write firmware to these devices.
"""


def rows(*pairs):
    return "".join(f"{name + ':':<12}{value}\n" for name, value in pairs if value)


def signer_of(keys):
    return {"signer": keys.signer_name, "signer_until": f"{keys.until:%Y-%m-%d}"}


def signed_by(keys):
    return "Signed by", f"{keys.signer_name} of {keys.folder}, until {keys.until:%Y-%m-%d}"


def newer_than(facts):
    if not facts.versions:
        return "what the device runs is not known"
    return "device runs " + ", ".join(facts.versions)


def of_cabinet(out, facts, release, keys, size_bytes, is_new):
    document = {
        "result": "done" if is_new else "unchanged",
        "cabinet": str(out),
        "bytes": size_bytes,
        "vendor_id": facts.vendor_id,
        "instance_id": facts.instance_id,
        "guid": facts.guid,
        "version": release.version,
        "device_versions": facts.versions,
        "image_bytes": release.size_bytes,
        "image_sha256": release.sha256,
        "keys": str(keys.folder),
        **signer_of(keys),
    }
    text = rows(
        ("Cabinet", f"{out}, {size_bytes} bytes" + ("" if is_new else ", as it was")),
        ("Device", facts.instance_id),
        ("GUID", facts.guid),
        ("Version", f"{release.version} ({newer_than(facts)})"),
        ("Image", f"{release.size_bytes} bytes, SHA-256 {release.sha256}"),
        ("Message", release.message),
        signed_by(keys),
    )
    return document, text


def of_publish(where, plan, keys, is_new):
    settings = plan.settings
    document = {
        "result": "done" if is_new else "unchanged",
        "folder": str(where),
        "name": settings.name,
        "url": settings.url,
        "metadata": plan.metadata,
        "cabinets": [
            {"name": each.name, "versions": list(each.versions), "bytes": each.size_bytes, "sha256": each.sha256,
             "is_new": each in plan.added}
            for each in plan.cabinets
        ],
        "withdrawn": plan.withdrawn,
        "conf": str(where / "client" / f"{settings.name}.conf"),
        "ca": str(where / "client" / f"{settings.name}.pem"),
        **signer_of(keys),
    }
    text = rows(
        ("Remote", f"{settings.name} in {where}" + ("" if is_new else ", as it was")),
        ("Address", settings.url),
        ("Metadata", plan.metadata),
        signed_by(keys),
    )
    for each in plan.cabinets:
        what = "new" if each in plan.added else "as before"
        text += f"  {each.name}  {', '.join(each.versions)}  {each.size_bytes} bytes  {what}\n"
    text += "".join(f"  {name}  withdrawn\n" for name in plan.withdrawn)
    text += f"\nServe {where} at {settings.url} with any web server.\n"
    return document, text + MACHINE_STEPS.format(client=where / "client", name=settings.name)


def of_keys(keys):
    document = {
        "result": "done",
        "folder": str(keys.folder),
        "ca": str(keys.ca),
        **signer_of(keys),
    }
    text = rows(
        ("Keys", keys.folder),
        ("Authority", keys.ca),
        ("Signer", f"{keys.signer_name}, until {keys.until:%Y-%m-%d}"),
    )
    return document, text


def of_verify(where, found):
    document = {
        "result": "refused" if found.wrong else "done",
        "folder": str(where),
        "metadata": found.metadata,
        "signed": moment(found.signed_s) if found.signed_s else None,
        "cabinets": [offer.name for offer in found.offers],
        "wrong": found.wrong,
        "notes": found.notes,
    }
    text = rows(
        ("Remote", where),
        ("Metadata", found.metadata),
        ("Signed", moment(found.signed_s) if found.signed_s else None),
    )
    text += "".join(f"  {offer.name}  {', '.join(offer.versions)}\n" for offer in found.offers)
    text += "".join(f"note: {note}\n" for note in found.notes)
    text += "".join(f"wrong: {wrong}\n" for wrong in found.wrong)
    return document, text + f"{len(found.offers)} cabinets, {len(found.wrong)} findings, {len(found.notes)} notes\n"
