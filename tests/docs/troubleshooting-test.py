#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""Holds docs/troubleshooting.md against the messages of the source, both ways; prints TAP.

The document's tables have messages in their first column, in backquotes, with … for what differs from case
to case. Each has to stand in the source: in the plugin's C, in the Python or YAML of remote/ and fleet/, or,
where the words are fwupd's, in what a case of the lab expects of it. The other way round, each message of
the source needs an entry, there or in docs/remote.md, or an exception here with its reason.
"""

import ast
import glob
import re
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
DOCUMENT = "docs/troubleshooting.md"
# its tables of refusals count, too, so that nothing has to be said twice
OTHER = "docs/remote.md"
# what stands from here on in DOCUMENT is about messages of fleet/ alone
ROLLOUT = "\n## A rollout stops\n"
LITERAL = r'"(?:[^"\\\n]|\\.)*"'
FORMAT = r"G_G[A-Z0-9]+_(?:FORMAT|MODIFIER)"
SENTENCE_WORDS = 3

# file, regular expression of the text (all of it), why it needs no entry. None: any text but an error's
EXCEPTIONS = (
    ("fu-scsi-wb-error.c", None, "advice: the other half of a message that has its entry"),
    ("fu-scsi-wb-lint*.c", None, "scsi-wb-lint speaks to whoever writes quirk rows, and names file, line and cure"),
    ("fu-scsi-wb-book.c", None, "text of the device book"),
    ("fu-scsi-wb-report*.c", None, "text of the plan"),
    ("fu-scsi-wb-question.c", None, "names of the questions, in recordings"),
    ("fu-scsi-wb-command.c", None, "name of a command"),
    ("fu-scsi-wb-caps.c", None, "name of a source"),
    ("fu-scsi-wb-limits.c", None, "names of limits, in parentheses within a message that has its entry"),
    ("fu-scsi-wb-ibm-tape-firmware.c", "it is empty", "stands within 'VPD page 03h: …', which has its entry"),
    ("fu-scsi-wb-kind.c", None, "names of kinds of devices"),
    ("fu-scsi-wb-options.c", None, "--help, and command lines that are wrong, which name the option"),
    ("fu-scsi-wb-options.c", "--.*", "the same"),
    ("fu-scsi-wb-recording-text.c", "(?!line ).*", "stands behind 'line …:', which has its entry"),
    ("fu-scsi-wb-recording-write.c", None, "text of a recording"),
    ("fu-scsi-wb-quirk-file.c", "Does not promise: |.*(line|KEY = VALUE|text|write it|row.|too short)",
     "stands before 'and so fwupd would ignore', which has its entry"),
    ("fu-scsi-wb-plan.c", ".*segments of up to.*", "one line about a plan, for the journal"),
    ("fu-scsi-wb-plan-tool.c", "scsi-wb-plan: .*", "the program's name before a message"),
    ("fu-scsi-wb-pending.c", "The new firmware is stored.*|enclosure, has been.*", "no error: the text of a request"),
    ("fu-scsi-wb-sense.c", None, "words in parentheses within a message that has its entry"),
    ("fu-scsi-wb-update.c", "…, (but|so) .*|.*the kernel has|half of.*", "notes in the journal, and names of limits"),
    ("fu-scsi-wb-shelf.c", "(it is|it waits|another logical unit) .*",
     "in the journal alone: why a device waits for its turn"),
    ("fu-scsi-wb-unlisted.c", " that no quirk row names:.*", "summary of a device, no error"),
    ("fu-scsi-wb-gate.c", ".*", "guards the dry run against mistakes of this project: no device can cause it"),
    ("fu-scsi-wb-sg.c", ".*", "fwupd's emulation alone, with a recording that does not fit this plugin"),
    ("fu-scsi-wb-enumerate.c", "another path.*", "in the journal alone: one device is one entry"),
    ("fu-scsi-wb-pending.c", "the device activates.*", "in the journal alone: nothing is asked of anybody"),
    ("fu-scsi-wb-qualstar-firmware.c", "a header of.*", "in fwupd's tool that builds images, for makers of them"),
    ("fu-scsi-wb-profile.c", "is not (one of|a number).*", "stands behind 'quirk key … = …:', which has its entry"),
    ("fu-scsi-wb-profile.c", "(ScsiWb|single-|exact-|commit-|activate-|the version ends).*",
     "stands behind 'quirk row cannot work:', which has its entry"),
    ("fu-scsi-wb-profile.c", "quirk key … not supported", "fwupd asks the next plugin about the key then"),
    ("fu-scsi-wb-unlisted.c", ", and (devices|it has).*|it says nothing",
     "stands behind 'no quirk row with ScsiWbMode names', which has its entry"),
    ("remote/scsi_wb_remote/*.py", "--.*", "names the option, and what is wrong with it"),
    ("remote/scsi_wb_remote/*.py", ".*(characters long;|has the character|is empty|are empty).*",
     "about one option, and says what is wrong with it"),
    ("fleet/roles/*/*/*.py", "Timeout was reached|Failed to activate service|all pools are healthy|no pools available",
     "what other programs say, to be compared with"),
    ("fleet/roles/*/*/*.py", "not tried|would be done|waits for|no remote|does not offer|fwupdmgr activate|a reboot|"
     "a power cycle|it is …: the window.*", "a result, or a part of a message that has its entry"),
    ("remote/scsi_wb_remote/*.py", "the (owner|version) .*|.* has to be absolute.*|SOURCE_DATE_EPOCH.*",
     "about one option, and says what is wrong with it"),
)
# refusals in the lab's cases whose words are neither the project's nor fwupd's
OTHERS_WORDS = (
    (r"bash: line 1: .*", "the shell's words: a file may not be opened"),
    (r"Invalid argument", "sg_write_buffer's, with more bytes than the kernel takes"),
)


def sentence(text):
    """How many words a text has."""
    return len([w for w in text.split() if re.search(r"[A-Za-z]", w)])


def c_text(parts):
    """The text of neighbouring literals, with … for each conversion."""
    joined = "".join(p[1:-1] if p[0] == '"' else ("" if p.endswith("MODIFIER") else "u") for p in parts)
    joined = re.sub(r"%[-#0-9.]*(?:ll|l|h|z)?[a-zA-Z]", "…", joined)
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), joined)


def c_messages(source):
    """Of each text in C: whether it is an error's for certain, and the text."""
    source = re.sub(r"/\*.*?\*/|^#include[^\n]*$", "", source, flags=re.S | re.M)
    for match in re.finditer(rf"{LITERAL}(?:\s*(?:{LITERAL}|{FORMAT}))*", source):
        before = source[max(0, match.start() - 120):match.start()]
        if re.search(r"g_(debug|info)\(\s*$", before):
            continue
        text = c_text(re.findall(rf"{LITERAL}|{FORMAT}", match[0]))
        is_error = re.search(r"(FWUPD_ERROR_[A-Z_]+|g_prefix_error(_literal)?\(error),\s*$", before) is not None
        if sentence(text) >= (2 if is_error else SENTENCE_WORDS):
            yield is_error, text


def python_text(node):
    """The text of an expression, with … for what is not constant."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(python_text(v) if isinstance(v, ast.Constant) else "…" for v in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return python_text(node.left) + python_text(node.right)
    return "…"


def remote_messages(source):
    """What scsi-wb-remote refuses something with."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refusal":
            text = python_text(node.args[0])
            if sentence(text) > 1:
                yield True, text


def fleet_messages(source):
    """All sentences but documentation: what a rollout says goes many ways."""
    def read(node):
        is_text = isinstance(node, (ast.Constant, ast.JoinedStr)) or (
            isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add))
        if is_text and isinstance(getattr(node, "value", ""), str) and sentence(python_text(node)) > 1:
            yield True, python_text(node)
            return
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.Expr) or not isinstance(child.value, ast.Constant):
                yield from read(child)
    yield from read(ast.parse(re.sub(r'^(DOCUMENTATION|RETURN) = r""".*?"""$', "", source, flags=re.S | re.M)))


def yaml_messages(source):
    for match in re.finditer(r"^\s*(?:fail_)?msg: \"?([^\"\n{]+)\"?$", source, re.M):
        yield True, match[1]


READERS = (
    ("plugins/scsi-wb/*.c", c_messages),
    ("remote/scsi_wb_remote/*.py", remote_messages),
    ("fleet/roles/*/*/*.py", fleet_messages),
    ("fleet/roles/*/tasks/*.yml", yaml_messages),
)


def source_messages():
    """File, whether it is an error's for certain, and text of all messages of the project."""
    for pattern, read in READERS:
        paths = sorted(glob.glob(pattern, root_dir=TOP))
        if not paths:
            raise FileNotFoundError(pattern)
        for path in paths:
            for is_error, text in read((TOP / path).read_text(encoding="utf-8")):
                yield path, is_error, text.strip("\n")


def shell_values(source):
    """The variables of a script that are set to a text, and may be set to what is theirs and more."""
    values = {}
    for name, text in re.findall(r"^\s*(\w+)=(\"[^\"\n]*\"|'[^'\n]*')$", source, re.M):
        values[name] = shell_text(text, values)
    return values


def shell_text(quoted, values):
    """The text between quotes, with … for what is put in."""
    if quoted[0] == "'":
        return quoted[1:-1]
    text = re.sub(r"\$\([^()]*\)", lambda m: "" if m[0][2:-1].isspace() else "…", quoted[1:-1])
    return re.sub(r"\$\{(\w+)[^}]*\}|\$(\w+)", lambda m: values.get(m[1] or m[2], "…"), text)


def lab_messages():
    """What the lab's cases expect a refusal to say."""
    quoted = r"\"(?:[^\"\\]|\\.)*\"|'[^']*'"
    call = re.compile(rf"expect_(refused|held_back|text) ({quoted}) (?:\w+ |\"\$\w+\" )?({quoted}|\$\w+)")
    shared = shell_values((TOP / "tests/lab/refusal-lib.sh").read_text(encoding="utf-8"))
    for path in sorted(TOP.glob("tests/lab/cases/*.sh")):
        source = path.read_text(encoding="utf-8")
        values = {**shared, **shell_values(source)}
        joined = re.sub(r"\\\n\s*", "", re.sub(r"(['\"]) \\\n\s*", r"\1 ", re.sub(r"(\d) \\\n\s*", r"\1 ", source)))
        for kind, name, text in call.findall(joined):
            text = shell_text(text, values)
            if (kind != "text" or re.search("why|reads|refused", name)) and sentence(text) > 1:
                yield path.name, text


def entries(document, rollout=None):
    """The messages in the first column of a document's tables; of OTHER in any column. rollout: only those from
    ROLLOUT on, or only those before."""
    text = (TOP / document).read_text(encoding="utf-8")
    if rollout is not None:
        text = text.split(ROLLOUT)[rollout]
    for line in text.splitlines():
        if line.startswith("|"):
            cells = line if document == OTHER else line.split("|")[1]
            yield from (m for m in re.findall(r"`([^`]+)`", cells) if sentence(m) > 1)


def pattern_of(message):
    """What a message of the document matches, from end to end: … is any text."""
    pieces = re.sub(r"\s*…$", "…", message.strip()).split("…")
    return re.compile(".*?".join(map(re.escape, pieces)) + "$", re.S)


def part_of(message):
    """As pattern_of(), for texts that begin or end elsewhere."""
    return re.compile(pattern_of(message.strip("… :")).pattern.removesuffix("$"), re.S)


def exception_for(path, is_error, text):
    for number, (where, pattern, _) in enumerate(EXCEPTIONS):
        name = path if "/" in where else Path(path).name
        fits = not is_error if pattern is None else re.fullmatch(pattern, text, re.S)
        if Path(name).match(where) and fits:
            return number
    return None


def without_entry(messages, patterns):
    """Those messages that have neither an entry nor an exception, and the exceptions that were of use."""
    missing, used = [], set()
    for path, is_error, text in messages:
        if any((p.match if p.pattern.endswith("$") else p.search)(text.strip()) for p in patterns):
            continue
        number = exception_for(path, is_error, text)
        if number is None:
            missing.append(f"{path}: {text}")
        else:
            used.add(number)
    return missing, used


def without_source(messages, texts):
    return [m for m in messages if not any(pattern_of(m).match(t.strip()) for t in texts)]


def check_document():
    """Each entry stands in the source."""
    texts = [text for _, _, text in source_messages()] + [text for _, text in lab_messages()]
    texts += entries(OTHER)
    return [f"in no source: {m}" for m in without_source(entries(DOCUMENT), texts)]


def check_source():
    """Each message of the source has an entry."""
    missing, used = [], set()
    for rollout in (False, True):
        patterns = [pattern_of(m) for m in entries(DOCUMENT, rollout)] + [part_of(m) for m in entries(OTHER)]
        found = without_entry((m for m in source_messages() if m[0].startswith("fleet/") == rollout), patterns)
        missing += found[0]
        used |= found[1]
    idle = [f"of no use: the exception {EXCEPTIONS[n][:2]}" for n in range(len(EXCEPTIONS)) if n not in used]
    return [f"no entry: {m}" for m in missing] + idle


def check_lab():
    """Each refusal that the lab has seen has an entry."""
    known = [m for d in (DOCUMENT, OTHER) for m in entries(d)]
    # a case may expect a part of a message, or have the name of a program or step before it
    patterns = [part_of(m) for m in known] + [re.compile(p) for p, _ in OTHERS_WORDS]
    return [
        f"no entry: {path}: {text}" for path, text in lab_messages()
        if not any(p.search(text) for p in patterns) and not any(text in m for m in known)
    ]


def check_order():
    """The tables are in the order of their messages, so that one is found."""
    findings, last = [], ""
    for line in (TOP / DOCUMENT).read_text(encoding="utf-8").splitlines():
        found = re.match(r"\| `[^A-Za-z0-9`]*([^`]*)`", line)
        key = re.sub(r"[^a-z0-9 ]", "", found[1].lower()) if found else ""
        if found and key < last:
            findings.append(f"out of order: {found[1]}")
        last = key
    return findings


def check_bites():
    """A message that is planted is found, and an entry that is."""
    planted = 'g_set_error(error, FWUPD_ERROR, FWUPD_ERROR_WRITE,\n "the device has %u " "legs too many", n);\n'
    messages = [("plugins/scsi-wb/fu-scsi-wb-plan.c", *m) for m in c_messages(planted)]
    python = 'def f():\n    raise Stop(f"{name} has legs too many")\n'
    messages += [("fleet/roles/r/library/m.py", *m) for m in fleet_messages(python)]
    patterns = [pattern_of(m) for m in entries(DOCUMENT)]
    found, _ = without_entry(messages, patterns)
    findings = [] if len(found) == 2 else [f"of the planted messages these were found: {found}"]
    if without_source(["the device has … legs"], [text for _, _, text in source_messages()]) == []:
        findings.append("an entry that is nowhere was taken for one of the source")
    if pattern_of("the device failed").match("the device failed in an unusual way"):
        findings.append("an entry was taken for one of a longer message")
    if len(list(entries(DOCUMENT))) < 100 or len(list(source_messages())) < 200 or len(list(lab_messages())) < 20:
        findings.append("too little was read to say anything")
    return findings


def main():
    status = 0
    for check in (check_bites, check_document, check_source, check_lab, check_order):
        findings = check()
        name = "troubleshooting/" + check.__name__.removeprefix("check_")
        print(f"{'not ok' if findings else 'ok'} - {name}")
        for finding in findings:
            print("# " + finding.replace("\n", " "))
        status |= bool(findings)
    return status


if __name__ == "__main__":
    sys.exit(main())
