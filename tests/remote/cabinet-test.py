#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# scsi-wb-remote cabinet: every option and every refusal; prints TAP.
# usage: cabinet-test.py PROGRAM

import json
import os
import re
import sys
import xml.etree.ElementTree as ET

sys.dont_write_bytecode = True  # leaves nothing in the source
# pylint: disable=wrong-import-position,wildcard-import,unused-wildcard-import
from bed import *

PLAN = {
    "device": {"vendor": "HGST", "product": "HUC156060CSS200", "revision": "A360", "type": "disk"},
    "plans": [{"activation": "command"}],
    "refusal": None,
}
HOSTILE = "a<b>&\"quo'ted\" %s \\n @ID@ ü"


def metainfo(path):
    return ET.fromstring(unpack(path)["firmware.metainfo.xml"])


def make(*args, **options):
    """Arguments of a cabinet for the disk, without a device."""
    return ("cabinet", "--keys", "keys", "--output", "out.cab", *args)


def refuse(message, *args, version="TT42", image="disk.bin", **options):
    """MODEL may be corrected by what follows."""
    refused(message, *make(*MODEL, "--version", version, *args, image), **options)
    assert not (HERE / "out.cab").exists()


def from_fwupdmgr():
    facts = devices(CPU, DISK)
    told = document(*make("--device", facts, "--version", "TT42", "disk.bin"))
    assert told["result"] == "done" and told["guid"] == DISK_GUID, told
    assert told["device_versions"] == ["TT31"] and told["vendor_id"] == "SCSI:SEAGATE", told
    component = metainfo("out.cab")
    assert component.findtext("provides/firmware") == DISK_GUID
    assert component.find("releases/release").attrib == {
        "version": "TT42", "date": component.find("releases/release").get("date"), "urgency": "medium",
        "install_duration": "240",
    }
    assert component.find("requires/firmware").attrib == {"compare": "eq", "version": "SCSI:SEAGATE"}
    values = {each.get("key"): each.text for each in component.findall("custom/value")}
    assert values == {"LVFS::UpdateProtocol": "org.t10.scsi", "LVFS::VersionFormat": "plain"}, values
    assert unpack("out.cab")["firmware.bin"] == (HERE / "disk.bin").read_bytes()
    assert component.findtext("releases/release/artifacts/artifact/checksum") == told["image_sha256"]


def the_same_again_is_no_change():
    before = (HERE / "out.cab").read_bytes()
    told = document(*make("--device", HERE / "devices.json", "--version", "TT42", "disk.bin"))
    assert told["result"] == "unchanged" and (HERE / "out.cab").read_bytes() == before, told
    refused(f"{HERE}/out.cab: is there already, and is another one", *make(*MODEL, "--version", "TT43", "disk.bin"))
    (HERE / "out.cab").unlink()


def from_standard_input():
    told = document(*make("--device", "-", "--version", "TT42", "disk.bin"), stdin=json.dumps({"Devices": [DISK]}))
    assert told["guid"] == DISK_GUID
    (HERE / "out.cab").unlink()


def from_the_plan():
    write("plan.json", json.dumps(PLAN))
    told = document(*make("--device", "plan.json", "--version", "A3C0", "disk.bin"))
    assert told["guid"] == "3380fe0e-a23c-5191-9e50-f1bfb49309be" and told["device_versions"] == ["A360"], told
    values = {each.get("key"): each.text for each in metainfo("out.cab").findall("custom/value")}
    assert "'fwupdmgr activate', which resets it" in values["LVFS::UpdateMessage"], values
    (HERE / "out.cab").unlink()


def select():
    facts = devices(DISK, LIBRARY)
    several = "the JSON of --device has devices of several models; choose one with --select"
    refused(several, *make("--device", facts, "--version", "TT42", "disk.bin"))
    for name in ("of-ST600MM0088", "ST600MM0088", DISK_GUID, "SCSI\\VEN_SEAGATE&DEV_ST600MM0088"):
        assert document(*make("--device", facts, "--select", name, "--version", "TT42", "disk.bin"))["guid"] == DISK_GUID
        (HERE / "out.cab").unlink()
    refused("--select nobody: no such device in the JSON of --device; there are: ST600MM0088 TT31",
            *make("--device", facts, "--select", "nobody", "--version", "TT42", "disk.bin"))


def many_of_one_model():
    facts = devices(DISK, dict(DISK, Version="TT30", Serial="another"))
    told = document(*make("--device", facts, "--version", "TT42", "disk.bin"))
    assert told["device_versions"] == ["TT30", "TT31"], told
    (HERE / "out.cab").unlink()


def json_is_wrong():
    def refuse_facts(message, content):
        write("facts.json", content)
        refused(message, *make("--device", "facts.json", "--version", "TT42", "disk.bin"))

    refuse_facts("--device facts.json: is not JSON", "{")
    refuse_facts("--device facts.json: is not JSON", "[" * 200000)
    refuse_facts("the JSON of --device has neither", "[]")
    refuse_facts("the JSON of --device has neither", '{"Devices": 7}')
    refuse_facts("none of the 0 devices in the JSON of --device has the protocol", '{"Devices": []}')
    refuse_facts("none of the 1 devices", json.dumps({"Devices": [CPU]}))
    refuse_facts("none of the 2 devices", json.dumps({"Devices": [7, {"Protocols": "org.t10.scsi"}]}))
    refuse_facts("ST600MM0088 TT31 (serial of-ST600MM0088): the GUID " + DISK_GUID,
                 json.dumps({"Devices": [dict(DISK, Guid=[LIBRARY_GUID])]}))
    refuse_facts("ST600MM0088 TT31 (serial of-ST600MM0088): its vendor ID is SCSI:ACME",
                 json.dumps({"Devices": [dict(DISK, VendorIds=["SCSI:ACME"])]}))
    refuse_facts("ST600MM0088 TT31 (serial of-ST600MM0088): has no vendor ID",
                 json.dumps({"Devices": [dict(DISK, InstanceIds=None)]}))
    refuse_facts("the vendor is empty", json.dumps({"device": {"vendor": None, "product": "x"}}))
    refused("--device none.json: No such file", *make("--device", "none.json", "--version", "TT42", "disk.bin"))


def other_words_than_the_device():
    facts = devices(DISK)
    for option, text, has in (
        ("--vendor", "ACME", "SEAGATE"), ("--product", "ST1", "ST600MM0088"), ("--guid", LIBRARY_GUID, DISK_GUID),
    ):
        refused(f"{option} {text} is not what the device says, which is {has}",
                *make("--device", facts, option, text, "--version", "TT42", "disk.bin"))
    refuse("fwupd makes no ID of the product '-- --'", "--product", "-- --")


def a_device_with_a_problem():
    facts = devices(dict(DISK, UpdateError="the disk is in use"))
    done = run(*make("--device", facts, "--version", "TT42", "disk.bin"))
    assert "cannot be updated as it is now: the disk is in use" in done.stderr, done.stderr
    (HERE / "out.cab").unlink()


def instance_ids():
    """As fwupd 2.0.20 makes them: fu_device_add_instance_strsafe()."""
    for vendor, product, wanted in (
        ("HP", "Ultrium 3-SCSI", "SCSI\\VEN_HP&DEV_Ultrium-3-SCSI"),
        ("A_B", " x  (y), ", "SCSI\\VEN_A-B&DEV_x-y"),
        ("D\u00fcr", "1/2\\3", "SCSI\\VEN_D-r&DEV_1-2-3"),
    ):
        told = document(*make("--vendor", vendor, "--product", product, "--version", "2", "disk.bin"))
        assert told["instance_id"] == wanted, told
        (HERE / "out.cab").unlink()


def images():
    write("empty.bin", b"")
    refuse("empty.bin: the image is empty", image="empty.bin")
    refuse("none.bin: there is no such file", image="none.bin")
    refuse(f"{HERE}: is no file", image=HERE)
    with open(HERE / "huge.bin", "wb") as stream:
        stream.truncate((1 << 30) + 1)
    refuse("huge.bin: the image has 1073741825 bytes, and 1073741824 is the most", image="huge.bin")
    with open(HERE / "large.bin", "wb") as stream:
        stream.truncate((1 << 24) + 1)
    done = run(*make(*MODEL, "--version", "TT42", "large.bin"))
    assert "most devices count the bytes in 24 bits" in done.stderr, done.stderr
    (HERE / "out.cab").unlink()


def versions():
    refuse("--version TT31: the device already runs TT31", version="TT31")
    refuse("--version TT30: fwupd would not take TT30 for newer than TT31: it compares plain versions as text, and at "
           "character 4 '0' comes before '1'. --allow-older", version="TT30")
    refuse("--version TT3: fwupd would not take TT3 for newer than TT31: it compares plain versions as text, and at "
           "character 4 it is shorter", version="TT3")
    refuse("--version A10: fwupd would not take A10 for newer than A9", "--current", "A9", version="A10")
    refuse("the version has to be printable ASCII", version="T\u00fc")
    refuse("the version is empty", version="")
    refuse("the version has blanks around it", version="TT42 ")
    refuse("the version has the character U+000A", version="TT\n42")
    refuse("the version is 65 characters long", version="T" * 65)


def versions_as_fwupd_compares():
    """The same answer as fwupd's own, for each pair."""
    texts = ["A9", "A10", "TT31", "TT42", "tt31", "0100", "100", "A.1", "A.10", "A-1", "A~1", "A", "9.2", "9.10"]
    for one in texts:
        for other in texts:
            said = shell("fwupdtool", "vercmp", one, other, "plain").split()[-2]
            if one != other:
                sys.path.insert(0, str(SOURCE / "remote"))
                from scsi_wb_remote import version  # pylint: disable=import-outside-toplevel

                assert version.is_newer(one, other) == (said == ">"), (one, other, said)


def older_if_wanted():
    done = run(*make(*MODEL, "--version", "TT30", "--allow-older", "disk.bin"))
    assert "warning: fwupd would not take TT30 for newer" in done.stderr, done.stderr
    (HERE / "out.cab").unlink()
    refuse("--version TT31: the device already runs TT31", "--allow-older", version="TT31")


def a_length_that_no_device_says():
    done = run(*make(*MODEL, "--version", "TT4200", "disk.bin"))
    assert "the device says its revision TT31 in 4 characters, and TT4200 has 6" in done.stderr, done.stderr
    (HERE / "out.cab").unlink()
    done = run(*make("--vendor", "ACME", "--product", "D", "--version", "2", "disk.bin"))
    assert "it is not known which revision the device runs" in done.stderr, done.stderr
    (HERE / "out.cab").unlink()


def requirements():
    cabinet("out.cab", "--from", "TT29", "--from", "TT30", "--from", "TT31")
    assert [each.attrib for each in metainfo("out.cab").findall("requires/firmware")][1] == {
        "compare": "eq", "version": "TT29=TT29|TT30=TT30|TT31",
    }
    assert metainfo("out.cab").findtext("requires/client") == "id-requirement-glob"
    (HERE / "out.cab").unlink()
    refuse("--version TT42: fwupd would not take TT42 for newer than TT50", "--from", "TT50")
    refuse("--from A*: fwupd would read '*' as a pattern", "--from", "A*")


def all_words():
    write("notes.txt", "First paragraph\nof two lines.\n\n- one <b>\n- two & three\n")
    cabinet(
        "out.cab", "--name", HOSTILE, "--summary", HOSTILE, "--developer", HOSTILE, "--notes-file", "notes.txt",
        "--urgency", "critical", "--duration", "33", "--update-message", HOSTILE, "--homepage", "https://example.org/",
        "--details", "https://example.org/TT42", "--id", "org.example.disk.firmware", "--category", "X-Device",
        "--date", "2026-02-03",
    )
    component = metainfo("out.cab")
    assert [component.findtext(tag) for tag in ("name", "summary", "developer_name")] == [HOSTILE] * 3
    assert component.findtext("id") == "org.example.disk.firmware"
    assert component.findtext("categories/category") == "X-Device"
    release = component.find("releases/release")
    assert release.attrib == {"version": "TT42", "date": "2026-02-03", "urgency": "critical", "install_duration": "33"}
    assert release.findtext("url") == "https://example.org/TT42"
    assert [each.text for each in release.find("description").iter() if each.text and each.text.strip()] == [
        "First paragraph of two lines.", "one <b>", "two & three",
    ]
    assert component.findall("custom/value")[-1].text == HOSTILE
    assert "@" not in re.sub("@ID@", "", unpack("out.cab")["firmware.metainfo.xml"].decode())
    write("out.metainfo.xml", unpack("out.cab")["firmware.metainfo.xml"])
    shell("appstreamcli", "validate", "--no-net", "out.metainfo.xml")
    (HERE / "out.cab").unlink()


def activations():
    for activation, words in (("reboot", "this machine is rebooted"), ("power-cycle", "its power has been off")):
        cabinet("out.cab", "--activation", activation)
        assert words in metainfo("out.cab").findall("custom/value")[-1].text
        (HERE / "out.cab").unlink()


def words_are_wrong():
    refuse("--name has the character U+000A", "--name", "a\nb")
    refuse("--name has the character U+001B", "--name", "a\033[1mb")
    refuse("--name has the character U+DCFF", "--name", os.fsdecode(b"a\xff"))
    refuse("--summary is 201 characters long", "--summary", "x" * 201)
    refuse("--summary is empty", "--summary", "  ")
    refuse("the notes are empty", "--notes", "\n \n")
    refuse("a line of the notes has the character U+0007", "--notes", "a\a")
    refuse("--notes-file none.txt: No such file", "--notes-file", "none.txt")
    write("latin.txt", b"\xff\xfe")
    refuse("--notes-file latin.txt: is no text in UTF-8", "--notes-file", "latin.txt")
    refuse("--duration -1: has to be from 1 to 86400 seconds", "--duration", "-1")
    refuse("--date 2026-13-01: is no date", "--date", "2026-13-01")
    refuse("--id disk: has to be like", "--id", "disk")
    refuse("--category Drive: has to be one of", "--category", "Drive")
    refuse("--homepage has to be absolute", "--homepage", "example.org")
    refuse("--details has to be absolute", "--details", "javascript:alert(1)")


def outputs():
    done = run("cabinet", *MODEL, "--version", "TT4/2 b", "--keys", "keys", "disk.bin")
    assert (HERE / "SEAGATE-ST600MM0088-TT4-2-b.cab").exists(), done.stdout
    assert mode("SEAGATE-ST600MM0088-TT4-2-b.cab") == 0o644
    refused("--output x.bin: fwupd wants the name of a cabinet to end with .cab",
            "cabinet", *MODEL, "--version", "TT42", "--keys", "keys", "--output", "x.bin", "disk.bin")
    refused(f"{HERE}/none/x.cab: cannot be written: No such file or directory",
            "cabinet", *MODEL, "--version", "TT42", "--keys", "keys", "--output", "none/x.cab", "disk.bin")


def reproducible():
    """But for the signatures, the same words make the same bytes."""
    one = unpack(cabinet("one.cab", SOURCE_DATE_EPOCH="1700000000"))
    two = unpack(cabinet("two.cab", SOURCE_DATE_EPOCH="1700000000"))
    assert one["firmware.metainfo.xml"] == two["firmware.metainfo.xml"]
    assert b'date="2023-11-14"' in one["firmware.metainfo.xml"]
    refuse("SOURCE_DATE_EPOCH is no number of seconds: 'now'", SOURCE_DATE_EPOCH="now")


def a_tool_is_missing():
    """The program finds itself without PATH."""
    refuse("gcab is not installed: apt-get install gcab", PATH=str(only("openssl", "jcat-tool", "appstreamcli")))
    refuse("appstreamcli is not installed: apt-get install appstream", PATH=str(only("openssl", "jcat-tool", "gcab")))


def only(*programs):
    folder = HERE / ("only-" + "-".join(programs))
    folder.mkdir()
    for program in programs:
        (folder / program).symlink_to(shell("sh", "-c", f"command -v {program}").strip())
    return folder


def error_for_programs():
    done = run(*make(*MODEL, "--version", "TT31", "--json", "disk.bin"), status=1)
    assert json.loads(done.stdout)["result"] == "refused" and "already runs" in done.stdout, done.stdout


def wrong_use():
    usage("the following arguments are required: COMMAND")
    usage("argument COMMAND: invalid choice: 'cabinets'", "cabinets")
    usage("cabinet wants --device, or --vendor and --product", *make("--vendor", "A", "--version", "2", "disk.bin"))
    usage("the following arguments are required: --version", *make(*MODEL, "disk.bin"))
    usage("--select chooses from", *make(*MODEL, "--select", "x", "--version", "2", "disk.bin"))
    usage("there can be --notes or --notes-file", *make(*MODEL, "--notes", "x", "--notes-file", "y", "--version", "2", "d"))
    usage("argument --urgency: invalid choice", *make(*MODEL, "--urgency", "huge", "--version", "2", "disk.bin"))
    usage("unrecognized arguments: --vers", *make(*MODEL, "--version", "2", "--vers", "disk.bin"))


def help_and_version():
    text = run("--help").stdout
    for words in ("cabinet [OPTION...] IMAGE:", "publish [OPTION...] FOLDER [CABINET...]:", "--allow-older", "--ca-days",
                  "Exit status: 0"):
        assert words in text, words
    assert re.fullmatch(r"scsi-wb-remote \d+\.\d+\.\d+\n", run("--version").stdout)
    assert "--keys" in run("publish", "--help").stdout


main("cabinet", [
    from_fwupdmgr, the_same_again_is_no_change, from_standard_input, from_the_plan, select, many_of_one_model,
    json_is_wrong, other_words_than_the_device, a_device_with_a_problem, instance_ids, images, versions,
    versions_as_fwupd_compares, older_if_wanted, a_length_that_no_device_says, requirements, all_words, activations,
    words_are_wrong, outputs, reproducible, a_tool_is_missing, error_for_programs, wrong_use, help_and_version,
])
