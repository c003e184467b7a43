"""Queries that run ahead give what they would have given, in any order, and end when told."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.adapters.duckdb_engine import DuckDBEngine
from sayso.adapters.reading_ahead import MOST_WAITING, reading_ahead

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sayso.measure.rows import Rows


class Watched(DuckDBEngine):
    """An engine that says what it ran, and whether two ever ran at once."""

    def __init__(self) -> None:
        super().__init__(duckdb.connect(config={"threads": 1}))
        self.ran: list[int] = []
        self.inside = self.most_inside = 0

    def fetch(self, sql: str, params: Mapping[str, object]) -> Rows:
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        try:
            self.ran.append(int(str(params["n"])))
            return super().fetch(sql, params)
        finally:
            self.inside -= 1


def ask(n: int) -> tuple[str, dict[str, object]]:
    return "SELECT $n * 2 AS twice", {"n": n}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 8), max_size=12), st.lists(st.integers(0, 9), max_size=14))
def test_whatever_is_asked_in_whatever_order_gets_its_answer(
    announced: list[int], wanted: list[int]
):
    engine = Watched()
    with reading_ahead(engine, [ask(n) for n in announced]) as ahead:
        for n in wanted:
            assert ahead.fetch(*ask(n)).numbers("twice").tolist() == [2.0 * n]
    assert engine.most_inside <= 1
    again = len(wanted) - len(set(wanted))
    assert len(engine.ran) <= len({*announced, *wanted}) + again


def test_it_does_not_run_further_ahead_than_there_is_room():
    engine = Watched()
    with reading_ahead(engine, [ask(n) for n in range(9)]) as ahead:
        ahead.fetch(*ask(0))
        ahead.fetch(*ask(1))
    assert len(engine.ran) <= 2 + MOST_WAITING


def test_nothing_runs_beside_a_large_answer_that_is_being_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sayso.adapters.reading_ahead.MANY_ROWS", 5)
    many = "SELECT i FROM range($n) AS r(i)"
    engine = Watched()
    with reading_ahead(engine, [(many, {"n": 9}), ask(1), ask(2)]) as ahead:
        assert len(ahead.fetch(many, {"n": 9})) == 9
        assert engine.ran == [9]
        ahead.fetch(*ask(1))
    assert engine.ran[:2] == [9, 1]


def test_an_error_is_raised_to_whoever_asked_and_the_rest_goes_on():
    with reading_ahead(Watched(), [("SELECT $n / nothing", {"n": 1}), ask(2)]) as ahead:
        with pytest.raises(duckdb.BinderException):
            ahead.fetch("SELECT $n / nothing", {"n": 1})
        assert ahead.fetch(*ask(2)).numbers("twice").tolist() == [4.0]


def test_a_query_under_way_ends_with_whoever_stops_reading():
    slow = (
        "SELECT count(*) AS n FROM range($n) a, range(1000000) b WHERE a.range % 7 = b.range % 11"
    )
    before = threading.active_count()
    with (
        pytest.raises(KeyboardInterrupt),
        reading_ahead(Watched(), [(slow, {"n": 10_000_000})]),
    ):
        raise KeyboardInterrupt
    assert threading.active_count() == before
