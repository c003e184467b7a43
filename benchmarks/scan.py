"""Read the columns that the audit uses once, as the least any audit must do."""

from __future__ import annotations

import json
import sys
import time

import duckdb

NUMBERS = ("case_id", "amount", "customer_years", "first_view_sure", "score", "seconds")
FLAGS = ("abroad", "asked", "shown", "repaid")
TEXTS = ("officer", "branch", "kind", "first_view", "advice", "model", "choice", "reason")
MOMENTS = ("decided_at", "closed_at")


def scan(path: str) -> float:
    """Seconds of one scan: a sum, a count or a latest moment of each column."""
    parts = [
        *(f"sum({name})" for name in NUMBERS),
        *(f"count(*) FILTER (WHERE {name})" for name in FLAGS),
        *(f"sum(strlen({name}))" for name in TEXTS),
        *(f"max({name})" for name in MOMENTS),
    ]
    connection = duckdb.connect()
    started = time.perf_counter()
    connection.execute(
        f"SELECT {', '.join(parts)} FROM read_parquet($path)",  # noqa: S608 - fixed names
        {"path": path},
    ).fetchall()
    return time.perf_counter() - started


if __name__ == "__main__":
    print(json.dumps(sorted(scan(sys.argv[1]) for _ in range(3))[1]))
