"""How often alike cases would be decided differently only because of what tells them apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, NotEnoughData, Population, Range
from sayso.measure.estimators.jackknife import jackknife_error
from sayso.measure.estimators.ranges import t_estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

LEAST_FOLDS = 5
MOST_FOLDS = 10
LEAST_PAIRS = 30


@dataclass(frozen=True, slots=True)
class Forced:
    """Shares of all pairs of alike cases, whoever decided them.

    Attributes:
        forced: Pairs that differ at least, if everybody held to one policy over what was recorded.
        excess: Pairs that differ beyond that.
    """

    forced: Answer
    excess: Answer


def forced(
    part: Places, cell: Places, answer: Places, fold: Places, cases: Floats, *, people: int
) -> Forced:
    """The least share of differing pairs that recorded differences force, and the rest.

    Two cases with choice rates p and p' under one policy differ in at least TV(p, p') of all
    draws. Rates come from few cases each, so |p - p'| of estimates is large by chance alone; the
    sign is therefore taken from one half of the people and the distance from the other.

    Args:
        part: Finer kind of case of each row, from 0; each lies within one cell.
        cell: Kind of alike cases of each row, from 0.
        answer: Choice of each row, from 0.
        fold: Group of people of each row, 0..folds-1; every fold is left out once for the range.
        cases: Cases of each row, > 0.
        people: How many people there are.

    Source:
        RULINGS 11: excess = flip - mean |p(x) - p(x')|, cross-fitted.
    """
    folds, options = int(fold.max()) + 1, int(answer.max()) + 1
    parts = int(part.max()) + 1
    home = np.zeros(parts, dtype=np.intp)
    home[part] = cell
    counts = np.zeros((folds, parts, options))
    np.add.at(counts, (fold, part, answer), cases)
    pairs = _all_pairs(counts.sum(0), home)
    if pairs < LEAST_PAIRS:
        missing = NotEnoughData(LEAST_PAIRS, round(pairs), "pairs of alike cases")
        return Forced(missing, missing)
    if folds < LEAST_FOLDS:
        few = NotEnoughData(LEAST_FOLDS, folds, "people")
        return Forced(few, few)
    whole = _shares(counts, home)
    left = np.array([_shares(np.delete(counts, out, axis=0), home) for out in range(folds)])

    def around(place: int) -> Answer:
        return t_estimate(
            float(whole[place]),
            jackknife_error(left[:, place]),
            folds - 1,
            n=round(float(cases.sum())),
            people=people,
            population=Population.LIKE_THESE,
            bounds=Range(0.0, 1.0),
        )

    return Forced(around(0), around(1))


def _shares(counts: Floats, home: Places) -> tuple[float, float]:
    """Forced and excess shares of all pairs."""
    everyone = counts.sum(0)
    pairs = _all_pairs(everyone, home)
    if pairs <= 0:
        return 0.0, 0.0
    by_cell = np.zeros((int(home.max()) + 1, everyone.shape[1]))
    np.add.at(by_cell, home, everyone)
    n = by_cell.sum(1)
    differing = float((n**2 - (by_cell**2).sum(1)).sum()) / 2
    halves = counts[0::2].sum(0), counts[1::2].sum(0)
    swapped = (_distance(*halves, home), _distance(halves[1], halves[0], home))
    least = min(max(0.0, sum(swapped) / 2), differing)
    return least / pairs, (differing - least) / pairs


def _all_pairs(everyone: Floats, home: Places) -> float:
    n = np.bincount(home, everyone.sum(1))
    return float((n * (n - 1)).sum()) / 2


def _distance(sign: Floats, size: Floats, home: Places) -> float:
    """Sum over pairs of cases of TV(p, p'), ordered by one half's rates, measured by the other's.

    Sorted by the first half's rate, a part of n cases stands above `under` cases and below
    `over`, so the sum over pairs is linear: n p (under - over).
    """
    n = sign.sum(1) + size.sum(1)
    known = (sign.sum(1) > 0) & (size.sum(1) > 0)
    if not known.any():
        return 0.0
    weight, cell = n[known], home[known]
    rates = [x[known] / x[known].sum(1, keepdims=True) for x in (sign, size)]
    # With two options both say the same, so one is enough.
    options = range(1) if sign.shape[1] <= 2 else range(sign.shape[1])
    total = 0.0
    for option in options:
        first, second = rates[0][:, option], rates[1][:, option]
        order = np.lexsort((first, cell))
        w, c, f = weight[order], cell[order], first[order]
        # Ties in the first half say nothing about the sign: they stand at one place.
        new = np.r_[True, (c[1:] != c[:-1]) | (f[1:] != f[:-1])]
        place = np.cumsum(new) - 1
        tied = np.bincount(place, w)
        in_cell = c[new]
        of_cell = np.bincount(c, w)[in_cell]
        start = np.r_[True, in_cell[1:] != in_cell[:-1]]
        before = np.cumsum(tied) - tied
        under = before - before[start][np.cumsum(start) - 1]
        over = of_cell - under - tied
        total += float((w * second[order] * (under - over)[place]).sum())
    return total if len(options) == 1 else total / 2
