"""The same rows give the same figures, wherever they are kept."""

from __future__ import annotations

import gzip
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pytest

import sayso
from sayso.adapters.table_source import ImportRequest, open_table

ROWS = pd.DataFrame(
    {
        "visit_id": [f"v{i}" for i in range(300)],
        "disp_id": [f"p{i % 9}" for i in range(300)],
        "part_sent": ["yes" if i % 3 else "no" for i in range(300)],
        "rec": ["yes" if i % 2 else "no" for i in range(300)],
        "part_used": ["yes" if i % 5 else "no" for i in range(300)],
    }
)


def told(source: object) -> list[tuple[object, ...]]:
    figures = sayso.audit(source).to_json()["figures"]
    return [(f["measure"], str(f["groups"]), f["value"], f["low"], f["n"]) for f in figures]


def written(folder: Path, kind: str) -> object:
    text = ROWS.to_csv(index=False)
    file = folder / f"visits.{kind}"
    match kind:
        case "csv":
            file.write_text(text)
        case "bom.csv":
            file.write_text(text, encoding="utf-8-sig")
        case "utf16.csv":
            file.write_text(text, encoding="utf-16")
        case "semicolon.csv":
            file.write_text(ROWS.to_csv(index=False, sep=";"))
        case "csv.gz":
            file.write_bytes(gzip.compress(text.encode()))
        case "parquet":
            ROWS.to_parquet(file)
        case "folder":
            file.mkdir()
            ROWS[:100].to_parquet(file / "a.parquet")
            ROWS[100:].to_parquet(file / "b.parquet")
        case "duckdb":
            with duckdb.connect(str(file)) as made:
                made.register("rows_given", ROWS)
                made.execute("CREATE TABLE visits AS SELECT * FROM rows_given")
        case "sqlite":
            made = sqlite3.connect(file)
            ROWS.to_sql("visits", made, index=False)
            made.close()
        case "pandas":
            return ROWS
        case _:
            return pl.from_pandas(ROWS)
    return file


@pytest.mark.parametrize(
    "kind",
    [
        "bom.csv",
        "utf16.csv",
        "semicolon.csv",
        "csv.gz",
        "parquet",
        "folder",
        "duckdb",
        "sqlite",
        "pandas",
        "polars",
    ],
)
def test_a_table_says_the_same_from_anywhere(tmp_path: Path, kind: str):
    assert told(written(tmp_path, kind)) == told(written(tmp_path, "csv"))


def test_the_engine_draws_nothing_on_stdout(tmp_path: Path):
    # In a notebook DuckDB would draw a bar into what `--json` prints.
    file = tmp_path / "visits.csv"
    file.write_text("choice,advice\nyes,no\nno,no\n")
    now = datetime(2026, 6, 1, tzinfo=UTC).replace(tzinfo=None)
    with open_table(ImportRequest(source=file, as_of=now)) as table:
        rows = table.engine.fetch("SELECT current_setting('enable_progress_bar') AS bar", {})
        assert list(rows.numbers("bar")) == [0.0]
