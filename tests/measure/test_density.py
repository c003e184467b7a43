"""Cases that gather at a line are found; rounding, little data and lines with no mass are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from sayso.declare.lines import Line, lines_in
from sayso.domain.answer import CannotTell, NotEnoughData
from sayso.measure.estimators.density import HEAPED, Jump, jump_at, share_above
from sayso.workspace.audit import Audit, audit

if TYPE_CHECKING:
    from pathlib import Path


def counted(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    found, counts = np.unique(values, return_counts=True)
    return found, counts.astype(float)


def gathered(draw: np.random.Generator, cases: int, moved: float) -> np.ndarray:
    """Amounts around 100; so many of those just under it are written just above."""
    x = draw.gamma(4.0, 30.0, size=cases)
    near = (x > 92) & (x < 100) & (draw.random(cases) < moved)
    return np.where(near, 100 + 6 * draw.random(cases), x)


def test_cases_written_just_above_the_line_are_found():
    jump = jump_at(*counted(gathered(np.random.default_rng(1), 4000, 0.5)), 100.0)
    assert isinstance(jump, Jump)
    assert jump.p < 0.001
    assert share_above(jump).low > 0.6


def test_the_mirrored_numbers_have_the_mirrored_jump():
    x = np.random.default_rng(2).normal(size=1500)
    here, there = jump_at(*counted(x), 0.3), jump_at(*counted(-x), -0.3)
    assert isinstance(here, Jump)
    assert isinstance(there, Jump)
    assert there.t == pytest.approx(-here.t, abs=0.02)
    assert there.below.reach == pytest.approx(here.above.reach, rel=1e-6)


def test_another_unit_changes_nothing_but_the_unit():
    x = np.random.default_rng(3).gamma(4.0, 30.0, size=1500)
    euros, cents = jump_at(*counted(x), 100.0), jump_at(*counted(100 * x), 10_000.0)
    assert isinstance(euros, Jump)
    assert isinstance(cents, Jump)
    assert cents.t == pytest.approx(euros.t, abs=1e-6)
    assert cents.below.reach == pytest.approx(100 * euros.below.reach)


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        (np.linspace(1, 2, 500), NotEnoughData(23, 0, "cases below the line")),
        (np.linspace(-2, -1, 500), NotEnoughData(23, 0, "cases above the line")),
        (np.linspace(-5, 0.1, 500), NotEnoughData(23, 10, "cases above the line")),
    ],
    ids=["all above", "all below", "nearly all below"],
)
def test_a_line_with_no_mass_beside_it_is_refused(values: np.ndarray, answer: NotEnoughData):
    assert jump_at(*counted(values), 0.0) == answer


def test_round_numbers_are_no_gathering():
    draw = np.random.default_rng(4)
    x = draw.gamma(4.0, 30.0, size=4000)
    rounded = np.where(draw.random(4000) < 0.4, np.round(x, -1), x)
    assert jump_at(*counted(rounded), 100.0) == HEAPED


@pytest.mark.parametrize("step", [10.0, 1.0])
def test_numbers_of_few_values_are_refused(step: float):
    x = np.round(np.random.default_rng(5).normal(0, 5, size=3000) / step) * step
    assert isinstance(jump_at(*counted(x), 0.0), CannotTell)


@pytest.mark.deep
@pytest.mark.parametrize("cases", [300, 2000])
def test_smooth_numbers_gather_in_at_most_one_of_twenty(cases: int):
    draw = np.random.default_rng(6)
    jumps = [jump_at(*counted(draw.gamma(4.0, 30.0, size=cases)), 100.0) for _ in range(1000)]
    known = [jump for jump in jumps if isinstance(jump, Jump)]
    assert len(known) > 900
    assert sum(jump.p < 0.05 for jump in known) / len(known) <= 0.05 + 0.02


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("amount < 5000", (Line("amount", 5000.0),)),
        ("5000 >= amount", (Line("amount", 5000.0),)),
        ("amount between -10 and 20", (Line("amount", -10.0), Line("amount", 20.0))),
        ("if(amount > 2.5, 'bring', 'leave')", (Line("amount", 2.5),)),
        ("amount = 5000 or colour = 'red' or other < 3 or amount < age", ()),
        ("amount < '5000'", ()),
        ("amount < (((", ()),
        ("x" * 5000, ()),
        ("", ()),
    ],
)
def test_lines_are_read_from_expressions(text: str, found: tuple[Line, ...]):
    assert lines_in(text, {"amount", "age", "colour"}) == found


CHARTER = """
decision: claims
version: 1
question: Pay?
options: [pay, ask]
inputs: {amount: number, colour: category}
advice: {source: rule, mode: advise, routine: "amount < 100"}
source:
  table: claims.csv
  columns: {choice: choice, decider: decider}
"""


def read(folder: Path, amounts: np.ndarray) -> Audit:
    charter = folder / "claims.yaml"
    charter.write_text(CHARTER, "utf-8")
    draw = np.random.default_rng(7)
    frame = pd.DataFrame(
        {
            "decider": [f"p{i % 9}" for i in range(len(amounts))],
            "choice": np.where(draw.random(len(amounts)) < 0.5, "pay", "ask"),
            "colour": np.where(draw.random(len(amounts)) < 0.5, "red", "blue"),
            "amount": amounts,
        }
    )
    return audit(frame, charter=charter)


@pytest.mark.feature("M20")
def test_the_report_says_where_cases_gather_and_that_it_does_not_know_why(tmp_path: Path):
    found = read(tmp_path, gathered(np.random.default_rng(8), 4000, 0.5))
    (figure,) = [f for f in found.to_json()["figures"] if f["measure"] == "bunching"]
    assert figure["groups"] == {"input": "amount", "at": "100"}
    assert figure["word"] == "Clear that it is not zero"
    page = found.to_html()
    assert "Cases gather on one side of a line the charter draws" in page
    assert "The table cannot say which." in page


def test_a_line_without_gathering_is_one_line_of_the_report(tmp_path: Path):
    page = read(tmp_path, np.random.default_rng(9).gamma(4.0, 30.0, size=1500)).to_html()
    assert "No line shows more cases on one side" in page
    assert "Cases gather on one side" not in page


def test_rounded_numbers_are_told_as_what_cannot_be_told(tmp_path: Path):
    amounts = np.round(np.random.default_rng(10).gamma(4.0, 30.0, size=1500), -1)
    page = read(tmp_path, amounts).to_html()
    assert "Whether cases gather at amount 100 cannot be told." in page
