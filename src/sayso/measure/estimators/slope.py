"""The calibration slope: how far stated odds must be pulled in, or out, to match events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, NotEnoughData, Population
from sayso.measure.estimators.jackknife import freedom_of, jackknife_error
from sayso.measure.estimators.ranges import refuse, t_estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

EDGE = 0.01
STEPS = 50
# Where stated values part yes from no entirely, no finite slope fits best.
STEEPEST = 15.0
SINGULAR = 1e-8


def slope(
    said: Floats,
    cases: Floats,
    events: Floats,
    people: NDArray[np.intp],
    *,
    population: Population,
) -> Answer:
    """Slope of a logistic recalibration; below 1, the stated odds are too extreme.

    Args:
        said: Stated probability of each row, shape (rows,); cut to 0.01..0.99, since a stated 0
            or 1 has no odds.
        cases: Cases of each row.
        events: Events among them.
        people: Decider of each row, as a number from 0.
        population: THESE takes the model's own error, LIKE_THESE leaves out one decider at a
            time, by one Newton step from the full fit.

    Returns:
        The slope, or what is missing.

    Source:
        Cox (1958), Biometrika 45:562-565.
    """
    p = np.clip(said, EDGE, 1 - EDGE)
    x = np.column_stack([np.ones_like(p), np.log(p / (1 - p))])
    yes = float(events.sum())
    no = float(cases.sum()) - yes
    if min(yes, no) < 10:
        return NotEnoughData(10, round(min(yes, no)), "events of either kind")
    if float(np.ptp(x[:, 1])) == 0:
        return NotEnoughData(2, 1, "different stated values")
    beta = np.zeros(2)
    for _ in range(STEPS):
        score, information = _score(x, cases, events, beta)
        if float(np.linalg.det(information)) < SINGULAR or float(np.abs(beta).max()) > STEEPEST:
            return NotEnoughData(2, 1, "stated values whose events overlap")
        step = np.linalg.solve(information, score.sum(0))
        beta = beta + np.clip(step, -2, 2)
        if float(np.abs(step).max()) < 1e-10:
            break
    score, information = _score(x, cases, events, beta)
    count = int(people.max()) + 1
    loads = np.bincount(people, cases, count).astype(np.float64)
    if population is Population.LIKE_THESE:
        freedom = freedom_of(loads[loads > 0])
        missing = refuse(
            people=int((loads > 0).sum()), freedom=freedom, events=None, non_events=None
        )
        if missing:
            return missing
        error = jackknife_error(_left_out(x, cases, beta, score, information, people)[loads > 0])
    else:
        freedom = float("inf")
        error = float(np.linalg.inv(information)[1, 1]) ** 0.5
    return t_estimate(
        float(beta[1]),
        error,
        freedom,
        n=round(float(cases.sum())),
        people=int((loads > 0).sum()),
        population=population,
    )


def _score(x: Floats, cases: Floats, events: Floats, beta: Floats) -> tuple[Floats, Floats]:
    fit = 1 / (1 + np.exp(-(x @ beta)))
    weight = cases * fit * (1 - fit)
    return x * (events - cases * fit)[:, None], (x * weight[:, None]).T @ x


def _left_out(
    x: Floats,
    cases: Floats,
    beta: Floats,
    score: Floats,
    information: Floats,
    people: NDArray[np.intp],
) -> Floats:
    """The slope without each decider, one Newton step away from the full fit."""
    count = int(people.max()) + 1
    fit = 1 / (1 + np.exp(-(x @ beta)))
    weight = cases * fit * (1 - fit)
    own_score = np.column_stack([np.bincount(people, score[:, k], count) for k in (0, 1)])
    own = np.empty((count, 2, 2))
    for i in (0, 1):
        for j in (0, 1):
            own[:, i, j] = np.bincount(people, weight * x[:, i] * x[:, j], count)
    left = information[None, :, :] - own
    steps = np.linalg.solve(left + 1e-12 * np.eye(2), -own_score[:, :, None])[:, 1, 0]
    return beta[1] + steps
