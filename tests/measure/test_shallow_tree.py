"""A rule of two questions: by hand, by property, in an audit, and under attack."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sayso
from sayso.domain.answer import Estimate
from sayso.measure.catalog.together import SHALLOW_TREE
from sayso.measure.estimators.shallow_tree import grow
from sayso.measure.setting import Setting
from tests.measure.case_rows import cases_from

if TYPE_CHECKING:
    from pathlib import Path

    from sayso.domain.figure import Figure


def test_two_questions_by_hand():
    # The first option is right where one of two marks is set and the other is not, and no single
    # question parts that; a third column only looks like the first in most cases.
    x = np.array([[a, b, 0.0] for a in (0.0, 1.0) for b in (0.0, 1.0) for _ in range(20)])
    first = (x[:, 0] == 1) & (x[:, 1] == 0)
    tree = grow(x, first)
    assert tree.takes_first(x).tolist() == first.tolist()
    assert tree.asked == (0, 1)


def test_the_line_lies_where_options_part_and_no_end_is_small():
    x = np.arange(64.0)[:, None]
    tree = grow(x, x[:, 0] >= 32)
    # Lines lie at sixteenths: 31 of 63 is the eighth, and what is above it takes the first.
    assert (tree.column, tree.line) == (0, 31.0)
    # The line at 55 would part ten from the others best, with eight above it; 51 leaves twelve.
    few = grow(x, x[:, 0] >= 54)
    assert (few.line, int((x[:, 0] > few.line).sum())) == (51.0, 12)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_the_other_option_mirrors_the_rule_and_another_unit_changes_nothing(seed: int):
    draw = np.random.default_rng(seed)
    x = np.round(draw.normal(0, 1, (161, 3)), 1)
    first = draw.random(161) < 1 / (1 + np.exp(-2 * x[:, 1]))
    tree, other, scaled = grow(x, first), grow(x, ~first), grow(3.0 * x + 7.0, first)
    assert scaled.takes_first(3.0 * x + 7.0).tolist() == tree.takes_first(x).tolist()
    # Only an end with as many of either takes the same option both times: the first.
    same = tree.takes_first(x) == other.takes_first(x)
    assert same.mean() < 0.5
    assert tree.takes_first(x)[same].all()


@pytest.mark.parametrize(
    ("x", "first"),
    [
        (np.zeros((30, 2)), np.arange(30) % 2 == 0),
        (np.arange(30.0)[:, None], np.ones(30, dtype=bool)),
        (np.zeros((30, 0)), np.arange(30) % 3 == 0),
        (np.arange(12.0)[:, None], np.arange(12) > 6),
    ],
    ids=["nothing varies", "one option", "nothing to ask", "too few"],
)
def test_where_nothing_parts_cases_nothing_is_asked(x: np.ndarray, first: np.ndarray):
    tree = grow(x, first)
    assert tree.asked == ()
    assert len(set(tree.takes_first(x).tolist())) == 1


def table(
    path: Path, seed: int, *, people: int = 12, each: int = 60, told: float = 0.9, skill: float
) -> Path:
    """Cases whose truth one input tells in ``told`` of 100; the AI's number is an input too."""
    draw = np.random.default_rng(seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(
            ["decider", "first_view", "advice", "chance", "choice", "outcome", "<b>size</b>",
             "ai_number", "colour"]
        )  # fmt: skip
        for i in range(people * each):
            truth = bool(draw.random() < 0.5)

            def says(right: float, truth: bool = truth) -> str:
                return "yes" if truth == bool(draw.random() < right) else "no"

            size = truth if draw.random() < told else not truth
            chance = float(np.round(0.9 if says(0.8) == "yes" else 0.1, 2))
            out.writerow(
                [f"p{i % people}", says(0.7), "yes" if chance > 0.5 else "no", chance,
                 says(skill), "yes" if truth else "no", round(10 * size + draw.random(), 2),
                 100 * chance, draw.choice(["red", "blue", "green"])]
            )  # fmt: skip
    return path


def audited(path: Path) -> sayso.Audit:
    return sayso.audit(
        path,
        decider="decider",
        prior="first_view",
        advice="advice",
        advice_confidence="chance",
        choice="choice",
        best="outcome",
        outcome="none",
    )


def figures(audit: sayso.Audit) -> tuple[Figure, Figure]:
    apart = audit.reading.figure("together", against="shallow tree")
    right = audit.reading.figure("right-alone", who="shallow tree")
    assert apart is not None
    assert right is not None
    return apart, right


@pytest.mark.feature("M23")
def test_a_rule_that_beats_everybody_is_told_with_what_it_asks(tmp_path: Path):
    audit = audited(table(tmp_path / "cases.csv", 1, skill=0.75))
    apart, right = figures(audit)
    assert isinstance(right.answer, Estimate)
    assert right.answer.r95.contains(0.9)
    assert isinstance(apart.answer, Estimate)
    assert apart.answer.r95.contains(0.75 - 0.9)
    assert right.note("asked") == "<b>size</b>"
    page = audit.to_html()
    assert "A rule of two questions about the case (&lt;b&gt;size&lt;/b&gt;)" in page
    assert "<b>size" not in page
    assert "right less often than that rule" in page


def test_a_rule_may_not_ask_for_the_ais_own_number(tmp_path: Path):
    # The AI is right in 80 of 100, the input in 60: a rule with the AI's number would reach 80.
    audit = audited(table(tmp_path / "cases.csv", 2, told=0.6, skill=0.8))
    _, right = figures(audit)
    assert right.note("repeated") == "ai_number"
    assert isinstance(right.answer, Estimate)
    assert right.answer.high < 0.7


def test_a_rule_with_nothing_to_learn_is_a_coin_and_not_better(tmp_path: Path):
    audit = audited(table(tmp_path / "cases.csv", 3, told=0.5, skill=0.7))
    _, right = figures(audit)
    assert isinstance(right.answer, Estimate)
    assert right.answer.r95.contains(0.5)


def test_four_people_are_too_few_to_learn_from_half_of_them():
    cases = [
        {"decider": f"p{i % 4}", "case_id": str(i), "prior": "yes", "advice": "yes",
         "choice": "yes", "prior_right": True, "advice_right": True, "choice_right": i % 3 > 0,
         "outcome_matured": True}
        for i in range(400)
    ]  # fmt: skip
    setting = Setting(has=frozenset(), options=("yes", "no"), deciders=4)
    assert SHALLOW_TREE.read(cases_from(cases), setting) == ()
    assert SHALLOW_TREE.read(cases_from([]), setting) == ()


SAID = st.sampled_from(["yes", "no", None])
KNOWN = st.sampled_from([True, True, False, None])
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "decider": st.sampled_from(["a", "b", None]),
            "prior": SAID,
            "advice": SAID,
            "choice": SAID,
            "prior_right": KNOWN,
            "advice_right": KNOWN,
            "choice_right": KNOWN,
            "shown": st.sampled_from([True, False, None]),
            "outcome_matured": st.booleans(),
        }
    ),
    max_size=25,
)


@settings(max_examples=20, deadline=None)
@given(ROWS)
def test_the_query_reads_the_cases_of_plain_python(rows: list[dict[str, object]]):
    for i, row in enumerate(rows):
        row["case_id"] = f"{i:02d}"
    setting = Setting(has=frozenset(), options=("yes", "no"), deciders=2)
    ((sql, params),) = SHALLOW_TREE.asks(setting)
    got = cases_from(rows).fetch(sql, params)
    wanted = {
        str(r["case_id"]): (r["choice"] == "yes") == r["choice_right"]
        for r in rows
        if r["outcome_matured"]
        and r["shown"] is not False
        and all(r[c] is not None for c in ("prior", "advice", "choice"))
        and all(r[c] is not None for c in ("prior_right", "advice_right", "choice_right"))
    }
    found = dict(zip(got.text("case_id"), got.numbers("first_right").tolist(), strict=True))
    assert found == {case: float(first) for case, first in wanted.items()}
    fewer = cases_from(rows).fetch(sql, {**params, "most": 3})
    assert len(fewer) == min(3, len(wanted))
