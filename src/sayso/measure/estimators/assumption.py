"""Does something that was taken to be true still hold?"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from scipy import special

from sayso.domain.answer import Answer, CannotTell, Estimate, NotEnoughData, Range
from sayso.domain.evidence import Word
from sayso.measure.estimators.ranges import logit, t_quantile
from sayso.measure.estimators.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Sequence

LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Judged:
    """Where an assumption stands.

    Attributes:
        standing: The state.
        since: Place of the first period in which it stopped holding; None where it did not, or
            where only all cases together say so.
        p_value: Of "it holds", over every look that was taken; 1 where it was not tested.
    """

    standing: Standing
    since: int | None = None
    p_value: float = 1.0


def judge_assumption(
    whole: Answer, means: Sequence[float], from_then: Sequence[Answer], holds: Range
) -> Judged:
    """Compare where a check stands with the range in which it is assumed to lie.

    It stopped holding in the first period from which on every period's value lies outside, on
    one side, if the cases from then on, taken together, lie outside by more than chance. Each of
    the periods could have been that first one, so the evidence is held to 5 % over all of these
    looks and the one at all cases (Bonferroni); a single odd month is not enough.

    Args:
        whole: The check over all cases.
        means: Its value in each period, in order; empty without dates.
        from_then: The check over the cases of that period and all later ones.
        holds: Where it is assumed to lie, in its own unit.

    Returns:
        *Holds* where the 95 % range over all cases lies inside and the latest period's value
        too; *near its line* where neither that nor its opposite can be said.
    """
    if not isinstance(whole, Estimate):
        return Judged(Standing.NOT_TESTED)
    looks = len(means) + 1
    first = _run_outside(means, holds)
    if first is not None:
        p_value = min(1.0, looks * p_outside(from_then[first], holds))
        if p_value < LEVEL:
            return Judged(Standing.NO_LONGER, first, p_value)
    still = not means or first is not None
    p_value = min(1.0, looks * p_outside(whole, holds))
    if still and p_value < LEVEL:
        return Judged(Standing.NO_LONGER, None, p_value)
    inside = holds.low <= whole.low and whole.high <= holds.high
    if inside and first is None:
        return Judged(Standing.HOLDS, None, p_value)
    return Judged(Standing.NEAR, None, p_value)


def word_of(judged: Judged, answer: Answer) -> Word:
    """The evidence word of the distance between what is and what is assumed.

    Args:
        judged: Where the assumption stands.
        answer: What the check says.
    """
    match answer:
        case CannotTell():
            return Word.CANNOT_TELL
        case NotEnoughData():
            return Word.NOT_YET
        case Estimate():
            pass
    if judged.standing is Standing.NO_LONGER:
        return Word.CLEAR
    return Word.TOO_SMALL if judged.standing is Standing.HOLDS else Word.EITHER


def p_outside(answer: Answer, holds: Range) -> float:
    """Two-sided p-value of "the value lies in the range assumed"; 1 where it does, or is unknown.

    Read back from the answer's own ranges: of its 95 % range, the half towards the edge is so
    many standard errors long.

    Args:
        answer: What the check says.
        holds: The range assumed.

    Examples:
        >>> from sayso.domain.answer import Population
        >>> one = Estimate(value=0.5, r95=Range(0.4, 0.6), r90=Range(0.42, 0.58),
        ...     r50=Range(0.47, 0.53), n=96, people=0, population=Population.THESE)
        >>> round(p_outside(one, Range(0.0, 0.4)), 3), p_outside(one, Range(0.4, 0.6))
        (0.05, 1.0)
    """
    if not isinstance(answer, Estimate) or holds.contains(answer.value):
        return 1.0
    below = answer.value < holds.low
    edge = holds.low if below else holds.high
    end95, end90 = (answer.high, answer.r90.high) if below else (answer.low, answer.r90.low)
    value, edge, end95, end90 = (_scaled(x, answer) for x in (answer.value, edge, end95, end90))
    reach = abs(end95 - value)
    if reach == 0:
        return 0.0
    # Few deciders have thick tails: the 90 % half beside the 95 % half says how thick.
    freedom = _freedom(abs(end90 - value) / reach)
    ratio = abs(edge - value) / reach * t_quantile(1 - LEVEL, freedom)
    tail = special.stdtr(freedom, -ratio) if isfinite(freedom) else special.ndtr(-ratio)
    return min(1.0, 2 * float(tail))


def _scaled(value: float, answer: Estimate) -> float:
    """A share on the scale on which its range is even."""
    if answer.events is None:
        return value
    return logit(min(max(value, 1e-9), 1 - 1e-9))


def _freedom(share: float) -> float:
    """Degrees of freedom at which the 90 % half is that share of the 95 % half; infinite at most."""
    for freedom in (3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 14.0, 20.0, 30.0, 60.0):
        if t_quantile(0.9, freedom) / t_quantile(0.95, freedom) >= share - 1e-3:
            return freedom
    return float("inf")


def _run_outside(means: Sequence[float], holds: Range) -> int | None:
    """The first period from which on every value lies outside, on the side of the latest."""
    if not means or holds.contains(means[-1]):
        return None
    below = means[-1] < holds.low
    first = len(means) - 1
    while first > 0 and (means[first - 1] < holds.low if below else means[first - 1] > holds.high):
        first -= 1
    return first
