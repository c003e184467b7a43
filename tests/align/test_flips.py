"""In how many cases the choice depends on whose weights count."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.align.flips import decorative, distinct_cases, flips
from sayso.align.round_reading import Flips
from sayso.domain.answer import CannotTell, Estimate, NotEnoughData, Population
from tests.align.live_cases import invented, people

pytestmark = pytest.mark.feature("A3")
TWO = ["speed", "cost"]


def found(expected: np.ndarray, weights: np.ndarray, **more: object) -> Flips:
    names = [f"matter {k}" for k in range(weights.shape[1])]
    got = flips(expected, weights, names, live=True, **more)  # type: ignore[arg-type]
    assert isinstance(got, Flips)
    return got


def value(answer: object) -> float:
    assert isinstance(answer, Estimate)
    return answer.value


# Option a is best on the first consideration and b on the second; in the second kind of case a is
# best on both. Two people want mostly the first, three mostly the second.
APART = np.array([[[1.0, 0.0], [0.0, 1.0]]])
ALIKE = np.array([[[1.0, 1.0], [0.0, 0.0]]])
FIVE = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.2, 0.8], [0.1, 0.9]])


def test_two_against_three_in_a_quarter_of_cases_by_hand():
    """Of ten pairs six differ in a case that divides: 6/10 of 5 in 20 cases is .15."""
    cases = np.concatenate([APART] * 5 + [ALIKE] * 15)
    got = found(cases, FIVE, cases_a_month=200.0)
    assert value(got.two) == pytest.approx(0.15)
    assert value(got.anybody) == pytest.approx(0.25)
    assert value(got.two_a_month) == pytest.approx(30)
    assert value(got.anybody_a_month) == pytest.approx(50)
    assert got.cases == 20


def test_five_people_who_all_choose_differently_differ_in_every_pair():
    expected = np.tile(np.eye(5), (10, 1, 1))
    assert value(found(expected, np.eye(5)).two) == 1.0


def test_range_is_no_point_where_leaving_anybody_out_changes_nothing():
    """Three against three in every case: the plain jackknife would say .6 to .6."""
    six = np.array([[0.9, 0.1]] * 3 + [[0.1, 0.9]] * 3)
    two = found(np.concatenate([APART] * 20), six).two
    assert isinstance(two, Estimate)
    assert two.low < 0.5 < two.high


def test_agreement_in_every_case_is_not_said_to_hold_for_everybody():
    two = found(np.concatenate([ALIKE] * 50), FIVE).two
    assert isinstance(two, Estimate)
    assert two.value == two.low == 0
    assert two.high == pytest.approx(1 - 0.05 ** (1 / 1)), "fifty times the same case is one"
    assert two.population is Population.LIKE_THESE


def test_a_tie_is_no_quarrel():
    expected = np.zeros((12, 3, 2))
    got = found(expected, FIVE)
    assert value(got.two) == value(got.anybody) == 0
    assert got.most is None


def test_the_weight_that_makes_the_flips_is_named():
    """People agree on how the first two compare and differ on the third alone."""
    weights = np.array([[2, 1, third] for third in (0.2, 0.5, 3.0, 6.0, 9.0)])
    weights = weights / weights.sum(1, keepdims=True)
    expected = np.random.default_rng(4).random((80, 3, 3))
    got = found(expected, weights)
    assert got.most == "matter 2"
    assert dict(got.settled)["matter 2"] == pytest.approx(0, abs=1e-9)


def test_cases_of_a_round_say_nothing_of_a_month():
    cases = np.concatenate([APART] * 12)
    got = flips(cases, FIVE, TWO, live=False, cases_a_month=100.0)
    assert isinstance(got, Flips)
    assert isinstance(got.two, Estimate)
    assert isinstance(got.two_a_month, CannotTell)


def test_live_cases_without_dates_have_no_month():
    got = found(np.concatenate([APART] * 12), FIVE)
    assert isinstance(got.anybody_a_month, CannotTell)
    assert "decided_at" in got.anybody_a_month.cheapest_way


@pytest.mark.parametrize("count", [0, 1, 2, 4])
def test_few_people_are_refused(count: int):
    got = flips(np.concatenate([APART] * 12), FIVE[:count], TWO, live=True)
    assert got == NotEnoughData(5, count, "people")


def test_one_case_is_refused():
    got = flips(APART, FIVE, TWO, live=True)
    assert isinstance(got, NotEnoughData)
    assert got.have == 1


def test_somebody_who_weighs_nothing_is_no_crash():
    weights = np.vstack([FIVE, [0.0, 0.0], [1.0, 0.0]])
    assert isinstance(found(np.concatenate([APART] * 12), weights).two, Estimate)


@given(st.integers(0, 10_000))
def test_names_of_people_and_options_do_not_matter(seed: int):
    random = np.random.default_rng(seed)
    expected, weights = invented(seed, cases=12).expected, people(seed, 6)
    one = found(expected, weights)
    other = found(expected[:, random.permutation(3)], weights[random.permutation(6)])
    assert value(other.two) == pytest.approx(value(one.two))
    assert value(other.anybody) == value(one.anybody)
    assert isinstance(one.two, Estimate)
    assert isinstance(other.two, Estimate)
    assert (other.two.low, other.two.high) == pytest.approx((one.two.low, one.two.high))
    assert 0 <= one.two.low <= one.two.value <= one.two.high <= 1
    assert value(one.two) <= value(one.anybody) + 1e-12


@pytest.mark.feature("A8")
def test_different_weights_that_change_no_case_are_decorative():
    got = decorative(np.concatenate([ALIKE] * 7), FIVE, live=True)
    assert got.decorative
    assert got.cases == 7
    assert got.distinct == 1
    assert got.at_most == pytest.approx(0.95)
    many = np.random.default_rng(1).random((60, 1, 2)) * 0.3
    dominated = np.concatenate([many + 0.5, many], axis=1)
    got = decorative(dominated, FIVE, live=True)
    assert got.decorative
    assert got.at_most == pytest.approx(0.049, abs=1e-3), "the rule of three: 3 in 60"


@pytest.mark.feature("A8")
def test_a_case_that_flips_is_not_decorative_and_sameness_is_no_disagreement():
    assert not decorative(np.concatenate([ALIKE, APART]), FIVE, live=True).decorative
    assert decorative(np.concatenate([ALIKE, APART]), FIVE, live=True).at_most is None
    same = np.tile(FIVE[:1], (6, 1))
    assert not decorative(np.concatenate([ALIKE, APART]), same, live=True).differ
    assert not decorative(APART, FIVE[:1], live=True).differ


def test_alike_cases_count_once():
    assert distinct_cases(np.concatenate([ALIKE] * 5 + [APART] * 3)) == 2


@pytest.mark.deep
@pytest.mark.parametrize(("count", "cases"), [(5, 12), (5, 100), (10, 100)])
def test_ranges_hold_for_people_like_these(count: int, cases: int):
    """Cover 95 % within simulation error, at the sizes that rounds have."""
    random = np.random.default_rng(count + cases)
    crowd = random.dirichlet([6, 3, 3], 1500)
    many = random.random((1500, 2, 3))
    first = np.einsum("cok,pk->cpo", many, crowd).argmax(2)
    truth = float(np.mean([2 * p * (1 - p) for p in first.mean(1)]))
    hits = 0
    for _ in range(400):
        got = found(random.random((cases, 2, 3)), random.dirichlet([6, 3, 3], count)).two
        assert isinstance(got, Estimate)
        hits += got.low <= truth <= got.high
    assert hits / 400 >= 0.93
