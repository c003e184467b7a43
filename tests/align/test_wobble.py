"""The same person, the same case, another answer."""

from __future__ import annotations

import numpy as np
import pytest

from sayso.align.round_reading import Wobble
from sayso.align.wobble import wobble
from sayso.domain.answer import CannotTell, Estimate, NotEnoughData


def test_two_of_twelve_by_hand():
    """Six people, two repeats each; two people differ from themselves once."""
    first = np.zeros((6, 2), int)
    again = first.copy()
    again[0, 0] = again[1, 1] = 1
    got = wobble(first, again)
    assert isinstance(got, Wobble)
    assert isinstance(got.share, Estimate)
    assert got.share.value == pytest.approx(2 / 12)
    assert got.pairs == 12
    assert got.share.low < 0.06
    assert got.share.high > 0.4
    # Across the two askings each of the two differs from all five others, once of four times.
    assert isinstance(got.between, Estimate)
    assert got.between.value == pytest.approx(10 / 60)
    assert isinstance(got.beyond, Estimate)
    assert got.beyond.value == pytest.approx(0)


def test_people_who_never_waver_and_always_differ():
    first = np.array([[0, 0]] * 3 + [[1, 1]] * 3)
    got = wobble(first, first)
    assert isinstance(got, Wobble)
    assert isinstance(got.share, Estimate)
    assert got.share.value == got.share.low == 0
    assert got.share.high == pytest.approx(1 - 0.05 ** (1 / 6)), "six people, not twelve answers"
    assert isinstance(got.beyond, Estimate)
    assert got.beyond.value == pytest.approx(0.6)
    assert got.beyond.low < 0.5 < got.beyond.high


def test_too_little_is_refused():
    assert isinstance(wobble(np.zeros((6, 0), int), np.zeros((6, 0), int)), CannotTell)
    assert wobble(np.zeros((4, 5), int), np.zeros((4, 5), int)) == NotEnoughData(
        5, 4, "people who answered a case twice"
    )
    nine = np.zeros((9, 1), int)
    assert wobble(nine, nine) == NotEnoughData(10, 9, "cases answered twice")


def test_a_skipped_answer_takes_no_part():
    first = np.zeros((7, 2), int)
    again = first.copy()
    again[6] = -1
    got = wobble(first, again)
    assert isinstance(got, Wobble)
    assert (got.pairs, got.people) == (12, 6)


@pytest.mark.deep
@pytest.mark.parametrize(("count", "spread"), [(5, 50), (5, 3), (8, 3), (15, 5)])
def test_ranges_hold_for_people_like_these(count: int, spread: float):
    random = np.random.default_rng(count)
    hits = beyond = 0
    for _ in range(500):
        own = random.beta(0.15 * spread, 0.85 * spread, count)
        first = random.integers(0, 2, (count, 2))
        again = np.where(random.random((count, 2)) < own[:, None], 1 - first, first)
        got = wobble(first, again)
        assert isinstance(got, Wobble)
        assert isinstance(got.share, Estimate)
        assert isinstance(got.beyond, Estimate)
        hits += got.share.low <= 0.15 <= got.share.high
        beyond += got.beyond.low <= 0.35 <= got.beyond.high
    assert hits / 500 >= 0.93
    assert beyond / 500 >= 0.93
