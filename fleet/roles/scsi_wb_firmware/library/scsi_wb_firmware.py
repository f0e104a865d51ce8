#!/usr/bin/python
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""Firmware of SCSI devices on one host, by fwupdmgr. What is decided is decided in scsi_wb_fleet.py."""

import contextlib
import fcntl
import glob
import json
import os
import time
from datetime import datetime, timezone

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils import scsi_wb_fleet as fleet

DOCUMENTATION = r"""
module: scsi_wb_firmware
short_description: one firmware version on the SCSI devices of a host
description:
  - Looks (state query), installs (update) or activates what waits (activate), one device after another.
  - It fails only if its arguments are wrong. What fwupd refuses is in the report that it returns.
options:
  state: {description: query, update or activate, type: str, required: true}
  stage: {description: "for a query: update or activate, what it is to be judged for", type: str}
  settings: {description: "see the defaults of the role", type: dict, required: true}
"""
RETURN = r"""
report: {description: result, problems, and a record for each device, type: dict, returned: always}
"""

LOCK = "/run/lock/scsi-wb-fleet.lock"
# D-Bus gives a daemon 25 s to start, which a busy machine may exceed
NO_DAEMON = ("service_start_timeout", "Timeout was reached", "Failed to activate service")
DAEMON_TRIES = 4
POLL_S = 2


class Stop(Exception):
    """The host goes no further; the text is a problem of its report."""


class Host:
    """fwupd and the redundancy of one host."""

    def __init__(self, module, settings):
        self.module = module
        self.settings = settings
        self.program = module.get_bin_path("fwupdmgr")
        if not self.program:
            raise Stop("fwupdmgr is not there: apt-get install fwupd")

    def fwupdmgr(self, *words):
        """Its status, its JSON, and its error. Standard error is progress and noise, and not read."""
        command = [self.program, *words, "--json", "-y", "--no-reboot-check", "--no-unreported-check"]
        command += ["--no-metadata-check"]
        for _ in range(DAEMON_TRIES):
            code, out, noise = self.module.run_command(command, environ_update={"NO_COLOR": "1", "LC_ALL": "C.UTF-8"})
            answer = parse(out)
            message = answer.get("Error", {}).get("Message", "")
            if code == 0 or not any(text in message + noise for text in NO_DAEMON):
                break
        return code, answer, message or (f"fwupdmgr {words[0]} ended with {code}" if code else "")

    def ask(self, *words):
        code, answer, message = self.fwupdmgr(*words)
        if code:
            raise Stop(f"fwupdmgr {' '.join(words)}: {message}")
        return answer

    def devices(self):
        return self.ask("get-devices").get("Devices", [])

    def history(self):
        """It ends with a status other than 0 if there is none."""
        return self.fwupdmgr("get-history")[1].get("Devices", [])

    def releases(self, devices):
        """What the remotes offer for each; an error means that they offer nothing."""
        return {d["DeviceId"]: self.fwupdmgr("get-releases", d["DeviceId"])[1].get("Releases", []) for d in devices}

    def forget(self):
        """The daemon lists what it saw when it started: another host may have updated a shared device since."""
        if self.settings["shared"]:
            self.fwupdmgr("quit")

    def preflight(self):
        """fwupd, the plugin, the remote: what has to be there whatever the devices are like."""
        plugins = {p["Name"]: p.get("Flags", []) for p in self.ask("get-plugins").get("Plugins", [])}
        if "scsi_wb" not in plugins:
            raise Stop("fwupd has no plugin scsi_wb: install fwupd-plugin-scsi-wb, then fwupdmgr quit")
        if "disabled" in plugins["scsi_wb"]:
            raise Stop("fwupd's plugin scsi_wb is disabled")
        self.check_remote()
        if self.settings["refresh"]:
            code, _, message = self.fwupdmgr("refresh", "--force")
            # 2: nothing newer
            if code not in (0, 2):
                raise Stop(f"fwupdmgr refresh: {message}")

    def check_remote(self):
        name = self.settings["remote"]
        remotes = {r["Id"]: r for r in self.ask("get-remotes").get("Remotes", [])}
        if name and name not in remotes:
            raise Stop(f"fwupd has no remote {name}; it has {', '.join(sorted(remotes)) or 'none'}")
        if name and str(remotes[name].get("Enabled", "false")).lower() != "true":
            raise Stop(f"remote {name} is not enabled: fwupdmgr enable-remote {name}")

    def plan(self, stage):
        devices, history = self.devices(), self.history()
        if stage == "activate":
            return fleet.activation_plan(devices, history, self.settings)
        matching = fleet.matching(devices, self.settings)
        return fleet.plan(devices, self.releases(matching), history, self.settings)

    def troubles(self):
        """What is wrong with md arrays and ZFS pools now."""
        if not self.settings["redundancy"]:
            return []
        return fleet.md_troubles(md_arrays()) + self.zfs_troubles()

    def zfs_troubles(self):
        zpool = self.module.get_bin_path("zpool")
        if not zpool:
            return []
        code, out, noise = self.module.run_command([zpool, "status", "-x"])
        return fleet.zfs_troubles(code, out or noise)

    def await_redundancy(self):
        """Until arrays and pools are whole again; else the next device could be the second of a group."""
        deadline = time.monotonic() + self.settings["redundancy_timeout_s"]
        while True:
            troubles = self.troubles()
            if not troubles:
                return
            if time.monotonic() >= deadline:
                raise Stop("redundancy is not back: " + "; ".join(troubles))
            time.sleep(POLL_S)

    def check_window(self):
        closed = fleet.window_closed(
            self.settings["window_start"], self.settings["window_end"], datetime.now(timezone.utc).astimezone()
        )
        if closed:
            raise Stop("outside the maintenance window: " + closed)

    def look_again(self, row, message):
        device = next((d for d in self.devices() if d["DeviceId"] == row["device_id"]), None)
        attempt = fleet.last_attempt(self.history(), row["device_id"])
        return fleet.outcome(row, device, message, attempt, self.settings)

    def install(self, row):
        words = ["install", row["device_id"], self.settings["version"]]
        if self.settings["allow_older"]:
            words.append("--allow-older")
        result = self.look_again(row, self.fwupdmgr(*words)[2])
        if result == fleet.WAITING and self.settings["activation"] == "now":
            self.activate(row)
        elif result == fleet.OK and self.settings["activation"] == "later":
            raise Stop(
                f"{fleet.label(row)}: has taken its firmware into use at once, so it cannot wait for a window: "
                "roll out with activation 'now', within the window"
            )

    def activate(self, row):
        self.check_window()
        message = self.fwupdmgr("activate", row["device_id"])[2]
        if self.look_again(row, message) == fleet.WAITING:
            row.update(result=fleet.FAILED, error="still waits after fwupdmgr activate: a reset or power cycle is needed")


def parse(text):
    """fwupdmgr prints nothing after some successes."""
    try:
        return json.loads(text)
    except ValueError:
        return {}


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().strip()
    except OSError:
        return ""


def md_arrays():
    return {
        path.split("/")[3]: {key: read(f"{path}/{key}") for key in ("degraded", "sync_action", "array_state")}
        for path in glob.glob("/sys/block/md*/md")
    }


@contextlib.contextmanager
def only_one():
    """A rollout whose connection was lost may still be at work: the next one waits for it."""
    os.makedirs(os.path.dirname(LOCK), exist_ok=True)
    with open(LOCK, "w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def may_disturb(settings, stage):
    return stage == "activate" or settings["activation"] == "now"


def query(host, stage, report):
    """Looks, and says what would be refused."""
    host.preflight()
    report["devices"] = host.plan(stage)
    report["problems"] += fleet.refusals(report["devices"])
    if not report["devices"]:
        report["problems"].append("no device matches " + ", ".join(host.settings["ids"]))
    todo = [r for r in report["devices"] if r["action"] in (fleet.INSTALL, fleet.ACTIVATE)]
    if todo:
        report["problems"] += ["no redundancy to spare: " + t for t in host.troubles()]
    if todo and may_disturb(host.settings, stage):
        host.check_window()
    settle(report["devices"], fleet.WOULD)


def settle(rows, for_todo):
    """The results of what is not touched."""
    for row in rows:
        if row["action"] in (fleet.INSTALL, fleet.ACTIVATE):
            row["result"] = row["result"] or for_todo
        elif row["action"] == fleet.NONE:
            row["result"] = fleet.WAITING if "waits for" in row["why"] else fleet.OK
        else:
            row["result"] = "skipped" if row["action"] == fleet.SKIP else "refused"


def work(host, stage, report):
    """One device after another, until one is not as it should be."""
    settings = host.settings
    for row in report["devices"]:
        if row["action"] not in (fleet.INSTALL, fleet.ACTIVATE):
            continue
        host.await_redundancy()
        if may_disturb(settings, stage):
            host.check_window()
        report["changed"] = True
        (host.install if row["action"] == fleet.INSTALL else host.activate)(row)
        if row["result"] == fleet.FAILED:
            raise Stop(f"{fleet.label(row)}: {row['error']}")
        host.await_redundancy()


def run(module, report):
    settings, state = module.params["settings"], module.params["state"]
    # what comes out of a template is text
    settings["redundancy_timeout_s"] = float(settings["redundancy_timeout_s"])
    for key in ("refresh", "allow_older", "redundancy", "shared"):
        settings[key] = module.boolean(settings[key])
    stage = (module.params["stage"] or "update") if state == "query" else state
    fleet.window_closed(settings["window_start"], settings["window_end"], datetime.now(timezone.utc).astimezone())
    host = Host(module, settings)
    if state == "query":
        query(host, stage, report)
        report["result"] = "refused" if report["problems"] else "planned"
        return
    with only_one():
        host.forget()
        report["devices"] = host.plan(stage)
        report["problems"] += fleet.refusals(report["devices"])
        if report["problems"]:
            raise Stop("refused before anything was changed")
        if module.check_mode:
            todo = [r for r in report["devices"] if r["action"] in (fleet.INSTALL, fleet.ACTIVATE)]
            settle(report["devices"], fleet.WOULD)
            report.update(result="planned" if todo else "ok", changed=bool(todo))
            return
        work(host, stage, report)
    settle(report["devices"], fleet.UNTRIED)
    report["result"] = "ok"


def now():
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def main():
    module = AnsibleModule(
        argument_spec={
            "state": {"type": "str", "required": True, "choices": ["query", "update", "activate"]},
            "stage": {"type": "str", "choices": ["update", "activate"]},
            "settings": {"type": "dict", "required": True},
        },
        supports_check_mode=True,
    )
    report = {"result": "", "problems": [], "devices": [], "changed": False, "began": now()}
    try:
        run(module, report)
    except Stop as stop:
        settle(report["devices"], fleet.UNTRIED)
        report["result"] = "refused" if not report["changed"] else "failed"
        report["problems"].append(str(stop))
    except ValueError as error:
        module.fail_json(msg=str(error))
    report["ended"] = now()
    module.exit_json(changed=report.pop("changed"), report=report)


if __name__ == "__main__":
    main()
