#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
#
# The playbooks of fleet/, run by Ansible over hosts whose fwupdmgr is the one of this folder; prints TAP.
# usage: playbooks-test.py SOURCE-FOLDER BUILD-FOLDER [TEST…]

import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

SOURCE, BUILD = map(os.path.abspath, sys.argv[1:3])
HERE = tempfile.TemporaryDirectory(prefix="scsi-wb-fleet-test-")
GUID = "316274f2-53a4-572b-a01f-7b7708985e06"
REFUSED = "segment 1 of 3: the device refused the image: it is damaged, or made for another model"
PAST = {"scsi_wb_window_start": "2026-01-01T00:00Z", "scsi_wb_window_end": "2026-01-02T00:00Z"}
OPEN = {"scsi_wb_window_start": "2026-01-01T00:00Z", "scsi_wb_window_end": "2999-01-01T00:00Z"}
DEGRADED = "  pool: tank\n state: DEGRADED\n"


class Fleet:
    """Hosts h1, h2, …; each has the disks whose serial numbers are given."""

    def __init__(self, *hosts):
        self.top = tempfile.mkdtemp(dir=HERE.name)
        self.playbooks = os.path.join(SOURCE, "fleet")
        self.environment = {}
        self.hosts = [f"h{n}" for n in range(1, len(hosts) + 1)]
        lines = []
        for name, serials in zip(self.hosts, hosts):
            self.make_host(name, serials)
            lines.append(f"{name} ansible_connection=local ansible_python_interpreter={self.top}/{name}/python")
        self.write("inventory.ini", "\n".join(lines) + "\n")

    def write(self, name, text, mode=0o644):
        path = os.path.join(self.top, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)

    def make_host(self, name, serials):
        devices = [
            {"DeviceId": f"{name}-{s}", "Name": "ST600MM0088", "Vendor": "SEAGATE", "Serial": s, "Guid": [GUID],
             "Version": "TT31", "Flags": ["updatable"]}
            for s in serials
        ]
        releases = [
            {"Version": "TT42", "RemoteId": "example"},
            {"Version": "TT31", "RemoteId": "example"},
        ]
        self.save(name, {"devices": devices, "releases": releases, "history": [], "faults": {}, "deferred": [],
                         "calls": [], "plugins": ["scsi_wb"], "refresh": 2})
        os.makedirs(os.path.join(self.top, name, "bin"))
        shutil.copy(os.path.join(SOURCE, "tests/fleet/fwupdmgr"), os.path.join(self.top, name, "bin"))
        self.zpool(name, "all pools are healthy\n")
        self.write(f"{name}/python", f'#!/bin/sh\nPATH={self.top}/{name}/bin:$PATH exec /usr/bin/python3 "$@"\n', 0o755)

    def zpool(self, name, text):
        self.write(f"{name}/bin/zpool", f"#!/bin/sh\ncat <<'END'\n{text}END\n", 0o755)

    def state(self, name):
        with open(f"{self.top}/{name}/state.json", encoding="utf-8") as file:
            return json.load(file)

    def save(self, name, state):
        self.write(f"{name}/state.json", json.dumps(state))

    def change(self, name, **values):
        self.save(name, dict(self.state(name), **values))

    def run(self, playbook, *words, **settings):
        """Its status, what it says, and the report."""
        extra = dict(
            scsi_wb_ids=["SCSI\\VEN_SEAGATE&DEV_ST600MM0088"], scsi_wb_version="TT42", scsi_wb_poll_s=1,
            scsi_wb_reconnect_s=1, scsi_wb_redundancy_timeout_s=0, scsi_wb_report_folder=f"{self.top}/reports",
        )
        extra.update(settings)
        env = dict(os.environ, ANSIBLE_ASYNC_DIR=f"{self.top}/async", ANSIBLE_NOCOLOR="1", ANSIBLE_LOCALHOST_WARNING="0",
                   ANSIBLE_PIPELINING="1", LC_ALL="C.UTF-8",
                   ANSIBLE_LOCAL_TEMP=f"{self.top}/tmp", ANSIBLE_REMOTE_TEMP=f"{self.top}/tmp",
                   PYTHONDONTWRITEBYTECODE="1", **self.environment)
        done = subprocess.run(
            ["ansible-playbook", "-i", f"{self.top}/inventory.ini", "-e", json.dumps(extra), *words,
             os.path.join(self.playbooks, playbook)],
            env=env, cwd=self.top, capture_output=True, encoding="utf-8", check=False,
        )
        self.said = done.stdout + done.stderr
        return done.returncode

    def total(self):
        with open(f"{self.top}/reports/total.json", encoding="utf-8") as file:
            return json.load(file)

    def versions(self):
        return [" ".join(d["Version"] for d in self.state(h)["devices"]) for h in self.hosts]

    def results(self, host):
        return [d["result"] for d in self.total()["hosts"][host]["devices"]]

    def host_results(self):
        return [self.total()["hosts"][h]["result"] for h in self.hosts]

    def problems(self, host):
        return self.total()["hosts"][host]["problems"]

    def installs(self):
        return sum(1 for h in self.hosts for call in self.state(h)["calls"] if call[0] in ("install", "activate"))

    def unchanged(self):
        return "changed=0" in self.said and not any(f"changed={n}" in self.said for n in range(1, 9))


def equal(wanted, got):
    if wanted != got:
        raise AssertionError(f"wanted {wanted!r}, got {got!r}")


def stops_goes_on_and_rests():
    fleet = Fleet(["a1", "a2"], ["b1"], ["c1", "c2", "c3"], ["d1"], ["e1"])
    equal(0, fleet.run("rollout.yml", "--check"))
    equal((0, ["planned"] * 5), (fleet.installs(), fleet.host_results()))
    fleet.change("h3", faults={"c2": REFUSED})
    equal(2, fleet.run("rollout.yml"))
    equal(["TT42 TT42", "TT42", "TT42 TT31 TT31", "TT31", "TT31"], fleet.versions())
    equal(["ok", "ok", "failed", "planned", "planned"], fleet.host_results())
    equal(["ok", "failed", "not tried"], fleet.results("h3"))
    equal(REFUSED, fleet.total()["hosts"]["h3"]["devices"][1]["error"])
    equal(True, REFUSED in fleet.said)
    # fwupd goes on to say so of the device, which is no reason not to try again
    equal(REFUSED, fleet.state("h3")["devices"][1]["UpdateError"])
    fleet.change("h3", faults={})
    equal(0, fleet.run("rollout.yml"))
    equal({"TT42"}, set(" ".join(fleet.versions()).split()))
    equal(("ok", {"ok": 8}), (fleet.total()["result"], fleet.total()["device_results"]))
    before = fleet.installs()
    equal(0, fleet.run("rollout.yml"))
    equal((before, True), (fleet.installs(), fleet.unchanged()))


def one_host_that_is_not_ready_stops_all():
    fleet = Fleet(["a1"], ["b1"], ["c1"])
    used = dict(fleet.state("h2")["devices"][0], Flags=["updatable-hidden"], Problems=["in-use"],
                UpdateError="sda is mounted at /")
    fleet.change("h2", devices=[used])
    fleet.change("h3", plugins=[])
    equal(2, fleet.run("rollout.yml"))
    equal((0, ["planned", "refused", "refused"]), (fleet.installs(), fleet.host_results()))
    equal(["ST600MM0088 b1: sda is mounted at /"], fleet.problems("h2"))
    equal(["fwupd has no plugin scsi_wb: install fwupd-plugin-scsi-wb, then fwupdmgr quit"], fleet.problems("h3"))
    equal(0, fleet.run("rollout.yml", "--limit", "h1,h2", scsi_wb_in_use="skip"))
    equal(["TT42", "TT31", "TT31"], fleet.versions())


def a_shared_device_is_updated_once():
    fleet = Fleet(["a1", "x1"], ["b1", "x1"])
    equal(0, fleet.run("rollout.yml", scsi_wb_batches=["100%"]))
    equal(["ok", "ok"], fleet.host_results())
    equal(["TT42 TT42", "TT42 TT31"], fleet.versions())
    equal("host h1 updates it", fleet.total()["hosts"]["h2"]["devices"][1]["why"])
    equal(True, ["quit"] in fleet.state("h2")["calls"])
    fleet = Fleet(["x1"], ["x1"])
    equal(2, fleet.run("rollout.yml", scsi_wb_shared="refuse"))
    equal((0, ["SEAGATE ST600MM0088 x1: h1 and h2 see this device"]), (fleet.installs(), fleet.problems("h1")))


def redundancy_comes_first():
    fleet = Fleet(["a1", "a2"])
    fleet.zpool("h1", DEGRADED)
    equal(2, fleet.run("rollout.yml"))
    equal((0, ["no redundancy to spare: pool tank: DEGRADED"]), (fleet.installs(), fleet.problems("h1")))
    # whole in the preflight and before the first device, not after it
    fleet.write("h1/pool", DEGRADED)
    fleet.write("h1/bin/zpool", f"""#!/bin/sh
if grep -q TT42.*updatable {fleet.top}/h1/state.json && grep -q '"install"' {fleet.top}/h1/state.json; then
cat {fleet.top}/h1/pool; else echo all pools are healthy; fi
""", 0o755)
    equal(2, fleet.run("rollout.yml"))
    equal((["TT42 TT31"], ["ok", "not tried"]), (fleet.versions(), fleet.results("h1")))
    equal(["redundancy is not back: pool tank: DEGRADED"], fleet.problems("h1"))
    equal(0, fleet.run("rollout.yml", scsi_wb_redundancy=False))


def activation_waits_for_its_window():
    fleet = Fleet(["a1"], ["b1"])
    for name, serial in (("h1", "a1"), ("h2", "b1")):
        fleet.change(name, deferred=[serial])
    later = {"scsi_wb_activation": "later"}
    equal(0, fleet.run("rollout.yml", **later, **PAST))
    equal((["waiting"], ["TT31", "TT31"]), (fleet.results("h2"), fleet.versions()))
    equal((0, True), (fleet.run("rollout.yml", **later), fleet.unchanged()))
    equal(2, fleet.run("activate.yml", **later, **PAST))
    equal(True, fleet.problems("h1")[0].startswith("outside the maintenance window: it is "))
    equal(["TT31", "TT31"], fleet.versions())
    equal(0, fleet.run("activate.yml", "--check", **later, **OPEN))
    equal((["would be done"], ["TT31", "TT31"]), (fleet.results("h1"), fleet.versions()))
    equal(0, fleet.run("activate.yml", **later, **OPEN))
    equal((["ok"], ["TT42", "TT42"]), (fleet.results("h2"), fleet.versions()))
    equal((0, True), (fleet.run("activate.yml", **later, **OPEN), fleet.unchanged()))


def back_only_if_allowed():
    fleet = Fleet(["a1"])
    equal(0, fleet.run("rollout.yml"))
    equal(2, fleet.run("rollout.yml", scsi_wb_version="TT31"))
    equal(["ST600MM0088 a1: TT31 is older than TT42, and going back is not allowed"], fleet.problems("h1"))
    equal(0, fleet.run("rollout.yml", scsi_wb_version="TT31", scsi_wb_allow_older=True))
    equal(["TT31"], fleet.versions())
    equal(["install", "h1-a1", "TT31", "--allow-older"], fleet.state("h1")["calls"][-3])


def a_lost_host_is_in_the_report():
    fleet = Fleet(["a1"], ["b1"])
    with open(f"{fleet.top}/inventory.ini", "a", encoding="utf-8") as file:
        file.write("gone ansible_host=127.0.0.1 ansible_port=1 ansible_ssh_common_args='-o BatchMode=yes'\n")
    equal(2, fleet.run("rollout.yml"))
    equal((0, "unreachable"), (fleet.installs(), fleet.total()["hosts"]["gone"]["result"]))
    equal(2, fleet.run("rollout.yml", "--limit", "h1", scsi_wb_window_start="22:00"))
    equal("failed", fleet.total()["hosts"]["h1"]["result"])
    equal(["a maintenance window has a start and an end"], fleet.problems("h1"))


def files_of(folder):
    """What of a role Ansible reads."""
    found = glob.glob("**", root_dir=folder, recursive=True)
    return sorted(f for f in found if os.path.isfile(os.path.join(folder, f)) and "__pycache__" not in f)


def installed():
    """The folder below which the build system has put the role and the playbooks."""
    top = tempfile.mkdtemp(dir=HERE.name)
    subprocess.run(["meson", "install", "-C", BUILD, "--no-rebuild", "--tags", "fleet", "--destdir", top],
                   check=True, capture_output=True)
    return glob.glob(f"{top}/**/share", recursive=True)[0]


def it_is_installed_whole():
    share = installed()
    role = "roles/scsi_wb_firmware"
    equal(files_of(f"{SOURCE}/fleet/{role}"), files_of(f"{share}/ansible/{role}"))
    fleet = Fleet(["a1"])
    # no other place of roles is looked at
    fleet.playbooks, fleet.environment = f"{share}/scsi-wb/fleet", {"ANSIBLE_ROLES_PATH": fleet.top}
    equal((0, "ok"), (fleet.run("rollout.yml"), fleet.total()["result"]))
    equal((["TT42"], 0), (fleet.versions(), fleet.run("activate.yml")))


def a_playbook_of_the_administrator_finds_the_role():
    share = installed()
    fleet = Fleet(["a1"])
    fleet.playbooks, fleet.environment = fleet.top, {"ANSIBLE_ROLES_PATH": f"{share}/ansible/roles"}
    shutil.copy(f"{share}/scsi-wb/fleet/rollout.yml", f"{fleet.top}/mine.yml")
    equal((0, ["TT42"]), (fleet.run("mine.yml"), fleet.versions()))


TESTS = [
    stops_goes_on_and_rests,
    one_host_that_is_not_ready_stops_all,
    a_shared_device_is_updated_once,
    redundancy_comes_first,
    activation_waits_for_its_window,
    back_only_if_allowed,
    a_lost_host_is_in_the_report,
    it_is_installed_whole,
    a_playbook_of_the_administrator_finds_the_role,
]

if not shutil.which("ansible-playbook"):
    print("Bail out! ansible-playbook is missing: tools/install-deps lint")
    sys.exit(1)
only = sys.argv[3:]
chosen = [t for t in TESTS if not only or t.__name__ in only]
status = 0
print(f"1..{len(chosen)}")
for number, test in enumerate(chosen, 1):
    name = test.__name__.replace("_", "-")
    try:
        test()
        print(f"ok {number} /fleet/playbooks/{name}", flush=True)
    except Exception as error:  # each of them is a failure of this test, whatever it is
        status = 1
        print(f"not ok {number} /fleet/playbooks/{name}")
        print(f"# {type(error).__name__}: {error}".replace("\n", "\n# "), flush=True)
        if os.environ.get("VERBOSE"):
            raise
sys.exit(status)
