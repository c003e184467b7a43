"""What another rule would have brought: sums, truth in a simulation, and every refusal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.domain.answer import CannotTell, Estimate, NotEnoughData, Population
from sayso.domain.evidence import Word
from sayso.domain.grade import Grade
from sayso.measure.catalog.off_policy import POLICY, SHOWING
from sayso.measure.estimators.off_policy import (
    IMPOSSIBLE,
    NO_CHANCE,
    UNSTATED,
    UNTRUE,
    Logged,
    Valued,
    by_both,
    by_both_shared,
    by_share_of_weights,
    by_weights,
    doubts,
    estimated,
    one_by_one,
    saved_by,
)
from sayso.measure.measure import query
from sayso.measure.setting import Setting
from tests.measure.case_rows import cases_from

if TYPE_CHECKING:
    from collections.abc import Callable

    from sayso.domain.figure import Figure

Case = dict[str, object]
HAS = frozenset({"choice", "advice", "choice_probability", "choice_loss", "shown"})


def logged_cases(
    *, cases: int, people: int, seed: int, explore: float = 0.3, better: float = 0.2
) -> list[Case]:
    """People follow the advice with chance 1 - explore; the advised option errs less."""
    draw = np.random.default_rng(seed)
    rows: list[Case] = []
    for i in range(cases):
        kind = "k" if draw.random() < 0.5 else "l"
        advice = "yes" if draw.random() < 0.5 else "no"
        follows = bool(draw.random() < 1 - explore)
        choice = advice if follows else ("no" if advice == "yes" else "yes")
        wrong = draw.random() < (0.3 if follows else 0.3 + better) + (0.1 if kind == "k" else 0)
        rows.append(
            {
                "decider": f"p{i % people}",
                "alike_wide": kind,
                "advice": advice,
                "choice": choice,
                "choice_probability": 1 - explore if follows else explore,
                "choice_loss": float(wrong),
                "choice_stake": 1.0,
                "outcome_matured": True,
                "shown": True,
            }
        )
    return rows


def read(rows: list[Case], *, people: int = 12, **other: object) -> dict[tuple[str, str], Figure]:
    setting = replace(Setting(has=HAS, options=("yes", "no"), deciders=people), **other)
    figures = POLICY.read(cases_from(rows), setting)
    return {(f.measure, str(f.group("policy"))): f for f in figures}


def value(figure: Figure) -> Estimate:
    assert figure.estimate is not None, figure.answer
    return figure.estimate


@pytest.mark.feature("E6")
def test_always_following_the_advice_is_valued_at_its_truth():
    # Followed: wrong in .30 + .05 = .35; as chosen .35 + .3 x .2 = .41; so .06 is gained.
    figures = read(logged_cases(cases=6000, people=12, seed=1))
    loss = value(figures["policy-loss", "advice"])
    assert loss.value == pytest.approx(0.35, abs=0.03)
    assert loss.r95.contains(0.35)
    gain = value(figures["policy-gain", "advice"])
    assert gain.r95.contains(0.06)
    assert gain.people == 12


@pytest.mark.feature("E6")
def test_the_other_estimators_stand_beside_and_the_model_alone_may_be_wrong():
    # What is expected of an option does not know whether it was advised, so the model alone says
    # .41, the loss of choices; weights know, and mend it.
    figures = read(logged_cases(cases=6000, people=12, seed=1))
    for figure in (figures["policy-loss", "advice"], figures["policy-gain", "advice"]):
        beside = {
            name: float(str(figure.note(name)))
            for name in ("by_weights", "by_share_of_weights", "by_both_shared", "by_model")
        }
        assert list(beside.values()) == pytest.approx([0.35, 0.35, 0.35, 0.41], abs=0.02)
    both = float(str(figures["policy-loss", "advice"].note("by_both_shared")))
    assert both == pytest.approx(value(figures["policy-loss", "advice"]).value, abs=5e-3)


def test_a_gain_is_never_more_than_likely_since_a_column_is_no_coin():
    figure = read(logged_cases(cases=8000, people=12, seed=2, better=0.6))["policy-gain", "advice"]
    assert value(figure).low > 0.05
    assert figure.grade is Grade.ASSOCIATION
    assert figure.word is Word.LIKELY


def test_each_option_taken_always_is_valued_too():
    figures = read(logged_cases(cases=4000, people=12, seed=3))
    # Always yes is wrong as often as always no: half of both go against the advice.
    for option in ("always yes", "always no"):
        assert value(figures["policy-loss", option]).value == pytest.approx(0.45, abs=0.04)


def changed(rows: list[Case], change: Callable[[int, Case], Case]) -> list[Case]:
    return [{**row, **change(i, row)} for i, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        (lambda i, _: {"choice_probability": 0.0} if i == 7 else {}, IMPOSSIBLE),
        (lambda i, _: {"choice_probability": None} if i % 10 == 0 else {}, UNSTATED),
        (lambda _, __: {"choice_probability": 1.0}, NO_CHANCE),
        (lambda _, __: {"choice_probability": 0.5}, UNTRUE),
    ],
    ids=["chance of 0", "missing chances", "chances of 1", "chances that are not those"],
)
def test_chances_that_cannot_carry_a_value_are_refused(
    change: Callable[[int, Case], Case], answer: CannotTell
):
    rows = changed(logged_cases(cases=3000, people=12, seed=4), change)
    figure = read(rows)["policy-gain", "advice"]
    assert figure.answer == answer
    assert figure.word is Word.CANNOT_TELL


@pytest.mark.feature("E6")
def test_weights_that_explode_are_refused():
    # The advice is followed in 2 of 100 cases: a few cases carry all the weight.
    rows = logged_cases(cases=1000, people=12, seed=5, explore=0.98)
    answer = read(rows)["policy-gain", "advice"].answer
    assert isinstance(answer, NotEnoughData)
    assert answer.need == 50
    assert answer.have < 50


def test_outcomes_seen_after_one_option_only_say_nothing_of_other_rules():
    rows = logged_cases(cases=3000, people=12, seed=6)
    figure = read(rows, outcome_seen_for="yes")["policy-gain", "advice"]
    assert isinstance(figure.answer, CannotTell)


def test_missing_outcomes_take_the_word_away():
    rows = logged_cases(cases=8000, people=12, seed=2, better=0.6)
    gone = changed(rows, lambda i, _: {"choice_loss": None} if i % 4 == 0 else {})
    figure = read(gone)["policy-gain", "advice"]
    assert value(figure).low > 0.05
    assert figure.note("missing_outcomes") == pytest.approx(0.25)
    assert figure.word is Word.EITHER


def test_no_known_outcome_is_said():
    rows = changed(logged_cases(cases=300, people=12, seed=7), lambda _, __: {"choice_loss": None})
    assert isinstance(read(rows)["policy-gain", "advice"].answer, NotEnoughData)
    assert isinstance(read([])["policy-gain", "advice"].answer, NotEnoughData)


def test_few_people_get_no_claim_about_people_like_them():
    rows = logged_cases(cases=3000, people=3, seed=8)
    figure = read(rows, people=3)["policy-gain", "advice"]
    assert value(figure).population is Population.THESE


def test_cases_one_by_one_and_their_sums_give_the_same():
    rows = logged_cases(cases=900, people=9, seed=9)
    figures = read(rows, people=3)
    weights = np.array(
        [1 / float(str(r["choice_probability"])) * (r["choice"] == r["advice"]) for r in rows]
    )
    losses = np.array([float(str(r["choice_loss"])) for r in rows])
    by_hand = float((weights * losses).sum()) / len(rows)
    assert figures["policy-loss", "advice"].note("by_weights") == pytest.approx(by_hand)


@pytest.mark.parametrize("how", [by_weights, by_share_of_weights, by_both, by_both_shared])
def test_terms_of_an_estimator_average_to_nothing_and_give_its_spread(
    how: Callable[[Logged], Valued],
):
    draw = np.random.default_rng(10)
    w, r = draw.exponential(1.0, 400), draw.normal(size=400)
    q, dm = draw.normal(size=400), draw.normal(size=400)
    log = one_by_one(w, r, fitted=q, planned=dm)
    for valued in (how(log), saved_by(log, how(log))):
        terms = valued.a + valued.d * r + valued.b * w * (r - valued.c)
        assert float(terms.mean()) == pytest.approx(0.0, abs=1e-9)
        got = estimated(log, valued, population=Population.THESE)
        assert isinstance(got, Estimate)
        error = float(np.sqrt((terms**2).sum() / (400 * 399)))
        assert (got.high - got.value) == pytest.approx(1.959964 * error, rel=1e-5)


def test_a_saved_cost_is_the_chosen_less_the_rule():
    log = one_by_one(np.array([2.0, 0.0, 2.0]), np.array([1.0, 1.0, 0.0]))
    assert saved_by(log, by_weights(log)).value == pytest.approx(2 / 3 - 2 / 3)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -1.0])
def test_weights_that_are_no_weights_are_refused(bad: float):
    with pytest.raises(ValueError, match="finite"):
        one_by_one(np.array([1.0, bad]), np.array([0.0, 1.0]))


def test_a_rule_that_nothing_follows_has_no_value():
    log = one_by_one(np.zeros(100), np.ones(100))
    assert isinstance(doubts(log, missing=0, impossible=0, tried=100), NotEnoughData)
    with pytest.raises(ValueError, match="no case"):
        by_share_of_weights(log)


option = st.sampled_from(["yes", "no", None])
table = st.lists(
    st.fixed_dictionaries(
        {
            "decider": st.sampled_from(["a", "b", None]),
            "alike_wide": st.sampled_from(["k", "l", None]),
            "choice": option,
            "advice": option,
            "shown": st.sampled_from([True, False, None]),
            "justification": st.sampled_from([True, False, None]),
            "outcome_matured": st.booleans(),
            "choice_probability": st.sampled_from([0.0, 0.25, 0.5, 1.0, None]),
            "show_probability": st.sampled_from([0.0, 0.25, 0.5, 1.0, None]),
            "choice_loss": st.sampled_from([0.0, 1.0, 3.0, None]),
            "choice_stake": st.sampled_from([1.0, 3.0]),
        }
    ),
    max_size=30,
)


@settings(max_examples=25, deadline=None)
@given(table)
def test_the_queries_sum_what_plain_python_sums(rows: list[Case]):
    def chance(row: Case, by: str) -> float | None:
        p = row[by]
        if not isinstance(p, float):
            return None
        return p if by == "choice_probability" or row["shown"] else 1 - p

    for name, by in (
        ("off_policy", "choice_probability"),
        ("off_policy_shown", "show_probability"),
    ):
        kept = [
            r
            for r in rows
            if r["outcome_matured"]
            and r["choice"] is not None
            and r["advice"] is not None
            and not r["justification"]
            and (by == "choice_probability" or r["shown"] is not None)
        ]
        tried = [
            (p, x)
            for r in kept
            if (p := chance(r, by)) and p > 0 and isinstance(x := r["choice_loss"], float)
        ]
        got = cases_from(rows).fetch(query(name), {})
        sums = {
            "matured": float(len(kept)),
            "cases": float(len(tried)),
            "unstated": float(sum(chance(r, by) is None for r in kept)),
            "impossible": float(sum(chance(r, by) == 0 for r in kept)),
            "by_chance": float(sum(p < 1 for p, _ in tried)),
            "w": sum(1 / p for p, _ in tried),
            "ww": sum(1 / p**2 for p, _ in tried),
            "r": sum(x for _, x in tried),
            "rr": sum(x * x for _, x in tried),
            "wr": sum(x / p for p, x in tried),
            "wrr": sum(x * x / p for p, x in tried),
            "wwr": sum(x / p**2 for p, x in tried),
            "wwrr": sum(x * x / p**2 for p, x in tried),
            "wrong": float(sum(x > 0 for _, x in tried)),
        }
        for column, total in sums.items():
            found = float(got.numbers(column).sum()) if len(got) else 0.0
            assert found == pytest.approx(total), (name, column)


def test_showing_always_is_valued_under_chances_that_differ_by_case():
    draw = np.random.default_rng(11)
    rows: list[Case] = []
    for i in range(6000):
        chance = 0.9 if draw.random() < 0.5 else 0.4
        shown = bool(draw.random() < chance)
        # The cases more often shown are the harder ones: plain arms would mislead.
        wrong = draw.random() < (0.5 if chance == 0.9 else 0.2) - (0.1 if shown else 0)
        rows.append(
            {
                "decider": f"p{i % 12}",
                "alike_wide": "k",
                "advice": "yes",
                "choice": "yes",
                "show_probability": chance,
                "shown": shown,
                "choice_loss": float(wrong),
                "outcome_matured": True,
            }
        )
    setting = Setting(has=HAS, options=("yes", "no"), deciders=12)
    figures = {(f.measure, f.group("policy")): f for f in SHOWING.read(cases_from(rows), setting)}
    assert value(figures["showing-loss", "always shown"]).r95.contains(0.25)
    assert value(figures["showing-loss", "never shown"]).r95.contains(0.35)


@pytest.mark.deep
@pytest.mark.parametrize(("people", "explore"), [(6, 0.3), (30, 0.1), (30, 0.5)])
def test_ranges_of_a_rule_hold_its_truth(people: int, explore: float):
    draw = np.random.default_rng(12)
    covered = said = 0
    for _ in range(400):
        rows = logged_cases(
            cases=1500, people=people, seed=int(draw.integers(1 << 40)), explore=explore
        )
        figure = read(rows, people=people)["policy-loss", "advice"]
        if figure.estimate is not None:
            said += 1
            covered += figure.estimate.r95.contains(0.35)
    assert said > 350
    assert covered / said >= 0.93 - 0.02
