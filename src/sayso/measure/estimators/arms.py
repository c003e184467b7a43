"""With and without, by decider: the sums that every comparison of two arms starts from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from sayso.domain.answer import Answer, Estimate, NotEnoughData, Population, Range
from sayso.measure.estimators.jackknife import (
    difference_of_shares,
    difference_within,
    freedom_of,
    jackknife_error,
)
from sayso.measure.estimators.ranges import refuse, t_estimate

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sayso.measure.rows import Rows

    Floats = NDArray[np.float64]


# Cases of the average that count beside a decider's own.
PULL = 4.0


@dataclass(frozen=True, slots=True)
class Arms:
    """Cases and those that count, of each decider, with and without.

    Attributes:
        events: (with, without), each shape (deciders,).
        cases: (with, without), each shape (deciders,).
    """

    events: tuple[Floats, Floats]
    cases: tuple[Floats, Floats]

    @property
    def people(self) -> int:
        """Deciders with a case in either arm."""
        return int(np.sum(self.cases[0] + self.cases[1] > 0))

    def total(self, arm: int) -> tuple[float, float]:
        """Events and cases of an arm, 0 with and 1 without."""
        return float(self.events[arm].sum()), float(self.cases[arm].sum())

    def share(self, arm: int) -> float | None:
        """The arm's share; None without cases."""
        events, cases = self.total(arm)
        return events / cases if cases else None


def arms_of(rows: Rows, arm: str, events: str, cases: str = "cases") -> Arms:
    """Sum a query's rows by decider and arm.

    Args:
        rows: Rows with a column ``decider``.
        arm: Name of the yes/no column; rows where it is NULL are left out.
        events: Column of cases that count.
        cases: Column of cases.
    """
    index, place = rows.codes("decider")
    inside, x, n = rows.numbers(arm), rows.numbers(events), rows.numbers(cases)
    sums: list[Floats] = []
    for wanted in (1.0, 0.0):
        kept = inside == wanted
        for values in (x, n):
            sums.append(np.bincount(index[kept], values[kept], minlength=len(place)).astype(float))
    return Arms((sums[0], sums[2]), (sums[1], sums[3]))


def compare(arms: Arms, *, population: Population, line: float | None) -> Answer:
    """With minus without: within deciders for people like these, else in these cases."""
    if population is Population.LIKE_THESE:
        return difference_within(arms.events, arms.cases, line=line)
    return difference_of_shares(
        (arms.total(0)[0], arms.total(1)[0]),
        (arms.total(0)[1], arms.total(1)[1]),
        people=arms.people,
        line=line,
    )


def compare_differences(first: Arms, second: Arms, *, population: Population) -> Answer:
    """The first comparison minus the second, both of the same deciders in the same order.

    Returns:
        A difference of differences in -2..2, or what is missing.
    """
    n = round(sum(a.total(0)[1] + a.total(1)[1] for a in (first, second)))
    if population is Population.THESE:
        parts = [compare(a, population=population, line=None) for a in (first, second)]
        one, two = parts
        if not isinstance(one, Estimate):
            return one
        if not isinstance(two, Estimate):
            return two
        spread = [(p.high - p.low) / (2 * 1.959963984540054) for p in (one, two)]
        return t_estimate(
            one.value - two.value,
            float(np.hypot(spread[0], spread[1])),
            float("inf"),
            n=n,
            people=first.people,
            population=population,
        )
    gains, weights = zip(*(_within(a) for a in (first, second)), strict=True)
    loads = sum(a.cases[0] + a.cases[1] for a in (first, second))
    counted = np.asarray(loads)[np.asarray(loads) > 0]
    if any(w.sum() == 0 or np.any(w.sum() - w <= 0) for w in weights) or len(counted) == 0:
        return NotEnoughData(5, 1, "people with cases in both arms of both halves")
    freedom = freedom_of(counted)
    missing = refuse(people=len(counted), freedom=freedom, events=None, non_events=None)
    if missing:
        return missing
    left = [(g.sum() - g) / (w.sum() - w) for g, w in zip(gains, weights, strict=True)]
    value = [float(g.sum() / w.sum()) for g, w in zip(gains, weights, strict=True)]
    return t_estimate(
        value[0] - value[1],
        jackknife_error(left[0] - left[1]),
        freedom,
        n=n,
        people=len(counted),
        population=population,
    )


def _within(arms: Arms) -> tuple[Floats, Floats]:
    n1, n0 = arms.cases
    both = (n1 > 0) & (n0 > 0)
    weight = np.where(both, n1 * n0 / np.where(both, n1 + n0, 1), 0.0)
    p1 = arms.events[0] / np.where(n1 > 0, n1, 1)
    p0 = arms.events[1] / np.where(n0 > 0, n0, 1)
    return weight * (p1 - p0), weight


def spread_of_effects(arms: Arms) -> Answer:
    """The standard deviation of the effect between deciders, beyond sampling.

    Args:
        arms: Deciders with fewer than two cases in an arm say nothing and are left out.

    Returns:
        A standard deviation in shares; its range by inverting Cochran's Q.

    Source:
        DerSimonian and Laird (1986); range: Viechtbauer (2007), Q profile.
    """
    n1, n0 = arms.cases
    used = (n1 >= 2) & (n0 >= 2)
    if int(used.sum()) < 5:
        return NotEnoughData(5, int(used.sum()), "people with cases in both arms")
    x1, x0, n1, n0 = arms.events[0][used], arms.events[1][used], n1[used], n0[used]
    # Shares pulled to everyone's: by their own, somebody with two cases who agreed twice would
    # have hardly any variance and most of the weight, and a spread of nothing would look like one.
    p1, p0 = _pulled(x1, n1), _pulled(x0, n0)
    effect, noise = x1 / n1 - x0 / n0, p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0
    weight = 1 / noise
    mean = float((weight * effect).sum() / weight.sum())
    q = float((weight * (effect - mean) ** 2).sum())
    scale = float(weight.sum() - (weight**2).sum() / weight.sum())
    variance = max(0.0, (q - (len(effect) - 1)) / scale)

    def heterogeneity(tau2: float) -> float:
        w = 1 / (noise + tau2)
        centre = (w * effect).sum() / w.sum()
        return float((w * (effect - centre) ** 2).sum())

    def limits(level: float) -> Range:
        tail = (1 - level) / 2
        k = len(effect) - 1
        low = _solve(heterogeneity, float(special.chdtri(k, tail)))
        high = _solve(heterogeneity, float(special.chdtri(k, 1 - tail)))
        value = variance**0.5
        return Range(min(low**0.5, value), max(high**0.5, value))

    return Estimate(
        value=variance**0.5,
        r95=limits(0.95),
        r90=limits(0.90),
        r50=limits(0.50),
        n=round(float((n1 + n0).sum())),
        people=len(effect),
        population=Population.LIKE_THESE,
    )


def _pulled(events: Floats, cases: Floats) -> Floats:
    overall = (float(events.sum()) + 0.5) / (float(cases.sum()) + 1)
    return (events + PULL * overall) / (cases + PULL)


def _solve(function: Callable[[float], float], target: float) -> float:
    """Where a falling function of a variance in 0..1 meets the target; 0 where it starts below."""
    if function(0.0) <= target:
        return 0.0
    low, high = 0.0, 1.0
    while function(high) > target and high < 1e6:
        high *= 4
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) > target else (low, middle)
    return (low + high) / 2
