"""Momentum: the query by hand, changes of known size, and tables that try to fool it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.domain.answer import Estimate, NotEnoughData, Population
from sayso.domain.figure import Figure
from sayso.domain.grade import Grade
from sayso.measure.catalog.momentum import MOMENTUM
from sayso.measure.estimators.trend import (
    difference_change,
    line_change,
    ratio_change,
    week_error,
)
from sayso.measure.setting import Setting
from tests.measure.case_rows import cases_from

Case = dict[str, object]
HOLDS = frozenset({"choice", "advice", "week", "shown", "decider"})


def read(table: list[Case], has: frozenset[str] = HOLDS, **frame: object) -> list[Figure]:
    people = len({r.get("decider") for r in table} - {None})
    values: dict[str, object] = {"options": ("yes", "no"), "deciders": people}
    return list(MOMENTUM.read(cases_from(table), Setting(has=has, **{**values, **frame})))  # type: ignore[arg-type]


def followed(
    seed: int, rates: tuple[float, ...], *, people: int = 16, each: int = 500, shown: float = 0.5
) -> list[Case]:
    """Quarters in which shown advice is followed at a rate; hidden advice agrees half the time."""
    draw = np.random.default_rng(seed)
    table: list[Case] = []
    for i in range(each * len(rates)):
        quarter = i // each
        seen = draw.random() < shown
        agrees = draw.random() < (rates[quarter] if seen else 0.5)
        table.append(
            {
                "decider": f"p{i % people}",
                "week": float(quarter * 13 + i % 13),
                "shown": seen,
                "advice": "yes",
                "choice": "yes" if agrees else "no",
                "in_week": i,
            }
        )
    for row in table:
        del row["in_week"]
    return table


def whole(figures: list[Figure], measure: str = "momentum") -> Figure:
    (found,) = (f for f in figures if f.measure == measure and not f.groups)
    return found


weeks = st.sampled_from([0.0, 5.0, 13.0, 14.0, 30.0, None])
option = st.sampled_from(["yes", "no", None])
tables = st.lists(
    st.fixed_dictionaries(
        {
            "decider": st.sampled_from(["a", "b", None]),
            "week": weeks,
            "choice": option,
            "advice": option,
            "prior": option,
            "shown": st.sampled_from([True, False, None]),
            "justification": st.sampled_from([True, False, None]),
        }
    ),
    max_size=25,
)


@settings(max_examples=15, deadline=None)
@given(tables)
def test_the_query_counts_quarters_from_the_first_week_in_view(table: list[Case]):
    rows = cases_from(table).fetch(MOMENTUM.queries(Setting(has=HOLDS))["momentum"], {})
    used = [
        r
        for r in table
        if r["week"] is not None
        and not r["justification"]
        and r["choice"] is not None
        and r["advice"] is not None
    ]
    seen = [float(str(r["week"])) for r in used if r["shown"] is not False]
    wanted: dict[tuple[object, bool], list[int]] = {}
    for r in used:
        week = float(str(r["week"]))
        quarter = (week - min(seen)) // 13 if seen and week >= min(seen) else None
        cell = wanted.setdefault((quarter, r["shown"] is not False), [0, 0, 0, 0])
        cell[0] += 1
        cell[1] += r["choice"] == r["advice"]
        if r["prior"] is not None:
            cell[2] += r["choice"] == r["advice"] != r["prior"]
            cell[3] += r["choice"] != r["advice"] == r["prior"]
    got: dict[tuple[object, bool], list[int]] = {}
    for i in range(len(rows)):
        quarter = float(rows.numbers("quarter")[i])
        key = (None if np.isnan(quarter) else quarter, bool(rows.numbers("in_view")[i]))
        cell = got.setdefault(key, [0, 0, 0, 0])
        for k, name in enumerate(("cases", "agreed", "moved_to", "moved_away")):
            cell[k] += int(rows.numbers(name)[i])
    assert got == wanted


@pytest.mark.parametrize(
    ("rates", "state"),
    [
        ((0.9, 0.7, 0.5), "fading"),
        ((0.5, 0.7, 0.9), "growing"),
    ],
)
def test_a_coin_shows_what_fades_and_what_grows(rates: tuple[float, ...], state: str):
    figures = read(followed(1, rates), show_probability=0.5)
    found = whole(figures)
    assert found.grade is Grade.RANDOMISED
    assert found.note("state") == state
    assert str(found.word) == "Clear"
    assert isinstance(found.answer, Estimate)
    assert found.answer.r95.contains(rates[-1] - rates[0])
    assert len([f for f in figures if f.measure == "influence-by-quarter"]) == 3


def test_level_needs_the_whole_range_inside_the_line():
    found = whole(read(followed(21, (0.7, 0.7, 0.7), each=1500), show_probability=0.5, line=0.12))
    assert found.note("state") == "level"
    few = whole(read(followed(2, (0.7, 0.7), each=200), show_probability=0.5))
    assert few.note("state") == "not clear"


def test_without_a_coin_nothing_is_clear_and_the_design_is_named():
    table = [{**r, "shown": True} for r in followed(3, (0.9, 0.7, 0.5))]
    found = whole(read(table))
    assert found.note("design") == "association"
    assert str(found.word) == "Likely"
    assert not [f for f in read(table) if f.measure == "influence-by-quarter"]
    # The same after a time without advice: since the launch less before it, quarter by quarter.
    early = [{**r, "week": float(str(r["week"])) % 13, "shown": False} for r in table[:500]]
    late = [{**r, "week": float(str(r["week"])) + 13} for r in table]
    figures = read([*early, *late])
    assert whole(figures).note("design") == "before-after"
    assert whole(figures).grade is Grade.BEFORE_AFTER
    assert len([f for f in figures if f.measure == "influence-by-quarter"]) == 3


def test_weeks_that_wander_together_widen_what_no_coin_decided():
    """The drift of weeks moves everybody, so deciders alone make the range too narrow."""
    draw = np.random.default_rng(4)
    narrow, wide = [], []
    for _ in range(60):
        drift = np.cumsum(draw.normal(0, 0.02, 26)) + 0.6
        drift = np.clip(drift, 0.05, 0.95)
        cases = np.full((12, 26), 40.0)
        agreed = draw.binomial(40, np.broadcast_to(drift, (12, 26))).astype(float)
        by_quarter = [t.reshape(12, 2, 13).sum(axis=2) for t in (agreed, cases)]
        floor = week_error(agreed.sum(axis=0) / cases.sum(axis=0), cases.sum(axis=0))
        for found, least in ((narrow, 0.0), (wide, floor)):
            answer = ratio_change(
                by_quarter[0], by_quarter[1],
                population=Population.LIKE_THESE, line=0.05, floor=least,
            )  # fmt: skip
            assert isinstance(answer, Estimate)
            found.append(not answer.r95.contains(0))
    assert np.mean(wide) <= np.mean(narrow)


def test_first_views_give_the_moves_of_each_quarter():
    draw = np.random.default_rng(5)
    table: list[Case] = []
    for quarter, chance in enumerate((0.8, 0.5, 0.2)):
        for i in range(400):
            table.append(
                {
                    "decider": f"p{i % 10}",
                    "week": float(quarter * 13 + i % 13),
                    "advice": "yes",
                    "prior": "no",
                    "choice": "yes" if draw.random() < chance else "no",
                }
            )
    found = whole(read(table, HOLDS | {"prior"}))
    assert found.note("design") == "prior"
    assert isinstance(found.answer, Estimate)
    assert found.answer.value == pytest.approx(-0.6, abs=0.08)


@pytest.mark.parametrize(
    "table",
    [
        [],
        followed(6, (0.7,)),
        [{**r, "week": 3.0} for r in followed(6, (0.7, 0.7))],
        followed(6, (0.7, 0.7), each=4),
    ],
)
def test_fewer_than_two_quarters_are_not_enough(table: list[Case]):
    figures = read(table, show_probability=0.5)
    assert isinstance(whole(figures).answer, NotEnoughData)


def test_one_decider_and_ten_thousand_with_one_case_each():
    one = [{**r, "decider": "p"} for r in followed(7, (0.9, 0.6), each=600)]
    answer = whole(read(one, show_probability=0.5)).answer
    assert isinstance(answer, Estimate)
    assert answer.population is Population.THESE
    many = [
        {**r, "decider": f"p{i}", "shown": True}
        for i, r in enumerate(followed(8, (0.9, 0.6), each=5000))
    ]
    answer = whole(read(many)).answer
    assert isinstance(answer, Estimate)
    assert answer.people == 10_000
    # Half of these saw the advice in the table they come from, so they changed by half.
    assert answer.r95.contains(-0.15)


def test_all_choices_the_same_change_by_nothing():
    table = [{**r, "choice": "yes"} for r in followed(9, (0.9, 0.6))]
    answer = whole(read(table, show_probability=0.5)).answer
    assert not isinstance(answer, Estimate) or answer.value == 0


def test_the_line_by_hand():
    # Weights 1, 1, 2 at 0, 1, 2: centre 1.25; slope = sum w (q - c) e / sum w (q - c)^2
    # = (-1.25 * 0 - .25 * .1 + 1.5 * .4) / (1.5625 + .0625 + 1.125) = .575 / 2.75, times 2.
    got = line_change(np.array([0.0, 0.1, 0.4]), np.array([1.0, 1.0, 2.0]))
    assert float(got) == pytest.approx(2 * 0.575 / 2.75)
    assert np.isnan(line_change(np.array([0.0, 0.1]), np.array([1.0, 0.0])))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_turning_time_around_turns_the_change_around(seed: int):
    draw = np.random.default_rng(seed)
    cases = draw.integers(5, 30, (8, 3)).astype(float)
    events = draw.binomial(cases.astype(int), 0.6).astype(float)
    forth, back = (
        ratio_change(x, n, population=Population.LIKE_THESE, line=0.05)
        for x, n in ((events, cases), (events[:, ::-1], cases[:, ::-1]))
    )
    assert isinstance(forth, Estimate)
    assert isinstance(back, Estimate)
    assert forth.value == pytest.approx(-back.value, abs=1e-9)
    assert forth.high == pytest.approx(-back.low, abs=1e-9)


@pytest.mark.deep
@pytest.mark.parametrize("people", [5, 12, 40])
def test_ranges_of_the_change_cover_and_nothing_fades_where_nothing_does(people: int):
    draw = np.random.default_rng(10)
    inside = 0
    runs = 1500
    for _ in range(runs):
        own = np.clip(0.7 + draw.normal(0, 0.08, (people, 1)), 0.05, 0.95)
        cases = (
            draw.integers(10, 60, (people, 3)).astype(float),
            draw.integers(10, 60, (people, 3)).astype(float),
        )
        events = (
            draw.binomial(cases[0].astype(int), np.clip(own + 0.1, 0, 1)).astype(float),
            draw.binomial(cases[1].astype(int), own).astype(float),
        )
        answer = difference_change(
            events, cases, population=Population.LIKE_THESE, line=0.05
        )  # fmt: skip
        assert isinstance(answer, Estimate)
        inside += answer.r95.contains(0)
    assert 0.925 < inside / runs < 0.98
