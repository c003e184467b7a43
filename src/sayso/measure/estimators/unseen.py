"""How an option would turn out in the cases that did not take it, under one assumption after another.

Each assumption is worth what it says in words and no more: the first assumes nothing, and each
further one narrows the range by what people must be willing to believe.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Estimate, NotEnoughData, Population
from sayso.measure.estimators.bounds import Bounds, bounded_estimate
from sayso.measure.estimators.jackknife import earned, freedom_of, jackknife_error
from sayso.measure.estimators.ranges import t_quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

TWICE = 2.0
LEAST_OF_EITHER = 10
LEAST_PEOPLE = 5
MOST_GROUPS = 40


class Assumption(StrEnum):
    """What is assumed of the cases whose outcome is not seen, weakest first."""

    NOTHING = "nothing"
    AS_RISKY = "at least as risky"
    TWICE_THE_ODDS = "within twice the odds of alike cases"
    ALIKE = "as alike cases"


@dataclass(frozen=True, slots=True)
class Sums:
    """Cases by person and kind of alike cases.

    Attributes:
        cases: All cases of each row, shape (rows,).
        seen: Those with a known outcome of the option.
        wrong: Those of the seen that turned out wrong.
        person: Who decided, from 0.
        cell: Kind of alike cases, from 0.
    """

    cases: Floats
    seen: Floats
    wrong: Floats
    person: Places
    cell: Places


def ends(cases: Floats, seen: Floats, wrong: Floats, assumption: Assumption) -> tuple[float, float]:
    """The least and most share of all cases in which the option would turn out wrong.

    Args:
        cases: Cases of each kind, shape (kinds,).
        seen: Seen ones of each.
        wrong: Wrong ones of the seen.
        assumption: What is assumed of the unseen.

    Examples:
        >>> one = (np.array([100.0]), np.array([70.0]), np.array([14.0]))
        >>> [round(end, 2) for end in ends(*one, Assumption.NOTHING)]
        [0.14, 0.44]
        >>> [round(end, 2) for end in ends(*one, Assumption.AS_RISKY)]
        [0.2, 0.44]
        >>> [round(end, 2) for end in ends(*one, Assumption.ALIKE)]
        [0.2, 0.2]
    """
    whole, unseen = float(cases.sum()), cases - seen
    known = float(wrong.sum()) / whole
    widest = known + float(unseen.sum()) / whole
    if assumption is Assumption.NOTHING:
        return known, widest
    if assumption is Assumption.AS_RISKY:
        # Kind by kind this asks more than over all; so much as it says is assumed, no more.
        low = float(wrong.sum()) / float(seen.sum()) if float(seen.sum()) else 0.0
        return max(known, low), widest
    odds = TWICE if assumption is Assumption.TWICE_THE_ODDS else 1.0
    share = wrong / np.where(seen > 0, seen, 1.0)
    # Of a kind with nothing seen nothing is known, whatever is assumed of alike cases.
    least = np.where(seen > 0, _by_odds(share, 1 / odds), 0.0)
    most = np.where(seen > 0, _by_odds(share, odds), 1.0)
    return (
        known + float((unseen * least).sum()) / whole,
        known + float((unseen * most).sum()) / whole,
    )


def _by_odds(share: Floats, times: float) -> Floats:
    return share * times / (1 - share + share * times)


def unseen_share(
    sums: Sums, assumption: Assumption, *, population: Population
) -> Estimate | NotEnoughData:
    """The range of the option's share wrong over all cases, widened by what sampling adds.

    Args:
        sums: Cases by person and kind.
        assumption: What is assumed.
        population: LIKE_THESE needs five people.

    Returns:
        The middle of the ends with Imbens-Manski ranges; the middle itself claims nothing.

    Source:
        Manski (1990, 2003); Imbens and Manski (2004); Rosenbaum (2002) for odds.
    """
    wrong, seen = float(sums.wrong.sum()), float(sums.seen.sum())
    fewest = min(wrong, seen - wrong)
    if fewest < LEAST_OF_EITHER:
        return NotEnoughData(LEAST_OF_EITHER, round(fewest), "known outcomes of either kind")
    people = int(sums.person.max()) + 1
    if population is Population.LIKE_THESE and people < LEAST_PEOPLE:
        return NotEnoughData(LEAST_PEOPLE, people, "people")
    kinds = int(sums.cell.max()) + 1
    low, high = _ends_of(sums, np.ones(len(sums.cell), dtype=bool), kinds, assumption)
    groups = sums.person % min(people, MOST_GROUPS)
    count = int(groups.max()) + 1
    if count >= LEAST_PEOPLE:
        left = np.array([_ends_of(sums, groups != one, kinds, assumption) for one in range(count)])
        loads = np.bincount(groups, sums.cases, count).astype(np.float64)
        # Ends of few people vary by Student's t, not by the normal of the range around them.
        wide = [
            t_quantile(0.95, earned(left[:, end], freedom_of(loads))) / t_quantile(0.95, inf)
            for end in (0, 1)
        ]
        errors = wide[0] * jackknife_error(left[:, 0]), wide[1] * jackknife_error(left[:, 1])
    else:
        # The binomial error at one half is no smaller than that of any share.
        errors = (0.5 / seen**0.5, 0.5 / seen**0.5)
    return bounded_estimate(
        Bounds(low, max(low, high), *errors),
        n=round(float(sums.cases.sum())),
        people=people,
        population=population,
    )


def _ends_of(
    sums: Sums, kept: NDArray[np.bool_], kinds: int, assumption: Assumption
) -> tuple[float, float]:
    cell = sums.cell[kept]
    cases, seen, wrong = (
        np.bincount(cell, values[kept], kinds).astype(np.float64)
        for values in (sums.cases, sums.seen, sums.wrong)
    )
    return ends(cases, seen, wrong, assumption)
