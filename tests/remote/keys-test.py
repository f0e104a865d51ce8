#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# The keys of scsi-wb-remote: who can read them, when they are not used, and how they are renewed; prints TAP.
# usage: keys-test.py PROGRAM

import os
import shutil
import sys

sys.dont_write_bytecode = True  # leaves nothing in the source
# pylint: disable=wrong-import-position,wildcard-import,unused-wildcard-import
from bed import *

sys.path.insert(0, str(SOURCE / "remote"))


def refuse(message, keys, status=1):
    """Keys that are not used: no cabinet is made."""
    refused(message, "cabinet", *MODEL, "--version", "TT42", "--keys", keys, "--output", "x.cab", "disk.bin", status=status)
    assert not (HERE / "x.cab").exists()


def copy(name):
    shutil.rmtree(HERE / name, ignore_errors=True)
    shutil.copytree(HERE / "keys", HERE / name)
    return HERE / name


def signed_by_hand(folder, days, *issuer):
    """signer-2 below the authority of FOLDER, with a time of its own."""
    shell("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "signer-2.key",
          "-out", "request", "-subj", "/CN=by hand", cwd=folder)
    shell("openssl", "x509", "-req", "-in", "request", *(issuer or ("-CA", "ca.pem", "-CAkey", "ca.key")), "-set_serial",
          "7", "-days", str(days), "-out", "signer-2.pem", cwd=folder)
    (folder / "signer-2.key").chmod(0o600)


def new_keys_with_a_cabinet():
    cabinet("first.cab", "--new-keys", "--owner", "Example & Söhne", keys="made")
    assert sorted(entry.name for entry in (HERE / "made").iterdir()) == [
        "ca.key", "ca.pem", "signer-1.key", "signer-1.pem",
    ]
    said = shell("openssl", "x509", "-in", "made/ca.pem", "-noout", "-subject", "-nameopt", "utf8")
    assert "Example & Söhne" in said, said
    shell("openssl", "verify", "-CAfile", "made/ca.pem", "made/signer-1.pem")


def modes():
    """Also where the user's umask would give it all away."""
    os.umask(0)
    run("keys", "new", "open")
    os.umask(0o022)
    assert mode("open") == 0o700
    for entry in (HERE / "open").iterdir():
        assert mode(entry) == 0o600, (entry, oct(mode(entry)))


def never_readable_for_a_moment():
    """Each file that the program makes or opens for writing while it makes keys, seen by Python's audit and by a
    thread-free look at every step of another program."""
    code = (
        "import os, sys; sys.path.insert(0, sys.argv[1]); sys.dont_write_bytecode = True; os.umask(0)\n"
        "from scsi_wb_remote import cli, tools\n"
        "run = tools.run\n"
        "def watch(program, *args, cwd=None, **more):\n"
        "    said = run(program, *args, cwd=cwd, **more)\n"
        "    for path in [cwd, *cwd.iterdir()] if cwd else []:\n"
        "        assert not path.stat().st_mode & 0o077, path\n"
        "        seen.append(path)\n"
        "    return said\n"
        "seen = []; tools.run = watch; status = cli.main(sys.argv[2:])\n"
        "assert len(seen) > 8, seen\n"
        "sys.exit(status)"
    )
    for what in ("new", "renew"):
        shell(sys.executable, "-c", code, str(SOURCE / "remote"), "keys", what, "watched",
              env=dict(os.environ, TMPDIR=str(HERE / "tmp")))


def never_written_over():
    before = files_of("keys")
    refused(f"{HERE}/keys: is there already, and keys are never written over", "keys", "new", "keys")
    refused(f"{HERE}/keys: is there already", "cabinet", *MODEL, "--version", "TT42", "--keys", "keys", "--new-keys",
            "disk.bin")
    (HERE / "empty").mkdir()
    refused(f"{HERE}/empty: is there already", "keys", "new", "empty")
    (HERE / "link").symlink_to("nowhere")
    refused(f"{HERE}/link: is there already", "keys", "new", "link")
    assert files_of("keys") == before


def no_place_for_keys():
    refused(f"{HERE}/none: there is no such folder to make the keys in", "keys", "new", "none/keys")
    refuse(f"{HERE}/none: there are no keys; 'cabinet' makes them with --new-keys", "none")
    refused("the owner cannot have one of", "keys", "new", "--owner", "a/CN=b", "owned")
    refused("the owner is empty", "keys", "new", "--owner", "", "owned")
    refused("the owner has the character U+000A", "keys", "new", "--owner", "a\nb", "owned")
    assert not (HERE / "owned").exists() and not list(HERE.glob(".owned*"))


def others_can_read():
    folder = copy("readable")
    for bits in (0o640, 0o604, 0o620, 0o644):
        (folder / "signer-1.key").chmod(bits)
        refuse(f"{folder}/signer-1.key: others may read or write the private key (mode {bits:04o})", "readable")
    (folder / "signer-1.key").chmod(0o600)
    folder.chmod(0o770)
    refuse(f"{folder}: others may write to the folder of the keys", "readable")
    folder.chmod(0o700)
    (folder / "ca.key").chmod(0o644)
    refused(f"{folder}/ca.key: others may read", "keys", "renew", "readable")
    cabinet("readable.cab", keys="readable")


def missing():
    folder = copy("missing")
    (folder / "signer-1.key").unlink()
    refuse(f"{folder}/signer-1.key: the private key cannot be used: No such file", "missing")
    (folder / "signer-1.pem").unlink()
    refuse(f"{folder}: there is no signer, only an authority: 'keys renew {folder}' makes one", "missing")
    run("keys", "renew", "missing")
    cabinet("missing.cab", keys="missing")
    (folder / "ca.key").unlink()
    refused(f"{folder}/ca.key: the private key cannot be used: No such file", "keys", "renew", "missing")
    cabinet("offline.cab", keys="missing")  # to sign, the authority's key may be in a safe


def another_key():
    folder = copy("mixed")
    shell("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "signer-1.key", cwd=folder)
    refuse(f"{folder}/signer-1.key: is not the private key of {folder}/signer-1.pem", "mixed")


def another_authority():
    run("keys", "new", "other")
    folder = copy("crossed")
    shutil.copy(HERE / "other/signer-1.pem", folder)
    shutil.copy(HERE / "other/signer-1.key", folder)
    refuse("openssl failed with status 2:", "crossed")


def two_authorities_have_two_names():
    """gnutls, which fwupd verifies with, finds an authority by its name."""
    one, other = (shell("openssl", "x509", "-in", f"{name}/ca.pem", "-noout", "-subject") for name in ("keys", "other"))
    assert one != other


def expired():
    folder = copy("expired")
    signed_by_hand(folder, -1)
    refuse(f"{folder}/signer-2.pem: expired on ", "expired")
    run("keys", "renew", "expired")
    assert document("keys", "show", "expired")["signer"] == "signer-3"
    cabinet("expired.cab", keys="expired")


def expires_soon():
    run("keys", "new", "--signer-days", "20", "soon")
    done = run("cabinet", *MODEL, "--version", "TT42", "--keys", "soon", "--output", "soon.cab", "disk.bin")
    assert "warning: signer-1.pem expires on " in done.stderr and "'keys renew" in done.stderr, done.stderr


def not_yet():
    """A certificate of tomorrow, by a clock that is a day ahead."""
    folder = copy("tomorrow")
    shell("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "signer-2.key",
          "-out", "request", "-subj", "/CN=x", cwd=folder)
    (folder / "ca.conf").write_text(
        "[ca]\ndefault_ca=d\n[d]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n"
        "[p]\ncommonName=supplied\n"
    )
    (folder / "index").write_text("")
    (folder / "serial").write_text("07\n")
    shell("openssl", "ca", "-batch", "-config", "ca.conf", "-in", "request", "-cert", "ca.pem", "-keyfile", "ca.key",
          "-startdate", "20990101000000Z", "-enddate", "20991231000000Z", "-out", "signer-2.pem", "-notext", cwd=folder)
    refuse(f"{folder}/signer-2.pem: holds only from 2099-01-01 00:00 UTC on; is the clock right?", "tomorrow")


def renewed():
    folder = copy("renewed")
    before = files_of("renewed")
    told = document("keys", "renew", "renewed")
    assert told["signer"] == "signer-2", told
    after = files_of("renewed")
    assert {name: after[name] for name in before} == before and len(after) == len(before) + 2
    assert mode(folder / "signer-2.key") == 0o600
    shell("openssl", "verify", "-CAfile", "ca.pem", "signer-2.pem", cwd=folder)


def renewal_signs_the_remote_anew():
    """Publish without cabinets does it, once."""
    folder = copy("rotating")
    cabinet("rotating.cab", keys="rotating")
    new = ("publish", "--keys", "rotating", "rotated")
    run(*new, "rotating.cab", "--name", "example", "--url", URL)
    assert document(*new)["result"] == "unchanged"
    run("keys", "renew", "rotating")
    assert document(*new)["result"] == "done"
    assert document(*new)["result"] == "unchanged"
    assert document("verify", "--ca", folder / "ca.pem", "rotated")["wrong"] == []


def the_authority_ends_first():
    run("keys", "new", "--ca-days", "400", "--signer-days", "300", "short")
    refused(f"{HERE}/short/ca.pem holds until ", "keys", "renew", "short")
    run("keys", "renew", "--signer-days", "300", "short")


def no_certificate():
    folder = copy("nonsense")
    (folder / "signer-1.pem").write_text("x")
    refuse("openssl failed with status", "nonsense")


def wrong_use():
    usage("argument what: invalid choice: 'old'", "keys", "old", "keys")
    usage("a certificate holds from 1 to 36500 days", "keys", "new", "--ca-days", "0", "x")
    usage("argument --signer-days: invalid int value", "keys", "new", "--signer-days", "x", "x")


def summary_for_people():
    assert run("keys", "show", "keys").stdout.startswith(f"Keys:       {HERE}/keys\nAuthority:  {HERE}/keys/ca.pem\n")


main("keys", [
    new_keys_with_a_cabinet, modes, never_readable_for_a_moment, never_written_over, no_place_for_keys, others_can_read,
    missing, another_key, another_authority, two_authorities_have_two_names, expired, expires_soon, not_yet, renewed,
    renewal_signs_the_remote_anew, the_authority_ends_first, no_certificate, wrong_use, summary_for_people,
])
