# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""Fetches a source package from Debian with apt, leaving the machine's apt alone.

Part of fwupd-sdk.  The machine's own Debian entries, whatever their form, are copied
as source entries into a private folder, and apt works in that folder only.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

# an entry is Debian's own when Debian's keyring signs it or its address has such a folder
DEBIAN_KEYRING = re.compile(r"/debian-archive-[^/\s]*\.(gpg|pgp|asc)\b")
DEBIAN_FOLDER = re.compile(r"/debian(-security|-lts)?(\.list)?(/|$)")
ONE_LINE = re.compile(r"deb(?:-src)?\s+(?P<options>\[[^\]]*\]\s+)?(?P<uri>\S+)\s+(?P<rest>.+)")

# everything apt may write is in {work}; hooks are the machine's business, not ours
APT_CONF = """Dir::Etc::SourceList "{work}/debian.sources.list";
Dir::Etc::SourceParts "{work}/debian.sources.d";
Dir::State::Lists "{work}/lists";
Dir::Cache "{work}/cache";
APT::Sandbox::User "{user}";
APT::Get::List-Cleanup "false";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "30";
Acquire::https::Timeout "30";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
"""


class SdkError(Exception):
    """What went wrong and what to do, in one line for people."""


def note(text):
    """Says what takes so long to someone who watches; scripts see only errors."""
    if sys.stderr.isatty():
        print(f"fwupd-sdk: {text}", file=sys.stderr)


def run(*command, **options):
    """Runs a command with captured output; a missing program counts as failed."""
    try:
        return subprocess.run(
            command, capture_output=True, text=True, check=False, errors="replace", **options
        )
    except OSError as error:
        return subprocess.CompletedProcess(command, 127, "", f"{error}\n")


def last_line(text):
    """The line of a tool's messages that most likely names the cause."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("E:")]
    return (errors or lines or ["no message"])[-1]


def is_debian(uris, signed_by, components):
    """Whether an entry is one of Debian's own archives rather than a third party's."""
    if DEBIAN_KEYRING.search(signed_by):
        return True
    return "main" in components.split() and bool(DEBIAN_FOLDER.search(uris))


def entry_of_line(line):
    """The deb-src form of one line of a .list file, or None."""
    match = ONE_LINE.fullmatch(line.partition("#")[0].strip())
    if not match:
        return None
    options = match["options"] or ""
    if not is_debian(match["uri"], options, match["rest"]):
        return None
    return f"deb-src {options}{match['uri']} {match['rest']}"


def entry_of_stanza(stanza):
    """The deb-src form of one paragraph of a .sources file, or None."""
    lines = [line for line in stanza.splitlines() if line and not line.startswith("#")]
    fields = {}
    name = ""
    for line in lines:
        if not line[0].isspace():
            name = line.partition(":")[0].lower()
        fields[name] = fields.get(name, "") + line.partition(":")[2 if name else 0] + "\n"
    if fields.get("enabled", "yes").strip().lower() in ("no", "false", "0", "off"):
        return None
    if not is_debian(*(fields.get(key, "") for key in ("uris", "signed-by", "components"))):
        return None
    return "\n".join("Types: deb-src" if re.match("types:", x, re.I) else x for x in lines)


def debian_entries():
    """The machine's Debian entries as deb-src: (one-line entries, deb822 paragraphs)."""
    names = ("L", "Dir::Etc::sourcelist/f", "P", "Dir::Etc::sourceparts/d")
    asked = run("apt-config", "shell", *names)
    if asked.returncode:
        raise SdkError("apt is not here to fetch the source: give it with --source")
    paths = dict(word.split("=", 1) for word in shlex.split(asked.stdout))
    parts = sorted(Path(paths.get("P", "/dev/null")).glob("*"))
    files = [Path(paths.get("L", "/dev/null")), *parts]
    lines, stanzas = [], []
    for path in files:
        if not path.is_file() or path.suffix not in (".list", ".sources"):
            continue
        text = path.read_text(errors="replace")
        if path.suffix == ".sources":
            stanzas += map(entry_of_stanza, re.split(r"\n[ \t]*\n", text))
        else:
            lines += map(entry_of_line, text.splitlines())
    return [list(dict.fromkeys(filter(None, entries))) for entries in (lines, stanzas)]


def write_apt_conf(work):
    """A private apt configuration in `work` that knows only Debian's source entries."""
    lines, stanzas = debian_entries()
    if not lines and not stanzas:
        raise SdkError(
            "apt has no entry of a Debian archive to fetch fwupd's source from:"
            " give the source with --source"
        )
    for folder in ("lists/partial", "cache/archives/partial", "debian.sources.d", "source"):
        (work / folder).mkdir(parents=True)
    (work / "debian.sources.list").write_text("\n".join(lines) + "\n")
    (work / "debian.sources.d/debian.sources").write_text("\n\n".join(stanzas) + "\n")
    # apt drops root for a user that cannot enter a private folder; it verifies either way
    user = "root" if os.geteuid() == 0 else ""
    (work / "apt.conf").write_text(APT_CONF.format(work=work, user=user))
    return work / "apt.conf"


def debian_source_version():
    """Name and version of the source package that the installed libfwupd-dev is of."""
    fields = "${db:Status-Abbrev}${source:Package} ${source:Version}"
    asked = run("dpkg-query", "-W", f"-f={fields}", "libfwupd-dev")
    words = asked.stdout.split()
    if asked.returncode or len(words) != 3 or words[0] != "ii":
        raise SdkError(
            "the package libfwupd-dev is not installed: install it,"
            " or give fwupd's source with --source"
        )
    return words[1], words[2]


def fetch_source(package, version, work):
    """Downloads and unpacks a source package, verified by apt; returns its folder."""
    if not shutil.which("dpkg-source"):
        raise SdkError("dpkg-source unpacks the source package: install dpkg-dev")
    conf = write_apt_conf(work)
    note(f"fetching the source of {package} {version} with apt")
    # one broken archive is no reason to stop: what counts is whether the source comes
    update = run("apt-get", "-c", conf, "-q", "update")
    if not list((work / "lists").glob("*_Sources*")):
        raise SdkError(
            f"apt could not download Debian's list of sources ({last_line(update.stderr)}):"
            " check the network, or give the source with --source"
        )
    name = f"{package}={version}"
    folder = work / "unpacked"
    failure = unpack_package(conf, name, work / "source", folder)
    # archives drop the source of a superseded version piece by piece; upstream's is the last to go
    if failure and unpack_upstream(conf, name, work / "source", folder):
        print(
            f"fwupd-sdk: Debian's own changes to {package} {version} cannot be had, so this is"
            " upstream's source without them",
            file=sys.stderr,
        )
        failure = None
    if failure:
        raise SdkError(failure)
    return folder


def unpack_package(conf, name, download, folder):
    """Downloads and unpacks the whole source package; returns what went wrong, or None."""
    got = run("apt-get", "-c", conf, "-q", "source", "--download-only", name, cwd=download)
    dsc = list(download.glob("*.dsc"))
    if got.returncode or len(dsc) != 1:
        return (
            f"apt did not get the source {name.replace('=', ' ')} ({last_line(got.stderr)}):"
            " bring libfwupd-dev and fwupd up to date, or give the source with --source"
        )
    unpacked = run("dpkg-source", "--no-check", "-x", dsc[0], folder)
    if unpacked.returncode:
        return f"dpkg-source cannot unpack {dsc[0].name}: {last_line(unpacked.stderr)}"
    return None


def unpack_upstream(conf, name, download, folder):
    """Downloads and unpacks upstream's part of a source package; returns whether it was there."""
    options = ("source", "--tar-only", "--download-only", name)
    got = run("apt-get", "-c", conf, "-q", *options, cwd=download)
    archives = list(download.glob("*.orig.tar.*"))
    if got.returncode or len(archives) != 1:
        return False
    folder.mkdir()
    command = ("tar", "-x", "--strip-components=1", "-C", folder, "-f", archives[0])
    return run(*command).returncode == 0
