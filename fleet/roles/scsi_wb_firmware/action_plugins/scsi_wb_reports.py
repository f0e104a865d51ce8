# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""Writes the reports of hosts, and the one of all of them, on the machine that runs Ansible."""

import importlib.util
import json
import os
import tempfile

from ansible.plugins.action import ActionBase

_PATH = os.path.join(os.path.dirname(__file__), "..", "module_utils", "scsi_wb_fleet.py")
_SPEC = importlib.util.spec_from_file_location("scsi_wb_fleet_decisions", _PATH)
fleet = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(fleet)


def write(path, value):
    """Whole or not at all: somebody may read while the rollout goes on."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=os.path.dirname(path), delete=False, encoding="utf-8") as file:
        json.dump(value, file, indent=2, ensure_ascii=False)
        file.write("\n")
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


class ActionModule(ActionBase):
    """Nothing of a host is changed by it, so it works in check mode, too."""

    _VALID_ARGS = frozenset(("folder", "run", "stage", "hosts", "reports"))

    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        args = self._task.args
        folder = os.path.abspath(os.path.expanduser(args["folder"]))
        path = os.path.join(folder, "total.json")
        total = fleet.merge_total(
            read(path), args["run"], args["stage"], args["hosts"], args["reports"], self._play_context.check_mode
        )
        for report in args["reports"]:
            write(os.path.join(folder, "hosts", report["host"] + ".json"), report)
        write(path, total)
        write(os.path.join(folder, "runs", args["run"] + ".json"), total)
        result.update(changed=False, total=path)
        return result
