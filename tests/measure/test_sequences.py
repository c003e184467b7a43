"""Sequences may be split, stored, merged and looked at every day, and never carried over."""

from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.domain.answer import Estimate, NotEnoughData, Population, Range
from sayso.measure.estimators.bets import Wealth, averaged, kept_at
from sayso.measure.estimators.sequences import (
    Arms,
    Counted,
    Running,
    difference_so_far,
    mean_so_far,
    normal_bound,
    normal_log_wealth,
    running,
    share_so_far,
    shares_held,
    taken_up,
)

terms = st.lists(st.floats(0, 1, width=32), max_size=40)
quick = settings(max_examples=40, deadline=None)


@quick
@given(terms, st.integers(0, 40))
def test_any_split_of_the_terms_merges_to_the_same_mean(values: list[float], cut: int):
    whole = running("m", np.array(values))
    merged = running("m", np.array(values[:cut])) + running("m", np.array(values[cut:]))
    assert merged.n == whole.n
    assert (merged.mean, merged.m2) == pytest.approx((whole.mean, whole.m2), abs=1e-9)


@quick
@given(terms, st.integers(0, 40))
def test_bets_merge_whatever_the_order(values: list[float], cut: int):
    whole = Wealth("m", 0.4).after(np.array(values))
    late = Wealth("m", 0.4).after(np.array(values[cut:]))
    early = Wealth("m", 0.4).after(np.array(values[:cut]))
    assert (late + early).value == pytest.approx(whole.value)


def test_large_terms_keep_their_spread_when_merged():
    # A sum of squares would lose it: 1e8 squared leaves no digits for a spread of one.
    values = 1e8 + np.array([0.0, 1.0] * 500)
    merged = running("m", values[:300]) + running("m", values[300:])
    assert merged.spread == pytest.approx(0.5)


def test_a_stored_state_is_taken_up_where_it_was_left():
    stored = asdict(Wealth("m", 0.3).after(np.array([1.0, 0.0, 1.0])))
    stored["logs"] = tuple(stored["logs"])
    again = Wealth(**stored).after(np.array([1.0, 1.0]))
    assert again.value == Wealth("m", 0.3).after(np.array([1.0, 0.0, 1.0, 1.0, 1.0])).value


def test_a_new_version_of_the_model_starts_anew():
    assert taken_up(Counted("one", 30, 60), "two") == Counted("two")
    assert taken_up(Counted("one", 30, 60), "one") == Counted("one", 30, 60)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Counted("one", 1, 2), Counted("two", 1, 2)),
        (Running("one", 1, 1.0), Running("two", 1, 1.0)),
        (Wealth("one", 0.5), Wealth("two", 0.5)),
        (Wealth("one", 0.5), Wealth("one", 0.4)),
        (
            Arms(Counted("one"), Counted("one"), 0.5),
            Arms(Counted("one"), Counted("one"), 0.9),
        ),
    ],
)
def test_what_belongs_to_two_versions_does_not_merge(first: object, second: object):
    with pytest.raises(ValueError, match=r"carried over|do not merge"):
        first + second  # type: ignore[operator]


def test_an_arm_of_another_version_is_refused():
    with pytest.raises(ValueError, match="carried over"):
        Arms(Counted("one", 1, 2), Counted("two", 1, 2), 0.5)


@pytest.mark.parametrize(("events", "non_events"), [(19, 400), (400, 19), (0, 0)])
def test_a_mean_waits_for_twenty_of_either_kind(events: int, non_events: int):
    state = running("m", np.array([1.0] * events + [0.0] * non_events))
    got = mean_so_far(state, events=events, non_events=non_events, best_at=500, people=9)
    assert got == NotEnoughData(
        20,
        events if events < 20 else non_events,
        "cases of this kind" if events < 20 else "cases of the other kind",
    )


def test_a_difference_waits_for_twenty_of_either_kind_in_the_smaller_arm():
    arms = Arms(Counted("m", 700, 1000), Counted("m", 91, 110), 0.9)
    assert difference_so_far(arms, best_at=1000, people=9) == NotEnoughData(
        20, 19, "cases of this kind"
    )
    grown = Arms(Counted("m", 700, 1000), Counted("m", 91, 111), 0.9)
    assert isinstance(difference_so_far(grown, best_at=1000, people=9), Estimate)


def test_a_share_may_be_told_from_the_first_case_on_of_these_people_only():
    got = share_so_far(Counted("m", 1, 1), best_at=100, people=1)
    assert isinstance(got, Estimate)
    assert got.population is Population.THESE
    assert got.low < 0.1
    assert got.high == 1.0
    assert share_so_far(Counted("m"), best_at=100, people=0) == NotEnoughData(1, 0)


@pytest.mark.parametrize("best_at", [1.0, 7.0, 9.99])
def test_a_mixture_that_does_not_exist_is_refused(best_at: float):
    with pytest.raises(ValueError, match="best_at"):
        shares_held(Counted("m", 5, 10), alpha=0.05, best_at=best_at)


def test_a_stricter_alpha_needs_a_later_best_at():
    with pytest.raises(ValueError, match="best_at"):
        shares_held(Counted("m", 5, 10), alpha=0.001, best_at=12.0)


@quick
@given(st.integers(0, 300), st.integers(0, 300))
def test_counting_the_other_way_mirrors_the_range(yes: int, no: int):
    one = shares_held(Counted("m", yes, yes + no), alpha=0.05, best_at=100.0)
    other = shares_held(Counted("m", no, yes + no), alpha=0.05, best_at=100.0)
    assert (one.low, one.high) == pytest.approx((1 - other.high, 1 - other.low), abs=1e-9)
    assert 0 <= one.low <= one.high <= 1


@quick
@given(st.integers(20, 300), st.integers(20, 300))
def test_ranges_of_a_higher_level_hold_those_of_a_lower(yes: int, no: int):
    got = share_so_far(Counted("m", yes, yes + no), best_at=100, people=3)
    assert isinstance(got, Estimate)
    for inner, outer in ((got.r50, got.r90), (got.r90, got.r95)):
        assert outer.low <= inner.low <= inner.high <= outer.high


def test_the_bound_is_where_the_winnings_reach_one_over_alpha():
    bound = normal_bound(50.0, 8.0, alpha=0.05)
    assert normal_log_wealth(bound, 50.0, 8.0) == pytest.approx(np.log(20))


@quick
@given(
    st.tuples(st.integers(0, 50), st.integers(0, 50)),
    st.tuples(st.integers(0, 50), st.integers(0, 50)),
    st.floats(0.1, 0.9),
    st.floats(-1, 2),
)
def test_terms_of_arms_are_those_of_the_cases_one_by_one(
    treated: tuple[int, int], control: tuple[int, int], chance: float, centre: float
):
    arms = Arms(
        Counted("m", treated[0], sum(treated)), Counted("m", control[0], sum(control)), chance
    )
    one_by_one = [
        (y - centre) / chance if z else -(y - centre) / (1 - chance)
        for z, (yes, no) in ((1, treated), (0, control))
        for y, count in ((1, yes), (0, no))
        for _ in range(count)
    ]
    got, plain = arms.terms(centre), running("m", np.array(one_by_one))
    assert got.n == plain.n
    assert (got.mean, got.m2) == pytest.approx((plain.mean, plain.m2), abs=1e-6)


def test_a_term_that_could_take_more_than_there_is_is_refused():
    with pytest.raises(ValueError, match=r"0\.\.1"):
        Wealth("m", 0.5).after(np.array([0.2, 1.2]))
    with pytest.raises(ValueError, match=r"0\.\.1"):
        Wealth("m", 0.5).after(np.array([np.nan]))


def test_bets_are_worth_nothing_before_the_first_case_and_never_overflow():
    assert Wealth("m", 0.5).value == 1.0
    assert Wealth("m", 0.01).after(np.ones(10_000)).value > 1e300


@quick
@given(st.floats(0.05, 0.95))
def test_a_bet_wins_nothing_on_average_where_its_null_is_true(null: float):
    # All sequences of four yes or no, each with its chance: the average is exactly 1.
    total = 0.0
    for code in range(16):
        values = np.array([(code >> i) & 1 for i in range(4)], dtype=float)
        chance = float(np.prod(np.where(values == 1, null, 1 - null)))
        total += chance * Wealth("m", null).after(values).value
    assert total == pytest.approx(1.0)


def test_findings_of_many_streams_are_kept_by_their_rank():
    # Four streams at 5 %: the first needs 80, two need 40 each, three 26.7, four 20.
    assert kept_at([26.0, 41.0, 1.0, 60.0], level=0.05) == (False, True, False, True)
    assert kept_at([20.0, 20.0, 20.0, 20.0], level=0.05) == (True,) * 4
    assert kept_at([], level=0.05) == ()


def test_e_values_that_may_depend_are_averaged():
    assert averaged([40.0, 0.0]) == 20.0


@pytest.mark.deep
@pytest.mark.parametrize("share", [0.5, 0.1, 0.02])
def test_looking_every_day_at_a_share_is_wrong_in_at_most_one_year_in_twenty(share: float):
    draw = np.random.default_rng(11)
    wrong = 0
    for _ in range(250):
        events = cases = 0
        for cases_today in draw.poisson(8, size=365):
            events += int(draw.binomial(cases_today, share))
            cases += int(cases_today)
            state = Counted("m", events, cases)
            if cases and not _holds(state, share):
                wrong += 1
                break
    assert wrong / 250 <= 0.05 + 0.028


def _holds(state: Counted, share: float) -> bool:
    return shares_held(state, alpha=0.05, best_at=500.0).contains(share)


@pytest.mark.deep
@pytest.mark.parametrize(("chance", "share"), [(0.9, 0.7), (0.9, 0.05), (0.5, 0.02)])
def test_looking_every_day_at_a_hold_out_is_wrong_in_at_most_one_year_in_twenty(
    chance: float, share: float
):
    draw = np.random.default_rng(12)
    wrong = 0
    for _ in range(600):
        day = draw.poisson(9, 365)
        treated = draw.binomial(day, chance)
        x1, x0 = draw.binomial(treated, share), draw.binomial(day - treated, share)
        counts = np.cumsum([x1, treated, x0, day - treated], axis=1)
        for e1, n1, e0, n0 in counts.T.tolist():
            got = difference_so_far(
                Arms(Counted("m", e1, n1), Counted("m", e0, n0), chance), best_at=1500, people=9
            )
            if isinstance(got, Estimate) and not Range(got.low, got.high).contains(0.0):
                wrong += 1
                break
    assert wrong / 600 <= 0.05 + 0.018


@pytest.mark.deep
def test_a_gate_looked_at_every_day_opens_wrongly_in_at_most_one_year_in_twenty():
    draw = np.random.default_rng(13)
    opened = 0
    for _ in range(2000):
        state = Wealth("m", 0.3)
        for cases in draw.poisson(8, size=365):
            state = state.after((draw.random(int(cases)) < 0.3).astype(float))
            if state.rejects(alpha=0.05):
                opened += 1
                break
    assert opened / 2000 <= 0.05


def test_a_gate_opens_on_a_real_gain_within_a_year():
    draw = np.random.default_rng(14)
    state = Wealth("m", 0.3).after((draw.random(3000) < 0.36).astype(float))
    assert state.rejects(alpha=0.05)
