"""At which cost of a mistake most choices turn."""

import numpy as np
import pytest

from sayso.domain.answer import Estimate, NotEnoughData, Population
from sayso.measure.estimators.cost_ratio import STEPS, turning
from sayso.measure.estimators.whole import whole_share


def stated(*chances: float, people: int = 6, each: int = 30) -> np.ndarray:
    """Every decider meets every chance so often; a chance falls into its step."""
    table = np.zeros((people, STEPS))
    for chance in chances:
        table[:, min(int(chance * STEPS), STEPS - 1)] += each
    return table


def test_cases_between_half_and_twice_the_ratio_hang_on_it() -> None:
    # At 1 the line is 1/2; at 1/2 it is 1/3, at 2 it is 2/3: of these, .4 and .6 lie between.
    found = turning(stated(0.1, 0.4, 0.6, 0.9), 1.0, population=Population.LIKE_THESE)
    assert isinstance(found.between, Estimate)
    assert found.between.value == pytest.approx(0.5)


def test_half_of_all_cases_turn_where_half_of_the_chances_are_passed() -> None:
    # Declared 1: line .5. A quarter lies at .1, half at .6, a quarter at .9. Passing .605, where
    # the step of .6 ends, turns half: r = .605 / .395 = 1.53; it is found within a step of 2 %.
    found = turning(stated(0.1, 0.6, 0.6, 0.9), 1.0, population=Population.LIKE_THESE)
    assert isinstance(found.half, Estimate)
    assert found.half.value == pytest.approx(0.605 / 0.395, rel=0.02)
    assert found.half.low <= found.half.value <= found.half.high


def test_the_other_answer_first_mirrors_the_ratio() -> None:
    table = stated(0.1, 0.35, 0.6, 0.6, 0.75)
    one = turning(table, 1.5, population=Population.LIKE_THESE)
    other = turning(table[:, ::-1], 1 / 1.5, population=Population.LIKE_THESE)
    assert isinstance(one.half, Estimate)
    assert isinstance(other.half, Estimate)
    assert one.half.value == pytest.approx(1 / other.half.value)
    assert isinstance(one.between, Estimate)
    assert isinstance(other.between, Estimate)
    assert one.between.value == pytest.approx(other.between.value)


def test_chances_far_from_the_line_have_no_turning_point_within_ten_times() -> None:
    found = turning(stated(0.01, 0.99), 1.0, population=Population.LIKE_THESE)
    assert found.half is None
    assert isinstance(found.between, NotEnoughData)


def test_no_cases_are_too_few() -> None:
    found = turning(np.zeros((3, STEPS)), 1.0, population=Population.THESE)
    assert isinstance(found.between, NotEnoughData)
    assert found.half is None


@pytest.mark.parametrize("ratio", [0.0, -1.0, float("inf"), float("nan")])
def test_a_ratio_that_is_none_is_refused(ratio: float) -> None:
    with pytest.raises(ValueError, match="ratio"):
        turning(stated(0.5), ratio, population=Population.THESE)


def test_that_all_agree_reaches_as_far_as_the_exact_range() -> None:
    # Clopper and Pearson at 30 of 30: .025 to the power of 1/30 is .8843.
    assert whole_share(30, people=5).low == pytest.approx(0.025 ** (1 / 30))
    assert whole_share(1, people=1).low == pytest.approx(0.025)
    with pytest.raises(ValueError, match="cases"):
        whole_share(0, people=0)
