# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""The decisions about all hosts, for the role's tasks."""

import importlib.util
import os

# the role's module_utils are for modules: on this machine the file is taken from where it lies
_PATH = os.path.join(os.path.dirname(__file__), "..", "module_utils", "scsi_wb_fleet.py")
_SPEC = importlib.util.spec_from_file_location("scsi_wb_fleet_decisions", _PATH)
fleet = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(fleet)


def judged(report, sharing):
    """A report of the preflight, with what is known since all hosts were asked."""
    problems = report["problems"] + sharing["problems"]
    result = "refused" if sharing["problems"] and report["result"] == "planned" else report["result"]
    return dict(report, problems=problems, result=result)


class FilterModule:
    def filters(self):
        return {
            "scsi_wb_host_report": fleet.host_report,
            "scsi_wb_sharing": fleet.sharing,
            "scsi_wb_judged": judged,
        }
