"""Gaps between groups of affected people: found, told from noise, bounded, never by decider."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.domain.answer import CannotTell, Estimate, NotEnoughData
from sayso.domain.evidence import Word
from sayso.measure.case_inputs import CaseInput
from sayso.measure.catalog.affected import AFFECTED
from sayso.measure.estimators.affected import Treated, gap_between, treated
from sayso.measure.measure import query
from sayso.measure.setting import Setting
from sayso.workspace.audit import audit
from tests.measure.case_rows import HandEngine, cases_from

if TYPE_CHECKING:
    from pathlib import Path

    from sayso.domain.figure import Figure

Case = dict[str, object]
REGION = CaseInput(
    name="region", place=0, number=False, labels=("north", "south"), coarse=("north", "south"),
    affected=True,
)  # fmt: skip


def cases_of(
    *, people: int, cases: int, seed: int, gap: float = 0.0, sd: float = 0.1, missing: float = 0.0
) -> list[Case]:
    draw = np.random.default_rng(seed)
    own = sd * draw.normal(size=people)
    rows: list[Case] = []
    for i in range(cases):
        north = bool(draw.random() < 0.5)
        # The north has more easy cases, of which more are granted.
        easy = bool(draw.random() < (0.6 if north else 0.4))
        share = 0.4 + (0.2 if easy else 0.0) + (gap if north else 0.0) + own[i % people]
        rows.append(
            {
                "decider": f"p{i % people}",
                "kind": "north" if north else "south",
                "alike_wide": "easy" if easy else "hard",
                "choice": "yes" if draw.random() < share else "no",
                "outcome_matured": True,
                "choice_right": None
                if draw.random() < missing
                else bool(draw.random() < (0.7 if north else 0.85)),
            }
        )
    return rows


def with_inputs(rows: list[Case]) -> HandEngine:
    engine = cases_from(rows)
    engine.connection.execute(
        """CREATE OR REPLACE VIEW case_inputs AS SELECT *, 'region' AS input,
            CASE kind WHEN 'north' THEN 0 WHEN 'south' THEN 1 END AS input_code,
            CAST(NULL AS DOUBLE) AS input_number, false AS input_lined, true AS input_affected
        FROM cases"""
    )
    return engine


def read(rows: list[Case], *, people: int, **other: object) -> dict[str, Figure]:
    setting = Setting(
        has=frozenset({"choice", "decider"}),
        options=("yes", "no"),
        deciders=people,
        inputs=(REGION,),
        **other,  # type: ignore[arg-type]
    )
    figures = AFFECTED.read(with_inputs(rows), setting)
    return {"|".join([f.measure, *(v for n, v in f.groups if n != "affected")]): f for f in figures}


def value(figure: Figure) -> Estimate:
    assert figure.estimate is not None, figure.answer
    return figure.estimate


@pytest.mark.feature("M17")
def test_groups_that_get_other_decisions_are_found_as_they_are_and_on_the_same_mix():
    figures = read(cases_of(people=20, cases=4000, seed=1, gap=0.15), people=20)
    # As they are: .15 and .2 x (.6 - .4) of the mix; on the same mix .15.
    assert value(figures["affected-gap"]).r95.contains(0.19)
    assert value(figures["affected-gap-alike"]).r95.contains(0.15)
    assert figures["affected-gap"].word is Word.CLEAR
    assert value(figures["affected-practice|north|yes"]).r95.contains(0.67)
    assert value(figures["affected-practice|south|yes"]).r95.contains(0.48)


def test_choices_that_turn_out_wrong_more_often_for_one_group_are_found():
    figures = read(cases_of(people=20, cases=4000, seed=2), people=20)
    assert value(figures["affected-quality-gap"]).r95.contains(0.15)
    assert value(figures["affected-wrong|north"]).r95.contains(0.30)


def test_missing_outcomes_take_the_word_away():
    figures = read(cases_of(people=20, cases=4000, seed=3, missing=0.1), people=20)
    gap = figures["affected-quality-gap"]
    assert value(gap).low > 0.05
    assert gap.word is Word.EITHER
    low = gap.note("worst_low")
    assert isinstance(low, float)
    assert low < 0.05


def test_no_figure_names_a_person():
    figures = read(cases_of(people=20, cases=2000, seed=4), people=20)
    assert {name for f in figures.values() for name, _ in f.groups} == {
        "affected",
        "group",
        "option",
    }


def test_outcomes_seen_after_one_option_give_bounds_for_each_group():
    rows = cases_of(people=20, cases=2000, seed=5)
    for row in rows:
        if row["choice"] == "no":
            row["choice_right"] = None
    figures = read(rows, people=20, outcome_seen_for="yes")
    assert isinstance(figures["affected-quality-gap"].answer, CannotTell)
    north = figures["affected-wrong-bounds|north"]
    # Of all northern cases about .52 are seen, .3 of those wrong: .16 to .16 + .48.
    assert north.note("low") == pytest.approx(0.16, abs=0.03)
    assert north.note("high") == pytest.approx(0.64, abs=0.04)


def test_small_groups_are_merged_and_one_group_says_nothing():
    rows = cases_of(people=20, cases=600, seed=6)
    for i, row in enumerate(rows):
        row["kind"] = "north" if i >= 20 else None
    figures = read(rows, people=20)
    # Twenty cases whose region is not recorded may not be shown, so they join the only other.
    assert isinstance(figures["affected-gap"].answer, NotEnoughData)
    assert set(figures) == {"affected-gap"}


def test_cases_without_a_recorded_group_are_a_group():
    rows = cases_of(people=20, cases=900, seed=7)
    for i, row in enumerate(rows):
        row["kind"] = None if i % 3 == 0 else row["kind"]
    assert "affected-practice|not recorded|yes" in read(rows, people=20)


def test_four_people_are_too_few():
    figures = read(cases_of(people=4, cases=400, seed=8), people=4, minimum_people=2)
    assert figures["affected-gap"].answer == NotEnoughData(5, 4, "people")


def test_an_empty_table_says_so():
    assert isinstance(read([], people=20)["affected-gap"].answer, NotEnoughData)


def test_groups_that_share_no_alike_cases_are_compared_as_they_are_only():
    rows = cases_of(people=20, cases=1000, seed=9)
    for row in rows:
        row["alike_wide"] = row["kind"]
    figures = read(rows, people=20)
    assert figures["affected-gap"].estimate is not None
    assert figures["affected-gap-alike"].answer == NotEnoughData(2, 1, "groups with alike cases")


def simulated(draw: np.random.Generator, people: int, gap: float, sd: float) -> Treated:
    """Two groups, the same people deciding for both, some stricter than others."""
    n = draw.integers(10, 60, size=(people, 2)).astype(float)
    share = np.clip(0.4 + sd * draw.normal(size=(people, 1)) + np.array([gap, 0.0]), 0.01, 0.99)
    x = draw.binomial(n.astype(int), share).astype(float)
    person = np.repeat(np.arange(people), 2)
    group = np.tile([0, 1], people)
    fit = treated(x.ravel(), n.ravel(), person, group, np.zeros(2 * people, dtype=np.intp))
    assert isinstance(fit, Treated)
    return fit


@pytest.mark.parametrize(("people", "gap"), [(8, 0.0), (8, 0.12), (30, 0.12)])
def test_strict_people_add_nothing_to_a_gap_and_its_range_holds(people: int, gap: float):
    draw = np.random.default_rng(10)
    covered = clear = 0
    for _ in range(250):
        found = gap_between(simulated(draw, people, gap, 0.15), line=0.05)
        assert isinstance(found, Estimate)
        covered += found.r95.contains(gap)
        clear += found.low > 0.05
    assert covered / 250 >= 0.92
    if gap == 0:
        assert clear / 250 < 0.03


def test_means_of_groups_hold_their_truth():
    draw = np.random.default_rng(11)
    covered = 0
    for _ in range(300):
        fit = simulated(draw, 20, 0.1, 0.1)
        reach = 2.1 * float(fit.errors[0])
        covered += abs(float(fit.means[0]) - 0.5) <= reach
    assert covered / 300 >= 0.9


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "decider": st.sampled_from(["a", "b", None]),
                "kind": st.sampled_from(["north", "south", None]),
                "alike_wide": st.sampled_from(["k", None]),
                "choice": st.sampled_from(["yes", "no", None]),
                "outcome_matured": st.booleans(),
                "choice_right": st.sampled_from([True, False, None]),
            }
        ),
        max_size=25,
    )
)
def test_the_query_counts_what_plain_python_counts(rows: list[Case]):
    got = with_inputs(rows).fetch(query("affected"), {"option": "yes"})
    for code, kind in ((0.0, "north"), (1.0, "south")):
        kept = [r for r in rows if r["kind"] == kind and r["choice"] is not None]
        due = [r for r in kept if r["outcome_matured"]]
        sums = {
            "cases": len(kept),
            "total": sum(r["choice"] == "yes" for r in kept),
            "matured": len(due),
            "known": sum(r["choice_right"] is not None for r in due),
            "wrong": sum(r["choice_right"] is False for r in due),
        }
        for name, total in sums.items():
            mine = got.numbers("input_code") == code if len(got) else np.zeros(0, bool)
            assert (float(got.numbers(name)[mine].sum()) if len(got) else 0) == total, name


CHARTER = """
decision: grants
version: 1
question: Grant it?
options: ["yes", "no"]
inputs: {region: category, need: category}
affected: [region]
source:
  table: grants.csv
  columns: {choice: choice, decider: decider}
"""


def test_the_report_tells_the_gap_and_a_table_without_groups_what_is_missing(tmp_path: Path):
    charter = tmp_path / "grants.yaml"
    charter.write_text(CHARTER, "utf-8")
    rows = cases_of(people=20, cases=3000, seed=12, gap=0.15)
    frame = pd.DataFrame(
        {
            "decider": [r["decider"] for r in rows],
            "region": [r["kind"] for r in rows],
            "need": [r["alike_wide"] for r in rows],
            "choice": [r["choice"] for r in rows],
        }
    )
    found = audit(frame, charter=charter)
    page = found.to_html()
    assert "Groups by “region” get different decisions" in page
    assert "never by who decided" in page
    keys = {f["measure"] for f in found.to_json()["figures"]}
    assert {"affected-gap", "affected-gap-alike", "affected-practice"} <= keys
    questions = {u["question"] for u in audit(frame).to_json()["cannot_tell"]}
    assert "Do some groups of affected people get other decisions?" in questions
