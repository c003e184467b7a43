"""How far groups of affected people are treated differently, by people who decide for all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from sayso.domain.answer import Estimate, NotEnoughData, Population, Range
from sayso.measure.estimators.gaps import Standardised, root_mean_square_gap
from sayso.measure.estimators.jackknife import earned, freedom_of
from sayso.measure.estimators.ranges import LEAST_PEOPLE, t_estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Treated:
    """Groups of affected people at one mix of alike cases.

    Attributes:
        means: Mean of each group, shape (groups,).
        covariance: Of their distances from their mean, clustered by who decides.
        errors: Standard error of each mean.
        cases: Cases of each group.
        people: Those who decide, over all groups.
        freedom: Their effective number less one.
        freedoms: That of each group's own mean, shape (groups,).
    """

    means: Floats
    covariance: Floats
    errors: Floats
    cases: Floats
    people: int
    freedom: float
    freedoms: Floats


def treated(
    totals: Floats, cases: Floats, people: Places, groups: Places, cells: Places
) -> Treated | NotEnoughData:
    """Every group's mean if it had everybody's mix of alike cases.

    The same people decide for all groups, so somebody who is strict with everyone adds nothing to
    a difference; the errors are clustered by person across groups.

    Args:
        totals: Sum of the choice in each row, shape (rows,).
        cases: Cases of each row, > 0.
        people: Who decides in each row, numbered from 0.
        groups: Group of affected people of each row, from 0.
        cells: Kind of alike case of each row, from 0; all 0 for groups as they are.
    """
    count, kinds, deciders = int(groups.max()) + 1, int(cells.max()) + 1, int(people.max()) + 1
    if deciders < LEAST_PEOPLE:
        return NotEnoughData(LEAST_PEOPLE, deciders, "people")
    if count < 2:
        return NotEnoughData(2, count, "groups that may be shown")
    n, x = np.zeros((count, kinds)), np.zeros((count, kinds))
    np.add.at(n, (groups, cells), cases)
    np.add.at(x, (groups, cells), totals)
    own, total = n.sum(0), float(n.sum())
    mixed = n / own
    information = np.diag(n.sum(1)) - mixed @ n.T
    # Effects are told apart up to a constant, hence one zero eigenvalue and no more.
    values, vectors = np.linalg.eigh(information)
    if int((values > 1e-9 * values.max()).sum()) < count - 1:
        return NotEnoughData(2, 1, "groups with alike cases")
    centre = np.eye(count) - 1 / count
    inverse = centre @ ((vectors[:, 1:] / values[1:]) @ vectors[:, 1:].T) @ centre
    effect = inverse @ (x.sum(1) - mixed @ x.sum(0))
    cell = (x.sum(0) - n.T @ effect) / own
    residual = totals - cases * (effect[groups] + cell[cells])
    shape = (deciders, kinds)
    by_cell = sparse.csr_matrix((residual, (people, cells)), shape=shape)
    by_group = np.zeros((deciders, count))
    np.add.at(by_group, (people, groups), residual)
    scores = by_group - np.asarray(by_cell @ mixed.T, dtype=np.float64)
    small = deciders / (deciders - 1)
    covariance = small * inverse @ (scores.T @ scores) @ inverse
    # A group's own mean also moves with the level of all, which a difference leaves out.
    level = by_group.sum(1, keepdims=True) / total
    own_cases = np.zeros((deciders, count))
    np.add.at(own_cases, (people, groups), cases)
    # Scores grow as they do when a person is left out; else unequal loads cover 91 of 100.
    alone = (scores @ inverse + level) / np.maximum(1 - own_cases / n.sum(1), 1e-9)
    errors = np.sqrt((alone**2).sum(0))
    loads = np.bincount(people, cases, deciders).astype(np.float64)
    return Treated(
        means=float(own @ cell) / total + effect,
        covariance=covariance,
        errors=errors,
        cases=n.sum(1),
        people=deciders,
        freedom=freedom_of(loads),
        freedoms=np.array([earned(own, freedom_of(loads)) for own in alone.T]),
    )


def gap_between(fit: Treated, *, line: float | None) -> Estimate | NotEnoughData:
    """The root mean square difference of two groups, beyond what sampling would show."""
    # The freedom of Q is that of the people, whichever group it is asked of.
    people = [round(fit.freedom) + 1] + [1] * (len(fit.means) - 1)
    made = [
        Standardised(float(m), float(e) ** 2, round(float(c)), k)
        for m, e, c, k in zip(fit.means, fit.errors, fit.cases, people, strict=True)
    ]
    found = root_mean_square_gap(made, line=line, covariance=fit.covariance)
    return replace(found, people=fit.people) if isinstance(found, Estimate) else found


def mean_of_group(fit: Treated, place: int, *, share: bool) -> Estimate:
    """One group's mean, clustered by who decides.

    Args:
        fit: The groups.
        place: Which.
        share: Whether the mean is a share.
    """
    return t_estimate(
        float(fit.means[place]),
        float(fit.errors[place]),
        float(fit.freedoms[place]),
        n=round(float(fit.cases[place])),
        people=fit.people,
        population=Population.LIKE_THESE,
        bounds=Range(0.0, 1.0) if share else None,
    )
