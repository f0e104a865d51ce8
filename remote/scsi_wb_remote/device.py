# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""What a device says of itself: from JSON or words to facts. No I/O but reading the file."""

import json
import sys
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from .words import Refusal, check_line

PROTOCOL = "org.t10.scsi"
# what fwupd does not leave in an instance ID: fu_device_add_instance_strsafe()
NOT_IN_ID = " _&/\\-(),"
FACTS_MAX_BYTES = 64 * 1024 * 1024
ACTIVATIONS = ("immediate", "command", "reboot", "power-cycle")


@dataclass
class Facts:
    """A model of device, of which there may be many."""

    vendor: str
    product: str
    name: str
    versions: list = field(default_factory=list)
    duration_s: int = 0
    activation: str = "immediate"
    warnings: list = field(default_factory=list)

    @property
    def vendor_id(self):
        return f"SCSI:{self.vendor}"

    @property
    def instance_id(self):
        return make_instance_id(self.vendor, self.product)

    @property
    def guid(self):
        return guid_of(self.instance_id)


def guid_of(instance_id):
    """fwupd's GUID of an instance ID, a version 5 UUID in the name space of DNS."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, instance_id))


def strsafe(text):
    """TEXT as it stands in an instance ID: what may not, is one '-' however much of it there is."""
    result = ""
    for char in text:
        if char.isascii() and char.isprintable() and char not in NOT_IN_ID:
            result += char
        elif result and not result.endswith("-"):
            result += "-"
    return result.removesuffix("-")


def make_instance_id(vendor, product):
    names = [strsafe(text) for text in (vendor, product)]
    for what, name, text in zip(("vendor", "product"), names, (vendor, product)):
        if not name:
            raise Refusal(f"fwupd makes no ID of the {what} {text!r}: it has nothing but blanks and signs")
    return "SCSI\\VEN_{}&DEV_{}".format(*names)


def from_words(vendor, product):
    """From the strings of the INQUIRY data, as sg_inq prints them."""
    vendor, product = check_line("the vendor", vendor, 64), check_line("the product", product, 64)
    make_instance_id(vendor, product)
    return Facts(vendor, product, f"{vendor} {product}")


def read(name):
    """The JSON document of a file, or of standard input for '-'."""
    try:
        if name == "-":
            text = sys.stdin.buffer.read(FACTS_MAX_BYTES + 1)
        else:
            with open(name, "rb") as stream:
                text = stream.read(FACTS_MAX_BYTES + 1)
    except OSError as error:
        raise Refusal(f"--device {name}: {error.strerror}") from error
    if len(text) > FACTS_MAX_BYTES:
        raise Refusal(f"--device {name}: is larger than what fwupdmgr or scsi-wb-plan writes")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refusal(
            f"--device {name}: is not JSON ({error}); it should be what 'fwupdmgr get-devices --json' or "
            f"'scsi-wb-plan --json' writes"
        ) from error


def from_document(document, select=None):
    """From what fwupdmgr or scsi-wb-plan writes."""
    if isinstance(document, dict) and isinstance(document.get("Devices"), list):
        return from_devices(document["Devices"], select)
    if isinstance(document, dict) and isinstance(document.get("device"), dict):
        return from_plan(document)
    raise Refusal(
        "the JSON of --device has neither \"Devices\", as 'fwupdmgr get-devices --json' writes, nor "
        "\"device\", as 'scsi-wb-plan --json' does"
    )


def text_of(value):
    return value if isinstance(value, str) else ""


def list_of(device, key):
    value = device.get(key)
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def is_ours(device):
    return isinstance(device, dict) and PROTOCOL in list_of(device, "Protocols")


def describe(device):
    names = [text_of(device.get("Name")) or "a device without a name", text_of(device.get("Version"))]
    serial = text_of(device.get("Serial"))
    return " ".join(filter(None, names)) + (f" (serial {serial})" if serial else "")


def is_selected(device, select):
    names = list_of(device, "Guid") + list_of(device, "InstanceIds")
    names += [text_of(device.get(key)) for key in ("DeviceId", "Serial", "Name")]
    return select in names


def from_devices(devices, select):
    """From the devices of fwupdmgr: the model that SELECT names, or the only one."""
    ours = [device for device in devices if is_ours(device)]
    if not ours:
        raise Refusal(
            f"none of the {len(devices)} devices in the JSON of --device has the protocol {PROTOCOL}: is the "
            "plugin installed on that machine, and is the device in the book?"
        )
    known = "; ".join(describe(device) for device in ours)
    chosen = [device for device in ours if select is None or is_selected(device, select)]
    if not chosen:
        raise Refusal(f"--select {select}: no such device in the JSON of --device; there are: {known}")
    models = [model_of(device) for device in chosen]
    if len({model.instance_id for model in models}) > 1:
        raise Refusal(
            "the JSON of --device has devices of several models; choose one with --select, by name, serial "
            f"number, GUID or device ID: {known}"
        )
    facts = models[0]
    facts.versions = sorted({version for model in models for version in model.versions})
    facts.warnings = [text for model in models for text in model.warnings]
    return facts


def model_of(device):
    """One device of fwupdmgr; what does not fit together is refused."""
    name = describe(device)
    ids = [text for text in list_of(device, "InstanceIds") if "&DEV_" in text and "&REV_" not in text]
    vendors = [text for text in list_of(device, "VendorIds") if text.startswith("SCSI:")]
    if len(ids) != 1 or not ids[0].startswith("SCSI\\VEN_") or len(vendors) != 1:
        raise Refusal(f"{name}: has no vendor ID SCSI:… or no instance ID SCSI\\VEN_…&DEV_… of its own")
    vendor = vendors[0].removeprefix("SCSI:")
    id_vendor, product = ids[0].removeprefix("SCSI\\VEN_").split("&DEV_", 1)
    if strsafe(vendor) != id_vendor:
        raise Refusal(f"{name}: its vendor ID is {vendors[0]}, but its instance ID says {id_vendor}")
    if guid_of(ids[0]) not in list_of(device, "Guid"):
        raise Refusal(f"{name}: the GUID {guid_of(ids[0])} of {ids[0]} is not among its own")
    duration = device.get("InstallDuration")
    facts = Facts(vendor, product, text_of(device.get("Name")) or product)
    facts.versions = list(filter(None, [text_of(device.get("Version"))]))
    facts.duration_s = duration if isinstance(duration, int) and duration > 0 else 0
    problem = text_of(device.get("UpdateError")) or ", ".join(list_of(device, "Problems"))
    if problem:
        facts.warnings.append(f"{name}: cannot be updated as it is now: {problem}")
    return facts


def from_plan(document):
    """From the dry run of one device."""
    device = document["device"]
    vendor, product = text_of(device.get("vendor")), text_of(device.get("product"))
    facts = from_words(vendor, product)
    facts.versions = list(filter(None, [text_of(device.get("revision"))]))
    plans = document.get("plans")
    plan = plans[0] if isinstance(plans, list) and plans and isinstance(plans[0], dict) else {}
    if plan.get("activation") in ACTIVATIONS:
        facts.activation = plan["activation"]
    if text_of(document.get("refusal")):
        facts.warnings.append(f"{facts.name}: scsi-wb-plan says: {document['refusal']}")
    return facts


def agree(facts, vendor=None, product=None, guid=None):
    """What the user says besides has to be what the device says."""
    for what, said, is_right in (
        ("vendor", vendor, lambda text: text == facts.vendor),
        ("product", product, lambda text: strsafe(text) == strsafe(facts.product)),
        ("guid", guid, lambda text: text.lower() == facts.guid),
    ):
        if said is None or is_right(said):
            continue
        has = {"vendor": facts.vendor, "product": facts.product, "guid": facts.guid}[what]
        raise Refusal(
            f"--{what} {said} is not what the device says, which is {has}"
            + (f" (of {facts.instance_id})" if what == "guid" else "")
            + ": fwupd would not match the update with it"
        )


def read_facts(options):
    """The facts of a command line."""
    if options.device is not None:
        facts = from_document(read(options.device), options.select)
    else:
        facts = from_words(options.vendor, options.product)
    agree(facts, options.vendor, options.product, options.guid)
    return facts


def read_image_size(name, most):
    """The size of an image in bytes."""
    path = Path(name)
    try:
        if not path.is_file():
            raise Refusal(f"{name}: is no file" if path.exists() else f"{name}: there is no such file")
        size = path.stat().st_size
    except OSError as error:
        raise Refusal(f"{name}: {error.strerror}") from error
    if size == 0:
        raise Refusal(f"{name}: the image is empty")
    if size > most:
        raise Refusal(f"{name}: the image has {size} bytes, and {most} is the most that goes into a cabinet here")
    return size
