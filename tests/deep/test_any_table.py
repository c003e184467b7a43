"""Random tables: a report or a clear error, never a traceback."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

import sayso
from sayso.domain.errors import SaysoError

NAMES = [
    "decision", "advice", "outcome", "reviewer", "branch", "score", "shown", "closed_at", "case_id",
    "first_view", "reason", "seconds", "x", "p_need", "", " ", "a,b", 'q"', "décision", "😀",
]  # fmt: skip
CELLS = [
    "yes", "no", "", "1", "0", "0.5", "-3", "1e400", "nan", "2026-03-09", "09.03.2026", "3/9/2026",
    "2026-03-09T10:00:00Z", "<b>", "=1+1", "'", '"', "\\", "é", "a" * 300, "None", "true", "12,5",
]  # fmt: skip


def table(draw: random.Random) -> str:
    names = draw.sample(NAMES, draw.randint(1, 8))
    pools = [draw.sample(CELLS, draw.randint(1, 5)) for _ in names]
    lines = [names, *([draw.choice(p) for p in pools] for _ in range(draw.choice([0, 1, 7, 60])))]

    def cell(text: str) -> str:
        quoted = '"' + text.replace('"', '""') + '"'
        return quoted if draw.random() < 0.95 else text

    return "\n".join(",".join(cell(c) for c in line) for line in lines)


def try_all(folder: Path, count: int, seed: int) -> tuple[int, int]:
    draw = random.Random(seed)
    read = refused = 0
    for i in range(count):
        file = folder / f"t{i % 4}.csv"
        file.write_text(table(draw), encoding=draw.choice(["utf-8", "utf-8-sig", "utf-16"]))
        try:
            audit = sayso.audit(file, choice=draw.choice(["decision", "decision", "x"]))
            json.dumps(audit.to_json(), allow_nan=False)
            assert "<script" not in audit.to_html()
            read += 1
        except SaysoError as error:
            refused += bool(error.message and error.hint)
    assert read + refused == count, "an error said nothing, or not what to do"
    return read, refused


def test_some_random_tables(tmp_path: Path):
    read, refused = try_all(tmp_path, 60, seed=1)
    assert read > 1
    assert refused > 5


@pytest.mark.deep
def test_ten_thousand_random_tables(tmp_path: Path):
    try_all(tmp_path, 10_000, seed=2)
