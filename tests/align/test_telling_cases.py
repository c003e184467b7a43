"""Cases are chosen that tell views apart, and asked so that nobody notices the repeats."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.align.consequences import Consequences
from sayso.align.considerations import Consideration
from sayso.align.round import RoundCase
from sayso.align.telling_cases import (
    ALL_ALIKE,
    APART,
    ONE_CONSIDERATION,
    ONE_OPTION,
    Telling,
    invented_amounts,
    invented_cases,
    real_cases,
    telling,
    values_of,
    with_repeats,
)
from sayso.domain.answer import NotEnoughData
from tests.align.rounds import THREE

OPTIONS = ("bring", "do not bring")


def many(number: int) -> tuple[Consideration, ...]:
    """Considerations with ranges of all kinds: falling, far from 0, tiny, huge, below 0."""
    ends = [(310, 0), (0, 100), (90, 10), (0, 1), (1000, 1010), (-5, 5), (1e6, 0), (0, 3), (7.1, 7.4),
            (1e-6, 0)]  # fmt: skip
    return tuple(
        Consideration(name=f"c{i}", worst=w, best=b) for i, (w, b) in enumerate(ends[:number])
    )


def cut(at: float) -> list[list[float]]:
    """Two options and two considerations: the first is chosen by weights of the first above at."""
    return [[1 - at, 0.0], [0.0, at]]


def test_the_case_that_cuts_weights_in_the_middle_is_chosen_first():
    """Worked by hand: weights are even on a line, so the middle cut tells a bit, others less."""
    found = telling(np.array([cut(0.1), cut(0.5), cut(0.9)]), 3, scale=0.001)
    assert isinstance(found, Telling)
    assert found.places[0] == 1
    assert set(found.places) == {0, 1, 2}
    # Four parts of .1, .4, .4 and .1: entropy 1.72 bits; the bound is exact where parts are pure.
    assert found.bits == pytest.approx(1.72, abs=0.05)


def test_the_second_case_cuts_what_the_first_left_whole():
    """After the middle, a cut at a quarter tells half a bit; the middle again tells nothing."""
    found = telling(np.array([cut(0.5), cut(0.52), cut(0.25)]), 2, scale=0.001)
    assert isinstance(found, Telling)
    assert found.places[0] in (0, 1)
    assert found.places[1] == 2


def test_a_case_in_which_everybody_chooses_alike_is_not_chosen():
    better = [[1.0, 1.0], [0.0, 0.0]]
    found = telling(np.array([better, cut(0.5)]), 2, scale=0.001)
    assert isinstance(found, Telling)
    assert found.places == (1,)


def test_cases_that_bring_the_same_are_asked_once():
    found = telling(np.array([cut(0.5)] * 5 + [cut(0.3)]), 4)
    assert isinstance(found, Telling)
    assert sorted(found.places) == [0, 5]


def test_options_that_never_differ_cannot_tell():
    assert telling(np.full((4, 2, 3), 0.5), 3) == ALL_ALIKE


def test_one_consideration_or_one_option_cannot_tell():
    assert telling(np.zeros((4, 2, 1)), 3) == ONE_CONSIDERATION
    assert telling(np.zeros((4, 1, 3)), 3) == ONE_OPTION
    assert invented_cases(THREE[:1], OPTIONS, 12) == ONE_CONSIDERATION
    assert invented_cases(THREE, ("bring", "Bring "), 12) == ONE_OPTION
    assert invented_cases(THREE, ("bring",), 12) == ONE_OPTION


def test_without_cases_there_is_not_enough():
    assert telling(np.zeros((0, 2, 3)), 3) == NotEnoughData(1, 0, "cases")


def test_no_case_wanted_or_a_missing_value_is_a_mistake():
    with pytest.raises(ValueError, match="at least one"):
        telling(np.array([cut(0.5)]), 0)
    with pytest.raises(ValueError, match="missing"):
        telling(np.full((1, 2, 2), np.nan), 1)
    with pytest.raises(ValueError, match="2 to 7 options"):
        invented_amounts(THREE, 8)
    with pytest.raises(ValueError, match="2 to 10 considerations"):
        invented_amounts((*many(10), *THREE), 2)


def test_more_telling_cases_tell_more():
    pool = values_of(invented_amounts(THREE, 2, cases=60), THREE)
    bits = [t.bits for n in (1, 3, 9) if isinstance(t := telling(pool, n), Telling)]
    assert bits == sorted(bits)
    assert len(set(bits)) == 3


@pytest.mark.parametrize("options", [2, 3, 7])
@pytest.mark.parametrize("considerations", [2, 4, 10])
def test_no_invented_option_is_at_least_as_good_in_everything(options: int, considerations: int):
    considered = many(considerations)
    amounts = invented_amounts(considered, options, cases=20, seed=4)
    assert amounts.shape == (20, options, considerations)
    for case in values_of(amounts, considered):
        for i in range(options):
            for j in range(options):
                assert i == j or (case[i] < case[j]).any()


def test_invented_amounts_are_round_numbers_within_the_range():
    considered = many(10)
    amounts = invented_amounts(considered, 3, cases=60, seed=2)
    for k, c in enumerate(considered):
        low, high = sorted((c.worst, c.best))
        found = np.unique(amounts[..., k])
        assert low <= found.min()
        assert found.max() <= high
        assert len(found) <= 51, f"{c.name} has {len(found)} amounts"
        digits = {len(f"{v / (high - low) * 1000:.6f}".rstrip("0").split(".")[1]) for v in found}
        assert max(digits) <= 6
    euros = np.unique(amounts[..., 0])
    assert set(euros % 10) == {0}, "of 0 to 310, steps of 10"


def test_at_most_four_things_differ_between_options():
    amounts = invented_amounts(many(10), 3, cases=40, seed=2)
    differing = (amounts != amounts[:, :1]).any(1).sum(1)
    assert differing.min() >= 2
    assert differing.max() <= 4


def test_a_round_is_asked_the_same_way_by_its_seed():
    one = invented_cases(THREE, OPTIONS, 6, seed=3)
    assert one == invented_cases(THREE, OPTIONS, 6, seed=3)
    assert one != invented_cases(THREE, OPTIONS, 6, seed=4)


def test_twelve_cases_and_two_repeats_are_fourteen():
    cases = invented_cases(THREE, OPTIONS, 12, seed=1)
    assert isinstance(cases, tuple)
    assert [c.number for c in cases] == list(range(1, 15))
    again = [c for c in cases if c.repeats is not None]
    assert len(again) == 2
    for case in again:
        first = cases[(case.repeats or 0) - 1]
        assert (first.brings, first.facts, first.repeats) == (case.brings, case.facts, None)
        assert case.number - first.number >= APART
    assert all(len(c.brings) == 2 and len(c.brings[0]) == 3 for c in cases)


@settings(deadline=None)
@given(st.integers(0, 20), st.integers(0, 4), st.integers(0, 10**6))
def test_repeats_come_at_least_four_later_and_nothing_is_lost(count: int, repeats: int, seed: int):
    cases = [RoundCase(number=0, facts=(("code", str(i)),)) for i in range(count)]
    asked = with_repeats(cases, repeats=repeats, seed=seed)
    assert [c.number for c in asked] == list(range(1, len(asked) + 1))
    assert [c.facts for c in asked if c.repeats is None] == [c.facts for c in cases]
    again = [c for c in asked if c.repeats is not None]
    assert len(again) == min(repeats, max(0, count - APART + 1))
    assert len({c.repeats for c in again}) == len(again)
    for case in again:
        first = asked[(case.repeats or 0) - 1]
        assert first.facts == case.facts
        assert first.repeats is None
        assert case.number - first.number >= APART


def consequences(values: np.ndarray, options: tuple[str, ...] = OPTIONS) -> Consequences:
    cases, _, considerations = values.shape
    return Consequences(
        options=options,
        considerations=many(considerations),
        states=("always",),
        values=values[:, :, None, :],
        belief=np.ones((cases, 1)),
    )


def test_real_cases_are_asked_by_their_facts():
    values = values_of(invented_amounts(many(3), 2, cases=50, seed=9), many(3))
    facts = [(("code", f"E-{i}"),) for i in range(50)]
    asked = real_cases(consequences(values), facts, 12, seed=5)
    assert isinstance(asked, tuple)
    assert len(asked) == 14
    assert all(c.brings == () for c in asked)
    assert len({c.facts for c in asked}) == 12


def test_where_fewer_real_cases_differ_fewer_are_asked():
    values = np.array([cut(0.5)] * 40 + [cut(0.3)] * 10)
    asked = real_cases(consequences(values), [(("n", str(i)),) for i in range(50)], 12)
    assert isinstance(asked, tuple)
    assert [c.facts for c in asked] == [(("n", "0"),), (("n", "40"),)]


def test_real_cases_with_other_facts_than_cases_are_a_mistake():
    with pytest.raises(ValueError, match="1 cases have facts"):
        real_cases(consequences(np.array([cut(0.5)] * 2)), [()], 1)


def test_a_hundred_thousand_real_cases_are_sampled_by_the_seed():
    values = np.random.default_rng(1).random((100_000, 2, 3))
    found = telling(values, 3, seed=1)
    assert isinstance(found, Telling)
    assert found == telling(values, 3, seed=1)
    assert len(set(found.places)) == 3


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_renaming_the_options_changes_nothing(seed: int):
    values = np.random.default_rng(seed).random((12, 3, 3))
    one, other = telling(values, 4, draws=60), telling(values[:, ::-1], 4, draws=60)
    assert isinstance(one, Telling)
    assert isinstance(other, Telling)
    assert one.bits == pytest.approx(other.bits)
