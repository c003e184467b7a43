"""In how many cases the choice depends on whose weights count, and whether any does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sayso.align.people_and_cases import (
    LEAST_CASES,
    LEAST_PEOPLE,
    off_diagonal,
    pairs_uncertainty,
    share_estimate,
    times,
    unseen,
)
from sayso.align.round_reading import Decorative, Flips
from sayso.domain.answer import Answer, CannotTell, NotEnoughData
from sayso.measure.estimators.ranges import wilson_estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

# Utilities nearer than this are the same; a point of 100 is 1e-2.
SAME = 1e-9
A_POINT = 0.01
BLOCK = 64

NOT_LIVE = CannotTell(
    "These are the cases of the round, picked to tell views apart, so they say nothing of a month.",
    "Give a table of live cases, and measures that name `choice`.",
)
NO_DATES = CannotTell(
    "The table has no dates, so cases a month are not known.",
    "Name the column that says when a case was decided, under `source` as `decided_at`.",
)


def best_options(utility: Floats) -> Flags:
    """Which options are best, several where they tie, shape as of ``utility`` (..., options)."""
    return utility >= utility.max(-1, keepdims=True) - SAME


def flips(
    expected: Floats,
    weights: Floats,
    considerations: Sequence[str],
    *,
    live: bool,
    cases_a_month: float | None = None,
) -> Flips | NotEnoughData:
    """In how many cases people would choose differently, each by their own weights.

    Two people differ in a case where no option is best for both: a tie is no quarrel. Pairs are of
    two different people, so for people like these it estimates 1 - sum b^2 without bias, where b
    is an option's share of first places.

    Args:
        expected: Expected value of each option on each consideration, worst 0 to best 1, shape
            (cases, options, considerations).
        weights: Each person's weights, >= 0, shape (people, considerations).
        considerations: Their names.
        live: Whether these are live cases, rather than those of the round.
        cases_a_month: Live cases a month; None where there are no dates.

    Returns:
        Shares of cases, or how many people or cases are missing.

    Source:
        MEASURES 1.19: Lahdelma, Hokkanen and Salminen (1998), EJOR 106:137-143.
    """
    people, cases = len(weights), len(expected)
    if people < LEAST_PEOPLE:
        return NotEnoughData(LEAST_PEOPLE, people, "people")
    if cases < LEAST_CASES:
        return NotEnoughData(LEAST_CASES, cases, "cases whose options have values")
    pairs, by_case, anybody = _differing(expected, weights)
    unsure = pairs_uncertainty(pairs, np.ones_like(pairs), by_case)
    if unsure is None:
        raise ValueError("five people always leave four")
    value = off_diagonal(pairs) / (people * (people - 1))
    clusters = min(people, distinct_cases(expected))
    two = share_estimate(value, unsure, n=cases, people=people, clusters=clusters)
    someone = wilson_estimate(int(anybody.sum()), cases, people=people)
    settled = tuple(
        (name, _two(expected, _agreed_on(weights, place)))
        for place, name in enumerate(considerations)
    )
    nearest = min(settled, key=lambda row: row[1], default=None)
    a_month = cases_a_month if live else None
    return Flips(
        live=live,
        two=two,
        anybody=someone,
        two_a_month=_monthly(two, a_month, live=live),
        anybody_a_month=_monthly(someone, a_month, live=live),
        settled=settled,
        most=nearest[0] if nearest is not None and nearest[1] < value - SAME else None,
        cases=cases,
        people=people,
    )


def _monthly(answer: Answer, cases_a_month: float | None, *, live: bool) -> Answer:
    if not live:
        return NOT_LIVE
    return NO_DATES if cases_a_month is None else times(answer, cases_a_month)


def decorative(expected: Floats, weights: Floats, *, live: bool) -> Decorative:
    """Whether people's weights differ, and whether any case depends on it.

    Args:
        expected: As of ``flips``, one case at least.
        weights: As of ``flips``, one person at least.
        live: As of ``flips``.

    Source:
        MEASURES 1.21: disagreement with Flip = 0 is decorative.
    """
    anybody = _differing(expected, weights)[2]
    distinct = distinct_cases(expected)
    flipping = bool(anybody.any())
    return Decorative(
        differ=bool((weights.max(0) - weights.min(0) > A_POINT + SAME).any()),
        flips=flipping,
        cases=len(expected),
        distinct=distinct,
        at_most=None if flipping else unseen(distinct),
        live=live,
    )


def distinct_cases(expected: Floats) -> int:
    """How many cases differ from each other in what options bring."""
    rows = np.round(expected.reshape(len(expected), -1), 9)
    return len(np.unique(rows, axis=0))


def _differing(expected: Floats, weights: Floats) -> tuple[Floats, Floats, Flags]:
    """Share of cases by pair, share of pairs by case, and cases where no option suits everybody."""
    people, cases = len(weights), len(expected)
    pairs = np.zeros((people, people))
    by_case = np.zeros(cases)
    anybody = np.zeros(cases, dtype=np.bool_)
    for start in range(0, cases, BLOCK):
        block = slice(start, start + BLOCK)
        best = best_options(np.einsum("cok,pk->cpo", expected[block], weights))
        suits = best.astype(np.float32)
        apart = (suits @ suits.transpose(0, 2, 1)) == 0
        pairs += apart.sum(0)
        by_case[block] = apart.sum((1, 2)) / max(1, people * (people - 1))
        anybody[block] = ~best.all(1).any(-1)
    return pairs / cases, by_case, anybody


def _two(expected: Floats, weights: Floats) -> float:
    return float(_differing(expected, weights)[1].mean())


def _agreed_on(weights: Floats, place: int) -> Floats:
    """Everybody takes the mean weight of one consideration; their others keep their ratios."""
    totals = weights.sum(1, keepdims=True)
    shares = weights / np.where(totals > 0, totals, 1.0)
    agreed = float(shares[:, place].mean())
    others = np.delete(shares, place, axis=1)
    left = others.sum(1, keepdims=True)
    # Who weighs nothing else says nothing of the others, and takes everybody's view of them.
    common = others.mean(0) / max(float(others.mean(0).sum()), SAME)
    ratios = np.where(left > SAME, others / np.maximum(left, SAME), common)
    return np.insert(ratios * (1 - agreed), place, agreed, axis=1)
