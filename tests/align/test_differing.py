"""Reading a case differently, or wanting something different."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.align.differing import compare, differing
from sayso.align.round_reading import Differing
from sayso.domain.answer import CannotTell, Estimate, NotEnoughData

pytestmark = pytest.mark.feature("A4")

BRING, LEAVE = 0, 1
# Bringing solves the visit if the part is needed (state 1) and wastes it if not (state 0); leaving
# wastes nothing and never solves it. Considerations: solved, not wasted.
VALUES = np.array([[[[0.0, 0.0], [1.0, 1.0]], [[0.0, 1.0], [0.0, 1.0]]]])


def believing(*needed: float) -> np.ndarray:
    """One belief a person, the same in every case."""
    return np.array([[[1 - p, p]] for p in needed])


def sure(answer: object) -> float:
    assert isinstance(answer, Estimate)
    return answer.value


# EU(bring) = p (s + w), EU(leave) = w: with weights s and w = 1 - s, bring if p > 1 - s.


def test_the_same_weights_and_other_beliefs_are_reading_differently():
    weights = np.array([[0.5, 0.5], [0.5, 0.5]])
    found = compare(np.array([[BRING], [LEAVE]]), VALUES, believing(0.8, 0.2), weights)
    assert found.reading[0, 1] == found.told[0, 1] == 1
    assert found.wanting.sum() == found.either.sum() == found.unfollowed.sum() == 0


def test_the_same_beliefs_and_other_weights_are_wanting_differently():
    weights = np.array([[0.8, 0.2], [0.2, 0.8]])
    found = compare(np.array([[BRING], [LEAVE]]), VALUES, believing(0.5, 0.5), weights)
    assert found.wanting[0, 1] == found.told[0, 1] == 1
    assert found.reading.sum() == found.either.sum() == found.unfollowed.sum() == 0


def test_where_the_other_of_either_would_do_it_is_either():
    """One brings above .2 and believes .9, another leaves below .8 and believes .1: reading.

    Let the second want .95 before they bring: the first, with the second's beliefs (.1 < .2) or
    with their weights (.9 < .95), leaves as they do, so either would settle it.
    """
    choices = np.array([[BRING], [LEAVE]])
    reading = compare(choices, VALUES, believing(0.9, 0.1), np.array([[0.8, 0.2], [0.2, 0.8]]))
    assert reading.reading[0, 1] == 1
    either = compare(choices, VALUES, believing(0.9, 0.1), np.array([[0.8, 0.2], [0.05, 0.95]]))
    assert either.either[0, 1] == either.told[0, 1] == 1


def test_a_choice_that_does_not_follow_from_what_was_said_is_neither():
    weights = np.array([[0.8, 0.2], [0.2, 0.8]])
    found = compare(np.array([[LEAVE], [BRING]]), VALUES, believing(0.5, 0.5), weights)
    assert found.unfollowed[0, 1] == found.told[0, 1] == 1
    assert found.reading.sum() == found.wanting.sum() == 0


def test_with_three_options_only_both_together_may_do():
    """Each of four pairs of weights and beliefs leads somewhere else."""
    values = np.zeros((1, 4, 2, 2))
    for option, (state, matter) in enumerate([(0, 0), (1, 1), (0, 1), (1, 0)]):
        values[0, option, state, matter] = 1.0
    weights, beliefs = np.eye(2), np.eye(2)[:, None]
    found = compare(np.array([[0], [1]]), values, beliefs, weights)
    assert found.both[0, 1] == found.told[0, 1] == 1


def six(*, alike: bool = True) -> Differing:
    """Three who believe .8 and bring, three who believe .2 and leave, in three cases."""
    weights = np.full((6, 2), 0.5)
    choices = np.repeat([[BRING], [LEAVE]], 3, axis=0).repeat(3, axis=1)
    beliefs = believing(*[0.8] * 3, *[0.2] * 3).repeat(3, axis=1)
    if not alike:
        choices[0, 0] = LEAVE
    got = differing(choices, VALUES.repeat(3, axis=0), beliefs, weights)
    assert isinstance(got, Differing)
    return got


def test_shares_of_six_people_by_hand():
    """Nine of fifteen pairs differ, in three cases: 27 of 45 times, all of them by reading."""
    got = six()
    assert sure(got.differently) == pytest.approx(27 / 45)
    assert got.pairs == 27
    assert got.cases == 3
    assert sure(got.reading) == 1
    assert isinstance(got.reading, Estimate)
    assert got.reading.low == pytest.approx(0.05 ** (1 / 6)), "six people, not 27 pairs"
    assert sure(got.wanting) == 0


def test_one_who_does_not_follow_their_own_words():
    """The first leaves the first case against their words; 24 pairs differ there and elsewhere.

    In that case 2 against 4 differ in 8 pairs, 2 of them with the one who does not follow.
    """
    got = six(alike=False)
    assert got.pairs == 26
    assert sure(got.unfollowed) == pytest.approx(2 / 26)
    assert sure(got.reading) == pytest.approx(24 / 26)


def test_shares_sum_to_one():
    random = np.random.default_rng(5)
    values, beliefs = random.random((12, 3, 2, 2)), random.random((7, 12))
    choices = random.integers(0, 3, (7, 12))
    weights = random.dirichlet([1, 1], 7)
    got = differing(choices, values, np.stack([1 - beliefs, beliefs], -1), weights)
    assert isinstance(got, Differing)
    parts = (got.reading, got.wanting, got.either, got.both, got.unfollowed)
    assert sum(sure(part) for part in parts) == pytest.approx(1)


def test_beliefs_that_were_not_asked_cannot_be_told_from_wants():
    got = differing(np.tile([[0], [1]], (3, 4)), VALUES.repeat(4, 0), None, np.full((6, 2), 0.5))
    assert isinstance(got, Differing)
    assert isinstance(got.differently, Estimate)
    assert isinstance(got.reading, CannotTell)
    assert isinstance(got.wanting, CannotTell)
    assert got.people == 6


def test_undeclared_values_and_unsaid_weights_cannot_tell():
    choices, beliefs = np.tile([[0], [1]], (3, 4)), believing(*[0.5] * 6).repeat(4, 1)
    for got in (
        differing(choices, None, beliefs, np.full((6, 2), 0.5)),
        differing(choices, VALUES.repeat(4, 0), beliefs, np.full((6, 2), np.nan)),
        differing(choices, VALUES.repeat(4, 0), np.full_like(beliefs, np.nan), np.ones((6, 2))),
    ):
        assert isinstance(got, Differing)
        assert isinstance(got.either, CannotTell)


def test_few_people_and_agreement_are_refused():
    one = differing(np.array([[0, 1]]), None, None, np.ones((1, 2)))
    assert one == NotEnoughData(2, 1, "people")
    two = differing(np.array([[0] * 20, [1] * 20]), None, None, np.ones((2, 2)))
    assert isinstance(two, Differing)
    assert two.differently == NotEnoughData(5, 2, "people")
    same = differing(np.zeros((6, 4), int), VALUES.repeat(4, 0), believing(*[0.1] * 6).repeat(4, 1),
                     np.full((6, 2), 0.5))  # fmt: skip
    assert isinstance(same, Differing)
    assert sure(same.differently) == 0
    assert isinstance(same.reading, NotEnoughData)


def test_skipped_cases_take_no_part():
    choices = np.array([[BRING, -1], [LEAVE, LEAVE]])
    found = compare(choices, VALUES.repeat(2, 0), believing(0.8, 0.2).repeat(2, 1),
                    np.full((2, 2), 0.5))  # fmt: skip
    assert found.answered[0, 1] == found.apart[0, 1] == found.cases == 1


@given(st.integers(0, 10_000))
def test_it_does_not_matter_who_is_called_first(seed: int):
    random = np.random.default_rng(seed)
    values, happens = random.random((4, 3, 2, 2)), random.random((5, 4))
    beliefs, choices = np.stack([1 - happens, happens], -1), random.integers(-1, 3, (5, 4))
    weights = random.dirichlet([1, 1], 5)
    order, options = random.permutation(5), random.permutation(3)
    one = compare(choices, values, beliefs, weights)
    renamed = np.where(choices >= 0, np.argsort(options)[choices], -1)
    other = compare(renamed[order], values[:, options], beliefs[order], weights[order])
    for name in ("answered", "apart", "told", "reading", "wanting", "either", "both", "unfollowed"):
        matrix = getattr(one, name)
        assert (matrix == matrix.T).all()
        assert (getattr(other, name) == matrix[np.ix_(order, order)]).all()
