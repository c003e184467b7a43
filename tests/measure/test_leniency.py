"""People who decide cases of their own: how far apart, and whether cases fell by chance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.domain.answer import Estimate, NotEnoughData
from sayso.domain.evidence import Word
from sayso.domain.figure import Figure
from sayso.domain.grade import Grade
from sayso.measure.catalog.leniency import LENIENCY
from sayso.measure.estimators.leniency import gap_of_two, kinds_by_chance, numbers_by_chance
from sayso.measure.estimators.parts import Sums, one_a_row
from sayso.measure.setting import Setting
from tests.measure.case_rows import cases_from

HAS = frozenset({"case_id", "decider", "choice", "alike_wide", "said", "team"})


def setting(people: int) -> Setting:
    return Setting(has=HAS, options=("yes", "no"), deciders=people)


def cases(
    seed: int, *, people: int = 20, each: int = 60, level: float = 0.0, dealt: float = 0.0
) -> list[dict[str, object]]:
    """Cases of two kinds; with ``dealt`` some people get more of the strict kind."""
    draw = np.random.default_rng(seed)
    rows: list[dict[str, object]] = []
    for p, own in enumerate(draw.normal(0, level, people)):
        share = min(0.95, max(0.05, 0.5 + dealt * (1 if p % 2 else -1)))
        for i in range(each):
            hard = bool(draw.random() < share)
            chance = min(1.0, max(0.0, (0.3 if hard else 0.6) + own))
            rows.append(
                {
                    "case_id": f"{p}-{i}",
                    "decider": f"p{p}",
                    "team": "north" if p < people / 2 else "south",
                    "choice": "yes" if draw.random() < chance else "no",
                    "alike_wide": "hard" if hard else "easy",
                    "said": (0.3 if hard else 0.6) + draw.normal(0, 0.02),
                }
            )
    return rows


def read(rows: list[dict[str, object]], people: int = 20) -> dict[str, Figure]:
    figures = LENIENCY.read(cases_from(rows), setting(people))
    return {str(f.group("mix")): f for f in figures}


def test_people_apart_by_their_level_are_found():
    got = read(cases(1, level=0.15))["same kinds"]
    assert got.estimate is not None
    assert got.estimate.low < 0.15 * 2**0.5 < got.estimate.high
    assert got.note("as_if_by_chance") is True
    assert got.grade is Grade.DESCRIPTION


def test_the_mix_as_dealt_is_never_worded_past_the_association_it_is():
    got = read(cases(1, level=0.15, people=30, each=200), people=30)
    assert got["same kinds"].word is Word.CLEAR
    assert got["as dealt"].grade is Grade.ASSOCIATION
    assert got["as dealt"].word is Word.LIKELY


def test_people_alike_are_not_told_apart_by_luck():
    # 60 cases a person alone would put their shares 13 points apart.
    got = read(cases(2))["same kinds"]
    assert got.estimate is not None
    assert got.estimate.low == 0.0
    assert got.estimate.value < 0.05


def test_people_who_get_different_cases_are_an_association():
    got = read(cases(3, dealt=0.4))
    dealt, same = got["as dealt"], got["same kinds"]
    assert same.note("as_if_by_chance") is False
    assert same.grade is Grade.ASSOCIATION
    assert dealt.estimate is not None
    assert same.estimate is not None
    # Their kinds put them 34 points apart, and nothing else does.
    assert dealt.estimate.low > 0.1
    assert same.estimate.low == 0.0


def test_ranges_hold_the_truth():
    held = 0
    for seed in range(120):
        draw = np.random.default_rng(seed)
        people = np.repeat(np.arange(8), draw.integers(20, 80, 8))
        y = (draw.random(len(people)) < 0.5 + draw.normal(0, 0.1, 8)[people]).astype(float)
        got = gap_of_two(one_a_row(y), np.zeros(len(y), np.intp), people, events=(99, 99))
        assert isinstance(got, Estimate)
        held += got.low <= 0.1 * 2**0.5 <= got.high
    assert held >= 111


def test_a_gap_past_the_line_has_a_p_value_for_the_family():
    got, none = read(cases(1, level=0.15))["same kinds"], read(cases(2))["same kinds"]
    assert got.estimate is not None
    assert none.estimate is not None
    # Its range leaves out the line, so its p-value is under .05.
    assert (got.estimate.p_line or 0) < 0.05
    assert got.estimate.low > 0.05
    assert none.estimate.p_line == 1.0


def test_shuffled_kinds_are_by_chance_and_sorted_ones_are_not():
    # People with 1 to 12 cases: under shuffling the share under .05 is .05.
    draw = np.random.default_rng(5)
    people = np.repeat(np.arange(60), draw.integers(1, 13, 60))
    kinds = draw.choice(4, len(people), p=[0.6, 0.25, 0.1, 0.05])
    one, pool = np.ones(len(people)), np.zeros(len(people), dtype=np.intp)
    found = [kinds_by_chance(one, pool, draw.permutation(kinds), people) for _ in range(400)]
    assert 0.02 < np.mean(np.array(found) < 0.05) < 0.09
    assert kinds_by_chance(one, pool, np.sort(kinds), people) < 1e-6  # type: ignore[operator]


def test_numbers_are_held_against_their_pool():
    draw = np.random.default_rng(6)
    people = np.repeat(np.arange(30), 10)
    pools = people // 15
    y = pools * 5.0 + draw.normal(0, 1, 300)
    fair = numbers_by_chance(one_a_row(y), pools, people)
    assert fair is not None
    assert fair > 0.001
    unfair = numbers_by_chance(one_a_row(y + people), pools, people)
    assert unfair is not None
    assert unfair < 1e-6


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "decider": st.sampled_from(["a", "b", None]),
            "team": st.sampled_from(["X", None]),
            "alike_wide": st.sampled_from(["k", "l", None]),
            "choice": st.sampled_from(["yes", "no", None]),
            "said": st.sampled_from([0.1, 0.4, None]),
            "repeat_of": st.sampled_from([None, None, "1"]),
        }
    ),
    max_size=25,
)


@settings(max_examples=15, deadline=None)
@given(ROWS)
def test_sums_are_what_python_sums(rows: list[dict[str, object]]):
    got = cases_from(rows).fetch(LENIENCY.sql, {"option": "yes"})
    used = [r for r in rows if r["choice"]]
    names = [None, *sorted({str(r["decider"]) for r in rows if r["decider"]})]
    by: dict[tuple[object, ...], list[float]] = {}
    for r in used:
        person = names.index(r["decider"]) if r["decider"] else None
        key = (r["team"], r["alike_wide"], person, r["repeat_of"] is not None)
        by.setdefault(key, []).append(float(r["choice"] == "yes"))
    assert len(got) == len(by)
    if not by:
        return
    for team, mix, who, again, n, total, m2 in zip(
        got.text("team"), got.text("mix"), got.numbers("person"), got.numbers("again"),
        got.numbers("cases"), got.numbers("total"), got.numbers("m2"), strict=True,
    ):  # fmt: skip
        mine = np.array(by[team, mix, None if np.isnan(who) else int(who), bool(again)])
        assert (n, total, m2) == pytest.approx((len(mine), mine.sum(), len(mine) * mine.var()))


def test_who_is_asked_again_counts_once_between_people_and_nobody_unnamed_counts():
    rows = [
        {"decider": f"p{i % 9}", "choice": "yes" if i % (2 + i % 9) else "no", "team": None}
        for i in range(900)
    ]
    again = [{**r, "repeat_of": "1", "choice": "no"} for r in rows]
    unnamed = [{**r, "decider": None, "choice": "no"} for r in rows]
    alone = LENIENCY.read(cases_from(rows), setting(9))
    assert LENIENCY.read(cases_from([*rows, *again, *unnamed]), setting(9)) == alone


@pytest.mark.parametrize(
    ("rows", "people"),
    [
        (cases(1, people=1), 1),
        (cases(1, people=4), 4),
        (cases(1, people=2000, each=1), 2000),
        ([{"decider": f"p{i % 9}", "choice": "yes"} for i in range(300)], 9),
        ([{"decider": "p", "choice": None}], 1),
        (cases(1, people=9, each=2), 9),
        (
            [
                *({"decider": "big", "choice": "yes" if i % 3 else "no"} for i in range(5000)),
                *({"decider": f"p{i}", "choice": "no"} for i in range(8)),
            ],
            9,
        ),
    ],
    ids=["one", "four", "a case each", "one answer", "nothing", "two cases each", "one has all"],
)
def test_what_cannot_be_told_is_not_told(rows: list[dict[str, object]], people: int):
    for figure in LENIENCY.read(cases_from(rows), setting(people)):
        if isinstance(figure.answer, Estimate):
            assert people == 9
            assert np.all(np.isfinite((figure.answer.low, figure.answer.high)))
        else:
            assert isinstance(figure.answer, NotEnoughData)


def test_sums_of_no_spread_break_nothing():
    sums = Sums(np.full(10, 5.0), np.zeros(10), np.zeros(10))
    got = gap_of_two(sums, np.zeros(10, np.intp), np.arange(10), events=None)
    assert isinstance(got, Estimate)
    assert (got.value, got.low, got.high) == (0.0, 0.0, 0.0)
