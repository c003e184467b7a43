"""How far people's rates lie apart who decide cases of their own, and whether cases fell by chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from sayso.domain.answer import Answer, CannotTell, Estimate, NotEnoughData, Population, Range
from sayso.measure.estimators.jackknife import freedom_of
from sayso.measure.estimators.mean_squares import chi_squared, degrees_of, jackknifed
from sayso.measure.estimators.moments import by_moments, left_out
from sayso.measure.estimators.parts import Sums, compact
from sayso.measure.estimators.ranges import refuse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

LEAST_PEOPLE = 5
# RULINGS 15 holds arms to the same: less likely than that is not as if by chance.
LEAST_LIKELY = 0.001


def gap_of_two(
    sums: Sums,
    strata: Places,
    people: Places,
    *,
    events: tuple[int, int] | None,
    line: float | None = None,
) -> Answer:
    """How far two people's averages lie apart on the same mix, net of what few cases bring.

    The root of twice the variance between people within strata; 0 where chance alone would make
    them differ as much.

    Args:
        sums: Answers of each person in each stratum.
        strata: Stratum of each entry, from 0.
        people: Person of each entry, from 0.
        events: Cases that count and others, where ten of each are needed; None for quantities.
        line: Smallest gap that matters, for the Holm step.

    Source:
        Method of moments (Henderson 1953) for the variance; its range inverts the chi-squared
        of people's mean square.
    """
    people, strata = compact(people), compact(strata)
    loads = _counted(people, sums.n)
    several = int((loads >= 2).sum())
    if several < LEAST_PEOPLE:
        return NotEnoughData(LEAST_PEOPLE, several, "people with several cases")
    missing = refuse(
        people=len(loads),
        freedom=freedom_of(loads),
        events=None if events is None else events[0],
        non_events=None if events is None else events[1],
    )
    if missing:
        return missing
    groupings = [strata, people] if int(strata.max()) else [people]
    fitted = by_moments(sums, groupings, over=())
    left = left_out(sums, groupings, len(groupings) - 1)
    if isinstance(fitted, CannotTell) or isinstance(left, CannotTell):
        return NotEnoughData(LEAST_PEOPLE, 0, "people with several cases of one kind")
    level, rest = fitted.groupings[-1].raw, fitted.rest.raw
    size = _counted(strata, sums.n)
    behind = (float(sums.n.sum()) - _met(strata, people, sums.n, size)) / (len(loads) - 1)
    if behind <= 0:
        return NotEnoughData(LEAST_PEOPLE, 0, "people with several cases of one kind")
    square = max(0.0, level + rest / behind)
    spread = jackknifed(left.values[:, -2] + left.values[:, -1] / behind)
    degrees = degrees_of(square, spread, freedom_of(loads))
    # What few cases bring is taken off and is itself an estimate, which costs degrees.
    within = max(1.0, float(sums.n.sum()) - len(loads) - len(size))
    part = min(1.0, rest / behind / square) if square > 0 else 1.0
    degrees = max(1.0, degrees / (1 + part**2 * degrees / within))
    value = (2 * max(0.0, level)) ** 0.5

    def around(wide: float) -> Range:
        low, high = chi_squared(square, degrees, wide)
        ends = [(2 * max(0.0, end - rest / behind)) ** 0.5 for end in (low, high)]
        return Range(min(ends[0], value), max(ends[1], value))

    def past(line: float) -> float:
        """How likely people's mean square would be as large if two lay the line apart."""
        at_line = line**2 / 2 + rest / behind
        if value <= line or at_line <= 0:
            return 1.0
        return min(1.0, 2 * float(special.chdtrc(degrees, degrees * square / at_line)))

    return Estimate(
        value=value,
        r95=around(0.95),
        r90=around(0.90),
        r50=around(0.50),
        n=round(float(sums.n.sum())),
        people=len(loads),
        population=Population.LIKE_THESE,
        events=None if events is None else events[0],
        non_events=None if events is None else events[1],
        p_line=None if line is None else past(line),
    )


def _counted(places: Places, n: Floats) -> Floats:
    return np.bincount(places, n).astype(np.float64)


def _met(strata: Places, people: Places, n: Floats, size: Floats) -> float:
    pair, place = np.unique(
        strata.astype(np.int64) * (int(people.max()) + 1) + people, return_inverse=True
    )
    met = np.bincount(place, n)
    home = (pair // (int(people.max()) + 1)).astype(np.intp)
    return float((met**2 / size[home]).sum())


@dataclass(frozen=True, slots=True)
class Assignment:
    """Whether people got cases as if by chance within their pool.

    Attributes:
        kinds: How likely kinds of case would differ so much between people by chance; None
            where no kind is recorded.
        estimates: The same for the AI's estimate.
    """

    kinds: float | None
    estimates: float | None

    @property
    def checked(self) -> bool:
        """Whether anything could be looked at."""
        return self.kinds is not None or self.estimates is not None

    @property
    def as_if_by_chance(self) -> bool:
        """Whether something was looked at, and none of it would be strange by chance."""
        found = [p for p in (self.kinds, self.estimates) if p is not None]
        return bool(found) and min(found) > LEAST_LIKELY


def kinds_by_chance(n: Floats, pools: Places, kinds: Places, people: Places) -> float | None:
    """How likely kinds differ as much between a pool's people when cases are dealt at random.

    Pearson's statistic over pools, with its exact mean and variance when cases are shuffled among
    people, so that a person with one case does no harm.

    Args:
        n: Cases of each entry, shape (entries,).
        pools: Pool of each entry, from 0.
        kinds: Kind of each entry, from 0.
        people: Person of each entry, from 0.

    Returns:
        In 0..1; None where no pool has two people and two kinds.

    Source:
        Haldane (1940), Biometrika 31:346-355: moments with all margins fixed.
    """
    statistic = mean = variance = 0.0
    order = np.argsort(pools, kind="stable")
    for part in np.split(order, np.flatnonzero(np.diff(pools[order])) + 1):
        kind, person, m = compact(kinds[part]), compact(people[part]), n[part]
        rows, columns = _counted(person, m), _counted(kind, m)
        total = float(m.sum())
        if len(rows) < 2 or len(columns) < 2 or total < 5:
            continue
        cell, place = np.unique(person * len(columns) + kind, return_inverse=True)
        seen = np.bincount(place, m)
        expected = rows[cell // len(columns)] * columns[cell % len(columns)] / total
        statistic += float((seen**2 / expected).sum()) - total
        r, c = len(rows), len(columns)
        mean += total * (r - 1) * (c - 1) / (total - 1)
        v, w = zip(*((_spread(margin, total)) for margin in (rows, columns)), strict=True)
        variance += 2 * total / (total - 3) * (v[0] - w[0]) * (v[1] - w[1])
        variance += total**2 / (total - 1) * w[0] * w[1]
    if variance <= 0:
        return None
    shape, scale = mean**2 / variance, variance / mean
    return float(special.gammaincc(shape, max(0.0, statistic) / scale))


def _spread(margin: Floats, total: float) -> tuple[float, float]:
    k = len(margin)
    even = (k - 1) * (total - k) / (total - 1)
    uneven = (float((1 / margin).sum()) - k**2 / total) / (total - 2)
    return even, uneven * total


def numbers_by_chance(sums: Sums, pools: Places, people: Places) -> float | None:
    """How likely a number differs as much between a pool's people when cases are dealt at random.

    Args:
        sums: The number's sums by entry; entries without any are left out beforehand.
        pools: Pool of each entry, from 0.
        people: Person of each entry, from 0.

    Returns:
        In 0..1 by the F distribution; None where nobody shares a pool, or nothing varies.
    """
    if not len(sums.n):
        return None
    pool = compact(pools)
    person = compact(pool.astype(np.int64) * (int(people.max()) + 1) + people)
    total = sums.n * sums.mean
    n_pool, n_person = np.bincount(pool, sums.n), np.bincount(person, sums.n)
    home = np.zeros(len(n_person), dtype=np.intp)
    home[person] = pool
    in_pool, in_person = np.bincount(pool, total) / n_pool, np.bincount(person, total) / n_person
    between = float((n_person * (in_person - in_pool[home]) ** 2).sum())
    within = float((sums.m2 + sums.n * (sums.mean - in_person[person]) ** 2).sum())
    upper, lower = len(n_person) - len(n_pool), float(sums.n.sum()) - len(n_person)
    if upper < 1 or lower < 1 or within <= 0:
        return None
    return float(special.fdtrc(upper, lower, between / upper / (within / lower)))
