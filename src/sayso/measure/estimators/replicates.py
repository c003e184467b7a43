"""Ranges from replicates that leave out one decider, or one of forty groups of deciders.

For statistics of a fit, whose parts must add up: every part is worked out again without the same
people, so that in each replicate the parts make the whole.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, Estimate, NotEnoughData, Population, Range
from sayso.measure.estimators.jackknife import earned, freedom_of, jackknife_error
from sayso.measure.estimators.ranges import refuse, t_estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

MOST_GROUPS = 40


def groups_of(people: Places, rows: int, population: Population) -> Places:
    """The group each row belongs to: its decider, or one of forty groups of deciders.

    Where the figure speaks of these people and cases only, the groups are of cases.

    Args:
        people: Decider of each row, as a number from 0, shape (rows,).
        rows: How many there are.
        population: Of whom the figure speaks.

    Returns:
        Numbers from 0 without gaps, shape (rows,).

    Source:
        Kott (2001), J. Off. Stat. 17:521-526, the delete-a-group jackknife.
    """
    named = people if population is Population.LIKE_THESE else np.arange(rows)
    return np.unique(named % MOST_GROUPS if len(named) else named, return_inverse=True)[1]


def from_replicates(
    values: Floats,
    group: Places,
    people: Places,
    *,
    population: Population,
    weight: Floats | None = None,
    line: float | None = None,
    bounds: Range | None = None,
    stretched: bool = False,
    wider: float = 1.0,
) -> Answer:
    """An estimate whose range comes from leaving out groups of deciders.

    Args:
        values: The whole value, then without each group, shape (1 + groups,).
        group: Of each row, from ``groups_of``.
        people: Decider of each row, as a number from 0.
        population: Of whom it speaks.
        weight: Cases of each row; 1 where rows are cases.
        line: Smallest value that matters.
        bounds: What the value can be at all.
        stretched: For shares explained, whose spread grows with their size: the range is worked
            out where distances near 0 are stretched, and turned back.
        wider: What the errors are multiplied by, where leaving people out is known to say less
            than it should.

    Returns:
        The value with Student's t ranges, or what is missing.

    Source:
        Efron and Stein (1981); RULINGS 1.
    """
    loads = np.bincount(people, weight).astype(np.float64)
    named, count = int((loads > 0).sum()), float(loads.sum())
    if count < 2 or not np.isfinite(values).all():
        return NotEnoughData(2, round(count))
    freedom = freedom_of(np.bincount(group, weight).astype(np.float64))
    if population is Population.LIKE_THESE:
        freedom = min(freedom, freedom_of(loads[loads > 0]))
        missing = refuse(people=named, freedom=freedom, events=None, non_events=None)
        if missing:
            return missing
    if len(values) < 3:
        return NotEnoughData(2, len(values) - 1, "people")
    used = _stretch(values) if stretched else values
    freedom = earned(used[1:], freedom)
    found = t_estimate(
        float(used[0]),
        wider * jackknife_error(used[1:]),
        freedom,
        n=round(count),
        people=named,
        population=population,
        line=None if stretched else line,
        bounds=None if stretched else bounds,
    )
    return _unstretched(found, float(values[0]), bounds) if stretched else found


# Shares explained by chance alone are of this size in a few hundred cases.
KNEE = 0.01


def _stretch(values: Floats) -> Floats:
    """Square roots of sizes, made straight near 0, signs kept."""
    return np.sign(values) * (np.sqrt(np.abs(values) + KNEE) - KNEE**0.5)


def _unstretched(found: Estimate, value: float, bounds: Range | None) -> Estimate:
    def back(end: float) -> float:
        size = (abs(end) + KNEE**0.5) ** 2 - KNEE
        size = size if end >= 0 else -size
        return size if bounds is None else min(max(size, bounds.low), bounds.high)

    def turned(span: Range) -> Range:
        return Range(min(back(span.low), value), max(back(span.high), value))

    return replace(
        found, value=value, r95=turned(found.r95), r90=turned(found.r90), r50=turned(found.r50)
    )
