"""Cells that need no mending are read as they are, and what is read is the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.adapters.case_columns import option_text
from sayso.adapters.import_request import ImportRequest
from sayso.adapters.source_values import NO, YES, SourceValue, yes_no
from sayso.adapters.table_source import open_table
from sayso.measure.roles import Content

if TYPE_CHECKING:
    from pathlib import Path

VALUE = SourceValue("cell", "cell", Content.TEXT)
NOW = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
words = st.sampled_from(
    ["Grant", "grant ", "deny", " DENY", "other", "yes", "No", "Y", "0", "ja", "é", "İ", "x y"]
)
choices = st.sampled_from([("grant", "deny"), ("yes", "no"), ("No", "Yes"), ("é", "grant"), ()])


@settings(max_examples=60, deadline=None)
@given(st.lists(words, min_size=1, max_size=6), choices)
def test_what_a_column_is_known_to_hold_never_changes_how_it_is_spelled(
    cells: list[str], options: tuple[str, ...]
):
    shown = duckdb.connect()
    shown.execute("CREATE TABLE t (cell VARCHAR)")
    shown.executemany("INSERT INTO t VALUES (?)", [[c] for c in cells])
    always = option_text(VALUE, options)
    knowing = option_text(VALUE, options, tuple(sorted(set(cells))))
    found = shown.execute(f"SELECT {always}, {knowing} FROM t").fetchall()  # noqa: S608
    assert all(a == b for a, b in found)


@pytest.mark.parametrize("word", [*YES, *NO, " Yes ", "NO", "perhaps", ""])
def test_yes_and_no_are_read_in_any_spelling(word: str):
    said = duckdb.connect().execute(f"SELECT {yes_no('$w')}", {"w": word}).fetchone()
    plain = word.strip().lower()
    assert said == (True if plain in YES else False if plain in NO else None,)


@pytest.mark.parametrize("blank", ["", " "])
def test_reading_one_column_never_joins_the_others(tmp_path: Path, blank: str):
    # A list of eleven words with IN became a join that ran for every column of every query.
    rows = [
        f"{i},p{i % 7},{blank}{'yes' if i % 2 else 'no'},no,{i % 3 == 0},0.5" for i in range(60)
    ]
    table = tmp_path / "t.csv"
    table.write_text("\n".join(["case,decider,choice,advice,shown,score", *rows, ""]), "utf-8")
    request = ImportRequest(source=table, charter=None, columns={"choice": "choice"}, as_of=NOW)
    with open_table(request) as read:
        connection = read.engine._connection  # pyright: ignore[reportPrivateUsage]
        plan = connection.execute("EXPLAIN SELECT count(x0) FROM given").fetchall()[0][1]
        assert "Join" not in plan
        assert "JOIN" not in plan
        chosen = connection.execute("SELECT DISTINCT choice FROM cases ORDER BY 1").fetchall()
        assert chosen == [("no",), ("yes",)]
