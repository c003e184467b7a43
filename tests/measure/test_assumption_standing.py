"""Where an assumption stands, and how often that is said when it is false."""

import numpy as np
import pytest

from sayso.domain.answer import CannotTell, Estimate, NotEnoughData, Population, Range
from sayso.domain.evidence import Word
from sayso.measure.estimators.assumption import (
    judge_assumption,
    p_outside,
    word_of,
)
from sayso.measure.estimators.jackknife import ratio, share
from sayso.measure.estimators.standing import Standing

HOLDS = Range(0.69, 0.79)


def shares(yes: list[list[int]], cases: int) -> tuple[list[float], list[object], object]:
    """Value by period, from-then-on by period, and over all; rows are periods."""
    counts = np.array(yes, dtype=float)
    loads = np.full(counts.shape, float(cases))
    means = [float(row.sum() / (cases * len(row))) for row in counts]
    then = [share(counts[i:].sum(axis=0), loads[i:].sum(axis=0)) for i in range(len(counts))]
    return means, then, then[0]


def steady(count: int, periods: int) -> list[list[int]]:
    # Eight people of twenty cases each, one more or less from period to period.
    return [[count + (-1) ** (i + j) for j in range(8)] for i in range(periods)]


def test_it_holds_where_the_whole_range_lies_inside() -> None:
    means, then, whole = shares(steady(15, 8), 20)
    assert judge_assumption(whole, means, then, HOLDS).standing is Standing.HOLDS


def test_it_stopped_in_the_first_of_the_periods_that_stay_outside() -> None:
    means, then, whole = shares([*steady(15, 6), *steady(10, 3)], 20)
    judged = judge_assumption(whole, means, then, HOLDS)
    assert (judged.standing, judged.since) == (Standing.NO_LONGER, 6)


def test_one_odd_period_in_the_middle_does_not_end_it() -> None:
    means, then, whole = shares([*steady(15, 4), *steady(10, 1), *steady(15, 4)], 20)
    assert judge_assumption(whole, means, then, HOLDS).standing is not Standing.NO_LONGER


def test_one_that_failed_at_first_and_holds_again_is_near_its_line() -> None:
    means, then, whole = shares([*steady(8, 6), *steady(15, 3)], 20)
    assert judge_assumption(whole, means, then, HOLDS).standing is Standing.NEAR


def test_without_dates_all_cases_together_decide() -> None:
    _, _, whole = shares(steady(8, 3), 20)
    judged = judge_assumption(whole, (), (), HOLDS)
    assert (judged.standing, judged.since) == (Standing.NO_LONGER, None)


def test_a_range_that_reaches_past_an_edge_is_near_its_line() -> None:
    _, _, whole = shares([[13, 16, 15, 12, 14, 14]], 20)
    judged = judge_assumption(whole, (), (), HOLDS)
    assert judged.standing is Standing.NEAR
    assert word_of(judged, whole) is Word.EITHER


@pytest.mark.parametrize(
    ("answer", "word"),
    [(NotEnoughData(10, 3), Word.NOT_YET), (CannotTell("No.", "Ask."), Word.CANNOT_TELL)],
)
def test_what_cannot_be_read_is_not_tested(answer, word: Word) -> None:
    judged = judge_assumption(answer, (), (), HOLDS)
    assert judged.standing is Standing.NOT_TESTED
    assert word_of(judged, answer) is word


def test_the_chance_is_that_of_the_range_it_is_read_from() -> None:
    # An edge that lies on the end of the 95 % range is one standard distance of 5 % away.
    for people in (5, 8, 30):
        rng = np.random.default_rng(people)
        cases = np.full(people, 40.0)
        answer = share(rng.binomial(40, 0.4, people).astype(float), cases)
        assert isinstance(answer, Estimate)
        assert p_outside(answer, Range(answer.high, 1.0)) == pytest.approx(0.05, abs=0.004)
        assert p_outside(answer, Range(0.0, answer.low)) == pytest.approx(0.05, abs=0.004)


def test_an_average_that_is_no_share_is_judged_in_its_own_unit() -> None:
    cases = np.full(6, 30.0)
    answer = ratio(np.array([900.0, 930, 880, 910, 905, 890]), cases, cases)
    assert judge_assumption(answer, (), (), Range(10, 20)).standing is Standing.NO_LONGER
    assert judge_assumption(answer, (), (), Range(25, 35)).standing is Standing.HOLDS


def test_people_who_all_agree_leave_no_doubt() -> None:
    same = Estimate(
        value=5.0, r95=Range(5, 5), r90=Range(5, 5), r50=Range(5, 5), n=60, people=6,
        population=Population.LIKE_THESE,
    )  # fmt: skip
    assert p_outside(same, Range(0, 4)) == 0.0


def false_alarms(runs: int, truth: float, seed: int) -> float:
    """How often "no longer true" is said of a share that lies at ``truth``, in nine periods."""
    rng, said = np.random.default_rng(seed), 0
    for _ in range(runs):
        level = rng.beta(truth * 20, (1 - truth) * 20, size=12)
        means, then, whole = shares(rng.binomial(6, level, size=(9, 12)).tolist(), 6)
        said += judge_assumption(whole, means, then, HOLDS).standing is Standing.NO_LONGER
    return said / runs


def test_an_assumption_that_is_just_true_is_rarely_called_false() -> None:
    # At the edge the nominal rate is 5 % over ten looks, half of it on the side that can fail.
    assert false_alarms(150, HOLDS.low, 3) <= 0.06


@pytest.mark.deep
@pytest.mark.parametrize("truth", [HOLDS.low, 0.74, HOLDS.high])
def test_a_true_assumption_is_called_false_in_at_most_one_of_twenty(truth: float) -> None:
    assert false_alarms(2_000, truth, 11) <= 0.05
