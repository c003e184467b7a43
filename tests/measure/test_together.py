"""People, the AI, both, and simple rules, on the same cases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.domain.answer import CannotTell, Estimate, NotEnoughData
from sayso.domain.evidence import Word
from sayso.domain.figure import Figure
from sayso.measure.catalog.together import TOGETHER
from sayso.measure.setting import Setting
from tests.measure.case_rows import cases_from

HAS = frozenset({"prior_right", "advice_right", "choice_right", "choice", "advice", "prior"})


def setting(people: int = 10, **more: object) -> Setting:
    frame = {"has": HAS, "options": ("yes", "no"), "deciders": people}
    return Setting(**(frame | more))  # type: ignore[arg-type]


def cases(
    seed: int, *, people: int = 10, each: int = 80, h: float = 0.7, a: float = 0.75, pick: float
) -> list[dict[str, object]]:
    """Where two differ, the right one is picked in ``pick`` of the cases."""
    draw = np.random.default_rng(seed)
    rows: list[dict[str, object]] = []
    for p in range(people):
        for i in range(each):
            truth = "yes" if draw.random() < 0.5 else "no"
            wrong = {"yes": "no", "no": "yes"}[truth]
            prior = truth if draw.random() < h else wrong
            advice = truth if draw.random() < a else wrong
            choice = prior
            if prior != advice:
                choice = truth if draw.random() < pick else wrong
            rows.append(
                {
                    "case_id": f"{p}-{i}",
                    "decider": f"p{p}",
                    "prior": prior,
                    "advice": advice,
                    "choice": choice,
                    "prior_right": prior == truth,
                    "advice_right": advice == truth,
                    "choice_right": choice == truth,
                    "alike_wide": truth if draw.random() < 0.65 else wrong,
                    "outcome_matured": True,
                }
            )
    return rows


def read(rows: list[dict[str, object]], frame: Setting) -> dict[str, Figure]:
    return {f"{f.measure}:{f.groups[0][1]}": f for f in TOGETHER.read(cases_from(rows), frame)}


@pytest.mark.feature("M23")
def test_together_is_better_only_where_it_beats_both():
    got = read(cases(1, pick=0.9), setting())
    best = got["together:better alone"]
    assert best.word is Word.LIKELY
    assert best.estimate is not None
    assert best.estimate.low > 0.05
    for who in ("people", "AI"):
        one = got[f"together:{who}"].estimate
        assert one is not None
        assert best.estimate.low <= one.low


def test_beating_people_alone_is_not_beating_the_ai():
    got = read(cases(2, h=0.6, a=0.85, pick=0.6), setting())
    people, best = got["together:people"].estimate, got["together:better alone"].estimate
    assert people is not None
    assert best is not None
    assert people.low > 0
    assert best.high < 0
    assert best.value == got["together:AI"].estimate.value  # type: ignore[union-attr]


def test_two_that_are_equally_good_are_seldom_said_to_be_beaten():
    # Picking by a coin, both together are as good as either: nothing may be claimed.
    said = 0
    for seed in range(30):
        rows = cases(seed, people=8, each=40, h=0.7, a=0.7, pick=0.5)
        best = read(rows, setting(8))["together:better alone"]
        said += best.estimate is not None and best.estimate.low > 0
    assert said <= 1


def test_the_simple_rule_is_learned_from_others():
    got = read(cases(3, pick=0.7), setting())
    rule = got["right-alone:simple rule"].estimate
    assert rule is not None
    # Kinds point to the right option in 65 of 100 cases.
    assert rule.low < 0.65 < rule.high
    assert rule.n == 800


def test_a_kind_for_each_case_teaches_a_rule_nothing():
    rows = [{**r, "alike_wide": f"k{i}"} for i, r in enumerate(cases(4, pick=0.7))]
    rule = read(rows, setting())["right-alone:simple rule"].estimate
    assert rule is not None
    assert rule.value < 0.56


def test_missing_outcomes_widen_it_and_take_the_word():
    rows = cases(5, pick=0.9)
    for row in rows[::8]:
        row |= {"prior_right": None, "advice_right": None, "choice_right": None}
    best = read(rows, setting())["together:better alone"]
    assert float(str(best.note("worst_low"))) < best.estimate.low  # type: ignore[union-attr]
    assert best.word is not Word.CLEAR


def test_outcomes_seen_after_one_option_cannot_tell():
    got = read(cases(6, pick=0.9), setting(outcome_seen_for="yes"))
    assert isinstance(got["together:better alone"].answer, CannotTell)


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "decider": st.sampled_from(["a", "b", None]),
            "alike_wide": st.sampled_from(["k", "l", None]),
            "case_id": st.sampled_from(["1", "2", "3"]),
            "prior": st.sampled_from(["yes", "no", None]),
            "advice": st.sampled_from(["yes", "no", None]),
            "choice": st.sampled_from(["yes", "no", None]),
            "prior_right": st.sampled_from([True, False, None]),
            "advice_right": st.sampled_from([True, False, None]),
            "choice_right": st.sampled_from([True, False, None]),
            "shown": st.sampled_from([True, False, None]),
            "outcome_matured": st.booleans(),
        }
    ),
    max_size=20,
)


@settings(max_examples=15, deadline=None)
@given(ROWS)
def test_sums_are_what_python_sums(rows: list[dict[str, object]]):
    got = cases_from(rows).fetch(TOGETHER.sql, {"first": "yes"})
    used = [
        r
        for r in rows
        if r["choice"] and r["prior"] and r["advice"] and r["outcome_matured"]
        and r["shown"] is not False
    ]  # fmt: skip
    rights = ("prior_right", "advice_right", "choice_right")
    known = [r for r in used if all(r[c] is not None for c in rights)]

    def total(name: str) -> float:
        return float(got.numbers(name).sum()) if len(got) else 0.0

    assert (total("cases"), total("known")) == (len(used), len(known))
    assert total("both") == sum(r["choice_right"] is True for r in known)
    assert total("over_advice") == sum(
        r["choice_right"] is True and r["advice_right"] is False for r in known
    )
    assert total("under_people") == sum(
        r["choice_right"] is False and r["prior_right"] is True for r in known
    )
    assert total("unknown_advice") == sum(
        r not in known and r["choice"] != r["advice"] for r in used
    )
    first = sum((r["choice"] == "yes") == r["choice_right"] for r in known)
    assert (total("first_right"), total("other_right")) == (first, len(known) - first)


@pytest.mark.parametrize(
    ("rows", "people"),
    [
        (cases(1, people=1, pick=0.9), 1),
        (cases(1, people=4, pick=0.9), 4),
        (cases(1, people=2000, each=1, pick=0.9), 2000),
        (cases(1, h=1.0, a=1.0, pick=0.9), 10),
        (cases(1, h=0.0, a=0.0, pick=0.0), 10),
        ([{"decider": None, "choice": None}], 0),
        ([], 0),
    ],
    ids=["one", "four", "a case each", "always right", "never right", "nothing", "no rows"],
)
def test_what_cannot_be_told_is_not_told(rows: list[dict[str, object]], people: int):
    for figure in TOGETHER.read(cases_from(rows), setting(people)):
        match figure.answer:
            case Estimate() as answer:
                assert np.all(np.isfinite((answer.value, answer.low, answer.high)))
                assert answer.low <= answer.value <= answer.high
            case NotEnoughData() | CannotTell():
                pass
