"""Inputs as codes of few values: names and values of any kind, empty cells, and what is left out."""

from __future__ import annotations

from datetime import datetime
from math import isnan
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from sayso.adapters.table_source import ImportRequest, OpenTable, open_table

if TYPE_CHECKING:
    from collections.abc import Mapping

ROWS = 400


def table(**columns: list[object]) -> pd.DataFrame:
    made: dict[str, list[object]] = {
        "case_id": [f"c{i}" for i in range(ROWS)],
        "decider": [f"p{i % 8}" for i in range(ROWS)],
        "choice": ["yes" if i % 3 else "no" for i in range(ROWS)],
        "advice": ["yes" if i % 2 else "no" for i in range(ROWS)],
    }
    return pd.DataFrame({**made, **columns})


def asked(frame: pd.DataFrame) -> ImportRequest:
    return ImportRequest(source=frame, as_of=datetime(2026, 1, 1))  # noqa: DTZ001 - the import compares moments without a zone


def counts(opened: OpenTable, name: str) -> Mapping[str, float]:
    rows = opened.engine.fetch(
        "SELECT input_code, count(*) AS n FROM case_inputs WHERE input = $name "
        "GROUP BY input_code ORDER BY input_code",
        {"name": name},
    )
    (one,) = [i for i in opened.setting.inputs if i.name == name]
    codes = rows.numbers("input_code").tolist()
    labels = ["empty" if isnan(c) else one.labels[int(c)] for c in codes]
    return dict(zip(labels, rows.numbers("n").tolist(), strict=True))


def test_values_and_ranges_are_counted_under_what_they_say():
    frame = table(
        colour=[
            ["red", "O'Hara; DROP TABLE cases", None, "<b>blue</b>"][i % 4] for i in range(ROWS)
        ],
        **{"amount, in €": [float(i % 50) for i in range(ROWS)]},
    )
    with open_table(asked(frame)) as opened:
        assert counts(opened, "colour") == {
            "<b>blue</b>": 100,
            "O'Hara; DROP TABLE cases": 100,
            "red": 100,
            "empty": 100,
        }
        ranges = counts(opened, "amount, in €")
        assert sum(ranges.values()) == ROWS
        assert len(ranges) == 10
        assert next(iter(ranges)).startswith("up to ")


def test_rare_values_are_counted_as_any_other():
    frame = table(town=[f"t{min(i % 40, 15)}" for i in range(ROWS)])
    with open_table(asked(frame)) as opened:
        found = counts(opened, "town")
        assert len(found) == 12
        assert found["any other"] == ROWS - sum(n for k, n in found.items() if k != "any other")
        assert found["t15"] == 250


@pytest.mark.parametrize(
    "cells",
    [
        ["same"] * ROWS,
        [f"note {i}" for i in range(ROWS)],
        [i for i in range(ROWS)],
        [None] * ROWS,
    ],
    ids=["constant", "free text", "running number", "empty"],
)
def test_what_tells_no_kinds_apart_is_no_input(cells: list[object]):
    frame = table(thing=cells, colour=["red" if i % 5 else "blue" for i in range(ROWS)])
    with open_table(asked(frame)) as opened:
        assert [i.name for i in opened.setting.inputs] == ["colour"]


def test_pairs_hold_each_case_once_for_each_pair():
    frame = table(
        colour=["red" if i % 5 else "blue" for i in range(ROWS)],
        amount=[float(i % 50) + 0.5 for i in range(ROWS)],
    )
    with open_table(asked(frame)) as opened:
        rows = opened.engine.fetch(
            "SELECT first, second, count(*) AS n, count(DISTINCT second_code) AS codes "
            "FROM case_pairs GROUP BY first, second ORDER BY first, second",
            {},
        )
        pairs = list(zip(rows.text("first"), rows.text("second"), strict=True))
        assert pairs == [("amount", "amount"), ("colour", "amount"), ("colour", "colour")]
        assert set(rows.numbers("n").tolist()) == {ROWS}
        assert rows.numbers("codes").tolist() == [5, 5, 2]
        (amount,) = [i for i in opened.setting.inputs if i.number]
        assert len(amount.coarse) == 5


def test_a_table_without_inputs_has_empty_views():
    with open_table(asked(table())) as opened:
        assert opened.setting.inputs == ()
        for view in ("case_inputs", "case_pairs"):
            rows = opened.engine.fetch("SELECT count(*) AS n FROM " + view, {})  # noqa: S608
            assert rows.numbers("n").tolist() == [0]
