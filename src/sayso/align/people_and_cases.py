"""Ranges for figures that rest on a few people and on some cases at once.

The error over people is a delete-one-person jackknife, that over cases the spread of the cases'
own values; both are added, so what they share is counted twice and the range is on the wide side.
The percentile bootstrap is not used: it covers 77 to 90 % with five to ten people (RULINGS 1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, Estimate, NotEnoughData, Population, Range
from sayso.measure.estimators.jackknife import jackknife_error
from sayso.measure.estimators.ranges import expit, logit, t_estimate, t_quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEAST_PEOPLE = 5
LEAST_CASES = 10
LEAST_PAIRS = 10
NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """How far a figure may be off.

    Attributes:
        error: Standard error, >= 0.
        freedom: Degrees of freedom, >= 1.
    """

    error: float
    freedom: float


def uncertainty(left_people: Floats | None, by_case: Floats | None = None) -> Uncertainty:
    """Error over people and over cases.

    Args:
        left_people: The figure with each person left out, shape (people,); None where people
            take no part.
        by_case: Each case's own value, whose mean is the figure, shape (cases,); None where the
            figure speaks of these cases only.

    Source:
        Degrees of freedom by Satterthwaite (1946), Biometrics Bull. 2:110-114.
    """
    parts: list[tuple[float, int]] = []
    if left_people is not None:
        parts.append((jackknife_error(left_people) ** 2, len(left_people) - 1))
    if by_case is not None:
        parts.append((float(by_case.var(ddof=1)) / len(by_case), len(by_case) - 1))
    return added(parts)


def added(parts: list[tuple[float, int]]) -> Uncertainty:
    """Variances added, each with its degrees of freedom."""
    total = sum(variance for variance, _ in parts)
    # Sums that should cancel leave about 1e-34; no range is made of that.
    if total < NOTHING**2:
        return Uncertainty(0.0, float(max(1, min(freedom for _, freedom in parts))))
    shares = sum(variance**2 / max(1, freedom) for variance, freedom in parts)
    return Uncertainty(float(np.sqrt(total)), max(1.0, total**2 / shares))


def share_estimate(
    value: float, unsure: Uncertainty, *, n: int, people: int, clusters: int
) -> Estimate:
    """A share for people like these, on the logit scale.

    Args:
        value: The share, 0..1.
        unsure: Its uncertainty.
        n: Cases, or pairs, counted.
        people: People behind it.
        clusters: How many times, at the least, it was independently seen; where the share is 0 or
            1 the range is that of an event not seen once in so many.
    """

    def around(level: float) -> Range:
        if value <= NOTHING:
            return Range(0.0, unseen(clusters, level))
        if value >= 1 - NOTHING:
            return Range(1 - unseen(clusters, level), 1.0)
        reach = t_quantile(level, unsure.freedom) * unsure.error / (value * (1 - value))
        centre = logit(value)
        return Range(
            min(value, expit(max(-700.0, centre - reach))),
            max(value, expit(min(700.0, centre + reach))),
        )

    return Estimate(
        value=min(1.0, max(0.0, value)),
        r95=_holding(around(0.95), value),
        r90=_holding(around(0.90), value),
        r50=_holding(around(0.50), value),
        n=n,
        people=people,
        population=Population.LIKE_THESE,
    )


def _holding(found: Range, value: float) -> Range:
    held = min(1.0, max(0.0, value))
    return Range(min(found.low, held), max(found.high, held))


def unseen(clusters: int, level: float = 0.95) -> float:
    """The most a share can be, at the level, of what was not seen once in so many.

    Examples:
        >>> round(unseen(60), 3)
        0.049

    Source:
        The exact form of the rule of three: Hanley and Lippman-Hand (1983), JAMA 249:1743-1745.
    """
    return 1 - (1 - level) ** (1 / max(1, clusters))


def value_estimate(
    value: float,
    unsure: Uncertainty,
    *,
    n: int,
    people: int,
    low: float = -inf,
    high: float = inf,
) -> Estimate:
    """A figure for people like these, on its own scale.

    Args:
        value: Best estimate.
        unsure: Its uncertainty.
        n: Cases counted.
        people: People behind it.
        low: The least it can be at all.
        high: The most it can be at all.
    """
    return t_estimate(
        value,
        unsure.error,
        unsure.freedom,
        n=n,
        people=people,
        population=Population.LIKE_THESE,
        bounds=Range(low, high),
    )


def skewed(centre: float, unsure: Uncertainty, steps: float) -> float:
    """Where a value >= 0 lies so many standard errors off, on the scale of its cube root.

    Worth that rests on how far a few people are apart is spread like a sum of squares: to one
    side. On the raw scale its 95 % range held in 78 to 88 % with five people, on this in 91 to 96
    (simulated in ``tests/align/test_help_most.py``). Where the error is larger than the value, it
    ends at twice the raw way.

    Args:
        centre: Best estimate; at 0 or below the raw scale is used.
        unsure: Its uncertainty.
        steps: Quantile of Student's t, of either sign.

    Source:
        Wilson and Hilferty (1931), PNAS 17:684-688.
    """
    reach = steps * unsure.error
    if centre <= 0:
        return max(0.0, centre + reach)
    root = max(0.0, 1 + reach / (3 * centre))
    found = centre * root**3
    return min(found, centre + 2 * reach) if steps > 0 else found


def worth_estimate(
    value: float, unsure: Uncertainty, *, n: int, people: int, scaled: float = 1.0
) -> Estimate:
    """A value >= 0 for people like these, its range by ``skewed``.

    Args:
        value: Best estimate, >= 0.
        unsure: Its uncertainty.
        n: Cases counted.
        people: People behind it.
        scaled: What the centre of the range is scaled by: n / (n - 1) where these people meet
            themselves in pairs, as others would not.
    """
    wide = Uncertainty(unsure.error * scaled, unsure.freedom)

    def around(level: float) -> Range:
        steps = t_quantile(level, unsure.freedom)
        return Range(
            min(value, skewed(value * scaled, wide, -steps)),
            max(value, skewed(value * scaled, wide, steps)),
        )

    return Estimate(
        value=value,
        r95=around(0.95),
        r90=around(0.90),
        r50=around(0.50),
        n=n,
        people=people,
        population=Population.LIKE_THESE,
    )


def pairs_share(counted: Floats, of: Floats, *, least: int = LEAST_PAIRS) -> Answer:
    """A share of pairs of people, pooled over cases, for people like these in these cases.

    Args:
        counted: Times that count for each pair, symmetric, shape (people, people); the diagonal
            is not read.
        of: Times looked at for each pair, likewise.
        least: Fewest times looked at for a share.

    Returns:
        The share, or what is missing.

    Source:
        A U-statistic of degree two; its jackknife misses the pairs' own spread where leaving a
        person out changes nothing (3 against 3), so that is added: Hoeffding (1948), Ann. Math.
        Stat. 19:293-325.
    """
    people = pairs_people(of)
    if people < LEAST_PEOPLE:
        return NotEnoughData(LEAST_PEOPLE, people, "people")
    times = round(off_diagonal(of) / 2)
    if times < least:
        return NotEnoughData(least, times, "times that two people can be compared")
    unsure = pairs_uncertainty(counted, of)
    if unsure is None:
        return NotEnoughData(people + 1, people, "people who can be compared")
    value = off_diagonal(counted) / off_diagonal(of)
    return share_estimate(value, unsure, n=times, people=people, clusters=people)


def pairs_people(of: Floats) -> int:
    """People who can be compared with anybody."""
    return int(((of.sum(1) - np.diag(of)) > 0).sum())


def off_diagonal(matrix: Floats) -> float:
    """Sum over ordered pairs of two different people."""
    return float(matrix.sum() - np.trace(matrix))


def pairs_uncertainty(
    counted: Floats, of: Floats, by_case: Floats | None = None
) -> Uncertainty | None:
    """Uncertainty of a share of pairs; None where it hangs on one person.

    Args:
        counted: As of ``pairs_share``.
        of: As of ``pairs_share``.
        by_case: Each case's share of pairs, where it speaks of cases like these too.
    """
    used = (of.sum(1) - np.diag(of)) > 0
    counted, of = counted[np.ix_(used, used)], of[np.ix_(used, used)]
    whole, top = off_diagonal(of), off_diagonal(counted)
    rows, tops = of.sum(1) - np.diag(of), counted.sum(1) - np.diag(counted)
    left = whole - 2 * rows
    if np.any(left <= 0):
        return None
    people = len(of)
    value = top / whole
    residual = counted - value * of
    own = (off_diagonal(residual**2) / 2) / (whole / 2) ** 2
    spread = jackknife_error((top - 2 * tops) / left) ** 2 + own
    parts = [(spread, people - 1)]
    if by_case is not None:
        parts.append((float(by_case.var(ddof=1)) / len(by_case), len(by_case) - 1))
    return added(parts)


def times(answer: Answer, factor: float) -> Answer:
    """The same answer in a unit ``factor`` times as fine, such as cases a month; factor > 0."""
    if not isinstance(answer, Estimate):
        return answer

    def scaled(found: Range) -> Range:
        return Range(found.low * factor, found.high * factor)

    return replace(
        answer,
        value=answer.value * factor,
        r95=scaled(answer.r95),
        r90=scaled(answer.r90),
        r50=scaled(answer.r50),
    )
