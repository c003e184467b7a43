"""A straight line through periods: by how much something differs late from early."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, NotEnoughData, Population, Range
from sayso.measure.estimators.jackknife import freedom_of, jackknife_error
from sayso.measure.estimators.ranges import refuse, t_estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEAST_WEEKS = 8


def line_change(values: Floats, weights: Floats) -> Floats:
    """Change along the weighted least-squares line from the first period to the last.

    Args:
        values: Shape (..., periods).
        weights: Same shape, >= 0; a period of weight 0 takes no part.

    Returns:
        Shape (...); NaN where fewer than two periods have weight.

    Examples:
        >>> float(line_change(np.array([0.1, 0.2, 0.3]), np.ones(3)).round(6))
        0.2
    """
    places = np.arange(values.shape[-1], dtype=np.float64)
    total = weights.sum(axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = (weights * places).sum(axis=-1, keepdims=True) / total
        apart = weights * (places - centre)
        spread = (apart * (places - centre)).sum(axis=-1)
        slope = (apart * np.where(weights > 0, values, 0.0)).sum(axis=-1) / spread
    slope = np.where(spread > 1e-12, slope, np.nan)
    return np.asarray(slope * (places[-1] - places[0]), dtype=np.float64)


def ratio_change(
    events: Floats, cases: Floats, *, population: Population, line: float, floor: float = 0.0
) -> Answer:
    """Change of a ratio of sums over the periods, clustered by decider.

    Args:
        events: Sums of each decider in each period, shape (deciders, periods).
        cases: Cases of each, same shape.
        population: THESE takes cases as independent; LIKE_THESE leaves out one decider at a time.
        line: Smallest change that matters.
        floor: A standard error that the range may not go below, such as that of weeks.

    Returns:
        The change from first period to last on a straight line, or what is missing.
    """
    total = cases.sum(axis=0)
    if (total > 0).sum() < 2:
        return NotEnoughData(2, int((total > 0).sum()), "quarters")
    value = float(line_change(_ratio(events.sum(axis=0), total), total))
    if population is Population.THESE:
        spread = _ratio(events.sum(axis=0), total)
        variance = np.maximum(spread * (1 - spread), 0.25 / np.maximum(total, 1))
        error = _line_error(variance / np.maximum(total, 1), total)
        return _estimate(value, max(error, floor), float("inf"), cases, population, line)
    left_events, left_cases = events.sum(axis=0) - events, total - cases
    left = line_change(_ratio(left_events, left_cases), left_cases)
    return _jackknifed(value, left, cases, line, floor)


def difference_change(
    events: tuple[Floats, Floats],
    cases: tuple[Floats, Floats],
    *,
    population: Population,
    line: float,
) -> Answer:
    """Change of a difference between two arms over the periods.

    For people like these each decider's difference counts in proportion to n1 n0 / (n1 + n0), as
    in ``difference_within``; for these cases the arms are compared whole.

    Args:
        events: Cases that count, (with, without), each shape (deciders, periods).
        cases: Cases, (with, without), same shapes.
        population: Of whom it speaks.
        line: Smallest change that matters.
    """
    if population is Population.THESE:
        sums = [(x.sum(axis=0), n.sum(axis=0)) for x, n in zip(events, cases, strict=True)]
        shares = [_ratio(x, n) for x, n in sums]
        both = (sums[0][1] > 0) & (sums[1][1] > 0)
        weights = np.where(both, 1 / sum(1 / np.maximum(n, 1) for _, n in sums), 0.0)
        if both.sum() < 2:
            return NotEnoughData(2, int(both.sum()), "quarters with both arms")
        variance = sum(
            np.maximum(p * (1 - p), 0.25 / np.maximum(n, 1)) / np.maximum(n, 1)
            for p, (_, n) in zip(shares, sums, strict=True)
        )
        value = float(line_change(shares[0] - shares[1], weights))
        error = _line_error(np.asarray(variance), weights)
        return _estimate(value, error, float("inf"), cases[0] + cases[1], population, line)
    weight, gain = within(events, cases)
    total = weight.sum(axis=0)
    if (total > 0).sum() < 2:
        return NotEnoughData(2, int((total > 0).sum()), "quarters with both arms")
    value = float(line_change(_ratio(gain.sum(axis=0), total), total))
    left = line_change(_ratio(gain.sum(axis=0) - gain, total - weight), total - weight)
    used = weight.sum(axis=1) > 0
    return _jackknifed(value, left[used], (cases[0] + cases[1])[used], line, 0.0)


def within(events: tuple[Floats, Floats], cases: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Weights of each decider's own difference, and weight times difference.

    Returns:
        Both of the shape of ``cases``; 0 where a decider lacks an arm.
    """
    both = (cases[0] > 0) & (cases[1] > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.where(both, cases[0] * cases[1] / (cases[0] + cases[1]), 0.0)
        gain = np.where(both, weight * (events[0] / cases[0] - events[1] / cases[1]), 0.0)
    return weight, gain


def week_error(shares: Floats, cases: Floats) -> float:
    """Error of the change along a line through weeks, one week left out at a time.

    Weeks share more than chance: what else happened then moves everybody.

    Args:
        shares: Of each week, shape (weeks,).
        cases: Of each week.

    Returns:
        0 with fewer than eight weeks, which say nothing of how weeks differ.
    """
    if len(shares) < LEAST_WEEKS:
        return 0.0
    keep = 1 - np.eye(len(shares))
    left = line_change(np.broadcast_to(shares, keep.shape), keep * cases)
    left = left[np.isfinite(left)]
    return jackknife_error(left) if len(left) > 1 else 0.0


def _jackknifed(value: float, left: Floats, cases: Floats, line: float, floor: float) -> Answer:
    loads = cases.sum(axis=1)
    used = loads > 0
    loads, left = loads[used], left[used]
    freedom = freedom_of(loads)
    missing = refuse(people=len(loads), freedom=freedom, events=None, non_events=None)
    if missing:
        return missing
    if not np.isfinite(left).all():
        return NotEnoughData(2, 1, "people in each quarter")
    error = max(jackknife_error(left), floor)
    return _estimate(value, error, freedom, cases[used], Population.LIKE_THESE, line)


def _estimate(
    value: float, error: float, freedom: float, cases: Floats, population: Population, line: float
) -> Answer:
    return t_estimate(
        value,
        error,
        freedom,
        n=round(float(cases.sum())),
        people=len(cases),
        population=population,
        line=line,
        bounds=Range(-2.0, 2.0),
    )


def _line_error(variance: Floats, weights: Floats) -> float:
    places = np.arange(len(weights), dtype=np.float64)
    centre = float((weights * places).sum() / weights.sum())
    apart = weights * (places - centre)
    spread = float((apart * (places - centre)).sum())
    return float(np.sqrt((apart**2 * variance).sum())) / spread * (len(weights) - 1)


def _ratio(events: Floats, cases: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(cases > 0, events / np.where(cases > 0, cases, 1.0), 0.0)
