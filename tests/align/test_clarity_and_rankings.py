"""Properties of agreement, orders and clarity that hold whatever people say."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.align.clarity import clarity, compared, rule_answer
from sayso.align.rankings import kemeny, kendall_w, preferred
from sayso.domain.answer import NotEnoughData

seeds = st.integers(0, 10_000)


def orders(seed: int, people: int, things: int) -> np.ndarray:
    """Ranks with some ties."""
    return np.random.default_rng(seed).integers(0, things, (people, things)).astype(float)


def against(before: np.ndarray, order: tuple[int, ...]) -> float:
    return float(sum(before[b, a] for i, a in enumerate(order) for b in order[i + 1 :]))


@given(seeds, st.integers(2, 5))
def test_kemeny_is_the_nearest_of_all_orders_and_its_runner_up_the_next(seed: int, things: int):
    before = preferred(orders(seed, 6, things))
    found = kemeny(before)
    every = sorted(against(before, order) for order in permutations(range(things)))
    assert found.distance == against(before, found.order) == every[0]
    assert found.next_distance == against(before, found.next_order) == every[1]
    assert found.next_order != found.order
    assert sorted(found.next_order) == list(range(things))


def test_the_runner_up_need_not_swap_two_neighbours():
    """ABC x3, BCA x2, CAB x2: the next order turns the whole round."""
    ranks = np.array([[1.0, 2, 3]] * 3 + [[3.0, 1, 2]] * 2 + [[2.0, 3, 1]] * 2)
    assert kemeny(preferred(ranks)).next_order in ((1, 2, 0), (2, 0, 1))


def test_fifteen_things_are_ordered_exactly():
    before = preferred(orders(3, 9, 15))
    found = kemeny(before)
    assert sorted(found.order) == list(range(15))
    assert found.distance == against(before, found.order)
    for i in range(14):
        swapped = list(found.order)
        swapped[i], swapped[i + 1] = swapped[i + 1], swapped[i]
        assert against(before, tuple(swapped)) >= found.distance


@given(seeds)
def test_names_of_things_and_people_do_not_matter_to_agreement(seed: int):
    random = np.random.default_rng(seed)
    ranks = orders(seed, 5, 4)
    moved = ranks[random.permutation(5)][:, random.permutation(4)]
    assert kendall_w(moved).w == pytest.approx(kendall_w(ranks).w)
    assert kemeny(preferred(moved)).distance == kemeny(preferred(ranks)).distance
    assert -1 / 4 - 1e-9 <= kendall_w(ranks).spearman <= 1 + 1e-9


def test_all_alike_agree_wholly_and_all_tied_say_nothing():
    assert kendall_w(np.tile([3.0, 1, 2], (4, 1))).w == pytest.approx(1)
    assert kendall_w(np.ones((4, 3))).w == 0
    assert kemeny(preferred(np.ones((4, 3)))).distance == 0


def utilities(seed: int, people: int = 6, options: int = 4) -> np.ndarray:
    """By weights, so that everybody's utility is the same things weighed."""
    random = np.random.default_rng(seed)
    return random.dirichlet([1, 1, 1], people) @ random.random((3, options))


@given(seeds)
def test_agreement_is_worth_something_never_below_nothing(seed: int):
    """Where the same beliefs choose and score; scored by others it may fall below."""
    found = clarity(utilities(seed))
    assert found.rule >= -1e-12
    assert -1e-12 <= found.planner <= found.decider + 1e-12
    assert found.rule == pytest.approx(found.decider - found.planner)
    assert (found.regret >= -1e-12).all()
    assert 0 <= found.flips < 1


@given(seeds)
def test_clarity_is_nothing_where_all_agree(seed: int):
    found = clarity(np.tile(utilities(seed, 1), (6, 1)))
    assert (found.rule, found.planner, found.decider) == pytest.approx((0, 0, 0), abs=1e-12)


@given(seeds)
def test_names_of_people_and_options_do_not_matter_to_clarity(seed: int):
    random = np.random.default_rng(seed)
    expected = utilities(seed)
    one, other = (
        clarity(expected),
        clarity(expected[random.permutation(6)][:, random.permutation(4)]),
    )
    for name in ("rule", "planner", "decider", "flips"):
        assert getattr(other, name) == pytest.approx(getattr(one, name), abs=1e-12)


@given(seeds, st.floats(0.1, 50), st.floats(-10, 10))
def test_clarity_is_in_the_unit_of_the_utility(seed: int, times: float, plus: float):
    one, other = clarity(utilities(seed)), clarity(utilities(seed) * times + plus)
    assert other.rule == pytest.approx(one.rule * times, abs=1e-9)
    assert other.flips == pytest.approx(one.flips)


@given(seeds)
def test_both_together_are_worth_at_least_either(seed: int):
    random = np.random.default_rng(seed)
    utility = np.einsum("pk,sok->pso", random.dirichlet([1, 1], 5), random.random((4, 3, 2)))
    both = compared(utility)
    assert both.joint >= max(both.planner, both.information) - 1e-12
    assert both.information >= -1e-12


def test_one_person_has_nothing_to_agree_on():
    found = clarity(utilities(1, 1))
    assert (found.rule, found.planner, found.decider) == (0, 0, 0)
    assert found.decorative
    assert rule_answer(utilities(1, 4)) == NotEnoughData(
        5, 4, "people; the table of regrets says it all"
    )


def test_an_option_that_is_best_for_everybody_leaves_no_disagreement():
    expected = utilities(2)
    expected[:, 1] = expected.max(1) + 0.1
    assert clarity(expected).decorative
    assert clarity(expected).agreed == 1


def test_where_all_options_tie_nothing_is_lost_by_any():
    found = clarity(np.full((5, 3), 0.4))
    assert (found.rule, found.planner, found.decider) == pytest.approx((0, 0, 0), abs=1e-12)
