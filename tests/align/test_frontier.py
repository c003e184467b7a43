"""What a family of rules trades off."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.align.consequence_reading import Extremes
from sayso.align.considerations import Consideration
from sayso.align.frontier import Frontier, Rules, frontier, threshold_rules
from sayso.domain.answer import CannotTell, Estimate, NotEnoughData, Population

pytestmark = pytest.mark.feature("A9")
SOLVED = Consideration(name="solved", worst=0, best=1)
WASTED = Consideration(name="parts wasted", worst=300, best=0, unit="EUR")
BOTH = (SOLVED, WASTED)
NOBODY = np.zeros(0, dtype=np.intp)
NO_WEIGHTS = np.zeros((0, 2))
BRING, LEAVE = 0, 1


def needed(*parts: bool) -> Extremes:
    """Bringing solves the visit where the part is needed, and wastes 300 where it is not."""
    seen = np.array(parts, dtype=float)
    values = np.zeros((len(parts), 2, 2))
    values[:, BRING, 0] = values[:, BRING, 1] = seen
    values[:, LEAVE, 1] = 1.0
    return Extremes(values, values)


def mapped(rules: Rules, extremes: Extremes, weights: np.ndarray = NO_WEIGHTS, **more) -> Frontier:
    found = frontier(
        rules, extremes, BOTH, weights, **({"today": NOBODY, "deciders": NOBODY} | more)
    )
    assert isinstance(found, Frontier)
    return found


STATED = np.array([0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95])
PARTS = (False, False, False, True, False, True, True, True, True, True)


def thresholds() -> Rules:
    rules = threshold_rules(STATED, above=BRING, below=LEAVE, missing=LEAVE)
    assert isinstance(rules, Rules)
    return rules


def test_thresholds_over_ten_cases_by_hand():
    """From .35 up: 6 of 10 solved, one part wasted: 60 solved and 3,000 euro per 100 cases."""
    found = mapped(thresholds(), needed(*PARTS))
    assert len(found.points) == 11
    point = next(p for p in found.points if p.threshold == pytest.approx(0.35))
    assert [a.value for a in point.amounts] == pytest.approx([60, 3000])
    assert not point.dominated
    assert point.amounts[0].low < 60 < point.amounts[0].high
    assert point.amounts[1].population is Population.THESE
    always, never = found.points[0], found.points[-1]
    assert [a.value for a in always.amounts] == pytest.approx([60, 12000])
    assert [a.value for a in never.amounts] == pytest.approx([0, 0])
    assert always.dominated, "it solves no more than from .35 up, and wastes more"
    # From .55 up five are solved and nothing is wasted; who asks for more wastes or solves less.
    assert [p.threshold for p in found.undominated] == pytest.approx([0.35, 0.55])
    assert not found.bounded


def test_today_the_favourites_and_the_agreed_rule_are_on_the_map():
    weights = np.array([[0.9, 0.1]] * 3 + [[0.1, 0.9]] * 3)
    today = np.array([BRING] * 10)
    found = mapped(thresholds(), needed(*PARTS), weights, today=today)
    assert found.points[-1].today
    assert found.points[-1].dominated
    assert sum(p.agreed for p in found.points) == 1
    assert found.favourites == tuple(sorted([3, 3, 3, 5, 5, 5]))
    assert next(p for p in found.points if p.agreed).threshold == pytest.approx(0.35)


@pytest.mark.parametrize("count", [0, 1, 4])
def test_favourites_of_few_people_are_hidden(count: int):
    found = mapped(thresholds(), needed(*PARTS), np.tile([0.5, 0.5], (count, 1)))
    assert found.favourites == NotEnoughData(5, count, "people")
    assert not any(p.agreed for p in found.points)


def test_outcomes_seen_for_one_option_only_leave_ranges():
    """Where the part was left nobody knows whether it was needed: bringing could have done either.

    Bringing everywhere solves between 3 (seen) and 3 + 5 of 10, and wastes 2 to 7 parts.
    """
    low = needed(*[True] * 3, *[False] * 2, *[False] * 5).low
    high = low.copy()
    high[5:, BRING] = 1.0
    always = Rules(("always", "never"), np.array([[BRING] * 10, [LEAVE] * 10]))
    found = mapped(always, Extremes(low, high))
    assert found.bounded
    solved, wasted = found.points[0].amounts
    assert solved.value == pytest.approx((30 + 80) / 2)
    assert solved.low < 30
    assert solved.high > 80
    assert wasted.value == pytest.approx((6000 + 21000) / 2)
    assert [a.value for a in found.points[1].amounts] == [0, 0]
    assert not found.points[0].dominated
    assert not found.points[1].dominated


def test_unseen_outcomes_dominate_only_where_they_cannot_turn_it():
    """Both rules bring in the unseen cases, so what is unseen there cannot tell them apart."""
    low = needed(*[True] * 5, *[False] * 5).low
    high = low.copy()
    high[8:, BRING] = 1.0
    rules = Rules(
        ("wise", "waste"),
        np.array([[BRING] * 5 + [LEAVE] * 3 + [BRING] * 2, [BRING] * 10]),
    )
    found = mapped(rules, Extremes(low, high))
    assert [p.dominated for p in found.points] == [False, True]
    other = Rules(("wise", "waste"), np.array([[LEAVE] * 10, [BRING] * 10]))
    assert not any(p.dominated for p in mapped(other, Extremes(low, high)).points)


def test_choices_that_are_not_known_could_be_any():
    today = np.array([BRING] * 5 + [-1] * 5)
    found = mapped(thresholds(), needed(*PARTS), today=today)
    solved = found.points[-1].amounts[0]
    assert solved.value == pytest.approx((10 + 60) / 2)
    assert found.points[-1].today


def test_ranges_are_clustered_by_decider_from_five_on():
    random = np.random.default_rng(1)
    parts = np.repeat(random.random(8) < 0.5, 20)
    rules = Rules(("always", "never"), np.array([[BRING] * 160, [LEAVE] * 160]))
    alone = mapped(rules, needed(*parts))
    grouped = mapped(rules, needed(*parts), deciders=np.repeat(np.arange(8), 20))
    one, other = (f.points[0].amounts[0] for f in (alone, grouped))
    assert other.high - other.low > 2 * (one.high - one.low)
    assert other.population is Population.LIKE_THESE
    assert other.people == 8


def test_what_cannot_be_mapped():
    rules, extremes = thresholds(), needed(*PARTS)
    none = {"today": NOBODY, "deciders": NOBODY}
    one = Extremes(extremes.low[:, :, :1], extremes.high[:, :, :1])
    assert isinstance(frontier(rules, one, BOTH[:1], NO_WEIGHTS[:, :1], **none), CannotTell)
    few = Extremes(extremes.low[:3], extremes.high[:3])
    short = Rules(rules.names, rules.choices[:, :3], rules.thresholds)
    assert frontier(short, few, BOTH, NO_WEIGHTS, **none) == NotEnoughData(10, 3, "cases")
    for amounts in (np.full(10, np.nan), np.full(10, 0.4)):
        assert isinstance(
            threshold_rules(amounts, above=BRING, below=LEAVE, missing=LEAVE), CannotTell
        )


def test_many_thresholds_are_thinned_and_still_go_from_always_to_never():
    amounts = np.random.default_rng(2).random(1000)
    rules = threshold_rules(amounts, above=BRING, below=LEAVE, missing=LEAVE)
    assert isinstance(rules, Rules)
    assert len(rules.names) <= 41
    assert (rules.choices[0] == BRING).all()
    assert (rules.choices[-1] == LEAVE).all()


@given(st.integers(0, 10_000))
def test_a_favourite_is_never_dominated_and_domination_needs_more_of_nothing(seed: int):
    random = np.random.default_rng(seed)
    values = random.random((12, 3, 2))
    rules = Rules(tuple("abcdef"), random.integers(0, 3, (6, 12)))
    weights = random.dirichlet([1, 1], 6)
    found = mapped(rules, Extremes(values, values), weights)
    assert isinstance(found.favourites, tuple)
    assert not any(found.points[place].dominated for place in found.favourites)
    assert found.undominated
    for point in found.points:
        assert all(isinstance(a, Estimate) and a.low <= a.value <= a.high for a in point.amounts)
