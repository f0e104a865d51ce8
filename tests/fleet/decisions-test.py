#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# The decisions of the role in fleet/, as tables; prints TAP.
# usage: decisions-test.py SOURCE-FOLDER

import os
import sys
from datetime import datetime, timedelta, timezone

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(sys.argv[1], "fleet/roles/scsi_wb_firmware/module_utils"))
import scsi_wb_fleet as fleet  # noqa: E402

ID = "SCSI\\VEN_SEAGATE&DEV_ST600MM0088"
GUID = "316274f2-53a4-572b-a01f-7b7708985e06"
WANTED = {
    "ids": [ID], "version": "TT42", "from": [], "serials": [], "remote": "example",
    "allow_older": False, "in_use": "refuse", "activation": "now", "left_to": {},
}
RELEASE = {"Version": "TT42", "RemoteId": "example", "Flags": ["is-upgrade"]}
OLDER = {"Version": "TT42", "RemoteId": "example", "Flags": ["is-downgrade"]}
USED = {"Problems": ["in-use"], "UpdateError": "sda is mounted at /", "Flags": ["updatable-hidden"]}
ACTIVATION = {"Flags": ["updatable", "needs-activation"]}
SHUTDOWN = {"Flags": ["updatable", "needs-shutdown"]}
UTC = timezone.utc


def device(**changes):
    base = {
        "DeviceId": "d1", "Name": "ST600MM0088", "Vendor": "SEAGATE", "Serial": "s1", "Guid": [GUID],
        "Version": "TT31", "Flags": ["updatable"],
    }
    return dict(base, **changes)


def past(version, error=None):
    """fwupd's history with one attempt."""
    row = {"DeviceId": "d1", "Releases": [{"Version": version}]}
    return [dict(row, UpdateError=error)] if error else [row]


# name, device, releases, history, changes to what is wanted, action, why
JUDGED = [
    ("an update", {}, [RELEASE], [], {}, "install", "TT31 to TT42"),
    ("at the version", {"Version": "TT42"}, [], [], {}, "none", "runs TT42"),
    ("at the version, in use", dict(USED, Version="TT42"), [], [], {}, "none", "runs TT42"),
    ("not offered", {}, [], [], {}, "refuse", "remote example does not offer TT42; there is nothing"),
    ("offered elsewhere", {}, [dict(RELEASE, RemoteId="lvfs")], [], {}, "refuse",
     "remote example does not offer TT42; there is TT42"),
    ("no remote offers it", {}, [dict(RELEASE, Version="TT50")], [], {"remote": ""}, "refuse",
     "no remote offers TT42; there is TT50"),
    ("any remote", {}, [dict(RELEASE, RemoteId="lvfs")], [], {"remote": ""}, "install", "TT31 to TT42"),
    ("going back", {"Version": "TT50"}, [OLDER], [], {}, "refuse",
     "TT42 is older than TT50, and going back is not allowed"),
    ("going back, allowed", {"Version": "TT50"}, [OLDER], [], {"allow_older": True}, "install", "TT50 to TT42"),
    ("chosen by revision", {}, [RELEASE], [], {"from": ["TT31"]}, "install", "TT31 to TT42"),
    ("not chosen by revision", {}, [RELEASE], [], {"from": ["TT30", "TT29"]}, "skip",
     "runs TT31, and the rollout is for TT30, TT29"),
    ("in use", USED, [RELEASE], [], {}, "refuse", "sda is mounted at /"),
    ("in use, without words", dict(USED, UpdateError=""), [RELEASE], [], {}, "refuse",
     "in use: stop using it first"),
    ("in use, skipped", USED, [RELEASE], [], {"in_use": "skip"}, "skip", "sda is mounted at /"),
    ("failed before", {"UpdateError": "write error", "UpdateState": 3}, [RELEASE], past("TT42", "write error"), {},
     "install", "TT31 to TT42"),
    ("held back", {"UpdateError": "quirk key ScsiWbMode is bad", "Flags": ["updatable-hidden"]}, [RELEASE], [], {}, "refuse",
     "quirk key ScsiWbMode is bad"),
    ("another problem", {"Problems": ["lid-is-closed"]}, [RELEASE], [], {}, "refuse",
     "fwupd sees a problem: lid-is-closed"),
    ("not updatable", {"Flags": []}, [RELEASE], [], {}, "refuse", "fwupd does not call it updatable"),
    ("left to another host", {}, [RELEASE], [], {"left_to": {"SEAGATE ST600MM0088 s1": "n1"}}, "skip",
     "host n1 updates it"),
    ("waits for activation", ACTIVATION, [], past("TT42"), {}, "activate", "TT42 waits for fwupdmgr activate"),
    ("may wait for activation", ACTIVATION, [], past("TT42"), {"activation": "later"}, "none",
     "TT42 waits for fwupdmgr activate"),
    ("waits with other firmware", ACTIVATION, [], past("TT40"), {}, "refuse",
     "has TT40 waiting for fwupdmgr activate: let it come into use first"),
    ("waits with firmware of unknown version", ACTIVATION, [], [], {}, "refuse",
     "has other firmware waiting for fwupdmgr activate: let it come into use first"),
    ("waits for power", SHUTDOWN, [], past("TT42"), {}, "refuse", "TT42 waits for a power cycle"),
    ("may wait for power", SHUTDOWN, [], past("TT42"), {"activation": "later"}, "none",
     "TT42 waits for a power cycle"),
]

# name, device, history, action, why
ACTIVATED = [
    ("waits", ACTIVATION, past("TT42"), "activate", "TT42 waits for fwupdmgr activate"),
    ("runs it", {"Version": "TT42"}, [], "none", "runs TT42"),
    ("never rolled out", {}, [], "refuse", "runs TT31, and no firmware waits: roll it out first"),
    ("other firmware", ACTIVATION, past("TT40"), "refuse",
     "has TT40 waiting for fwupdmgr activate: let it come into use first"),
    ("a power cycle", SHUTDOWN, past("TT42"), "refuse", "TT42 waits for a power cycle"),
]

# name, device afterwards or None, fwupdmgr's error, history, result, error
OUTCOMES = [
    ("runs it", {"Version": "TT42"}, "", [], "ok", ""),
    ("runs it, though the client failed", {"Version": "TT42"}, "daemon was stopped", [], "ok", ""),
    ("waits", ACTIVATION, "", past("TT42"), "waiting", ""),
    ("waits with something else", ACTIVATION, "", past("TT40"), "failed",
     "fwupd says nothing, but the device does not run TT42"),
    ("failed", {}, "segment 1: the device refused the image", past("TT42", "x"), "failed",
     "segment 1: the device refused the image"),
    ("failed, the client knows nothing", {}, "", past("TT42", "the device is gone"), "failed", "the device is gone"),
    ("is gone", None, "the device is gone", [], "failed",
     "the device is gone; fwupd does not list the device any more"),
]

MD = [
    ("whole", {"md0": {"degraded": "0", "sync_action": "idle", "array_state": "clean"}}, []),
    ("no redundancy at all", {"md0": {"degraded": "", "sync_action": "", "array_state": "clean"}}, []),
    ("scrubbed", {"md0": {"degraded": "0", "sync_action": "check", "array_state": "active"}}, []),
    ("one disk missing", {"md0": {"degraded": "1", "sync_action": "idle"}}, ["md0: 1 of its disks missing"]),
    ("rebuilding", {"md1": {"degraded": "1", "sync_action": "recover"}}, ["md1: 1 of its disks missing, recover"]),
    ("first sync", {"md1": {"degraded": "0", "sync_action": "resync"}}, ["md1: resync"]),
    ("inactive", {"md1": {"degraded": "0", "sync_action": "idle", "array_state": "inactive"}}, ["md1: inactive"]),
    ("two", {"md1": {"degraded": "1"}, "md0": {"sync_action": "reshape"}},
     ["md0: reshape", "md1: 1 of its disks missing"]),
]

POOL = """  pool: tank
 state: DEGRADED
status: One or more devices has been taken offline by the administrator.
config:
"""
ZFS = [
    ("healthy", 0, "all pools are healthy\n", []),
    ("no pools", 0, "no pools available\n", []),
    ("degraded", 0, POOL, ["pool tank: DEGRADED"]),
    ("fails", 1, "The ZFS modules are not loaded.\n", ["zpool status -x: The ZFS modules are not loaded."]),
    ("fails without a word", 1, "", ["zpool status -x: status 1"]),
]

NIGHT = ("22:00", "04:00")
DATES = ("2026-12-01T22:00+01:00", "2026-12-02T02:00Z")
# name, window, hour, minute, open?
WINDOWS = [
    ("none", ("", ""), 12, 0, True),
    ("in the evening", NIGHT, 22, 0, True),
    ("after midnight", NIGHT, 3, 59, True),
    ("its end", NIGHT, 4, 0, False),
    ("by day", NIGHT, 12, 0, False),
    ("of one day", ("08:00", "17:00"), 12, 0, True),
    ("of one day, later", ("08:00", "17:00"), 17, 0, False),
    ("dates, before", DATES, 20, 59, False),
    ("dates, at their start", DATES, 21, 0, True),
    ("dates, inside", DATES, 23, 0, True),
]
BAD_WINDOWS = [
    ("half", ("22:00", ""), "a maintenance window has a start and an end"),
    ("mixed", ("22:00", DATES[1]), "start and end of the window are both times of day, or both dates"),
    ("no zone", ("2026-12-01T22:00", DATES[1]), "'2026-12-01T22:00' has no time zone: add Z, or +01:00"),
    ("no time", ("tonight", "04:00"), "'tonight' is neither a time of day nor a date with time"),
    ("backwards", (DATES[1], DATES[0]), "the window ends before it starts"),
]


def host(name, *rows):
    return {"host": name, "devices": [fleet.record(d, a, "") for d, a in rows]}


PLAIN = (device(), "install")
IN_USE = (device(**USED), "refuse")
DONE = (device(Version="TT42"), "none")
ANONYMOUS = (device(Serial=""), "install")
# name, reports, policy, shared hosts, {host: left_to hosts}, problems
SHARED = [
    ("nothing", [host("a", PLAIN), host("b", (device(Serial="s2"), "install"))], "first", [], {}, []),
    ("no serial numbers", [host("a", ANONYMOUS), host("b", ANONYMOUS)], "first", [], {}, []),
    ("two hosts", [host("b", PLAIN), host("a", PLAIN)], "first", ["a", "b"], {"a": ["b"]}, []),
    ("three hosts", [host("a", PLAIN), host("b", PLAIN), host("c", PLAIN)], "first", ["a", "b", "c"],
     {"b": ["a"], "c": ["a"]}, []),
    ("refused", [host("a", PLAIN), host("b", PLAIN)], "refuse", ["a", "b"], {"b": ["a"]},
     ["SEAGATE ST600MM0088 s1: a and b see this device"] * 2),
    ("used by the other one", [host("a", PLAIN), host("b", IN_USE)], "first", ["a", "b"], {"b": ["a"]},
     ["SEAGATE ST600MM0088 s1: shared by a and b, in use at b"] * 2),
    ("done already", [host("a", DONE), host("b", DONE)], "first", ["a", "b"], {"b": ["a"]}, []),
]

passed, failed = 0, 0


def check(name, wanted, got):
    global passed, failed
    if wanted == got:
        passed += 1
        print(f"ok {passed + failed} /fleet/{name}")
        return
    failed += 1
    print(f"not ok {passed + failed} /fleet/{name}\n# wanted {wanted!r}\n# got    {got!r}")


def error_of(function, *args):
    try:
        function(*args)
    except ValueError as error:
        return str(error)
    return "no error"


def test_one_host():
    for name, changes, releases, history, wishes, action, why in JUDGED:
        rows = fleet.plan([device(**changes)], {"d1": releases}, history, dict(WANTED, **wishes))
        check(f"judge/{name}", [(action, why)], [(r["action"], r["why"]) for r in rows])
    for name, changes, history, action, why in ACTIVATED:
        rows = fleet.activation_plan([device(**changes)], history, dict(WANTED, activation="later"))
        check(f"activate/{name}", [(action, why)], [(r["action"], r["why"]) for r in rows])
    for name, after, message, history, result, error in OUTCOMES:
        row = fleet.record(device(), "install", "")
        fleet.outcome(row, None if after is None else device(**after), message, fleet.last_attempt(history, "d1"), WANTED)
        check(f"outcome/{name}", (result, error, "TT31"), (row["result"], row["error"], row["before"]))


def test_matching():
    others = [device(DeviceId="d2", Serial="s0"), device(DeviceId="d3", Guid=["x"]), device(), {"DeviceId": "cpu"}]
    for name, wishes, wanted in [
        ("by instance ID, in order of serial numbers", {}, ["d2", "d1"]),
        ("by GUID", {"ids": [GUID.upper()]}, ["d2", "d1"]),
        ("by serial number", {"serials": ["s1"]}, ["d1"]),
        ("nothing", {"ids": ["SCSI\\VEN_X&DEV_Y"]}, []),
    ]:
        check(f"matching/{name}", wanted, [d["DeviceId"] for d in fleet.matching(others, dict(WANTED, **wishes))])


def test_redundancy():
    for name, arrays, troubles in MD:
        check(f"md/{name}", troubles, fleet.md_troubles(arrays))
    for name, code, text, troubles in ZFS:
        check(f"zfs/{name}", troubles, fleet.zfs_troubles(code, text))


def test_windows():
    for name, window, hour, minute, is_open in WINDOWS:
        closed = fleet.window_closed(*window, datetime(2026, 12, 1, hour, minute, tzinfo=UTC))
        check(f"window/{name}", is_open, closed == "")
    there = timezone(timedelta(hours=2))
    check(
        "window/says when it is", "it is 2026-12-01T12:00:00+02:00: the window is from 22:00 to 04:00",
        fleet.window_closed(*NIGHT, datetime(2026, 12, 1, 12, tzinfo=there)),
    )
    for name, window, message in BAD_WINDOWS:
        check(f"window/{name}", message, error_of(fleet.window_closed, *window, datetime.now(UTC)))


def test_all_hosts():
    for name, reports, policy, shared, left_to, problems in SHARED:
        result = fleet.sharing(reports, policy)
        check(f"sharing/{name}: hosts", shared, sorted(h for h in result if result[h]["shared"]))
        check(f"sharing/{name}: who leaves it to whom", left_to,
              {h: list(r["left_to"].values()) for h, r in result.items() if r["left_to"]})
        check(f"sharing/{name}: problems", problems, [p for r in result.values() for p in r["problems"]])


def answered(name, result, *rows):
    return dict(fleet.blank_report(name, "update", "r1"), result=result, devices=[dict(result=r) for r in rows])


def test_reports():
    for name, answer, result, problems in [
        ("an answer", {"report": {"result": "ok"}}, "ok", []),
        ("unreachable", {"unreachable": True, "msg": "no route"}, "unreachable", ["no route"]),
        ("crashed", {"module_stderr": "Traceback\n", "msg": "MODULE FAILURE"}, "failed", ["Traceback"]),
        ("silent", {}, "failed", ["the module ended without an answer"]),
    ]:
        report = fleet.host_report(answer, "n1", "update", "r1")
        check(f"report/{name}", (result, problems, "n1"), (report["result"], report["problems"], report["host"]))
    total = fleet.merge_total({}, "r1", "update", ["a", "b"], [answered("a", "ok", "ok", "ok")], False)
    check("total/a host whose batch has not come", ("unfinished", "untouched"),
          (total["result"], total["hosts"]["b"]["result"]))
    after = fleet.merge_total(total, "r1", "update", ["a", "b"], [answered("b", "failed", "ok", "failed")], False)
    check("total/a failure", "failed", after["result"])
    check("total/counts", ({"ok": 1, "failed": 1}, {"ok": 3, "failed": 1}),
          (after["host_results"], after["device_results"]))
    check("total/another run begins anew", ["b"], list(fleet.merge_total(after, "r2", "update", ["b"], [], False)["hosts"]))
    done = fleet.merge_total(total, "r1", "update", ["a", "b"], [answered("b", "ok", "waiting")], False)
    check("total/all is well", ("ok", {"ok": 2, "waiting": 1}), (done["result"], done["device_results"]))


for test in (test_matching, test_one_host, test_redundancy, test_windows, test_all_hosts, test_reports):
    test()
print(f"1..{passed + failed}")
sys.exit(failed > 0)
