"""Pairs of people on one case: how far two lie apart, and what their differing costs at least."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, NotEnoughData, Population, Range
from sayso.measure.estimators.jackknife import above_zero, freedom_of, jackknife_error
from sayso.measure.estimators.ranges import LEAST_EVENTS, refuse, t_estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]


LEAST_APART = 8


def distance_of_two(
    answers: Floats, cases: Places, people: Places, *, population: Population
) -> Answer:
    """How far two people's answers to one case lie apart, on average over pairs.

    Args:
        answers: Quantities, shape (rows,); one row a case and person.
        cases: Case of each row, from 0.
        people: Person of each row, from 0.
        population: Of whom it speaks.
    """
    several = int(np.unique(people).size)
    if population is Population.LIKE_THESE and several < LEAST_APART:
        # How far levels lie apart is hardly seen in five people: their range held in 89 of 100.
        return NotEnoughData(LEAST_APART, several, "people")
    order = np.lexsort((answers, cases))
    y, case = answers[order], cases[order]
    n = np.bincount(case)[case].astype(np.float64)
    start = np.r_[True, case[1:] != case[:-1]]
    first = np.flatnonzero(start)[np.cumsum(start) - 1]
    below = np.arange(len(y)) - first
    # Sorted within its case, an answer lies above `below` others and under the rest.
    sums = np.cumsum(y)
    before = sums - y - (sums[first] - y[first])
    total = np.bincount(case, y)[case]
    own = (y * below - before) + ((total - before - y) - y * (n - 1 - below))
    return _per_pair(own, n - 1, people[order], population=population)


def cost_of_differing(
    options: Places, stakes: Floats, cases: Places, people: Places, *, population: Population
) -> Answer:
    """What differing costs a case at least, whoever is right.

    Of two people who choose differently at most one is right, so the other's mistake is made;
    it costs no less than the smaller of the two. Half of it falls on each of the two decisions.

    Args:
        options: Choice of each row, from 0; one row a case and person.
        stakes: What that choice costs if it is wrong, shape (rows,); NaN where not known.
        cases: Case of each row, from 0.
        people: Person of each row, from 0.
        population: Of whom it speaks.

    Returns:
        Money a decision, at least 0.
    """
    known = np.isfinite(stakes)
    options, stakes, cases, people = options[known], stakes[known], cases[known], people[known]
    if not len(options):
        return NotEnoughData(1, 0, "choices whose cost is declared")
    wide, many = int(options.max()) + 1, int(cases.max()) + 1
    chosen = np.zeros((many, wide))
    np.add.at(chosen, (cases, options), 1.0)
    cost = np.zeros((many, wide))
    np.add.at(cost, (cases, options), stakes)
    cost = np.where(chosen > 0, cost / np.maximum(chosen, 1), 0.0)
    own = np.zeros(len(options))
    for other in range(wide):
        smaller = np.minimum(stakes, cost[cases, other])
        own += np.where(options != other, chosen[cases, other] * smaller, 0.0)
    others = chosen.sum(1)[cases] - 1
    differing = float((others - (chosen[cases, options] - 1)).sum()) / 2
    return _per_pair(own / 2, others, people, population=population, events=round(differing))


def _per_pair(
    own: Floats,
    others: Floats,
    people: Places,
    *,
    population: Population,
    events: int | None = None,
) -> Answer:
    """A mean over pairs, by leaving out a person with all pairs they are in.

    Args:
        own: Sum over each row's pairs, shape (rows,).
        others: Pairs of each row, shape (rows,).
        people: Person of each row, from 0; a pair never holds one person twice.
        population: Of whom it speaks.
        events: Pairs that count, where ten are needed.
    """
    count = int(people.max()) + 1
    lost, gone = np.bincount(people, own, count), np.bincount(people, others, count)
    loads = np.bincount(people, minlength=count).astype(np.float64)
    paired = gone > 0
    freedom = freedom_of(loads[paired])
    if population is Population.LIKE_THESE:
        missing = refuse(people=int(paired.sum()), freedom=freedom, events=None, non_events=None)
        if missing:
            return missing
    if int(paired.sum()) < 3:
        return NotEnoughData(3, int(paired.sum()), "people who share cases")
    if events is not None and events < LEAST_EVENTS:
        return NotEnoughData(LEAST_EVENTS, events, "pairs who differ")
    # Every pair is counted once with each of its two people.
    total, pairs = float(lost.sum()) / 2, float(gone.sum()) / 2
    left_pairs = pairs - gone[paired]
    if np.any(left_pairs <= 0):
        return NotEnoughData(5, int(paired.sum()), "people who share cases")
    left = (total - lost[paired]) / left_pairs
    found = t_estimate(
        total / pairs,
        jackknife_error(left),
        freedom,
        n=round(float(loads.sum())),
        people=int(paired.sum()),
        population=population,
        bounds=Range(0.0, float("inf")),
    )
    return above_zero(found, left, freedom)
