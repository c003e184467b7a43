"""Automation bias, reading time and streaks: by hand, on known truths, and under attack."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.domain.answer import Answer, Estimate, NotEnoughData, Population
from sayso.domain.figure import Figure
from sayso.domain.grade import Grade
from sayso.measure.catalog.attention import ATTENTION, STREAKS
from sayso.measure.catalog.automation_bias import AUTOMATION_BIAS, risk_ratio
from sayso.measure.estimators.streaks import expected_in_streaks
from sayso.measure.measure import AnyMeasure, query
from sayso.measure.setting import Setting
from tests.measure.case_rows import cases_from

Case = dict[str, object]
HOLDS = frozenset(
    {
        "choice",
        "advice",
        "seconds",
        "decider",
        "decided_at",
        "shown",
        "choice_right",
        "advice_right",
    }
)


def read(
    measure: AnyMeasure, table: list[Case], has: frozenset[str] = HOLDS, **frame: object
) -> list[Figure]:
    people = len({r.get("decider") for r in table} - {None})
    values: dict[str, object] = {"options": ("yes", "no"), "deciders": people}
    setting = Setting(has=has, **{**values, **frame})  # type: ignore[arg-type]
    return list(measure.read(cases_from(table), setting))


def answer(figures: list[Figure], key: str, **groups: str) -> Answer:
    (found,) = (f for f in figures if f.measure == key and dict(f.groups) == groups)
    return found.answer


def timed(seed: int, *, people: int = 12, each: int = 60, hurried: float = 0.0) -> list[Case]:
    """Decisions of about a minute; some advice is taken in two seconds, and wrong half the time."""
    draw = np.random.default_rng(seed)
    table: list[Case] = []
    for i in range(people * each):
        shown = draw.random() < 0.5
        fast = shown and draw.random() < hurried
        right = draw.random() < (0.5 if fast else 0.9)
        table.append(
            {
                "decider": f"p{i % people}",
                "shown": shown,
                "advice": "yes",
                "choice": "yes" if fast or draw.random() < 0.7 else "no",
                "seconds": 2.0 if fast else float(draw.normal(60, 8) + 10 * shown),
                "choice_right": bool(right),
                "advice_right": bool(right),
                "outcome_matured": True,
            }
        )
    return table


@pytest.mark.feature("M16")
def test_advice_taken_in_two_seconds_of_a_minute_is_not_read():
    figures = read(ATTENTION, timed(1, hurried=0.3), show_probability=0.5)
    stamped = answer(figures, "rubber-stamp")
    assert isinstance(stamped, Estimate)
    assert stamped.r95.contains(0.3 / 0.79)
    assert str(figures[0].word) == "Clear"
    fast, slow = (answer(figures, "taken-wrong", pace=p) for p in ("fast", "slow"))
    assert isinstance(fast, Estimate)
    assert isinstance(slow, Estimate)
    assert fast.low > slow.high


@pytest.mark.feature("M26")
def test_seconds_with_the_advice_less_without():
    figures = read(ATTENTION, timed(2), show_probability=0.5)
    (found,) = (f for f in figures if f.measure == "seconds-with-advice")
    assert found.grade is Grade.RANDOMISED
    assert isinstance(found.answer, Estimate)
    assert found.answer.r95.contains(10)
    assert isinstance(answer(figures, "seconds", arm="without"), Estimate)
    (unknown,) = (
        f for f in read(ATTENTION, timed(2)) if f.measure == "seconds-with-advice"
    )  # fmt: skip
    assert unknown.grade is Grade.ASSOCIATION


def test_the_floor_is_a_tenth_of_the_mean_and_never_more_than_ten_seconds():
    base = {"decider": "p", "advice": "yes", "choice": "yes"}
    slow = [{**base, "kind": "long", "seconds": 1000.0} for _ in range(20)]
    quick = [{**base, "kind": "short", "seconds": 50.0} for _ in range(20)]
    table = [
        *slow, {**base, "kind": "long", "seconds": 9.0}, {**base, "kind": "long", "seconds": 11.0},
        *quick, {**base, "kind": "short", "seconds": 4.0}, {**base, "kind": "short", "seconds": 6.0},
    ]  # fmt: skip
    rows = cases_from(table).fetch(query("attention"), {})
    assert rows.numbers("fast").sum() == 2  # nine of a thousand seconds, four of about fifty


def test_a_tab_left_open_is_cut():
    base = {"decider": "p", "advice": "yes", "choice": "yes"}
    table: list[Case] = [{**base, "seconds": 20.0} for _ in range(299)]
    rows = cases_from([*table, {**base, "seconds": 86_400.0}]).fetch(query("attention"), {})
    assert rows.numbers("seconds").sum() == pytest.approx(300 * 20, rel=0.01)


@pytest.mark.parametrize(
    "table",
    [
        [],
        [{"decider": "p", "advice": "yes", "choice": "yes", "seconds": 5.0}],
        [{"decider": "p", "advice": "yes", "choice": "yes", "seconds": None}] * 50,
        [{"decider": "p", "advice": "yes", "choice": None, "seconds": 5.0}] * 50,
        [{"decider": "p", "advice": "yes", "choice": "yes", "seconds": -5.0}] * 50,
        [{"decider": "p", "advice": None, "choice": "yes", "seconds": 5.0}] * 5,
    ],
)
def test_times_that_say_nothing_give_no_figure(table: list[Case]):
    for figure in read(ATTENTION, table):
        assert isinstance(figure.answer, NotEnoughData), figure


def test_people_one_case_each_and_one_person_are_both_told():
    many = [{**r, "decider": f"p{i}"} for i, r in enumerate(timed(3, hurried=0.3))]
    found = answer(read(ATTENTION, many), "rubber-stamp")
    assert isinstance(found, Estimate)
    assert found.people > 250
    one = [{**r, "decider": "p"} for r in timed(3, hurried=0.3)]
    figures = read(ATTENTION, one)
    for key in ("rubber-stamp", "seconds-with-advice"):
        found = answer(figures, key)
        assert isinstance(found, Estimate)
        assert found.population is Population.THESE


@pytest.mark.parametrize(
    ("cases", "taken", "least"), [(5, 3, 2), (6, 4, 3), (4, 4, 2), (5, 1, 2), (6, 3, 1)]
)
def test_cases_in_streaks_are_the_average_over_every_order(cases: int, taken: int, least: int):
    order = [1] * taken + [0] * (cases - taken)
    totals = [
        sum(size for value, size in _runs(found) if value and size >= least)
        for found in set(permutations(order))
    ]
    assert expected_in_streaks(cases, taken, least) == pytest.approx(float(np.mean(totals)))


def _runs(order: tuple[int, ...]) -> list[tuple[int, int]]:
    return [(value, len(list(run))) for value, run in groupby(order)]


def test_long_streaks_stay_finite():
    assert expected_in_streaks(10**6, 10**6 - 1, 10) == pytest.approx(10**6 - 1, rel=1e-3)
    assert expected_in_streaks(10**6, 10, 10) < 1e-6


def ordered(seed: int, *, sticky: bool, people: int = 15, each: int = 80) -> list[Case]:
    """Advice taken seven times in ten, either by coin or in blocks."""
    draw = np.random.default_rng(seed)
    table: list[Case] = []
    for p in range(people):
        taken = draw.random(each) < 0.7
        if sticky:
            taken = np.sort(taken)
        for i in range(each):
            table.append(
                {
                    "decider": f"p{p}",
                    "decided_at": datetime(2026, 1, 1) + timedelta(hours=i),  # noqa: DTZ001
                    "advice": "yes",
                    "choice": "yes" if taken[i] else "no",
                }
            )
    return table


@pytest.mark.feature("M16")
def test_rows_of_taken_advice_are_held_against_chance():
    _, excess = read(STREAKS, ordered(4, sticky=True))
    assert isinstance(excess.answer, Estimate)
    assert excess.answer.low > 0.5
    _, none = read(STREAKS, ordered(5, sticky=False))
    assert isinstance(none.answer, Estimate)
    assert none.answer.r95.contains(0)


streaked = st.lists(
    st.fixed_dictionaries(
        {
            "decider": st.sampled_from(["a", "b", None]),
            "decided_at": st.integers(0, 40).map(
                lambda h: datetime(2026, 1, 1) + timedelta(hours=h)  # noqa: DTZ001
            ),
            "choice": st.sampled_from(["yes", "yes", "yes", "no", None]),
            "advice": st.sampled_from(["yes", "yes", "yes", None]),
            "shown": st.sampled_from([True, True, False, None]),
        }
    ),
    max_size=40,
)


@settings(max_examples=12, deadline=None)
@given(streaked)
def test_the_query_finds_the_runs_of_plain_python(table: list[Case]):
    for i, row in enumerate(table):
        row["case_id"] = f"{i:03d}"
    rows = cases_from(table).fetch(STREAKS.sql, {"seed": "0", "people": 9, "wide": 10**6})
    wanted: dict[str, tuple[int, int, int]] = {}
    for who in ("a", "b"):
        mine = sorted(
            (r for r in table if r["decider"] == who and r["shown"] is not False
             and r["choice"] is not None and r["advice"] is not None),
            key=lambda r: (r["decided_at"], r["case_id"]),
        )  # fmt: skip
        taken = tuple(int(r["choice"] == r["advice"]) for r in mine)
        if mine:
            long = sum(n for v, n in _runs(taken) if v and n >= 10)
            wanted[who] = (len(mine), sum(taken), long)
    got = {
        str(who): tuple(int(rows.numbers(c)[i]) for c in ("cases", "taken", "in_streaks"))
        for i, who in enumerate(rows.text("decider") if len(rows) else [])
    }
    assert got == wanted


def advised(
    seed: int, *, shown: float, hidden: float, people: int = 12, each: int = 120
) -> list[Case]:
    """Advice that is wrong in every case; choices are wrong at a rate in each arm."""
    draw = np.random.default_rng(seed)
    table: list[Case] = []
    for i in range(people * each):
        seen = draw.random() < 0.5
        wrong = draw.random() < (shown if seen else hidden)
        table.append(
            {
                "decider": f"p{i % people}",
                "shown": seen,
                "advice": "yes",
                "choice": "yes" if wrong else "no",
                "choice_right": not wrong,
                "advice_right": False,
                "prior_right": bool(draw.random() < 0.8),
                "outcome_matured": True,
            }
        )
    return table


def test_wrong_advice_in_view_brings_wrong_choices_by_a_coin():
    figures = read(AUTOMATION_BIAS, advised(6, shown=0.5, hidden=0.3), show_probability=0.5)
    first, times = figures[0], answer(figures, "commission-ratio")
    assert first.grade is Grade.RANDOMISED
    assert isinstance(first.answer, Estimate)
    assert first.answer.r95.contains(0.2)
    assert isinstance(times, Estimate)
    assert times.r95.contains(5 / 3)
    assert read(AUTOMATION_BIAS, advised(6, shown=0.5, hidden=0.3))[0].grade is Grade.ASSOCIATION


def test_first_views_show_what_wrong_advice_turned():
    table = advised(7, shown=0.5, hidden=0.3)
    figures = read(AUTOMATION_BIAS, table, HOLDS | {"prior_right"})
    found = answer(figures, "commission-from-first-view")
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(0.3, abs=0.06)


@pytest.mark.feature("M16")
def test_planted_advice_is_counted_by_itself():
    table = advised(8, shown=0.6, hidden=0.6)
    for i, row in enumerate(table):
        row["advice_source"] = "planted" if i % 5 == 0 else "model"
    figures = read(AUTOMATION_BIAS, table, HOLDS | {"advice_source"})
    found = answer(figures, "planted-taken")
    assert isinstance(found, Estimate)
    assert found.r95.contains(0.6)


@pytest.mark.parametrize(
    "table",
    [
        [],
        advised(9, shown=0.5, hidden=0.5, people=5, each=2),
        [{**r, "shown": True} for r in advised(9, shown=0.5, hidden=0.5)],
        [{**r, "choice_right": True} for r in advised(9, shown=0.5, hidden=0.5)],
        [{**r, "advice_right": None} for r in advised(9, shown=0.5, hidden=0.5)],
    ],
)
def test_what_cannot_be_compared_is_not(table: list[Case]):
    for figure in read(AUTOMATION_BIAS, table):
        assert isinstance(figure.answer, NotEnoughData), figure


def right_advice(seed: int, *, shown: float, hidden: float) -> list[Case]:
    """Advice that is right in every case; choices are wrong at a rate in each arm."""
    return [
        {**r, "advice_right": True, "prior_right": i % 5 > 1}
        for i, r in enumerate(advised(seed, shown=shown, hidden=hidden))
    ]


def test_right_advice_that_is_not_taken_is_counted_beside():
    table = right_advice(11, shown=0.1, hidden=0.3) + advised(12, shown=0.5, hidden=0.3)
    figures = read(AUTOMATION_BIAS, table, HOLDS | {"prior_right"}, show_probability=0.5)
    missed, apart = answer(figures, "omission"), answer(figures, "omission-apart")
    assert isinstance(missed, Estimate)
    assert missed.r95.contains(0.1)
    assert isinstance(apart, Estimate)
    assert apart.r95.contains(-0.2)
    (graded,) = (f.grade for f in figures if f.measure == "omission-apart")
    assert graded is Grade.RANDOMISED
    # First views of those cases were wrong in 40 of 100.
    views = answer(figures, "omission-from-first-view")
    assert isinstance(views, Estimate)
    assert views.r95.contains(0.1 - 0.4)
    # Wrong advice is told of the wrong advice alone.
    wrong = answer(figures, "commission")
    assert isinstance(wrong, Estimate)
    assert wrong.r95.contains(0.2)


def test_omission_by_hand():
    # In view 40 right pieces of advice, 10 choices wrong; hidden 40 and 20: 25 in 100, 25 fewer.
    base: Case = {"decider": "p", "advice": "yes", "advice_right": True, "outcome_matured": True}
    table = [
        {**base, "shown": shown, "choice": "yes", "choice_right": i >= wrong}
        for shown, wrong in ((True, 10), (False, 20))
        for i in range(40)
    ]
    figures = read(AUTOMATION_BIAS, table, show_probability=0.5)
    missed, apart = answer(figures, "omission"), answer(figures, "omission-apart")
    assert isinstance(missed, Estimate)
    assert isinstance(apart, Estimate)
    assert (missed.value, apart.value) == pytest.approx((0.25, -0.25))


known = st.sampled_from([True, False, None])


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "decider": st.sampled_from(["a", "b", None]),
                "choice": st.sampled_from(["yes", "no"]),
                "advice": st.sampled_from(["yes", "no"]),
                "shown": known,
                "choice_right": known,
                "advice_right": known,
                "prior_right": known,
                "justification": known,
                "outcome_matured": st.booleans(),
            }
        ),
        max_size=25,
    )
)
def test_the_query_counts_right_advice_as_plain_python_does(table: list[Case]):
    rows = cases_from(table).fetch(query("wrong_advice"), {})
    used = [
        r for r in table
        if not r["justification"] and r["outcome_matured"] and r["advice_right"]
        and r["choice_right"] is not None
    ]  # fmt: skip
    viewed = [r for r in used if r["prior_right"] is not None]
    wanted = {
        "right_advice": len(used),
        "missed": sum(not r["choice_right"] for r in used),
        "right_viewed": len(viewed),
        "missed_viewed": sum(not r["choice_right"] for r in viewed),
        "missed_first": sum(not r["prior_right"] for r in viewed),
    }
    assert {k: float(rows.numbers(k).sum()) if len(rows) else 0.0 for k in wanted} == wanted


def test_a_ratio_by_hand():
    # Wrong 30 of 100 with wrong advice, 20 of 100 without: 1.5; the logarithm's error is
    # sqrt(1/30 - 1/100 + 1/20 - 1/100) = .2517, so 1.5 exp(-+1.96 * .2517).
    one = risk_ratio(
        (np.array([30.0]), np.array([20.0])), (np.array([100.0]), np.array([100.0])),
        population=Population.THESE,
    )  # fmt: skip
    assert isinstance(one, Estimate)
    assert (one.value, one.low, one.high) == pytest.approx((1.5, 0.916, 2.457), abs=1e-3)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_swapping_the_arms_inverts_the_ratio(seed: int):
    draw = np.random.default_rng(seed)
    n1, n0 = (draw.integers(10, 40, 8).astype(float) for _ in range(2))
    x1, x0 = (np.maximum(2, draw.binomial(n.astype(int), 0.4)).astype(float) for n in (n1, n0))
    forth, back = (
        risk_ratio(x, n, population=Population.LIKE_THESE)
        for x, n in (((x1, x0), (n1, n0)), ((x0, x1), (n0, n1)))
    )
    assert isinstance(forth, Estimate)
    assert isinstance(back, Estimate)
    assert forth.value == pytest.approx(1 / back.value)
    assert forth.high == pytest.approx(1 / back.low)
