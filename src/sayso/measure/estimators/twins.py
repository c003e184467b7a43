"""Pairs of alike cases: how many got different answers, counted without looking at a pair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, NotEnoughData, Population, Range
from sayso.measure.estimators.jackknife import earned, freedom_of, jackknife_error
from sayso.measure.estimators.ranges import refuse, t_estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

LEAST_PAIRS = 30


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs at one level, and what is left of them without each decider.

    Attributes:
        differing: Pairs with different answers.
        all_pairs: Pairs.
        differing_lost: Differing pairs that go with each decider, shape (deciders,).
        lost: Pairs that go with each decider, shape (deciders,).
    """

    differing: float
    all_pairs: float
    differing_lost: Floats
    lost: Floats

    def __sub__(self, other: Pairs) -> Pairs:
        return Pairs(
            self.differing - other.differing,
            self.all_pairs - other.all_pairs,
            self.differing_lost - other.differing_lost,
            self.lost - other.lost,
        )


def pairs_within(
    unit: Places, decider: Places, option: Places, cases: Floats, *, deciders: int
) -> Pairs:
    """All pairs of cases in one unit (a cell, a team in a cell, a person in a cell).

    Args:
        unit: Unit of each row, as a number; a unit lies within one cell.
        decider: Decider of each row, as a number below ``deciders``.
        option: Answer of each row, as a number.
        cases: Cases of each row.
        deciders: How many deciders there are.

    Source:
        sum_k n_k^2 counts ordered pairs with one answer, so (n^2 - sum_k n_k^2) / 2 differ.
    """
    options = int(option.max()) + 1 if len(option) else 1
    units = int(unit.max()) + 1 if len(unit) else 1
    by_option = np.bincount(unit * options + option, cases, units * options)
    by_option = by_option.reshape(units, options).astype(float)
    n = by_option.sum(1)
    differing = (n**2 - (by_option**2).sum(1)) / 2
    every = n * (n - 1) / 2
    # The same of each decider alone, and of the unit without them.
    own_place, own = np.unique(unit * deciders + decider, return_inverse=True)
    mine = np.zeros((len(own_place), options))
    np.add.at(mine, (own, option), cases)
    where, who = own_place // deciders, own_place % deciders
    left = by_option[where] - mine
    m = left.sum(1)
    left_differing = (m**2 - (left**2).sum(1)) / 2
    left_every = m * (m - 1) / 2
    return Pairs(
        float(differing.sum()),
        float(every.sum()),
        np.bincount(who, differing[where] - left_differing, deciders).astype(float),
        np.bincount(who, every[where] - left_every, deciders).astype(float),
    )


def share_differing(pairs: Pairs, loads: Floats, *, population: Population) -> Answer:
    """The share of pairs with different answers, by leaving out one decider at a time.

    Args:
        pairs: The pairs.
        loads: Cases of each decider, shape (deciders,).
        population: LIKE_THESE asks for five deciders; THESE is refused, since pairs overlap and
            have no range of their own.
    """
    involved = pairs.lost > 0
    if pairs.all_pairs < LEAST_PAIRS:
        return NotEnoughData(LEAST_PAIRS, round(pairs.all_pairs), "pairs of alike cases")
    # Pairs of one person with themselves grow with the square of their cases.
    freedom = min(freedom_of(loads[involved]), freedom_of(pairs.lost[involved]))
    missing = refuse(
        people=int(involved.sum()),
        freedom=freedom,
        events=round(pairs.differing),
        non_events=round(pairs.all_pairs - pairs.differing),
    )
    if missing:
        return missing
    left = pairs.all_pairs - pairs.lost[involved]
    if np.any(left <= 0):
        return NotEnoughData(5, 1, "people with alike cases")
    values = (pairs.differing - pairs.differing_lost[involved]) / left
    return t_estimate(
        pairs.differing / pairs.all_pairs,
        jackknife_error(values),
        earned(values, freedom),
        n=round(float(loads[involved].sum())),
        people=int(involved.sum()),
        population=population,
        bounds=Range(0.0, 1.0),
    )
