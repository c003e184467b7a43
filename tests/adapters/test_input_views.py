"""Inputs as codes of few values: names and values of any kind, empty cells, and what is left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from math import isnan
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from sayso.adapters.table_source import ImportRequest, OpenTable, open_table
from sayso.declare.charter_file import read_charter
from sayso.measure.case_inputs import EMPTY, unpacked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROWS = 400


def table(**columns: Sequence[object]) -> pd.DataFrame:
    made: dict[str, Sequence[object]] = {
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


def test_all_inputs_of_a_case_fit_into_one_number():
    frame = table(
        colour=["red" if i % 5 else "blue" for i in range(ROWS)],
        amount=[float(i % 50) + 0.5 if i % 7 else None for i in range(ROWS)],
    )
    with open_table(asked(frame)) as opened:
        rows = opened.engine.fetch("SELECT case_id, packed FROM case_slices ORDER BY case_id", {})
        inputs = opened.setting.inputs
        codes = unpacked(rows.numbers("packed"), len(inputs)).tolist()
        for name, got in zip(rows.text("case_id"), codes, strict=True):
            i = int(str(name)[1:])
            said = {
                one.name: "" if c == EMPTY else one.coarse[c]
                for one, c in zip(inputs, got, strict=True)
            }
            assert said["colour"] == ("red" if i % 5 else "blue")
            assert (said["amount"] == "") == (i % 7 == 0)
            if i % 50 == 0 and i % 7:
                assert said["amount"].startswith("up to ")


def test_thirteen_inputs_are_packed_without_loss():
    columns = {f"x{k}": [f"v{(i * (k + 3)) % 11}" for i in range(ROWS)] for k in range(15)}
    with open_table(asked(table(**columns))) as opened:
        watched = [i for i in opened.setting.inputs if i.watched]
        assert len(watched) == 13
        rows = opened.engine.fetch("SELECT case_id, packed FROM case_slices", {})
        codes = unpacked(rows.numbers("packed"), 13)
        for name, got in zip(rows.text("case_id"), codes.tolist(), strict=True):
            i = int(str(name)[1:])
            for one, code in zip(watched, got, strict=True):
                assert one.coarse[code] == columns[one.name][i]


def test_a_table_without_inputs_has_no_rows_of_inputs():
    with open_table(asked(table())) as opened:
        assert opened.setting.inputs == ()
        rows = opened.engine.fetch("SELECT count(*) AS n FROM case_inputs", {})
        assert rows.numbers("n").tolist() == [0]


CHARTER = """
decision: parts
version: 1
question: Bring it?
options: ["yes", "no"]
inputs: {depot: category, decider: category, colour: category, age: number}
affected: [depot, colour]
advice: {source: rule, mode: advise, routine: "age < 30 and decider < 5"}
source:
  table: parts.csv
  columns: {choice: choice, advice: advice, decider: decider, team: depot, case: case_id}
"""


def test_neither_people_nor_teams_are_ever_a_kind_of_case():
    frame = table(
        depot=[f"d{i % 4}" for i in range(ROWS)],
        colour=["red" if i % 5 else "blue" for i in range(ROWS)],
        age=[float(i % 60) + 0.5 for i in range(ROWS)],
    )
    charter = read_charter(CHARTER, "parts.yaml").charter
    assert charter is not None
    with open_table(replace(asked(frame), charter=charter)) as opened:
        found = {i.name: (i.watched, i.affected, i.lines) for i in opened.setting.inputs}
        assert found == {"colour": (True, True, ()), "age": (True, False, (30.0,))}
