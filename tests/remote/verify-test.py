#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# scsi-wb-remote verify: each thing that a machine would trip over is found, and named; prints TAP.
# usage: verify-test.py PROGRAM

import gzip
import json
import lzma
import shutil
import sys
import time

sys.dont_write_bytecode = True  # leaves nothing in the source
# pylint: disable=wrong-import-position,wildcard-import,unused-wildcard-import
from bed import *

FOLDER = HERE / "copy"
JCAT = "firmware.xml.xz.jcat"


def copy():
    """A good remote with two cabinets, to be broken."""
    if not (HERE / "remote").exists():
        new = ("publish", "--keys", "keys", "--name", "example", "--url", URL, "remote")
        run(*new, cabinet("TT42.cab"), cabinet("TT43.cab", version="TT43"))
    shutil.rmtree(FOLDER, ignore_errors=True)
    shutil.copytree(HERE / "remote", FOLDER)
    return FOLDER / json.loads(gzip.decompress((FOLDER / JCAT).read_bytes()))["Items"][0]["Id"]


def wrong(*beginnings, ca="keys/ca.pem"):
    told = document("verify", "--ca", ca, "copy", status=1)
    assert told["result"] == "refused", told
    assert len(told["wrong"]) == len(beginnings), told["wrong"]
    for line, beginning in zip(told["wrong"], beginnings):
        assert line.startswith(beginning), (line, beginning)


def sign_again(metadata, xml, cert=None):
    """Metadata with other content, and a good signature for it."""
    cert = cert or HERE / "keys/signer-1.pem"
    metadata.write_bytes(lzma.compress(xml))
    (FOLDER / JCAT).unlink()
    for command in (("sign", JCAT, metadata.name, str(cert), str(cert.with_suffix(".key"))),
                    ("self-sign", JCAT, metadata.name, "--kind", "sha256"),
                    ("add-alias", JCAT, metadata.name, "firmware.xml.xz")):
        shell("jcat-tool", *command, cwd=FOLDER)


def change(old, new):
    """The same with other words in the metadata, signed again."""
    metadata = copy()
    xml = lzma.decompress(metadata.read_bytes())
    assert old in xml
    sign_again(metadata, xml.replace(old, new, 1))


def change_jcat(change_item):
    content = json.loads(gzip.decompress((FOLDER / JCAT).read_bytes()))
    change_item(content["Items"][0])
    (FOLDER / JCAT).write_bytes(gzip.compress(json.dumps(content).encode()))


def all_is_well():
    copy()
    told = document("verify", "--ca", "keys/ca.pem", "copy")
    assert (told["wrong"], told["notes"], told["cabinets"]) == ([], [], ["TT42.cab", "TT43.cab"]), told
    text = run("verify", "--ca", "keys/ca.pem", "copy").stdout
    assert text.endswith("  TT43.cab  TT43\n2 cabinets, 0 findings, 0 notes\n"), text


def cabinets():
    copy()
    with open(FOLDER / "TT42.cab", "ab") as stream:
        stream.write(b"x")
    (FOLDER / "TT43.cab").unlink()
    wrong("TT42.cab: has ", "TT43.cab: the metadata offers it, and it is not there")
    copy()
    content = bytearray((FOLDER / "TT42.cab").read_bytes())
    content[-1] ^= 1
    (FOLDER / "TT42.cab").write_bytes(content)
    wrong("TT42.cab: its checksum is not that of the metadata: it was changed")


def cabinet_of_a_stranger():
    """The metadata is ours, and offers what a machine would refuse."""
    run("keys", "new", "stranger")
    old = HERE / "remote/TT42.cab"
    new = cabinet("strange.cab", keys="stranger")
    metadata = copy()
    xml = lzma.decompress(metadata.read_bytes())
    for kind in ("sha1sum", "sha256sum"):
        xml = xml.replace(*(shell(kind, str(path)).split()[0].encode() for path in (old, new)))
    xml = xml.replace(f">{old.stat().st_size}<".encode(), f">{new.stat().st_size}<".encode(), 1)
    sign_again(metadata, xml)
    shutil.copy(new, FOLDER / "TT42.cab")
    wrong("TT42.cab: firmware.bin in it is not signed by an authority that is trusted here")


def locations():
    change(URL.encode() + b"/TT42.cab", b"TT42.cab")
    wrong(f"TT42.cab: the metadata says it is at TT42.cab, which is not below {URL}")
    change(URL.encode() + b"/TT42.cab", URL.encode() + b"/..%2f..%2fpasswd")
    wrong("the metadata has a cabinet with an odd location")


def sizes_and_versions():
    change(b'type="installed">70001<', b'type="installed">70002<')
    wrong("TT42.cab: the metadata says something else of it than its own metainfo")
    change(b'<release version="TT42"', b'<release version="TT44"')
    wrong("TT42.cab: the metadata says something else of it than its own metainfo")


def metadata():
    path = copy()
    path.write_bytes(path.read_bytes() + b"x")
    wrong(f"{path.name}: fwupd would not trust the metadata: ",
          "the metadata is cut off, too large, or has something behind its end")
    path = copy()
    path.unlink()
    wrong(f"{path.name}: No such file or directory; it is what {JCAT} is for")
    path = copy()
    sign_again(path, b"<components>")
    wrong("the metadata is no XML")
    path = copy()
    sign_again(path, b"<components><component><releases><release version='1'/></releases></component></components>")
    wrong("the metadata offers release 1 without one cabinet")


def signature():
    copy()
    (FOLDER / JCAT).unlink()
    wrong(f"{JCAT}: is not there, so this is no remote")
    (FOLDER / JCAT).write_bytes(b"x")
    wrong(f"{JCAT}: is no signature file that fwupd could read")
    path = copy()
    change_jcat(lambda item: item["Blobs"].pop())
    wrong(f"{path.name}: fwupd would not trust the metadata: it has no signature with a SHA-256 beside it")
    path = copy()
    change_jcat(lambda item: item["Blobs"].pop(0))
    wrong(f"{path.name}: fwupd would not trust", f"{JCAT}: does not say when it was signed")
    copy()
    change_jcat(lambda item: item.update(AliasIds=[]))
    wrong(f"{JCAT}: is not for firmware.xml.xz, which machines ask for")
    copy()
    change_jcat(lambda item: item.update(Id="../../etc/passwd"))
    wrong(f"{JCAT}: is for a file of the odd name")
    copy()
    change_jcat(lambda item: [blob.update(Timestamp=int(time.time()) + 7200) for blob in item["Blobs"]])
    wrong(f"{JCAT}: was signed in the future")


def authority():
    path = copy()
    run("keys", "new", "another")
    wrong(f"{path.name}: fwupd would not trust", "client/example.pem: is not the authority that was named",
          "TT42.cab: firmware.bin", "TT43.cab: firmware.bin", ca="another/ca.pem")
    refused("none.pem: there is no such certificate", "verify", "--ca", "none.pem", "copy")
    usage("the following arguments are required: --ca", "verify", "copy")


def signer_is_over():
    """Publish refuses to sign so; a certificate may end later, with nobody looking."""
    path = copy()
    xml = lzma.decompress(path.read_bytes())
    folder = HERE / "over"
    folder.mkdir()
    for name, days in (("over", "-1"), ("soon", "9")):
        shell("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key",
              "-out", "request", "-subj", "/CN=x", cwd=folder)
        shell("openssl", "x509", "-req", "-in", "request", "-CA", HERE / "keys/ca.pem", "-CAkey", HERE / "keys/ca.key",
              "-set_serial", "9", "-days", days, "-out", f"{name}.pem", cwd=folder)
    sign_again(path, xml, folder / "over.pem")
    wrong(f"{path.name}: fwupd would not trust the metadata: the certificate of the signer does not hold today")
    sign_again(path, xml, folder / "soon.pem")
    told = document("verify", "--ca", "keys/ca.pem", "copy")
    assert told["notes"][0].startswith("the signer expires on "), told


def files_for_machines():
    copy()
    (FOLDER / "client/example.pem").unlink()
    wrong("client/example.pem: is missing")
    (FOLDER / "client/example.conf").unlink()
    wrong("client: has no .conf file for the machines")
    copy()
    (FOLDER / "client/example.conf").write_text("[fwupd Remote]\nTitle=x\nMetadataURI=https://other.org/firmware.xml.xz\n")
    wrong("TT42.cab: the metadata says it is at", "TT43.cab: the metadata says it is at")
    (FOLDER / "client/example.conf").write_text("no remote")
    wrong("client/example.conf: is no remote's file")
    (FOLDER / "client/other.conf").write_text("")
    wrong("client: has 2 .conf files; a remote has one name")


def what_lies_about():
    copy()
    for name in ("old.cab", "notes.txt", ".TT44.cab.x", "firmware-0123456789abcdef.xml.xz", "firmware-0123456789abcdee.xml.xz"):
        (FOLDER / name).write_bytes(b"x")
    (FOLDER / "TT42.cab").chmod(0o640)
    told = document("verify", "--ca", "keys/ca.pem", "copy")
    assert told["notes"] == [
        ".TT44.cab.x: left by a run that was interrupted; the next one removes it",
        "TT42.cab: only some users can read it; can the web server?",
        "notes.txt: is not offered",
        "old.cab: is not offered",
        "2 metadata files are older; the next run removes all but one",
    ], told


main("verify", [
    all_is_well, cabinets, cabinet_of_a_stranger, locations, sizes_and_versions, metadata, signature, authority,
    signer_is_over, files_for_machines, what_lies_about,
])
