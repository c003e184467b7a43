"""Dated cases are cut into periods that can be compared."""

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sayso.domain.answer import NotEnoughData
from sayso.measure.estimators.periods import periods_of


def days_from(start: date, number: int, step: int = 1) -> list[date]:
    return [start + timedelta(days=i * step) for i in range(number)]


def cases_in(periods, days, cases):
    return [
        sum(n for day, n in zip(days, cases, strict=True) if one.since <= day < one.until)
        for one in periods
    ]


def test_months_are_preferred_where_there_are_six_to_twelve() -> None:
    days = days_from(date(2026, 1, 1), 212)
    found = periods_of(days, np.full(212, 5.0))
    assert not isinstance(found, NotEnoughData)
    assert [(p.unit, p.since.month) for p in found] == [("month", m) for m in range(1, 8)]


def test_a_month_that_has_only_begun_joins_the_one_before() -> None:
    days = days_from(date(2026, 1, 1), 215)
    found = periods_of(days, np.full(215, 5.0))
    assert not isinstance(found, NotEnoughData)
    assert (found[-1].since, found[-1].until) == (date(2026, 7, 1), date(2026, 8, 4))


def test_coarser_periods_are_taken_where_the_finer_ones_could_have_no_range() -> None:
    # Twelve weeks of 70 cases with 6 that count: a week cannot have a range, two weeks can.
    days = days_from(date(2026, 1, 5), 84)
    cases, totals = np.full(84, 10.0), np.zeros(84)
    totals[np.arange(84) % 7 < 6] = 1.0
    found = periods_of(days, cases, totals)
    assert not isinstance(found, NotEnoughData)
    assert {p.unit for p in found} == {"two weeks"}
    assert len(found) in (6, 7)


def test_too_few_cases_say_how_many_are_needed() -> None:
    found = periods_of(days_from(date(2026, 1, 1), 100), np.full(100, 1.0))
    assert found == NotEnoughData(180, 100)


def test_everything_on_one_day_has_no_periods() -> None:
    assert isinstance(periods_of([date(2026, 1, 1)], np.array([5000.0])), NotEnoughData)


def test_a_series_with_a_gap_keeps_its_periods_apart() -> None:
    days = [*days_from(date(2025, 1, 1), 90), *days_from(date(2025, 9, 1), 120)]
    found = periods_of(days, np.full(210, 4.0))
    assert not isinstance(found, NotEnoughData)
    assert found[3].since == date(2025, 9, 1)


@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=400),
    st.integers(1, 9),
    st.dates(date(2000, 1, 1), date(2030, 1, 1)),
)
def test_periods_are_six_to_twelve_whole_and_never_thin(
    loads: list[int], step: int, start: date
) -> None:
    days, cases = days_from(start, len(loads), step), np.array(loads, dtype=float)
    found = periods_of(days, cases)
    if isinstance(found, NotEnoughData):
        return
    held = cases_in(found, days, cases)
    assert 6 <= len(found) <= 12
    assert sum(held) == sum(loads)
    assert min(held) >= 30
    assert all(a.until == b.since for a, b in pairwise(found))
