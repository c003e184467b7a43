"""What it costs to read past cases into the record, and to hand the record out again.

    python -m benchmarks.record_import [--sizes 100000,1000000] [--out docs/record-import.json]

A table of simulated decisions is read into a new record of a workspace in ``.bench``, on the disk of
this folder; each run is a process of its own, start and imports included. Wall time depends on what
else the machine does, so processor time stands beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.audit import CHARTER, FOLDER

DECISION = "loan-review"


@dataclass(frozen=True)
class Row:
    """One line: what one process took."""

    name: str
    rows: int
    seconds: float
    processor_s: float
    megabytes: float
    a_second: int
    load: float


def record_of(rows: int) -> Path:
    """A workspace without a record, and the table beside it."""
    folder = FOLDER / f"record-{rows}"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "charters").mkdir(parents=True)
    shutil.copy(CHARTER, folder / "charters" / f"{DECISION}.yaml")
    table = FOLDER / f"decisions-{rows}.parquet"
    if not table.exists():
        print(f"Writing {rows:,} rows to {table}", file=sys.stderr)
        subprocess.run(
            [sys.executable, "-m", "benchmarks.table", str(table), str(rows)], check=True
        )
    return folder


def cost_of(name: str, rows: int, folder: Path, *words: str) -> Row:
    """Run a command of Sayso in a workspace, and measure it."""
    sayso = str(Path(sys.executable).absolute().with_name("sayso"))
    load = os.getloadavg()[0]
    started = time.perf_counter()
    process = subprocess.Popen([sayso, *words], cwd=folder, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"sayso {' '.join(words)} failed")
    return row_of(name, rows, seconds, usage, load)


def row_of(name: str, rows: int, seconds: float, usage: resource.struct_rusage, load: float) -> Row:
    """A line from what the system says of a process."""
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return Row(
        name=name,
        rows=rows,
        seconds=round(seconds, 1),
        processor_s=round(usage.ru_utime + usage.ru_stime, 1),
        megabytes=round(usage.ru_maxrss / unit),
        a_second=round(rows / seconds),
        load=round(load, 1),
    )


def bare(rows: int) -> Row:
    """The least that any such store must do: as many rows of that size into SQLite, and no more."""
    code = (
        "import sqlite3, sys, os\n"
        "c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "c.execute('PRAGMA journal_mode = WAL'); c.execute('PRAGMA synchronous = FULL')\n"
        "c.execute('CREATE TABLE t (place INTEGER PRIMARY KEY, id TEXT UNIQUE, body BLOB)')\n"
        "body = os.urandom(700)\n"
        "for start in range(0, int(sys.argv[2]), 5000):\n"
        "    c.execute('BEGIN')\n"
        "    c.executemany('INSERT INTO t VALUES (?, ?, ?)',"
        " ((n, f'{n:036d}', body) for n in range(start, start + 5000)))\n"
        "    c.execute('COMMIT')\n"
    )
    with tempfile.TemporaryDirectory(dir=FOLDER) as place:
        load, started = os.getloadavg()[0], time.perf_counter()
        words = [sys.executable, "-c", code, f"{place}/bare.db", str(rows)]
        process = subprocess.Popen(words)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        return row_of("bare rows into SQLite", rows, time.perf_counter() - started, usage, load)


def measure(rows: int, tell: Callable[[Row], None]) -> list[Row]:
    """Read in, audit and hand out one size."""
    folder = record_of(rows)
    table = str((FOLDER / f"decisions-{rows}.parquet").absolute())
    found: list[Row] = []
    for name, words in (
        ("import", ("record", "import", table, "--charter", f"charters/{DECISION}.yaml")),
        ("audit of the record", ("audit", "--record", DECISION, "--out", "audit.html")),
        ("export of everything", ("record", "export", "--out", "out")),
        ("verify", ("verify",)),
    ):
        found.append(cost_of(name, rows, folder, *words))
        tell(found[-1])
    found.append(bare(rows))
    tell(found[-1])
    shutil.rmtree(folder, ignore_errors=True)
    return found


def main() -> None:
    """Measure all sizes, print them, and write them where that is asked for."""
    flags = argparse.ArgumentParser(prog="python -m benchmarks.record_import", description=__doc__)
    flags.add_argument("--sizes", default="100000,1000000")
    flags.add_argument("--out", type=Path)
    asked = flags.parse_args()
    FOLDER.mkdir(exist_ok=True)
    rows = [
        row
        for size in asked.sizes.split(",")
        for row in measure(int(size), lambda row: print(row, file=sys.stderr))
    ]
    text = json.dumps([asdict(row) for row in rows], indent=2) + "\n"
    if asked.out is not None:
        asked.out.write_text(text, "utf-8")
    print(text, end="")


if __name__ == "__main__":
    main()
