#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 the scsi-wb developers
"""Makes tables of ratios of what a benchmark has measured: report.py LINES JSON."""

import json
import statistics
import sys


def median_of(rows, key):
    return statistics.median(row[key] for row in rows)


def spread_of(rows, key):
    """From the lowest to the highest, as a part of the median."""
    values = [row[key] for row in rows]
    return (max(values) - min(values)) / statistics.median(values)


def ideal_us(row):
    """What the commands and the bytes alone take."""
    return row["segments"] * row["latency_us"] + row["segment_bytes"] * 1e6 / row["bandwidth"]


def table(title, header, rows):
    yield f"## {title}\n"
    yield f"| {' | '.join(header)} |"
    yield "|" + "---|" * len(header)
    for row in rows:
        yield f"| {' | '.join(str(cell) for cell in row)} |"
    yield ""


def update(of):
    """What is around the download, over the download itself, and the commands there; in the guest's own time, for who
    waits there waits for a clock."""
    phases = (
        ("before the first command", "begin_us", "first_command_us", None),
        ("to the first segment", "first_command_us", "first_segment_us", "before"),
        ("the download", None, None, None),
        ("to the last command", "last_segment_us", "last_command_us", "after"),
        ("after the last command", "last_command_us", "end_us", None),
    )
    lines = []
    for name, begin, end, commands in phases:
        line = [name]
        for group in of:
            took = [{"us": (row[end] - row[begin] if begin else row["download_us"]) / row["download_us"]} for row in group]
            said = sorted({row[commands] for row in group}) if commands else [""]
            line += [f"{median_of(took, 'us'):.2f}", " or ".join(text or "none" for text in said) if commands else ""]
        lines.append(line)
    header = ("what", "scsi-wb, ÷ its download", "its commands", "sg_write_buffer, ÷ its download", "its commands")
    return table("The whole update", header, lines)


def download(rows):
    """Ours over that of each peer, all of one run."""
    setting = next(row for row in rows if row["who"] == "setting")
    # in the time of the machine that is meant
    slower = setting["slower"]
    rows = [{**row, "download_us": row["download_us"] / slower - row["flash_ms"] * 1000}
            for row in rows if row is not setting]
    of = {who: [row for row in rows if row["who"] == who] for who in ("scsi-wb", "peer", "small")}
    names = {
        "scsi-wb": f"scsi-wb, {setting['segment_bytes']} bytes a segment",
        "peer": f"sg_write_buffer --bpw={setting['segment_bytes']}",
        "small": f"sg_write_buffer --bpw={setting['small_bytes']}",
    }
    ours_us = median_of(of["scsi-wb"], "download_us")
    ratios = {"ideal": ours_us / median_of([{"us": ideal_us(r)} for r in of["scsi-wb"]], "us")}
    lines = []
    for who, group in of.items():
        ratios[who] = ours_us / median_of(group, "download_us")
        lines.append((
            names[who], len(group), median_of(group, "segments"), f"{spread_of(group, 'download_us'):.1%}",
            f"{median_of(group, 'download_us') / ideal_us(group[0]):.3f}", f"{ratios[who]:.3f}",
            median_of(group, "others_between"), median_of(group, "commands") - median_of(group, "segments"),
        ))
    header = ("who", "runs", "segments", "spread", "÷ its ideal", "scsi-wb ÷ this", "other commands between segments",
              "other commands in all")
    latency = of["scsi-wb"][0]
    title = (f"Download of {setting['image_bytes']} bytes, {latency['latency_us']} µs a command, "
             f"{latency['bandwidth']} bytes/s, without the {latency['flash_ms']} ms at the end")
    around = update((of["scsi-wb"], of["peer"])) if slower == 1 else ()
    return ratios, [*table(title, header, lines), *around]


def memory(rows):
    """The daemon's peak over idle, beyond the image; what it takes for a small one is the update itself."""
    ratios, lines = {}, []
    for size in ("small", "large"):
        group = [row for row in rows if row["size"] == size]
        image_bytes = group[0]["image_bytes"]
        over = [{"over": (r["peak_kib"] - r["idle_kib"]) * 1024 / image_bytes,
                 "more": (r["peak_kib"] - r["idle_kib"]) / 1024 - image_bytes / 2**20,
                 "cpu": r["cpu_us"] * 1000 / image_bytes} for r in group]
        ratios[size] = {"peak_over_idle_by_payload": median_of(over, "over"), "mib_beyond_payload": median_of(over, "more")}
        lines.append((image_bytes, len(group), f"{median_of(over, 'over'):.3f}", f"{median_of(over, 'more'):.2f}",
                      f"{median_of(over, 'cpu'):.1f}"))
    header = ("bytes of the image", "runs", "(peak − idle) ÷ image", "peak − idle − image, MiB",
              "ns of processor for each byte")
    return ratios, table("The daemon while it sends an image", header, lines)


def coldplug(rows):
    """The start of the daemon with the plugin over that without it."""
    ratios, lines = {}, []
    for units in sorted({row["units"] for row in rows}):
        of = {who: [row for row in rows if row["who"] == who and row["units"] == units]
              for who in ("without", "unnamed", "named")}
        for who, group in of.items():
            ratio = {key: median_of(group, key) / median_of(of["without"], key) for key in ("start_us", "cpu_us")}
            ratios[f"{who} {units}"] = ratio
            more = {key: median_of(group, key) - median_of(of["without"], key) for key in ("cpu_us", "commands", "rss_kib")}
            lines.append((units, who, len(group), f"{spread_of(group, 'cpu_us'):.1%}", f"{ratio['start_us']:.3f}",
                          f"{ratio['cpu_us']:.3f}", more["commands"], median_of(group, "listed"),
                          f"{more['cpu_us'] / units:.0f}", f"{more['rss_kib'] / units:.2f}"))
    header = ("units", "plugin", "runs", "spread", "time ÷ without", "processor ÷ without", "commands of the plugin",
              "listed", "µs of processor more for each unit", "KiB more for each unit")
    return ratios, table("The start of the daemon", header, lines)


def shelf(rows):
    """A shelf over one disk, at the same time and one after the other."""
    of = {who: [row for row in rows if row["who"] == who] for who in ("one", "together", "one-by-one")}
    one_us = median_of(of["one"], "took_us")
    ratios = {who: median_of(group, "took_us") / one_us for who, group in of.items()}
    lines = [(who, group[0]["disks"], len(group), f"{spread_of(group, 'took_us'):.1%}", f"{ratios[who]:.2f}")
             for who, group in of.items()]
    header = ("disks", "how many", "runs", "spread", "÷ one disk")
    return ratios, table(f"One cabinet, {rows[0]['flash_ms']} ms to flash and {rows[0]['reset_ms']} ms to restart",
                         header, lines)


def flow(rows):
    """An update in the fault matrix over the start of a program."""
    of = {who: [row for row in rows if row["who"] == who] for who in ("update", "start")}
    start_us = median_of(of["start"], "took_us") / of["start"][0]["count"]
    ratios = {who: median_of(group, "took_us") / group[0]["count"] / start_us for who, group in of.items()}
    names = {"update": f"an update of {rows[0]['model']}, with a fault", "start": "the start of a program that ends at once"}
    lines = [(names[who], len(group), group[0]["count"], f"{spread_of(group, 'took_us'):.1%}", f"{ratios[who]:.2f}")
             for who, group in of.items()]
    return ratios, table("The fault matrix", ("what", "runs", "how often in each", "spread", "÷ a start"), lines)


TABLES = {"memory": memory, "one": shelf, "without": coldplug, "update": flow}


def main(path, out):
    with open(path, encoding="utf-8") as file:
        rows = [json.loads(text) for text in file if text.startswith("{")]
    if not rows:
        sys.exit(f"report: {path} has no measurement")
    ratios, lines = TABLES.get(rows[0]["who"], download)(rows)
    with open(out, "w", encoding="utf-8") as file:
        json.dump({"ratios": ratios, "measured": rows}, file, indent=1)
    print("\n".join(lines))


if __name__ == "__main__":
    main(*sys.argv[1:])
