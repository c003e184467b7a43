"""What the audit costs beside a script of the usual packages, the script with Evidently, and a scan.

    python -m benchmarks.audit [--sizes 100000,1000000,10000000] [--out FILE]

Each run is a process of its own; wall time and peak memory are the process's, start and imports
included. Runs alternate and the middle one counts: three up to a million rows, one above.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.environments import EVIDENTLY, find

FOLDER = Path(".bench")
CHARTER = Path(__file__).parent / "charter.yaml"


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


def measure(rows: int) -> list[Row]:
    """Measure one size."""
    table = FOLDER / f"decisions-{rows}.parquet"
    python = sys.executable
    sayso = str(Path(python).with_name("sayso"))
    if not table.exists():
        print(f"Writing {rows:,} rows to {table}", file=sys.stderr)
        subprocess.run([python, "-m", "benchmarks.table", str(table), str(rows)], check=True)
    evidently = find(EVIDENTLY)
    ours: list[Cost] = []
    script: list[Cost] = []
    drift: list[Cost] = []
    report = str(FOLDER / f"audit-{rows}.html")
    beside = Path(__file__).with_name("peer_evidently.py")
    for turn in range(3 if rows <= 1_000_000 else 1):
        print(f"{rows:,} rows, run {turn + 1}: the audit", file=sys.stderr)
        ours.append(cost_of(sayso, "audit", str(table), "--charter", str(CHARTER), "--out", report))
        print(f"{rows:,} rows, run {turn + 1}: the script", file=sys.stderr)
        script.append(cost_of(python, "-m", "benchmarks.peer", str(table)))
        if evidently.python is not None:
            print(f"{rows:,} rows, run {turn + 1}: Evidently", file=sys.stderr)
            drift.append(cost_of(str(evidently.python), str(beside), str(table)))
    scan = float(
        subprocess.run(
            [python, "-m", "benchmarks.scan", str(table)], check=True, capture_output=True
        ).stdout
    )
    us, them = middle(ours), middle(script)
    found = [row("audit / script", rows, us, them, scan)]
    if drift:
        also = middle(drift)
        both = Cost(them.seconds + also.seconds, max(them.megabytes, also.megabytes))
        found.append(row("audit / script and Evidently", rows, us, both, scan))
    return found


def row(name: str, rows: int, us: Cost, them: Cost, scan: float) -> Row:
    """One comparison."""
    return Row(
        name=name,
        rows=rows,
        ours_s=round(us.seconds, 2),
        peer_s=round(them.seconds, 2),
        ratio=round(them.seconds / us.seconds, 2),
        ours_mb=round(us.megabytes),
        peer_mb=round(them.megabytes),
        scans=round(us.seconds / scan, 1),
    )


def main() -> None:
    """Measure all sizes, and print or write the rows."""
    flags = argparse.ArgumentParser(prog="python -m benchmarks.audit", description=__doc__)
    flags.add_argument("--sizes", default="100000,1000000,10000000")
    flags.add_argument("--out", type=Path)
    asked = flags.parse_args()
    FOLDER.mkdir(exist_ok=True)
    rows = [row for size in asked.sizes.split(",") for row in measure(int(size))]
    text = json.dumps([asdict(row) for row in rows], indent=2)
    print(text)
    if asked.out is not None:
        asked.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
