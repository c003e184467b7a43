"""Readers of one set of cases: against brute force, by property and under attack."""

from __future__ import annotations

import numpy as np
import pytest

from sayso.domain.answer import CannotTell, Estimate, NotEnoughData
from sayso.measure.estimators import readers
from sayso.measure.estimators.readers import Readers, alone_against, area, compare

HAPPENED = np.arange(60) % 3 == 0


def study(seed: int, *, ways: int = 2, people: int = 5, better: float = 0.0) -> np.ndarray:
    draw = np.random.default_rng(seed)
    base = 1.2 * HAPPENED + draw.normal(0, 0.7, 60)
    lift = better * np.arange(ways)[:, None, None] * HAPPENED
    return np.round(base + lift + draw.normal(0, 0.6, (ways, people, 60)), 1)


def test_an_area_is_the_share_of_pairs_rated_in_order():
    ratings = study(1)[0, 0]
    yes, no = ratings[HAPPENED], ratings[~HAPPENED]
    pairs = np.mean([(a > b) + 0.5 * (a == b) for a in yes for b in no])
    assert area(ratings, HAPPENED) == pytest.approx(float(pairs))


def test_covariances_are_those_of_leaving_each_case_out():
    ratings = study(2)
    left = np.array(
        [
            [[area(np.delete(r, c), np.delete(HAPPENED, c)) for c in range(60)] for r in way]
            for way in ratings
        ]
    ).reshape(10, 60)
    apart = left - left.mean(1, keepdims=True)
    want = (59 / 60 * apart @ apart.T).reshape(2, 5, 2, 5)
    assert readers._covariance(ratings, HAPPENED) == pytest.approx(want, abs=1e-12)


def test_swapping_ways_turns_the_difference_over():
    one, other = compare(study(3), HAPPENED), compare(study(3)[::-1], HAPPENED)
    assert isinstance(one, Readers)
    assert isinstance(other, Readers)
    assert isinstance(one.difference, Estimate)
    assert isinstance(other.difference, Estimate)
    assert (one.f, one.p) == pytest.approx((other.f, other.p))
    assert one.difference.low == pytest.approx(-other.difference.high)


def test_ways_that_are_alike_are_rarely_told_apart():
    # The level is 5 in 100; 300 studies without a difference.
    found = [compare(study(seed), HAPPENED) for seed in range(300)]
    said = [got.p < 0.05 for got in found if isinstance(got, Readers)]
    assert len(said) == 300
    assert np.mean(said) < 0.08


def test_a_machine_like_the_panel_is_rarely_told_from_it():
    said = []
    for seed in range(300):
        ratings = study(seed, ways=1, people=7)[0]
        got = alone_against(ratings[1:], ratings[0], HAPPENED)
        assert isinstance(got, Estimate)
        said.append(got.low > 0 or got.high < 0)
    assert np.mean(said) < 0.08


def gap(ratings: np.ndarray) -> np.ndarray:
    ratings[0, 0, 0] = np.nan
    return ratings


@pytest.mark.parametrize(
    ("ratings", "happened", "kind"),
    [
        (study(1)[:1], HAPPENED, NotEnoughData),
        (study(1)[:, :1], HAPPENED, NotEnoughData),
        (study(1), np.arange(60) < 9, NotEnoughData),
        (study(1), np.ones(60, dtype=bool), NotEnoughData),
        (np.ones((2, 5, 60)), HAPPENED, NotEnoughData),
        (gap(study(1)), HAPPENED, CannotTell),
    ],
    ids=["one way", "one reader", "nine events", "one class", "all the same", "a gap"],
)
def test_what_cannot_be_compared_is_not(ratings: np.ndarray, happened: np.ndarray, kind: type):
    assert isinstance(compare(ratings, happened), kind)


def test_readers_who_separate_perfectly_are_alike():
    perfect = np.broadcast_to(HAPPENED.astype(float), (2, 5, 60)).copy()
    assert isinstance(compare(perfect, HAPPENED), NotEnoughData)
