"""Ranges and words: published figures, cases by hand, properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.domain.answer import CannotTell, Estimate, NotEnoughData, Population, Range
from sayso.domain.evidence import Word
from sayso.domain.grade import Grade
from sayso.measure.estimators.jackknife import difference_of_shares, ratio, share
from sayso.measure.estimators.ranges import t_estimate, wilson
from sayso.measure.estimators.words import holm, word_for

NEWCOMBE_1998_TABLE_I = [
    # successes, trials, low, high: method 3 (score, uncorrected), 95 %; Stat. Med. 17:857-872
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0000, 0.1611),
    (1, 29, 0.0061, 0.1718),
]


@pytest.mark.oracle("W1")
@pytest.mark.parametrize(("r", "n", "low", "high"), NEWCOMBE_1998_TABLE_I)
def test_wilson_reproduces_newcombe_1998(r: int, n: int, low: float, high: float):
    got = wilson(r, n)
    assert (got.low, got.high) == pytest.approx((low, high), abs=5e-5)


counts = st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts)
def test_counting_the_other_way_mirrors_the_range(case: tuple[int, int]):
    r, n = case
    yes, no = wilson(r, n), wilson(n - r, n)
    assert (yes.low, yes.high) == pytest.approx((1 - no.high, 1 - no.low), abs=1e-12)
    assert 0 <= yes.low <= r / n <= yes.high <= 1


def estimate(low95: float, high95: float, low90: float, high90: float) -> Estimate:
    middle = (low95 + high95) / 2
    return Estimate(
        value=middle,
        r95=Range(low95, high95),
        r90=Range(low90, high90),
        r50=Range(middle, middle),
        n=500,
        people=20,
        population=Population.LIKE_THESE,
        events=100,
        non_events=400,
    )


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (estimate(0.06, 0.12, 0.065, 0.115), Word.CLEAR),
        (estimate(-0.12, -0.06, -0.115, -0.065), Word.CLEAR),
        (estimate(0.04, 0.12, 0.055, 0.115), Word.LIKELY),
        (estimate(0.01, 0.12, 0.02, 0.115), Word.SMALL),
        (estimate(-0.01, 0.12, 0.02, 0.115), Word.EITHER),
        (estimate(-0.04, 0.04, -0.03, 0.03), Word.TOO_SMALL),
        (NotEnoughData(30, 4), Word.NOT_YET),
        (CannotTell("no design", "hide it sometimes"), Word.CANNOT_TELL),
    ],
)
def test_each_word_has_its_place(answer: Estimate, word: Word):
    assert word_for(answer, line=0.05, grade=Grade.RANDOMISED) is word


def test_without_randomisation_nothing_is_clear():
    got = word_for(estimate(0.06, 0.12, 0.065, 0.115), line=0.05, grade=Grade.BEFORE_AFTER)
    assert got is Word.LIKELY


def test_without_a_line_a_word_says_only_that_it_is_not_zero():
    past = estimate(0.06, 0.12, 0.065, 0.115)
    assert word_for(past, line=None, grade=Grade.RANDOMISED) is Word.NOT_ZERO
    across = estimate(-0.06, 0.12, -0.04, 0.115)
    assert word_for(across, line=None, grade=Grade.RANDOMISED) is Word.EITHER


def test_holm_stops_at_the_first_that_fails():
    # Sorted .01 <= .05/3, .03 > .05/2: stop; .04 is not looked at although .04 <= .05.
    assert holm([0.01, 0.04, 0.03]) == (True, False, False)


def test_four_people_are_refused_and_five_are_not():
    cases = np.full(4, 100.0)
    assert share(cases / 2, cases) == NotEnoughData(5, 4, "people")
    cases = np.full(5, 100.0)
    assert isinstance(share(cases / 2, cases), Estimate)


def test_one_busy_decider_among_five_is_refused():
    cases = np.array([1000.0, 5, 5, 5, 5])
    assert isinstance(share(cases / 2, cases), NotEnoughData)


def test_rare_events_are_refused():
    cases = np.full(20, 100.0)
    events = np.zeros(20)
    events[:9] = 1
    assert share(events, cases) == NotEnoughData(10, 9, "cases of this kind")


def test_the_difference_of_an_arm_without_events_is_refused():
    assert isinstance(difference_of_shares((0, 50), (100, 100), people=1), NotEnoughData)


def test_jackknife_of_a_mean_is_the_textbook_standard_error():
    # With one case each, the jackknife error of a mean is s / sqrt(J) and the freedom J - 1.
    values = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0])
    ones = np.ones(6)
    got = ratio(values, ones, ones)
    assert isinstance(got, Estimate)
    error = values.std(ddof=1) / np.sqrt(6)
    by_hand = t_estimate(values.mean(), error, 5, n=6, people=6, population=Population.LIKE_THESE)
    assert (got.low, got.high) == pytest.approx((by_hand.low, by_hand.high))


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)), min_size=6, max_size=30))
def test_a_share_lies_in_its_range_and_mirrors(pairs: list[tuple[int, int]]):
    events = np.array([float(min(e, n)) for e, n in pairs])
    cases = np.array([float(n) for _, n in pairs])
    yes, no = share(events, cases), share(cases - events, cases)
    assert isinstance(yes, Estimate) == isinstance(no, Estimate)
    if isinstance(yes, Estimate) and isinstance(no, Estimate):
        assert 0 <= yes.low <= yes.r90.low <= yes.value <= yes.r90.high <= yes.high <= 1
        assert yes.low == pytest.approx(1 - no.high, abs=1e-9)
