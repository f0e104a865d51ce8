# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""What a rollout decides: values in, values out, and nothing else touched.

The module takes its decisions about one host from here, the filters those about all hosts.
"""

import uuid
from datetime import datetime, time

# what a device of the plan gets; "refuse" stops the host before anything is changed
INSTALL, ACTIVATE, NONE, SKIP, REFUSE = "install", "activate", "none", "skip", "refuse"
# what has become of it
OK, WAITING, FAILED, UNTRIED, WOULD = "ok", "waiting", "failed", "not tried", "would be done"

NEEDS = {
    "needs-activation": "fwupdmgr activate",
    "needs-reboot": "a reboot",
    "needs-shutdown": "a power cycle",
}
# fwupd sets it besides the problem of a disk in use, and it says the same
HIDDEN_BY_PROBLEM = "updatable-hidden"


def guids_of(names):
    """GUIDs and instance IDs as GUIDs: fwupd's is a version 5 UUID in the name space of DNS."""
    return {n.lower() if "\\" not in n else str(uuid.uuid5(uuid.NAMESPACE_DNS, n)) for n in names}


def matching(devices, wanted):
    """The devices that the rollout is about, in an order that is the same each time."""
    guids = guids_of(wanted["ids"])
    found = [d for d in devices if guids & set(d.get("Guid", []))]
    if wanted.get("serials"):
        found = [d for d in found if d.get("Serial") in wanted["serials"]]
    return sorted(found, key=lambda d: (d.get("Serial") or "", d["DeviceId"]))


def needs(device):
    """What the device waits for, as its flag; None if for nothing."""
    return next((flag for flag in NEEDS if flag in device.get("Flags", [])), None)


def last_attempt(history, device_id):
    """The version that fwupd's history says was installed last, and how that failed."""
    for row in history:
        if row["DeviceId"] == device_id:
            release = (row.get("Releases") or [{}])[0]
            return release.get("Version"), row.get("UpdateError")
    return None, None


def offered(releases, wanted):
    """The release of the wanted version, from the wanted remote if there is one."""
    for release in releases:
        if release.get("Version") == wanted["version"] and (
            not wanted.get("remote") or release.get("RemoteId") == wanted["remote"]
        ):
            return release
    return None


def record(device, action, why):
    return {
        "device_id": device["DeviceId"],
        "name": device.get("Name", ""),
        "vendor": device.get("Vendor", ""),
        "serial": device.get("Serial", ""),
        "before": device.get("Version", ""),
        "after": device.get("Version", ""),
        "in_use": "in-use" in device.get("Problems", []),
        "action": action,
        "why": why,
        "result": "",
        "error": "",
    }


def key_of(row):
    """One device, whichever host sees it; empty if it does not say who it is."""
    return f"{row['vendor']} {row['name']} {row['serial']}" if row["serial"] else ""


def judge_waiting(waits, pending, wanted):
    """A device with firmware that is not in use yet."""
    after = NEEDS[waits]
    if pending != wanted["version"]:
        return REFUSE, f"has {pending or 'other firmware'} waiting for {after}: let it come into use first"
    if wanted["activation"] == "now" and waits == "needs-activation":
        return ACTIVATE, f"{pending} waits for {after}"
    if wanted["activation"] == "now":
        return REFUSE, f"{pending} waits for {after}"
    return NONE, f"{pending} waits for {after}"


def judge_obstacle(device, wanted):
    """What fwupd itself holds against an update; (None, "") if nothing."""
    # of a device that is updatable, UpdateError tells how the last attempt failed, and nothing is held against another
    updatable = "updatable" in device.get("Flags", [])
    said = "" if updatable else device.get("UpdateError", "")
    problems = list(device.get("Problems", []))
    if "in-use" in problems:
        why = said or "in use: stop using it first"
        return (SKIP if wanted["in_use"] == "skip" else REFUSE), why
    if problems or said:
        return REFUSE, said or "fwupd sees a problem: " + ", ".join(problems)
    if not updatable:
        return REFUSE, "fwupd does not call it updatable"
    return None, ""


def judge_release(device, releases, wanted):
    release = offered(releases, wanted)
    version = wanted["version"]
    if release is None:
        where = f"remote {wanted['remote']}" if wanted.get("remote") else "no remote"
        offer = ", ".join(sorted({r.get("Version", "?") for r in releases})) or "nothing"
        verb = "does not offer" if wanted.get("remote") else "offers"
        return REFUSE, f"{where} {verb} {version}; there is {offer}"
    if "is-downgrade" in release.get("Flags", []) and not wanted["allow_older"]:
        return REFUSE, f"{version} is older than {device.get('Version')}, and going back is not allowed"
    return INSTALL, f"{device.get('Version')} to {version}"


def judge(device, releases, history, wanted):
    """What is to be done with one device, and why."""
    row = record(device, NONE, "")
    left_to = wanted.get("left_to", {}).get(key_of(row))
    if device.get("Version") == wanted["version"]:
        return NONE, f"runs {wanted['version']}"
    if left_to:
        return SKIP, f"host {left_to} updates it"
    waits = needs(device)
    if waits:
        pending, _ = last_attempt(history, device["DeviceId"])
        return judge_waiting(waits, pending, wanted)
    if wanted.get("from") and device.get("Version") not in wanted["from"]:
        return SKIP, f"runs {device.get('Version')}, and the rollout is for {', '.join(wanted['from'])}"
    action, why = judge_obstacle(device, wanted)
    return (action, why) if action else judge_release(device, releases, wanted)


def plan(devices, releases, history, wanted):
    """A record for each matching device. releases: a list for each DeviceId."""
    return [
        record(d, *judge(d, releases.get(d["DeviceId"], []), history, wanted))
        for d in matching(devices, wanted)
    ]


def activation_plan(devices, history, wanted):
    """As plan(), for what an earlier rollout has left to wait."""
    rows = []
    for device in matching(devices, wanted):
        waits, version = needs(device), device.get("Version")
        pending, _ = last_attempt(history, device["DeviceId"])
        action, why = REFUSE, f"runs {version}, and no firmware waits: roll it out first"
        if version == wanted["version"]:
            action, why = NONE, f"runs {version}"
        elif waits:
            action, why = judge_waiting(waits, pending, dict(wanted, activation="now"))
        elif wanted.get("from") and version not in wanted["from"]:
            action, why = SKIP, f"runs {version}, and the rollout is for {', '.join(wanted['from'])}"
        rows.append(record(device, action, why))
    return rows


def outcome(row, device, message, attempt, wanted):
    """Fills in what has become of a device: by what it is now, not by how fwupdmgr ended, which a lost
    connection or a daemon that ends may spoil. device: None if it is gone. message: fwupdmgr's error."""
    pending, remembered = attempt
    row["after"] = device.get("Version", "") if device else ""
    waits = needs(device) if device else None
    if row["after"] == wanted["version"]:
        row["result"], row["error"] = OK, ""
    elif waits and pending == wanted["version"] and not message:
        row["result"], row["error"] = WAITING, ""
    else:
        row["result"] = FAILED
        row["error"] = message or remembered or "fwupd says nothing, but the device does not run " + wanted["version"]
        if device is None:
            row["error"] += "; fwupd does not list the device any more"
    return row["result"]


def refusals(rows):
    return [f"{label(r)}: {r['why']}" for r in rows if r["action"] == REFUSE]


def label(row):
    return f"{row['name']} {row['serial'] or row['device_id']}"


def md_troubles(arrays):
    """arrays: of each md array what the kernel says of it. A scrub of a whole array is no trouble."""
    troubles = []
    for name, says in sorted(arrays.items()):
        degraded, action = says.get("degraded", ""), says.get("sync_action", "")
        if degraded not in ("", "0"):
            troubles.append(f"{name}: {degraded} of its disks missing" + (f", {action}" if action not in ("", "idle") else ""))
        elif action not in ("", "idle", "check"):
            troubles.append(f"{name}: {action}")
        elif says.get("array_state") in ("inactive", "broken"):
            troubles.append(f"{name}: {says['array_state']}")
    return troubles


def zfs_troubles(code, text):
    """code and text of "zpool status -x"."""
    words = text.strip()
    if code == 0 and words in ("all pools are healthy", "no pools available", ""):
        return []
    pools = [line.split(":", 1)[1].strip() for line in words.splitlines() if line.strip().startswith("pool:")]
    states = [line.split(":", 1)[1].strip() for line in words.splitlines() if line.strip().startswith("state:")]
    if not pools:
        return [f"zpool status -x: {words.splitlines()[0] if words else f'status {code}'}"]
    return [f"pool {p}: {s}" for p, s in zip(pools, states)]


def moment(text):
    """A time of day (22:00), or a date with time and zone (2026-12-01T22:00+01:00)."""
    try:
        return time.fromisoformat(text)
    except ValueError:
        pass
    try:
        value = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise ValueError(f"'{text}' is neither a time of day nor a date with time") from None
    if value.tzinfo is None:
        raise ValueError(f"'{text}' has no time zone: add Z, or +01:00")
    return value


def window_closed(start, end, now):
    """Why nothing may be disturbed now, or "". now: with the zone of the host."""
    if not start and not end:
        return ""
    if not start or not end:
        raise ValueError("a maintenance window has a start and an end")
    opens, closes = moment(start), moment(end)
    if isinstance(opens, time) != isinstance(closes, time):
        raise ValueError("start and end of the window are both times of day, or both dates")
    if isinstance(opens, time):
        clock = now.time()
        past_midnight = closes <= opens
        inside = (clock >= opens or clock < closes) if past_midnight else opens <= clock < closes
    else:
        if closes <= opens:
            raise ValueError("the window ends before it starts")
        inside = opens <= now < closes
    return "" if inside else f"it is {now.isoformat(timespec='seconds')}: the window is from {start} to {end}"


### all hosts


def sharing(reports, policy):
    """Devices that several hosts see: which host they are left to, and what is wrong with that.
    reports: of all hosts, in the order of the rollout. Returns {host: {left_to, shared, problems}}."""
    seen = {}
    for report in reports:
        for row in report["devices"]:
            if key_of(row):
                seen.setdefault(key_of(row), []).append((report["host"], row))
    result = {r["host"]: {"left_to": {}, "shared": False, "problems": []} for r in reports}
    for key, places in seen.items():
        hosts = list(dict.fromkeys(host for host, _ in places))
        if len(hosts) < 2:
            continue
        share(result, key, hosts, places, policy)
    return result


def share(result, key, hosts, places, policy):
    """One device of several hosts: the first of them updates it, unless another one uses it."""
    users = [host for host, row in places if row["in_use"]]
    pending = any(row["action"] in (INSTALL, ACTIVATE) for _, row in places)
    for host in hosts:
        result[host]["shared"] = True
        if host != hosts[0]:
            result[host]["left_to"][key] = hosts[0]
        if policy == "refuse":
            result[host]["problems"].append(f"{key}: {' and '.join(hosts)} see this device")
        elif pending and users:
            result[host]["problems"].append(f"{key}: shared by {' and '.join(hosts)}, in use at {' and '.join(users)}")


def blank_report(host, stage, run):
    return {
        "host": host, "stage": stage, "run": run, "result": "untouched", "problems": [], "devices": [],
    }


def host_report(answer, host, stage, run):
    """The report of a host from what its module has answered, if it has."""
    report = blank_report(host, stage, run)
    if answer.get("unreachable"):
        report.update(result="unreachable", problems=[answer.get("msg", "no answer")])
    elif "report" not in answer:
        text = answer.get("module_stderr") or answer.get("msg") or "the module ended without an answer"
        report.update(result="failed", problems=[text.strip()])
    else:
        report.update(answer["report"])
    return report


def merge_total(total, run, stage, hosts, reports, check):
    """The report of all hosts. It begins anew with another run; a host keeps what an earlier stage of the
    same run has said until a later one has its word."""
    if total.get("run") != run:
        total = {"run": run, "hosts": {}}
    rows = dict(total["hosts"])
    for host in hosts:
        rows.setdefault(host, blank_report(host, stage, run))
    for report in reports:
        rows[report["host"]] = report
    counts = {}
    for row in rows.values():
        counts[row["result"]] = counts.get(row["result"], 0) + 1
    devices = [d for row in rows.values() for d in row["devices"]]
    return {
        "run": run,
        "check": check,
        "stage": stage,
        "result": "ok" if set(counts) <= {"ok"} else "failed" if set(counts) - {"ok", "untouched", "planned"} else "unfinished",
        "host_results": counts,
        "device_results": {r: sum(1 for d in devices if d["result"] == r) for r in sorted({d["result"] for d in devices})},
        "hosts": rows,
    }
