"""Shares of a fit: worked by hand, by property, and under attack."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.domain.answer import Estimate, NotEnoughData, Population
from sayso.measure.estimators.choice_model import Design, all_values
from sayso.measure.estimators.dominance import (
    centred_products,
    dominance,
    linear_values,
    shapley,
)
from sayso.measure.estimators.replicates import from_replicates, groups_of

games = st.integers(1, 4).flatmap(
    lambda blocks: st.lists(
        st.floats(-10, 10), min_size=2**blocks, max_size=2**blocks
    ).map(np.array)
)  # fmt: skip


@given(games)
def test_shares_are_the_average_over_every_order_of_joining(values: np.ndarray):
    blocks = len(values).bit_length() - 1
    gained = np.zeros(blocks)
    orders = list(permutations(range(blocks)))
    for order in orders:
        joined = 0
        for b in order:
            gained[b] += values[joined | 1 << b] - values[joined]
            joined |= 1 << b
    assert shapley(values) == pytest.approx(gained / len(orders), abs=1e-9)
    assert shapley(values).sum() == pytest.approx(values[-1] - values[0], abs=1e-9)


def test_alone_last_and_complete_dominance_by_hand():
    # v(a) = 4, v(b) = 2, v(ab) = 7: a adds 4 alone and 5 to b; b adds 2 alone and 3 to a.
    found = dominance(["a", "b"], np.array([0.0, 4.0, 2.0, 7.0]))
    assert (found.shares, found.alone, found.last) == ((4.5, 2.5), (4.0, 2.0), (5.0, 3.0))
    assert found.total == 7.0
    assert found.complete == (("a", "b"),)


def test_blocks_that_add_the_same_dominate_nobody():
    assert dominance(["a", "b"], np.array([0.0, 2.0, 2.0, 4.0])).complete == ()


@pytest.mark.parametrize("count", [1, 3, 6, 512])
def test_values_that_are_not_one_a_set_are_a_mistake_of_the_caller(count: int):
    with pytest.raises(ValueError, match="one value for each set"):
        shapley(np.zeros(count))


def test_equal_columns_share_their_credit_and_a_constant_gets_none():
    draw = np.random.default_rng(1)
    a = draw.normal(size=200)
    x = np.column_stack([a, a, np.ones(200), draw.normal(size=200)])
    y = a + x[:, 3]
    found = dominance(
        ["a", "again", "constant", "other"],
        linear_values(centred_products(x, y), [[0], [1], [2], [3]]),
    )
    assert found.total == pytest.approx(1, abs=1e-9)
    assert found.shares[0] == pytest.approx(found.shares[1], abs=1e-9)
    assert found.shares[2] == pytest.approx(0, abs=1e-12)


def test_an_answer_that_never_varies_is_explained_by_nothing():
    x = np.arange(10.0)[:, None]
    assert linear_values(centred_products(x, np.ones(10)), [[0]]).tolist() == [0, 0]


def simulated(
    seed: int, people: int, each: int, *, weights: tuple[float, float, float]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Three signals of which each says a part of the choice, by decider."""
    draw = np.random.default_rng(seed)
    n = people * each
    x = draw.normal(size=(n, 3))
    lean = np.repeat(draw.normal(0, 0.5, people), each)
    y = (draw.random(n) < 1 / (1 + np.exp(-(x @ np.array(weights) + lean)))).astype(float)
    return x, y, np.repeat(np.arange(people), each).astype(np.intp)


def design(x: np.ndarray, y: np.ndarray, group: np.ndarray, folds: int = 1) -> Design:
    fold = (np.arange(len(y)) % folds).astype(np.intp)
    return Design(x, y, tuple((c,) for c in range(x.shape[1])), group, fold)


@pytest.mark.parametrize("folds", [1, 3])
def test_one_step_replicates_come_out_as_fits_without_those_people(folds: int):
    x, y, people = simulated(3, 12, 60, weights=(1.5, 0.5, 0))
    fold = (np.arange(len(y)) % folds).astype(np.intp)
    blocks = ((0,), (1,), (2,))
    whole = all_values(Design(x, y, blocks, people, fold))
    for out in (0, 5, 11):
        kept = people != out
        again = all_values(
            Design(
                x[kept], y[kept], blocks, np.zeros(kept.sum(), dtype=np.intp), fold[kept]
            )
        )  # fmt: skip
        assert whole.mcfadden()[:, out + 1] == pytest.approx(again.mcfadden()[:, 0], abs=2e-4)
        assert whole.tjur[:, out + 1] == pytest.approx(again.tjur[:, 0], abs=2e-3)


def test_the_parts_make_the_whole_in_every_replicate():
    x, y, people = simulated(4, 9, 40, weights=(1, 1, 0.5))
    values = all_values(design(x, y, people)).mcfadden()
    assert shapley(values).sum(axis=0) == pytest.approx(values[-1], abs=1e-9)


def test_many_columns_of_chance_earn_nothing_when_judged_by_other_rows():
    draw = np.random.default_rng(5)
    x, y = draw.normal(size=(300, 40)), (draw.random(300) < 0.5).astype(float)
    one = np.zeros(300, dtype=np.intp)
    blocks = (tuple(range(40)),)
    inside = all_values(Design(x, y, blocks, one, one)).mcfadden()[1, 0]
    apart = all_values(
        Design(x, y, blocks, one, (np.arange(300) % 5).astype(np.intp))
    ).mcfadden()[1, 0]  # fmt: skip
    assert inside > 0.06
    assert apart < 0.01


def test_a_signal_that_tells_the_choice_exactly_is_said_to():
    y = np.tile([0.0, 1.0], 100)
    x = np.column_stack([y, np.random.default_rng(6).normal(size=200)])
    found = all_values(design(x, y, (np.arange(200) % 8).astype(np.intp)))
    assert found.exact
    assert np.isfinite(found.fit).all()
    assert found.mcfadden()[1, 0] > 0.99


def test_equal_signals_of_a_choice_share_their_credit():
    x, y, people = simulated(7, 8, 60, weights=(1, 0, 0))
    doubled = np.column_stack([x[:, 0], x[:, 0]])
    parts = shapley(all_values(design(doubled, y, people)).mcfadden())[:, 0]
    assert parts[0] == pytest.approx(parts[1], abs=1e-6)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.1, 50), st.floats(-5, 5))
def test_units_of_a_signal_do_not_matter(seed: int, scale: float, shift: float):
    x, y, people = simulated(seed, 6, 30, weights=(1, 0.3, 0))
    moved = x.copy()
    moved[:, 0] = moved[:, 0] * scale + shift
    left, right = (all_values(design(z, y, people)).mcfadden() for z in (x, moved))
    assert left == pytest.approx(right, abs=1e-6)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6))
def test_swapping_the_two_answers_changes_nothing(seed: int):
    x, y, people = simulated(seed, 6, 30, weights=(1, 0.3, 0))
    left, right = (all_values(design(x, z, people)) for z in (y, 1 - y))
    assert left.mcfadden() == pytest.approx(right.mcfadden(), abs=1e-6)
    assert left.tjur == pytest.approx(right.tjur, abs=1e-6)


def test_a_range_needs_five_people_and_one_case_each_is_allowed():
    people = np.arange(10_000, dtype=np.intp)
    group = groups_of(people, 10_000, Population.LIKE_THESE)
    assert set(np.bincount(group)) == {250}
    values = np.concatenate([[0.5], np.linspace(0.499, 0.501, 40)])
    found = from_replicates(values, group, people, population=Population.LIKE_THESE)
    assert isinstance(found, Estimate)
    assert (found.n, found.people) == (10_000, 10_000)
    few = np.repeat(np.arange(4, dtype=np.intp), 10)
    answer = from_replicates(
        values[:5], groups_of(few, 40, Population.LIKE_THESE), few,
        population=Population.LIKE_THESE,
    )  # fmt: skip
    assert answer == NotEnoughData(5, 4, "people")


def test_people_unnamed_are_spoken_of_as_these_cases():
    nobody = np.zeros(400, dtype=np.intp)
    group = groups_of(nobody, 400, Population.THESE)
    assert len(np.unique(group)) == 40
    values = np.concatenate([[0.5], np.linspace(0.499, 0.501, 40)])
    found = from_replicates(values, group, nobody, population=Population.THESE)
    assert isinstance(found, Estimate)
    assert found.population is Population.THESE


@pytest.mark.deep
def test_ranges_of_shares_cover_at_the_nominal_rate():
    """The truth is the share in a very large sample of the same people and signals."""
    x, y, people = simulated(11, 4000, 50, weights=(1.2, 0.6, 0.2))
    truth = shapley(all_values(design(x, y, (people % 40).astype(np.intp))).mcfadden())[:, 0]
    for count, runs in ((5, 600), (8, 600), (40, 400)):
        inside = np.zeros(3)
        for seed in range(runs):
            x, y, people = simulated(1000 + seed, count, 50, weights=(1.2, 0.6, 0.2))
            group = groups_of(people, len(y), Population.LIKE_THESE)
            fold = np.random.default_rng(seed).permutation(len(y)) % 4
            parts = shapley(all_values(replace(design(x, y, group), fold=fold)).mcfadden())
            for b in range(3):
                got = from_replicates(
                    parts[b], group, people, population=Population.LIKE_THESE, stretched=True
                )
                assert isinstance(got, Estimate)
                inside[b] += got.r95.contains(float(truth[b]))
        assert (inside / runs > 0.9).all(), (count, inside / runs)
