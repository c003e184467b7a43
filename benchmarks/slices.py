"""What the search of all pairs of thirteen inputs costs, from an open table and by itself.

    python -m benchmarks.slices [--rows 1000000]

The gate is 5 s and 2 GB at a million rows; the package sliceline asks for 27 GiB there and fails.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

INPUTS = 13
KINDS = 8


def write(path: Path, rows: int) -> None:
    """A table in which overruling is frequent where input 2 is v3 and input 7 is v5."""
    draw = np.random.default_rng(0)
    codes = draw.integers(0, KINDS, size=(INPUTS, rows))
    worse = (codes[2] == 3) & (codes[7] == 5)
    over = draw.random(rows) < np.where(worse, 0.7, 0.05)
    advice = draw.random(rows) < 0.5
    names = np.array([f"v{k}" for k in range(KINDS)])
    columns = {f"input_{i}": pa.array(names[codes[i]]) for i in range(INPUTS)}
    columns |= {
        "decider": pa.array(np.array([f"p{k}" for k in range(500)])[draw.integers(0, 500, rows)]),
        "advice": pa.array(np.where(advice, "yes", "no")),
        "choice": pa.array(np.where(advice ^ over, "yes", "no")),
    }
    pq.write_table(pa.table(columns), path)


def main() -> None:
    """Measure and print one JSON line."""
    from sayso.adapters.table_source import ImportRequest, open_table
    from sayso.measure.catalog.slices import SLICES

    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    rows = asked.rows
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "slices.parquet"
        write(table, rows)
        request = ImportRequest(source=table, as_of=datetime.now(UTC).replace(tzinfo=None))
        with open_table(request) as opened:
            started = time.perf_counter()
            figures = SLICES.read(opened.engine, opened.setting)
            seconds = time.perf_counter() - started
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = dict(figures[0].groups)
    row = {
        "name": "slices, pairs of 13 inputs",
        "rows": rows,
        "ours_s": round(seconds, 2),
        "ours_mb": round(size / (1e6 if sys.platform == "darwin" else 1e3)),
        "found": found.get("where", ""),
    }
    print(json.dumps(row))
    if asked.out is not None:
        asked.out.write_text(json.dumps([row]) + "\n", "utf-8")


if __name__ == "__main__":
    main()
