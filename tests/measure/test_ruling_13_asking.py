"""Ruling 13: asking changes what is measured, and those who skip are not those who answer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.domain.answer import Estimate
from sayso.domain.evidence import Word
from sayso.domain.figure import Figure
from sayso.domain.grade import Grade
from sayso.measure.catalog.asking import ASKING
from sayso.measure.catalog.influence import INFLUENCE
from sayso.measure.measure import query
from sayso.measure.setting import Setting
from tests.measure.case_rows import cases_from

Case = dict[str, object]
HAS = frozenset({"choice", "advice", "decider", "prior", "prior_asked", "prior_skipped", "kind"})


def setting(people: int, stated: float | None = 0.5) -> Setting:
    return Setting(has=HAS, options=("yes", "no"), deciders=people, ask_probability=stated)


def asked_trial(effect: float, *, seed: int, chosen: bool = False) -> list[Case]:
    """Choices follow the advice in 60 of 100, and in ``effect`` more where a view was asked for."""
    draw = np.random.default_rng(seed)
    rows: list[Case] = []
    for i in range(6000):
        asked = bool(draw.random() < (0.8 if chosen and i % 3 == 0 else 0.5))
        follows = draw.random() < 0.6 + (effect if asked else 0.0)
        rows.append(
            {
                "decider": f"p{i % 30}",
                "kind": "k" if i % 3 == 0 else "l",
                "advice": "yes",
                "choice": "yes" if follows else "no",
                "prior_asked": asked,
            }
        )
    return rows


def asking(rows: list[Case], stated: float | None = 0.5) -> Figure:
    return ASKING.read(cases_from(rows), setting(30, stated))[0]


def test_the_effect_of_asking_is_read_from_the_coin():
    effects = [asking(asked_trial(0.08, seed=seed)) for seed in range(20)]
    inside = 0
    for figure in effects:
        assert figure.measure == "influence-asking"
        assert figure.grade is Grade.RANDOMISED
        assert isinstance(figure.answer, Estimate)
        inside += figure.answer.low <= 0.08 <= figure.answer.high
    assert inside >= 17, "a 95 % range misses more than 3 of 20 in 2 of 100 such runs"


def test_without_an_effect_nothing_is_said_to_matter():
    words = [asking(asked_trial(0.0, seed=seed)).word for seed in range(20)]
    assert sum(w in (Word.CLEAR, Word.LIKELY) for w in words) == 0


@pytest.mark.parametrize("stated", [None, 0.7])
def test_a_coin_nobody_stated_or_another_coin_earns_no_grade(stated: float | None):
    assert asking(asked_trial(0.08, seed=1), stated).grade is Grade.ASSOCIATION


def test_asking_some_kinds_more_often_earns_no_grade():
    rows = asked_trial(0.0, seed=2, chosen=True)
    share = sum(bool(r["prior_asked"]) for r in rows) / len(rows)
    assert asking(rows, share).grade is Grade.ASSOCIATION


def skipping(seed: int, rate: float) -> list[Case]:
    """First views of which the unsure are skipped; the unsure are those whom the advice moves."""
    draw = np.random.default_rng(seed)
    rows: list[Case] = []
    for i in range(5000):
        unsure = draw.random() < 0.3
        prior = "yes" if draw.random() < 0.5 else "no"
        moves = unsure and draw.random() < 0.8
        skipped = draw.random() < (rate if unsure else rate / 4)
        rows.append(
            {
                "decider": f"p{i % 40}",
                "advice": "yes",
                "prior": None if skipped else prior,
                "prior_asked": True,
                "prior_skipped": bool(skipped),
                "choice": "yes" if moves else prior,
            }
        )
    return rows


def moved(rows: list[Case]) -> Figure:
    return INFLUENCE.read(cases_from(rows), setting(40))[0]


def test_completed_first_views_understate_and_the_worst_cases_hold_the_truth():
    truth = np.mean([moved(skipping(seed, 0.0)).answer.value for seed in range(4)])  # type: ignore[union-attr]
    figure = moved(skipping(9, 0.8))
    assert isinstance(figure.answer, Estimate)
    assert figure.answer.high < truth, "the old rule: completed cases speak for all"
    low, high = figure.note("worst_low"), figure.note("worst_high")
    assert isinstance(low, float)
    assert isinstance(high, float)
    assert low <= truth <= high


def test_many_skips_cap_the_word_and_few_alike_skips_do_not():
    """Ten of a hundred moved, none away; 40 of 100 skipped could hide that nobody moved."""
    many = [
        {"decider": f"p{i % 20}", "advice": "yes", "kind": "k", "prior_asked": True,
         "prior": None if i % 5 < 2 else ("no" if i % 10 in (4, 7) else "yes"),
         "prior_skipped": i % 5 < 2, "choice": "yes"}
        for i in range(2000)
    ]  # fmt: skip
    figure = moved(many)
    assert isinstance(figure.answer, Estimate)
    assert figure.answer.value == pytest.approx(2 / 6)
    assert figure.note("worst_low") is not None
    few = [{**r, "prior": "yes", "prior_skipped": i % 40 == 0} for i, r in enumerate(many)]
    assert (
        moved([{**r, "prior": None} if r["prior_skipped"] else r for r in few]).note("worst_low")
        is None
    )


def test_net_with_the_advice_less_net_without_is_worked_by_hand():
    """In view 30 of 100 move to it and 10 away; hidden 15 to and 10 away: 20 less 5 is 15."""
    rows: list[Case] = []
    for shown, to, away in ((True, 30, 10), (False, 15, 10)):
        for person in range(10):
            for i in range(100):
                prior = "no" if i < to else "yes"
                choice = "yes" if i < to else "no" if i < to + away else "yes"
                rows.append({"decider": f"p{person}", "advice": "yes", "prior": prior,
                             "choice": choice, "shown": shown})  # fmt: skip
    frame = Setting(
        has=frozenset({"choice", "advice", "prior", "decider", "shown"}),
        options=("yes", "no"),
        deciders=10,
    )
    figure = INFLUENCE.read(cases_from(rows), frame)[0]
    assert isinstance(figure.answer, Estimate)
    assert figure.answer.value == pytest.approx(0.15)
    assert figure.note("second_thoughts") == pytest.approx(0.05)
    assert figure.grade is Grade.SEALED_PRIOR


flag = st.sampled_from([True, False, None])
option = st.sampled_from(["yes", "no", None])
cases = st.lists(
    st.fixed_dictionaries(
        {
            "decider": st.sampled_from(["a", "b", None]),
            "kind": st.sampled_from(["k", None]),
            "advice_confidence": st.sampled_from([0.0, 0.2, 0.55, 1.0, None]),
            "choice": option,
            "advice": option,
            "prior": option,
            "prior_asked": flag,
            "prior_skipped": flag,
            "shown": flag,
            "justification": flag,
        }
    ),
    max_size=30,
)


@settings(max_examples=40, deadline=None)
@given(cases)
def test_the_query_counts_what_plain_python_counts(table: list[Case]):
    rows = cases_from(table).fetch(query("asking"), {})
    used = [
        r
        for r in table
        if r["shown"] is not False and not r["justification"] and r["choice"] and r["advice"]
    ]

    def was_asked(r: Case) -> bool:
        if r["prior_asked"] is not None:
            return bool(r["prior_asked"])
        return r["prior"] is not None or bool(r["prior_skipped"])

    for asked in (True, False):
        want = [r for r in used if was_asked(r) is asked]
        got = rows.where(rows.numbers("asked") == asked) if len(rows) else rows
        assert sum(got.numbers("cases")) == len(want) if len(rows) else not want
        if len(rows):
            assert sum(got.numbers("agreed")) == sum(r["choice"] == r["advice"] for r in want)
            skipped = [r for r in want if r["prior_skipped"] and r["prior"] is None]
            assert sum(got.numbers("skipped")) == len(skipped)
