"""How far groups differ on alike cases, corrected for what sampling alone would show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, special

from sayso.domain.answer import Estimate, NotEnoughData, Population, Range

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Standardised:
    """One group's mean over the common mix of cells.

    Attributes:
        mean: The standardised mean.
        variance: Its sampling variance, clustered by decider within the group.
        cases: Cases behind it.
        people: Deciders behind it.
    """

    mean: float
    variance: float
    cases: int
    people: int


def standardised(
    totals: Floats,
    cases: Floats,
    people: NDArray[np.intp],
    cells: NDArray[np.intp],
    mix: Floats,
) -> Standardised | None:
    """A group's mean if it had everybody's mix of alike cases.

    Args:
        totals: Sum of the choice in each row (decider and cell), shape (rows,).
        cases: Cases of each row, shape (rows,).
        people: Decider of each row, as a number from 0.
        cells: Cell of each row, as a number.
        mix: Share of all cases in each cell, shape (cells,).

    Returns:
        The mean over the cells in which the group has cases; None under two deciders.
    """
    size = len(mix)
    n = np.bincount(cells, cases, size)
    x = np.bincount(cells, totals, size)
    used = n > 0
    weight = np.where(used, mix, 0.0)
    weight = weight / weight.sum()
    rate = np.where(used, x / np.where(used, n, 1), 0.0)
    per_case = np.where(used, weight / np.where(used, n, 1), 0.0)
    residual = per_case[cells] * (totals - cases * rate[cells])
    sums = np.bincount(people, residual)
    present = np.bincount(people, cases) > 0
    count = int(present.sum())
    if count < 2:
        return None
    variance = count / (count - 1) * float((sums[present] ** 2).sum())
    return Standardised(float((weight * rate).sum()), variance, round(float(n.sum())), count)


def root_mean_square_gap(
    groups: list[Standardised], *, line: float | None
) -> Estimate | NotEnoughData:
    """The root mean square difference of two groups, beyond sampling.

    The mean of absolute differences is mostly sampling noise: six equal groups of thirty show
    10 in 100 (RULINGS 6).

    Args:
        groups: At least three.
        line: Smallest difference that matters.

    Returns:
        A difference in the choice's unit, its range by inverting the noncentral chi-squared of
        Q; the low end is 0 where Q is under its 97.5 % point.
    """
    if len(groups) < 3:
        return NotEnoughData(3, len(groups), "teams that may be shown")
    means = np.array([g.mean for g in groups])
    variances = np.array([g.variance for g in groups])
    if float(variances.mean()) == 0:
        return NotEnoughData(10, 0, "cases of either kind")
    noise = float(variances.mean())
    spread = float(means.var(ddof=1))
    # Unequal variances make Q a sum of unlike parts; Satterthwaite's degrees of freedom match
    # its first two moments.
    k = (len(groups) - 1) * noise**2 / float((variances**2).mean())
    q = k * spread / noise
    value = (2 * max(spread - noise, 0.0)) ** 0.5

    def limit(tail: float) -> float:
        if float(special.chdtr(k, q)) <= tail:
            return 0.0

        def excess(lam: float) -> float:
            return float(special.chndtr(q, k, lam)) - tail

        high = max(1.0, q)
        while excess(high) > 0 and high < 1e9:
            high *= 2
        return float(optimize.brentq(excess, 0.0, high))

    def around(level: float) -> Range:
        tail = (1 - level) / 2
        low, high = ((2 * limit(p) * noise / k) ** 0.5 for p in (1 - tail, tail))
        return Range(min(low, value), max(high, value))

    return Estimate(
        value=value,
        r95=around(0.95),
        r90=around(0.90),
        r50=around(0.50),
        n=sum(g.cases for g in groups),
        people=sum(g.people for g in groups),
        population=Population.LIKE_THESE,
        p_line=None if line is None else _p_past(q, k, line, noise),
    )


def _p_past(q: float, k: float, line: float, noise: float) -> float:
    """P of a Q as large where the gap is exactly the line, doubled to match two-sided ranges."""
    lam = line**2 * k / (2 * noise)
    return min(1.0, 2 * (1 - float(special.chndtr(q, k, lam))))


def differing_pairs(groups: list[Standardised], *, level: float = 0.95) -> int:
    """How many pairs of groups differ, with the family of all pairs controlled by Holm.

    Args:
        groups: The groups compared.
        level: 1 minus the family-wise error.
    """
    from sayso.measure.estimators.words import holm

    p_values: list[float] = []
    for i, one in enumerate(groups):
        for other in groups[i + 1 :]:
            error = (one.variance + other.variance) ** 0.5
            freedom = max(1, min(one.people, other.people) - 1)
            ratio = abs(one.mean - other.mean) / error if error > 0 else 0.0
            p_values.append(2 * float(special.stdtr(freedom, -ratio)))
    return sum(holm(p_values, level=1 - level))
