"""Cutting dated cases into periods that can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import NotEnoughData

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FEWEST, MOST, LEAST_CASES, LEAST_EVENTS = 6, 12, 30, 10


@dataclass(frozen=True, slots=True)
class Period:
    """Some days in a row, half-open: ``since`` belongs to it, ``until`` to the next.

    Attributes:
        since: First day.
        until: First day that is not in it.
        unit: What it is: week, two weeks, month, quarter, half-year, year, or days.
    """

    since: date
    until: date
    unit: str


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _two_weeks(day: date) -> date:
    return date.fromordinal((day.toordinal() - 1) // 14 * 14 + 1)


def _months(number: int) -> Callable[[date], date]:
    return lambda day: date(day.year, (day.month - 1) // number * number + 1, 1)


_UNITS: tuple[tuple[str, Callable[[date], date]], ...] = (
    ("week", _week),
    ("two weeks", _two_weeks),
    ("month", _months(1)),
    ("quarter", _months(3)),
    ("half-year", _months(6)),
    ("year", _months(12)),
)


def periods_of(
    days: Sequence[date], cases: Floats, totals: Floats | None = None
) -> tuple[Period, ...] | NotEnoughData:
    """Six to twelve periods of at least 30 cases each.

    Calendar units come first, and of those the finest in which every period has ten cases of
    either kind, so that each can have a range; a thin first or last one joins its neighbour.
    Where no unit will do, whole days are put together in equal shares of the cases.

    Args:
        days: Ascending, each once.
        cases: Cases of each day, shape (days,), >= 0.
        totals: Cases that count, of each day; None where cases are no yes or no.

    Returns:
        The periods in order, or what is missing.

    Examples:
        >>> days = [date(2026, m, 10) for m in range(1, 8)]
        >>> found = periods_of(days, np.full(7, 40.0))
        >>> len(found), found[0].unit, found[-1].since.isoformat()
        (7, 'week', '2026-07-06')
    """
    whole = float(np.sum(cases))
    if whole < FEWEST * LEAST_CASES:
        return NotEnoughData(FEWEST * LEAST_CASES, round(whole))
    found = [m for unit, start in _UNITS if (m := _by_unit(days, cases, totals, unit, start))]
    if not found:
        most = min(MOST, int(whole // LEAST_CASES))
        found = [m for k in range(most, FEWEST - 1, -1) if (m := _by_share(days, cases, k))]
    if not found:
        return NotEnoughData(FEWEST, 1, "periods of at least 30 cases")
    if totals is None:
        return found[0]
    return next((one for one in found if _both_kinds(one, days, cases, totals)), found[-1])


def _by_unit(
    days: Sequence[date],
    cases: Floats,
    totals: Floats | None,
    unit: str,
    start: Callable[[date], date],
) -> tuple[Period, ...]:
    loads: dict[date, tuple[float, float]] = {}
    for i, day in enumerate(days):
        if cases[i] > 0:
            n, yes = loads.get(start(day), (0.0, 0.0))
            loads[start(day)] = n + cases[i], yes + (0.0 if totals is None else totals[i])

    def thin(one: date) -> bool:
        n, yes = loads[one]
        few = totals is not None and min(yes, n - yes) < LEAST_EVENTS
        return n < LEAST_CASES or few

    def join(kept: date, gone: date) -> None:
        loads[kept] = loads[kept][0] + loads[gone][0], loads[kept][1] + loads[gone][1]
        starts.remove(gone)

    starts = sorted(loads)
    # A period that has only begun, or was cut off, says too little to stand alone.
    if len(starts) > FEWEST and thin(starts[-1]):
        join(starts[-2], starts[-1])
    if len(starts) > FEWEST and thin(starts[0]):
        join(starts[0], starts[1])
    if not FEWEST <= len(starts) <= MOST or min(loads[s][0] for s in starts) < LEAST_CASES:
        return ()
    return _closed(starts, days[-1] + timedelta(days=1), unit)


def _by_share(days: Sequence[date], cases: Floats, number: int) -> tuple[Period, ...]:
    """Whole days in equal shares of the cases; nothing where days are too thick for that."""
    reached, whole = np.cumsum(cases), float(np.sum(cases))
    cuts = [int(np.searchsorted(reached, whole * i / number)) + 1 for i in range(1, number)]
    starts = [0, *cuts]
    if len(set(starts)) < number or starts[-1] >= len(days):
        return ()
    ends = [*starts[1:], len(days)]
    if min(float(cases[a:b].sum()) for a, b in zip(starts, ends, strict=True)) < LEAST_CASES:
        return ()
    return _closed([days[i] for i in starts], days[-1] + timedelta(days=1), "days")


def _closed(starts: Sequence[date], end: date, unit: str) -> tuple[Period, ...]:
    return tuple(Period(a, b, unit) for a, b in zip(starts, [*starts[1:], end], strict=True))


def _both_kinds(
    periods: Sequence[Period], days: Sequence[date], cases: Floats, totals: Floats
) -> bool:
    for one in periods:
        inside = np.array([one.since <= day < one.until for day in days])
        yes, all_ = float(totals[inside].sum()), float(cases[inside].sum())
        if min(yes, all_ - yes) < LEAST_EVENTS:
            return False
    return True
