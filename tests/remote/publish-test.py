#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# scsi-wb-remote publish: a remote and its next states, what is refused, and runs that are killed; prints TAP.
# usage: publish-test.py PROGRAM

import gzip
import json
import lzma
import os
import shutil
import signal
import sys
import time
import xml.etree.ElementTree as ET

sys.dont_write_bytecode = True  # leaves nothing in the source
# pylint: disable=wrong-import-position,wildcard-import,unused-wildcard-import
from bed import *

sys.path.insert(0, str(SOURCE / "remote"))
NEW = ("--name", "example", "--url", URL)
WRITES = ("os.rename", "os.remove", "os.mkdir", "os.chmod")


def publish(*args, folder="remote", keys="keys", **options):
    return document("publish", "--keys", keys, folder, *args, **options)


def refuse(message, *args, folder="remote", keys="keys", **options):
    """Refused, and the folder is as it was."""
    before = files_of(folder)
    refused(message, "publish", "--keys", keys, folder, *args, **options)
    assert files_of(folder) == before, set(files_of(folder)) ^ set(before)


def verify(folder="remote", ca="keys/ca.pem"):
    told = document("verify", "--ca", ca, folder)
    assert told["wrong"] == [], told
    return told


def catalog(folder="remote"):
    name = document("verify", "--ca", "keys/ca.pem", folder)["metadata"]
    return ET.fromstring(lzma.decompress((HERE / folder / name).read_bytes()))


def jcat(folder="remote"):
    with gzip.open(HERE / folder / "firmware.xml.xz.jcat") as stream:
        return json.load(stream)["Items"][0]


def a_new_remote():
    cabinet("TT42.cab")
    told = publish(*NEW, "--title", 'A % title \\ "of" <ours>', "TT42.cab")
    assert told["result"] == "done" and [each["is_new"] for each in told["cabinets"]] == [True], told
    assert sorted(files_of("remote")) == sorted([
        "TT42.cab", "client/example.conf", "client/example.pem", "firmware.xml.xz.jcat", told["metadata"],
    ])
    assert (HERE / "remote/client/example.conf").read_text() == (
        '[fwupd Remote]\nEnabled=true\nTitle=A % title \\\\ "of" <ours>\n'
        f"MetadataURI={URL}/firmware.xml.xz\nRefreshInterval=0\nApprovalRequired=false\n"
    )
    assert (HERE / "remote/client/example.pem").read_text() == (HERE / "keys/ca.pem").read_text()
    assert (HERE / "remote/TT42.cab").read_bytes() == (HERE / "TT42.cab").read_bytes()
    verify()


def modes_for_a_web_server():
    for path in (HERE / "remote").rglob("*"):
        if path.name != ".lock":
            assert mode(path) == (0o755 if path.is_dir() else 0o644), (path, oct(mode(path)))
    assert mode("remote") == 0o755


def the_catalog():
    release = catalog().find("component/releases/release")
    artifact = release.find("artifacts/artifact")
    assert len(release.findall("artifacts/artifact")) == 1
    assert artifact.findtext("location") == f"{URL}/TT42.cab"
    sums = {each.get("type"): each.text for each in artifact.findall("checksum")}
    assert sums["sha256"] == shell("sha256sum", "TT42.cab").split()[0]
    assert sums["sha1"] == shell("sha1sum", "TT42.cab").split()[0]
    sizes = {each.get("type"): int(each.text) for each in artifact.findall("size")}
    assert sizes == {"download": (HERE / "TT42.cab").stat().st_size, "installed": 70001}, sizes


def the_signature():
    """By jcat-tool, and under the name that fwupd asks for."""
    name = verify()["metadata"]
    shell("jcat-tool", "verify", "firmware.xml.xz.jcat", name, "--public-key", HERE / "keys/ca.pem", cwd=HERE / "remote")
    assert jcat()["Id"] == name and jcat()["AliasIds"] == ["firmware.xml.xz"]


def again_is_no_change():
    before = files_of("remote")
    assert publish("TT42.cab")["result"] == "unchanged"
    assert publish()["result"] == "unchanged"
    assert files_of("remote") == before


def signed_again_is_no_change():
    """A cabinet made of the same image and words another time: machines may have the first one's checksum."""
    before = files_of("remote")
    cabinet("again.cab")
    assert (HERE / "again.cab").read_bytes() != (HERE / "TT42.cab").read_bytes()
    assert publish("again.cab")["result"] == "unchanged"
    assert files_of("remote") == before


def the_next_release():
    """The older one stays, for pinning and for the way back."""
    cabinet("TT43.cab", version="TT43", image="next.bin")
    first, signed = jcat()["Id"], jcat()["Blobs"][0]["Timestamp"]
    told = publish("TT43.cab")
    assert [(each["name"], each["is_new"]) for each in told["cabinets"]] == [("TT42.cab", False), ("TT43.cab", True)]
    assert jcat()["Blobs"][0]["Timestamp"] > signed
    assert [each.get("version") for each in catalog().iter("release")] == ["TT42", "TT43"]
    assert (HERE / "remote" / first).exists(), "a client between signature and metadata still finds the last one"
    verify()


def each_signature_is_newer():
    """However fast one run follows the other: fwupd takes no metadata of the same second."""
    times = []
    for number in range(3):
        publish("--title", f"Title {number}")
        times.append(jcat()["Blobs"][0]["Timestamp"])
    assert times[0] < times[1] < times[2], times
    assert len(list((HERE / "remote").glob("firmware-*.xml.xz"))) <= 2


def the_clock_is_behind():
    """A signature from the future: the next one would be older for fwupd."""
    shutil.copytree(HERE / "remote", HERE / "future")
    path = HERE / "future/firmware.xml.xz.jcat"
    with gzip.open(path) as stream:
        content = json.load(stream)
    for blob in content["Items"][0]["Blobs"]:
        blob["Timestamp"] = int(time.time()) + 3600
    path.write_bytes(gzip.compress(json.dumps(content).encode()))
    refuse("the clock of this machine is behind the last signature of the remote", "--title", "x", folder="future")


def the_same_version_with_other_content():
    cabinet("other.cab", image="next.bin")
    refuse(f"other.cab: version TT42 for {DISK_GUID} is published already, in TT42.cab, with other content", "other.cab")


def the_same_name():
    (HERE / "elsewhere").mkdir()
    shutil.copy(cabinet("x.cab", version="TT44"), HERE / "elsewhere/TT42.cab")
    refuse("elsewhere/TT42.cab: another cabinet of this name is published", "elsewhere/TT42.cab")


def tampered_cabinets():
    files = unpack("TT43.cab")
    flipped = bytes([files["firmware.bin"][0] ^ 1]) + files["firmware.bin"][1:]
    untrusted = "bad.cab: {} in it is not signed by an authority that is trusted here, or was changed since"
    for name, content in (("firmware.bin", flipped), ("firmware.metainfo.xml", files["firmware.metainfo.xml"] + b"\n")):
        pack("bad.cab", {**files, name: content})
        refuse(untrusted.format(name), "bad.cab")
    pack("bad.cab", {name: files[name] for name in ("firmware.bin", "firmware.metainfo.xml")})
    refuse("bad.cab: is not signed", "bad.cab")
    pack("bad.cab", {**files, "more.bin": b"x"})
    refuse(untrusted.format("more.bin"), "bad.cab")
    write("bad.cab", b"MSCF no cabinet")
    refuse("gcab failed with status", "bad.cab")
    refuse("none.cab: No such file", "none.cab")


def metainfo_that_is_none():
    """Signed by our own keys, so that only its content is wrong."""
    for content, message in (
        (b"<component", "firmware.metainfo.xml: is no XML"),
        (b"<component type='desktop'/>", "firmware.metainfo.xml: is no metainfo of firmware"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><component type='firmware'/>", "firmware.metainfo.xml: is too large, or has a"),
        (b"<component type='firmware'/>", "its metainfo has no GUID, or a release without a version"),
    ):
        sign("odd.cab", {"firmware.bin": b"image", "firmware.metainfo.xml": content})
        refuse(f"odd.cab: {message}", "odd.cab")
    sign("odd.cab", {"firmware.bin": b"image"})
    refuse("odd.cab: there is no metainfo in it", "odd.cab")


def sign(out, files):
    """A cabinet with good signatures of any content."""
    folder = HERE / "signing"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
        shell("jcat-tool", "sign", "firmware.jcat", name, HERE / "keys/signer-1.pem", HERE / "keys/signer-1.key", cwd=folder)
        shell("jcat-tool", "self-sign", "firmware.jcat", name, "--kind", "sha256", cwd=folder)
    pack(out, {entry.name: entry.read_bytes() for entry in folder.iterdir()})
    shutil.rmtree(folder)


def a_stranger():
    run("keys", "new", "stranger")
    cabinet("stranger.cab", version="TT50", keys="stranger")
    refuse("stranger.cab: firmware.bin in it is not signed by an authority that is trusted here", "stranger.cab")
    refuse(f"{HERE}/remote: its metadata is not signed by the authority of these keys", keys="stranger")
    refuse("none.pem: there is no such certificate", "--trust", "none.pem")


def another_authority():
    """Rotation: the new keys take the remote over, and its old cabinets stay as they are."""
    shutil.copytree(HERE / "remote", HERE / "taken")
    told = publish("--trust", "keys/ca.pem", folder="taken", keys="stranger")
    assert told["result"] == "done", told
    assert (HERE / "taken/client/example.pem").read_text() == (HERE / "stranger/ca.pem").read_text()
    told = document("verify", "--ca", "stranger/ca.pem", "--ca", "keys/ca.pem", "taken")
    assert told["wrong"] == [] and len(told["cabinets"]) == 2, told
    assert publish("stranger.cab", folder="taken", keys="stranger")["result"] == "done"


def the_remote_was_changed():
    shutil.copytree(HERE / "remote", HERE / "changed")
    with open(HERE / "changed/TT42.cab", "ab") as stream:
        stream.write(b"x")
    refuse(f"{HERE}/changed/TT42.cab: is not what the metadata says", "--title", "x", folder="changed")
    told = publish("--withdraw", "TT42.cab", folder="changed")
    assert told["withdrawn"] == ["TT42.cab"] and not (HERE / "changed/TT42.cab").exists(), told
    verify("changed")
    (HERE / "changed/TT43.cab").unlink()
    refuse(f"{HERE}/changed/TT43.cab: No such file", "--title", "x", folder="changed")
    name = jcat("changed")["Id"]
    (HERE / "changed" / name).write_bytes(b"x")
    refuse(f"{HERE}/changed: its metadata is not signed by", "--title", "x", folder="changed")
    (HERE / "changed" / name).unlink()
    refuse(f"{HERE}/changed/{name}: No such file", "--title", "x", folder="changed")
    (HERE / "changed/firmware.xml.xz.jcat").write_bytes(b"x")
    refuse(f"{HERE}/changed/firmware.xml.xz.jcat: is no signature file", "--title", "x", folder="changed")
    refuse("--withdraw none.cab: ", "--withdraw", "none.cab")


def addresses():
    for url in ("firmware", "/firmware", "ftp://example.org/", "file:///srv", "https://", "https://a b/", "https://u:p@h/",
                "https://h/?a", "https://h/#a", "https://h/a\nb", "http://h/<x>", "https://\u00fc.org/"):
        refuse("--url has to be absolute", "--url", url)
    told = publish("--url", "http://[::1]:8080/a/", folder="remote")
    assert told["url"] == "http://[::1]:8080/a", told
    assert catalog().find(".//location").text == "http://[::1]:8080/a/TT42.cab"
    publish("--url", URL)
    verify()


def names():
    refused(f"{HERE}/r: is a new remote, and needs --name and --url", "publish", "--keys", "keys", "r", "TT42.cab")
    refused(f"{HERE}/r: is a new remote, and no cabinet", "publish", "--keys", "keys", *NEW, "r")
    for name in ("../x", "a b", "", ".x", "x" * 42):
        refused(f"--name {name}: has to be", "publish", "--keys", "keys", "--name", name, "--url", URL, "r", "TT42.cab")
    refused("--name lvfs: fwupd has", "publish", "--keys", "keys", "--name", "lvfs", "--url", URL, "r", "TT42.cab")
    refuse(f"{HERE}/remote: is the remote example, not other", "--name", "other")
    refuse("--title has the character U+000A", "--title", "a\nEnabled=false")


def folders():
    (HERE / "home").mkdir()
    write("home/letter.txt", "x")
    refuse(f"{HERE}/home: is no remote, and has other files in it (letter.txt)", *NEW, "TT42.cab", folder="home")
    refused(f"{HERE}/none/r: cannot be made: No such file", "publish", "--keys", "keys", *NEW, "none/r", "TT42.cab")
    refused(f"{HERE}/TT42.cab: is no folder", "publish", "--keys", "keys", *NEW, "TT42.cab", "TT43.cab")


def an_unwritable_folder():
    """By another user than root, who may write anywhere: the folder of the test is open to it."""
    shutil.copytree(HERE / "remote", HERE / "closed")
    for path in [HERE, HERE / "tmp", HERE / "closed"]:
        path.chmod(0o777 if path.name == "tmp" else 0o555 if path.name == "closed" else 0o755)
    wrong = f"{HERE}/closed: cannot be written by this user"
    if os.geteuid() != 0:
        refuse(wrong, "--title", "x", folder="closed")
        return
    shutil.copytree(HERE / "keys", HERE / "keys-of-nobody")
    shell("chown", "-R", "nobody", "keys-of-nobody")
    program = ["setpriv", "--reuid=nobody", "--clear-groups", sys.executable]
    done = subprocess.run(
        [*program, "-c", "import sys; sys.path.insert(0, sys.argv[1]); sys.dont_write_bytecode = True\n"
         "from scsi_wb_remote import cli; sys.exit(cli.main(sys.argv[2:]))", copy_of_program(), "publish", "--keys",
         "keys-of-nobody", "--title", "x", "closed"],
        cwd=HERE, capture_output=True, encoding="utf-8", check=False, env=dict(os.environ, TMPDIR=str(HERE / "tmp")),
    )
    assert done.returncode == 1 and done.stderr.splitlines()[-1] == f"scsi-wb-remote: {wrong}", done.stderr


def copy_of_program():
    """The modules where any user can read them."""
    folder = HERE / "program"
    shutil.copytree(SOURCE / "remote", folder)
    for name in ("firmware.metainfo.xml.in", "remote.conf.in"):
        shutil.copy(SOURCE / "data" / name, folder)
    write("program/VERSION", "0\n")
    shell("chmod", "-R", "a+rX", str(folder))
    return folder


def one_at_a_time():
    import fcntl  # pylint: disable=import-outside-toplevel

    with open(HERE / "remote/.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refuse(f"{HERE}/remote: another scsi-wb-remote is at work there", "--title", "y")


def strange_words():
    """Through metainfo and catalog and back, as they were."""
    words = "<&>\"' ]]> %s &amp; \u00fc\u4e16"
    cabinet("strange.cab", "--name", words, "--notes", words, version="TT51")
    publish(*NEW, "strange.cab", folder="strange")
    component = catalog("strange").find("component")
    assert component.findtext("name") == words
    assert component.findtext("releases/release/description/p") == words
    verify("strange")


def reproducible():
    publish(*NEW, "TT43.cab", "TT42.cab", folder="one")
    publish(*NEW, "TT42.cab", folder="two")
    publish("TT43.cab", folder="two")
    assert jcat("one")["Id"] == jcat("two")["Id"], "the order in which cabinets come does not matter"


def writes_below(folder, event, args):
    """Whether an event of Python's own audit is a change in FOLDER."""
    if event == "open":
        is_write = isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        return bool(is_write) and str(args[0]).startswith(folder)
    return event in WRITES and any(str(arg).startswith(folder) for arg in args[:2])


def killed_at(number, folder, arguments):
    """Runs the program in a child that kills itself before the change NUMBER; gives whether it came so far."""
    child = os.fork()
    if child == 0:
        run_and_die(number, folder, arguments)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL, status
        return True
    assert os.waitstatus_to_exitcode(status) == 0, status
    return False


def run_and_die(number, folder, arguments):
    os.chdir(HERE)
    os.environ["TMPDIR"] = str(HERE / "killed")
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    from scsi_wb_remote import cli  # pylint: disable=import-outside-toplevel

    left = [number]

    def hook(event, args):
        if not writes_below(str(HERE / folder), event, args):
            return
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1

    sys.addaudithook(hook)
    os._exit(cli.main(["publish", "--keys", "keys", folder, *arguments]))


def kill_everywhere(start, arguments, is_allowed):
    """Before each change of a run: the remote has to be the old one or the new one, and the next run the new one."""
    (HERE / "killed").mkdir(exist_ok=True)
    number = 0
    while True:
        shutil.rmtree(HERE / "killing", ignore_errors=True)
        if start:
            shutil.copytree(HERE / start, HERE / "killing")
        if not killed_at(number, "killing", arguments):
            break
        is_allowed(number)
        document("publish", "--keys", "keys", "killing", *arguments)
        told = verify("killing")
        assert not [note for note in told["notes"] if "interrupted" in note], told
        number += 1
    shutil.rmtree(HERE / "killed")
    assert number > 8, f"only {number} changes were seen"
    return number


def killed_between_two_states():
    def old_or_new(number):
        versions = verify("killing")["cabinets"]
        assert versions in (["TT42.cab"], ["TT42.cab", "TT43.cab"]), (number, versions)

    publish(*NEW, "TT42.cab", folder="start")
    kill_everywhere("start", ["TT43.cab"], old_or_new)


def killed_before_there_was_any():
    def nothing_or_new(number):
        if (HERE / "killing/firmware.xml.xz.jcat").exists():
            assert verify("killing")["cabinets"] == ["TT42.cab"], number

    kill_everywhere(None, [*NEW, "TT42.cab"], nothing_or_new)


def a_full_disk():
    """A write that fails is a refusal, and the remote is what it was."""
    shutil.copytree(HERE / "start", HERE / "full")
    before = files_of("full")
    code = (
        "import errno, os, sys; sys.path.insert(0, sys.argv[1]); sys.dont_write_bytecode = True\n"
        "def full(_handle): raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))\n"
        "from scsi_wb_remote import cli; os.fsync = full; sys.exit(cli.main(sys.argv[2:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, SOURCE / "remote", "publish", "--keys", "keys", "full", "TT43.cab"], cwd=HERE,
        capture_output=True, encoding="utf-8", check=False, env=dict(os.environ, TMPDIR=str(HERE / "tmp")),
    )
    wrong = f"scsi-wb-remote: {HERE}/full/TT43.cab: cannot be written: No space left on device"
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, wrong), done.stderr
    assert files_of("full") == before, files_of("full").keys()
    verify("full")


def error_for_programs():
    done = run("publish", "--keys", "keys", "--json", "remote", "none.cab", status=1)
    assert json.loads(done.stdout) == {"result": "refused", "message": "none.cab: No such file or directory"}, done.stdout


def summary_for_people():
    text = run("publish", "--keys", "keys", "remote").stdout
    for words in (f"Serve {HERE}/remote at {URL} with any web server", "/etc/fwupd/remotes.d/example.conf",
                  "/etc/pki/fwupd/example.pem and /etc/pki/fwupd-metadata/example.pem", "TT43.cab  TT43"):
        assert words in text, text


main("publish", [
    a_new_remote, modes_for_a_web_server, the_catalog, the_signature, again_is_no_change, signed_again_is_no_change,
    the_next_release, each_signature_is_newer, the_clock_is_behind, the_same_version_with_other_content, the_same_name,
    tampered_cabinets, metainfo_that_is_none, a_stranger, another_authority, the_remote_was_changed, addresses, names,
    folders, an_unwritable_folder, one_at_a_time, strange_words, reproducible, killed_between_two_states,
    killed_before_there_was_any, a_full_disk, error_for_programs, summary_for_people,
])
