"""Write a table of simulated decisions of any size, a part at a time."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

PART = 1_000_000
DECIDERS = 1_000
TEAMS = 40
KINDS = np.array(["fraud", "income", "history", "identity", "purpose", "other"])
REASONS = np.array(["new facts", "known customer", "policy", "other"])
OPTIONS = np.array(["approve", "decline"])


def part(draw: np.random.Generator, first: int, n: int, of: int) -> pa.Table:
    """Rows first..first+n of a table of that many rows, ordered in time."""
    decider = draw.integers(DECIDERS, size=n)
    kind = draw.integers(len(KINDS), size=n)
    amount = np.round(draw.gamma(2.0, 4_000, n), -2)
    years = draw.integers(0, 30, n)
    flag = draw.random(n) < 0.3
    odds = 0.5 * (kind - 2.5) - 0.00005 * (amount - 8_000) + 0.03 * (years - 15)
    good = draw.random(n) < 1 / (1 + np.exp(-odds))
    stated = np.round(1 / (1 + np.exp(-1.4 * odds + draw.normal(0, 0.2, n))), 3)
    advice = stated > 0.5
    own = 0.6 * odds + 0.5 * (good - 0.5) + ((decider % TEAMS) / TEAMS - 0.5)
    view = own + draw.normal(0, 0.8, n) > 0
    shown = draw.random(n) < 0.9
    choice = np.where(shown & (draw.random(n) < 0.35), advice, view)
    overruled = shown & (choice != advice)
    asked = draw.random(n) < 0.5
    seen = draw.random(n) < 0.97
    start = np.datetime64("2025-01-06T08:00:00", "us")
    second = (np.arange(first, first + n) / of * 365 * 86_400).astype(np.int64)
    at = start + (second * 1_000_000).astype("timedelta64[us]")

    def text(values: np.ndarray, missing: np.ndarray | None = None) -> pa.Array:
        return pa.array(values.astype(object), type=pa.string(), mask=missing)

    names = np.array([f"p{i:04d}" for i in range(DECIDERS)])
    teams = np.array([f"branch {i:02d}" for i in range(TEAMS)])
    return pa.table(
        {
            "case_id": pa.array(np.arange(first, first + n)),
            "decided_at": pa.array(at),
            "officer": text(names[decider]),
            "branch": text(teams[decider % TEAMS]),
            "kind": text(KINDS[kind]),
            "amount": pa.array(amount),
            "customer_years": pa.array(years),
            "abroad": pa.array(flag),
            "first_view": text(OPTIONS[(~view).astype(int)], ~asked),
            "first_view_sure": pa.array(
                np.round(1 / (1 + np.exp(-own)), 2), mask=~asked, type=pa.float64()
            ),
            "asked": pa.array(asked),
            "advice": text(OPTIONS[(~advice).astype(int)]),
            "score": pa.array(stated),
            "model": text(np.where(second < 180 * 86_400, "scores@1", "scores@2")),
            "shown": pa.array(shown),
            "choice": text(OPTIONS[(~choice).astype(int)]),
            "reason": text(REASONS[draw.integers(4, size=n)], ~overruled | (draw.random(n) < 0.4)),
            "seconds": pa.array(np.round(draw.gamma(3.0, 20.0, n), 1)),
            "repaid": pa.array(good, mask=~seen),
            "closed_at": pa.array(at + np.timedelta64(30, "D"), mask=~seen),
        }
    )


def write(path: Path, rows: int, seed: int = 1) -> None:
    """Write a Parquet table of that many rows; memory does not grow with them."""
    draw = np.random.default_rng(seed)
    half = path.with_suffix(".part")
    writer: pq.ParquetWriter | None = None
    for first in range(0, rows, PART):
        chunk = part(draw, first, min(PART, rows - first), rows)
        if writer is None:
            writer = pq.ParquetWriter(half, chunk.schema, compression="zstd")
        writer.write_table(chunk, row_group_size=122_880)
    if writer is not None:
        writer.close()
    half.rename(path)


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
