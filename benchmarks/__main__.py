"""Run the audit, the script and one scan over tables of several sizes, and write what they cost.

    python -m benchmarks [--sizes 100000,1000000,10000000] [--out docs]

Each run is a process of its own; wall time and peak memory are the process's, start and imports
included. Runs alternate and the middle one counts: three up to a million rows, one above.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

FOLDER = Path(".bench")
CHARTER = Path(__file__).parent / "charter.yaml"
PACKAGES = ("duckdb", "numpy", "pandas", "scikit-learn", "pingouin", "krippendorff")


@dataclass(frozen=True)
class Cost:
    """What one process took."""

    seconds: float
    megabytes: float


@dataclass(frozen=True)
class Row:
    """One line of docs/benchmarks.json; ratio = peer_s / ours_s, scans = ours_s / one scan."""

    name: str
    rows: int
    ours_s: float
    peer_s: float
    ratio: float
    ours_mb: float
    peer_mb: float
    scans: float


def cost_of(*command: str) -> Cost:
    """Run a command and measure it; this process stays small, as its size counts as a floor."""
    with (FOLDER / "errors.txt").open("w+b") as errors:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            errors.seek(0)
            sys.exit(f"{' '.join(command)} failed:\n{errors.read().decode()}")
    # Linux counts in kilobytes, macOS in bytes.
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return Cost(seconds, usage.ru_maxrss / unit)


def middle(costs: list[Cost]) -> Cost:
    """The median of time and of memory."""
    times, sizes = sorted(c.seconds for c in costs), sorted(c.megabytes for c in costs)
    return Cost(times[len(costs) // 2], sizes[len(costs) // 2])


def measure(rows: int) -> Row:
    """Measure one size."""
    table = FOLDER / f"decisions-{rows}.parquet"
    python = sys.executable
    sayso = str(Path(python).with_name("sayso"))
    if not table.exists():
        print(f"Writing {rows:,} rows to {table}", file=sys.stderr)
        subprocess.run([python, "-m", "benchmarks.table", str(table), str(rows)], check=True)
    ours: list[Cost] = []
    peer: list[Cost] = []
    report = str(FOLDER / f"audit-{rows}.html")
    for turn in range(3 if rows <= 1_000_000 else 1):
        print(f"{rows:,} rows, run {turn + 1}: the audit", file=sys.stderr)
        ours.append(cost_of(sayso, "audit", str(table), "--charter", str(CHARTER), "--out", report))
        print(f"{rows:,} rows, run {turn + 1}: the script", file=sys.stderr)
        peer.append(cost_of(python, "-m", "benchmarks.peer", str(table)))
    scan = float(
        subprocess.run(
            [python, "-m", "benchmarks.scan", str(table)], check=True, capture_output=True
        ).stdout
    )
    us, them = middle(ours), middle(peer)
    return Row(
        name="audit",
        rows=rows,
        ours_s=round(us.seconds, 2),
        peer_s=round(them.seconds, 2),
        ratio=round(them.seconds / us.seconds, 2),
        ours_mb=round(us.megabytes),
        peer_mb=round(them.megabytes),
        scans=round(us.seconds / scan, 1),
    )


def machine() -> str:
    """The machine, in words that name nobody's."""
    cores = os.cpu_count() or 1
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{cores} cores, {memory:.0f} GiB of memory, {platform.system()}, "
        f"Python {platform.python_version()}; {packages}"
    )


def page(rows: list[Row], where: str) -> str:
    """docs/benchmarks.md."""
    head = (
        "| rows | audit | script | script / audit | memory, audit | memory, script | scans |\n"
        "|--:|--:|--:|--:|--:|--:|--:|\n"
    )
    lines = "".join(
        f"| {r.rows:,} | {r.ours_s} s | {r.peer_s} s | {r.ratio} | {r.ours_mb:,} MB "
        f"| {r.peer_mb:,} MB | {r.scans} |\n"
        for r in rows
    )
    return f"""# Benchmarks

Written by `make bench`; do not edit. {where}.

{head}{lines}
**Audit**: `sayso audit` on a Parquet table of 20 columns, 1,000 deciders, 40 teams and every role
filled, charter and report included. **Script**: the same kinds of figures with pandas,
scikit-learn, pingouin and krippendorff (`benchmarks/peer.py`); where the audit gives every figure
a range, the script does so for five of them, and it does not check the table's columns or write a
report. **Scans**: the audit's time over that of one DuckDB scan of the same columns, the
least any audit must do. Each run is a process of its own, start and imports included; up to a
million rows the middle of three runs, above it one run. Ratios under 1.5 are ties.

The tables are simulated: `python -m benchmarks.table FILE ROWS` writes one.
"""


def main() -> None:
    """Measure all sizes and write docs/benchmarks.md and docs/benchmarks.json."""
    flags = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    flags.add_argument("--sizes", default="100000,1000000,10000000")
    flags.add_argument("--out", default="docs", type=Path)
    asked = flags.parse_args()
    FOLDER.mkdir(exist_ok=True)
    rows = [measure(int(size)) for size in asked.sizes.split(",")]
    where = machine()
    found = {"machine": where, "rows": [asdict(row) for row in rows]}
    asked.out.mkdir(exist_ok=True)
    (asked.out / "benchmarks.json").write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    (asked.out / "benchmarks.md").write_text(page(rows, where), "utf-8")
    print(page(rows, where))


if __name__ == "__main__":
    main()
