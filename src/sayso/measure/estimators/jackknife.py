"""Delete-one-decider jackknife from deciders' sums: the range printed by one-off audits.

The percentile bootstrap over deciders covers 77 to 90 % with five to ten of them; this covers
92 to 97 % (RULINGS 1). Every function takes one number a decider, never a row a case.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Estimate, NotEnoughData, Population, Range
from sayso.measure.estimators.ranges import (
    expit,
    logit,
    refuse,
    refuse_events,
    t_estimate,
    t_p_value,
    t_quantile,
    wilson_estimate,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


# Where a difference of two shares can lie.
NET = Range(-1.0, 1.0)


def freedom_of(cases: Floats) -> float:
    """Effective degrees of freedom of unequal loads: (sum n)^2 / sum n^2 - 1, at least 1.

    Args:
        cases: Cases of each decider, shape (deciders,), >= 0.

    Examples:
        >>> freedom_of(np.array([40.0] * 10))
        9.0
    """
    squares = float(np.sum(cases**2))
    return 1.0 if squares == 0 else max(1.0, float(np.sum(cases)) ** 2 / squares - 1)


def jackknife_error(left_out: Floats) -> float:
    """Standard error from the estimates with each decider left out, shape (deciders,).

    Source:
        Efron and Stein (1981); RULINGS 1: se^2 = (J-1)/J sum (theta_(j) - mean)^2.
    """
    count = len(left_out)
    spread = float(np.sum((left_out - left_out.mean()) ** 2))
    return float(np.sqrt((count - 1) / count * spread))


def earned(left: Floats, freedom: float) -> float:
    """Degrees of freedom of a jackknife error, fewer where a few deciders make most of it.

    Loads alone do not say so: of rare events most come from a few people however alike loads are.

    Args:
        left: The estimates with each decider left out, shape (deciders,).
        freedom: What loads allow.

    Source:
        Satterthwaite (1946): 2 / CV^2 of the variance, which is (kurtosis - 1) / deciders.
    """
    apart = (left - left.mean()) ** 2
    squares = float(apart.sum())
    if squares == 0:
        return freedom
    count = len(left)
    kurtosis = count * float((apart**2).sum()) / squares**2
    return max(1.0, min(freedom, 2 * count / max(kurtosis - 1, 1e-9)))


def skewed_range(value: float, left: Floats, *, level: float) -> Range:
    """Range from leaving groups out, for a statistic whose errors lean to one side.

    Args:
        value: The whole estimate.
        left: The same with each group left out, shape (groups,).
        level: Coverage.

    Source:
        Hall (1992), J. R. Statist. Soc. B 54:221-228: a cubic that takes the skewness away, with
        Student's quantiles in place of the normal's.
    """
    count, error = len(left), jackknife_error(left)
    apart = left.mean() - left
    spread = float((apart**2).mean())
    reach = t_quantile(level, count - 1)
    if spread == 0:
        return Range(value, value)
    skew = float((apart**3).mean()) / spread**1.5
    root = count**0.5

    def turned(z: float) -> float:
        if abs(skew) < 1e-6:
            return z
        inner = 1 + skew * (z / root - skew / (6 * count))
        return 3 * root / skew * (float(np.cbrt(inner)) - 1)

    return Range(value - error * turned(reach), value - error * turned(-reach))


def share(
    events: Floats,
    cases: Floats,
    *,
    population: Population = Population.LIKE_THESE,
    line: float | None = None,
    reference: float = 0.0,
) -> Estimate | NotEnoughData:
    """A share over all cases, its range clustered by decider on the logit scale.

    Args:
        events: Cases of each decider that count, shape (deciders,).
        cases: Cases of each decider, shape (deciders,), 0 allowed.
        population: THESE gives a Wilson range of these cases and needs no minimum of people.
        line: Smallest distance from the reference that matters, for the Holm step.
        reference: What the share is held against.

    Returns:
        A share in 0..1, or what is missing.
    """
    used = cases > 0
    events, cases = events[used], cases[used]
    total, count = float(events.sum()), float(cases.sum())
    yes, no, people = round(total), round(count - total), int(used.sum())
    if count == 0:
        return NotEnoughData(1, 0)
    if population is Population.THESE:
        return refuse_events(yes, no) or wilson_estimate(yes, round(count), people=people)
    freedom = freedom_of(cases)
    missing = refuse(people=people, freedom=freedom, events=yes, non_events=no)
    if missing:
        return missing
    centre = logit((total + 0.5) / (count + 1))
    left = (total - events + 0.5) / (count - cases + 1)
    odds = np.log(left / (1 - left))
    error, freedom = jackknife_error(odds), earned(odds, freedom)
    value = total / count

    def around(level: float) -> Range:
        reach = t_quantile(level, freedom) * error
        return Range(min(expit(centre - reach), value), max(expit(centre + reach), value))

    p_line = None
    if line is not None:
        edge = reference + line if value > reference else reference - line
        past = value > reference + line or value < reference - line
        distance = abs(centre - logit(min(max(edge, 1e-9), 1 - 1e-9))) if past else 0.0
        p_line = t_p_value(distance, error, freedom)
    return Estimate(
        value=value,
        r95=around(0.95),
        r90=around(0.90),
        r50=around(0.50),
        n=round(count),
        people=people,
        population=population,
        events=yes,
        non_events=no,
        p_line=p_line,
    )


def ratio(
    totals: Floats,
    weights: Floats,
    cases: Floats,
    *,
    population: Population = Population.LIKE_THESE,
    line: float | None = None,
    events: int | None = None,
    non_events: int | None = None,
    bounds: Range | None = None,
) -> Estimate | NotEnoughData:
    """A ratio of sums (a mean, a net share, a regression weight), clustered by decider.

    Args:
        totals: Numerator sum of each decider, shape (deciders,).
        weights: Denominator sum of each decider, shape (deciders,); for a mean, the cases.
        cases: Cases of each decider, shape (deciders,).
        population: Of whom it speaks; THESE keeps the same range without the minimum of people.
        line: Smallest value that matters, for the Holm step.
        events: Cases that count, where the threshold of ten applies.
        non_events: The others.
        bounds: What the value can be at all.

    Returns:
        The ratio in the numerator's unit per the denominator's, or what is missing.
    """
    used = cases > 0
    totals, weights, cases = totals[used], weights[used], cases[used]
    people, whole = len(cases), float(weights.sum())
    if people == 0 or whole == 0:
        return NotEnoughData(1, 0)
    freedom = freedom_of(cases)
    missing = (
        refuse(people=people, freedom=freedom, events=events, non_events=non_events)
        if population is Population.LIKE_THESE
        else NotEnoughData(2, people, "people")
        if people < 2
        else refuse_events(events, non_events)
    )
    if missing:
        return missing
    left_weights = whole - weights
    if np.any(left_weights <= 0):
        return NotEnoughData(2, 1, "people with such cases")
    left = (totals.sum() - totals) / left_weights
    value, freedom = float(totals.sum()) / whole, earned(left, freedom)
    found = t_estimate(
        value,
        jackknife_error(left),
        freedom,
        n=round(float(cases.sum())),
        people=people,
        population=population,
        line=line,
        events=events,
        non_events=non_events,
        bounds=bounds,
    )
    return _bounded(found, left, cases, freedom, bounds, line)


def _bounded(
    found: Estimate,
    left: Floats,
    cases: Floats,
    freedom: float,
    bounds: Range | None,
    line: float | None,
) -> Estimate:
    if bounds is None or not np.isfinite(bounds.low):
        return found
    if np.isfinite(bounds.high):
        return _between(found, left, cases, freedom, bounds, line)
    return above_zero(found, left, freedom) if bounds.low == 0 and line is None else found


def above_zero(found: Estimate, left: Floats, freedom: float) -> Estimate:
    """The estimate of something that cannot be below 0 with ranges on the log scale.

    Args:
        found: The estimate.
        left: The same with each decider left out, shape (deciders,).
        freedom: Degrees of freedom.
    """
    if found.value <= 0 or float(left.min()) <= 0:
        return found
    odds = np.log(left)
    error, freedom = jackknife_error(odds), earned(odds, freedom)

    def around(level: float) -> Range:
        times = float(np.exp(t_quantile(level, freedom) * error))
        return Range(found.value / times, found.value * times)

    return replace(found, r95=around(0.95), r90=around(0.90), r50=around(0.50))


def _between(
    found: Estimate, left: Floats, cases: Floats, freedom: float, bounds: Range, line: float | None
) -> Estimate:
    """The estimate with ranges on the logit scale of where it lies between its bounds.

    On the raw scale a net share of people who differ strongly, or whose cases are few and
    uneven, covers 91 of 100.
    """
    wide = bounds.high - bounds.low
    count = float(cases.sum())

    def turned(values: Floats, n: Floats) -> Floats:
        place = ((values - bounds.low) / wide * n + 0.5) / (n + 1)
        place = np.clip(place, 1e-12, 1 - 1e-12)
        return np.log(place / (1 - place))

    centre = float(turned(np.array([found.value]), np.array([count]))[0])
    error = jackknife_error(turned(left, count - cases))

    def around(level: float) -> Range:
        reach = t_quantile(level, freedom) * error
        low, high = (bounds.low + wide * expit(centre + sign * reach) for sign in (-1, 1))
        return Range(min(low, found.value), max(high, found.value))

    p_line = None
    if line is not None:
        edge = line if found.value > 0 else -line
        there = float(turned(np.array([edge]), np.array([count]))[0])
        p_line = t_p_value(abs(centre - there) if abs(found.value) > line else 0.0, error, freedom)
    return replace(found, r95=around(0.95), r90=around(0.90), r50=around(0.50), p_line=p_line)


def difference_within(
    events: tuple[Floats, Floats],
    cases: tuple[Floats, Floats],
    *,
    line: float | None = None,
    happened: tuple[float, float] | None = None,
    bounds: Range | None = NET,
) -> Estimate | NotEnoughData:
    """With minus without, compared within each decider, for people like these.

    Each decider's difference counts in proportion to n1 n0 / (n1 + n0); deciders without cases
    in both arms say nothing and are left out.

    Args:
        events: Cases that count, or a sum over cases, (with, without), each shape (deciders,).
        cases: Cases, (with, without), each shape (deciders,).
        line: Smallest difference that matters.
        happened: Events and non-events of the arm with fewer, where ``events`` is a sum of costs.
        bounds: What the difference can be at all.

    Returns:
        A difference of shares in -1..1, or of means; or what is missing.
    """
    both = (cases[0] > 0) & (cases[1] > 0)
    x1, x0, n1, n0 = events[0][both], events[1][both], cases[0][both], cases[1][both]
    if not both.any():
        return NotEnoughData(1, 0, "people with cases in both arms")
    weight = n1 * n0 / (n1 + n0)
    gain = weight * (x1 / n1 - x0 / n0)
    if happened is None:
        happened = float(min(x1.sum(), x0.sum())), float(min((n1 - x1).sum(), (n0 - x0).sum()))
    loads = n1 + n0
    freedom = freedom_of(loads)
    missing = refuse(
        people=len(loads),
        freedom=freedom,
        events=round(happened[0]),
        non_events=round(happened[1]),
    )
    if missing:
        return missing
    left = (gain.sum() - gain) / (weight.sum() - weight)
    freedom = earned(left, freedom)
    return t_estimate(
        float(gain.sum() / weight.sum()),
        jackknife_error(left),
        freedom,
        n=round(float(loads.sum())),
        people=len(loads),
        population=Population.LIKE_THESE,
        line=line,
        events=round(happened[0]),
        non_events=round(happened[1]),
        bounds=bounds,
    )


def difference_of_means(
    totals: tuple[float, float],
    squares: tuple[float, float],
    cases: tuple[float, float],
    *,
    people: int,
    happened: tuple[float, float],
    line: float | None = None,
) -> Estimate | NotEnoughData:
    """With minus without, of means in these cases, by Neyman's standard error.

    Args:
        totals: Sums, (with, without).
        squares: Sums of squares, (with, without).
        cases: Cases, (with, without).
        people: Deciders behind them.
        happened: Events and non-events of the arm with fewer.
        line: Smallest difference that matters.

    Source:
        Neyman (1923).
    """
    missing = refuse_events(round(happened[0]), round(happened[1]))
    if missing:
        return missing
    means = [x / n for x, n in zip(totals, cases, strict=True)]
    variance = sum(
        max(0.0, q / n - m**2) / (n - 1) for q, n, m in zip(squares, cases, means, strict=True)
    )
    return t_estimate(
        means[0] - means[1],
        float(np.sqrt(variance)),
        float("inf"),
        n=round(sum(cases)),
        people=people,
        population=Population.THESE,
        line=line,
        events=round(happened[0]),
        non_events=round(happened[1]),
    )


def difference_of_shares(
    events: tuple[float, float],
    cases: tuple[float, float],
    *,
    people: int,
    line: float | None = None,
) -> Estimate | NotEnoughData:
    """With minus without, in these cases, by Neyman's standard error.

    Args:
        events: Cases that count, (with, without).
        cases: Cases, (with, without).
        people: Deciders behind them.
        line: Smallest difference that matters.

    Returns:
        A difference of shares in -1..1; refused under ten events or non-events in an arm.

    Source:
        Neyman (1923); reproduces Imai et al. (2023) on the pretrial trial.

    Examples:
        >>> got = difference_of_shares((716, 659), (948, 943), people=1)
        >>> round(got.value, 4), round(got.low, 4), round(got.high, 4)
        (0.0564, 0.0163, 0.0965)
    """
    for x, n in zip(events, cases, strict=True):
        missing = refuse_events(round(x), round(n - x))
        if missing:
            return missing
    shares = [x / n for x, n in zip(events, cases, strict=True)]
    variance = sum(p * (1 - p) / (n - 1) for p, n in zip(shares, cases, strict=True))
    return t_estimate(
        shares[0] - shares[1],
        float(np.sqrt(variance)),
        float("inf"),
        n=round(sum(cases)),
        people=people,
        population=Population.THESE,
        line=line,
        events=round(min(events)),
        non_events=round(min(n - x for x, n in zip(events, cases, strict=True))),
        bounds=Range(-1.0, 1.0),
    )
