"""Whether cases gather on one side of a line, more than the cases around it would."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, pi, sqrt
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from sayso.domain.answer import CannotTell, Estimate, NotEnoughData, Population, Range
from sayso.measure.estimators.ranges import t_estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ORDER = 2
LEAST_BESIDE = 20
# One value that holds more of the cases beside the line is a habit of writing, such as a round
# number, and no density says anything about it.
MOST_AT_ONE_VALUE = 0.05
# Constants of the pilot bandwidths where the density is normal, for order 2 and the triangular
# kernel (Cattaneo, Jansson and Ma 2020, section 4 of the supplement).
PILOT_SLOPE = 3430865.4551236177795
PILOT_LEVEL = 548.57142857155463389

HEAPED = CannotTell(
    "Many cases share one value beside the line, as round numbers do, so gathering there says "
    "nothing about the line.",
    "Look whether as many cases gather at other round numbers, or record the value unrounded.",
)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the line.

    Attributes:
        density: Cases per unit there, as a share of all cases.
        reach: How far from the line it is read.
        cases: Cases within that reach.
    """

    density: float
    reach: float
    cases: int


@dataclass(frozen=True, slots=True)
class Jump:
    """The density at a line, read from either side.

    Attributes:
        below: Left of the line.
        above: At the line and right of it.
        t: Jump over its jackknife error.
        p: Two-sided chance of as much where the density has no jump.
        share: Density above over both, in 0..1: one half where nothing jumps.
        error: Its standard error.
    """

    below: Side
    above: Side
    t: float
    p: float
    share: float
    error: float


@dataclass(frozen=True, slots=True)
class _Fit:
    """Local polynomials on either side: coefficients below and above, and their covariance.

    ``beta`` has the powers 0 to order below, then above; ``covariance`` is that of the two slopes.
    """

    beta: Floats
    covariance: Floats
    order: int

    def power(self, k: int) -> tuple[float, float]:
        """The coefficients of distance to the k, below and above."""
        return float(self.beta[k]), float(self.beta[self.order + 1 + k])


def jump_at(values: Floats, counts: Floats, at: float) -> Jump | NotEnoughData | CannotTell:
    """Test whether the density of a number jumps at a line.

    Args:
        values: Different values in ascending order, shape (values,).
        counts: Cases of each, > 0.
        at: The line; a value equal to it lies above.

    Returns:
        The jump; NotEnoughData with fewer than twenty cases or values on a side; CannotTell where
        one value near the line holds more than 5 of 100 of the cases there.

    Source:
        Cattaneo, Jansson and Ma (2020), JASA 115:1449-1455: local polynomials of order 2 for the
        bandwidths and 3 for the test, triangular kernel, jackknife errors, as in rddensity.
    """
    x = values - at
    for side, name in ((x < 0, "cases below the line"), (x >= 0, "cases above the line")):
        cases = round(float(counts[side].sum()))
        if cases < LEAST_BESIDE + ORDER + 1:
            return NotEnoughData(LEAST_BESIDE + ORDER + 1, cases, name)
        if int(side.sum()) < LEAST_BESIDE + ORDER + 1:
            return HEAPED
    reaches = _reaches(x, counts)
    if reaches is None:
        return HEAPED
    left, right = reaches
    near = (x >= -left) & (x <= right)
    if float(counts[near].max()) > max(2.0, MOST_AT_ONE_VALUE * float(counts[near].sum())):
        return HEAPED
    fit = _fit(x, counts, left, right, ORDER + 1)
    if fit is None:
        return HEAPED
    below, above = fit.power(1)
    spread = float(fit.covariance[0, 0] + fit.covariance[1, 1] - 2 * fit.covariance[0, 1])
    both = below + above
    if max(below, above) <= 0 or both <= 0 or spread <= 0:
        return NotEnoughData(LEAST_BESIDE * 5, round(float(counts[near].sum())), "cases near it")
    t = (above - below) / sqrt(spread)
    variance = (
        fit.covariance[0, 0] * above**2
        + fit.covariance[1, 1] * below**2
        - 2 * fit.covariance[0, 1] * below * above
    ) / both**4
    inside = (
        float(counts[(x >= -left) & (x < 0)].sum()),
        float(counts[(x >= 0) & (x <= right)].sum()),
    )
    return Jump(
        Side(below, left, round(inside[0])),
        Side(above, right, round(inside[1])),
        t,
        2 * float(special.ndtr(-abs(t))),
        # A cubic may dip under zero beside a heap; a density may not.
        min(max(above / both, 0.0), 1.0),
        sqrt(max(float(variance), 0.0)),
    )


def share_above(jump: Jump) -> Estimate:
    """Of the cases right at the line, the share just above it; one half where nothing jumps."""
    return t_estimate(
        jump.share,
        jump.error,
        float("inf"),
        n=jump.below.cases + jump.above.cases,
        people=0,
        population=Population.THESE,
        bounds=Range(0.0, 1.0),
    )


def _reaches(x: Floats, counts: Floats) -> tuple[float, float] | None:
    """How far to look on either side: the least mean squared error of each part, then a median."""
    n = float(counts.sum())
    mean = float((x * counts).sum()) / n
    spread = sqrt(float((counts * (x - mean) ** 2).sum()) / (n - 1))
    z = mean / spread
    normal = exp(-(z**2) / 2) / sqrt(2 * pi)
    far = float(np.abs(x).max())
    # Where the normal's derivative vanishes the pilot would be infinite; it is cut at the data.
    slope = ((z**4 - 6 * z**2 + 3) ** 2) * normal
    level = ((z**2 - 1) ** 2) * normal
    wide = _pilot(5 / 4 * PILOT_SLOPE, slope, n, 9, spread, far)
    narrow = _pilot(1 / 4 * PILOT_LEVEL, level, n, 5, spread, far)
    wide = max(wide, *_nearest(x, counts, LEAST_BESIDE + ORDER + 2))
    narrow = max(narrow, *_nearest(x, counts, LEAST_BESIDE + ORDER))
    slopes = _fit(x, counts, wide, wide, ORDER + 2)
    levels = _fit(x, counts, narrow, narrow, ORDER)
    if slopes is None or levels is None:
        return None
    bias = _bias_constant()
    left, right = (c * bias for c in slopes.power(ORDER + 1))
    v = levels.covariance * n * narrow
    variances = (v[0, 0], v[1, 1], v[0, 0] + v[1, 1] - 2 * v[0, 1], v[0, 0] + v[1, 1] + 2 * v[0, 1])
    biases = (left, right, right - left, right + left)
    found = [
        (float(var) / (2 * ORDER * b**2 * n)) ** (1 / (2 * ORDER + 1)) if b and var > 0 else 0.0
        for var, b in zip(variances, biases, strict=True)
    ]
    least = _nearest(x, counts, LEAST_BESIDE + ORDER + 1)
    ends = (-float(x[0]), float(x[-1]))
    each = [max(min(found[i], ends[i]), least[i]) for i in (0, 1)]
    both = [max(min(h, max(ends)), *least) for h in found[2:]]
    return float(np.median([each[0], *both])), float(np.median([each[1], *both]))


def _pilot(constant: float, curve: float, n: float, root: int, spread: float, far: float) -> float:
    if curve <= 0:
        return far
    return min((constant / curve / n) ** (1 / root) * spread, far)


def _nearest(x: Floats, counts: Floats, wanted: int) -> tuple[float, float]:
    """Distances within which each side has so many cases and so many different values."""

    def of(distance: Floats, cases: Floats) -> float:
        order = np.argsort(distance)
        reached = np.searchsorted(np.cumsum(cases[order]), min(wanted, float(cases.sum())))
        return float(distance[order][max(int(reached), min(wanted, len(distance)) - 1)])

    return of(-x[x < 0], counts[x < 0]), of(x[x >= 0], counts[x >= 0])


def _bias_constant() -> float:
    """What curvature adds to a slope of order 2 at an edge, for the triangular kernel."""
    moment = [1 / (m + 1) - 1 / (m + 2) for m in range(2 * ORDER + 2)]
    s = np.array([[moment[i + j] for j in range(ORDER + 1)] for i in range(ORDER + 1)])
    c = np.array([moment[i + ORDER + 1] for i in range(ORDER + 1)])
    return float(np.linalg.solve(s, c)[1])


def _fit(x: Floats, counts: Floats, left: float, right: float, order: int) -> _Fit | None:
    """Fit the distribution function on either side of zero; the slopes are the densities."""
    n = float(counts.sum())
    near = (x >= -left) & (x <= right)
    share = (np.cumsum(counts) - 1)[near] / (n - 1)
    u, c = x[near], counts[near]
    below = u < 0
    reach = np.where(below, left, right)
    weight = np.maximum(1 - np.abs(u) / reach, 0.0) / reach * c
    powers = (u / reach)[:, None] ** np.arange(order + 1)
    design = np.concatenate(
        [np.where(below[:, None], powers, 0.0), np.where(below[:, None], 0.0, powers)], axis=1
    )
    weighted = design * weight[:, None]
    gram = weighted.T @ design
    if np.linalg.matrix_rank(gram) < len(gram):
        return None
    inverse = np.linalg.inv(gram)
    scale = np.concatenate([left ** -np.arange(order + 1.0), right ** -np.arange(order + 1.0)])
    beta = scale * (inverse @ (weighted.T @ share))
    # Each case adds itself to the distribution function at every value from its own on.
    own = weighted / c[:, None]
    from_here = np.cumsum(weighted[::-1], axis=0)[::-1] - own
    adds = from_here / (n - 1)
    middle = (adds * c[:, None]).T @ adds
    whole = scale[:, None] * (inverse @ middle @ inverse) * scale[None, :]
    slopes = [1, order + 2]
    return _Fit(beta, whole[np.ix_(slopes, slopes)], order)
