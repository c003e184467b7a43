"""Whether two periods hold the same kinds of cases."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, special

from sayso.domain.answer import Answer, Estimate, NotEnoughData, Population, Range

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

HALF_A_CASE = 0.5
LEAST_WEEKS = 4
LEAST_CASES = 50
FOLDS = 2


def shares_of(counts: Floats) -> Floats:
    """Shares of each bin; half a case is added to each where some bin is empty."""
    filled = counts + HALF_A_CASE if (counts == 0).any() else counts
    return filled / filled.sum()


def population_stability(expected: Floats, actual: Floats) -> float:
    """PSI of two shares: sum of (a - e) ln(a / e), shape (bins,), all positive.

    Examples:
        >>> e, a = np.array([0.1, 0.2, 0.4, 0.2, 0.1]), np.array([0.05, 0.15, 0.4, 0.25, 0.15])
        >>> round(population_stability(e, a), 7)
        0.0804719
    """
    return float(((actual - expected) * np.log(actual / expected)).sum())


def stability_threshold(first: float, second: float, bins: int, *, alpha: float = 0.05) -> float:
    """What PSI passes by luck alone in ``alpha`` of all cases; the fixed .10 and .25 are folklore.

    Args:
        first: Cases of one period.
        second: Cases of the other.
        bins: Bins, at least 2.
        alpha: How often luck alone may pass it.

    Source:
        Yurdakul (2018), Western Michigan University: PSI is near (1/n + 1/m) chi-squared.

    Examples:
        >>> round(stability_threshold(500, 500, 5), 7)
        0.0379509
    """
    return (1 / first + 1 / second) * float(special.chdtri(bins - 1, alpha))


def jensen_shannon(first: Floats, second: Floats) -> float:
    """Jensen-Shannon divergence in bits, 0 to 1; empty bins are allowed.

    Examples:
        >>> e, a = np.array([0.1, 0.2, 0.4, 0.2, 0.1]), np.array([0.05, 0.15, 0.4, 0.25, 0.15])
        >>> round(jensen_shannon(e, a), 7)
        0.014352
    """
    middle = (first + second) / 2
    bits = float((special.rel_entr(first, middle) + special.rel_entr(second, middle)).sum())
    return bits / 2 / log(2)


def mix_moved(first: Floats, second: Floats) -> float:
    """Share of cases that would have to be of another kind for the periods to look alike."""
    return float(np.abs(first - second).sum()) / 2


def distance_between(first: Floats, second: Floats) -> Range:
    """The least and most that the Kolmogorov-Smirnov distance can be, from counts in shared bins.

    At the bins' edges it is known; between two edges it can be larger by what lies in the bin.

    Args:
        first: Counts in ascending bins, shape (bins,).
        second: Counts in the same bins.
    """
    p, q = first / first.sum(), second / second.sum()
    edges = np.cumsum(p - q)
    before = np.concatenate([[0.0], edges[:-1]])
    inside = np.maximum(np.abs(before + p), np.abs(before - q))
    low = float(np.abs(edges).max())
    return Range(low, max(low, float(inside.max())))


@dataclass(frozen=True, slots=True)
class Mixes:
    """Cases by week and kind, in two periods.

    Attributes:
        early: Counts, shape (weeks, kinds), of the first period.
        late: Counts of the second, the same kinds.
    """

    early: Floats
    late: Floats


@dataclass(frozen=True, slots=True)
class Drifted:
    """How far a mix moved, and what luck alone would show.

    Attributes:
        answer: PSI beyond luck, with its range.
        raw: PSI as it is.
        threshold: What single cases at random would pass in 5 of 100.
        wander: How much more the mix changes from week to week than single cases at random would.
        p: Chance of a PSI as large where nothing but weeks differs.
        bits: Jensen-Shannon divergence.
        moved: Share of cases of another kind.
    """

    answer: Answer
    raw: float
    threshold: float
    wander: float
    p: float
    bits: float
    moved: float


def drifted(mixes: Mixes) -> Drifted | NotEnoughData:
    """PSI of two periods against what weeks of the same period differ by.

    Cases of one week are alike: with single cases as the unit, a mix that only wanders from week
    to week is called a drift nearly always.

    Args:
        mixes: At least four weeks and fifty cases in each period.
    """
    early, late = mixes.early[mixes.early.sum(1) > 0], mixes.late[mixes.late.sum(1) > 0]
    fewest = min(len(early), len(late))
    if fewest < LEAST_WEEKS:
        return NotEnoughData(2 * LEAST_WEEKS, 2 * fewest, "weeks")
    used = (early.sum(0) + late.sum(0)) > 0
    early, late = early[:, used], late[:, used]
    bins = early.shape[1]
    sizes = float(early.sum()), float(late.sum())
    if min(sizes) < LEAST_CASES:
        return NotEnoughData(LEAST_CASES, round(min(sizes)), "cases in each half")
    if bins < 2:
        return NotEnoughData(2, bins, "kinds of case")
    e, a = shares_of(early.sum(0)), shares_of(late.sum(0))
    pooled = (early.sum(0) + late.sum(0)) / sum(sizes)
    noise = sum(float((_spread(part) / pooled).sum()) for part in (early, late))
    alone = (1 / sizes[0] + 1 / sizes[1]) * (bins - 1)
    noise = max(noise, alone)
    raw = population_stability(e, a)
    freedom = float(len(early) + len(late) - 2)
    q = raw / noise
    answer = _beyond_luck(raw, noise, q, bins - 1, freedom, round(sum(sizes)))
    return Drifted(
        answer=answer,
        raw=raw,
        threshold=stability_threshold(*sizes, bins),
        wander=noise / alone,
        p=float(special.fdtrc(bins - 1, freedom, q)),
        bits=jensen_shannon(e, a),
        moved=mix_moved(e, a),
    )


def _spread(weeks: Floats) -> Floats:
    """Variance of each kind's share with weeks as the unit, shape (kinds,)."""
    n, count = weeks.sum(1), len(weeks)
    share = weeks.sum(0) / n.sum()
    away = weeks - n[:, None] * share
    return count / (count - 1) * (away**2).sum(0) / float(n.sum()) ** 2


def _beyond_luck(
    raw: float, noise: float, q: float, k: int, freedom: float, cases: int
) -> Estimate:
    """PSI less what luck adds, its range by inverting the noncentral F."""
    value = max(0.0, raw - noise)

    def limit(tail: float) -> float:
        if float(special.fdtr(k, freedom, q)) <= tail:
            return 0.0

        def excess(lam: float) -> float:
            return float(special.ncfdtr(k, freedom, lam, q)) - tail

        high = max(1.0, k * q)
        while excess(high) > 0 and high < 1e9:
            high *= 2
        return float(optimize.brentq(excess, 0.0, high))

    def around(level: float) -> Range:
        tail = (1 - level) / 2
        low, high = (limit(p) * noise / k for p in (1 - tail, tail))
        return Range(min(low, value), max(high, value))

    return Estimate(
        value=value,
        r95=around(0.95),
        r90=around(0.90),
        r50=around(0.50),
        n=cases,
        people=0,
        population=Population.THESE,
    )


@dataclass(frozen=True, slots=True)
class ToldApart:
    """How well two periods can be told apart by everything that describes a case.

    Attributes:
        area: Chance that a case of the later period looks later than one of the earlier, on cases
            the line was not drawn from; one half where they cannot be told apart.
        p: Chance of as much in either half where they are the same, at most.
        weights: Weight of each description, in its standard deviations, shape (columns,).
    """

    area: float
    p: float
    weights: Floats


def told_apart(columns: Floats, late: Places) -> ToldApart | NotEnoughData:
    """Draw a line between two periods in half of the cases, and try it on the other half.

    Args:
        columns: What describes each case, shape (cases, columns), without gaps.
        late: 0 or 1 for each case, in any order but not sorted by what is described.

    Source:
        Lopez-Paz and Oquab (2017), ICLR; here with a ridge logistic line and rank sums.
    """
    fewest = int(min(late.sum(), len(late) - late.sum()))
    if fewest < LEAST_CASES:
        return NotEnoughData(LEAST_CASES, fewest, "cases in each period")
    spread = columns.std(0)
    kept = spread > 0
    scaled = np.zeros_like(columns)
    scaled[:, kept] = (columns[:, kept] - columns[:, kept].mean(0)) / spread[kept]
    # Alternate cases of each period, so that each part holds both in proportion.
    part = np.zeros(len(late), dtype=np.intp)
    for value in (0, 1):
        own = np.flatnonzero(late == value)
        part[own] = np.arange(len(own)) % FOLDS
    areas: list[float] = []
    p = 1.0
    for fold in range(FOLDS):
        held = part == fold
        weights = _line(scaled[~held], late[~held].astype(np.float64))
        score = np.column_stack([np.ones(int(held.sum())), scaled[held]]) @ weights
        area, variance = _area(score, late[held])
        areas.append(area)
        if variance > 0:
            # The two halves know each other's cases, so their evidence is not added up.
            p = min(p, FOLDS * float(special.ndtr(-(area - 0.5) / variance**0.5)))
    mean = float(np.mean(areas))
    return ToldApart(mean, p, _line(scaled, late.astype(np.float64))[1:])


def _line(columns: Floats, late: Floats) -> Floats:
    """Ridge logistic weights by Newton's steps; the ridge keeps separation finite."""
    x = np.column_stack([np.ones(len(columns)), columns])
    ridge = np.eye(x.shape[1])
    ridge[0, 0] = 1e-8
    weights = np.zeros(x.shape[1])
    for _ in range(50):
        chance = special.expit(x @ weights)
        slope = x.T @ (late - chance) - ridge @ weights
        bend = (x * (chance * (1 - chance))[:, None]).T @ x + ridge
        step = np.linalg.solve(bend, slope)
        weights = weights + step
        if float(np.abs(step).max()) < 1e-9:
            break
    return weights


def _area(score: Floats, late: Places) -> tuple[float, float]:
    """Area under the curve by ranks, and its variance where nothing differs, ties included."""
    _, place, ties = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(ties) - (ties - 1) / 2)[place]
    n1 = int(late.sum())
    n0, n = len(late) - n1, len(late)
    area = (float(ranks[late == 1].sum()) - n1 * (n1 + 1) / 2) / (n1 * n0)
    tied = float((ties.astype(np.float64) ** 3 - ties).sum()) / (n * (n - 1))
    return area, (n + 1 - tied) / (12 * n1 * n0)
