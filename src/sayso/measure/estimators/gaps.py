"""How far groups differ on alike cases, corrected for what sampling alone would show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, sparse, special

from sayso.domain.answer import Estimate, NotEnoughData, Population, Range

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Standardised:
    """One group's mean over the common mix of cells.

    Attributes:
        mean: The standardised mean.
        variance: Its sampling variance, clustered by decider within the group.
        cases: Cases behind it.
        people: Deciders behind it.
        freedom: Degrees of freedom of the variance; None: people less one.
    """

    mean: float
    variance: float
    cases: int
    people: int
    freedom: float | None = None


@dataclass(frozen=True, slots=True)
class Adjusted:
    """All groups at everybody's mix of alike cases, and what they owe to sampling.

    Attributes:
        groups: One a group, in the order of their numbers.
        covariance: Sampling covariance of the groups' distances from their mean, clustered by
            decider, shape (groups, groups).
    """

    groups: tuple[Standardised, ...]
    covariance: Floats


def adjusted(
    totals: Floats, cases: Floats, people: Places, teams: Places, cells: Places
) -> Adjusted | None:
    """Every group's mean if it had everybody's mix of alike cases.

    One effect a group and one a cell. A mean of each group's own cells would look certain where
    a group has a case or two in a cell: nothing there is left to vary, and six equal groups
    were called clearly different in up to 4 of 10 tables.

    Args:
        totals: Sum of the choice in each row (group, decider and cell), shape (rows,).
        cases: Cases of each row, shape (rows,), > 0.
        people: Decider of each row, numbered from 0 within all groups together: somebody in two
            groups has two numbers.
        teams: Group of each row, as a number from 0.
        cells: Cell of each row, as a number from 0.

    Returns:
        The groups; None where some share no cell with the rest, or have one decider.
    """
    count, kinds = int(teams.max()) + 1, int(cells.max()) + 1
    home = np.zeros(int(people.max()) + 1, dtype=np.intp)
    home[people] = teams
    members = np.bincount(home, minlength=count)
    if count < 2 or int(members.min()) < 2:
        return None
    n = np.zeros((count, kinds))
    x = np.zeros((count, kinds))
    np.add.at(n, (teams, cells), cases)
    np.add.at(x, (teams, cells), totals)
    own, total = n.sum(0), float(n.sum())
    mixed = n / own
    information = np.diag(n.sum(1)) - mixed @ n.T
    # Effects are told apart up to a constant, hence one zero eigenvalue and no more.
    values, vectors = np.linalg.eigh(information)
    if int((values > 1e-9 * values.max()).sum()) < count - 1:
        return None
    centre = np.eye(count) - 1 / count
    inverse = centre @ ((vectors[:, 1:] / values[1:]) @ vectors[:, 1:].T) @ centre
    effect = inverse @ (x.sum(1) - mixed @ x.sum(0))
    cell = (x.sum(0) - n.T @ effect) / own
    residual = totals - cases * (effect[teams] + cell[cells])
    # What a decider adds to each effect: their residuals, less the share of their cells.
    by_cell = sparse.csr_matrix((residual, (people, cells)), shape=(len(home), kinds))
    scores = -np.asarray(by_cell @ mixed.T, dtype=np.float64)
    scores[np.arange(len(home)), home] += np.bincount(people, residual, len(home))
    used = kinds + count - 1
    small = members / (members - 1) * total / max(total - used, 1.0)
    scores *= np.sqrt(small[home])[:, None]
    covariance = inverse @ (scores.T @ scores) @ inverse
    own_loads = np.bincount(people, cases, len(home)).astype(np.float64)
    variances, freedoms = _alone(scores @ inverse, residual, people, home, own_loads)
    means = float(own @ cell) / total + effect
    loads = n.sum(1)
    return Adjusted(
        tuple(
            Standardised(float(m), float(v), round(float(c)), int(k), float(f))
            for m, v, c, k, f in zip(means, variances, loads, members, freedoms, strict=True)
        ),
        covariance,
    )


def _alone(
    scores: Floats, residual: Floats, people: Places, home: Places, loads: Floats
) -> tuple[Floats, Floats]:
    """Variance of each group's own mean, and its degrees of freedom.

    The distances' covariance leaves out the level of all, so with two groups it is half of what
    a group's own mean varies by. A person's score grows as it does when they are left out.
    """
    count = scores.shape[1]
    total = np.bincount(home, loads, count)
    level = np.bincount(people, residual, len(home)) / float(loads.sum())
    held = loads / total[home]
    alone = scores + level[:, None]
    alone[np.arange(len(home)), home] /= np.maximum(1 - held, 1e-9)
    squares = np.bincount(home, loads**2, count)
    return (alone**2).sum(0), np.maximum(1.0, total**2 / squares - 1)


def root_mean_square_gap(
    groups: Sequence[Standardised], *, line: float | None, covariance: Floats | None = None
) -> Estimate | NotEnoughData:
    """The root mean square difference of two groups, beyond sampling.

    The mean of absolute differences is mostly sampling noise: six equal groups of thirty show
    10 in 100 (RULINGS 6).

    Args:
        groups: At least two.
        line: Smallest difference that matters.
        covariance: Of their distances from their mean; None where they are independent.

    Returns:
        A difference in the choice's unit, its range by inverting the noncentral F of Q over the
        people's own freedom, since variances from few people are guesses too; the low end is 0
        where Q is under its 97.5 % point.
    """
    if len(groups) < 2:
        return NotEnoughData(2, len(groups), "teams that may be shown")
    means = np.array([g.mean for g in groups])
    variances = np.array([g.variance for g in groups])
    if float(variances.mean()) == 0:
        return NotEnoughData(10, 0, "cases of either kind")
    if covariance is None:
        centre = np.eye(len(groups)) - 1 / len(groups)
        covariance = centre @ np.diag(variances) @ centre
    noise = float(np.trace(covariance)) / (len(groups) - 1)
    spread = float(means.var(ddof=1))
    # Unequal variances make Q a sum of unlike parts; Satterthwaite's degrees of freedom match
    # its first two moments.
    k = float(np.trace(covariance)) ** 2 / float((covariance**2).sum())
    q = spread / noise
    freedom = float(max(1, sum(g.people - 1 for g in groups)))
    value = (2 * max(spread - noise, 0.0)) ** 0.5

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
        p_line=None if line is None else _p_past(q, k, freedom, line, noise),
    )


def _p_past(q: float, k: float, freedom: float, line: float, noise: float) -> float:
    """P of a Q as large where the gap is exactly the line, doubled to match two-sided ranges."""
    lam = line**2 * k / (2 * noise)
    return min(1.0, 2 * (1 - float(special.ncfdtr(k, freedom, lam, q))))


def differing_pairs(
    groups: Sequence[Standardised], *, level: float = 0.95, covariance: Floats | None = None
) -> int:
    """How many pairs of groups differ, with the family of all pairs controlled by Holm.

    Args:
        groups: The groups compared.
        covariance: Of their distances from their mean; None where they are independent.
        level: 1 minus the family-wise error.
    """
    from sayso.measure.estimators.words import holm

    p_values: list[float] = []
    for i, one in enumerate(groups):
        for j, other in enumerate(groups[i + 1 :], i + 1):
            both = one.variance + other.variance
            if covariance is not None:
                both = float(covariance[i, i] + covariance[j, j] - 2 * covariance[i, j])
            error = max(both, 0.0) ** 0.5
            freedom = max(1, min(one.people, other.people) - 1)
            ratio = abs(one.mean - other.mean) / error if error > 0 else 0.0
            p_values.append(2 * float(special.stdtr(freedom, -ratio)))
    return sum(holm(p_values, level=1 - level))
