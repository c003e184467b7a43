"""The page on reliability says what was found, and nothing that was answered was lost."""

from __future__ import annotations

import json
from pathlib import Path

from reliability.__main__ import FAULTS, Row, table

DOCS = Path(__file__).parents[2] / "docs"


def test_the_table_shows_every_row_that_was_found():
    found = json.loads((DOCS / "reliability.json").read_text("utf-8"))
    rows = [Row(**row) for row in found["faults"]]
    assert len(rows) == len(FAULTS)
    assert table(rows) in (DOCS / "reliability.md").read_text("utf-8")
    assert [row.fault for row in rows if row.lost or row.twice] == []
