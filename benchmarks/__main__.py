"""Measure everything that has a figure, and write docs/benchmarks.md and docs/benchmarks.json.

    python -m benchmarks [--sizes 100000,1000000,10000000] [--only audit,sdk] [--out docs]

Each part runs as a process of its own, one after another; with ``--only`` the others keep the rows
they had.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.environments import EVIDENTLY, NANNYML, OBP, find

PACKAGES = ("duckdb", "numpy", "pandas", "scikit-learn", "pingouin", "krippendorff")
Row = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """One module of this folder, and how its rows are told.

    Attributes:
        name: The module.
        title: As the page says it.
        columns: Key of a row to the heading over it.
        says: What was measured, and what not.
    """

    name: str
    title: str
    columns: dict[str, str]
    says: str


COSTS = {
    "name": "what",
    "rows": "rows",
    "ours_s": "ours, s",
    "peer_s": "theirs, s",
    "ratio": "theirs / ours",
    "ours_mb": "ours, MB",
    "peer_mb": "theirs, MB",
    "scans": "scans",
}
PARTS = (
    Part(
        "audit",
        "The audit",
        COSTS,
        "`sayso audit` on a Parquet table of 20 columns, 1,000 deciders, 40 teams and every role "
        "filled, charter and report included. **Script**: the same kinds of figures with pandas, "
        "scikit-learn, pingouin and krippendorff (`benchmarks/peer.py`); where the audit gives "
        "every figure a range, the script does so for five of them. It does not check the table’s "
        "columns, has no figure for what choices follow, inputs used, wrong advice, slices, "
        "together, momentum, support of evidence or variance between people, and writes no report. "
        "**Evidently** adds drift of ten columns between the halves and the quality of the score, "
        "one after the script; memory is the larger of the two. **Scans**: the audit’s time over "
        "that of one DuckDB scan of the same columns, the least any audit must do. Each run is a "
        "process of its own, start and imports included; up to a million rows the middle of three "
        "runs, above it one run. Ratios under 1.5 are ties. The tables are simulated: `python -m "
        "benchmarks.table FILE ROWS` writes one.",
    ),
    Part(
        "slices",
        "Slices",
        {"name": "what", "rows": "rows", "ours_s": "ours, s", "ours_mb": "ours, MB"},
        "All pairs of 13 inputs, searched whole (`benchmarks/slices.py`). sliceline asks for 27 GiB "
        "on this table.",
    ),
    Part(
        "http_record",
        "The record over HTTP",
        {
            "name": "what",
            "clients": "clients",
            "per_second": "commands / s",
            "median_ms": "median, ms",
            "p99_ms": "99th of 100, ms",
            "ratio": "of the bare store",
        },
        "Cases opened, advised and decided by clients that wait for each answer, beside a server of "
        "the same web stack that only commits the bodies (`benchmarks/http_store.py`); both with "
        "synchronous=FULL, in turns, on SQLite. The clients share the processors with the server.",
    ),
    Part(
        "record_import",
        "Past cases into the record",
        {
            "name": "what",
            "rows": "cases",
            "seconds": "s",
            "processor_s": "processor s",
            "a_second": "cases / s",
            "megabytes": "MB",
        },
        "`sayso record import`: every case an event with its leaf in the tree, on SQLite with "
        "synchronous=FULL; then the audit of the record, everything handed out, and everything "
        "verified. Bare rows are as many of that size put into SQLite with nothing else.",
    ),
    Part(
        "sdk",
        "What recording adds to a call",
        {
            "name": "what",
            "calls": "calls",
            "median_us": "median, µs",
            "p99_us": "99th of 100, µs",
            "paced_median_us": "median with 2 ms between calls, µs",
            "survives": "after kill -9",
        },
        "One record written beside a call of a model, against MLflow’s tracing and an OpenTelemetry "
        "span with a file exporter in the same run.",
    ),
    Part(
        "mandate",
        "May I decide this alone?",
        {"name": "how", "calls": "calls", "median_ms": "median, ms", "p99_ms": "99th of 100, ms"},
        "Asked one after another by one caller.",
    ),
)


def run(part: Part, extra: list[str]) -> list[Row]:
    """The rows of one part."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "rows.json"
        command = [sys.executable, "-m", f"benchmarks.{part.name}", "--out", str(out), *extra]
        print(f"{part.title}: {' '.join(command[1:3])}", file=sys.stderr)
        done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        if not out.exists():
            sys.exit(f"benchmarks.{part.name} failed with {done.returncode}.")
        found = json.loads(out.read_text("utf-8"))
    rows: list[Row] = found["rows"] if isinstance(found, dict) else found
    return rows


def machine() -> str:
    """The machine, in words that name nobody's, and the peers that do not run."""
    cores = os.cpu_count() or 1
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    peers = "; ".join(f"{peer.name}: {find(peer).says}" for peer in (EVIDENTLY, NANNYML, OBP))
    return (
        f"{cores} cores, {memory:.0f} GiB of memory, {platform.system()}, "
        f"Python {platform.python_version()}; {packages}. In environments of their own, as `pip "
        f"install` brings them: {peers}"
    )


def told(value: object) -> str:
    """A cell of the page."""
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def page(rows: dict[str, list[Row]], where: str) -> str:
    """docs/benchmarks.md."""
    said = [f"# Benchmarks\n\nWritten by `make bench`; do not edit. {where}.\n"]
    for part in PARTS:
        if not rows.get(part.name):
            continue
        heads = list(part.columns.values())
        said.append(f"## {part.title}\n\n{part.says}\n")
        lines = [f"| {' | '.join(heads)} |", "|" + "--|" * len(heads)]
        for row in rows[part.name]:
            lines.append(f"| {' | '.join(told(row.get(key)) for key in part.columns)} |")
        said.append("\n".join(lines) + "\n")
    return "\n".join(said)


def main() -> None:
    """Measure, and write both files."""
    flags = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    flags.add_argument("--sizes", default="100000,1000000,10000000")
    flags.add_argument("--only", default=",".join(part.name for part in PARTS))
    flags.add_argument("--out", default="docs", type=Path)
    asked = flags.parse_args()
    file = asked.out / "benchmarks.json"
    before = json.loads(file.read_text("utf-8")) if file.exists() else {}
    rows: dict[str, list[Row]] = {}
    for row in before.get("rows", []):
        rows.setdefault(row.get("part", "audit"), []).append(row)
    for part in PARTS:
        if part.name in asked.only.split(","):
            extra = ["--sizes", asked.sizes] if part.name == "audit" else []
            rows[part.name] = [{"part": part.name, **row} for row in run(part, extra)]
    where = machine()
    asked.out.mkdir(exist_ok=True)
    every = [row for part in PARTS for row in rows.get(part.name, [])]
    file.write_text(json.dumps({"machine": where, "rows": every}, indent=2) + "\n", "utf-8")
    (asked.out / "benchmarks.md").write_text(page(rows, where), "utf-8")
    print(page(rows, where))


if __name__ == "__main__":
    main()
